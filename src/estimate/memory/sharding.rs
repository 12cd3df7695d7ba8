//! How states and work are divided over cards.

use crate::request::{Setup, Sharding, Stack};
use crate::units::real;

/// Degrees of parallelism as divisors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Split {
    /// Data-parallel replicas.
    pub data: f64,
    /// Tensor parallelism.
    pub tensor: f64,
    /// Pipeline stages.
    pub pipeline: f64,
    /// Replicas among which the experts of a layer are divided.
    pub expert: f64,
    /// Context parallelism.
    pub context: f64,
    /// Residual stream and norms are split over the tensor group too (Megatron's sequence parallelism).
    pub sequence: f64,
    /// Stage of sharding among replicas.
    pub sharding: Sharding,
}

impl Split {
    /// Degrees of a setup.
    pub fn of(setup: &Setup) -> Self {
        let plan = setup.recipe.parallel;
        let degree = |value: u32| real(u64::from(value.max(1)));
        let tensor = degree(plan.tensor);
        Self {
            data: degree(plan.data),
            tensor,
            pipeline: degree(plan.pipeline),
            expert: degree(setup.expert_sharers()),
            context: degree(plan.context),
            sequence: if setup.recipe.stack == Stack::Megatron { tensor } else { 1.0 },
            sharding: plan.sharding,
        }
    }

    /// Cards with the same weights, experts apart.
    pub fn replicas(&self) -> f64 {
        self.data * self.context
    }

    /// Replicas that share optimizer states (ZeRO-1 and above).
    pub fn optimizer(&self) -> f64 {
        if self.sharding == Sharding::Ddp { 1.0 } else { self.replicas() }
    }

    /// Replicas that share gradients (ZeRO-2 and above).
    pub fn gradients(&self) -> f64 {
        if matches!(self.sharding, Sharding::Zero2 | Sharding::Zero3) { self.replicas() } else { 1.0 }
    }

    /// Replicas that share weights (ZeRO-3, FSDP full shard).
    pub fn weights(&self) -> f64 {
        if self.sharding == Sharding::Zero3 { self.replicas() } else { 1.0 }
    }

    /// Share of a stack's layers on the fullest pipeline stage: `ceil(L / P) / L`.
    pub fn stage_share(&self, layers: f64) -> f64 {
        if layers < 1.0 { 1.0 } else { (layers / self.pipeline).ceil() / layers }
    }
}
