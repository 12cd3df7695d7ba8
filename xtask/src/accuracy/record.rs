//! One published or counted measurement, as written in a record file.

use serde_json::{Map, Value};

/// Which file format a record is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Allocator bytes of real models under PyTorch's memory tracker.
    TorchMemory,
    /// Memory measured on real cards.
    Memory,
    /// Throughput measured on real cards.
    Speed,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::TorchMemory => "counted memory",
            Self::Memory => "published memory",
            Self::Speed => "published speed",
        }
    }
}

/// A record: null and absent are the same, "not stated".
pub struct Record {
    pub kind: Kind,
    fields: Map<String, Value>,
}

impl Record {
    /// Tells the format by its fields.
    pub fn new(fields: Map<String, Value>) -> Self {
        let kind = if fields.contains_key("peak_bytes_total") {
            Kind::TorchMemory
        } else if fields.contains_key("measured_gb") {
            Kind::Memory
        } else {
            Kind::Speed
        };
        Self { kind, fields }
    }

    pub fn value(&self, key: &str) -> Option<&Value> {
        self.fields.get(key).filter(|value| !value.is_null())
    }

    pub fn text(&self, key: &str) -> &str {
        self.value(key).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn lower(&self, key: &str) -> String {
        self.text(key).to_lowercase()
    }

    /// A number, also where it is written as text ("4", "1,024").
    pub fn number(&self, key: &str) -> Option<f64> {
        let value = self.value(key)?;
        let written = || value.as_str()?.replace(',', "").trim().parse().ok();
        value.as_f64().or_else(written).filter(|number: &f64| number.is_finite())
    }

    /// What was measured, in the unit of the source.
    pub fn reading(&self) -> Option<f64> {
        self.number(match self.kind {
            Kind::TorchMemory => "peak_bytes_total",
            Kind::Memory => "measured_gb",
            Kind::Speed => "measured",
        })
    }

    /// The collector says that the reading cannot be right: the estimate is made and shown, and neither judged nor fitted to.
    pub fn distrusted(&self) -> bool {
        let note = self.lower("note");
        note.contains("implausible as printed") || note.contains("treat as suspect")
    }

    pub fn is(&self, key: &str) -> bool {
        self.value(key).and_then(Value::as_bool).unwrap_or(false)
    }

    pub fn source(&self) -> &str {
        match self.value("source") {
            Some(Value::Object(source)) => source.get("key").and_then(Value::as_str).unwrap_or("unnamed"),
            Some(Value::String(source)) => source,
            _ => "fake-cuda",
        }
    }

    /// Title or address of the source.
    pub fn source_field(&self, key: &str) -> &str {
        self.value("source").and_then(|source| source.get(key)).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn cards(&self) -> f64 {
        self.number("n_gpus").unwrap_or(1.0).max(1.0)
    }

    pub fn trains(&self) -> bool {
        match self.kind {
            Kind::Speed if self.text("phase").is_empty() => self.text("task") != "inference",
            Kind::Speed => self.text("phase") == "train",
            _ => self.text("task") != "inference",
        }
    }
}
