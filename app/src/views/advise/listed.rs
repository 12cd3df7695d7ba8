//! The ranking as rows of a table, to be copied.

use super::paid;
use crate::context::Env;
use crate::format;
use crate::views::advised::Answered;
use crate::views::tabled::{Rows, beside, digits, measured};
use crate::views::{figures, rig};
use whichcard::export::TableForm;
use whichcard::plan::Plan;
use whichcard::request::Keyword;
use whichcard::units::Bytes;

/// The best number of each card and every plan of the front, below a head; the front is marked where the chart draws it.
pub fn rows(env: &Env, answered: &Answered, form: TableForm) -> Rows {
    let (mut head, row): (_, fn(&Env, &Plan) -> Vec<String>) =
        if form == TableForm::Markdown { (read_head(env), read) } else { (data_head(env), data) };
    let objective = answered.goal.objective;
    let by_job = objective.weighs_the_job();
    let data = form != TableForm::Markdown;
    if by_job {
        let name = paid::column(env, answered.advice.ranked.first(), objective);
        let currency = env.reading.request.money.currency.unwrap_or_default().name();
        head.push(if data { measured(&name, currency) } else { name });
    }
    head.push(env.say("app.front.line"));
    let marked = |plan: &Plan| {
        let paid = paid::weighed(env, plan, objective);
        let drawn = answered.is_front(plan) && paid.is_some();
        let mut cells = row(env, plan);
        if by_job {
            let said = |paid: paid::Paid| if data { digits(paid.money.amount) } else { paid.amount };
            cells.push(paid.map(said).unwrap_or_default());
        }
        cells.push(if drawn { env.say("app.front.on-line") } else { String::new() });
        cells
    };
    std::iter::once(head).chain(answered.charted().into_iter().map(marked)).collect()
}

/// What people are told of each.
fn read_head(env: &Env) -> Vec<String> {
    let head =
        ["field.card", "compare.verdict", "share.memory", "share.offered", "compare.time", "figure.run-speed", "compare.price"];
    head.iter().map(|key| env.say(&format!("app.{key}"))).collect()
}

fn read(env: &Env, plan: &Plan) -> Vec<String> {
    let memory = &plan.figures.memory;
    let price = plan.price().map(|price| {
        let basis = figures::basis(env, &plan.setup.rig.card, price);
        env.fill("app.price.with-basis", &[("price", &format::money(price.money)), ("basis", &basis)])
    });
    vec![
        rig::name(env, &plan.setup.rig),
        env.say(&format!("app.verdict.{}", plan.comfort.name())),
        format::memory(memory.total),
        format::memory(memory.capacity),
        format::duration(env.lang, plan.time().total),
        figures::pace_of(env, &plan.setup, plan.time()),
        price.unwrap_or_else(|| env.say("app.price.unknown")),
    ]
}

/// What programs are told of each: one value a cell, in one unit a column.
fn data_head(env: &Env) -> Vec<String> {
    let currency = env.reading.request.money.currency.unwrap_or_default().name();
    vec![
        env.say("app.field.card"),
        env.say("app.field.count"),
        env.say("app.compare.verdict"),
        measured(&env.say("app.share.memory"), "GiB"),
        measured(&env.say("app.share.offered"), "GiB"),
        measured(&env.say("app.compare.time"), "h"),
        env.say("app.figure.run-speed"),
        measured(&env.say("app.compare.price"), currency),
        beside(env, &env.say("app.compare.price")),
    ]
}

fn data(env: &Env, plan: &Plan) -> Vec<String> {
    let (rig, memory, price) = (&plan.setup.rig, &plan.figures.memory, plan.price());
    let gib = |bytes: Bytes| digits(bytes.as_gib());
    vec![
        rig.card.name.clone(),
        rig.count.to_string(),
        env.say(&format!("app.verdict.{}", plan.comfort.name())),
        gib(memory.total),
        gib(memory.capacity),
        digits(plan.time().total.get() / 3600.0),
        figures::pace_of(env, &plan.setup, plan.time()),
        price.map(|price| digits(price.money.amount)).unwrap_or_default(),
        price.map(|price| figures::basis(env, &rig.card, price)).unwrap_or_default(),
    ]
}
