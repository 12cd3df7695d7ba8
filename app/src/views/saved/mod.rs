//! Setups kept in this browser under names: saved, opened, renamed, compared, thrown away and taken back.

mod row;
mod shelf;

use crate::browser;
use crate::context::{Env, use_env};
use crate::tab::use_draft;
use row::Row;
use shelf::{KEY, Saved};
use web_sys::HtmlInputElement;
use yew::prelude::*;

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

/// The list, and what is done with it.
#[derive(Clone)]
struct Shelf {
    all: UseStateHandle<Vec<Saved>>,
    told: UseStateHandle<Option<Told>>,
}

impl Shelf {
    /// Whatever another tab has done since is not undone by what is done here.
    fn change(&self, change: impl FnOnce(&[Saved]) -> Vec<Saved>, told: Option<Told>) {
        let next = change(&shelf::read(&browser::kept(KEY).unwrap_or_default()));
        if browser::keep(KEY, &shelf::write(&next)) {
            self.all.set(next);
            self.told.set(told);
        } else {
            self.told.set(Some(Told::Refused));
        }
    }

    /// The question at hand under the name that was typed, else under its own words.
    fn save(&self, env: &Env, typed: &str, summary: &str) {
        let link = env.lasting(&env.link);
        let typed = shelf::name(typed);
        let name = if typed.is_empty() { shelf::free(&self.all, &shelf::name(summary), &link) } else { typed };
        let replaced = self.all.iter().find(|one| one.name == name && one.link != link).cloned();
        let new = Saved { name, link };
        self.change(|all| shelf::with(all, new), Some(replaced.map_or(Told::Saved, Told::Replaced)));
    }

    /// A listener that does something with the list.
    fn does<E: 'static>(&self, what: fn(&Self, E)) -> Callback<E> {
        let shelf = self.clone();
        Callback::from(move |event| what(&shelf, event))
    }
}

/// The list is read when it is opened, and again when another tab changes it.
#[hook]
fn use_shelf() -> Shelf {
    let shelf = Shelf { all: use_state(Vec::new), told: use_state(|| None) };
    use_effect_with((), {
        let all = shelf.all.clone();
        move |()| {
            let read = move || all.set(shelf::read(&browser::kept(KEY).unwrap_or_default()));
            read();
            let listener = browser::on_kept_elsewhere(read);
            move || drop(listener)
        }
    });
    shelf
}

#[component]
pub fn SavedSetups(props: &SavedProps) -> Html {
    let env = use_env();
    let shelf = use_shelf();
    let delete = shelf.does(|shelf, one: Saved| {
        let name = one.name.clone();
        shelf.change(|all| shelf::without(all, &name), Some(Told::Deleted(one)));
    });
    let rename = shelf.does(|shelf, (from, to): (String, String)| shelf.change(|all| shelf::renamed(all, &from, &to), None));
    let draft = use_draft("save-name");
    html! {
        <div class="saved">
            { new_name(&env, &shelf, &draft, &props.summary) }
            { told(&env, &shelf) }
            <ul id="saved-list">
                { for shelf.all.iter().map(|one| html! {
                    <Row key={one.name.clone()} saved={one.clone()} delete={delete.clone()} rename={rename.clone()} />
                }) }
            </ul>
            <p class="hint" hidden={!shelf.all.is_empty()}>{ env.say("app.saved.none") }</p>
        </div>
    }
}

/// The name to save under.
fn new_name(env: &Env, shelf: &Shelf, draft: &UseStateHandle<String>, summary: &AttrValue) -> Html {
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| draft.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let save = {
        let (env, shelf, draft, summary) = (env.clone(), shelf.clone(), draft.clone(), summary.clone());
        Callback::from(move |()| {
            shelf.save(&env, &draft, &summary);
            draft.set(String::new());
        })
    };
    let onclick = save.reform(|_: MouseEvent| ());
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            save.emit(());
        }
    });
    html! {
        <div class="row">
            <span class="entry"><input id="save-name" type="text" autocomplete="off" maxlength="80" enterkeyhint="done"
                aria-label={env.say("app.saved.name")}
                placeholder={summary.clone()} value={(**draft).clone()} {oninput} {onkeydown} /></span>
            <button type="button" id="save-setup" {onclick}>{ env.say("app.saved.save") }</button>
        </div>
    }
}

/// What happened last, and the way back from it.
fn told(env: &Env, shelf: &Shelf) -> Html {
    let key = |told: &Told| match told {
        Told::Saved => "app.saved.saved",
        Told::Replaced(_) => "app.saved.replaced",
        Told::Deleted(_) => "app.saved.deleted",
        Told::Refused => "app.saved.refused",
    };
    let lost = match &*shelf.told {
        Some(Told::Deleted(one) | Told::Replaced(one)) => Some(one.clone()),
        _ => None,
    };
    let restore = lost.map(|one| {
        let shelf = shelf.clone();
        Callback::from(move |_: MouseEvent| shelf.change(|all| shelf::with(all, one.clone()), None))
    });
    html! {
        <p class="hint" role="status" id="save-told">
            { shelf.told.as_ref().map(|told| env.say(key(told))) }
            { for restore.into_iter().map(|onclick| html! {
                <button key="back" type="button" class="small" id="save-restore" {onclick}>{ env.say("app.undo") }</button>
            }) }
        </p>
    }
}
