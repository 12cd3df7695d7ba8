//! Stored weights: bytes by format and kind of tensor.

use super::run::{Run, real};
use crate::model::{FeedForward, LayerGroup, Model, Network, Transformer};
use crate::request::{Offload, Stack, WeightFormat, is_gguf};
use crate::units::Bytes;

/// Weights of a model by kind, in values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Inventory {
    /// Linear layers of the blocks, without routed experts.
    pub linear: f64,
    /// Routed experts.
    pub experts: f64,
    /// Token embedding.
    pub embedding: f64,
    /// Output layer with its own weights.
    pub head: f64,
    /// Norms, biases, positions, front ends.
    pub rest: f64,
    /// Layers.
    pub layers: f64,
}

/// Bytes of one value by kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FormatWidths {
    linear: f64,
    experts: f64,
    embedding: f64,
    head: f64,
    rest: f64,
}

impl Inventory {
    /// Counts the weights of a model; what the layers and embeddings do not explain is `rest`.
    pub fn of(model: &Model) -> Self {
        let mut all = Self::default();
        match &model.network {
            Network::Transformer(stack) => all.add(stack, true),
            Network::EncoderDecoder { encoder, decoder } => {
                let shared = encoder.vocab > 0 && encoder.vocab == decoder.vocab;
                all.add(encoder, !shared);
                all.add(decoder, true);
            }
            Network::Opaque(_) => {}
        }
        let known = all.linear + all.experts + all.embedding + all.head;
        let total = real(model.parameters);
        if known > total && known > 0.0 {
            all = all.scaled(total / known);
        } else {
            all.rest = total - known;
        }
        all
    }

    fn add(&mut self, stack: &Transformer, embeds: bool) {
        for group in &stack.layers {
            let count = real(group.count);
            let experts = expert_weights(stack, group);
            self.layers += count;
            self.experts += count * experts;
            self.linear += count * (real(group.linear_parameters) - experts).max(0.0);
        }
        let table = real(stack.vocab) * real(stack.hidden);
        if embeds {
            self.embedding += table;
        }
        if stack.lm_head && !stack.tied_embeddings {
            self.head += table;
        }
    }

    fn scaled(self, factor: f64) -> Self {
        Self {
            linear: self.linear * factor,
            experts: self.experts * factor,
            embedding: self.embedding * factor,
            head: self.head * factor,
            rest: 0.0,
            layers: self.layers,
        }
    }

    /// All values.
    pub fn total(&self) -> f64 {
        self.linear + self.experts + self.embedding + self.head + self.rest
    }

    fn bytes(&self, widths: &FormatWidths) -> f64 {
        self.linear * widths.linear
            + self.experts * widths.experts
            + self.embedding * widths.embedding
            + self.head * widths.head
            + self.rest * widths.rest
    }

    /// What one card holds under tensor, expert and pipeline parallelism. The first or last stage also holds an embedding.
    pub fn on_card(self, run: &Run) -> Self {
        let split = &run.split;
        let stage = split.stage_share(self.layers) / split.tensor;
        let ends = if split.pipeline > 1.0 { self.embedding.max(self.head) } else { self.embedding };
        Self {
            linear: self.linear * stage,
            experts: self.experts * stage / split.expert,
            embedding: ends / split.tensor,
            head: if split.pipeline > 1.0 { 0.0 } else { self.head / split.tensor },
            rest: self.rest * split.stage_share(self.layers),
            layers: self.layers,
        }
    }
}

/// Weights of the routed experts of one layer: `experts x (2 or 3) x h x f`.
fn expert_weights(stack: &Transformer, group: &LayerGroup) -> f64 {
    match group.feed_forward {
        FeedForward::Experts { experts, expert_ffn, gated, .. } => {
            let matrices = if gated { 3.0 } else { 2.0 };
            (real(experts) * matrices * real(stack.hidden) * real(expert_ffn)).min(real(group.linear_parameters))
        }
        _ => 0.0,
    }
}

