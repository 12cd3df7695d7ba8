//! From plans to a ranked list: the order, and the Pareto front.

use super::answer::Plan;
use super::drawback::{self, Housing, is_dropped};
use super::goal::Objective;
use super::host::outgrows_desktop;
use super::menu::Rung;
use super::objective::{Purse, seconds};
use super::patience::lateness;
use super::question::Question;
use super::search::Comfort;
use crate::card::Form;
use crate::estimate::Verdict;
use crate::units::Money;
use std::cmp::Ordering;
use std::sync::Arc;

/// The plans, best first: comfort, then those within usual patience or least beyond it, then adapters of usual rank where figures count, then known
/// money before unknown and current prices before stale ones where money counts, then the objective and its tie-breakers, then the
/// roomier card, then the name.
#[expect(clippy::vec_box, reason = "plans are large, and sorting moves them")]
pub(super) fn sorted(mut plans: Vec<Box<Plan>>, question: &Question) -> Vec<Plan> {
    let more: Vec<bool> = (0..plans.len()).map(|place| adds_nothing(&plans, place, question)).collect();
    for (plan, more) in plans.iter_mut().zip(more) {
        plan.adds_nothing = more;
        plan.apart = plan.rung == Rung::Offloaded || left_out(plan, question) != Housing::Usual;
    }
    let rank = question.objective.aim().rank;
    // A plan takes a while to judge: each is judged once.
    let mut judged: Vec<_> = plans.into_iter().map(|plan| (standing(&plan, question), rank(&plan), plan)).collect();
    judged.sort_by(|(own, figures, a), (other, others, b)| {
        let figures = || figures.iter().zip(others).map(|(x, y)| x.total_cmp(y)).find(|order| order.is_ne());
        own.cmp(other)
            .then_with(|| figures().unwrap_or(Ordering::Equal))
            .then_with(|| b.figures.memory.capacity.get().total_cmp(&a.figures.memory.capacity.get()))
            .then_with(|| a.setup.rig.card.id.cmp(&b.setup.rig.card.id))
            .then_with(|| a.setup.rig.count.cmp(&b.setup.rig.count))
    });
    judged.into_iter().map(|(.., plan)| *plan).collect()
}

/// What is compared before any figure, weightiest first.
type Class = (Quality, bool, bool, bool, bool, Housing);

/// How well a plan does the job, weightiest first: how far it leaves the ordinary, whether it may not fit, whether fewer do as well, how
/// late it is, and whether of what is late alike it has no FP32 copy of weights that are trained from nothing.
pub(super) type Quality = (Resort, bool, bool, u32, bool);

/// What a plan falls back on, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Resort {
    /// Nothing: weights of usual quality on the cards.
    None,
    /// Fewer bits, of a model that is run.
    Bits,
    /// Main memory; in trainings, for the FP32 copy too, or no such copy.
    MainMemory,
}

impl Resort {
    const fn of(plan: &Plan) -> Self {
        match plan.rung {
            Rung::Ordinary | Rung::Stretched | Rung::Spared => Self::None,
            Rung::Squeezed if !plan.setup.trains() => Self::Bits,
            Rung::Squeezed | Rung::Offloaded => Self::MainMemory,
        }
    }
}

/// Whether a plan trains from nothing without an FP32 copy of the weights, for want of room.
pub(super) fn lacks_copy(plan: &Plan) -> bool {
    plan.rung == Rung::Squeezed && plan.setup.trains()
}

/// How well a plan does the job.
pub(super) fn quality(plan: &Plan) -> Quality {
    let uncertain = plan.figures.memory.verdict != Verdict::Fits;
    (Resort::of(plan), uncertain, plan.adds_nothing, late(plan), lacks_copy(plan))
}

/// The class of a plan: every plan of a lower one stands before all of a higher one. What the search prefers on one rig it prefers
/// between rigs: weights of usual quality before squeezed ones, both before offloaded plans, of each those that surely fit before those
/// that may not, and plans of other recipes before spared ones. What takes too long goes behind, the longer the further, and last what takes
/// as long with fewer. Trainings from nothing in BF16 alone stand among the offloaded ones, and behind those that end no later.
/// Where money counts, cards that current builds of the plan's software have dropped follow those they run on, and of cards to be bought
/// those whose price buys no working machine come last; by other objectives neither may make the best worse for a larger budget.
fn standing(plan: &Plan, question: &Question) -> Class {
    let aim = question.objective.aim();
    let spared = !aim.least_compromise_first && plan.rung == Rung::Spared;
    let stale = aim.needs_money && plan.has_stale_price();
    let dropped = aim.needs_money && is_dropped(&plan.setup);
    (quality(plan), spared, lacks_price(plan, question), stale, dropped, machine(plan, question))
}

