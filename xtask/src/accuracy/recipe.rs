//! From settings in words to a recipe.

use super::framework::Framework;
use super::record::{Kind, Record};
use super::{adapters, format, parallel};
use serde_json::{Value, json};

/// Sequences and their length for block benchmarks that report the best of several batch sizes.
pub const BEST_OVER_BATCHES: (f64, f64) = (64.0, 512.0);

/// Sequences per forward pass and card.
pub fn batch(record: &Record) -> Option<f64> {
    let best = record.lower("note").contains("best over batch sizes").then_some(BEST_OVER_BATCHES.0);
    let batch = record.number("batch_size").or(record.number("micro_batch")).or(best)?;
    // DreamBooth as its notebooks start it (`--with_prior_preservation`): beside each image goes one of its class.
    let pairs = record.trains() && record.lower("framework").contains("diffusers");
    Some(if pairs { 2.0 * batch } else { batch })
}

/// The `recipe` of a request, or why the settings cannot be expressed.
pub fn recipe(record: &Record, framework: &Framework) -> Result<Value, &'static str> {
    let mut recipe = json!({"stack": framework.stack});
    let trains = record.trains();
    format::write(&mut recipe, record, framework)?;
    attention(&mut recipe, record, framework);
    if record.kind != Kind::TorchMemory {
        parallel::write(&mut recipe, record);
    }
    // The stages are DeepSpeed's; what shards with PyTorch's own means says FSDP.
    if framework.stack == "transformers" && parallel::words(record).contains("zero") {
        recipe["stack"] = json!("deepspeed");
    }
    if !trains {
        if record.text("kv_cache").contains("int8") {
            recipe["kvCache"] = json!("int8");
        }
        return Ok(recipe);
    }
    optimizer(&mut recipe, record, framework)?;
    recipe["microBatch"] = json!(batch(record).ok_or("batch size not stated")?);
    let accumulates = if record.is("grad_accumulation") { 2.0 } else { 1.0 };
    recipe["gradientAccumulation"] = json!(record.number("grad_accum").unwrap_or(accumulates));
    recipe["loss"] = json!(match flags(record) {
        Some(flags) if !flags.contains("chunked-ce") => "standard",
        _ => framework.loss,
    });
    let adapters = matches!(record.text("task"), "lora" | "qlora");
    let bitsandbytes = adapters && matches!(recipe["weights"].as_str(), Some("nf4" | "nf4-double" | "int8"));
    recipe["checkpointing"] = json!(match checkpointing(record) {
        Some(kind) => kind,
        _ if framework.checkpoints => "full",
        // `prepare_model_for_kbit_training` turns it on.
        _ if framework.upcast && bitsandbytes => "full",
        _ => "none",
    });
    if recipe["checkpointing"] == "full" && framework.offloads {
        recipe["checkpointing"] = json!("host");
    }
    if adapters {
        recipe["lora"] = adapters::of(record, framework, bitsandbytes);
    }
    Ok(recipe)
}

/// `sdpa` leaves the choice to PyTorch, as the default does.
fn attention(recipe: &mut Value, record: &Record, framework: &Framework) {
    let kernels = record.value("sdpa_kernels").map(Value::to_string).unwrap_or_default();
    let text = record.lower("attention");
    let kernel = if kernels.contains("flash") {
        "flash"
    } else if kernels.contains("mem_efficient") {
        "memory-efficient"
    } else if record.text("attn") == "eager" || text == "eager" {
        "eager"
    } else if kernels.contains("math") {
        "math"
    } else if text.starts_with("flash") {
        "flash"
    } else if text.is_empty() && framework.stack == "llama.cpp" {
        if record.lower("framework").contains("flash") || flash_by_default(record) { "flash" } else { "eager" }
    } else if text.contains("fused") {
        "memory-efficient"
    } else {
        return;
    };
    recipe["attention"] = json!(kernel);
}

/// llama.cpp takes flash attention by itself from its pull request 15434 on; what is older, or of no stated age, stores its scores.
fn flash_by_default(record: &Record) -> bool {
    let number = record.source_field("title").split("PR ").nth(1).and_then(|rest| rest.trim().parse::<u32>().ok());
    number.is_some_and(|number| number >= 15_434)
}

/// Optimizers that keep two states like Adam.
const TWO_STATES: [&str; 6] = ["adam", "lamb", "sophia", "schedule", "ranger", "not stated"];

/// What keeps one state is taken as SGD with momentum, as vision recipes run it.
fn optimizer(recipe: &mut Value, record: &Record, framework: &Framework) -> Result<(), &'static str> {
    let text = record.lower("optimizer");
    if text.contains("badam") {
        return Err("block-coordinate optimizer is not modelled");
    }
    if ["galore", "apollo", "mini"].iter().any(|name| text.contains(name)) {
        return Err("optimizer with states of low rank is not modelled");
    }
    let eight_bit = text.contains("8bit") || text.contains("8-bit");
    recipe["optimizer"] = json!(match text.as_str() {
        text if text.contains("paged") && eight_bit => "paged-adamw-8bit",
        _ if eight_bit => "adamw-8bit",
        text if text.contains("adafactor") => "adafactor",
        "none" => "sgd",
        "sgd" if record.kind == Kind::TorchMemory => "sgd",
        text if text.contains("lomo") => "sgd",
        text if ["sgd", "nag", "nesterov", "momentum", "rmsprop", "novograd", "adagrad"].iter().any(|name| text.contains(name)) => {
            "sgd-momentum"
        }
        text if text.contains("lion") => "lion",
        text if text.contains("muon") => "muon",
        text if text.is_empty() || TWO_STATES.iter().any(|name| text.contains(name)) => "adamw",
        _ => return Err("optimizer is not modelled"),
    });
    let alone = record.text("task") == "full_finetune" && record.cards() == 1.0;
    let in_backward = flags(record).map_or(framework.stack == "torchtune" && alone, |flags| flags.contains("opt-in-bwd"));
    recipe["optimizerKernel"] = json!(match text.as_str() {
        text if in_backward || text.contains("lomo") => "in-backward",
        text if text.contains("foreach") => "foreach",
        text if text.contains("fused") => "fused",
        _ => framework.optimizer_kernel,
    });
    if text.contains("cpu") && recipe.get("offload").is_none() {
        recipe["offload"] = json!("optimizer");
    }
    Ok(())
}

/// Switches that a source lists one by one ("flags: packed,compile,chunked-CE").
fn flags(record: &Record) -> Option<String> {
    let note = record.lower("note");
    note.split_once("flags: ").map(|(_, rest)| rest.split(['.', ';']).next().unwrap_or_default().to_owned())
}

/// Checkpointing as the source writes it; none where it does not say.
fn checkpointing(record: &Record) -> Option<&'static str> {
    let text = match record.value("gradient_checkpointing")? {
        Value::Bool(on) => return Some(if *on { "full" } else { "none" }),
        Value::String(text) => text.to_lowercase(),
        _ => return None,
    };
    Some(match text.as_str() {
        "none" | "no" | "off" | "false" | "disabled" | "0" => "none",
        text if text.contains("selective") => "selective",
        text if text.contains("unsloth") || text.contains("offload") => "host",
        "" | "not stated" | "unknown" => return None,
        _ => "full",
    })
}
