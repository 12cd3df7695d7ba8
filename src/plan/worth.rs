//! What a job costs, for ranking.

use super::question::Limits;
use crate::catalog::Catalog;
use crate::estimate::{Energy, Time, cost, price_of};
use crate::request::Setup;
use crate::units::{Money, Seconds};

/// Cost of one job: renting, or electricity and the job's share of the cards' life, whichever is lower.
///
/// Share of life: `price x time / life`, straight line, no resale value.
pub(super) fn job_cost(catalog: &Catalog, setup: &Setup, time: &Time, energy: &Energy, limits: &Limits) -> Option<Money> {
    let cost = cost(catalog, setup, time, energy);
    let rent = cost.rent.map(|rent| rent.money.amount);
    let bought = price_of(catalog, &setup.rig.card, setup.rig.count, &setup.money, limits.condition);
    let own = match (bought, cost.electricity) {
        (Some(bought), Some(electricity)) => {
            Some(bought.money.amount * share_of_life(time.total, limits.life) + electricity.money.amount)
        }
        _ => None,
    };
    let amount = match (rent, own) {
        (Some(rent), Some(own)) => rent.min(own),
        (one, other) => one.or(other)?,
    };
    Some(Money { amount, currency: setup.money.currency })
}

fn share_of_life(time: Seconds, life: Seconds) -> f64 {
    time / life
}
