//! Peak of a training step: what stays, what forward keeps, and the candidate moments.

use super::activations::{LayerActivations, layer, opaque};
use super::logits::{Logits, training as training_logits};
use super::peak::Parts;
use super::run::{Pass, Run, real};
use super::states::state_widths;
use super::weights::{Inventory, StoredWeights};
use crate::model::{BlockStyle, Network, Transformer};
use crate::request::{Offload, OptimizerKernel, Sharding};

/// What the forward pass leaves for the backward pass, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Forward {
    /// Kept by all layers and outside of them, without logits.
    pub kept: f64,
    /// Logits and loss.
    pub logits: Logits,
    /// Largest layer when it is recomputed or differentiated.
    pub layer: LayerActivations,
    /// 16-bit copies of FP32 weights that autocast keeps.
    pub copies: f64,
}

/// Sequences and lengths of a stack: decoders of encoder-decoder models see the target.
pub(super) fn training_pass(run: &Run, decoder: bool) -> Pass {
    let job = &run.setup.job;
    let length = if decoder { job.target_length } else { job.sequence_length };
    let memory = if decoder { real(job.sequence_length) } else { 0.0 };
    Pass { batch: run.batch, length: real(length) / run.split.context, memory: memory / run.split.context }
}

impl Forward {
    /// Sums over the layers of a model.
    pub fn of(run: &Run, inventory: &Inventory) -> Self {
        let mut forward = Self::default();
        match &run.setup.model.network {
            Network::Transformer(stack) => forward.add(run, stack, training_pass(run, false)),
            Network::EncoderDecoder { encoder, decoder } => {
                forward.add(run, encoder, training_pass(run, false));
                forward.add(run, decoder, training_pass(run, true));
            }
            Network::Opaque(network) => forward.kept += opaque(run, network),
        }
        forward.copies = autocast_copies(run, inventory);
        forward
    }

    fn add(&mut self, run: &Run, stack: &Transformer, pass: Pass) {
        for group in &stack.layers {
            let one = layer(run, stack, group, pass);
            self.kept += real(group.count) * if run.checkpoints() { one.checkpoint } else { one.kept };
            self.layer.kept = self.layer.kept.max(one.kept);
            self.layer.checkpoint = self.layer.checkpoint.max(one.checkpoint);
            self.layer.working = self.layer.working.max(one.working);
        }
        self.kept += outside(run, stack, pass);
        let logits = training_logits(run, stack, pass);
        self.logits.kept += logits.kept;
        self.logits.backward += logits.backward;
    }

    /// Everything kept, with logits.
    pub fn saved(&self) -> f64 {
        self.kept + self.copies + self.logits.kept
    }
}

/// Kept before the first and after the last block: final norm, embedding dropout, pooling.
fn outside(run: &Run, stack: &Transformer, pass: Pass) -> f64 {
    let (e, s, h) = (run.widths.linear, run.widths.stream, real(stack.hidden) / run.split.sequence);
    let trained = run.trains_base();
    let per_token = match stack.style {
        BlockStyle::Llama | BlockStyle::Gemma if trained => (4.0 + s + e) * h,
        // Without trained embeddings the first block's input needs no gradient, which saves what the last norm adds.
        BlockStyle::Llama | BlockStyle::Gemma => {
            if run.checkpoints() {
                4.0 * h
            } else {
                0.0
            }
        }
        BlockStyle::Gpt2 => (s + e + 1.0) * h,
        BlockStyle::Bert => (s + 1.0) * h,
        BlockStyle::T5 => (s + 4.0 + e + 2.0) * h,
        _ => (s + e) * h,
    };
    pass.tokens() * per_token
}

/// 16-bit copies of FP32 weights live as long as the graph needs them; with checkpointing only the output layer's.
fn autocast_copies(run: &Run, inventory: &Inventory) -> f64 {
    if !run.widths.autocast || run.widths.trained < 4.0 {
        return 0.0;
    }
    let on_card = inventory.on_card(run);
    let tied_head = if inventory.head > 0.0 { on_card.head } else { on_card.embedding };
    let weights = match (run.trains_base(), run.checkpoints()) {
        (true, false) => on_card.linear + on_card.experts + tied_head,
        (true, true) => tied_head,
        (false, false) => adapter_parameters(run),
        (false, true) => 0.0,
    };
    2.0 * weights
}

/// Weights of all adapters on one card.
pub(super) fn adapter_parameters(run: &Run) -> f64 {
    let Some(adapters) = run.adapters else { return 0.0 };
    let of = |stack: &Transformer| -> f64 {
        stack.layers.iter().map(|group| real(group.count) * adapters.parameters(stack, group)).sum()
    };
    let all = match &run.setup.model.network {
        Network::Transformer(stack) => of(stack),
        Network::EncoderDecoder { encoder, decoder } => of(encoder) + of(decoder),
        Network::Opaque(_) => 0.0,
    };
    all / run.split.tensor / run.split.pipeline
}

/// Peak of a training step and what is moved to the host (per card).
pub(super) struct TrainingPeak {
    /// Parts at the peak.
    pub parts: Parts,
    /// Bytes on the host.
    pub host: f64,
}

