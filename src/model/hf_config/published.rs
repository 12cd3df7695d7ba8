//! Configurations as their makers publish them, with the number of weights of their checkpoints.

use super::read;
use crate::error::ErrorCode;
use crate::model::{Category, Model, Network};
use serde_json::{Value, json};

#[track_caller]
pub(super) fn counted(parameters: u64, config: &Value) -> Model {
    let model = read(config).unwrap();
    assert_eq!(model.parameters, parameters, "{config}");
    assert_eq!(model.unfamiliar, None, "{config}");
    model
}

#[test]
fn decoders_before_llama() {
    // EleutherAI/gpt-j-6b, gpt-neo-1.3B; Salesforce/codegen-350M-mono; bigcode/starcoder; microsoft/phi-2; mosaicml/mpt-7b.
    let gptj = json!({"model_type": "gptj", "activation_function": "gelu_new", "n_embd": 4096, "n_head": 16, "n_inner": null,
        "n_layer": 28, "n_positions": 2048, "rotary": true, "rotary_dim": 64, "tie_word_embeddings": false, "vocab_size": 50400});
    counted(6_050_882_784, &gptj);
    let neo = json!({"model_type": "gpt_neo", "attention_types": [[["global", "local"], 12]], "hidden_size": 2048,
        "intermediate_size": null, "max_position_embeddings": 2048, "num_heads": 16, "num_layers": 24, "vocab_size": 50257,
        "window_size": 256});
    let local = counted(1_315_575_808, &neo).cached_values(2048, 0).growing;
    assert_eq!(local, 2.0 * 2048.0 * 12.0 * (2048.0 + 256.0));
    let codegen = json!({"model_type": "codegen", "n_embd": 1024, "n_head": 16, "n_inner": null, "n_layer": 20, "n_positions": 2048,
        "tie_word_embeddings": false, "vocab_size": 51200});
    counted(356_712_448, &codegen);
    let starcoder = json!({"model_type": "gpt_bigcode", "multi_query": true, "n_embd": 6144, "n_head": 48, "n_inner": 24576,
        "n_layer": 40, "n_positions": 8192, "vocab_size": 49152});
    counted(15_517_456_384, &starcoder);
    let phi = json!({"model_type": "phi", "hidden_size": 2560, "intermediate_size": 10240, "max_position_embeddings": 2048,
        "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32, "partial_rotary_factor": 0.4,
        "qk_layernorm": false, "tie_word_embeddings": false, "vocab_size": 51200});
    counted(2_779_683_840, &phi);
    let mpt = json!({"model_type": "mpt", "attn_config": {"alibi": true, "attn_impl": "torch", "attn_type": "multihead_attention",
        "qk_ln": false}, "d_model": 4096, "expansion_ratio": 4, "learned_pos_emb": true, "max_seq_len": 2048, "n_heads": 32,
        "n_layers": 32, "no_bias": true, "vocab_size": 50432});
    assert_eq!(counted(6_649_286_656, &mpt).max_context, Some(2048));
}

#[test]
fn decoders_of_llamas_kind() {
    // allenai/OLMo-7B-hf and OLMoE-1B-7B; microsoft/Phi-3.5-MoE-instruct; databricks/dbrx-base; meta-llama/Llama-4-Scout (its text part).
    let olmo = json!({"model_type": "olmo", "attention_bias": false, "clip_qkv": null, "hidden_size": 4096,
        "intermediate_size": 11008, "max_position_embeddings": 2048, "num_attention_heads": 32, "num_hidden_layers": 32,
        "num_key_value_heads": 32, "tie_word_embeddings": false, "vocab_size": 50304});
    counted(6_888_095_744, &olmo);
    let olmoe = json!({"model_type": "olmoe", "hidden_size": 2048, "intermediate_size": 1024, "max_position_embeddings": 4096,
        "norm_topk_prob": false, "num_attention_heads": 16, "num_experts": 64, "num_experts_per_tok": 8, "num_hidden_layers": 16,
        "num_key_value_heads": 16, "tie_word_embeddings": false, "vocab_size": 50304});
    let active = counted(6_919_161_856, &olmoe).active_parameters;
    assert!((1.2e9..1.4e9).contains(&(active as f64)), "{active}");
    let phimoe = json!({"model_type": "phimoe", "attention_bias": true, "hidden_size": 4096, "intermediate_size": 6400,
        "lm_head_bias": true, "max_position_embeddings": 131072, "num_attention_heads": 32, "num_experts_per_tok": 2,
        "num_hidden_layers": 32, "num_key_value_heads": 8, "num_local_experts": 16, "sliding_window": 131072,
        "tie_word_embeddings": false, "vocab_size": 32064});
    counted(41_873_153_344, &phimoe);
    let dbrx = json!({"model_type": "dbrx", "attn_config": {"clip_qkv": 8, "kv_n_heads": 8, "rope_theta": 500000}, "d_model": 6144,
        "ffn_config": {"ffn_hidden_size": 10752, "moe_jitter_eps": 0.01, "moe_loss_weight": 0.05, "moe_num_experts": 16,
        "moe_top_k": 4}, "max_seq_len": 32768, "n_heads": 48, "n_layers": 40, "tie_word_embeddings": false, "vocab_size": 100352});
    let active = counted(131_596_523_520, &dbrx).active_parameters;
    assert!((35e9..37e9).contains(&(active as f64)), "{active}");
    let scout = json!({"model_type": "llama4", "vision_config": {"model_type": "llama4_vision_model"}, "text_config": {
        "model_type": "llama4_text", "attention_chunk_size": 8192, "head_dim": 128, "hidden_size": 5120,
        "interleave_moe_layer_step": 1, "intermediate_size": 8192, "intermediate_size_mlp": 16384,
        "max_position_embeddings": 10485760, "num_attention_heads": 40, "num_experts_per_tok": 1, "num_hidden_layers": 48,
        "num_key_value_heads": 8, "num_local_experts": 16, "tie_word_embeddings": false, "use_qk_norm": true, "vocab_size": 202048}});
    counted(107_769_861_120, &scout);
}

