//! What the classes of encoders of text do that no key of a configuration says.

use super::keys::Reader;
use crate::error::RequestError;
use crate::model::facts::{Activation, ModelFacts};
use crate::model::{BlockStyle, Category};

/// BERT, `RoBERTa`, XLM-R and `DistilBERT`.
pub fn bert(facts: &mut ModelFacts, kind: &str, config: &Reader) -> Result<(), RequestError> {
    facts.style = Some(BlockStyle::Bert);
    facts.category = Some(Category::Encoder);
    facts.position_rows = facts.max_context;
    facts.token_types = match kind {
        "distilbert" => None,
        "bert" | "electra" => Some(config.number(&["type_vocab_size"], 0)?.unwrap_or(2)),
        _ => Some(config.number(&["type_vocab_size"], 0)?.unwrap_or(1)),
    };
    facts.pooler = Some(matches!(kind, "bert" | "roberta" | "xlm-roberta"));
    Ok(())
}

/// ModernBERT.
pub const fn modernbert(facts: &mut ModelFacts) {
    (facts.category, facts.activation) = (Some(Category::Encoder), Some(Activation::Geglu));
    (facts.embedding_norm, facts.fused_qkv, facts.full_offset) = (Some(true), Some(true), Some(0));
}

/// ELECTRA: an embedding that may be narrower than the layers.
pub fn electra(facts: &mut ModelFacts, config: &Reader) -> Result<(), RequestError> {
    bert(facts, "electra", config)?;
    let width = config.number(&["embedding_size"], 1)?.or(Some(128));
    facts.embedding_dim = width.filter(|width| facts.hidden != Some(*width));
    Ok(())
}

/// ALBERT: a narrow embedding, and layers that share their weights: as many sets as there are groups, each of so many layers, which a
/// token passes once for every hidden layer there is.
pub fn albert(facts: &mut ModelFacts, config: &Reader) -> Result<(), RequestError> {
    electra(facts, config)?;
    let inner = config.number(&["inner_group_num"], 1)?.unwrap_or(1);
    let groups = config.number(&["num_hidden_groups"], 1)?.unwrap_or(1);
    facts.layers = facts.layers.map(|layers| layers.saturating_mul(inner));
    facts.layer_sets = Some(groups.saturating_mul(inner));
    facts.pooler = Some(true);
    // The class writes it out; where the key is missing it takes the same.
    facts.activation = (config.text(&["hidden_act"]).unwrap_or("gelu_new") == "gelu_new").then_some(Activation::GeluNew);
    Ok(())
}

/// What the first `DeBERTa` and the later ones have alike: which positions are added to the words, if any.
fn words(facts: &mut ModelFacts, config: &Reader) -> Result<u64, RequestError> {
    facts.style = Some(BlockStyle::Bert);
    facts.category = Some(Category::Encoder);
    facts.token_types = config.number(&["type_vocab_size"], 0)?;
    let absolute = if config.flag(&["position_biased_input"], true)? { facts.max_context.unwrap_or(0) } else { 0 };
    facts.position_rows = Some(absolute);
    Ok(absolute)
}

/// Which products with relative positions there are: of words with positions, and of positions with words.
fn products(config: &Reader) -> (bool, bool) {
    let listed = config.texts("pos_att_type");
    let written = config.text(&["pos_att_type"]).unwrap_or_default();
    let has = |name: &str| listed.contains(&name) || written.split('|').any(|other| other.trim() == name);
    (has("c2p"), has("p2c"))
}

/// The first `DeBERTa`: one projection without bias makes query, key and value, to the first and last of which a vector is added;
/// every layer projects a table of relative positions for itself, without bias to keys and with one to queries.
pub fn deberta(facts: &mut ModelFacts, config: &Reader) -> Result<(), RequestError> {
    let absolute = words(facts, config)?;
    (facts.fused_qkv, facts.key_bias) = (Some(true), Some(false));
    if !config.flag(&["relative_attention"], false)? {
        return Ok(());
    }
    // Negative or left out: as far as its context.
    let reach = config.count("max_relative_positions").or(facts.max_context).unwrap_or(0);
    facts.position_rows = Some(absolute.saturating_add(reach.saturating_mul(2)));
    facts.position_params = Some(projections(facts, products(config), (0, 1)));
    Ok(())
}

/// `DeBERTa` v2 and v3: one table of relative positions for all layers, whose own norm takes the place that a final norm has elsewhere.
/// Unless they share those of words, every layer has projections of it.
pub fn deberta_v2(facts: &mut ModelFacts, config: &Reader) -> Result<(), RequestError> {
    let absolute = words(facts, config)?;
    if !config.flag(&["relative_attention"], false)? {
        return Ok(());
    }
    if !config.flag(&["share_att_key"], false)? {
        facts.position_params = Some(projections(facts, products(config), (1, 1)));
    }
    // Negative or left out: as far as its context.
    let buckets = config.count("position_buckets").or(config.count("max_relative_positions")).or(facts.max_context);
    facts.position_rows = Some(absolute.saturating_add(buckets.unwrap_or(0).saturating_mul(2)));
    facts.final_norm = Some(config.text(&["norm_rel_ebd"]).is_some_and(|norm| norm.contains("layer_norm")));
    Ok(())
}

/// Weights of a layer that project positions to keys and to queries, where there are such, with or without a bias.
fn projections(facts: &ModelFacts, (keys, queries): (bool, bool), biases: (u64, u64)) -> u64 {
    let hidden = facts.hidden.unwrap_or(0);
    let matrix = |used: bool, bias: u64| if used { hidden.saturating_mul(hidden.saturating_add(bias)) } else { 0 };
    matrix(keys, biases.0).saturating_add(matrix(queries, biases.1))
}
