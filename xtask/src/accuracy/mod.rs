//! `cargo xtask accuracy [FILE ...]`: estimates against published measurements, in tables.
//!
//! Each record is turned into a public request by rules that hold for all records of a framework ([`framework`]), the resolved setup
//! is evaluated, and the quantity the source measured is compared. Nothing is fitted here.

mod card;
mod framework;
mod matmul;
mod measure;
mod model;
mod recipe;
mod record;
mod report;
mod setup;
mod statistics;

use anyhow::{Context as _, Result, anyhow};
use measure::Comparison;
use record::{Kind, Record};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use whichcard::catalog::Catalog;
use whichcard::estimate::{Verdict, evaluate};
use whichcard::request::Stack;

/// The record files of the repository.
const FILES: [&str; 3] =
    ["tests/reference/torch_memory.json", "tests/reference/published_memory.json", "tests/reference/published_speed.json"];

/// A comparison with what describes its record.
pub struct Judged {
    id: String,
    kind: Kind,
    job: String,
    generation: String,
    source: String,
    stack: &'static str,
    size: &'static str,
    group: String,
    what: String,
    comparison: Comparison,
}

impl Judged {
    /// Whether the measured value lies in the estimate's own range.
    fn inside(&self) -> Option<bool> {
        self.comparison.range.map(|(low, high)| (low..=high).contains(&self.comparison.measured))
    }

    /// Signed relative error: above zero the estimate is larger (more memory, faster).
    fn error(&self) -> f64 {
        self.comparison.estimated / self.comparison.measured - 1.0
    }
}

/// A record that was left out.
pub struct Skip {
    id: String,
    kind: Kind,
    reason: String,
}

/// All records of a run.
#[derive(Default)]
pub struct Outcome {
    judged: Vec<Judged>,
    skipped: Vec<Skip>,
    /// Records and skipped ones by kind.
    counts: BTreeMap<Kind, (usize, usize)>,
}

/// Compares, prints, and writes `target/accuracy/report.md` and `rows.json`.
pub fn run(arguments: &[String]) -> Result<()> {
    let files: Vec<&str> = if arguments.is_empty() { FILES.to_vec() } else { arguments.iter().map(String::as_str).collect() };
    let outcome = outcome(&files)?;
    let text = report::markdown(&outcome);
    print!("{text}");
    let folder = Path::new("target/accuracy");
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("report.md"), text)?;
    std::fs::write(folder.join("rows.json"), serde_json::to_string_pretty(&report::rows(&outcome))?)?;
    Ok(())
}

fn outcome(files: &[&str]) -> Result<Outcome> {
    let text = std::fs::read_to_string("catalog.json").context("cannot read catalog.json")?;
    let catalog = Catalog::from_json(&text).map_err(|error| anyhow!("catalog.json: {error:?}"))?;
    let mut outcome = Outcome::default();
    for path in files {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
        let file: Value = serde_json::from_str(&text).with_context(|| format!("{path} is not JSON"))?;
        let records = file.get("records").and_then(Value::as_array).with_context(|| format!("{path} has no records"))?;
        for fields in records.iter().filter_map(Value::as_object) {
            take(&catalog, &Record::new(fields.clone()), &mut outcome);
        }
    }
    Ok(outcome)
}

fn take(catalog: &Catalog, record: &Record, outcome: &mut Outcome) {
    let counts = outcome.counts.entry(record.kind).or_default();
    counts.0 += 1;
    match judge(catalog, record) {
        Ok(judged) => outcome.judged.extend(judged),
        Err(reason) => {
            counts.1 += 1;
            outcome.skipped.push(Skip { id: record.text("id").to_owned(), kind: record.kind, reason });
        }
    }
}

fn judge(catalog: &Catalog, record: &Record) -> Result<Vec<Judged>, String> {
    let describe = |comparison: Comparison, parameters: u64| {
        let card = setup::card_id(catalog, record).ok().and_then(|id| catalog.card(&id).cloned());
        Judged {
            id: record.text("id").to_owned(),
            kind: record.kind,
            job: record.text("task").replace('_', "-"),
            generation: card.map_or_else(String::new, |card| format!("{:?}", card.generation).to_lowercase()),
            source: record.source().to_owned(),
            stack: framework::of(record).stack,
            size: size(parameters),
            group: if record.text("group").is_empty() { record.text("id") } else { record.text("group") }.to_owned(),
            what: [record.text("model"), record.text("gpu"), record.text("precision"), record.text("framework")].join(", "),
            comparison,
        }
    };
    if matches!(record.text("phase"), "matmul" | "bandwidth") {
        return Ok(vec![describe(matmul::compare(catalog, record)?, 0)]);
    }
    let setup = setup::of(catalog, record)?;
    let figures = evaluate(&setup);
    if setup.recipe.stack == Stack::LlamaCpp && figures.memory.verdict == Verdict::DoesNotFit {
        return Err("does not fit, so that the framework runs an unknown number of layers from host memory".to_owned());
    }
    let comparisons = measure::compare(record, &setup, &figures)?;
    if comparisons.iter().any(|comparison| comparison.measured <= 0.0) {
        return Err("nothing measured".to_owned());
    }
    Ok(comparisons.into_iter().map(|comparison| describe(comparison, setup.model.parameters)).collect())
}

/// Class of a model's size.
const fn size(parameters: u64) -> &'static str {
    match parameters {
        0 => "no model",
        1..500_000_000 => "below 0.5 billion",
        500_000_000..4_000_000_000 => "0.5 to 4 billion",
        4_000_000_000..10_000_000_000 => "4 to 10 billion",
        10_000_000_000..40_000_000_000 => "10 to 40 billion",
        _ => "40 billion and more",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tests run in the folder of their package, the command in that of the workspace.
    fn whole() -> Outcome {
        std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).expect("the workspace folder exists");
        outcome(&FILES).expect("the record files are readable")
    }

    #[test]
    fn few_records_are_left_out_and_all_numbers_are_finite() {
        let outcome = whole();
        for (kind, (records, skipped)) in &outcome.counts {
            assert!(skipped * 100 <= records * 15, "{kind:?}: {skipped} of {records}");
        }
        for judged in &outcome.judged {
            assert!(judged.comparison.estimated.is_finite() && judged.error().is_finite(), "{}", judged.id);
        }
    }
}
