//! The order of changes, from what costs least.

use super::change::{Change, Sacrifice};
use super::trial::speed;
use crate::request::{Keyword, Offload, Setup};

/// What is given up first; then what surely fits; of hardware the lower price, of others fewer changes; then the higher speed.
/// Hardware that another offer beats in everything is left out.
pub(super) fn ordered(changes: Vec<Change>, base: &Setup) -> Vec<Change> {
    let beaten: Vec<bool> =
        (0..changes.len()).map(|own| (0..changes.len()).any(|other| own != other && beats(&changes, other, own, base))).collect();
    let mut kept: Vec<Change> = changes.into_iter().zip(beaten).filter(|(_, beaten)| !beaten).map(|(change, _)| change).collect();
    kept.sort_by(|a, b| {
        a.sacrifice
            .cmp(&b.sacrifice)
            .then_with(|| a.memory.verdict.cmp(&b.memory.verdict))
            .then_with(|| if a.sacrifice == Sacrifice::Hardware { cost(a).total_cmp(&cost(b)) } else { std::cmp::Ordering::Equal })
            .then_with(|| a.steps.len().cmp(&b.steps.len()))
            .then_with(|| speed(&b.time).total_cmp(&speed(&a.time)))
            .then_with(|| a.what.code.name().cmp(b.what.code.name()))
    });
    kept
}

fn cost(change: &Change) -> f64 {
    change.extra_cost.map_or(f64::MAX, |money| money.amount)
}

/// Whether one offer of hardware costs less than another, fits as surely, runs as fast, and leaves the result as it is and the model
/// on the cards, unless the other does not either.
fn beats(changes: &[Change], place: usize, other: usize, base: &Setup) -> bool {
    let (Some(own), Some(other)) = (changes.get(place), changes.get(other)) else { return false };
    let hardware = own.sacrifice == Sacrifice::Hardware && other.sacrifice == Sacrifice::Hardware;
    hardware
        && cost(own) < cost(other)
        && own.memory.verdict <= other.memory.verdict
        && speed(&own.time) >= speed(&other.time)
        && (keeps_result(own, base) || !keeps_result(other, base))
        && (own.setup.recipe.offload == Offload::None || other.setup.recipe.offload != Offload::None)
}

/// Whether a change gives the result that was asked for.
fn keeps_result(change: &Change, base: &Setup) -> bool {
    let of = |setup: &Setup| {
        let recipe = &setup.recipe;
        let frozen = (recipe.weights, recipe.kv_cache, recipe.lora.rank);
        (setup.job.kind, recipe.precision, recipe.optimizer, frozen)
    };
    of(&change.setup) == of(base)
}
