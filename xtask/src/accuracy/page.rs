//! The comparisons as the page loads them: names once, points as rows of numbers.
//!
//! ```text
//! {"sources": [[label, address]], "quantities": [[kind, unit]], "jobs": [..], "cards": [ids], "models": [[name, parameters]],
//!  "points": [[quantity, job, card, model, source, predicted, measured, low, high, unseen, inside]]}
//! ```
//!
//! The first five numbers of a point are places in the lists above; `low` and `high` are null where there is no range. `unseen` is
//! the prediction by factors that were fitted without the source of the point, null where none is fitted for it, and `inside` is 1
//! where the measurement lies in the range that comes with it, 0 where it does not, null where there is none. Every quantity is
//! better when larger, but memory. A unit of `1/h` or `steps/s` comes from a published duration.

#[cfg(test)]
use super::measure::Comparison;
use super::{Judged, Outcome};
use crate::calibrate::fit::rounded;
use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// Bytes of a GiB, the unit of memory on the page.
const GIB: f64 = 1_073_741_824.0;

/// The columns of a point.
#[cfg(test)]
pub const POINT: [&str; 11] =
    ["quantity", "job", "card", "model", "source", "predicted", "measured", "low", "high", "unseen", "inside"];

/// Where it is kept.
#[cfg(test)]
pub const PATH: &str = "web/accuracy.json";

/// Writes the file of the page.
pub fn write(outcome: &Outcome, path: &str) -> Result<()> {
    std::fs::write(path, text(outcome)).with_context(|| format!("cannot write {path}"))
}

/// Published readings that their collector trusts.
fn is_shown(judged: &Judged) -> bool {
    judged.comparison.bound.is_none() && !judged.url.is_empty() && !judged.distrusted
}

/// One line a point, so that a change shows where it is.
pub fn text(outcome: &Outcome) -> String {
    let mut names = Names::default();
    let points: Vec<String> =
        outcome.judged.iter().filter(|judged| is_shown(judged)).map(|judged| point(&mut names, judged).to_string()).collect();
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
    let scale = scale(one.quantity);
    let memory = one.quantity.starts_with("memory");
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
        judged.unseen.and_then(|unseen| unseen.inside()).map(u8::from),
    ])
}

/// Bytes or units of the compared quantity in one of the page's.
fn scale(quantity: &str) -> f64 {
    if quantity.starts_with("memory") { GIB } else { 1.0 }
}

/// A column of a point by name.
#[cfg(test)]
pub fn column<'a>(point: &'a Value, name: &str) -> &'a Value {
    POINT.iter().position(|known| *known == name).map_or(&Value::Null, |place| &point[place])
}

/// Adds what factors predict that have not seen a source, as the page has it: fitting them takes a minute, reading them none. Of
/// the ranges it keeps whether the measurement lies inside.
#[cfg(test)]
pub fn add_unseen(outcome: &mut Outcome, text: &str) -> Result<()> {
    let data: Value = serde_json::from_str(text).context("the page's data are not JSON")?;
    let points = data["points"].as_array().context("the page has no points")?;
    for (judged, point) in outcome.judged.iter_mut().filter(|judged| is_shown(judged)).zip(points) {
        let Comparison { quantity, measured, .. } = judged.comparison;
        let range = column(point, "inside")
            .as_u64()
            .map(|inside| if inside == 1 { (measured, measured) } else { (f64::INFINITY, f64::INFINITY) });
        judged.unseen = column(point, "unseen").as_f64().map(|unseen| Comparison {
            estimated: unseen * scale(quantity),
            range,
            ..judged.comparison
        });
    }
    Ok(())
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
