//! What is done with a rig that is there: all of its cards, or fewer.

use super::code::ReasonCode;
use super::count::{doubling, fewer};
use super::goal::{Counts, Goal};
use super::menu::Rung;
use super::rank::{lacks_copy, quality};
use super::{Comfort, Outcome, Plan, plan, planned};
use crate::catalog::Catalog;
use crate::error::RequestError;
use crate::estimate::Verdict;

/// The best plan on the rig at hand. Training takes all of its cards, or fewer where all do it worse; serving as few as hold the
/// model with the least compromise: the others wait, or serve others.
pub(super) fn on_rig(catalog: &Catalog, goal: &Goal) -> Result<Outcome, RequestError> {
    let whole = match plan(catalog, goal)? {
        Outcome::Rejected(rejected) if rejected.reason.code == ReasonCode::TooSlowOffloaded => planned(catalog, goal, true)?,
        whole => whole,
    };
    if goal.job.kind.trains() {
        return on_fewer(catalog, goal, whole);
    }
    let Outcome::Planned(best) = &whole else { return Ok(whole) };
    let judged = |plan: &Plan| (plan.comfort != Comfort::Fits, plan.compromises);
    let least = judged(best);
    for count in doubling().take_while(|count| *count < best.setup.rig.count) {
        let mut fewer = goal.clone();
        fewer.rig.count = Some(Counts::One(f64::from(count)));
        if let Outcome::Planned(plan) = plan(catalog, &fewer)?
            && judged(&plan) <= least
        {
            return Ok(Outcome::Planned(plan));
        }
    }
    Ok(whole)
}

/// What all cards of a rig do, or fewer of them where those do it better: states that are paged and steps within the backward pass
/// are for one card, and nobody has to use every card there is. Nor does anybody wait twice as long for what may not fit, or is late as it
/// is, where fewer do it as well with main memory.
fn on_fewer(catalog: &Catalog, goal: &Goal, whole: Outcome) -> Result<Outcome, RequestError> {
    let all = match &whole {
        Outcome::Planned(plan) => plan.setup.rig.count,
        Outcome::Rejected(rejected) => rejected.count,
    };
    let serene = |plan: &Plan| plan.comfort == Comfort::Fits && !plan.late && plan.rung < Rung::Squeezed;
    let mut plans: Vec<Box<Plan>> = Vec::new();
    let mut refused = None;
    let mut add = |outcome, plans: &mut Vec<Box<Plan>>| match outcome {
        Outcome::Planned(plan) => plans.push(plan),
        Outcome::Rejected(_) => {
            refused.get_or_insert(outcome);
        }
    };
    add(whole, &mut plans);
    for count in fewer(all) {
        if plans.iter().any(|plan| serene(plan)) {
            break;
        }
        let mut part = goal.clone();
        part.rig.count = Some(Counts::One(f64::from(count)));
        add(plan(catalog, &part)?, &mut plans);
    }
    // Of equals the first, which has the most cards.
    let Some(best) = (0..plans.len()).min_by_key(|place| plans.get(*place).map(|plan| quality(plan))) else {
        return refused.map_or_else(|| plan(catalog, goal), Ok);
    };
    let chosen = plans.get(best).and_then(|best| sooner(best, &plans)).unwrap_or(best);
    Ok(Outcome::Planned(plans.swap_remove(chosen)))
}

/// How many times as long as another a plan has to take to give way to it for its time alone.
const SEVERAL_TIMES: f64 = 2.0;

/// Of several plans the soonest that is several times as soon as one that may not fit, or that ends later than people wait, where it surely fits and
/// gives up no more.
fn sooner(best: &Plan, plans: &[Box<Plan>]) -> Option<usize> {
    let time = |plan: &Plan| plan.figures.time.total.get();
    let waits = best.comfort == Comfort::Tight || best.late;
    let as_well = |plan: &Plan| {
        let sure = plan.figures.memory.verdict == Verdict::Fits;
        sure && plan.compromises <= best.compromises && (lacks_copy(best) || !lacks_copy(plan))
    };
    let sooner = plans.iter().enumerate().filter(|(_, plan)| waits && as_well(plan) && time(plan) * SEVERAL_TIMES < time(best));
    sooner.min_by(|(_, a), (_, b)| time(a).total_cmp(&time(b))).map(|(place, _)| place)
}
