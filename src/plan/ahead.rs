//! Whoever asks for the fastest is told of what is faster still, and what speaks against it.

use super::answer::Plan;
use super::code::ReasonCode;
use super::explain::rig_name;
use super::menu::Rung;
use super::question::Question;
use super::reason::{Fact, Reason};

/// What puts a plan behind one that does worse by the objective, weightiest first, by the codes of its own remarks; what
/// is said of aged prices, too, comes last.
const DRAWBACKS: [ReasonCode; 10] = [
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

/// Where something else than the lowest price is asked for, the best plan that does better by it alone, and its
/// drawback: the first is the best of those without.
pub(super) fn ahead(first: &Plan, rest: &[Plan], question: &Question) -> Option<Reason> {
    let aim = question.objective.aim();
    let [own, ..] = (aim.rank)(first);
    let better = |plan: &&Plan| {
        let [figure, ..] = (aim.rank)(plan);
        plan.rung != Rung::Offloaded && plan.late <= first.late && figure < own * 0.95
    };
    let plan = rest.iter().filter(|_| !aim.lowest_price).find(better)?;
    let why = DRAWBACKS.iter().find_map(|code| plan.reasons.iter().find(|reason| reason.code == *code))?;
    let name = Fact::Name(rig_name(plan));
    Some(Reason::new(ReasonCode::AheadBut).with("name", name).with("why", Fact::All(vec![why.clone()])))
}
