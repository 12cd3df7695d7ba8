//! Sentences handed over at run time: the page loads those of its language instead of carrying every language.
//!
//! They come in two files. The first holds what the first answer says, and names the sections that are in the second; a sentence of
//! such a section that is asked for too soon brings the second.

use super::Lang;
use crate::document;
use serde_json::{Map, Value};
use std::sync::OnceLock;

/// A file of sentences.
struct Sentences {
    says: Map<String, Value>,
    /// Sections that are in the other file.
    waits: Vec<String>,
}

type Files = [OnceLock<Sentences>; Lang::ALL.len()];

static FIRST: Files = [const { OnceLock::new() }; Lang::ALL.len()];
static REST: Files = [const { OnceLock::new() }; Lang::ALL.len()];
static BRING: OnceLock<fn()> = OnceLock::new();

/// Takes a file of sentences; answers whether it is one.
pub fn hand_over(lang: Lang, json: &str) -> bool {
    let Ok(Value::Object(mut file)) = document::parse(json) else { return false };
    let Some(Value::Object(says)) = file.remove("says") else { return false };
    let waits = match file.remove("waits") {
        Some(Value::Array(sections)) => Some(sections.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        _ => None,
    };
    let files = if waits.is_some() { &FIRST } else { &REST };
    if let Some(place) = files.get(place_of(lang)) {
        // The same file once more says nothing new.
        drop(place.set(Sentences { says, waits: waits.unwrap_or_default() }));
    }
    true
}

/// Says how to bring the second file, at once.
pub fn brought_by(bring: fn()) {
    let _ = BRING.set(bring);
}

/// Whether the sentences of the first answer are here in this language.
#[must_use]
pub fn speaks(lang: Lang) -> bool {
    file(&FIRST, lang).is_some()
}

/// The sentence of a key: in a language that is here, if this one is not.
pub(super) fn sentence(lang: Lang, key: &str) -> Option<&'static str> {
    let lang = if speaks(lang) { lang } else { *Lang::ALL.iter().find(|other| speaks(**other))? };
    let first = file(&FIRST, lang)?;
    first.find(key).or_else(|| {
        let waits = first.waits.iter().any(|section| key.starts_with(section));
        if waits { rest(lang)?.find(key) } else { None }
    })
}

fn rest(lang: Lang) -> Option<&'static Sentences> {
    file(&REST, lang).or_else(|| {
        BRING.get()?();
        file(&REST, lang)
    })
}

fn file(files: &'static Files, lang: Lang) -> Option<&'static Sentences> {
    files.get(place_of(lang))?.get()
}

fn place_of(lang: Lang) -> usize {
    Lang::ALL.iter().position(|one| *one == lang).unwrap_or_default()
}

impl Sentences {
    fn find(&self, key: &str) -> Option<&str> {
        self.says.get(key)?.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_found_in_its_file_and_brings_it() {
        // One test, since what is handed over stays.
        assert_eq!(sentence(Lang::En, "page.title"), None);
        assert!(!hand_over(Lang::En, "[]") && !hand_over(Lang::En, "<!doctype html>") && !speaks(Lang::En));
        assert!(hand_over(Lang::En, r#"{"says": {"page.title": "A title"}, "waits": ["explain."]}"#));
        assert_eq!(sentence(Lang::En, "page.title"), Some("A title"));
        assert_eq!(sentence(Lang::ZhCn, "page.title"), Some("A title"));
        assert_eq!(sentence(Lang::En, "explain.memory"), None);
        brought_by(|| assert!(hand_over(Lang::En, r#"{"says": {"explain.memory": "Memory"}}"#)));
        assert_eq!(sentence(Lang::En, "page.nothing"), None);
        assert!(file(&REST, Lang::En).is_none());
        assert_eq!(sentence(Lang::En, "explain.memory"), Some("Memory"));
        assert_eq!(sentence(Lang::En, "explain.nothing"), None);
    }
}
