//! Inference as the servers are told of it.

use super::plans::*;
use serde_json::{Value, json};
use whichcard::estimate::Estimate;
use whichcard::export::Format;
use whichcard::request::{Setup, WeightFormat};

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

/// vLLM does not start with more than the model was made for, llama.cpp writes nonsense, Ollama takes less.
#[test]
fn more_text_than_the_model_was_made_for_is_told_in_the_file() {
    let served = |prompt: u32, format: Format| {
        let job = json!({ "kind": "inference", "prompt": prompt, "output": 1000 });
        let weights = if format == Format::Vllm { "awq-4" } else { "q4_k_m" };
        let recipe = json!({ "weights": weights });
        file(&plan(json!({ "model": "llama-3-8b", "job": job, "recipe": recipe, "rig": { "card": "rtx-4090" } })), format).text
    };
    for format in [Format::Vllm, Format::LlamaCpp, Format::Ollama] {
        assert!(served(30_000, format).contains("8192 tokens"), "{format:?}");
        assert!(!served(7_000, format).contains("8192 tokens"), "{format:?}");
    }
    assert!(served(30_000, Format::Vllm).contains("factor 4"));
}

/// `--n-cpu-moe` counts layers from the first: GLM-4.5-Air has one without experts before the others.
#[test]
fn serving_with_experts_in_main_memory() {
    let plan = |model: &str, offload: &str, count: u32| {
        let job = json!({ "kind": "inference", "prompt": 1000, "output": 500 });
        let recipe = json!({ "stack": "llama.cpp", "weights": "q4_k_m", "offload": offload });
        plan(json!({ "model": model, "job": job, "recipe": recipe, "rig": { "card": "rtx-3090", "count": count } }))
    };
    for (model, offload, layers) in
        [("glm-4.5-air", "experts:38", "39"), ("qwen3-30b-a3b", "experts:20", "20"), ("llama-4-maverick", "experts:10", "20")]
    {
        let words = command(&file(&plan(model, offload, 1), Format::LlamaCpp).text);
        assert_eq!(option(&words, "--n-cpu-moe"), Some(layers), "{model}");
        assert_eq!(option(&words, "--n-gpu-layers"), Some("all"), "{model}");
    }
    let two = file(&plan("qwen3-30b-a3b", "experts:6", 2), Format::LlamaCpp);
    let words = command(&two.text);
    assert_eq!(option(&words, "--override-tensor"), Some(r"blk\.(0|1|2|24|25|26)\.ffn_.*_exps\.=CPU"));
    assert_eq!(option(&words, "--n-cpu-moe"), None);
    assert!(two.notes.iter().any(|note| note.contains("--n-cpu-moe")), "{:?}", two.notes);
    let ollama = file(&plan("qwen3-30b-a3b", "experts:20", 1), Format::Ollama);
    assert!(
        !ollama.text.contains("PARAMETER num_gpu") && ollama.notes.iter().any(|note| note.contains("experts")),
        "{}",
        ollama.text
    );
    let vllm = file(
        &{
            let mut plan = plan("qwen3-30b-a3b", "experts:20", 1);
            plan.0.recipe.weights = WeightFormat::Awq4;
            plan
        },
        Format::Vllm,
    );
    let gib: f64 = option(&command(&vllm.text), "--cpu-offload-gb").unwrap().parse().unwrap();
    assert!((6.5..7.5).contains(&gib), "{gib}");
}

/// The files of gpt-oss that llama.cpp and Ollama load are MXFP4.
#[test]
fn what_is_released_in_mxfp4_is_served_by_every_server() {
    let plan = plan(json!({ "model": "gpt-oss-20b", "job": { "kind": "inference" }, "rig": { "card": "rtx-4060-ti-16gb" } }));
    let script = file(&plan, Format::LlamaCpp).text;
    assert!(script.contains("gpt-oss 20b (mxfp4)"), "{script}");
    assert_eq!(option(&command(&script), "--n-gpu-layers"), Some("all"));
    assert!(file(&plan, Format::Ollama).text.contains("FROM ./model.gguf"));
    assert_eq!(option(&command(&file(&plan, Format::Vllm).text), "--quantization"), None);
}

