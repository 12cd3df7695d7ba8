//! MPT and DBRX, which keep attention and feed-forward part in objects of their own.

use super::keys::Reader;
use crate::error::RequestError;
use crate::model::BlockStyle;
use crate::model::facts::ModelFacts;

/// MPT: GPT-2's block without biases, with ALiBi in place of positions where it says so.
pub fn mpt(facts: &mut ModelFacts, config: &Reader) -> Result<(), RequestError> {
    let attention = Reader::new(config.nested("attn_config")?);
    let biased = !config.flag(&["no_bias"], true)?;
    facts.style = Some(BlockStyle::Gpt2);
    facts.fused_qkv = Some(true);
    (facts.bias, facts.norm_bias) = (Some(biased), Some(biased));
    facts.kv_heads = attention.number(&["kv_n_heads"], 1)?.or(facts.kv_heads);
    if attention.text(&["attn_type"]) == Some("multiquery_attention") {
        facts.kv_heads = Some(1);
    }
    if !attention.flag(&["alibi"], false)? {
        facts.position_rows = facts.max_context;
    }
    if let Some(ratio) = config.number(&["expansion_ratio"], 1)? {
        facts.ffn = facts.hidden.map(|hidden| hidden.saturating_mul(ratio));
    }
    Ok(())
}

/// DBRX: Llama's block with experts.
pub fn dbrx(facts: &mut ModelFacts, config: &Reader) -> Result<(), RequestError> {
    let attention = Reader::new(config.nested("attn_config")?);
    let experts = Reader::new(config.nested("ffn_config")?);
    facts.fused_qkv = Some(true);
    facts.kv_heads = Some(attention.number(&["kv_n_heads"], 1)?.unwrap_or(1));
    facts.experts = Some(experts.number(&["moe_num_experts"], 1)?.unwrap_or(4));
    facts.active_experts = Some(experts.number(&["moe_top_k"], 1)?.unwrap_or(1));
    facts.expert_ffn = Some(experts.number(&["ffn_hidden_size"], 1)?.unwrap_or(3584));
    Ok(())
}
