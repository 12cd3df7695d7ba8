//! Parts of the page that know nothing of cards or models.

mod chips;
mod icon;
mod menu;
mod notice;
mod number_field;
mod picker;
mod search;
mod section;
mod slider;
mod step;
mod term;
mod unfolded;

pub use chips::Chips;
pub use icon::{Icon, Sign};
pub use menu::Menu;
pub use notice::{Notice, Tone};
pub use number_field::NumberField;
pub use picker::Picker;
pub use search::{Pickable, found, without_memory};
pub use section::Section;
pub use term::{Term, word_of};
pub use unfolded::use_unfolded;

use super::browser;
use super::context::Env;
use super::field;
use super::field::choice;
use super::reading::Problem;
use super::state::Action;
use whichcard::share::Field;
use yew::prelude::*;

/// Key of a field's label: its usual one, unless another was given.
fn label_of(env: &Env, field: Field, given: &AttrValue) -> AttrValue {
    if given.is_empty() { field::named(env, field).into() } else { given.clone() }
}

/// The head of a field: its label, what its word means, and the way back to its default where something is set.
fn head(env: &Env, field: Field, label: &str) -> Html {
    let id = field.key();
    let name = env.say(label);
    let set = env.link.get(field).is_some_and(|text| !text.is_empty());
    let reset = {
        let act = env.act.clone();
        Callback::from(move |_: MouseEvent| {
            act.emit(Action::Put(vec![(field, None)]));
            // The button goes away with what it undoes.
            browser::focus_id(id);
        })
    };
    html! {
        <div class="field-head">
            <span class="worded">
                <label class="termed" for={id}>{ name.clone() }</label>
                <Term word={word_of(label)} name={name.clone()} place={id} />
            </span>
            <button type="button" class="reset" hidden={!set} data-reset={id} title={env.say("app.reset")}
                aria-label={env.fill("app.reset-field", &[("field", &name)])} onclick={reset}><Icon sign={Sign::Back} /></button>
        </div>
    }
}

/// The message of a field, with valid choices to pick by one click. Always in the page, so that it is announced when it fills.
fn message(env: &Env, field: Field, problem: Option<&Problem>) -> Html {
    let suggestions = problem.map(Problem::suggestions).unwrap_or_default();
    html! {
        <div class="message" id={format!("{}-message", field.key())} aria-live="polite" hidden={problem.is_none()}>
            <p>{ problem.map(|problem| problem.say(env, field)) }</p>
            <p class="row" hidden={suggestions.is_empty()}>
                { for suggestions.iter().map(|name| {
                    let (set, value) = (env.set(field), name.clone());
                    let pick = Callback::from(move |_: MouseEvent| set.emit(value.clone()));
                    html! {
                        <button key={name.clone()} type="button" class="small" onclick={pick}>{ choice(env, field, name) }</button>
                    }
                }) }
            </p>
        </div>
    }
}