#[test]
fn a_llama_that_reads_images_between_its_layers() {
    // meta-llama/Llama-3.2-11B-Vision-Instruct.
    let shapes = json!([[1, 1], [1, 2], [1, 3], [1, 4], [2, 1], [2, 2], [3, 1], [4, 1]]);
    let mut config = json!({"model_type": "mllama", "image_token_index": 128256,
        "text_config": {"model_type": "mllama_text_model", "cross_attention_layers": [3, 8, 13, 18, 23, 28, 33, 38],
            "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 131072,
            "num_attention_heads": 32, "num_hidden_layers": 40, "num_key_value_heads": 8, "tie_word_embeddings": false,
            "vocab_size": 128256},
        "vision_config": {"model_type": "mllama_vision_model", "attention_heads": 16, "hidden_size": 1280, "image_size": 560,
            "intermediate_layers_indices": [3, 7, 15, 23, 30], "intermediate_size": 5120, "max_num_tiles": 4, "num_channels": 3,
            "num_global_layers": 8, "num_hidden_layers": 32, "patch_size": 14, "supported_aspect_ratios": shapes,
            "vision_output_dim": 7680}});
    let vision = counted(10_670_220_835, &config);
    assert!(vision.assumptions.is_empty(), "{:?}", vision.assumptions);
    // Its eight layers between those of Llama 3.1 8B keep 1601 patches of four tiles, and nothing of the text.
    let values = |layers: u64, tokens: u64| (layers * tokens * 2 * 8 * 128) as f64;
    let kept = |tokens| {
        let cached = vision.cached_values(tokens, 0);
        cached.growing + cached.state
    };
    assert_eq!(kept(100_000), values(32, 100_000) + values(8, 4 * 1601));
    config["vision_config"]["image_size"] = Value::Null;
    assert_eq!(read(&config).unwrap().assumptions, ["vision_config.image_size = 448"]);
    config["vision_config"]["max_num_tiles"] = json!(1u64 << 40);
    assert!(read(&config).is_err());
}

