//! The rig that a stage of a model's path is better done on than on the one at hand.

use super::count::clusters;
use super::goal::{Counts, Goal, Objective, RigLimits};
use super::machine::days;
use super::menu::Rung;
use super::{Comfort, Plan, advise};
use crate::card::Form;
use crate::catalog::Catalog;
use crate::error::RequestError;
use crate::request::Condition;

/// A stage that takes longer than this deserves another rig.
pub(super) const PATIENT_DAYS: f64 = 30.0;

/// The rig of one machine that suits a stage better; where nobody waits for training on one, the smallest cluster of servers that
/// ends within a month, or else the fastest there is.
pub(super) fn better(catalog: &Catalog, goal: &Goal, here: Option<&Plan>) -> Result<Option<Plan>, RequestError> {
    let within = |forms: &[Form], count: Option<u32>| RigLimits {
        form_factors: Some(forms.to_vec()),
        count: count.map(|count| Counts::One(f64::from(count))),
        // Nobody finds thousands of cards second hand.
        condition: count.map(|_| Condition::New),
        ..RigLimits::default()
    };
    let mut found = suited(catalog, goal, within(&[Form::Desktop, Form::Pcie, Form::Sxm], None), here)?;
    if found.as_ref().is_some_and(|plan| !plan.late || !plan.setup.trains()) {
        return Ok(found);
    }
    let goal = Goal { objective: Objective::Fastest, ..goal.clone() };
    for count in clusters() {
        let quickest = found.as_ref().or(here);
        let larger = suited(catalog, &goal, within(&[Form::Sxm], Some(count)), quickest)?;
        found = larger.or(found);
        if found.as_ref().is_some_and(|plan| days(plan.figures.time.total) <= PATIENT_DAYS) {
            break;
        }
    }
    Ok(found)
}

/// The rig within these limits that does the stage in its own memory within a month, of cards that can be bought at a dated price, or else
/// rented: the first of the ranking, and of clusters of one size, which nobody has a price for, that of the lowest board power. If none
/// does, the fastest that is faster than the rig at hand.
fn suited(catalog: &Catalog, goal: &Goal, limits: RigLimits, here: Option<&Plan>) -> Result<Option<Plan>, RequestError> {
    let is_cluster = limits.count.is_some();
    let wide = Goal { rig: limits, ..goal.clone() };
    let advice = advise(catalog, &wide)?;
    let to_be_had = |plan: &&Plan| (plan.cost.rent.is_some() || plan.cost.buy.is_some()) && !plan.has_stale_price();
    let own = here.map_or(f64::INFINITY, |plan| plan.figures.time.total.get());
    let candidates = || {
        // Nobody is sent to another rig to train without an FP32 copy of the weights.
        let whole = |plan: &&Plan| !plan.setup.trains() || plan.rung < Rung::Squeezed;
        let sure = advice.ranked.iter().filter(|plan| plan.comfort == Comfort::Fits).filter(whole);
        sure.filter(to_be_had).filter(|plan| plan.figures.time.total.get() < own)
    };
    let soon = candidates().filter(|plan| days(plan.figures.time.total) <= PATIENT_DAYS);
    let watts = |plan: &Plan| if is_cluster { plan.setup.rig.card.tdp.get() } else { 0.0 };
    let weighed = |plan: &Plan| (plan.cost.buy.is_none(), watts(plan));
    let fastest = || candidates().min_by(|a, b| a.figures.time.total.get().total_cmp(&b.figures.time.total.get()));
    let lesser = |a: &&Plan, b: &&Plan| {
        let ((a_rented, a_watts), (b_rented, b_watts)) = (weighed(a), weighed(b));
        a_rented.cmp(&b_rented).then(a_watts.total_cmp(&b_watts))
    };
    Ok(soon.min_by(lesser).or_else(fastest).cloned())
}
