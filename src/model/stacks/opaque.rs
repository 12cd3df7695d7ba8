//! Networks known by their work and size.

use super::{Counted, limits};
use crate::error::{Allowed, ErrorCode, RequestError};
use crate::model::count::Count;
use crate::model::facts::ModelFacts;
use crate::model::{Category, Network, Opaque};
use crate::units::real;

/// Values kept for the backward pass per floating-point operation, where they are not stated: what ResNet-50 keeps
/// (21.3 million values for 8.178 GFLOPs, measured with PyTorch's memory tracker).
const VALUES_PER_FLOP: f64 = 21.3e6 / 8.178e9;

/// Layers of a network that does not state them: between ResNet-50 (53) and EfficientNet-B0 (82).
const TYPICAL_LAYERS: u64 = 60;

/// Spectrogram frames of an average clip of LJSpeech: 6.57 s at 22,050 samples a second, 256 samples apart.
const FRAMES_PER_CLIP: f64 = 566.0;

/// Widths in and out of the layers that adapters go on, for each weight of a network that does not state them: queries, keys,
/// values and outputs of the attention of Stable Diffusion 1.5 (diffusers' LoRA of rank 4 on them has 797,184 weights, and the
/// U-Net 859,520,964).
const PORTS_PER_WEIGHT: f64 = 797_184.0 / 4.0 / 859_520_964.0;

/// Builds a network without a shape.
pub fn build(facts: &ModelFacts) -> Result<Counted, RequestError> {
    let stated = facts.params_exact.or_else(|| facts.params_b.map(limits::billions));
    let Some(parameters) = stated else {
        let field = if facts.hidden.is_none() { "hidden" } else { "layers" };
        return Err(RequestError::new(ErrorCode::MissingField, field, "nothing", Allowed::phrase("size-or-work")));
    };
    // Two operations per parameter, as of a network that reads each weight once per sample; a voice reads them for every frame.
    let reads = if facts.category == Some(Category::SpeechSynthesis) { FRAMES_PER_CLIP } else { 1.0 };
    let floor = 2.0 * reads * facts.params_b.map_or_else(|| real(parameters), |billions| billions * 1e9);
    let forward_flops = facts.forward_gmacs.map_or(floor, |gmacs| gmacs * 2e9);
    let activation_values = facts.activation_mvalues.map_or(forward_flops * VALUES_PER_FLOP, |millions| millions * 1e6);
    let network = Network::Opaque(Opaque {
        forward_flops,
        activation_values,
        pooled_values: facts.max_pooled_mvalues.map_or(0.0, |millions| millions * 1e6),
        layers: facts.layers.unwrap_or(TYPICAL_LAYERS).max(1),
        image_side: facts.image_side,
        history_frames: facts.history_frames.unwrap_or(0),
        sequential_steps: facts.sequential_steps.unwrap_or(1).max(1),
        adapter_ports: facts.adapter_ports.map_or(real(parameters) * PORTS_PER_WEIGHT, real),
    });
    Ok(Counted { network, all: Count(parameters), active: Count(parameters) })
}
