//! Networks a denoiser does not work without: text encoders before its steps, the image decoder after them, and
//! another denoiser for the steps of less noise.

use super::peak::Parts;
use super::run::Run;
use crate::model::Denoising;
use crate::request::WeightFormat;
use crate::units::real;

/// Share of what a decoder's layers would keep for a backward pass that is alive at once, at its widest. Counted on the decoder of
/// diffusers: 0.132, which is 12.0 GiB for four images of SDXL in FP32. A card takes 14.6 GiB beside the weights ("Exploring simple
/// optimizations for SDXL", Hugging Face, on an A100): convolutions need workspace.
const DECODER_ALIVE: f64 = 0.16;

fn companions<'a>(run: &Run<'a>) -> Option<&'a Denoising> {
    run.setup.model.denoising.as_ref().filter(|_| !run.setup.trains())
}

/// Weights of the companions of a denoiser, in values.
pub(super) fn values(run: &Run) -> f64 {
    companions(run).map_or(0.0, |of| real(of.text_encoder.unwrap_or(0)) + real(of.autoencoder.unwrap_or(0)) + real(of.experts))
}

/// Bytes of the weights of text encoders, which are stored like the denoiser, as quantising a pipeline does.
fn readers(run: &Run) -> f64 {
    companions(run).map_or(0.0, |of| real(of.text_encoder.unwrap_or(0)) * run.setup.recipe.weights.block_bytes())
}

/// Bytes of the weights of denoisers for other levels of noise, stored alike.
fn experts(run: &Run) -> f64 {
    companions(run).map_or(0.0, |of| real(of.experts) * run.setup.recipe.weights.block_bytes())
}

/// Bytes of the weights of the autoencoder, which stay as they are.
fn decoder(run: &Run) -> f64 {
    companions(run).map_or(0.0, |of| real(of.autoencoder.unwrap_or(0)) * decoder_width(run, of))
}

/// Bytes of the weights of all companions.
pub(super) fn bytes(run: &Run) -> f64 {
    readers(run) + decoder(run) + experts(run)
}

/// The largest moment where each network is on the card only while it works: reading the prompts, denoising,
/// decoding. `weights` are those of all networks.
pub(super) fn in_turns(run: &Run, denoising: Parts, weights: f64) -> Parts {
    let alone = |weights| Parts { weights, ..Parts::default() };
    let denoising = denoising + alone(weights - bytes(run));
    denoising.or(decoding(run) + alone(decoder(run))).or(alone(readers(run)))
}

/// Decoding the images of a batch, one forward pass, or in tiles one after the other. Guidance has done its part by then.
pub(super) fn decoding(run: &Run) -> Parts {
    let Some((of, decoder)) = companions(run).and_then(|of| Some((of, of.decoder?))) else { return Parts::default() };
    let alive = DECODER_ALIVE * decoder.activation_values * run.setup.model.standard_inputs(run.setup.job.sequence_length);
    let at_once = run.setup.tiles().map_or(run.batch / real(of.passes), |(tile, _)| tile);
    Parts { activations: alive * at_once * decoder_width(run, of), ..Parts::default() }
}

fn decoder_width(run: &Run, of: &Denoising) -> f64 {
    if of.wide_decoder || run.setup.recipe.weights == WeightFormat::Fp32 { 4.0 } else { 2.0 }
}
