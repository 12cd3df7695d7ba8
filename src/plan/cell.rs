//! Settings that trade memory for time and leave the result as it is: sharding, checkpointing, loss kernel and micro-batch.

use super::menu::Variant;
use super::question::share_of_batch;
use crate::model::{Model, Network, Transformer};
use crate::request::{
    Checkpointing, JobKind, LossKernel, Offload, OptimizerKernel, Parallel, Recipe, RecipeRequest, Setup, Sharding, Stack,
};

/// One combination of everything but the dial. Cells come in order of growing frugality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cell {
    pub parallel: Parallel,
    pub checkpointing: Checkpointing,
    pub loss: LossKernel,
    /// How much is recomputed, from 0.
    recomputed: u8,
}

impl Cell {
    /// Writes the settings into a recipe.
    pub(super) const fn apply(&self, recipe: &mut Recipe) {
        recipe.parallel = self.parallel;
        recipe.checkpointing = self.checkpointing;
        recipe.loss = self.loss;
    }

    /// Whether the other cell differs only in recomputing more, so that it can only be slower at equal micro-batch.
    /// Layouts and loss kernels do not compare: sharded states make a shorter step, chunked losses write less memory.
    pub(super) fn is_at_least_as_fast_as(&self, other: &Self) -> bool {
        self.parallel == other.parallel && self.loss == other.loss && self.recomputed <= other.recomputed
    }
}

/// All cells for a variant, least frugal first.
pub(super) fn cells(setup: &Setup, variant: &Variant, written: &RecipeRequest) -> Vec<Cell> {
    let layouts = layouts(setup, variant, written);
    let keeps = checkpointings(setup, variant, written);
    let losses = losses(setup, variant, written);
    let mut cells = Vec::with_capacity(layouts.len() * keeps.len() * losses.len());
    for parallel in layouts {
        for (recomputed, checkpointing) in (0u8..).zip(keeps) {
            for loss in losses {
                cells.push(Cell { parallel, checkpointing: *checkpointing, loss: *loss, recomputed });
            }
        }
    }
    cells
}

/// Ways to spread the work over the cards.
fn layouts(setup: &Setup, variant: &Variant, written: &RecipeRequest) -> Vec<Parallel> {
    let given = setup.recipe.parallel;
    let count = setup.rig.count;
    let sharding_open = written.parallel.as_ref().is_none_or(|plan| plan.sharding.is_none());
    if setup.trains() {
        if given.data <= 1 || !sharding_open {
            return vec![given];
        }
        let stages: &[Sharding] = match setup.job.kind {
            // Gradients and states of adapters are too small to be worth sharding alone.
            JobKind::Lora | JobKind::Qlora => &[Sharding::Ddp, Sharding::Zero3],
            _ => &[Sharding::Ddp, Sharding::Zero2, Sharding::Zero3],
        };
        return stages.iter().map(|sharding| Parallel { sharding: *sharding, ..given }).collect();
    }
    if count <= 1 || written.parallel.is_some() {
        return vec![given];
    }
    vec![serving_layout(&setup.model, variant.stack, count)]
}

/// How software serves on several cards: whole networks side by side where nothing can be cut, tensor slices under servers made for
/// them, one stage a card elsewhere.
pub(super) fn serving_layout(model: &Model, stack: Stack, count: u32) -> Parallel {
    let one = Parallel::default();
    match (&model.network, stack) {
        (Network::Opaque(_), _) => Parallel { data: count, ..one },
        (_, Stack::Vllm | Stack::TensorRt | Stack::Exllama) => Parallel { tensor: count, ..one },
        _ => Parallel { pipeline: count, ..one },
    }
}

fn checkpointings(setup: &Setup, variant: &Variant, written: &RecipeRequest) -> &'static [Checkpointing] {
    use Checkpointing::{Full, None, Selective};
    match written.checkpointing {
        Some(None) => &[None],
        Some(Selective) => &[Selective],
        Some(Full) => &[Full],
        Option::None if !setup.trains() => &[None],
        Option::None if variant.stack == Stack::Megatron => &[None, Selective, Full],
        Option::None => &[None, Full],
    }
}

