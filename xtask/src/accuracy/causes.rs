//! Why some readings of real cards lie far from their estimates (`causes.json`), held against the readings that do.

use super::{Judged, Outcome};
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const TEXT: &str = include_str!("causes.json");
/// Errors beyond this need a cause.
const FAR: f64 = 0.4;

/// A cause and the readings it explains.
#[derive(Deserialize)]
struct Cause {
    cause: String,
    of: Vec<Readings>,
}

/// Readings of one source: of models whose name starts so, on cards whose name contains this (every one where it is left out), of
/// memory or of speed.
#[derive(Deserialize)]
struct Readings {
    source: String,
    model: String,
    #[serde(default)]
    card: String,
    /// `memory` or `speed`.
    what: String,
}

impl Readings {
    fn holds(&self, judged: &Judged) -> bool {
        let memory = judged.comparison.quantity.starts_with("memory");
        judged.source == self.source
            && judged.model.starts_with(&self.model)
            && judged.named_card.contains(&self.card)
            && memory == (self.what == "memory")
    }
}

/// The causes with the readings that bear them out, and what is wrong with the list.
pub struct Causes {
    lines: Vec<String>,
    /// Readings without a cause, and causes without a reading.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test asks"))]
    pub wrong: Vec<String>,
}

impl Causes {
    /// Holds the list against an outcome.
    pub fn of(outcome: &Outcome) -> Result<Self> {
        let causes: Vec<Cause> = serde_json::from_str(TEXT).context("causes.json is not a list of causes")?;
        let far: Vec<&Judged> = outcome.judged.iter().filter(|one| is_far(one)).collect();
        let (mut lines, mut wrong) = (Vec::new(), Vec::new());
        for judged in &far {
            let known = causes.iter().flat_map(|cause| &cause.of).filter(|of| of.holds(judged)).count();
            if known != 1 {
                wrong.push(format!("{} ({}, {:+.0} %) has {known} causes", judged.id, judged.what, judged.error() * 100.0));
            }
        }
        for cause in &causes {
            let mut named: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for of in &cause.of {
                let errors: Vec<f64> = far.iter().filter(|one| of.holds(one)).map(|one| one.error()).collect();
                if errors.is_empty() {
                    wrong.push(format!("no reading of {}'s {} {} is far off", of.source, of.model, of.card));
                }
                named.entry(&of.source).or_default().push(readings(of, &errors));
            }
            let sources: Vec<String> = named.iter().map(|(source, models)| format!("{source}: {}", models.join(", "))).collect();
            lines.push(format!("- {} ({})", cause.cause, sources.join("; ")));
        }
        Ok(Self { lines, wrong })
    }

    /// As a list.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            _ = writeln!(text, "{line}");
        }
        text
    }
}

/// "T5-large on RTX 4090, 2 readings, +40 to +74 %".
fn readings(of: &Readings, errors: &[f64]) -> String {
    let named: Vec<&str> = [of.model.as_str(), of.card.as_str()].into_iter().filter(|name| !name.is_empty()).collect();
    let low = errors.iter().copied().fold(f64::INFINITY, f64::min) * 100.0;
    let high = errors.iter().copied().fold(f64::NEG_INFINITY, f64::max) * 100.0;
    let off = if errors.len() < 2 { format!("{high:+.0} %") } else { format!("{} times, {low:+.0} to {high:+.0} %", errors.len()) };
    format!("{} {off}", named.join(" on "))
}

/// Readings of real cards; what PyTorch's tracker counts is held to a per cent elsewhere.
fn is_far(judged: &Judged) -> bool {
    let measured = judged.comparison.bound.is_none() && !judged.distrusted;
    measured && judged.kind != super::record::Kind::TorchMemory && judged.error().abs() > FAR
}
