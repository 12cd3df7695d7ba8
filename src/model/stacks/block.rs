//! A block of full attention and a dense feed-forward part, as encoders have it.

use super::conventions::Conventions;
use super::{CountedLayer, Halves, even_head, needed};
use crate::error::RequestError;
use crate::model::count::attention::Attention;
use crate::model::count::{Count, Weights, feed_forward};
use crate::model::facts::ModelFacts;
use crate::model::{FeedForward, Mixer};

/// In what one block differs from another of its shape.
pub(super) struct Block {
    /// Queries and values have biases.
    pub qv_bias: bool,
    /// Keys have.
    pub k_bias: bool,
    /// Tokens that it sees, where those are not all.
    pub window: Option<u64>,
    /// It attends to an encoder, too.
    pub cross: bool,
    /// Weights of norms and scales.
    pub around: Count,
}

impl Block {
    pub(super) fn layer(self, facts: &ModelFacts, conventions: &Conventions) -> Result<CountedLayer, RequestError> {
        let (hidden, heads, ffn) = (needed(facts.hidden, "hidden")?, needed(facts.heads, "heads")?, needed(facts.ffn, "ffn")?);
        let kv_heads = facts.kv_heads.unwrap_or(heads);
        let head_dim = facts.head_dim.unwrap_or(even_head(hidden, heads));
        let attention = Attention {
            hidden,
            heads,
            kv_heads,
            head_dim,
            qv_bias: self.qv_bias,
            k_bias: self.k_bias,
            output_bias: conventions.bias,
            ..Attention::default()
        };
        let gated = conventions.activation.gated();
        let halves = Halves {
            mixer: Mixer::Attention { heads, kv_heads, head_dim, window: self.window },
            mixing: attention.weights().times(if self.cross { 2 } else { 1 }),
            feed_forward: FeedForward::Dense { ffn, gated },
            part: feed_forward::dense(hidden, ffn, gated, conventions.bias),
            around: Weights::vector(self.around),
        };
        let mut layer = CountedLayer::of(halves, self.cross);
        layer.group.cross_attention = self.cross;
        Ok(layer)
    }
}
