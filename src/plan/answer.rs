//! What the planner answers with.

use super::menu::Rung;
use super::reason::Reason;
use super::search::Comfort;
use crate::card::Card;
use crate::estimate::{Cost, Energy, Figures, Memory, PricedAmount, Time};
use crate::request::{CardChoice, Keyword, RecipeRequest, Request, RigRequest, Setup};
use crate::units::{Money, real};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use std::sync::Arc;

/// A rig with the best recipe found for it.
#[derive(Clone, Debug)]
pub struct Plan {
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
    /// How many compromises on the result it makes (number formats, 8-bit optimizer): 0 is the reference recipe.
    pub compromises: u8,
    /// How far the recipe leaves the ordinary.
    pub(super) rung: Rung,
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
pub struct Advice {
    /// Rigs that do the job, best first.
    pub ranked: Vec<Plan>,
    /// Rigs that do not, in catalogue order.
    pub rejected: Vec<Rejected>,
    /// Positions in `ranked` of the plans that no other beats in both money and time, cheapest first.
    pub pareto: Vec<usize>,
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

    /// The recipe as a request would write it.
    #[must_use]
    pub fn recipe(&self) -> RecipeRequest {
        RecipeRequest::from(&self.setup.recipe)
    }

    /// The request that asks for exactly this plan of the goal it answers.
    #[must_use]
    pub fn request(&self, goal: &super::Goal) -> Request {
        let rig = &self.setup.rig;
        let written = |card: &Card| {
            let choices = goal.rig.card.as_ref().map(super::CardChoices::as_slice).unwrap_or_default();
            let described = choices.iter().find(|choice| matches!(choice, CardChoice::Custom(_)));
            match described {
                Some(choice) if card.id == "custom" => choice.clone(),
                _ => CardChoice::Id(card.id.clone()),
            }
        };
        let mut job = goal.job.clone();
        job.kind = self.setup.job.kind;
        if self.setup.trains() {
            job.global_batch = Some(real(self.setup.job.global_batch));
        }
        Request {
            model: goal.model.clone(),
            job,
            recipe: self.recipe(),
            rig: RigRequest {
                card: written(&rig.card),
                count: Some(f64::from(rig.count)),
                link: goal.rig.link,
                reserved_bytes: goal.rig.reserved_bytes,
                power_limit_watts: goal.rig.power_limit_watts,
            },
            money: goal.money.clone(),
        }
    }
}

/// A rig in an answer.
#[derive(serde::Serialize)]
struct RigOut<'a> {
    card: &'a str,
    name: &'a str,
    count: u32,
}

impl<'a> RigOut<'a> {
    fn new(card: &'a Card, count: u32) -> Self {
        Self { card: &card.id, name: &card.name, count }
    }
}

/// The figures of a plan in the shape of an estimate; warnings and working come with the plan's own request.
struct FiguresOut<'a> {
    figures: &'a Figures,
    cost: &'a Cost,
}

impl Serialize for FiguresOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Estimate", 5)?;
        out.serialize_field("memory", &self.figures.memory)?;
        out.serialize_field("time", &self.figures.time)?;
        out.serialize_field("energy", &self.figures.energy)?;
        out.serialize_field("cost", self.cost)?;
        out.serialize_field("confidence", &self.figures.confidence)?;
        out.end()
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Plan", 8)?;
        out.serialize_field("rig", &RigOut::new(&self.setup.rig.card, self.setup.rig.count))?;
        out.serialize_field("method", self.setup.job.kind.name())?;
        out.serialize_field("recipe", &self.recipe())?;
        out.serialize_field("comfort", &self.comfort)?;
        out.serialize_field("compromises", &self.compromises)?;
        out.serialize_field("estimate", &FiguresOut { figures: &self.figures, cost: &self.cost })?;
        out.serialize_field("jobCost", &self.job_cost)?;
        out.serialize_field("reasons", &self.reasons)?;
        out.end()
    }
}

impl Serialize for Rejected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Rejected", 3)?;
        out.serialize_field("rig", &RigOut::new(&self.card, self.count))?;
        out.serialize_field("rejectedBecause", &self.reason)?;
        out.serialize_field("leastMemory", &self.least.as_ref().map(|memory| memory.total))?;
        out.end()
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Planned(plan) => plan.serialize(serializer),
            Self::Rejected(rejected) => rejected.serialize(serializer),
        }
    }
}
