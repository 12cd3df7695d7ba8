//! What is trained on one card, and what of it waits in main memory.

use super::forward::{doubles_embedding, output_layer, trained_tables};
use super::run::Run;
use super::states::{state_widths, table_widths};
use crate::request::{Offload, Optimizer, OptimizerKernel};

/// What is not on the card while the forward pass runs.
#[derive(Clone, Copy)]
pub(super) struct Away {
    pub gradients: bool,
    pub states: bool,
    pub weights: bool,
}

impl Away {
    fn of(run: &Run) -> Self {
        let recipe = &run.setup.recipe;
        let weights = recipe.offload == Offload::OptimizerAndWeights;
        let gradients = weights || recipe.offload == Offload::Optimizer;
        // Paged states live in unified memory and leave the card when it is full, so they are not needed there.
        Self { gradients, states: gradients || recipe.optimizer == Optimizer::PagedAdamw8bit, weights }
    }
}

/// Bytes of what is trained on one card, as its replicas share it.
pub(super) struct Learnt {
    /// What waits in main memory.
    pub away: Away,
    /// Weights beside the model's own: adapters, and tables trained with them.
    pub weights: f64,
    /// Bytes of the gradient of a weight of the model.
    pub width: f64,
    /// All gradients, shared by no one.
    pub unshared: f64,
    /// All gradients.
    pub gradients: f64,
    /// Gradients that exist together: of one layer where the step is taken in the backward pass or gradients leave the card.
    pub alive: f64,
    /// Of the output layer.
    pub head: f64,
    /// Whether the embedding is the output layer, and is given a gradient at both ends.
    pub tied: bool,
    /// What that adds at the end of the backward pass.
    pub second_half: f64,
    /// All but those of the first layer and of the embedding.
    pub before_first: f64,
    /// Optimizer states.
    pub states: f64,
    /// Temporaries of the optimizer step.
    step: f64,
}

impl Learnt {
    pub fn of(run: &Run) -> Self {
        let (own, beside, tables) = (state_widths(run), table_widths(run), trained_tables(run));
        let base = run.trains_base();
        let trained = if base { run.on_card.total() } else { run.adapter_parameters };
        let (sharers, sharers_of_states) = (run.split.gradients(), run.split.optimizer());
        let among = |replicas: f64| if base { run.on_card.shared(run, replicas) / replicas } else { trained / replicas };

        let table_width = if base { own.gradient } else { beside.gradient };
        let trains_tables = base || tables > 0.0;
        let head = if trains_tables { output_layer(run) * table_width / sharers } else { 0.0 };
        let embedding = if trains_tables { run.on_card.embedding * table_width / sharers } else { 0.0 };
        let layer = trained_layer(run, trained) * own.gradient;
        let gradients = among(sharers) * own.gradient + tables * beside.gradient / sharers;
        let away = Away::of(run);
        let in_backward = run.setup.recipe.optimizer_kernel == OptimizerKernel::InBackward;
        let alive = if in_backward || away.gradients { gradients.min(layer.max(head)) } else { gradients };
        let tied = doubles_embedding(run);
        Self {
            away,
            weights: (run.adapter_parameters * run.widths.trained + tables * beside.gradient) / run.split.weights(),
            width: own.gradient,
            unshared: trained * own.gradient + tables * beside.gradient,
            gradients,
            alive,
            head,
            tied,
            second_half: if tied && !in_backward { 2.0 * head } else { 0.0 },
            before_first: (alive - layer / sharers - if tied && head > 0.0 { 0.0 } else { embedding }).max(0.0),
            states: among(sharers_of_states) * own.states + tables * beside.states / sharers_of_states,
            step: among(sharers_of_states) * own.step + tables * beside.step / sharers_of_states,
        }
    }

    /// Temporaries of the optimizer step, where it is taken on the card.
    pub const fn step_on_card(&self) -> f64 {
        if self.away.states { 0.0 } else { self.step }
    }
}

/// Trained weights of one layer.
fn trained_layer(run: &Run, trained: f64) -> f64 {
    if run.inventory.layers < 1.0 {
        return trained;
    }
    if run.trains_base() { run.inventory.layer(&run.split) } else { trained / (run.inventory.layers / run.split.pipeline).max(1.0) }
}
