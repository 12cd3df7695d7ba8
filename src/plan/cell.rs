//! What leaves the result as it is: layouts that spread the work over the cards (sharding, slices, stages), and settings that trade memory
//! for time (checkpointing, loss kernel, micro-batch).

use super::menu::Variant;
use super::question::share_of_batch;
use crate::model::{Mixer, Model, Network};
use crate::request::layout;
use crate::request::{
    Checkpointing, JobKind, LossKernel, Offload, OptimizerKernel, Parallel, Recipe, RecipeRequest, Rig, Setup, Sharding, Stack,
};
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

/// Ways to spread the work over the cards.
pub(super) fn layouts(setup: &Setup, variant: &Variant, written: &RecipeRequest) -> Vec<Parallel> {
    let given = setup.recipe.parallel;
    let count = setup.rig.count;
    let sharding_open = written.parallel.as_ref().is_none_or(|plan| plan.sharding.is_none());
    if setup.trains() {
        if variant.stack == Stack::Megatron && written.parallel.is_none() {
            return megatron_layouts(setup);
        }
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
    vec![layout::serving(&setup.model, variant.stack, count)]
}

/// How Megatron spreads training: slices of every layer and stages of layers in one machine, replicas that share the optimizer's
/// states (its distributed optimizer) in what is left and between machines.
///
/// Slices divide the heads evenly, keys and values included; stages have a layer each at least. Long contexts are cut into pieces of
/// 4,096 tokens and more, where every layer attends; experts are spread over replicas.
fn megatron_layouts(setup: &Setup) -> Vec<Parallel> {
    let (model, count) = (&*setup.model, setup.rig.count);
    let degrees = || [1_u32, 2, 4, 8].into_iter();
    let experts = model.experts().unwrap_or(1);
    let mut plans = Vec::with_capacity(20);
    for tensor in degrees().filter(|tensor| slices(model, u64::from(*tensor))) {
        for pipeline in degrees().filter(|stages| *stages <= layers(model)) {
            for context in degrees().filter(|pieces| cuts_context(setup, u64::from(*pieces))) {
                let cut = tensor * pipeline * context;
                if cut > Rig::MACHINE.min(count) || !count.is_multiple_of(cut) {
                    continue;
                }
                let data = count / cut;
                let sharding = if data * context > 1 { Sharding::Zero1 } else { Sharding::Ddp };
                let spread = degrees().filter(|expert| data.is_multiple_of(*expert) && experts.is_multiple_of(u64::from(*expert)));
                plans.extend(spread.map(|expert| Parallel { sharding, data, tensor, pipeline, context, expert }));
            }
        }
    }
    plans
}

/// Whether the sequence may be cut into so many pieces: each of 4,096 tokens at least, half of what a card had of the longest
/// contexts of Llama 3 (131,072 tokens over 16 cards, arXiv 2407.21783), and with attention in every layer.
fn cuts_context(setup: &Setup, pieces: u64) -> bool {
    const SHORTEST: u64 = 4096;
    let Network::Transformer(stack) = &setup.model.network else { return pieces == 1 };
    let attends = stack.layers.iter().all(|group| matches!(group.mixer, Mixer::Attention { .. } | Mixer::Latent { .. }));
    pieces == 1 || attends && setup.job.sequence_length / pieces >= SHORTEST
}

/// Whether every layer can be cut into so many slices of equal work.
fn slices(model: &Model, slices: u64) -> bool {
    let Network::Transformer(stack) = &model.network else { return slices == 1 };
    stack.layers.iter().all(|group| match group.mixer {
        Mixer::Attention { heads, kv_heads, .. } | Mixer::Hybrid { heads, kv_heads, .. } => {
            heads.is_multiple_of(slices) && kv_heads.is_multiple_of(slices)
        }
        Mixer::Latent { heads, .. } | Mixer::Compressed { heads, .. } => heads.is_multiple_of(slices),
        Mixer::Recurrent { .. } | Mixer::None => slices == 1,
    })
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
    /// Of this many layers with experts, those of fewer and fewer.
    HostExperts(u32),
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
