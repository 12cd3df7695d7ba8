//! Reading numbers, flags and lists from a configuration under any of their names.

use crate::document::written;
use crate::error::{Allowed, ErrorCode, Limit, RequestError};
use serde_json::{Map, Value};

/// A configuration object and what had to be assumed while reading it.
pub struct Reader<'a> {
    config: &'a Map<String, Value>,
    /// `key = value` for everything the configuration left out.
    pub assumptions: Vec<String>,
    /// Its type, where that is not known and it is read as a Llama.
    pub unfamiliar: Option<String>,
}

/// Largest whole number a configuration may hold.
const LARGEST: u64 = 1 << 40;

impl<'a> Reader<'a> {
    /// Reads this object.
    pub const fn new(config: &'a Map<String, Value>) -> Self {
        Self { config, assumptions: Vec::new(), unfamiliar: None }
    }

    fn find(&self, keys: &[&'static str]) -> Option<(&'static str, &'a Value)> {
        keys.iter().find_map(|key| self.config.get(*key).filter(|value| !value.is_null()).map(|value| (*key, value)))
    }

    /// Whether one of the keys is there and not null.
    pub fn has(&self, keys: &[&'static str]) -> bool {
        self.find(keys).is_some()
    }

    /// A whole number of at least `least`.
    pub fn number(&self, keys: &[&'static str], least: u64) -> Result<Option<u64>, RequestError> {
        let Some((key, value)) = self.find(keys) else { return Ok(None) };
        let refusal = |code| RequestError::new(code, key, written(value), Limit::counts(least, LARGEST));
        let number = value
            .as_u64()
            .or_else(|| value.as_f64().and_then(whole))
            .ok_or_else(|| refusal(if value.is_number() { ErrorCode::OutOfRange } else { ErrorCode::InvalidValue }))?;
        if (least..=LARGEST).contains(&number) { Ok(Some(number)) } else { Err(refusal(ErrorCode::OutOfRange)) }
    }

    /// A whole number above zero, or a default that is noted.
    pub fn size(&mut self, keys: &[&'static str], default: Option<u64>) -> Result<u64, RequestError> {
        if let Some(number) = self.number(keys, 1)? {
            return Ok(number);
        }
        let key = keys.first().copied().unwrap_or_default();
        let default =
            default.ok_or_else(|| RequestError::new(ErrorCode::MissingField, key, "nothing", Allowed::phrase("a-whole-number")))?;
        self.assume(key, default);
        Ok(default)
    }

    /// Notes an assumption.
    pub fn assume(&mut self, key: &str, value: impl std::fmt::Display) {
        self.assumptions.push(format!("{key} = {value}"));
    }

    /// A flag, or its default.
    pub fn flag(&self, keys: &[&'static str], default: bool) -> Result<bool, RequestError> {
        match self.find(keys) {
            None => Ok(default),
            Some((_, Value::Bool(flag))) => Ok(*flag),
            Some((key, value)) => {
                Err(RequestError::new(ErrorCode::InvalidValue, key, written(value), Allowed::phrase("true-or-false")))
            }
        }
    }

    /// A text.
    pub fn text(&self, keys: &[&'static str]) -> Option<&'a str> {
        self.find(keys).and_then(|(_, value)| value.as_str())
    }

    /// A list of texts.
    pub fn texts(&self, key: &'static str) -> Vec<&'a str> {
        let list = self.find(&[key]).and_then(|(_, value)| value.as_array());
        list.map_or_else(Vec::new, |list| list.iter().filter_map(Value::as_str).collect())
    }

    /// A list of whole numbers.
    pub fn numbers(&self, key: &'static str) -> Vec<u64> {
        let list = self.find(&[key]).and_then(|(_, value)| value.as_array());
        list.map_or_else(Vec::new, |list| list.iter().filter_map(Value::as_u64).collect())
    }

    /// A nested object.
    pub fn object(&self, key: &'static str) -> Option<&'a Map<String, Value>> {
        self.find(&[key]).and_then(|(_, value)| value.as_object())
    }

    /// A nested object that the shape cannot do without.
    pub fn nested(&self, key: &'static str) -> Result<&'a Map<String, Value>, RequestError> {
        self.object(key).ok_or_else(|| RequestError::new(ErrorCode::MissingField, key, "nothing", Allowed::phrase("value")))
    }

    /// A whole number above zero where it is not left to the class (`"auto"`).
    pub fn number_or_auto(&self, key: &'static str) -> Result<Option<u64>, RequestError> {
        if self.text(&[key]) == Some("auto") { Ok(None) } else { self.number(&[key], 1) }
    }

    /// A whole number above zero, and nothing for anything else.
    pub fn count(&self, key: &'static str) -> Option<u64> {
        self.number(&[key], 1).ok().flatten()
    }

    /// The first key that says something (no null, false, zero or empty value) and fits.
    pub fn first_key(&self, fits: impl Fn(&str, &Value) -> bool) -> Option<&'a str> {
        let says = |value: &Value| match value {
            Value::Null => false,
            Value::Bool(flag) => *flag,
            Value::Number(number) => number.as_f64() != Some(0.0),
            Value::String(text) => !text.is_empty(),
            Value::Array(list) => !list.is_empty(),
            Value::Object(object) => !object.is_empty(),
        };
        self.config.iter().find(|(key, value)| says(value) && fits(key, value)).map(|(key, _)| key.as_str())
    }

    /// Refuses a configuration for what this key says, of a type that is named.
    pub fn not_understood(&self, key: &str, kind: &str) -> RequestError {
        let kind = if kind.is_empty() { "config.json" } else { kind };
        RequestError::new(ErrorCode::UnknownArchitecture, key, kind, Allowed::phrase("size-instead"))
    }

    /// Length of a list or object (labels).
    pub fn length(&self, key: &'static str) -> Option<u64> {
        let value = self.find(&[key])?.1;
        let length = value.as_array().map(Vec::len).or_else(|| value.as_object().map(Map::len))?;
        u64::try_from(length).ok()
    }
}

/// `4096.0` counts as 4096.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be whole, positive and below 2^53")]
fn whole(value: f64) -> Option<u64> {
    (value.fract() == 0.0 && (0.0..9e15).contains(&value)).then_some(value as u64)
}
