//! Networks known by their stored values: convolutional networks, vocoders, detectors.

use crate::estimate::memory::run::Run;
use crate::model::Opaque;
use crate::units::real;

/// Values kept by one sample: the standard ones, by the square of the side for images, by length otherwise.
fn values(opaque: &Opaque, length: f64) -> f64 {
    let standard = opaque.image_side.map_or(1.0, real).max(1.0);
    let scale = length / standard;
    opaque.activation_values * if opaque.image_side.is_some() { scale * scale } else { scale }
}

/// Bytes kept by a batch.
pub(in crate::estimate::memory) fn opaque(run: &Run, opaque: &Opaque) -> f64 {
    // Checkpointing keeps the inputs of stages and recomputes one stage at a time: about half (Stable Diffusion's UNet, published).
    let share = if run.checkpoints() { 0.5 } else { 1.0 };
    share * run.batch * values(opaque, real(run.setup.job.sequence_length)) * run.widths.linear
}
