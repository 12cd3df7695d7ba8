//! Experts and latent attention in a configuration.

use super::keys::Reader;
use crate::error::RequestError;
use crate::model::facts::ModelFacts;

/// Reads the expert keys of Mixtral, Qwen, DeepSeek, GLM and gpt-oss, and the ranks of latent attention.
pub fn read(facts: &mut ModelFacts, config: &mut Reader, kind: &str) -> Result<(), RequestError> {
    latent(facts, config, kind)?;
    let class_experts = match kind {
        "mixtral" => Some(8),
        "jamba" | "phimoe" | "llama4" => Some(16),
        "olmoe" => Some(64),
        "qwen2_moe" => Some(60),
        "qwen3_moe" | "gpt_oss" | "glm4_moe" => Some(128),
        "qwen3_next" => Some(512),
        "deepseek_v3" => Some(256),
        _ => None,
    };
    let keys = ["num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"];
    let experts = match config.number(&keys, 0)? {
        None if class_experts.is_some() => Some(config.size(&keys, class_experts)?),
        found => found,
    };
    let Some(experts) = experts.filter(|count| *count > 0) else { return Ok(()) };
    let class_active = match kind {
        "qwen3_moe" | "deepseek_v3" | "glm4_moe" | "olmoe" => 8,
        "llama4" => 1,
        "qwen3_next" => 10,
        "qwen2_moe" | "gpt_oss" => 4,
        _ => 2,
    };
    facts.experts = Some(experts);
    facts.active_experts = Some(config.size(&["num_experts_per_tok", "experts_per_token", "moe_topk"], Some(class_active))?);
    let class_width = match kind {
        "qwen2_moe" | "glm4_moe" => Some(1408),
        "qwen3_moe" => Some(768),
        "qwen3_next" => Some(512),
        "deepseek_v3" => Some(2048),
        _ => facts.ffn,
    };
    facts.expert_ffn = match kind {
        "mixtral" | "gpt_oss" | "jamba" | "phimoe" | "olmoe" | "llama4" => facts.ffn,
        _ => Some(config.size(&["moe_intermediate_size", "expert_ffn_hidden_size"], class_width)?),
    };
    facts.shared_experts = config.number(&["n_shared_experts", "num_shared_experts"], 0)?.or(match kind {
        "deepseek_v3" | "glm4_moe" | "llama4" => Some(1),
        _ => None,
    });
    facts.shared_ffn = config.number(&["shared_expert_intermediate_size"], 0)?.or(match kind {
        "qwen2_moe" => Some(5632),
        "qwen3_next" => Some(512),
        _ => None,
    });
    facts.first_dense_layers = config.number(&["first_k_dense_replace"], 0)?.or(match kind {
        "deepseek_v3" => Some(3),
        "glm4_moe" => Some(1),
        _ => None,
    });
    let only_dense = config.numbers("mlp_only_layers");
    if facts.first_dense_layers.is_none() && !only_dense.is_empty() && (0..).zip(&only_dense).all(|(index, layer)| index == *layer)
    {
        facts.first_dense_layers = u64::try_from(only_dense.len()).ok();
    }
    facts.dense_every = config.number(&["decoder_sparse_step", "interleave_moe_layer_step"], 1)?.filter(|step| *step == 2);
    Ok(())
}

fn latent(facts: &mut ModelFacts, config: &mut Reader, kind: &str) -> Result<(), RequestError> {
    let deepseek = matches!(kind, "deepseek_v2" | "deepseek_v3");
    let rank = config.number(&["kv_lora_rank"], 1)?;
    if rank.is_none() && !deepseek {
        return Ok(());
    }
    facts.kv_lora_rank = Some(config.size(&["kv_lora_rank"], Some(512))?);
    facts.qk_nope_dim = Some(config.size(&["qk_nope_head_dim"], Some(128))?);
    facts.qk_rope_dim = Some(config.size(&["qk_rope_head_dim"], Some(64))?);
    facts.v_head_dim = Some(config.size(&["v_head_dim"], Some(128))?);
    facts.q_lora_rank = config.number(&["q_lora_rank"], 1)?;
    facts.indexer_heads = config.number(&["index_n_heads"], 1)?;
    facts.indexer_dim = config.number(&["index_head_dim"], 1)?;
    facts.indexer_topk = config.number(&["index_topk"], 1)?;
    Ok(())
}
