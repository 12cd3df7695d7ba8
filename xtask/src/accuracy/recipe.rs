//! From settings in words to a recipe.

use super::framework::Framework;
use super::record::{Kind, Record};
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
    number_formats(&mut recipe, record, framework, trains)?;
    attention(&mut recipe, record, framework);
    if record.kind != Kind::TorchMemory {
        parallel(&mut recipe, record)?;
    }
    // The stages are DeepSpeed's; what shards with PyTorch's own means says FSDP.
    if framework.stack == "transformers" && record.lower("parallelism").contains("zero") {
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
    recipe["checkpointing"] = json!(match record.value("gradient_checkpointing") {
        Some(Value::Bool(true)) => "full",
        Some(Value::Bool(false)) => "none",
        Some(Value::String(kind)) => kind,
        _ if framework.checkpoints => "full",
        // `prepare_model_for_kbit_training` turns it on.
        _ if framework.upcast && bitsandbytes => "full",
        _ => "none",
    });
    if adapters {
        recipe["lora"] = lora(record, framework, bitsandbytes);
    }
    Ok(recipe)
}

/// Storage formats by a word in the precision, first match wins.
const STORAGE: [(&str, &str); 26] = [
    ("nf4-dq", "nf4-double"),
    ("nf4-double", "nf4-double"),
    ("nf4", "nf4"),
    ("gptq-int8", "gptq-8"),
    ("int8 (gptq)", "gptq-8"),
    ("gptq", "gptq-4"),
    ("awq", "awq-4"),
    ("4-bit base", "nf4"),
    ("int4 (bnb)", "nf4"),
    ("int4 base", "gptq-4"),
    ("int4", "gptq-4"),
    ("int8", "int8"),
    ("mxfp4", "mxfp4"),
    ("q8_0", "q8_0"),
    ("q6_k", "q6_k"),
    ("q5_k_m", "q5_k_m"),
    ("q5_0", "q5_k_s"),
    ("q4_k_m", "q4_k_m"),
    ("q4_0", "q4_0"),
    ("q4_1", "q4_0"),
    ("q3_k_m", "q3_k_m"),
    ("q2_k", "q2_k"),
    ("q1_0", "q1_0"),
    ("bf", "bf16"),
    ("f16", "fp16"),
    ("fp16", "fp16"),
];

fn number_formats(recipe: &mut Value, record: &Record, framework: &Framework, trains: bool) -> Result<(), &'static str> {
    if record.kind == Kind::TorchMemory {
        counted_formats(recipe, record);
        return Ok(());
    }
    let text = record.lower("precision");
    let stored = STORAGE.iter().find(|(word, _)| text.contains(word)).map(|(_, name)| *name);
    let quantised = stored.filter(|name| !matches!(*name, "bf16" | "fp16"));
    if !trains {
        recipe["weights"] = json!(match stored {
            Some(name) => name,
            None if text.contains("fp32") || text.contains("tf32") => "fp32",
            None => "fp16",
        });
        if text.contains("tf32") || text == "fp32" {
            recipe["precision"] = json!(if text.contains("tf32") { "tf32" } else { "fp32" });
        }
        return Ok(());
    }
    let adapters = matches!(record.text("task"), "lora" | "qlora");
    if let Some(name) = quantised {
        if !adapters {
            return Err("full training of quantised weights is not modelled");
        }
        recipe["weights"] = json!(name);
    } else if adapters {
        let usual = if record.text("task") == "qlora" { "nf4" } else { "fp16" };
        recipe["weights"] = json!(stored.unwrap_or(usual));
    }
    let autocast = match sharded(record) && adapters {
        true => framework.sharded_autocast,
        false => framework.autocast,
    };
    let sharded_master = record.lower("parallelism").contains("zero");
    let half = if text.contains("bf16") || text.contains("bfloat") { "bf16" } else { "fp16" };
    recipe["precision"] = json!(match text.as_str() {
        text if text.contains("fp8") => "fp8".to_owned(),
        text if text.starts_with("tf32") => "tf32".to_owned(),
        "fp32" => "fp32".to_owned(),
        // PyTorch multiplies FP32 in TF32 only where it is asked to, since 1.12.
        text if text.contains("fp32") && !text.contains("amp") && !text.contains("16") => "fp32".to_owned(),
        text if text.contains("amp") || text.contains("mix") => format!("{half}-autocast"),
        text if text.contains("pure") || text.contains("true") => format!("{half}-pure"),
        _ if adapters && !autocast => format!("{half}-pure"),
        _ if adapters => format!("{half}-autocast"),
        text if half == "bf16" && !text.is_empty() && sharded_master => "bf16-master".to_owned(),
        text if half == "bf16" && !text.is_empty() && !framework.autocast => "bf16-pure".to_owned(),
        text if !text.is_empty() => format!("{half}-autocast"),
        _ => return Err("number formats not stated"),
    });
    Ok(())
}

/// Whether cards share the weights.
fn sharded(record: &Record) -> bool {
    let text = record.lower("parallelism");
    text.contains("fsdp") || text.contains("zero3")
}

