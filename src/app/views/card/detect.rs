//! "Detect my card": asks the browser on a click, shows what it rests on, and leaves the choice to the visitor.

use crate::app::context::{Env, use_env};
use crate::app::probe::{ProbeResult, probe};
use crate::app::widgets::{Notice, Tone};
use std::rc::Rc;
use whichcard::detect::Confidence;
use whichcard::share::Field;
use yew::prelude::*;

/// Candidates offered as buttons; beyond these the picker is quicker.
const OFFERED: usize = 8;

#[component]
pub fn Detect() -> Html {
    let env = use_env();
    let asking = use_state(|| false);
    let seen = use_state(|| None::<Rc<ProbeResult>>);
    let onclick = {
        let (asking, seen) = (asking.clone(), seen.clone());
        Callback::from(move |_: MouseEvent| {
            let (asking, seen) = (asking.clone(), seen.clone());
            asking.set(true);
            wasm_bindgen_futures::spawn_local(async move {
                seen.set(Some(Rc::new(probe().await)));
                asking.set(false);
            });
        })
    };
    html! {
        <div class="detect">
            <p><button type="button" id="detect" disabled={*asking} {onclick}>
                { env.say(if *asking { "app.detect.asking" } else { "app.detect.button" }) }
            </button></p>
            <p class="hint">{ env.say("detect.privacy") }</p>
            <div id="detected" aria-live="polite" hidden={seen.is_none()}>
                { seen.as_ref().map_or_else(|| html! { <div></div> }, |seen| reading(&env, seen)) }
            </div>
        </div>
    }
}

fn reading(env: &Env, seen: &ProbeResult) -> Html {
    let guess = &seen.guess;
    let known: Vec<&str> = guess.cards.iter().map(String::as_str).filter(|id| env.catalog.card(id).is_some()).collect();
    let name = |id: &str| env.catalog.card(id).map_or_else(|| id.to_owned(), |card| card.name.clone());
    let title = match (guess.confidence, guess.card()) {
        (Confidence::High, Some(card)) => env.fill("detect.confidence.high", &[("card", &name(card))]),
        (Confidence::Medium, Some(card)) => env.fill("detect.confidence.medium", &[("card", &name(card))]),
        _ if !known.is_empty() => env.say("detect.confidence.low"),
        _ => env.say("detect.confidence.none"),
    };
    let notes = guess.note_keys().into_iter().chain(seen.limits.iter().copied());
    html! {
        <Notice tone={Tone::Plain} {title}>
            <p hidden={guess.software}>{ env.say(guess.evidence_key()) }</p>
            <p hidden={guess.question.is_none()}>{ guess.question.map(|question| env.say(question.key())) }</p>
            <p class="row" hidden={known.is_empty()}>
                { for known.iter().take(OFFERED).map(|id| {
                    let (set, id) = (env.set(Field::Card), (*id).to_owned());
                    let label = name(&id);
                    let chosen = env.link.get(Field::Card) == Some(id.as_str());
                    let onclick = { let id = id.clone(); Callback::from(move |_: MouseEvent| set.emit(id.clone())) };
                    html! { <button key={id.clone()} type="button" class="small" data-candidate={id} aria-pressed={chosen.to_string()} {onclick}>{ label }</button> }
                }) }
            </p>
            { for notes.map(|key| html! { <p key={key} class="quiet">{ env.say(key) }</p> }) }
            <p class="quiet" hidden={seen.observation.webgl_renderer.is_none()}><code>{ seen.observation.webgl_renderer.clone() }</code></p>
        </Notice>
    }
}
