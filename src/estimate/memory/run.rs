//! The numbers of a setup that every memory formula needs, as real numbers of values (not bytes).

use super::sharding::Split;
use super::weights::Inventory;
use super::widths::Widths;
use crate::estimate::adapters::Adapters;
use crate::model::Transformer;
use crate::request::{AttentionKernel, Setup, Stack};
use crate::units::real;

/// One training step or one batch of requests on one card.
pub(super) struct Run<'a> {
    /// The setup.
    pub setup: &'a Setup,
    /// Sequences in one forward pass of a replica.
    pub batch: f64,
    /// Sequences that are written at once: of each request as many as a beam search keeps.
    pub written: f64,
    /// Bytes per value.
    pub widths: Widths,
    /// Adapters, if only they are trained.
    pub adapters: Option<Adapters>,
    /// Weights of all adapters on one card.
    pub adapter_parameters: f64,
    /// Weights of the model.
    pub inventory: Inventory,
    /// Of them, those on one card.
    pub on_card: Inventory,
    /// Share of the layers on the fullest stage of a pipeline.
    pub stage: f64,
    /// How the work is split over cards.
    pub split: Split,
}

/// What one stack of blocks sees in one forward pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    /// Sequences.
    pub batch: f64,
    /// Tokens of each.
    pub length: f64,
    /// Tokens of the encoder output it attends to, if any.
    pub memory: f64,
}

impl Pass {
    /// Tokens in all: `t = B S`.
    pub fn tokens(&self) -> f64 {
        self.batch * self.length
    }
}

impl<'a> Run<'a> {
    /// Collects the numbers of a setup.
    pub fn new(setup: &'a Setup) -> Self {
        // Guidance runs the denoiser with and without the prompt, as one batch.
        let passes = setup.model.denoising.map_or(1, |denoising| denoising.passes);
        let batch = if setup.trains() { setup.recipe.micro_batch } else { setup.requests_per_replica().saturating_mul(passes) };
        let split = Split::of(setup);
        let inventory = Inventory::of(&setup.model);
        let stage = split.stage_share(inventory.layers);
        let adapters = setup.adapters_only().then(|| Adapters::of(setup));
        let adapted = adapters.map_or(0.0, |adapters| adapters.of_model(&setup.model));
        Self {
            setup,
            batch: real(batch),
            written: real(batch.saturating_mul(setup.job.beams)),
            widths: Widths::of(setup),
            adapters,
            adapter_parameters: adapted / split.tensor / split.pipeline,
            inventory,
            on_card: inventory.on_card(&split, stage),
            stage,
            split,
        }
    }

    /// Whether base weights are trained.
    pub const fn trains_base(&self) -> bool {
        self.adapters.is_none()
    }

    /// Whether blocks are recomputed in the backward pass.
    pub fn checkpoints(&self) -> bool {
        self.setup.recipe.checkpointing.recomputes_blocks()
    }

    /// Whether attention scores are materialised: asked for, or forced by soft-capping.
    pub fn eager(&self, stack: &Transformer) -> bool {
        self.setup.recipe.attention == AttentionKernel::Eager
            || (stack.soft_capped && self.setup.recipe.attention != AttentionKernel::Flash)
    }

    /// Whether the batch carries a padding mask.
    pub const fn padded(&self) -> bool {
        self.setup.job.padded
    }

    /// Whether the software lengthens its cache by concatenation, token by token.
    pub const fn concatenates(&self) -> bool {
        matches!(self.setup.recipe.stack, Stack::Transformers | Stack::Unsloth | Stack::Pytorch | Stack::Deepspeed)
    }

    /// Whether gradients stay allocated from one forward pass to the next.
    pub const fn accumulates(&self) -> bool {
        self.setup.recipe.gradient_accumulation > 1
    }
}
