//! Request and answer for programs: CSV and JSON.

use super::{quote, spelled_out};
use crate::estimate::Estimate;
use crate::request::{DescribedModel, ModelChoice, Request, Setup};
use crate::units::real;
use serde_json::{Value, json};

/// Request and answer as one document.
fn document(request: &Request, estimate: &Estimate) -> Value {
    json!({ "request": request, "answer": estimate })
}

/// Request and answer.
pub(super) fn json(setup: &Setup, estimate: &Estimate) -> String {
    serde_json::to_string_pretty(&document(&spelled_out(setup), estimate)).unwrap_or_default() + "\n"
}

/// Request and answer as a table of one row, to be put under others: a column for each value, named by its path with its unit
/// behind it, and nothing but the number in the cell. The working of each number and the warnings are in the JSON.
pub(super) fn csv(setup: &Setup, estimate: &Estimate) -> String {
    let mut request = spelled_out(setup);
    if let ModelChoice::Described(described) = &mut request.model {
        // A whole configuration is no cell.
        *described = DescribedModel::ParametersB(real(setup.model.parameters) / 1e9);
    }
    let mut columns = Vec::with_capacity(96);
    flatten(&document(&request, estimate), String::new(), &mut columns);
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
        "vramGib" | "hostMemory" => Some("GiB"),
        "bandwidthGbs" | "nvlinkGbs" | "hostMemoryGbs" => Some("GB/s"),
        "tensorTflops" | "fp32Tflops" => Some("TFLOPS"),
        _ => None,
    }
}
