//! From plans to a ranked list: the order, the Pareto front, and the sentences that need the whole list.

use super::alike::compare;
use super::answer::Plan;
use super::goal::Objective;
use super::menu::Rung;
use super::objective::Purse;
use super::question::Question;
use super::reason::{Fact, Reason};
use super::search::Comfort;
use crate::card::{Brand, Form};
use crate::estimate::Verdict;
use crate::request::Stack;
use crate::units::{Bytes, Money};
use std::cmp::Ordering;

/// The plans, best first: comfort, then those within usual patience, then adapters of usual rank where figures count, then known
/// money before unknown and current prices before stale ones where money counts, then the objective and its tie-breakers, then the
/// roomier card, then the name.
#[expect(clippy::vec_box, reason = "plans are large, and sorting moves them")]
pub(super) fn sorted(plans: Vec<Box<Plan>>, question: &Question) -> Vec<Plan> {
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

/// The class of a plan: every plan of a lower one stands before all of a higher one. What the search prefers on one rig it prefers
/// between rigs: offloaded plans that surely fit before those that may not, and plans of other recipes before spared ones.
/// Cards that current builds of the plan's software have dropped follow those they run on. Where cards are to be bought, those whose
/// price buys no working machine come last.
fn standing(plan: &Plan, question: &Question) -> (Comfort, bool, bool, bool, bool, bool, bool, Housing) {
    let aim = question.objective.aim();
    let uncertain = plan.figures.memory.verdict != Verdict::Fits;
    let spared = !aim.least_compromise_first && plan.rung == Rung::Spared;
    let stale = aim.needs_money && plan.has_stale_price();
    (plan.comfort, uncertain, plan.late, spared, lacks_price(plan, question), stale, is_dropped(plan), housing(plan, question))
}

/// Whether the plan's software has to be an old build: PyTorch's current ones start at compute capability 7.5, for CUDA 13 compiles
/// for nothing before (its release notes, "Deprecated architectures"). llama.cpp still builds with CUDA 12, so it is none of these.
fn is_dropped(plan: &Plan) -> bool {
    let own_kernels = plan.setup.recipe.stack == Stack::LlamaCpp;
    !own_kernels && !plan.setup.rig.card.capability().current_pytorch
}

/// What a card needs around it that its price leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Housing {
    /// A machine as anybody has.
    Usual,
    /// The airflow of a server: it has no fans of its own.
    Airflow,
    /// The server that the module is made for.
    Server,
}

/// What the price leaves out, where nobody said by naming cards or forms that it is there.
fn housing(plan: &Plan, question: &Question) -> Housing {
    let aim = question.objective.aim();
    let open = question.limits.forms.is_none() && !question.cards_named;
    let card = &plan.setup.rig.card;
    match (card.brand, card.form) {
        _ if !(aim.needs_money && aim.purse == Purse::Cards && open) => Housing::Usual,
        (_, Form::Sxm) => Housing::Server,
        (Brand::DataCenter, Form::Pcie) => Housing::Airflow,
        _ => Housing::Usual,
    }
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
    let next = next_up(plans, front, question.objective);
    let Some((first, rest)) = plans.split_first_mut() else { return };
    let objective = question.objective;
    for plan in &mut *rest {
        let reasons = against(first, plan, objective);
        plan.reasons.splice(0..0, reasons);
    }
    let best = why_first(first, question);
    let cheaper = cheaper(first, rest, question);
    let memory = &first.figures.memory;
    let spare = Reason::new("spare").with("spare", Fact::Memory((memory.capacity - memory.total).max(Bytes::ZERO)));
    // What lives in main memory, or may not fit, leaves nothing to spare that anybody could count on.
    let spare = (first.comfort == Comfort::Fits).then_some(spare);
    first.reasons.splice(0..0, [best].into_iter().chain(spare));
    first.reasons.extend(next.into_iter().chain(cheaper));
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

/// Where the lowest price is asked for, the best plan with a lower one and why it is not first nevertheless.
fn cheaper(first: &Plan, rest: &[Plan], question: &Question) -> Option<Reason> {
    if !question.objective.aim().lowest_price {
        return None;
    }
    let own = money(first, question.objective)?;
    let (plan, less) = rest.iter().find_map(|plan| {
        let less = own.amount - money(plan, question.objective)?.amount;
        (less > 0.005 * own.amount).then_some((plan, less))
    })?;
    let code = match plan.comfort {
        Comfort::Offloaded => "cheaper-but-offloaded",
        Comfort::Tight => "cheaper-but-tight",
        Comfort::Fits if plan.late && !first.late => "cheaper-but-late",
        Comfort::Fits if plan.has_stale_price() => "cheaper-but-stale",
        Comfort::Fits if housing(plan, question) == Housing::Server => "cheaper-but-module",
        Comfort::Fits if is_dropped(plan) => "cheaper-but-dropped",
        Comfort::Fits if housing(plan, question) == Housing::Airflow => "cheaper-but-airflow",
        Comfort::Fits => "cheaper-but-stale",
    };
    let by = Money { amount: less, currency: own.currency };
    Some(Reason::new(code).with("name", Fact::Name(rig_name(plan))).with("by", Fact::Money(by)))
}

/// How a plan's speed compares.
#[derive(Clone, Copy)]
enum Pace {
    Faster,
    Equal,
    Slower,
}

/// What a later plan costs and gives against the first one.
fn against(first: &Plan, plan: &Plan, objective: Objective) -> Vec<Reason> {
    let first_name = rig_name(first);
    let Some(compared) = compare(first, &first_name, plan, None) else { return Vec::new() };
    let (pace, how) = match compared.ratio {
        // Within a few percent is within the uncertainty.
        same if (0.97..=1.03).contains(&same) => (Pace::Equal, same),
        faster if faster > 1.0 => (Pace::Faster, faster),
        slower => (Pace::Slower, 1.0 / slower),
    };
    let more = match (money(first, objective), money(plan, objective)) {
        // A difference that vanishes beside the prices is no difference.
        (Some(a), Some(b)) if (b.amount - a.amount).abs() > (0.005 * a.amount.abs().max(b.amount.abs())).max(0.01) => {
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
    let reason = match more {
        Some(more) => reason.with("by", Fact::Money(Money { amount: more.amount.abs(), ..more })),
        None => reason,
    };
    [reason].into_iter().chain(compared.remark).collect()
}

/// What the next dearer plan of the front would buy.
fn next_up(plans: &[Plan], front: &[usize], objective: Objective) -> Vec<Reason> {
    next_of(plans, front, objective).unwrap_or_default()
}

fn next_of(plans: &[Plan], front: &[usize], objective: Objective) -> Option<Vec<Reason>> {
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
    if more.amount <= own.amount * 1.005 {
        return None;
    }
    let code = if objective.weighs_the_job() { "next-up-job" } else { "next-up" };
    let reason = Reason::new(code)
        .with("more", Fact::Money(Money { amount: more.amount - own.amount, currency: own.currency }))
        .with("name", Fact::Name(name))
        .with("ratio", Fact::Ratio(compared.ratio));
    Some([reason].into_iter().chain(compared.remark).collect())
}

/// "2 × RTX 3090", or the card's name alone.
pub(super) fn rig_name(plan: &Plan) -> String {
    let rig = &plan.setup.rig;
    if rig.count == 1 { rig.card.name.clone() } else { format!("{} × {}", rig.count, rig.card.name) }
}
