//! Trainings over several cards and main memory.

use super::plans::*;
use serde_json::{Value, json};
use whichcard::estimate::Estimate;
use whichcard::export::{Format, Lack, formats, left_out};
use whichcard::request::Setup;

#[test]
fn sharing_eight_cards() {
    let plan = full_7b();
    let zero: Value = serde_json::from_str(&file(&plan, Format::Deepspeed).text).unwrap();
    assert_eq!(zero["zero_optimization"]["stage"], json!(3));
    assert_eq!(zero["train_batch_size"], json!(64));
    assert_eq!(zero["gradient_accumulation_steps"], json!(8));
    assert_eq!(zero["torch_autocast"]["dtype"], json!("bfloat16"));
    assert_eq!(zero["zero_optimization"].get("offload_optimizer"), None);
    let accelerate = yaml(&file(&plan, Format::Accelerate).text);
    assert_eq!(accelerate["distributed_type"], json!("FSDP"));
    assert_eq!(accelerate["num_processes"], json!(8));
    assert_eq!(accelerate["mixed_precision"], json!("bf16"));
    assert_eq!(accelerate["fsdp_config"]["fsdp_reshard_after_forward"], json!(true));
    let words = command(&file(&plan, Format::Trl).text);
    assert_eq!(option(&words, "--accelerate_config"), Some("accelerate.yaml"));
    // Trained weights are FP32 under autocast.
    assert_eq!(option(&words, "--dtype"), Some("float32"));
    assert_eq!(yaml(&file(&plan, Format::Axolotl).text)["fsdp_config"]["reshard_after_forward"], json!(true));
}

/// LLaMA-Factory refuses `pure_bf16` with ZeRO-3, and DeepSpeed refuses to drop its FP32 copies unless its optimizer is in host
/// memory.
#[test]
fn bf16_alone_is_asked_of_deepspeed_only_where_it_can() {
    let pure = tuned("llama-2-7b", json!({ "precision": "bf16-pure", "parallel": { "sharding": "zero3" } }), 8);
    let factory = yaml(&file(&pure, Format::LlamaFactory).text);
    assert_eq!((&factory["pure_bf16"], factory.get("deepspeed")), (&json!(true), None));
    assert!(says(&pure, Format::LlamaFactory, "accelerate launch --config_file accelerate.yaml --module llamafactory.launcher"));
    assert_eq!(yaml(&file(&pure, Format::Accelerate).text)["mixed_precision"], json!("no"));
    let zero: Value = serde_json::from_str(&file(&pure, Format::Deepspeed).text).unwrap();
    assert_eq!(zero["bf16"], json!({ "enabled": true }));
    assert!(says(&pure, Format::Deepspeed, "ZeRO keeps FP32 copies"));
    // FSDP keeps what it is given, and does without gathering weights again where the plan does.
    assert!(!says(&pure, Format::Trl, "ZeRO keeps FP32 copies"));
    let gathered = tuned("llama-2-7b", json!({ "precision": "bf16-pure", "parallel": { "sharding": "zero2" } }), 8);
    assert_eq!(yaml(&file(&gathered, Format::Accelerate).text)["fsdp_config"]["fsdp_reshard_after_forward"], json!(false));
    let offloaded = json!({ "precision": "bf16-pure", "offload": "optimizer", "optimizer": "adamw" });
    let offloaded = tuned("llama-2-7b", offloaded, 1);
    let zero: Value = serde_json::from_str(&file(&offloaded, Format::Deepspeed).text).unwrap();
    assert_eq!(zero["bf16"], json!({ "enabled": true, "bf16_master_weights_and_grads": true, "bf16_optimizer_states": true }));
    for format in [Format::Deepspeed, Format::Accelerate, Format::Trl] {
        assert!(!says(&offloaded, format, "ZeRO keeps FP32 copies"), "{format:?}");
    }
    // The trainer's own switch must agree with DeepSpeed's.
    assert_eq!(option(&command(&file(&offloaded, Format::Trl).text), "--bf16"), Some("True"));
    assert_eq!(yaml(&file(&offloaded, Format::Axolotl).text)["bf16"], json!(true));
    // Beside DeepSpeed's own file Accelerate refuses what that says.
    let accelerate = yaml(&file(&offloaded, Format::Accelerate).text);
    assert_eq!(accelerate["deepspeed_config"], json!({ "deepspeed_config_file": "deepspeed.json", "zero3_init_flag": false }));
    assert_eq!(accelerate.get("mixed_precision"), None);
}

