//! Where weights are while they are loaded: quantised ones that several cards share, and those that wait in main memory.

use super::plans::*;
use serde_json::{Value, json};
use whichcard::export::{Format, Lack, left_out};
use whichcard::text::Lang;

/// By itself transformers puts a quantised model on every card before FSDP shares it: scripts have it quantised in main memory, and
/// programs that leave no say in it have a file only where a card holds all of it.
#[test]
fn quantised_weights_are_shared_from_main_memory() {
    let on = |card: &str| {
        plan(json!({
            "model": "llama-3.1-70b",
            "job": { "kind": "qlora", "sequenceLength": 1024, "globalBatch": 2 },
            "recipe": { "parallel": { "sharding": "zero3" }, "microBatch": 1, "checkpointing": "full", "loss": "chunked" },
            "rig": { "card": card, "count": 4 }
        }))
    };
    let small = on("rtx-3090");
    assert_eq!(yaml(&file(&small, Format::Accelerate).text)["fsdp_config"]["fsdp_cpu_ram_efficient_loading"], json!(false));
    let trl = command(&file(&small, Format::Trl).text);
    assert_eq!(option(&trl, "--bnb_4bit_quant_storage"), Some("bfloat16"));
    let loaded: Value = serde_json::from_str(option(&trl, "--model_init_kwargs").unwrap()).unwrap();
    assert_eq!(loaded, json!({ "device_map": { "": "cpu" } }));
    assert!(file(&small, Format::Peft).text.contains("device_map={\"\": \"cpu\"},"));
    let lacking = left_out(&small.0);
    for format in [Format::LlamaFactory, Format::Axolotl, Format::Unsloth] {
        assert!(lacking.contains(&(format, Lack::Loading)), "{format:?}: {lacking:?}");
        let why = Lack::Loading.say(Lang::En, format, &small.0);
        let takes: f64 = why.split("takes ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse().unwrap();
        assert!((35.0..42.0).contains(&takes) && why.contains("of 23."), "{why}");
    }
    let large = on("a100-sxm-80gb");
    assert_eq!(yaml(&file(&large, Format::Axolotl).text)["fsdp_config"]["cpu_ram_efficient_loading"], json!(false));
    assert!([Format::LlamaFactory, Format::Unsloth].iter().all(|format| format.applies(&large.0)));
}

/// Quantised weights in main memory, as PEFT's guide has them: FSDP sends on what one process has loaded, which ZeRO cannot.
#[test]
fn quantised_weights_wait_in_main_memory_under_fsdp() {
    let plan = plan(json!({ "model": "llama-2-70b", "job": { "kind": "qlora" }, "rig": { "card": "rtx-3090", "count": 2 },
        "recipe": { "weights": "nf4-double", "offload": "optimizer-and-weights", "optimizer": "adamw", "parallel": { "sharding": "zero3" } } }));
    let accelerate = yaml(&file(&plan, Format::Accelerate).text);
    assert_eq!(accelerate["distributed_type"], json!("FSDP"));
    for (name, value) in [
        ("fsdp_version", json!(1)),
        ("fsdp_sharding_strategy", json!("FULL_SHARD")),
        ("fsdp_offload_params", json!(true)),
        ("fsdp_sync_module_states", json!(true)),
        ("fsdp_use_orig_params", json!(false)),
        ("fsdp_cpu_ram_efficient_loading", json!(true)),
    ] {
        assert_eq!(accelerate["fsdp_config"][name], value, "{name}");
    }
    assert!(!Format::Deepspeed.applies(&plan.0));
    let peft = file(&plan, Format::Peft).text;
    assert!(peft.contains("bnb_4bit_quant_storage=torch.bfloat16,") && peft.contains("device_map={\"\": \"cpu\"},"), "{peft}");
    // The others put all of it on every card first; under FSDP's first version Unsloth has bytes beside BF16.
    let lacks = [(Format::LlamaFactory, Lack::Loading), (Format::Axolotl, Lack::Loading), (Format::Unsloth, Lack::Offload)];
    assert_eq!(left_out(&plan.0), lacks);
}

/// Where a card holds a whole copy for a start, Axolotl and LLaMA-Factory keep it in main memory afterwards.
#[test]
fn quantised_weights_that_fit_a_card_may_wait_in_main_memory_too() {
    let plan = plan(json!({ "model": "qwen3-32b", "job": { "kind": "qlora" }, "rig": { "card": "rtx-3090", "count": 2 },
        "recipe": { "weights": "nf4-double", "offload": "optimizer-and-weights", "optimizer": "adamw", "parallel": { "sharding": "zero3" } } }));
    let axolotl = yaml(&file(&plan, Format::Axolotl).text);
    assert_eq!((&axolotl["fsdp_version"], &axolotl["fsdp_config"]["offload_params"]), (&json!(1), &json!(true)));
    assert!(yaml(&file(&plan, Format::LlamaFactory).text)["deepspeed"].is_null());
    assert!(says(&plan, Format::LlamaFactory, "accelerate launch --config_file accelerate.yaml --module llamafactory.launcher"));
}

/// Unsloth reads a card's part of a file, but experts of a layer are one tensor in the model and many in the file.
#[test]
fn unsloth_loads_all_experts_on_each_card() {
    let on = |card: &str| {
        plan(json!({
            "model": "qwen3-30b-a3b",
            "job": { "kind": "lora", "sequenceLength": 2048 },
            "recipe": { "weights": "bf16", "microBatch": 1, "checkpointing": "full", "parallel": { "sharding": "zero3" } },
            "rig": { "card": card, "count": 4 }
        }))
    };
    let (small, large) = (on("rtx-a6000"), on("h100-sxm"));
    assert!(left_out(&small.0).contains(&(Format::Unsloth, Lack::Loading)), "{:?}", left_out(&small.0));
    let said = Lack::Loading.say(Lang::En, Format::Unsloth, &small.0);
    assert!(said.contains("Unsloth") && said.contains("of 47"), "{said}");
    assert!(Format::Peft.applies(&small.0), "FSDP has one process load them");
    let text = file(&large, Format::Unsloth).text;
    assert!(text.contains("UNSLOTH_FSDP2=1") && !text.contains("SHARDED_LOAD"), "{text}");
}

/// DeepSpeed's third stage shares and moves weights while they are loaded if a trainer's arguments are there by then, and so does FSDP.
#[test]
fn arguments_stand_before_a_model_that_deepspeed_shares() {
    let plan = plan(json!({
        "model": "qwen2.5-32b",
        "job": { "kind": "lora" },
        "recipe": { "weights": "bf16", "offload": "optimizer-and-weights" },
        "rig": { "card": "rtx-4090" }
    }));
    for format in [Format::Peft, Format::Unsloth] {
        let statements = python(&file(&plan, format).text);
        let place = |head: &str| statements.iter().position(|line| line.starts_with(head)).unwrap_or_else(|| panic!("{head}"));
        assert!(place("args = SFTConfig(") < place("model"), "{format:?}");
        assert!(statements[place("trainer = SFTTrainer(")].contains("args=args,"), "{format:?}");
        assert!(!file(&plan, format).text.contains("device_map"), "it would put all of them on the card");
    }
    // FSDP has one process load them then, not each of them; Unsloth's own is told otherwise.
    let sharded = json!({ "model": "qwen2.5-32b", "job": { "kind": "lora" }, "recipe": { "weights": "bf16", "parallel": { "sharding": "zero3" } },
        "rig": { "card": "a100-sxm-80gb", "count": 8 } });
    let shared = super::plans::plan(sharded);
    assert!(file(&shared, Format::Peft).text.contains("\nargs = SFTConfig("));
    assert!(file(&shared, Format::Unsloth).text.contains("    args=SFTConfig("));
    let alone = file(&qlora_8b(), Format::Peft).text;
    assert!(alone.contains("    args=SFTConfig(") && alone.contains("device_map="), "{alone}");
}
