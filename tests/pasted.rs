//! Configurations of Hugging Face whose models are not what their size says: what is estimated of them.

use serde_json::{Value, json};
use whichcard::catalog::Catalog;
use whichcard::estimate::{Estimate, estimate, trained_parameters};
use whichcard::plan::{Goal, Outcome, plan};
use whichcard::request::{Request, Stack, WeightFormat, resolve};

fn catalog() -> Catalog {
    Catalog::from_json(include_str!("../catalog.json")).unwrap()
}

fn request(config: &Value, job: &Value, recipe: &Value) -> Request {
    let request = json!({"model": {"hfConfig": config}, "job": job, "recipe": recipe, "rig": {"card": "rtx-4090"}});
    Request::from_value(request).unwrap()
}

fn estimated(config: &Value, job: &Value, recipe: &Value) -> Estimate {
    estimate(&catalog(), &request(config, job, recipe)).unwrap()
}

/// ALBERT base and BERT base as their makers publish them, with one activation.
fn encoders() -> [Value; 2] {
    let bert = json!({"model_type": "bert", "hidden_act": "gelu", "hidden_size": 768, "intermediate_size": 3072,
        "max_position_embeddings": 512, "num_attention_heads": 12, "num_hidden_layers": 12, "type_vocab_size": 2, "vocab_size": 30522});
    let mut albert = bert.clone();
    for (key, value) in [("model_type", json!("albert")), ("embedding_size", json!(128)), ("num_hidden_groups", json!(1))] {
        albert[key] = value;
    }
    albert["vocab_size"] = json!(30_000);
    [albert, bert]
}

#[test]
fn layers_that_share_weights_take_their_memory_once_and_their_time_every_time() {
    let (job, recipe) = (json!({"kind": "full-finetune", "sequenceLength": 512}), json!({"precision": "fp32", "microBatch": 16}));
    let [albert, bert] = encoders().map(|config| estimated(&config, &job, &recipe));
    let held = |of: &Estimate| (of.memory.weights + of.memory.optimizer).get();
    assert_eq!((held(&albert), held(&bert)), (12.0 * 11_683_584.0, 12.0 * 109_482_240.0));
    let kept = albert.memory.activations / bert.memory.activations;
    assert!((0.95..1.05).contains(&kept), "{kept}");
    let slower = albert.time.main.seconds_per_step / bert.time.main.seconds_per_step;
    assert!((0.8..1.05).contains(&slower), "{slower}");
}

#[test]
fn adapters_of_layers_that_share_weights_are_shared_too() {
    let (job, recipe) = (json!({"kind": "lora"}), json!({"lora": {"rank": 8, "targets": "attention-qv"}}));
    let [albert, bert] =
        encoders().map(|config| trained_parameters(&resolve(&catalog(), &request(&config, &job, &recipe)).unwrap()));
    assert_eq!((albert, bert), (8.0 * 2.0 * 2.0 * 768.0, 12.0 * 8.0 * 2.0 * 2.0 * 768.0));
}

#[test]
fn an_activation_in_steps_keeps_more_than_one_in_a_kernel() {
    let (job, recipe) = (json!({"kind": "full-finetune", "sequenceLength": 512}), json!({"precision": "fp32", "microBatch": 16}));
    let [mut albert, _] = encoders();
    let short = estimated(&albert, &job, &recipe);
    albert["hidden_act"] = json!("gelu_new");
    let written_out = estimated(&albert, &job, &recipe);
    // Three tensors more of the inner width, in each of twelve layers.
    let more = 3.0 * 4.0 * 3072.0 * 12.0 * 16.0 * 512.0;
    let found = (written_out.memory.activations - short.memory.activations).get();
    assert!((found / more - 1.0).abs() < 0.01, "{found} against {more}");
}

/// nvidia/Llama-3.1-8B-Instruct-FP4: the files of 8.03 billion weights have 6.0 GB, embedding and output layer in 16 bits.
fn llama_in_nvfp4() -> Value {
    let four = json!({"dynamic": false, "num_bits": 4, "type": "float", "group_size": 16});
    json!({"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 131072,
        "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "tie_word_embeddings": false,
        "vocab_size": 128256, "quantization_config": {"quant_method": "modelopt", "quant_algo": "NVFP4", "ignore": ["lm_head"],
            "config_groups": {"group_0": {"input_activations": four, "weights": four, "targets": ["Linear"]}}}})
}