/// bitsandbytes' kernels take whole tensors: on what FSDP2 shards they end in an illegal memory access. torchao has 8-bit AdamW for
/// it, and no Lion.
#[test]
fn optimizers_of_bitsandbytes_are_never_sharded_by_fsdp() {
    let of = |optimizer: &str| {
        let recipe = json!({ "precision": "bf16-pure", "optimizer": optimizer, "parallel": { "sharding": "zero3" } });
        tuned("llama-3-8b", recipe, 8)
    };
    for optimizer in ["adamw-8bit", "paged-adamw-8bit"] {
        let plan = of(optimizer);
        assert_eq!(yaml(&file(&plan, Format::Accelerate).text)["distributed_type"], json!("FSDP"), "{optimizer}");
        assert_eq!(option(&command(&file(&plan, Format::Trl).text), "--optim"), Some("adamw_torch_8bit"));
        let axolotl = yaml(&file(&plan, Format::Axolotl).text);
        assert_eq!((&axolotl["optimizer"], &axolotl["fsdp_version"]), (&json!("adamw_torch_8bit"), &json!(2)), "{optimizer}");
        let factory = yaml(&file(&plan, Format::LlamaFactory).text);
        assert_eq!((&factory["optim"], factory.get("deepspeed")), (&json!("adamw_torch_8bit"), None), "{optimizer}");
        let torchtune = file(&plan, Format::Torchtune).text;
        assert!(torchtune.contains("optimizer=torchao.optim.AdamW8bit"), "{torchtune}");
        for format in [Format::Torchtune, Format::Trl, Format::Axolotl] {
            assert!(says(&plan, format, "It is not paged"), "{format:?}");
        }
    }
    let lion = of("lion");
    assert_eq!(yaml(&file(&lion, Format::Accelerate).text)["distributed_type"], json!("DEEPSPEED"));
    assert_eq!(yaml(&file(&lion, Format::Axolotl).text)["deepspeed"], json!("deepspeed.json"));
    assert!(!Format::Torchtune.applies(&lion.0));
    assert!(left_out(&lion.0).contains(&(Format::Torchtune, Lack::Optimizer)));
}

#[test]
fn an_optimizer_that_deepspeed_replaces_is_named() {
    for (optimizer, name, own_file, trainer) in [
        ("adamw", "AdamW", false, false),
        ("lion", "Lion", false, false),
        ("sgd", "SGD", false, true),
        ("adafactor", "Adafactor", true, true),
    ] {
        let plan = tuned("llama-2-7b", json!({ "precision": "bf16-master", "offload": "optimizer", "optimizer": optimizer }), 1);
        let replaced = format!("its own Adam in place of {name}");
        assert_eq!(says(&plan, Format::Deepspeed, &replaced), own_file, "{optimizer}");
        assert_eq!(says(&plan, Format::Accelerate, &replaced), trainer, "{optimizer}");
        assert_eq!(says(&plan, Format::Trl, &replaced), trainer, "{optimizer}");
    }
}

