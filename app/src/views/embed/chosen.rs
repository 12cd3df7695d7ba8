//! The question that is embedded: only what it asks, written out, so that it says the same to every reader, and next year too.

use crate::context::Env;
use crate::reading::concerns;
use crate::views::compare::{self, Adds, leave};
use crate::views::compared::{Entry, entries, fields};
use crate::widgets::{Icon, Sign};
use whichcard::request::{CardChoice, Keyword, ModelChoice};
use whichcard::share::{Field, Link, View};
use yew::prelude::*;

/// Whether a view asks for a field, in a form of its own or by its link. Looks are chosen apart.
const fn asks(widget: View, compact: bool, field: Field) -> bool {
    match field {
        // The models that a card is held against in a column are the same for all questions.
        Field::Task | Field::Model | Field::Config if compact && matches!(widget, View::Card) => false,
        Field::Cards | Field::Setups => matches!(widget, View::Compare),
        Field::Figure => matches!(widget, View::Generations),
        Field::Currency => !matches!(widget, View::Card),
        _ => concerns(widget, field) && !field.is_look(),
    }
}

/// The link of the widget. What could not be read is left out: the title and the preview speak of what holds in its place.
pub fn question(env: &Env, widget: View, compact: bool) -> Link {
    let lasting = env.lasting(&env.link);
    let read = |field: Field| env.reading.problem(field).is_none();
    let asks = |field: Field| asks(widget, compact, field);
    let asked = lasting.values().filter(|(field, text)| !text.is_empty() && asks(*field) && read(*field));
    let link = asked.fold(Link::to(widget), |link, (field, text)| link.with(field, text));
    defaults(env).into_iter().filter(|(field, _)| asks(*field)).fold(link, |link, (field, text)| match link.get(field) {
        Some(_) => link,
        None => link.with(field, text),
    })
}

/// What holds where nothing was chosen.
fn defaults(env: &Env) -> Vec<(Field, String)> {
    let request = &env.reading.request;
    let mut held = vec![(Field::Job, request.job.kind.name().to_owned())];
    held.extend(fields(&entries(env)).into_iter().filter_map(|(field, text)| Some((field, text?))));
    if let ModelChoice::Id(id) = &request.model {
        held.push((Field::Model, id.clone()));
    }
    if let CardChoice::Id(id) = &request.rig.card {
        held.push((Field::Card, id.clone()));
    }
    if let Some((name, _)) = compare::MEASURES.get(compare::measure(env)) {
        held.push((Field::Figure, (*name).to_owned()));
    }
    held
}

/// What one of those that are compared is called.
pub fn name(env: &Env, entry: &Entry) -> String {
    match entry {
        Entry::Card(id) => env.title_of(Field::Card, id),
        Entry::Setup(_) => entry.goal(env).map_or_else(|| entry.in_words(env), |(_, words)| words),
    }
}

/// What is compared: a card is added by its name, and anything left out by its button.
pub fn cards(env: &Env) -> Html {
    html! {
        <>
            <ul class="row" aria-label={env.say("app.compare.cards")}>
                { for entries(env).into_iter().map(|entry| {
                    let (id, name) = (entry.id().to_owned(), name(env, &entry));
                    html! {
                        <li key={id.clone()}><button type="button" class="small" data-leave={id} onclick={leave(env, &entry)}
                            aria-label={env.fill("app.compare.leave", &[("name", &name)])}>
                            { name.clone() }
                            <Icon sign={Sign::Cross} />
                        </button></li>
                    }
                }) }
            </ul>
            <Adds />
        </>
    }
}
