//! Llama 3.2 Vision: a Llama between whose layers others read an image.

use super::keys::Reader;
use super::token_stack;
use crate::error::RequestError;
use crate::model::count::Count;
use crate::model::facts::ModelFacts;

/// Layers that read the image are as large as the others, but for two norms and two gates, and keep what they read of it: as many
/// entries as it has patches, however long the text is.
pub fn read(config: &mut Reader, outer: &Reader) -> Result<ModelFacts, RequestError> {
    const MOST_LAYERS: u64 = 2_000;
    /// Words that stand for an image have rows of their own.
    const IMAGE_ROWS: u64 = 8;
    let mut facts = token_stack(config, "mllama")?;
    let hidden = facts.hidden.unwrap_or(0);
    let layers = facts.layers.unwrap_or(0).min(MOST_LAYERS);
    let crossing = config.numbers("cross_attention_layers");
    facts.full_layers = (0..layers).filter(|layer| !crossing.contains(layer)).collect();
    let crossing = (0..layers).filter(|layer| crossing.contains(layer)).count();
    let mut vision = outer.object("vision_config").map(Reader::new);
    let (tower, patches) = vision.as_mut().map_or(Ok((Count(0), Count(1))), |vision| tower(vision, hidden))?;
    if let Some(vision) = vision {
        config.assumptions.extend(vision.assumptions.iter().map(|assumed| format!("vision_config.{assumed}")));
    }
    facts.sliding_window = (crossing > 0).then_some(patches.0);
    let in_a_layer = Count(facts.head_dim.unwrap_or(0)) * 2 + 2;
    let beside = in_a_layer * u64::try_from(crossing).unwrap_or(0) + Count(hidden) * IMAGE_ROWS;
    facts.vision_params = Some((tower + beside).0);
    Ok(facts)
}

/// Weights of the tower and its projector, and the patches of an image in all its tiles. Positions are stored for every shape that
/// tiles may form, and one more for the lack of any; layers of the second stack have two gates.
fn tower(vision: &mut Reader, width: u64) -> Result<(Count, Count), RequestError> {
    let hidden = Count(vision.size(&["hidden_size"], Some(1280))?);
    let ffn = Count(vision.size(&["intermediate_size"], Some(5120))?);
    let local = vision.size(&["num_hidden_layers"], Some(32))?;
    let global = vision.size(&["num_global_layers"], Some(8))?;
    let patch = vision.size(&["patch_size"], Some(14))?;
    let side = vision.size(&["image_size"], Some(448))?;
    let tiles = vision.size(&["max_num_tiles"], Some(4))?;
    let output = vision.size(&["vision_output_dim"], Some(7680))?;
    let shapes = Count(vision.length("supported_aspect_ratios").unwrap_or(8)) + 1;
    let rows = Count(side / patch) * (side / patch) + 1;
    let norm = hidden * 2;
    let block = hidden * hidden * 4 + hidden * ffn * 2 + ffn + hidden + norm * 2;
    let blocks = block * local + (block + 2) * global;
    let positions = rows * hidden + 1 + shapes * tiles * rows * hidden + (shapes * tiles * hidden + 1) * 2;
    let front = hidden * patch * patch * 3 + hidden + positions + norm * 2;
    let projector = Count(output) * width + width;
    Ok((blocks + front + projector, rows * tiles))
}
