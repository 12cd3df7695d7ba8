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
/// AdamW: two states; Lion and SGD with momentum: one; SGD: none. Adafactor keeps a row and a column of the second moment
/// (nothing beside the weights) and works on copies of one tensor at a time. Muon: one momentum of the matrices, and its
/// Newton-Schulz products work on one matrix at a time.
/// `foreach` makes one more copy of the gradients' size at the step.
pub(super) fn state_widths(run: &Run) -> StateWidths {
    let widths = &run.widths;
    let state = widths.state;
    let states = match run.setup.recipe.optimizer {
        Optimizer::Adamw => 2.0 * state,
        Optimizer::Adamw8bit | Optimizer::PagedAdamw8bit => 2.0 * Optimizer::EIGHT_BIT_STATE,
        Optimizer::Adafactor => 0.0,
        Optimizer::Sgd => 0.0,
        Optimizer::SgdMomentum | Optimizer::Lion | Optimizer::Muon => state,
    };
    let foreach = run.setup.recipe.optimizer_kernel == OptimizerKernel::Foreach;
    let step = match run.setup.recipe.optimizer {
        Optimizer::Adamw | Optimizer::SgdMomentum | Optimizer::Lion | Optimizer::Muon if foreach => widths.trained,
        _ => 0.0,
    };
    StateWidths { gradient: widths.trained, states: states + widths.master, step }
}