/// Bits of one weight inside the blocks.
///
/// GGUF k-quants mix types by tensor; the figures are block types weighted by their share of a Llama layer and agree within
/// 1.5 % with the sizes `llama-quantize` prints for Llama 2 7B and Llama 3 8B. bitsandbytes NF4 has one FP32 constant for 64
/// weights; with double quantisation one 8-bit constant for 64 and one FP32 for 256 of those. GPTQ and AWQ: a 16-bit scale and a
/// zero point for 128 weights.
const fn block_bits(format: WeightFormat) -> f64 {
    match format {
        WeightFormat::Fp32 => 32.0,
        WeightFormat::Fp16 | WeightFormat::Bf16 => 16.0,
        WeightFormat::Fp8 | WeightFormat::Int8 => 8.0,
        WeightFormat::Nf4 => 4.0 + 32.0 / 64.0,
        WeightFormat::Nf4Double => 4.0 + 8.0 / 64.0 + 32.0 / (64.0 * 256.0),
        WeightFormat::Gptq4 | WeightFormat::Awq4 => 4.0 + (16.0 + 4.0) / 128.0,
        WeightFormat::Gptq8 => 8.0 + (16.0 + 8.0) / 128.0,
        WeightFormat::Mxfp4 => 4.0 + 8.0 / 32.0,
        WeightFormat::Q8_0 => 8.5,
        WeightFormat::Q6K => Q6K_BITS,
        WeightFormat::Q5KM => 5.65,
        WeightFormat::Q5KS => 5.5,
        WeightFormat::Q4KM => 4.80,
        WeightFormat::Q4KS => 4.56,
        WeightFormat::Q4_0 => 4.5,
        WeightFormat::Iq4Xs => 4.31,
        WeightFormat::Q3KM => 3.86,
        WeightFormat::Q2K => 2.96,
        WeightFormat::Q1_0 => 1.125,
    }
}

/// Bytes of one weight inside the blocks.
pub(super) const fn block_width(format: WeightFormat) -> f64 {
    block_bits(format) / 8.0
}

const Q6K_BITS: f64 = 6.5625;

/// Bits of the token embedding in a GGUF file; the output layer is Q6_K, or Q8_0 where that is the format.
const fn gguf_embedding_bits(format: WeightFormat) -> f64 {
    match format {
        WeightFormat::Q5KM | WeightFormat::Q5KS => 5.5,
        WeightFormat::Q4KM | WeightFormat::Q4KS | WeightFormat::Q4_0 => 4.5,
        WeightFormat::Iq4Xs => 4.25,
        WeightFormat::Q3KM => 3.4375,
        WeightFormat::Q2K => 2.625,
        other => block_bits(other),
    }
}

/// Widths of a storage format. Everything but GGUF leaves embedding, output layer and norms at `other` bytes; MXFP4 releases
/// quantise the experts only, where there are any.
fn format_widths(format: WeightFormat, has_experts: bool, tied: bool, other: f64) -> FormatWidths {
    let block = block_bits(format) / 8.0;
    if is_gguf(format) {
        let head = block.max(Q6K_BITS / 8.0);
        let embedding = if tied { head } else { gguf_embedding_bits(format) / 8.0 };
        return FormatWidths { linear: block, experts: block, embedding, head, rest: 4.0 };
    }
    match format {
        WeightFormat::Fp32 | WeightFormat::Fp16 | WeightFormat::Bf16 => {
            FormatWidths { linear: block, experts: block, embedding: block, head: block, rest: block }
        }
        WeightFormat::Mxfp4 if has_experts => FormatWidths { linear: 2.0, experts: block, embedding: 2.0, head: 2.0, rest: 2.0 },
        _ => FormatWidths { linear: block, experts: block, embedding: other, head: other, rest: other },
    }
}

/// Stored weights of a run on one card and, with offload, on the host (per card).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct StoredWeights {
    /// On the card, sharded.
    pub card: Bytes,
    /// On the host.
    pub host: Bytes,
}

/// Weights on the card: frozen or served weights in their storage format, trained ones in theirs.
pub(super) fn stored(run: &Run, inventory: &Inventory) -> StoredWeights {
    let recipe = &run.setup.recipe;
    let on_card = inventory.on_card(run);
    let mut all = if run.setup.trains() && run.trains_base() {
        on_card.total() * run.widths.trained
    } else {
        let other = if run.setup.adapters_only() { run.widths.stream } else { 2.0 };
        let tied = inventory.head == 0.0;
        on_card.bytes(&format_widths(recipe.weights, inventory.experts > 0.0, tied, other))
    };
    let mut host = 0.0;
    if recipe.stack == Stack::LlamaCpp && inventory.head > 0.0 {
        // llama.cpp keeps the token embedding in host memory, where rows are looked up.
        let table = on_card.embedding * gguf_embedding_bits(recipe.weights) / 8.0;
        all -= table;
        host += table;
    }
    if let Offload::Layers(layers) = recipe.offload {
        let moved = host_share(layers, inventory.layers) * all;
        all -= moved;
        host += moved;
    }
    let sharded = all / run.split.weights();
    StoredWeights { card: Bytes::new(sharded), host: Bytes::new(host) }
}

/// Share of the layers that run from host memory.
pub(super) fn host_share(layers: u32, all: f64) -> f64 {
    if all < 1.0 { 0.0 } else { (real(u64::from(layers)) / all).min(1.0) }
}
