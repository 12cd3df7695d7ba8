//! How a denoiser is run: its pipeline's own settings, and the networks it does not work without.

use super::Opaque;
use super::facts::ModelFacts;
use crate::units::{Seconds, real};

/// Denoising steps of a pipeline that does not say: what Diffusers takes for Stable Diffusion 3 and FLUX.1.
const STEPS: u64 = 28;
/// Convolutions and linear layers of the decoder of Stable Diffusion's autoencoder, and of those made like it.
const DECODER_LAYERS: u64 = 40;

/// Side of a tile of an image in pixels, and how far tiles overlap: ComfyUI's side (512 of 1,024 saves what tiling is for, where
/// the side that diffusers reads from SDXL's and FLUX's autoencoders is 1,024) and the quarter that diffusers lets them overlap by
/// (`tile_overlap_factor` of `AutoencoderKL`).
const TILE: (f64, f64) = (512.0, 128.0);

/// The share of a square image that is one of its tiles, and the work of all tiles over that of the whole.
pub(crate) fn tiled(side: f64) -> (f64, f64) {
    let (tile, overlap) = TILE;
    if side <= tile {
        return (1.0, 1.0);
    }
    let across = (side / (tile - overlap)).ceil();
    let (share, work) = (tile / side, 1.0 + (across - 1.0) * overlap / side);
    (share * share, work * work)
}

/// The clip that a pipeline makes by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Video {
    /// Pixels across.
    pub width: u64,
    /// Pixels down.
    pub height: u64,
    /// Pictures it is made of.
    pub frames: u64,
    /// Pictures a second.
    pub rate: f64,
}

impl Video {
    fn of(facts: &ModelFacts) -> Option<Self> {
        let (width, height) = (facts.video_width?, facts.video_height?);
        Some(Self { width, height, frames: facts.video_frames?, rate: facts.video_fps? })
    }

    /// How long it lasts.
    #[must_use]
    pub const fn time(&self) -> Seconds {
        Seconds::new(real(self.frames) / self.rate)
    }
}

/// What surrounds a denoiser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Denoising {
    /// Steps its pipeline takes by itself.
    pub steps: u64,
    /// Forward passes of a step, run as one batch: 2 where guidance compares with an empty prompt.
    pub passes: u64,
    /// The clip it makes, where it makes moving pictures.
    pub video: Option<Video>,
    /// Tokens of the prompt.
    pub text_tokens: u64,
    /// Weights of the text encoders, where they are known.
    pub text_encoder: Option<u64>,
    /// Weights of whole denoisers that take turns with this one by the level of noise: each step runs one of them.
    pub experts: u64,
    /// Weights of the autoencoder, both halves, where they are known.
    pub autoencoder: Option<u64>,
    /// What turns the latent image into pixels, where its work is known.
    pub decoder: Option<Opaque>,
    /// The decoder runs in FP32 whatever the denoiser runs in.
    pub wide_decoder: bool,
}

impl Denoising {
    /// Reads the facts of a denoiser of so many parameters.
    #[must_use]
    pub fn of(facts: &ModelFacts, parameters: u64) -> Self {
        let decoder = |gmacs: f64| Opaque {
            forward_flops: gmacs * 2e9,
            pooled_values: 0.0,
            activation_values: facts.decoder_mvalues.unwrap_or(0.0) * 1e6,
            layers: DECODER_LAYERS,
            image_side: facts.image_side,
            sequential_steps: 1,
            history_frames: 0,
            adapter_ports: 0.0,
        };
        Self {
            steps: facts.denoising_steps.unwrap_or(STEPS).max(1),
            passes: facts.passes_per_step.unwrap_or(1).max(1),
            video: Video::of(facts),
            text_tokens: facts.text_tokens.unwrap_or(0),
            text_encoder: facts.text_encoder_params,
            experts: parameters.saturating_mul(facts.experts_by_noise.unwrap_or(1).saturating_sub(1)),
            autoencoder: facts.autoencoder_params,
            decoder: facts.decoder_gmacs.map(decoder),
            wide_decoder: facts.decoder_fp32.unwrap_or(false),
        }
    }

    /// Operations that read one prompt, and the empty one it is compared with: two per weight and token.
    #[must_use]
    pub const fn text_flops(&self) -> f64 {
        match self.text_encoder {
            Some(weights) => 2.0 * real(weights) * real(self.text_tokens) * real(self.passes),
            None => 0.0,
        }
    }
}
