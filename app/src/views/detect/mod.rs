//! "Detect my card": asks the browser on a click, shows what it rests on, and leaves the choice to the visitor.

mod likely;
mod measure;
mod remember;

pub use remember::{KEPT_CARD, KEPT_RESERVED};

use super::{choose, taken};
use crate::browser;
use crate::context::{Env, use_env};
use crate::format;
use crate::measure::{Findings, start};
use crate::probe::{ProbeResult, probe};
use crate::reading::CUSTOM;
use crate::state::Action;
use crate::widgets::{Notice, Tone};
use remember::Remember;
use std::rc::Rc;
use whichcard::card::Card;
use whichcard::detect::{Confidence, Measured, Vendor};
use whichcard::share::{Field, View};
use yew::prelude::*;

/// Candidates offered as buttons; beyond these the picker is quicker.
const OFFERED: usize = 12;
/// Characters shown of what the browser reports.
const REPORTED: usize = 200;

#[component]
pub fn Detect() -> Html {
    let env = use_env();
    let asking = use_state(|| false);
    let seen = use_state(|| None::<Rc<ProbeResult>>);
    let found = use_state(|| None::<Findings>);
    // Ends with the component: leaving the view stops the measurement.
    let measuring = use_mut_ref(|| None);
    let onclick = {
        let (asking, seen, found, measuring) = (asking.clone(), seen.clone(), found.clone(), Rc::clone(&measuring));
        Callback::from(move |_: MouseEvent| {
            let (asking, seen) = (asking.clone(), seen.clone());
            measuring.take();
            found.set(None);
            asking.set(true);
            wasm_bindgen_futures::spawn_local(async move {
                seen.set(Some(Rc::new(probe().await)));
                asking.set(false);
            });
        })
    };
    let onmeasure = {
        let found = found.clone();
        Callback::from(move |_: MouseEvent| {
            let hear = found.clone();
            found.set(Some(Findings::default()));
            let started = start(move |findings| hear.set(Some(findings)));
            if started.is_none() {
                found.set(Some(Findings { ended: Some("failed".to_owned()), ..Findings::default() }));
            }
            measuring.replace(started);
        })
    };
    html! {
        <div class="detect">
            <p><button type="button" id="detect" disabled={*asking} {onclick}>
                { env.say(if *asking { "app.detect.asking" } else { "app.detect.button" }) }
            </button></p>
            <p class="hint">{ env.say("detect.privacy") }</p>
            <div id="detected" aria-live="polite" hidden={seen.is_none()}>
                { seen.as_ref().map_or_else(|| html! { <div></div> }, |seen| reading(&env, seen, found.as_ref(), &onmeasure)) }
            </div>
            <Remember />
        </div>
    }
}

fn reading(env: &Env, seen: &ProbeResult, found: Option<&Findings>, onmeasure: &Callback<MouseEvent>) -> Html {
    let guess = &seen.guess;
    let mut known: Vec<&Card> = guess.cards.iter().filter_map(|id| env.catalog.card(id).map(AsRef::as_ref)).collect();
    // Where no card is named, the visitor picks among those of the chip or generation.
    let generations: Vec<String> =
        likely::generations(guess).into_iter().map(|generation| choose::generation(env, generation)).collect();
    if !generations.is_empty() {
        known = likely::cards(&env.catalog, guess);
    }
    // A measurement speaks of the cards only if it was made on one, and never takes the last away.
    let measured = found.filter(|found| measure::of_nvidia(found)).map_or_else(Measured::default, |found| found.measured);
    let narrowed = measured.narrow(&known);
    let left = if narrowed.is_empty() { known.clone() } else { narrowed };
    let unlisted = guess.name.as_deref().filter(|_| left.is_empty() && !guess.conflict).map(shortened);
    let sized = |card: &Card| sized(env, card);
    let title = match (guess.confidence, left.as_slice()) {
        (Confidence::High, [card]) => env.fill("detect.confidence.high", &[("card", &sized(card))]),
        (Confidence::Medium, [card]) => env.fill("detect.confidence.medium", &[("card", &sized(card))]),
        (_, [card]) if generations.is_empty() => env.fill("detect.confidence.perhaps", &[("card", &sized(card))]),
        (_, []) => match &unlisted {
            Some(name) => env.fill("detect.confidence.unlisted", &[("card", name)]),
            None => env.say("detect.confidence.none"),
        },
        _ if !generations.is_empty() => env.fill("detect.confidence.generation", &[("generation", &generations.join(" / "))]),
        _ => env.say("detect.confidence.low"),
    };
    let notes = guess.note_keys().into_iter().chain(seen.limits.iter().copied());
    let ruled_out: Vec<&str> = known.iter().filter(|card| !left.contains(card)).map(|card| card.name.as_str()).collect();
    let to_compare = env.link.get(Field::Card).and_then(|id| left.iter().find(|card| card.id == id)).or(match left.as_slice() {
        [only] => Some(only),
        _ => None,
    });
    let usual = taken_here(seen);
    let chosen = left.iter().any(|card| env.link.get(Field::Card) == Some(card.id.as_str()));
    let counted = chosen && usual.is_some() && env.link.get(Field::Reserved) == usual;
    let evidence = match guess.vendor.maker().filter(|_| left.is_empty()) {
        Some(maker) => env.fill("detect.evidence.elsewhere", &[("maker", maker)]),
        None => env.say(guess.evidence_key()),
    };
    html! {
        <Notice tone={Tone::Plain} {title}>
            <p hidden={guess.software || guess.is_virtual && left.is_empty()}>{ evidence }</p>
            <p hidden={guess.question.is_none()}>{ guess.question.map(|question| env.say(question.key())) }</p>
            <p class="row" hidden={left.is_empty()}>{ for left.iter().take(OFFERED).map(|card| candidate(env, card, usual)) }</p>
            <details id="more-candidates" hidden={left.len() <= OFFERED}>
                <summary>{ env.fill("app.detect.more", &[("n", &left.len().saturating_sub(OFFERED).to_string())]) }</summary>
                <p class="row">{ for left.iter().skip(OFFERED).map(|card| candidate(env, card, usual)) }</p>
            </details>
            <p class="quiet" id="counted-as-taken" hidden={!counted}>
                { env.fill("app.detect.taken", &[("amount", usual.unwrap_or_default())]) }
            </p>
            <p class="quiet" data-ruled-out={ruled_out.len().to_string()} hidden={ruled_out.is_empty()}>
                { env.fill("app.measure.ruled-out", &[("cards", &ruled_out.join(&env.say("app.list-comma")))]) }
            </p>
            { for notes.map(|key| html! { <p key={key} class="quiet">{ env.say(key) }</p> }) }
            { onwards(env, unlisted.is_some()) }
            { reported(env, seen) }
            { measurement(env, seen, found, to_compare.copied(), onmeasure) }
        </Notice>
    }
}

