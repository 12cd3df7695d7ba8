//! How a job is run: everything the visitor may choose and the planner may search.

use crate::document::keyword;
pub use crate::model::WeightFormat;
use serde::Serialize;

keyword!(
    /// Number formats during training (or of the arithmetic, in inference).
    Precision {
        /// 32-bit everywhere, without tensor cores.
        Fp32 = "fp32",
        /// 32-bit storage, TF32 tensor-core products.
        Tf32 = "tf32",
        /// FP32 weights, gradients and optimizer; FP16 products under autocast with loss scaling.
        Fp16Autocast = "fp16-autocast",
        /// FP32 weights, gradients and optimizer; BF16 products under autocast.
        Bf16Autocast = "bf16-autocast",
        /// BF16 weights, gradients and optimizer states.
        Bf16Pure = "bf16-pure",
        /// BF16 weights and gradients with an FP32 master copy and FP32 optimizer states.
        Bf16Master = "bf16-master",
        /// FP8 products, otherwise as `bf16-master`.
        Fp8 = "fp8",
        /// FP16 weights and arithmetic without autocast: inference, and frozen weights before Ampere.
        Fp16Pure = "fp16-pure",
    }
);

keyword!(
    /// The optimizer, which decides how many bytes of state a trained parameter carries.
    Optimizer {
        /// AdamW, two states of the weights' precision.
        Adamw = "adamw",
        /// bitsandbytes 8-bit AdamW.
        Adamw8bit = "adamw-8bit",
        /// bitsandbytes 8-bit AdamW whose states may be paged to host memory.
        PagedAdamw8bit = "paged-adamw-8bit",
        /// Adafactor, factored second moment.
        Adafactor = "adafactor",
        /// SGD without momentum.
        Sgd = "sgd",
        /// SGD with momentum.
        SgdMomentum = "sgd-momentum",
        /// Lion, one state.
        Lion = "lion",
        /// Muon for matrices, AdamW for the rest.
        Muon = "muon",
    }
);

impl Optimizer {
    /// Bytes of one 8-bit state of a parameter: bitsandbytes keeps one byte each and one FP32 constant for a block of 256.
    pub const EIGHT_BIT_STATE: f64 = 1.0 + 4.0 / 256.0;
}

keyword!(
    /// How the optimizer step is executed, which decides its temporaries.
    OptimizerKernel {
        /// One fused kernel, no temporaries.
        Fused = "fused",
        /// Multi-tensor `foreach`, PyTorch's default on CUDA: one more copy of the trained parameters at the step.
        Foreach = "foreach",
        /// The update runs inside the backward pass, so gradients never exist together.
        InBackward = "in-backward",
    }
);

keyword!(
    /// Activation (gradient) checkpointing.
    Checkpointing {
        /// Keep all activations.
        None = "none",
        /// Recompute attention only.
        Selective = "selective",
        /// Keep block inputs, recompute each block.
        Full = "full",
        /// The same, with the inputs in host memory until the backward pass needs them (Unsloth, torchtune).
        Host = "host",
    }
);

impl Checkpointing {
    /// Whether whole blocks are computed a second time.
    #[must_use]
    pub const fn recomputes_blocks(self) -> bool {
        matches!(self, Self::Full | Self::Host)
    }
}

keyword!(
    /// Attention kernel.
    AttentionKernel {
        /// Scores are materialised.
        Eager = "eager",
        /// PyTorch's reference kernel of `scaled_dot_product_attention`, where no fused one runs; materialises scores too.
        Math = "math",
        /// PyTorch's or xFormers' memory-efficient kernel.
        MemoryEfficient = "memory-efficient",
        /// FlashAttention.
        Flash = "flash",
    }
);

keyword!(
    /// How logits and the loss are computed.
    LossKernel {
        /// All logits at once.
        Standard = "standard",
        /// All 16-bit logits at once, their FP32 form once: loss and gradient in one kernel, or in chunks over kept logits
        /// (torchtune, foak).
        Fused = "fused",
        /// In chunks that never exist together (Liger, Unsloth, cut cross-entropy).
        Chunked = "chunked",
    }
);

