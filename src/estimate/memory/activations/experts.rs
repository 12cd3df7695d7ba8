//! Routed experts.

use super::{Kept, Layer};
use crate::estimate::memory::run::Run;
use crate::model::FeedForward;
use crate::units::real;

/// What a routed feed-forward part keeps per token: for each of the `k` chosen experts the gathered input, gate, its activation,
/// up projection, their product and the output (for the routing weight), then the router's FP32 probabilities; and the shared
/// part as a dense one. Balanced routing: a card of `E` holds its share of all tokens' work.
pub(super) fn kept(layer: &Layer, run: &Run) -> Kept {
    let FeedForward::Experts { experts, active, expert_ffn, shared_ffn, gated } = layer.group.feed_forward else {
        return Kept::default();
    };
    let (e, k) = (layer.widths.linear, real(active));
    let (f, shared) = (real(expert_ffn) / run.split.tensor, real(shared_ffn) / run.split.tensor);
    let inner = if gated { 3.0 } else { 1.0 };
    let routed = Kept { through: k * (inner * e * f + e * layer.h), inputs: k * (e * f + e * layer.h), scores: 0.0 };
    let dense = Kept { through: inner * e * shared, inputs: e * shared, scores: 0.0 };
    let router = Kept { through: 2.0 * 4.0 * real(experts), inputs: 0.0, scores: 0.0 };
    routed + dense + router
}
