//! A model's facts as written in catalog.json and in a request's `architecture`.

use super::Model;
use crate::error::{ErrorCode, RequestError};
use serde_json::Value;

/// Reads architecture facts.
///
/// # Errors
/// A field that is missing, unknown or out of range.
pub fn read(facts: &Value) -> Result<Model, RequestError> {
    Err(RequestError::new(ErrorCode::UnreadableConfig, "", facts, ""))
}

/// A dense Llama-like model of about this many billion parameters.
///
/// # Errors
/// A size outside 0.001 to 10,000 billion.
pub fn of_size(billions: f64) -> Result<Model, RequestError> {
    Err(RequestError::new(ErrorCode::OutOfRange, "", billions, ""))
}
