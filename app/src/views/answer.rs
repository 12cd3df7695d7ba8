//! The frame of every answer: what could not be read is said above it, and a question without an answer says why.
//!
//! What is shown follows from the link alone, so that it is the same after a reload, and for whoever is sent the link.

use crate::context::Env;
use crate::field;
use crate::reading::{Reading, concerns, in_words};
use crate::state::Action;
use crate::views::{recipe, unknown};
use crate::widgets::{Icon, Notice, Sign, Tone};
use std::rc::Rc;
use whichcard::error::RequestError;
use whichcard::share::{Field, Link};
use whichcard::text::list;
use yew::prelude::*;

/// An answer, or why there is none.
pub type Fresh<T> = Result<Rc<T>, RequestError>;

/// The results beside the question.
pub fn answer<T>(env: &Env, fresh: &Fresh<T>, show: impl FnOnce(&Rc<T>) -> Html) -> Html {
    let unknown = unknown::is_asked(env);
    let noted = fresh.is_ok() && !unknown && env.reading.unreadable(env.link.view());
    html! {
        <section key="results" id="results" class="results" tabindex="-1" aria-label={env.say("app.form.answer")}>
            <div class="unread" role="status" hidden={!noted}>{ if noted { unread(env) } else { html! {} } }</div>
            { match fresh {
                _ if unknown => unknown::answer(env),
                Ok(value) => show(value),
                Err(error) => refused(env, error),
            } }
        </section>
    }
}

/// The fields say what is wrong; here is said which they are, for some may be out of sight, and that the answer takes their defaults.
fn unread(env: &Env) -> Html {
    let fields: Vec<Field> = unreadable(env).collect();
    let act = env.act.clone();
    let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Put(fields.iter().map(|field| (*field, None)).collect())));
    html! {
        <Notice tone={Tone::Caution}>
            <p>{ unread_in_words(env) }</p>
            <button type="button" class="small" id="to-defaults" {onclick}>{ env.say("app.reset") }</button>
        </Notice>
    }
}

/// The fields of this view that could not be read.
fn unreadable(env: &Env) -> impl Iterator<Item = Field> {
    let view = env.link.view();
    env.reading.problems.iter().map(|(field, _)| *field).filter(move |field| concerns(view, *field))
}

/// Which fields could not be read, and that their defaults are taken.
fn unread_in_words(env: &Env) -> String {
    unread_said(env, "app.fault.defaults")
}

/// Which fields could not be read, in few words.
pub fn unread_in_short(env: &Env) -> String {
    unread_said(env, "app.fault.unread")
}

fn unread_said(env: &Env, key: &str) -> String {
    let names: Vec<String> = unreadable(env).map(|field| env.say(field::named(env, field))).collect();
    env.fill(key, &[("fields", &list(env.lang, &names))])
}

/// What the link opens, where that is not in the list below: said, so that nobody looks for it.
pub fn not_here(env: &Env, said: String) -> Html {
    let act = env.act.clone();
    let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Put(vec![(Field::Open, None)])));
    html! {
        <Notice id="not-here" tone={Tone::Caution}>
            <p>{ said }</p>
            <button type="button" class="small" {onclick}>{ env.say("app.notice.drop-foreign") }</button>
        </Notice>
    }
}

fn refused(env: &Env, error: &RequestError) -> Html {
    // What one model can do another refuses: the way out stands here, not only at the field, which may be folded away.
    html! {
        <div class="answer">
            <header class="headline no" id="verdict" data-verdict="refused" aria-live="polite">
                <p class="eyebrow"><Icon sign={Sign::Cross} />{ env.say("app.notice.refused") }</p>
                <h1>{ env.say("app.notice.refused-title") }</h1>
                <p>{ in_words(env, error) }</p>
                { ways_back(env, refused_fields(env, error).into_iter()) }
            </header>
        </div>
    }
}

/// Buttons that put back to their defaults those of some fields that are set.
pub fn ways_back(env: &Env, fields: impl Iterator<Item = Field>) -> Html {
    let set = fields.filter(|field| env.link.get(*field).is_some_and(|text| !text.is_empty()));
    html! {
        <p class="row">
            { for set.map(|field| {
                let act = env.act.clone();
                let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Put(vec![(field, None)])));
                let name = env.say(field::named(env, field));
                html! {
                    <button key={field.key()} type="button" data-back={field.key()} {onclick}>
                        { env.fill("app.reset-field", &[("field", &name)]) }
                    </button>
                }
            }) }
        </p>
    }
}

/// What to put back to its default so that there is an answer: one field where one is enough, first the one that is named; else all that
/// is set of the recipe. A configuration was pasted, and has no default.
fn refused_fields(env: &Env, error: &RequestError) -> Vec<Field> {
    let named = field::of_path(&error.field);
    let set = |field: &Field| *field != Field::Config && env.link.get(*field).is_some();
    let mends = |field: &Field| Reading::of(&Link::clone(&env.link).without(*field), &env.catalog, env.lang).setup.is_some();
    let recipe = || Field::ALL.iter().copied().filter(|field| recipe::has(*field) && set(field));
    let one = [named].into_iter().filter(set).chain(recipe()).find(mends);
    let named = || set(&named).then(|| vec![named]);
    one.map(|field| vec![field]).or_else(named).unwrap_or_else(|| recipe().collect())
}
