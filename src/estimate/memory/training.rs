//! Peak of a training step: what stays, what forward keeps, and the candidate moments.

use super::activations::{LayerActivations, layer, opaque};
use super::logits::{Logits, over_vocabulary, training as training_logits};
use super::peak::Parts;
use super::run::{Pass, Run, real};
use super::states::state_widths;
use super::weights::{Inventory, StoredWeights, block_width};
use crate::model::{BlockStyle, Input, Network, Opaque, Transformer};
use crate::request::{Offload, Optimizer, OptimizerKernel, Sharding, WeightFormat};

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
    /// The encoder's share of `kept`, in encoder-decoder models.
    pub encoder: f64,
    /// Input batch (pixels); token ids take nothing worth counting.
    pub input: f64,
}

/// Sequences and lengths of a stack: decoders of encoder-decoder models see the target.
pub(super) fn training_pass(run: &Run, decoder: bool) -> Pass {
    let job = &run.setup.job;
    let read = encoder_length(run);
    let (length, memory) = if decoder { (real(job.target_length), read) } else { (read, 0.0) };
    Pass { batch: run.batch, length: length / run.split.context, memory: memory / run.split.context }
}

/// Tokens of the input: Whisper always reads 30 seconds, shorter clips are padded.
pub(super) fn encoder_length(run: &Run) -> f64 {
    match &run.setup.model.network {
        Network::EncoderDecoder { encoder: Transformer { input: Input::Audio { frames }, .. }, .. } => real(*frames),
        _ => real(run.setup.job.sequence_length),
    }
}

impl Forward {
    /// Sums over the layers of a model.
    pub fn of(run: &Run, inventory: &Inventory) -> Self {
        let mut forward = Self::default();
        match &run.setup.model.network {
            Network::Transformer(stack) => forward.add(run, stack, training_pass(run, false)),
            Network::EncoderDecoder { encoder, decoder } => {
                forward.add(run, encoder, training_pass(run, false));
                forward.encoder = forward.kept;
                forward.add(run, decoder, training_pass(run, true));
            }
            Network::Opaque(network) => forward.kept += opaque(run, network),
        }
        forward.copies = autocast_copies(run, inventory);
        forward.input = pixels(run);
        forward
    }