#[test]
fn a_release_in_nvfp4_is_run_as_it_is_where_kernels_are() {
    let config = llama_in_nvfp4();
    let run = |card: &str, recipe: Value| {
        let request = json!({"model": {"hfConfig": config}, "job": {"kind": "inference"}, "recipe": recipe, "rig": {"card": card}});
        let setup = resolve(&catalog(), &Request::from_value(request).unwrap()).unwrap();
        (setup.recipe.weights, setup.recipe.stack)
    };
    use WeightFormat::{Bf16, Fp16, Nvfp4};
    assert_eq!(run("rtx-5090", json!({})), (Nvfp4, Stack::Vllm));
    assert_eq!(run("rtx-3090", json!({})), (Nvfp4, Stack::Vllm));
    assert_eq!(run("rtx-5090", json!({"stack": "tensorrt-llm"})), (Nvfp4, Stack::TensorRt));
    // TensorRT-LLM has it on Blackwell alone, llama.cpp and transformers not at all, and vLLM's kernels begin with Ampere.
    assert_eq!(run("rtx-4090", json!({"stack": "tensorrt-llm"})), (Bf16, Stack::TensorRt));
    assert_eq!(run("rtx-5090", json!({"stack": "llama.cpp"})), (Bf16, Stack::LlamaCpp));
    assert_eq!(run("rtx-2080-ti", json!({})), (Fp16, Stack::Transformers));
}

#[test]
fn nvfp4_takes_four_bits_and_a_half() {
    let (job, recipe) = (json!({"kind": "inference"}), json!({}));
    let weights = estimated(&llama_in_nvfp4(), &job, &recipe).memory.weights.get();
    assert!((weights / 6.03e9 - 1.0).abs() < 0.02, "{weights}");
}

#[test]
fn advice_for_nvfp4_takes_it_or_another_format_of_the_model() {
    let goal = |card: &str| {
        let goal = json!({"model": {"hfConfig": llama_in_nvfp4()}, "job": {"kind": "inference"}, "rig": {"card": card}});
        match plan(&catalog(), &Goal::from_value(&goal).unwrap()).unwrap() {
            Outcome::Planned(plan) => (plan.setup.recipe.weights, plan.setup.recipe.stack),
            Outcome::Rejected(rejected) => panic!("{card}: {:?}", rejected.reason),
        }
    };
    assert_eq!(goal("rtx-5070"), (WeightFormat::Nvfp4, Stack::Vllm));
    let (weights, stack) = goal("rtx-2060");
    assert!(weights.is_gguf() && stack == Stack::LlamaCpp, "{weights:?} {stack:?}");
}

/// openai/clip-vit-base-patch32, and its image tower alone.
fn clip_and_its_eye() -> [Value; 2] {
    let eye = json!({"model_type": "clip_vision_model", "hidden_act": "quick_gelu", "hidden_size": 768, "image_size": 224,
        "intermediate_size": 3072, "num_attention_heads": 12, "num_hidden_layers": 12, "patch_size": 32});
    let text = json!({"model_type": "clip_text_model", "hidden_act": "quick_gelu", "hidden_size": 512, "intermediate_size": 2048,
        "max_position_embeddings": 77, "num_attention_heads": 8, "num_hidden_layers": 12, "vocab_size": 49408});
    [json!({"model_type": "clip", "projection_dim": 512, "text_config": text, "vision_config": eye}), eye]
}

#[test]
fn a_model_of_two_towers_reads_a_text_for_every_image() {
    let (job, recipe) = (json!({"kind": "full-finetune", "sequenceLength": 50}), json!({"precision": "fp32", "microBatch": 64}));
    let [both, eye] = clip_and_its_eye().map(|config| estimated(&config, &job, &recipe));
    assert_eq!(both.memory.weights.get(), 4.0 * 151_277_313.0);
    // The text has half as many tokens more, two thirds as wide.
    let kept = both.memory.activations / eye.memory.activations;
    assert!((1.8..2.3).contains(&kept), "{kept}");
    let slower = both.time.main.seconds_per_step / eye.time.main.seconds_per_step;
    assert!((1.5..2.2).contains(&slower), "{slower}");
    let run = json!({"kind": "inference", "concurrency": 64});
    let [both, eye] = clip_and_its_eye().map(|config| estimated(&config, &run, &json!({})));
    assert!(both.time.total > eye.time.total * 1.3, "{:?} {:?}", both.time.total, eye.time.total);
    assert!(both.time.main.samples_per_second > 0.0 && both.time.main.tokens_per_second == 0.0);
}

#[test]
fn adapters_are_on_both_towers() {
    let (job, recipe) = (json!({"kind": "lora"}), json!({"lora": {"rank": 8, "targets": "attention-qv"}}));
    let [both, eye] =
        clip_and_its_eye().map(|config| trained_parameters(&resolve(&catalog(), &request(&config, &job, &recipe)).unwrap()));
    assert_eq!((both, eye), (12.0 * 8.0 * 2.0 * 2.0 * (768.0 + 512.0), 12.0 * 8.0 * 2.0 * 2.0 * 768.0));
}
