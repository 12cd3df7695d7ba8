//! Configurations of Mamba, Mamba-2, Jamba, Nemotron-H and RWKV.

use super::keys::Reader;
use crate::document::Blank;
use crate::error::{Allowed, ErrorCode, Limit, RequestError};
use crate::model::count::recurrent::RecurrentKind;
use crate::model::facts::{Activation, ModelFacts};

/// Layers of a pattern at most: what is more is refused by their number.
const LONGEST: u64 = 2_001;

/// A stack of Mamba layers and nothing else (the classes of transformers).
pub fn mamba(config: &mut Reader, kind: &str) -> Result<ModelFacts, RequestError> {
    let second = kind == "mamba2";
    let hidden = config.size(&["hidden_size", "d_model"], Some(if second { 4096 } else { 768 }))?;
    let layers = config.size(&["num_hidden_layers", "n_layer"], Some(if second { 64 } else { 32 }))?;
    let vocab = config.size(&["vocab_size"], Some(if second { 32_768 } else { 50_280 }))?;
    let expanded = hidden.saturating_mul(config.number(&["expand"], 1)?.unwrap_or(2));
    let mut facts = stack(hidden, layers, vocab, config.flag(&["tie_word_embeddings"], !second)?);
    facts.mamba_state = Some(config.size(&["state_size"], Some(if second { 128 } else { 16 }))?);
    facts.conv_kernel = Some(config.number(&["conv_kernel"], 1)?.unwrap_or(4));
    if second {
        facts.mamba_heads = Some(config.size(&["num_heads"], Some(128))?);
        facts.mamba_head_dim = Some(config.size(&["head_dim"], Some(64))?);
        facts.mamba_groups = Some(config.number(&["n_groups"], 1)?.unwrap_or(8));
    } else {
        let width = config.number(&["intermediate_size"], 1)?.unwrap_or(expanded);
        first_version(&mut facts, width, config.number_or_auto("time_step_rank")?, hidden);
    }
    Ok(facts)
}

/// The same as `state-spaces` publishes it: no `model_type`, but an `ssm_cfg`.
pub fn state_spaces(config: &mut Reader) -> Result<ModelFacts, RequestError> {
    let inner = Reader::new(config.nested("ssm_cfg")?);
    if !config.numbers("attn_layer_idx").is_empty() {
        return Err(config.not_understood("attn_layer_idx", ""));
    }
    let hidden = config.size(&["d_model"], None)?;
    let layers = config.size(&["n_layer"], None)?;
    // Rows are added until their number divides.
    let multiple = config.number(&["pad_vocab_size_multiple"], 1)?.unwrap_or(8);
    let vocab = config.size(&["vocab_size"], None)?.div_ceil(multiple).saturating_mul(multiple);
    let mut facts = stack(hidden, layers, vocab, config.flag(&["tie_embeddings"], true)?);
    let width = hidden.saturating_mul(inner.number(&["expand"], 1)?.unwrap_or(2));
    let second = inner.text(&["layer"]) == Some("Mamba2");
    facts.mamba_state = Some(inner.number(&["d_state"], 1)?.unwrap_or(if second { 128 } else { 16 }));
    facts.conv_kernel = Some(inner.number(&["d_conv"], 1)?.unwrap_or(4));
    if second {
        let head = inner.number(&["headdim"], 1)?.unwrap_or(64);
        facts.mamba_head_dim = Some(head);
        facts.mamba_heads = Some(width / head);
        facts.mamba_groups = Some(inner.number(&["ngroups"], 1)?.unwrap_or(1));
    } else {
        first_version(&mut facts, width, inner.number_or_auto("dt_rank")?, hidden);
    }
    Ok(facts)
}

fn stack(hidden: u64, layers: u64, vocab: u64, tied: bool) -> ModelFacts {
    let mut facts = ModelFacts::blank();
    facts.hidden = Some(hidden);
    facts.layers = Some(layers);
    facts.vocab = Some(vocab);
    facts.tied_embeddings = Some(tied);
    facts.layer_pattern = Some((0..layers.min(LONGEST)).map(|_| 'M').collect());
    facts
}

