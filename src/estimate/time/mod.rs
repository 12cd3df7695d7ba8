//! Time of the job.

mod calibration;

pub use calibration::TimeCalibration;

use super::{BoundBy, Confidence, Memory, Phase, PhaseTime, Time};
use crate::request::Setup;
use crate::units::Seconds;

/// Time of the job, and how well measurements support it.
#[must_use]
pub fn time(setup: &Setup, _memory: &Memory) -> (Time, Confidence) {
    let _ = setup;
    let main = PhaseTime {
        phase: Phase::Train,
        seconds_per_step: Seconds::ZERO,
        tokens_per_second: 0.0,
        samples_per_second: 0.0,
        model_flops_utilisation: 0.0,
        bound_by: BoundBy::Compute,
    };
    let none = Seconds::ZERO;
    (Time { main, total: none, low: none, high: none, prefill: None, decode: None }, Confidence::Extrapolated)
}
