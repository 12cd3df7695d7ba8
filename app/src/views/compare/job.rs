//! What becomes of the job on each card, by the best recipe for it.

use super::column::Column;
use super::figure::{Better, Cell, Figure};
use crate::context::Env;
use crate::field::named;
use crate::format;
use crate::views::evidence::Estimated;
use crate::views::{figures, reasons, recipe, verdict};
use crate::widgets::Sign;
use whichcard::estimate::memory_confidence;
use whichcard::plan::{Outcome, Plan};
use whichcard::request::{Keyword, Setup};
use whichcard::share::Field;
use whichcard::units::{Bytes, Money};

/// An amount in the currency of the page, whatever a setup counts in.
fn amount(env: &Env, money: Money, words: fn(Money) -> String) -> Cell {
    let currency = env.reading.request.money.currency.unwrap_or_default();
    let money = env.catalog.convert(money.amount, money.currency, currency).map(|amount| Money { amount, currency });
    money.map_or_else(|| Cell::none(env), |money| Cell::of(money.amount, words(money)))
}

/// Whether all are to do the same with the same model: the time and the cost of one job are no better than those of another, also
/// where only one of them can be done.
pub fn same(env: &Env, columns: &[Column]) -> bool {
    let mut jobs = columns.iter().filter_map(|column| column.asked(env)).map(|setup| (setup.model.id.clone(), setup.job.kind));
    let Some(first) = jobs.next() else { return true };
    jobs.all(|job| job == first)
}

pub fn figures(env: &Env, columns: &[Column]) -> Vec<Figure> {
    let better = if same(env, columns) { Better::Less } else { Better::Neither };
    let outcomes: Vec<&Outcome> = columns.iter().map(|column| &column.outcome).collect();
    let currency = env.reading.request.money.currency.unwrap_or_default().name();
    let row = |name: &str, unit: &'static str, better: Better, cell: &dyn Fn(&Plan) -> Cell| Figure {
        name: name.to_owned(),
        better,
        unit: Some(unit),
        cells: outcomes
            .iter()
            .map(|outcome| match outcome {
                Outcome::Planned(plan) => cell(plan),
                Outcome::Rejected(_) => Cell::none(env),
            })
            .collect(),
    };
    let verdicts = outcomes.iter().map(|outcome| judged(env, outcome)).collect();
    let bill = |plan: &Plan| {
        let served = plan.cost.serving.and_then(|serving| Some((serving.electricity?, serving.per)));
        match (served, plan.cost.electricity.as_ref()) {
            (Some((money, per)), _) => {
                amount(env, money, format::unit_cost).noted(format::per(env.lang, per)).worked("cost.serving.electricity")
            }
            (None, Some(cost)) => amount(env, cost.money, format::bill).worked("cost.electricity"),
            (None, None) => Cell::none(env),
        }
    };
    let memory = |bytes: Bytes| Cell::of(bytes.as_gib(), format::memory(bytes));
    let whole = |plan: &Plan| match (plan.unit_cost(), plan.job_cost) {
        (Some(cost), _) => amount(env, cost.money, format::unit_cost).noted(format::per(env.lang, cost.per)).worked("cost.unit"),
        (None, Some(cost)) => amount(env, cost, format::bill).worked("cost.job"),
        (None, None) => Cell::none(env),
    };
    vec![
        Figure { name: "app.compare.verdict".to_owned(), better: Better::Neither, unit: None, cells: verdicts },
        row("app.share.memory", "GiB", Better::Less, &|plan| memory(plan.figures.memory.total).worked("memory.total")),
        row("app.share.offered", "GiB", Better::More, &|plan| memory(plan.figures.memory.capacity)),
        row("app.compare.time", "h", better, &|plan| {
            let time = format::duration(env.lang, plan.time().total);
            let pace = figures::below(&time, &figures::pace_of(env, &plan.setup, plan.time()));
            let cell = Cell::of(plan.time().total.as_hours(), time).noted(pace).worked("time.total");
            cell.supported(env, &plan.setup, Estimated::Time, plan.figures.confidence)
        }),
        row("app.figure.energy", "kWh", better, &|plan| {
            let wall = plan.energy().wall_joules;
            Cell::of(wall.as_kwh(), format::energy(wall)).worked("energy.wallJoules")
        }),
        row("app.figure.electricity", currency, better, &bill),
        row("app.compare.job-cost", currency, better, &whole),
    ]
}

