//! Transformer-XL: norms after each part, ReLU, dropout, attention to the segment before with scores of relative positions.

use super::attention::{ScoreBytes, over};
use super::{Kept, Layer};

/// One block (NVIDIA's code, in which the memory is as long as the input).
pub(super) fn block(layer: &Layer) -> Kept {
    let (e, s, h, f) = (layer.widths.linear, layer.norm_input(), layer.h, layer.f);
    // Each norm keeps its input, mean and deviation; two dropouts keep a mask of one byte; the projections read both segments.
    let norms = Kept { through: 2.0 * s * h + 2.0 * h + 16.0, inputs: 3.0 * e * h, scores: 0.0 };
    // The segment before, and what this one leaves for the next.
    let memory = Kept { through: 2.0 * layer.widths.stream * h, inputs: 0.0, scores: 0.0 };
    // Queries of the segment before stay with its keys and values, which one projection makes; those of this segment are kept twice
    // more, with what words and what positions add to them.
    let queries = Kept { through: 3.0 * e * layer.q, inputs: 0.0, scores: 0.0 };
    // ReLU keeps its result, dropout its mask and the dropped copy, which is the input of the second layer.
    let feed_forward = Kept { through: e * f + f, inputs: e * f, scores: 0.0 };
    norms + memory + queries + over(layer, 2.0, ScoreBytes::BARE) + feed_forward
}
