//! `cargo xtask accuracy [FILE ...]`: estimates against published measurements, in tables.
//!
//! Each record is turned into a public request by rules that hold for all records of a framework ([`framework`]), the resolved
//! setup is evaluated, and the quantity the source measured is compared. Nothing is fitted here, except to see how well
//! measurements are predicted that the fit has not seen ([`unseen`]).

mod adapters;
#[cfg(test)]
mod bounds;
mod card;
mod case;
mod causes;
mod check;
mod counted;
mod document;
mod format;
mod framework;
mod groups;
mod limit;
mod matmul;
pub mod measure;
mod missed;
mod model;
#[cfg(test)]
mod mutated;
mod named;
mod noted;
mod options;
mod page;
mod parallel;
mod recipe;
mod record;
mod report;
mod rows;
mod setup;
mod targets;
mod traced;
mod unseen;
mod words;

use crate::calibrate::file::Tables;
use crate::command::root;
use anyhow::{Context as _, Result, anyhow, bail};
pub use case::Case;
use measure::Comparison;
use record::{Kind, Record};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;
use whichcard::catalog::Catalog;
use whichcard::model::Category;

/// The record files of the repository.
pub const FILES: [&str; 4] = [
    "tests/reference/torch_memory.json",
    "tests/reference/published_memory.json",
    "tests/reference/published_speed.json",
    "tests/reference/published_images.json",
];

/// A comparison with what describes its record.
pub struct Judged {
    /// Which record of the run this is, in the order of the files.
    place: usize,
    id: String,
    kind: Kind,
    job: String,
    generation: String,
    card: String,
    /// As the source writes it.
    named_card: String,
    model: String,
    source: String,
    title: String,
    url: String,
    /// As the source writes it.
    unit: String,
    /// The reading as its source writes it, where this is what it was read for first.
    stated: Option<f64>,
    stack: &'static str,
    category: Category,
    parameters: u64,
    size: &'static str,
    group: String,
    what: String,
    /// The collector says that the reading cannot be right.
    distrusted: bool,
    comparison: Comparison,
    /// The same by factors fitted without this source.
    unseen: Option<Comparison>,
}

impl Judged {
    /// Whether the measured value lies in the estimate's own range.
    fn inside(&self) -> Option<bool> {
        self.comparison.inside()
    }

    /// Signed relative error: above zero the estimate is larger (more memory, faster).
    fn error(&self) -> f64 {
        self.comparison.error()
    }
}

/// A record that was left out, and as much of what describes it as it states.
pub struct Skip {
    place: usize,
    id: String,
    kind: Kind,
    job: String,
    generation: String,
    source: String,
    stack: &'static str,
    size: &'static str,
    reason: String,
}

impl Skip {
    fn new(place: usize, record: &Record, reason: String) -> Self {
        let parameters = record.value("model_config").and_then(|config| config.get("params")).and_then(Value::as_f64);
        Self {
            place,
            id: record.text("id").to_owned(),
            kind: record.kind,
            job: job(record),
            generation: record.lower("gpu_arch"),
            source: record.source().to_owned(),
            stack: framework::of(record).stack,
            size: parameters.map_or("not stated", |parameters| size(parameters as u64)),
            reason,
        }
    }
}

fn job(record: &Record) -> String {
    record.text("task").replace('_', "-")
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
    let options = options::Options::read(arguments)?;
    if options.check {
        return check::run(&options.files(), options.names_files());
    }
    let mut outcome = outcome(&options.files(), &tables()?)?;
    if options.unseen || options.page.is_some() || options.document {
        unseen::add(&mut outcome)?;
    }
    if options.document {
        document::write(&outcome, &crate::calibrate::file::read()?.date())?;
    }
    if let Some(path) = &options.page {
        page::write(&outcome, path)?;
    }
    if options.document || options.page.is_some() {
        return Ok(());
    }
    let text = report::markdown(&outcome);
    print!("{text}");
    let folder = Path::new("target/accuracy");
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("report.md"), text)?;
    std::fs::write(folder.join("rows.json"), serde_json::to_string_pretty(&rows::rows(&outcome))?)?;
    Ok(())
}

/// The calibrated table as it is in the source.
pub fn tables() -> Result<Tables> {
    crate::calibrate::file::read()?.tables()
}

fn outcome(files: &[&str], tables: &Tables) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let read = read(files)?;
    outcome.counts = read.counts;
    outcome.skipped = read.skipped;
    for (place, case) in read.places.into_iter().zip(read.cases) {
        match case.compare(tables) {
            Ok(comparisons) => {
                let first = outcome.judged.len();
                outcome.judged.extend(comparisons.into_iter().map(|comparison| Judged::new(place, &case, comparison)));
                if let Some(judged) = outcome.judged.get_mut(first) {
                    judged.stated = case.record.reading();
                }
            }
            Err(reason) => {
                outcome.counts.entry(case.record.kind).or_default().1 += 1;
                outcome.skipped.push(Skip::new(place, &case.record, reason));
            }
        }
    }
    Ok(outcome)
}

/// The records of some files.
#[derive(Default)]
pub struct Read {
    pub cases: Vec<Case>,
    /// Which record each case is.
    places: Vec<usize>,
    skipped: Vec<Skip>,
    counts: BTreeMap<Kind, (usize, usize)>,
}

