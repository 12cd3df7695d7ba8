//! What each number format of training, weights and the cache takes: one row a format, read by memory and time alike.

use super::{CacheFormat, Optimizer, Precision, Stack, WeightFormat};

/// Bytes of one value by kind of tensor in training of all weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainedWidths {
    /// Outputs of linear layers.
    pub linear: f64,
    /// Residual stream and other activations outside of linear layers.
    pub stream: f64,
    /// Weights, and the gradients that belong to them.
    pub weight: f64,
    /// FP32 copy of the weights beside them.
    pub master: f64,
    /// One optimizer state.
    pub state: f64,
}

impl Precision {
    /// The precision's row. The three mixed precisions differ: `bf16-pure` has everything in 16 bits; autocast has FP32 weights,
    /// gradients, states and residual stream; `bf16-master` (Megatron, DeepSpeed) has 16-bit weights and
    /// activations with FP32 master weights and states.
    #[must_use]
    pub const fn trained_widths(self) -> TrainedWidths {
        let (linear, stream, weight, master, state) = match self {
            Self::Fp32 | Self::Tf32 => (4.0, 4.0, 4.0, 0.0, 4.0),
            Self::Fp16Autocast | Self::Bf16Autocast => (2.0, 4.0, 4.0, 0.0, 4.0),
            Self::Bf16Pure | Self::Fp16Pure => (2.0, 2.0, 2.0, 0.0, 2.0),
            Self::Bf16Master | Self::Fp8 => (2.0, 2.0, 2.0, 4.0, 4.0),
        };
        TrainedWidths { linear, stream, weight, master, state }
    }
}

impl Optimizer {
    /// Bytes of state that each trained parameter carries between steps, where one full-width state takes `state`. Adafactor keeps
    /// a row and a column of the second moment, which is nothing beside the weights.
    #[must_use]
    pub const fn state_bytes(self, state: f64) -> f64 {
        match self {
            Self::Adamw => 2.0 * state,
            Self::Adamw8bit | Self::PagedAdamw8bit => 2.0 * Self::EIGHT_BIT_STATE,
            Self::SgdMomentum | Self::Lion | Self::Muon => state,
            Self::Sgd | Self::Adafactor => 0.0,
        }
    }
}

/// How a format is made and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageKind {
    /// Every tensor in one number format.
    Plain,
    /// Linear layers of the blocks in 8 bits, read by the matrix products themselves or by one kernel before.
    EightBit,
    /// Linear layers of the blocks in groups of about four bits.
    FourBit,
    /// llama.cpp's files: every matrix quantised, output layer and embedding in types of their own.
    Gguf,
}

/// Bits of one value by kind of tensor, scales included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Storage {
    /// How it is made and read.
    pub kind: StorageKind,
    /// Linear layers of the blocks.
    pub block_bits: f64,
    /// Token embedding, where the format says so; otherwise it stays at the width of the run.
    pub embedding_bits: Option<f64>,
    /// Output layer, likewise.
    pub head_bits: Option<f64>,
    /// Where a model has routed experts, only those are stored this way.
    pub experts_only: bool,
    /// Linear layers beside them, where the format says so.
    pub beside_bits: Option<f64>,
}

/// Q6_K: 256 values of six bits, 16 scales of eight bits and one of sixteen.
const Q6K: f64 = 6.0 + (16.0 * 8.0 + 16.0) / 256.0;

const fn row(kind: StorageKind, block_bits: f64, embedding_bits: Option<f64>, head_bits: Option<f64>) -> Storage {
    Storage { kind, block_bits, embedding_bits, head_bits, experts_only: false, beside_bits: None }
}

const fn plain(bits: f64) -> Storage {
    row(StorageKind::Plain, bits, Some(bits), Some(bits))
}

const fn blocks(kind: StorageKind, bits: f64) -> Storage {
    row(kind, bits, None, None)
}

/// Groups of 32 with a scale, for routed experts.
const fn experts(scale: f64, beside: Option<f64>) -> Storage {
    Storage { experts_only: true, beside_bits: beside, ..blocks(StorageKind::FourBit, 4.0 + scale / 32.0) }
}

/// The output layer is stored in Q6_K at least.
const fn gguf(bits: f64, embedding: f64) -> Storage {
    let head = if bits > Q6K { bits } else { Q6K };
    row(StorageKind::Gguf, bits, Some(embedding), Some(head))
}

