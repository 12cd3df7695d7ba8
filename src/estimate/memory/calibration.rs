//! Measured memory constants.

use crate::document::record;

/// Allocator, context and workspace factors.
#[derive(Clone, Debug, Default)]
pub struct MemoryCalibration {
    /// CUDA context by generation.
    pub context_mib: ContextMib,
    /// Buffers of the first collective (NCCL).
    pub communicator_mib: f64,
    /// CUDA graphs and runtime buffers of vLLM.
    pub vllm_graphs_mib: f64,
    /// Allocator reserve over what changes within a step.
    pub reserve: Reserve,
    /// Share of nominal memory the driver gives.
    pub usable_share: f64,
    /// Residual spread of training.
    pub training_spread: Spread,
    /// Residual spread of inference.
    pub inference_spread: Spread,
}

/// CUDA context by generation, in MiB.
#[derive(Clone, Copy, Debug, Default)]
pub struct ContextMib {
    /// Compute capability 6.
    pub pascal: f64,
    /// Compute capability 7.
    pub turing: f64,
    /// Compute capability 8.
    pub ampere: f64,
    /// Compute capability 9 and later.
    pub hopper: f64,
}

/// Reserved but unused memory over what a step allocates and frees.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reserve {
    /// Training of all weights.
    pub full: f64,
    /// Training of all weights, chunked loss.
    pub full_chunked: f64,
    /// Adapters, fused loss.
    pub adapters_fused: f64,
    /// More where weights are gathered and freed (FSDP, ZeRO-3).
    pub sharded: f64,
    /// More where samples of different lengths follow each other: freed blocks rarely fit the next sample.
    pub unpacked: f64,
    /// Share of what other moments freed.
    pub idle: f64,
    /// The same where weights are gathered and freed.
    pub idle_sharded: f64,
    /// Adapters, all logits at once.
    pub adapters: f64,
    /// Adapters, chunked loss.
    pub adapters_chunked: f64,
    /// Inference.
    pub inference: f64,
    /// Share of a cache that grows by concatenation: each step needs blocks of a size that none freed before has.
    pub growing_cache: f64,
}

/// Tenth and ninetieth percentile of measured over estimated total, groups of records weighing the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spread {
    /// Low factor.
    pub low: f64,
    /// High factor.
    pub high: f64,
}

record!(
    MemoryCalibration {
        context_mib, communicator_mib, vllm_graphs_mib, reserve, usable_share, training_spread, inference_spread,
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