#[test]
fn states_instead_of_a_cache() {
    // state-spaces/mamba-130m-hf and mamba2-2.7b (whose file names no type); mistralai/Mamba-Codestral-7B-v0.1; ai21labs/Jamba-v0.1;
    // nvidia/NVIDIA-Nemotron-Nano-9B-v2; RWKV/rwkv-4-169m-pile.
    let mamba = json!({"model_type": "mamba", "conv_kernel": 4, "expand": 2, "hidden_size": 768, "intermediate_size": 1536,
        "num_hidden_layers": 24, "state_size": 16, "time_step_rank": 48, "use_bias": false, "use_conv_bias": true, "vocab_size": 50280});
    let cached = counted(129_135_360, &mamba).cached_values(100_000, 0);
    assert_eq!((cached.growing, cached.state), (0.0, 24.0 * 1536.0 * (16.0 + 3.0)));
    let published = json!({"d_model": 2560, "d_intermediate": 0, "n_layer": 64, "vocab_size": 50277, "ssm_cfg": {"layer": "Mamba2"},
        "attn_layer_idx": [], "attn_cfg": {}, "rms_norm": true, "pad_vocab_size_multiple": 16, "tie_embeddings": true});
    counted(2_702_599_680, &published);
    let codestral = json!({"model_type": "mamba2", "conv_kernel": 4, "expand": 2, "head_dim": 64, "hidden_size": 4096, "n_groups": 8,
        "num_heads": 128, "num_hidden_layers": 64, "state_size": 128, "tie_word_embeddings": false, "use_conv_bias": true,
        "vocab_size": 32768});
    counted(7_285_403_648, &codestral);
    let jamba = json!({"model_type": "jamba", "attn_layer_offset": 4, "attn_layer_period": 8, "expert_layer_offset": 1,
        "expert_layer_period": 2, "hidden_size": 4096, "intermediate_size": 14336, "mamba_conv_bias": true, "mamba_d_conv": 4,
        "mamba_d_state": 16, "mamba_dt_rank": 256, "mamba_expand": 2, "mamba_proj_bias": false, "num_attention_heads": 32,
        "num_experts": 16, "num_experts_per_tok": 2, "num_hidden_layers": 32, "num_key_value_heads": 8,
        "tie_word_embeddings": false, "vocab_size": 65536});
    let model = counted(51_570_323_328, &jamba);
    assert!((11.5e9..12.5e9).contains(&(model.active_parameters as f64)));
    assert_eq!(model.cached_values(1000, 0).growing, 4.0 * 2.0 * 1024.0 * 1000.0);
    let nano = json!({"model_type": "nemotron_h", "attention_head_dim": 128, "conv_kernel": 4, "hidden_size": 4480,
        "hybrid_override_pattern": "M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-", "intermediate_size": 15680,
        "mamba_head_dim": 80, "mamba_num_heads": 128, "mlp_hidden_act": "relu2", "n_groups": 8, "num_attention_heads": 40,
        "num_hidden_layers": 56, "num_key_value_heads": 8, "ssm_state_size": 128, "tie_word_embeddings": false, "vocab_size": 131072});
    counted(8_888_227_328, &nano);
    let rwkv = json!({"model_type": "rwkv", "attention_hidden_size": 768, "context_length": 1024, "hidden_size": 768,
        "intermediate_size": 3072, "num_hidden_layers": 12, "tie_word_embeddings": false, "vocab_size": 50277});
    assert_eq!(counted(169_342_464, &rwkv).cached_values(1000, 0).state, 12.0 * 5.0 * 768.0);
}

#[test]
fn pairs_of_stacks() {
    // facebook/bart-base, mbart-large-50, nllb-200-distilled-600M; google/pegasus-large; Helsinki-NLP/opus-mt-en-de.
    let pair = |kind: &str, width: u64, layers: u64, heads: u64, vocab: u64, positions: u64| {
        json!({"model_type": kind, "d_model": width, "decoder_attention_heads": heads, "decoder_ffn_dim": width * 4,
            "decoder_layers": layers, "encoder_attention_heads": heads, "encoder_ffn_dim": width * 4, "encoder_layers": layers,
            "is_encoder_decoder": true, "max_position_embeddings": positions, "vocab_size": vocab})
    };
    let bart = counted(139_420_416, &pair("bart", 768, 6, 12, 50_265, 1024));
    assert_eq!(bart.category, Category::EncoderDecoder);
    assert!(matches!(bart.network, Network::EncoderDecoder { .. }));
    assert_eq!(bart.cached_values(10, 100).growing, 6.0 * 2.0 * 768.0 * 110.0);
    counted(610_879_488, &pair("mbart", 1024, 12, 16, 250_054, 1024));
    counted(615_073_792, &pair("m2m_100", 1024, 12, 16, 256_206, 1024));
    counted(570_797_056, &pair("pegasus", 1024, 16, 16, 96_103, 1024));
    counted(74_410_496, &pair("marian", 512, 6, 8, 58_101, 512));
}

#[test]
fn shapes_that_are_not_known_are_refused_by_what_shows_it() {
    let blip = json!({"model_type": "blip", "projection_dim": 512, "vision_config": {"hidden_size": 768},
        "text_config": {"model_type": "blip_text_model", "hidden_size": 512, "intermediate_size": 2048,
            "num_attention_heads": 8, "num_hidden_layers": 12, "vocab_size": 49408}});
    let decoder = |key: &str, value: Value| {
        let mut config = json!({"model_type": "brand_new", "hidden_size": 4096, "intermediate_size": 14336,
            "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "vocab_size": 32000});
        config[key] = value;
        config
    };
    let cases = [
        (decoder("num_hidden_groups", json!(1)), "brand_new", "num_hidden_groups"),
        (blip, "blip", "text_config"),
        (decoder("attn_config", json!({"heads": 8})), "brand_new", "attn_config"),
        (decoder("mamba_d_state", json!(16)), "brand_new", "mamba_d_state"),
        (decoder("layer_types", json!(["linear_attention"])), "brand_new", "layer_types"),
        (decoder("intermediate_size", Value::Null), "brand_new", "intermediate_size"),
    ];
    for (config, kind, key) in cases {
        let error = read(&config).unwrap_err();
        let (code, given) = (error.code, error.given.as_str());
        assert!(code == ErrorCode::UnknownArchitecture && error.field == key && given.contains(kind), "{error}: {config}");
        assert!(error.to_string().contains("parametersB"), "{error}");
    }
    // What says nothing does not count.
    let empty = decoder("attn_config", json!({}));
    assert_eq!(read(&empty).unwrap().unfamiliar.as_deref(), Some("brand_new"));
}
