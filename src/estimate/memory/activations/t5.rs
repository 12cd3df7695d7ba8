//! T5: RMSNorm, relative positions as a bias, ReLU or gated GELU, dropout.

use super::attention::{ScoreBytes, cross, own};
use super::{Kept, Layer};

/// One block of the encoder, or of the decoder with attention to the encoder.
pub(super) fn block(layer: &Layer) -> Kept {
    let (e, h, f) = (layer.widths.linear, layer.h, layer.f);
    let mut kept = norm(layer, 3.0) + own(layer, ScoreBytes::DROPOUT) + positions(layer) + dropout(h);
    if layer.group.cross_attention {
        let memory = if layer.widths.autocast { 2.0 * e * h * layer.pass.memory / layer.pass.length.max(1.0) } else { 0.0 };
        kept = kept
            + norm(layer, 1.0)
            + cross(layer, ScoreBytes::DROPOUT)
            + dropout(h)
            + Kept { through: 0.0, inputs: memory, scores: 0.0 };
    }
    let inner = if layer.gated { 3.0 } else { 1.0 };
    // The activation keeps its result, dropout its mask; the dropped copy is the input of the second layer.
    kept + norm(layer, if layer.gated { 2.0 } else { 1.0 })
        + Kept { through: inner * e * f + f, inputs: e * f, scores: 0.0 }
        + dropout(h)
}

/// Fused kernels keep the position bias of every layer, one `a S S` table for the whole batch.
fn positions(layer: &Layer) -> Kept {
    let table = layer.widths.linear * layer.heads * layer.pass.length / layer.pass.batch.max(1.0);
    Kept { through: if layer.eager { 0.0 } else { table }, inputs: 0.0, scores: 0.0 }
}

fn norm(layer: &Layer, consumers: f64) -> Kept {
    let (s, h) = (layer.widths.stream, layer.h);
    let copy = if s < 4.0 { 4.0 * h } else { 0.0 };
    Kept { through: s * h + copy + 4.0, inputs: s * h + layer.input(h, consumers), scores: 0.0 }
}

fn dropout(width: f64) -> Kept {
    Kept { through: width, inputs: 0.0, scores: 0.0 }
}
