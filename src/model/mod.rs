//! A model as numbers: its layers, its parameters, and the work one token costs.

pub mod cache;
mod count;
mod denoising;
mod described;
pub mod facts;
pub mod flops;
pub mod hf_config;
mod inside;
pub mod names;
mod opaque;
mod size;
mod stacks;
mod storage;
mod transformer;

pub(crate) use denoising::tiled;
pub use denoising::{Denoising, Video};
pub use described::DescribedModel;
pub use opaque::Opaque;
pub use size::SIZE;
pub(crate) use stacks::MOST_PARAMETERS;
pub use storage::WeightFormat;
pub use transformer::{BlockStyle, FeedForward, Input, LayerGroup, Mixer, Transformer};

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
    /// Whether models of it continue text: what people call large language models, dense or of experts.
    #[must_use]
    pub const fn is_language_model(self) -> bool {
        matches!(self, Self::Llm | Self::LlmMoe)
    }

    /// Whether models of both do the same work: dense language models and those of experts do.
    #[must_use]
    pub fn does_same_as(self, other: Self) -> bool {
        self == other || self.is_language_model() && other.is_language_model()
    }

    /// Whether models of it work on text.
    #[must_use]
    pub const fn works_on_text(self) -> bool {
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
    /// Of all, those of towers that read images and sound for a language model.
    pub tower_parameters: u64,
    /// Longest context it was made for, in tokens.
    pub max_context: Option<u64>,
    /// Format the weights are released in when it is not 16-bit.
    pub released_weights: Option<WeightFormat>,
    /// What it is made of.
    pub network: Network,
    /// A stack that reads a text for every image (CLIP and `SigLIP`), filled up to as many tokens as it has positions.
    pub text_tower: Option<Transformer>,
    /// How it is run, where it turns noise into images.
    pub denoising: Option<Denoising>,
    /// What was assumed where a configuration did not say.
    pub assumptions: Vec<String>,
    /// Type that its configuration names, where that is not known and it was read as a Llama-like decoder.
    pub unfamiliar: Option<String>,
    /// How it was described, where it is not of the catalogue.
    pub described: Option<DescribedModel>,
}

impl Model {
    /// Entries of the vocabulary it reads.
    #[must_use]
    pub const fn vocabulary_read(&self) -> Option<u64> {
        match &self.network {
            Network::Transformer(stack) | Network::EncoderDecoder { encoder: stack, .. }
                if matches!(stack.input, Input::Tokens) =>
            {
                Some(stack.vocab)
            }
            _ => None,
        }
    }

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
        self.vocabulary_read().is_some()
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

/// The nearest whole number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from float to integer saturates")]
fn whole(value: f64) -> u64 {
    value.round() as u64
}
