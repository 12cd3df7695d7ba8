//! Mixers with a constant state: gated DeltaNet, Kimi delta attention, lightning attention, Mamba, RWKV, short convolution.

use super::{Count, Weights};
use crate::document::keyword;

keyword!(
    /// Which mixer.
    RecurrentKind {
        /// Gated DeltaNet (Qwen3-Next, Qwen3.5).
        GatedDeltanet = "gated_deltanet",
        /// Kimi delta attention.
        Kda = "kda",
        /// Lightning attention (MiniMax).
        Lightning = "lightning",
        /// Mamba, the first version.
        Mamba = "mamba",
        /// Mamba-2.
        Mamba2 = "mamba2",
        /// RWKV-4; the receptance of its feed-forward part is counted here.
        Rwkv = "rwkv",
        /// Gated short convolution (LFM2).
        ShortConv = "short_conv",
    }
);

/// What one recurrent mixer is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recurrent {
    /// Which mixer.
    pub kind: RecurrentKind,
    /// Width of the residual stream.
    pub hidden: u64,
    /// Query/key heads (Mamba-2: groups; Mamba: rank of the time step).
    pub k_heads: u64,
    /// Value heads (Mamba-2: heads).
    pub v_heads: u64,
    /// Size of a key head (Mamba: state size).
    pub k_dim: u64,
    /// Size of a value head.
    pub v_dim: u64,
    /// Taps of the short convolution.
    pub conv_kernel: u64,
    /// Mamba-2: a gated norm of the inner width (all but Falcon-H1). Mamba: norms of time step, input and output (Jamba).
    pub inner_norm: bool,
}

impl Recurrent {
    fn keys(&self) -> Count {
        Count(self.k_heads) * self.k_dim
    }

    fn values(&self) -> Count {
        Count(self.v_heads) * self.v_dim
    }

    /// Channels of the short convolution.
    fn channels(&self) -> Count {
        match self.kind {
            RecurrentKind::GatedDeltanet | RecurrentKind::Kda | RecurrentKind::Mamba2 => self.keys() * 2 + self.values(),
            RecurrentKind::Mamba => self.values(),
            RecurrentKind::Lightning | RecurrentKind::Rwkv => Count(0),
            RecurrentKind::ShortConv => Count(self.hidden),
        }
    }

    /// Values of state per sequence: `v_heads k_dim v_dim` plus the convolution's last `kernel - 1` inputs.
    #[must_use]
    pub fn state(&self) -> Count {
        let window = self.channels() * self.conv_kernel.saturating_sub(1);
        match self.kind {
            RecurrentKind::ShortConv => window,
            // Numerator, denominator and exponent of the average, and the last inputs of both parts of a layer.
            RecurrentKind::Rwkv => self.values() * 3 + Count(self.hidden) * 2,
            _ => self.values() * self.k_dim + window,
        }
    }

    /// Values produced per token inside the mixer: projections and gates.
    #[must_use]
    pub fn width(&self) -> Count {
        match self.kind {
            RecurrentKind::ShortConv => Count(self.hidden) * 4,
            RecurrentKind::Lightning => self.values() * 5,
            RecurrentKind::Rwkv => self.values() * 4 + self.hidden,
            RecurrentKind::Mamba => self.values() * 4 + self.k_heads + Count(self.k_dim) * 2,
            RecurrentKind::Mamba2 => self.values() * 3 + self.keys() * 4 + self.v_heads,
            RecurrentKind::GatedDeltanet | RecurrentKind::Kda => self.values() * 4 + self.keys() * 4 + Count(self.v_heads) * 2,
        }
    }

    /// All weights of the mixer.
    #[must_use]
    pub fn weights(&self) -> Weights {
        let (hidden, values, keys, heads) = (Count(self.hidden), self.values(), self.keys(), Count(self.v_heads));
        let output = Weights::matrix(values, hidden);
        let convolution = Weights::vector(self.channels() * self.conv_kernel);
        match self.kind {
            RecurrentKind::GatedDeltanet => {
                Weights::matrix(hidden, keys * 2 + values * 2)
                    + Weights::matrix(hidden, heads * 2)
                    + convolution
                    + Weights::vector(heads * 2 + self.v_dim)
                    + output
            }
            RecurrentKind::Kda => {
                let low_rank = Weights::matrix(hidden, Count(self.v_dim)) + Weights::matrix(Count(self.v_dim), values);
                Weights::matrix(hidden, keys).times(2)
                    + Weights::matrix(hidden, values)
                    + Weights::matrix(hidden, heads)
                    + low_rank.times(2)
                    + convolution
                    + Weights::vector(heads + values + self.v_dim)
                    + output
            }
            RecurrentKind::Lightning => {
                Weights::matrix(hidden, values * 3) + Weights::matrix(hidden, values) + Weights::vector(values) + output
            }
            RecurrentKind::Mamba => {
                let (rank, state) = (Count(self.k_heads), Count(self.k_dim));
                let norms = if self.inner_norm { rank + state * 2 } else { Count(0) };
                Weights::matrix(hidden, values * 2)
                    + convolution
                    + Weights::matrix(values, rank + state * 2)
                    + Weights::linear(rank, values, true)
                    + Weights::vector(values * state + values * 2 + norms)
                    + output
            }
            RecurrentKind::Rwkv => {
                Weights::matrix(hidden, values).times(3)
                    + Weights::matrix(hidden, hidden)
                    + Weights::vector(values * 2 + hidden * 5)
                    + output
            }
            RecurrentKind::Mamba2 => {
                Weights::matrix(hidden, values * 2 + keys * 2 + heads)
                    + convolution
                    + Weights::vector(self.channels() + heads * 3)
                    + Weights::vector(if self.inner_norm { values } else { Count(0) })
                    + output
            }
            RecurrentKind::ShortConv => Weights::matrix(hidden, hidden * 3) + convolution + Weights::matrix(hidden, hidden),
        }
    }
}
