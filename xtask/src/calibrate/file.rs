//! `calibration.json` read and written: whole, in alphabetical order, a factor on one line.

use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;
use std::fmt::Write as _;
use whichcard::estimate::{MemoryCalibration, TimeCalibration};

const PATH: &str = "src/estimate/calibration.json";

/// The file.
#[derive(Clone)]
pub struct Calibration {
    /// All of it.
    pub whole: Value,
}

/// The factors as the engine reads them.
pub struct Tables {
    pub memory: MemoryCalibration,
    pub time: TimeCalibration,
}

/// Reads the file.
pub fn read() -> Result<Calibration> {
    let text = std::fs::read_to_string(PATH).with_context(|| format!("cannot read {PATH}"))?;
    Ok(Calibration { whole: serde_json::from_str(&text).with_context(|| format!("{PATH} is not JSON"))? })
}

impl Calibration {
    /// The factors as the engine reads them.
    pub fn tables(&self) -> Result<Tables> {
        let wrong = |error| anyhow!("the factors do not have the shape the engine reads: {error}");
        let section = |name: &str| self.whole.get(name).with_context(|| format!("calibration.json has no section `{name}`"));
        let memory = MemoryCalibration::read(section("memory")?).map_err(wrong)?;
        Ok(Tables { memory, time: TimeCalibration::read(section("time")?).map_err(wrong)? })
    }

    /// ISO date of the last fit.
    pub fn date(&self) -> String {
        self.whole["date"].as_str().unwrap_or_default().to_owned()
    }

    /// Writes the factors, and the date of the fit.
    pub fn write(mut self, date: &str) -> Result<()> {
        self.whole["date"] = Value::from(date);
        let mut text = String::new();
        nested(&mut text, &self.whole, 0);
        text.push('\n');
        std::fs::write(PATH, text).with_context(|| format!("cannot write {PATH}"))
    }
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
