//! What software does: kinds of job, kernels, how it allocates and copies.

use super::{JobKind, Stack};

impl Stack {
    /// Whether it can keep the inputs of recomputed blocks in main memory: Unsloth's gradient checkpointing, torchtune's activation
    /// offloading.
    pub(crate) const fn keeps_inputs_on_host(self) -> bool {
        matches!(self, Self::Unsloth | Self::Torchtune)
    }

    /// Whether weights that cards share, or that wait in main memory, are read by one process of each machine and handed on. `DeepSpeed`
    /// has each process read its own part, and Lightning builds the model on the cards.
    pub(crate) const fn loads_in_one_process(self) -> bool {
        !matches!(self, Self::Deepspeed | Self::Litgpt)
    }

    /// Whether people do a kind of job with it. The software of laboratories only trains, servers and readers of finished files only run
    /// models; the rest does both.
    #[must_use]
    pub const fn suits(self, kind: JobKind) -> bool {
        match self {
            Self::Transformers | Self::Unsloth | Self::Torchtune | Self::Litgpt | Self::Deepspeed | Self::Pytorch => true,
            Self::Megatron => kind.trains(),
            Self::LlamaCpp | Self::Vllm | Self::Exllama | Self::TensorRt => !kind.trains(),
        }
    }

    /// Whether every operation of the model's code is a kernel of its own. Loops of training are compiled or bring kernels for it, but
    /// generate with the plain code of the model; what only serves has kernels of its own.
    #[must_use]
    pub const fn runs_eagerly(self, kind: JobKind) -> bool {
        match self {
            Self::Transformers | Self::Deepspeed => true,
            Self::Unsloth | Self::Torchtune | Self::Litgpt | Self::Megatron | Self::Pytorch => !kind.trains(),
            Self::LlamaCpp | Self::Vllm | Self::Exllama | Self::TensorRt => false,
        }
    }

    /// Whether all it will need is allocated while it loads, for the longest request, so that nothing is freed and asked for again.
    #[must_use]
    pub const fn allocates_ahead(self) -> bool {
        matches!(self, Self::LlamaCpp | Self::Exllama | Self::TensorRt)
    }

    /// Whether cards hand tensors to each other by plain copies, without buffers of collectives.
    #[must_use]
    pub const fn copies_between_cards(self) -> bool {
        matches!(self, Self::LlamaCpp | Self::Exllama)
    }

    /// Whether the stages of a model work on different batches at the same time where many requests are answered. vLLM keeps as many batches
    /// under way as there are stages (`max_concurrent_batches` of its executors, vllm-project/vllm pull request 32359); TensorRT-LLM divides
    /// a batch into as many (NVIDIA/TensorRT-LLM issue 1144).
    #[must_use]
    pub const fn fills_stages(self) -> bool {
        matches!(self, Self::Vllm | Self::TensorRt)
    }

    /// Tokens of prompts that the software reads in one pass, where it reads them in pieces.
    #[must_use]
    pub const fn tokens_at_once(self) -> Option<u64> {
        match self {
            // `n_ubatch`
            Self::LlamaCpp => Some(512),
            // `max_num_batched_tokens` of chunked prefill
            Self::Vllm | Self::TensorRt => Some(2048),
            // `max_chunk_size`
            Self::Exllama => Some(2048),
            _ => None,
        }
    }
}
