//! Networks known by their work and size only: convolutional networks, detectors, vocoders.

use super::calibration::TimeCalibration;
use super::device::Device;
use super::links::Link;
use super::parts::Parts;
use super::serve;
use crate::estimate::ArithmeticPath;
use crate::model::{Category, Opaque};
use crate::request::{Offload, Setup};
use crate::units::{Bytes, Flops, Seconds, real};

/// Multiply-adds per kept value of ResNet-50.
const RESNET_INTENSITY: f64 = 192.0;

/// Multiply-adds per kept value, within what networks have: convolutions with wide channels and 3 x 3 kernels do more per value,
/// reach more of the peak, and are the ones that fast algorithms (Winograd) shorten.
fn intensity(network: &Opaque) -> f64 {
    let each =
        if network.activation_values > 0.0 { network.forward_flops / 2.0 / network.activation_values } else { RESNET_INTENSITY };
    each.clamp(RESNET_INTENSITY / 4.0, RESNET_INTENSITY * 6.0)
}

/// One pass over a batch of this many standard samples: forward, or forward and backward.
pub(super) fn pass(table: &TimeCalibration, setup: &Setup, device: &Device, network: &Opaque, size: f64) -> (Parts, Flops) {
    let factors = &table.opaque;
    // Forward passes more: recomputation, and what is only read before the frame that is learned from.
    let again = real(network.history_frames) + if setup.recipe.checkpointing.recomputes_blocks() { 1.0 } else { 0.0 };
    let denoises = setup.model.denoising.is_some();
    let (whole, once) = if denoises {
        (3.0 * factors.denoiser_traffic.get(), factors.denoiser_traffic.get())
    } else {
        (factors.traffic.get(), factors.inference_traffic.get())
    };
    let (repeats, traffic) = if setup.trains() { (3.0 + again, whole + again * once) } else { (1.0, once) };
    let forward = Flops::new(network.forward_flops * size);
    let flops = forward * if setup.trains() { 3.0 } else { 1.0 };
    let width = intensity(network) / RESNET_INTENSITY;
    // Half of a denoiser's products are those of attention and its feed-forward parts, which no width of a convolution shortens,
    // and which reach what products of prompts reach.
    let shortened = |exponent: f64| {
        let whole = width.powf(exponent);
        if denoises { 2.0 / (1.0 / whole + 1.0) } else { whole }
    };
    // Cards without units for 16-bit products convert to FP32 and back, which takes back what half the bytes save.
    let (share, element) = match device.arithmetic.path {
        ArithmeticPath::TensorCores => {
            (factors.tensor.get() * shortened(factors.width_tensor.get()), device.arithmetic.operand_bytes.max(2.0))
        }
        ArithmeticPath::CudaCores | ArithmeticPath::Emulated => (factors.cuda.get() * shortened(factors.width_cuda.get()), 4.0),
    };
    // Convolutions along time alone have fewer operations to a value read than those over an image.
    let share = if setup.model.category == Category::SpeechSynthesis { share * factors.sound.get() } else { share };
    let share = if denoises { share * factors.denoiser.get() * serve::product_share(&table.serving.eager, device) } else { share };
    let values = Bytes::new(network.activation_values * size * element * traffic);
    let sequential = real(network.sequential_steps.max(1)) - 1.0;
    let parts = Parts {
        products: forward * repeats / (device.products * share),
        elementwise: values / device.bandwidth,
        launching: Seconds::new(
            (factors.layer_seconds.get() * real(network.layers) + factors.step_seconds.get() * sequential) * repeats * device.host,
        ),
        ..Parts::default()
    };
    (parts, flops)
}

/// Fetching all weights for a pass where they stay in main memory, which is not pinned.
pub(super) fn fetched(setup: &Setup, link: &Link) -> Seconds {
    match setup.recipe.offload {
        Offload::OptimizerAndWeights => {
            Bytes::new(real(setup.model.parameters)) * setup.recipe.weights.block_bytes() / link.pageable
        }
        _ => Seconds::ZERO,
    }
}
