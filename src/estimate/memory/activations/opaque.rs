//! Networks known by their stored values: convolutional networks, vocoders, detectors.

use crate::estimate::memory::run::Run;
use crate::model::Opaque;

/// Bytes kept by a batch.
pub(in crate::estimate::memory) fn opaque(run: &Run, opaque: &Opaque) -> f64 {
    // Checkpointing keeps the inputs of stages and recomputes one stage at a time: about half (Stable Diffusion's UNet, published).
    let share = if run.checkpoints() { 0.5 } else { 1.0 };
    share * run.batch * opaque.activation_values * opaque.standard_inputs(run.setup.job.sequence_length) * run.widths.linear
}
