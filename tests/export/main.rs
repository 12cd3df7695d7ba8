//! Exported files parse in their own languages, hold the plan's values, and keep hostile names harmless.

mod fitting;
mod lengths;
mod loading;
mod others;
mod plans;
mod reports;
mod runnable;
mod saving;
mod scripts;
mod serving;
mod sharing;
mod training;

use plans::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;
use whichcard::estimate::{Estimate, evaluate};
use whichcard::export::{Format, export, formats};
use whichcard::request::{Keyword, Request, Setup, resolve};
use whichcard::text::Lang;
use whichcard::wording;

#[test]
fn the_formats_offered_are_those_of_the_job_and_its_software_comes_first() {
    let names = |plan: &(Setup, Estimate)| formats(&plan.0).iter().map(|format| format.name()).collect::<Vec<_>>();
    assert_eq!(names(&qlora_8b()), ["trl", "peft", "llama-factory", "axolotl", "unsloth", "torchtune", "markdown", "csv", "json"]);
    assert_eq!(names(&gguf_8b()), ["llama.cpp", "ollama", "markdown", "csv", "json"]);
    assert_eq!(names(&served_70b()), ["vllm", "llama.cpp", "ollama", "markdown", "csv", "json"]);
    assert!(names(&full_7b()).contains(&"deepspeed") && names(&full_7b()).contains(&"accelerate"));
    assert!(!names(&full_7b()).contains(&"peft"));
}

/// A plan with one field of the request written differently.
fn changed(request: &Value, pointer: &str, value: Value) -> (Setup, Estimate) {
    let mut request = request.clone();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    request.pointer_mut(parent).unwrap()[field] = value;
    plan(request)
}

#[test]
fn every_choice_of_a_training_shows_in_every_file() {
    let request = json!({
        "model": "llama-3.1-8b",
        "job": { "kind": "qlora", "sequenceLength": 2048, "globalBatch": 16, "tokens": 3_276_800 },
        "recipe": { "weights": "nf4-double", "optimizer": "adamw", "microBatch": 2, "lora": {} },
        "rig": { "card": "rtx-4090" }
    });
    let base = plan(request.clone());
    for (pointer, value) in [
        ("/recipe/precision", json!("fp32")),
        ("/recipe/optimizer", json!("adafactor")),
        ("/recipe/optimizerKernel", json!("foreach")),
        ("/recipe/microBatch", json!(4)),
        ("/recipe/checkpointing", json!("selective")),
        ("/recipe/checkpointing", json!("host")),
        ("/recipe/attention", json!("eager")),
        ("/recipe/loss", json!("chunked")),
        ("/recipe/lora/rank", json!(64)),
        ("/recipe/lora/targets", json!("attention-qv")),
        ("/recipe/lora/dropout", json!(0.1)),
        ("/recipe/lora/fp32Adapters", json!(false)),
        ("/recipe/lora/upcast", json!(true)),
        ("/recipe/lora/trainEmbeddings", json!(true)),
        ("/recipe/weights", json!("nf4")),
        ("/recipe/offload", json!("layers:3")),
        ("/job/sequenceLength", json!(4096)),
        ("/job/padded", json!(true)),
        ("/job/tokens", json!(9_999_999)),
    ] {
        let other = changed(&request, pointer, value);
        for format in formats(&base.0) {
            assert_ne!(file(&base, format).text, file(&other, format).text, "{pointer} in {format:?}");
        }
    }
}

#[test]
fn every_choice_of_serving_shows_in_every_file() {
    for (weights, stack) in [("q4_k_m", "llama.cpp"), ("bf16", "vllm")] {
        let request = json!({
            "model": "llama-3.1-8b",
            "job": { "kind": "inference", "prompt": 1000, "output": 500, "concurrency": 4 },
            "recipe": { "weights": weights, "stack": stack },
            "rig": { "card": "rtx-4090" }
        });
        let base = plan(request.clone());
        for (pointer, value) in [
            ("/recipe/kvCache", json!("q4")),
            ("/recipe/attention", json!("eager")),
            ("/recipe/offload", json!("layers:3")),
            ("/job/prompt", json!(2000)),
            ("/job/output", json!(600)),
            ("/job/concurrency", json!(8)),
        ] {
            let other = changed(&request, pointer, value);
            for format in formats(&base.0) {
                assert_ne!(file(&base, format).text, file(&other, format).text, "{pointer} in {format:?}");
            }
        }
    }
}

