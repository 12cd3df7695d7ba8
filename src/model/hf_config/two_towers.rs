//! CLIP and SigLIP: a tower that sees and one that reads, together or alone.

use super::keys::Reader;
use crate::document::Blank;
use crate::error::{ErrorCode, Limit, RequestError};
use crate::model::count::Count;
use crate::model::facts::{Activation, ModelFacts};
use crate::model::{BlockStyle, Category, MOST_PARAMETERS, Model, Network};
use serde_json::Map;

/// Widest that what both towers end in may be.
const WIDEST: u64 = 1 << 24;

/// Whose classes: they differ in what surrounds the same blocks.
#[derive(Clone, Copy, PartialEq)]
enum Family {
    /// A class token, a norm before the blocks, projections without bias where there are both towers.
    Clip,
    /// No class token; attention pools the patches, and a layer with bias ends the text.
    Siglip,
}

/// A tower with its weights.
struct Tower {
    model: Model,
    hidden: u64,
    weights: Count,
}

/// Reads a configuration of this kind; nothing if its type is another.
pub fn read(config: &mut Reader) -> Result<Option<Model>, RequestError> {
    use Family::{Clip, Siglip};
    let alone = config.texts("architectures").iter().any(|name| name.ends_with("WithProjection"));
    let (tower, projected) = match config.text(&["model_type"]).unwrap_or_default() {
        "clip" => return both(config, Clip).map(Some),
        "siglip" => return both(config, Siglip).map(Some),
        "clip_vision_model" => (vision(config, Clip)?, alone),
        "siglip_vision_model" => (vision(config, Siglip)?, false),
        "clip_text_model" => (text(config, Clip)?, alone),
        "siglip_text_model" => (text(config, Siglip)?, false),
        _ => return Ok(None),
    };
    let projection = if projected { Count(tower.hidden) * projection(config)? } else { Count(0) };
    weighing(tower.model, tower.weights + projection).map(Some)
}

/// Both towers, which are compared by a scale (and SigLIP's a shift).
fn both(config: &mut Reader, family: Family) -> Result<Model, RequestError> {
    let empty = Map::new();
    let mut part = |key: &'static str, tower: fn(&mut Reader, Family) -> Result<Tower, RequestError>| {
        let mut part = Reader::new(config.object(key).unwrap_or(&empty));
        let built = tower(&mut part, family);
        config.assumptions.extend(part.assumptions.iter().map(|assumed| format!("{key}.{assumed}")));
        built
    };
    let (seen, read) = (part("vision_config", vision)?, part("text_config", text)?);
    let joined = match family {
        Family::Clip => (Count(seen.hidden) + read.hidden) * projection(config)? + 1,
        Family::Siglip => Count(2),
    };
    let mut model = weighing(seen.model, seen.weights + read.weights + joined)?;
    model.text_tower = match read.model.network {
        Network::Transformer(stack) => Some(stack),
        Network::EncoderDecoder { .. } | Network::Opaque(_) => None,
    };
    Ok(model)
}

/// Width that both towers are projected to.
fn projection(config: &mut Reader) -> Result<u64, RequestError> {
    let width = config.size(&["projection_dim"], Some(512))?;
    if width > WIDEST {
        return Err(RequestError::new(ErrorCode::OutOfRange, "projection_dim", width, Limit::counts(1, WIDEST)));
    }
    Ok(width)
}

/// A model of so many weights.
fn weighing(mut model: Model, weights: Count) -> Result<Model, RequestError> {
    if weights.0 > MOST_PARAMETERS {
        return Err(RequestError::new(ErrorCode::OutOfRange, "hidden_size", weights.0, Limit::counts(1, MOST_PARAMETERS)));
    }
    (model.parameters, model.computed_parameters, model.active_parameters) = (weights.0, weights.0, weights.0);
    Ok(model)
}

