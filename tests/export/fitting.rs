//! A file runs in the memory that was promised, or there is none.

use super::plans::*;
use serde_json::{Value, json};
use whichcard::estimate::{Estimate, Verdict};
use whichcard::export::{Format, Lack, export, formats, left_out, recipe, runs_instead};
use whichcard::request::Setup;
use whichcard::text::Lang;

/// All weights of a model on one card of 24 GB: in BF16 alone, with an 8-bit optimizer that steps inside the backward pass.
fn on_24_gb(model: &str) -> (Setup, Estimate) {
    plan(json!({
        "model": model,
        "job": { "kind": "full-finetune", "globalBatch": 2, "sequenceLength": 2048 },
        "recipe": { "precision": "bf16-pure", "optimizer": "paged-adamw-8bit", "optimizerKernel": "in-backward", "microBatch": 2,
            "checkpointing": "full", "attention": "flash", "loss": "chunked" },
        "rig": { "card": "rtx-3090" }
    }))
}

/// Only torchtune steps inside the backward pass; Megatron-LM would keep FP32 copies and states besides.
#[test]
fn all_weights_on_24_gb_are_torchtunes() {
    for (model, config) in [
        ("llama-2-7b", "llama2/7B_full_low_memory"),
        ("mistral-7b-v0.1", "mistral/7B_full_low_memory"),
        ("llama-3-8b", "llama3/8B_full_single_device"),
    ] {
        let plan = on_24_gb(model);
        assert_ne!(plan.1.memory.verdict, Verdict::DoesNotFit, "{model}");
        let offered: Vec<Format> = formats(&plan.0).into_iter().filter(|format| format.program().is_some()).collect();
        assert_eq!(offered, [Format::Torchtune], "{model}");
        let text = file(&plan, Format::Torchtune).text;
        assert!(text.contains(&format!("full_finetune_single_device --config {config} ")), "{text}");
        let words = shell_words::split(&text).unwrap();
        for word in ["optimizer_in_bwd=True", "optimizer=bitsandbytes.optim.PagedAdamW8bit", "gradient_accumulation_steps=1"] {
            assert!(words.iter().any(|own| own == word), "{word}: {text}");
        }
        let mut lacks = [Format::Trl, Format::LlamaFactory, Format::Axolotl, Format::Unsloth].map(|it| (it, Lack::Memory)).to_vec();
        if model.starts_with("llama") {
            // Windows of attention are not among its arguments here.
            lacks.push((Format::Megatron, Lack::Memory));
        }
        assert_eq!(left_out(&plan.0), lacks, "{model}");
        // What is called the software of a recipe is what runs it.
        let software = recipe(Lang::En, &plan.0).into_iter().find(|(label, _)| *label == "app.field.stack");
        assert_eq!(software.map(|(_, name)| name).as_deref(), Some("torchtune"), "{model}");
    }
}

#[test]
fn software_that_runs_its_own_plans_is_called_so() {
    let (setup, _) = plan(json!({ "model": "llama-3-8b", "job": { "kind": "qlora" }, "rig": { "card": "rtx-3090" } }));
    assert_eq!(runs_instead(Lang::En, &setup), None);
}

