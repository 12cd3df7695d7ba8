//! Where the search has its numbers from.

use super::space::Space;
use crate::estimate::{Confidence, Energy, Memory, Spent, Time};
use crate::request::{Rig, Setup};
use std::rc::Rc;

/// Where the numbers come from: the estimator, or a toy in tests.
pub(super) trait Gauge {
    /// The space of a question on a rig, made by `make` where it is not at hand from a rig of the same number and capability.
    fn space(&self, _rig: &Rig, make: impl FnOnce() -> Space) -> Rc<Space> {
        Rc::new(make())
    }
    fn memory(&self, setup: &Setup) -> Memory;
    /// The time alone, by what a card draws meanwhile: for this most recipes that are looked at are dropped.
    fn spent(&self, setup: &Setup) -> Spent;
    fn time(&self, setup: &Setup, memory: &Memory) -> (Time, Confidence);
    fn energy(&self, setup: &Setup, time: &Time) -> Energy;
}

/// The estimator.
pub(super) struct Estimator;

impl Gauge for Estimator {
    fn memory(&self, setup: &Setup) -> Memory {
        crate::estimate::memory(setup)
    }

    fn spent(&self, setup: &Setup) -> Spent {
        crate::estimate::spent(setup)
    }

    fn time(&self, setup: &Setup, memory: &Memory) -> (Time, Confidence) {
        crate::estimate::time(setup, memory)
    }

    fn energy(&self, setup: &Setup, time: &Time) -> Energy {
        crate::estimate::energy(setup, time)
    }
}
