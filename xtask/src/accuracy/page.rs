//! The comparisons as the page loads them: names once, points as rows of numbers.
//!
//! ```text
//! {"sources": [[label, address]], "quantities": [[kind, unit]], "jobs": [..], "cards": [ids], "models": [[name, parameters]],
//!  "points": [[quantity, job, card, model, source, predicted, measured, low, high, unseen]]}
//! ```
//!
//! The first five numbers of a point are places in the lists above; `low` and `high` are null where there is no range. `unseen` is the
//! prediction by factors that were fitted without the source of the point, null where none is fitted for it. Every quantity is better
//! when larger, but memory. A unit of `1/h` or `steps/s` comes from a published duration.

use super::{Judged, Outcome};
use crate::calibrate::fit::rounded;
use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// Bytes of a GiB, the unit of memory on the page.
const GIB: f64 = 1_073_741_824.0;

/// Where it is kept.
#[cfg(test)]
pub const PATH: &str = "web/accuracy.json";

/// Writes the file of the page.
pub fn write(outcome: &Outcome, path: &str) -> Result<()> {
    std::fs::write(path, text(outcome)).with_context(|| format!("cannot write {path}"))
}

/// One line a point, so that a change shows where it is.
pub fn text(outcome: &Outcome) -> String {
    let mut names = Names::default();
    let measured =
        outcome.judged.iter().filter(|judged| judged.comparison.bound.is_none() && !judged.url.is_empty() && !judged.distrusted);
    let points: Vec<String> = measured.map(|judged| point(&mut names, judged).to_string()).collect();
    let list = |list: &[Value]| Value::from(list.to_vec()).to_string();
    format!(
        "{{\"sources\":{},\n\"quantities\":{},\n\"jobs\":{},\n\"cards\":{},\n\"models\":{},\n\"points\":[\n{}\n]}}\n",
        list(&names.sources),
        list(&names.quantities),
        list(&names.jobs),
        list(&names.cards),
        list(&names.models),
        points.join(",\n")
    )
}

/// What points refer to, in order of first appearance.
#[derive(Default)]
struct Names {
    sources: Vec<Value>,
    quantities: Vec<Value>,
    jobs: Vec<Value>,
    cards: Vec<Value>,
    models: Vec<Value>,
}

fn place(list: &mut Vec<Value>, name: Value) -> usize {
    list.iter().position(|known| *known == name).unwrap_or_else(|| {
        list.push(name);
        list.len() - 1
    })
}

fn point(names: &mut Names, judged: &Judged) -> Value {
    let one = &judged.comparison;
    let memory = one.quantity.starts_with("memory");
    let scale = if memory { GIB } else { 1.0 };
    let unit = if memory { "GiB" } else { unit(one.quantity, &judged.unit) };
    let end = |end: Option<f64>| end.map_or(Value::Null, |end| json!(rounded(end / scale)));
    json!([
        place(&mut names.quantities, json!([one.quantity, unit])),
        place(&mut names.jobs, json!(judged.job)),
        place(&mut names.cards, json!(judged.card)),
        place(&mut names.models, json!([judged.model, judged.parameters])),
        place(&mut names.sources, json!([judged.title, judged.url])),
        rounded(one.estimated / scale),
        rounded(one.measured / scale),
        end(one.range.map(|(low, _)| low)),
        end(one.range.map(|(_, high)| high)),
        end(judged.unseen.map(|unseen| unseen.estimated)),
    ])
}

/// The unit of a comparison, durations being turned into rates.
fn unit(quantity: &str, written: &str) -> &'static str {
    match (quantity, written) {
        ("bandwidth", _) => "GB/s",
        ("product rate", _) | (_, "tflops_per_gpu") => "TFLOPS",
        (_, "tokens_per_s" | "tokens_per_s_per_gpu") => "tokens/s",
        (_, "steps_per_s" | "s_per_step") => "steps/s",
        (_, "mfu") => "%",
        (_, "hours_total") => "1/h",
        _ => "samples/s",
    }
}