keyword!(
    /// The software that runs the job, which decides efficiency and overheads.
    Stack {
        /// Hugging Face transformers, Trainer, TRL and PEFT.
        Transformers = "transformers",
        /// Unsloth and other fused-kernel patches of transformers.
        Unsloth = "unsloth",
        /// torchtune.
        Torchtune = "torchtune",
        /// LitGPT.
        Litgpt = "litgpt",
        /// Megatron-LM, NeMo, llm-foundry and other tuned pre-training code.
        Megatron = "megatron",
        /// DeepSpeed.
        Deepspeed = "deepspeed",
        /// Plain PyTorch loop (nanoGPT, Languini, timm, NVIDIA DeepLearningExamples).
        Pytorch = "pytorch",
        /// llama.cpp and what is built on it (Ollama, LM Studio).
        LlamaCpp = "llama.cpp",
        /// vLLM and other paged, continuously batching servers.
        Vllm = "vllm",
        /// ExLlama v1 to v3.
        Exllama = "exllama",
        /// NVIDIA TensorRT and TensorRT-LLM.
        TensorRt = "tensorrt-llm",
    }
);

keyword!(
    /// Storage of the key/value cache.
    CacheFormat {
        /// 16-bit.
        Fp16 = "fp16",
        /// 8-bit float.
        Fp8 = "fp8",
        /// 8-bit integer.
        Int8 = "int8",
        /// 4-bit.
        Q4 = "q4",
    }
);

keyword!(
    /// How the autoencoder of an image model turns latent images into pixels.
    VaeTiling {
        /// A whole batch at once.
        None = "none",
        /// One image after the other, in tiles that overlap (`enable_vae_tiling` of diffusers, `VAE Decode (Tiled)` of ComfyUI).
        Tiles = "tiles",
    }
);

keyword!(
    /// How data-parallel replicas share what they hold (ZeRO stage; FSDP full shard is `zero3`).
    Sharding {
        /// Every replica holds everything.
        Ddp = "ddp",
        /// Optimizer states are sharded.
        Zero1 = "zero1",
        /// Gradients too.
        Zero2 = "zero2",
        /// Weights too.
        Zero3 = "zero3",
    }
);

keyword!(
    /// Named sets of layers that adapters attach to.
    LoraTargetSet {
        /// Query and value projections.
        AttentionQv = "attention-qv",
        /// All attention projections.
        Attention = "attention",
        /// Every linear layer of the blocks.
        AllLinear = "all-linear",
    }
);

keyword!(
    /// Link between cards.
    LinkKind {
        /// What the card has.
        Auto = "auto",
        /// PCI Express, through host memory where the card has no peer-to-peer.
        Pcie = "pcie",
        /// NVLink.
        Nvlink = "nvlink",
    }
);

/// Which layers adapters attach to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum LoraTargets {
    /// A named set.
    Set(LoraTargetSet),
    /// Module names (`q_proj`, `v_proj`, ...).
    Modules(Vec<String>),
}

/// Its names as a type of TypeScript, which JSON Schema has no word for.
#[cfg(feature = "schema")]
const OFFLOAD_IN_TYPESCRIPT: &str =
    "\"none\" | \"optimizer\" | \"optimizer-and-weights\" | \"companions\" | `layers:${number}` | `experts:${number}`";

/// What is kept in host memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String", extend("tsType" = OFFLOAD_IN_TYPESCRIPT)))]
pub enum Offload {
    /// Nothing.
    #[default]
    None,
    /// Gradients and optimizer states (ZeRO-Offload).
    Optimizer,
    /// Weights as well.
    OptimizerAndWeights,
    /// This many transformer layers run from host memory (`layers:N`, llama.cpp).
    Layers(u32),
    /// The routed experts of this many layers do, and whatever every token passes stays on the card (`experts:N`, llama.cpp).
    Experts(u32),
    /// Of the networks that make an image each waits in host memory for its turn (`enable_model_cpu_offload` of diffusers).
    Companions,
}

impl Offload {
    /// The part that so many layers are of all of their kind.
    pub(crate) fn part(layers: u32, all: f64) -> f64 {
        if all < 1.0 { 0.0 } else { (f64::from(layers) / all).min(1.0) }
    }
}

