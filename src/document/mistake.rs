//! What can be wrong in a document.

use super::Decimal;
use serde_json::Value;

/// The first mistake in a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// Where: `cards[12].tdpW`; empty for the document itself.
    pub path: String,
    /// What stands there.
    pub found: Value,
    /// Why that is wrong.
    pub wrong: Wrong,
}

/// Why something is wrong where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A field of that name has to be here.
    Missing(String),
    /// A field of that name is not known here; these are.
    Unknown(String, Vec<String>),
    /// One of these names has to stand here.
    Name(&'static [&'static str]),
    /// Something else has to stand here.
    Kind(&'static str),
}

impl Mistake {
    /// What is there, in words.
    #[must_use]
    pub fn found(&self) -> String {
        match &self.wrong {
            Wrong::Missing(name) => format!("no `{name}`"),
            Wrong::Unknown(name, _) => format!("unknown field `{name}`"),
            Wrong::Name(_) | Wrong::Kind(_) => written(&self.found),
        }
    }

    /// What should be, in words.
    #[must_use]
    pub fn expected(&self) -> String {
        match &self.wrong {
            Wrong::Missing(name) => format!("`{name}`"),
            Wrong::Unknown(_, known) => known.join(", "),
            Wrong::Name(names) => names.join(", "),
            Wrong::Kind(kind) => (*kind).to_owned(),
        }
    }
}

/// A value as JSON.
#[must_use]
pub fn written(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, into: &mut String) {
    match value {
        Value::Null => into.push_str("null"),
        Value::Bool(true) => into.push_str("true"),
        Value::Bool(false) => into.push_str("false"),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => into.push_str(&whole.to_string()),
            (None, Some(real)) => into.push_str(&Decimal(real).to_string()),
            (None, None) => {}
        },
        Value::String(text) => quote(text, into),
        Value::Array(entries) => list('[', ']', entries.iter(), into, write),
        Value::Object(object) => list('{', '}', object.iter(), into, |(key, held), into| {
            quote(key, into);
            into.push(':');
            write(held, into);
        }),
    }
}

fn list<T>(open: char, close: char, entries: impl Iterator<Item = T>, into: &mut String, mut one: impl FnMut(T, &mut String)) {
    into.push(open);
    for (place, entry) in entries.enumerate() {
        if place > 0 {
            into.push(',');
        }
        one(entry, into);
    }
    into.push(close);
}

fn quote(text: &str, into: &mut String) {
    into.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            into.push('\\');
        }
        into.push(c);
    }
    into.push('"');
}
