//! Reading the program's data files: JSON to typed records, with the path of the first mistake.
//!
//! Serde's derived readers are generated anew for every record and every kind of input; together they were a sixth of what a visitor
//! downloaded. Here a record names its fields once ([`record!`]), and one piece of code per *kind of field* fills them all, each in its
//! place: records handed over by value would be copied from level to level. Only the names of choices are still read by serde.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The first mistake in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where: `cards[12].tdpW`; empty for the document itself.
    pub path: String,
    /// What, in serde's words.
    pub message: String,
}

/// Something a document can hold.
pub trait Read {
    /// Takes over what the document says. After a mistake the whole is thrown away by [`read`].
    fn fill(&mut self, value: &Value, reader: &mut Reader);

    /// Whether its field may be left out.
    fn may_lack(&self) -> bool {
        false
    }
}

/// What can be read has a form before it is.
pub trait Blank: Read + Sized {
    /// That form; for what may be left out, what it is then.
    fn blank() -> Self;
}

/// Reads a whole document.
///
/// # Errors
/// The first field that is missing, unknown or of the wrong type.
pub fn read<T: Blank>(document: &Value) -> Result<T, Mistake> {
    let mut reader = Reader::default();
    let read = reader.filled(document);
    reader.mistake.map_or(Ok(read), Err)
}

/// Where the reading has got to, and the first mistake met.
#[derive(Debug, Default)]
pub struct Reader {
    path: Vec<Step>,
    mistake: Option<Mistake>,
    spelling: String,
}

#[derive(Debug)]
enum Step {
    Field(&'static str),
    Entry(usize),
    Key(String),
}

impl Reader {
    /// Notes a mistake here; only the first counts.
    pub fn fault(&mut self, message: &str) {
        if self.mistake.is_none() {
            self.mistake = Some(Mistake { path: self.place(), message: message.to_owned() });
        }
    }

    fn place(&self) -> String {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Entry(position) => path.push_str(&format!("[{position}]")),
                Step::Field(_) | Step::Key(_) if !path.is_empty() => path.push('.'),
                _ => {}
            }
            match step {
                Step::Field(name) => spell(name, &mut path),
                Step::Key(key) => path.push_str(key),
                Step::Entry(_) => {}
            }
        }
        path
    }

    /// Notes that something else stands here than what is expected.
    pub fn unexpected(&mut self, value: &Value, expected: &str) {
        self.fault(&format!("invalid type: {}, expected {expected}", described(value)));
    }

    /// A value of its own.
    fn filled<T: Blank>(&mut self, value: &Value) -> T {
        let mut read = T::blank();
        read.fill(value, self);
        read
    }

    /// The fields of a record. Any that is not among `known` is a mistake.
    pub fn object<'v>(&mut self, value: &'v Value, known: &'static [&'static str]) -> Option<&'v Map<String, Value>> {
        let Value::Object(object) = value else {
            self.unexpected(value, "a map");
            return None;
        };
        for key in object.keys() {
            if !known.iter().any(|name| self.is(name, key)) {
                self.path.push(Step::Key(key.clone()));
                let mut names = known.iter().map(|name| format!("`{}`", spelled(name))).collect::<Vec<_>>().join(", ");
                if known.len() > 1 {
                    names.insert_str(0, "one of ");
                }
                self.fault(&format!("unknown field `{key}`, expected {names}"));
                self.path.pop();
            }
        }
        Some(object)
    }

    /// A field that is needed unless its type may be left out.
    pub fn field(&mut self, object: &Map<String, Value>, name: &'static str, into: &mut dyn Read) {
        if !self.present(object, name, into) && !into.may_lack() {
            self.fault(&format!("missing field `{}`", spelled(name)));
        }
    }

    /// A field that may be left out; answers whether it is there.
    pub fn present(&mut self, object: &Map<String, Value>, name: &'static str, into: &mut dyn Read) -> bool {
        let Some(value) = self.enter(object, name) else { return false };
        into.fill(value, self);
        self.path.pop();
        true
    }

    fn enter<'v>(&mut self, object: &'v Map<String, Value>, name: &'static str) -> Option<&'v Value> {
        self.spelling.clear();
        spell(name, &mut self.spelling);
        let value = object.get(&self.spelling)?;
        self.path.push(Step::Field(name));
        Some(value)
    }

    fn is(&mut self, name: &str, key: &str) -> bool {
        self.spelling.clear();
        spell(name, &mut self.spelling);
        self.spelling == key
    }
}

