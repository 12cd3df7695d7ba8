//! Networks without blocks: convolutions, voices, scenes.

use crate::units::real;

/// A network known by its work and size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opaque {
    /// Forward operations of one standard sample (2 per multiply-add).
    pub forward_flops: f64,
    /// Values kept for the backward pass per standard sample.
    pub activation_values: f64,
    /// Values that max pooling puts out per standard sample; the place of each is kept for the backward pass.
    pub pooled_values: f64,
    /// Convolutions and linear layers that run one after the other.
    pub layers: u64,
    /// Side of the standard square input in pixels, where it is an image.
    pub image_side: Option<u64>,
    /// Decoder or frame steps that must run one after the other per sample (autoregressive synthesis); 1 otherwise.
    pub sequential_steps: u64,
    /// Earlier frames that a training step reads forward before the one it learns from.
    pub history_frames: u64,
    /// Widths in and out of the layers that adapters go on, together: what adapters of rank one hold.
    pub adapter_ports: f64,
}

impl Opaque {
    /// How many standard samples one of this length is worth: the square of the side for images, multiples otherwise.
    #[must_use]
    pub const fn standard_inputs(&self, length: u64) -> f64 {
        let Some(side) = self.image_side else { return real(length) };
        let across = real(length) / if side > 0 { real(side) } else { 1.0 };
        across * across
    }
}
