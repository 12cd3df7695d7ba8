//! What is made of a record's words. They are free text, of which the readers look for what they know: a slip in one is read as if nothing
//! had been said, and the estimate is then of something else.

use super::FILES;
use super::record::Record;
use super::setup;
use crate::command::root;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use whichcard::catalog::Catalog;
use whichcard::request::{Keyword, Setup};

/// Fields that are read by their words.
const FIELDS: [&str; 6] = ["attention", "framework", "kv_cache", "optimizer", "parallelism", "precision"];
/// Shorter words are too near to each other.
const SHORTEST: usize = 4;

/// Words of one record alone that are right, and near to others.
const RIGHT: [&str; 2] = ["ollama", "stated"];

/// The words that records of this project have, by field, with how many records have them.
pub struct Words(BTreeMap<&'static str, BTreeMap<String, usize>>);

impl Words {
    pub fn known() -> Result<Self> {
        let mut known: BTreeMap<&'static str, BTreeMap<String, usize>> = BTreeMap::new();
        for path in FILES {
            for (number, fields) in super::records(&root().join(path).to_string_lossy())?.iter().enumerate() {
                let record = Record::new(super::named(fields, path, number));
                for field in FIELDS {
                    for word in words(&record.lower(field)).collect::<BTreeSet<_>>() {
                        *known.entry(field).or_default().entry(word.to_owned()).or_default() += 1;
                    }
                }
            }
        }
        Ok(Self(known))
    }

    /// Words that are nearly, but not quite, what other records say there. A word of one record alone is no evidence for itself.
    pub fn slips(&self, record: &Record) -> Vec<String> {
        let mut slips = Vec::new();
        for (field, known) in &self.0 {
            let usual = |word: &str| RIGHT.contains(&word) || known.get(word).is_some_and(|records| *records > 1);
            for word in words(&record.lower(field)).filter(|word| word.len() >= SHORTEST && !usual(word)) {
                let meant = |known: &&String| known.len() >= SHORTEST && usual(known) && is_slip(word, known);
                if let Some(meant) = known.keys().find(meant) {
                    slips.push(format!("{field} has {word:?}, which nothing reads (perhaps {meant})"));
                }
            }
        }
        slips
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// One letter or one place off. Another number is another thing (`int4`, `int8`), but the same digits in another order are a slip.
fn is_slip(word: &str, known: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|sign| !sign.is_ascii_digit()).collect::<String>();
    let digits = |text: &str| {
        let mut digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
        digits.sort_unstable();
        digits
    };
    strsim::osa_distance(word, known) == 1 && (letters(word) != letters(known) || digits(word) == digits(known))
}

/// What a record is taken for, so that whoever wrote it can see what was not understood.
pub fn read_as(catalog: &Catalog, record: &Record) -> String {
    match setup::of(catalog, record) {
        Ok(setup) => format!("read as {}", described(&setup)),
        Err(reason) => format!("left out: {reason}"),
    }
}

fn described(setup: &Setup) -> String {
    let (recipe, rig) = (&setup.recipe, &setup.rig);
    let mut said = vec![
        format!("{} of {} on {} x {}", setup.job.kind.name(), setup.model.name, rig.count, rig.card.name),
        format!("by {}", recipe.stack.name()),
        format!("weights {}", recipe.weights.name()),
        format!("products {}", recipe.precision.name()),
        format!("attention {}", recipe.attention.name()),
    ];
    if setup.trains() {
        said.push(format!("optimizer {}", recipe.optimizer.name()));
        said.push(format!("checkpointing {}", recipe.checkpointing.name()));
        said.push(format!("micro-batch {} of {} tokens", recipe.micro_batch, setup.job.sequence_length));
    }
    if rig.count > 1 {
        said.push(format!("sharding {}", recipe.parallel.sharding.name()));
    }
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn with(field: &str, text: &str) -> Vec<String> {
        let Value::Object(fields) = json!({ field: text }) else { return Vec::new() };
        Words::known().unwrap().slips(&Record::new(fields))
    }

    #[test]
    fn a_letter_that_is_missing_or_in_another_place_is_told() {
        for (field, text, meant) in [
            ("framework", "torchtun", "torchtune"),
            ("precision", "bf61", "bf16"),
            ("parallelism", "zreo3", "zero3"),
            ("optimizer", "adamww 8-bit", "adamw"),
        ] {
            let slips = with(field, text);
            assert!(slips.len() == 1 && slips[0].contains(meant), "{field} {text}: {slips:?}");
        }
    }

    #[test]
    fn no_record_here_has_one() {
        let known = Words::known().unwrap();
        for path in FILES {
            for (number, fields) in crate::accuracy::records(root().join(path).to_str().unwrap()).unwrap().iter().enumerate() {
                let record = Record::new(crate::accuracy::named(fields, path, number));
                assert_eq!(known.slips(&record), Vec::<String>::new(), "{}", record.text("id"));
            }
        }
    }

    #[test]
    fn another_number_and_a_new_word_are_none() {
        for (field, text) in
            [("precision", "int6"), ("framework", "a program nobody has heard of 2.7.31"), ("optimizer", "AdamW 8-bit")]
        {
            assert_eq!(with(field, text), Vec::<String>::new());
        }
    }
}
