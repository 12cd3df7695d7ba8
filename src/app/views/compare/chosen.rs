//! Which cards are compared: up to four, in the link.

use crate::app::context::{Env, use_env};
use crate::app::reading::CUSTOM;
use crate::app::state::Action;
use crate::app::views::choose;
use crate::app::widgets::{Icon, Picker, Sign};
use std::rc::Rc;
use whichcard::request::CardChoice;
use whichcard::share::{Field, View};
use yew::prelude::*;

/// More would not be taken in at a glance.
pub const MOST: usize = 4;
/// What is compared where nobody says: the same class over three generations.
const USUAL: [&str; 3] = ["rtx-3090", "rtx-4090", "rtx-5090"];

/// The cards that are compared, by id where they are known.
pub fn ids(env: &Env) -> Vec<String> {
    let asked = env.link.get(Field::Cards);
    let usual = || {
        let own = env.link.get(Field::Card).filter(|id| choice(env, id).is_some());
        own.into_iter().chain(USUAL).collect::<Vec<&str>>()
    };
    let wanted = asked.map_or_else(usual, |asked| asked.split(',').collect());
    let mut ids: Vec<String> = Vec::new();
    for text in wanted.into_iter().map(str::trim).filter(|text| !text.is_empty()) {
        let id = env.catalog.card(text).map_or_else(|| text.to_owned(), |card| card.id.clone());
        if !ids.contains(&id) && ids.len() < MOST {
            ids.push(id);
        }
    }
    ids
}

/// The card an id stands for: one of the catalogue, or the visitor's own while the link describes it.
pub fn choice(env: &Env, id: &str) -> Option<CardChoice> {
    match &env.reading.request.rig.card {
        own @ CardChoice::Custom(_) if id == CUSTOM => env.reading.setup.is_some().then(|| own.clone()),
        _ => env.catalog.card(id).map(|card| CardChoice::Id(card.id.clone())),
    }
}

/// What the field says once a card has been added; the last makes room where there are enough.
pub fn with(mut ids: Vec<String>, card: &str) -> String {
    if !ids.iter().any(|id| id == card) {
        ids.truncate(MOST - 1);
        ids.push(card.to_owned());
    }
    ids.join(",")
}

/// Leaves a card out.
pub fn leave(env: &Env, card: &str) -> Callback<MouseEvent> {
    let rest: Vec<String> = ids(env).into_iter().filter(|id| id != card).collect();
    let act = env.act.clone();
    Callback::from(move |_: MouseEvent| act.emit(Action::Set(Field::Cards, rest.join(","))))
}

/// The way from elsewhere to the comparison, with these cards added to those that were chosen.
pub fn link(env: &Env, cards: &[&str]) -> Html {
    let before: Vec<String> = if env.link.get(Field::Cards).is_some() { ids(env) } else { Vec::new() };
    let wanted = cards.iter().fold(before, |ids, card| with(ids, card).split(',').map(str::to_owned).collect()).join(",");
    let (href, onclick) = env.way(View::Compare, vec![(Field::Cards, Some(wanted))]);
    html! { <a class="button compares" {href} {onclick}>{ env.say("app.compare.button") }<Icon sign={Sign::Arrow} /></a> }
}

/// Adds a card.
#[component]
pub fn Chosen() -> Html {
    let env = use_env();
    let ids = ids(&env);
    let own = choice(&env, CUSTOM).is_some();
    let entries = use_memo((Rc::as_ptr(&env.catalog), env.lang, own), |(.., own)| {
        choose::pickable_cards(&env).chain(own.then(|| choose::own_card(&env))).collect::<Vec<_>>()
    });
    let onpick = {
        let (env, ids) = (env.clone(), ids.clone());
        Callback::from(move |text: String| {
            let id = env.catalog.card(&text).map_or(text.as_str(), |card| &card.id);
            if choice(&env, id).is_some() {
                env.act.emit(Action::Set(Field::Cards, with(ids.clone(), id)));
            }
        })
    };
    let full = ids.len() >= MOST;
    html! {
        <div class="choose adds" key="adds">
            <Picker field={Field::Cards} label={if full { "app.compare.replace" } else { "app.compare.add" }} {entries} value="" shown="" {onpick} />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_added_once_and_four_are_enough() {
        let ids = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(with(ids("a,b"), "c"), "a,b,c");
        assert_eq!(with(ids("a,b"), "b"), "a,b");
        assert_eq!(with(ids("a,b,c,d"), "e"), "a,b,c,e");
        assert_eq!(with(Vec::new(), "a"), "a");
    }
}
