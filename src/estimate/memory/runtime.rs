//! What the process takes beside the allocator's peak: context, libraries, reserve.

use super::calibration::MemoryCalibration;
use super::peak::Parts;
use super::run::Run;
use crate::card::Generation;
use crate::request::{JobKind, LossKernel, Rig, Sharding, Stack};
use crate::units::Bytes;

/// What is added to the allocator's peak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Runtime {
    /// CUDA context.
    pub context: Bytes,
    /// Library workspace and allocator reserve.
    pub workspace: Bytes,
}

/// Generations whose processes take the same: all of a card that decides what a setup takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Era {
    /// Pascal.
    Pascal,
    /// Volta and Turing.
    Turing,
    /// Ampere and Ada.
    Ampere,
    /// Hopper and Blackwell.
    Hopper,
}

impl Era {
    /// The era of a generation.
    pub const fn of(generation: Generation) -> Self {
        match generation {
            Generation::Pascal => Self::Pascal,
            Generation::Volta | Generation::Turing => Self::Turing,
            Generation::Ampere | Generation::Ada => Self::Ampere,
            Generation::Hopper | Generation::Blackwell => Self::Hopper,
        }
    }
}

/// Context by generation, library workspace, and the allocator's reserve as a share of its peak.
///
/// Fragmentation comes from what is allocated and freed within a step (`changing`), not from weights and states that stay; blocks
/// of other moments (`idle`) are partly reused. FSDP gathers and frees weights of its own sizes in between.
pub(super) fn runtime(table: &MemoryCalibration, run: &Run, parts: &Parts, idle: f64) -> Runtime {
    let changing = parts.activations + parts.logits + parts.gradients;
    let era = Era::of(run.setup.rig.card.generation);
    let context = match era {
        Era::Pascal => table.context_mib.pascal.get(),
        Era::Turing => table.context_mib.turing.get(),
        Era::Ampere => table.context_mib.ampere.get(),
        Era::Hopper => table.context_mib.hopper.get(),
    };
    let stack = run.setup.recipe.stack;
    let library = if era == Era::Hopper { &table.library_mib.hopper } else { &table.library_mib.older };
    let collective = run.setup.rig.count > 1 && !stack.copies_between_cards();
    let communicator = if collective { table.communicator_mib.get() } else { 0.0 };
    // Without a vocabulary there is nothing to cut.
    let loss = if run.setup.model.has_vocabulary() { run.setup.recipe.loss } else { LossKernel::Standard };
    let share = match (run.setup.job.kind, loss) {
        (JobKind::Inference, _) if stack.allocates_ahead() => 0.0,
        (JobKind::Inference, _) => table.reserve.inference.get(),
        (JobKind::Pretrain | JobKind::FullFinetune, LossKernel::Chunked) => table.reserve.full_chunked.get(),
        (JobKind::Pretrain | JobKind::FullFinetune, _) => table.reserve.full.get(),
        (_, LossKernel::Fused) => table.reserve.adapters_fused.get(),
        (_, LossKernel::Chunked) => table.reserve.adapters_chunked.get(),
        _ => table.reserve.adapters.get(),
    };
    // Gradients have the same sizes in every step, whatever the samples' lengths.
    let unpacked = if run.setup.trains() && run.padded() { table.reserve.unpacked.get() } else { 0.0 };
    let sharded = run.split.sharding == Sharding::Zero3 && run.split.data > 1.0 && run.setup.trains();
    let fragments = if sharded {
        // Never more than what sharding the weights saves, or it would not be worth doing.
        let more = table.reserve.sharded.get() * changing + (table.reserve.idle_sharded.get() - table.reserve.idle.get()) * idle;
        more.min(parts.weights * (run.split.data - 1.0) - parts.communication).max(0.0)
    } else {
        0.0
    };
    let growing = if run.concatenates() { table.reserve.growing_cache.get() * parts.cache } else { 0.0 };
    let reserve =
        share * changing + unpacked * (parts.activations + parts.logits) + growing + table.reserve.idle.get() * idle + fragments;
    let graphs = if stack == Stack::Vllm { table.vllm_graphs_mib.get() } else { 0.0 };
    Runtime { context: Bytes::mib(context), workspace: Bytes::mib(library.get() + communicator + graphs) + Bytes::new(reserve) }
}

/// Memory the driver gives of the nominal size, less what the visitor reserved.
pub(super) fn capacity(table: &MemoryCalibration, rig: &Rig) -> Bytes {
    let usable = rig.card.vram * table.usable_share.get();
    (usable - rig.reserved).max(Bytes::ZERO)
}
