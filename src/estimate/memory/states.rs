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
    let of = of_width(run, run.widths.trained, run.widths.state);
    StateWidths { states: of.states + run.widths.master, ..of }
}

/// Widths of embedding and output layer that are trained beside adapters: PEFT copies them as the frozen ones are.
pub(super) fn table_widths(run: &Run) -> StateWidths {
    of_width(run, run.widths.stream, run.widths.stream)
}

fn of_width(run: &Run, weight: f64, state: f64) -> StateWidths {
    let foreach = run.setup.recipe.optimizer_kernel == OptimizerKernel::Foreach;
    let step = match run.setup.recipe.optimizer {
        Optimizer::Adamw | Optimizer::Lion | Optimizer::Muon if foreach => weight,
        _ => 0.0,
    };
    StateWidths { gradient: weight, states: run.setup.recipe.optimizer.state_bytes(state), step }
}
