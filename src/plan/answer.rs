//! What the planner answers with.

use super::code::ReasonCode;
use super::combine::steps;
use super::goal::{CardChoices, Goal, Objective};
use super::menu::Rung;
use super::reason::{Fact, Reason};
use super::search::Comfort;
use crate::card::Card;
use crate::estimate::{Cost, Energy, Figures, Memory, PricedAmount, Time, UnitCost, Verdict};
use crate::request::resolve;
use crate::request::{CardChoice, RecipeRequest, Request, RigRequest, Setup};
use crate::units::{Bytes, Money, Seconds};
use std::sync::Arc;

/// A rig with the best recipe found for it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What was asked.
    pub(super) goal: Arc<Goal>,
    /// Model, job, complete recipe and rig: everything [`crate::estimate`] needs.
    pub setup: Setup,
    /// Memory, time, energy.
    pub figures: Figures,
    /// Money; `buy` follows the condition (new, used) that was asked for.
    pub cost: Cost,
    /// Cost of this one job: rent, or electricity and the job's share of the cards' life, whichever is lower.
    pub job_cost: Option<Money>,
    /// How comfortably it runs.
    pub comfort: Comfort,
    /// How comfortably the rig does the job without main memory, by this recipe in the smallest passes.
    pub(super) alone: Comfort,
    /// How many compromises on the result it makes (number formats, 8-bit optimizer): 0 is the reference recipe.
    pub compromises: u8,
    /// It takes longer than people usually wait for such a job, and the goal has no deadline.
    pub late: bool,
    /// How far the recipe leaves the ordinary.
    pub(super) rung: Rung,
    /// Its price leaves out part of the machine, or main memory: no other's can be weighed against it.
    pub(super) apart: bool,
    /// Fewer of the same card do the job as well.
    pub(super) adds_nothing: bool,
    /// Why it is where it is, the weightiest first.
    pub reasons: Vec<Reason>,
}

/// A rig that is no answer.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// The card.
    pub card: Arc<Card>,
    /// How many; the smallest number tried where the reason is the same for every number.
    pub count: u32,
    /// Why not.
    pub reason: Reason,
    /// Least memory per card of any recipe, with its parts, where memory is the reason.
    pub least: Option<Box<Memory>>,
}

/// What one rig can do for a goal.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It does the job.
    Planned(Box<Plan>),
    /// It does not.
    Rejected(Rejected),
}

/// All rigs for a goal.
#[derive(Clone, Debug, Default, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Advice {
    /// Rigs that do the job, best first.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<super::written::Plan<'static>>"))]
    pub ranked: Vec<Plan>,
    /// Rigs that do not, in catalogue order.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<super::written::Rejected<'static>>"))]
    pub rejected: Vec<Rejected>,
    /// Positions in `ranked` of the plans that no other beats in both money and time, cheapest first: of those whose price buys
    /// what it takes.
    pub pareto: Vec<usize>,
    /// How many cards do the job, and how.
    pub summary: Summary,
    /// How long people usually wait for such a job: what takes longer ranks behind. `None` where the goal has a deadline.
    pub patience: Option<Seconds>,
    /// What is to be said about the whole list: how many cards do the job, and how long a wait was taken as usual.
    pub notes: Vec<Reason>,
}

/// How many cards do a job, each counted once, by the most comfortable way any number of it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Surely in its own memory.
    pub fits: usize,
    /// Probably in its own memory.
    pub tight: usize,
    /// With part of the model or its optimizer in host memory.
    pub offloaded: usize,
}

impl Summary {
    /// Counts plans.
    pub(super) fn of(plans: &[Plan]) -> Self {
        // Described cards share an id.
        let mut best: std::collections::BTreeMap<(&str, &str), Comfort> = std::collections::BTreeMap::new();
        for plan in plans {
            let card = &plan.setup.rig.card;
            let comfort = best.entry((&card.id, &card.name)).or_insert(plan.alone);
            *comfort = (*comfort).min(plan.alone);
        }
        let count = |wanted| best.values().filter(|comfort| **comfort == wanted).count();
        Self { fits: count(Comfort::Fits), tight: count(Comfort::Tight), offloaded: count(Comfort::Offloaded) }
    }
}

impl Advice {
    /// What is to be said about the whole list.
    pub(super) fn noted(&self, objective: Objective) -> Vec<Reason> {
        let count = |count: usize| Fact::Count(u64::try_from(count).unwrap_or(u64::MAX));
        let Summary { fits, tight, offloaded } = self.summary;
        let unknown = self.unpriced();
        let code = match (fits + tight, offloaded) {
            (0, 0) if unknown > 0 => ReasonCode::SummaryUnpriced,
            (0, 0) => ReasonCode::SummaryNone,
            (0, _) => ReasonCode::SummaryOffloadOnly,
            (_, 0) => ReasonCode::SummaryCards,
            _ => ReasonCode::SummaryBoth,
        };
        let mut notes = vec![
            Reason::new(code)
                .with("n", count(if code == ReasonCode::SummaryUnpriced { unknown } else { fits + tight }))
                .with("more", count(offloaded)),
        ];
        notes.extend(self.patience.map(|wait| Reason::new(ReasonCode::Patience).with("limit", Fact::Time(wait))));
        notes.extend(self.months().into_iter().chain(self.stale_rates()).filter(|_| objective.aim().needs_money));
        notes
    }

