//! Reading data files, requests and goals: JSON to typed records, with the path of the first mistake.
//!
//! Serde's derived readers are generated anew for every record and every kind of input; together they were a sixth of what a visitor
//! downloaded. Here a record names its fields once ([`record!`]), and one piece of code per *kind of field* fills them all, each in its
//! place: records handed over by value would be copied from level to level.

mod decimal;
mod keyword;
mod mistake;
mod parse;

pub use decimal::Decimal;
pub use keyword::Keyword;
pub(crate) use keyword::keyword;
pub use mistake::{Mistake, Wrong, written};
pub use parse::{NotJson, parse};

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

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

/// What is read field by field.
pub trait Record {
    /// The names of its fields.
    fn names(&self) -> &'static [&'static str];

    /// Takes over those that stand in `object`.
    fn take(&mut self, object: &Map<String, Value>, reader: &mut Reader);
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
    /// Notes a mistake in what stands here; only the first counts.
    pub fn fault(&mut self, value: &Value, wrong: Wrong) {
        if self.mistake.is_none() {
            self.mistake = Some(Mistake { path: self.place(), found: value.clone(), wrong });
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

    /// A value of its own.
    pub fn filled<T: Blank>(&mut self, value: &Value) -> T {
        let mut read = T::blank();
        read.fill(value, self);
        read
    }

    /// The fields of a record and of its parts. Any that is not among `known` is a mistake, unless nothing is.
    pub fn object<'v>(&mut self, value: &'v Value, known: &[&'static [&'static str]]) -> Option<&'v Map<String, Value>> {
        let Value::Object(object) = value else {
            self.fault(value, Wrong::Kind("an object"));
            return None;
        };
        for (key, held) in object {
            if !known.is_empty() && !known.iter().copied().flatten().any(|name| self.is(name, key)) {
                self.path.push(Step::Key(key.clone()));
                self.fault(held, Wrong::Unknown(key.clone(), known.iter().copied().flatten().map(|name| spelled(name)).collect()));
                self.path.pop();
            }
        }
        Some(object)
    }

    /// A field that is needed unless its type may be left out.
    pub fn field(&mut self, object: &Map<String, Value>, name: &'static str, into: &mut dyn Read) {
        if !self.present(object, name, into) && !into.may_lack() {
            self.fault(&Value::Null, Wrong::Missing(spelled(name)));
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
        let Value::Array(entries) = value else { return reader.fault(value, Wrong::Kind("a list")) };
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
        let Value::Array(entries) = value else { return reader.fault(value, Wrong::Kind("a list")) };
        let [first, second] = entries.as_slice() else { return reader.fault(value, Wrong::Kind("a list of two")) };
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

/// An object of any keys, in the order in which they are put in. A sorted map takes more code than looking through a few.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries<T>(Vec<(String, T)>);

impl<T> Entries<T> {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        self.0.iter().map(|(key, entry)| (key, entry))
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their keys.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.iter().map(|(key, _)| key)
    }

    /// The entry of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&T> {
        self.iter().find(|(known, _)| *known == key).map(|(_, entry)| entry)
    }
}

impl<T> FromIterator<(String, T)> for Entries<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl<T: Blank> Read for Entries<T> {
    fn fill(&mut self, value: &Value, reader: &mut Reader) {
        let Value::Object(object) = value else { return reader.fault(value, Wrong::Kind("an object")) };
        for (key, entry) in object {
            reader.path.push(Step::Key(key.clone()));
            self.0.push((key.clone(), reader.filled(entry)));
            reader.path.pop();
        }
    }
}

