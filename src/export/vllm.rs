//! vLLM's server.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet, Value};
use super::{machines, quote, terms};
use crate::estimate::{self, Memory};
use crate::request::{CacheFormat, Offload, Setup, Stack, WeightFormat};
use crate::units::{Bytes, real};

/// Writes the command.
pub(super) fn write(mut sheet: Sheet, memory: &Memory) -> (String, Vec<String>) {
    let setup = sheet.setup;
    let (job, parallel) = (&setup.job, setup.recipe.parallel);
    sheet.note("placeholders", &[("names", "MODEL")]);
    sheet.raw(format!("MODEL={}", quote::shell(&terms::placeholder(setup))));
    machines::variables(&mut sheet);
    sheet.raw("");
    sheet.open("vllm serve \"$MODEL\"", "");
    sheet.choose(Choice::Precision, "dtype", terms::served(setup));
    weights(&mut sheet);
    sheet.choose(Choice::KvCache, "kv-cache-dtype", cache(setup.recipe.kv_cache));
    sheet.choose(Choice::Prompt, "max-model-len", job.prompt.saturating_add(job.output));
    sheet.covers(Choice::Output);
    sheet.beyond_context("context-vllm");
    sheet.choose(Choice::Concurrency, "max-num-seqs", setup.requests_per_replica());
    sheet.set("gpu-memory-utilization", utilisation(setup));
    sheet.note("vllm-memory", &[]);
    sheet.explain(Choice::Attention, "vllm-attention", &[("attention", &sheet.words(Choice::Attention))]);
    offload(&mut sheet, memory);
    sheet.choose(Choice::Tensor, "tensor-parallel-size", parallel.tensor);
    sheet.choose(Choice::Pipeline, "pipeline-parallel-size", parallel.pipeline);
    if parallel.data > 1 {
        sheet.choose(Choice::Data, "data-parallel-size", parallel.data);
    }
    if parallel.expert > 1 {
        sheet.choose(Choice::Expert, "enable-expert-parallel", Value::Bare);
    }
    machines::options(&mut sheet);
    if setup.rig.machines() > 1 {
        sheet.note("vllm-machines", &[]);
    }
    sheet.close();
    sheet.finish(Dialect::Shell)
}

/// Share of the card's memory the server may take: the high estimate for vLLM, in whole percent, within what the card has free. Both
/// without CUDA's own: it has taken that when the server looks how much is free, starts only if there is as much as it may take, and
/// does not count it among that.
fn utilisation(setup: &Setup) -> f64 {
    let mut own = setup.clone();
    own.recipe.stack = Stack::Vllm;
    let memory = estimate::memory(&own);
    let all = setup.rig.card.vram.get();
    if all <= 0.0 {
        return 0.9;
    }
    let beside = |bytes: Bytes| (bytes - memory.context).get() / all * 100.0;
    let needed = beside(memory.high).ceil();
    let free = beside(memory.capacity).floor().clamp(1.0, 99.0);
    needed.clamp(1.0, free) / 100.0
}

/// Weights vLLM reads from host memory in every pass: what of them the plan keeps there, in GiB a card.
fn offload(sheet: &mut Sheet, memory: &Memory) {
    let setup = sheet.setup;
    let kept = memory.weights.as_gib();
    let on_host = memory.host.as_gib() / f64::from(setup.rig.count.max(1));
    let gib = match setup.recipe.offload {
        Offload::None | Offload::Optimizer | Offload::Companions => return,
        Offload::Layers(count) => {
            let moved = real(u64::from(count)) / real(setup.model.layers().max(1));
            if moved < 1.0 { kept * moved / (1.0 - moved) } else { on_host }
        }
        Offload::Experts(_) | Offload::OptimizerAndWeights => on_host,
    };
    sheet.choose(Choice::Offload, "cpu-offload-gb", (gib * 10.0).ceil() / 10.0);
    sheet.note("vllm-offload", &[]);
}

/// Quantisation vLLM does while loading is named; what a checkpoint brings is read from it. Its 8-bit integers are made while
/// loading for experts alone, and bitsandbytes is gone.
fn weights(sheet: &mut Sheet) {
    match sheet.setup.recipe.weights {
        // It refuses its own FP8 of a checkpoint that brings another.
        WeightFormat::Fp8 if sheet.setup.model.released_weights != Some(WeightFormat::Fp8) => {
            sheet.choose(Choice::Weights, "quantization", "fp8_per_tensor");
            sheet.note("vllm-fp8", &[]);
        }
        WeightFormat::Nf4 | WeightFormat::Nf4Double => other_weights(sheet, "AWQ, GPTQ"),
        WeightFormat::Int8 => other_weights(sheet, "W8A8, GPTQ"),
        WeightFormat::Fp32 | WeightFormat::Fp16 | WeightFormat::Bf16 => sheet.covers(Choice::Weights),
        _ => sheet.explain(Choice::Weights, "in-checkpoint", &[("weights", &sheet.words(Choice::Weights))]),
    }
}

/// What to load in place of weights that it has no reader for.
fn other_weights(sheet: &mut Sheet, kinds: &str) {
    sheet.explain(Choice::Weights, "vllm-weights", &[("weights", &sheet.words(Choice::Weights)), ("kinds", kinds)]);
}

const fn cache(format: CacheFormat) -> &'static str {
    match format {
        CacheFormat::Fp16 => "auto",
        CacheFormat::Fp8 => "fp8",
        CacheFormat::Int8 => "int8_per_token_head",
        CacheFormat::Q4 => "int4_per_token_head",
    }
}
