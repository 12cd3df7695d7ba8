//! The ranking as rows of a table, to be copied.

use super::Answered;
use super::ranked::one_per_card;
use crate::app::context::Env;
use crate::app::format;
use crate::app::views::{figures, rig};
use whichcard::plan::Plan;
use whichcard::request::Keyword;

/// The best number of each card, all of them, below a head.
pub fn rows(env: &Env, answered: &Answered) -> Vec<Vec<String>> {
    let head =
        ["field.card", "compare.verdict", "share.memory", "share.offered", "compare.time", "figure.run-speed", "compare.price"];
    let head = head.iter().map(|key| env.say(&format!("app.{key}"))).collect();
    let plans = one_per_card(&answered.advice.ranked, "");
    std::iter::once(head).chain(plans.into_iter().map(|plan| row(env, plan))).collect()
}

fn row(env: &Env, plan: &Plan) -> Vec<String> {
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
