//! A model as numbers: its layers, its parameters, and the work one token costs.

pub mod cache;
mod count;
mod denoising;
pub mod facts;
pub mod flops;
pub mod hf_config;
mod inside;
pub mod names;
mod opaque;
mod size;
mod stacks;

pub(crate) use denoising::tiled;
pub use denoising::{Denoising, Video};
pub use opaque::Opaque;
pub use size::SIZE;

use crate::document::keyword;
use crate::units::{Seconds, real};

keyword!(
    /// What a model is for.
    Category {
        /// Dense decoder language model.
        Llm = "llm",
        /// Mixture-of-experts decoder.
        LlmMoe = "llm-moe",
        /// BERT-like encoder.
        Encoder = "encoder",
        /// T5-like encoder-decoder.
        EncoderDecoder = "encoder-decoder",
        /// Image recognition, detection, segmentation.
        Vision = "vision",
        /// Image and video generation.
        Diffusion = "diffusion",
        /// Speech recognition.
        SpeechRecognition = "speech-recognition",
        /// Speech synthesis.
        SpeechSynthesis = "speech-synthesis",
        /// Autonomous-driving perception.
        Driving = "driving",
        /// Per-scene neural rendering.
        SceneReconstruction = "3d-reconstruction",
    }
);

impl Category {
    /// Whether models of it work on text.
    #[must_use]
    pub const fn is_language(self) -> bool {
        matches!(self, Self::Llm | Self::LlmMoe | Self::Encoder | Self::EncoderDecoder)
    }

    /// Whether the programs that train such models are kernels written for FP32 and one optimizer, with nothing to recompute: the
    /// rasterisers of Gaussian splatting (graphdeco-inria/diff-gaussian-rasterization, nerfstudio-project/gsplat).
    #[must_use]
    pub const fn trains_one_way(self) -> bool {
        matches!(self, Self::SceneReconstruction)
    }
}

/// A model, complete enough to estimate with.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Catalogue id, or `custom`.
    pub id: String,
    /// Name a person knows.
    pub name: String,
    /// Family ("Llama", "Qwen").
    pub family: String,
    /// What it is for.
    pub category: Category,
    /// Every weight a normal load brings in.
    pub parameters: u64,
    /// Whether `parameters` is an exact count.
    pub parameters_exact: bool,
    /// What the shape alone gives; equals `parameters` wherever the shape is known completely.
    pub computed_parameters: u64,
    /// Parameters that work on one token (all of them, unless experts are routed).
    pub active_parameters: u64,
    /// Longest context it was made for, in tokens.
    pub max_context: Option<u64>,
    /// Format the weights are released in when it is not 16-bit ("mxfp4").
    pub released_weights: Option<String>,
    /// What it is made of.
    pub network: Network,
    /// How it is run, where it turns noise into images.
    pub denoising: Option<Denoising>,
    /// What was assumed where a configuration did not say.
    pub assumptions: Vec<String>,
}

impl Model {
    /// Entries of the vocabulary it writes a distribution over.
    #[must_use]
    pub const fn vocabulary(&self) -> Option<u64> {
        const fn written(stack: &Transformer) -> Option<u64> {
            if stack.lm_head && stack.vocab > 1 { Some(stack.vocab) } else { None }
        }
        match &self.network {
            Network::Transformer(stack) => written(stack),
            Network::EncoderDecoder { decoder, .. } => written(decoder),
            Network::Opaque(_) => None,
        }
    }

    /// Whether it writes a distribution over a vocabulary.
    #[must_use]
    pub const fn has_vocabulary(&self) -> bool {
        self.vocabulary().is_some()
    }

    /// Whether it is a sequence of blocks with attention in them.
    #[must_use]
    pub const fn has_blocks(&self) -> bool {
        !matches!(self.network, Network::Opaque(_))
    }

    /// Whether it reads text, and so is measured in tokens; others are measured in images, clips or scenes.
    #[must_use]
    pub const fn reads_text(&self) -> bool {
        match &self.network {
            Network::Transformer(stack) => matches!(stack.input, Input::Tokens),
            Network::EncoderDecoder { encoder, .. } => matches!(encoder.input, Input::Tokens),
            Network::Opaque(_) => false,
        }
    }

