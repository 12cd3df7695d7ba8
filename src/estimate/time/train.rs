//! Training step of a transformer, as a sum of operation classes.

use super::calibration::{TimeCalibration, Training, TrainingProfile};
use super::device::Device;
use super::exchange::{BOTH_WAYS, context_parallel, expert_parallel, gradient_exchange, pipeline, tensor_parallel};
use super::links::{Link, passes_per_step};
use super::parts::Parts;
use super::pass::{Pass, Span};
use super::update;
use crate::estimate::ArithmeticPath;
use crate::estimate::adapters::{Adapters, shares as adapted_shares};
use crate::model::{Model, Network, Transformer};
use crate::request::{AttentionKernel, Checkpointing, LossKernel, Precision, Setup, Sharding, Stack, WeightFormat};
use crate::units::{Bytes, Flops, Seconds, real};

/// Forward and backward passes over the arithmetic of one forward pass.
#[derive(Clone, Copy, Debug)]
struct Repeats {
    /// Forward, backward to inputs, backward to weights, recomputation.
    blocks: f64,
    /// Output layer (never recomputed).
    head: f64,
    /// Attention: backward costs 2.5 forwards where scores are recomputed, 2 where they were kept.
    attention: f64,
    /// Element-wise traffic.
    traffic: f64,
    /// Times each weight is read.
    weights: f64,
    /// Model FLOPs, which leave recomputation out.
    model: f64,
}

/// The family of training software.
pub(super) const fn profile(table: &Training, stack: Stack) -> &TrainingProfile {
    match stack {
        Stack::Unsloth => &table.fused,
        Stack::Megatron => &table.tuned,
        Stack::Pytorch | Stack::Torchtune | Stack::Litgpt => &table.compiled,
        Stack::Transformers | Stack::Deepspeed | Stack::LlamaCpp | Stack::Vllm | Stack::Exllama | Stack::TensorRt => &table.eager,
    }
}

