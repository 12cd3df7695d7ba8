//! A part of the form that is folded away until it is asked for, or until one of its fields needs to be seen.

use crate::app::context::use_env;
use whichcard::share::Field;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SectionProps {
    /// Its id, which names it in styles and tests.
    pub id: &'static str,
    #[prop_or("form-part")]
    pub class: &'static str,
    /// Key of its title.
    pub title: &'static str,
    /// Fields that are in it: where what was typed into one of them cannot be read, the section opens by itself.
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
    let wanted = |field: &Field| {
        env.reading.problem(*field).is_some()
            || props.shows_what_is_set && env.link.get(*field).is_some_and(|text| !text.is_empty())
    };
    if props.fields.iter().any(wanted) {
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
