//! BART and its relatives: an encoder and a decoder of BERT-like blocks.

use super::keys::Reader;
use crate::document::Blank;
use crate::error::RequestError;
use crate::model::facts::ModelFacts;
use crate::model::{BlockStyle, Category};

/// BART, mBART, Pegasus, Marian, M2M-100 and NLLB.
pub fn read(config: &mut Reader, kind: &str) -> Result<ModelFacts, RequestError> {
    let layers = config.size(&["encoder_layers"], Some(12))?;
    let positions = config.size(&["max_position_embeddings"], Some(1024))?;
    let mut facts = ModelFacts::blank();
    facts.style = Some(BlockStyle::Bert);
    facts.category = Some(Category::EncoderDecoder);
    facts.hidden = Some(config.size(&["d_model"], Some(1024))?);
    facts.layers = Some(layers);
    facts.decoder_layers = Some(config.size(&["decoder_layers"], Some(12))?);
    facts.heads = Some(config.size(&["encoder_attention_heads"], Some(16))?);
    facts.ffn = Some(config.size(&["encoder_ffn_dim"], Some(4096))?);
    facts.vocab = Some(config.size(&["vocab_size"], Some(50_265))?);
    facts.tied_embeddings = Some(config.flag(&["tie_word_embeddings"], true)?);
    facts.max_context = Some(positions);
    // Learned positions begin at two; sinusoids are stored by Pegasus and Marian, and computed by M2M-100.
    facts.position_rows = match kind {
        "bart" | "mbart" => Some(positions.saturating_add(2)),
        "m2m_100" => None,
        _ => Some(positions),
    };
    facts.embedding_norm = Some(matches!(kind, "bart" | "mbart"));
    facts.final_norm = Some(matches!(kind, "mbart" | "pegasus" | "m2m_100"));
    Ok(facts)
}
