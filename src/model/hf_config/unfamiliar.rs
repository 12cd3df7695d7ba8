//! Types that are not known: which of them may be read as a Llama, and which must not.

use super::keys::Reader;
use crate::error::RequestError;

/// What every configuration of a Llama-like decoder says.
const NEEDED: [&str; 5] = ["hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "vocab_size"];

/// Objects beside the shape.
const ASIDE: [&str; 10] = [
    "quantization_config",
    "compression_config",
    "rope_scaling",
    "rope_parameters",
    "auto_map",
    "generation_config",
    "id2label",
    "label2id",
    "task_specific_params",
    "pruned_heads",
];

/// What keys of other shapes begin with: states instead of attention, two stacks, shared layers, images, relative positions.
const FOREIGN: [&str; 24] = [
    "mamba_",
    "ssm_",
    "state_size",
    "time_",
    "conv_",
    "rwkv",
    "linear_",
    "lightning",
    "attn_layer_",
    "attn_type_list",
    "full_attn_",
    "layers_block_type",
    "hybrid_",
    "encoder_layers",
    "decoder_layers",
    "num_decoder_layers",
    "embedding_size",
    "num_hidden_groups",
    "type_vocab_size",
    "relative_",
    "position_buckets",
    "patch_size",
    "image_size",
    "cross_attention_",
];

/// Refuses what is no Llama-like decoder: a key of it is missing, or there is one of another shape.
pub fn check(config: &Reader, kind: &str) -> Result<(), RequestError> {
    if let Some(key) = config.first_key(|key, value| (value.is_object() && !ASIDE.contains(&key)) || foreign(key)) {
        return Err(config.not_understood(key, kind));
    }
    let known = ["full_attention", "sliding_attention", "chunked_attention"];
    if config.texts("layer_types").iter().any(|name| !known.contains(name)) {
        return Err(config.not_understood("layer_types", kind));
    }
    match NEEDED.into_iter().find(|key| !config.has(&[*key])) {
        // Without a type the missing number itself is what to ask for.
        Some(key) if !kind.is_empty() => Err(config.not_understood(key, kind)),
        _ => Ok(()),
    }
}

fn foreign(key: &str) -> bool {
    FOREIGN.iter().any(|prefix| key.starts_with(prefix))
}