impl<T: Blank> Blank for Entries<T> {
    fn blank() -> Self {
        Self(Vec::new())
    }
}

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// Reads a record by its fields. A field that is `optional` may be left out and is its type's default then; one called differently in
/// files says so with `as`; an `open` record may have others beside. The fields of its `..part` stand among its own.
macro_rules! record {
    ($($name:ident $($open:ident)? { $($field:ident $(as $spelling:literal)? $(: $optional:ident)?),+ $(,)? $(.. $part:ident)? })+) => {$(
        impl $crate::document::Record for $name {
            fn names(&self) -> &'static [&'static str] {
                &[$($crate::document::record!(@name $field $($spelling)?)),+]
            }

            fn take(&mut self, object: &serde_json::Map<String, serde_json::Value>, reader: &mut $crate::document::Reader) {
                $($crate::document::record!(@fill reader object ($crate::document::record!(@name $field $($spelling)?)) (&mut self.$field) $($optional)?);)+
            }
        }

        impl $crate::document::Read for $name {
            fn fill(&mut self, value: &serde_json::Value, reader: &mut $crate::document::Reader) {
                use $crate::document::Record;
                if let Some(object) = reader.object(value, $crate::document::record!(@known $($open)? self $(.. $part)?)) {
                    self.take(object, reader);
                    $(self.$part.take(object, reader);)?
                }
            }
        }

        impl $crate::document::Blank for $name {
            // Called, not repeated, wherever one stands in another.
            #[inline(never)]
            fn blank() -> Self {
                Self { $($field: $crate::document::record!(@blank $($optional)?),)+ $($part: $crate::document::Blank::blank())? }
            }
        }
    )+};
    (@known open $record:ident) => { &[] };
    (@known $record:ident $(.. $part:ident)?) => { &[$record.names(), $($record.$part.names())?] };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $spelling:literal) => { $spelling };
    (@fill $reader:ident $object:ident ($name:expr) ($into:expr)) => { $reader.field($object, $name, $into) };
    (@fill $reader:ident $object:ident ($name:expr) ($into:expr) optional) => { $reader.present($object, $name, $into) };
    (@blank) => { $crate::document::Blank::blank() };
    (@blank optional) => { Default::default() };
}

/// Single values: how to take one, and what a person calls it.
macro_rules! single {
    ($($name:ty = $blank:expr, $take:expr, $expected:literal;)+) => {$(
        impl Read for $name {
            fn fill(&mut self, value: &Value, reader: &mut Reader) {
                let take: fn(&Value) -> Option<Self> = $take;
                match take(value) {
                    Some(read) => *self = read,
                    None => reader.fault(value, Wrong::Kind($expected)),
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

pub(crate) use record;

single! {
    bool = false, Value::as_bool, "true or false";
    f64 = 0.0, Value::as_f64, "a number";
    u64 = 0, Value::as_u64, "a whole number";
    u32 = 0, |value| u32::try_from(value.as_u64()?).ok(), "a whole number";
    u8 = 0, |value| u8::try_from(value.as_u64()?).ok(), "a whole number";
    String = Self::new(), |value| value.as_str().map(str::to_owned), "text";
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

    #[derive(Debug, PartialEq)]
    struct Load {
        gross_kg: f64,
        part: Part,
    }

    record!(
        Crate { width_mm, label, parts, sealed: optional }
        Part { count as "n" }
        Load { gross_kg, ..part }
    );

    #[test]
    fn reads_what_is_there_and_defaults_the_rest() {
        let read = read::<Crate>(&json!({"widthMm": 3, "parts": [{"n": 2}]}));
        assert_eq!(read, Ok(Crate { width_mm: 3.0, label: None, parts: vec![Part { count: 2 }], sealed: false }));
    }

    #[test]
    fn reads_the_fields_of_a_part_among_those_of_the_whole() {
        let load = Load { gross_kg: 2.5, part: Part { count: 2 } };
        assert_eq!(read::<Load>(&json!({"grossKg": 2.5, "n": 2})), Ok(load));
        let known = vec!["grossKg".to_owned(), "n".to_owned()];
        let unknown = Wrong::Unknown("count".to_owned(), known);
        let mistake = Mistake { path: "count".to_owned(), found: json!(2), wrong: unknown };
        assert_eq!(read::<Load>(&json!({"grossKg": 2.5, "count": 2})), Err(mistake));
    }

    #[track_caller]
    fn mistake(document: &Value, path: &str, found: Value, wrong: Wrong) {
        assert_eq!(read::<Crate>(document), Err(Mistake { path: path.to_owned(), found, wrong }));
    }

    #[test]
    fn says_where_a_mistake_is() {
        let missing = |name: &str| Wrong::Missing(name.to_owned());
        mistake(&json!({"widthMm": "3", "parts": []}), "widthMm", json!("3"), Wrong::Kind("a number"));
        mistake(&json!({"widthMm": 3, "parts": [{"n": 1}, {"n": -1}]}), "parts[1].n", json!(-1), Wrong::Kind("a whole number"));
        mistake(&json!({"widthMm": 3, "parts": {}}), "parts", json!({}), Wrong::Kind("a list"));
        mistake(&json!({"parts": []}), "", Value::Null, missing("widthMm"));
        mistake(&json!({"widthMm": 3, "parts": [{}]}), "parts[0]", Value::Null, missing("n"));
        let unknown = Wrong::Unknown("m".to_owned(), vec!["n".to_owned()]);
        mistake(&json!({"widthMm": 3, "parts": [{"n": 1, "m": 2}]}), "parts[0].m", json!(2), unknown);
        mistake(&json!([]), "", json!([]), Wrong::Kind("an object"));
    }
}
