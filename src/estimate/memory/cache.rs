//! Key/value cache and recurrent state of inference.

use super::run::{Run, real};
use crate::model::{LayerGroup, Mixer, Transformer};
use crate::request::{CacheFormat, Stack};

/// Bytes of one cached value. Quantised caches carry a 16-bit scale for 32 values.
const fn value_width(format: CacheFormat) -> f64 {
    match format {
        CacheFormat::Fp16 => 2.0,
        CacheFormat::Fp8 => 1.0,
        CacheFormat::Int8 => 1.0 + 2.0 / 32.0,
        CacheFormat::Q4 => 0.5 + 2.0 / 32.0,
    }
}

/// Bytes of the cache of one layer for `length` tokens of each of `batch` sequences.
pub(super) fn layer_cache(run: &Run, group: &LayerGroup, batch: f64, length: f64) -> f64 {
    let plain = run.setup.recipe.kv_cache == CacheFormat::Fp16;
    let width = if plain { run.widths.linear } else { value_width(run.setup.recipe.kv_cache) };
    let attention = |kv_heads: u64, head_dim: u64, tokens: f64| {
        let heads = (real(kv_heads) / run.split.tensor).max(1.0f64.min(real(kv_heads)));
        2.0 * heads * real(head_dim) * tokens * width
    };
    let own = if group.own_cache { 1.0 } else { 0.0 };
    let per_sequence = match group.mixer {
        Mixer::Attention { kv_heads, head_dim, window, .. } => own * attention(kv_heads, head_dim, seen(run, window, length)),
        Mixer::Latent { cached, .. } => own * real(cached) * length * width,
        Mixer::Compressed { head_dim, window, ratio, indexer_dim, .. } => {
            let compressed = if ratio > 0 { (length / real(ratio)).floor() * (real(head_dim) + real(indexer_dim)) } else { 0.0 };
            own * (length.min(real(window)) * real(head_dim) + compressed) * width
        }
        Mixer::Recurrent { state, .. } => real(state) * run.widths.linear / run.split.tensor,
        Mixer::Hybrid { kv_heads, head_dim, state, .. } => {
            own * attention(kv_heads, head_dim, length) + real(state) * run.widths.linear / run.split.tensor
        }
        Mixer::None => 0.0,
    };
    per_sequence * batch
}

/// Tokens a windowed layer keeps: transformers keeps `window - 1`, llama.cpp one batch of 512 more than the window.
fn seen(run: &Run, window: Option<u64>, length: f64) -> f64 {
    let Some(window) = window else { return length };
    let most = match run.setup.recipe.stack {
        Stack::LlamaCpp => real(window) + 512.0,
        _ => real(window) - 1.0,
    };
    length.min(most.max(1.0))
}

/// Bytes of the cache of a stack.
pub(super) fn stack_cache(run: &Run, stack: &Transformer, batch: f64, length: f64) -> f64 {
    stack.layers.iter().map(|group| real(group.count) * layer_cache(run, group, batch, length)).sum()
}
