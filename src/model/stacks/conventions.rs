//! What a style of block does where the facts do not say.

use crate::model::BlockStyle;
use crate::model::count::Count;
use crate::model::facts::{Activation, ModelFacts};

/// What a style does where the facts do not say.
#[derive(Clone, Copy)]
pub struct Conventions {
    /// Linear layers have biases.
    pub bias: bool,
    /// Those of attention do.
    pub attention_bias: bool,
    /// Norms have biases.
    pub norm_bias: bool,
    /// Norms of hidden width per layer.
    pub norms: u64,
    /// Activation of the feed-forward part.
    pub activation: Activation,
}

impl Conventions {
    /// The conventions of a style, overruled by what is written.
    pub fn of(facts: &ModelFacts) -> Self {
        use Activation::{Geglu, Gelu, Relu, Swiglu};
        let style = facts.style.unwrap_or(BlockStyle::Llama);
        let (bias, norm_bias, norms, activation) = match style {
            BlockStyle::Llama => (false, false, 2, Swiglu),
            BlockStyle::Gemma => (false, false, 4, Geglu),
            BlockStyle::T5 => (false, false, 2, Relu),
            BlockStyle::Opt | BlockStyle::TransformerXl => (true, true, 2, Relu),
            BlockStyle::Dit => (true, true, 0, Gelu),
            BlockStyle::Gpt2
            | BlockStyle::ParallelBlock
            | BlockStyle::Bert
            | BlockStyle::Vit
            | BlockStyle::Whisper
            | BlockStyle::Wav2vec2 => (true, true, 2, Gelu),
        };
        let bias = facts.bias.unwrap_or(bias);
        Self {
            bias,
            attention_bias: bias && style != BlockStyle::TransformerXl,
            norm_bias: facts.norm_bias.unwrap_or(norm_bias),
            norms: facts.norms.unwrap_or(norms),
            activation: facts.activation.unwrap_or(activation),
        }
    }

    /// Weights of one norm.
    pub fn norm(&self, hidden: u64) -> Count {
        Count(hidden) * if self.norm_bias { 2 } else { 1 }
    }
}
