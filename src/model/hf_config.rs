//! A Hugging Face `config.json`.

use super::Model;
use crate::error::{ErrorCode, RequestError};
use serde_json::Value;

/// Reads a configuration; what it leaves out is filled by the class defaults of its `model_type`, each listed in
/// [`Model::assumptions`].
///
/// # Errors
/// A field that is missing without a default, or out of range.
pub fn read(config: &Value) -> Result<Model, RequestError> {
    Err(RequestError::new(ErrorCode::UnreadableConfig, "", config, ""))
}
