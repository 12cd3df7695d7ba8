//! What is compared: up to four cards and setups, in the link.

use super::entry::Entry;
use crate::context::Env;
use crate::reading::CUSTOM;
use whichcard::request::CardChoice;
use whichcard::share::Field;

/// More would not be taken in at a glance.
pub const MOST: usize = 4;
/// What is compared where nobody says: the same class over three generations.
const USUAL: [&str; 3] = ["rtx-3090", "rtx-4090", "rtx-5090"];

/// What is compared: the first few that can be read.
pub fn entries(env: &Env) -> Vec<Entry> {
    all(env).into_iter().take(MOST).collect()
}

/// Those for which there is no room. They are told of, and the next takes the place of what is left out.
pub fn waiting(env: &Env) -> Vec<Entry> {
    all(env).into_iter().skip(MOST).collect()
}

/// All that can be read.
pub fn all(env: &Env) -> Vec<Entry> {
    named(env).into_iter().filter(|entry| entry.goal(env).is_some()).collect()
}

/// Whether nobody has said what to compare.
pub fn is_example(env: &Env) -> bool {
    env.link.get(Field::Cards).is_none() && env.link.get(Field::Setups).is_none()
}

/// What cannot be read: it is told of, and takes no place of another.
pub fn unread(env: &Env) -> Vec<String> {
    named(env).iter().filter(|entry| entry.goal(env).is_none()).map(|entry| entry.in_words(env)).collect()
}

/// What the link names: cards by id where they are known, then setups.
fn named(env: &Env) -> Vec<Entry> {
    let setups = env.link.get(Field::Setups).unwrap_or_default();
    let usual = || {
        let own = env.link.get(Field::Card).filter(|id| choice(env, id).is_some());
        own.into_iter().chain(USUAL).collect::<Vec<&str>>()
    };
    let cards = match env.link.get(Field::Cards) {
        Some(asked) => asked.split(',').collect(),
        None if setups.is_empty() => usual(),
        None => Vec::new(),
    };
    let cards = cards.into_iter().map(str::trim).filter(|text| !text.is_empty());
    let cards = cards.map(|text| Entry::Card(env.catalog.card(text).map_or_else(|| text.to_owned(), |card| card.id.clone())));
    let setups = setups.split('/').filter(|text| !text.is_empty()).map(|text| Entry::Setup(text.to_owned()));
    let mut entries: Vec<Entry> = Vec::new();
    for entry in cards.chain(setups) {
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries
}

/// The card an id stands for: one of the catalogue, or the visitor's own while the link describes it.
pub fn choice(env: &Env, id: &str) -> Option<CardChoice> {
    match &env.reading.request.rig.card {
        own @ CardChoice::Custom(_) if id == CUSTOM => env.reading.setup.is_some().then(|| own.clone()),
        _ => env.catalog.card(id).map(|card| CardChoice::Id(card.id.clone())),
    }
}

/// Those that were asked for, without the usual ones.
pub fn asked(env: &Env) -> Vec<Entry> {
    if is_example(env) { Vec::new() } else { all(env) }
}

/// How many were asked for and can be compared.
pub fn readable(env: &Env) -> usize {
    asked(env).len()
}

/// One more that is to be seen; where there are enough, the last of its kind makes room, or the last of all. Those that wait go on waiting.
pub fn with(mut entries: Vec<Entry>, entry: Entry) -> Vec<Entry> {
    if entries.iter().take(MOST).any(|one| *one == entry) {
        return entries;
    }
    entries.retain(|one| *one != entry);
    if entries.len() >= MOST {
        let alike = |one: &Entry| matches!(one, Entry::Card(_)) == matches!(entry, Entry::Card(_));
        let last = entries.iter().take(MOST).rposition(alike).unwrap_or(MOST - 1);
        entries.remove(last);
    }
    entries.insert(entries.len().min(MOST - 1), entry);
    entries
}

/// One of those that wait, seen; the last of those that were takes its place among them.
pub fn seen(mut entries: Vec<Entry>, entry: &Entry) -> Vec<Entry> {
    if let Some(place) = entries.iter().position(|one| one == entry).filter(|place| *place >= MOST) {
        let waited = entries.remove(place);
        entries.insert(MOST - 1, waited);
    }
    entries
}

/// Whether there is a place for one of those that wait: a link names its cards before its setups, so four cards leave none to a setup.
pub fn can_be_seen(env: &Env, entry: &Entry) -> bool {
    let is_card = |one: &Entry| matches!(one, Entry::Card(_));
    is_card(entry) || all(env).iter().filter(|one| is_card(one)).count() < MOST
}

/// One more behind the others: nothing gives way to it, so it may have to wait.
pub fn queued(mut entries: Vec<Entry>, entry: Entry) -> Vec<Entry> {
    if !entries.contains(&entry) {
        entries.push(entry);
    }
    entries
}

/// The fields that ask for these.
pub fn fields(entries: &[Entry]) -> Vec<(Field, Option<String>)> {
    let all = |cards: bool| entries.iter().filter(|one| matches!(one, Entry::Card(_)) == cards).map(Entry::id).collect::<Vec<_>>();
    let (cards, setups) = (all(true), all(false));
    // That nothing is compared has to be said, or the usual cards are.
    let says_cards = !cards.is_empty() || setups.is_empty();
    vec![(Field::Cards, says_cards.then(|| cards.join(","))), (Field::Setups, (!setups.is_empty()).then(|| setups.join("/")))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_added_once_and_four_are_enough() {
        let card = |id: &str| Entry::Card(id.to_owned());
        let setup = |id: &str| Entry::Setup(id.to_owned());
        let cards = |text: &str| text.split(',').map(card).collect::<Vec<_>>();
        assert_eq!(with(cards("a,b"), card("c")), cards("a,b,c"));
        assert_eq!(with(cards("a,b"), card("b")), cards("a,b"));
        assert_eq!(with(cards("a,b,c,d"), card("e")), cards("a,b,c,e"));
        assert_eq!(with(Vec::new(), card("a")), cards("a"));
        assert_eq!(with(cards("a,b,c,d"), setup("s")), [cards("a,b,c"), vec![setup("s")]].concat());
        let mixed = vec![card("a"), setup("s"), setup("t"), card("b")];
        assert_eq!(with(mixed.clone(), setup("u")), vec![card("a"), setup("s"), card("b"), setup("u")]);
        assert_eq!(with(cards("a,b,c,d,e,f"), card("g")), cards("a,b,c,g,e,f"), "what waits goes on waiting");
        assert_eq!(with(cards("a,b,c,d,e,f"), card("f")), cards("a,b,c,f,e"), "or is shown");
        assert_eq!(seen(cards("a,b,c,d,e,f"), &card("f")), cards("a,b,c,f,d,e"));
        assert_eq!(seen(cards("a,b"), &card("b")), cards("a,b"));
        assert_eq!(queued(cards("a,b,c,d"), card("e")), cards("a,b,c,d,e"));
        assert_eq!(queued(cards("a,b"), card("a")), cards("a,b"));
        let alone = fields(&[setup("s")]);
        assert_eq!(alone, vec![(Field::Cards, None), (Field::Setups, Some("s".to_owned()))]);
        assert_eq!(fields(&[]), vec![(Field::Cards, Some(String::new())), (Field::Setups, None)]);
        assert_eq!(fields(&mixed), vec![(Field::Cards, Some("a,b".to_owned())), (Field::Setups, Some("s/t".to_owned()))]);
    }
}