#[test]
fn a_file_speaks_of_its_own_job_alone() {
    let training = ["Optimizer", "LoRA", "Checkpointing", "Micro-batch", "Accumulation", "Sequence length"];
    let serving = ["KV cache", "Prompt tokens", "Requests at once"];
    for (plan, foreign) in [(gguf_8b(), &training[..]), (served_70b(), &training), (lora_3090(), &serving)] {
        for format in formats(&plan.0).into_iter().filter(|format| format.program().is_some()) {
            let notes = file(&plan, format).notes.join("\n");
            let strange: Vec<_> = foreign.iter().filter(|word| notes.contains(**word)).collect();
            assert!(strange.is_empty(), "{format:?} speaks of {strange:?}: {notes}");
        }
    }
}

#[test]
fn what_a_program_has_no_place_for_is_named_as_in_the_form() {
    let plan = plan(json!({
        "model": "llama-3.1-8b",
        "job": { "kind": "full-finetune" },
        "recipe": { "optimizerKernel": "in-backward", "optimizer": "adamw" },
        "rig": { "card": "rtx-4090" }
    }));
    let said = |lang| export(Format::Axolotl, &plan.0, &plan.1, lang, None).text;
    assert!(said(Lang::En).contains("Weights change: during the backward pass"), "{}", said(Lang::En));
    let chinese = said(Lang::ZhCn);
    assert!(chinese.contains("反向传播途中") && !chinese.contains("recipe."), "{chinese}");
}

#[test]
fn a_described_model_reads_back_as_it_was_described() {
    let config = json!({
        "model_type": "llama", "hidden_size": 2048, "intermediate_size": 5632, "num_hidden_layers": 22, "num_attention_heads": 32,
        "num_key_value_heads": 4, "vocab_size": 32000, "max_position_embeddings": 2048
    });
    let plan = plan(json!({ "model": { "hfConfig": config }, "job": { "kind": "lora" }, "rig": { "card": "rtx-3090" } }));
    let document: Value = serde_json::from_str(&file(&plan, Format::Json).text).unwrap();
    assert_eq!(document["request"]["model"]["hfConfig"], config);
    let again = resolve(catalog(), &Request::from_value(document["request"].clone()).unwrap()).unwrap();
    assert_eq!(again.model, plan.0.model);
    // Plans of different models stand one below the other.
    let csv = file(&plan, Format::Csv).text;
    assert!(csv.contains(",request.model.parametersB,") && !csv.contains("hidden_size"), "{csv}");
}

#[test]
fn reports_hold_the_answer_and_the_request_reads_back() {
    for plan in plans() {
        let document: Value = serde_json::from_str(&file(&plan, Format::Json).text).unwrap();
        // Reading a decimal may be off by the last bit.
        let near = |read: f64| (read / plan.1.memory.total.get() - 1.0).abs() < 1e-12;
        assert!(near(document["answer"]["memory"]["total"].as_f64().unwrap()));
        let again = resolve(catalog(), &Request::from_value(document["request"].clone()).unwrap()).unwrap();
        assert_eq!(again.recipe, plan.0.recipe);
        assert!(near(evaluate(&again).memory.total.get()));
        let csv = file(&plan, Format::Csv).text;
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let names = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 1, "a plan is a row");
        let cell = |name: &str| &rows[0][names.iter().position(|own| own == name).unwrap_or_else(|| panic!("{name}: {names:?}"))];
        assert!(near(cell("answer.memory.total (bytes)").parse().unwrap()));
        assert_eq!(cell("answer.time.total (s)").parse::<f64>().unwrap(), plan.1.time.total.get());
        assert_eq!(cell("request.rig.count").parse::<f64>().unwrap(), f64::from(plan.0.rig.count));
        for (name, value) in names.iter().zip(&rows[0]).filter(|(name, value)| name.contains(" (") && !value.is_empty()) {
            assert!(value.parse::<f64>().is_ok_and(f64::is_finite), "{name}: {value}");
        }
        for (name, date) in names.iter().zip(&rows[0]).filter(|(name, date)| name.ends_with(".date") && !date.is_empty()) {
            let parts: Vec<&str> = date.split('-').collect();
            let digits = |part: &&str| part.chars().all(|sign| sign.is_ascii_digit());
            assert!(parts[0].len() == 4 && parts.len() <= 3 && parts.iter().all(digits), "{name}: {date}");
        }
        let report = file(&plan, Format::Markdown).text;
        let needed = format!("| **Needed** | **{}** | |", wording::memory(plan.1.memory.total));
        assert!(report.contains(&needed), "{needed} is not in {report}");
    }
}

