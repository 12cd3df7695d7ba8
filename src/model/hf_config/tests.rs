//! What real configurations read as.

use super::*;
use crate::model::Mixer;
use crate::model::WeightFormat;
use crate::model::{Category, Network, Transformer};
use proptest::prelude::*;
use serde_json::json;

fn model(config: &Value) -> Model {
    read(config).unwrap()
}

#[track_caller]
fn counts(config: &Value, parameters: u64) {
    assert_eq!(model(config).parameters, parameters);
}

fn stack(config: &Value) -> Transformer {
    match model(config).network {
        Network::Transformer(stack) => stack,
        other => panic!("{other:?}"),
    }
}

fn llama_3_8b() -> Value {
    json!({"architectures": ["LlamaForCausalLM"], "attention_bias": false, "bos_token_id": 128000, "hidden_act": "silu",
        "hidden_size": 4096, "initializer_range": 0.02, "intermediate_size": 14336, "max_position_embeddings": 8192,
        "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8,
        "pretraining_tp": 1, "rms_norm_eps": 1e-5, "rope_scaling": null, "rope_theta": 500000.0,
        "tie_word_embeddings": false, "torch_dtype": "bfloat16", "use_cache": true, "vocab_size": 128256})
}

#[test]
fn llama() {
    counts(&llama_3_8b(), 8_030_261_248);
    assert_eq!(model(&llama_3_8b()).assumptions, Vec::<String>::new());
}

#[test]
fn qwen() {
    counts(
        &json!({"model_type": "qwen2", "hidden_size": 896, "intermediate_size": 4864, "num_attention_heads": 14,
            "num_hidden_layers": 24, "num_key_value_heads": 2, "vocab_size": 151936, "tie_word_embeddings": true,
            "max_window_layers": 21, "sliding_window": 32768, "use_sliding_window": false, "max_position_embeddings": 32768}),
        494_032_768,
    );
    counts(
        &json!({"model_type": "qwen3", "attention_bias": false, "head_dim": 128, "hidden_size": 1024, "intermediate_size": 3072,
            "num_attention_heads": 16, "num_hidden_layers": 28, "num_key_value_heads": 8, "vocab_size": 151936,
            "tie_word_embeddings": true, "max_position_embeddings": 40960}),
        596_049_920,
    );
    let moe = json!({"model_type": "qwen3_moe", "decoder_sparse_step": 1, "head_dim": 128, "hidden_size": 2048,
        "intermediate_size": 6144, "mlp_only_layers": [], "moe_intermediate_size": 768, "num_attention_heads": 32,
        "num_experts": 128, "num_experts_per_tok": 8, "num_hidden_layers": 48, "num_key_value_heads": 4,
        "tie_word_embeddings": false, "vocab_size": 151936});
    counts(&moe, 30_532_122_624);
    assert!((3.3e9..3.4e9).contains(&(model(&moe).active_parameters as f64)));
    counts(&json!({"model_type": "qwen3_next", "tie_word_embeddings": false}), 79_674_391_296);
}

#[test]
fn nested_hybrids_and_the_first_qwen() {
    let hybrid = json!({"model_type": "qwen3_5", "vision_config": {}, "text_config": {"model_type": "qwen3_5_text",
        "hidden_size": 5120, "intermediate_size": 17408, "num_hidden_layers": 64, "num_attention_heads": 24,
        "num_key_value_heads": 4, "head_dim": 256, "vocab_size": 248320, "linear_num_value_heads": 48,
        "linear_num_key_heads": 16, "full_attention_interval": 4, "tie_word_embeddings": false}});
    counts(&hybrid, 26_895_998_464);
    assert_eq!(model(&hybrid).cached_values(1000, 0).growing, 2.0 * 16.0 * 1024.0 * 1000.0);
    assert_eq!(model(&hybrid).assumptions, ["vision_config = 0"]);
    counts(
        &json!({"model_type": "qwen", "hidden_size": 4096, "intermediate_size": 22016, "num_attention_heads": 32,
            "num_hidden_layers": 32, "vocab_size": 151936, "kv_channels": 128, "seq_length": 8192, "no_bias": true,
            "tie_word_embeddings": false}),
        7_721_324_544,
    );
}

