//! A file runs in the memory that was promised, or there is none.

use super::plans::*;
use serde_json::{Value, json};
use whichcard::estimate::{Estimate, Verdict};
use whichcard::export::{Format, Lack, export, formats, left_out, runs_instead};
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

/// torchtune steps inside the backward pass, and a script of TRL; Megatron-LM would keep FP32 copies and states besides.
#[test]
fn all_weights_on_24_gb_have_files_that_step_inside_the_backward_pass() {
    for (model, config) in [
        ("llama-2-7b", "llama2/7B_full_low_memory"),
        ("mistral-7b-v0.1", "mistral/7B_full_low_memory"),
        ("llama-3-8b", "llama3/8B_full_single_device"),
    ] {
        let plan = on_24_gb(model);
        assert_ne!(plan.1.memory.verdict, Verdict::DoesNotFit, "{model}");
        let offered: Vec<Format> = formats(&plan.0).into_iter().filter(|format| format.program().is_some()).collect();
        assert_eq!(offered, [Format::Trl, Format::Torchtune], "{model}");
        let text = file(&plan, Format::Torchtune).text;
        assert!(text.contains(&format!("full_finetune_single_device --config {config} ")), "{text}");
        let words = shell_words::split(&text).unwrap();
        for word in ["optimizer_in_bwd=True", "optimizer=bitsandbytes.optim.PagedAdamW8bit", "gradient_accumulation_steps=1"] {
            assert!(words.iter().any(|own| own == word), "{word}: {text}");
        }
        let mut lacks = [Format::LlamaFactory, Format::Axolotl, Format::Unsloth].map(|it| (it, Lack::Memory)).to_vec();
        if model.starts_with("llama") {
            // Windows of attention are not among its arguments here.
            lacks.push((Format::Megatron, Lack::Memory));
        }
        assert_eq!(left_out(&plan.0), lacks, "{model}");
    }
}

/// Its Trainer takes a class for an optimizer that steps for each weight as soon as its gradient is there.
#[test]
fn a_model_that_torchtune_does_not_know_steps_inside_the_backward_pass_too() {
    let plan = on_24_gb("mistral-7b-v0.3");
    assert!(!Format::Torchtune.applies(&plan.0));
    let written = file(&plan, Format::Trl);
    assert_eq!((written.file_name, written.language, written.media_type()), ("train-trl.py", "python", "text/x-python"));
    let statements = python(&written.text);
    let has = |line: &str| statements.iter().any(|own| own.contains(line));
    for line in [
        "from bitsandbytes.optim import PagedAdamW8bit",
        "self.own = {weight: PagedAdamW8bit([weight], lr=lr, weight_decay=0.0) for weight in weights}",
        "weight.register_post_accumulate_grad_hook(self.update)",
        "optimizers=(StepsInBackward(model, lr=0.00002), None),",
        "gradient_accumulation_steps=1,",
        "max_grad_norm=0.0,",
        "dtype=torch.bfloat16,",
    ] {
        assert!(has(line), "{line}: {}", written.text);
    }
    assert!(!has("optim=") && !has("peft") && !written.notes.iter().any(|note| note.contains("no setting")), "{}", written.text);
    assert_eq!(runs_instead(Lang::En, &plan.0), None, "it is the software it was estimated for");
}

/// Steps for parts of a batch are no steps of the whole, cards would step before they have added up their gradients, and a scale of the
/// loss is found to be too large only afterwards.
#[test]
fn weights_that_cannot_step_one_by_one_step_together() {
    let tuned = |recipe: Value, batch: u64, count: u32| {
        let (setup, estimate) = plan(json!({
            "model": "llama-3.2-1b",
            "job": { "kind": "full-finetune", "globalBatch": batch },
            "recipe": recipe,
            "rig": { "card": "h100-sxm", "count": count }
        }));
        export(Format::Trl, &setup, &estimate, Lang::En, None).text
    };
    let of = |optimizer: &str, precision: &str| json!({ "optimizer": optimizer, "optimizerKernel": "in-backward", "precision": precision, "microBatch": 2 });
    for optimizer in ["adamw", "adamw-8bit", "paged-adamw-8bit", "adafactor", "sgd", "sgd-momentum", "lion"] {
        assert!(tuned(of(optimizer, "bf16-autocast"), 2, 1).contains("StepsInBackward"), "{optimizer}");
    }
    for together in [
        tuned(of("adamw", "bf16-autocast"), 4, 1),
        tuned(of("adamw", "bf16-autocast"), 4, 2),
        tuned(of("adamw", "fp16-autocast"), 2, 1),
        tuned(of("muon", "bf16-autocast"), 2, 1),
    ] {
        assert!(together.contains("trl sft") && together.contains("Weights change: during the backward pass"), "{together}");
    }
}

/// Encoders are trained by a script anyway.
#[test]
fn an_encoder_steps_inside_the_backward_pass() {
    let plan = plan(json!({
        "model": "bert-large",
        "job": { "kind": "full-finetune", "globalBatch": 8 },
        "recipe": { "optimizer": "adamw", "optimizerKernel": "in-backward", "microBatch": 8 },
        "rig": { "card": "rtx-3060-12gb" }
    }));
    let text = file(&plan, Format::Transformers).text;
    assert!(text.contains("from torch.optim import AdamW\n") && text.contains("optimizers=(StepsInBackward(model, lr="), "{text}");
    assert!(text.contains("data_collator=") && !text.contains("optim="), "{text}");
}

#[test]
fn software_that_runs_its_own_plans_is_called_so() {
    let (setup, _) = plan(json!({ "model": "llama-3-8b", "job": { "kind": "qlora" }, "rig": { "card": "rtx-3090" } }));
    assert_eq!(runs_instead(Lang::En, &setup), None);
}

#[test]
fn a_file_that_would_take_too_much_says_how_much() {
    let (setup, _) = on_24_gb("llama-3-8b");
    let axolotl = Lack::Memory.say(Lang::En, Format::Axolotl, &setup);
    assert!(axolotl.contains("Axolotl") && axolotl.contains("Weights change: ") && axolotl.contains("of 23."), "{axolotl}");
    let needs = |format| {
        let said = Lack::Memory.say(Lang::En, format, &setup);
        said.split("needs ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse::<f64>().unwrap()
    };
    // Gradients in BF16 all at once, 15 GiB more; FP32 copies, gradients and Adam's states, 16 bytes a weight.
    assert!((29.0..36.0).contains(&needs(Format::Axolotl)), "{axolotl}");
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
