//! The page's whole state as a short readable query string, and back.
//!
//! A [`Link`] holds what the visitor typed, as text, field by field: reading it as numbers and names comes later, so that a link
//! with a mistake in it still opens with everything in place. What is absent has its default. Both directions are total:
//! [`Link::read`] accepts any text, and reading what [`Link::write`] wrote gives the same link back.

mod packed;

pub use crate::field::{Field, Part};

use crate::document::{Keyword, keyword};
use std::fmt::Write;

/// Version of the spelling below; raised when a key changes its meaning.
const VERSION: u32 = 1;

keyword! {
    /// Which question the visitor asks; the name is that in links.
    #[derive(Default)]
    View {
        /// Which card do I need?
        #[default]
        Advise = "advise",
        /// What can my card do?
        Card = "card",
        /// Will this setup work?
        Inspect = "inspect",
        /// What does a model take from nothing to serving?
        Scratch = "scratch",
        /// How do cards differ?
        Compare = "compare",
        /// What does the catalogue know of cards and models?
        Catalogue = "catalogue",
        /// How near do estimates come to measurements?
        Accuracy = "accuracy",
        /// What is this, and who stands behind its figures?
        About = "about",
        /// How did the generations of cards grow?
        Generations = "generations",
        /// How does an answer get into an article?
        Embed = "embed",
    }
}

impl View {
    /// Questions a visitor comes with, in the order of the page's entrances.
    pub const QUESTIONS: &'static [Self] = &[Self::Advise, Self::Card, Self::Inspect, Self::Scratch];
    /// Views to look things up in.
    pub const REFERENCE: &'static [Self] = &[Self::Compare, Self::Catalogue, Self::Accuracy, Self::About];
    /// Views that have a compact form for the column of an article.
    pub const WIDGETS: &'static [Self] = &[Self::Advise, Self::Inspect, Self::Card, Self::Compare, Self::Generations];
}

/// What a link says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    view: View,
    values: Vec<(Field, String)>,
    foreign: Vec<(String, String)>,
}

impl Link {
    /// A link to a view, everything else by default.
    #[must_use]
    pub const fn to(view: View) -> Self {
        Self { view, values: Vec::new(), foreign: Vec::new() }
    }

    /// The question it asks.
    #[must_use]
    pub const fn view(&self) -> View {
        self.view
    }

    /// What was typed into a field; `None` where it has its default.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == field).map(|(_, text)| text.as_str())
    }

    /// All fields that are set, in the order of [`Field::ALL`].
    pub fn values(&self) -> impl Iterator<Item = (Field, &str)> {
        self.values.iter().map(|(field, text)| (*field, text.as_str()))
    }

    /// Keys nobody reads, repeated keys, and values of `view` and `v` that mean nothing here: shown to the visitor, kept in the
    /// link.
    #[must_use]
    pub fn foreign(&self) -> &[(String, String)] {
        &self.foreign
    }

    /// The version of a link that a newer page wrote: its keys may have meant something else there.
    #[must_use]
    pub fn newer(&self) -> Option<u32> {
        let versions = self.foreign.iter().filter(|(key, _)| key == "v").filter_map(|(_, text)| text.parse::<u32>().ok());
        versions.filter(|version| *version > VERSION).max()
    }

    /// The same with another view.
    #[must_use]
    pub fn at(mut self, view: View) -> Self {
        self.view = view;
        self
    }

    /// The same with a field set.
    #[must_use]
    pub fn with(mut self, field: Field, text: impl Into<String>) -> Self {
        self = self.without(field);
        let place = self.values.partition_point(|(known, _)| *known < field);
        self.values.insert(place, (field, text.into()));
        self
    }

    /// The same with a field back at its default.
    #[must_use]
    pub fn without(mut self, field: Field) -> Self {
        self.values.retain(|(known, _)| *known != field);
        self.foreign.retain(|(key, _)| key != field.key());
        self
    }

    /// The same without what nobody reads.
    #[must_use]
    pub fn without_foreign(mut self) -> Self {
        self.foreign.clear();
        self
    }

    /// Reads a query string, with or without its `?`. The first value of a key counts.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let mut link = Self::default();
        let (mut viewed, mut versioned) = (false, false);
        for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (key, value) = (decode(key), decode(value));
            match (key.as_str(), View::from_name(&value), Field::from_key(&key)) {
                ("v", _, _) if !versioned && value.parse() == Ok(VERSION) => versioned = true,
                ("view", Some(view), _) if !viewed => {
                    link.view = view;
                    viewed = true;
                }
                (_, _, Some(field)) if link.get(field).is_none() => link = link.with(field, value),
                _ if is_tracking(&key, &value) => {}
                _ => link.foreign.push((key, value)),
            }
        }
        link
    }

    /// Writes the query string, without a `?`.
    #[must_use]
    pub fn write(&self) -> String {
        let mut query = format!("v={VERSION}&view={}", self.view.name());
        let known = self.values.iter().map(|(field, text)| (field.key(), text));
        let foreign = self.foreign.iter().map(|(key, text)| (key.as_str(), text));
        for (key, text) in known.chain(foreign) {
            query.push('&');
            encode(key, &mut query);
            query.push('=');
            encode(text, &mut query);
        }
        query
    }
}

/// Whether a part of a link says only where its reader comes from: other sites and their applications add it when a link is passed
/// on, nobody meant it, and it is not passed on from here. `web/early.js` knows the same.
#[must_use]
pub fn is_tracking(key: &str, value: &str) -> bool {
    match key {
        "from" => ["timeline", "singlemessage", "groupmessage"].contains(&value),
        "fbclid" | "gclid" | "gbraid" | "wbraid" | "msclkid" | "twclid" | "ttclid" | "yclid" | "igshid" | "igsh" | "mc_cid"
        | "mc_eid" | "isappinstalled" | "share_token" | "spm" | "ref_src" | "ref_url" => true,
        _ => key.starts_with("utm_"),
    }
}

/// Letters, digits and a few signs that need no escape in a query stay readable; a space is `+`.
fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' | b',' | b'/' => into.push(char::from(byte)),
            b' ' => into.push('+'),
            // Writing to a String cannot fail.
            _ => drop(write!(into, "%{byte:02X}")),
        }
    }
}

/// Undoes [`encode`]; a `%` without two hexadecimal digits stands for itself, and bytes that are not UTF-8 become U+FFFD.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let pair = (byte == b'%').then(|| Some((hex(ahead.next()?)?, hex(ahead.next()?)?))).flatten();
        match (byte, pair) {
            (_, Some((high, low))) => {
                bytes.push(high << 4 | low);
                rest = ahead;
            }
            (b'+', None) => bytes.push(b' '),
            (byte, None) => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
