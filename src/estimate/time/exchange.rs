//! What cards exchange while they train, as far as arithmetic does not hide it.

use super::calibration::TimeCalibration;
use super::links::Link;
use super::parts::Parts;
use super::pass::Pass;
use crate::estimate::trained_parameters;
use crate::model::{FeedForward, LayerGroup, Mixer, Model, Network, Transformer};
use crate::request::{Checkpointing, Offload, Setup, Sharding};
use crate::units::{Bytes, Seconds, real};

/// Tensor parallelism all-reduces the residual stream twice per layer and direction, with nothing to hide behind.
pub(super) fn tensor_parallel(setup: &Setup, link: &Link, pass: &Pass, values: f64) -> Seconds {
    let cards = setup.recipe.parallel.tensor;
    if cards < 2 {
        return Seconds::ZERO;
    }
    let bytes = Bytes::new(4.0 * pass.layers * values * 2.0);
    // `divided` will share this among the cards, so it is counted once per card here.
    link.among(cards).all_reduce(bytes, cards, 4.0 * pass.layers) * f64::from(cards)
}

/// Context parallelism hands keys and values around a ring: once forward, again where the forward pass is repeated, and with their
/// gradients backward. Attention to the blocks that are there hides what it can (ring attention, arXiv 2310.01889).
pub(super) fn context_parallel(setup: &Setup, link: &Link, stack: &Transformer, tokens: f64, attention: Seconds) -> Seconds {
    let plan = setup.recipe.parallel;
    let cards = plan.context;
    if cards < 2 {
        return Seconds::ZERO;
    }
    let rounds = if setup.recipe.checkpointing == Checkpointing::None { 3.0 } else { 4.0 };
    let layers = |group: &LayerGroup| real(group.count);
    let values: f64 = stack.layers.iter().map(|group| layers(group) * keys_and_values(&group.mixer)).sum();
    let calls = rounds * f64::from(cards - 1) * stack.layers.iter().map(layers).sum::<f64>();
    let ring = link.among(cards * plan.tensor.max(1)).gather(Bytes::new(rounds * values * tokens * 2.0), cards, calls);
    // The ring is counted once per card, as `divided` will share it; attention will be shared likewise.
    (ring * f64::from(cards) - attention).max(Seconds::ZERO)
}

/// Values of keys and values of one token of a layer, as attention reads them.
fn keys_and_values(mixer: &Mixer) -> f64 {
    match *mixer {
        Mixer::Latent { heads, qk_dim, v_dim, .. } => real(heads) * (real(qk_dim) + real(v_dim)),
        _ => 2.0 * mixer.key_width(),
    }
}

/// Trips of a token to its experts and back while a model learns: forward and backward.
pub(super) const BOTH_WAYS: f64 = 4.0;
/// Trips while it runs.
pub(super) const FORWARD: f64 = 2.0;

/// Experts on so many groups of cards: each token is sent to the cards of its experts and back, with nothing to hide behind. Cards
/// that hold slices of what is elsewhere whole gather all that is sent to any of them, and add up what they made of it (`AllGather`
/// and `ReduceScatter` around the experts of Megatron-Core's dispatcher): once for each expert of a token, not once a token.
pub(super) fn expert_parallel(setup: &Setup, link: &Link, pass: &Pass, groups: u32, trips: f64) -> Seconds {
    if groups < 2 || pass.routing <= 0.0 {
        return Seconds::ZERO;
    }
    let plan = setup.recipe.parallel;
    let slices = plan.tensor.max(1);
    let neighbours = groups.saturating_mul(slices).saturating_mul(plan.context.max(1)).min(slices.saturating_mul(plan.replicas()));
    let there_and_back = link.among(neighbours).gather(Bytes::new(trips * pass.routed * 2.0), groups, trips * pass.routing);
    let among_slices = match plan.expert_slices() {
        // Shared among the slices afterwards, so counted once for each here.
        parts @ 2.. if plan.expert > 1 => {
            link.among(parts).gather(Bytes::new(trips * pass.routed * 2.0), parts, trips * pass.routing) * f64::from(slices)
        }
        _ => Seconds::ZERO,
    };
    there_and_back + among_slices
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
    let cards = recipe.parallel.replicas();
    let model_shards = f64::from(recipe.parallel.tensor.max(1)) * f64::from(recipe.parallel.pipeline.max(1));
    let gradients = || gradient_bytes(setup) * own_share(setup, cards) / model_shards;
    let weights = || weight_bytes(setup) * own_share(setup, cards) / model_shards;
    let exchanged = match recipe.parallel.sharding {
        _ if cards < 2 => Seconds::ZERO,
        Sharding::Ddp => link.all_reduce(gradients(), cards, layers),
        Sharding::Zero1 => link.all_reduce(gradients(), cards, layers) + link.gather(weights(), cards, layers),
        Sharding::Zero2 => link.gather(gradients(), cards, layers) + link.gather(weights(), cards, layers),
        // Weights are gathered for forward and again for backward of every micro-batch.
        Sharding::Zero3 => {
            link.gather(weights(), cards, layers) * (2.0 * passes) + link.gather(gradients(), cards, layers) * passes
        }
    };
    let total = exchanged + streamed(table, setup, link, passes, layers);
    if total <= Seconds::ZERO {
        return Seconds::ZERO;
    }
    let hidden = total.min((step.busy() + step.idle) * table.training.overlap.get());
    // What is hidden still takes some of the card's memory and cores.
    Seconds::new((total - hidden).get().max(0.0)) + hidden * table.training.interference.get()
}

