//! The format that weights are released in, by the `quantization_config` of a configuration.

use super::keys::Reader;
use crate::document::Keyword;
use crate::model::WeightFormat;

/// Storage that `quantization_config` names.
pub fn released_weights(config: &Reader) -> Option<WeightFormat> {
    let quantization = Reader::new(config.object("quantization_config").or_else(|| config.object("compression_config"))?);
    let method = quantization.text(&["quant_method"])?;
    let bits = quantization.number(&["bits"], 1).ok().flatten();
    match (method, bits.unwrap_or(4)) {
        ("gptq", 8) => Some(WeightFormat::Gptq8),
        ("gptq", 4) => Some(WeightFormat::Gptq4),
        ("awq", 4) => Some(WeightFormat::Awq4),
        ("auto-round" | "intel/auto-round", 4) => Some(WeightFormat::Gptq4),
        ("bitsandbytes", _) => bitsandbytes(&quantization),
        ("fbgemm_fp8", _) => Some(WeightFormat::Fp8),
        ("modelopt" | "modelopt_fp4", _) => match quantization.text(&["quant_algo"])? {
            "FP8" => Some(WeightFormat::Fp8),
            "NVFP4" | "W4A16_NVFP4" | "NVFP4_AWQ" => Some(WeightFormat::Nvfp4),
            _ => None,
        },
        ("fp8", _) if config.text(&["expert_dtype"]) == Some("fp4") => Some(WeightFormat::Mxfp4Fp8),
        ("compressed-tensors", _) => compressed(&quantization),
        _ => WeightFormat::from_name(method),
    }
}

/// What bitsandbytes stored: eight bits, or four as NF4 (FP4 takes as much), with constants in 32 bits or quantised themselves.
fn bitsandbytes(quantization: &Reader) -> Option<WeightFormat> {
    let double = quantization.flag(&["bnb_4bit_use_double_quant"], false).ok()?;
    if quantization.flag(&["load_in_4bit"], false).ok()? {
        return Some(if double { WeightFormat::Nf4Double } else { WeightFormat::Nf4 });
    }
    quantization.flag(&["load_in_8bit"], false).ok()?.then_some(WeightFormat::Int8)
}

