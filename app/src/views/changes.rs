//! The smallest changes that make a setup fit.

use super::figures::pace_of;
use super::{memory_bar, reasons, recipe, verdict};
use crate::browser;
use crate::context::Env;
use crate::format;
use crate::state::Action;
use crate::widgets::{Icon, Sign};
use whichcard::estimate::Verdict;
use whichcard::plan::{Change, ReasonCode, Sacrifice};
use whichcard::request::Keyword;
use whichcard::share::{Field, View};
use yew::prelude::*;

/// Changes shown: beyond these nobody reads.
const SHOWN: usize = 6;

/// Whether a change leaves the method: with another the card does another job.
pub fn keeps_method(change: &Change) -> bool {
    change.steps.iter().all(|step| step.code != ReasonCode::ChangeMethod)
}

/// How well a setup that does not fit would after a change of its settings alone, on the same cards and in their memory.
pub fn remedy(changes: &[Change], before: Verdict) -> Option<Verdict> {
    let free = |change: &&Change| matches!(change.sacrifice, Sacrifice::Speed | Sacrifice::Result) && keeps_method(change);
    let best = changes.iter().filter(free).map(|change| change.memory.verdict).min()?;
    (before == Verdict::DoesNotFit).then_some(best)
}

pub fn changes(env: &Env, changes: &[Change], before: Verdict) -> Html {
    let title = match (changes.is_empty(), before) {
        (false, _) if changes.iter().all(|change| change.memory.verdict == Verdict::Tight) => "app.changes.title-tight",
        (false, _) => "app.changes.title",
        (true, Verdict::Tight) => "app.changes.none-tight",
        (true, _) => "app.changes.none",
    };
    html! {
        <section class="changes" id="changes" hidden={before == Verdict::Fits} aria-label={env.say("app.changes.title")}>
            <h2>{ env.say(title) }</h2>
            <ol>{ for changes.iter().take(SHOWN).map(|change| one(env, change)) }</ol>
            <p hidden={!changes.is_empty()}>{ all_cards(env) }</p>
        </section>
    }
}

fn one(env: &Env, change: &Change) -> Html {
    let fields = difference(env, change);
    let apply = {
        let (act, fields) = (env.act.clone(), fields.clone());
        Callback::from(move |_: MouseEvent| {
            act.emit(Action::Put(fields.clone()));
            browser::focus_soon("#verdict");
        })
    };
    html! {
        <li key={change.what.code.name()} data-change={change.what.code.name()}>
            <div>
                <p>{ reasons::sentence(env, &change.what) }</p>
                <p class="quiet">{ verdict::badge(env, &change.setup, &change.memory) }<span>{ effect(env, change) }</span></p>
            </div>
            { memory_bar::strip(env, &change.memory) }
            <button type="button" class="small" onclick={apply}>{ env.say("app.changes.apply") }</button>
        </li>
    }
}

/// What the change costs: quality, money, speed; compared with the setup as it is, where that runs.
fn effect(env: &Env, change: &Change) -> String {
    let mut parts = vec![match change.sacrifice {
        Sacrifice::Speed => env.say("app.changes.same-result"),
        Sacrifice::Result => env.say("app.changes.other-result"),
        Sacrifice::HostMemory => env.fill("app.changes.host-memory", &[("host", &format::memory(change.memory.host))]),
        Sacrifice::Job => env.say("app.changes.smaller-job"),
        Sacrifice::Hardware => env.say("app.changes.hardware"),
    }];
    if let Some(extra) = change.extra_cost {
        parts.push(env.fill("app.changes.extra", &[("amount", &format::money(extra))]));
    }
    parts.push(pace_of(env, &change.setup, &change.time));
    if change.setup.trains() {
        parts.push(env.fill("app.changes.in-all", &[("time", &format::duration(env.lang, change.time.total))]));
    }
    if let Some(factor) = change.speed_factor.filter(|factor| !(0.95..=1.05).contains(factor) && *factor > 0.0) {
        // A small fraction of the speed says less than how much longer it takes.
        let (key, factor) = if factor < 0.5 { ("app.changes.slower", 1.0 / factor) } else { ("app.changes.speed", factor) };
        parts.push(env.fill(key, &[("factor", &format::ratio(factor))]));
    }
    parts.join(" · ")
}

/// The fields that differ after a change.
fn difference(env: &Env, change: &Change) -> Vec<(Field, Option<String>)> {
    let card = env.reading.setup.as_ref().map(|setup| setup.rig.card.id.as_str());
    let mut fields = recipe::changes(&change.setup);
    if card != Some(change.setup.rig.card.id.as_str()) {
        fields.push((Field::Card, Some(change.setup.rig.card.id.clone())));
        // What was typed is the price of the card before (`Request::changed_to`).
        fields.extend([(Field::Price, None), (Field::Rent, None)]);
    }
    fields
}

/// A way out where no change helps: ask for a card instead.
fn all_cards(env: &Env) -> Html {
    let (href, onclick) = env.way(View::Advise, Vec::new());
    html! { <a class="button" {href} {onclick}>{ env.say("app.changes.advise") }<Icon sign={Sign::Arrow} /></a> }
}
