//! The sentences that need the whole ranked list: why the first is first, and what the others cost and give against it.

use super::ahead::ahead;
use super::alike::compare;
use super::answer::Plan;
use super::code::ReasonCode;
use super::drawback::{Housing, is_dropped};
use super::goal::Objective;
use super::lighter::by_qlora;
use super::menu::Rung;
use super::objective::Purse;
use super::patience::keeps_up_with_reading;
use super::question::Question;
use super::rank::{housing, lacks_board, lacks_price, late, money};
use super::reason::{Fact, Reason};
use super::search::Comfort;
use crate::catalog::Catalog;
use crate::estimate::Verdict;
use crate::units::{Bytes, Currency, Money};

/// Puts in front of each plan's reasons why it is first, or what it costs and gives against the first.
pub(super) fn explain(plans: &mut [Plan], front: &[usize], question: &Question, catalog: &Catalog) {
    let next = next_up(plans, front, question.objective).unwrap_or_default();
    let Some((first, rest)) = plans.split_first_mut() else { return };
    let objective = question.objective;
    for plan in &mut *rest {
        let needless = plan.adds_nothing.then(|| Reason::new(ReasonCode::AddsNothing));
        let reasons = compared_with(first, plan, objective);
        plan.reasons.splice(0..0, reasons.into_iter().chain(needless));
    }
    let best = why_first(first, question);
    let cheaper = cheaper(first, rest, question);
    let hosted = hosted(first, rest, question, catalog);
    let ahead = ahead(first, rest, question);
    let lighter = by_qlora(first, question, catalog);
    let memory = &first.figures.memory;
    let spare = Reason::new(ReasonCode::Spare).with("spare", Fact::Memory((memory.capacity - memory.total).max(Bytes::ZERO)));
    // What lives in main memory, or may not fit, leaves nothing to spare that anybody could count on.
    let spare = (first.comfort == Comfort::Fits).then_some(spare);
    first.reasons.splice(0..0, [best].into_iter().chain(spare));
    first.reasons.extend(next.into_iter().chain(cheaper).chain(hosted).chain(ahead).chain(lighter));
}

fn why_first(first: &Plan, question: &Question) -> Reason {
    let unpriced = (ReasonCode::FirstUnpriced, Fact::Time(first.figures.time.total));
    let (code, figure) = question.objective.aim().praise;
    let (code, fact) = match figure(first) {
        Some(_) if lacks_price(first, question) => unpriced,
        Some(fact) => (code, fact),
        None => unpriced,
    };
    Reason::new(code).with("value", fact)
}

/// Share of a price that makes no difference: half of the last digit where prices are read to two, as those
/// of shops and guides are (an assumption).
const SAME_PRICE: f64 = 0.005;

/// How much cheaper a plan is, where that is more than nothing beside the price.
fn cheaper_by(own: Money, plan: &Plan, question: &Question) -> Option<f64> {
    let less = own.amount - money(plan, question.objective)?.amount;
    (less > SAME_PRICE * own.amount).then_some(less)
}

/// Money that an objective weighs, as sentences say it.
fn said(plan: &Plan, objective: Objective, money: Money) -> Fact {
    if objective.weighs_the_job() { Fact::of_job(plan, money) } else { Fact::Money(money) }
}

/// Where the lowest price is asked for, the best plan with a lower one that anybody would wait for, and why it is not first
/// nevertheless; and the cheapest that surely does it, where something else speaks against that.
fn cheaper(first: &Plan, rest: &[Plan], question: &Question) -> Vec<Reason> {
    let Some(own) = money(first, question.objective).filter(|_| question.objective.aim().lowest_price) else { return Vec::new() };
    let considered = rest.iter().filter(|plan| plan.rung != Rung::Offloaded && late(plan) <= late(first));
    let offers: Vec<_> =
        considered.filter_map(|plan| cheaper_by(own, plan, question).map(|less| (plan, less, but(plan, question)))).collect();
    let Some(best) = offers.first() else { return Vec::new() };
    let sure =
        |(_, less, code): &&(&Plan, f64, ReasonCode)| *less > 1.1 * best.1 && *code != best.2 && NEEDS_A_MACHINE.contains(code);
    let cheapest = offers.iter().filter(sure).max_by(|a, b| a.1.total_cmp(&b.1));
    let told = |(plan, less, code): &(&Plan, f64, ReasonCode)| {
        let by = Money { amount: *less, currency: own.currency };
        let reason = Reason::new(*code).with("name", Fact::Name(rig_name(plan))).with("by", said(plan, question.objective, by));
        match plan.price().and_then(|price| price.risen).filter(|_| *code == ReasonCode::CheaperButRisen) {
            Some(risen) => risen.beside(reason),
            None => reason,
        }
    };
    [best].into_iter().chain(cheapest).map(told).collect()
}