/// How late it is, in doublings of what people wait; a deadline leaves no plan late.
pub(super) fn late(plan: &Plan) -> u32 {
    if plan.late { lateness(&plan.setup, plan.figures.time.total) } else { 0 }
}

/// Whether fewer of the same card, which come just before, do the job as well: they fit as surely, on no
/// larger board, and take no longer, nor more energy.
fn adds_nothing(plans: &[Box<Plan>], place: usize, question: &Question) -> bool {
    let Some((before, plan)) = plans.get(..place).zip(plans.get(place)) else { return false };
    let class = |plan: &Plan| {
        let board = lacks_board(plan, question);
        (Resort::of(plan), plan.figures.memory.verdict, late(plan), lacks_copy(plan), board)
    };
    let joules = |plan: &Plan| plan.figures.energy.wall_joules;
    before
        .iter()
        .rev()
        .take_while(|other| Arc::ptr_eq(&other.setup.rig.card, &plan.setup.rig.card))
        .any(|fewer| class(fewer) <= class(plan) && seconds(fewer) <= seconds(plan) && joules(fewer) <= joules(plan))
}

/// What the price leaves out, where money counts.
pub(super) fn housing(plan: &Plan, question: &Question) -> Housing {
    if question.objective.aim().needs_money { left_out(plan, question) } else { Housing::Usual }
}

/// What the price leaves out, where nobody said by naming cards, slots or forms of servers that it is there. Who asks for desktop cards has a case.
fn left_out(plan: &Plan, question: &Question) -> Housing {
    let rig = &plan.setup.rig;
    if has_to_be_bought(question) { drawback::housing(&rig.card, rig.count) } else { Housing::Usual }
}

/// Whether the machine around the cards is to be bought like them.
fn has_to_be_bought(question: &Question) -> bool {
    has_a_desktop(question) && !question.cards_named
}

/// Whether what is asked for is bought, and nobody said that more than a desktop is there.
fn has_a_desktop(question: &Question) -> bool {
    let (aim, limits) = (question.objective.aim(), &question.limits);
    let server = limits.forms.iter().flatten().any(|form| matches!(form, Form::Pcie | Form::Sxm));
    aim.purse == Purse::Cards && !server && limits.slots.is_none()
}

/// What the price leaves out, where money counts; where the lowest is asked for, the board included: one for more main memory than a
/// desktop's is a server's, as cards without fans need one, also where cards are named, which does not say that such a board is there. Else it
/// would put cards behind dearer ones, and modules need a server too.
fn machine(plan: &Plan, question: &Question) -> Housing {
    let board = question.objective.aim().lowest_price && has_a_desktop(question) && lacks_board(plan, question);
    housing(plan, question).max(if board { Housing::Airflow } else { Housing::Usual })
}

/// Whether it takes another board than the one that is taken to be there, for its main memory.
pub(super) fn lacks_board(plan: &Plan, question: &Question) -> bool {
    outgrows_desktop(question, &plan.setup.rig, plan.host_memory())
}

/// Whether a price that the question turns on is unknown.
pub(super) const fn lacks_price(plan: &Plan, question: &Question) -> bool {
    let aim = question.objective.aim();
    let buying = aim.needs_money && matches!(aim.purse, Purse::Cards);
    let running = (aim.needs_money && matches!(aim.purse, Purse::Job)) || question.limits.job_budget.is_some();
    (buying && plan.cost.buy.is_none()) || (running && plan.job_cost.is_none())
}

/// The money that the front weighs against time: the cost of the job where that is the question, else the price of the cards.
pub(super) fn money(plan: &Plan, objective: Objective) -> Option<Money> {
    match objective.aim().purse {
        Purse::Job => plan.job_cost,
        Purse::Cards => plan.price().map(|price| price.money),
    }
}

/// Positions of the plans that no other beats in both money and time, cheapest first. Plans that may not fit are left out, and so
/// are those whose price is stale, for nobody can buy at it, and those that it buys no working machine for, unless there are no others.
pub(super) fn pareto(plans: &[Plan], objective: Objective) -> Vec<usize> {
    let alone = !plans.iter().any(Plan::is_dependable);
    let compared = |plan: &Plan| plan.is_dependable() || alone && plan.comfort != Comfort::Tight && !plan.has_stale_price();
    let mut points: Vec<(f64, f64, usize)> = plans
        .iter()
        .enumerate()
        .filter(|(_, plan)| compared(plan))
        .filter_map(|(place, plan)| Some((money(plan, objective)?.amount, plan.figures.time.total.get(), place)))
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut front = Vec::new();
    let mut fastest = f64::INFINITY;
    for (_, time, place) in points {
        if time < fastest {
            fastest = time;
            front.push(place);
        }
    }
    front
}
