//! What is wrong with a field, in words.

use crate::context::Env;
use crate::field;
use crate::number::{Fault, Measure};
use whichcard::error::{Allowed, ErrorCode, RequestError};
use whichcard::share::Field;
use whichcard::text::{list, quantity, request_error};

/// Options that a message names: more, such as all sources of measurements, are read in the list beside it.
const NAMED: usize = 14;

/// Why a field was not taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// Not a number, or not within its limits.
    Number(Fault, Measure),
    /// Not one of the names of a list.
    Choice(RequestError),
    /// Not one of the options that are shown, by what was given and what these are called.
    Option(String, Vec<String>),
    /// Empty, but needed.
    Needed,
    /// Refused by the library.
    Refused(RequestError),
}

impl Problem {
    /// Not one of these names.
    pub fn choice(given: &str, names: &[&str]) -> Self {
        let error = RequestError::new(ErrorCode::InvalidValue, "", given, Allowed::one_of(names.iter().copied()));
        // "layers:N" says how layers are written, and is nothing to pick.
        Self::Choice(error.suggest(names.iter().copied().filter(|name| !name.ends_with(":N"))))
    }

    /// The sentence at the field.
    pub fn say(&self, env: &Env, field: Field) -> String {
        match self {
            Self::Number(Fault::NotANumber, measure) => {
                env.fill("app.fault.not-a-number", &[("example", &measure.example(env.lang))])
            }
            Self::Number(Fault::NotWhole, _) => env.say("app.fault.not-whole"),
            Self::Number(Fault::TooSmall, measure) => bound(env, "app.fault.too-small", field, measure.limit.least, measure),
            Self::Number(Fault::TooLarge, measure) => bound(env, "app.fault.too-large", field, measure.limit.most, measure),
            Self::Choice(error) => {
                let names: Vec<String> = match &error.allowed {
                    Allowed::Choices(names) => names.iter().map(|name| field::choice(env, field, name)).collect(),
                    _ => Vec::new(),
                };
                unknown(env, &error.given, &names)
            }
            Self::Option(given, names) if names.len() > NAMED => env.fill("app.fault.not-listed", &[("given", given)]),
            Self::Option(given, names) => unknown(env, given, names),
            Self::Needed => env.say("app.fault.needed"),
            Self::Refused(error) => in_words(env, error),
        }
    }

    /// The name that no card or model has.
    pub fn no_such(&self) -> Option<&str> {
        match self {
            Self::Refused(error) if matches!(error.code, ErrorCode::UnknownCard | ErrorCode::UnknownModel) => Some(&error.given),
            _ => None,
        }
    }

    /// Valid choices near to what was typed.
    pub fn suggestions(&self) -> &[String] {
        match self {
            Self::Refused(error) | Self::Choice(error) => &error.suggestions,
            _ => &[],
        }
    }
}

/// That something is no choice, and what would be.
fn unknown(env: &Env, given: &str, names: &[String]) -> String {
    env.fill("app.fault.unknown-choice", &[("given", given), ("choices", &list(env.lang, names))])
}

/// "At least 10 W", "at most 100,000,000 CNY".
fn bound(env: &Env, key: &str, field: Field, value: f64, measure: &Measure) -> String {
    let amount = quantity(env.lang, value, &measure.limit);
    let unit = field::money_unit(env, field);
    env.fill(key, &[("bound", &if unit.is_empty() { amount } else { format!("{amount} {unit}") })])
}

/// A refusal of the library in the words of the page: fields by their labels. What to pick instead stands beside it as buttons.
pub fn in_words(env: &Env, error: &RequestError) -> String {
    // A configuration's own keys are what its author knows them by.
    let name = match error.field.strip_prefix("model.hfConfig.") {
        Some(key) => key.to_owned(),
        None if error.field.starts_with(|letter: char| letter.is_ascii_alphabetic()) && error.field.contains('.') => {
            env.say(field::named(env, field::of_path(&error.field)))
        }
        None => error.field.clone(),
    };
    let mut said = error.clone();
    said.field = name;
    said.suggestions.clear();
    if field::of_path(&error.field) == Field::Offload {
        said.given = env.name("offload", &error.given);
    }
    if error.code == ErrorCode::UnsuitedMethod {
        // Methods by the names on their buttons.
        said.given = env.name("job", &error.given);
        if let Allowed::Choices(names) = &error.allowed {
            said.allowed =
                Allowed::one_of(names.iter().map(|name| env.name("job", name)).collect::<Vec<_>>().iter().map(String::as_str));
        }
    }
    request_error(env.lang, &said)
}
