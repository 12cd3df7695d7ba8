//! How wide the parts of a layer are, and how much of its weights one pass touches.

use crate::model::{FeedForward, LayerGroup, Mixer};
use crate::units::real;

/// Share of the feed-forward weights that works on one token.
pub(super) fn active_share(group: &LayerGroup) -> f64 {
    let all = real(group.linear_parameters.saturating_sub(group.mixer_linear_parameters));
    let active = real(group.active_linear_parameters.saturating_sub(group.mixer_linear_parameters));
    if all > 0.0 { (active / all).min(1.0) } else { 1.0 }
}

/// Query heads of a mixer.
pub(super) const fn heads_of(mixer: &Mixer) -> f64 {
    match mixer {
        Mixer::Attention { heads, .. }
        | Mixer::Latent { heads, .. }
        | Mixer::Compressed { heads, .. }
        | Mixer::Hybrid { heads, .. } => real(*heads),
        Mixer::Recurrent { .. } | Mixer::None => 1.0,
    }
}

/// Values of one token inside a mixer.
pub(super) struct Mixed {
    /// Query and key values that may be rotated.
    pub rotary: f64,
    /// Values beside a recurrent state.
    pub inner: f64,
}

/// How wide a mixer is inside.
pub(super) const fn mixed_width(mixer: &Mixer) -> Mixed {
    match *mixer {
        Mixer::Attention { heads, kv_heads, head_dim, .. } => {
            Mixed { rotary: (real(heads) + real(kv_heads)) * real(head_dim), inner: 0.0 }
        }
        Mixer::Latent { heads, qk_dim, v_dim, .. } => {
            Mixed { rotary: real(heads) * (real(qk_dim) + real(v_dim)) / 2.0, inner: 0.0 }
        }
        Mixer::Recurrent { width, .. } | Mixer::Hybrid { width, .. } => Mixed { rotary: 0.0, inner: real(width) },
        Mixer::Compressed { .. } | Mixer::None => Mixed { rotary: 0.0, inner: 0.0 },
    }
}

/// Inner width one token passes, and 1 if it is gated.
pub(super) fn inner_width(feed_forward: &FeedForward) -> (f64, f64) {
    match *feed_forward {
        FeedForward::Dense { ffn, gated } => (real(ffn), f64::from(u8::from(gated))),
        FeedForward::Experts { active, expert_ffn, shared_ffn, gated, .. } => {
            (real(active) * real(expert_ffn) + real(shared_ffn), f64::from(u8::from(gated)))
        }
        FeedForward::None => (0.0, 0.0),
    }
}

/// Weights read by a pass: every dense weight, and beside them the experts that at least one of `tokens` tokens is routed to,
/// `E (1 - (1 - k/E)^t)` of `E` on average for even routing.
pub(super) fn weights_touched(group: &LayerGroup, tokens: f64) -> (f64, f64) {
    let FeedForward::Experts { experts, active, .. } = group.feed_forward else { return (real(group.linear_parameters), 0.0) };
    let (all, active_weights) = (real(group.linear_parameters), real(group.active_linear_parameters));
    let (experts, active) = (real(experts), real(active));
    if experts <= active || all <= active_weights {
        return (all, 0.0);
    }
    let expert = (all - active_weights) / (experts - active);
    let dense = (active_weights - active * expert).max(0.0);
    (dense, expert * experts * (1.0 - (1.0 - active / experts).powf(tokens.max(1.0))))
}
