//! Ranges: how far estimates are off on sources the fit has not seen, by kind of work.

use super::file::Calibration;
use super::fit::rounded;
use crate::accuracy::{Case, statistics::quantile};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use whichcard::estimate::{Phase, TimeCalibration, work_kind};

/// Share of measurements a range is to hold.
const INSIDE: f64 = 0.8;
/// Standard deviations to the end of that range.
const DEVIATIONS: f64 = 1.28;
/// Measurements that weigh as much as the spread of all work of the same phase.
const SHRINKAGE: f64 = 20.0;

/// Absolute residuals on unseen sources, with the source.
type Residuals<'a> = Vec<(f64, &'a str)>;

/// Writes the spread of each kind of work.
pub fn add(table: &mut Calibration, cases: &[&Case], unseen: &[(String, TimeCalibration)]) {
    let mut kinds: BTreeMap<&str, Residuals> = BTreeMap::new();
    for case in cases {
        let source = case.record.source();
        let Some(phase) = phase(case) else { continue };
        let Some((_, factors)) = unseen.iter().find(|(left_out, _)| left_out == source) else { continue };
        let residual = case.compare(factors).ok().and_then(|found| found.first().map(|one| one.residual().abs()));
        kinds.entry(work_kind(&case.setup, phase).key()).or_default().extend(residual.map(|residual| (residual, source)));
    }
    for (kind, residuals) in &kinds {
        let phase = phase_of(kind);
        let alike: Residuals = kinds.iter().filter(|(other, _)| phase_of(other) == phase).flat_map(|(_, of)| of.clone()).collect();
        let n = residuals.len() as f64;
        let end = (n * reach(residuals) + SHRINKAGE * reach(&alike)) / (n + SHRINKAGE);
        if let Some(factor) = table.time.pointer_mut(&format!("/spread/kinds/{kind}")) {
            *factor = json!({"value": rounded(end / DEVIATIONS), "evidence": evidence(residuals)});
        }
    }
}

/// The phase a micro-benchmark has none of.
fn phase(case: &Case) -> Option<Phase> {
    Some(match case.record.text("phase") {
        "train" => Phase::Train,
        "decode" => Phase::Decode,
        "prefill" => Phase::Prefill,
        _ => return None,
    })
}

/// `training`, `decode` or `prefill`, the first word of a kind.
fn phase_of(kind: &str) -> &str {
    kind.split(|letter: char| letter.is_uppercase()).next().unwrap_or(kind)
}

/// The residual that the wanted share stays below.
fn reach(residuals: &[(f64, &str)]) -> f64 {
    quantile(&residuals.iter().map(|(residual, _)| *residual).collect::<Vec<_>>(), INSIDE)
}

fn evidence(residuals: &[(f64, &str)]) -> Value {
    let mut sources: Vec<&str> = residuals.iter().map(|(_, source)| *source).collect();
    sources.sort_unstable();
    sources.dedup();
    json!({"n": residuals.len(), "sources": sources, "spread": rounded(reach(residuals))})
}
