//! The planner's goal of what was typed.

use super::Reading;
use whichcard::plan::{Goal, RigLimits};
use whichcard::request::{MoneyRequest, RecipeRequest};

impl Reading {
    /// The job within limits of a rig. The recipe is left to the planner: what a visitor set for another setup is not meant here;
    /// nor are the price and the rent of one card those of every card.
    pub fn goal(&self, rig: RigLimits) -> Goal {
        Goal {
            model: self.request.model.clone(),
            job: self.request.job.clone(),
            methods: Vec::new(),
            recipe: RecipeRequest::default(),
            rig,
            money: MoneyRequest { card_price: None, rent_per_hour: None, ..self.request.money.clone() },
            objective: self.limits.objective,
        }
    }
}
