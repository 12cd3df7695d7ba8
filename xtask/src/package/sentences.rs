//! The sentences that the module says, as lines of a key, a tabulator and a sentence (`src/text/module.rs`).

use crate::command::root;
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use whichcard::text::{Lang, sentences};

/// Where files get their words from: sentences of the page, too.
const WRITERS: [&str; 3] = ["src/export", "src/wording", "src/field.rs"];

/// What serving is paid by: the reasons of the planner say it, and so does the page.
const UNITS: &str = "app.served.";

/// Writes them into `target/sentences`: refusals and warnings, the reasons of the planner, and for each language what files say.
pub fn write() -> Result<()> {
    let folder = root().join("target").join("sentences");
    std::fs::create_dir_all(&folder)?;
    let first = sentences(Lang::default());
    let put = |name: &str, lines: Result<String>| -> Result<()> { Ok(std::fs::write(folder.join(name), lines?)?) };
    put("refusals.txt", lines(&first, |key| key.starts_with("error.") || key.starts_with("warning.")))?;
    put("reasons.txt", lines(&first, |key| key.starts_with("reason.") || key.starts_with(UNITS)))?;
    let asked = asked()?;
    for lang in Lang::ALL {
        // The warnings of the default language are said without files, too.
        let warns = *lang != Lang::default();
        let said = |key: &str| asked.iter().any(|asked| asked.is(key)) || (warns && key.starts_with("warning."));
        put(&format!("files-{}.txt", lang.tag()), lines(&sentences(*lang), said))?;
    }
    Ok(())
}

fn lines(sentences: &BTreeMap<String, String>, said: impl Fn(&str) -> bool) -> Result<String> {
    let mut lines = String::new();
    for (key, sentence) in sentences.iter().filter(|(key, _)| said(key)) {
        ensure!(!sentence.contains('\n'), "{key} has several lines");
        lines += &format!("{key}\t{sentence}\n");
    }
    Ok(lines)
}

/// A key that code asks for, or how it begins where the rest is filled in.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    begins: String,
    whole: bool,
}

impl Asked {
    fn is(&self, key: &str) -> bool {
        if self.whole { key == self.begins } else { key.starts_with(&self.begins) }
    }
}

/// What the writers of files ask for, as their source says it.
fn asked() -> Result<BTreeSet<Asked>> {
    let mut asked = BTreeSet::new();
    for place in WRITERS {
        read(&root().join(place), &mut asked)?;
    }
    Ok(asked)
}

fn read(place: &Path, asked: &mut BTreeSet<Asked>) -> Result<()> {
    if place.is_dir() {
        return std::fs::read_dir(place)?.try_for_each(|inside| read(&inside?.path(), asked));
    }
    asked.extend(keys(&std::fs::read_to_string(place).with_context(|| place.display().to_string())?));
    Ok(())
}

/// The keys that stand in quotes in a source, of the sections that are not said elsewhere.
fn keys(source: &str) -> impl Iterator<Item = Asked> {
    let texts = ["\"app.", "\"export."].into_iter().flat_map(|opens| source.match_indices(opens));
    texts.filter_map(|(place, _)| {
        let text = source.get(place + 1..)?.split('"').next()?;
        let begins = text.split('{').next()?;
        Some(Asked { begins: begins.to_owned(), whole: begins.len() == text.len() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_of_the_source() {
        let found: Vec<Asked> = keys("say(\"app.range\", &format!(\"export.note.{key}\"), \"other\")").collect();
        let is = |key: &str| found.iter().any(|asked| asked.is(key));
        assert!(is("app.range") && is("export.note.header") && !is("app.ranges") && !is("export.notes"));
    }

    #[test]
    fn whatever_files_ask_for_has_a_sentence_in_every_language() {
        let asked = asked().unwrap();
        assert!(asked.len() > 100);
        for lang in Lang::ALL {
            let known = sentences(*lang);
            for one in &asked {
                assert!(known.keys().any(|key| one.is(key)), "{} has no sentence in {}", one.begins, lang.tag());
            }
        }
    }

    #[test]
    fn a_line_holds_one_sentence() {
        let said = |sentence: &str| lines(&BTreeMap::from([("error.a".to_owned(), sentence.to_owned())]), |_| true);
        assert_eq!(said("b").unwrap(), "error.a\tb\n");
        assert!(said("b\nc").is_err());
    }
}
