//! What cards exchange while they train, as far as arithmetic does not hide it.

use super::calibration::TimeCalibration;
use super::links::Link;
use super::parts::Parts;
use super::pass::Pass;
use super::train::trained;
use crate::request::{Offload, Precision, Setup, Sharding};
use crate::units::{Bytes, Seconds, real};

/// Tensor parallelism all-reduces the residual stream twice per layer and direction, with nothing to hide behind.
pub(super) fn tensor_parallel(setup: &Setup, link: &Link, pass: &Pass, values: f64) -> Parts {
    let cards = setup.recipe.parallel.tensor;
    if cards < 2 {
        return Parts::default();
    }
    let bytes = Bytes::new(4.0 * pass.layers * values * 2.0);
    // `divided` will share this among the cards, so it is counted once per card here.
    let time = link.all_reduce(bytes, cards, 4.0 * pass.layers) * f64::from(cards);
    Parts { communication: time, ..Parts::default() }
}

/// Communication of data-parallel replicas that arithmetic does not hide.
pub(super) fn gradient_exchange(
    table: &TimeCalibration,
    setup: &Setup,
    link: &Link,
    step: &Parts,
    passes: f64,
    layers: f64,
) -> Seconds {
    let recipe = &setup.recipe;
    let cards = recipe.parallel.data;
    let model_shards = f64::from(recipe.parallel.tensor.max(1)) * f64::from(recipe.parallel.pipeline.max(1));
    let gradients = gradient_bytes(setup) / model_shards;
    let weights = weight_bytes(setup) / model_shards;
    let exchanged = match recipe.parallel.sharding {
        _ if cards < 2 => Seconds::ZERO,
        Sharding::Ddp => link.all_reduce(gradients, cards, layers),
        Sharding::Zero1 => link.all_reduce(gradients, cards, layers) + link.gather(weights, cards, layers),
        Sharding::Zero2 => link.gather(gradients, cards, layers) + link.gather(weights, cards, layers),
        // Weights are gathered for forward and again for backward of every micro-batch.
        Sharding::Zero3 => link.gather(weights, cards, layers) * (2.0 * passes) + link.gather(gradients, cards, layers) * passes,
    };
    let streamed = match recipe.offload {
        Offload::OptimizerAndWeights => weights / link.host * (2.0 * passes),
        Offload::Layers(count) => weights * (f64::from(count) / layers.max(1.0)).min(1.0) / link.host * (2.0 * passes),
        Offload::None | Offload::Optimizer => Seconds::ZERO,
    };
    let total = exchanged + streamed;
    let hidden = total.min(step.busy() * table.training.overlap.get());
    // What is hidden still takes some of the card's memory and cores.
    Seconds::new((total - hidden).get().max(0.0)) + hidden * table.training.interference.get()
}

/// Bytes of all gradients.
fn gradient_bytes(setup: &Setup) -> Bytes {
    Bytes::new(trained(setup) * setup.recipe.precision.trained_widths().weight)
}

/// Bytes of the weights as they are gathered.
fn weight_bytes(setup: &Setup) -> Bytes {
    if setup.adapters_only() {
        return Bytes::new(setup.recipe.weights.block_bytes()) * real(setup.model.parameters);
    }
    // Mixed precision gathers 16-bit copies of FP32 shards.
    let bytes = if matches!(setup.recipe.precision, Precision::Fp32 | Precision::Tf32) { 4.0 } else { 2.0 };
    Bytes::new(bytes) * real(setup.model.parameters)
}
