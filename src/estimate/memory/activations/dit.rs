//! Diffusion transformers: LayerNorm without weights, shift, scale and gate from the time embedding.

use super::attention::{ScoreBytes, own};
use super::{Kept, Layer};

/// One block: each adaptive norm keeps its input, its output (for the scale) and the modulated values (input of the linear
/// layers); each gate keeps the branch it multiplies. Queries and keys are normed per head.
pub(super) fn block(layer: &Layer) -> Kept {
    let (e, s, h, f) = (layer.widths.linear, layer.widths.stream, layer.h, layer.f);
    let modulated = Kept {
        through: 2.0 * (s * h + s * h + e * h) + 16.0,
        inputs: layer.input(h, layer.attention_consumers()) + e * h,
        scores: 0.0,
    };
    let head_norms = Kept { through: e * (layer.q + layer.k), inputs: 0.0, scores: 0.0 };
    let inner = if layer.gated { 3.0 } else { 1.0 };
    let feed_forward = Kept { through: inner * e * f, inputs: e * f, scores: 0.0 };
    modulated + head_norms + own(layer, ScoreBytes::FP32_SOFTMAX) + feed_forward
}
