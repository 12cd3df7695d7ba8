//! What reading the cache of keys and values takes for one token, by format and software.

use super::calibration::Serving;
use super::pass::Pass;
use crate::request::{CacheFormat, Setup, Stack};

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
