//! `cargo xtask accuracy --check FILE ...`: slips in records of published measurements, by record and field.
//!
//! The tables leave out what cannot be compared and go on, whatever a file holds. Whoever adds a record wants to hear of a misspelt
//! field, which would otherwise count as "not stated".

use super::record::{Kind, Record};
use super::words::{Words, read_as};
use super::{FILES, card, catalog, measure, named, records};
use crate::command::root;
use anyhow::{Result, bail};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use whichcard::catalog::Catalog;
use whichcard::error::{Allowed, ErrorCode, RequestError};

/// What a published record may state: `tests/reference/README.md`.
const FIELDS: &[&str] = &[
    "attention",
    "batch_size",
    "bound",
    "confidence",
    "derived_tokens_per_s_total",
    "energy_per_image_j",
    "energy_per_token_j",
    "framework",
    "gen_len",
    "gpu",
    "gpu_arch",
    "grad_accum",
    "gradient_checkpointing",
    "group",
    "id",
    "image_size",
    "kind",
    "kv_cache",
    "lora_rank",
    "lora_targets",
    "max_batch_that_fits",
    "mean_output_tokens",
    "measured",
    "measured_gb",
    "median_inter_token_ms",
    "modality",
    "model",
    "model_config",
    "n_gpus",
    "note",
    "offload",
    "optimizer",
    "parallelism",
    "per_gpu",
    "phase",
    "power_limit_w",
    "power_w",
    "power_what",
    "precision",
    "prompt_len",
    "published_mfu_pct",
    "scope",
    "seq_len",
    "source",
    "task",
    "tokens_per_step",
    "tokens_total",
    "torch_peak_allocated_gib",
    "unit",
    "weights_gb",
    "weights_gib",
    "what_was_measured",
];
const KINDS: &[&str] = &["memory", "speed"];
const TASKS: &[&str] = &["pretrain", "full_finetune", "lora", "qlora", "inference", "microbenchmark"];
const PHASES: &[&str] = &["train", "prefill", "decode", "generate", "matmul", "bandwidth"];
/// How a reading of memory is written; words may follow.
const SIZES: &[&str] = &["GiB", "GB", "MiB", "MB", "G", "%"];
const CONFIDENCE: &[&str] = &["high", "medium", "low"];
const SOURCE: &[&str] = &["key", "title", "url"];
/// Words on checkpointing (`recipe::checkpointing`); sources also say which layers, or by what.
const CHECKPOINTING: &[&str] = &["none", "full", "selective", "offload", "unsloth", "not stated", "unknown"];
/// Fields that hold numbers above zero where they are stated.
const NUMBERS: &[&str] = &["measured", "measured_gb", "batch_size", "seq_len", "grad_accum", "n_gpus", "lora_rank"];

/// Prints what is wrong with the records of some files, and fails if anything is; of files that were asked for, also what each record is
/// taken for: all of the project would hide what is wrong.
pub fn run(files: &[&str], asked_for: bool) -> Result<()> {
    let catalog = catalog()?;
    let words = Words::known()?;
    let mut slips = 0;
    let mut ids = ids_beside(files)?;
    for path in files {
        let records = records(path)?;
        for (number, fields) in records.iter().enumerate() {
            let fields = named(fields, path, number);
            let id = fields.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let twice = (!id.is_empty() && !ids.insert(id.clone())).then(|| "another record has this id".to_owned());
            let record = Record::new(fields.clone());
            if asked_for {
                println!("{id}: {}", read_as(&catalog, &record));
            }
            for slip in slips_of(&catalog, fields).into_iter().chain(words.slips(&record)).chain(twice) {
                println!("{id}: {slip}");
                slips += 1;
            }
        }
        println!("{path}: {} records read", records.len());
    }
    if slips > 0 {
        bail!("{slips} slips");
    }
    Ok(())
}

/// The ids that records of the project have which are not looked at: a file of one's own is to be put beside them.
fn ids_beside(files: &[&str]) -> Result<BTreeSet<String>> {
    let looked_at = |path: &str| files.iter().any(|file| same_file(file, path));
    let mut ids = BTreeSet::new();
    for path in FILES.map(|path| root().join(path)).iter().map(|path| path.to_string_lossy()).filter(|path| !looked_at(path)) {
        for record in records(&path)? {
            ids.extend(record.get("id").and_then(Value::as_str).map(str::to_owned));
        }
    }
    Ok(ids)
}

fn same_file(one: &str, other: &str) -> bool {
    let place = |path: &str| std::fs::canonicalize(path).ok();
    place(one).is_some_and(|found| Some(found) == place(other))
}

