//! Speech models: Whisper, and wav2vec 2.0 and its relatives.

use super::attention::{ScoreBytes, cross, own};
use super::{Kept, Layer};

/// Scores: softmax in the width of the run.
const SCORES: ScoreBytes = ScoreBytes { full: 4.0, half: 2.0, autocast: 6.0 };

/// Whisper: LayerNorm before each part, exact GELU, no dropout; decoder layers also attend to the encoder.
pub(super) fn whisper(layer: &Layer) -> Kept {
    let (e, s, h, f) = (layer.widths.linear, layer.norm_input(), layer.h, layer.f);
    let copied = if layer.copies_output() && !layer.eager && !layer.reference { e * layer.out } else { 0.0 };
    let norms = Kept { through: 2.0 * s * h + 16.0, inputs: layer.input(h, 3.0) + e * h + copied, scores: 0.0 };
    let mut kept = norms + own(layer, SCORES);
    if layer.group.cross_attention {
        let memory = if layer.widths.autocast { 2.0 * e * h * layer.pass.memory / layer.pass.length.max(1.0) } else { 0.0 };
        kept = kept + Kept { through: s * h + 8.0, inputs: e * h + memory + copied, scores: 0.0 } + cross(layer, SCORES);
    }
    kept + Kept { through: e * f, inputs: e * f, scores: 0.0 }
}

/// wav2vec 2.0: norms after each part, exact GELU, dropout after attention, inside and after the feed-forward part.
pub(super) fn wav2vec2(layer: &Layer) -> Kept {
    super::bert::block(layer) + Kept { through: layer.f, inputs: 0.0, scores: 0.0 }
}
