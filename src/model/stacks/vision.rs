//! One stack over image patches or sound frames: ViT, DINOv3, wav2vec 2.0.

use super::block::Block;
use super::conventions::Conventions;
use super::{Counted, CountedLayer, grouped, needed};
use crate::error::RequestError;
use crate::model::count::tower::{ImageFrontEnd, segment_head, wav2vec2_front_end};
use crate::model::count::{Count, Weights};
use crate::model::facts::ModelFacts;
use crate::model::{BlockStyle, Input, Network, Transformer, whole};
use crate::units::real;

/// Frames of ten seconds at 50 a second: what wav2vec 2.0 is usually trained with.
const SPEECH_FRAMES: u64 = 499;

/// Builds a vision or speech encoder.
pub fn build(facts: &ModelFacts) -> Result<Counted, RequestError> {
    let (hidden, layers) = (needed(facts.hidden, "hidden")?, needed(facts.layers, "layers")?);
    let style = facts.style.unwrap_or(BlockStyle::Vit);
    let (input, front) = if style == BlockStyle::Wav2vec2 {
        let wide = facts.layer_norm_front.unwrap_or(hidden >= 1024);
        (Input::Audio { frames: facts.input_tokens.unwrap_or(SPEECH_FRAMES) }, wav2vec2_front_end(hidden, wide))
    } else {
        image(facts, hidden)
    };
    let stack: Vec<_> = (0..layers).map(|index| layer(facts, hidden, window(facts, index))).collect::<Result<_, _>>()?;
    let (all, active) = Counted::sum(&stack, Weights::vector(front + segmentation(facts, hidden, layers)));
    let network = Network::Transformer(Transformer {
        style,
        input,
        hidden,
        vocab: 0,
        tied_embeddings: false,
        lm_head: false,
        position_rows: facts.position_rows.unwrap_or(0),
        fused_qkv: facts.fused_qkv.unwrap_or(true),
        per_layer_tables: 0,
        soft_capped: false,
        attention_sinks: false,
        activation: Conventions::of(facts).activation,
        layer_sets: None,
        layers: grouped(stack),
    });
    Ok(Counted { network, all, active })
}

/// Windowed layers see `sliding_window` patches; one layer in `full_every` sees all.
fn window(facts: &ModelFacts, index: u64) -> Option<u64> {
    let every = facts.full_every.unwrap_or(1).max(1);
    facts.sliding_window.filter(|_| index % every != every - 1)
}

fn segmentation(facts: &ModelFacts, hidden: u64, layers: u64) -> Count {
    if !facts.segment_head.unwrap_or(false) {
        return Count(0);
    }
    let global = layers / facts.full_every.unwrap_or(1).max(1);
    let grid = facts.image_side.unwrap_or(1024) / facts.patch.unwrap_or(16).max(1);
    let head_dim = facts.head_dim.unwrap_or(hidden / facts.heads.unwrap_or(1).max(1));
    let window = whole(real(facts.sliding_window.unwrap_or(1)).sqrt().floor());
    segment_head(hidden, head_dim, window, grid, layers.saturating_sub(global), global)
}

fn image(facts: &ModelFacts, hidden: u64) -> (Input, Count) {
    let patch = facts.patch.unwrap_or(16).max(1);
    let grid = facts.image_side.unwrap_or(224) / patch;
    let registers = facts.register_tokens.unwrap_or(0);
    let tokens = facts.input_tokens.unwrap_or(grid.saturating_mul(grid).saturating_add(1).saturating_add(registers));
    // DINOv3 (rotary positions) stores a mask token beside class and register tokens.
    let segments = facts.segment_head.unwrap_or(false);
    let stored_tokens = if segments {
        0
    } else if facts.position_rows.is_some() {
        1
    } else {
        registers.saturating_add(2)
    };
    let front = ImageFrontEnd {
        hidden,
        patch,
        positions: facts.position_rows.unwrap_or(0),
        tokens: stored_tokens,
        classes: facts.classes.unwrap_or(0),
        final_norm: !segments,
    };
    (Input::Patches { patch, tokens }, front.weights())
}

fn layer(facts: &ModelFacts, hidden: u64, window: Option<u64>) -> Result<CountedLayer, RequestError> {
    let conventions = Conventions::of(facts);
    let scales = if facts.layer_scale.unwrap_or(false) { 2 } else { 0 };
    let block = Block {
        qv_bias: facts.qkv_bias.unwrap_or(conventions.bias),
        k_bias: facts.position_rows.is_some() || facts.style == Some(BlockStyle::Wav2vec2),
        window,
        cross: false,
        around: conventions.norm(hidden) * conventions.norms + Count(hidden) * scales,
    };
    block.layer(facts, &conventions)
}
