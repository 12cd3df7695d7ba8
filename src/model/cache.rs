//! What a sequence leaves in memory while it is being generated: keys and values that grow with it, and states that do not.

use super::{LayerGroup, Mixer, Model, Network, Transformer};
use crate::units::real;
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

/// How software lays a cache out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CacheLayout {
    /// Cards that share the key/value heads; each keeps one head at least.
    pub tensor: f64,
    /// Tokens a windowed layer keeps beside its window; below zero where it keeps fewer.
    pub window_margin: f64,
}

impl Default for CacheLayout {
    fn default() -> Self {
        Self { tensor: 1.0, window_margin: 0.0 }
    }
}

impl LayerGroup {
    /// Cached values of one such layer for one sequence of `length` tokens; a window caps what is kept. Layers that share an
    /// earlier layer's cache keep none. Cross-attention keeps keys and values of the `source` tokens.
    #[must_use]
    pub fn cached_values(&self, length: f64, source: f64, layout: CacheLayout) -> CachedValues {
        if !self.own_cache {
            return CachedValues::default();
        }
        let mut cached = own_values(&self.mixer, length, layout);
        if let (true, Mixer::Attention { kv_heads, head_dim, .. }) = (self.cross_attention, self.mixer) {
            cached.growing += pairs(kv_heads, head_dim, source, layout);
        }
        cached
    }
}

impl Transformer {
    /// Cached values of one sequence over all layers.
    #[must_use]
    pub fn cached_values(&self, length: f64, source: f64, layout: CacheLayout) -> CachedValues {
        self.layers.iter().map(|group| group.cached_values(length, source, layout) * real(group.count)).sum()
    }
}

impl Model {
    /// Cached values of one sequence over all layers; `source` is the length of the encoder output, where there is one.
    #[must_use]
    pub fn cached_values(&self, length: u64, source: u64) -> CachedValues {
        match &self.network {
            Network::Transformer(stack) | Network::EncoderDecoder { decoder: stack, .. } => {
                stack.cached_values(real(length), real(source), CacheLayout::default())
            }
            Network::Opaque(_) => CachedValues::default(),
        }
    }
}

/// Keys and values of `tokens` tokens: `2 heads head_dim tokens`.
fn pairs(kv_heads: u64, head_dim: u64, tokens: f64, layout: CacheLayout) -> f64 {
    let heads = (real(kv_heads) / layout.tensor.max(1.0)).max(1.0f64.min(real(kv_heads)));
    2.0 * heads * real(head_dim) * tokens
}

fn own_values(mixer: &Mixer, length: f64, layout: CacheLayout) -> CachedValues {
    let only = |growing: f64| CachedValues { growing, state: 0.0 };
    let within = |window: u64| length.min((real(window) + layout.window_margin).max(1.0));
    match *mixer {
        Mixer::Attention { kv_heads, head_dim, window, .. } => {
            only(pairs(kv_heads, head_dim, window.map_or(length, within), layout))
        }
        Mixer::Latent { cached, .. } => only(real(cached) * length),
        Mixer::Compressed { head_dim, window, ratio, indexer_dim, .. } => {
            let entries = if ratio > 0 { (length / real(ratio)).floor() } else { 0.0 };
            only(real(head_dim) * length.min(real(window)) + (real(head_dim) + real(indexer_dim)) * entries)
        }
        Mixer::Recurrent { state, .. } => CachedValues { growing: 0.0, state: real(state) / layout.tensor.max(1.0) },
        Mixer::Hybrid { kv_heads, head_dim, state, .. } => {
            CachedValues { growing: pairs(kv_heads, head_dim, length, layout), state: real(state) / layout.tensor.max(1.0) }
        }
        Mixer::None => CachedValues::default(),
    }
}
