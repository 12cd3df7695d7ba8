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
        if std::env::var("SHOW").is_ok() {
            let saved = record["activation_bytes_saved"].as_f64().unwrap_or(0.0);
            let before = record["bytes_before"]["total"].as_f64().or(record["bytes_before"].as_f64()).unwrap();
            let w = got.weights.get() + if setup.trains() { got.optimizer.get() } else { 0.0 };
            println!(
                "{:6.2}% | static {:6.2}% | saved {:8.1} of {:8.1} MiB {:6.2}% | peak {:9.1} of {:9.1} {} ph {} | {}",
                error * 100.0,
                (w / before - 1.0) * 100.0,
                kept_for_backward(&setup).get() / 1048576.0,
                saved / 1048576.0,
                if saved > 0.0 { (kept_for_backward(&setup).get() / saved - 1.0) * 100.0 } else { 0.0 },
                got.allocated.get() / 1048576.0,
                peak / 1048576.0,
                if error.abs() > 0.01 { "***" } else { "" },
                record["peak_phase"].as_str().unwrap(),
                record["id"].as_str().unwrap()
            );
        }
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

#[test]
fn peaks_agree_by_family_and_kind() {
    let text = |record: &Value, field: &str| record[field].as_str().unwrap().to_owned();
    for (name, mut errors) in errors(|record| text(record, "arch")) {
        let (median, _) = summary(&name, &mut errors);
        assert!(median < 0.4, "{name}");
    }
}