#[test]
fn gemma() {
    let gemma2 = json!({"model_type": "gemma2", "attn_logit_softcapping": 50.0, "head_dim": 256, "hidden_size": 2304,
        "hidden_activation": "gelu_pytorch_tanh", "intermediate_size": 9216, "num_attention_heads": 8, "num_hidden_layers": 26,
        "num_key_value_heads": 4, "sliding_window": 4096, "vocab_size": 256000, "max_position_embeddings": 8192});
    counts(&gemma2, 2_614_341_888);
    assert!(stack(&gemma2).soft_capped);
    assert_eq!(model(&gemma2).assumptions, ["tie_word_embeddings = true"]);
    let gemma3 = json!({"model_type": "gemma3", "vision_config": {"hidden_size": 1152}, "text_config": {
        "model_type": "gemma3_text", "hidden_size": 5376, "intermediate_size": 21504, "num_hidden_layers": 62,
        "num_attention_heads": 32, "num_key_value_heads": 16, "head_dim": 128, "sliding_window": 1024}});
    counts(&gemma3, 27_009_346_304);
    let global: u64 = stack(&gemma3)
        .layers
        .iter()
        .filter(|group| matches!(group.mixer, Mixer::Attention { window: None, .. }))
        .map(|group| group.count)
        .sum();
    assert_eq!(global, 10);
}

#[test]
fn experts_and_latent_attention() {
    counts(
        &json!({"model_type": "mixtral", "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32,
            "num_experts_per_tok": 2, "num_hidden_layers": 32, "num_key_value_heads": 8, "num_local_experts": 8,
            "sliding_window": null, "tie_word_embeddings": false, "vocab_size": 32000}),
        46_702_792_704,
    );
    let deepseek = json!({"model_type": "deepseek_v3", "first_k_dense_replace": 3, "hidden_size": 7168,
        "intermediate_size": 18432, "kv_lora_rank": 512, "max_position_embeddings": 163840, "moe_intermediate_size": 2048,
        "n_routed_experts": 256, "n_shared_experts": 1, "num_attention_heads": 128, "num_experts_per_tok": 8,
        "num_hidden_layers": 61, "num_key_value_heads": 128, "q_lora_rank": 1536, "qk_nope_head_dim": 128,
        "qk_rope_head_dim": 64, "quantization_config": {"quant_method": "fp8"}, "tie_word_embeddings": false,
        "v_head_dim": 128, "vocab_size": 129280});
    counts(&deepseek, 671_026_419_200);
    assert_eq!(model(&deepseek).released_weights, Some(WeightFormat::Fp8));
    assert!(stack(&deepseek).layers.iter().all(|group| matches!(group.mixer, Mixer::Latent { cached: 576, .. })));
    counts(
        &json!({"model_type": "gpt_oss", "num_hidden_layers": 24, "num_local_experts": 32, "tie_word_embeddings": false}),
        20_914_757_184,
    );
}