#[test]
fn a_file_that_would_take_too_much_says_how_much() {
    let (setup, _) = on_24_gb("llama-3-8b");
    let trl = Lack::Memory.say(Lang::En, Format::Trl, &setup);
    assert!(trl.contains("TRL") && trl.contains("Weights change: ") && trl.contains("of 23."), "{trl}");
    let needs = |format| {
        let said = Lack::Memory.say(Lang::En, format, &setup);
        said.split("needs ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse::<f64>().unwrap()
    };
    // Gradients in BF16 all at once, 15 GiB more; FP32 copies, gradients and Adam's states, 16 bytes a weight.
    assert!((29.0..36.0).contains(&needs(Format::Trl)), "{trl}");
    assert!(needs(Format::Megatron) > 8.0e9 * 16.0 / 1_073_741_824.0);
    let chinese = Lack::Memory.say(Lang::ZhCn, Format::Megatron, &setup);
    assert!(chinese.contains("Megatron") && !chinese.contains("%{") && !chinese.contains("recipe."), "{chinese}");
}

/// DeepSpeed would keep FP32 copies of 70 billion weights; FSDP2 keeps BF16 alone, with torchao's optimizer.
#[test]
fn bf16_alone_on_eight_cards_is_not_for_deepspeed() {
    let recipe = json!({ "precision": "bf16-pure", "optimizer": "adamw-8bit", "optimizerKernel": "fused", "microBatch": 2,
        "checkpointing": "full", "attention": "flash", "loss": "chunked", "parallel": { "sharding": "zero3" } });
    let plan = plan(json!({
        "model": "llama-3-70b",
        "job": { "kind": "full-finetune", "globalBatch": 16, "sequenceLength": 2048 },
        "recipe": recipe,
        "rig": { "card": "h100-sxm", "count": 8 }
    }));
    assert_ne!(plan.1.memory.verdict, Verdict::DoesNotFit);
    assert!(!Format::Deepspeed.applies(&plan.0));
    for format in [Format::Trl, Format::Axolotl, Format::LlamaFactory, Format::Accelerate] {
        let text = file(&plan, format).text;
        assert!(!text.contains("deepspeed.json") && !text.contains("FP32 copies"), "{text}");
    }
    let axolotl = yaml(&file(&plan, Format::Axolotl).text);
    assert_eq!((&axolotl["optimizer"], &axolotl["bfloat16"]), (&json!("adamw_torch_8bit"), &json!(true)));
}

/// Where the plan itself has no room, files stay, with their warning.
#[test]
fn a_plan_that_does_not_fit_keeps_its_files() {
    let plan = tuned("llama-3.1-70b", json!({ "precision": "bf16-pure", "optimizerKernel": "in-backward" }), 1);
    assert_eq!(plan.1.memory.verdict, Verdict::DoesNotFit);
    for format in [Format::Trl, Format::Axolotl, Format::Megatron] {
        assert!(file(&plan, format).text.contains("does not fit"), "{format:?}");
    }
}

/// transformers trains gpt-oss with eager attention alone, which holds every score.
#[test]
fn attention_sinks_are_trained_eagerly() {
    let tuned = |card: &str, length: u64, batch: u64| {
        plan(json!({ "model": "gpt-oss-20b", "job": { "kind": "lora", "sequenceLength": length, "globalBatch": batch },
            "recipe": { "weights": "bf16", "attention": "flash", "microBatch": batch, "checkpointing": "full", "loss": "chunked" },
            "rig": { "card": card } }))
    };
    let short = tuned("h100-sxm", 1024, 1);
    let words = command(&file(&short, Format::Trl).text);
    assert_eq!((option(&words, "--attn_implementation"), option(&words, "--packing_strategy")), (Some("eager"), Some("wrapped")));
    assert_eq!(yaml(&file(&short, Format::Axolotl).text)["attn_implementation"], json!("eager"));
    assert!(file(&short, Format::Peft).text.contains("attn_implementation=\"eager\","));
    for format in [Format::Trl, Format::Axolotl] {
        assert!(says(&short, format, "attention sinks") && !says(&short, format, "use sdpa"), "{format:?}");
    }
    assert!(left_out(&short.0).contains(&(Format::LlamaFactory, Lack::Attention)));
    let long = tuned("h100-sxm", 16_384, 1);
    assert_ne!(long.1.memory.verdict, Verdict::DoesNotFit);
    assert!(left_out(&long.0).contains(&(Format::Trl, Lack::Memory)), "{:?}", left_out(&long.0));
    assert!(Format::Unsloth.applies(&long.0), "it has attention of its own");
    assert!(Lack::Memory.say(Lang::En, Format::Trl, &long.0).contains("Attention kernel: "));
}

/// What people usually take for a job either has a file or a reason.
#[test]
fn no_usual_program_is_missing_without_a_reason() {
    let usual = [Format::Trl, Format::LlamaFactory, Format::Axolotl, Format::Unsloth, Format::Torchtune];
    for model in ["llama-2-7b", "qwen3-8b", "qwen3-30b-a3b", "gpt-oss-20b", "deepseek-r1", "gemma-3-27b"] {
        for (kind, recipe) in [
            ("qlora", json!({})),
            ("lora", json!({ "precision": "fp16-autocast" })),
            ("full-finetune", json!({ "optimizer": "lion" })),
            ("full-finetune", json!({ "precision": "bf16-pure", "optimizerKernel": "in-backward" })),
        ] {
            for count in [1, 2] {
                let recipe: Value = recipe.clone();
                let rig = json!({ "card": "rtx-4090", "count": count });
                let (setup, estimate) = plan(json!({ "model": model, "job": { "kind": kind }, "recipe": recipe, "rig": rig }));
                let lacking = left_out(&setup);
                for format in usual {
                    let why = lacking.iter().find(|(missing, _)| *missing == format);
                    assert_ne!(format.applies(&setup), why.is_some(), "{model} {kind} {count}: {format:?} {lacking:?}");
                    if let Some((_, lack)) = why {
                        let said = Lang::ALL.iter().map(|lang| lack.say(*lang, format, &setup));
                        assert!(said.into_iter().all(|said| !said.contains("%{") && !said.contains("left-out")), "{lack:?}");
                    } else {
                        assert!(!export(format, &setup, &estimate, Lang::En, None).text.is_empty());
                    }
                }
            }
        }
    }
}

/// They say how cards share a training; where no file of one is left, nothing reads them.
#[test]
fn no_file_stands_beside_trainings_that_there_are_none_of() {
    let sharing = [Format::Accelerate, Format::Deepspeed];
    let training = [Format::Trl, Format::LlamaFactory, Format::Axolotl, Format::Unsloth];
    let plans: Vec<(Setup, Estimate)> = (1..=12)
        .map(|batch| {
            plan(json!({
                "model": "llama-2-7b",
                "job": { "kind": "full-finetune", "globalBatch": 2 * batch, "sequenceLength": 2048 },
                "recipe": { "precision": "bf16-pure", "optimizer": "paged-adamw-8bit", "optimizerKernel": "in-backward",
                    "microBatch": batch, "checkpointing": "full", "attention": "flash", "loss": "chunked",
                    "parallel": { "sharding": "zero3" } },
                "rig": { "card": "rtx-3090", "count": 2 }
            }))
        })
        .filter(|plan| plan.1.memory.verdict != Verdict::DoesNotFit)
        .collect();
    let without = |plan: &&(Setup, Estimate)| !training.iter().any(|format| format.applies(&plan.0));
    assert!(plans.iter().any(|plan| without(&plan)), "gradients that are kept take more than a card has left");
    for plan in plans.iter().filter(without) {
        assert!(!formats(&plan.0).iter().any(|format| sharing.contains(format)), "{:?}", formats(&plan.0));
    }
    assert!(sharing.iter().all(|format| format.applies(&full_7b().0)));
}
