//! Allocator peaks of real transformers and PEFT code against the estimate.
//!
//! `tests/reference/torch_memory.json` holds runs of the Hugging Face code under PyTorch's memory tracker; its `meta` says how.

mod models;
mod requests;

use serde_json::Value;
use std::collections::BTreeMap;
use whichcard::catalog::Catalog;
use whichcard::estimate::{kept_for_backward, memory};
use whichcard::request::{Request, Setup, resolve};

fn records() -> Vec<Value> {
    let text = include_str!("../reference/torch_memory.json");
    let document: Value = serde_json::from_str(text).unwrap();
    document["records"].as_array().unwrap().clone()
}

/// Everything is described in the request; the catalogue serves only because resolving takes one.
fn setup(catalog: &Catalog, record: &Value) -> Setup {
    let request = Request::from_value(requests::request(record)).unwrap();
    resolve(catalog, &request).unwrap()
}

/// Relative errors of the peak by group.
fn errors(group: impl Fn(&Value) -> String) -> BTreeMap<String, Vec<f64>> {
    let mut errors: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let catalog = Catalog::from_json(include_str!("../../catalog.json")).unwrap();
    for record in records() {
        let setup = setup(&catalog, &record);
        let peak = record["peak_bytes_total"].as_f64().unwrap();
        let got = memory(&setup);
        let error = got.allocated.get() / peak - 1.0;
        errors.entry(group(&record)).or_default().push(error.abs());
    }
    errors
}

fn at(sorted: &[f64], share: f64) -> f64 {
    let position = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    below + (above - below) * position.fract()
}

fn summary(name: &str, errors: &mut [f64]) -> (f64, f64) {
    errors.sort_by(f64::total_cmp);
    let (median, p95) = (at(errors, 0.5), at(errors, 0.95));
    println!(
        "{name:24} {:4} median {:5.2} %  p95 {:5.2} %  max {:5.2} %",
        errors.len(),
        median * 100.0,
        p95 * 100.0,
        at(errors, 1.0) * 100.0
    );
    (median, p95)
}

/// Families by name, with the median and 95th percentile they must stay below.
fn limit(family: &str) -> (f64, f64) {
    match family {
        "resnet" | "wav2vec2" => (0.02, 0.04),
        "t5" | "vit" => (0.005, 0.025),
        _ => (0.003, 0.012),
    }
}

#[test]
fn peaks_agree_in_every_family() {
    for (name, mut errors) in errors(|record| record["arch"].as_str().unwrap().to_owned()) {
        let (median, p95) = summary(&name, &mut errors);
        let most = limit(&name);
        assert!(median <= most.0 && p95 <= most.1, "{name}: median {median:.4}, 95th percentile {p95:.4}");
    }
}

#[test]
fn peaks_agree_for_every_kind_of_job_and_precision() {
    let text = |record: &Value, field: &str| record[field].as_str().unwrap().to_owned();
    for (name, mut errors) in errors(|record| format!("{} {}", text(record, "task"), text(record, "dtype_policy"))) {
        let (median, p95) = summary(&name, &mut errors);
        // A group of one or two records has no median worth holding.
        let most = if errors.len() < 3 { 0.03 } else { 0.005 };
        assert!(median <= most && p95 <= 0.03, "{name}: median {median:.4}, 95th percentile {p95:.4}");
    }
}

#[test]
fn what_forward_keeps_agrees() {
    let catalog = Catalog::from_json(include_str!("../../catalog.json")).unwrap();
    let mut errors: Vec<f64> = records()
        .iter()
        .filter_map(|record| {
            let saved = record["activation_bytes_saved"].as_f64()?;
            Some((kept_for_backward(&setup(&catalog, record)).get() / saved - 1.0).abs())
        })
        .collect();
    let (median, p95) = summary("kept for backward", &mut errors);
    assert!(median <= 0.002 && p95 <= 0.02, "median {median:.4}, 95th percentile {p95:.4}");
}