/// Adapter settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Lora {
    /// Rank of the adapters.
    pub rank: u64,
    /// Which layers.
    pub targets: LoraTargets,
    /// Dropout before the adapters; anything above zero keeps one more copy of each input.
    pub dropout: f64,
    /// Adapters kept in FP32 (PEFT's default) instead of the weights' precision.
    pub fp32_adapters: bool,
    /// Norms, embeddings and output layer cast to FP32 (PEFT's `prepare_model_for_kbit_training`).
    pub upcast: bool,
    /// Token embedding and output layer are trained in full besides (PEFT's `modules_to_save`).
    pub train_embeddings: bool,
}

/// Degrees of parallelism. The product of all but `expert` is the number of cards; experts are spread over cards that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parallel {
    /// How data-parallel replicas share.
    pub sharding: Sharding,
    /// Data-parallel replicas.
    pub data: u32,
    /// Tensor parallelism.
    pub tensor: u32,
    /// Pipeline stages.
    pub pipeline: u32,
    /// Groups of cards that hold different experts of a layer.
    pub expert: u32,
    /// Context (sequence) parallelism.
    pub context: u32,
}

impl Default for Parallel {
    fn default() -> Self {
        Self { sharding: Sharding::Ddp, data: 1, tensor: 1, pipeline: 1, expert: 1, context: 1 }
    }
}

impl Parallel {
    /// Cards with the same weights, experts apart: replicas, and those that share a context (Megatron
    /// counts both as its data-parallel group).
    #[must_use]
    pub fn replicas(&self) -> u32 {
        self.data.max(1).saturating_mul(self.context.max(1))
    }

    /// Of the degree of experts what lies across replicas. The rest lies among the cards that share a layer, where an expert is
    /// whole on one card instead of a slice on each: that changes who computes it and not how much a card holds.
    #[must_use]
    pub fn experts_across_replicas(&self) -> u32 {
        common_divisor(self.expert.max(1), self.replicas())
    }

    /// Cards that each hold a slice of an expert.
    #[must_use]
    pub fn expert_slices(&self) -> u32 {
        self.tensor.max(1) / (self.expert.max(1) / self.experts_across_replicas()).max(1)
    }
}

const fn common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// A complete recipe: nothing left open.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Number formats.
    pub precision: Precision,
    /// Optimizer.
    pub optimizer: Optimizer,
    /// How its step is executed.
    pub optimizer_kernel: OptimizerKernel,
    /// Sequences (or images, clips) per forward pass and card.
    pub micro_batch: u64,
    /// Forward/backward passes per optimizer step.
    pub gradient_accumulation: u64,
    /// Activation checkpointing.
    pub checkpointing: Checkpointing,
    /// Attention kernel.
    pub attention: AttentionKernel,
    /// Loss kernel.
    pub loss: LossKernel,
    /// Software.
    pub stack: Stack,
    /// Adapters (used by `lora` and `qlora`).
    pub lora: Lora,
    /// Storage of frozen or served weights.
    pub weights: WeightFormat,
    /// Storage of the key/value cache.
    pub kv_cache: CacheFormat,
    /// Decoding of images.
    pub vae_tiling: VaeTiling,
    /// Parallel plan.
    pub parallel: Parallel,
    /// Offload.
    pub offload: Offload,
}

impl Serialize for Offload {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl std::fmt::Display for Offload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Optimizer => f.write_str("optimizer"),
            Self::OptimizerAndWeights => f.write_str("optimizer-and-weights"),
            Self::Layers(count) => write!(f, "layers:{count}"),
            Self::Experts(count) => write!(f, "experts:{count}"),
            Self::Companions => f.write_str("companions"),
        }
    }
}

impl Offload {
    /// All names; where a number belongs to one, `N` stands for it.
    pub const NAMES: &'static [&'static str] =
        &["none", "optimizer", "optimizer-and-weights", "layers:N", "experts:N", "companions"];

    /// The offload of that name (`layers:12`).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::None),
            "optimizer" => Some(Self::Optimizer),
            "optimizer-and-weights" => Some(Self::OptimizerAndWeights),
            "companions" => Some(Self::Companions),
            _ => {
                let counted = |prefix| name.strip_prefix(prefix)?.parse().ok();
                counted("layers:").map(Self::Layers).or_else(|| counted("experts:").map(Self::Experts))
            }
        }
    }
}
