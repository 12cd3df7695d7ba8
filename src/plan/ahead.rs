//! Whoever asks for the fastest is told of what is faster still, and what speaks against it.

use super::answer::Plan;
use super::code::ReasonCode;
use super::explain::rig_name;
use super::menu::Rung;
use super::question::Question;
use super::reason::{Fact, Reason};

/// What puts a plan behind one that does worse by the objective, weightiest first, by the codes of its own remarks; what
/// is said of aged prices, too, comes last.
const DRAWBACKS: [ReasonCode; 12] = [
    ReasonCode::PureBf16Scratch,
    ReasonCode::Offloaded,
    ReasonCode::Tight,
    ReasonCode::SmallRank,
    ReasonCode::OldSoftware,
    ReasonCode::ServerModule,
    ReasonCode::NeedsAirflow,
    ReasonCode::NeedsFrame,
    ReasonCode::OvertakenPrice,
    ReasonCode::StalePrice,
    ReasonCode::StaleLaunch,
    ReasonCode::RisenLaunch,
];

/// How many times better a plan in main memory does, to be named: what that costs, and how fast it is, differs from machine to machine.
const WORTH_MAIN_MEMORY: f64 = 2.0;

/// Where something else than the lowest price is asked for, the best plan that does better by it alone, and its
/// drawback: the first is the best of those without.
pub(super) fn ahead(first: &Plan, rest: &[Plan], question: &Question) -> Option<Reason> {
    let aim = question.objective.aim();
    let [own, ..] = (aim.rank)(first);
    let better = |plan: &&Plan| {
        let [figure, ..] = (aim.rank)(plan);
        let enough = if plan.rung == Rung::Offloaded { 1.0 / WORTH_MAIN_MEMORY } else { 0.95 };
        plan.late <= first.late && figure < own * enough
    };
    let plan = rest.iter().filter(|_| !aim.lowest_price).find(better)?;
    let why = DRAWBACKS.iter().find_map(|code| plan.reasons.iter().find(|reason| reason.code == *code))?;
    let name = Fact::Name(rig_name(plan));
    Some(Reason::new(ReasonCode::AheadBut).with("name", name).with("why", Fact::All(vec![why.clone()])))
}
