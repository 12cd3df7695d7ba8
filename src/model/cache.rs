//! What a sequence leaves in memory while it is being generated: keys and values that grow with it, and states that do not.

use super::{LayerGroup, Mixer, Model, Network};
use std::iter::Sum;
use std::ops::{Add, Mul};

/// Numbers of cached values. What a value takes depends on the cache format; states are usually kept in 32 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CachedValues {
    /// Keys and values, or what stands for them.
    pub growing: f64,
    /// Recurrent state, constant per sequence.
    pub state: f64,
}

impl Add for CachedValues {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { growing: self.growing + other.growing, state: self.state + other.state }
    }
}

impl Mul<f64> for CachedValues {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self { growing: self.growing * factor, state: self.state * factor }
    }
}

impl Sum for CachedValues {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Add::add)
    }
}

impl LayerGroup {
    /// Cached values of one such layer for one sequence of `length` tokens; a window caps what is kept. Layers that share an
    /// earlier layer's cache keep none. Cross-attention keeps keys and values of the `source` tokens.
    #[must_use]
    pub fn cached_values(&self, length: u64, source: u64) -> CachedValues {
        if !self.own_cache {
            return CachedValues::default();
        }
        let mut cached = own_values(&self.mixer, length);
        if let (true, Mixer::Attention { kv_heads, head_dim, .. }) = (self.cross_attention, self.mixer) {
            cached.growing += 2.0 * real(kv_heads) * real(head_dim) * real(source);
        }
        cached
    }
}

impl Model {
    /// Cached values of one sequence over all layers; `source` is the length of the encoder output, where there is one.
    #[must_use]
    pub fn cached_values(&self, length: u64, source: u64) -> CachedValues {
        let stack = match &self.network {
            Network::Transformer(stack) => stack,
            Network::EncoderDecoder { decoder, .. } => decoder,
            Network::Opaque(_) => return CachedValues::default(),
        };
        stack.layers.iter().map(|group| group.cached_values(length, source) * real(group.count)).sum()
    }
}

fn own_values(mixer: &Mixer, length: u64) -> CachedValues {
    let only = |growing: f64| CachedValues { growing, state: 0.0 };
    match *mixer {
        Mixer::Attention { kv_heads, head_dim, window, .. } => {
            only(2.0 * real(kv_heads) * real(head_dim) * real(window.map_or(length, |window| window.min(length))))
        }
        Mixer::Latent { cached, .. } => only(real(cached) * real(length)),
        Mixer::Compressed { head_dim, window, ratio, indexer_dim, .. } => {
            let entries = length.checked_div(ratio).unwrap_or(0);
            only(real(head_dim) * real(length.min(window)) + (real(head_dim) + real(indexer_dim)) * real(entries))
        }
        Mixer::Recurrent { state, .. } => CachedValues { growing: 0.0, state: real(state) },
        Mixer::Hybrid { kv_heads, head_dim, state, .. } => {
            CachedValues { growing: 2.0 * real(kv_heads) * real(head_dim) * real(length), state: real(state) }
        }
        Mixer::None => CachedValues::default(),
    }
}

/// Counts below 2^53 are exact in a double; larger ones lose digits nobody reads.
#[expect(clippy::cast_precision_loss, reason = "see above")]
const fn real(count: u64) -> f64 {
    count as f64
}