/// What speaks against a cheaper plan, where it is nothing but the machine around the cards.
const NEEDS_A_MACHINE: [ReasonCode; 3] = [ReasonCode::CheaperButModule, ReasonCode::CheaperButAirflow, ReasonCode::CheaperButFrame];

/// Why a plan is not first though it is cheaper.
fn but(plan: &Plan, question: &Question) -> ReasonCode {
    let housing = housing(plan, question);
    match plan.rung {
        Rung::Offloaded => ReasonCode::CheaperButTight,
        _ if plan.figures.memory.verdict != Verdict::Fits => ReasonCode::CheaperButTight,
        Rung::Squeezed if plan.setup.trains() => ReasonCode::CheaperButPure,
        Rung::Squeezed => ReasonCode::CheaperButSqueezed,
        _ if plan.has_stale_price() => match plan.price().and_then(|price| price.risen) {
            Some(_) => ReasonCode::CheaperButRisen,
            None => ReasonCode::CheaperButStale,
        },
        _ if housing == Housing::Server => ReasonCode::CheaperButModule,
        _ if is_dropped(&plan.setup) => ReasonCode::CheaperButDropped,
        _ if housing == Housing::Airflow => ReasonCode::CheaperButAirflow,
        _ if housing == Housing::Frame => ReasonCode::CheaperButFrame,
        _ => ReasonCode::CheaperButCompromised,
    }
}

/// Share of a price that is soon spent on main memory instead: 64 GB cost about a fifth of a card for 1,000 USD. An assumption, for
/// no price of main memory is in the catalogue.
const SPENT_ON_MEMORY: f64 = 0.2;
/// The same of main memory in the hundreds of GB, and the board and processor that take it (an assumption, likewise).
const SPENT_ON_SERVER: f64 = 0.5;
/// The least that such a machine costs beside its cards, in US dollars: 1,314 for a used board with eight channels (ASRock ROMED8-2T), an EPYC
/// 7252, 32 GB and a supply (thinksmart.life, "GPU rig: budget vs pro"). A new one is several times as dear.
const LEAST_FOR_SERVER: f64 = 1_300.0;

/// Main memory that differs by less is as much.
const AS_MUCH: f64 = 1.05;

