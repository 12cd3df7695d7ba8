//! DeepSpeed's configuration. JSON has no comments: remarks are in the notes only.

use super::choice::Choice;
use super::sheet::Sheet;
use super::terms;
use crate::request::{Offload, Optimizer, Precision, Setup};
use serde_json::{Map, Value, json};

/// Writes the configuration.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    said(&mut sheet);
    let (micro_batch, accumulation) = (setup.recipe.micro_batch, sheet.accumulation());
    let mut config = Map::new();
    let mut set = |key: &str, value: Value| drop(config.insert(key.to_owned(), value));
    if setup.recipe.parallel.data == setup.rig.count {
        // It counts every card as a replica, and refuses another batch.
        set("train_batch_size", json!(terms::step(setup)));
    }
    set("train_micro_batch_size_per_gpu", json!(micro_batch));
    set("gradient_accumulation_steps", json!(accumulation));
    set("gradient_clipping", json!(1.0));
    set("zero_optimization", zero(setup));
    set("zero_allow_untested_optimizer", json!(true));
    for (key, value) in precision(setup) {
        set(key, value);
    }
    if let Some(optimizer) = optimizer(setup) {
        set("optimizer", optimizer);
    }
    if setup.recipe.parallel.tensor > 1 {
        set("tensor_parallel", json!({ "autotp_size": setup.recipe.parallel.tensor }));
    }
    let text = serde_json::to_string_pretty(&Value::Object(config)).unwrap_or_default() + "\n";
    (text, sheet.notes())
}

fn zero(setup: &Setup) -> Value {
    let stage = terms::zero_stage(setup);
    let mut zero = json!({ "stage": stage, "overlap_comm": true, "contiguous_gradients": true });
    let host = json!({ "device": "cpu", "pin_memory": true });
    if let Some(fields) = zero.as_object_mut() {
        if terms::offloads_training(setup) {
            fields.insert("offload_optimizer".to_owned(), host.clone());
        }
        if setup.recipe.offload == Offload::OptimizerAndWeights {
            fields.insert("offload_param".to_owned(), host);
        }
        if stage == 3 {
            fields.insert("stage3_gather_16bit_weights_on_model_save".to_owned(), json!(true));
        }
    }
    zero
}

/// DeepSpeed's `bf16` keeps FP32 master copies, which only its optimizer in host memory can do without;
/// autocast over FP32 weights has its own section.
fn precision(setup: &Setup) -> Vec<(&'static str, Value)> {
    match setup.recipe.precision {
        Precision::Fp32 | Precision::Tf32 => vec![("bf16", json!({ "enabled": false })), ("fp16", json!({ "enabled": false }))],
        Precision::Fp16Autocast if !setup.adapters_only() => {
            vec![("torch_autocast", json!({ "enabled": true, "dtype": "float16" }))]
        }
        Precision::Bf16Autocast if !setup.adapters_only() => {
            vec![("torch_autocast", json!({ "enabled": true, "dtype": "bfloat16" }))]
        }
        Precision::Fp16Autocast | Precision::Fp16Pure => vec![("fp16", json!({ "enabled": true, "loss_scale": 0 }))],
        Precision::Bf16Pure if terms::deepspeed_pure(setup) => {
            vec![("bf16", json!({ "enabled": true, "bf16_master_weights_and_grads": true, "bf16_optimizer_states": true }))]
        }
        Precision::Bf16Pure | Precision::Bf16Autocast | Precision::Bf16Master | Precision::Fp8 => {
            vec![("bf16", json!({ "enabled": true }))]
        }
    }
}

/// Optimizers DeepSpeed has or takes from PyTorch; the rest come from the training script.
fn optimizer(setup: &Setup) -> Option<Value> {
    let rate = terms::learning_rate(setup.job.kind);
    let of = |name: &str| json!({ "type": name, "params": { "lr": rate } });
    Some(match setup.recipe.optimizer {
        Optimizer::Adamw => of("AdamW"),
        Optimizer::Sgd => of("SGD"),
        Optimizer::SgdMomentum => json!({ "type": "SGD", "params": { "lr": rate, "momentum": 0.9 } }),
        Optimizer::Lion => of("Lion"),
        Optimizer::Muon => of("Muon"),
        Optimizer::Adamw8bit | Optimizer::PagedAdamw8bit | Optimizer::Adafactor => return None,
    })
}

fn said(sheet: &mut Sheet) {
    use Choice::*;
    let setup = sheet.setup;
    for choice in [Precision, MicroBatch, Accumulation, Sharding, Data, Tensor] {
        sheet.covers(choice);
    }
    if setup.recipe.precision == crate::request::Precision::Fp8 {
        sheet.note("fp8", &[]);
    }
    terms::deepspeed_remarks(sheet, true);
    if optimizer(setup).is_some() {
        sheet.covers(Optimizer);
        sheet.note("starting-point", &[("settings", &format!("lr {}", terms::learning_rate(setup.job.kind)))]);
    } else {
        sheet.explain(Optimizer, "optimizer-in-script", &[("optimizer", &sheet.words(Optimizer))]);
    }
    if terms::offloads_training(setup) {
        sheet.covers(Offload);
    }
    if setup.recipe.checkpointing != crate::request::Checkpointing::None {
        sheet.note("checkpointing-in-trainer", &[]);
    }
    for choice in Choice::OF_SCRIPT {
        sheet.covers(choice);
    }
    sheet.note("accelerate-rest", &[]);
}
