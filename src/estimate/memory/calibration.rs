//! Measured memory constants.

use crate::document::record;
use crate::estimate::factor::Factor;
use crate::model::BlockStyle;
use crate::request::JobKind;

/// Allocator, context and workspace factors.
#[derive(Clone, Debug, Default)]
pub struct MemoryCalibration {
    /// CUDA context by generation.
    pub context_mib: ContextMib,
    /// Buffers of the first collective (NCCL).
    pub communicator_mib: Factor,
    /// CUDA graphs and runtime buffers of vLLM.
    pub vllm_graphs_mib: Factor,
    /// Allocator reserve over what changes within a step.
    pub reserve: Reserve,
    /// Workspace of the matrix library.
    pub library_mib: LibraryMib,
    /// Share of nominal memory the driver gives.
    pub usable_share: Factor,
    /// Residual spread of training.
    pub training_spread: Spread,
    /// Residual spread of inference.
    pub inference_spread: Spread,
    /// The same in software that allocates while it loads: of what it logs.
    pub loaded_spread: Spread,
    /// What was measured, as the allocator counts or on real cards.
    pub covered: Vec<Covered>,
}

/// A kind of network that was measured in a kind of job.
#[derive(Clone, Copy, Debug)]
pub struct Covered {
    /// Style of the blocks; none where there are no blocks.
    pub blocks: Option<BlockStyle>,
    /// Job.
    pub job: JobKind,
    /// Measurements.
    pub n: u32,
}

/// CUDA context by generation, in MiB.
#[derive(Clone, Debug, Default)]
pub struct ContextMib {
    /// Compute capability 6.
    pub pascal: Factor,
    /// Compute capability 7.
    pub turing: Factor,
    /// Compute capability 8.
    pub ampere: Factor,
    /// Compute capability 9 and later.
    pub hopper: Factor,
}

/// Workspace of cuBLAS, in MiB, as PyTorch sets it.
#[derive(Clone, Debug, Default)]
pub struct LibraryMib {
    /// Before compute capability 9.
    pub older: Factor,
    /// Compute capability 9 and later.
    pub hopper: Factor,
}

impl MemoryCalibration {
    /// Another table than the built-in one, in the shape of the `memory` section of `calibration.json`.
    ///
    /// # Errors
    /// Names the factor that is missing.
    pub fn read(table: &serde_json::Value) -> Result<Self, String> {
        crate::document::read(table).map_err(|error| format!("{error:?}"))
    }
}

/// Reserved but unused memory over what a step allocates and frees.
#[derive(Clone, Debug, Default)]
pub struct Reserve {
    /// Training of all weights.
    pub full: Factor,
    /// Training of all weights, chunked loss.
    pub full_chunked: Factor,
    /// Adapters, fused loss.
    pub adapters_fused: Factor,
    /// More where weights are gathered and freed (FSDP, ZeRO-3).
    pub sharded: Factor,
    /// More where samples of different lengths follow each other: freed blocks rarely fit the next sample.
    pub unpacked: Factor,
    /// Share of what other moments freed.
    pub idle: Factor,
    /// The same where weights are gathered and freed.
    pub idle_sharded: Factor,
    /// Adapters, all logits at once.
    pub adapters: Factor,
    /// Adapters, chunked loss.
    pub adapters_chunked: Factor,
    /// Inference.
    pub inference: Factor,
    /// Share of a cache that grows by concatenation: each step needs blocks of a size that none freed before has.
    pub growing_cache: Factor,
}

/// Tenth and ninetieth percentile of measured over estimated total, groups of records weighing the same.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    /// Low factor.
    pub low: Factor,
    /// High factor.
    pub high: Factor,
}

record!(
    MemoryCalibration {
        context_mib, communicator_mib, vllm_graphs_mib, reserve, library_mib, usable_share, training_spread, inference_spread,
        loaded_spread, covered,
    }
    Covered {
        blocks: optional, job, n,
    }
    LibraryMib {
        older, hopper,
    }
    ContextMib {
        pascal, turing, ampere, hopper,
    }
    Reserve {
        full, full_chunked, adapters_fused, sharded, unpacked, idle, idle_sharded, adapters, adapters_chunked, inference, growing_cache,
    }
    Spread {
        low, high,
    }
);
