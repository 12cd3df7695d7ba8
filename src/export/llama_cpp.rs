//! llama.cpp's server.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet, Value};
use super::{quote, replicas, terms};
use crate::model::Network;
use crate::request::{AttentionKernel, CacheFormat, Keyword, Offload, Setup};

/// Writes the command.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    let (job, recipe) = (&setup.job, &setup.recipe);
    // Towers that see or hear are a file of their own, which has to be asked for (docs/multimodal.md).
    let towers = setup.model.tower_parameters > 0;
    sheet.note("placeholders", &[("names", if towers { "MODEL, MMPROJ" } else { "MODEL" })]);
    sheet.note("llama-cli", &[]);
    gguf(&mut sheet);
    sheet.raw(format!("MODEL={}", quote::shell(&file(&sheet))));
    if towers {
        sheet.raw(format!("MMPROJ={}", quote::shell(&format!("path-to-mmproj of {} (f16)", quote::line(&setup.model.name)))));
    }
    sheet.raw("");
    sheet.open("llama-server", "");
    sheet.set("model", Value::Code("\"$MODEL\""));
    if towers {
        sheet.set("mmproj", Value::Code("\"$MMPROJ\""));
    }
    let layers = terms::layers_on_card(setup).map_or_else(|| Value::from("all"), Value::from);
    sheet.choose(Choice::Offload, "n-gpu-layers", layers);
    if let Offload::Experts(count) = recipe.offload {
        experts(&mut sheet, u64::from(count));
    }
    let request = job.prompt.saturating_add(job.output);
    let requests = setup.requests_per_replica();
    sheet.choose(Choice::Prompt, "ctx-size", request.saturating_mul(requests));
    sheet.beyond_context("context-llama");
    sheet.choose(Choice::Concurrency, "parallel", requests);
    sheet.choose(Choice::Output, "predict", job.output);
    sheet.choose(Choice::Attention, "flash-attn", if flash(&sheet) { "on" } else { "off" });
    sheet.choose(Choice::KvCache, "cache-type-k", cache(recipe.kv_cache));
    sheet.set("cache-type-v", cache(recipe.kv_cache));
    cache_remarks(&mut sheet);
    split(&mut sheet);
    sheet.close();
    sheet.finish(Dialect::Shell)
}

/// Experts of so many layers in main memory. The option counts layers from the first, those without experts too; several cards have
/// a stage of the layers each, of which every one is relieved alike.
fn experts(sheet: &mut Sheet, count: u64) {
    let stages = u64::from(sheet.setup.recipe.parallel.pipeline.max(1));
    if stages == 1 {
        sheet.set("n-cpu-moe", reaching(sheet.setup, count));
        return;
    }
    let (layers, each) = (sheet.setup.model.layers(), reaching(sheet.setup, count).div_ceil(stages));
    let chosen = (0..stages).flat_map(|stage| {
        let (from, to) = (layers * stage / stages, layers * (stage + 1) / stages);
        from..to.min(from + each)
    });
    let chosen: Vec<String> = chosen.map(|layer| layer.to_string()).collect();
    sheet.set("override-tensor", format!("blk\\.({})\\.ffn_.*_exps\\.=CPU", chosen.join("|")));
    sheet.note("experts-by-stage", &[]);
}

/// How many layers from the first hold so many with experts: layers without come first (DeepSeek, GLM) or, where they are as many,
/// take turns with the others (Llama 4).
fn reaching(setup: &Setup, count: u64) -> u64 {
    let Network::Transformer(stack) = &setup.model.network else { return count };
    let dense: u64 = stack.layers.iter().filter(|group| !group.has_experts()).map(|group| group.count).sum();
    let routed = setup.model.expert_layers();
    let (all, count) = (dense.saturating_add(routed), count.min(routed));
    if dense >= routed { count.saturating_mul(all) / routed.max(1) } else { dense.saturating_add(count) }
}

/// Cards: slices of weights and cache share the work of a layer (`row` would leave the whole cache on the first card), layers share
/// the model.
fn split(sheet: &mut Sheet) {
    let parallel = sheet.setup.recipe.parallel;
    if parallel.tensor > 1 {
        sheet.choose(Choice::Tensor, "split-mode", "tensor");
        sheet.note("split-tensor", &[]);
    } else if parallel.pipeline > 1 {
        sheet.choose(Choice::Pipeline, "split-mode", "layer");
    } else {
        sheet.set("split-mode", "none");
    }
    replicas::apart(sheet);
}

/// What a GGUF file decides by itself.
pub(super) fn gguf(sheet: &mut Sheet) {
    sheet.explain(Choice::Weights, "in-gguf", &[("weights", &sheet.words(Choice::Weights))]);
    sheet.covers(Choice::Precision);
}

/// What to put in place of the file.
pub(super) fn file(sheet: &Sheet) -> String {
    format!("path-to-gguf of {} ({})", quote::line(&sheet.setup.model.name), sheet.setup.recipe.weights.name())
}

/// A quantised cache of values needs FlashAttention, and so do slices.
pub(super) const fn flash(sheet: &Sheet) -> bool {
    let recipe = &sheet.setup.recipe;
    matches!(recipe.attention, AttentionKernel::Flash)
        || !matches!(recipe.kv_cache, CacheFormat::Fp16)
        || recipe.parallel.tensor > 1
}

/// The cache's type; there is no 8-bit float.
pub(super) const fn cache(format: CacheFormat) -> &'static str {
    match format {
        CacheFormat::Fp16 => "f16",
        CacheFormat::Fp8 | CacheFormat::Int8 => "q8_0",
        CacheFormat::Q4 => "q4_0",
    }
}

/// Where the cache is near what was planned, or asks for another kernel.
pub(super) fn cache_remarks(sheet: &mut Sheet) {
    let recipe = &sheet.setup.recipe;
    if recipe.kv_cache == CacheFormat::Fp8 {
        sheet.note("cache-q8", &[]);
    }
    if recipe.kv_cache != CacheFormat::Fp16 && recipe.attention != AttentionKernel::Flash {
        sheet.note("cache-needs-flash", &[]);
    }
}
