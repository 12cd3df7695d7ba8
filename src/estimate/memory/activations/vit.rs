//! Vision transformers and other pre-norm encoders: LayerNorm, GELU, no dropout.

use super::attention::{ScoreBytes, own};
use super::{Kept, Layer};

/// Scores: softmax in the width of the run, and its 16-bit copy under autocast.
const SCORES: ScoreBytes = ScoreBytes { full: 4.0, half: 6.0, autocast: 6.0 };

/// One block.
pub(super) fn block(layer: &Layer) -> Kept {
    let (e, s, h, f) = (layer.widths.linear, layer.norm_input(), layer.h, layer.f);
    let norms = Kept { through: 2.0 * s * h + 16.0, inputs: layer.input(h, layer.attention_consumers()) + e * h, scores: 0.0 };
    let feed_forward = Kept { through: layer.activation(layer.stack.activation), inputs: e * f, scores: 0.0 };
    norms + own(layer, SCORES) + feed_forward
}
