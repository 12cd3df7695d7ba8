//! A part of the form that is folded away until it is asked for, or until one of its fields needs to be seen.

use crate::context::use_env;
use whichcard::share::{Field, Part};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SectionProps {
    /// Its id, which names it in styles and tests.
    pub id: &'static str,
    #[prop_or("form-part")]
    pub class: &'static str,
    /// Key of its title.
    pub title: &'static str,
    /// Parts of the form that are in it, and other fields: where what was typed into one cannot be read, the section opens by
    /// itself.
    #[prop_or_default]
    pub parts: &'static [Part],
    #[prop_or_default]
    pub fields: &'static [Field],
    /// Whether it opens for any of them that holds something.
    #[prop_or(false)]
    pub shows_what_is_set: bool,
    pub children: Html,
}

#[component]
pub fn Section(props: &SectionProps) -> Html {
    let env = use_env();
    // Once open it stays so: it must not close over a field that is being mended.
    let open = use_mut_ref(|| false);
    let holds = |field: Field| props.parts.contains(&field.part()) || props.fields.contains(&field);
    let refused = || env.reading.problems.iter().any(|(field, _)| holds(*field));
    let set = || env.link.values().any(|(field, text)| holds(field) && !text.is_empty());
    if refused() || props.shows_what_is_set && set() {
        *open.borrow_mut() = true;
    }
    let open = *open.borrow();
    html! {
        <details class={props.class} id={props.id} {open}>
            <summary>{ env.say(props.title) }</summary>
            { props.children.clone() }
        </details>
    }
}
