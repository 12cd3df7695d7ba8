//! What leads to the comparison, adds to it and leaves out.

use crate::browser;
use crate::context::{Env, use_env};
use crate::late::Late;
use crate::reading::CUSTOM;
use crate::state::Action;
use crate::views::choose;
use crate::views::compared::{Entry, MOST, all, asked, choice, fields, queued, readable, with};
use crate::widgets::{Icon, Picker, Sign};
use whichcard::share::{Field, Link, View};
use yew::prelude::*;

/// Leaves one out.
pub fn leave(env: &Env, entry: &Entry) -> Callback<MouseEvent> {
    let rest: Vec<Entry> = all(env).into_iter().filter(|one| one != entry).collect();
    let act = env.act.clone();
    Callback::from(move |_: MouseEvent| {
        act.emit(Action::Put(fields(&rest)));
        browser::focus_soon("#comparison .leave");
    })
}

/// The way from elsewhere to the comparison, with these cards added to what was chosen.
pub fn link(env: &Env, cards: &[&str]) -> Html {
    let wanted = cards.iter().fold(asked(env), |entries, card| with(entries, Entry::Card((*card).to_owned())));
    let (href, onclick) = env.way(View::Compare, fields(&wanted));
    html! { <a class="button compares" {href} {onclick}>{ env.say("app.compare.button") }<Icon sign={Sign::Arrow} /></a> }
}

/// Pins a setup to the comparison, or takes it off again, and leads there once something is pinned.
pub fn pin(env: &Env, setup: &Link) -> Html {
    let entry = Entry::setup(env, setup);
    let before = asked(env);
    let pinned = before.contains(&entry);
    let after: Vec<Entry> =
        if pinned { before.iter().filter(|one| **one != entry).cloned().collect() } else { queued(before.clone(), entry) };
    let put = if after.is_empty() { vec![(Field::Cards, None), (Field::Setups, None)] } else { fields(&after) };
    let onclick = {
        let act = env.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Action::Put(put.clone())))
    };
    let (href, follow) = env.way(View::Compare, Vec::new());
    html! {
        <>
            <button type="button" class="pin" aria-pressed={pinned.to_string()} {onclick}>
                <Icon sign={if pinned { Sign::Check } else { Sign::Pin }} />
                { env.say(if pinned { "app.compare.pinned" } else { "app.compare.pin" }) }
            </button>
            <a class="button compares-pinned" {href} onclick={follow} hidden={before.is_empty()}>
                { env.fill("app.compare.pins", &[("n", &readable(env).to_string())]) }<Icon sign={Sign::Arrow} />
            </a>
        </>
    }
}

/// Adds a card.
#[component]
pub fn Adds() -> Html {
    let env = use_env();
    let chosen = all(&env);
    let own = choice(&env, CUSTOM).is_some();
    let entries = use_memo((Late::clone(&env.catalog), env.lang, own), |_| {
        let env = env.clone();
        Late::new(move || choose::pickable_cards(&env).chain(own.then(|| choose::own_card(&env))).collect())
    });
    let entries = Late::clone(&entries);
    let full = chosen.len() >= MOST;
    let onpick = {
        let env = env.clone();
        Callback::from(move |text: String| {
            let id = env.catalog.card(&text).map_or(text.as_str(), |card| &card.id);
            if choice(&env, id).is_some() {
                env.act.emit(Action::Put(fields(&with(chosen.clone(), Entry::Card(id.to_owned())))));
            }
        })
    };
    html! {
        <div class="choose adds" key="adds">
            <Picker field={Field::Cards} label={if full { "app.compare.replace" } else { "app.compare.add" }} {entries} value=""
                shown="" {onpick} />
        </div>
    }
}