/// A field's name as files spell it: `vram_gb` is `vramGb`.
fn spell(name: &str, into: &mut String) {
    let mut words = name.split('_');
    into.push_str(words.next().unwrap_or_default());
    for word in words {
        let mut letters = word.chars();
        into.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        into.push_str(letters.as_str());
    }
}

fn spelled(name: &str) -> String {
    let mut text = String::new();
    spell(name, &mut text);
    text
}

/// What stands in a place, in serde's words.
fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => format!("boolean `{value}`"),
        Value::Number(number) if number.is_f64() => format!("floating point `{number}`"),
        Value::Number(number) => format!("integer `{number}`"),
        Value::String(text) => format!("string \"{text}\""),
        Value::Array(_) => "sequence".to_owned(),
        Value::Object(_) => "map".to_owned(),
    }
}

impl<T: Blank> Read for Option<T> {
    fn fill(&mut self, value: &Value, reader: &mut Reader) {
        *self = if value.is_null() { None } else { Some(reader.filled(value)) };
    }

    fn may_lack(&self) -> bool {
        true
    }
}

impl<T: Blank> Blank for Option<T> {
    fn blank() -> Self {
        None
    }
}

impl<T: Blank> Read for Vec<T> {
    fn fill(&mut self, value: &Value, reader: &mut Reader) {
        let Value::Array(entries) = value else { return reader.unexpected(value, "a sequence") };
        self.reserve(entries.len());
        for (position, entry) in entries.iter().enumerate() {
            reader.path.push(Step::Entry(position));
            self.push(reader.filled(entry));
            reader.path.pop();
        }
    }
}

impl<T: Blank> Blank for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }
}

impl<T: Blank> Read for (T, T) {
    fn fill(&mut self, value: &Value, reader: &mut Reader) {
        let Value::Array(entries) = value else { return reader.unexpected(value, "a sequence") };
        let [first, second] = entries.as_slice() else { return reader.fault("invalid length, expected a list of 2") };
        for (position, entry, into) in [(0, first, &mut self.0), (1, second, &mut self.1)] {
            reader.path.push(Step::Entry(position));
            into.fill(entry, reader);
            reader.path.pop();
        }
    }
}

impl<T: Blank> Blank for (T, T) {
    fn blank() -> Self {
        (T::blank(), T::blank())
    }
}

impl<T: Blank> Read for BTreeMap<String, T> {
    fn fill(&mut self, value: &Value, reader: &mut Reader) {
        let Value::Object(object) = value else { return reader.unexpected(value, "a map") };
        for (key, entry) in object {
            reader.path.push(Step::Key(key.clone()));
            self.insert(key.clone(), reader.filled(entry));
            reader.path.pop();
        }
    }
}

impl<T: Blank> Blank for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }
}

/// Reads a record by its fields. A field that is `optional` may be left out and is its type's default then; one called differently in
/// files says so with `as`.
macro_rules! record {
    ($($name:ty { $($field:ident $(as $spelling:literal)? $(: $optional:ident)?),+ $(,)? })+) => {$(
        impl $crate::document::Read for $name {
            fn fill(&mut self, value: &serde_json::Value, reader: &mut $crate::document::Reader) {
                let known = &[$($crate::document::record!(@name $field $($spelling)?)),+];
                if let Some(object) = reader.object(value, known) {
                    $($crate::document::record!(@fill reader object ($crate::document::record!(@name $field $($spelling)?)) (&mut self.$field) $($optional)?);)+
                }
            }
        }

        impl $crate::document::Blank for $name {
            // Called, not repeated, wherever one stands in another.
            #[inline(never)]
            fn blank() -> Self {
                Self { $($field: $crate::document::record!(@blank $($optional)?),)+ }
            }
        }
    )+};
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $spelling:literal) => { $spelling };
    (@fill $reader:ident $object:ident ($name:expr) ($into:expr)) => { $reader.field($object, $name, $into) };
    (@fill $reader:ident $object:ident ($name:expr) ($into:expr) optional) => { $reader.present($object, $name, $into) };
    (@blank) => { $crate::document::Blank::blank() };
    (@blank optional) => { Default::default() };
}

