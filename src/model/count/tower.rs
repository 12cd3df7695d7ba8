//! Front ends that turn images and sound into tokens.

use super::Count;

/// Patches of three colours to `hidden`, a class token, register and mask tokens, learned positions, final norm, classifier.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ImageFrontEnd {
    /// Width of the residual stream.
    pub hidden: u64,
    /// Side of a patch in pixels.
    pub patch: u64,
    /// Learned position rows.
    pub positions: u64,
    /// Class, register and mask tokens.
    pub tokens: u64,
    /// Classes of the output layer; zero without one.
    pub classes: u64,
    /// A norm follows the last layer.
    pub final_norm: bool,
}

impl ImageFrontEnd {
    /// `(3 p^2 + 1) h + (positions + tokens) h`, `2h` for the final norm, and `(h + 1) classes`.
    #[must_use]
    pub fn weights(&self) -> Count {
        let hidden = Count(self.hidden);
        let patches = hidden * (Count(self.patch) * self.patch * 3 + 1);
        patches
            + hidden * (Count(self.positions) + self.tokens)
            + (hidden + 1) * self.classes
            + hidden * if self.final_norm { 2 } else { 0 }
    }
}

/// Whisper: two convolutions of width 3 over mel bands, and the stored sinusoidal positions.
#[must_use]
pub fn whisper_front_end(hidden: u64, mel_bands: u64, frames: u64) -> Count {
    let hidden = Count(hidden);
    hidden * (Count(mel_bands) * 3 + 1) + hidden * (hidden * 3 + 1) + hidden * frames
}

/// wav2vec 2.0: seven convolutions of 512 channels (kernels 10, 3, 3, 3, 3, 2, 2), projection, convolutional positions, mask token.
///
/// The base model has one group norm and no convolution biases; the large one (`wide`) has a LayerNorm and a bias each.
#[must_use]
pub fn wav2vec2_front_end(hidden: u64, wide: bool) -> Count {
    const CHANNELS: u64 = 512;
    let kernels = Count(CHANNELS) * 10 + Count(CHANNELS) * CHANNELS * (3 * 4 + 2 * 2);
    let norms = if wide { Count(CHANNELS) * 3 * 7 } else { Count(CHANNELS) * 2 };
    let hidden = Count(hidden);
    let projection = Count(CHANNELS) * 2 + hidden * (CHANNELS + 1);
    let positions = hidden * (hidden.0 / 16) * 128 + 128 + hidden;
    kernels + norms + projection + positions + hidden + hidden * 2
}

/// Segment Anything around a vision encoder (which here has neither class token nor final norm): the neck of two convolutions to
/// 256 channels, relative positions of windowed and global layers, prompt encoder and mask decoder.
#[must_use]
pub fn segment_head(hidden: u64, head_dim: u64, window: u64, grid: u64, windowed: u64, global: u64) -> Count {
    const CHANNELS: Count = Count(256);
    const PROMPT_ENCODER: u64 = 6_220;
    const MASK_DECODER: u64 = 4_058_340;
    let neck = CHANNELS * hidden + CHANNELS * CHANNELS * 9 + CHANNELS * 4;
    let table = |side: u64| Count(side.saturating_mul(2).saturating_sub(1)) * head_dim * 2;
    neck + table(window) * windowed + table(grid) * global + PROMPT_ENCODER + MASK_DECODER
}
