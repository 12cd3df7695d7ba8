//! Ranges: how far estimates are off on sources the fit has not seen, by kind of work.

use super::file::{Calibration, Tables};
use super::fit::rounded;
use crate::accuracy::{Case, measure::Comparison};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use whichcard::estimate::{CardClass, Phase, RANGE_DEVIATIONS, SMALL, block_style, quantile, work_kind};
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

/// Writes the spread of each kind of work, and how it goes with the size of language models.
pub fn add_time(table: &mut Calibration, cases: &[&Case], unseen: &[(String, Tables)]) {
    let off: Vec<Off> = cases.iter().filter_map(|case| Off::of(case, unseen)).collect();
    let plain = ends(&off, [1.0; 2]);
    let sizes = [true, false].map(|small| {
        let alike = off.iter().filter(|off| off.small == Some(small));
        let found: Residuals = alike.map(|off| (off.residual / plain.get(off.kind).copied().unwrap_or(1.0), off.source)).collect();
        let n = found.len() as f64;
        ((n * reach(&found) + SHRINKAGE) / (n + SHRINKAGE), found)
    });
    let [(small, of_small), (large, of_large)] = &sizes;
    for (name, value, found) in [("small", small, of_small), ("large", large, of_large)] {
        put(table, &format!("/time/spread/{name}"), *value, found);
    }
    for (kind, end) in ends(&off, [*small, *large]) {
        let own: Residuals = off.iter().filter(|off| off.kind == kind).map(|off| (off.residual, off.source)).collect();
        put(table, &format!("/time/spread/kinds/{kind}"), end / RANGE_DEVIATIONS, &own);
    }
}

fn put(table: &mut Calibration, pointer: &str, value: f64, residuals: &[(f64, &str)]) {
    if let Some(factor) = table.whole.pointer_mut(pointer) {
        *factor = json!({"value": rounded(value), "evidence": evidence(residuals)});
    }
}

/// How far a time is off, and what decides its range.
struct Off<'a> {
    residual: f64,
    source: &'a str,
    kind: &'static str,
    /// Whether it is a small language model; none for anything else.
    small: Option<bool>,
}

impl<'a> Off<'a> {
    fn of(case: &'a Case, unseen: &[(String, Tables)]) -> Option<Self> {
        let kind = work_kind(&case.setup, phase(case)?).name();
        let model = &case.setup.model;
        let small = model.category.is_language().then_some(model.parameters < SMALL);
        Some(Self { residual: residual(case, unseen)?, source: case.record.source(), kind, small })
    }
}

/// The end of the range of each kind, where small and large language models have these times its width; drawn towards that of all work
/// of the same phase.
fn ends<'a>(off: &[Off<'a>], [small, large]: [f64; 2]) -> BTreeMap<&'static str, f64> {
    let mut kinds: BTreeMap<&'static str, Residuals<'a>> = BTreeMap::new();
    for one in off {
        let size = one.small.map_or(1.0, |is| if is { small } else { large });
        kinds.entry(one.kind).or_default().push((one.residual / size, one.source));
    }
    let drawn = |(kind, residuals): (&&'static str, &Residuals<'a>)| {
        let same = |other: &str| phase_of(other) == phase_of(kind);
        let alike: Residuals = kinds.iter().filter(|(other, _)| same(other)).flat_map(|(_, of)| of.clone()).collect();
        let n = residuals.len() as f64;
        (*kind, (n * reach(residuals) + SHRINKAGE * reach(&alike)) / (n + SHRINKAGE))
    };
    kinds.iter().map(drawn).collect()
}

/// Writes which kinds of work were measured on which class of card, with which software and for which job.
pub fn add_covered(table: &mut Calibration, cases: &[&Case]) {
    let mut counts: BTreeMap<String, (Value, u32)> = BTreeMap::new();
    for case in cases {
        let Some(phase) = phase(case) else { continue };
        let setup = &case.setup;
        let kind = work_kind(setup, phase).name();
        let class = CardClass::of(&setup.rig.card);
        let row = json!({"class": class, "stack": setup.recipe.stack.name(), "job": setup.job.kind.name(), "kind": kind});
        counts.entry(row.to_string()).or_insert((row, 0)).1 += 1;
    }
    table.whole["time"]["covered"] = rows(counts);
}

/// Writes which kinds of network were measured in which kind of job: what the allocator counted, and readings of real cards.
pub fn add_covered_memory(table: &mut Calibration, cases: &[Case]) {
    let mut counts: BTreeMap<String, (Value, u32)> = BTreeMap::new();
    for case in cases.iter().filter(|case| !case.is_speed() && !case.record.distrusted()) {
        let mut row = json!({"job": case.setup.job.kind.name()});
        if let Some(style) = block_style(&case.setup.model.network) {
            row["blocks"] = json!(style);
        }
        counts.entry(row.to_string()).or_insert((row, 0)).1 += 1;
    }
    table.whole["memory"]["covered"] = rows(counts);
}

fn rows(counts: BTreeMap<String, (Value, u32)>) -> Value {
    let counted = counts.into_values().map(|(mut row, n)| {
        row["n"] = json!(n);
        row
    });
    counted.collect()
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