/// What both towers have alike, with the class defaults of this width and number of heads.
fn blocks(config: &mut Reader, hidden: u64, heads: u64) -> Result<ModelFacts, RequestError> {
    let mut facts = ModelFacts::blank();
    facts.style = Some(BlockStyle::Vit);
    facts.hidden = Some(config.size(&["hidden_size"], Some(hidden))?);
    facts.layers = Some(config.size(&["num_hidden_layers"], Some(12))?);
    facts.heads = Some(config.size(&["num_attention_heads"], Some(heads))?);
    facts.ffn = Some(config.size(&["intermediate_size"], Some(hidden.saturating_mul(4)))?);
    Ok(facts)
}

/// CLIP's classes take GELU by a sigmoid unless told otherwise, SigLIP's one kernel.
fn activation(config: &Reader, family: Family) -> Option<Activation> {
    let written = config.text(&["hidden_act"]).unwrap_or(if family == Family::Clip { "quick_gelu" } else { "gelu_pytorch_tanh" });
    (written == "quick_gelu").then_some(Activation::QuickGelu)
}

/// Weights of all blocks.
fn weights_of_blocks(facts: &ModelFacts) -> Count {
    block(facts, 2) * facts.layers.unwrap_or(0)
}

/// Weights of one: four square matrices, two of the feed-forward part, biases and norms.
fn block(facts: &ModelFacts, norms: u64) -> Count {
    let (hidden, ffn) = (Count(facts.hidden.unwrap_or(0)), Count(facts.ffn.unwrap_or(0)));
    (hidden * hidden + hidden) * 4 + hidden * ffn * 2 + ffn + hidden + hidden * 2 * norms
}

/// The tower that sees. SigLIP pools its patches by a block with one norm, whose query is learned.
fn vision(config: &mut Reader, family: Family) -> Result<Tower, RequestError> {
    let clip = family == Family::Clip;
    let mut facts = blocks(config, 768, 12)?;
    facts.category = Some(Category::Vision);
    facts.activation = activation(config, family);
    let side = config.size(&["image_size"], Some(224))?;
    let patch = config.size(&["patch_size"], Some(if clip { 32 } else { 16 }))?;
    let grid = side / patch;
    let rows = grid.saturating_mul(grid).saturating_add(u64::from(clip)).max(1);
    (facts.image_side, facts.patch) = (Some(side), Some(patch));
    (facts.position_rows, facts.input_tokens) = (Some(rows), Some(rows));
    let hidden = Count(facts.hidden.unwrap_or(0));
    // Class token and first norm in place of the bias of the convolution.
    let front = hidden * (Count(patch) * patch * 3) + hidden * if clip { 3 } else { 1 };
    let pooling = if clip { Count(0) } else { block(&facts, 1) + hidden };
    let weights = front + hidden * rows + weights_of_blocks(&facts) + hidden * 2 + pooling;
    Ok(Tower { model: facts.model()?, hidden: hidden.0, weights })
}

/// The tower that reads texts, each filled up to the whole length.
fn text(config: &mut Reader, family: Family) -> Result<Tower, RequestError> {
    let clip = family == Family::Clip;
    let mut facts = if clip { blocks(config, 512, 8)? } else { blocks(config, 768, 12)? };
    facts.category = Some(Category::Encoder);
    facts.activation = activation(config, family);
    let vocab = config.size(&["vocab_size"], Some(if clip { 49_408 } else { 32_000 }))?;
    let rows = config.size(&["max_position_embeddings"], Some(if clip { 77 } else { 64 }))?;
    (facts.vocab, facts.position_rows, facts.max_context) = (Some(vocab), Some(rows), Some(rows));
    let hidden = Count(facts.hidden.unwrap_or(0));
    let end = match family {
        Family::Clip => Count(0),
        Family::Siglip => {
            let width = config.number(&["projection_size"], 1)?.map_or(hidden, Count);
            (hidden + 1) * width
        }
    };
    let weights = hidden * (Count(vocab) + rows) + weights_of_blocks(&facts) + hidden * 2 + end;
    Ok(Tower { model: facts.model()?, hidden: hidden.0, weights })
}