/// Reads record files and turns their records into setups.
pub fn read(files: &[&str]) -> Result<Read> {
    let catalog = catalog()?;
    let mut read = Read::default();
    for path in files {
        for (number, fields) in records(path)?.iter().enumerate() {
            let place = read.places.len() + read.skipped.len();
            let record = Record::new(named(fields, path, number));
            let counts = read.counts.entry(record.kind).or_default();
            counts.0 += 1;
            match Case::new(&catalog, record) {
                Ok(case) => {
                    read.cases.push(case);
                    read.places.push(place);
                }
                Err((record, reason)) => {
                    counts.1 += 1;
                    read.skipped.push(Skip::new(
                        place,
                        &record,
                        if fields.is_object() { reason } else { "not a record".to_owned() },
                    ));
                }
            }
        }
    }
    Ok(read)
}

/// The catalogue that says what models and cards are.
fn catalog() -> Result<Catalog> {
    let text = std::fs::read_to_string(root().join("catalog.json")).context("cannot read catalog.json")?;
    Catalog::from_json(&text).map_err(|error| anyhow!("catalog.json: {error:?}"))
}

/// What a file holds under `records`, or as a list of its own.
fn records(path: &str) -> Result<Vec<Value>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    let mut file: Value = serde_json::from_str(&text).with_context(|| format!("{path} is not JSON"))?;
    let list = if file.is_array() { file } else { file.get_mut("records").map(Value::take).unwrap_or_default() };
    let Value::Array(records) = list else { bail!("{path} has no records") };
    Ok(records)
}

/// The fields of a record; one without a name of its own is named after its place.
fn named(fields: &Value, path: &str, number: usize) -> Map<String, Value> {
    let mut fields = fields.as_object().cloned().unwrap_or_default();
    let id = match fields.get("id") {
        Some(Value::String(id)) if !id.is_empty() => return fields,
        Some(Value::Number(id)) => id.to_string(),
        _ => format!("{path}#{number}"),
    };
    fields.insert("id".to_owned(), Value::from(id));
    fields
}

impl Judged {
    fn new(place: usize, case: &Case, comparison: Comparison) -> Self {
        let record = &case.record;
        Self {
            place,
            id: record.text("id").to_owned(),
            kind: record.kind,
            job: job(record),
            generation: format!("{:?}", case.setup.rig.card.generation).to_lowercase(),
            card: case.setup.rig.card.id.clone(),
            named_card: record.text("gpu").to_owned(),
            model: record.text("model").to_owned(),
            source: record.source().to_owned(),
            title: record.source_field("title").to_owned(),
            url: record.source_field("url").to_owned(),
            unit: record.text("unit").to_owned(),
            stated: None,
            stack: framework::of(record).stack,
            category: case.setup.model.category,
            parameters: case.parameters(),
            size: size(case.parameters()),
            group: case.group().to_owned(),
            what: [record.text("model"), record.text("gpu"), record.text("precision"), record.text("framework")].join(", "),
            distrusted: record.distrusted(),
            comparison,
            unseen: None,
        }
    }
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
pub mod tests {
    use super::page::{POINT, column};
    use super::*;

    /// Tests run in the folder of their package, the command in that of the workspace.
    pub fn whole() -> Outcome {
        std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).expect("the workspace folder exists");
        outcome(&FILES, &tables().expect("the table is readable")).expect("the record files are readable")
    }

    /// With what the page's data hold of factors that have not seen a source.
    pub fn with_unseen() -> Outcome {
        let mut outcome = whole();
        let text = std::fs::read_to_string(page::PATH).expect("the page's data exist");
        page::add_unseen(&mut outcome, &text).expect("the page's data are JSON");
        outcome
    }

    #[test]
    fn the_page_shows_what_the_engine_says() {
        let expected = serde_json::from_str(&page::text(&whole())).expect("the page's data are JSON");
        let written = std::fs::read_to_string("web/accuracy.json").expect("the page's data exist");
        let written: Value = serde_json::from_str(&written).expect("the page's data are JSON");
        // What factors that have not seen a source predict takes a minute and a half to fit;
        // its last columns are left to the command.
        let seen = |data: &Value| {
            let points = data["points"].as_array().expect("there are points").iter().map(|point| {
                assert_eq!(point.as_array().map(Vec::len), Some(POINT.len()));
                POINT.iter().filter(|name| !matches!(**name, "unseen" | "inside")).map(|name| column(point, name).clone()).collect()
            });
            (
                ["sources", "quantities", "jobs", "cards", "models"].map(|list| data[list].clone()),
                points.collect::<Vec<Vec<Value>>>(),
            )
        };
        assert!(seen(&expected) == seen(&written), "run `cargo xtask accuracy --page web/accuracy.json`");
        let points = written["points"].as_array().expect("there are points");
        let unseen = points.iter().filter(|point| column(point, "unseen").is_number()).count();
        assert!(unseen * 2 > points.len(), "only {unseen} of {} points have a prediction by others", points.len());
    }

    #[test]
    fn the_document_shows_what_the_engine_says() {
        let outcome = with_unseen();
        let written = std::fs::read_to_string(document::PATH).expect("the document exists");
        for line in document::known(&outcome) {
            assert!(!line.is_empty() && written.contains(&line), "{line}: run `cargo xtask accuracy --document`");
        }
    }

    #[test]
    fn what_is_far_off_has_a_cause_and_every_cause_a_reading() {
        let causes = causes::Causes::of(&whole()).expect("the list is readable");
        assert!(causes.wrong.is_empty(), "xtask/src/accuracy/causes.json: {:#?}", causes.wrong);
        let written = std::fs::read_to_string(document::PATH).expect("the document exists");
        assert!(written.contains(&causes.text()), "run `cargo xtask accuracy --document`");
    }

    #[test]
    fn what_is_missed_has_a_reason_and_every_reason_something_missed() {
        let wrong = missed::Reasons::read().expect("the list is readable").wrong(&with_unseen());
        assert!(wrong.is_empty(), "xtask/src/accuracy/missed.json: {wrong:#?}");
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
