//! Floating-point operations of a forward pass: two per multiply-add, attention over all visible keys (not halved for causality).
//!
//! Per token: `2 W` for the linear layers, `2 V h` for the output layer, `4 S q` a layer for attention with `q` the width of all
//! query heads and `S` the keys a token sees. A backward pass is twice the linear part and 2 to 2.5 times attention.
//! Source: PyTorch's `FlopCounterMode` on the models of Hugging Face transformers.

use super::{BlockStyle, Input, LayerGroup, Mixer, Model, Network, Transformer};
use crate::units::{Flops, real};

/// Operations per value of recurrent state and token: decay, outer-product update, read-out (a multiply-add each).
const PER_STATE_VALUE: f64 = 6.0;

impl Model {
    /// One forward pass over `sequences` sequences of `length` tokens (patches, frames; image side for networks without blocks);
    /// encoder-decoders also write `target` tokens each. Every position is scored by the output layer.
    #[must_use]
    pub fn forward_flops(&self, sequences: u64, length: u64, target: u64) -> Flops {
        let one = match &self.network {
            Network::Transformer(stack) => stack.forward_flops(real(stack.tokens(length)), 0.0),
            Network::EncoderDecoder { encoder, decoder } => {
                encoder.forward_flops(real(length), 0.0) + decoder.forward_flops(real(target), real(length))
            }
            Network::Opaque(network) => Flops::new(network.forward_flops * network.standard_inputs(length)),
        };
        let beside = self.text_beside().map_or(Flops::ZERO, |(text, tokens)| text.forward_flops(tokens, 0.0));
        (one + beside) * real(sequences)
    }
}

impl Transformer {
    /// Front end, blocks and output layer of one sequence; `source` is the length of the encoder output attended to.
    #[must_use]
    pub fn forward_flops(&self, length: f64, source: f64) -> Flops {
        let of = |group: &LayerGroup| {
            let keys = length + self.segment(length);
            let mixing = group.mixer.flops(keys) * length * self.attention_products() + group.cross_flops(length, source);
            let linear = group.linear_flops(self.hidden, length, source) + self.segment_flops(group, 1.0, length);
            (linear + mixing) * real(group.count)
        };
        self.front_flops(length) + Flops::new(self.layers.iter().map(of).sum()) + self.head_flops(length)
    }

    /// Tokens before an input of this length that attention reads again: Transformer-XL's memory, as long as its input.
    #[must_use]
    pub fn segment(&self, length: f64) -> f64 {
        if self.style == BlockStyle::TransformerXl { length } else { 0.0 }
    }

    /// Operations of attention over those of scores and weighted sums: Transformer-XL scores positions in a third product.
    #[must_use]
    pub fn attention_products(&self) -> f64 {
        if self.style == BlockStyle::TransformerXl { 1.5 } else { 1.0 }
    }

    /// What one layer adds to its linear work for the segment before: queries, keys and values of it are made again (one projection
    /// makes all three), and keys of positions once for all sequences, not for each.
    #[must_use]
    pub fn segment_flops(&self, group: &LayerGroup, sequences: f64, length: f64) -> f64 {
        let segment = self.segment(length);
        if segment <= 0.0 {
            return 0.0;
        }
        let again = 3.0 * sequences * segment;
        let positions = segment + length - sequences * length;
        2.0 * real(self.hidden) * group.mixer.query_width() * (again + positions)
    }

    /// The output layer over the vocabulary.
    #[must_use]
    pub fn head_flops(&self, tokens: f64) -> Flops {
        let rows = if self.lm_head { self.vocab } else { 0 };
        Flops::new(2.0 * real(rows) * real(self.hidden) * tokens)
    }

    /// Convolutions that turn pixels or sound into tokens.
    #[must_use]
    pub fn front_flops(&self, tokens: f64) -> Flops {
        let (first, others) = self.front();
        Flops::new(2.0 * (first + others) * tokens)
    }

    /// The one of these whose input is pixels or sound, of which no gradient is asked for. wav2vec 2.0 of transformers asks anyway.
    #[must_use]
    pub fn first_front_flops(&self, tokens: f64) -> Flops {
        let first = if self.style == BlockStyle::Wav2vec2 { 0.0 } else { self.front().0 };
        Flops::new(2.0 * first * tokens)
    }

