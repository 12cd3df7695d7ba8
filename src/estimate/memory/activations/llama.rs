//! Llama and its many relatives: RMSNorm in FP32, rotary positions, gated feed-forward.

use super::attention::{ScoreBytes, mixer};
use super::{Kept, Layer};
use crate::model::{FeedForward, Mixer};

/// One block.
pub(super) fn block(layer: &Layer) -> Kept {
    let mut kept = Kept::default();
    if !matches!(layer.group.mixer, Mixer::None) {
        kept = kept + norm(layer, layer.attention_consumers()) + mixer(layer, ScoreBytes::FP32_SOFTMAX) + rotary(layer);
    }
    if !matches!(layer.group.feed_forward, FeedForward::None) {
        kept = kept + norm(layer, layer.feed_forward_consumers()) + feed_forward(layer);
    }
    kept
}

/// RMSNorm: the FP32 copy of its input and one reciprocal root per token; with a trained weight also the normalised values; its
/// output is the input of linear layers.
fn norm(layer: &Layer, consumers: f64) -> Kept {
    Kept { through: 4.0 * layer.h + 4.0, inputs: layer.widths.stream * layer.h + layer.input(layer.h, consumers), scores: 0.0 }
}

/// A fused projection is pinned by the view of its values; rotating only a part of each head goes through a concatenation, after
/// which the attention output is copied.
fn rotary(layer: &Layer) -> Kept {
    let e = layer.widths.linear;
    let through = if layer.stack.fused_qkv { e * (layer.q + layer.k) } else { 0.0 };
    let copied = layer.copies_output() && !layer.eager && !layer.reference;
    Kept { through, inputs: if copied { e * layer.out } else { 0.0 }, scores: 0.0 }
}

/// Gate, its activation and the up projection; the product is the input of the down projection. Without a gate: the
/// pre-activation and the activation.
fn feed_forward(layer: &Layer) -> Kept {
    let e = layer.widths.linear;
    let through = if layer.gated { 3.0 * e * layer.f } else { e * layer.f };
    Kept { through, inputs: e * layer.f, scores: 0.0 }
}