/// What passes between main memory and each card while the gradients of a step add up, which arithmetic may hide: weights that wait there
/// come for the forward and again for the backward pass. Gradients that lie there come to be added to and go back in every pass but the
/// first, for adding on the processor would be slower still (`partition_grads` in `stage3.py` and `async_accumulate_grad_in_cpu_via_gpu` in
/// `stage_1_and_2.py` of `DeepSpeed`); what the last one sends is in the update.
fn streamed(table: &TimeCalibration, setup: &Setup, link: &Link, passes: f64, layers: f64) -> Seconds {
    let plan = setup.recipe.parallel;
    let model_shards = f64::from(plan.tensor.max(1)) * f64::from(plan.pipeline.max(1));
    let held = || weight_bytes(setup) * held_share(setup) / model_shards;
    let own = || gradient_bytes(setup) * updated_share(setup) / model_shards;
    let added = || own() / table.links.to_each_card(setup, link) * (2.0 * (passes - 1.0).max(0.0));
    match setup.recipe.offload {
        Offload::Optimizer => added(),
        Offload::OptimizerAndWeights => {
            // Cards that share the weights fetch a part each, and gather the rest from the others.
            let rate = if plan.sharding == Sharding::Zero3 { link.host } else { table.links.to_each_card(setup, link) };
            held() / rate * (2.0 * passes) + added()
        }
        Offload::Layers(count) => held() * Offload::part(count, layers) / link.host * (2.0 * passes),
        Offload::None | Offload::Experts(_) | Offload::Companions => Seconds::ZERO,
    }
}

/// Share of the weights of its slices and stages that a card updates.
pub(super) fn updated_share(setup: &Setup) -> f64 {
    let plan = setup.recipe.parallel;
    match plan.sharding {
        Sharding::Ddp if setup.adapters_only() => 1.0,
        Sharding::Ddp => held_share(setup),
        Sharding::Zero1 | Sharding::Zero2 | Sharding::Zero3 => 1.0 / f64::from(plan.replicas()),
    }
}

/// Share of the weights that are exchanged among so many cards where each holds one in `e` of the experts. Experts are exchanged
/// among the `n / e` cards that hold the same, of which a ring sends `(n / e - 1) / (n / e)` instead of `(n - 1) / n`.
fn own_share(setup: &Setup, cards: u32) -> f64 {
    let (degree, cards) = (f64::from(setup.expert_sharers()), f64::from(cards));
    if degree <= 1.0 || cards <= 1.0 {
        return 1.0;
    }
    let experts = expert_share(&setup.model);
    1.0 - experts + experts * (cards - degree).max(0.0) / (degree * (cards - 1.0))
}

/// Share of the weights of its slices and stages that a card holds where the experts are divided among replicas.
pub(super) fn held_share(setup: &Setup) -> f64 {
    let sharers = setup.expert_sharers();
    if sharers < 2 { 1.0 } else { 1.0 - expert_share(&setup.model) * (1.0 - 1.0 / f64::from(sharers)) }
}

/// Share of all weights that routed experts have.
fn expert_share(model: &Model) -> f64 {
    (expert_weights(model) / real(model.parameters.max(1))).min(1.0)
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
    Bytes::new(trained_parameters(setup) * setup.recipe.precision.trained_widths().weight)
}

/// Bytes of the weights as they are gathered.
fn weight_bytes(setup: &Setup) -> Bytes {
    if setup.adapters_only() {
        return Bytes::new(setup.recipe.weights.block_bytes()) * real(setup.model.parameters);
    }
    // Mixed precision gathers 16-bit copies of FP32 shards.
    Bytes::new(setup.recipe.precision.trained_widths().linear) * real(setup.model.parameters)
}
