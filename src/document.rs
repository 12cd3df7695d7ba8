//! Reading the program's data files: JSON to typed records, with the path of the first mistake.
//!
//! Serde's derived readers are generated anew for every record and every kind of input; together they were a sixth of what a visitor
//! downloaded. Here a record names its fields once ([`record!`]), and one piece of code per *kind of field* reads them all. Single
//! values are still read by serde, so its messages stay.

use serde::Deserialize as _;
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
pub trait Read: Sized {
    /// Reads it. After a mistake the result is a stand-in that [`read`] throws away.
    fn read(value: &Value, reader: &mut Reader) -> Self;

    /// What stands in for it after a mistake.
    fn blank() -> Self;

    /// What it is when its field is not there; `None` where the field is needed.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }
}

/// Reads a whole document.
///
/// # Errors
/// The first field that is missing, unknown or of the wrong type.
pub fn read<T: Read>(document: &Value) -> Result<T, Mistake> {
    let mut reader = Reader::default();
    let read = T::read(document, &mut reader);
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

    /// The fields of a record. Any that is not among `known` is a mistake.
    pub fn object<'v>(&mut self, value: &'v Value, known: &'static [&'static str]) -> Option<&'v Map<String, Value>> {
        let Value::Object(object) = value else {
            // Serde says what was found instead.
            let found = Map::<String, Value>::deserialize(value).err().map(|error| error.to_string());
            self.fault(found.as_deref().unwrap_or_default());
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

    /// A field that is needed unless its type can be absent.
    pub fn field<T: Read>(&mut self, object: Option<&Map<String, Value>>, name: &'static str) -> T {
        self.present(object, name).or_else(T::absent).unwrap_or_else(|| {
            self.fault(&format!("missing field `{}`", spelled(name)));
            T::blank()
        })
    }

    /// A field that may be left out, if it is there.
    pub fn present<T: Read>(&mut self, object: Option<&Map<String, Value>>, name: &'static str) -> Option<T> {
        let value = self.enter(object?, name)?;
        let read = T::read(value, self);
        self.path.pop();
        Some(read)
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

impl<T: Read> Read for Option<T> {
    fn read(value: &Value, reader: &mut Reader) -> Self {
        (!value.is_null()).then(|| T::read(value, reader))
    }

    fn blank() -> Self {
        None
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value, reader: &mut Reader) -> Self {
        let entries = list(value, reader);
        let mut read = Self::with_capacity(entries.len());
        for (position, entry) in entries.iter().enumerate() {
            reader.path.push(Step::Entry(position));
            read.push(T::read(entry, reader));
            reader.path.pop();
        }
        read
    }

    fn blank() -> Self {
        Self::new()
    }
}

fn list<'v>(value: &'v Value, reader: &mut Reader) -> &'v [Value] {
    if let Value::Array(entries) = value {
        return entries;
    }
    let found = Vec::<Value>::deserialize(value).err().map(|error| error.to_string());
    reader.fault(found.as_deref().unwrap_or_default());
    &[]
}

impl<T: Read> Read for (T, T) {
    fn read(value: &Value, reader: &mut Reader) -> Self {
        let mut both = Vec::<T>::read(value, reader).into_iter();
        match (both.next(), both.next(), both.next()) {
            (Some(first), Some(second), None) => (first, second),
            _ => {
                reader.fault("invalid length, expected a list of 2");
                Self::blank()
            }
        }
    }

    fn blank() -> Self {
        (T::blank(), T::blank())
    }
}

impl<T: Read> Read for BTreeMap<String, T> {
    fn read(value: &Value, reader: &mut Reader) -> Self {
        let mut read = Self::new();
        let Value::Object(object) = value else {
            reader.object(value, &[]);
            return read;
        };
        for (key, entry) in object {
            reader.path.push(Step::Key(key.clone()));
            read.insert(key.clone(), T::read(entry, reader));
            reader.path.pop();
        }
        read
    }

    fn blank() -> Self {
        Self::new()
    }
}

/// Reads a record by its fields. A field that is `optional` may be left out and is its type's default then; one called differently in
/// files says so with `as`.
macro_rules! record {
    ($($name:ty { $($field:ident $(as $spelling:literal)? $(: $optional:ident)?),+ $(,)? })+) => {$(
        impl $crate::document::Read for $name {
            fn read(value: &serde_json::Value, reader: &mut $crate::document::Reader) -> Self {
                let object = reader.object(value, &[$($crate::document::record!(@name $field $($spelling)?)),+]);
                Self {
                    $($field: $crate::document::record!(@value reader object ($crate::document::record!(@name $field $($spelling)?)) $($optional)?),)+
                }
            }

            fn blank() -> Self {
                Self { $($field: $crate::document::Read::blank(),)+ }
            }
        }
    )+};
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $spelling:literal) => { $spelling };
    (@value $reader:ident $object:ident ($name:expr)) => { $reader.field($object, $name) };
    (@value $reader:ident $object:ident ($name:expr) optional) => { $reader.present($object, $name).unwrap_or_default() };
}

/// Leaves the reading of a single value to serde; the second word is what stands in after a mistake.
macro_rules! value {
    ($($name:ty = $blank:expr),+ $(,)?) => {$(
        impl $crate::document::Read for $name {
            fn read(value: &serde_json::Value, reader: &mut $crate::document::Reader) -> Self {
                match <Self as serde::Deserialize>::deserialize(value) {
                    Ok(read) => read,
                    Err(error) => {
                        reader.fault(&error.to_string());
                        $blank
                    }
                }
            }

            fn blank() -> Self {
                $blank
            }
        }
    )+};
}

pub(crate) use {record, value};

value!(f64 = 0.0, u64 = 0, u32 = 0, u8 = 0, bool = false, String = String::new());

impl Read for Value {
    fn read(value: &Value, _: &mut Reader) -> Self {
        value.clone()
    }

    fn blank() -> Self {
        Self::Null
    }
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
        mistake(&json!({"widthMm": 3, "parts": [{"n": 1}, {"n": -1}]}), "parts[1].n", "invalid value: integer `-1`, expected u32");
        mistake(&json!({"widthMm": 3, "parts": {}}), "parts", "invalid type: map, expected a sequence");
        mistake(&json!({"parts": []}), "", "missing field `widthMm`");
        mistake(&json!({"widthMm": 3, "parts": [{}]}), "parts[0]", "missing field `n`");
        mistake(&json!({"widthMm": 3, "parts": [{"n": 1, "m": 2}]}), "parts[0].m", "unknown field `m`, expected `n`");
        mistake(&json!([]), "", "invalid type: sequence, expected a map");
    }
}
