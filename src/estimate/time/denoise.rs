//! What surrounds the denoising steps of an image: guidance, reading the prompt, decoding.

use super::calibration::TimeCalibration;
use super::device::Device;
use super::links::Link;
use super::{opaque, serve};
use crate::model::Denoising;
use crate::request::{Offload, Precision, Setup};
use crate::units::{Bytes, Flops, Seconds, real};

/// Forward passes of a step for each image: guidance runs the denoiser with and without the prompt, as one batch.
pub(super) fn passes(setup: &Setup) -> f64 {
    match &setup.model.denoising {
        Some(denoising) if !setup.trains() => real(denoising.passes),
        _ => 1.0,
    }
}

/// Reading the prompts and decoding the images of one batch, and what comes from main memory for it. What the catalogue does not
/// know of either takes no time here, and the answer says so.
pub(super) fn around(table: &TimeCalibration, setup: &Setup, device: &Device, link: &Link) -> Seconds {
    let Some(denoising) = &setup.model.denoising else { return Seconds::ZERO };
    let images = real(setup.requests_per_replica());
    let work = read_prompts(table, setup, device, denoising, images) + decode(table, setup, device, denoising, images);
    work + fetched(setup, denoising) / link.pageable
}

/// What crosses the bus once for a batch. Networks that take turns come to the card and go back, as Accelerate's hooks copy them;
/// where weights are fetched layer by layer, they are dropped after use, and those of the denoiser are a part of its steps.
fn fetched(setup: &Setup, denoising: &Denoising) -> Bytes {
    let weights = |count: u64| Bytes::new(real(count)) * setup.recipe.weights.block_bytes();
    let others = weights(denoising.text_encoder.unwrap_or(0).saturating_add(denoising.autoencoder.unwrap_or(0)));
    match setup.recipe.offload {
        _ if setup.trains() => Bytes::ZERO,
        Offload::Companions => (others + weights(setup.model.parameters.saturating_add(denoising.experts))) * 2.0,
        Offload::OptimizerAndWeights => others,
        _ => Bytes::ZERO,
    }
}

/// The text encoders, as any prompt is read.
fn read_prompts(table: &TimeCalibration, setup: &Setup, device: &Device, denoising: &Denoising, images: f64) -> Seconds {
    let share = serve::product_share(serve::profile(&table.serving, setup.recipe.stack), device);
    let weights = Bytes::new(real(denoising.text_encoder.unwrap_or(0)) * setup.recipe.weights.block_bytes());
    device.product_time(Flops::new(denoising.text_flops() * images), device.products * share, weights)
}

/// From latent images to pixels, once; where tiles overlap, more than once.
fn decode(table: &TimeCalibration, setup: &Setup, device: &Device, denoising: &Denoising, images: f64) -> Seconds {
    let Some(decoder) = &denoising.decoder else { return Seconds::ZERO };
    // Convolutions in FP32 run on tensor cores by PyTorch's default, where there are any for it.
    let wide = if setup.rig.card.features().tf32 { Precision::Tf32 } else { Precision::Fp32 };
    let device = if denoising.wide_decoder { Device::computing(table, setup, wide) } else { *device };
    let images = images * setup.tiles().map_or(1.0, |(_, work)| work);
    opaque::pass(table, setup, &device, decoder, images * setup.model.standard_inputs(setup.job.sequence_length)).0.total()
}
