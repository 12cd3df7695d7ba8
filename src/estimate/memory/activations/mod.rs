//! Activations kept for the backward pass, by implementation family.

mod attention;
mod bert;
mod decoder;
mod dit;
mod experts;
mod gemma;
mod gpt2;
mod llama;
mod opaque;
mod speech;
mod t5;
mod transformer_xl;
mod vit;

pub(super) use opaque::opaque;

use super::run::{Pass, Run};
use super::widths::Widths;
use crate::estimate::projection::{Source, attention_widths, each_projection};
use crate::model::facts::Activation;
use crate::model::{BlockStyle, FeedForward, LayerGroup, Mixer, Transformer};
use crate::request::{AttentionKernel, Checkpointing, Stack};
use crate::units::real;
use std::ops::Add;

/// Bytes per token that one layer keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Kept {
    /// Kept wherever gradient flows through: inputs of norms, activations, products, attention.
    pub through: f64,
    /// Inputs of linear layers and norm weights, kept only if those are trained.
    pub inputs: f64,
    /// Part of `through` that recomputing attention gives back.
    pub scores: f64,
}

impl Add for Kept {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { through: self.through + other.through, inputs: self.inputs + other.inputs, scores: self.scores + other.scores }
    }
}

/// A layer in a run: widths in values per token as one card sees them.
pub(super) struct Layer<'a> {
    /// Its stack.
    pub stack: &'a Transformer,
    /// Its group.
    pub group: &'a LayerGroup,
    /// Bytes per value.
    pub widths: Widths,
    /// What the stack sees.
    pub pass: Pass,
    /// Residual width.
    pub h: f64,
    /// Query width.
    pub q: f64,
    /// Key width.
    pub k: f64,
    /// Value width.
    pub v: f64,
    /// Attention output width.
    pub out: f64,
    /// Query heads.
    pub heads: f64,
    /// Inner width of the feed-forward part.
    pub f: f64,
    /// Whether the feed-forward part has a gate.
    pub gated: bool,
    /// Whether scores are materialised.
    pub eager: bool,
    /// Whether PyTorch's reference kernel runs.
    pub reference: bool,
    /// Whether a padding mask is passed.
    pub padded: bool,
    /// Whether the base weights are trained.
    pub trained: bool,
    /// Positions rotate only part of a head, through a copy.
    pub partial_rotary: bool,
    /// Code of its own, outside of transformers.
    pub own_code: bool,
    /// Tensor parallelism.
    pub tensor: f64,
}

impl<'a> Layer<'a> {
    /// A layer of a run.
    pub fn new(run: &Run, stack: &'a Transformer, group: &'a LayerGroup, pass: Pass) -> Self {
        let tensor = run.split.tensor;
        let (q, k, v) = attention_widths(&group.mixer).unwrap_or_default();
        let (heads, out) = match group.mixer {
            Mixer::Attention { heads, .. } | Mixer::Hybrid { heads, .. } | Mixer::Compressed { heads, .. } => (real(heads), q),
            Mixer::Latent { heads, v_dim, .. } => (real(heads), real(heads) * real(v_dim)),
            Mixer::Recurrent { .. } | Mixer::None => (0.0, 0.0),
        };
        let (f, gated) = match group.feed_forward {
            FeedForward::Dense { ffn, gated } => (real(ffn), gated),
            FeedForward::Experts { gated, .. } => (0.0, gated),
            FeedForward::None => (0.0, false),
        };
        Self {
            stack,
            group,
            widths: run.widths,
            pass,
            h: real(stack.hidden) / run.split.sequence,
            q: q / tensor,
            k: k / tensor,
            v: v / tensor,
            out: out / tensor,
            heads: heads / tensor,
            f: f / tensor,
            gated,
            eager: run.eager(stack),
            reference: run.setup.recipe.attention == AttentionKernel::Math,
            padded: run.padded(),
            trained: run.trains_base(),
            partial_rotary: (stack.style == BlockStyle::Llama && stack.fused_qkv) || run.setup.model.family.ends_with("GLM"),
            own_code: run.setup.recipe.stack == Stack::Pytorch,
            tensor,
        }
    }

    /// Bytes of an input that `consumers` linear layers read: one copy, or under autocast one 16-bit copy each.
    pub fn input(&self, width: f64, consumers: f64) -> f64 {
        self.widths.linear * width * if self.widths.autocast { consumers } else { 1.0 }
    }

    /// Linear layers that read the attention norm. Vision transformers of transformers have three, whatever other
    /// implementations fuse.
    pub fn attention_consumers(&self) -> f64 {
        if self.stack.fused_qkv && self.stack.style != BlockStyle::Vit { 1.0 } else { 3.0 }
    }

    /// Bytes per residual value that a LayerNorm keeps of its input: autocast runs it in FP32.
    pub fn norm_input(&self) -> f64 {
        if self.widths.autocast { 4.0 } else { self.widths.stream }
    }