fn served(recipe: Value, count: u32) -> (Setup, Estimate) {
    plan(json!({
        "model": "llama-3.1-8b",
        "job": { "kind": "inference", "prompt": 1000, "output": 500, "concurrency": 8 },
        "recipe": recipe,
        "rig": { "card": "rtx-3090", "count": count }
    }))
}

#[test]
fn replicas_share_the_requests() {
    let plan = served(json!({ "stack": "llama.cpp", "weights": "q4_k_m", "parallel": { "data": 2 } }), 2);
    let words = command(&file(&plan, Format::LlamaCpp).text);
    assert_eq!(option(&words, "--parallel"), Some("4"));
    assert_eq!(option(&words, "--ctx-size"), Some("6000"));
    assert_eq!(option(&words, "--split-mode"), Some("none"));
    for format in [Format::LlamaCpp, Format::Ollama] {
        let notes = file(&plan, format).notes;
        assert!(
            notes.iter().any(|note| note.contains("2 replicas") && note.contains("CUDA_VISIBLE_DEVICES=0, the second with 1 ")),
            "{notes:?}"
        );
    }
    assert!(file(&plan, Format::Ollama).text.contains("OLLAMA_NUM_PARALLEL=4 "));
}

/// Four servers of two cards each; vLLM starts its replicas itself.
#[test]
fn replicas_of_several_cards_are_told_theirs() {
    let parallel = json!({ "data": 4, "pipeline": 2 });
    let files = served(json!({ "stack": "llama.cpp", "weights": "q4_k_m", "parallel": parallel }), 8);
    for format in [Format::LlamaCpp, Format::Ollama] {
        let notes = file(&files, format).notes;
        assert!(notes.iter().any(|note| note.contains("CUDA_VISIBLE_DEVICES=0,1, the second with 2,3 ")), "{notes:?}");
    }
    let parallel = json!({ "data": 2, "tensor": 2, "pipeline": 2 });
    let words = command(&file(&served(json!({ "stack": "vllm", "parallel": parallel }), 8), Format::Vllm).text);
    for (name, size) in [("data", "2"), ("tensor", "2"), ("pipeline", "2")] {
        assert_eq!(option(&words, &format!("--{name}-parallel-size")), Some(size));
    }
    assert_eq!(option(&words, "--max-num-seqs"), Some("4"));
}

#[test]
fn two_cards_for_one_gguf() {
    let sliced = served(json!({ "stack": "llama.cpp", "weights": "q4_k_m", "attention": "eager", "parallel": { "tensor": 2 } }), 2);
    let words = command(&file(&sliced, Format::LlamaCpp).text);
    // Rows alone would leave the cache on one card; slices of it need the kernel.
    assert_eq!(option(&words, "--split-mode"), Some("tensor"));
    assert_eq!(option(&words, "--flash-attn"), Some("on"));
    let staged = served(json!({ "stack": "llama.cpp", "weights": "q4_k_m", "parallel": { "pipeline": 2 } }), 2);
    assert_eq!(option(&command(&file(&staged, Format::LlamaCpp).text), "--split-mode"), Some("layer"));
    let ollama = file(&staged, Format::Ollama);
    assert!(ollama.text.contains("OLLAMA_SCHED_SPREAD=1 ollama serve"));
    assert!(!ollama.notes.iter().any(|note| note.contains("Pipeline stages: 2")), "{:?}", ollama.notes);
}

