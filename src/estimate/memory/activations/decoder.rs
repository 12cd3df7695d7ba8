//! Older decoders: OPT, and the parallel blocks of GPT-NeoX and Falcon.

use super::attention::{ScoreBytes, own};
use super::{Kept, Layer};

/// OPT: LayerNorm before each part, ReLU (one tensor: result and input of the second layer), dropout after each part.
pub(super) fn opt(layer: &Layer) -> Kept {
    let (e, s, h, f) = (layer.widths.linear, layer.norm_input(), layer.h, layer.f);
    let norms = Kept { through: 2.0 * s * h + 2.0 * h + 16.0, inputs: layer.input(h, 3.0) + e * h, scores: 0.0 };
    let feed_forward = Kept { through: e * f, inputs: 0.0, scores: 0.0 };
    norms + own(layer, ScoreBytes::FP32_SOFTMAX) + feed_forward
}

/// Attention and feed-forward read the same residual through one or two LayerNorms; GELU keeps its input and its output.
pub(super) fn parallel(layer: &Layer) -> Kept {
    let (e, s, h, f) = (layer.widths.linear, layer.norm_input(), layer.h, layer.f);
    let norms = Kept { through: s * h + 16.0, inputs: 2.0 * e * h, scores: 0.0 };
    let rotary = if layer.partial_rotary { e * (layer.q + layer.k) } else { 0.0 };
    let feed_forward = Kept { through: e * f + rotary, inputs: e * f, scores: 0.0 };
    norms + own(layer, ScoreBytes::FP32_SOFTMAX) + feed_forward
}
