//! What the forward pass leaves for the backward pass.

use super::activations::{LayerActivations, layer, opaque};
use super::logits::{Logits, over_vocabulary, training as training_logits};
use super::run::{Pass, Run};
use crate::model::{BlockStyle, Input, Network, Opaque, Transformer};
use crate::request::{Checkpointing, WeightFormat};
use crate::units::real;

/// What the forward pass leaves for the backward pass, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Forward {
    /// Kept by all layers and outside of them, without logits.
    pub kept: f64,
    /// Inputs of blocks that wait in host memory.
    pub on_host: f64,
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
        Network::Transformer(stack) => real(stack.tokens(run.setup.input_length())),
        _ => real(run.setup.input_length()),
    }
}

impl Forward {
    /// Sums over the layers of a model.
    pub fn of(run: &Run) -> Self {
        let mut forward = Self::default();
        match &run.setup.model.network {
            Network::Transformer(stack) => {
                let pass = training_pass(run, false);
                forward.add(run, stack, pass);
                if let Some((text, tokens)) = run.setup.model.text_beside() {
                    forward.add(run, text, Pass { length: tokens / run.split.context, ..pass });
                }
            }
            Network::EncoderDecoder { encoder, decoder } => {
                forward.add(run, encoder, training_pass(run, false));
                forward.encoder = forward.kept;
                forward.add(run, decoder, training_pass(run, true));
            }
            Network::Opaque(network) => forward.kept += opaque(run, network),
        }
        forward.copies = autocast_copies(run);
        forward.input = pixels(run);
        forward
    }

    fn add(&mut self, run: &Run, stack: &Transformer, pass: Pass) {
        for group in &stack.layers {
            let one = layer(run, stack, group, pass);
            let inputs = real(group.count) * one.checkpoint;
            match run.setup.recipe.checkpointing {
                Checkpointing::Host => self.on_host += inputs,
                Checkpointing::Full => self.kept += inputs,
                Checkpointing::None | Checkpointing::Selective => self.kept += real(group.count) * one.kept,
            }
            self.layer.kept = self.layer.kept.max(one.kept);
            self.layer.checkpoint = self.layer.checkpoint.max(one.checkpoint);
            self.layer.working = self.layer.working.max(one.working);
            self.layer.matrix = self.layer.matrix.max(one.matrix);
        }
        if self.on_host > 0.0 {
            // One input leaves, or comes back, while the next is in use.
            self.kept += 2.0 * self.layer.checkpoint;
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
        // The norm's own weight is frozen, its output is read by a layer that is not.
        BlockStyle::Llama | BlockStyle::Gemma if run.setup.trains_embeddings() => (4.0 + e) * h,
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
/// frame; the others 63 together) also with a norm, which autocast runs in FP32; a norm over the 512 channels, whose output is
/// projected to the width of the blocks; then the convolution that encodes positions.
fn front_end(run: &Run, stack: &Transformer) -> f64 {
    let (e, h) = (run.widths.linear, real(stack.hidden));
    match (stack.style, stack.input) {
        _ if !run.trains_base() => 0.0,
        (BlockStyle::Whisper, Input::Audio { .. }) => 5.0 * e * h,
        (BlockStyle::Wav2vec2, _) => {
            let first = if run.widths.autocast { 10.0 } else { 3.0 * e };
            let norm = if run.widths.autocast { 4.0 + e } else { e };
            512.0 * (2.0 * 63.2 * e + 64.25 * first + norm) + 6.0 * e * h
        }
        _ => 0.0,
    }
}

/// 16-bit copies of FP32 weights live as long as the graph needs them; with checkpointing only the output layer's.
fn autocast_copies(run: &Run) -> f64 {
    if !run.widths.autocast {
        return 0.0;
    }
    let on_card = &run.on_card;
    let blocks = if run.checkpoints() { 0.0 } else { on_card.linear + on_card.experts };
    let frozen_wide = run.setup.recipe.weights == WeightFormat::Fp32;
    let weights = match (run.trains_base(), run.checkpoints()) {
        (true, _) => blocks + output_layer(run),
        (false, _) if frozen_wide => blocks + output_layer(run) + run.adapter_parameters,
        (false, checkpoints) => {
            let adapters = if checkpoints || !run.widths.wide_adapters() { 0.0 } else { run.adapter_parameters };
            adapters + if run.setup.recipe.lora.upcast { output_layer(run) } else { 0.0 }
        }
    };
    2.0 * weights
}

/// Weights of the output layer over the vocabulary on one card, its own or the embedding's; zero where the loss does not use it.
pub(super) fn output_layer(run: &Run) -> f64 {
    let speaks = match &run.setup.model.network {
        Network::Transformer(stack) | Network::EncoderDecoder { decoder: stack, .. } => over_vocabulary(run, stack),
        Network::Opaque(_) => false,
    };
    let on_card = &run.on_card;
    match (speaks, run.inventory.head > 0.0) {
        (false, _) => 0.0,
        (true, true) => on_card.head,
        (true, false) => on_card.embedding,
    }
}

/// Weights of the copies of embedding and output layer that are trained beside adapters on one card; a tied pair is copied twice.
pub(super) fn trained_tables(run: &Run) -> f64 {
    if run.setup.trains_embeddings() { run.on_card.embedding + output_layer(run) } else { 0.0 }
}

/// Whether the embedding receives gradients from both ends at once: tied to an output layer, and read by the stack whose backward
/// pass comes last.
pub(super) fn doubles_embedding(run: &Run) -> bool {
    let read_last = match &run.setup.model.network {
        Network::EncoderDecoder { encoder, .. } => encoder.vocab > 0,
        _ => true,
    };
    run.trains_base() && run.inventory.head <= 0.0 && read_last
}
