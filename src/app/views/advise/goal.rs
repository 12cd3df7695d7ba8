//! The planner's goal of what was typed.

use crate::app::reading::{Machine, Reading};
use whichcard::card::Form;
use whichcard::plan::{Counts, Goal, RigLimits, shares_layers};
use whichcard::request::{MachineRequest, MoneyRequest, RecipeRequest};

/// What a server takes.
const LARGEST: f64 = 8.0;
/// What a desktop board has room for: cards of today cover three slots.
const USUAL: f64 = 2.0;

/// The forms of a kind of machine.
fn forms(machine: Machine) -> Option<Vec<Form>> {
    match machine {
        Machine::Usual => Some(vec![Form::Desktop]),
        Machine::Any => None,
        Machine::Only(form) => Some(vec![form]),
    }
}

/// The recipe is left to the planner: what a visitor set for another setup is not meant here.
pub fn goal(reading: &Reading, machine: Machine) -> Goal {
    let limits = &reading.limits;
    let layers = reading.held().is_some_and(|setup| shares_layers(&setup.model, setup.job.kind));
    let usual = if machine == Machine::Usual { USUAL } else { LARGEST };
    Goal {
        model: reading.request.model.clone(),
        job: reading.request.job.clone(),
        methods: Vec::new(),
        recipe: RecipeRequest::default(),
        rig: RigLimits {
            count: Some(Counts::up_to(limits.most_cards.unwrap_or(usual), layers)),
            // How the cards of another setup are linked and held back is not meant here either.
            machine: MachineRequest { link: None, power_limit_watts: None, ..reading.request.rig.machine },
            budget: limits.budget,
            deadline_hours: limits.deadline_hours,
            max_watts: limits.watts,
            wall_watts: limits.wall,
            power_supply_watts: limits.supply,
            slots: limits.slots,
            condition: limits.condition,
            form_factors: forms(machine),
            country: reading.request.money.country.clone(),
            ..RigLimits::default()
        },
        // The price and the rent of one card are not those of every card.
        money: MoneyRequest { card_price: None, rent_per_hour: None, ..reading.request.money.clone() },
        objective: limits.objective,
    }
}
