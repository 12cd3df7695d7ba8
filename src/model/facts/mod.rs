//! A model's facts as written in catalog.json and in a request's `architecture`.

/// A record whose fields are named once: the struct, and how a document fills it.
macro_rules! written {
    ($(#[$of_struct:meta])* pub struct $name:ident { $($(#[$of_field:meta])* pub $field:ident: $kind:ty $(: $optional:ident)?),+ $(,)? }) => {
        $(#[$of_struct])*
        pub struct $name {
            $($(#[$of_field])* pub $field: $kind,)+
        }

        $crate::document::record!($name { $($field $(: $optional)?,)+ });
    };
}

mod written;

pub use written::ModelFacts;

use super::{Model, stacks};
use crate::document::{self, keyword};
use crate::error::RequestError;
use serde_json::Value;

keyword!(
    /// Activation of a feed-forward part.
    Activation {
        /// Gated SiLU.
        Swiglu = "swiglu",
        /// Gated GELU.
        Geglu = "geglu",
        /// GELU.
        Gelu = "gelu",
        /// GELU by a hyperbolic tangent, written out in elementary steps.
        GeluNew = "gelu-new",
        /// GELU by a sigmoid, which is kept beside its input.
        QuickGelu = "quick-gelu",
        /// ReLU.
        Relu = "relu",
        /// Squared ReLU.
        Relu2 = "relu2",
        /// SiLU (Swish) without gate.
        Silu = "silu",
    }
);

impl Activation {
    /// Whether the feed-forward part has a gate projection beside the up projection.
    #[must_use]
    pub const fn gated(self) -> bool {
        matches!(self, Self::Swiglu | Self::Geglu)
    }
}

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
    let written: ModelFacts = document::read(facts)?;
    written.model()
}

/// A dense Llama-like model of about this many billion parameters.
///
/// # Errors
/// A size outside 0.001 to 10,000 billion.
pub fn of_size(billions: f64) -> Result<Model, RequestError> {
    super::size::of_size(billions)
}
