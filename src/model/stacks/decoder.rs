//! One stack over tokens: decoders and BERT-like encoders.

use super::conventions::Conventions;
use super::layer::LayerBuilder;
use super::{Counted, grouped, needed};
use crate::error::RequestError;
use crate::model::count::compressed::joined_streams;
use crate::model::count::embeddings::Embeddings;
use crate::model::count::{Count, Weights};
use crate::model::facts::ModelFacts;
use crate::model::{BlockStyle, Category, Input, Network, Transformer};

/// Builds a decoder or encoder over tokens.
pub fn build(facts: &ModelFacts) -> Result<Counted, RequestError> {
    let hidden = needed(facts.hidden, "hidden")?;
    let style = facts.style.unwrap_or(BlockStyle::Llama);
    let language_model = facts.category.is_none_or(Category::is_language_model);
    let lm_head = facts.lm_head.unwrap_or(language_model && style != BlockStyle::Bert);
    let vocab = if lm_head { needed(facts.vocab, "vocab")? } else { facts.vocab.unwrap_or(0) };
    let tied = facts.tied_embeddings.unwrap_or(false);
    let conventions = Conventions::of(facts);
    let mut layers = LayerBuilder::new(facts)?.all()?;
    let generates = lm_head || facts.category == Some(Category::SpeechSynthesis);
    for layer in &mut layers {
        layer.group.own_cache &= generates;
    }
    let final_norm = facts.final_norm.unwrap_or(!matches!(style, BlockStyle::Bert | BlockStyle::TransformerXl));
    let embedding_norm = facts.embedding_norm.unwrap_or(style == BlockStyle::Bert);
    let narrow = style == BlockStyle::Bert && facts.embedding_dim.is_some();
    let around = Embeddings {
        hidden,
        vocab,
        width: facts.embedding_dim.unwrap_or(0),
        narrow,
        positions: facts.position_rows.unwrap_or(0),
        types: facts.token_types.unwrap_or(0),
        norm: conventions.norm(facts.embedding_dim.filter(|_| narrow).unwrap_or(hidden)).0,
        norms: u64::from(final_norm) + u64::from(embedding_norm),
        pooler: facts.pooler.unwrap_or(false),
        lm_head,
        tied,
        head_bias: facts.head_bias.unwrap_or(false),
    };
    let sets = facts.layer_sets.and_then(|sets| layers.get(..usize::try_from(sets).ok()?));
    let (all, active) = Counted::sum(
        sets.unwrap_or(&layers),
        around.weights() + position_biases(facts, style) + per_layer_embeddings(facts, hidden) + parallel_streams(facts, hidden),
    );
    let network = Network::Transformer(Transformer {
        style,
        input: Input::Tokens,
        hidden,
        vocab,
        tied_embeddings: tied,
        lm_head,
        position_rows: facts.position_rows.unwrap_or(0),
        per_layer_tables: facts.ple_dim.and(facts.ple_params).unwrap_or(0),
        fused_qkv: facts.fused_qkv.unwrap_or(false),
        soft_capped: facts.soft_capped.unwrap_or(false),
        attention_sinks: facts.attn_sinks.unwrap_or(false),
        activation: conventions.activation,
        layer_sets: facts.layer_sets,
        layers: grouped(layers),
    });
    Ok(Counted { network, all, active })
}

/// Transformer-XL: what is added to the queries of words and of positions, shared by all layers, and the bias of the output layer.
fn position_biases(facts: &ModelFacts, style: BlockStyle) -> Weights {
    if style != BlockStyle::TransformerXl {
        return Weights::default();
    }
    let hidden = facts.hidden.unwrap_or(0);
    let width = facts.head_dim.map_or(Count(hidden), |dim| Count(facts.heads.unwrap_or(0)) * dim);
    Weights::vector(width * 2 + facts.vocab.unwrap_or(0))
}

/// Gemma 3n and 4: the per-layer tables, one projection from the stream, one norm of the per-layer width.
fn per_layer_embeddings(facts: &ModelFacts, hidden: u64) -> Weights {
    let (Some(dim), Some(tables)) = (facts.ple_dim, facts.ple_params) else { return Weights::default() };
    let layers = facts.layers.unwrap_or(0);
    Weights::vector(Count(tables) + dim) + Weights::matrix(Count(hidden), Count(dim) * layers)
}

/// Gemma 3n: projections of the stream into the parallel ones and back. DeepSeek-V4: joining its streams.
fn parallel_streams(facts: &ModelFacts, hidden: u64) -> Weights {
    if let Some(streams) = facts.hyper_connections {
        return joined_streams(hidden, streams);
    }
    let extra = facts.altup_inputs.unwrap_or(0).saturating_sub(1);
    Weights::matrix(Count(hidden), Count(hidden)).times(extra.saturating_mul(2))
}