#[test]
fn two_machines_are_told_how_to_meet() {
    let plan = tuned("llama-3.1-70b", json!({ "precision": "bf16-master", "parallel": { "sharding": "zero3" } }), 16);
    let accelerate = yaml(&file(&plan, Format::Accelerate).text);
    for (key, value) in
        [("num_processes", json!(16)), ("num_machines", json!(2)), ("machine_rank", json!(0)), ("main_process_port", json!(29_500))]
    {
        assert_eq!(accelerate[key], value, "{key}");
    }
    assert!(accelerate["main_process_ip"].is_string());
    let torchtune = command(&file(&plan, Format::Torchtune).text);
    assert_eq!(option(&torchtune, "--nnodes"), Some("2"));
    assert_eq!(option(&torchtune, "--nproc_per_node"), Some("8"));
    assert!(says(&plan, Format::LlamaFactory, "NNODES=2 NODE_RANK=0"));
    assert!(says(&plan, Format::Axolotl, "--launcher torchrun -- --nnodes 2 --nproc_per_node 8"));
    let one = tuned("llama-3.1-8b", json!({ "parallel": { "sharding": "zero3" } }), 8);
    let accelerate = yaml(&file(&one, Format::Accelerate).text);
    assert_eq!((&accelerate["num_machines"], accelerate.get("main_process_ip")), (&json!(1), None));
    assert_eq!(option(&command(&file(&one, Format::Torchtune).text), "--nnodes"), None);
}

#[test]
fn long_sequences_over_two_cards_each() {
    let plan = tuned("llama-3.1-8b", json!({ "parallel": { "sharding": "zero3", "context": 2 } }), 8);
    let words = command(&file(&plan, Format::Trl).text);
    // The trainer takes PyTorch's kernel and no packed examples there.
    assert_eq!(option(&words, "--attn_implementation"), Some("sdpa"));
    assert_eq!(option(&words, "--packing"), Some("False"));
    let mesh = &yaml(&file(&plan, Format::Accelerate).text)["parallelism_config"];
    assert_eq!(mesh["parallelism_config_dp_shard_size"], json!(4));
    assert_eq!(mesh["parallelism_config_cp_size"], json!(2));
    let axolotl = yaml(&file(&plan, Format::Axolotl).text);
    assert_eq!((&axolotl["context_parallel_size"], &axolotl["attn_implementation"]), (&json!(2), &json!("flash_attention_2")));
    // Others make replicas of the cards, and take half as many batches for the same step, where there are as many.
    let accumulated = |count: u32| {
        let recipe = json!({ "microBatch": 1, "parallel": { "sharding": "zero3", "context": 2 } });
        let plan = tuned("llama-3.1-8b", recipe, count);
        let batches = |format| yaml(&file(&plan, format).text)["gradient_accumulation_steps"].clone();
        (batches(Format::Axolotl), batches(Format::LlamaFactory), says(&plan, Format::LlamaFactory, "instead of 64"))
    };
    assert_eq!(accumulated(8), (json!(16), json!(8), false));
    let odd =
        json!({ "microBatch": 16, "checkpointing": "full", "loss": "chunked", "parallel": { "sharding": "zero3", "context": 2 } });
    assert!(says(&tuned("llama-3.1-8b", odd, 8), Format::LlamaFactory, "128 sequences instead of 64"));
    let zero: Value = serde_json::from_str(&file(&plan, Format::Deepspeed).text).unwrap();
    assert_eq!(zero.get("train_batch_size"), None, "DeepSpeed would refuse 64 for eight replicas");
    assert!(!says(&plan, Format::Trl, "instead of 64") && !says(&plan, Format::Accelerate, "instead of 64"));
}

#[test]
fn offload_and_what_has_no_name() {
    let plan = offloaded_7b();
    let zero: Value = serde_json::from_str(&file(&plan, Format::Deepspeed).text).unwrap();
    assert_eq!(zero["zero_optimization"]["offload_optimizer"]["device"], json!("cpu"));
    assert_eq!(zero["bf16"]["enabled"], json!(true));
    assert_eq!(zero["optimizer"]["params"]["momentum"], json!(0.9));
    let accelerate = yaml(&file(&plan, Format::Accelerate).text);
    assert_eq!(accelerate["deepspeed_config"]["offload_optimizer_device"], json!("cpu"));
    let trl = file(&plan, Format::Trl);
    assert!(trl.notes.iter().any(|note| note.contains("torch.optim.SGD(momentum=0.9)")), "{:?}", trl.notes);
}