/// Chunked losses exist for models with a vocabulary, in the stacks that patch the output layer; their kernels are written in
/// Triton, which starts at compute capability 7.0.
fn losses(setup: &Setup, variant: &Variant, written: &RecipeRequest) -> &'static [LossKernel] {
    use LossKernel::{Chunked, Fused, Standard};
    match written.loss {
        Some(Standard) => &[Standard],
        Some(Fused) => &[Fused],
        Some(Chunked) => &[Chunked],
        None if !setup.trains() || !setup.model.has_vocabulary() || setup.rig.card.compute_capability < (7, 0) => &[Standard],
        None => match variant.stack {
            Stack::Unsloth => &[Chunked],
            Stack::Transformers | Stack::Torchtune | Stack::Litgpt => &[Standard, Chunked],
            _ => &[Standard],
        },
    }
}

/// The one setting that grows memory and speed together, from the most frugal position.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Dial {
    /// Sequences per pass, ascending, with the passes that make up the batch.
    MicroBatch(Vec<(u64, u64)>),
    /// Of this many layers, fewer and fewer stay in host memory.
    HostLayers(u32),
    /// Nothing to turn.
    Fixed,
}

impl Dial {
    /// The dial of a variant with this parallel plan.
    pub(super) fn new(setup: &Setup, variant: &Variant, parallel: &Parallel, written: &RecipeRequest) -> Self {
        if setup.trains() {
            let mut steps = micro_batches(setup, parallel, written);
            if variant.optimizer_kernel == OptimizerKernel::InBackward {
                // Gradients are gone after each backward pass, so the whole batch has to go through at once.
                steps.retain(|(_, passes)| *passes == 1);
            }
            return Self::MicroBatch(steps);
        }
        match variant.offload {
            Offload::Layers(0) if written.offload.is_none() => Self::HostLayers(layers(&setup.model)),
            _ => Self::Fixed,
        }
    }

    /// Positions.
    pub(super) const fn len(&self) -> usize {
        match self {
            Self::MicroBatch(steps) => steps.len(),
            Self::HostLayers(layers) => *layers as usize,
            Self::Fixed => 1,
        }
    }

    /// Turns to a position.
    pub(super) fn apply(&self, position: usize, setup: &mut Setup) {
        match self {
            Self::MicroBatch(steps) => {
                let Some(&(micro_batch, passes)) = steps.get(position) else { return };
                setup.recipe.micro_batch = micro_batch;
                setup.recipe.gradient_accumulation = passes;
                let replicas = u64::from(setup.recipe.parallel.data.max(1));
                setup.job.global_batch = micro_batch.saturating_mul(passes).saturating_mul(replicas);
            }
            Self::HostLayers(layers) => {
                let moved = u32::try_from(position).unwrap_or(u32::MAX);
                setup.recipe.offload = Offload::Layers(layers.saturating_sub(moved).max(1));
            }
            Self::Fixed => {}
        }
    }
}

/// Micro-batches that divide a replica's share of the batch exactly: the optimizer then sees the batch that was asked for.
fn micro_batches(setup: &Setup, parallel: &Parallel, written: &RecipeRequest) -> Vec<(u64, u64)> {
    const LARGEST: u64 = 4096;
    let share = share_of_batch(&setup.job, parallel);
    let given = |value: Option<f64>, resolved: u64| value.map(|_| resolved.max(1));
    let micro = given(written.micro_batch, setup.recipe.micro_batch);
    let passes = given(written.gradient_accumulation, setup.recipe.gradient_accumulation);
    match (micro, passes) {
        (Some(micro), Some(passes)) => vec![(micro, passes)],
        (Some(micro), None) => vec![(micro, share.div_ceil(micro).max(1))],
        (None, Some(passes)) => vec![(share.div_ceil(passes).max(1), passes)],
        (None, None) => {
            (1..=share.min(LARGEST)).filter(|micro| share.is_multiple_of(*micro)).map(|micro| (micro, share / micro)).collect()
        }
    }
}

/// Layers of all stacks.
pub(super) fn layers(model: &Model) -> u32 {
    let of = |stack: &Transformer| stack.layers.iter().map(|group| group.count).sum::<u64>();
    let count = match &model.network {
        Network::Transformer(stack) => of(stack),
        Network::EncoderDecoder { encoder, decoder } => of(encoder).saturating_add(of(decoder)),
        Network::Opaque(_) => 1,
    };
    u32::try_from(count).unwrap_or(u32::MAX).max(1)
}
