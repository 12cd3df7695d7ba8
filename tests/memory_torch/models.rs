//! Models of the reference runs, from the shapes each record states.

use serde_json::Value;
use whichcard::model::*;

/// The model of a record.
pub fn model(record: &Value) -> Model {
    let arch = record["arch"].as_str().unwrap();
    let config = &record["config"];
    let network = match arch {
        "resnet" => Network::Opaque(Opaque {
            forward_flops: 8.18e9,
            // Sum of all tensors a training pass keeps for one 224-pixel image.
            activation_values: 22.2e6,
            image_side: Some(224),
            sequential_steps: 1,
        }),
        "t5" => {
            let stack = |decoder: bool, layers: &str| transformer(arch, config, count(config, layers), decoder);
            Network::EncoderDecoder { encoder: stack(false, "layers"), decoder: stack(true, "num_decoder_layers") }
        }
        "whisper" => {
            let mut encoder = transformer(arch, config, count(config, "layers"), false);
            encoder.input = Input::Audio { frames: 1500 };
            encoder.vocab = 0;
            Network::EncoderDecoder { encoder, decoder: transformer(arch, config, count(config, "decoder_layers"), true) }
        }
        _ => Network::Transformer(transformer(arch, config, count(config, "layers"), false)),
    };
    let parameters = record["params"].as_u64().unwrap();
    Model {
        id: record["model"].as_str().unwrap().to_owned(),
        name: String::new(),
        family: if arch == "glm" { "GLM".to_owned() } else { String::new() },
        category: match arch {
            "bert" | "roberta" => Category::Encoder,
            "t5" => Category::EncoderDecoder,
            "vit" | "resnet" => Category::Vision,
            "whisper" | "wav2vec2" => Category::SpeechRecognition,
            "mixtral" => Category::LlmMoe,
            _ => Category::Llm,
        },
        parameters,
        parameters_exact: true,
        computed_parameters: parameters,
        active_parameters: parameters,
        max_context: config["max_pos"].as_u64(),
        released_weights: None,
        network,
        assumptions: Vec::new(),
    }
}

fn count(config: &Value, field: &str) -> u64 {
    config[field].as_u64().unwrap_or(0)
}

fn transformer(arch: &str, config: &Value, layers: u64, decoder: bool) -> Transformer {
    let hidden = count(config, "hidden");
    let (heads, kv_heads, head_dim) = (count(config, "heads"), count(config, "kv_heads"), count(config, "head_dim"));
    let ffn = count(config, "ffn");
    let style = match arch {
        "gemma2" => BlockStyle::Gemma,
        "gpt2" => BlockStyle::Gpt2,
        "opt" => BlockStyle::Opt,
        "bert" | "roberta" => BlockStyle::Bert,
        "t5" => BlockStyle::T5,
        "vit" => BlockStyle::Vit,
        "whisper" => BlockStyle::Whisper,
        "wav2vec2" => BlockStyle::Wav2vec2,
        _ => BlockStyle::Llama,
    };
    let gated = matches!(style, BlockStyle::Llama | BlockStyle::Gemma);
    let experts = count(config, "num_local_experts");
    let feed_forward = if experts > 0 {
        FeedForward::Experts { experts, active: count(config, "num_experts_per_tok"), expert_ffn: ffn, shared_ffn: 0, gated }
    } else {
        FeedForward::Dense { ffn, gated }
    };
    let attention = hidden * heads * head_dim * 2 + hidden * kv_heads * head_dim * 2;
    let cross = if decoder { attention } else { 0 };
    let inner = hidden * ffn * if gated { 3 } else { 2 };
    let linear = attention + cross + inner * experts.max(1);
    let group = LayerGroup {
        count: layers,
        mixer: Mixer::Attention { heads, kv_heads, head_dim, window: config["sliding_window"].as_u64() },
        cross_attention: decoder,
        feed_forward,
        linear_parameters: linear,
        active_linear_parameters: attention + cross + inner * count(config, "num_experts_per_tok").max(1),
        parameters: linear,
        mixer_linear_parameters: attention + cross,
        mixer_ports: 0,
        feed_forward_ports: 0,
        own_cache: !matches!(style, BlockStyle::Bert | BlockStyle::Vit | BlockStyle::Wav2vec2),
    };
    let speaks = !matches!(arch, "vit" | "wav2vec2");
    Transformer {
        style,
        input: match arch {
            "vit" => Input::Patches { patch: count(config, "patch_size"), tokens: 197 },
            "wav2vec2" => Input::Audio { frames: 249 },
            _ => Input::Tokens,
        },
        hidden,
        vocab: if speaks { count(config, "vocab") } else { 0 },
        tied_embeddings: config["tied_embeddings"].as_bool().unwrap_or(false),
        lm_head: speaks && (decoder || !matches!(arch, "t5" | "whisper")),
        position_rows: count(config, "max_pos"),
        fused_qkv: matches!(arch, "gpt2" | "phi3"),
        soft_capped: arch == "gemma2",
        layers: vec![group],
    }
}