#[test]
fn a_step_stays_where_a_model_is_not_cut() {
    let plan = plan(json!({
        "model": "llama-3.2-1b",
        "job": { "kind": "full-finetune", "sequenceLength": 4096, "globalBatch": 16 },
        "recipe": { "microBatch": 1, "parallel": { "tensor": 4, "context": 2, "sharding": "ddp" } },
        "rig": { "card": "h100-sxm", "count": 8 }
    }));
    let trl = file(&plan, Format::Trl).text;
    assert_eq!(option(&command(&trl), "--gradient_accumulation_steps"), Some("2"));
    assert!(trl.contains("2 instead of 16") && !trl.contains("128 sequences"), "{trl}");
    for format in [Format::Trl, Format::Accelerate, Format::Axolotl] {
        let text = file(&plan, format).text;
        let unset = text.lines().find(|line| line.contains("no setting")).unwrap_or_default();
        assert!(!unset.contains("ontext parallel"), "{text}");
        assert!(text.contains("FSDP2"), "{text}");
    }
}

#[test]
fn what_does_not_fit_says_so_first() {
    let large = tuned("llama-3.1-70b", json!({ "parallel": { "sharding": "zero3" } }), 2);
    for format in formats(&large.0) {
        let written = file(&large, format);
        let first = written.text.trim_start_matches("#!/bin/sh\n").lines().next().unwrap_or_default();
        let says = |text: &str| text.contains("does not fit") && text.contains("GiB");
        match (format.program(), written.language) {
            (None, _) => assert!(!says(first), "{format:?}"),
            (Some(_), "json") => {
                assert!(says(&written.notes[0]));
                serde_json::from_str::<Value>(&written.text).unwrap();
            }
            (Some(_), _) => assert!(says(first) && first.starts_with("# ") && says(&written.notes[0]), "{format:?}: {first}"),
        }
    }
    let small = tuned("llama-3.2-1b", json!({}), 1);
    assert!(
        formats(&small.0)
            .into_iter()
            .filter(|format| format.program().is_some())
            .all(|format| !file(&small, format).text.contains("does not fit"))
    );
}

/// Under Accelerate's FSDP2 every card would hold all of a model while Unsloth loads it.
#[test]
fn unsloth_shares_by_itself() {
    let run =
        |plan: &(Setup, Estimate)| file(plan, Format::Unsloth).notes.into_iter().find(|note| note.starts_with("Run: ")).unwrap();
    let fsdp = "Run: UNSLOTH_FSDP2=1 UNSLOTH_FSDP2_LAYOUT=sharded";
    let zero3 = json!({ "precision": "bf16-pure", "parallel": { "sharding": "zero3" } });
    let full = tuned("llama-3.1-70b", zero3.clone(), 32);
    let meeting = "--rdzv_id 1 --rdzv_backend c10d --rdzv_endpoint address-of-the-first-machine:29500";
    let started = format!("{fsdp} UNSLOTH_FSDP2_SHARDED_LOAD=1 torchrun --nnodes 4 --nproc_per_node 8 {meeting} train-unsloth.py");
    assert_eq!(run(&full), started);
    let zero2 = tuned("llama-3.2-1b", json!({ "precision": "bf16-pure", "parallel": { "sharding": "zero2" } }), 8);
    assert!(run(&zero2).contains(" UNSLOTH_FSDP2_RESHARD_AFTER_FORWARD=0 torchrun --nproc_per_node 8 "));
    // What is quantised while loading is not read in parts.
    let qlora = plan(json!({
        "model": "llama-3.1-70b",
        "job": { "kind": "qlora" },
        "recipe": { "weights": "nf4-double", "parallel": { "sharding": "zero3" } },
        "rig": { "card": "rtx-a6000", "count": 2 }
    }));
    assert_eq!(run(&qlora), format!("{fsdp} torchrun --nproc_per_node 2 train-unsloth.py"));
    // DeepSpeed is Accelerate's.
    let zero1 = tuned("llama-3.2-1b", json!({ "parallel": { "sharding": "zero1" } }), 8);
    assert!(run(&zero1).contains("accelerate launch"));
}
