//! The first few cards in the column of an article; each leads to the whole answer.

use super::{headline, paid};
use crate::context::Env;
use crate::format;
use crate::views::advised::{Answered, one_per_card, row_id};
use crate::views::{memory_bar, rig, verdict};
use whichcard::plan::Plan;
use whichcard::share::Field;
use yew::prelude::*;

/// Cards shown: the first and what else there is.
pub const SHOWN: usize = 3;

pub fn brief(env: &Env, answered: &Answered) -> Html {
    let advice = &answered.advice;
    let plans = one_per_card(&advice.ranked, "");
    html! {
        <div class="answer">
            { headline(env, advice, answered.scope) }
            <ol class="rows" id="ranking" hidden={plans.is_empty()}>{ for plans.iter().take(SHOWN).map(|plan| row(env, plan)) }</ol>
        </div>
    }
}

fn row(env: &Env, plan: &Plan) -> Html {
    let href = format!("?{}", env.whole().with(Field::Open, row_id(plan)).write());
    html! {
        <li key={row_id(plan)} class="brief-row" data-card={plan.setup.rig.card.id.clone()}>
            <p class="brief-name">
                <a {href} target="_blank" rel="noopener">{ rig::name(env, &plan.setup.rig) }</a>
                { verdict::comfort_badge(env, plan.comfort) }
            </p>
            { memory_bar::strip(env, &plan.figures.memory) }
            <p class="quiet">{ in_numbers(env, plan).join(" · ") }</p>
        </li>
    }
}

/// Memory, time and price.
pub fn in_numbers(env: &Env, plan: &Plan) -> Vec<String> {
    let memory = &plan.figures.memory;
    let (used, capacity) = (format::gib(memory.total), format::memory(memory.capacity));
    let mut numbers = vec![env.fill("app.memory.of", &[("used", &used), ("capacity", &capacity)])];
    numbers.push(format::duration(env.lang, plan.time().total));
    // First what the ranking is about.
    let paid = paid::of_job(env, plan, env.reading.limits.objective);
    numbers.extend(paid.map(|paid| if plan.setup.trains() { format!("{} {}", paid.amount, paid.what) } else { paid.whole }));
    numbers.extend(plan.price().map(|price| format::money(price.money)));
    numbers
}
