//! How often the kernels between the products read and write what they work on: norms, residual sums, activations, positions,
//! dropout.

use crate::model::facts::Activation;
use crate::model::{BlockStyle, Transformer};

/// Reads and writes of each value in one layer, forward.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Traffic {
    /// Bytes of each residual value that norms written out in FP32 steps move, whatever the width of the stream.
    pub norms: f64,
    /// Passes over the residual stream, in its own width.
    pub stream: f64,
    /// Passes over each value inside the feed-forward part; a gate counts as a value of its own.
    pub inner: f64,
    /// Passes over each query and key value for rotary positions.
    pub rotary: f64,
}

/// Where each norm, sum and activation is one kernel.
pub(super) const FUSED: Traffic = Traffic { norms: 0.0, stream: 6.0, inner: 1.5, rotary: 2.0 };

/// `RMSNorm` as transformers writes it: converted to FP32 (6 bytes), squared (8), averaged (4), scaled (8), converted back (6),
/// multiplied by its weight (4).
const RMS_NORM: f64 = 36.0;
/// Reads and writes of `LayerNorm`, which is one kernel everywhere.
const LAYER_NORM: f64 = 2.0;
/// A residual sum reads two values and writes one.
const SUM: f64 = 3.0;
/// A product or sum with one value per column reads and writes.
const SCALED: f64 = 2.0;
/// Dropout reads, writes, and leaves a mask of a byte.
const DROPOUT: f64 = 2.5;
/// Heads are brought side by side after attention.
const MERGE: f64 = 2.0;
/// Two products, a negated half, a concatenation and a sum.
const ROTARY: f64 = 10.0;
/// An activation function in one kernel.
const ACTIVATION: f64 = 2.0;
/// `gelu_new`: a power, three products by numbers, a hyperbolic tangent, two sums and a product.
const GELU_NEW: f64 = 18.0;
/// GELU by a sigmoid: a product by a number, a sigmoid and a product.
const QUICK_GELU: f64 = 2.0 + 2.0 + 3.0;
/// Activation of the gate and its product with the other half, over both halves.
const GATED: f64 = (ACTIVATION + 3.0) / 2.0;

/// Where every operation of the model's code is a kernel of its own, as in transformers without a compiler.
pub(super) const fn eager(stack: &Transformer, gated: bool) -> Traffic {
    let activation = if gated { GATED } else { ACTIVATION };
    let gelu = match stack.activation {
        Activation::GeluNew => GELU_NEW,
        Activation::QuickGelu => QUICK_GELU,
        _ => activation,
    };
    match stack.style {
        BlockStyle::Llama => of(2.0 * RMS_NORM, 2.0 * SUM + MERGE, activation, ROTARY),
        BlockStyle::Gemma => of(4.0 * RMS_NORM, 2.0 * SUM + MERGE, activation, ROTARY),
        BlockStyle::Gpt2 => of(0.0, 2.0 * (LAYER_NORM + SUM + DROPOUT) + 2.0 * MERGE, GELU_NEW, 0.0),
        BlockStyle::Bert | BlockStyle::Wav2vec2 | BlockStyle::Opt => of(0.0, 2.0 * (LAYER_NORM + SUM + DROPOUT) + MERGE, gelu, 0.0),
        BlockStyle::TransformerXl => of(0.0, 2.0 * (LAYER_NORM + SUM + DROPOUT) + MERGE, ACTIVATION + DROPOUT, 0.0),
        BlockStyle::T5 => of(2.0 * RMS_NORM, 2.0 * (SUM + DROPOUT) + MERGE, activation + DROPOUT, 0.0),
        BlockStyle::ParallelBlock => of(0.0, LAYER_NORM + 2.0 * SUM + MERGE, activation, ROTARY),
        BlockStyle::Vit | BlockStyle::Whisper => of(0.0, 2.0 * (LAYER_NORM + SUM) + MERGE, gelu, 0.0),
        // Norms are scaled and shifted, and what is added is gated, by values made from the time step; queries and keys have norms
        // of their own, and queries, keys and values of text and image are brought together.
        BlockStyle::Dit => of(2.0 * RMS_NORM, 2.0 * (LAYER_NORM + 2.0 * SCALED + SCALED + SUM) + 4.0 * MERGE, activation, ROTARY),
    }
}

const fn of(norms: f64, stream: f64, inner: f64, rotary: f64) -> Traffic {
    Traffic { norms, stream, inner, rotary }
}
