//! What attention keeps.

use super::{Kept, Layer};
use crate::model::Mixer;
use crate::units::real;

/// Bytes of attention scores kept per token, head and key under eager attention.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ScoreBytes {
    /// FP32 run.
    pub full: f64,
    /// 16-bit run.
    pub half: f64,
    /// Autocast.
    pub autocast: f64,
}

impl ScoreBytes {
    /// Softmax in FP32, its 16-bit copy for the product with the values (Llama and most others).
    pub const FP32_SOFTMAX: Self = Self { full: 4.0, half: 6.0, autocast: 6.0 };
    /// Softmax in the width of the scores with dropout on the probabilities: one mask byte and the dropped copy (BERT, GPT-2).
    pub const DROPOUT: Self = Self { full: 9.0, half: 5.0, autocast: 7.0 };
    /// Without dropout: the softmax's output, and its 16-bit copy under autocast.
    pub const BARE: Self = Self { full: 4.0, half: 2.0, autocast: 6.0 };

    /// Bytes for these widths.
    pub const fn of(&self, layer: &Layer) -> f64 {
        if layer.widths.autocast {
            self.autocast
        } else if layer.widths.linear > 2.0 {
            self.full
        } else {
            self.half
        }
    }
}

/// Attention of a layer over its own tokens: query, key, value, output and (fused kernels) one FP32 log-sum-exp per head, or
/// (eager) repeated keys and values and the scores.
pub(super) fn own(layer: &Layer, scores: ScoreBytes) -> Kept {
    core(layer, layer.pass.length, 1.0, scores)
}

/// Attention of a layer over its own tokens and as many before them as make `segments` times their number.
pub(super) fn over(layer: &Layer, segments: f64, scores: ScoreBytes) -> Kept {
    core(layer, segments * layer.pass.length, segments, scores)
}

/// Attention to `keys` tokens per sequence, of which there are `ratio` for each query token.
fn core(layer: &Layer, keys: f64, ratio: f64, scores: ScoreBytes) -> Kept {
    let (e, a) = (layer.widths.linear, layer.heads);
    let (q, k, v, out) = (layer.q, layer.k * ratio, layer.v * ratio, layer.out);
    let repeated = if layer.k > 0.0 { layer.q / layer.k } else { 1.0 };
    if layer.eager {
        let table = scores.of(layer) * a * keys;
        return Kept { through: e * (q + (k + v) * repeated) + table, inputs: e * out, scores: table };
    }
    if layer.reference {
        // Scaled copies of query and key, repeated keys and values, softmax in the run's width and its copy.
        let table = 2.0 * e.min(2.0) * a * keys;
        return Kept { through: e * (2.0 * q + (2.0 * k + v) * repeated + 2.0 * (k + v)) + table, inputs: e * out, scores: table };
    }
    let mut through = e * (q + k + v + out) + 4.0 * a;
    if layer.padded {
        // The boolean mask becomes a bias in every layer, and grouped keys are repeated.
        through += e * keys + e * (k + v) * (repeated - 1.0);
    }
    Kept { through, inputs: 0.0, scores: e * out + 4.0 * a }
}

/// Attention to the encoder's output.
pub(super) fn cross(layer: &Layer, scores: ScoreBytes) -> Kept {
    let ratio = if layer.pass.length > 0.0 { layer.pass.memory / layer.pass.length } else { 0.0 };
    core(layer, layer.pass.memory, ratio, scores)
}

/// Recurrent mixers keep their projections, gates and the chunk states: about twice their inner width.
pub(super) fn recurrent(layer: &Layer, width: f64) -> Kept {
    Kept { through: 2.0 * layer.widths.linear * width / layer.tensor, inputs: 0.0, scores: 0.0 }
}

/// Whatever mixes tokens in this layer.
pub(super) fn mixer(layer: &Layer, scores: ScoreBytes) -> Kept {
    match layer.group.mixer {
        Mixer::Attention { .. } | Mixer::Compressed { .. } => own(layer, scores),
        Mixer::Latent { cached, .. } => {
            // The compressed vectors are kept too: once as they come out and once normed.
            own(layer, scores) + Kept { through: 2.0 * layer.widths.linear * real(cached), inputs: 0.0, scores: 0.0 }
        }
        Mixer::Recurrent { width, .. } => recurrent(layer, real(width)),
        Mixer::Hybrid { width, .. } => own(layer, scores) + recurrent(layer, real(width)),
        Mixer::None => Kept::default(),
    }
}
