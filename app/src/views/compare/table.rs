//! The comparison as a table: a column for each of those that are compared.

use super::adding::leave;
use super::column::Column;
use super::figure::{self, Figure};
use super::{Compared, working};
use crate::context::Env;
use crate::views::compared::Entry;
use crate::views::rig;
use crate::views::tabled::{Rows, shown};
use crate::widgets::{Icon, Sign};
use std::rc::Rc;
use whichcard::export::TableForm;
use whichcard::share::Field;
use yew::prelude::*;

/// The table to be copied: as it is read, or for programs with a row for each card, so that a column has one unit.
pub fn rows(env: &Env, compared: &Rc<Compared>, sections: Vec<(&'static str, Vec<Figure>)>) -> Callback<TableForm, Rows> {
    let (env, compared, as_read) = (env.clone(), Rc::clone(compared), shown(env, "comparison"));
    Callback::from(move |form| {
        if form == TableForm::Markdown {
            return as_read.emit(form);
        }
        let name = |column: &Column| rig::several(&env, column.count(), &column.card().name);
        let mut rows: Rows = vec![vec![env.say("app.field.card")]];
        rows.extend(compared.columns.iter().map(|column| vec![name(column)]));
        for (_, figures) in &sections {
            for figure in figures {
                figure.add_data(&env, &mut rows);
            }
        }
        rows
    })
}

/// A column for each card, a group of rows for each section.
pub fn table(env: &Env, compared: &Compared, sections: &[(&'static str, Vec<Figure>)]) -> Html {
    let width = (compared.columns.len() + 1).to_string();
    let opened = env.link.get(Field::Open).and_then(working::of_id);
    html! {
        <section class="groups" hidden={compared.columns.is_empty()}>
            <p class="quiet">{ env.say("app.compare.about") }</p>
            <p class="quiet">{ env.say("app.confidence.legend") }</p>
            <div class="scroll" tabindex="0" role="region" aria-label={env.say("app.compare.title")}>
                <table class="ledger" id="comparison" style={format!("--cards:{}", compared.columns.len())}>
                    <thead><tr>
                        <td></td>
                        { for compared.columns.iter().enumerate().map(|(place, column)| {
                            head(env, column, told_apart(env, compared, sections, place))
                        }) }
                    </tr></thead>
                    { for sections.iter().filter(|(_, figures)| !figures.is_empty()).map(|(name, figures)| html! {
                        <tbody key={*name} data-section={*name}>
                            <tr>
                                <th colspan={width.clone()} scope="rowgroup" class="section">
                                    <span>{ env.say(&format!("app.compare.section.{name}")) }</span>
                                </th>
                            </tr>
                            { for figures.iter().map(|one| figure::row(env, one, opened)) }
                        </tbody>
                    }) }
                </table>
            </div>
        </section>
    }
}

/// The job of a column in words; where others share the words, what is asked otherwise here.
fn told_apart(env: &Env, compared: &Compared, sections: &[(&'static str, Vec<Figure>)], place: usize) -> String {
    let words = compared.columns.get(place).map_or("", |column| column.words.as_str());
    let alike = compared.columns.iter().filter(|column| column.words == words).count() > 1;
    let asked = sections.iter().filter(|(name, _)| *name == "asked" && alike && !words.is_empty()).flat_map(|(_, figures)| figures);
    let differs = asked.filter_map(|figure| Some(format!("{} {}", env.say(&figure.name), figure.cells.get(place)?.text)));
    std::iter::once(words.to_owned()).chain(differs).collect::<Vec<_>>().join(" · ")
}

/// A name that leads to what is compared here on its own, its job where it brings one, and the way to leave it out; in an article the
/// author chose.
fn head(env: &Env, column: &Column, words: String) -> Html {
    let entry = &column.entry;
    let (view, changes) = entry.alone();
    let (href, onclick) = env.way(view, changes);
    let card = column.card();
    let name = rig::several(env, column.count(), &card.name);
    let (id, kind) = match entry {
        Entry::Card(id) => (id.clone(), "card"),
        Entry::Setup(packed) => (packed.clone(), "setup"),
    };
    if env.compact {
        return html! {
            <th key={format!("{kind} {id}")} scope="col" data-card={card.id.clone()}>
                { name }<span class="note quiet" hidden={words.is_empty()}>{ words }</span>
            </th>
        };
    }
    html! {
        <th key={format!("{kind} {id}")} scope="col" data-card={card.id.clone()} data-entry={kind}>
            <span class="compared"><a {href} {onclick}>{ name.clone() }</a>
                <button type="button" class="leave" data-leave={id} aria-label={env.fill("app.compare.leave", &[("name", &name)])}
                    onclick={leave(env, entry)}><Icon sign={Sign::Cross} /></button></span>
            <span class="note quiet" hidden={words.is_empty()}>{ words }</span>
        </th>
    }
}
