//! Gradients, optimizer states and the temporaries of the optimizer step.

use super::run::Run;
use crate::request::{Optimizer, OptimizerKernel};

/// Bytes per trained parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct StateWidths {
    /// Gradient.
    pub gradient: f64,
    /// States and master copy, between steps.
    pub states: f64,
    /// More at the step.
    pub step: f64,
}

/// Widths of a run.
///
/// Adafactor works on copies of one tensor at a time, Muon's Newton-Schulz products on one matrix at a time.
/// `foreach` makes one more copy of the gradients' size at the step, but for SGD, whose momentum and weights change in place.
pub(super) fn state_widths(run: &Run) -> StateWidths {
    let widths = &run.widths;
    let states = run.setup.recipe.optimizer.state_bytes(widths.state);
    let foreach = run.setup.recipe.optimizer_kernel == OptimizerKernel::Foreach;
    let step = match run.setup.recipe.optimizer {
        Optimizer::Adamw | Optimizer::Lion | Optimizer::Muon if foreach => widths.trained,
        _ => 0.0,
    };
    StateWidths { gradient: widths.trained, states: states + widths.master, step }
}