/// What compressed-tensors has: groups of layers, each with the scheme of its weights, of which the narrowest says what the model
/// is stored in. Integers of four bits are packed as GPTQ packs them, those of eight take as much as its; where attention is left
/// out, the layers in few bits are the experts (Kimi K2). Floats of four bits are NVFP4 where sixteen share a scale, and with other
/// scales none of the formats here.
fn compressed(quantization: &Reader) -> Option<WeightFormat> {
    let schemes = quantization.object("config_groups")?.values();
    let weights = schemes.filter_map(|scheme| Some(Reader::new(Reader::new(scheme.as_object()?).object("weights")?)));
    let described = weights.filter_map(|weights| {
        let size = weights.number(&["group_size"], 1).ok().flatten();
        Some((weights.number(&["num_bits"], 1).ok()??, weights.text(&["type"])?, size))
    });
    let of_experts = quantization.texts("ignore").iter().any(|layers| layers.contains("self_attn"));
    match described.min_by_key(|(bits, ..)| *bits)? {
        (4, "int", _) if of_experts => Some(WeightFormat::Int4Experts),
        (4, "int", _) => Some(WeightFormat::Gptq4),
        (4, "float", Some(16)) => Some(WeightFormat::Nvfp4),
        (8, "int", _) => Some(WeightFormat::Gptq8),
        (8, "float", _) => Some(WeightFormat::Fp8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn released(quantization: Value) -> Option<WeightFormat> {
        let config = json!({ "quantization_config": quantization });
        released_weights(&Reader::new(config.as_object().unwrap()))
    }

    fn scheme(bits: u64, kind: &str, ignored: &[&str]) -> Value {
        json!({"quant_method": "compressed-tensors", "format": "pack-quantized", "ignore": ignored,
            "config_groups": {"group_0": {"targets": ["Linear"], "input_activations": null,
                "weights": {"num_bits": bits, "type": kind, "symmetric": true, "group_size": 128, "strategy": "group"}}}})
    }

    #[test]
    fn compressed_tensors_are_read_by_the_scheme_of_their_weights() {
        assert_eq!(released(scheme(4, "int", &["lm_head"])), Some(WeightFormat::Gptq4));
        assert_eq!(released(scheme(8, "int", &["lm_head"])), Some(WeightFormat::Gptq8));
        assert_eq!(released(scheme(8, "float", &["lm_head"])), Some(WeightFormat::Fp8));
        assert_eq!(released(scheme(4, "int", &["lm_head", "re:.*self_attn.*"])), Some(WeightFormat::Int4Experts));
        // Floats of four bits in groups of 128 are none of the formats there are.
        assert_eq!(released(scheme(4, "float", &["lm_head"])), None);
        // Of several groups the narrowest has most of the weights.
        let mut mixed = scheme(8, "float", &["lm_head"]);
        mixed["config_groups"]["group_1"] = scheme(4, "int", &[])["config_groups"]["group_0"].clone();
        assert_eq!(released(mixed), Some(WeightFormat::Gptq4));
    }

    #[test]
    fn other_methods_are_read_by_what_they_say_of_their_bits() {
        let bits = |of: Value| released(of);
        assert_eq!(bits(json!({"quant_method": "bitsandbytes", "load_in_8bit": true})), Some(WeightFormat::Int8));
        let four = json!({"quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_quant_type": "nf4"});
        assert_eq!(bits(four.clone()), Some(WeightFormat::Nf4));
        let mut double = four;
        double["bnb_4bit_use_double_quant"] = json!(true);
        assert_eq!(bits(double), Some(WeightFormat::Nf4Double));
        assert_eq!(bits(json!({"quant_method": "awq", "bits": 4, "group_size": 128, "version": "gemm"})), Some(WeightFormat::Awq4));
        assert_eq!(bits(json!({"quant_method": "gptq", "bits": 8})), Some(WeightFormat::Gptq8));
        assert_eq!(bits(json!({"quant_method": "auto-round", "bits": 4})), Some(WeightFormat::Gptq4));
        assert_eq!(bits(json!({"quant_method": "mxfp4"})), Some(WeightFormat::Mxfp4));
        assert_eq!(bits(json!({"quant_method": "fp8", "weight_block_size": [128, 128]})), Some(WeightFormat::Fp8));
        assert_eq!(bits(json!({"quant_method": "modelopt", "quant_algo": "FP8"})), Some(WeightFormat::Fp8));
        assert_eq!(bits(json!({"quant_method": "modelopt", "quant_algo": "W4A8_AWQ"})), None);
    }

    /// As ModelOpt writes it (nvidia/Llama-3.1-8B-Instruct-FP4) and llm-compressor (RedHatAI/Llama-3.1-8B-Instruct-NVFP4).
    #[test]
    fn nvfp4_is_known_by_both_of_its_writers() {
        let four = json!({"dynamic": false, "num_bits": 4, "type": "float", "group_size": 16});
        let group = json!({"input_activations": four, "weights": four, "targets": ["Linear"]});
        let modelopt = json!({"config_groups": {"group_0": group}, "ignore": ["lm_head"], "quant_algo": "NVFP4",
            "kv_cache_scheme": {"dynamic": false, "num_bits": 8, "type": "float"},
            "producer": {"name": "modelopt", "version": "0.35.0"}, "quant_method": "modelopt"});
        assert_eq!(released(modelopt.clone()), Some(WeightFormat::Nvfp4));
        for (key, value) in [("quant_method", "modelopt_fp4"), ("quant_algo", "W4A16_NVFP4")] {
            let mut other = modelopt.clone();
            other[key] = json!(value);
            assert_eq!(released(other), Some(WeightFormat::Nvfp4), "{value}");
        }
        let mut packed = scheme(4, "float", &["lm_head"]);
        packed["format"] = json!("nvfp4-pack-quantized");
        let weights = &mut packed["config_groups"]["group_0"]["weights"];
        (weights["strategy"], weights["group_size"]) = (json!("tensor_group"), json!(16));
        assert_eq!(released(packed), Some(WeightFormat::Nvfp4));
    }

    #[test]
    fn what_is_not_understood_is_not_guessed() {
        for odd in [
            json!({"quant_method": "compressed-tensors"}),
            json!({"quant_method": "compressed-tensors", "config_groups": {}}),
            json!({"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights": {"num_bits": "four"}}}}),
            json!({"quant_method": "compressed-tensors", "config_groups": ["group_0"]}),
            json!({"quant_method": 4}),
        ] {
            assert_eq!(released(odd.clone()), None, "{odd}");
        }
    }
}