/// Where the cards are to be bought, the cheapest that does the job with part of it in main memory, in usual time.
/// What main memory costs, and how fast it is, differs from machine to machine, so such a plan follows all that do without; but who
/// runs a mixture of experts may well prefer it.
fn hosted(first: &Plan, rest: &[Plan], question: &Question, catalog: &Catalog) -> Option<Reason> {
    let aim = question.objective.aim();
    if !(aim.lowest_price && aim.purse == Purse::Cards) {
        return None;
    }
    // Beside what is in main memory itself only another board is worth a word.
    let itself = first.comfort == Comfort::Offloaded;
    // The machine of the first may have the board already, for what passes through main memory while it is loaded.
    let another_board = |plan: &Plan| lacks_board(plan, question) && !lacks_board(first, question);
    let own = money(first, question.objective)?;
    let sure = |plan: &&Plan| {
        let there = plan.comfort == Comfort::Offloaded && plan.figures.memory.verdict == Verdict::Fits;
        let usable = there && !plan.late && keeps_up_with_reading(&plan.setup, &plan.figures.time);
        let usual = housing(plan, question) == Housing::Usual && (!itself || another_board(plan));
        usable && usual && !plan.has_stale_price()
    };
    let server = catalog.convert(LEAST_FOR_SERVER, Currency::Usd, own.currency).unwrap_or(f64::INFINITY);
    let worth = |plan| match another_board(plan) {
        true => (SPENT_ON_SERVER * own.amount).max(server),
        false => SPENT_ON_MEMORY * own.amount,
    };
    let saves = |plan| cheaper_by(own, plan, question).filter(|less| *less >= worth(plan));
    let offers = rest.iter().filter(sure).filter_map(|plan| Some((plan, saves(plan)?)));
    let (plan, less) = offers.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    // What a running model keeps there, the tables it looks tokens up in, is no machine of its own.
    let there = if first.setup.job.kind.adapts() { first.host_memory() } else { Bytes::ZERO };
    let host = plan.host_memory();
    let code = match another_board(plan) {
        true => ReasonCode::CheaperWithServerBoard,
        false if host <= there * AS_MUCH => ReasonCode::CheaperWithAsMuchMemory,
        false if there > Bytes::ZERO => ReasonCode::CheaperWithMoreMemory,
        false => ReasonCode::CheaperWithMainMemory,
    };
    let reason = Reason::new(code).with("name", Fact::Name(rig_name(plan)));
    let reason = reason.with("by", Fact::Money(Money { amount: less, currency: own.currency }));
    let takes = Fact::Time(plan.figures.time.total);
    let reason = reason.with("host", Fact::Memory(host)).with("there", Fact::Memory(there));
    Some(reason.with("takes", takes).with("own", Fact::Time(first.figures.time.total)))
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
    // Below a cent nothing is told apart, but for what is said of thousands and millions of times.
    let least = if objective.weighs_the_job() && plan.cost.serving.is_some() { 0.0 } else { 0.01 };
    let more = match (money(first, objective), money(plan, objective)) {
        // A difference that vanishes beside the prices is no difference.
        (Some(a), Some(b)) if (b.amount - a.amount).abs() > (SAME_PRICE * a.amount.abs().max(b.amount.abs())).max(least) => {
            Some(Money { amount: b.amount - a.amount, currency: b.currency })
        }
        _ => None,
    };
    let code = match (more.map(|more| more.amount >= 0.0), pace) {
        (Some(true), Pace::Faster) => ReasonCode::DearerFaster,
        (Some(true), Pace::Equal) => ReasonCode::DearerEqual,
        (Some(true), Pace::Slower) => ReasonCode::DearerSlower,
        (Some(false), Pace::Faster) => ReasonCode::CheaperFaster,
        (Some(false), Pace::Equal) => ReasonCode::CheaperEqual,
        (Some(false), Pace::Slower) => ReasonCode::CheaperSlower,
        (None, Pace::Faster) => ReasonCode::Faster,
        (None, Pace::Equal) => ReasonCode::Equal,
        (None, Pace::Slower) => ReasonCode::Slower,
    };
    let reason = Reason::new(code).with("first", Fact::Name(first_name)).with("ratio", Fact::Ratio(how));
    let reason = reason.with("weights", compared.condition);
    let reason = match more {
        Some(more) => reason.with("by", said(plan, objective, Money { amount: more.amount.abs(), ..more })),
        None => reason,
    };
    [reason].into_iter().chain(compared.remark).collect()
}

/// What the next dearer plan of the front would buy.
fn next_up(plans: &[Plan], front: &[usize], objective: Objective) -> Option<Vec<Reason>> {
    let first = plans.first()?;
    let own = money(first, objective)?;
    let first_name = rig_name(first);
    let (faster, name, compared) = front
        .iter()
        .filter_map(|place| plans.get(*place))
        .filter(|plan| plan.rung != Rung::Offloaded || plan.comfort <= first.comfort)
        .find_map(|plan| {
            let name = rig_name(plan);
            let compared = compare(first, &first_name, plan, Some(&name))?;
            // A tenth faster is within the uncertainty: not worth a sentence.
            (compared.ratio >= 1.1).then_some((plan, name, compared))
        })?;
    let more = money(faster, objective)?;
    if more.amount <= own.amount * (1.0 + SAME_PRICE) {
        return None;
    }
    let code = if objective.weighs_the_job() { ReasonCode::NextUpJob } else { ReasonCode::NextUp };
    let reason = Reason::new(code)
        .with("more", said(first, objective, Money { amount: more.amount - own.amount, currency: own.currency }))
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