#[test]
fn vllm_is_asked_for_no_quantisation_it_does_not_have() {
    let quantisation = |weights: &str| {
        let export = file(&served(json!({ "stack": "vllm", "weights": weights }), 1), Format::Vllm);
        (option(&command(&export.text), "--quantization").map(str::to_owned), export.notes.join("\n"))
    };
    assert_eq!(quantisation("fp8").0.as_deref(), Some("fp8_per_tensor"));
    // A checkpoint that comes in FP8 has its own.
    let released = plan(json!({
        "model": "deepseek-v3", "job": { "kind": "inference" },
        "recipe": { "stack": "vllm", "parallel": { "tensor": 8 } }, "rig": { "card": "h200-sxm", "count": 8 }
    }));
    assert_eq!(option(&command(&file(&released, Format::Vllm).text), "--quantization"), None);
    for (weights, name) in [("nf4", "NF4"), ("nf4-double", "NF4"), ("int8", "INT8 (LLM.int8)")] {
        let (option, notes) = quantisation(weights);
        assert_eq!(option, None);
        assert!(notes.contains(&format!("vLLM does not load weights in {name}")), "{notes}");
    }
    for weights in ["gptq-4", "awq-4", "mxfp4"] {
        let (option, notes) = quantisation(weights);
        assert_eq!(option, None, "{weights}");
        assert!(notes.contains(" come from a checkpoint that is already quantised"), "{notes}");
    }
}

#[test]
fn vllm_reads_from_main_memory_what_the_plan_keeps_there() {
    let offloaded = |offload: &str| {
        let plan = served(json!({ "stack": "vllm", "offload": offload }), 1);
        let words = command(&file(&plan, Format::Vllm).text);
        option(&words, "--cpu-offload-gb").map(|gib| gib.parse::<f64>().unwrap())
    };
    assert_eq!(offloaded("none"), None);
    let all = served(json!({ "stack": "vllm" }), 1).1.memory.weights.as_gib();
    // 8 of 32 layers: a quarter of the weights, to a tenth of a GiB upwards.
    let quarter = offloaded("layers:8").unwrap();
    assert!((quarter - all / 4.0).abs() <= 0.11, "{quarter} of {all}");
    let whole = offloaded("optimizer-and-weights").unwrap();
    assert!((all..all * 1.1 + 0.1).contains(&whole), "{whole} of {all}");
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
    // CUDA has its own part already when vLLM looks whether so much is free.
    let taken = share * card + memory.context.get();
    assert!(taken >= memory.high.get().min(0.98 * memory.capacity.get()), "{share}");
    assert!(taken <= memory.capacity.get(), "{share}");
}

/// Though the plan is for another server, which takes less beside the weights.
#[test]
fn vllm_leaves_cuda_what_it_has_and_takes_what_vllm_needs() {
    let planned = |stack: &str, concurrency: u32| {
        plan(json!({
            "model": "qwen3-8b",
            "job": { "kind": "inference", "prompt": 15000, "output": 1000, "concurrency": concurrency },
            "recipe": { "stack": stack, "weights": "bf16" },
            "rig": { "card": "rtx-4090" }
        }))
    };
    let share = |plan: &(Setup, Estimate)| -> f64 {
        option(&command(&file(plan, Format::Vllm).text), "--gpu-memory-utilization").unwrap().parse().unwrap()
    };
    let full = planned("vllm", 4);
    let (card, memory) = (full.0.rig.card.vram.get(), full.1.memory);
    assert!(memory.high > memory.capacity, "it would take all there is");
    assert!(share(&full) * card + memory.context.get() <= memory.capacity.get(), "{}", share(&full));
    assert_eq!(share(&planned("llama.cpp", 1)), share(&planned("vllm", 1)));
}

/// A model that sees has its tower in a file of its own (llama.cpp's docs/multimodal.md), and vLLM reads it with the rest.
#[test]
fn serving_what_sees() {
    let plan = |stack: &str, weights: &str| {
        let recipe = json!({ "stack": stack, "weights": weights });
        plan(json!({ "model": "qwen3-vl-8b", "job": { "kind": "inference" }, "recipe": recipe, "rig": { "card": "rtx-4090" } }))
    };
    let text = file(&plan("llama.cpp", "q4_k_m"), Format::LlamaCpp).text;
    assert_eq!(option(&command(&text), "--mmproj"), Some("$MMPROJ"));
    assert!(text.contains("\nMMPROJ="), "{text}");
    assert!(!file(&gguf_8b(), Format::LlamaCpp).text.contains("mmproj"));
    assert!(Format::Vllm.applies(&plan("vllm", "bf16").0));
}
