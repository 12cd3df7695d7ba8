//! What the planner answers with.

use super::menu::Rung;
use super::reason::Reason;
use super::search::Comfort;
use crate::card::Card;
use crate::estimate::{Cost, Energy, Figures, Memory, PricedAmount, Time};
use crate::request::{CardChoice, RecipeRequest, Request, RigRequest, Setup};
use crate::units::{Money, real};
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Advice {
    /// Rigs that do the job, best first.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<super::written::Plan<'static>>"))]
    pub ranked: Vec<Plan>,
    /// Rigs that do not, in catalogue order.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<super::written::Rejected<'static>>"))]
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