/// The largest of the candidate moments:
///
/// 1. start of the backward pass: everything kept and the gradient of the logits;
/// 2. last layers' backward pass: the output layer's gradient exists, the logits are gone;
/// 3. end of the backward pass: all gradients, and both halves of a tied embedding's gradient;
/// 4. first layer's recomputation, with the gradients of all others;
/// 5. optimizer step: all gradients and its temporaries.
pub(super) fn training(run: &Run, inventory: &Inventory, stored: &StoredWeights) -> TrainingPeak {
    let forward = Forward::of(run, inventory);
    let widths = state_widths(run);
    let on_card = inventory.on_card(run);
    let adapters = adapter_parameters(run);
    let trained = if run.trains_base() { on_card.total() } else { adapters };
    let head = if run.trains_base() { if inventory.head > 0.0 { on_card.head } else { on_card.embedding } } else { 0.0 };
    let tied = run.trains_base() && inventory.head <= 0.0;
    let layer_weights = trained_layer(run, inventory, trained);

    let gradients = trained * widths.gradient / run.split.gradients();
    let head_gradient = head * widths.gradient / run.split.gradients();
    let in_backward = run.setup.recipe.optimizer_kernel == OptimizerKernel::InBackward;
    let offload = run.setup.recipe.offload;
    let states_off = matches!(offload, Offload::Optimizer | Offload::OptimizerAndWeights);
    let weights_off = offload == Offload::OptimizerAndWeights;
    let all_gradients =
        if in_backward || states_off { gradients.min((layer_weights * widths.gradient).max(head_gradient)) } else { gradients };
    let states = trained * widths.states / run.split.optimizer();
    let step = trained * widths.step / run.split.optimizer();
    let adapter_weights = adapters * run.widths.trained / run.split.weights();

    let weights = stored.card.get() + adapter_weights;
    let host = stored.host.get() + if states_off { states + gradients } else { 0.0 } + if weights_off { weights } else { 0.0 };
    let communication = communication(run, inventory, weights_off, trained * widths.gradient);
    let base = Parts {
        weights: if weights_off { 0.0 } else { weights },
        gradients: if run.accumulates() { all_gradients } else { 0.0 },
        optimizer: if states_off { 0.0 } else { states },
        communication,
        ..Parts::default()
    };

    let in_flight = run.split.pipeline.min(real(run.setup.recipe.gradient_accumulation.max(1)));
    let stage = run.split.stage_share(inventory.layers);
    let kept = forward.kept * stage + forward.copies;
    let flying = forward.kept * stage * in_flight + forward.copies;
    let work = forward.layer.working;
    let recomputed = if run.checkpoints() { forward.layer.kept } else { 0.0 };
    let moment = |gradients: f64, activations: f64, logits: f64, step: f64| {
        let mut parts = base;
        parts.gradients = parts.gradients.max(gradients);
        parts.activations = activations;
        parts.logits = logits;
        parts.optimizer += step;
        parts
    };
    let double_head = if tied { 2.0 * head_gradient } else { 0.0 };
    let outside_head = if tied { 0.0 } else { head_gradient };
    let first = (all_gradients - layer_weights * widths.gradient / run.split.gradients() - outside_head).max(0.0);
    let last_step = if states_off { 0.0 } else { step };
    let parts = moment(0.0, kept + work.min(forward.kept), 0.0, 0.0)
        .or(moment(0.0, kept, forward.logits.kept + forward.logits.backward, 0.0))
        .or(moment(head_gradient, flying + recomputed + work, 0.0, 0.0))
        .or(moment(all_gradients + if in_backward { 0.0 } else { double_head }, 0.0, 0.0, 0.0))
        .or(moment(first, forward.layer.checkpoint + forward.layer.kept + work, 0.0, 0.0))
        .or(moment(all_gradients, 0.0, 0.0, last_step));
    TrainingPeak { parts, host }
}

/// Trained weights of one layer.
fn trained_layer(run: &Run, inventory: &Inventory, trained: f64) -> f64 {
    if inventory.layers < 1.0 {
        return trained;
    }
    if run.trains_base() {
        (inventory.linear + inventory.experts / run.split.expert) / inventory.layers / run.split.tensor
    } else {
        trained / (inventory.layers / run.split.pipeline).max(1.0)
    }
}

/// Buffers of collectives.
///
/// DDP copies gradients into buckets (PyTorch's default, `gradient_as_bucket_view=False`). ZeRO-3 and FSDP gather two blocks at a
/// time, and keep embedding and output layer gathered. ZeRO-2 reduces in buckets of 500 million values (DeepSpeed's default).
fn communication(run: &Run, inventory: &Inventory, weights_off: bool, gradients: f64) -> f64 {
    const BUCKET_VALUES: f64 = 5e8;
    let split = &run.split;
    let width = run.widths.linear;
    let on_card = inventory.on_card(run);
    let layer = if inventory.layers < 1.0 {
        0.0
    } else {
        (inventory.linear + inventory.experts / split.expert) / inventory.layers / split.tensor
    };
    let gathered = || {
        let all = on_card.total() * width;
        (2.0 * layer * width + (on_card.embedding + on_card.head) * width).min(all)
    };
    if split.data <= 1.0 {
        return if weights_off { gathered() } else { 0.0 };
    }
    let elsewhere = 1.0 - 1.0 / split.data;
    match split.sharding {
        Sharding::Ddp | Sharding::Zero1 => gradients,
        Sharding::Zero2 => gradients.min(BUCKET_VALUES * width) * elsewhere,
        Sharding::Zero3 => gathered() * elsewhere,
    }
}
