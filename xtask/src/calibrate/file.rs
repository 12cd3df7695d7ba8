//! `calibration.json` as text, so that rewriting the factors of time leaves everything else as it was.

use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;
use std::fmt::Write as _;
use whichcard::estimate::TimeCalibration;

const PATH: &str = "src/estimate/calibration.json";
const START: &str = "  \"time\": ";

/// The file, taken apart.
#[derive(Clone)]
pub struct Calibration {
    /// Everything before the factors of time.
    before: String,
    /// The factors of time.
    pub time: Value,
}

/// Reads the file.
pub fn read() -> Result<Calibration> {
    let text = std::fs::read_to_string(PATH).with_context(|| format!("cannot read {PATH}"))?;
    let (before, _) = text.split_once(START).context("calibration.json has no section `time` at its end")?;
    let whole: Value = serde_json::from_str(&text).with_context(|| format!("{PATH} is not JSON"))?;
    let time = whole.get("time").cloned().context("calibration.json has no section `time`")?;
    Ok(Calibration { before: before.to_owned(), time })
}

impl Calibration {
    /// The factors as the engine reads them.
    pub fn table(&self) -> Result<TimeCalibration> {
        TimeCalibration::read(&self.time).map_err(|error| anyhow!("the factors do not have the shape the engine reads: {error}"))
    }

    /// Writes the factors, and the date of the fit.
    pub fn write(&self, date: &str) -> Result<()> {
        let mut text = redated(&self.before, date);
        text.push_str(START);
        nested(&mut text, &self.time, 1);
        text.push_str("\n}\n");
        std::fs::write(PATH, text).with_context(|| format!("cannot write {PATH}"))
    }
}

/// The first line with a date says when the table was fitted.
fn redated(before: &str, date: &str) -> String {
    let line = |line: &str| if line.starts_with("  \"date\"") { format!("  \"date\": \"{date}\",\n") } else { line.to_owned() };
    before.split_inclusive('\n').map(line).collect()
}

/// Objects of objects over several lines, a factor on one.
fn nested(text: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth + 1);
    match value {
        Value::Object(fields) if !fields.contains_key("value") => {
            text.push_str("{\n");
            for (index, (key, field)) in fields.iter().enumerate() {
                _ = write!(text, "{indent}\"{key}\": ");
                nested(text, field, depth + 1);
                text.push_str(if index + 1 < fields.len() { ",\n" } else { "\n" });
            }
            _ = write!(text, "{}}}", "  ".repeat(depth));
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            text.push_str("[\n");
            for (index, item) in items.iter().enumerate() {
                _ = write!(text, "{indent}{}{}", flat(item), if index + 1 < items.len() { ",\n" } else { "\n" });
            }
            _ = write!(text, "{}]", "  ".repeat(depth));
        }
        _ => text.push_str(&flat(value)),
    }
}

/// On one line, the value of a factor before its evidence.
fn flat(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort_by_key(|key| (*key != "value" && *key != "class" && *key != "n", key.as_str()));
            let parts: Vec<String> = keys.into_iter().map(|key| format!("\"{key}\": {}", flat(&fields[key]))).collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(flat).collect::<Vec<_>>().join(", ")),
        _ => value.to_string(),
    }
}
