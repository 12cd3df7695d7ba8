//! A number of the comparison, worked out below the table.

use super::Compared;
use super::column::Column;
use crate::context::Env;
use crate::state::Action;
use crate::views::{rig, working};
use crate::widgets::{Icon, Sign};
use whichcard::estimate::estimate;
use whichcard::plan::{Outcome, job_cost_steps};
use whichcard::share::Field;
use yew::prelude::*;

/// Where it is worked out.
pub const PLACE: &str = "compared-working";

/// How the link names a step of a column: "2.time.total".
pub fn id(place: usize, step: &str) -> String {
    format!("{}.{step}", place + 1)
}

pub fn of_id(open: &str) -> Option<(usize, &str)> {
    let (place, step) = open.split_once('.')?;
    Some((place.parse::<usize>().ok()?.checked_sub(1)?, step))
}

/// The working of the number that is opened, with those that it follows from.
pub fn opened(env: &Env, compared: &Compared) -> Html {
    let asked = env.link.get(Field::Open).and_then(of_id);
    let found = asked.and_then(|(place, step)| Some((compared.columns.get(place)?, step)));
    let shown = found.and_then(|(column, step)| worked(env, column, step));
    html! { <section id={PLACE} class="worked" hidden={shown.is_none()} aria-live="polite">{ shown }</section> }
}

fn worked(env: &Env, column: &Column, step: &str) -> Option<Html> {
    let Outcome::Planned(plan) = &column.outcome else { return None };
    let (goal, _) = column.entry.goal(env)?;
    let mut steps = estimate(&env.catalog, &plan.request()).ok()?.explain;
    steps.extend(job_cost_steps(plan, goal.rig.life_hours));
    // A setup counts in a currency of its own.
    let env = &Env { reading: column.entry.reading(env), ..env.clone() };
    let step = steps.iter().find(|one| one.id == step)?;
    let close = {
        let act = env.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Action::Put(vec![(Field::Open, None)])))
    };
    let card = rig::name(env, &plan.setup.rig);
    Some(html! {
        <div>
            <h2>{ env.fill("app.compare.worked", &[("card", &card), ("figure", &env.say(&format!("explain.{}", step.id)))]) }
                <button type="button" class="leave" aria-label={env.say("app.compare.fold")} onclick={close}>
                    <Icon sign={Sign::Cross} />
                </button></h2>
            <div class="working">{ working::inside(env, step) }</div>
            <details class="twin"><summary>{ env.say("app.sheet.working") }</summary>{ working::working(env, &steps) }</details>
        </div>
    })
}
