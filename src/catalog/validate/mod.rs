//! Holds a catalogue against physics and against itself. Reading refuses what cannot be used; this finds what cannot be right.
//!
//! The same list serves `cargo xtask catalog`, the tests, and whoever adds a line to `catalog.json`.

mod answers;
mod board;
mod figures;
mod plausible;
mod prices;
mod references;
pub mod twice;

use super::{Catalog, CatalogError, Note, file::File};
use crate::text::{Lang, knows};

/// Everything that is wrong with the text of a `catalog.json`, in the order of the file. Empty means that it may ship.
#[must_use]
pub fn problems(text: &str) -> Vec<CatalogError> {
    let file = match File::from_json(text) {
        Ok(file) => file,
        Err(error) => return vec![error],
    };
    let twice = twice::ids(text, &file);
    if !twice.is_empty() {
        return twice;
    }
    let catalog = match Catalog::from_file(file.clone()) {
        Ok(catalog) => catalog,
        Err(error) => return vec![error],
    };
    // At a wrong rate every price in that currency seems wrong.
    let rates = plausible::rates(&catalog);
    if !rates.is_empty() {
        return rates;
    }
    let mut found = references::problems(&file);
    found.extend(twice::names(text, &file));
    for (card, written) in catalog.cards().iter().zip(&file.cards) {
        let path = |error: CatalogError| {
            let path = format!("cards.{}.{}", card.id, error.path);
            error.at(path)
        };
        found.extend(figures::problems(&catalog, card, written).into_iter().map(path));
    }
    found.extend(answers::problems(&catalog, &file));
    found.extend(plausible::problems(&catalog, &file));
    found.extend(untranslated(&file));
    found.extend(notes(&file));
    found
}

/// Tasks whose name is missing in a language.
fn untranslated(file: &File) -> Vec<CatalogError> {
    let keys = file.tasks.iter().map(|task| format!("app.task.{}", task.id));
    keys.flat_map(|key| Lang::ALL.iter().filter(|lang| !knows(**lang, &key)).map(|lang| (key.clone(), lang)).collect::<Vec<_>>())
        .map(|(key, lang)| CatalogError::field(key, "-", format!("locales/{}.yml", lang.tag())))
        .collect()
}

/// Notes in a language that there is not, without the one that stands in for the others, or that say nothing.
fn notes(file: &File) -> Vec<CatalogError> {
    let mut found = Vec::new();
    for card in &file.cards {
        let path = format!("cards.{}.notes", card.id);
        let texts: Vec<(&str, &str)> = match &card.notes {
            None => continue,
            Some(Note::English(text)) => vec![(Lang::default().tag(), text)],
            Some(Note::ByLanguage(texts)) => texts.iter().map(|(tag, text)| (tag.as_str(), text.as_str())).collect(),
        };
        if !texts.iter().any(|(tag, _)| *tag == Lang::default().tag()) {
            found.push(CatalogError::field(path.clone(), "-", Lang::default().tag()));
        }
        for (tag, text) in texts {
            if !Lang::ALL.iter().any(|lang| lang.tag() == tag) {
                let tags = Lang::ALL.iter().map(|lang| lang.tag()).collect::<Vec<_>>().join(", ");
                found.push(CatalogError::field(path.clone(), format!("{tag:?}"), tags));
            } else if text.trim().is_empty() {
                found.push(CatalogError::field(path.clone(), format!("{tag} {text:?}"), "a sentence"));
            }
        }
    }
    found
}
