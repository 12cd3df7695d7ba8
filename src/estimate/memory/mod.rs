//! Memory of the fullest card at its peak.

mod activations;
mod cache;
mod calibration;
mod communication;
mod companions;
mod evidence;
mod explain;
mod forward;
mod inference;
mod learnt;
mod logits;
mod peak;
mod run;
mod runtime;
mod sharding;
mod states;
mod training;
mod weights;
mod widths;

pub use calibration::MemoryCalibration;
pub use evidence::block_style;
pub use explain::memory_steps;

use super::{Confidence, Memory, MemoryPart, Verdict};
use crate::request::{Offload, Parallel, Rig, Setup};
use crate::units::Bytes;
use peak::Parts;
use run::Run;

/// Memory of one card: the largest moment of a training step, or of prefill and decode.
#[must_use]
pub fn memory(setup: &Setup) -> Memory {
    memory_with(&super::calibration().memory, setup)
}

/// Memory by another table of factors than the built-in one, for fitting and for trying one without a source.
#[must_use]
pub fn memory_with(table: &MemoryCalibration, setup: &Setup) -> Memory {
    let run = Run::new(setup);
    let stored = weights::stored(&run);
    if setup.trains() {
        let peak = training::training(&run, &stored);
        answer(table, &run, &peak.parts, peak.idle, peak.host)
    } else {
        let peak = inference::inference(&run, &stored);
        answer(table, &run, &peak.parts, 0.0, peak.host)
    }
}

/// What every card holds while quantised weights are loaded that cards share, where no program makes them in main memory: all of
/// them, beside what CUDA itself takes.
#[must_use]
pub(crate) fn whole_copy(setup: &Setup) -> Bytes {
    let mut whole = setup.clone();
    whole.rig.count = 1;
    whole.recipe.parallel = Parallel::default();
    whole.recipe.offload = Offload::None;
    let whole = memory(&whole);
    whole.weights + whole.context
}

/// Whether the cards of a setup have room to load what they share afterwards.
pub(crate) fn has_room_to_load(setup: &Setup) -> bool {
    !setup.loads_whole() || whole_copy(setup) <= capacity(&setup.rig)
}

/// How well measurements support the memory of a setup.
#[must_use]
pub fn memory_confidence(setup: &Setup) -> Confidence {
    evidence::of(&super::calibration().memory, setup)
}

/// Bytes the forward pass leaves for the backward pass on one card, logits included.
#[must_use]
pub fn kept_for_backward(setup: &Setup) -> Bytes {
    let run = Run::new(setup);
    Bytes::new(forward::Forward::of(&run).saved())
}

fn answer(table: &MemoryCalibration, run: &Run, parts: &Parts, idle: f64, host: f64) -> Memory {
    let allocated = parts.sum();
    let runtime = runtime::runtime(table, run, parts, idle);
    let total = Bytes::new(allocated) + runtime.context + runtime.workspace;
    let spread = match run.setup.trains() {
        true => &table.training_spread,
        false if run.setup.recipe.stack.allocates_ahead() => &table.loaded_spread,
        false => &table.inference_spread,
    };
    let capacity = runtime::capacity(table, &run.setup.rig);
    let high = total * spread.high.get().max(1.0);
    let verdict = verdict(total, high, capacity);
    Memory {
        weights: Bytes::new(parts.weights),
        gradients: Bytes::new(parts.gradients),
        optimizer: Bytes::new(parts.optimizer),
        activations: Bytes::new(parts.activations),
        logits: Bytes::new(parts.logits),
        kv_cache: Bytes::new(parts.cache),
        workspace: runtime.workspace,
        communication: Bytes::new(parts.communication),
        context: runtime.context,
        allocated: Bytes::new(allocated),
        total,
        low: total * spread.low.get().clamp(0.0, 1.0),
        high,
        capacity,
        verdict,
        limited_by: largest(parts),
        host: Bytes::new(host * f64::from(run.setup.rig.count)),
    }
}

const fn verdict(total: Bytes, high: Bytes, capacity: Bytes) -> Verdict {
    if high.get() <= capacity.get() {
        Verdict::Fits
    } else if total.get() <= capacity.get() {
        Verdict::Tight
    } else {
        Verdict::DoesNotFit
    }
}

pub(crate) use runtime::Era;
pub(crate) use training::passing_through;

/// Memory of one card of a rig that may be filled.
pub(crate) fn capacity(rig: &Rig) -> Bytes {
    runtime::capacity(&super::calibration().memory, rig)
}

/// The memory of a setup if only its card were another one of the same generation: what there is differs, what is needed does not.
pub(crate) fn rehoused(memory: Memory, rig: &Rig) -> Memory {
    let capacity = capacity(rig);
    Memory { capacity, verdict: verdict(memory.total, memory.high, capacity), ..memory }
}

/// The largest part a visitor can change.
fn largest(parts: &Parts) -> MemoryPart {
    let candidates = [
        (MemoryPart::Weights, parts.weights),
        (MemoryPart::Gradients, parts.gradients),
        (MemoryPart::Optimizer, parts.optimizer),
        (MemoryPart::Activations, parts.activations),
        (MemoryPart::Logits, parts.logits),
        (MemoryPart::KvCache, parts.cache),
        (MemoryPart::Communication, parts.communication),
    ];
    candidates.into_iter().fold((MemoryPart::Weights, 0.0), |best, next| if next.1 > best.1 { next } else { best }).0
}
