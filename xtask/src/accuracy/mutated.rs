//! Records as other sources might write them: what is visible, changed in ways that no rule was made for.

use super::case::Case;
use super::record::Record;
use super::{FILES, tables};
use crate::calibrate::file::Tables;
use serde_json::{Map, Value, json};
use whichcard::catalog::Catalog;

type Fields = Map<String, Value>;

/// Every third record of each file, which is enough to meet every source.
fn sample() -> (Catalog, Vec<Fields>) {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../");
    let read = |path: &str| std::fs::read_to_string(format!("{root}{path}")).expect("the file exists");
    let catalog = Catalog::from_json(&read("catalog.json")).expect("the shipped catalogue is readable");
    let records = FILES.iter().flat_map(|path| {
        let file: Value = serde_json::from_str(&read(path)).expect("record files are JSON");
        file["records"].as_array().expect("there are records").clone()
    });
    (catalog, records.step_by(3).map(|record| record.as_object().expect("a record has fields").clone()).collect())
}

fn table() -> Tables {
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).expect("the workspace folder exists");
    tables().expect("the table is readable")
}

/// What is estimated for a record, or why nothing is.
fn answer(catalog: &Catalog, tables: &Tables, fields: &Fields) -> Result<f64, String> {
    let case = Case::new(catalog, Record::new(fields.clone())).map_err(|(_, reason)| reason)?;
    let found = case.compare(tables)?;
    let estimated = found.first().ok_or("nothing compared")?.estimated;
    assert!(estimated.is_finite() && estimated > 0.0, "{}: {estimated}", fields["id"]);
    Ok(estimated)
}

fn with(fields: &Fields, changes: &[(&str, Value)]) -> Fields {
    let mut changed = fields.clone();
    for (key, value) in changes {
        changed.insert((*key).to_owned(), value.clone());
    }
    changed
}

fn is_described(fields: &Fields) -> bool {
    fields.get("model_config").is_some_and(|config| config["hidden"].is_number() && config["params"].is_number())
}

/// A model nobody has heard of is estimated from its shape, near the one it is.
#[test]
fn a_name_in_nobodys_catalogue_changes_little() {
    let (catalog, records) = sample();
    let tables = table();
    let mut ratios = Vec::new();
    for fields in records.iter().filter(|fields| is_described(fields)) {
        let Ok(named) = answer(&catalog, &tables, fields) else { continue };
        let renamed = with(fields, &[("model", json!("Nameless-X1"))]);
        let nameless = answer(&catalog, &tables, &renamed).unwrap_or_else(|reason| panic!("{}: {reason}", fields["id"]));
        ratios.push((nameless / named).ln().abs());
    }
    ratios.sort_by(f64::total_cmp);
    assert!(ratios.len() > 200, "{}", ratios.len());
    let at = |share: f64| ratios[(ratios.len() as f64 * share) as usize].exp();
    // Without a name every decoder is taken for one of Llama's kind: encoders and older decoders are then further off.
    assert!(at(0.5) < 1.05 && at(0.9) < 1.6, "median {}, 90 % {}", at(0.5), at(0.9));
}

/// Taking away what a source need not state leaves an answer or names the fact that is missing.
#[test]
fn missing_fields_are_filled_or_named() {
    let (catalog, records) = sample();
    let tables = table();
    let optional = [
        "optimizer",
        "attention",
        "framework",
        "confidence",
        "note",
        "group",
        "gpu_arch",
        "scope",
        "lora_rank",
        "lora_targets",
        "gradient_checkpointing",
        "parallelism",
        "grad_accum",
        "kv_cache",
        "modality",
        "source",
    ];
    for fields in records.iter().filter(|fields| answer(&catalog, &tables, fields).is_ok()) {
        for key in optional {
            if let Err(reason) = answer(&catalog, &tables, &with(fields, &[(key, Value::Null)])) {
                assert!(
                    reason.contains("not stated") || reason.contains("not modelled") || reason.contains("does not fit"),
                    "{}, no {key}: {reason}",
                    fields["id"]
                );
            }
        }
        let bare = optional.iter().map(|key| (*key, Value::Null)).collect::<Vec<_>>();
        _ = answer(&catalog, &tables, &with(fields, &bare));
        for key in ["batch_size", "seq_len", "precision", "gpu", "model", "unit", "phase", "task", "n_gpus", "what_was_measured"] {
            for odd in [Value::Null, json!("unheard of"), json!(-3), json!(0), json!({"nested": []}), json!("4")] {
                if let Err(reason) = answer(&catalog, &tables, &with(fields, &[(key, odd.clone())])) {
                    assert!(!reason.is_empty(), "{} {key} {odd}", fields["id"]);
                }
            }
        }
    }
}

/// More work never needs less memory, nor goes faster in steps per second.
#[test]
fn estimates_follow_batch_and_length() {
    let (catalog, records) = sample();
    let tables = table();
    let mut compared = 0;
    for fields in &records {
        for key in ["batch_size", "micro_batch", "seq_len"] {
            let Some(value) = fields.get(key).and_then(Value::as_f64).filter(|value| *value >= 1.0) else { continue };
            // Speech has lengths of its own, and what is generated is not what is read.
            if key == "seq_len" && fields.get("prompt_len").is_some_and(Value::is_number) {
                continue;
            }
            let grown = |factor: f64| answer(&catalog, &tables, &with(fields, &[(key, json!((value * factor).round()))]));
            let (Ok(one), Ok(two), Ok(four)) = (grown(1.0), grown(2.0), grown(4.0)) else { continue };
            compared += 1;
            let memory = fields.contains_key("measured_gb") || fields.contains_key("peak_bytes_total");
            if memory {
                assert!(two >= one * 0.9999 && four >= two * 0.9999, "{} {key}: {one} {two} {four}", fields["id"]);
                assert!(four <= one * 17.0, "{} {key}: {one} {four}", fields["id"]);
            } else if key == "batch_size" {
                let per_second = fields["unit"] != "s_per_step" && fields["unit"] != "steps_per_s";
                // Larger batches use the card better, and never twice as well for twice the batch.
                let (low, high) = if per_second { (0.9, 2.001) } else { (0.49, 1.001) };
                assert!(two / one >= low && two / one <= high, "{} {key}: {one} {two}", fields["id"]);
            }
        }
    }
    assert!(compared > 300, "{compared}");
}

/// A job moved to another card is estimated there.
#[test]
fn other_cards_are_answered() {
    let (catalog, records) = sample();
    let tables = table();
    for fields in records.iter().filter(|fields| answer(&catalog, &tables, fields).is_ok()) {
        for card in ["NVIDIA A100-SXM4-80GB", "GeForce RTX 5090", "Tesla P40", "RTX 3060 Laptop GPU", "B200"] {
            match answer(&catalog, &tables, &with(fields, &[("gpu", json!(card))])) {
                Ok(_) => {}
                Err(reason) => assert!(reason.contains("does not fit"), "{} on {card}: {reason}", fields["id"]),
            }
        }
    }
}