/// Mamba of one head; its time step comes through a rank of a sixteenth of the width where none is stated.
fn first_version(facts: &mut ModelFacts, width: u64, rank: Option<u64>, hidden: u64) {
    facts.mamba_head_dim = Some(width);
    facts.mamba_rank = Some(rank.unwrap_or(hidden.div_ceil(16)));
}

/// Jamba: one layer in some attends, the others are Mamba; one in two has experts.
pub fn jamba(facts: &mut ModelFacts, config: &Reader) -> Result<(), RequestError> {
    let (hidden, layers) = (facts.hidden.unwrap_or(0), facts.layers.unwrap_or(0));
    facts.full_every = Some(config.number(&["attn_layer_period"], 1)?.unwrap_or(8));
    facts.full_offset = Some(config.number(&["attn_layer_offset"], 0)?.unwrap_or(4));
    facts.layers_mamba = Some(layers);
    let width = hidden.saturating_mul(config.number(&["mamba_expand"], 1)?.unwrap_or(2));
    first_version(facts, width, config.number_or_auto("mamba_dt_rank")?, hidden);
    facts.mamba_state = Some(config.number(&["mamba_d_state"], 1)?.unwrap_or(16));
    facts.conv_kernel = Some(config.number(&["mamba_d_conv"], 1)?.unwrap_or(4));
    if facts.experts.is_some_and(|experts| experts < 2) {
        (facts.experts, facts.active_experts) = (None, None);
        return Ok(());
    }
    let period = config.number(&["expert_layer_period"], 1)?.unwrap_or(2);
    let offset = config.number(&["expert_layer_offset"], 0)?.unwrap_or(1);
    match (period, offset) {
        (1, _) => facts.dense_every = None,
        (2, 1) => facts.dense_every = Some(2),
        (2, _) => return Err(RequestError::new(ErrorCode::OutOfRange, "expert_layer_offset", offset, Limit::counts(1, 1))),
        _ => return Err(RequestError::new(ErrorCode::OutOfRange, "expert_layer_period", period, Limit::counts(1, 2))),
    }
    Ok(())
}

/// Nemotron-H: which layer is what stands in a pattern of letters.
pub fn nemotron_h(facts: &mut ModelFacts, config: &Reader) -> Result<(), RequestError> {
    let pattern = config.text(&["hybrid_override_pattern"]);
    let pattern = pattern.ok_or_else(|| {
        RequestError::new(ErrorCode::MissingField, "hybrid_override_pattern", "nothing", Allowed::phrase("value"))
    })?;
    facts.layer_pattern = Some(pattern.to_owned());
    facts.activation = Some(Activation::Relu2);
    facts.mamba_heads = Some(config.number(&["mamba_num_heads"], 1)?.unwrap_or(128));
    facts.mamba_head_dim = Some(config.number(&["mamba_head_dim"], 1)?.unwrap_or(64));
    facts.mamba_groups = Some(config.number(&["n_groups"], 1)?.unwrap_or(8));
    facts.mamba_state = Some(config.number(&["ssm_state_size"], 1)?.unwrap_or(128));
    facts.conv_kernel = Some(config.number(&["conv_kernel"], 1)?.unwrap_or(4));
    Ok(())
}

/// RWKV-4.
pub fn rwkv(config: &mut Reader) -> Result<ModelFacts, RequestError> {
    let hidden = config.size(&["hidden_size"], Some(4096))?;
    let mut facts = ModelFacts::blank();
    facts.hidden = Some(hidden);
    facts.layers = Some(config.size(&["num_hidden_layers"], Some(32))?);
    facts.vocab = Some(config.size(&["vocab_size"], Some(50_277))?);
    facts.ffn = Some(config.number(&["intermediate_size"], 1)?.unwrap_or(hidden.saturating_mul(4)));
    facts.tied_embeddings = Some(config.flag(&["tie_word_embeddings"], false)?);
    facts.activation = Some(Activation::Relu2);
    facts.norm_bias = Some(true);
    facts.embedding_norm = Some(true);
    facts.layers_full = Some(0);
    facts.linear_type = Some(RecurrentKind::Rwkv);
    (facts.linear_k_heads, facts.linear_k_dim, facts.linear_v_heads) = (Some(1), Some(1), Some(1));
    facts.linear_v_dim = Some(config.number(&["attention_hidden_size"], 1)?.unwrap_or(hidden));
    Ok(facts)
}
