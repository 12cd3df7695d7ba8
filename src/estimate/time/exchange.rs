//! What cards exchange while they train, as far as arithmetic does not hide it.

use super::calibration::TimeCalibration;
use super::links::Link;
use super::parts::Parts;
use super::pass::Pass;
use super::train::trained;
use crate::model::{FeedForward, LayerGroup, Mixer, Model, Network, Transformer};
use crate::request::{Checkpointing, Offload, Setup, Sharding};
use crate::units::{Bytes, Seconds, real};

/// Tensor parallelism all-reduces the residual stream twice per layer and direction, with nothing to hide behind.
pub(super) fn tensor_parallel(setup: &Setup, link: &Link, pass: &Pass, values: f64) -> Parts {
    let cards = setup.recipe.parallel.tensor;
    if cards < 2 {
        return Parts::default();
    }
    let bytes = Bytes::new(4.0 * pass.layers * values * 2.0);
    // `divided` will share this among the cards, so it is counted once per card here.
    let time = link.among(cards).all_reduce(bytes, cards, 4.0 * pass.layers) * f64::from(cards);
    Parts { communication: time, ..Parts::default() }
}

/// Context parallelism hands keys and values around a ring: once forward, again where the forward pass is repeated, and with their
/// gradients backward. Attention to the blocks that are there hides what it can (ring attention, arXiv 2310.01889).
pub(super) fn context_parallel(setup: &Setup, link: &Link, stack: &Transformer, tokens: f64, attention: Seconds) -> Parts {
    let plan = setup.recipe.parallel;
    let cards = plan.context;
    if cards < 2 {
        return Parts::default();
    }
    let rounds = if setup.recipe.checkpointing == Checkpointing::None { 3.0 } else { 4.0 };
    let layers = |group: &LayerGroup| real(group.count);
    let values: f64 = stack.layers.iter().map(|group| layers(group) * keys_and_values(&group.mixer)).sum();
    let calls = rounds * f64::from(cards - 1) * stack.layers.iter().map(layers).sum::<f64>();
    let ring = link.among(cards * plan.tensor.max(1)).gather(Bytes::new(rounds * values * tokens * 2.0), cards, calls);
    // The ring is counted once per card, as `divided` will share it; attention will be shared likewise.
    let open = ring * f64::from(cards) - attention;
    Parts { communication: open.max(Seconds::ZERO), ..Parts::default() }
}

/// Values of keys and values of one token of a layer, as attention reads them.
fn keys_and_values(mixer: &Mixer) -> f64 {
    match *mixer {
        Mixer::Latent { heads, qk_dim, v_dim, .. } => real(heads) * (real(qk_dim) + real(v_dim)),
        _ => 2.0 * mixer.key_width(),
    }
}

/// Expert parallelism sends each token to the cards of its experts and back, forward and backward, with nothing to hide behind.
pub(super) fn expert_parallel(setup: &Setup, link: &Link, stack: &Transformer, tokens: f64) -> Parts {
    let plan = setup.recipe.parallel;
    let cards = plan.expert;
    if cards < 2 {
        return Parts::default();
    }
    let hidden = real(stack.hidden);
    let routed = |group: &LayerGroup| match group.feed_forward {
        FeedForward::Experts { active, .. } => (real(group.count), real(group.count) * real(active)),
        _ => (0.0, 0.0),
    };
    let (layers, choices) = stack.layers.iter().map(routed).fold((0.0, 0.0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
    // Slices and contexts of a card's replica share its tokens, as `divided` will share this.
    let bytes = Bytes::new(4.0 * choices * tokens * hidden * 2.0);
    let neighbours = cards.saturating_mul(plan.tensor.max(1)).saturating_mul(plan.context.max(1));
    Parts { communication: link.among(neighbours).gather(bytes, cards, 4.0 * layers), ..Parts::default() }
}

/// A stage of a pipeline hands the residual stream of each micro-batch on, and its gradient back; cards that slice a layer or a
/// context hand on their parts of it.
pub(super) fn pipeline(setup: &Setup, link: &Link, values: f64, micro_batches: f64) -> Seconds {
    let plan = setup.recipe.parallel;
    if plan.pipeline < 2 {
        return Seconds::ZERO;
    }
    let sharers = f64::from(plan.tensor.max(1)) * f64::from(plan.context.max(1));
    link.hand_over(Bytes::new(values * 2.0 / sharers), 2.0 * micro_batches)
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
    // Cards that share a context hold the same weights, as replicas do.
    let cards = recipe.parallel.data.saturating_mul(recipe.parallel.context.max(1));
    let model_shards = f64::from(recipe.parallel.tensor.max(1)) * f64::from(recipe.parallel.pipeline.max(1));
    let own = own_share(setup, cards);
    let gradients = gradient_bytes(setup) * own / model_shards;
    let weights = weight_bytes(setup) / model_shards;
    let exchanged = match recipe.parallel.sharding {
        _ if cards < 2 => Seconds::ZERO,
        Sharding::Ddp => link.all_reduce(gradients, cards, layers),
        Sharding::Zero1 => link.all_reduce(gradients, cards, layers) + link.gather(weights * own, cards, layers),
        Sharding::Zero2 => link.gather(gradients, cards, layers) + link.gather(weights, cards, layers),
        // Weights are gathered for forward and again for backward of every micro-batch.
        Sharding::Zero3 => link.gather(weights, cards, layers) * (2.0 * passes) + link.gather(gradients, cards, layers) * passes,
    };
    let streamed = match recipe.offload {
        Offload::OptimizerAndWeights => weights / link.host * (2.0 * passes),
        Offload::Layers(count) => weights * (f64::from(count) / layers.max(1.0)).min(1.0) / link.host * (2.0 * passes),
        Offload::None | Offload::Optimizer | Offload::Experts(_) | Offload::Companions => Seconds::ZERO,
    };
    let total = exchanged + streamed;
    let hidden = total.min((step.busy() + step.idle) * table.training.overlap.get());
    // What is hidden still takes some of the card's memory and cores.
    Seconds::new((total - hidden).get().max(0.0)) + hidden * table.training.interference.get()
}

/// Share of the weights that are exchanged among so many cards where each holds one in `e` of the experts. Experts are exchanged among
/// the `n / e` cards that hold the same, of which a ring sends `(n / e - 1) / (n / e)` instead of `(n - 1) / n`.
fn own_share(setup: &Setup, cards: u32) -> f64 {
    let (degree, cards) = (f64::from(setup.recipe.parallel.expert.max(1)), f64::from(cards));
    if degree <= 1.0 || cards <= 1.0 {
        return 1.0;
    }
    let experts = expert_weights(&setup.model) / real(setup.model.parameters.max(1));
    1.0 - experts + experts * (cards - degree).max(0.0) / (degree * (cards - 1.0))
}

/// Weights of all routed experts.
fn expert_weights(model: &Model) -> f64 {
    let Network::Transformer(stack) = &model.network else { return 0.0 };
    let of = |group: &LayerGroup| match group.feed_forward {
        FeedForward::Experts { experts, expert_ffn, gated, .. } => {
            let matrices = if gated { 3.0 } else { 2.0 };
            real(group.count) * real(experts) * matrices * real(stack.hidden) * real(expert_ffn)
        }
        _ => 0.0,
    };
    stack.layers.iter().map(of).sum()
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
    Bytes::new(setup.recipe.precision.trained_widths().linear) * real(setup.model.parameters)
}