#[test]
fn older_decoders() {
    counts(
        &json!({"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024, "vocab_size": 50257}),
        124_439_808,
    );
    counts(
        &json!({"model_type": "gpt_neox", "hidden_size": 512, "intermediate_size": 2048, "num_attention_heads": 8,
            "num_hidden_layers": 6, "tie_word_embeddings": false, "vocab_size": 50304}),
        70_426_624,
    );
    counts(&json!({"model_type": "opt"}), 125_239_296);
    counts(&json!({"model_type": "falcon", "bias": false, "multi_query": true, "parallel_attn": true}), 6_921_720_704);
    counts(
        &json!({"model_type": "chatglm", "add_qkv_bias": true, "ffn_hidden_size": 13696, "hidden_size": 4096, "kv_channels": 128,
            "multi_query_attention": true, "multi_query_group_num": 2, "num_attention_heads": 32, "num_layers": 28,
            "padded_vocab_size": 65024, "seq_length": 8192, "tie_word_embeddings": false}),
        6_243_584_000,
    );
    counts(&json!({"model_type": "bloom", "hidden_size": 4096, "n_layer": 30, "n_head": 32, "vocab_size": 250880}), 7_069_016_064);
}

#[test]
fn newer_decoders() {
    counts(
        &json!({"model_type": "phi3", "hidden_size": 3072, "sliding_window": 2047, "vocab_size": 32064, "tie_word_embeddings": false}),
        3_821_079_552,
    );
    counts(
        &json!({"model_type": "olmo2", "hidden_size": 4096, "intermediate_size": 11008, "vocab_size": 100352, "tie_word_embeddings": false}),
        7_298_617_344,
    );
    counts(
        &json!({"model_type": "starcoder2", "hidden_size": 3072, "intermediate_size": 12288, "num_hidden_layers": 30,
            "num_attention_heads": 24, "num_key_value_heads": 2, "vocab_size": 49152, "use_bias": true}),
        3_030_371_328,
    );
    counts(
        &json!({"model_type": "stablelm", "hidden_size": 2560, "intermediate_size": 6912, "num_hidden_layers": 32,
            "num_attention_heads": 32, "num_key_value_heads": 32, "vocab_size": 50304, "use_qkv_bias": false,
            "tie_word_embeddings": false}),
        2_795_443_200,
    );
    counts(
        &json!({"model_type": "cohere", "hidden_size": 8192, "intermediate_size": 22528, "num_hidden_layers": 40,
            "num_attention_heads": 64, "num_key_value_heads": 64, "vocab_size": 256000}),
        34_980_831_232,
    );
    counts(
        &json!({"model_type": "glm4", "attention_bias": true, "hidden_size": 4096, "num_hidden_layers": 40, "tie_word_embeddings": false}),
        9_400_279_040,
    );
}

#[test]
fn encoders_and_pairs_of_stacks() {
    let bert = json!({"model_type": "bert"});
    counts(&bert, 109_482_240);
    assert_eq!(model(&bert).category, Category::Encoder);
    counts(
        &json!({"model_type": "roberta", "max_position_embeddings": 514, "type_vocab_size": 1, "vocab_size": 50265}),
        124_645_632,
    );
    counts(&json!({"model_type": "t5", "d_model": 768, "d_ff": 3072, "num_layers": 12, "num_heads": 12}), 222_903_552);
    counts(
        &json!({"model_type": "t5", "d_model": 768, "d_ff": 2048, "num_layers": 12, "num_heads": 12,
            "feed_forward_proj": "gated-gelu", "tie_word_embeddings": false}),
        247_577_856,
    );
    counts(&json!({"model_type": "vit"}), 86_567_656);
    counts(
        &json!({"model_type": "whisper", "d_model": 384, "encoder_layers": 4, "decoder_layers": 4, "vocab_size": 51865}),
        37_760_640,
    );
    counts(&json!({"model_type": "wav2vec2", "feat_extract_norm": "group"}), 94_371_712);
}

#[test]
fn an_unknown_type_is_read_as_a_llama_and_says_so() {
    let mut config = llama_3_8b();
    config["model_type"] = json!("brand_new");
    counts(&config, 8_030_261_248);
    assert_eq!(model(&config).unfamiliar.as_deref(), Some("brand_new"));
    assert_eq!(model(&config).assumptions, Vec::<String>::new());
    config["model_type"] = Value::Null;
    assert_eq!(model(&config).unfamiliar, None);
    assert_eq!(model(&config).assumptions, ["model_type = llama"]);
}

#[test]
fn refusals_name_the_key() {
    let refused = |key: &str, value: Value| {
        let mut config = llama_3_8b();
        config[key] = value;
        read(&config).unwrap_err()
    };
    for (key, value) in [
        ("hidden_size", json!("4096")),
        ("hidden_size", json!(0)),
        ("hidden_size", json!(-1)),
        ("hidden_size", json!(4096.5)),
        ("hidden_size", json!(1e300)),
        ("num_hidden_layers", json!(u64::MAX)),
        ("num_hidden_layers", json!(1_000_000)),
        ("vocab_size", json!([])),
        ("num_attention_heads", json!({})),
        ("tie_word_embeddings", json!("no")),
    ] {
        assert_eq!(refused(key, value.clone()).field, key, "{value}");
    }
    for garbage in [json!(null), json!([]), json!(3), json!("config")] {
        assert_eq!(read(&garbage).unwrap_err().code, ErrorCode::UnreadableConfig);
    }
    assert_eq!(read(&json!({})).unwrap_err().field, "hidden_size");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0_u64..200_000).prop_map(Value::from),
        "[a-z_]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Value::from))
}

fn any_config() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "num_key_value_heads",
        "head_dim",
        "intermediate_size",
        "vocab_size",
        "max_position_embeddings",
        "tie_word_embeddings",
        "sliding_window",
        "layer_types",
        "num_experts",
        "num_experts_per_tok",
        "moe_intermediate_size",
        "kv_lora_rank",
        "q_lora_rank",
        "n_shared_experts",
        "text_config",
        "quantization_config",
        "image_size",
        "patch_size",
        "d_model",
        "d_ff",
        "num_layers",
        "type_vocab_size",
        "attn_config",
        "ffn_config",
        "ssm_cfg",
        "state_size",
        "mamba_dt_rank",
        "expert_layer_period",
        "hybrid_override_pattern",
        "embedding_size",
        "vision_config",
        "projection_dim",
        "num_hidden_groups",
        "inner_group_num",
        "pos_att_type",
        "position_buckets",
        "encoder_layers",
    ]);
    let kind = prop::sample::select(vec![
        "llama",
        "mixtral",
        "qwen2_moe",
        "qwen3_next",
        "gemma2",
        "gemma3",
        "gpt2",
        "falcon",
        "opt",
        "bloom",
        "bert",
        "t5",
        "whisper",
        "vit",
        "wav2vec2",
        "deepseek_v3",
        "gpt_oss",
        "olmo2",
        "mpt",
        "dbrx",
        "jamba",
        "mamba",
        "mamba2",
        "nemotron_h",
        "rwkv",
        "bart",
        "electra",
        "albert",
        "clip",
        "clip_text_model",
        "siglip",
        "siglip_vision_model",
        "deberta",
        "deberta-v2",
        "modernbert",
        "unknown",
    ]);
    (kind, prop::collection::vec((key, any_json()), 0..10)).prop_map(|(kind, fields)| {
        let mut config = serde_json::Map::new();
        config.insert("model_type".to_owned(), json!(kind));
        config.extend(fields.into_iter().map(|(key, value)| (key.to_owned(), value)));
        Value::Object(config)
    })
}

proptest! {
    #[test]
    fn no_json_makes_the_reader_panic(value in any_json()) {
        let _ = read(&value);
    }

    #[test]
    fn what_is_accepted_is_a_bounded_model(config in any_config()) {
        if let Ok(model) = read(&config) {
            prop_assert!(model.parameters > 0 && model.parameters <= 1_000_000_000_000_000);
            prop_assert!(model.active_parameters <= model.parameters);
        }
    }
}

#[test]
fn a_pasted_model_is_called_by_where_it_came_from_or_by_its_type_and_size() {
    assert_eq!(called("Qwen/Qwen2-7B", "qwen2", 7_615_616_512), "Qwen2-7B");
    assert_eq!(called("C:\\models\\mine\\", "llama", 1), "mine");
    assert_eq!(called("", "qwen2", 7_615_616_512), "qwen2, 7.6B");
    assert_eq!(called("/", "", 124_439_808), "config.json, 124M");
}
