//! The generations as a view of their own: all figures side by side, or in the column of an article the one that is chosen.

use super::generations::{Generations, MEASURES, Multiple, legend};
use crate::context::{Env, use_env};
use crate::views::widget::widget;
use crate::widgets::Chips;
use whichcard::share::Field;
use yew::prelude::*;

/// The figure that is charted: memory, unless another is asked for.
pub fn measure(env: &Env) -> usize {
    let named = |name: &str| MEASURES.iter().position(|(known, _)| *known == name);
    env.link.get(Field::Figure).and_then(named).or_else(|| named("memory")).unwrap_or(0)
}

#[component]
pub fn GenerationsView() -> Html {
    let env = use_env();
    if env.compact {
        return compact(&env);
    }
    html! {
        <section class="results reference-view" id="results" tabindex="-1">
            <header class="headline" id="verdict" data-verdict="generations"><h1>{ env.say("app.nav.generations") }</h1></header>
            <Generations />
        </section>
    }
}

fn compact(env: &Env) -> Html {
    let place = measure(env);
    let answer = html! {
        <section class="results" id="results" tabindex="-1" aria-label={env.say("app.nav.generations")}>
            <div class="answer">
                <header class="headline" id="verdict" data-verdict="generations">
                    <h1>{ env.say("app.nav.generations") }</h1>
                </header>
                { legend() }
                <Multiple key={place} {place} />
            </div>
        </section>
    };
    widget(env, measures(env), answer)
}

/// Which figure is charted.
pub fn measures(env: &Env) -> Html {
    let options: Vec<(AttrValue, AttrValue, AttrValue)> = MEASURES
        .iter()
        .map(|(name, _)| ((*name).into(), env.say(&format!("app.compare.measure.{name}")).into(), AttrValue::default()))
        .collect();
    let value = MEASURES.get(measure(env)).map_or("", |(name, _)| name);
    html! { <Chips field={Field::Figure} {options} {value} /> }
}
