//! What is wrong with a request, in a form a page, a script and a person can each use.

mod allowed;

pub use allowed::{Allowed, Limit, Unit};

use crate::document::{Mistake, NotJson, Wrong, keyword, written};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::fmt;
use std::ops::{Deref, DerefMut};

keyword!(
    /// Why a request was refused.
    ErrorCode {
        /// The text is not JSON.
        InvalidJson = "invalid-json",
        /// A field that is needed is not there.
        MissingField = "missing-field",
        /// A field nobody reads.
        UnknownField = "unknown-field",
        /// A value of the wrong type or spelling.
        InvalidValue = "invalid-value",
        /// A number outside what is allowed.
        OutOfRange = "out-of-range",
        /// No card of that id.
        UnknownCard = "unknown-card",
        /// No model of that id.
        UnknownModel = "unknown-model",
        /// A pasted model configuration that cannot be read.
        UnreadableConfig = "unreadable-config",
        /// A pasted model configuration of a shape that is not known.
        UnknownArchitecture = "unknown-architecture",
        /// Two settings that exclude each other.
        Conflict = "conflict",
        /// A kind of job that makes no sense for the model.
        UnsuitedMethod = "unsuited-method",
    }
);

/// A refused request, as a pointer: hundreds of places hand one on, and each would copy it field by field.
///
/// Serialised with its English sentence as `message`.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestError(Box<Refusal>);

/// Which field of a request was refused, what was given, what is allowed, and the nearest valid choices.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The kind of mistake.
    pub code: ErrorCode,
    /// The field, as a dotted path into the request.
    pub field: String,
    /// What was given, shortened.
    pub given: String,
    /// What is allowed.
    pub allowed: Allowed,
    /// The nearest valid choices, likeliest first.
    pub suggestions: Vec<String>,
}

impl RequestError {
    /// A refusal without suggestions.
    pub fn new(code: ErrorCode, field: impl Into<String>, given: impl fmt::Display, allowed: impl Into<Allowed>) -> Self {
        let (field, given, allowed) = (field.into(), shorten(&given.to_string()), allowed.into());
        Self(Box::new(Refusal { code, field, given, allowed, suggestions: Vec::new() }))
    }

    /// A refusal of text that is not JSON; where the mistake is is said in lines and columns, as an editor counts them.
    #[must_use]
    pub fn of_json(error: &NotJson) -> Self {
        let place = || vec![("line", error.line.to_string()), ("column", error.column.to_string())];
        let allowed = if error.ends { Allowed::phrase("json-end") } else { Allowed::Phrase("json-place", place()) };
        Self::new(ErrorCode::InvalidJson, "", error, allowed)
    }

    /// Adds the valid names nearest to what was given.
    #[must_use]
    pub fn suggest<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let given = self.given.trim_matches('"').to_ascii_lowercase();
        // Whoever wrote "rtx-3060" means one of those that begin so, not the RTX 2060 that differs in a single letter.
        let begins =
            |name: &str| !given.is_empty() && name.strip_prefix(&given).is_some_and(|rest| rest.starts_with(['-', ' ', '.']));
        let score = |name: &str| f64::from(u8::from(begins(name))) + strsim::jaro_winkler(&given, name);
        let mut scored: Vec<(f64, &str)> = names.into_iter().map(|name| (score(&name.to_ascii_lowercase()), name)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        self.suggestions = scored.into_iter().take(3).filter(|(score, _)| *score > 0.7).map(|(_, name)| name.to_owned()).collect();
        self
    }

    /// Puts the field below another one (`rank` below `recipe.lora`).
    #[must_use]
    pub fn under(mut self, parent: &str) -> Self {
        self.field = if self.field.is_empty() { parent.to_owned() } else { format!("{parent}.{}", self.field) };
        self
    }
}

/// A document that cannot be read as what it should be.
impl From<Mistake> for RequestError {
    fn from(mistake: Mistake) -> Self {
        let Mistake { path, found, wrong } = mistake;
        let given = match found {
            // Text that reads like the number it should be is told from one by its quotes.
            Value::String(text) if matches!(wrong, Wrong::Kind(_)) && reads_as_number(&text) => format!("\"{text}\""),
            Value::String(text) => text,
            other => written(&other),
        };
        match wrong {
            Wrong::Missing(name) => {
                let field = if path.is_empty() { name } else { format!("{path}.{name}") };
                Self::new(ErrorCode::MissingField, field, "nothing", Allowed::phrase("value"))
            }
            Wrong::Unknown(name, known) => {
                let allowed = Allowed::Choices(known.clone());
                Self::new(ErrorCode::UnknownField, path, name, allowed).suggest(known.iter().map(String::as_str))
            }
            Wrong::Name(names) => {
                let allowed = Allowed::one_of(names.iter().copied());
                Self::new(ErrorCode::InvalidValue, path, given, allowed).suggest(names.iter().copied())
            }
            Wrong::Kind(kind) => Self::new(ErrorCode::InvalidValue, path, given, Allowed::Quoted(kind.to_owned())),
        }
    }
}

/// Whether a person would take text for a number. No parser: this alone would bring one into the module for JavaScript.
fn reads_as_number(text: &str) -> bool {
    let is_digit = |letter: u8| letter.is_ascii_digit();
    text.bytes().any(is_digit) && text.bytes().all(|letter| is_digit(letter) || b"+-.,eE".contains(&letter))
}

impl Deref for RequestError {
    type Target = Refusal;

    fn deref(&self) -> &Refusal {
        &self.0
    }
}

impl DerefMut for RequestError {
    fn deref_mut(&mut self) -> &mut Refusal {
        &mut self.0
    }
}

impl Serialize for RequestError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("RequestError", 6)?;
        fields.serialize_field("code", &self.code)?;
        fields.serialize_field("field", &self.field)?;
        fields.serialize_field("message", &self.to_string())?;
        fields.serialize_field("given", &self.given)?;
        fields.serialize_field("allowed", &crate::text::allowed(crate::text::Lang::default(), &self.allowed))?;
        fields.serialize_field("suggestions", &self.suggestions)?;
        fields.end()
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::text::request_error(crate::text::Lang::default(), self))
    }
}

impl std::error::Error for RequestError {}

/// Long pasted input is not echoed whole.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}
