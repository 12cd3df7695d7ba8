//! The planner's goal of what was typed: which cards.

use crate::app::reading::{Forms, Reading};
use whichcard::card::Form;
use whichcard::plan::{Counts, Goal, RigLimits, shares_layers};
use whichcard::request::MachineRequest;

/// What a server takes.
const LARGEST: f64 = 8.0;
/// What a desktop board has room for: cards of today cover three slots.
const USUAL: f64 = 2.0;

fn factors(forms: Forms) -> Option<Vec<Form>> {
    match forms {
        Forms::Usual => Some(vec![Form::Desktop]),
        Forms::Any => None,
        Forms::Only(form) => Some(vec![form]),
    }
}

/// The best cards of some forms for the job.
pub fn goal(reading: &Reading, forms: Forms) -> Goal {
    let limits = &reading.limits;
    let layers = reading.held().is_some_and(|setup| shares_layers(&setup.model, setup.job.kind));
    let usual = if forms == Forms::Usual { USUAL } else { LARGEST };
    reading.goal(RigLimits {
        count: Some(Counts::up_to(limits.most_cards.unwrap_or(usual), layers)),
        // How the cards of another setup are linked and held back is not meant here.
        machine: MachineRequest { link: None, power_limit_watts: None, ..reading.request.rig.machine },
        form_factors: factors(forms),
        country: reading.request.money.country.clone(),
        ..limits.rig.clone()
    })
}
