//! A question about a card or a model that nobody knows: what it may have meant, and no verdict on another one.

use crate::context::Env;
use crate::field;
use crate::reading::Problem;
use crate::widgets::{Icon, Sign};
use whichcard::share::Field;
use yew::prelude::*;

/// Whether what is asked about is unknown. Without a catalogue everything is, and that is not the visitor's doing.
pub fn is_asked(env: &Env) -> bool {
    env.reading.unknown(env.link.view()).next().is_some() && env.catalog.model_count() > 0
}

/// What stands in the place of the answer.
pub fn answer(env: &Env) -> Html {
    html! {
        <div class="answer">
            <header class="headline unknown" id="verdict" data-verdict="unknown" aria-live="polite">
                <p class="eyebrow"><Icon sign={Sign::Warning} />{ env.say("app.notice.refused") }</p>
                <h1>{ in_words(env) }</h1>
                { for env.reading.unknown(env.link.view()).map(|(field, problem)| way_on(env, field, problem)) }
            </header>
        </div>
    }
}

/// "No card here is called “h100-sxm-80gb”."
pub fn in_words(env: &Env) -> String {
    let said = env.reading.unknown(env.link.view()).map(|(field, problem)| {
        let key = match (field, problem) {
            (Field::Config, Problem::Needed) => "app.unknown.config-needed",
            (Field::Config, _) => "app.unknown.config",
            (Field::Card, _) => "app.unknown.card",
            _ => "app.unknown.model",
        };
        env.fill(key, &[("given", problem.no_such().unwrap_or_else(|| env.link.get(field).unwrap_or_default()))])
    });
    said.collect::<Vec<_>>().join(&env.say("app.unknown.and"))
}

/// What can be done: what is nearly called so, as buttons, or else what the field takes.
fn way_on(env: &Env, field: Field, problem: &Problem) -> Html {
    let near = problem.suggestions();
    let said = match field {
        _ if !near.is_empty() => env.say("app.unknown.near"),
        _ if problem.no_such().is_none() => problem.say(env, field),
        Field::Card => env.say("app.unknown.cards"),
        _ => env.say("app.unknown.models"),
    };
    html! {
        <>
            <p>{ said }</p>
            <p class="row" hidden={near.is_empty()}>
                { for near.iter().map(|name| {
                    let (set, value) = (env.set(field), name.clone());
                    let onclick = Callback::from(move |_: MouseEvent| set.emit(value.clone()));
                    html! {
                        <button key={name.clone()} type="button" data-near={name.clone()} {onclick}>
                            { field::choice(env, field, name) }
                        </button>
                    }
                }) }
            </p>
        </>
    }
}