/// What is asked of each, where they differ in it.
pub fn asked(env: &Env, columns: &[Column]) -> Vec<Figure> {
    let text = |field: Field, setup: &Setup| {
        let (job, trains) = (&setup.job, setup.trains());
        let serves_text = !trains && setup.model.reads_text();
        let count = |shown: bool, number: u64| shown.then(|| format::count(number));
        match field {
            Field::Model => Some(setup.model.name.clone()),
            Field::Job => Some(env.name("job", job.kind.name())),
            Field::Sequence => {
                let side = setup.model.image_side(job.sequence_length);
                count(if setup.model.reads_text() { trains } else { side.is_some() }, side.unwrap_or(job.sequence_length))
            }
            Field::Tokens => (trains && setup.model.reads_text()).then(|| format::many(env.lang, job.tokens.get())),
            Field::Batch => count(trains, job.global_batch),
            Field::Prompt => count(serves_text, job.prompt),
            Field::Output => count(serves_text || !trains && setup.model.denoising.is_some(), job.output),
            _ => count(!trains, job.concurrency),
        }
    };
    let setups: Vec<Option<Setup>> = columns.iter().map(|column| column.asked(env)).collect();
    let cell = |field: Field, setup: &Option<Setup>| {
        setup.as_ref().and_then(|setup| text(field, setup)).map_or_else(|| Cell::none(env), Cell::plain)
    };
    const ASKED: [Field; 8] =
        [Field::Model, Field::Job, Field::Sequence, Field::Tokens, Field::Batch, Field::Prompt, Field::Output, Field::Users];
    let figures = ASKED.map(|field| Figure {
        name: named(env, field).to_owned(),
        better: Better::Neither,
        unit: None,
        cells: setups.iter().map(|setup| cell(field, setup)).collect(),
    });
    figures.into_iter().filter(|figure| !figure.same()).collect()
}

/// The recipe of each: what a card is given, and what a setup says.
pub fn recipes(env: &Env, columns: &[Column]) -> Vec<Figure> {
    let rows = |column: &Column| column.recipe(env).map(|setup| recipe::rows(env, &setup)).unwrap_or_default();
    let told: Vec<Vec<(&'static str, String)>> = columns.iter().map(rows).collect();
    let mut names: Vec<&'static str> = Vec::new();
    for (name, _) in told.iter().flatten() {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let said = |rows: &[(&'static str, String)], name| rows.iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone());
    let cell = |rows: &Vec<_>, name| said(rows, name).map_or_else(|| Cell::none(env), Cell::plain);
    let figure = |name: &'static str| Figure {
        name: name.to_owned(),
        better: Better::Neither,
        unit: None,
        cells: told.iter().map(|rows| cell(rows, name)).collect(),
    };
    names.into_iter().map(figure).collect()
}

/// Whether it fits, and with what; else why not.
fn judged(env: &Env, outcome: &Outcome) -> Cell {
    match outcome {
        Outcome::Planned(plan) => {
            let name = plan.comfort.name();
            let cell = Cell::plain(env.say(&format!("app.verdict.{name}")));
            let cell = cell.supported(env, &plan.setup, Estimated::Memory, memory_confidence(&plan.setup));
            Cell { sign: Some((verdict::comfort_sign(plan.comfort), name)), ..cell }
        }
        Outcome::Rejected(rejected) => {
            let cell = Cell::plain(env.say("app.verdict.no")).noted(reasons::sentence(env, &rejected.reason));
            Cell { sign: Some((Sign::Cross, "no")), ..cell }
        }
    }
}
