//! What the classes of each `model_type` do that no key of a configuration says.

use super::keys::Reader;
use super::{encoders, nested, recurrent};
use crate::error::RequestError;
use crate::model::BlockStyle;
use crate::model::count::attention::QkNorm;
use crate::model::count::recurrent::RecurrentKind;
use crate::model::facts::{Activation, ModelFacts};

/// Fills in style, biases, norms and positions.
pub fn conventions(facts: &mut ModelFacts, kind: &str, config: &Reader) -> Result<(), RequestError> {
    let attention_bias = config.flag(&["attention_bias", "use_bias", "bias"], false)?;
    match kind {
        "qwen" => (facts.qkv_bias, facts.fused_qkv) = (Some(true), Some(true)),
        "qwen2" | "qwen2_moe" => facts.qkv_bias = Some(config.flag(&["qkv_bias"], true)?),
        "qwen3" | "qwen3_moe" | "qwen3_next" | "qwen3_5" => facts.qk_norm = Some(QkNorm::Head),
        "gemma2" => (facts.style, facts.soft_capped) = (Some(BlockStyle::Gemma), Some(true)),
        "gemma3" => (facts.style, facts.qk_norm) = (Some(BlockStyle::Gemma), Some(QkNorm::Head)),
        "phi3" | "baichuan" | "internlm2" => facts.fused_qkv = Some(true),
        "chatglm" => {
            facts.fused_qkv = Some(true);
            facts.qkv_bias = Some(config.flag(&["add_qkv_bias"], true)?);
        }
        "glm" | "glm4" => {
            facts.qkv_bias = Some(attention_bias);
            facts.norms = Some(if kind == "glm4" { 4 } else { 2 });
        }
        "glm4_moe" => {
            facts.qkv_bias = Some(attention_bias);
            facts.qk_norm = config.flag(&["use_qk_norm"], false)?.then_some(QkNorm::Head);
        }
        "gpt2" | "bloom" => {
            facts.style = Some(BlockStyle::Gpt2);
            facts.fused_qkv = Some(true);
            facts.embedding_norm = Some(kind == "bloom");
        }
        "gptj" | "codegen" => {
            facts.style = Some(BlockStyle::ParallelBlock);
            facts.fused_qkv = Some(kind == "codegen");
            (facts.qkv_bias, facts.output_bias) = (Some(false), Some(false));
            (facts.norms, facts.head_bias) = (Some(1), Some(true));
        }
        "phi" => {
            facts.style = Some(BlockStyle::ParallelBlock);
            (facts.norms, facts.head_bias) = (Some(1), Some(true));
        }
        "gpt_neo" => {
            facts.style = Some(BlockStyle::Gpt2);
            (facts.qkv_bias, facts.full_offset) = (Some(false), Some(0));
        }
        "gpt_bigcode" => (facts.style, facts.fused_qkv) = (Some(BlockStyle::Gpt2), Some(true)),
        "mpt" => nested::mpt(facts, config)?,
        "dbrx" => nested::dbrx(facts, config)?,
        "jamba" => recurrent::jamba(facts, config)?,
        "nemotron_h" => recurrent::nemotron_h(facts, config)?,
        "nemotron" => (facts.norm_bias, facts.activation) = (Some(true), Some(Activation::Relu2)),
        // Its norms have no weights.
        "olmo" => (facts.norms, facts.final_norm) = (Some(0), Some(false)),
        "llama4" => {
            facts.dense_ffn = config.number(&["intermediate_size_mlp"], 1)?;
            facts.chunked_attention = config.number(&["attention_chunk_size"], 1)?.or(Some(8192));
            facts.full_every = Some(config.number(&["no_rope_layer_interval"], 1)?.unwrap_or(4));
        }
        "phimoe" => {
            facts.norm_bias = Some(true);
            (facts.qkv_bias, facts.output_bias) = (Some(attention_bias), Some(attention_bias));
            facts.head_bias = Some(config.flag(&["lm_head_bias"], false)?);
        }
        "modernbert" => encoders::modernbert(facts),
        "electra" => encoders::electra(facts, config)?,
        "albert" => encoders::albert(facts, config)?,
        "deberta" => encoders::deberta(facts, config)?,
        "deberta-v2" => encoders::deberta_v2(facts, config)?,
        "gpt_neox" => {
            facts.style = Some(BlockStyle::ParallelBlock);
            facts.fused_qkv = Some(true);
            facts.qkv_bias = Some(config.flag(&["attention_bias"], true)?);
            facts.output_bias = facts.qkv_bias;
        }
        "falcon" => {
            facts.style = Some(BlockStyle::ParallelBlock);
            facts.fused_qkv = Some(true);
            facts.bias = Some(attention_bias);
            let two = config.flag(&["new_decoder_architecture"], false)? || !config.flag(&["parallel_attn"], true)?;
            facts.norms = Some(if two { 2 } else { 1 });
        }
        "opt" => {
            facts.style = Some(BlockStyle::Opt);
            facts.bias = Some(config.flag(&["enable_bias"], true)?);
            facts.final_norm = Some(config.flag(&["do_layer_norm_before"], true)?);
            facts.embedding_dim = config.number(&["word_embed_proj_dim"], 1)?;
        }
        "olmo2" | "olmoe" => facts.qk_norm = Some(QkNorm::Full),
        "stablelm" => {
            facts.norm_bias = Some(true);
            facts.qkv_bias = Some(config.flag(&["use_qkv_bias"], false)?);
            if config.flag(&["use_parallel_residual"], false)? {
                facts.norms = Some(1);
            }
        }
        "starcoder2" => {
            facts.norm_bias = Some(true);
            facts.bias = Some(config.flag(&["use_bias"], true)?);
            facts.activation = Some(Activation::Gelu);
        }
        "cohere" => {
            facts.norms = Some(1);
            facts.qk_norm = config.flag(&["use_qk_norm"], false)?.then_some(QkNorm::Full);
        }
        "gpt_oss" => {
            facts.qkv_bias = Some(config.flag(&["attention_bias"], true)?);
            facts.output_bias = facts.qkv_bias;
            facts.attn_sinks = Some(true);
            facts.expert_bias = Some(true);
        }
        "deepseek_v3" => facts.router_bias = Some(true),
        "bert" | "roberta" | "xlm-roberta" | "distilbert" => encoders::bert(facts, kind, config)?,
        _ => {}
    }
    if matches!(kind, "llama" | "mistral" | "granite" | "internlm2" | "internlm3" | "olmo2" | "cohere") {
        facts.qkv_bias = Some(attention_bias);
        facts.output_bias = Some(attention_bias);
        facts.bias = Some(config.flag(&["mlp_bias"], false)?);
    }
    if matches!(kind, "qwen3_next" | "qwen3_5") {
        qwen3_next(facts, config)?;
    }
    if matches!(kind, "qwen2_moe" | "qwen3_next") {
        facts.shared_gate = Some(true);
    }
    Ok(())
}

fn qwen3_next(facts: &mut ModelFacts, config: &Reader) -> Result<(), RequestError> {
    facts.attn_gate = Some(true);
    facts.linear_type = Some(RecurrentKind::GatedDeltanet);
    facts.linear_k_heads = Some(config.number(&["linear_num_key_heads"], 1)?.unwrap_or(16));
    facts.linear_v_heads = Some(config.number(&["linear_num_value_heads"], 1)?.unwrap_or(32));
    facts.linear_k_dim = Some(config.number(&["linear_key_head_dim"], 1)?.unwrap_or(128));
    facts.linear_v_dim = Some(config.number(&["linear_value_head_dim"], 1)?.unwrap_or(128));
    facts.conv_kernel = Some(config.number(&["linear_conv_kernel_dim"], 1)?.unwrap_or(4));
    if facts.full_layers.is_empty() {
        facts.full_every = Some(config.number(&["full_attention_interval"], 1)?.unwrap_or(4));
    }
    Ok(())
}
