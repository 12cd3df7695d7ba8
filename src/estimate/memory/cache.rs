//! Bytes of the key/value cache and recurrent state of inference.

use super::run::Run;
use crate::model::cache::{CacheLayout, CachedValues};
use crate::model::{LayerGroup, Transformer};
use crate::request::{CacheFormat, Stack};

/// Bytes of a recurrent state's value: it is summed up in FP32.
const STATE_BYTES: f64 = 4.0;

/// transformers keeps one token fewer than a window has, llama.cpp one batch of 512 more.
fn layout(run: &Run) -> CacheLayout {
    let window_margin = if run.setup.recipe.stack == Stack::LlamaCpp { 512.0 } else { -1.0 };
    CacheLayout { tensor: run.split.tensor, window_margin }
}

fn bytes(run: &Run, values: CachedValues) -> f64 {
    let format = run.setup.recipe.kv_cache;
    let width = if format == CacheFormat::Fp16 { run.widths.linear } else { format.value_bytes() };
    values.growing * width + values.state * STATE_BYTES
}

/// Bytes of the cache of one layer for `length` tokens (and `source` encoder tokens) of each of `batch` sequences.
pub(super) fn layer_cache(run: &Run, group: &LayerGroup, batch: f64, length: f64, source: f64) -> f64 {
    batch * bytes(run, group.cached_values(length, source, layout(run)))
}

/// Bytes of the cache of a stack.
pub(super) fn stack_cache(run: &Run, stack: &Transformer, batch: f64, length: f64, source: f64) -> f64 {
    batch * bytes(run, stack.cached_values(length, source, layout(run)))
}