    /// Side in pixels of a square image that is an input of this length; none where a length says nothing of an image.
    #[must_use]
    pub fn image_side(&self, length: u64) -> Option<u64> {
        match &self.network {
            Network::Opaque(network) => network.image_side.map(|_| length),
            Network::Transformer(Transformer { input: Input::Latents { side, .. }, .. }) => {
                side.map(|side| whole(real(length).sqrt() * real(side)))
            }
            Network::Transformer(_) | Network::EncoderDecoder { .. } => None,
        }
    }

    /// The same for images that are seen, too: those whose patches are so many tokens, but for the few that stand for no patch.
    #[must_use]
    pub fn picture_side(&self, length: u64) -> Option<u64> {
        match &self.network {
            Network::Transformer(Transformer { input: Input::Patches { patch, .. }, .. }) => {
                Some(whole(real(length).sqrt().floor() * real(*patch)))
            }
            _ => self.image_side(length),
        }
    }

    /// The clip that it makes by itself, where the latent tokens are those of it.
    #[must_use]
    pub fn video(&self, length: u64) -> Option<Video> {
        let Network::Transformer(Transformer { input: Input::Latents { tokens, .. }, .. }) = &self.network else { return None };
        self.denoising.filter(|_| *tokens == length)?.video
    }

    /// The length of an input that is a square image of this side: the side itself, or the latent tokens that cover it.
    #[must_use]
    pub fn image_length(&self, side: f64) -> u64 {
        match &self.network {
            Network::Transformer(Transformer { input: Input::Latents { side: Some(own), .. }, .. }) => {
                let across = side / real((*own).max(1));
                whole(across * across).max(1)
            }
            _ => whole(side),
        }
    }

    /// How long the clip that is one of its inputs lasts, where it listens: the window of an encoder-decoder, else so many frames.
    #[must_use]
    pub fn clip(&self, length: u64) -> Option<Seconds> {
        /// Of Whisper and wav2vec 2.0, after their convolutions.
        const FRAMES_PER_SECOND: f64 = 50.0;
        let frames = match &self.network {
            Network::EncoderDecoder { encoder: Transformer { input: Input::Audio { frames }, .. }, .. } => *frames,
            Network::Transformer(Transformer { input: Input::Audio { .. }, .. }) => length,
            _ => return None,
        };
        Some(Seconds::new(real(frames) / FRAMES_PER_SECOND))
    }

    /// Whether what it makes of noise are moving pictures.
    #[must_use]
    pub const fn makes_video(&self) -> bool {
        matches!(&self.denoising, Some(Denoising { video: Some(_), .. }))
    }

    /// Whether its inputs are images of any size.
    #[must_use]
    pub fn sized_by_side(&self) -> bool {
        self.image_side(1).is_some()
    }

    /// How many standard inputs one of this length is worth: by area for images, by length for what is known by its work alone and for
    /// latents; one where the shape itself says what a length costs.
    #[must_use]
    pub fn standard_inputs(&self, length: u64) -> f64 {
        match &self.network {
            Network::Opaque(network) => network.standard_inputs(length),
            Network::Transformer(Transformer { input: Input::Latents { tokens, .. }, .. }) => real(length) / real((*tokens).max(1)),
            Network::Transformer(_) | Network::EncoderDecoder { .. } => 1.0,
        }
    }
}

/// What a model is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Network {
    /// One stack of blocks: decoders, encoders, vision transformers, diffusion transformers.
    Transformer(Transformer),
    /// Two stacks with cross-attention (T5, Whisper).
    EncoderDecoder {
        /// Reads the input.
        encoder: Transformer,
        /// Writes the output, attends to the encoder.
        decoder: Transformer,
    },
    /// Known by its measured work and size only (convolutional networks, vocoders, detectors).
    Opaque(Opaque),
}

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
        /// BERT, RoBERTa: post-norm, GELU, dropout.
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
    /// Query, key and value come out of one fused projection.
    pub fused_qkv: bool,
    /// Attention scores are soft-capped (forces eager attention).
    pub soft_capped: bool,
    /// Groups of equal layers, in order of first appearance.
    pub layers: Vec<LayerGroup>,
}

impl Transformer {
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

/// The nearest whole number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from float to integer saturates")]
fn whole(value: f64) -> u64 {
    value.round() as u64
}
