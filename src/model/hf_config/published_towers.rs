//! Configurations of CLIP and SigLIP as their makers publish them, with the number of weights of their checkpoints.

use super::published::counted;
use super::read;
use crate::model::{Category, Input, Network};
use serde_json::{Value, json};

/// A tower that sees: width, layers, heads, inner width, patch, side.
fn sees(kind: &str, [hidden, layers, heads, ffn, patch, side]: [u64; 6], act: &str) -> Value {
    json!({"model_type": kind, "hidden_act": act, "hidden_size": hidden, "image_size": side, "intermediate_size": ffn,
        "num_attention_heads": heads, "num_hidden_layers": layers, "patch_size": patch})
}

/// A tower that reads: width, layers, heads, inner width.
fn reads(kind: &str, [hidden, layers, heads, ffn]: [u64; 4], act: &str) -> Value {
    json!({"model_type": kind, "hidden_act": act, "hidden_size": hidden, "intermediate_size": ffn, "max_position_embeddings": 77,
        "num_attention_heads": heads, "num_hidden_layers": layers, "vocab_size": 49408})
}

fn clip(vision: [u64; 6], text: [u64; 4], projection: u64, act: &str) -> Value {
    json!({"model_type": "clip", "projection_dim": projection, "vision_config": sees("clip_vision_model", vision, act),
        "text_config": reads("clip_text_model", text, act)})
}

/// openai/clip-vit-base-patch32 and -large-patch14 (as OpenAI's notebook prints it), laion/CLIP-ViT-H-14-laion2B-s32B-b79K.
#[test]
fn both_towers_of_clip() {
    let base = counted(151_277_313, &clip([768, 12, 12, 3072, 32, 224], [512, 12, 8, 2048], 512, "quick_gelu"));
    counted(427_616_513, &clip([1024, 24, 16, 4096, 14, 224], [768, 12, 12, 3072], 768, "quick_gelu"));
    counted(986_109_441, &clip([1280, 32, 16, 5120, 14, 224], [1024, 24, 16, 4096], 1024, "gelu"));
    assert_eq!((base.category, base.layers()), (Category::Vision, 24));
    // OpenAI's paper has 4.4 billion multiply-adds for the image; 77 tokens of text pass 37.8 million weights.
    let (text, tokens) = base.text_beside().unwrap();
    assert_eq!(tokens, 77.0);
    let flops = base.forward_flops(1, 50, 0).get();
    let of_text = text.forward_flops(77.0, 0.0).get();
    assert!((of_text / (2.0 * 77.0 * 37.8e6) - 1.0).abs() < 0.03, "{of_text}");
    assert!(((flops - of_text) / 2.0 / 4.4e9 - 1.0).abs() < 0.03, "{flops}");
}

/// The text encoders of Stable Diffusion 1.5 and XL, the image encoder of openai/clip-vit-base-patch32.
#[test]
fn towers_of_clip_alone() {
    let text = counted(123_060_480, &reads("clip_text_model", [768, 12, 12, 3072], "quick_gelu"));
    assert_eq!((text.category, text.max_context, text.has_vocabulary()), (Category::Encoder, Some(77), false));
    let mut projected = reads("clip_text_model", [1280, 32, 20, 5120], "gelu");
    (projected["architectures"], projected["projection_dim"]) = (json!(["CLIPTextModelWithProjection"]), json!(1280));
    counted(694_659_840, &projected);
    let image = counted(87_456_000, &sees("clip_vision_model", [768, 12, 12, 3072, 32, 224], "quick_gelu"));
    let Network::Transformer(stack) = &image.network else { panic!("a stack") };
    assert_eq!(stack.input, Input::Patches { patch: 32, tokens: 50 });
}

/// google/siglip-base-patch16-224, whose file leaves its classes' own sizes out, and siglip-so400m-patch14-384.
#[test]
fn both_towers_of_siglip() {
    let base = json!({"model_type": "siglip", "text_config": {"model_type": "siglip_text_model"},
        "vision_config": {"model_type": "siglip_vision_model"}});
    let model = counted(203_155_970, &base);
    assert!(model.assumptions.contains(&"vision_config.patch_size = 16".to_owned()), "{:?}", model.assumptions);
    assert_eq!(model.text_beside().unwrap().1, 64.0);
    let sizes = |more: Value| {
        let mut sizes = json!({"hidden_size": 1152, "intermediate_size": 4304, "num_attention_heads": 16, "num_hidden_layers": 27});
        sizes.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        sizes
    };
    let so400m = json!({"model_type": "siglip", "text_config": sizes(json!({"model_type": "siglip_text_model"})),
        "vision_config": sizes(json!({"model_type": "siglip_vision_model", "image_size": 384, "patch_size": 14}))});
    counted(877_960_498, &so400m);
    counted(428_225_600, &so400m["vision_config"]);
}

#[test]
fn what_a_tower_cannot_be_is_refused_by_its_key() {
    let config = |key: &str, value: Value| {
        let mut config = clip([768, 12, 12, 3072, 32, 224], [512, 12, 8, 2048], 512, "quick_gelu");
        config["vision_config"][key] = value;
        config
    };
    for (key, value) in [("hidden_size", json!("wide")), ("patch_size", json!(0)), ("num_hidden_layers", json!(1u64 << 39))] {
        assert_eq!(read(&config(key, value)).unwrap_err().field, key);
    }
    let mut wide = config("hidden_size", json!(768));
    wide["projection_dim"] = json!(1u64 << 40);
    assert_eq!(read(&wide).unwrap_err().field, "projection_dim");
}
