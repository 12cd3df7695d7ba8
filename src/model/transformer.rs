//! A stack of blocks as numbers: what it reads, and of what its layers are made.

use super::facts::Activation;
use crate::document::keyword;

keyword!(
    /// Which implementation family a block follows: it decides what is kept for the backward pass.
    BlockStyle {
        /// RMSNorm, rotary positions, gated feed-forward: Llama, Qwen, Mistral, GLM, Phi-3 and most since.
        Llama = "llama",
        /// Gemma 2 and 3: four norms, soft-capped scores.
        Gemma = "gemma",
        /// LayerNorm, learned positions, `gelu_new`, dropout: GPT-2, GPT-3.
        Gpt2 = "gpt2",
        /// Parallel attention and feed-forward: GPT-NeoX, Pythia, Falcon.
        ParallelBlock = "parallel-block",
        /// OPT: LayerNorm, ReLU.
        Opt = "opt",
        /// Transformer-XL: post-norm, ReLU, dropout; attends to the segment before, positions are scored by a product of their own.
        TransformerXl = "transformer-xl",
        /// BERT, RoBERTa, BART: post-norm, GELU, dropout.
        Bert = "bert",
        /// T5: RMSNorm, relative bias, ReLU or gated GELU.
        T5 = "t5",
        /// ViT and other pre-norm vision or speech encoders.
        Vit = "vit",
        /// Whisper.
        Whisper = "whisper",
        /// wav2vec 2.0, Conformer.
        Wav2vec2 = "wav2vec2",
        /// Diffusion transformer with adaptive norms.
        Dit = "dit",
    }
);

/// What a stack reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// Token ids through an embedding table.
    Tokens,
    /// Image patches of this side length; the number is tokens of the standard image.
    Patches {
        /// Side of a patch in pixels.
        patch: u64,
        /// Tokens of the standard input.
        tokens: u64,
    },
    /// Audio frames after a convolutional front end; the number is frames of the standard clip.
    Audio {
        /// Frames of the standard clip as the blocks see it.
        frames: u64,
    },
    /// Latent image or video tokens of the standard size.
    Latents {
        /// Tokens of the standard size.
        tokens: u64,
        /// Text tokens that pass the blocks beside them.
        text: u64,
        /// Side in pixels of the square that one token stands for; none where a length is of moving pictures.
        side: Option<u64>,
    },
}

/// A stack of blocks.
#[derive(Clone, Debug, PartialEq)]
pub struct Transformer {
    /// Implementation family.
    pub style: BlockStyle,
    /// What it reads.
    pub input: Input,
    /// Width of the residual stream.
    pub hidden: u64,
    /// Vocabulary rows of the embedding; zero without one.
    pub vocab: u64,
    /// Whether the output layer shares the embedding.
    pub tied_embeddings: bool,
    /// Whether there is an output layer over the vocabulary.
    pub lm_head: bool,
    /// Learned position rows; zero without.
    pub position_rows: u64,
    /// Values of the tables a token is looked up in at every layer; zero without (Gemma 3n and 4).
    pub per_layer_tables: u64,
    /// Query, key and value come out of one fused projection.
    pub fused_qkv: bool,
    /// Attention scores are soft-capped (forces eager attention).
    pub soft_capped: bool,
    /// Each head has a learned value that takes part in the softmax (gpt-oss).
    pub attention_sinks: bool,
    /// Activation of the feed-forward parts.
    pub activation: Activation,
    /// Sets of weights that the layers share, where not each has its own (ALBERT).
    pub layer_sets: Option<u64>,
    /// Groups of equal layers, in order of first appearance.
    pub layers: Vec<LayerGroup>,
}

impl Transformer {
    /// Layers of a group whose weights are stored, and trained: all of them, unless they share weights.
    #[must_use]
    pub fn stored(&self, group: &LayerGroup) -> u64 {
        self.layer_sets.map_or(group.count, |sets| group.count.min(sets))
    }

