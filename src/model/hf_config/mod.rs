//! A Hugging Face `config.json`.

mod defaults;
mod encoders;
mod experts;
mod families;
mod keys;
mod mllama;
mod nested;
mod other;
mod pairs;
mod recurrent;
mod released;
mod two_towers;
mod unfamiliar;

use super::Model;
use super::facts::{Activation, ModelFacts};
use super::stacks::even_head;
use crate::document::{Blank, written as json};
use crate::error::{Allowed, ErrorCode, RequestError};
use defaults::Defaults;
use keys::Reader;
use released::released_weights;
use serde_json::Value;

/// Reads a configuration; what it leaves out is filled by the class defaults of its `model_type`, each listed in
/// [`Model::assumptions`]. A type that is not known is read as a Llama where its keys are those of one ([`Model::unfamiliar`]).
///
/// # Errors
/// A field that is missing without a default, or out of range; a shape that is not known.
#[inline(never)] // The JavaScript package leaves it to a later part, which takes a function of that name.
pub fn read(config: &Value) -> Result<Model, RequestError> {
    let object = config
        .as_object()
        .ok_or_else(|| RequestError::new(ErrorCode::UnreadableConfig, "", json(config), Allowed::phrase("config-object")))?;
    let mut outer = Reader::new(object);
    if let Some(model) = two_towers::read(&mut outer).map_err(in_config_terms)? {
        let model = Model { released_weights: released_weights(&outer), ..model };
        let kind = outer.text(&["model_type"]).unwrap_or_default();
        return Ok(named(model, &outer, kind, outer.assumptions.clone()));
    }
    let nested = ["text_config", "llm_config", "language_config"].into_iter().find_map(|key| outer.object(key));
    let mut reader = Reader::new(nested.unwrap_or(object));
    let written = reader.text(&["model_type"]).or_else(|| outer.text(&["model_type"])).unwrap_or_default();
    let kind = canonical(written).to_owned();
    let mut facts = match kind.as_str() {
        "t5" | "mt5" | "umt5" => other::t5(&mut reader, &kind)?,
        "whisper" => other::whisper(&mut reader)?,
        "vit" | "wav2vec2" => other::encoder(&mut reader, &kind)?,
        "bart" | "mbart" | "pegasus" | "marian" | "m2m_100" => pairs::read(&mut reader, &kind)?,
        "mamba" | "falcon_mamba" | "mamba2" => recurrent::mamba(&mut reader, &kind)?,
        "rwkv" => recurrent::rwkv(&mut reader)?,
        "mllama" => mllama::read(&mut reader, &outer)?,
        "" if reader.has(&["ssm_cfg"]) => recurrent::state_spaces(&mut reader)?,
        // What reads images or sound beside a language model that is not known may be two models in one, such as BLIP.
        _ if nested.is_some() && defaults::of(&kind).is_none() => return Err(outer.not_understood("text_config", written)),
        _ => token_stack(&mut reader, &kind)?,
    };
    if nested.is_some() && facts.vision_params.is_none() && outer.has(&["vision_config"]) {
        reader.assume("vision_config", 0);
    }
    if nested.is_some() && facts.tied_embeddings.is_none() {
        facts.tied_embeddings = Some(outer.flag(&["tie_word_embeddings"], false)?);
    }
    facts.released_weights = released_weights(&reader).or_else(|| released_weights(&outer));
    let mut model = facts.model().map_err(in_config_terms)?;
    model.unfamiliar = reader.unfamiliar;
    Ok(named(model, &outer, written, reader.assumptions))
}

/// What the whole configuration says of its model, and what was assumed of it.
fn named(mut model: Model, outer: &Reader, kind: &str, assumptions: Vec<String>) -> Model {
    model.name = called(outer.text(&["_name_or_path"]).unwrap_or_default(), kind, model.parameters);
    model.assumptions = assumptions;
    model
}

/// "Qwen2-7B" where the configuration says where it came from, else its type with its size: "qwen2, 7.6B".
fn called(path: &str, kind: &str, parameters: u64) -> String {
    const LONGEST: usize = 80;
    let last = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().filter(|name| !name.is_empty());
    let name =
        last.map_or_else(|| format!("{}, {}", if kind.is_empty() { "config.json" } else { kind }, size(parameters)), str::to_owned);
    name.chars().take(LONGEST).collect()
}

