//! Gemma 2 and 3: four RMSNorms with weights applied in FP32, soft-capped scores in Gemma 2.

use super::attention::{ScoreBytes, own};
use super::{Kept, Layer};

/// Scores with soft-capping: the capped scores and their tangent, softmax in FP32 and its 16-bit copy.
const SOFT_CAPPED: ScoreBytes = ScoreBytes { full: 8.0, half: 8.0, autocast: 8.0 };

/// One block.
pub(super) fn block(layer: &Layer) -> Kept {
    let (e, h, f) = (layer.widths.linear, layer.h, layer.f);
    let scores = if layer.stack.soft_capped { SOFT_CAPPED } else { ScoreBytes::FP32_SOFTMAX };
    // Each norm keeps its FP32 input and, for its weight, the normalised values.
    let norms =
        Kept { through: 4.0 * 4.0 * h + 16.0, inputs: 4.0 * 4.0 * h + layer.input(h, 3.0) + layer.input(h, 2.0), scores: 0.0 };
    let feed_forward = Kept { through: 3.0 * e * f, inputs: e * f, scores: 0.0 };
    norms + own(layer, scores) + feed_forward
}