    /// Tokens that pass the blocks for an input of this length: text goes beside latents.
    #[must_use]
    pub const fn tokens(&self, length: u64) -> u64 {
        match self.input {
            Input::Latents { text, .. } => length.saturating_add(text),
            Input::Tokens | Input::Patches { .. } | Input::Audio { .. } => length,
        }
    }
}

/// Equal layers.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerGroup {
    /// How many.
    pub count: u64,
    /// Token mixing.
    pub mixer: Mixer,
    /// Attention to an encoder follows the mixer.
    pub cross_attention: bool,
    /// Feed-forward part.
    pub feed_forward: FeedForward,
    /// Weights of the linear layers in one such layer, experts included.
    pub linear_parameters: u64,
    /// Weights of linear layers that work on one token.
    pub active_linear_parameters: u64,
    /// All weights of one such layer (linear, biases, norms).
    pub parameters: u64,
    /// Whether the layer keeps its own key/value cache (Gemma 3n and 4 share some).
    pub own_cache: bool,
    /// Weights of the mixer's linear layers, cross-attention included.
    pub mixer_linear_parameters: u64,
    /// Input plus output widths of the mixer's linear layers: what rank-1 adapters on all of them hold.
    pub mixer_ports: u64,
    /// The same for the feed-forward part, all experts included.
    pub feed_forward_ports: u64,
}

/// How tokens are mixed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mixer {
    /// Softmax attention.
    Attention {
        /// Query heads.
        heads: u64,
        /// Key/value heads.
        kv_heads: u64,
        /// Size of a head.
        head_dim: u64,
        /// Sees only this many tokens back.
        window: Option<u64>,
    },
    /// Multi-head latent attention: one compressed vector per token is cached.
    Latent {
        /// Query heads.
        heads: u64,
        /// Query/key head size (nope + rope).
        qk_dim: u64,
        /// Value head size.
        v_dim: u64,
        /// Values cached per token: `kv_lora_rank + qk_rope_dim` (+ indexer).
        cached: u64,
    },
    /// One shared key/value head, compressed: the last `window` tokens, and one entry per `ratio` tokens (DeepSeek-V4).
    Compressed {
        /// Query heads.
        heads: u64,
        /// Size of a head, and of a cached entry.
        head_dim: u64,
        /// Tokens kept as they are.
        window: u64,
        /// Tokens per compressed entry; zero for layers that keep their window only.
        ratio: u64,
        /// Values per compressed entry that the indexer adds; zero without one.
        indexer_dim: u64,
        /// Compressed entries a query reads at most; zero for all.
        reads: u64,
    },
    /// Recurrent mixing with a constant state: gated DeltaNet, Mamba-2, lightning attention, short convolution.
    Recurrent {
        /// Values of state per sequence.
        state: u64,
        /// Values produced inside the mixer per token (projections, gates), for activation memory.
        width: u64,
    },
    /// Attention and a recurrent mixer side by side (Falcon-H1).
    Hybrid {
        /// Query heads.
        heads: u64,
        /// Key/value heads.
        kv_heads: u64,
        /// Size of a head.
        head_dim: u64,
        /// Values of recurrent state per sequence.
        state: u64,
        /// Values produced inside the recurrent mixer per token.
        width: u64,
    },
    /// No token mixing (layers that are only a feed-forward part).
    None,
}

/// Feed-forward part of a layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FeedForward {
    /// One multilayer perceptron.
    Dense {
        /// Inner width.
        ffn: u64,
        /// Gate and up projections (SwiGLU, GeGLU).
        gated: bool,
    },
    /// Routed experts.
    Experts {
        /// Experts in all.
        experts: u64,
        /// Experts per token.
        active: u64,
        /// Inner width of one expert.
        expert_ffn: u64,
        /// Inner width of what every token passes (shared experts, parallel dense part).
        shared_ffn: u64,
        /// Gate and up projections.
        gated: bool,
    },
    /// None.
    None,
}
