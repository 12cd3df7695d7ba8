//! Memory of the fullest card at its peak.

mod calibration;

pub use calibration::MemoryCalibration;

use super::{Memory, MemoryPart, Verdict};
use crate::request::Setup;
use crate::units::Bytes;

/// Memory of one card.
#[must_use]
pub fn memory(setup: &Setup) -> Memory {
    let none = Bytes::ZERO;
    Memory {
        weights: none,
        gradients: none,
        optimizer: none,
        activations: none,
        logits: none,
        kv_cache: none,
        workspace: none,
        communication: none,
        context: none,
        allocated: none,
        total: none,
        low: none,
        high: none,
        capacity: setup.rig.card.vram,
        verdict: Verdict::Fits,
        limited_by: MemoryPart::Weights,
        host: none,
    }
}
