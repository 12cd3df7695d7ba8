//! What a word of the field means, in a line: at its label, by pointing, by keyboard, by touch.

use crate::context::use_env;
use web_sys::HtmlElement;
use whichcard::text::knows;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct TermProps {
    /// The word, as the keys of the locale files spell it: `kv-cache`.
    pub word: AttrValue,
    /// What it is called where it stands: many such buttons stand in a row.
    pub name: AttrValue,
    /// Place it stands in, so that ids are unique.
    pub place: AttrValue,
}

/// A question mark that tells what the word means; nothing where the glossary does not have it.
#[component]
pub fn Term(props: &TermProps) -> Html {
    let env = use_env();
    let key = format!("app.term.{}", props.word);
    if !knows(env.lang, &key) {
        return html! { <span hidden=true></span> };
    }
    let id = format!("term-{}-{}", props.place, props.word);
    // A press that only wants the line to go away.
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            drop(event.target_unchecked_into::<HtmlElement>().blur());
        }
    });
    // Not every browser gives a pressed button the focus, which is what shows the line.
    let onclick = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        drop(event.target_unchecked_into::<HtmlElement>().focus());
    });
    html! {
        <span class="term">
            <button type="button" aria-label={env.fill("app.term-about", &[("name", &props.name)])} aria-describedby={id.clone()}
                data-term={props.word.clone()} {onclick} {onkeydown}>
                { "?" }
            </button>
            <span role="tooltip" {id}>{ env.say(&key) }</span>
        </span>
    }
}

/// The word that a label's key names: `app.field.kv-cache` is about `kv-cache`.
pub fn word_of(label: &str) -> AttrValue {
    label.rsplit('.').next().unwrap_or_default().to_owned().into()
}