    /// Whether attention's output is copied before the output projection: eager products do not keep it, and FlashAttention
    /// follows the layout of its query, which Whisper and concatenated rotary positions make contiguous by head.
    pub fn copies_output(&self) -> bool {
        let by_head = self.partial_rotary || self.stack.style == BlockStyle::Whisper;
        self.eager || self.reference || (by_head && self.widths.linear <= 2.0 && !self.padded)
    }

    /// Linear layers that read the feed-forward norm.
    pub fn feed_forward_consumers(&self) -> f64 {
        if self.gated && !self.stack.fused_qkv { 2.0 } else { 1.0 }
    }

    /// Bytes per token that an activation keeps beside its output, which the next layer reads: its input alone where it is one
    /// kernel. `gelu_new` keeps four tensors, and under autocast its power runs in FP32; GELU by a sigmoid keeps that too.
    pub fn activation(&self, activation: Activation) -> f64 {
        let values = match activation {
            Activation::GeluNew if self.widths.autocast => return 14.0 * self.f,
            Activation::GeluNew => 4.0,
            Activation::QuickGelu => 2.0,
            _ => 1.0,
        };
        values * self.widths.linear * self.f
    }

    /// Bytes per token alive beside what is kept while the feed-forward part is differentiated: gradients on both sides of the
    /// activation; after BERT's closing norm one of them replaces a kept tensor, and under autocast the FP32 gradients of the
    /// norm's three readers come together.
    fn working(&self) -> f64 {
        let inner = self.widths.linear * self.f.max(self.q);
        match self.stack.style {
            BlockStyle::Bert | BlockStyle::TransformerXl if self.widths.autocast => inner + 3.0 * 4.0 * self.h,
            BlockStyle::Bert | BlockStyle::TransformerXl => inner,
            // GELU's output goes once its layer is differentiated, before the second gradient is made.
            BlockStyle::Vit => inner,
            _ => 2.0 * inner,
        }
    }

    fn kept(&self) -> Kept {
        match self.stack.style {
            BlockStyle::Llama => llama::block(self),
            BlockStyle::Gemma => gemma::block(self),
            BlockStyle::Gpt2 => gpt2::block(self),
            BlockStyle::ParallelBlock => decoder::parallel(self),
            BlockStyle::Opt => decoder::opt(self),
            BlockStyle::Bert => bert::block(self),
            BlockStyle::T5 => t5::block(self),
            BlockStyle::TransformerXl => transformer_xl::block(self),
            BlockStyle::Vit => vit::block(self),
            BlockStyle::Whisper => speech::whisper(self),
            BlockStyle::Wav2vec2 => speech::wav2vec2(self),
            BlockStyle::Dit => dit::block(self),
        }
    }
}

/// What one layer holds during training, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct LayerActivations {
    /// Kept from forward to backward, without recomputation.
    pub kept: f64,
    /// Kept with full checkpointing: the block's input.
    pub checkpoint: f64,
    /// More while its backward pass runs.
    pub working: f64,
    /// Values of its largest matrix, whose gradient exists at that moment.
    pub matrix: f64,
}

/// Activations of one layer of a group.
pub(super) fn layer(run: &Run, stack: &Transformer, group: &LayerGroup, pass: Pass) -> LayerActivations {
    let layer = Layer::new(run, stack, group, pass);
    let tokens = pass.tokens();
    let parts = layer.kept() + experts::kept(&layer, run);
    let mut per_token = parts.through;
    per_token += if layer.trained { parts.inputs } else { adapted_inputs(run, &layer) };
    if run.setup.recipe.checkpointing == Checkpointing::Selective {
        per_token -= parts.scores;
    }
    LayerActivations {
        kept: tokens * per_token,
        checkpoint: tokens * layer.widths.stream * layer.h,
        working: tokens * layer.working(),
        matrix: layer.h * layer.f,
    }
}

/// Bytes per token that adapters keep in one layer: `r` values out of the first factor, and the input of each adapted
/// projection. Projections that read the same tensor share it, except where each makes its own copy: FP32 adapters convert their
/// input (not over bitsandbytes layers, unless the stream itself is FP32), and dropout makes a mask and a dropped copy.
fn adapted_inputs(run: &Run, layer: &Layer) -> f64 {
    let Some(adapters) = run.adapters else { return 0.0 };
    let e = layer.widths.linear;
    let low = if adapters.wide && !layer.widths.autocast { 4.0 } else { e };
    let quantised = run.setup.quantised_base() && layer.widths.autocast && layer.widths.stream <= e;
    let copies = adapters.wide && !quantised;
    let mut bytes = 0.0;
    let mut last = None;
    each_projection(layer.stack, layer.group, |projection| {
        if !adapters.on(projection.role) {
            return;
        }
        bytes += low * adapters.rank / layer.tensor;
        let fresh = last != Some(projection.source);
        last = Some(projection.source);
        let width = projection.input / layer.tensor;
        let kept_anyway = projection.source == Source::Attention && !layer.copies_output();
        if adapters.dropout {
            bytes += (1.0 + low) * width;
        } else if copies {
            bytes += low * width;
        } else if fresh && !kept_anyway {
            bytes += e * width;
        }
    });
    bytes
}