/// Parameters as people say them: "7.6B", "125M".
pub(crate) fn size(parameters: u64) -> String {
    let tenths = parameters.div_ceil(50_000_000) / 2;
    if tenths >= 10 { format!("{}.{}B", tenths / 10, tenths % 10) } else { format!("{}M", parameters / 1_000_000) }
}

/// Types whose text part is that of another type.
fn canonical(kind: &str) -> &str {
    match kind.strip_suffix("_text").unwrap_or(kind) {
        "qwen2_vl" | "qwen2_5_vl" => "qwen2",
        "qwen3_vl" => "qwen3",
        "qwen3_vl_moe" => "qwen3_moe",
        "qwen3_5_moe" => "qwen3_next",
        "mistral3" | "ministral" | "ministral3" => "mistral",
        "kimi_k2" | "deepseek_v32" => "deepseek_v3",
        "smollm3" | "minicpm" | "yi" | "seed_oss" => "llama",
        "olmo3" => "olmo2",
        "camembert" => "roberta",
        "mllama_text_model" => "mllama",
        other => other,
    }
}

/// A decoder or BERT-like encoder.
fn token_stack(config: &mut Reader, kind: &str) -> Result<ModelFacts, RequestError> {
    let defaults = defaults::of(kind);
    if defaults.is_none() {
        unfamiliar::check(config, kind)?;
        if kind.is_empty() {
            config.assume("model_type", "llama");
        } else {
            config.unfamiliar = Some(kind.to_owned());
        }
    }
    let or = |pick: fn(&Defaults) -> u64| defaults.as_ref().map(pick).filter(|value| *value > 0);
    let hidden = config.size(&["hidden_size", "n_embd", "d_model", "dim"], or(|d| d.hidden))?;
    let layers = config.size(&["num_hidden_layers", "n_layer", "num_layers", "n_layers"], or(|d| d.layers))?;
    let heads = config.size(&["num_attention_heads", "n_head", "num_heads", "n_heads"], or(|d| d.heads))?;
    let vocab = config.size(&["vocab_size", "padded_vocab_size"], or(|d| d.vocab))?;
    let ffn_keys = ["intermediate_size", "n_inner", "ffn_dim", "d_ff", "ffn_hidden_size", "hidden_dim"];
    let ffn = match kind {
        // They state a ratio, and the width of experts, elsewhere.
        "mpt" | "dbrx" => hidden.saturating_mul(4),
        _ => config.size(&ffn_keys, or(|d| d.ffn).or(Some(hidden.saturating_mul(4))))?,
    };
    // The first Qwen states gate and up projections together.
    let ffn = if kind == "qwen" { ffn / 2 } else { ffn };
    let mut facts = ModelFacts::blank();
    facts.hidden = Some(hidden);
    facts.layers = Some(layers);
    facts.heads = Some(heads);
    facts.vocab = Some(vocab);
    facts.ffn = Some(ffn);
    facts.kv_heads = Some(kv_heads(config, kind, heads, or(|d| d.kv_heads))?);
    facts.head_dim = Some(head_dim(config, hidden, heads, or(|d| d.head_dim))?);
    facts.tied_embeddings = Some(tied(config, kind, defaults)?);
    facts.max_context = config
        .number(&["max_position_embeddings", "n_positions", "seq_length", "n_ctx", "model_max_length", "max_seq_len"], 1)?
        .or(or(|d| d.context));
    facts.activation = activation(config);
    windows(&mut facts, config, kind)?;
    experts::read(&mut facts, config, kind)?;
    families::conventions(&mut facts, kind, config)?;
    facts.position_rows = match kind {
        "gpt2" | "gpt_neo" | "gpt_bigcode" => facts.max_context,
        "opt" => facts.max_context.map(|rows| rows.saturating_add(2)),
        _ => facts.position_rows,
    };
    Ok(facts)
}