impl WeightFormat {
    /// The format's row.
    ///
    /// bitsandbytes NF4 has one FP32 constant for 64 weights; with double quantisation one 8-bit constant for 64 and one FP32 for
    /// 256 of those. GPTQ and AWQ: a 16-bit scale and a zero point for 128 weights. NVFP4: one 8-bit float for 16 (the scale of a
    /// whole matrix is too little to count). MXFP4: one 8-bit exponent for 32. DeepSeek-V4 has experts so and FP8 elsewhere
    /// (`expert_dtype` of its config.json), Kimi K2.5 integers with a 16-bit scale for 32 (compressed-tensors). GGUF k-quants mix
    /// types by tensor; the figures are block types weighted by their share of a Llama layer and agree within 1.5 % with the sizes
    /// `llama-quantize` prints for Llama 2 7B and Llama 3 8B.
    #[must_use]
    pub const fn storage(self) -> Storage {
        use StorageKind::{EightBit, FourBit};
        match self {
            Self::Fp32 => plain(32.0),
            Self::Fp16 | Self::Bf16 => plain(16.0),
            Self::Fp8 | Self::Int8 => blocks(EightBit, 8.0),
            Self::Gptq8 => blocks(EightBit, 8.0 + (16.0 + 8.0) / 128.0),
            Self::Nf4 => blocks(FourBit, 4.0 + 32.0 / 64.0),
            Self::Nf4Double => blocks(FourBit, 4.0 + 8.0 / 64.0 + 32.0 / (64.0 * 256.0)),
            Self::Gptq4 | Self::Awq4 => blocks(FourBit, 4.0 + (16.0 + 4.0) / 128.0),
            Self::Mxfp4 => experts(8.0, None),
            Self::Mxfp4Fp8 => experts(8.0, Some(8.0)),
            Self::Nvfp4 => blocks(FourBit, 4.0 + 8.0 / 16.0),
            Self::Int4Experts => experts(16.0, None),
            Self::Q8_0 => gguf(8.5, 8.5),
            Self::Q6K => gguf(Q6K, Q6K),
            Self::Q5KM => gguf(5.65, 5.5),
            Self::Q5KS => gguf(5.5, 5.5),
            Self::Q4KM => gguf(4.80, 4.5),
            Self::Q4KS => gguf(4.56, 4.5),
            Self::Q4_0 => gguf(4.5, 4.5),
            Self::Iq4Xs => gguf(4.31, 4.25),
            Self::Q3KM => gguf(3.86, 3.4375),
            Self::Q2K => gguf(2.96, 2.625),
            Self::Q1_0 => gguf(1.125, 1.125),
        }
    }

    /// Bytes of one weight of a linear layer inside the blocks.
    #[must_use]
    pub const fn block_bytes(self) -> f64 {
        self.storage().block_bits / 8.0
    }

    /// Whether weights are unpacked before they are used.
    #[must_use]
    pub const fn is_quantised(self) -> bool {
        !matches!(self.storage().kind, StorageKind::Plain)
    }

    /// Whether experts alone have so few bits. llama.cpp has such files too.
    #[must_use]
    pub const fn is_of_experts(self) -> bool {
        self.storage().experts_only
    }

    /// Whether it is one of llama.cpp's.
    #[must_use]
    pub const fn is_gguf(self) -> bool {
        matches!(self.storage().kind, StorageKind::Gguf)
    }
}

impl Stack {
    /// Bytes of a served weight that its format leaves alone, as MXFP4 does all but experts: 16 bits, and Q8_0 in the files of
    /// llama.cpp (gpt-oss by ggml-org: 11.27 and 59.02 GiB; with 16 bits they would have 12.9 and 60.9).
    #[must_use]
    pub const fn left_alone_bytes(self) -> f64 {
        match self {
            Self::LlamaCpp => 8.5 / 8.0,
            _ => 2.0,
        }
    }
}

impl CacheFormat {
    /// Bytes of one cached value. Quantised caches carry a 16-bit scale for 32 values.
    #[must_use]
    pub const fn value_bytes(self) -> f64 {
        match self {
            Self::Fp16 => 2.0,
            Self::Fp8 => 1.0,
            Self::Int8 => 1.0 + 2.0 / 32.0,
            Self::Q4 => 0.5 + 2.0 / 32.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Keyword;

    #[test]
    fn no_part_is_smaller_than_its_bits() {
        for format in WeightFormat::ALL {
            let row = format.storage();
            assert!(row.block_bits >= 1.0 && row.block_bits <= 32.0, "{format:?}");
            assert!(row.head_bits.is_none_or(|head| head >= row.block_bits), "{format:?}");
        }
        assert_eq!(WeightFormat::Q6K.storage().block_bits, 6.5625);
    }
}
