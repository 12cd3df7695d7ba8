//! Exported files parse in their own languages, hold the plan's values, and keep hostile names harmless.

use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};
use whichcard::catalog::Catalog;
use whichcard::estimate::{Estimate, estimate, evaluate};
use whichcard::export::{Export, Format, export, formats};
use whichcard::request::{Keyword, Request, Setup, resolve};
use whichcard::text::Lang;

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::from_json(include_str!("../catalog.json")).unwrap())
}

fn plan(request: Value) -> (Setup, Estimate) {
    let request = Request::from_value(request).unwrap();
    (resolve(catalog(), &request).unwrap(), estimate(catalog(), &request).unwrap())
}

fn file(plan: &(Setup, Estimate), format: Format) -> Export {
    assert!(format.applies(&plan.0), "{format:?}");
    export(format, &plan.0, &plan.1, Lang::En)
}

/// Words of the only command in a script, without assignments of variables.
fn command(script: &str) -> Vec<String> {
    let words = shell_words::split(script).unwrap_or_else(|error| panic!("{error}: {script}"));
    words.into_iter().skip_while(|word| word.contains('=')).collect()
}

/// What follows an option.
fn option<'a>(words: &'a [String], name: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| word == name)?;
    words.get(at + 1).map(String::as_str)
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Statements of a Python snippet: brackets balance, strings end where they began, and keyword arguments are `name=value,`.
fn python(text: &str) -> Vec<String> {
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

fn qlora_8b() -> (Setup, Estimate) {
    plan(json!({
        "model": "llama-3.1-8b",
        "job": { "kind": "qlora", "sequenceLength": 2048, "globalBatch": 16, "tokens": 3_276_800 },
        "recipe": { "weights": "nf4-double", "optimizer": "paged-adamw-8bit", "microBatch": 2, "lora": { "rank": 32, "dropout": 0.05 } },
        "rig": { "card": "rtx-4090" }
    }))
}

fn full_7b() -> (Setup, Estimate) {
    plan(json!({
        "model": "llama-2-7b",
        "job": { "kind": "full-finetune", "sequenceLength": 4096, "globalBatch": 64 },
        "recipe": { "precision": "bf16-autocast", "microBatch": 1, "parallel": { "sharding": "zero3" } },
        "rig": { "card": "a100-sxm-80gb", "count": 8 }
    }))
}

fn lora_3090() -> (Setup, Estimate) {
    plan(json!({
        "model": "qwen2.5-1.5b",
        "job": { "kind": "lora", "sequenceLength": 1024, "padded": true },
        "recipe": { "attention": "memory-efficient", "optimizer": "lion", "checkpointing": "none", "lora": { "targets": "attention-qv" } },
        "rig": { "card": "rtx-3090" }
    }))
}

fn gguf_8b() -> (Setup, Estimate) {
    plan(json!({
        "model": "llama-3.1-8b",
        "job": { "kind": "inference", "prompt": 3000, "output": 1096, "concurrency": 2 },
        "recipe": { "weights": "q4_k_m", "kvCache": "int8", "offload": "layers:10" },
        "rig": { "card": "rtx-3060-12gb" }
    }))
}

fn served_70b() -> (Setup, Estimate) {
    plan(json!({
        "model": "llama-3.1-70b",
        "job": { "kind": "inference", "prompt": 7000, "output": 1192, "concurrency": 32 },
        "recipe": { "stack": "vllm", "kvCache": "fp8", "parallel": { "tensor": 4 } },
        "rig": { "card": "a100-sxm-80gb", "count": 4 }
    }))
}

fn offloaded_7b() -> (Setup, Estimate) {
    plan(json!({
        "model": "mistral-7b-v0.3",
        "job": { "kind": "full-finetune", "globalBatch": 8 },
        "recipe": { "precision": "bf16-master", "offload": "optimizer", "optimizer": "sgd-momentum" },
        "rig": { "card": "rtx-4090" }
    }))
}

fn plans() -> Vec<(Setup, Estimate)> {
    let pretrain = plan(json!({ "model": "gpt2", "job": { "kind": "pretrain" }, "rig": { "card": "rtx-3090", "count": 2 } }));
    let image = plan(json!({ "model": "resnet-50", "job": { "kind": "pretrain" }, "rig": { "card": "rtx-3060-12gb" } }));
    vec![qlora_8b(), full_7b(), lora_3090(), gguf_8b(), served_70b(), offloaded_7b(), pretrain, image]
}

#[test]
fn the_formats_offered_are_those_of_the_job_and_its_software_comes_first() {
    let names = |plan: &(Setup, Estimate)| formats(&plan.0).iter().map(|format| format.name()).collect::<Vec<_>>();
    assert_eq!(names(&qlora_8b()), ["trl", "peft", "llama-factory", "axolotl", "unsloth", "torchtune", "markdown", "csv", "json"]);
    assert_eq!(names(&gguf_8b()), ["llama.cpp", "ollama", "markdown", "csv", "json"]);
    assert_eq!(names(&served_70b()), ["vllm", "llama.cpp", "ollama", "markdown", "csv", "json"]);
    assert!(names(&full_7b()).contains(&"deepspeed") && names(&full_7b()).contains(&"accelerate"));
    assert!(!names(&full_7b()).contains(&"peft"));
}

#[test]
fn trl_command_of_a_qlora() {
    let words = command(&file(&qlora_8b(), Format::Trl).text);
    assert_eq!(words[..2], ["trl", "sft"]);
    for (name, value) in [
        ("--model_name_or_path", "$MODEL"),
        ("--dtype", "bfloat16"),
        ("--bf16", "True"),
        ("--attn_implementation", "flash_attention_2"),
        ("--per_device_train_batch_size", "2"),
        ("--gradient_accumulation_steps", "8"),
        ("--max_steps", "100"),
        ("--optim", "paged_adamw_8bit"),
        ("--gradient_checkpointing", "True"),
        ("--max_length", "2048"),
        ("--packing", "True"),
        ("--lora_r", "32"),
        ("--lora_dropout", "0.05"),
        ("--lora_target_modules", "all-linear"),
        ("--bnb_4bit_quant_type", "nf4"),
        ("--use_bnb_nested_quant", "True"),
        ("--loss_type", "nll"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}");
    }
    assert!(words.contains(&"--load_in_4bit".to_owned()));
    assert_eq!(option(&words, "--accelerate_config"), None);
}

#[test]
fn trl_command_of_a_lora_with_padding() {
    let words = command(&file(&lora_3090(), Format::Trl).text);
    assert_eq!(option(&words, "--attn_implementation"), Some("sdpa"));
    assert_eq!(option(&words, "--optim"), Some("lion_32bit"));
    assert_eq!(option(&words, "--packing"), Some("False"));
    assert_eq!(option(&words, "--gradient_checkpointing"), Some("False"));
    let at = words.iter().position(|word| word == "--lora_target_modules").unwrap();
    assert_eq!(words[at + 1..=at + 2], ["q_proj", "v_proj"]);
    assert!(!words.contains(&"--load_in_4bit".to_owned()));
}

#[test]
fn python_snippets_of_a_qlora() {
    let peft = python(&file(&qlora_8b(), Format::Peft).text);
    let statement = |head: &str, of: &[String]| of.iter().find(|text| text.starts_with(head)).cloned().unwrap_or_default();
    let model = statement("model = AutoModelForCausalLM.from_pretrained(", &peft);
    for part in
        ["MODEL,", "dtype=torch.bfloat16,", "load_in_4bit=True,", "bnb_4bit_quant_type=\"nf4\",", "bnb_4bit_use_double_quant=True,"]
    {
        assert!(model.contains(part), "{part} in {model}");
    }
    let adapters = statement("model = get_peft_model(", &peft);
    for part in ["r=32,", "lora_alpha=64,", "lora_dropout=0.05,", "target_modules=\"all-linear\",", "task_type=\"CAUSAL_LM\","] {
        assert!(adapters.contains(part), "{part} in {adapters}");
    }
    let trainer = statement("trainer = SFTTrainer(", &peft);
    for part in
        ["optim=\"paged_adamw_8bit\",", "gradient_accumulation_steps=8,", "max_length=2048,", "bf16=True,", "learning_rate=0.0002,"]
    {
        assert!(trainer.contains(part), "{part} in {trainer}");
    }
    let unsloth = python(&file(&qlora_8b(), Format::Unsloth).text);
    let model = statement("model, tokenizer = FastLanguageModel.from_pretrained(", &unsloth);
    assert!(model.contains("max_seq_length=2048,") && model.contains("load_in_4bit=True,"), "{model}");
    assert!(statement("model = FastLanguageModel.get_peft_model(", &unsloth).contains("r=32,"));
}

#[test]
fn yaml_of_a_qlora() {
    let factory = yaml(&file(&qlora_8b(), Format::LlamaFactory).text);
    for (key, value) in [
        ("stage", json!("sft")),
        ("finetuning_type", json!("lora")),
        ("quantization_bit", json!(4)),
        ("double_quantization", json!(true)),
        ("lora_rank", json!(32)),
        ("lora_target", json!("all")),
        ("cutoff_len", json!(2048)),
        ("packing", json!(true)),
        ("per_device_train_batch_size", json!(2)),
        ("gradient_accumulation_steps", json!(8)),
        ("optim", json!("paged_adamw_8bit")),
        ("bf16", json!(true)),
        ("flash_attn", json!("fa2")),
        ("disable_gradient_checkpointing", json!(false)),
    ] {
        assert_eq!(factory[key], value, "{key}");
    }
    let axolotl = yaml(&file(&qlora_8b(), Format::Axolotl).text);
    for (key, value) in [
        ("adapter", json!("qlora")),
        ("load_in_4bit", json!(true)),
        ("lora_r", json!(32)),
        ("lora_dropout", json!(0.05)),
        ("lora_target_linear", json!(true)),
        ("sequence_len", json!(2048)),
        ("sample_packing", json!(true)),
        ("micro_batch_size", json!(2)),
        ("gradient_accumulation_steps", json!(8)),
        ("optimizer", json!("paged_adamw_8bit")),
        ("learning_rate", json!(0.0002)),
        ("bf16", json!(true)),
        ("gradient_checkpointing", json!(true)),
        ("attn_implementation", json!("flash_attention_2")),
    ] {
        assert_eq!(axolotl[key], value, "{key}");
    }
    assert_eq!(axolotl["bnb_config_kwargs"]["bnb_4bit_use_double_quant"], json!(true));
    assert!(axolotl["datasets"][0]["path"].is_string());
}

#[test]
fn torchtune_overrides_a_shipped_configuration() {
    let words = command(&file(&qlora_8b(), Format::Torchtune).text);
    assert_eq!(words[..5], ["tune", "run", "lora_finetune_single_device", "--config", "llama3_1/8B_qlora_single_device"]);
    for word in [
        "batch_size=2",
        "gradient_accumulation_steps=8",
        "dtype=bf16",
        "model.lora_rank=32",
        "optimizer=bitsandbytes.optim.PagedAdamW8bit",
    ] {
        assert!(words.contains(&word.to_owned()), "{word} in {words:?}");
    }
    assert!(words.contains(&"model.lora_attn_modules=[q_proj, k_proj, v_proj, output_proj]".to_owned()), "{words:?}");
    let words = command(&file(&full_7b(), Format::Torchtune).text);
    assert_eq!(words[2..7], ["--nproc_per_node", "8", "full_finetune_distributed", "--config", "llama2/7B_full"]);
    assert!(words.contains(&"fsdp_reshard_after_forward=True".to_owned()));
}

#[test]
fn megatron_cuts_a_model_over_a_server() {
    let plan = plan(json!({
        "model": "llama-3.1-8b",
        "job": { "kind": "pretrain", "sequenceLength": 4096, "globalBatch": 128 },
        "recipe": {
            "stack": "megatron", "precision": "bf16-master", "microBatch": 2, "checkpointing": "selective",
            "parallel": { "sharding": "zero1", "tensor": 2, "pipeline": 2 }
        },
        "rig": { "card": "h100-sxm", "count": 16 }
    }));
    assert_eq!(formats(&plan.0).first().map(|format| format.name()), Some("megatron"));
    let words = command(&file(&plan, Format::Megatron).text);
    assert_eq!(words[..6], ["torchrun", "--nnodes", "2", "--nproc-per-node", "8", "pretrain_gpt.py"]);
    for (name, value) in [
        ("--num-layers", "32"),
        ("--hidden-size", "4096"),
        ("--ffn-hidden-size", "14336"),
        ("--num-query-groups", "8"),
        ("--micro-batch-size", "2"),
        ("--global-batch-size", "128"),
        ("--seq-length", "4096"),
        ("--tensor-model-parallel-size", "2"),
        ("--pipeline-model-parallel-size", "2"),
        ("--recompute-granularity", "selective"),
        ("--tokenizer-model", "$TOKENIZER"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}");
    }
    for bare in ["--bf16", "--swiglu", "--sequence-parallel", "--use-distributed-optimizer", "--group-query-attention"] {
        assert!(words.iter().any(|word| word == bare), "{bare}");
    }
    assert!(!Format::Megatron.applies(&qlora_8b().0), "it trains all weights");
}

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
fn serving_a_gguf_with_layers_in_main_memory() {
    let plan = gguf_8b();
    let words = command(&file(&plan, Format::LlamaCpp).text);
    // 32 layers, 10 of them in main memory; the output layer counts as one.
    for (name, value) in [
        ("--n-gpu-layers", "23"),
        ("--ctx-size", "8192"),
        ("--parallel", "2"),
        ("--flash-attn", "on"),
        ("--cache-type-k", "q8_0"),
        ("--cache-type-v", "q8_0"),
        ("--split-mode", "none"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}");
    }
    let modelfile = file(&plan, Format::Ollama).text;
    let instructions: Vec<&str> = modelfile.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert_eq!(instructions, ["FROM ./model.gguf", "PARAMETER num_ctx 4096", "PARAMETER num_predict 1096", "PARAMETER num_gpu 23"]);
    assert!(modelfile.contains("OLLAMA_NUM_PARALLEL=2 OLLAMA_KV_CACHE_TYPE=q8_0 OLLAMA_FLASH_ATTENTION=1 ollama serve"));
}

#[test]
fn serving_with_vllm_on_four_cards() {
    let plan = served_70b();
    let words = command(&file(&plan, Format::Vllm).text);
    assert_eq!(words[..3], ["vllm", "serve", "$MODEL"]);
    for (name, value) in [
        ("--tensor-parallel-size", "4"),
        ("--max-model-len", "8192"),
        ("--max-num-seqs", "32"),
        ("--kv-cache-dtype", "fp8"),
        ("--dtype", "bfloat16"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}");
    }
    let share: f64 = option(&words, "--gpu-memory-utilization").unwrap().parse().unwrap();
    let (card, memory) = (plan.0.rig.card.vram.get(), plan.1.memory);
    assert!(share * card >= memory.high.get().min(0.98 * memory.capacity.get()), "{share}");
    assert!(share * card <= memory.capacity.get(), "{share}");
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
fn what_is_no_part_of_the_job_is_said_to_be_none() {
    for (plan, foreign) in
        [(gguf_8b(), ["recipe.optimizer,", "recipe.lora.rank"]), (lora_3090(), ["recipe.kvCache", "job.concurrency"])]
    {
        for format in formats(&plan.0).into_iter().filter(|format| format.program().is_some()) {
            let notes = file(&plan, format).notes;
            let none = notes.iter().find(|note| note.starts_with("No part of this plan")).unwrap();
            assert!(foreign.iter().all(|choice| none.contains(choice)), "{format:?}: {none}");
        }
    }
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
        assert!(report.contains(&format!("| {:.2} |", plan.1.memory.total.as_gib())), "{report}");
    }
}

#[test]
fn every_sentence_is_known_in_every_language() {
    for plan in plans() {
        for format in formats(&plan.0) {
            for lang in Lang::ALL {
                let text = export(format, &plan.0, &plan.1, *lang).text;
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
