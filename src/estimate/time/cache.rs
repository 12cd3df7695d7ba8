//! What reading the cache of keys and values takes for one token, by format and software, and what of it lies in main memory.

use super::calibration::Serving;
use super::pass::{Pass, Span};
use crate::model::Transformer;
use crate::request::{CacheFormat, Setup, Stack};
use crate::units::{Bytes, real};

/// Bytes of a cache of 16 bits moved for one token. Kernels made for it read the cache once. transformers reads and writes it to lengthen it
/// by concatenation, reads it, and gives every query head keys and values of its own, which are written and read again.
pub(super) const fn wide(stack: Stack, pass: &Pass) -> f64 {
    let kept = pass.cached + pass.state;
    let values = match stack {
        Stack::LlamaCpp | Stack::Exllama | Stack::Vllm | Stack::TensorRt => kept,
        _ => 3.0 * kept + 2.0 * pass.repeated,
    };
    values * CacheFormat::Fp16.value_bytes()
}

/// Bytes that kernels for 16 bits read in the time that reading the cache takes for one token. Fewer bytes are read sooner only by kernels
/// that multiply them as they are: those for FP8. vLLM reads integers in Triton. llama.cpp unpacks them in a kernel in which every query
/// head reads keys and values for itself, where that for 16 bits shares them (`ggml_cuda_get_best_fattn_kernel`); ExLlama unpacks the whole
/// cache first. Of transformers nothing is known, and nothing gained.
pub(super) fn read(table: &Serving, setup: &Setup, pass: &Pass) -> f64 {
    let (stack, format) = (setup.recipe.stack, setup.recipe.kv_cache);
    let wide = wide(stack, pass);
    let state = pass.state * CacheFormat::Fp16.value_bytes();
    let times = |factor: f64| (wide - state) * factor + state;
    match (stack, format) {
        (_, CacheFormat::Fp16) => wide,
        (Stack::Vllm, CacheFormat::Int8 | CacheFormat::Q4) => times(table.cache_triton.get()),
        (Stack::Vllm | Stack::TensorRt, _) if setup.rig.card.features().fp8 => times(table.cache_fp8.get()),
        (Stack::Exllama, _) => times(table.cache_exllama.get()),
        (Stack::LlamaCpp, _) => {
            let by_head = pass.repeated * table.llama_cpp.cache_bandwidth.get() / table.cache_by_head.get();
            by_head.max(pass.cached) * format.value_bytes() + state
        }
        _ => wide,
    }
}

/// What a pass reads of the cache in main memory, once for all heads: no less is read by whoever computes there.
pub(super) fn hosted(setup: &Setup, pass: &Pass) -> Bytes {
    let kept = pass.cached * setup.recipe.kv_cache.value_bytes() + pass.state * CacheFormat::Fp16.value_bytes();
    Bytes::new(kept * setup.hosted_cache(pass.layers))
}

/// What prompts fetch of a cache in main memory. Attention to many tokens at once runs on the card, to which each piece of a prompt
/// brings all that is cached up to its end: that is half of the whole for each piece, and half of it once more.
pub(super) fn fetched(setup: &Setup, stack: &Transformer, span: Span) -> Bytes {
    if setup.hosted_cache(1.0) <= 0.0 {
        return Bytes::ZERO;
    }
    let most = setup.recipe.stack.tokens_at_once().map_or(span.new, real).clamp(1.0, span.new.max(1.0));
    let pieces = (span.new / most).ceil().max(1.0);
    let seen = ((span.new + most) / 2.0).min(span.new);
    let piece = Pass::of(stack, Span { new: 1.0, past: (seen - 1.0).max(0.0), ..span });
    hosted(setup, &piece) * pieces
}