    /// Multiply-adds per token of the convolution that reads pixels or sound, and of those after it.
    fn front(&self) -> (f64, f64) {
        /// Seven convolutions of 512 channels over the 320 samples of a frame, then the projection (arXiv 2006.11477).
        const WAV2VEC2_FIRST: f64 = 64.0 * 512.0 * 10.0;
        const WAV2VEC2_OTHERS: f64 = 60.0 * 512.0 * 512.0 * 3.0 + 3.0 * 512.0 * 512.0 * 2.0;
        const MEL_BANDS: f64 = 80.0;
        let hidden = real(self.hidden);
        match (self.input, self.style) {
            (Input::Patches { patch, .. }, _) => (3.0 * real(patch) * real(patch) * hidden, 0.0),
            // Two frames go in for each that comes out.
            (Input::Audio { .. }, BlockStyle::Whisper) => (2.0 * 3.0 * MEL_BANDS * hidden, 3.0 * hidden * hidden),
            (Input::Audio { .. }, _) => (WAV2VEC2_FIRST, WAV2VEC2_OTHERS + 512.0 * hidden + 128.0 * hidden * hidden / 16.0),
            (Input::Tokens | Input::Latents { .. }, _) => (0.0, 0.0),
        }
    }
}

impl LayerGroup {
    /// `2 W` per token of one such layer; keys and values of cross-attention are made from the source instead.
    #[must_use]
    pub fn linear_flops(&self, hidden: u64, tokens: f64, source: f64) -> f64 {
        let cross = if self.cross_attention { 2.0 * real(hidden) * self.mixer.key_width() } else { 0.0 };
        2.0 * ((real(self.active_linear_parameters) - cross).max(0.0) * tokens + cross * source)
    }

    /// Scores and weighted sums of `tokens` tokens over `source` keys of an encoder, in one such layer.
    #[must_use]
    pub fn cross_flops(&self, tokens: f64, source: f64) -> f64 {
        if self.cross_attention { 4.0 * tokens * source * self.mixer.query_width() } else { 0.0 }
    }
}

impl Mixer {
    /// Operations per token beyond the linear layers, over this many keys before it, less where a window hides some.
    #[must_use]
    pub fn flops(&self, keys: f64) -> f64 {
        match *self {
            Self::Attention { window, .. } => 4.0 * window.map_or(keys, |window| keys.min(real(window))) * self.query_width(),
            Self::Latent { heads, qk_dim, v_dim, .. } => 2.0 * keys * real(heads) * (real(qk_dim) + real(v_dim)),
            Self::Compressed { heads, head_dim, .. } => 4.0 * self.visible(keys) * real(heads) * real(head_dim),
            Self::Recurrent { state, .. } => PER_STATE_VALUE * real(state),
            Self::Hybrid { state, .. } => 4.0 * keys * self.query_width() + PER_STATE_VALUE * real(state),
            Self::None => 0.0,
        }
    }

    /// The same where every score is computed, hidden or not.
    #[must_use]
    pub fn unmasked_flops(&self, keys: f64) -> f64 {
        match *self {
            Self::Attention { .. } => 4.0 * keys * self.query_width(),
            _ => self.flops(keys),
        }
    }

    /// Keys a token sees of those before it: within a window, and of compressed ones as many as are read.
    #[must_use]
    pub fn visible(&self, keys: f64) -> f64 {
        match *self {
            Self::Attention { window, .. } => window.map_or(keys, |window| keys.min(real(window))),
            Self::Compressed { window, ratio, reads, .. } => {
                let entries = if ratio > 0 { (keys / real(ratio)).floor() } else { 0.0 };
                keys.min(real(window)) + if reads > 0 { entries.min(real(reads)) } else { entries }
            }
            _ => keys,
        }
    }

    /// Width of all query heads.
    #[must_use]
    pub const fn query_width(&self) -> f64 {
        match *self {
            Self::Attention { heads, head_dim, .. } | Self::Hybrid { heads, head_dim, .. } => real(heads) * real(head_dim),
            _ => 0.0,
        }
    }

    /// Width of all key heads.
    #[must_use]
    pub const fn key_width(&self) -> f64 {
        match *self {
            Self::Attention { kv_heads, head_dim, .. } | Self::Hybrid { kv_heads, head_dim, .. } => real(kv_heads) * real(head_dim),
            _ => 0.0,
        }
    }
}
