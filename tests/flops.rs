//! Forward work against PyTorch's operation counter on the real models, and caches against known sizes.

use serde_json::{Value, json};
use whichcard::model::{Category, Mixer, Model, Network, facts, hf_config};

fn file(path: &str) -> Value {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn model(catalog: &Value, name: &str) -> Model {
    let id = match name {
        "mistral-7b" => "mistral-7b-v0.1",
        "vit-base" => "vit-b-16",
        "vit-large" => "vit-l-16",
        "whisper-large-v2" => "whisper-large-v3",
        other => other,
    };
    facts::read(catalog["models"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap()).unwrap()
}

/// Output layer over the scored positions: inference scores all or only the last one (`generate`), BERT pre-training adds a square
/// layer and the tied vocabulary, everything else is scored everywhere.
fn heads(model: &Model, record: &Value, batch: u64, length: u64) -> Vec<f64> {
    let Network::Transformer(stack) = &model.network else { return vec![0.0] };
    let scored = |positions: u64| (stack.head_flops(positions as f64) * batch as f64).get();
    let full = scored(length);
    match (record["task"].as_str().unwrap(), model.category) {
        ("pretrain", Category::Encoder) => vec![2.0 * (batch * length * stack.hidden * (stack.hidden + stack.vocab)) as f64],
        ("inference", _) => vec![0.0, scored(1) - full],
        _ => vec![0.0],
    }
}

/// Length and target as the model counts them: Whisper always hears 1500 frames and the record says the written tokens; wav2vec 2.0
/// makes one frame of 320 samples.
fn lengths(record: &Value) -> (u64, u64) {
    let length = record["seq_len"].as_u64().unwrap();
    match record["family"].as_str().unwrap_or_default() {
        _ if record["model"].as_str().unwrap().starts_with("whisper") => (1500, length),
        _ if record["model"].as_str().unwrap().starts_with("wav2vec2") => (length / 320 - 1, 0),
        _ => (length, record["target_len"].as_u64().unwrap_or(0)),
    }
}

/// A window shorter than the sequence: the counter counts the hidden keys too, we do not.
fn hides_keys(model: &Model, length: u64) -> bool {
    let Network::Transformer(stack) = &model.network else { return false };
    stack.layers.iter().any(|group| matches!(group.mixer, Mixer::Attention { window: Some(window), .. } if window < length))
}

#[test]
fn forward_work_agrees_with_the_counter_of_pytorch() {
    let (catalog, records) = (file("catalog.json"), file("tests/reference/torch_memory.json"));
    let (mut checked, mut windowed) = (0, 0);
    for record in records["records"].as_array().unwrap() {
        let name = record["model"].as_str().unwrap();
        let Some(counted) = record["flops_forward"].as_f64().filter(|flops| *flops > 0.0) else { continue };
        // Adapters come on top of the model; the grouped products of Mixtral's experts are not in the counter's list.
        if matches!(record["task"].as_str(), Some("lora" | "qlora")) || name == "mixtral-8x7b" {
            continue;
        }
        let model = model(&catalog, name);
        let (length, target) = lengths(record);
        let batch = record["micro_batch"].as_u64().unwrap();
        let computed = model.forward_flops(batch, length, target).get();
        let errors = heads(&model, record, batch, length).into_iter().map(|head| (computed + head) / counted - 1.0);
        let error = errors.min_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap();
        if hides_keys(&model, length) {
            assert!((-0.15..0.0).contains(&error), "{}: {error:+.4}", record["id"]);
            windowed += 1;
            continue;
        }
        assert!(error.abs() < 0.02, "{}: {error:+.4}", record["id"]);
        checked += 1;
    }
    assert_eq!((checked, windowed), (151, 2));
}

fn cached(config: &Value, length: u64) -> f64 {
    hf_config::read(config).unwrap().cached_values(length, 0).growing
}

#[test]
fn grouped_queries_cache_fewer_values() {
    let catalog = file("catalog.json");
    assert_eq!(model(&catalog, "llama-2-7b").cached_values(4096, 0).growing, 2.0 * 32.0 * 4096.0 * 4096.0);
    assert_eq!(model(&catalog, "llama-3-8b").cached_values(4096, 0).growing, 2.0 * 32.0 * 1024.0 * 4096.0);
}

/// Calculators that take `hidden / heads` for the head size and one formula for all were up to eight times off on these.
#[test]
fn caches_that_simple_formulas_get_wrong() {
    let catalog = file("catalog.json");
    // Head size 128 although hidden / heads is 64.
    assert_eq!(model(&catalog, "qwen3-0.6b").cached_values(1000, 0).growing, 2.0 * 28.0 * 1024.0 * 1000.0);
    // One compressed vector per token.
    assert_eq!(model(&catalog, "deepseek-v3.1").cached_values(1000, 0).growing, 61.0 * 576.0 * 1000.0);
    // Ten global layers of 62; the others keep 1024 tokens.
    let gemma = model(&catalog, "gemma-3-27b").cached_values(131_072, 0).growing;
    assert_eq!(gemma, 2.0 * 16.0 * 128.0 * (10.0 * 131_072.0 + 52.0 * 1024.0));
    // Sixteen layers of 64 cache; the others hold a state.
    let hybrid = model(&catalog, "qwen3.5-27b").cached_values(10_000, 0);
    assert_eq!(hybrid.growing, 2.0 * 16.0 * 1024.0 * 10_000.0);
    assert_eq!(hybrid.state, 48.0 * (48.0 * 128.0 * 128.0 + 3.0 * (48.0 + 2.0 * 16.0) * 128.0));
    // The last twenty layers reuse earlier ones.
    let shared = model(&catalog, "gemma-4-e2b").cached_values(100, 0).growing;
    assert_eq!(shared, 2.0 * 100.0 * (12.0 * 256.0 + 3.0 * 512.0));
}

#[test]
fn encoders_cache_nothing_and_decoders_of_speech_keep_what_they_heard() {
    let catalog = file("catalog.json");
    assert_eq!(model(&catalog, "bert-base").cached_values(512, 0).growing, 0.0);
    assert_eq!(model(&catalog, "vit-b-16").cached_values(197, 0).growing, 0.0);
    assert_eq!(model(&catalog, "whisper-small").cached_values(100, 1500).growing, 2.0 * 12.0 * 768.0 * 1600.0);
    assert_eq!(cached(&json!({"model_type": "gpt2"}), 10), 2.0 * 12.0 * 768.0 * 10.0);
}

#[test]
fn diffusion_transformers_do_the_published_work() {
    let catalog = file("catalog.json");
    for row in catalog["models"].as_array().unwrap().iter().filter(|row| row["style"] == "dit") {
        let (Some(gmacs), Some(tokens)) = (row["forwardGmacs"].as_f64(), row["inputTokens"].as_u64()) else { continue };
        let computed = facts::read(row).unwrap().forward_flops(1, tokens, 0).get();
        assert!((computed / (gmacs * 2e9) - 1.0).abs() < 0.01, "{}: {computed}", row["id"]);
    }
}
