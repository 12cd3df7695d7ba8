//! The linear layers of a block, one by one: what they read, and how wide they are.

use crate::model::{BlockStyle, FeedForward, LayerGroup, Mixer, Transformer};
use crate::units::real;

/// A linear layer of a block, by its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Query projection.
    Query,
    /// Key projection.
    Key,
    /// Value projection.
    Value,
    /// Query, key and value in one.
    Qkv,
    /// Output of attention.
    Output,
    /// Gate of the feed-forward part.
    Gate,
    /// First layer of the feed-forward part.
    Up,
    /// Second layer of the feed-forward part.
    Down,
}

impl Role {
    pub(super) const fn is_of_feed_forward(self) -> bool {
        matches!(self, Self::Gate | Self::Up | Self::Down)
    }
}

/// Which tensor a projection reads; projections with the same source share a kept copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Output of the norm before attention.
    AttentionNorm,
    /// Attention output, which the fused kernels keep anyway.
    Attention,
    /// Encoder output.
    Memory,
    /// Output of the norm before the feed-forward part.
    FeedForwardNorm,
    /// Inner activation of the feed-forward part.
    Inner,
}

/// A linear layer of a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Projection {
    /// Part.
    pub role: Role,
    /// What it reads.
    pub source: Source,
    /// Width in.
    pub input: f64,
    /// Width out.
    pub output: f64,
}

/// Whether query, key and value are one matrix.
pub(super) fn is_fused(stack: &Transformer) -> bool {
    stack.fused_qkv || stack.style == BlockStyle::Gpt2
}

/// The linear layers of one block that adapters may attach to, one after the other: the planner asks too often for a list of them.
/// Routed experts are stored as stacked tensors, which adapters skip; their shared part is not.
pub(super) fn each_projection(stack: &Transformer, group: &LayerGroup, mut visit: impl FnMut(Projection)) {
    let h = real(stack.hidden);
    let mut one = |role, source, input, output| visit(Projection { role, source, input, output });
    if let Some((q, k, v)) = attention_widths(&group.mixer) {
        if is_fused(stack) {
            one(Role::Qkv, Source::AttentionNorm, h, q + k + v);
        } else {
            one(Role::Query, Source::AttentionNorm, h, q);
            one(Role::Key, Source::AttentionNorm, h, k);
            one(Role::Value, Source::AttentionNorm, h, v);
        }
        one(Role::Output, Source::Attention, q, h);
    }
    let (f, gated) = dense_width(&group.feed_forward);
    if f > 0.0 {
        if gated {
            one(Role::Gate, Source::FeedForwardNorm, h, f);
        }
        one(Role::Up, Source::FeedForwardNorm, h, f);
        one(Role::Down, Source::Inner, f, h);
    }
    if let Some((q, k, v)) = attention_widths(&group.mixer).filter(|_| group.cross_attention) {
        one(Role::Query, Source::AttentionNorm, h, q);
        one(Role::Key, Source::Memory, h, k);
        one(Role::Value, Source::Memory, h, v);
        one(Role::Output, Source::Attention, q, h);
    }
}

/// Widths of query, key and value.
pub(super) fn attention_widths(mixer: &Mixer) -> Option<(f64, f64, f64)> {
    match *mixer {
        Mixer::Attention { heads, kv_heads, head_dim, .. } | Mixer::Hybrid { heads, kv_heads, head_dim, .. } => {
            Some((real(heads) * real(head_dim), real(kv_heads) * real(head_dim), real(kv_heads) * real(head_dim)))
        }
        Mixer::Latent { heads, qk_dim, v_dim, .. } => {
            Some((real(heads) * real(qk_dim), real(heads) * real(qk_dim), real(heads) * real(v_dim)))
        }
        Mixer::Compressed { heads, head_dim, .. } => Some((real(heads) * real(head_dim), real(head_dim), real(head_dim))),
        Mixer::Recurrent { .. } | Mixer::None => None,
    }
}

/// Inner width of what every token passes of a feed-forward part, and whether it has a gate.
pub(super) fn dense_width(feed_forward: &FeedForward) -> (f64, bool) {
    match *feed_forward {
        FeedForward::Dense { ffn, gated } => (real(ffn), gated),
        FeedForward::Experts { shared_ffn, gated, .. } => (real(shared_ffn), gated),
        FeedForward::None => (0.0, false),
    }
}
