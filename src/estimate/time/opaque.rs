//! Networks known by their work and size only: convolutional networks, detectors, vocoders.

use super::calibration::TimeCalibration;
use super::device::Device;
use super::parts::Parts;
use crate::estimate::ArithmeticPath;
use crate::model::{Category, Opaque};
use crate::request::{Checkpointing, Setup};
use crate::units::{Bytes, Flops, Seconds, real};

/// Size of a sample over the standard one: pixels for images, else multiples of the standard sample.
pub(super) fn scale(network: &Opaque, setup: &Setup) -> f64 {
    let length = real(setup.job.sequence_length);
    network.image_side.map_or(length, |side| (length / real(side.max(1))) * (length / real(side.max(1))))
}

/// Multiply-adds per kept value of ResNet-50.
const RESNET_INTENSITY: f64 = 192.0;

/// Multiply-adds per kept value, within what networks have: convolutions with wide channels and 3 x 3 kernels do more per value, reach
/// more of the peak, and are the ones that fast algorithms (Winograd) shorten.
fn intensity(network: &Opaque) -> f64 {
    let each =
        if network.activation_values > 0.0 { network.forward_flops / 2.0 / network.activation_values } else { RESNET_INTENSITY };
    each.clamp(RESNET_INTENSITY / 4.0, RESNET_INTENSITY * 6.0)
}

/// One pass over a batch: forward, or forward and backward.
pub(super) fn pass(table: &TimeCalibration, setup: &Setup, device: &Device, network: &Opaque, samples: f64) -> (Parts, Flops) {
    let factors = &table.opaque;
    let size = samples * scale(network, setup);
    let again = if setup.recipe.checkpointing == Checkpointing::Full { 1.0 } else { 0.0 };
    let (repeats, traffic) = if setup.trains() {
        (3.0 + again, factors.traffic.get() + again * factors.inference_traffic.get())
    } else {
        (1.0, factors.inference_traffic.get())
    };
    let forward = Flops::new(network.forward_flops * size);
    let flops = forward * if setup.trains() { 3.0 } else { 1.0 };
    let width = intensity(network) / RESNET_INTENSITY;
    // Cards without units for 16-bit products convert to FP32 and back, which takes back what half the bytes save.
    let (share, element) = match device.arithmetic.path {
        ArithmeticPath::TensorCores => {
            (factors.tensor.get() * width.powf(factors.width_tensor.get()), device.arithmetic.operand_bytes.max(2.0))
        }
        ArithmeticPath::CudaCores | ArithmeticPath::Emulated => (factors.cuda.get() * width.powf(factors.width_cuda.get()), 4.0),
    };
    // Convolutions along time alone have fewer operations to a value read than those over an image.
    let share = if setup.model.category == Category::SpeechSynthesis { share * factors.sound.get() } else { share };
    let values = Bytes::new(network.activation_values * size * element * traffic);
    let sequential = real(network.sequential_steps.max(1)) - 1.0;
    let parts = Parts {
        products: forward * repeats / (device.products * share),
        elementwise: values / device.bandwidth,
        launching: Seconds::new(
            factors.layer_seconds.get() * real(network.layers) * repeats + factors.step_seconds.get() * sequential * repeats,
        ),
        ..Parts::default()
    };
    (parts, flops)
}
