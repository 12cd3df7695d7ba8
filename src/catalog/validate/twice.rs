//! Ids and names that two entries have, with the place of both.

use crate::catalog::CatalogError;
use crate::catalog::file::{File, WrittenCard};
use crate::catalog::name::{Names, spelling};
use serde_json::Value;
use std::collections::BTreeMap;

/// What stands for an entry and has to be its own.
pub const OWN: &str = "one of its own";

/// An entry of a list: what it is called, and by what names else it may be asked for.
struct Entry<'a> {
    list: &'static str,
    id: &'a str,
    name: &'a str,
    aliases: Vec<&'a str>,
}

/// Ids of two entries, which cannot be read.
pub(super) fn ids(text: &str, file: &File) -> Vec<CatalogError> {
    let all = cards(file).into_iter().chain(models(file)).chain(sources(file)).chain(tasks(file)).collect::<Vec<_>>();
    let (mut first, mut found) = (BTreeMap::new(), Vec::new());
    for (place, entry) in all.iter().enumerate() {
        let earlier = *first.entry((entry.list, entry.id)).or_insert(place);
        if let Some(other) = all.get(earlier).filter(|_| earlier != place) {
            let both = format!("the id of {} and of {}", told(text, &all, other), told(text, &all, entry));
            found.push(CatalogError::field(format!("{}.{}.id", entry.list, entry.id), both, OWN));
        }
    }
    found
}

/// Names of two cards, or of two models, and names that no letter is in.
pub(super) fn names(text: &str, file: &File) -> Vec<CatalogError> {
    let mut found = ambiguous(text, &cards(file));
    found.extend(file.cards.iter().flat_map(strange));
    found.extend(ambiguous(text, &models(file)));
    found
}

/// Ids come first, then names, then aliases, so that what is told is the name that was taken from another entry.
fn ambiguous(text: &str, entries: &[Entry]) -> Vec<CatalogError> {
    let all = || (0..).zip(entries);
    let ids = all().map(|(place, entry)| ("id", place, entry, entry.id));
    let titles = all().map(|(place, entry)| ("name", place, entry, entry.name));
    let aliases = all().flat_map(|(place, entry)| entry.aliases.iter().map(move |alias| ("aliases", place, entry, *alias)));
    let (mut names, mut found) = (Names::default(), Vec::new());
    for (field, place, entry, name) in ids.chain(titles).chain(aliases) {
        let path = || format!("{}.{}.{field}", entry.list, entry.id);
        if spelling(name).is_empty() {
            found.push(CatalogError::field(path(), format!("{name:?}"), "letters or digits"));
        } else if !names.insert(name, place) {
            let other = names.get(name).and_then(|other| entries.get(other));
            let other = other.map_or_else(String::new, |other| placed(text, entries, other, other.id));
            let both = format!("{name:?} of {} and of {other}", placed(text, entries, entry, entry.id));
            found.push(CatalogError::field(path(), both, OWN));
        }
    }
    found
}

/// Aliases with a number of another card: `4090` on the RTX 4060.
fn strange(card: &WrittenCard) -> Vec<CatalogError> {
    let own = numbers(&card.name);
    let mut found = Vec::new();
    for alias in &card.aliases {
        if let Some(number) = numbers(alias).into_iter().find(|number| !own.contains(number)) {
            let expected = format!("no {number}, which {} does not have", card.name);
            found.push(CatalogError::field(format!("cards.{}.aliases", card.id), format!("{alias:?}"), expected));
        }
    }
    found
}

/// The numbers that tell cards apart in a name.
fn numbers(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() > 2).collect()
}

/// What an entry is called and where it stands: "GeForce RTX 4060 (line 183)".
fn told(text: &str, entries: &[Entry], entry: &Entry) -> String {
    placed(text, entries, entry, entry.name)
}

/// Where an entry stands, behind what tells it from another: its name, or its id where the name does not.
fn placed(text: &str, entries: &[Entry], entry: &Entry, called: &str) -> String {
    // Of several with that id, this is the one so many after the first.
    let same = entries.iter().filter(|other| other.list == entry.list && other.id == entry.id);
    let before = same.take_while(|other| !std::ptr::eq(*other, entry)).count();
    let plain = |line: &str| line.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let begins = format!("\"{}\":[", entry.list);
    let written = plain(&format!("\"id\":{}", Value::from(entry.id)));
    let below =
        (1..).zip(text.lines()).skip_while(|(_, line)| !plain(line).trim_start_matches(['{', ',', ']']).starts_with(&begins));
    match below.filter(|(_, line)| plain(line).contains(&written)).nth(before) {
        Some((line, _)) => format!("{called} (line {line})"),
        None => called.to_owned(),
    }
}

fn cards(file: &File) -> Vec<Entry<'_>> {
    file.cards.iter().map(card).collect()
}

fn card(card: &WrittenCard) -> Entry<'_> {
    Entry { list: "cards", id: &card.id, name: &card.name, aliases: card.aliases.iter().map(String::as_str).collect() }
}

fn models(file: &File) -> Vec<Entry<'_>> {
    file.models.iter().map(model).collect()
}

fn model(model: &Value) -> Entry<'_> {
    let text = |field: &str| model.get(field).and_then(Value::as_str).unwrap_or_default();
    let aliases = model.get("aliases").and_then(Value::as_array).into_iter().flatten();
    Entry { list: "models", id: text("id"), name: text("name"), aliases: aliases.filter_map(Value::as_str).collect() }
}

fn sources(file: &File) -> impl Iterator<Item = Entry<'_>> {
    file.sources.iter().map(|source| Entry { list: "sources", id: &source.id, name: &source.title, aliases: Vec::new() })
}

fn tasks(file: &File) -> impl Iterator<Item = Entry<'_>> {
    file.tasks.iter().map(|task| Entry { list: "tasks", id: &task.id, name: &task.id, aliases: Vec::new() })
}
