//! Configurations of T5, Whisper, ViT and wav2vec 2.0.

use super::defaults;
use super::keys::Reader;
use crate::document::Blank;
use crate::error::RequestError;
use crate::model::facts::{Activation, ModelFacts};
use crate::model::{BlockStyle, Category};

/// T5 and mT5.
pub fn t5(config: &mut Reader, kind: &str) -> Result<ModelFacts, RequestError> {
    let class = defaults::of(if kind == "t5" { "t5" } else { "mt5" }).unwrap_or_default();
    let layers = config.size(&["num_layers", "num_hidden_layers"], Some(class.layers))?;
    let gated = config.text(&["feed_forward_proj"]).map_or(kind != "t5", |name| name.starts_with("gated"));
    let mut facts = ModelFacts::blank();
    facts.style = Some(BlockStyle::T5);
    facts.category = Some(Category::EncoderDecoder);
    facts.hidden = Some(config.size(&["d_model", "hidden_size"], Some(class.hidden))?);
    facts.layers = Some(layers);
    facts.decoder_layers = Some(config.number(&["num_decoder_layers"], 1)?.unwrap_or(layers));
    facts.heads = Some(config.size(&["num_heads", "num_attention_heads"], Some(class.heads))?);
    facts.head_dim = Some(config.size(&["d_kv"], Some(class.head_dim))?);
    facts.ffn = Some(config.size(&["d_ff"], Some(class.ffn))?);
    facts.vocab = Some(config.size(&["vocab_size"], Some(class.vocab))?);
    facts.tied_embeddings = Some(config.flag(&["tie_word_embeddings"], class.tied)?);
    facts.max_context = Some(config.number(&["n_positions"], 1)?.unwrap_or(class.context));
    facts.activation = gated.then_some(Activation::Geglu);
    Ok(facts)
}

/// Whisper.
pub fn whisper(config: &mut Reader) -> Result<ModelFacts, RequestError> {
    let class = defaults::of("whisper").unwrap_or_default();
    let layers = config.size(&["encoder_layers"], Some(class.layers))?;
    let mut facts = ModelFacts::blank();
    facts.style = Some(BlockStyle::Whisper);
    facts.category = Some(Category::SpeechRecognition);
    facts.hidden = Some(config.size(&["d_model"], Some(class.hidden))?);
    facts.layers = Some(layers);
    facts.decoder_layers = Some(config.size(&["decoder_layers"], Some(class.layers))?);
    facts.heads = Some(config.size(&["encoder_attention_heads"], Some(class.heads))?);
    facts.ffn = Some(config.size(&["encoder_ffn_dim"], Some(class.ffn))?);
    facts.vocab = Some(config.size(&["vocab_size"], Some(class.vocab))?);
    facts.mel_bands = Some(config.size(&["num_mel_bins"], Some(80))?);
    facts.input_tokens = Some(config.size(&["max_source_positions"], Some(1500))?);
    facts.position_rows = Some(config.size(&["max_target_positions"], Some(class.context))?);
    facts.max_context = Some(config.number(&["max_target_positions"], 1)?.unwrap_or(class.context));
    Ok(facts)
}

/// ViT with a classifier over `id2label`, and wav2vec 2.0.
pub fn encoder(config: &mut Reader, kind: &str) -> Result<ModelFacts, RequestError> {
    let class = defaults::of(kind).unwrap_or_default();
    let mut facts = ModelFacts::blank();
    facts.hidden = Some(config.size(&["hidden_size"], Some(class.hidden))?);
    facts.layers = Some(config.size(&["num_hidden_layers"], Some(class.layers))?);
    facts.heads = Some(config.size(&["num_attention_heads"], Some(class.heads))?);
    facts.ffn = Some(config.size(&["intermediate_size"], Some(class.ffn))?);
    if kind == "wav2vec2" {
        (facts.style, facts.category) = (Some(BlockStyle::Wav2vec2), Some(Category::SpeechRecognition));
        facts.layer_norm_front = Some(config.text(&["feat_extract_norm"]) == Some("layer"));
        return Ok(facts);
    }
    (facts.style, facts.category) = (Some(BlockStyle::Vit), Some(Category::Vision));
    let side = config.size(&["image_size"], Some(224))?;
    let patch = config.size(&["patch_size"], Some(16))?;
    let grid = side / patch;
    (facts.image_side, facts.patch) = (Some(side), Some(patch));
    facts.position_rows = Some(grid.saturating_mul(grid).saturating_add(1));
    facts.qkv_bias = Some(config.flag(&["qkv_bias"], true)?);
    facts.classes = match config.length("id2label") {
        Some(labels) => Some(labels),
        None => Some(config.size(&["num_labels"], Some(1000))?),
    };
    Ok(facts)
}
