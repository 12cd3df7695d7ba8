//! Architecture facts of the reference runs, from the shapes each record states.

use serde_json::{Map, Value, json};

/// `model.architecture` of a record.
pub fn architecture(record: &Value) -> Value {
    let arch = record["arch"].as_str().unwrap();
    let config = &record["config"];
    let mut facts = Map::new();
    let mut set = |field: &str, value: Value| {
        if !value.is_null() {
            facts.insert(field.to_owned(), value);
        }
    };
    set("paramsExact", record["params"].clone());
    let (style, category) = match arch {
        "gemma2" => ("gemma", "llm"),
        "gpt2" => ("gpt2", "llm"),
        "opt" => ("opt", "llm"),
        "bert" | "roberta" => ("bert", "encoder"),
        "t5" => ("t5", "encoder-decoder"),
        "vit" => ("vit", "vision"),
        "whisper" => ("whisper", "speech-recognition"),
        "wav2vec2" => ("wav2vec2", "speech-recognition"),
        "resnet" => ("vit", "vision"),
        "mixtral" => ("llama", "llm-moe"),
        _ => ("llama", "llm"),
    };
    set("category", json!(category));
    if arch == "resnet" {
        set("forwardGmacs", json!(4.089));
        // Sum of all tensors a training pass keeps for one 224-pixel image.
        set("activationMvalues", json!(21.4));
        set("imageSide", json!(224));
        return Value::Object(facts);
    }
    set("style", json!(style));
    for (field, key) in [
        ("hidden", "hidden"),
        ("layers", "layers"),
        ("heads", "heads"),
        ("kvHeads", "kv_heads"),
        ("headDim", "head_dim"),
        ("vocab", "vocab"),
        ("tiedEmbeddings", "tied_embeddings"),
        ("experts", "num_local_experts"),
        ("activeExperts", "num_experts_per_tok"),
        ("slidingWindow", "sliding_window"),
        ("patch", "patch_size"),
        ("imageSide", "image_size"),
    ] {
        set(field, config[key].clone());
    }
    set(if arch == "mixtral" { "expertFfn" } else { "ffn" }, config["ffn"].clone());
    set("decoderLayers", if arch == "t5" { config["num_decoder_layers"].clone() } else { config["decoder_layers"].clone() });
    if matches!(arch, "gpt2" | "opt" | "bert" | "roberta") {
        set("positionRows", config["max_pos"].clone());
    }
    if arch == "gemma2" {
        set("fullEvery", json!(2));
        set("softCapped", json!(true));
    }
    if matches!(arch, "gpt2" | "phi3") {
        set("fusedQkv", json!(true));
    }
    if arch == "glm" {
        set("family", json!("GLM"));
    }
    Value::Object(facts)
}
