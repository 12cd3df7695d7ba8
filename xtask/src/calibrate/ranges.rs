//! Ranges: how far estimates are off on sources the fit has not seen, by kind of work.

use super::file::{Calibration, Tables};
use super::fit::rounded;
use crate::accuracy::{Case, measure::Comparison};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use whichcard::estimate::{CardClass, Phase, RANGE_DEVIATIONS, quantile, work_kind};
use whichcard::request::Keyword as _;

/// Share of measurements a range is to hold: what lies within [`RANGE_DEVIATIONS`].
const INSIDE: f64 = 0.8;
/// Measurements that weigh as much as the spread of all work of the same phase.
const SHRINKAGE: f64 = 20.0;

/// Residuals on unseen sources, with the source.
type Residuals<'a> = Vec<(f64, &'a str)>;

/// Writes the tenth and ninetieth percentile of reading over estimate, for training and for inference, each drawn towards that of
/// all readings where it has few.
pub fn add_memory(table: &mut Calibration, cases: &[&Case], unseen: &[(String, Tables)]) {
    let found = |trains: Option<bool>| -> Residuals {
        let wanted = cases.iter().filter(|case| trains.is_none_or(|trains| case.setup.trains() == trains));
        wanted.filter_map(|case| Some((residual(case, unseen)?, case.record.source()))).collect()
    };
    let all = found(None);
    for (kind, trains) in [("trainingSpread", true), ("inferenceSpread", false)] {
        let own = found(Some(trains));
        let n = own.len() as f64;
        for (end, share) in [("low", (1.0 - INSIDE) / 2.0), ("high", (1.0 + INSIDE) / 2.0)] {
            let log = (n * percentile(&own, share) + SHRINKAGE * percentile(&all, share)) / (n + SHRINKAGE);
            if let Some(factor) = table.whole.pointer_mut(&format!("/memory/{kind}/{end}")) {
                *factor = json!({"value": rounded(log.exp()), "evidence": evidence(&own)});
            }
        }
    }
}

/// Residual of a case by the factors that have not seen its source.
fn residual(case: &Case, unseen: &[(String, Tables)]) -> Option<f64> {
    let (_, tables) = unseen.iter().find(|(left_out, _)| left_out == case.record.source())?;
    case.compare(tables).ok()?.first().map(Comparison::residual)
}

fn percentile(residuals: &[(f64, &str)], share: f64) -> f64 {
    quantile(&residuals.iter().map(|(residual, _)| *residual).collect::<Vec<_>>(), share).unwrap_or_default()
}

/// Writes the spread of each kind of work.
pub fn add_time(table: &mut Calibration, cases: &[&Case], unseen: &[(String, Tables)]) {
    let mut kinds: BTreeMap<&str, Residuals> = BTreeMap::new();
    for case in cases {
        let source = case.record.source();
        let Some(phase) = phase(case) else { continue };
        let Some(residual) = residual(case, unseen) else { continue };
        kinds.entry(work_kind(&case.setup, phase).key()).or_default().push((residual, source));
    }
    for (kind, residuals) in &kinds {
        let phase = phase_of(kind);
        let alike: Residuals = kinds.iter().filter(|(other, _)| phase_of(other) == phase).flat_map(|(_, of)| of.clone()).collect();
        let n = residuals.len() as f64;
        let end = (n * reach(residuals) + SHRINKAGE * reach(&alike)) / (n + SHRINKAGE);
        if let Some(factor) = table.whole.pointer_mut(&format!("/time/spread/kinds/{kind}")) {
            *factor = json!({"value": rounded(end / RANGE_DEVIATIONS), "evidence": evidence(residuals)});
        }
    }
}

/// Writes which kinds of work were measured on which class of card, with which software and for which job.
pub fn add_covered(table: &mut Calibration, cases: &[&Case]) {
    let mut counts: BTreeMap<String, (Value, u32)> = BTreeMap::new();
    for case in cases {
        let Some(phase) = phase(case) else { continue };
        let setup = &case.setup;
        let kind = work_kind(setup, phase).key();
        let class = CardClass::of(&setup.rig.card);
        let row = json!({"class": class, "stack": setup.recipe.stack.name(), "job": setup.job.kind.name(), "kind": kind});
        counts.entry(row.to_string()).or_insert((row, 0)).1 += 1;
    }
    let counted = counts.into_values().map(|(mut row, n)| {
        row["n"] = json!(n);
        row
    });
    table.whole["time"]["covered"] = counted.collect();
}

/// The phase a micro-benchmark has none of.
fn phase(case: &Case) -> Option<Phase> {
    Some(match case.record.text("phase") {
        "train" => Phase::Train,
        "decode" => Phase::Decode,
        // Denoising is one pass after another over the whole image.
        "prefill" | "generate" => Phase::Prefill,
        _ => return None,
    })
}

/// `training`, `decode` or `prefill`, the first word of a kind.
fn phase_of(kind: &str) -> &str {
    kind.split(|letter: char| letter.is_uppercase()).next().unwrap_or(kind)
}

/// The residual that the wanted share stays below.
fn reach(residuals: &[(f64, &str)]) -> f64 {
    quantile(&residuals.iter().map(|(residual, _)| residual.abs()).collect::<Vec<_>>(), INSIDE).unwrap_or_default()
}

fn evidence(residuals: &[(f64, &str)]) -> Value {
    let mut sources: Vec<&str> = residuals.iter().map(|(_, source)| *source).collect();
    sources.sort_unstable();
    sources.dedup();
    json!({"n": residuals.len(), "sources": sources, "spread": rounded(reach(residuals))})
}
