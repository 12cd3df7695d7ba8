//! Setups kept in this browser under names: saved, opened, renamed, compared, thrown away and taken back.

mod row;
mod shelf;

use crate::app::browser;
use crate::app::context::use_env;
use row::Row;
use shelf::{KEY, Saved};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// A change to the list.
type Change = Box<dyn FnOnce(&[Saved]) -> Vec<Saved>>;

/// What happened last.
#[derive(Clone, PartialEq)]
enum Told {
    Saved,
    /// Given way to another one of its name; it can be taken back.
    Replaced(Saved),
    /// Thrown away, likewise.
    Deleted(Saved),
    /// The browser keeps nothing.
    Refused,
}

#[derive(Properties, PartialEq)]
pub struct SavedProps {
    /// The question in words: its name where the visitor gives none.
    pub summary: AttrValue,
}

/// The list is read when it is opened, and again when another tab changes it.
#[component]
pub fn SavedSetups(props: &SavedProps) -> Html {
    let env = use_env();
    let all = use_state(Vec::<Saved>::new);
    let told = use_state(|| None::<Told>);
    let draft = use_state(String::new);
    use_effect_with((), {
        let all = all.clone();
        move |()| {
            let read = move || all.set(shelf::read(&browser::kept(KEY).unwrap_or_default()));
            read();
            let listener = browser::on_kept_elsewhere(read);
            move || drop(listener)
        }
    });
    // Whatever another tab has done since is not undone by what is done here.
    let change = {
        let (all, told) = (all.clone(), told.clone());
        Callback::from(move |(change, say): (Change, Option<Told>)| {
            let next = change(&shelf::read(&browser::kept(KEY).unwrap_or_default()));
            if browser::keep(KEY, &shelf::write(&next)) {
                all.set(next);
                told.set(say);
            } else {
                told.set(Some(Told::Refused));
            }
        })
    };
    let save = {
        let (env, change, draft, summary) = (env.clone(), change.clone(), draft.clone(), props.summary.clone());
        let known = all.clone();
        Callback::from(move |()| {
            let link = env.lasting(&env.link);
            let typed = shelf::name(&draft);
            let name = if typed.is_empty() { shelf::free(&known, &shelf::name(&summary), &link) } else { typed };
            let replaced = known.iter().find(|one| one.name == name && one.link != link).cloned();
            let new = Saved { name, link };
            draft.set(String::new());
            change.emit((Box::new(move |all| shelf::with(all, new)), Some(replaced.map_or(Told::Saved, Told::Replaced))));
        })
    };
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| draft.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let onkeydown = {
        let save = save.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                save.emit(());
            }
        })
    };
    let delete = {
        let change = change.clone();
        Callback::from(move |one: Saved| {
            let name = one.name.clone();
            change.emit((Box::new(move |all| shelf::without(all, &name)), Some(Told::Deleted(one))));
        })
    };
    let rename = {
        let change = change.clone();
        Callback::from(move |(from, to): (String, String)| {
            change.emit((Box::new(move |all| shelf::renamed(all, &from, &to)), None))
        })
    };
    let restore = match &*told {
        Some(Told::Deleted(one) | Told::Replaced(one)) => {
            let one = one.clone();
            Some(Callback::from(move |_: MouseEvent| {
                let one = one.clone();
                change.emit((Box::new(move |all| shelf::with(all, one)), None));
            }))
        }
        _ => None,
    };
    html! {
        <div class="saved">
            <div class="row">
                <span class="entry"><input id="save-name" type="text" autocomplete="off" maxlength="80" enterkeyhint="done" aria-label={env.say("app.saved.name")}
                    placeholder={props.summary.clone()} value={(*draft).clone()} {oninput} {onkeydown} /></span>
                <button type="button" id="save-setup" onclick={save.reform(|_: MouseEvent| ())}>{ env.say("app.saved.save") }</button>
            </div>
            <p class="hint" role="status" id="save-told">
                { told.as_ref().map(|told| env.say(match told {
                    Told::Saved => "app.saved.saved",
                    Told::Replaced(_) => "app.saved.replaced",
                    Told::Deleted(_) => "app.saved.deleted",
                    Told::Refused => "app.saved.refused",
                })) }
                { for restore.into_iter().map(|onclick| html! { <button key="back" type="button" class="small" id="save-restore" {onclick}>{ env.say("app.undo") }</button> }) }
            </p>
            <ul id="saved-list">
                { for all.iter().map(|one| html! {
                    <Row key={one.name.clone()} saved={one.clone()} delete={delete.clone()} rename={rename.clone()} />
                }) }
            </ul>
            <p class="hint" hidden={!all.is_empty()}>{ env.say("app.saved.none") }</p>
        </div>
    }
}
