//! From plans to a ranked list: the order, the Pareto front, and the sentences that need the whole list.

use super::ahead::ahead;
use super::alike::compare;
use super::answer::Plan;
use super::drawback::{self, Housing, is_dropped};
use super::goal::Objective;
use super::host::needs_board;
use super::menu::Rung;
use super::objective::{Purse, seconds};
use super::patience::{keeps_up_with_reading, lateness};
use super::question::Question;
use super::reason::{Fact, Reason};
use super::search::Comfort;
use crate::card::Form;
use crate::estimate::Verdict;
use crate::units::{Bytes, Money};
use std::cmp::Ordering;
use std::sync::Arc;

/// The plans, best first: comfort, then those within usual patience or least beyond it, then adapters of usual rank where figures count, then known
/// money before unknown and current prices before stale ones where money counts, then the objective and its tie-breakers, then the
/// roomier card, then the name.
#[expect(clippy::vec_box, reason = "plans are large, and sorting moves them")]
pub(super) fn sorted(mut plans: Vec<Box<Plan>>, question: &Question) -> Vec<Plan> {
    let more: Vec<bool> = (0..plans.len()).map(|place| adds_nothing(&plans, place)).collect();
    for (plan, more) in plans.iter_mut().zip(more) {
        plan.adds_nothing = more;
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
type Class = (Rung, bool, (bool, u32), bool, bool, bool, bool, (bool, Housing));

/// The class of a plan: every plan of a lower one stands before all of a higher one. What the search prefers on one rig it prefers
/// between rigs: weights of usual quality before squeezed ones, both before offloaded plans, of each those that surely fit before those
/// that may not, and plans of other recipes before spared ones. What takes too long goes behind, the longer the further, and last what takes
/// as long with fewer.
/// Where money counts, cards that current builds of the plan's software have dropped follow those they run on, and of cards to be bought
/// those whose price buys no working machine come last; by other objectives neither may make the best worse for a larger budget.
fn standing(plan: &Plan, question: &Question) -> Class {
    let aim = question.objective.aim();
    let kept = if plan.rung < Rung::Squeezed { Rung::Ordinary } else { plan.rung };
    let uncertain = plan.figures.memory.verdict != Verdict::Fits;
    let spared = !aim.least_compromise_first && plan.rung == Rung::Spared;
    let stale = aim.needs_money && plan.has_stale_price();
    let behind = (plan.adds_nothing, late(plan));
    let dropped = aim.needs_money && is_dropped(&plan.setup);
    (
        kept,
        uncertain,
        behind,
        spared,
        lacks_price(plan, question),
        stale,
        dropped,
        (lacks_board(plan, question), housing(plan, question)),
    )
}

/// How late it is, in doublings of what people wait; a deadline leaves no plan late.
fn late(plan: &Plan) -> u32 {
    if plan.late { lateness(&plan.setup, plan.figures.time.total) } else { 0 }
}

/// Whether fewer of the same card, which come just before, do the job as well: they fit as surely and take no longer, nor more energy.
fn adds_nothing(plans: &[Box<Plan>], place: usize) -> bool {
    let Some((before, plan)) = plans.get(..place).zip(plans.get(place)) else { return false };
    let class = |plan: &Plan| (plan.rung.max(Rung::Spared), plan.figures.memory.verdict, late(plan));
    let joules = |plan: &Plan| plan.figures.energy.wall_joules;
    before
        .iter()
        .rev()
        .take_while(|other| Arc::ptr_eq(&other.setup.rig.card, &plan.setup.rig.card))
        .any(|fewer| class(fewer) <= class(plan) && seconds(fewer) <= seconds(plan) && joules(fewer) <= joules(plan))
}

/// What the price leaves out, where nobody said by naming cards, slots or forms of servers that it is there. Who asks for desktop cards has a case.
fn housing(plan: &Plan, question: &Question) -> Housing {
    let (aim, limits) = (question.objective.aim(), &question.limits);
    let server = limits.forms.iter().flatten().any(|form| matches!(form, Form::Pcie | Form::Sxm));
    let open = !server && limits.slots.is_none() && !question.cards_named;
    let rig = &plan.setup.rig;
    if aim.needs_money && aim.purse == Purse::Cards && open { drawback::housing(&rig.card, rig.count) } else { Housing::Usual }
}

/// Whether the price leaves out a board with room for the main memory.
fn lacks_board(plan: &Plan, question: &Question) -> bool {
    let aim = question.objective.aim();
    aim.needs_money && aim.purse == Purse::Cards && needs_board(&plan.setup.rig, plan.host_memory())
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
/// are those whose price is stale: nobody can buy at it.
pub(super) fn pareto(plans: &[Plan], objective: Objective) -> Vec<usize> {
    let mut points: Vec<(f64, f64, usize)> = plans
        .iter()
        .enumerate()
        .filter(|(_, plan)| plan.is_dependable())
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

/// Puts in front of each plan's reasons why it is first, or what it costs and gives against the first.
pub(super) fn explain(plans: &mut [Plan], front: &[usize], question: &Question) {
    let next = next_up(plans, front, question.objective).unwrap_or_default();
    let Some((first, rest)) = plans.split_first_mut() else { return };
    let objective = question.objective;
    for plan in &mut *rest {
        let needless = plan.adds_nothing.then(|| Reason::new("adds-nothing"));
        let reasons = compared_with(first, plan, objective);
        plan.reasons.splice(0..0, reasons.into_iter().chain(needless));
    }
    let best = why_first(first, question);
    let cheaper = cheaper(first, rest, question);
    let hosted = hosted(first, rest, question);
    let ahead = ahead(first, rest, question);
    let memory = &first.figures.memory;
    let spare = Reason::new("spare").with("spare", Fact::Memory((memory.capacity - memory.total).max(Bytes::ZERO)));
    // What lives in main memory, or may not fit, leaves nothing to spare that anybody could count on.
    let spare = (first.comfort == Comfort::Fits).then_some(spare);
    first.reasons.splice(0..0, [best].into_iter().chain(spare));
    first.reasons.extend(next.into_iter().chain(cheaper).chain(hosted).chain(ahead));
}

fn why_first(first: &Plan, question: &Question) -> Reason {
    let unpriced = ("first-unpriced", Fact::Time(first.figures.time.total));
    let (code, figure) = question.objective.aim().praise;
    let (code, fact) = match figure(first) {
        Some(_) if lacks_price(first, question) => unpriced,
        Some(fact) => (code, fact),
        None => unpriced,
    };
    Reason::new(code).with("value", fact)
}

/// Share of a price that makes no difference: half of the last digit where prices are read to two, as those of shops and guides are (an
/// assumption).
const SAME_PRICE: f64 = 0.005;

/// How much cheaper a plan is, where that is more than nothing beside the price.
fn cheaper_by(own: Money, plan: &Plan, question: &Question) -> Option<f64> {
    let less = own.amount - money(plan, question.objective)?.amount;
    (less > SAME_PRICE * own.amount).then_some(less)
}

/// Where the lowest price is asked for, the best plan with a lower one that anybody would wait for, and why it is not first nevertheless.
fn cheaper(first: &Plan, rest: &[Plan], question: &Question) -> Option<Reason> {
    if !question.objective.aim().lowest_price {
        return None;
    }
    let own = money(first, question.objective)?;
    let considered = |plan: &&Plan| plan.comfort != Comfort::Offloaded && late(plan) <= late(first);
    let (plan, less) = rest.iter().filter(considered).find_map(|plan| Some((plan, cheaper_by(own, plan, question)?)))?;
    let code = match plan.comfort {
        Comfort::Tight | Comfort::Offloaded => "cheaper-but-tight",
        Comfort::Fits if plan.rung == Rung::Squeezed => "cheaper-but-squeezed",
        Comfort::Fits if plan.has_stale_price() => "cheaper-but-stale",
        Comfort::Fits if housing(plan, question) == Housing::Server => "cheaper-but-module",
        Comfort::Fits if is_dropped(&plan.setup) => "cheaper-but-dropped",
        Comfort::Fits if housing(plan, question) == Housing::Airflow => "cheaper-but-airflow",
        Comfort::Fits if housing(plan, question) == Housing::Frame => "cheaper-but-frame",
        Comfort::Fits => "cheaper-but-compromised",
    };
    let by = Money { amount: less, currency: own.currency };
    Some(Reason::new(code).with("name", Fact::Name(rig_name(plan))).with("by", Fact::Money(by)))
}

/// Share of a price that is soon spent on main memory instead: 64 GB cost about a fifth of a card for 1,000 USD. An assumption, for no price of
/// main memory is in the catalogue.
const SPENT_ON_MEMORY: f64 = 0.2;

/// Where the cards are to be bought and hold the whole model, the cheapest that does the job with part of it in main memory, in usual time.
/// What main memory costs, and how fast it is, differs from machine to machine, so such a plan follows all that do without; but who
/// runs a mixture of experts may well prefer it.
fn hosted(first: &Plan, rest: &[Plan], question: &Question) -> Option<Reason> {
    let aim = question.objective.aim();
    if !(aim.lowest_price && aim.purse == Purse::Cards) || first.comfort == Comfort::Offloaded {
        return None;
    }
    let own = money(first, question.objective)?;
    let sure = |plan: &&Plan| {
        let there = plan.comfort == Comfort::Offloaded && plan.figures.memory.verdict == Verdict::Fits;
        let usable = there && !plan.late && keeps_up_with_reading(&plan.setup, &plan.figures.time);
        let usual = housing(plan, question) == Housing::Usual && !lacks_board(plan, question);
        usable && !plan.has_stale_price() && usual
    };
    let (plan, less) = rest.iter().filter(sure).find_map(|plan| Some((plan, cheaper_by(own, plan, question)?)))?;
    if less < SPENT_ON_MEMORY * own.amount {
        return None;
    }
    let reason = Reason::new("cheaper-with-main-memory").with("name", Fact::Name(rig_name(plan)));
    let reason = reason.with("by", Fact::Money(Money { amount: less, currency: own.currency }));
    let takes = Fact::Time(plan.figures.time.total);
    Some(
        reason
            .with("host", Fact::Memory(plan.host_memory()))
            .with("takes", takes)
            .with("own", Fact::Time(first.figures.time.total)),
    )
}

/// How a plan's speed compares.
#[derive(Clone, Copy)]
enum Pace {
    Faster,
    Equal,
    Slower,
}

/// What a later plan costs and gives against the first one.
fn compared_with(first: &Plan, plan: &Plan, objective: Objective) -> Vec<Reason> {
    let first_name = rig_name(first);
    let Some(compared) = compare(first, &first_name, plan, None) else { return Vec::new() };
    let (pace, how) = match compared.ratio {
        // Within a few percent is within the uncertainty.
        same if (0.95..=1.05).contains(&same) => (Pace::Equal, same),
        faster if faster > 1.0 => (Pace::Faster, faster),
        slower => (Pace::Slower, 1.0 / slower),
    };
    let more = match (money(first, objective), money(plan, objective)) {
        // A difference that vanishes beside the prices is no difference.
        (Some(a), Some(b)) if (b.amount - a.amount).abs() > (SAME_PRICE * a.amount.abs().max(b.amount.abs())).max(0.01) => {
            Some(Money { amount: b.amount - a.amount, currency: b.currency })
        }
        _ => None,
    };
    let code = match (more.map(|more| more.amount >= 0.0), pace) {
        (Some(true), Pace::Faster) => "dearer-faster",
        (Some(true), Pace::Equal) => "dearer-equal",
        (Some(true), Pace::Slower) => "dearer-slower",
        (Some(false), Pace::Faster) => "cheaper-faster",
        (Some(false), Pace::Equal) => "cheaper-equal",
        (Some(false), Pace::Slower) => "cheaper-slower",
        (None, Pace::Faster) => "faster",
        (None, Pace::Equal) => "equal",
        (None, Pace::Slower) => "slower",
    };
    let reason = Reason::new(code).with("first", Fact::Name(first_name)).with("ratio", Fact::Ratio(how));
    let reason = reason.with("weights", compared.condition);
    let reason = match more {
        Some(more) => reason.with("by", Fact::Money(Money { amount: more.amount.abs(), ..more })),
        None => reason,
    };
    [reason].into_iter().chain(compared.remark).collect()
}

/// What the next dearer plan of the front would buy.
fn next_up(plans: &[Plan], front: &[usize], objective: Objective) -> Option<Vec<Reason>> {
    let first = plans.first()?;
    let own = money(first, objective)?;
    let first_name = rig_name(first);
    let (faster, name, compared) =
        front.iter().filter_map(|place| plans.get(*place)).filter(|plan| plan.comfort <= first.comfort).find_map(|plan| {
            let name = rig_name(plan);
            let compared = compare(first, &first_name, plan, Some(&name))?;
            // A tenth faster is within the uncertainty: not worth a sentence.
            (compared.ratio >= 1.1).then_some((plan, name, compared))
        })?;
    let more = money(faster, objective)?;
    if more.amount <= own.amount * (1.0 + SAME_PRICE) {
        return None;
    }
    let code = if objective.weighs_the_job() { "next-up-job" } else { "next-up" };
    let reason = Reason::new(code)
        .with("more", Fact::Money(Money { amount: more.amount - own.amount, currency: own.currency }))
        .with("name", Fact::Name(name))
        .with("ratio", Fact::Ratio(compared.ratio))
        .with("weights", compared.condition);
    Some([reason].into_iter().chain(compared.remark).collect())
}

/// "2 × RTX 3090", or the card's name alone.
pub(super) fn rig_name(plan: &Plan) -> String {
    let rig = &plan.setup.rig;
    if rig.count == 1 { rig.card.name.clone() } else { format!("{} × {}", rig.count, rig.card.name) }
}
