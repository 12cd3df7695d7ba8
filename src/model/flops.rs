//! Floating-point operations of a forward pass: two per multiply-add, attention over all visible keys (not halved for causality).
//!
//! Per token: `2 W` for the linear layers, `2 V h` for the output layer, `4 S q` a layer for attention with `q` the width of all
//! query heads and `S` the keys a token sees. A backward pass is twice the linear part and 2 to 2.5 times attention.
//! Source: PyTorch's `FlopCounterMode` on the models of Hugging Face transformers.

use super::{BlockStyle, Input, LayerGroup, Mixer, Model, Network, Transformer};
use crate::units::{Flops, real};

/// Operations per value of recurrent state and token: decay, outer-product update, read-out (a multiply-add each).
pub(crate) const PER_STATE_VALUE: f64 = 6.0;

impl Model {
    /// One forward pass over `sequences` sequences of `length` tokens (patches, frames; image side for networks without blocks);
    /// encoder-decoders also write `target` tokens each. Every position is scored by the output layer.
    #[must_use]
    pub fn forward_flops(&self, sequences: u64, length: u64, target: u64) -> Flops {
        let one = match &self.network {
            Network::Transformer(stack) => stack.forward_flops(length, 0),
            Network::EncoderDecoder { encoder, decoder } => {
                encoder.forward_flops(length, 0) + decoder.forward_flops(target, length)
            }
            Network::Opaque(network) => Flops::new(network.forward_flops * network.standard_inputs(length)),
        };
        one * real(sequences)
    }
}

impl Transformer {
    /// Front end, blocks and output layer of one sequence; `source` is the length of the encoder output attended to.
    #[must_use]
    pub fn forward_flops(&self, length: u64, source: u64) -> Flops {
        self.front_flops(length)
            + self.linear_flops(length, source)
            + self.attention_flops(length, length)
            + self.cross_flops(length, source)
            + self.head_flops(length)
    }

    /// `2 W` per token; keys and values of cross-attention are made from the source instead.
    #[must_use]
    pub fn linear_flops(&self, length: u64, source: u64) -> Flops {
        let of = |group: &LayerGroup| {
            let cross = if group.cross_attention { 2.0 * real(self.hidden) * key_width(&group.mixer) } else { 0.0 };
            let weights = real(group.active_linear_parameters);
            2.0 * real(group.count) * ((weights - cross).max(0.0) * real(length) + cross * real(source))
        };
        Flops::new(self.layers.iter().map(of).sum())
    }

    /// Scores and weighted sums of `length` tokens over `context` keys, less where a window hides some.
    #[must_use]
    pub fn attention_flops(&self, length: u64, context: u64) -> Flops {
        let of = |group: &LayerGroup| real(group.count) * mixer_flops(&group.mixer, context) * real(length);
        Flops::new(self.layers.iter().map(of).sum())
    }

    fn cross_flops(&self, length: u64, source: u64) -> Flops {
        let groups = self.layers.iter().filter(|group| group.cross_attention);
        let of = |group: &LayerGroup| 4.0 * real(group.count) * real(length) * real(source) * query_width(&group.mixer);
        Flops::new(groups.map(of).sum())
    }

    /// The output layer over the vocabulary.
    #[must_use]
    pub fn head_flops(&self, length: u64) -> Flops {
        let rows = if self.lm_head { self.vocab } else { 0 };
        Flops::new(2.0 * real(rows) * real(self.hidden) * real(length))
    }

    /// Convolutions that turn pixels or sound into tokens.
    #[must_use]
    pub fn front_flops(&self, length: u64) -> Flops {
        /// Seven convolutions of 512 channels over the 320 samples of a frame, then the projection (arXiv 2006.11477).
        const WAV2VEC2_PER_FRAME: f64 = 64.0 * 512.0 * 10.0 + 60.0 * 512.0 * 512.0 * 3.0 + 3.0 * 512.0 * 512.0 * 2.0;
        const MEL_BANDS: f64 = 80.0;
        let hidden = real(self.hidden);
        let per_token = match (self.input, self.style) {
            (Input::Patches { patch, .. }, _) => 3.0 * real(patch) * real(patch) * hidden,
            // Two frames go in for each that comes out.
            (Input::Audio { .. }, BlockStyle::Whisper) => 2.0 * 3.0 * MEL_BANDS * hidden + 3.0 * hidden * hidden,
            (Input::Audio { .. }, _) => WAV2VEC2_PER_FRAME + 512.0 * hidden + 128.0 * hidden * hidden / 16.0,
            (Input::Tokens | Input::Latents { .. }, _) => 0.0,
        };
        Flops::new(2.0 * per_token * real(length))
    }
}

/// Operations of a mixer per token beyond its linear layers.
fn mixer_flops(mixer: &Mixer, context: u64) -> f64 {
    match *mixer {
        Mixer::Attention { heads, head_dim, window, .. } => {
            4.0 * real(window.map_or(context, |window| window.min(context))) * real(heads) * real(head_dim)
        }
        Mixer::Latent { heads, qk_dim, v_dim, .. } => 2.0 * real(context) * real(heads) * (real(qk_dim) + real(v_dim)),
        Mixer::Compressed { heads, head_dim, window, ratio, reads, .. } => {
            let entries = context.checked_div(ratio).unwrap_or(0);
            let read = if reads == 0 { entries } else { entries.min(reads) };
            4.0 * real(context.min(window).saturating_add(read)) * real(heads) * real(head_dim)
        }
        Mixer::Recurrent { state, .. } => PER_STATE_VALUE * real(state),
        Mixer::Hybrid { heads, head_dim, state, .. } => {
            4.0 * real(context) * real(heads) * real(head_dim) + PER_STATE_VALUE * real(state)
        }
        Mixer::None => 0.0,
    }
}

/// Width of all query heads.
pub(crate) fn query_width(mixer: &Mixer) -> f64 {
    match *mixer {
        Mixer::Attention { heads, head_dim, .. } | Mixer::Hybrid { heads, head_dim, .. } => real(heads) * real(head_dim),
        _ => 0.0,
    }
}

/// Width of all key heads.
pub(crate) fn key_width(mixer: &Mixer) -> f64 {
    match *mixer {
        Mixer::Attention { kv_heads, head_dim, .. } | Mixer::Hybrid { kv_heads, head_dim, .. } => real(kv_heads) * real(head_dim),
        _ => 0.0,
    }
}
