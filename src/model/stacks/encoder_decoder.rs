//! Two stacks with cross-attention: T5, BART (blocks of BERT) and Whisper.

use super::block::Block;
use super::conventions::Conventions;
use super::{Counted, CountedLayer, grouped, needed};
use crate::error::RequestError;
use crate::model::count::tower::whisper_front_end;
use crate::model::count::{Count, Weights};
use crate::model::facts::ModelFacts;
use crate::model::{BlockStyle, Input, Network, Transformer};

/// Frames of 30 seconds of sound as Whisper's blocks see them.
const WHISPER_FRAMES: u64 = 1500;

/// Builds an encoder and a decoder.
pub fn build(facts: &ModelFacts) -> Result<Counted, RequestError> {
    let (hidden, vocab) = (needed(facts.hidden, "hidden")?, needed(facts.vocab, "vocab")?);
    let layers = needed(facts.layers, "layers")?;
    let style = facts.style.unwrap_or(BlockStyle::T5);
    let whisper = style == BlockStyle::Whisper;
    let conventions = Conventions::of(facts);
    let encoder_layer = layer(facts, &conventions, false)?;
    let decoder_layer = layer(facts, &conventions, true)?;
    let encoder = vec![encoder_layer; index(layers)];
    let decoder = vec![decoder_layer; index(facts.decoder_layers.unwrap_or(layers))];
    let tied = facts.tied_embeddings.unwrap_or(whisper);
    let around = around(facts, &conventions, hidden, vocab, tied, style)?;
    let (encoder_all, encoder_active) = Counted::sum(&encoder, around);
    let (decoder_all, decoder_active) = Counted::sum(&decoder, Weights::default());
    let stack = |input, layers: Vec<CountedLayer>, is_decoder: bool| Transformer {
        style,
        input,
        hidden,
        vocab: if whisper && !is_decoder { 0 } else { vocab },
        tied_embeddings: tied,
        lm_head: is_decoder,
        position_rows: match style {
            BlockStyle::Bert => facts.position_rows.unwrap_or(0),
            BlockStyle::Whisper if is_decoder => facts.position_rows.unwrap_or(448),
            _ => 0,
        },
        fused_qkv: false,
        per_layer_tables: 0,
        soft_capped: false,
        attention_sinks: false,
        activation: conventions.activation,
        layer_sets: None,
        layers: grouped(layers),
    };
    let input = if whisper { Input::Audio { frames: facts.input_tokens.unwrap_or(WHISPER_FRAMES) } } else { Input::Tokens };
    let network = Network::EncoderDecoder { encoder: stack(input, encoder, false), decoder: stack(Input::Tokens, decoder, true) };
    Ok(Counted { network, all: encoder_all + decoder_all, active: encoder_active + decoder_active })
}

/// Embedding (and output layer), norms around the stacks; T5: relative position tables of 32 buckets; BART: positions of both
/// stacks; Whisper: front end and positions.
fn around(
    facts: &ModelFacts,
    conventions: &Conventions,
    hidden: u64,
    vocab: u64,
    tied: bool,
    style: BlockStyle,
) -> Result<Weights, RequestError> {
    const T5_BUCKETS: u64 = 32;
    let tables = Count(vocab) * hidden * if tied { 1 } else { 2 };
    let own = match style {
        BlockStyle::Whisper => {
            let frames = facts.input_tokens.unwrap_or(WHISPER_FRAMES);
            let mel_bands = facts.mel_bands.unwrap_or(80);
            whisper_front_end(hidden, mel_bands, frames) + Count(hidden) * facts.position_rows.unwrap_or(448)
        }
        BlockStyle::Bert => Count(hidden) * facts.position_rows.unwrap_or(0) * 2,
        _ => Count(needed(facts.heads, "heads")?) * T5_BUCKETS * 2,
    };
    let embedded = facts.embedding_norm.unwrap_or(false);
    let last = facts.final_norm.unwrap_or(style != BlockStyle::Bert);
    let norms = conventions.norm(hidden) * 2 * (u64::from(embedded) + u64::from(last));
    Ok(Weights::vector(tables + norms + own))
}

fn layer(facts: &ModelFacts, conventions: &Conventions, decoder: bool) -> Result<CountedLayer, RequestError> {
    let norms = if decoder { 3 } else { 2 };
    let around = conventions.norm(needed(facts.hidden, "hidden")?) * norms;
    let k_bias = conventions.bias && facts.style == Some(BlockStyle::Bert);
    Block { qv_bias: conventions.bias, k_bias, window: None, cross: decoder, around }.layer(facts, conventions)
}

/// A number of layers as a length; the limits keep it small.
fn index(count: u64) -> usize {
    usize::try_from(count).unwrap_or(0)
}
