//! Diffusion transformers: blocks with adaptive norms, and what surrounds them.

use super::{Count, Weights};
use crate::document::keyword;

keyword!(
    /// Which diffusion transformer.
    DitLayout {
        /// FLUX.1: double-stream blocks, then single-stream blocks with a parallel feed-forward part.
        Flux = "flux",
        /// FLUX.2: the same without biases, gated feed-forward parts, modulation shared by all blocks.
        Flux2 = "flux2",
        /// Stable Diffusion 3: double-stream blocks.
        Mmdit = "mmdit",
        /// Qwen-Image: double-stream blocks.
        Qwen = "qwen",
        /// Z-Image: one stream, with refiner blocks before it.
        Zimage = "zimage",
        /// Wan: self-attention, cross-attention to text, feed-forward part.
        Wan = "wan",
    }
);

/// What a diffusion transformer is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dit {
    /// Which one.
    pub layout: DitLayout,
    /// Width of the stream.
    pub hidden: u64,
    /// Size of a head.
    pub head_dim: u64,
    /// Inner width of the feed-forward part.
    pub ffn: u64,
    /// Width of text features.
    pub text_dim: u64,
    /// Input channels after patching.
    pub channels: u64,
    /// Width of the pooled text vector; zero without one.
    pub pooled_dim: u64,
    /// The guidance strength is embedded.
    pub guidance: bool,
}

impl Dit {
    fn linear(&self, input: Count, output: Count) -> Weights {
        Weights::linear(input, output, self.layout != DitLayout::Flux2)
    }

    fn attention(&self) -> Weights {
        let hidden = Count(self.hidden);
        self.linear(hidden, hidden * 3) + self.linear(hidden, hidden)
    }

    fn feed_forward(&self) -> Weights {
        let (hidden, ffn) = (Count(self.hidden), Count(self.ffn));
        let gated = matches!(self.layout, DitLayout::Flux2 | DitLayout::Zimage);
        self.linear(hidden, if gated { ffn * 2 } else { ffn }) + self.linear(ffn, hidden)
    }

    /// One block with its own weights for image and text; the last block of SD3 (`last`) drops the text side after attention.
    #[must_use]
    pub fn double_block(&self, last: bool) -> Weights {
        let hidden = Count(self.hidden);
        let modulation = |parts: u64| match self.layout {
            DitLayout::Flux2 => Weights::default(),
            _ => self.linear(hidden, hidden * parts),
        };
        let norms = Weights::vector(Count(self.head_dim) * 2);
        let image = modulation(6) + self.attention() + self.feed_forward() + norms;
        let text = if last { modulation(2) + self.linear(hidden, hidden * 3) + norms } else { image };
        image + text
    }

    /// A second attention over the image alone, with its shift, scale and gate.
    #[must_use]
    pub fn second_attention(&self) -> Weights {
        let hidden = Count(self.hidden);
        self.linear(hidden, hidden * 3) + self.attention() + Weights::vector(Count(self.head_dim) * 2)
    }

    /// One block over the joined stream.
    #[must_use]
    pub fn single_block(&self) -> Weights {
        let (hidden, ffn) = (Count(self.hidden), Count(self.ffn));
        let norms = Weights::vector(Count(self.head_dim) * 2);
        match self.layout {
            DitLayout::Flux => {
                self.linear(hidden, hidden * 3 + ffn) + self.linear(hidden + ffn, hidden) + self.linear(hidden, hidden * 3) + norms
            }
            DitLayout::Flux2 => self.linear(hidden, hidden * 3 + ffn * 2) + self.linear(hidden + ffn, hidden) + norms,
            DitLayout::Zimage => self.zimage_block(true),
            DitLayout::Wan => self.wan_block(),
            DitLayout::Mmdit | DitLayout::Qwen => self.double_block(false),
        }
    }

    /// Z-Image: attention and gated feed-forward part without biases, four norms; modulation from a 256-wide time embedding.
    #[must_use]
    pub fn zimage_block(&self, modulated: bool) -> Weights {
        const TIME_WIDTH: Count = Count(256);
        let (hidden, ffn) = (Count(self.hidden), Count(self.ffn));
        let modulation = if modulated { Weights::linear(TIME_WIDTH, hidden * 4, true) } else { Weights::default() };
        Weights::matrix(hidden, hidden).times(4)
            + Weights::matrix(hidden, ffn).times(2)
            + Weights::matrix(ffn, hidden)
            + Weights::vector(hidden * 4 + Count(self.head_dim) * 2)
            + modulation
    }

    fn wan_block(&self) -> Weights {
        let hidden = Count(self.hidden);
        let attention = Weights::linear(hidden, hidden, true).times(4) + Weights::vector(hidden * 2);
        attention.times(2) + self.feed_forward() + Weights::vector(hidden * 2) + Weights::vector(hidden * 6)
    }

    /// Input and output projections, time, text and guidance embeddings.
    #[must_use]
    pub fn surroundings(&self) -> Weights {
        const TIME: Count = Count(256);
        let (hidden, text, channels) = (Count(self.hidden), Count(self.text_dim), Count(self.channels));
        let two_layers = |input: Count| self.linear(input, hidden) + self.linear(hidden, hidden);
        let pooled = if self.pooled_dim > 0 { two_layers(Count(self.pooled_dim)) } else { Weights::default() };
        let guidance = if self.guidance { two_layers(TIME) } else { Weights::default() };
        let joined = self.linear(channels, hidden)
            + self.linear(text, hidden)
            + two_layers(TIME)
            + self.linear(hidden, hidden * 2)
            + self.linear(hidden, channels);
        match self.layout {
            DitLayout::Flux | DitLayout::Mmdit => joined + pooled + guidance,
            DitLayout::Flux2 => joined + guidance + self.linear(hidden, hidden * 6).times(2) + self.linear(hidden, hidden * 3),
            DitLayout::Qwen => joined + Weights::vector(text),
            DitLayout::Zimage => {
                let time = Weights::linear(TIME, Count(1024), true) + Weights::linear(Count(1024), TIME, true);
                self.linear(channels, hidden)
                    + self.linear(text, hidden)
                    + Weights::vector(text)
                    + time
                    + Weights::linear(TIME, hidden, true)
                    + self.linear(hidden, channels)
                    + Weights::vector(hidden * 2)
            }
            DitLayout::Wan => {
                self.linear(channels, hidden)
                    + two_layers(text)
                    + two_layers(TIME)
                    + self.linear(hidden, hidden * 6)
                    + self.linear(hidden, channels)
                    + Weights::vector(hidden * 2)
            }
        }
    }
}
