//! Reports: Markdown for people, CSV and JSON for programs.

use super::choice::Choice;
use super::{quote, spelled_out};
use crate::estimate::{Estimate, PhaseTime, PricedAmount};
use crate::request::{Keyword, Setup};
use crate::text::{Lang, say};
use crate::units::Bytes;
use serde_json::{Value, json};

/// Request and answer as one document.
fn document(setup: &Setup, estimate: &Estimate) -> Value {
    json!({ "request": spelled_out(setup), "answer": estimate })
}

/// Request and answer.
pub(super) fn json(setup: &Setup, estimate: &Estimate) -> String {
    serde_json::to_string_pretty(&document(setup, estimate)).unwrap_or_default() + "\n"
}

/// Request and answer as a table of one row, to be put under others: a column for each value, named by its path with its unit behind it,
/// and nothing but the number in the cell. The working of each number and the warnings are in the JSON.
pub(super) fn csv(setup: &Setup, estimate: &Estimate) -> String {
    let mut columns = Vec::with_capacity(96);
    flatten(&document(setup, estimate), String::new(), &mut columns);
    let row = |cells: Vec<String>| cells.iter().map(|cell| quote::csv(cell)).collect::<Vec<_>>().join(",");
    let (names, values) = columns.into_iter().unzip();
    format!("{}\r\n{}\r\n", row(names), row(values))
}

/// Adds the values below a path; lists have as many members as the plan gives them and make no columns.
fn flatten(value: &Value, path: String, columns: &mut Vec<(String, String)>) {
    let cell = match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                flatten(value, if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, columns);
            }
            return;
        }
        Value::Array(_) => return,
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let name = unit(&path).map_or_else(|| path.clone(), |unit| format!("{path} ({unit})"));
    columns.push((name, cell));
}

/// The unit of the value at a path, where it has one; that of money is in the column of its currency.
fn unit(path: &str) -> Option<&'static str> {
    let last = path.rsplit('.').next().unwrap_or_default();
    match last {
        "verdict" | "limitedBy" => None,
        _ if path.starts_with("answer.memory.") => Some("bytes"),
        "secondsPerStep" | "total" | "low" | "high" if path.starts_with("answer.time.") => Some("s"),
        "tokensPerSecond" => Some("tokens/s"),
        "samplesPerSecond" => Some("samples/s"),
        "averageWatts" | "powerLimitWatts" | "tdpWatts" => Some("W"),
        "joules" | "wallJoules" => Some("J"),
        "co2Grams" => Some("g"),
        "breakEvenHours" => Some("h"),
        "reservedBytes" => Some("bytes"),
        "networkGbps" => Some("Gb/s"),
        "vramGib" => Some("GiB"),
        "bandwidthGbs" | "nvlinkGbs" | "hostMemoryGbs" => Some("GB/s"),
        "tensorTflops" | "fp32Tflops" => Some("TFLOPS"),
        _ => None,
    }
}

/// The report for people.
pub(super) fn markdown(setup: &Setup, estimate: &Estimate, lang: Lang) -> String {
    let words = |key: &str| say(lang, &format!("export.report.{key}"), &[]);
    let rig = format!("{} × {}", setup.rig.count, setup.rig.card.name);
    let verdict = serde_json::to_value(estimate.memory.verdict).unwrap_or_default();
    let mut text = format!("# {}\n\n", quote::markdown(&setup.model.name));
    table(
        &mut text,
        &[words("what"), words("value")],
        &[
            (words("job"), setup.job.kind.name().to_owned()),
            (words("rig"), rig),
            (words("verdict"), words(verdict.as_str().unwrap_or_default())),
        ],
    );
    text.push_str(&format!("## {}\n\n", words("memory")));
    table(&mut text, &[words("what"), "GiB".to_owned()], &memory(estimate, &words));
    text.push_str(&format!("## {}\n\n", words("time")));
    table(&mut text, &[words("what"), words("value")], &time(estimate, &words));
    text.push_str(&format!("## {}\n\n", words("money")));
    table(&mut text, &[words("what"), words("value")], &money(estimate, &words));
    text.push_str(&format!("## {}\n\n", words("recipe")));
    let choices = Choice::ALL.iter().filter(|choice| choice.applies(setup));
    let rows: Vec<(String, String)> = choices.map(|choice| (choice.name().to_owned(), choice.value(setup))).collect();
    table(&mut text, &[words("what"), words("value")], &rows);
    if !estimate.warnings.is_empty() {
        text.push_str(&format!("## {}\n\n", words("warnings")));
    }
    for warning in &estimate.warnings {
        let args: Vec<(&str, &str)> = warning.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        text.push_str(&format!("- {}\n", quote::markdown(&say(lang, &format!("warning.{}", warning.code), &args))));
    }
    text
}

