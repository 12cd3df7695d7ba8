//! Scores the card detection on a file of renderer strings with the expected readings.

use serde_json::Value;
use std::fmt::Write as _;
use whichcard::detect::{Guess, Observation, Vendor, read};

/// How one record came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The reading that was expected.
    Exact,
    /// Candidates were named, and the expected ones are among them.
    Contains,
    /// Less was said than could be.
    Missed,
    /// A card, maker or generation that is not the expected one, or a card where none may be named.
    Wrong,
}

/// The scores of a file.
#[derive(Debug, Default)]
pub struct Score {
    /// Records by outcome: exact, contains, missed, wrong.
    pub all: [usize; 4],
    /// The same for records whose card can be named.
    pub nameable: [usize; 4],
    /// Readings of single fields (laptop, chip, name ...) that differ from the expected.
    pub fields: Vec<(String, &'static str)>,
    /// What was not exact, in words.
    pub report: String,
}

impl Score {
    /// Share of the records whose card can be named where it was.
    pub fn exact_share(&self) -> f64 {
        let [exact, rest @ ..] = self.nameable.map(|count| u32::try_from(count).map_or(f64::NAN, f64::from));
        exact / (exact + rest.iter().sum::<f64>())
    }
}

/// Scores a file's text.
///
/// # Errors
/// If it is not JSON with a list of `records`.
pub fn score(text: &str) -> Result<Score, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let records = file.get("records").and_then(Value::as_array).ok_or("no list of records")?;
    let mut score = Score::default();
    for record in records {
        let (raw, expected) = (field(record, "raw"), field(record, "expected"));
        let id = field(record, "id").as_str().unwrap_or("?");
        let guess = read(&observation(raw));
        let outcome = judge(&guess, expected);
        count(&mut score.all, outcome);
        if !strings(expected, "card_ids").is_empty() {
            count(&mut score.nameable, outcome);
        }
        if outcome != Outcome::Exact {
            let shown = field(raw, "webgl_renderer");
            let _ = writeln!(score.report, "{id} {outcome:?}: {shown}\n  expected {expected}\n  got {guess:?}");
        }
        score.fields.extend(differences(&guess, expected).into_iter().map(|name| (id.to_owned(), name)));
    }
    Ok(score)
}

fn count(counts: &mut [usize; 4], outcome: Outcome) {
    if let Some(slot) = counts.get_mut(outcome as usize) {
        *slot += 1;
    }
}

fn field<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.get(key).unwrap_or(&Value::Null)
}

fn text(value: &Value, key: &str) -> Option<String> {
    field(value, key).as_str().map(str::to_owned)
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    field(value, key).as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn observation(raw: &Value) -> Observation {
    let adapter = Some(field(raw, "webgpu")).filter(|info| info.get("vendor").is_some());
    let adapter = adapter.and_then(|info| whichcard::document::read(info).ok());
    Observation {
        webgl_renderer: text(raw, "webgl_renderer"),
        webgl_vendor: text(raw, "webgl_vendor"),
        adapters: adapter.into_iter().collect(),
        ..Observation::default()
    }
}

/// A value's name in JSON.
fn word(value: impl serde::Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

fn judge(guess: &Guess, expected: &Value) -> Outcome {
    let (cards, ambiguous) = (strings(expected, "card_ids"), strings(expected, "ambiguous"));
    let generation = text(expected, "generation");
    let generations = ambiguous.iter().any(|name| Some(name) == guess.other_generation.and_then(word).as_ref());
    let candidates: Vec<&String> = cards.iter().chain(if generations { &[][..] } else { &ambiguous }).collect();
    let said = guess.generation.and_then(word);
    let vendor = word(guess.vendor);
    let other_vendor = guess.vendor != Vendor::Unknown && vendor != text(expected, "vendor");
    let other_generation = said.is_some() && generation.is_some() && said != generation;
    // A record may have a name and no id, for cards outside every table: the name decides.
    let by_name = candidates.is_empty() && guess.name.is_some() && guess.name == text(expected, "card");
    // Naming one card is wrong where several fit, or none may be named.
    let claims = guess.card().is_some_and(|card| !cards.iter().any(|known| known == card)) && !by_name;
    let stray = !by_name && !guess.cards.is_empty() && !guess.cards.iter().any(|card| candidates.contains(&card));
    if other_vendor || other_generation || claims || stray {
        return Outcome::Wrong;
    }
    let mut wanted: Vec<&String> = candidates.clone();
    wanted.sort();
    wanted.dedup();
    let mut got: Vec<&String> = guess.cards.iter().collect();
    got.sort();
    // The one card that fits has to be named, not only offered.
    let named = cards.len() != 1 || !ambiguous.is_empty() || guess.card().is_some();
    if (got == wanted || by_name) && named && vendor == text(expected, "vendor") && said == generation {
        Outcome::Exact
    } else if !wanted.is_empty() && wanted.iter().any(|card| got.contains(card)) {
        Outcome::Contains
    } else {
        Outcome::Missed
    }
}

/// Fields beside the card that read differently. What the record leaves open (`null`) is not compared.
fn differences(guess: &Guess, expected: &Value) -> Vec<&'static str> {
    let flag = |key: &str, got: Option<bool>| field(expected, key).as_bool().is_some_and(|wanted| got != Some(wanted));
    let named = |key: &str, got: Option<String>| text(expected, key).is_some_and(|wanted| got.as_ref() != Some(&wanted));
    let device_id = guess.device_id.map(|id| format!("0x{id:04X}"));
    let checks = [
        ("name", named("card", guess.name.clone())),
        ("laptop", flag("is_laptop", guess.laptop)),
        ("software", flag("is_software", Some(guess.software))),
        ("virtual", flag("is_virtual", Some(guess.is_virtual))),
        ("integrated", flag("is_integrated", guess.integrated)),
        ("masked", flag("masked", Some(guess.masked))),
        ("device id", named("device_id", device_id)),
        ("chip", named("chip", guess.chip.clone())),
    ];
    checks.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}
