//! Settings that trade memory for time and leave the result as it is: checkpointing, loss kernel, micro-batch.

use super::menu::Variant;
use super::question::{Question, share_of_batch};
use crate::model::Model;
use crate::request::{Checkpointing, JobKind, LossKernel, Offload, OptimizerKernel, Parallel, Recipe, RecipeRequest, Setup, Stack};
use crate::units::real;

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

    /// Whether nothing is recomputed that need not be.
    pub(super) const fn is_quickest(&self) -> bool {
        self.recomputed == 0
    }

    /// Whether the other cell differs only in recomputing more, so that it can only be slower at equal micro-batch.
    /// Loss kernels do not compare: chunked losses write less memory.
    pub(super) fn is_at_least_as_fast_as(&self, other: &Self) -> bool {
        self.loss == other.loss && self.recomputed <= other.recomputed
    }
}

/// All cells for a variant and a layout, least frugal first.
pub(super) fn cells(setup: &Setup, variant: &Variant, parallel: Parallel, written: &RecipeRequest) -> Vec<Cell> {
    let keeps = checkpointings(setup, variant, written);
    let losses = losses(setup, variant, written);
    let mut cells = Vec::with_capacity(keeps.len() * losses.len());
    for (recomputed, checkpointing) in (0u8..).zip(keeps) {
        for loss in losses {
            cells.push(Cell { parallel, checkpointing: *checkpointing, loss: *loss, recomputed });
        }
    }
    cells
}

fn checkpointings(setup: &Setup, variant: &Variant, written: &RecipeRequest) -> &'static [Checkpointing] {
    use Checkpointing::{Full, Host, None, Selective};
    match written.checkpointing {
        Some(None) => &[None],
        Some(Selective) => &[Selective],
        Some(Full) => &[Full],
        Some(Host) => &[Host],
        Option::None if !setup.trains() || setup.model.category.trains_one_way() => &[None],
        Option::None if variant.stack == Stack::Megatron => &[None, Selective, Full],
        Option::None if variant.stack.keeps_inputs_on_host() => &[None, Full, Host],
        Option::None => &[None, Full],
    }
}

/// Chunked losses exist for models with a vocabulary, in the stacks that patch the output layer; their kernels are written in
/// Triton.
fn losses(setup: &Setup, variant: &Variant, written: &RecipeRequest) -> &'static [LossKernel] {
    use LossKernel::{Chunked, Fused, Standard};
    match written.loss {
        Some(Standard) => &[Standard],
        Some(Fused) => &[Fused],
        Some(Chunked) => &[Chunked],
        None if !setup.trains() || !setup.model.has_vocabulary() || !setup.rig.card.features().triton => &[Standard],
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
    /// Of this many layers with experts, those of fewer and fewer.
    HostExperts(u32),
    /// Nothing to turn.
    Fixed,
}

impl Dial {
    /// The dial of a variant with this parallel plan.
    pub(super) fn new(setup: &Setup, variant: &Variant, parallel: &Parallel, question: &Question) -> Self {
        let written = &question.recipe;
        if setup.trains() {
            let mut steps = micro_batches(setup, parallel, question);
            if variant.optimizer_kernel == OptimizerKernel::InBackward {
                // Gradients are gone after each backward pass, so the whole batch has to go through at once. People who tune so take what
                // fits (torchtune's recipe for 24 GB: two sequences), unless it is the batch that they asked for.
                let fixed = question.batch_given || written.micro_batch.or(written.gradient_accumulation).is_some();
                match setup.job.kind {
                    JobKind::FullFinetune if !fixed => steps.iter_mut().for_each(|(_, passes)| *passes = 1),
                    _ => steps.retain(|(_, passes)| *passes == 1),
                }
            }
            return Self::MicroBatch(steps);
        }
        match variant.offload {
            Offload::Layers(0) if written.offload.is_none() => Self::HostLayers(layers(&setup.model)),
            Offload::Experts(0) if written.offload.is_none() => Self::HostExperts(expert_layers(&setup.model)),
            _ => Self::Fixed,
        }
    }

    /// Positions.
    pub(super) const fn len(&self) -> usize {
        match self {
            Self::MicroBatch(steps) => steps.len(),
            Self::HostLayers(layers) | Self::HostExperts(layers) => *layers as usize,
            Self::Fixed => 1,
        }
    }

    /// Passes of a step at a position over those slots of a pipeline in which a stage works or idles: `(m + p - 1) / m`.
    pub(super) fn idling(&self, position: usize, stages: u32) -> f64 {
        match self {
            Self::MicroBatch(steps) => steps.get(position).map_or(1.0, |(_, passes)| {
                let passes = real(*passes).max(1.0);
                (passes + f64::from(stages.max(1)) - 1.0) / passes
            }),
            Self::HostLayers(_) | Self::HostExperts(_) | Self::Fixed => 1.0,
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
            Self::HostLayers(layers) => setup.recipe.offload = Offload::Layers(left_behind(*layers, position)),
            Self::HostExperts(layers) => setup.recipe.offload = Offload::Experts(left_behind(*layers, position)),
            Self::Fixed => {}
        }
    }
}

/// Layers of so many that are still in main memory at a position: one at least.
fn left_behind(layers: u32, position: usize) -> u32 {
    layers.saturating_sub(u32::try_from(position).unwrap_or(u32::MAX)).max(1)
}

/// Micro-batches that divide a replica's share of the batch exactly: the optimizer then sees the batch that was asked for.
fn micro_batches(setup: &Setup, parallel: &Parallel, question: &Question) -> Vec<(u64, u64)> {
    const LARGEST: u64 = 4096;
    let written = &question.recipe;
    let share = share_of_batch(&setup.job, parallel, question.batch_given);
    let given = |value: Option<f64>, resolved: u64| value.map(|_| resolved.max(1));
    let micro = given(written.micro_batch, setup.recipe.micro_batch);
    let passes = given(written.gradient_accumulation, setup.recipe.gradient_accumulation);
    match (micro, passes) {
        (Some(micro), Some(passes)) => vec![(micro, passes)],
        (Some(micro), None) => vec![(micro, share.div_ceil(micro).max(1))],
        (None, Some(passes)) => vec![(share.div_ceil(passes).max(1), passes)],
        (None, None) => {
            let mut micros = divisors(share);
            micros.retain(|micro| *micro <= LARGEST);
            micros.into_iter().map(|micro| (micro, share / micro)).collect()
        }
    }
}

/// Divisors of a number, ascending: those up to its root and their partners, looked for no further than a million.
fn divisors(number: u64) -> Vec<u64> {
    let number = number.max(1);
    let root = number.isqrt().min(1 << 20);
    let mut low: Vec<u64> = (1..=root).filter(|divisor| number.is_multiple_of(*divisor)).collect();
    let high: Vec<u64> = low.iter().rev().map(|divisor| number / divisor).filter(|partner| *partner > root).collect();
    low.extend(high);
    low
}

/// Layers of all stacks, one at least.
pub(super) fn layers(model: &Model) -> u32 {
    u32::try_from(model.layers()).unwrap_or(u32::MAX).max(1)
}

/// Layers with routed experts.
pub(super) fn expert_layers(model: &Model) -> u32 {
    u32::try_from(model.expert_layers()).unwrap_or(u32::MAX)
}
