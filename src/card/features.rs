//! What software a card runs, decided by its compute capability.

use super::{Card, Generation};

/// What a card can do, as frameworks see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    /// Has tensor cores at all.
    pub tensor_cores: bool,
    /// BF16 arithmetic in hardware (8.0 and later); before that it is emulated and slow.
    pub bf16: bool,
    /// TF32 tensor cores (8.0 and later).
    pub tf32: bool,
    /// FP8 tensor cores (8.9 and later).
    pub fp8: bool,
    /// FP4 tensor cores (10.0 and later).
    pub fp4: bool,
    /// FlashAttention-2 kernels (8.0 and later).
    pub flash_attention: bool,
    /// bitsandbytes LLM.int8 (7.5 and later).
    pub llm_int8: bool,
    /// bitsandbytes NF4 and 8-bit optimizers (6.0 and later).
    pub nf4: bool,
    /// FP16 arithmetic at a useful rate (not GP10x, which runs it at 1/64 of FP32).
    pub fast_fp16: bool,
    /// Current PyTorch builds support it (7.5 and later; older cards need the CUDA 12.6 builds).
    pub current_pytorch: bool,
    /// Kernels written in Triton, such as chunked losses and those of Unsloth (7.0 and later).
    pub triton: bool,
    /// vLLM and TensorRT-LLM (7.5 and later).
    pub vllm: bool,
    /// transformers' kernels for MXFP4 (7.5 and later).
    pub mxfp4: bool,
    /// vLLM's kernels for MXFP4, which are those of Marlin (8.0 and later).
    pub marlin: bool,
    /// Direct PCIe peer-to-peer between cards in the stock driver (not GeForce 20 and later).
    pub peer_to_peer: bool,
}

impl Features {
    /// The same without what decides neither which recipes can be tried on a card nor what they take there: how it reaches its
    /// neighbours, and FP4, which no precision of a recipe computes in.
    #[must_use]
    pub const fn deciding(self) -> Self {
        Self { peer_to_peer: false, fp4: false, ..self }
    }
}

impl Card {
    /// Whether its memory is HBM. Of a described card only the compute capability tells: the chips for servers have it, and no other
    /// does, however fast its memory (an RTX 5090 passes 1,792 GB/s through GDDR7).
    #[must_use]
    pub fn has_hbm(&self) -> bool {
        if self.memory_type.is_empty() {
            return matches!(self.compute_capability, (6..=9, 0) | (10, _));
        }
        self.memory_type.starts_with("HBM")
    }

    /// What software this card runs.
    ///
    /// Sources: PyTorch, bitsandbytes and FlashAttention release notes as collected in `docs/catalog.md`.
    #[must_use]
    pub fn features(&self) -> Features {
        let cc = self.compute_capability;
        let at_least = |major, minor| cc >= (major, minor);
        let consumer = matches!(self.brand, super::Brand::Geforce | super::Brand::Titan);
        Features {
            tensor_cores: self.tensor_cores > 0,
            bf16: at_least(8, 0),
            tf32: at_least(8, 0),
            fp8: at_least(8, 9),
            fp4: at_least(10, 0),
            flash_attention: at_least(8, 0),
            llm_int8: at_least(7, 5),
            nf4: at_least(6, 0),
            fast_fp16: cc != (6, 1) && cc != (6, 2),
            current_pytorch: at_least(7, 5),
            triton: at_least(7, 0),
            vllm: at_least(7, 5),
            mxfp4: at_least(7, 5),
            marlin: at_least(8, 0),
            peer_to_peer: !(consumer && self.generation >= Generation::Turing),
        }
    }
}
