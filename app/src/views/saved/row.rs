//! One kept setup: its name is a link; what can be done with it stands beside.

use super::shelf::{Saved, name};
use crate::browser;
use crate::context::{followed, use_env};
use crate::state::Action;
use crate::views::compared::{adding, comparable};
use crate::widgets::{Icon, Sign};
use web_sys::HtmlInputElement;
use whichcard::request::Keyword;
use whichcard::share::{Field, View};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct RowProps {
    pub saved: Saved,
    pub delete: Callback<Saved>,
    /// From a name to another.
    pub rename: Callback<(String, String)>,
}

#[component]
pub fn Row(props: &RowProps) -> Html {
    let env = use_env();
    let Saved { name: known, link } = &props.saved;
    // What is typed while it is renamed.
    let draft = use_state(|| None::<String>);
    // Looks are the visitor's of today.
    let link = [Field::Lang, Field::Theme, Field::Embed].into_iter().fold(link.clone(), |link, field| match env.link.get(field) {
        Some(text) => link.with(field, text),
        None => link.without(field),
    });
    let open = {
        let (act, link) = (env.act.clone(), link.clone());
        followed(move || act.emit(Action::Open(link.clone())))
    };
    let compare = {
        let (env, link) = (env.clone(), link.clone());
        // Worked out when it is asked for: a recommendation has to be planned first.
        Callback::from(move |_: MouseEvent| env.act.emit(Action::Go(View::Compare, adding(&env, std::slice::from_ref(&link)))))
    };
    let start = {
        let (draft, known) = (draft.clone(), known.clone());
        Callback::from(move |_: MouseEvent| {
            draft.set(Some(known.clone()));
            browser::focus_soon("#rename");
        })
    };
    let delete = {
        let (delete, saved) = (props.delete.clone(), props.saved.clone());
        Callback::from(move |_: MouseEvent| delete.emit(saved.clone()))
    };
    let label = |key: &str| env.fill(key, &[("name", known)]);
    html! {
        <li data-saved={known.clone()}>
            { match &*draft {
                Some(typed) => renaming(props, typed, &draft, &env.say("app.saved.name")),
                None => html! { <a key="name" class="name" href={format!("?{}", link.write())} onclick={open}>{ known }</a> },
            } }
            <span class="quiet">{ env.say(&format!("app.nav.{}", link.view().name())) }</span>
            <span class="row">
                <button type="button" class="small" data-compare="true" aria-label={label("app.saved.compare-one")}
                    onclick={compare}
                    hidden={!comparable(link.view())}>{ env.say("app.compare.button") }</button>
                <button type="button" class="small" data-rename="true" aria-label={label("app.saved.rename-one")} onclick={start}
                    hidden={draft.is_some()}>
                    { env.say("app.saved.rename") }
                </button>
                <button type="button" class="small" data-delete="true" aria-label={label("app.saved.delete-one")} onclick={delete}>
                    <Icon sign={Sign::Cross} />
                </button>
            </span>
        </li>
    }
}

/// Its name as a field: Enter or leaving takes it, Escape leaves the old one.
fn renaming(props: &RowProps, typed: &str, draft: &UseStateHandle<Option<String>>, label: &str) -> Html {
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| draft.set(Some(event.target_unchecked_into::<HtmlInputElement>().value())))
    };
    let take = {
        let (draft, rename, from, to) = (draft.clone(), props.rename.clone(), props.saved.name.clone(), name(typed));
        Callback::from(move |()| {
            draft.set(None);
            if !to.is_empty() && to != from {
                rename.emit((from.clone(), to.clone()));
            }
        })
    };
    let onkeydown = {
        let (draft, take) = (draft.clone(), take.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                take.emit(());
            }
            "Escape" => draft.set(None),
            _ => {}
        })
    };
    let onblur = take.reform(|_: FocusEvent| ());
    html! {
        <span key="rename" class="entry">
            <input id="rename" type="text" maxlength="80" aria-label={label.to_owned()} value={typed.to_owned()} {oninput}
                {onkeydown} {onblur} />
        </span>
    }
}