/// `dtype_policy` says the formats exactly.
fn counted_formats(recipe: &mut Value, record: &Record) {
    let (precision, weights) = match record.text("dtype_policy") {
        "fp32" => ("fp32", "fp32"),
        "fp16" => ("fp16-pure", "fp16"),
        "amp_bf16" => ("bf16-autocast", "fp32"),
        "lora_bf16_amp" => ("bf16-autocast", "bf16"),
        "lora_fp32_amp" => ("bf16-autocast", "fp32"),
        _ => ("bf16-pure", "bf16"),
    };
    let quantised = record.text("task") == "qlora" || record.text("weight_quant") == "nf4";
    recipe["precision"] = json!(precision);
    recipe["weights"] = json!(match quantised {
        true if record.is("double_quant") => "nf4-double",
        true => "nf4",
        false => weights,
    });
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

/// LAMB keeps two states like Adam; vision recipes run SGD with momentum.
fn optimizer(recipe: &mut Value, record: &Record, framework: &Framework) -> Result<(), &'static str> {
    let text = record.lower("optimizer");
    if text.contains("badam") {
        return Err("block-coordinate optimizer is not modelled");
    }
    recipe["optimizer"] = json!(match text.as_str() {
        text if text.contains("paged") => "paged-adamw-8bit",
        text if text.contains("8bit") || text.contains("8-bit") => "adamw-8bit",
        text if text.contains("adafactor") => "adafactor",
        "none" => "sgd",
        "sgd" if record.kind == Kind::TorchMemory => "sgd",
        text if text.starts_with("sgd") => "sgd-momentum",
        text if text.contains("lion") => "lion",
        text if text.contains("muon") => "muon",
        text if text.is_empty() || text.contains("adam") || text.contains("lamb") => "adamw",
        _ => return Err("optimizer is not modelled"),
    });
    let alone = record.text("task") == "full_finetune" && record.cards() == 1.0;
    let in_backward = flags(record).map_or(framework.stack == "torchtune" && alone, |flags| flags.contains("opt-in-bwd"));
    recipe["optimizerKernel"] = json!(match text.as_str() {
        _ if in_backward => "in-backward",
        text if text.contains("foreach") => "foreach",
        text if text.contains("fused") => "fused",
        _ => framework.optimizer_kernel,
    });
    Ok(())
}

/// Switches that a source lists one by one ("flags: packed,compile,chunked-CE").
fn flags(record: &Record) -> Option<String> {
    let note = record.lower("note");
    note.split_once("flags: ").map(|(_, rest)| rest.split(['.', ';']).next().unwrap_or_default().to_owned())
}

fn lora(record: &Record, framework: &Framework, bitsandbytes: bool) -> Value {
    let counted = record.kind == Kind::TorchMemory;
    let fp32 = if counted { record.text("dtype_policy").starts_with("lora_") } else { framework.fp32_adapters };
    let mut lora = json!({"rank": record.number("lora_rank").unwrap_or(8.0), "fp32Adapters": fp32});
    lora["upcast"] = json!(match counted {
        true => record.is("kbit_prepare"),
        false => framework.upcast && bitsandbytes,
    });
    lora["dropout"] = json!(record.number("lora_dropout").unwrap_or(framework.lora_dropout));
    let text = match record.value("lora_targets") {
        Some(Value::String(text)) => text.to_lowercase(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        _ => "q,v".to_owned(),
    };
    lora["trainEmbeddings"] =
        json!(["full wte", "full embed", "+ embed", "+ wte", "lm_head"].iter().any(|word| text.contains(word)));
    lora["targets"] = match text.as_str() {
        text if text.contains("linear") => json!("all-linear"),
        "q,k,v,o" => json!("attention"),
        "q,v" | "query,value" | "q_proj,v_proj" => json!("attention-qv"),
        names if names.split(',').all(|name| name.trim().ends_with("_proj")) => {
            json!(names.split(',').map(str::trim).collect::<Vec<_>>())
        }
        "q,v,o + mlp (config default)" => json!(["q_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]),
        _ => json!(["q_proj", "k_proj", "v_proj"]),
    };
    lora
}

/// Slices of each layer and stages of layers of "tp8 pp35" and the like; the rest of the cards are replicas.
fn cut(text: &str) -> Option<(f64, f64)> {
    let degree = |kind: &str| {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.find_map(|word| word.strip_prefix(kind)?.parse::<u32>().ok()).filter(|degree| *degree > 0)
    };
    let (tensor, pipeline) = (degree("tp"), degree("pp"));
    tensor.or(pipeline).map(|_| (f64::from(tensor.unwrap_or(1)), f64::from(pipeline.unwrap_or(1))))
}

fn parallel(recipe: &mut Value, record: &Record) -> Result<(), &'static str> {
    let cards = record.cards();
    let text = record.lower("parallelism");
    if cards <= 1.0 && text.is_empty() {
        return Ok(());
    }
    let layer_split = text.contains("layer split") || text.is_empty() && record.lower("framework").contains("llama.cpp");
    let tensor = text == "tp" || text.is_empty() && record.lower("framework").contains("vllm");
    recipe["parallel"] = if layer_split {
        json!({"pipeline": cards})
    } else if tensor {
        json!({"tensor": cards})
    } else if let Some((tensor, pipeline)) = cut(&text) {
        json!({"tensor": tensor, "pipeline": pipeline, "data": cards / (tensor * pipeline)})
    } else {
        let sharding = match text.as_str() {
            text if text.contains("fsdp") || text.contains("zero3") => "zero3",
            text if text.contains("zero2") => "zero2",
            text if text.contains("zero1") => "zero1",
            _ => "ddp",
        };
        json!({"sharding": sharding, "data": cards})
    };
    if text.contains("offload") || record.lower("note").contains("cpu offload with") {
        recipe["offload"] = json!("optimizer-and-weights");
    }
    Ok(())
}