type Rows = Vec<(String, String)>;

fn memory(estimate: &Estimate, words: &impl Fn(&str) -> String) -> Rows {
    let memory = &estimate.memory;
    let gib = |bytes: Bytes| format!("{:.2}", bytes.as_gib());
    vec![
        (words("weights"), gib(memory.weights)),
        (words("gradients"), gib(memory.gradients)),
        (words("optimizer"), gib(memory.optimizer)),
        (words("activations"), gib(memory.activations)),
        (words("logits"), gib(memory.logits)),
        (words("kv-cache"), gib(memory.kv_cache)),
        (words("workspace"), gib(memory.workspace)),
        (words("communication"), gib(memory.communication)),
        (words("context"), gib(memory.context)),
        (words("total"), gib(memory.total)),
        (words("range"), format!("{} - {}", gib(memory.low), gib(memory.high))),
        (words("capacity"), gib(memory.capacity)),
        (words("host"), gib(memory.host)),
    ]
}

fn time(estimate: &Estimate, words: &impl Fn(&str) -> String) -> Rows {
    let time = &estimate.time;
    let seconds = |value: f64| if value < 10.0 { format!("{value:.3}") } else { format!("{value:.0}") };
    vec![
        (words("hours"), format!("{:.3}", time.total.as_hours())),
        (words("hours-range"), format!("{:.3} - {:.3}", time.low.as_hours(), time.high.as_hours())),
        (words("step"), seconds(time.main.seconds_per_step.get())),
        rate(&time.main, words),
        (words("watts"), format!("{:.0}", estimate.energy.average_watts.get())),
        (words("wall"), format!("{:.3}", estimate.energy.wall_joules.as_kwh())),
    ]
}

/// Tokens where there are any; else whole images, clips or sequences, which may take seconds each.
fn rate(main: &PhaseTime, words: &impl Fn(&str) -> String) -> (String, String) {
    if main.tokens_per_second > 0.0 {
        return (words("tokens-per-second"), format!("{:.1}", main.tokens_per_second));
    }
    let samples = main.samples_per_second;
    (words("samples-per-second"), if samples < 10.0 { format!("{samples:.3}") } else { format!("{samples:.1}") })
}

fn money(estimate: &Estimate, words: &impl Fn(&str) -> String) -> Rows {
    let cost = &estimate.cost;
    let amount = |priced: &Option<PricedAmount>| {
        priced.as_ref().map_or_else(
            || words("unknown"),
            |priced| {
                let currency = serde_json::to_value(priced.money.currency).unwrap_or_default();
                let dated = if priced.date.is_empty() { String::new() } else { format!(" ({}, {})", priced.basis, priced.date) };
                format!("{:.2} {}{dated}", priced.money.amount, currency.as_str().unwrap_or_default())
            },
        )
    };
    vec![(words("buy"), amount(&cost.buy)), (words("rent"), amount(&cost.rent)), (words("electricity"), amount(&cost.electricity))]
}

fn table(text: &mut String, head: &[String; 2], rows: &[(String, String)]) {
    let [left, right] = head;
    text.push_str(&format!("| {left} | {right} |\n| --- | --- |\n"));
    for (name, value) in rows {
        text.push_str(&format!("| {} | {} |\n", quote::markdown(name), quote::markdown(value)));
    }
    text.push('\n');
}
