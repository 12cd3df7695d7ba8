//! llama.cpp's server.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet, Value};
use super::{quote, terms};
use crate::request::{AttentionKernel, CacheFormat};

/// Writes the command.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    let (job, recipe) = (&setup.job, &setup.recipe);
    sheet.note("placeholders", &[("names", "MODEL")]);
    sheet.note("llama-cli", &[]);
    gguf(&mut sheet);
    sheet.raw(format!("MODEL={}", quote::shell(&file(&sheet))));
    sheet.raw("");
    sheet.open("llama-server", "");
    sheet.set("model", Value::Code("\"$MODEL\""));
    let layers = terms::layers_on_card(setup).map_or_else(|| Value::from("all"), Value::from);
    sheet.choose(Choice::Offload, "n-gpu-layers", layers);
    let request = job.prompt.saturating_add(job.output);
    sheet.choose(Choice::Prompt, "ctx-size", request.saturating_mul(job.concurrency));
    sheet.choose(Choice::Concurrency, "parallel", job.concurrency);
    sheet.choose(Choice::Output, "predict", job.output);
    sheet.choose(Choice::Attention, "flash-attn", if flash(&sheet) { "on" } else { "off" });
    sheet.choose(Choice::KvCache, "cache-type-k", cache(recipe.kv_cache));
    sheet.set("cache-type-v", cache(recipe.kv_cache));
    cache_remarks(&mut sheet);
    split(&mut sheet);
    sheet.close();
    sheet.finish(Dialect::Shell)
}

/// Cards: rows or tensors split the work of a layer, layers split the model.
fn split(sheet: &mut Sheet) {
    let parallel = sheet.setup.recipe.parallel;
    if parallel.tensor > 1 {
        sheet.choose(Choice::Tensor, "split-mode", "row");
    } else if parallel.pipeline > 1 {
        sheet.choose(Choice::Pipeline, "split-mode", "layer");
    } else {
        sheet.set("split-mode", "none");
    }
    if parallel.data > 1 {
        sheet.explain(Choice::Data, "replicas", &[("count", &parallel.data.to_string())]);
    }
}

/// What a GGUF file decides by itself.
pub(super) fn gguf(sheet: &mut Sheet) {
    sheet.explain(Choice::Weights, "in-gguf", &[("weights", &Choice::Weights.value(sheet.setup))]);
    sheet.covers(Choice::Precision);
}

/// What to put in place of the file.
pub(super) fn file(sheet: &Sheet) -> String {
    format!("path-to-gguf of {} ({})", quote::line(&sheet.setup.model.name), Choice::Weights.value(sheet.setup))
}

/// A quantised cache of values needs FlashAttention.
pub(super) fn flash(sheet: &Sheet) -> bool {
    sheet.setup.recipe.attention == AttentionKernel::Flash || sheet.setup.recipe.kv_cache != CacheFormat::Fp16
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
