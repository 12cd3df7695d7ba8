//! Requests of the reference runs.

use crate::models::architecture;
use serde_json::{Value, json};

/// The request of a record, on a card its runs pretended to be.
pub fn request(record: &Value) -> Value {
    let text = |field: &str| record[field].as_str().unwrap_or_default();
    let yes = |field: &str| record[field].as_bool().unwrap_or(false);
    let sequence = record["seq_len"].as_u64().unwrap();
    let sequence_length = match text("arch") {
        "whisper" => 1500,
        // Seven convolutions with a stride of 320 samples in all.
        "wav2vec2" => (sequence - 80) / 320,
        _ => sequence,
    };
    let (precision, fp32_adapters) = match text("dtype_policy") {
        "fp32" => ("fp32", true),
        "amp_bf16" | "lora_bf16_amp" | "lora_fp32_amp" => ("bf16-autocast", true),
        "lora_bf16_fp32adapters" => ("bf16-pure", true),
        "fp16" => ("fp16-pure", false),
        _ => ("bf16-pure", false),
    };
    let kind = text("task").replace('_', "-");
    let weights = match (text("dtype_policy"), yes("double_quant"), text("weight_quant")) {
        (_, true, _) => "nf4-double",
        (_, _, "nf4") => "nf4",
        _ if kind == "qlora" => "nf4",
        ("fp32" | "lora_fp32_amp", _, _) => "fp32",
        _ => "bf16",
    };
    let (optimizer, kernel) = match text("optimizer") {
        "adamw_foreach" => ("adamw", "foreach"),
        "adamw_8bit" => ("adamw-8bit", "fused"),
        "sgd" => ("sgd", "fused"),
        "sgd_momentum" => ("sgd-momentum", "fused"),
        "adafactor" => ("adafactor", "fused"),
        _ => ("adamw", "fused"),
    };
    let targets = match &record["lora_targets"] {
        Value::Null => json!("all-linear"),
        targets => targets.clone(),
    };
    json!({
        "model": {"architecture": architecture(record)},
        "job": {
            "kind": kind,
            "sequenceLength": sequence_length,
            "targetLength": record["target_len"].as_u64().unwrap_or(sequence),
            "padded": yes("padding_mask"),
            "prompt": sequence, "output": 2, "concurrency": record["micro_batch"],
            "allLogits": text("logits") == "all",
        },
        "recipe": {
            "precision": precision,
            "optimizer": optimizer,
            "optimizerKernel": kernel,
            "microBatch": record["micro_batch"],
            "gradientAccumulation": if yes("grad_accumulation") { 2 } else { 1 },
            "checkpointing": if yes("gradient_checkpointing") { "full" } else { "none" },
            "attention": match (text("attn"), text("sdpa_kernel")) {
                ("eager", _) => "eager",
                (_, "math") => "math",
                _ => "flash",
            },
            "lora": {
                "rank": record["lora_rank"].as_u64().unwrap_or(16),
                "targets": targets,
                "dropout": record["lora_dropout"].as_f64().unwrap_or(0.0),
                "fp32Adapters": fp32_adapters,
                "upcast": yes("kbit_prepare"),
            },
            "weights": weights,
        },
        "rig": {"card": {"vramGib": 80, "bandwidthGbs": 3350, "tensorTflops": 989, "computeCapability": "9.0"}},
    })
}
