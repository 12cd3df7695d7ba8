//! How well measurements support a memory estimate.

use super::calibration::{Covered, MemoryCalibration};
use crate::estimate::Confidence;
use crate::model::{BlockStyle, Network};
use crate::request::{Offload, Setup};

/// Confidence in the memory of a setup.
///
/// Measured nearby: blocks of this style were measured in this kind of job. Calibrated: these blocks in another job, or this job
/// with other blocks. Extrapolated: neither, and whatever is kept in main memory, which no reading covers.
pub(super) fn of(table: &MemoryCalibration, setup: &Setup) -> Confidence {
    let style = block_style(&setup.model.network);
    let same = |covered: &Covered| (covered.blocks == style, covered.job == setup.method());
    if setup.recipe.offload != Offload::None {
        Confidence::Extrapolated
    } else if table.covered.iter().any(|covered| same(covered) == (true, true)) {
        Confidence::MeasuredNearby
    } else if table.covered.iter().any(|covered| same(covered) != (false, false)) {
        Confidence::Calibrated
    } else {
        Confidence::Extrapolated
    }
}

/// The style of a network's blocks; none where it has no blocks.
#[must_use]
pub const fn block_style(network: &Network) -> Option<BlockStyle> {
    match network {
        Network::Transformer(stack) => Some(stack.style),
        Network::EncoderDecoder { decoder, .. } => Some(decoder.style),
        Network::Opaque(_) => None,
    }
}
