//! Ollama: a Modelfile, with the commands that use it as comments.

use super::choice::Choice;
use super::sheet::Sheet;
use super::{llama_cpp, replicas, terms};
use crate::request::{CacheFormat, Offload};

/// Writes the Modelfile.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    let job = &setup.job;
    let cache = setup.recipe.kv_cache;
    let flash = u8::from(llama_cpp::flash(&sheet));
    let at_once = setup.requests_per_replica();
    // Left alone, a model that fits one card stays there.
    let spread = if setup.recipe.parallel.pipeline > 1 { " OLLAMA_SCHED_SPREAD=1" } else { "" };
    let serve = format!(
        "OLLAMA_NUM_PARALLEL={at_once} OLLAMA_KV_CACHE_TYPE={} OLLAMA_FLASH_ATTENTION={flash}{spread} ollama serve",
        llama_cpp::cache(cache)
    );
    sheet.note("run", &[("command", &serve)]);
    sheet.note("run", &[("command", "ollama create planned -f Modelfile && ollama run planned")]);
    sheet.note("ollama-file", &[("file", &llama_cpp::file(&sheet))]);
    llama_cpp::gguf(&mut sheet);
    llama_cpp::cache_remarks(&mut sheet);
    if cache != CacheFormat::Fp16 {
        sheet.note("ollama-cache", &[]);
    }
    let experts = matches!(setup.recipe.offload, Offload::Experts(_));
    if experts {
        sheet.note("ollama-experts", &[]);
    }
    if at_once > 1 {
        sheet.note("ollama-parallel", &[]);
    }
    sheet.beyond_context("context-ollama");
    replicas::apart(&mut sheet);
    if !spread.is_empty() {
        sheet.covers(Choice::Pipeline);
    }
    for choice in [Choice::Prompt, Choice::Output, Choice::Concurrency, Choice::KvCache, Choice::Attention, Choice::Offload] {
        sheet.covers(choice);
    }
    let mut settings = vec!["FROM ./model.gguf".to_owned()];
    let mut parameter = |name: &str, value: u64| settings.push(format!("PARAMETER {name} {value}"));
    parameter("num_ctx", job.prompt.saturating_add(job.output));
    if job.output > 0 {
        parameter("num_predict", job.output);
    }
    // Left out, Ollama's server moves experts and layers to main memory until the rest fits; all layers is more than there are.
    if !experts {
        parameter("num_gpu", terms::layers_on_card(setup).unwrap_or_else(|| setup.model.layers().saturating_add(1)));
    }
    let notes = sheet.notes();
    let comments: String = notes.iter().map(|note| format!("# {note}\n")).collect();
    (format!("{comments}\n{}\n", settings.join("\n")), notes)
}