    /// That prices are converted at rates that are out of date.
    fn stale_rates(&self) -> Option<Reason> {
        let costs = self.ranked.iter().map(|plan| &plan.cost);
        let mut amounts = costs.flat_map(|cost| [&cost.buy, &cost.rent, &cost.electricity]).flatten();
        let date = amounts.find(|amount| amount.stale_rate)?.rate_date.clone()?;
        Some(Reason::new(ReasonCode::StaleRates).with("date", Fact::Name(date)))
    }

    /// Cards that are left out for nothing but that a price is not known.
    fn unpriced(&self) -> usize {
        let unknown = self.rejected.iter().filter(|one| matches!(one.reason.code, ReasonCode::Unpriced | ReasonCode::Uncosted));
        unknown.map(|one| (&one.card.id, &one.card.name)).collect::<std::collections::BTreeSet<_>>().len()
    }

    /// From when to when the prices were read that plans are held against each other by; none where all are of one month.
    fn months(&self) -> Option<Reason> {
        let prices = self.ranked.iter().filter(|plan| !plan.has_stale_price()).filter_map(Plan::price);
        let months: Vec<&str> = prices.filter_map(|price| price.date.get(..7)).collect();
        let (from, to) = months.iter().min().zip(months.iter().max())?;
        let name = |month: &str| Fact::Name(month.to_owned());
        (from != to).then(|| Reason::new(ReasonCode::PriceMonths).with("from", name(from)).with("to", name(to)))
    }
}

impl Plan {
    /// Time of the job.
    #[must_use]
    pub const fn time(&self) -> &Time {
        &self.figures.time
    }

    /// Energy of the job.
    #[must_use]
    pub const fn energy(&self) -> &Energy {
        &self.figures.energy
    }

    /// What the cards cost to buy, where a price is known.
    #[must_use]
    pub const fn price(&self) -> Option<&PricedAmount> {
        self.cost.buy.as_ref()
    }

    /// What one unit of what it serves costs, where it serves: the cost of the job in the unit that serving is paid by.
    #[must_use]
    pub fn unit_cost(&self) -> Option<UnitCost> {
        Some(self.cost.serving?.of_job(self.job_cost?))
    }

    /// Whether time and money may be weighed against each other's: it does not merely perhaps fit, and somebody sells at its price
    /// what it takes to do the job.
    #[must_use]
    pub const fn is_dependable(&self) -> bool {
        matches!(self.figures.memory.verdict, Verdict::Fits) && !self.has_stale_price() && !self.apart
    }

    /// Whether the price of the cards is one that nobody can buy at today.
    #[must_use]
    pub const fn has_stale_price(&self) -> bool {
        match &self.cost.buy {
            Some(price) => price.stale,
            None => false,
        }
    }

    /// Main memory that the job takes beside the cards.
    #[must_use]
    pub const fn host_memory(&self) -> Bytes {
        self.figures.memory.host
    }

    /// The recipe as a request would write it, without the settings that its job and model do not have.
    #[must_use]
    pub fn recipe(&self) -> RecipeRequest {
        RecipeRequest::relevant(&self.setup)
    }

    /// What the planner chose otherwise than a request that leaves the whole recipe open.
    #[must_use]
    pub fn against_default(&self) -> Vec<Reason> {
        let mut usual = self.setup.clone();
        let open = RecipeRequest::default();
        let Ok(recipe) = resolve::recipe(&open, usual.job.kind, &usual.model, &usual.rig) else { return Vec::new() };
        usual.recipe = recipe;
        steps(&usual, &self.setup).into_iter().map(|step| step.what).collect()
    }

    /// The request that asks for exactly this plan.
    #[must_use]
    pub fn request(&self) -> Request {
        let (goal, card) = (&self.goal, &self.setup.rig.card);
        let choices = goal.rig.card.as_ref().map(CardChoices::as_slice).unwrap_or_default();
        let chosen = choices.iter().find(|choice| choice.is(card)).cloned();
        let asked = Request {
            model: goal.model.clone(),
            job: goal.job.clone(),
            recipe: goal.recipe.clone(),
            rig: RigRequest {
                card: chosen.unwrap_or_else(|| CardChoice::Id(card.id.clone())),
                count: None,
                machine: goal.rig.machine,
            },
            money: goal.money.clone(),
        };
        asked.changed_to(&self.setup)
    }
}