/// A card's name with its memory, where the name does not say it.
fn sized(env: &Env, card: &Card) -> String {
    let memory = format::vram(card.vram);
    if card.name.contains("GB") {
        card.name.clone()
    } else {
        env.fill("app.detect.sized", &[("card", &card.name), ("memory", &memory)])
    }
}

/// What the display and other programs usually take of the card the browser draws on; a second GPU leaves the card alone.
fn taken_here(seen: &ProbeResult) -> Option<&'static str> {
    let guess = &seen.guess;
    let draws_on_it = guess.vendor == Vendor::Nvidia && !guess.hybrid && !guess.is_virtual;
    draws_on_it.then(|| taken::usual(seen.observation.platform)).flatten()
}

/// Chooses the card, and with it the memory in use where the visitor has not said otherwise.
fn candidate(env: &Env, card: &Card, taken: Option<&'static str>) -> Html {
    let (act, id) = (env.act.clone(), card.id.clone());
    let chosen = env.link.get(Field::Card) == Some(id.as_str());
    let taken = taken
        .filter(|_| env.link.get(Field::Reserved).is_none_or(str::is_empty))
        .map(|amount| (Field::Reserved, Some(amount.to_owned())));
    let onclick = {
        let id = id.clone();
        Callback::from(move |_: MouseEvent| {
            act.emit(Action::Put([(Field::Card, Some(id.clone()))].into_iter().chain(taken.clone()).collect()))
        })
    };
    html! {
        <button key={id.clone()} type="button" class="small" data-candidate={id} aria-pressed={chosen.to_string()} {onclick}>
            { &card.name }
        </button>
    }
}

/// The way on: the whole list where none of these is right, numbers where the list has no such card, and what the card can do.
fn onwards(env: &Env, unlisted: bool) -> Html {
    let onclick = Callback::from(|_: MouseEvent| browser::focus_field("#card"));
    let describe = {
        let act = env.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Action::Put(vec![(Field::Card, Some(CUSTOM.to_owned()))])))
    };
    let (href, open) = env.way(View::Card, Vec::new());
    html! {
        <p class="row">
            <button type="button" id="another-card" class="small" {onclick}>{ env.say("app.detect.another") }</button>
            <button type="button" id="describe-card" class="small" hidden={!unlisted} onclick={describe}>
                { env.say("app.detect.describe") }
            </button>
            <a {href} onclick={open} hidden={env.link.view() == View::Card}>{ env.say("app.nav.card") }</a>
        </p>
    }
}

/// The strings themselves, as text: what was read is no secret from the one it was read from.
fn reported(env: &Env, seen: &ProbeResult) -> Html {
    let observation = &seen.observation;
    let adapters = observation.adapters.iter().map(|info| [info.vendor.as_str(), info.architecture.as_str()].join(" "));
    let strings: Vec<String> = observation
        .webgl_renderer
        .iter()
        .cloned()
        .chain(adapters)
        .filter(|text| !text.trim().is_empty())
        .map(|text| shortened(&text))
        .collect();
    html! {
        <p class="quiet" hidden={strings.is_empty()}>
            { env.say("app.detect.reported") }
            { for strings.into_iter().map(|text| html! { <code key={text.clone()}>{ text }</code> }) }
        </p>
    }
}

/// A hostile string may be as long as it likes.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(REPORTED).and_then(|(end, _)| text.get(..end)) {
        Some(beginning) => format!("{beginning}…"),
        None => text.to_owned(),
    }
}

/// The second step, where WebGPU offers hardware to measure.
fn measurement(
    env: &Env,
    seen: &ProbeResult,
    found: Option<&Findings>,
    card: Option<&Card>,
    onmeasure: &Callback<MouseEvent>,
) -> Html {
    let hardware = seen.observation.adapters.iter().any(|adapter| !adapter.is_fallback_adapter) && !seen.guess.software;
    let running = found.is_some_and(|found| found.ended.is_none());
    html! {
        <div class="measure" hidden={!hardware}>
            <p><button type="button" id="measure" class="small" disabled={running} onclick={onmeasure.clone()}>
                { env.say(if running { "app.measure.running" } else { "app.measure.button" }) }
            </button></p>
            <p class="hint" hidden={found.is_some()}>{ env.say("app.measure.about") }</p>
            { found.map_or_else(|| html! { <div></div> }, |found| measure::findings(env, found, card)) }
        </div>
    }
}
