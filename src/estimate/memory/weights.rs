//! Stored weights: bytes by format and kind of tensor.

use super::companions;
use super::run::Run;
use super::sharding::Split;
use crate::model::{FeedForward, LayerGroup, Model, Network, Transformer};
use crate::request::{Offload, Stack, StorageKind, WeightFormat};
use crate::units::{Bytes, real};

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
    /// Tables a token is looked up in at every layer.
    pub tables: f64,
    /// Norms, biases, positions, front ends, towers that read images and sound.
    pub rest: f64,
    /// Layers.
    pub layers: f64,
    /// Of them, those with routed experts.
    pub expert_layers: f64,
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
            Network::Transformer(stack) => {
                all.add(stack, true);
                if let Some(text) = &model.text_tower {
                    all.add(text, true);
                }
            }
            Network::EncoderDecoder { encoder, decoder } => {
                let shared = encoder.vocab > 0 && encoder.vocab == decoder.vocab;
                all.add(encoder, !shared);
                all.add(decoder, true);
            }
            Network::Opaque(_) => {}
        }
        let known = all.total();
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
            if group.has_experts() {
                self.expert_layers += count;
            }
            let stored = real(stack.stored(group));
            self.experts += stored * experts;
            self.linear += stored * (real(group.linear_parameters) - experts).max(0.0);
        }
        let table = real(stack.vocab) * real(stack.hidden);
        if embeds {
            self.embedding += table;
        }
        self.tables += real(stack.per_layer_tables);
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
            tables: self.tables * factor,
            rest: 0.0,
            layers: self.layers,
            expert_layers: self.expert_layers,
        }
    }

    /// All values.
    pub fn total(&self) -> f64 {
        self.linear + self.experts + self.embedding + self.head + self.tables + self.rest
    }

    fn bytes(&self, widths: &FormatWidths) -> f64 {
        self.linear * widths.linear
            + self.experts * widths.experts
            + (self.embedding + self.tables) * widths.embedding
            + self.head * widths.head
            + self.rest * widths.rest
    }

    /// Values that so many replicas share.
    pub fn shared(&self, run: &Run, replicas: f64) -> f64 {
        self.total() + self.elsewhere(run, replicas)
    }

    /// Values of experts that others of so many replicas hold: spread over `e` of them, one in `e` replicas holds the same.
    fn elsewhere(&self, run: &Run, replicas: f64) -> f64 {
        self.experts * (run.split.expert.min(replicas) - 1.0)
    }

    /// Linear layers of a block on one card, on average.
    pub fn layer(&self, split: &Split) -> f64 {
        (self.linear + self.experts / split.expert) / self.layers / split.tensor
    }

    /// What one card holds under tensor, expert and pipeline parallelism. The first or last stage also holds an embedding.
    pub fn on_card(self, split: &Split, stage: f64) -> Self {
        let slice = stage / split.tensor;
        let ends = if split.pipeline > 1.0 { self.embedding.max(self.head) } else { self.embedding };
        Self {
            linear: self.linear * slice,
            experts: self.experts * slice / split.expert,
            embedding: ends / split.tensor,
            head: if split.pipeline > 1.0 { 0.0 } else { self.head / split.tensor },
            tables: self.tables / split.tensor,
            rest: self.rest * stage,
            layers: self.layers,
            expert_layers: self.expert_layers,
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

/// Widths of a storage format in a model; what the format leaves alone has `other` bytes. GGUF leaves convolutions in 16
/// bits, and towers, which have a file of their own (`mmproj-...-F16.gguf`); norms and biases, in FP32, are too few to
/// count. An output layer that shares the embedding is stored once, as an output layer, and `llama-quantize` takes tables
/// looked up at every layer for embeddings.
fn format_widths(format: WeightFormat, has_experts: bool, tied: bool, other: f64) -> FormatWidths {
    let storage = format.storage();
    let block = storage.block_bits / 8.0;
    let bytes = |bits: Option<f64>| bits.map_or(other, |bits| bits / 8.0);
    let head = bytes(storage.head_bits);
    FormatWidths {
        linear: if storage.experts_only && has_experts { bytes(storage.beside_bits) } else { block },
        experts: block,
        embedding: if tied { head } else { bytes(storage.embedding_bits) },
        head,
        rest: match storage.kind {
            StorageKind::Plain => block,
            StorageKind::Gguf => 2.0,
            StorageKind::EightBit | StorageKind::FourBit => other,
        },
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
pub(super) fn stored(run: &Run) -> StoredWeights {
    let recipe = &run.setup.recipe;
    let (inventory, on_card) = (&run.inventory, run.on_card);
    let (mut all, expert_width) = if run.setup.trains() && run.trains_base() {
        (on_card.total() * run.widths.trained, run.widths.trained)
    } else {
        let other = if run.setup.adapters_only() { run.widths.stream } else { recipe.stack.left_alone_bytes() };
        let tied = inventory.head == 0.0;
        let mut widths = format_widths(recipe.weights, inventory.experts > 0.0, tied, other);
        let mut all = on_card;
        if quantises_output(run) {
            widths.head = widths.linear;
            all.head = output_table(run);
        }
        (all.bytes(&widths) + companions::bytes(run), widths.experts)
    };
    let mut host = 0.0;
    if recipe.stack == Stack::LlamaCpp {
        // llama.cpp looks rows up in host memory: those of every layer, and of the token
        // embedding unless it is the output layer too.
        let storage = recipe.weights.storage();
        let (rows, bits) = if inventory.head > 0.0 {
            (on_card.embedding + on_card.tables, storage.embedding_bits)
        } else {
            (on_card.tables, storage.head_bits)
        };
        let looked_up = rows * bits.unwrap_or(16.0) / 8.0;
        all -= looked_up;
        host += looked_up;
    }
    let moved = match recipe.offload {
        Offload::Layers(layers) => Offload::part(layers, inventory.layers) * all,
        Offload::Experts(layers) => Offload::part(layers, inventory.expert_layers) * on_card.experts * recipe.weights.block_bytes(),
        Offload::None | Offload::Optimizer | Offload::OptimizerAndWeights | Offload::Companions => 0.0,
    };
    all -= moved;
    host += moved;
    let replicas = run.split.weights();
    let sharded = (all + on_card.elsewhere(run, replicas) * expert_width) / replicas;
    StoredWeights { card: Bytes::new(sharded), host: Bytes::new(host) }
}

/// Whether the output layer is quantised with the rest: Lightning's plugin for bitsandbytes, which LitGPT uses, replaces every
/// linear layer, while transformers leaves this one out.
pub(super) fn quantises_output(run: &Run) -> bool {
    let format = run.setup.recipe.weights;
    let bitsandbytes = matches!(format, WeightFormat::Nf4 | WeightFormat::Nf4Double | WeightFormat::Int8);
    run.setup.recipe.stack == Stack::Litgpt && bitsandbytes && (run.setup.adapters_only() || !run.setup.trains())
}

/// Weights of the output layer on one card; LitGPT keeps one of its own beside a tied embedding.
fn output_table(run: &Run) -> f64 {
    if run.inventory.head > 0.0 { run.on_card.head } else { run.on_card.embedding }
}

/// Bytes of a quantised output layer while it is used: unpacked to 16 bits, and once more as the product reads it (LitGPT's
/// readings of five models lie two tables above what is stored).
pub(super) fn unpacked_output(run: &Run) -> f64 {
    if quantises_output(run) { 2.0 * 2.0 * output_table(run) } else { 0.0 }
}

/// Bytes of the largest matrix of experts in main memory that is copied to the card to read a prompt with, one after the other.
pub(super) fn visiting_experts(run: &Run) -> f64 {
    let Offload::Experts(1..) = run.setup.recipe.offload else { return 0.0 };
    let Network::Transformer(stack) = &run.setup.model.network else { return 0.0 };
    let matrix = |group: &LayerGroup| match group.feed_forward {
        FeedForward::Experts { experts, expert_ffn, .. } => real(experts) * real(stack.hidden) * real(expert_ffn),
        FeedForward::Dense { .. } | FeedForward::None => 0.0,
    };
    let largest = stack.layers.iter().map(matrix).fold(0.0, f64::max);
    largest.min(run.inventory.experts) / run.split.tensor * run.setup.recipe.weights.block_bytes()
}
