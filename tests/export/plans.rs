//! Plans to export, and readers of what comes out.

use serde_json::{Value, json};
use std::sync::OnceLock;
use whichcard::catalog::Catalog;
use whichcard::estimate::{Estimate, estimate};
use whichcard::export::{Export, Format, export};
use whichcard::request::{Request, Setup, resolve};
use whichcard::text::Lang;

pub fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::from_json(include_str!("../../catalog.json")).unwrap())
}

pub fn plan(request: Value) -> (Setup, Estimate) {
    let request = Request::from_value(request).unwrap();
    (resolve(catalog(), &request).unwrap(), estimate(catalog(), &request).unwrap())
}

pub fn file(plan: &(Setup, Estimate), format: Format) -> Export {
    assert!(format.applies(&plan.0), "{format:?}");
    export(format, &plan.0, &plan.1, Lang::En, None)
}

/// Words of the only command in a script, without assignments of variables.
pub fn command(script: &str) -> Vec<String> {
    let words = shell_words::split(script).unwrap_or_else(|error| panic!("{error}: {script}"));
    words.into_iter().skip_while(|word| word.contains('=')).collect()
}

/// What follows an option.
pub fn option<'a>(words: &'a [String], name: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| word == name)?;
    words.get(at + 1).map(String::as_str)
}

pub fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Statements of a Python snippet: brackets balance, strings end where they began, and keyword arguments are `name=value,`.
pub fn python(text: &str) -> Vec<String> {
    let (mut open, mut statements, mut now) = (Vec::new(), Vec::new(), String::new());
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let mut quoted = false;
        let mut signs = line.chars();
        while let Some(sign) = signs.next() {
            match sign {
                '\\' if quoted => drop(signs.next()),
                '"' => quoted = !quoted,
                '(' | '[' | '{' if !quoted => open.push(sign),
                ')' | ']' | '}' if !quoted => {
                    let expected = match sign {
                        ')' => '(',
                        ']' => '[',
                        _ => '{',
                    };
                    assert_eq!(open.pop(), Some(expected), "{line}");
                }
                _ => {}
            }
        }
        assert!(!quoted, "a string goes beyond its line: {line}");
        now.push_str(line.trim());
        if open.is_empty() && !now.is_empty() {
            statements.push(std::mem::take(&mut now));
        }
    }
    assert!(open.is_empty() && now.is_empty(), "unfinished: {now}");
    statements
}

pub fn qlora_8b() -> (Setup, Estimate) {
    plan(json!({
        "model": "llama-3.1-8b",
        "job": { "kind": "qlora", "sequenceLength": 2048, "globalBatch": 16, "tokens": 3_276_800 },
        "recipe": { "weights": "nf4-double", "optimizer": "paged-adamw-8bit", "microBatch": 2, "lora": { "rank": 32, "dropout": 0.05 } },
        "rig": { "card": "rtx-4090" }
    }))
}

pub fn full_7b() -> (Setup, Estimate) {
    plan(json!({
        "model": "llama-2-7b",
        "job": { "kind": "full-finetune", "sequenceLength": 4096, "globalBatch": 64 },
        "recipe": { "precision": "bf16-autocast", "microBatch": 1, "parallel": { "sharding": "zero3" } },
        "rig": { "card": "a100-sxm-80gb", "count": 8 }
    }))
}

pub fn lora_3090() -> (Setup, Estimate) {
    plan(json!({
        "model": "qwen2.5-1.5b",
        "job": { "kind": "lora", "sequenceLength": 1024, "padded": true },
        "recipe": { "attention": "memory-efficient", "optimizer": "lion", "checkpointing": "none", "lora": { "targets": "attention-qv" } },
        "rig": { "card": "rtx-3090" }
    }))
}

pub fn gguf_8b() -> (Setup, Estimate) {
    plan(json!({
        "model": "llama-3.1-8b",
        "job": { "kind": "inference", "prompt": 3000, "output": 1096, "concurrency": 2 },
        "recipe": { "weights": "q4_k_m", "kvCache": "int8", "offload": "layers:10" },
        "rig": { "card": "rtx-3060-12gb" }
    }))
}

pub fn served_70b() -> (Setup, Estimate) {
    plan(json!({
        "model": "llama-3.1-70b",
        "job": { "kind": "inference", "prompt": 7000, "output": 1192, "concurrency": 32 },
        "recipe": { "stack": "vllm", "kvCache": "fp8", "parallel": { "tensor": 4 } },
        "rig": { "card": "a100-sxm-80gb", "count": 4 }
    }))
}

pub fn offloaded_7b() -> (Setup, Estimate) {
    plan(json!({
        "model": "mistral-7b-v0.3",
        "job": { "kind": "full-finetune", "globalBatch": 8 },
        "recipe": { "precision": "bf16-master", "offload": "optimizer", "optimizer": "sgd-momentum" },
        "rig": { "card": "rtx-4090" }
    }))
}

pub fn plans() -> Vec<(Setup, Estimate)> {
    let pretrain = plan(json!({ "model": "gpt2", "job": { "kind": "pretrain" }, "rig": { "card": "rtx-3090", "count": 2 } }));
    let image = plan(json!({ "model": "resnet-50", "job": { "kind": "pretrain" }, "rig": { "card": "rtx-3060-12gb" } }));
    vec![qlora_8b(), full_7b(), lora_3090(), gguf_8b(), served_70b(), offloaded_7b(), pretrain, image]
}

pub fn tuned(model: &str, recipe: Value, count: u32) -> (Setup, Estimate) {
    plan(json!({
        "model": model,
        "job": { "kind": "full-finetune", "sequenceLength": 4096, "globalBatch": 64 },
        "recipe": recipe,
        "rig": { "card": "h100-sxm", "count": count }
    }))
}

pub fn says(plan: &(Setup, Estimate), format: Format, part: &str) -> bool {
    file(plan, format).notes.iter().any(|note| note.contains(part))
}
