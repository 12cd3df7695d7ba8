//! A model's facts as written in catalog.json and in a request's `architecture`.

mod written;

pub use written::ModelFacts;

use super::{Model, stacks};
use crate::document::{self, value};
use crate::error::{Allowed, ErrorCode, RequestError};
use serde::Deserialize;
use serde_json::Value;

/// Activation of a feed-forward part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// Gated SiLU.
    Swiglu,
    /// Gated GELU.
    Geglu,
    /// GELU.
    Gelu,
    /// ReLU.
    Relu,
    /// Squared ReLU.
    Relu2,
    /// SiLU (Swish) without gate.
    Silu,
}

impl Activation {
    /// Whether the feed-forward part has a gate projection beside the up projection.
    #[must_use]
    pub const fn gated(self) -> bool {
        matches!(self, Self::Swiglu | Self::Geglu)
    }
}

value!(Activation = Activation::Swiglu);

impl ModelFacts {
    /// Counts the weights and builds the model.
    ///
    /// # Errors
    /// Names the field that is missing or out of range.
    pub fn model(&self) -> Result<Model, RequestError> {
        stacks::build(self)
    }
}

/// Reads architecture facts.
///
/// # Errors
/// A field that is missing, unknown or out of range.
pub fn read(facts: &Value) -> Result<Model, RequestError> {
    let written: ModelFacts = document::read(facts).map_err(|mistake| {
        let field = mistake.path;
        let given = field.split('.').try_fold(facts, |value, key| value.get(key)).map_or_else(String::new, Value::to_string);
        RequestError::new(ErrorCode::InvalidValue, field, given, Allowed::Quoted(mistake.message))
    })?;
    written.model()
}

/// A dense Llama-like model of about this many billion parameters.
///
/// # Errors
/// A size outside 0.001 to 10,000 billion.
pub fn of_size(billions: f64) -> Result<Model, RequestError> {
    super::size::of_size(billions)
}