/// What is wrong with one record. Counted memory is written by a program and has fields of its own.
fn slips_of(catalog: &Catalog, fields: Map<String, Value>) -> Vec<String> {
    let unknown: Vec<String> = fields.keys().filter(|key| !FIELDS.contains(&key.as_str())).map(|key| unknown(key)).collect();
    let speed = fields.get("kind").and_then(Value::as_str) == Some("speed") || fields.contains_key("measured");
    let record = Record::new(fields);
    if record.kind == Kind::TorchMemory {
        return Vec::new();
    }
    let mut slips = unknown;
    slips.extend(record.value("kind").and_then(|_| one_of(&record, "kind", KINDS)));
    slips.extend(one_of(&record, "task", TASKS));
    slips.extend(one_of(&record, "confidence", CONFIDENCE));
    if speed {
        slips.extend(one_of(&record, "phase", PHASES));
    }
    let reading = if speed { "measured" } else { "measured_gb" };
    let lacking = [reading, "model", "source"].into_iter().filter(|key| record.value(key).is_none());
    slips.extend(lacking.map(|key| format!("{key} is missing")));
    let unnamed = SOURCE.iter().filter(|key| record.source_field(key).is_empty() && record.value("source").is_some());
    slips.extend(unnamed.map(|key| format!("source.{key} is missing")));
    slips.extend(unit(&record, speed));
    slips.extend(checkpointing(&record));
    let text = NUMBERS
        .iter()
        .filter_map(|key| Some((key, record.value(key).filter(|value| value.as_f64().is_none_or(|number| number <= 0.0))?)));
    slips.extend(text.map(|(key, value)| format!("{key} is {value}; expected a number above zero, without its unit")));
    slips.extend(beyond_the_card(catalog, &record));
    slips
}

/// What can be read of checkpointing is whether there is any, or a word on how.
fn checkpointing(record: &Record) -> Option<String> {
    let value = record.value("gradient_checkpointing").filter(|value| !value.is_boolean())?;
    let text = value.as_str().map(str::to_lowercase);
    let is_read = text.is_some_and(|text| CHECKPOINTING.iter().any(|word| text.contains(word)));
    (!is_read).then(|| format!("gradient_checkpointing is {value}; expected true, false, or one of {}", CHECKPOINTING.join(", ")))
}

/// A unit by which the reading cannot be compared.
fn unit(record: &Record, speed: bool) -> Option<String> {
    let written = record.text("unit");
    let words: Vec<&str> = written.split(' ').collect();
    let known = if speed { measure::knows(record) } else { words.first().is_some_and(|word| SIZES.contains(word)) };
    let expected = if speed { measure::UNITS } else { SIZES };
    (!known).then(|| format!("unit is {written:?}; expected {}", expected.join(", ")))
}

/// Readings of one card that are more than it holds: often another unit, or the sum over several cards.
fn beyond_the_card(catalog: &Catalog, record: &Record) -> Vec<String> {
    let Some((name, size)) = memory_of_card(catalog, record) else { return Vec::new() };
    let total = measure::bytes(record).ok().map(|bytes| ("measured_gb", bytes, record.text("unit")));
    let allocated = record.number("torch_peak_allocated_gib").map(|size| ("torch_peak_allocated_gib", size * measure::GIB, "GiB"));
    let beyond = [total, allocated].into_iter().flatten().filter(|(_, bytes, _)| *bytes > size * measure::GIB);
    let told = beyond.map(|(field, bytes, unit)| {
        let of_one = bytes / measure::GIB;
        let stated = record.value(field).map(ToString::to_string).unwrap_or_default();
        format!(
            "{field} is {stated} {unit}, which is {of_one:.1} GiB on a card; {name} has {size} GiB. Check gpu and unit; where all cards are counted \
             together, let what_was_measured say \"sum over GPUs\" and n_gpus how many"
        )
    });
    told.collect()
}

/// The card of a record and its memory in GiB, if it is known.
fn memory_of_card(catalog: &Catalog, record: &Record) -> Option<(String, f64)> {
    let choice = card::choice(catalog, record.text("gpu"))?;
    match choice.as_str() {
        Some(id) => catalog.card(id).map(|card| (card.name.clone(), card.vram.as_gib())),
        None => Some((choice.get("name")?.as_str()?.to_owned(), choice.get("vramGib")?.as_f64()?)),
    }
}

fn unknown(key: &str) -> String {
    format!("there is no field {key}{}", nearest(key, FIELDS))
}

/// A keyword that is none of those there are.
fn one_of(record: &Record, key: &str, names: &[&str]) -> Option<String> {
    let Some(value) = record.value(key) else { return Some(format!("{key} is missing; expected {}", names.join(", "))) };
    let written = value.as_str().unwrap_or_default();
    let known = names.contains(&written);
    (!known).then(|| format!("{key} is {value}; expected {}{}", names.join(", "), nearest(written, names)))
}

