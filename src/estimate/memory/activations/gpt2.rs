//! GPT-2 and GPT-3: LayerNorm, one fused projection, tanh-approximated GELU written out in elementary steps, dropout.

use super::attention::{ScoreBytes, own};
use super::{Kept, Layer};
use crate::model::facts::Activation;

/// One block.
pub(super) fn block(layer: &Layer) -> Kept {
    let (e, s, h, f) = (layer.widths.linear, layer.norm_input(), layer.h, layer.f);
    if layer.own_code {
        // nanoGPT and its relatives pre-train without dropout, and PyTorch's own GELU keeps its input alone.
        let norms = Kept { through: 2.0 * s * h + 16.0, inputs: 2.0 * e * h, scores: 0.0 };
        return norms + own(layer, ScoreBytes::BARE) + Kept { through: e * f, inputs: e * f, scores: 0.0 };
    }
    // Both norms keep their input, mean and deviation; two dropouts keep a mask of one byte.
    let norms = Kept { through: 2.0 * s * h + 2.0 * h + 16.0, inputs: 2.0 * e * h, scores: 0.0 };
    let feed_forward = Kept { through: layer.activation(Activation::GeluNew), inputs: e * f, scores: 0.0 };
    norms + own(layer, ScoreBytes::DROPOUT) + feed_forward
}