/// Falcon, StarCoder and ChatGLM say "multi-query" by flags.
fn kv_heads(config: &mut Reader, kind: &str, heads: u64, default: Option<u64>) -> Result<u64, RequestError> {
    if kind == "gpt_bigcode" || kind == "falcon" && !config.flag(&["new_decoder_architecture"], false)? {
        return Ok(if config.flag(&["multi_query"], true)? { 1 } else { heads });
    }
    if kind == "chatglm" && !config.flag(&["multi_query_attention"], false)? {
        return Ok(heads);
    }
    let keys = ["num_key_value_heads", "multi_query_group_num", "num_kv_heads", "n_head_kv"];
    match config.number(&keys, 1)? {
        Some(count) => Ok(count),
        None if default.is_none() => Ok(heads),
        None => config.size(&keys, default),
    }
}

fn head_dim(config: &mut Reader, hidden: u64, heads: u64, default: Option<u64>) -> Result<u64, RequestError> {
    let keys = ["head_dim", "kv_channels", "attention_head_dim", "d_kv"];
    match config.number(&keys, 1)? {
        Some(size) => Ok(size),
        None => match default {
            Some(_) => config.size(&keys, default),
            None => Ok(even_head(hidden, heads)),
        },
    }
}

fn tied(config: &mut Reader, kind: &str, defaults: Option<Defaults>) -> Result<bool, RequestError> {
    let keys = ["tie_word_embeddings", "tie_embeddings"];
    let default = defaults.is_some_and(|defaults| defaults.tied);
    let encoders = ["bert", "roberta", "xlm-roberta", "distilbert", "albert", "electra", "deberta", "deberta-v2", "modernbert"];
    if !config.has(&keys) && !encoders.contains(&kind) {
        config.assume("tie_word_embeddings", default);
    }
    config.flag(&keys, default)
}

/// Only what differs from the style's own activation is written.
fn activation(config: &Reader) -> Option<Activation> {
    match config.text(&["hidden_act", "hidden_activation", "activation_function", "mlp_hidden_act"])? {
        "relu2" => Some(Activation::Relu2),
        _ => None,
    }
}

/// Sliding windows: listed per layer, by a pattern, or in every layer.
fn windows(facts: &mut ModelFacts, config: &Reader, kind: &str) -> Result<(), RequestError> {
    let types = config.texts("layer_types");
    facts.full_layers = (0..).zip(&types).filter(|(_, name)| **name == "full_attention").map(|(index, _)| index).collect();
    let class_window = match kind {
        "mistral" if !config.has(&["sliding_window"]) => None,
        "gpt_oss" => Some(128),
        "gemma2" | "gemma3" => Some(4096),
        "gpt_neo" => config.number(&["window_size"], 1)?.or(Some(256)),
        "modernbert" => config.number(&["local_attention"], 1)?.or(Some(128)),
        _ => None,
    };
    let used = config.flag(&["use_sliding_window"], !kind.starts_with("qwen"))?;
    let listed = types.is_empty() || types.contains(&"sliding_attention");
    facts.sliding_window = config.number(&["sliding_window"], 1)?.or(class_window).filter(|_| used && listed);
    if facts.sliding_window.is_some() && facts.full_layers.is_empty() {
        let class_pattern = match kind {
            "gemma2" | "gpt_oss" | "gpt_neo" => Some(2),
            "modernbert" => config.number(&["global_attn_every_n_layers"], 1)?.or(Some(3)),
            "gemma3" => Some(6),
            _ => None,
        };
        facts.full_every = config.number(&["sliding_window_pattern"], 1)?.or(class_pattern);
    }
    Ok(())
}

/// Refusals of the shape, in the words of the configuration.
fn in_config_terms(mut error: RequestError) -> RequestError {
    let known = [
        ("hidden", "hidden_size"),
        ("layers", "num_hidden_layers"),
        ("heads", "num_attention_heads"),
        ("kvHeads", "num_key_value_heads"),
        ("headDim", "head_dim"),
        ("ffn", "intermediate_size"),
        ("vocab", "vocab_size"),
        ("maxContext", "max_position_embeddings"),
        ("experts", "num_experts"),
        ("activeExperts", "num_experts_per_tok"),
        ("expertFfn", "moe_intermediate_size"),
        ("slidingWindow", "sliding_window"),
        ("visionParams", "vision_config"),
    ];
    if let Some((_, name)) = known.iter().find(|(field, _)| *field == error.field) {
        error.field = (*name).to_owned();
    }
    error
}

#[cfg(test)]
mod published;
#[cfg(test)]
mod published_encoders;
#[cfg(test)]
mod published_towers;
#[cfg(test)]
mod tests;
