//! Networks known by their stored values: convolutional networks, vocoders, detectors.

use crate::estimate::memory::run::Run;
use crate::model::Opaque;

/// Bytes of the place that PyTorch's max pooling keeps for each value it puts out, whatever the value's width.
const PLACE: f64 = 8.0;

/// Bytes kept by a batch.
pub(in crate::estimate::memory) fn opaque(run: &Run, opaque: &Opaque) -> f64 {
    // Checkpointing keeps the inputs of stages and recomputes one stage at a time: about half (Stable Diffusion's UNet, published).
    let share = if run.checkpoints() { 0.5 } else { 1.0 };
    let sample = opaque.activation_values * run.widths.linear + opaque.pooled_values * PLACE;
    share * run.batch * sample * opaque.standard_inputs(run.setup.job.sequence_length)
}
