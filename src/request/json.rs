//! Reading a request from JSON, with errors that name the field.

use super::*;
use crate::error::{Allowed, ErrorCode, RequestError};
use serde::de::DeserializeOwned;
use serde_json::Value;

impl Request {
    /// Reads one request.
    ///
    /// # Errors
    /// Text that is not JSON, a missing or unknown field, or a value of the wrong kind.
    pub fn from_json(text: &str) -> Result<Self, RequestError> {
        read_text(text, names_at)
    }

    /// Reads one request from parsed JSON.
    ///
    /// # Errors
    /// A missing or unknown field, or a value of the wrong kind.
    pub fn from_value(value: Value) -> Result<Self, RequestError> {
        read_value(&value, names_at)
    }
}

/// The names a keyword field accepts, by path.
type Names = fn(&str) -> Vec<&'static str>;

/// Reads any document of the request family from text.
pub(crate) fn read_text<T: DeserializeOwned>(text: &str, names: Names) -> Result<T, RequestError> {
    let value = serde_json::from_str(text).map_err(|error| RequestError::of_json(&error))?;
    read_value(&value, names)
}

/// Reads any document of the request family from parsed JSON.
pub(crate) fn read_value<T: DeserializeOwned>(value: &Value, names: Names) -> Result<T, RequestError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        refusal(value, if path == "." { "" } else { &path }, &error.into_inner().to_string(), names)
    })
}

/// Turns serde's message into a typed error.
fn refusal(document: &Value, path: &str, message: &str, names: Names) -> RequestError {
    let named = |rest: &str| rest.split('`').next().unwrap_or_default().to_owned();
    if let Some(rest) = message.strip_prefix("missing field `") {
        let field = named(rest);
        let full = if path.is_empty() { field } else { format!("{path}.{field}") };
        return RequestError::new(ErrorCode::MissingField, full, "nothing", Allowed::phrase("value"));
    }
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let field = named(rest);
        let allowed: Vec<String> = rest.split('`').skip(2).step_by(2).map(str::to_owned).collect();
        return RequestError::new(ErrorCode::UnknownField, path, &field, Allowed::Choices(allowed.clone()))
            .suggest(allowed.iter().map(String::as_str));
    }
    let given = path.split('.').try_fold(document, |value, key| value.get(key)).map_or_else(String::new, |value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let names = names(path);
    if names.is_empty() {
        return RequestError::new(ErrorCode::InvalidValue, path, given, Allowed::Quoted(expectation(message)));
    }
    RequestError::new(ErrorCode::InvalidValue, path, given, Allowed::one_of(names.iter().copied())).suggest(names)
}

/// What serde expected, without its position suffix.
fn expectation(message: &str) -> String {
    message
        .split_once("expected ")
        .map_or(message, |(_, expected)| expected)
        .split(" at line")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The names a keyword field of a rig alone accepts.
#[cfg(feature = "js")]
pub(crate) fn rig_names_at(path: &str) -> Vec<&'static str> {
    names_at(&format!("rig.{path}"))
}

/// The names a keyword field accepts.
pub(crate) fn names_at(path: &str) -> Vec<&'static str> {
    match path {
        "job.kind" => JobKind::names(),
        "recipe.precision" => Precision::names(),
        "recipe.optimizer" => Optimizer::names(),
        "recipe.optimizerKernel" => OptimizerKernel::names(),
        "recipe.checkpointing" => Checkpointing::names(),
        "recipe.attention" => AttentionKernel::names(),
        "recipe.loss" => LossKernel::names(),
        "recipe.stack" => Stack::names(),
        "recipe.weights" => WeightFormat::names(),
        "recipe.kvCache" => CacheFormat::names(),
        "recipe.parallel.sharding" => Sharding::names(),
        "recipe.lora.targets" => LoraTargetSet::names(),
        "recipe.offload" => vec!["none", "optimizer", "optimizer-and-weights", "layers:N"],
        "rig.link" => LinkKind::names(),
        "money.currency" => vec!["USD", "CNY", "EUR"],
        _ => Vec::new(),
    }
}
