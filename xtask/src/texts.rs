//! The sentences as the page loads them: two files for each language, what the first answer
//! says and the rest (`web/later-texts.txt`).

use crate::command::root;
use crate::divide::paths;
use crate::site::kept;
use crate::stamp::integrity;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use whichcard::text::{Lang, sentences};

/// Sections that only the frame of the page and the guide say, which are written while the site is built.
const BUILT: [&str; 2] = ["shell.", "guide."];

/// Writes the files into a folder. Answers their names and checksums by language, as the page reads them (`web/texts.js`).
pub fn write(folder: &Path) -> Result<String> {
    let listed = std::fs::read_to_string(root().join("web").join("later-texts.txt")).context("web/later-texts.txt")?;
    let waits = paths(&listed);
    let mut files = BTreeMap::new();
    for lang in Lang::ALL {
        let [first, rest] = parts(sentences(*lang), &waits);
        let tag = lang.tag();
        files.insert(tag, [file(folder, &format!("texts-{tag}"), &first)?, file(folder, &format!("later-{tag}"), &rest)?]);
    }
    Ok(serde_json::to_string(&files)?)
}

fn parts(all: BTreeMap<String, String>, waits: &[&str]) -> [Value; 2] {
    let said = all.into_iter().filter(|(key, _)| !BUILT.iter().any(|section| key.starts_with(section)));
    let (rest, first): (BTreeMap<_, _>, BTreeMap<_, _>) =
        said.partition(|(key, _)| waits.iter().any(|section| key.starts_with(section)));
    [json!({ "waits": waits, "says": first }), json!({ "says": rest })]
}

/// Writes a file. Answers its name and checksum.
fn file(folder: &Path, name: &str, content: &Value) -> Result<[String; 2]> {
    let text = content.to_string();
    Ok([format!("./{}", kept(folder, name, ".json", text.as_bytes())?), integrity(text.as_bytes())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_in_one_of_the_files() {
        for lang in Lang::ALL {
            let mut all = sentences(*lang);
            let [first, rest] = parts(all.clone(), &["explain.", "app.about."]);
            let said = |part: &Value| part.get("says").and_then(Value::as_object).cloned().unwrap_or_default();
            assert!(said(&first).keys().all(|key| !key.starts_with("explain.")) && !said(&rest).is_empty());
            let together: BTreeMap<String, String> =
                said(&first).into_iter().chain(said(&rest)).map(|(key, text)| (key, text.as_str().unwrap().to_owned())).collect();
            all.retain(|key, _| !BUILT.iter().any(|section| key.starts_with(section)));
            assert_eq!(together, all);
        }
    }

    #[test]
    fn sections_that_wait_are_there() {
        let listed = std::fs::read_to_string(root().join("web/later-texts.txt")).unwrap();
        let known = sentences(Lang::default());
        for section in paths(&listed) {
            assert!(known.keys().any(|key| key.starts_with(section)), "no sentence begins with {section}");
        }
    }
}
