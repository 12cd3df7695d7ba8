//! A column of the comparison.

use crate::context::Env;
use crate::views::compared::Entry;
use whichcard::card::Card;
use whichcard::plan::Outcome;
use whichcard::request::Setup;

/// What is compared, its job in words where it brings its own, and what becomes of it.
pub struct Column {
    pub entry: Entry,
    pub words: String,
    pub outcome: Outcome,
}

impl Column {
    pub fn card(&self) -> &Card {
        match &self.outcome {
            Outcome::Planned(plan) => &plan.setup.rig.card,
            Outcome::Rejected(rejected) => &rejected.card,
        }
    }

    pub const fn count(&self) -> u32 {
        match &self.outcome {
            Outcome::Planned(plan) => plan.setup.rig.count,
            Outcome::Rejected(rejected) => rejected.count,
        }
    }

    /// What is asked of it, which holds also where it does not fit.
    pub fn asked(&self, env: &Env) -> Option<Setup> {
        match (&self.outcome, &self.entry) {
            (Outcome::Planned(plan), _) => Some(plan.setup.clone()),
            (Outcome::Rejected(_), Entry::Card(_)) => env.reading.held().cloned(),
            (Outcome::Rejected(_), Entry::Setup(_)) => self.entry.reading(env).setup.clone(),
        }
    }

    /// Its recipe: what was found for a card, or what a setup says.
    pub fn recipe(&self, env: &Env) -> Option<Setup> {
        let open = matches!((&self.outcome, &self.entry), (Outcome::Rejected(_), Entry::Card(_)));
        if open { None } else { self.asked(env) }
    }
}
