//! The working behind what a job costs.

use super::answer::Plan;
use super::machine_steps::planned;
use super::question::LIFE;
use crate::estimate::{Step, Unit, unit_step};

const SOURCE: &str = "docs/planning.md#money";

/// What a unit of what is served costs, and the job that this follows from.
#[must_use]
pub fn job_cost_steps(plan: &Plan, life_hours: Option<f64>) -> Vec<Step> {
    let unit = plan.cost.serving.zip(plan.job_cost).map(|(serving, job)| unit_step("cost.unit", serving, job));
    unit.into_iter().chain(job_cost_step(plan, life_hours)).collect()
}

/// The cheaper of renting the cards, and of electricity with the job's share of their life, which is as long as the goal says.
fn job_cost_step(plan: &Plan, life_hours: Option<f64>) -> Option<Step> {
    let amount = plan.job_cost?.amount;
    let hours = plan.time().total.as_hours();
    let life = life_hours.unwrap_or_else(|| LIFE.as_hours());
    let rented = plan.cost.rent.as_ref().map(|rent| {
        let cards = f64::from(plan.setup.rig.count.max(1));
        (rent.money.amount, "N · τ · p_h", vec![("N", cards), ("τ", hours), ("p_h", rent.unit_price)])
    });
    let owned = plan.cost.buy.as_ref().zip(plan.cost.electricity.as_ref()).map(|(buy, electricity)| {
        let (price, bill) = (buy.money.amount, electricity.money.amount);
        let energy = plan.energy().wall_joules.as_kwh();
        let inputs = vec![("K", price), ("τ", hours), ("τ_l", life), ("E", energy), ("p_E", electricity.unit_price)];
        (price * hours / life + bill, "K · τ / τ_l + E · p_E", inputs)
    });
    let cheaper = match (rented, owned) {
        (Some(rented), Some(owned)) => {
            if owned.0 < rented.0 {
                owned
            } else {
                rented
            }
        }
        (one, other) => one.or(other)?,
    };
    // Where only used cards may be bought, the ranking may have counted with a price of another kind: no working is better than a wrong one.
    let same = (cheaper.0 - amount).abs() <= 1e-6 * amount.abs();
    same.then(|| planned("cost.job".to_owned(), cheaper.1, &cheaper.2, amount, Unit::Money, SOURCE))
}