/// The likeliest of some names, as part of a sentence.
fn nearest(given: &str, names: &[&str]) -> String {
    let refused = RequestError::new(ErrorCode::InvalidValue, "", given, Allowed::one_of(names.iter().copied()));
    refused.suggest(names.iter().copied()).suggestions.first().map_or_else(String::new, |name| format!(" (perhaps {name})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accuracy::FILES;
    use crate::command::root;

    /// The example of the README beside the records, with some fields changed.
    fn example(changes: &[(&str, Value)]) -> Vec<String> {
        let readme = std::fs::read_to_string(root().join("tests/reference/README.md")).unwrap();
        let (_, rest) = readme.split_once("```json\n").unwrap();
        let mut fields: Map<String, Value> = serde_json::from_str(rest.split("```").next().unwrap()).unwrap();
        for (key, value) in changes {
            fields.insert((*key).to_owned(), value.clone());
        }
        slips_of(&catalog().unwrap(), fields)
    }

    #[test]
    fn slips_are_told_by_field_with_the_nearest_name() {
        assert_eq!(example(&[]), Vec::<String>::new());
        let told = |changes: &[(&str, Value)], words: &[&str]| {
            let slips = example(changes).join("\n");
            assert!(words.iter().all(|word| slips.contains(word)), "{slips}");
        };
        told(&[("seqlen", 2048.into())], &["seqlen", "perhaps seq_len"]);
        told(&[("task", "finetune".into())], &["task is \"finetune\"", "full_finetune"]);
        told(&[("measured_gb", Value::Null)], &["measured_gb is missing"]);
        told(&[("measured_gb", "9.8 GB".into())], &["measured_gb is \"9.8 GB\"", "number"]);
        told(&[("measured_gb", (-3).into())], &["measured_gb is -3", "above zero"]);
        told(
            &[("measured_gb", 18900.into())],
            &["measured_gb is 18900 GiB", "18900.0 GiB on a card", "A100 SXM4 80GB has 80 GiB", "sum over GPUs"],
        );
        told(
            &[("measured_gb", 85.8.into()), ("unit", "GB (published)".into()), ("torch_peak_allocated_gib", 92.into())],
            &["peak_allocated_gib is 92 GiB"],
        );
        told(&[("gpu", "Tesla K80".into())], &["measured_gb is 25.445", "Tesla K80 has 12 GiB"]);
        told(&[("unit", Value::Null)], &["unit is \"\"", "GiB"]);
        told(&[("unit", "TB".into())], &["unit is \"TB\""]);
        told(&[("source", serde_json::json!({ "key": "mine", "title": "Mine" }))], &["source.url is missing"]);
        told(&[("confidence", "sure".into())], &["confidence is \"sure\"", "medium"]);
        let speed =
            |unit: &str| [("measured", 7.into()), ("measured_gb", Value::Null), ("phase", "train".into()), ("unit", unit.into())];
        assert_eq!(example(&speed("it/s")), Vec::<String>::new());
        told(&speed("furlongs"), &["unit is \"furlongs\"", "tokens_per_s"]);
        told(&[("kind", "mem".into())], &["kind is \"mem\"", "perhaps memory"]);
        told(&[("kind", "speed".into())], &["phase is missing", "measured is missing"]);
    }

    #[test]
    fn a_file_of_ones_own_may_not_take_the_id_of_a_record_here() {
        let shipped = FILES.map(|path| root().join(path).to_string_lossy().into_owned());
        let taken = |looked_at: &[&str]| ids_beside(looked_at).unwrap().contains("mem-torchtune_readme-001");
        assert!(taken(&["mine.json"]));
        assert!(!taken(&shipped.each_ref().map(String::as_str)), "a record is not its own double");
    }

    #[test]
    fn a_total_over_cards_is_held_against_all_of_them() {
        let summed = |cards: u32| {
            [("measured_gb", 152.into()), ("n_gpus", cards.into()), ("what_was_measured", "nvidia-smi (sum over GPUs)".into())]
        };
        assert_eq!(example(&summed(2)), Vec::<String>::new());
        assert_eq!(example(&summed(1)).len(), 1);
        assert_eq!(example(&[("measured_gb", 18_900.into()), ("unit", "MiB".into())]), Vec::<String>::new());
        assert_eq!(example(&[("measured_gb", 18_900.into()), ("gpu", "a card of my own".into())]), Vec::<String>::new());
    }

    #[test]
    fn the_records_that_are_here_have_none() {
        let catalog = catalog().unwrap();
        for path in FILES {
            for (number, fields) in records(root().join(path).to_str().unwrap()).unwrap().iter().enumerate() {
                let fields = named(fields, path, number);
                let id = fields.get("id").cloned();
                assert_eq!(slips_of(&catalog, fields), Vec::<String>::new(), "{id:?}");
            }
        }
    }
}
