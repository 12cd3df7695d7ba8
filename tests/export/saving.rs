//! Checkpoints: hours between them at most, and no more of them than the plan counts on the disk.

use super::plans::*;
use serde_json::{Value, json};
use whichcard::estimate::{Estimate, evaluate};
use whichcard::export::Format;
use whichcard::plan::machine;
use whichcard::request::Setup;

/// What each program is told of the interval, the number that is kept and the length.
fn told(plan: &(Setup, Estimate), format: Format) -> [u64; 3] {
    let text = file(plan, format).text;
    let names = match format {
        Format::Torchtune => ["save_every_n_steps=", "keep_last_n_checkpoints=", "STEPS="],
        Format::DiffusersLora => ["--checkpointing_steps ", "--checkpoints_total_limit ", "--max_train_steps "],
        Format::Trl => ["--save_steps ", "--save_total_limit ", "--max_steps "],
        Format::LlamaFactory | Format::Axolotl => ["save_steps: ", "save_total_limit: ", "max_steps: "],
        _ => ["save_steps=", "save_total_limit=", "max_steps="],
    };
    names.map(|name| {
        let (_, rest) = text.split_once(name).unwrap_or_else(|| panic!("{name} in {text}"));
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
    })
}

/// Seconds from one checkpoint to the next.
fn between(plan: &(Setup, Estimate), every: u64, steps: u64) -> f64 {
    plan.1.time.total.get() / steps as f64 * every as f64
}

/// The disk holds that many checkpoints of FP32 weights and two moments.
fn holds(plan: &(Setup, Estimate), kept: u64) -> bool {
    let disk = machine(catalog(), &plan.0, &evaluate(&plan.0)).disk.get();
    disk > plan.0.model.parameters as f64 * 12.0 * kept as f64
}

fn pretraining(stack: &str) -> (Setup, Estimate) {
    plan(json!({
        "model": "llama-2-7b",
        "job": { "kind": "pretrain" },
        "recipe": { "stack": stack, "precision": "bf16-master", "parallel": { "sharding": "zero1" } },
        "rig": { "card": "a100-sxm-80gb", "count": 8 }
    }))
}

#[test]
fn weeks_of_pretraining_lose_hours_and_fit_the_disk() {
    let plan = pretraining("transformers");
    assert!(plan.1.time.total.get() > 20.0 * 86_400.0);
    for format in [Format::LlamaFactory, Format::Axolotl] {
        let [every, kept, steps] = told(&plan, format);
        assert!((1800.0..7201.0).contains(&between(&plan, every, steps)), "{format:?}: {every}");
        assert_eq!(kept, 10, "{format:?}");
        assert!(holds(&plan, kept), "{format:?}");
    }
    let plan = pretraining("megatron");
    let words = command(&file(&plan, Format::Megatron).text);
    let number = |name: &str| -> u64 { option(&words, name).unwrap().parse().unwrap() };
    let [every, retained, steps] = ["--save-interval", "--save-retain-interval", "--train-iters"].map(number);
    assert!((1800.0..7201.0).contains(&between(&plan, every, steps)), "{every}");
    // It refuses what is no multiple. Those that stay, and the newest.
    assert_eq!(retained % every, 0);
    assert!((8..=10).contains(&(steps / retained + 1)), "{retained} of {steps}");
    assert_eq!(option(&words, "--load"), Some("$CHECKPOINT"));
    assert_eq!(option(&words, "--pretrained-checkpoint"), None);
}

#[test]
fn tuning_keeps_the_last_two() {
    let job = |kind: &str| json!({ "kind": kind, "sequenceLength": 2048, "globalBatch": 16, "tokens": 32_768_000 });
    let adapters = plan(json!({ "model": "llama-3.1-8b", "job": job("lora"), "rig": { "card": "rtx-4090" } }));
    for format in [Format::Trl, Format::Peft, Format::Unsloth, Format::LlamaFactory, Format::Axolotl, Format::Torchtune] {
        let [every, kept, steps] = told(&adapters, format);
        assert_eq!((steps, kept), (1000, 2), "{format:?}");
        assert!(every <= 500 && between(&adapters, every, steps) < 7201.0, "{format:?}: {every}");
    }
    let text = file(&adapters, Format::Torchtune).text;
    assert!(text.contains("save_adapter_weights_only=True"), "the disk has no room for merged weights: {text}");
    assert!(says(&adapters, Format::Trl, "at most 2 of them kept"));
    // However short, one before the end.
    let mut short: Value = job("lora");
    short["tokens"] = json!(98_304);
    let short = plan(json!({ "model": "llama-3.1-8b", "job": short, "rig": { "card": "h100-sxm" } }));
    assert_eq!(told(&short, Format::Trl), [2, 2, 3]);
    let pictures = plan(json!({ "model": "sdxl-base", "job": { "kind": "lora" }, "rig": { "card": "rtx-4090" } }));
    assert_eq!(told(&pictures, Format::DiffusersLora)[1], 2);
    let speech = plan(json!({ "model": "whisper-small", "job": { "kind": "full-finetune" }, "rig": { "card": "rtx-3090" } }));
    assert_eq!(told(&speech, Format::Transformers)[1], 2);
    assert!(holds(&speech, 2));
}

/// The model to start from is not where checkpoints are written and deleted.
#[test]
fn megatron_tunes_from_another_place_than_it_saves_to() {
    let plan = tuned("llama-2-7b", json!({ "precision": "bf16-master", "parallel": { "sharding": "zero1", "tensor": 2 } }), 8);
    let text = file(&plan, Format::Megatron).text;
    let words = command(&text);
    assert_eq!(option(&words, "--pretrained-checkpoint"), Some("$PRETRAINED"));
    assert_eq!((option(&words, "--load"), option(&words, "--save")), (Some("$CHECKPOINT"), Some("$CHECKPOINT")));
    assert!(text.contains("\nPRETRAINED=") && text.contains("\nCHECKPOINT="), "{text}");
}

#[test]
fn torchtune_learns_from_the_data_that_is_filled_in() {
    let words = command(&file(&full_7b(), Format::Torchtune).text);
    for word in [
        "dataset=torchtune.datasets.chat_dataset",
        "dataset.source=$DATASET",
        // It reads data for validation whether or not it validates.
        "dataset_val=torchtune.datasets.chat_dataset",
        "dataset_val.source=$DATASET",
        "output_dir=whichcard-output",
    ] {
        assert!(words.contains(&word.to_owned()), "{word} in {words:?}");
    }
    let alone = file(&qlora_8b(), Format::Torchtune).text;
    assert!(alone.contains("\nDATASET=") && !alone.contains("dataset_val"), "{alone}");
}