#[test]
fn every_sentence_is_known_in_every_language() {
    for plan in plans() {
        for format in formats(&plan.0) {
            for lang in Lang::ALL {
                let text = export(format, &plan.0, &plan.1, *lang, None).text;
                assert!(!text.contains("export.note.") && !text.contains("export.report."), "{format:?} {}: {text}", lang.tag());
                assert!(!text.contains("%{"), "{format:?} {}: {text}", lang.tag());
            }
        }
    }
}

fn named(plan: (Setup, Estimate), name: &str) -> (Setup, Estimate) {
    let (mut setup, estimate) = plan;
    let mut model = (*setup.model).clone();
    name.clone_into(&mut model.name);
    setup.model = Arc::new(model);
    let mut card = (*setup.rig.card).clone();
    name.clone_into(&mut card.name);
    setup.rig.card = Arc::new(card);
    (setup, estimate)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn names_cannot_break_out(name in prop_oneof![any::<String>(), "[\"'`$();&|\\\\\n\r\t#{}:,=@ -]{0,24}"]) {
        // The first word is the one assignment of a variable, whatever the name holds.
        for (make, format, head) in [
            (qlora_8b as fn() -> (Setup, Estimate), Format::Trl, "trl"),
            (qlora_8b, Format::Torchtune, "tune"),
            (gguf_8b, Format::LlamaCpp, "llama-server"),
            (served_70b, Format::Vllm, "vllm"),
        ] {
            let plain = shell_words::split(&file(&make(), format).text).unwrap();
            let hostile = shell_words::split(&file(&named(make(), &name), format).text).unwrap();
            prop_assert_eq!(&plain[1..], &hostile[1..], "{:?}", head);
        }
        for format in [Format::LlamaFactory, Format::Axolotl] {
            let plain = yaml(&file(&qlora_8b(), format).text);
            let hostile = yaml(&file(&named(qlora_8b(), &name), format).text);
            let key = if format == Format::Axolotl { "base_model" } else { "model_name_or_path" };
            let others = |document: &Value| {
                let mut fields = document.as_object().unwrap().clone();
                fields.remove(key).unwrap();
                fields
            };
            prop_assert_eq!(others(&plain), others(&hostile));
        }
        for format in [Format::Peft, Format::Unsloth] {
            let plain = python(&file(&qlora_8b(), format).text);
            let hostile = python(&file(&named(qlora_8b(), &name), format).text);
            prop_assert_eq!(plain.len(), hostile.len());
            let differ: Vec<_> = plain.iter().zip(&hostile).filter(|(a, b)| a != b).collect();
            prop_assert!(differ.iter().all(|(_, statement)| statement.starts_with("MODEL = \"")));
        }
        let modelfile = |text: &str| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(modelfile(&file(&gguf_8b(), Format::Ollama).text), modelfile(&file(&named(gguf_8b(), &name), Format::Ollama).text));
        let report = |plan: &(Setup, Estimate)| file(plan, Format::Markdown).text.lines().count();
        prop_assert_eq!(report(&qlora_8b()), report(&named(qlora_8b(), &name)));
    }
}
