//! A file of `locales/` as it is written: two spaces a level, one quoted text a line.

use std::collections::{BTreeMap, BTreeSet};

/// What a file says, by dotted keys.
pub type Texts = BTreeMap<String, String>;

/// The section that describes the language itself; all others hold sentences.
pub const HEAD: &str = "language.";

/// Reads a file.
///
/// # Errors
/// Each line that cannot be read, or says nothing.
pub fn read(name: &str, file: &str) -> Result<Texts, Vec<String>> {
    let mut path: Vec<&str> = Vec::new();
    let mut texts = Texts::new();
    let mut mistakes = Vec::new();
    for (number, line) in file.lines().enumerate() {
        let line = line.trim_end();
        let text = line.trim_start();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let mut wrong = |what: &str| mistakes.push(format!("{name}:{}: {what}", number + 1));
        let Some((key, value)) = text.split_once(':') else {
            wrong("no key; expected key: \"text\"");
            continue;
        };
        path.truncate((line.len() - text.len()) / 2);
        path.push(key.trim_matches('"'));
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        let key = path.join(".");
        let Some(said) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
            wrong("not a text between quotes");
            continue;
        };
        if said.trim().is_empty() && !key.starts_with(HEAD) {
            wrong("an empty sentence");
        }
        if texts.insert(key, said.to_owned()).is_some() {
            wrong("a key that stands twice");
        }
    }
    if mistakes.is_empty() { Ok(texts) } else { Err(mistakes) }
}

/// What a language says otherwise than the first does, or not at all.
pub fn differences(first: &Texts, other: &Texts) -> Vec<String> {
    let surplus = other.keys().filter(|key| !first.contains_key(*key)).map(|key| format!("{key} is not in en.yml"));
    let compared = first.iter().filter_map(|(key, sentence)| {
        let Some(translated) = other.get(key) else { return Some(format!("{key} is missing")) };
        let (asked, given) = (placeholders(sentence), placeholders(translated));
        (asked != given).then(|| format!("{key} has the placeholders {given:?}; expected {asked:?}"))
    });
    surplus.chain(compared).collect()
}

fn placeholders(sentence: &str) -> BTreeSet<&str> {
    sentence.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