/// The stacks of blocks of a network, and how many tokens of a sample each sees.
pub(super) fn stacks<'a>(model: &'a Model, setup: &Setup) -> [Option<(&'a Transformer, f64, f64)>; 2] {
    let (length, target) = (real(setup.job.sequence_length), real(setup.job.target_length));
    match &model.network {
        Network::Transformer(stack) => {
            let text = model.text_beside().map(|(text, tokens)| (text, tokens, 0.0));
            [Some((stack, real(stack.tokens(setup.job.sequence_length)), 0.0)), text]
        }
        Network::EncoderDecoder { encoder, decoder } => [Some((encoder, length, 0.0)), Some((decoder, target, length))],
        Network::Opaque(_) => [None, None],
    }
}

/// Time of one optimizer step on one card, and its model FLOPs.
pub(super) fn step(table: &TimeCalibration, setup: &Setup, device: &Device, link: &Link) -> (Parts, Flops) {
    let recipe = &setup.recipe;
    let passes = passes_per_step(setup.job.global_batch, recipe.micro_batch, recipe.parallel.data);
    let shards = f64::from(recipe.parallel.tensor.max(1)) * f64::from(recipe.parallel.context.max(1));
    let stages = f64::from(recipe.parallel.pipeline.max(1));
    let sharers = f64::from(setup.expert_sharers());
    let mut micro = Parts::default();
    let mut flops = Flops::ZERO;
    let mut layers = 0.0;
    let mut handed = 0.0;
    for (index, (stack, tokens, source)) in stacks(&setup.model, setup).into_iter().flatten().enumerate() {
        let causal = index > 0 || stack.lm_head && !is_encoder(setup);
        let sequences = real(recipe.micro_batch);
        let span = Span { sequences, new: tokens, past: stack.segment(tokens), causal, source, scored: tokens, sharers };
        let pass = Pass::of(stack, span);
        let repeats = repeats(setup);
        let adapted = if setup.adapters_only() { Adapters::of(setup).ports(stack) } else { 0.0 };
        let own = micro_step(table, setup, device, &pass, (adapted, repeats));
        micro += own;
        handed = real(stack.hidden) * sequences * tokens;
        micro.communication += kept_on_host(setup, link, handed * pass.layers);
        micro.communication += tensor_parallel(setup, link, &pass, handed);
        micro.communication += context_parallel(setup, link, stack, sequences * tokens, own.attention);
        // Slices and contexts of a card's replica share its tokens, as `divided` will share this.
        micro.communication += expert_parallel(setup, link, &pass, recipe.parallel.expert, BOTH_WAYS);
        flops += pass.flops() * repeats.model;
        layers += pass.layers;
    }
    // Work is divided among tensor shards and pipeline stages; a pipeline idles for (p - 1) of its (m + p - 1) slots, and every slot lasts
    // as long as the fullest stage takes.
    let bubble = (passes + stages - 1.0) / passes;
    let mut work = micro.divided(shards * stages) * passes;
    // Every card launches the kernels of its stage, however little of each layer is its own.
    work.launching = micro.launching * (passes / stages);
    let fullest = if layers < stages { 1.0 } else { (layers / stages).ceil() * stages / layers };
    work.idle = work.total() * (bubble * fullest - 1.0);
    work.communication += pipeline(setup, link, handed, passes * bubble);
    (around(table, setup, device, link, work, passes, layers), flops * (passes / (shards * stages)))
}

/// Adds to the passes of a step what happens once per step: the optimizer and the exchange between replicas.
pub(super) fn around(
    table: &TimeCalibration,
    setup: &Setup,
    device: &Device,
    link: &Link,
    passes: Parts,
    count: f64,
    layers: f64,
) -> Parts {
    let mut step = passes;
    step += update::step(table, setup, device, link, layers);
    step.communication += gradient_exchange(table, setup, link, &step, count, layers);
    step
}

fn is_encoder(setup: &Setup) -> bool {
    matches!(setup.model.category, crate::model::Category::Encoder)
}

fn repeats(setup: &Setup) -> Repeats {
    let eager = matches!(setup.recipe.attention, AttentionKernel::Eager | AttentionKernel::Math);
    let backward_attention = if eager { 2.0 } else { 2.5 };
    let blocks = if setup.adapters_only() { 2.0 } else { 3.0 };
    let head = if setup.trains_embeddings() { 3.0 } else { blocks };
    let (again, attention_again) = match setup.recipe.checkpointing {
        Checkpointing::None => (0.0, 0.0),
        Checkpointing::Selective => (0.0, 1.0),
        Checkpointing::Full | Checkpointing::Host => (1.0, 1.0),
    };
    Repeats {
        blocks: blocks + again,
        head,
        attention: 1.0 + backward_attention + attention_again,
        traffic: 3.0 + again,
        weights: blocks + again,
        model: blocks,
    }
}

/// Forward and backward of one micro-batch.
fn micro_step(table: &TimeCalibration, setup: &Setup, device: &Device, pass: &Pass, (adapted, repeats): (f64, Repeats)) -> Parts {
    let (recipe, training) = (&setup.recipe, &table.training);
    let profile = profile(training, recipe.stack);
    let element = device.arithmetic.operand_bytes.max(2.0);
    let stream = if setup.adapters_only() { element } else { recipe.precision.trained_widths().stream };
    let tf32 = recipe.precision == Precision::Tf32 && device.arithmetic.path == ArithmeticPath::TensorCores;
    let share = profile.products.get() * training.class.of(device.class).get() * if tf32 { training.tf32.get() } else { 1.0 };
    let operands = Bytes::new((pass.operands() + pass.weights) * element);
    let head_operands = Bytes::new((pass.head_operands + pass.head_weights) * element);
    let moved = if recipe.stack.runs_eagerly(setup.job.kind) { pass.eager } else { pass.fused };
    let traffic = moved.bytes(stream, element) * profile.traffic.get();
    let logits = Bytes::new(pass.logits * logit_bytes(training, recipe.loss));
    Parts {
        products: device.product_time(pass.linear, device.products * share, operands) * repeats.blocks
            + device.product_time(pass.head, device.making(device.half_products * share, pass.words), head_operands) * repeats.head,
        attention: attention(training, setup, device, pass, repeats.attention, share),
        elementwise: traffic * repeats.traffic / device.bandwidth + logits / device.bandwidth,
        adapters: adapters(profile, setup, device, pass.tokens * adapted * element),
        unpacking: unpacking(training, setup, device, pass, repeats.weights),
        launching: Seconds::new(profile.layer_seconds.get() * device.host) * (pass.layers * launches(training, setup, repeats)),
        ..Parts::default()
    }
}

/// Block inputs that come back from host memory, for which each block of the backward pass waits. They leave beside the forward
/// pass, which takes longer: a block computes 24 times its width on every value it sends.
fn kept_on_host(setup: &Setup, link: &Link, values: f64) -> Seconds {
    if setup.recipe.checkpointing != Checkpointing::Host {
        return Seconds::ZERO;
    }
    let width = if setup.adapters_only() { 2.0 } else { setup.recipe.precision.trained_widths().stream };
    Bytes::new(values * width) / link.host
}

/// Launches of one layer over those of a forward and backward pass through 16-bit weights: adapters and unpacking are kernels of
/// their own, and recomputation launches the forward pass again. Sharded weights are gathered and freed by unit: a layer is one,
/// and under FSDP so is each matrix of an adapter, since the weights of a unit all train or all stay (PEFT's wrapping policy).
/// `DeepSpeed` leaves matrices that small on every card.
fn launches(table: &Training, setup: &Setup, repeats: Repeats) -> f64 {
    let (mixer, feed_forward) = if setup.adapters_only() { adapted_shares(setup) } else { (0.0, 0.0) };
    let adapted = 4.0 * mixer + 3.0 * feed_forward;
    let adapters = table.adapter_launches.get() * adapted / 7.0;
    let unpacking = if setup.quantised_base() { table.unpack_launches.get() } else { 0.0 };
    let sharded = setup.recipe.parallel.sharding == Sharding::Zero3 && setup.recipe.parallel.data > 1;
    let units = if setup.recipe.stack == Stack::Deepspeed { 1.0 } else { 1.0 + 2.0 * adapted };
    let gathers = if sharded { table.sharded_launches.get() * units } else { 0.0 };
    (1.0 + adapters + unpacking + gathers) * repeats.traffic / 3.0
}

/// Scores that are stored are written and read several times; kernels that do not store them skip what the mask leaves out.
fn attention(table: &Training, setup: &Setup, device: &Device, pass: &Pass, repeats: f64, share: f64) -> Seconds {
    let efficiency = match setup.recipe.attention {
        AttentionKernel::Eager | AttentionKernel::Math => {
            let element = device.arithmetic.operand_bytes.max(2.0);
            let scores = Bytes::new(pass.scores * element * table.score_passes.get());
            return (pass.attention / (device.half_products * share) + scores / device.bandwidth) * repeats;
        }
        AttentionKernel::MemoryEfficient => table.memory_efficient.get(),
        AttentionKernel::Flash if device.arithmetic.path == ArithmeticPath::TensorCores => {
            profile(table, setup.recipe.stack).flash.get()
        }
        AttentionKernel::Flash => table.memory_efficient.get(),
    };
    pass.masked_attention * repeats / (device.half_products * (efficiency * table.class.of(device.class).get()))
}

/// Adapters read every input and write every output of the layers they sit on, forward and backward.
fn adapters(profile: &TrainingProfile, setup: &Setup, device: &Device, touched: f64) -> Seconds {
    let passes = if setup.recipe.checkpointing.recomputes_blocks() { 4.0 } else { 3.0 };
    Bytes::new(touched * profile.adapters.get() * passes) / device.bandwidth
}

/// Quantised frozen weights are unpacked to 16 bits before every product.
fn unpacking(table: &Training, setup: &Setup, device: &Device, pass: &Pass, times: f64) -> Seconds {
    if !setup.quantised_base() {
        return Seconds::ZERO;
    }
    // Every weight is read as it is stored, written in 16 bits and read again.
    let moved = |bytes: f64| bytes + 2.0 + 2.0;
    let over_four_bits = moved(setup.recipe.weights.block_bytes()) / moved(WeightFormat::Nf4.block_bytes());
    Bytes::new(pass.weights * table.unpack_bytes.get() * over_four_bits * times) / device.bandwidth
}

fn logit_bytes(table: &Training, loss: LossKernel) -> f64 {
    match loss {
        LossKernel::Standard => table.logit_bytes.get(),
        LossKernel::Fused | LossKernel::Chunked => table.chunked_logit_bytes.get(),
    }
}

/// Whether the last layer of a block carries an adapter.
pub(super) fn adapts_feed_forward(setup: &Setup) -> bool {
    adapted_shares(setup).1 > 0.0
}
