//! Parts of the page that know nothing of cards or models.

mod chips;
mod icon;
mod menu;
mod notice;
mod number_field;
mod picker;

pub use chips::Chips;
pub use icon::{Icon, Sign};
pub use menu::Menu;
pub use notice::{Notice, Tone};
pub use number_field::NumberField;
pub use picker::{Pickable, Picker};

use super::context::Env;
use super::field::choice;
use super::reading::Problem;
use whichcard::share::Field;
use yew::prelude::*;

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
                    html! { <button key={name.clone()} type="button" class="small" onclick={pick}>{ choice(env, field, name) }</button> }
                }) }
            </p>
        </div>
    }
}
