//! BERT and RoBERTa: norms after each part, GELU, dropout.

use super::attention::{ScoreBytes, own};
use super::{Kept, Layer};

/// One block.
pub(super) fn block(layer: &Layer) -> Kept {
    let (e, s, h, f) = (layer.widths.linear, layer.norm_input(), layer.h, layer.f);
    // Each norm keeps its input, mean and deviation; its output is the next part's input and residual.
    let norms = Kept { through: 2.0 * s * h + 2.0 * h + 16.0, inputs: layer.input(h, 3.0) + e * h, scores: 0.0 };
    // Research code writes GELU out as `x/2 (1 + erf(x/sqrt 2))`: both factors and erf's input are kept, not the input alone.
    let gelu = if layer.own_code { 3.0 * e * f } else { layer.activation(layer.stack.activation) };
    let feed_forward = Kept { through: gelu, inputs: e * f, scores: 0.0 };
    norms + own(layer, ScoreBytes::DROPOUT) + feed_forward
}