/// Leaves the reading of a choice by name to serde; the second word is what stands there before.
macro_rules! value {
    ($($name:ty = $blank:expr),+ $(,)?) => {$(
        impl $crate::document::Read for $name {
            fn fill(&mut self, value: &serde_json::Value, reader: &mut $crate::document::Reader) {
                match <Self as serde::Deserialize>::deserialize(value) {
                    Ok(read) => *self = read,
                    Err(error) => reader.fault(&error.to_string()),
                }
            }
        }

        impl $crate::document::Blank for $name {
            fn blank() -> Self {
                $blank
            }
        }
    )+};
}

/// Single values: how to take one, and what serde calls it.
macro_rules! single {
    ($($name:ty = $blank:expr, $take:expr, $expected:literal;)+) => {$(
        impl Read for $name {
            fn fill(&mut self, value: &Value, reader: &mut Reader) {
                let take: fn(&Value) -> Option<Self> = $take;
                match take(value) {
                    Some(read) => *self = read,
                    None => reader.unexpected(value, $expected),
                }
            }
        }

        impl Blank for $name {
            fn blank() -> Self {
                $blank
            }
        }
    )+};
}

pub(crate) use {record, value};

single! {
    bool = false, Value::as_bool, "a boolean";
    f64 = 0.0, Value::as_f64, "f64";
    u64 = 0, Value::as_u64, "u64";
    u32 = 0, |value| u32::try_from(value.as_u64()?).ok(), "u32";
    u8 = 0, |value| u8::try_from(value.as_u64()?).ok(), "u8";
    String = Self::new(), |value| value.as_str().map(str::to_owned), "a string";
    Value = Self::Null, |value| Some(value.clone()), "anything";
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, PartialEq)]
    struct Crate {
        width_mm: f64,
        label: Option<String>,
        parts: Vec<Part>,
        sealed: bool,
    }

    #[derive(Debug, PartialEq)]
    struct Part {
        count: u32,
    }

    record!(
        Crate { width_mm, label, parts, sealed: optional }
        Part { count as "n" }
    );

    #[test]
    fn reads_what_is_there_and_defaults_the_rest() {
        let read = read::<Crate>(&json!({"widthMm": 3, "parts": [{"n": 2}]}));
        assert_eq!(read, Ok(Crate { width_mm: 3.0, label: None, parts: vec![Part { count: 2 }], sealed: false }));
    }

    #[track_caller]
    fn mistake(document: &Value, path: &str, message: &str) {
        assert_eq!(read::<Crate>(document), Err(Mistake { path: path.to_owned(), message: message.to_owned() }));
    }

    #[test]
    fn says_where_a_mistake_is() {
        mistake(&json!({"widthMm": "3", "parts": []}), "widthMm", "invalid type: string \"3\", expected f64");
        mistake(&json!({"widthMm": 3, "parts": [{"n": 1}, {"n": -1}]}), "parts[1].n", "invalid type: integer `-1`, expected u32");
        mistake(&json!({"widthMm": 3, "parts": {}}), "parts", "invalid type: map, expected a sequence");
        mistake(&json!({"parts": []}), "", "missing field `widthMm`");
        mistake(&json!({"widthMm": 3, "parts": [{}]}), "parts[0]", "missing field `n`");
        mistake(&json!({"widthMm": 3, "parts": [{"n": 1, "m": 2}]}), "parts[0].m", "unknown field `m`, expected `n`");
        mistake(&json!([]), "", "invalid type: sequence, expected a map");
    }
}