    fn add(&mut self, run: &Run, stack: &Transformer, pass: Pass) {
        for group in &stack.layers {
            let one = layer(run, stack, group, pass);
            self.kept += real(group.count) * if run.checkpoints() { one.checkpoint } else { one.kept };
            self.layer.kept = self.layer.kept.max(one.kept);
            self.layer.checkpoint = self.layer.checkpoint.max(one.checkpoint);
            self.layer.working = self.layer.working.max(one.working);
            self.layer.matrix = self.layer.matrix.max(one.matrix);
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

/// Bytes of a batch of images: three channels, `side^2` or `tokens x patch^2` pixels, in the width of the stream.
pub(super) fn pixels(run: &Run) -> f64 {
    let job = &run.setup.job;
    let pixels = match &run.setup.model.network {
        Network::Transformer(Transformer { input: Input::Patches { patch, .. }, .. }) => {
            real(job.sequence_length) * real(*patch) * real(*patch)
        }
        Network::Opaque(Opaque { image_side: Some(_), .. }) => real(job.sequence_length) * real(job.sequence_length),
        _ => return 0.0,
    };
    3.0 * pixels * run.batch * run.widths.stream
}

/// Kept before the first and after the last block: final norm, embedding dropout, pooling.
fn outside(run: &Run, stack: &Transformer, pass: Pass) -> f64 {
    pass.tokens() * (outside_blocks(run, stack) + front_end(run, stack))
}

/// Bytes per token outside the blocks.
fn outside_blocks(run: &Run, stack: &Transformer) -> f64 {
    let (e, s, h) = (run.widths.linear, run.widths.stream, real(stack.hidden) / run.split.sequence);
    let trained = run.trains_base();
    let autocast = run.widths.autocast;
    match stack.style {
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
        // The embedding's norm and dropout; the pooler's view pins the last output; masked words pass one more layer and norm.
        BlockStyle::Bert => {
            let last = if autocast { 0.0 } else { s };
            let words = if over_vocabulary(run, stack) { 2.0 * e + s + if autocast { e } else { 0.0 } } else { 0.0 };
            (s + 1.0 + last + words) * h
        }
        BlockStyle::T5 => (s + 4.0 + e + 2.0) * h,
        _ => (s + e) * h,
    }
}

/// Bytes per frame that convolutional front ends keep. Whisper: both sides of the first GELU at twice the frames, the input of the
/// second. wav2vec 2.0: seven layers of 512 channels, each with its convolution and its GELU output, the first (64 positions a
/// frame; the others 63 together) also with a norm, which autocast runs in FP32; then the convolution that encodes positions.
fn front_end(run: &Run, stack: &Transformer) -> f64 {
    let (e, h) = (run.widths.linear, real(stack.hidden));
    match (stack.style, stack.input) {
        _ if !run.trains_base() => 0.0,
        (BlockStyle::Whisper, Input::Audio { .. }) => 5.0 * e * h,
        (BlockStyle::Wav2vec2, _) => {
            let first = if run.widths.autocast { 10.0 } else { 3.0 * e };
            512.0 * (2.0 * 63.2 * e + 64.25 * first) + 6.0 * e * h
        }
        _ => 0.0,
    }
}

/// 16-bit copies of FP32 weights live as long as the graph needs them; with checkpointing only the output layer's.
fn autocast_copies(run: &Run, inventory: &Inventory) -> f64 {
    if !run.widths.autocast {
        return 0.0;
    }
    let on_card = inventory.on_card(run);
    let blocks = if run.checkpoints() { 0.0 } else { on_card.linear + on_card.experts };
    let frozen_wide = run.setup.recipe.weights == WeightFormat::Fp32;
    let weights = match (run.trains_base(), run.checkpoints()) {
        (true, _) => blocks + output_layer(run, inventory),
        (false, _) if frozen_wide => blocks + output_layer(run, inventory) + adapter_parameters(run),
        (false, checkpoints) => {
            let adapters = if checkpoints || !run.widths.wide_adapters() { 0.0 } else { adapter_parameters(run) };
            adapters + if run.setup.recipe.lora.upcast { output_layer(run, inventory) } else { 0.0 }
        }
    };
    2.0 * weights
}

/// Weights of the output layer over the vocabulary on one card, its own or the embedding's; zero where the loss does not use it.
fn output_layer(run: &Run, inventory: &Inventory) -> f64 {
    let speaks = match &run.setup.model.network {
        Network::Transformer(stack) | Network::EncoderDecoder { decoder: stack, .. } => over_vocabulary(run, stack),
        Network::Opaque(_) => false,
    };
    let on_card = inventory.on_card(run);
    match (speaks, inventory.head > 0.0) {
        (false, _) => 0.0,
        (true, true) => on_card.head,
        (true, false) => on_card.embedding,
    }
}

/// Whether the embedding receives gradients from both ends at once: tied to an output layer, and read by the stack whose backward
/// pass comes last.
fn doubles_embedding(run: &Run, inventory: &Inventory) -> bool {
    let read_last = match &run.setup.model.network {
        Network::EncoderDecoder { encoder, .. } => encoder.vocab > 0,
        _ => true,
    };
    run.trains_base() && inventory.head <= 0.0 && read_last
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

/// Share of gradients that exist and of activations that are still kept after the backward pass of the last one and two of four
/// stages: late stages of a convolutional network have most of its weights and few of its activations (counted on ResNet-50).
const CONVOLUTIONAL_STAGES: [(f64, f64); 3] = [(0.08, 1.0), (0.67, 0.95), (0.94, 0.78)];

/// Peak of a training step and what is moved to the host (per card).
pub(super) struct TrainingPeak {
    /// Parts at the peak.
    pub parts: Parts,
    /// Bytes on the host.
    pub host: f64,
    /// Bytes of other moments whose freed blocks the allocator keeps at the peak.
    pub idle: f64,
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
    let head = if run.trains_base() { output_layer(run, inventory) } else { 0.0 };
    let tied = doubles_embedding(run, inventory);
    let embedding = if run.trains_base() { on_card.embedding } else { 0.0 };
    let layer_weights = trained_layer(run, inventory, trained);

    let gradients = trained * widths.gradient / run.split.gradients();
    let head_gradient = head * widths.gradient / run.split.gradients();
    let in_backward = run.setup.recipe.optimizer_kernel == OptimizerKernel::InBackward;
    let offload = run.setup.recipe.offload;
    // Paged states live in unified memory and leave the card when it is full, so they are not needed there.
    let paged = run.setup.recipe.optimizer == Optimizer::PagedAdamw8bit;
    let gradients_off = matches!(offload, Offload::Optimizer | Offload::OptimizerAndWeights);
    let states_off = paged || gradients_off;
    let weights_off = offload == Offload::OptimizerAndWeights;
    let all_gradients =
        if in_backward || gradients_off { gradients.min((layer_weights * widths.gradient).max(head_gradient)) } else { gradients };
    let states = trained * widths.states / run.split.optimizer();
    let step = trained * widths.step / run.split.optimizer();
    let adapter_weights = adapters * run.widths.trained / run.split.weights();

    let weights = stored.card.get() + adapter_weights;
    let host = stored.host.get()
        + if states_off { states } else { 0.0 }
        + if gradients_off { gradients } else { 0.0 }
        + if weights_off { weights } else { 0.0 };
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
        parts.activations = activations + forward.input;
        parts.logits = logits;
        parts.optimizer += step;
        parts
    };
    let double_head = if tied { 2.0 * head_gradient } else { 0.0 };
    let outside_head = if tied && head > 0.0 { 0.0 } else { embedding * widths.gradient / run.split.gradients() };
    let first = (all_gradients - layer_weights * widths.gradient / run.split.gradients() - outside_head).max(0.0);
    let last_step = if states_off { 0.0 } else { step };
    let matrix = if run.trains_base() { forward.layer.matrix * widths.gradient } else { 0.0 };
    let parts = moment(matrix.min(all_gradients), kept + work.min(forward.kept), 0.0, 0.0)
        .or(moment(0.0, kept, forward.logits.kept + forward.logits.backward, 0.0))
        .or(moment(head_gradient, flying + recomputed + work, 0.0, 0.0))
        .or(moment(all_gradients + if in_backward { 0.0 } else { double_head }, 0.0, 0.0, 0.0))
        .or(moment(first, forward.layer.checkpoint + forward.layer.kept + work, 0.0, 0.0))
        .or(moment(all_gradients, 0.0, 0.0, last_step));
    let parts = match &run.setup.model.network {
        Network::EncoderDecoder { decoder, .. } => {
            let done = all_gradients * decoder_share(decoder, inventory) + head_gradient * if tied { 1.0 } else { 2.0 };
            parts.or(moment(done.min(all_gradients + head_gradient), forward.encoder + forward.copies + work, 0.0, 0.0))
        }
        _ => parts,
    };
    let parts = if let Network::Opaque(Opaque { image_side: Some(_), .. }) = run.setup.model.network {
        CONVOLUTIONAL_STAGES.iter().fold(parts, |peak, (gradients_share, kept_share)| {
            peak.or(moment(all_gradients * gradients_share, forward.kept * kept_share, 0.0, 0.0))
        })
    } else {
        parts
    };
    let most_activations = (flying + recomputed + work).max(kept + forward.logits.kept + forward.logits.backward);
    let most_gradients = all_gradients + last_step;
    let changing = parts.activations + parts.logits + (parts.sum() - base.sum() - parts.activations - parts.logits).max(0.0);
    TrainingPeak { parts, host, idle: (most_activations + most_gradients - changing).max(0.0) }
}

/// Share of a model's block weights that are the decoder's.
fn decoder_share(decoder: &Transformer, inventory: &Inventory) -> f64 {
    let linear: f64 = decoder.layers.iter().map(|group| real(group.count) * real(group.linear_parameters)).sum();
    if inventory.total() > 0.0 { (linear / inventory.total()).min(1.0) } else { 0.0 }
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
    // Quantised blocks are gathered as they are stored.
    let block_width = if run.trains_base() { width } else { block_width(run.setup.recipe.weights) };
    let on_card = inventory.on_card(run);
    let layer = if inventory.layers < 1.0 {
        0.0
    } else {
        (inventory.linear + inventory.experts / split.expert) / inventory.layers / split.tensor
    };
    let gathered = || {
        let all = on_card.total() * width;
        (2.0 * layer * block_width + (on_card.embedding + on_card.head) * width).min(all)
    };
    if split.data <= 1.0 {
        return if weights_off { gathered() } else { 0.0 };
    }
    let elsewhere = 1.0 - 1.0 / split.data;
    // Weights on the host are gathered as well, from there.
    let fetched = if weights_off { gathered() } else { 0.0 };
    match split.sharding {
        Sharding::Ddp | Sharding::Zero1 => gradients + fetched,
        Sharding::Zero2 => gradients.min(BUCKET_VALUES * width) * elsewhere + fetched,
        Sharding::Zero3 => gathered() * elsewhere,
    }
}
