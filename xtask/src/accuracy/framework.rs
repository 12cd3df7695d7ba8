//! What each framework did by default when it was measured: one rule per framework, never per record.

use super::record::{Kind, Record};

/// Defaults of a framework.
#[derive(Clone, Copy, Debug)]
pub struct Framework {
    /// Name in the request.
    pub stack: &'static str,
    /// 16-bit training means autocast (HF Trainer's `bf16=True`, apex) or pure 16-bit weights.
    pub autocast: bool,
    /// The same for adapters where weights are sharded (FSDP): its mixed precision keeps the stream in FP32.
    pub sharded_autocast: bool,
    /// Norms and embeddings are converted to FP32 before training over a base quantised by bitsandbytes
    /// (`prepare_model_for_kbit_training`, which leaves GPTQ and AWQ alone).
    pub upcast: bool,
    /// Dropout before the adapters.
    pub lora_dropout: f64,
    /// Samples of different lengths follow each other, not packed.
    pub unpacked: bool,
    /// LoRA adapters are kept in FP32.
    pub fp32_adapters: bool,
    /// Checkpointing where a record does not say.
    pub checkpoints: bool,
    /// Kernel of the optimizer step.
    pub optimizer_kernel: &'static str,
    /// How the loss is computed.
    pub loss: &'static str,
    /// The rule in words, for the report.
    pub rule: &'static str,
}

const TRANSFORMERS: Framework = Framework {
    stack: "transformers",
    autocast: true,
    sharded_autocast: true,
    upcast: true,
    lora_dropout: 0.05,
    unpacked: false,
    fp32_adapters: true,
    checkpoints: false,
    optimizer_kernel: "foreach",
    loss: "standard",
    rule: "HF Trainer, TRL, PEFT: 16-bit means autocast, FP32 adapters after dropout of 0.05, norms and embeddings over a bitsandbytes base in FP32, torch AdamW (foreach)",
};
const DIFFUSERS: Framework = Framework {
    stack: "transformers",
    rule: "diffusers: guidance, steps and text encoders of the model's own pipeline, attention by PyTorch's choice",
    ..PYTORCH
};
const FMS: Framework = Framework {
    autocast: false,
    sharded_autocast: true,
    upcast: false,
    lora_dropout: 0.0,
    rule: "fms-acceleration: pure 16-bit weights, FP32 adapters, under FSDP mixed precision",
    ..TRANSFORMERS
};
const FMS_BASELINE: Framework =
    Framework { upcast: true, rule: "fms-acceleration's baseline: norms and embeddings of a quantised base in FP32", ..FMS };
const FMS_KERNELS: Framework = Framework {
    stack: "unsloth",
    loss: "fused",
    rule: "fms-acceleration with fused kernels: as Unsloth, all logits at once",
    ..FMS
};
const FMS_LIGER: Framework = Framework { loss: "chunked", rule: "fms-acceleration with Liger: loss in chunks", ..FMS_KERNELS };
const UNSLOTH: Framework = Framework {
    stack: "unsloth",
    upcast: false,
    lora_dropout: 0.0,
    checkpoints: true,
    loss: "chunked",
    rule: "Unsloth: checkpointing, loss in chunks",
    ..TRANSFORMERS
};
const SWIFT: Framework = Framework {
    autocast: false,
    checkpoints: true,
    unpacked: true,
    rule: "SWIFT: as HF Trainer with weights in their released 16-bit format, checkpointing, samples not packed",
    ..TRANSFORMERS
};
const LLAMA_FACTORY: Framework = Framework {
    checkpoints: true,
    upcast: false,
    lora_dropout: 0.0,
    rule: "LLaMA-Factory: as HF Trainer with checkpointing",
    ..TRANSFORMERS
};
const FSDP_QLORA: Framework = Framework {
    autocast: false,
    sharded_autocast: false,
    upcast: false,
    lora_dropout: 0.1,
    unpacked: false,
    fp32_adapters: false,
    checkpoints: true,
    rule: "fsdp_qlora: 16-bit adapters after dropout of 0.1, checkpointing",
    ..TRANSFORMERS
};
const LITGPT: Framework = Framework {
    stack: "litgpt",
    autocast: false,
    sharded_autocast: false,
    upcast: false,
    lora_dropout: 0.05,
    unpacked: false,
    fp32_adapters: false,
    checkpoints: false,
    optimizer_kernel: "foreach",
    loss: "standard",
    rule: "LitGPT: pure 16-bit, adapters like the weights after dropout of 0.05, the logits of all chunks kept",
};
const TORCHTUNE: Framework = Framework {
    stack: "torchtune",
    autocast: false,
    sharded_autocast: false,
    upcast: false,
    lora_dropout: 0.0,
    unpacked: false,
    fp32_adapters: false,
    checkpoints: true,
    optimizer_kernel: "fused",
    loss: "chunked",
    rule: "torchtune: pure 16-bit, checkpointing, loss in chunks",
};
const PYTORCH: Framework = Framework {
    stack: "pytorch",
    autocast: true,
    sharded_autocast: true,
    upcast: false,
    lora_dropout: 0.0,
    unpacked: false,
    fp32_adapters: false,
    checkpoints: false,
    optimizer_kernel: "foreach",
    loss: "standard",
    rule: "plain PyTorch (DeepLearningExamples, Languini, timm, nanoGPT): autocast",
};
const UNCOMPILED: Framework = Framework {
    stack: "transformers",
    rule: "plain PyTorch that its source says ran without torch.compile: as transformers",
    ..PYTORCH
};
const TENSORFLOW: Framework = Framework { rule: "TensorFlow: code of its own, as plain PyTorch", ..PYTORCH };
const MEGATRON: Framework =
    Framework { stack: "megatron", optimizer_kernel: "fused", rule: "llm-foundry, Megatron-LM: fused kernels", ..PYTORCH };
const DEEPSPEED: Framework =
    Framework { stack: "deepspeed", optimizer_kernel: "fused", rule: "DeepSpeed: fused kernels", ..PYTORCH };
const DEEPSPEED_KERNEL: Framework =
    Framework { rule: "DeepSpeed transformer kernel: fused as in tuned pre-training code", ..MEGATRON };
const LLAMA_CPP: Framework = Framework { stack: "llama.cpp", rule: "llama.cpp", ..PYTORCH };
const VLLM: Framework = Framework { stack: "vllm", rule: "vLLM", ..PYTORCH };
const TENSOR_RT: Framework = Framework { stack: "tensorrt-llm", rule: "TensorRT-LLM", ..PYTORCH };
const EXLLAMA: Framework = Framework { stack: "exllama", rule: "ExLlama", ..PYTORCH };
const COUNTED: Framework = Framework {
    autocast: false,
    sharded_autocast: false,
    upcast: false,
    lora_dropout: 0.0,
    unpacked: false,
    fp32_adapters: false,
    rule: "transformers and PEFT with the stated number formats",
    ..TRANSFORMERS
};

/// Words in a framework's name, first match wins.
const RULES: [(&str, Framework); 45] = [
    ("diffusers", DIFFUSERS),
    ("foak-fast-kernels-liger", FMS_LIGER),
    ("foak-liger", FMS_LIGER),
    ("foak", FMS_KERNELS),
    ("baseline-peft", FMS_BASELINE),
    ("fms-acceleration", FMS),
    ("unsloth", UNSLOTH),
    ("llama-factory", LLAMA_FACTORY),
    ("fsdp_qlora", FSDP_QLORA),
    ("litgpt", LITGPT),
    ("torchtune", TORCHTUNE),
    ("llm-foundry", MEGATRON),
    ("megatron", MEGATRON),
    ("deepspeed transformer", DEEPSPEED_KERNEL),
    ("deepspeed", DEEPSPEED),
    ("llama.cpp", LLAMA_CPP),
    ("ollama", LLAMA_CPP),
    ("lm studio", LLAMA_CPP),
    ("vllm", VLLM),
    ("exllama", EXLLAMA),
    ("transformers", TRANSFORMERS),
    ("peft", TRANSFORMERS),
    ("hf trainer", TRANSFORMERS),
    ("swift", SWIFT),
    ("gptq-for-llama", TRANSFORMERS),
    ("badam", TRANSFORMERS),
    ("1.13 + hf", TRANSFORMERS),
    ("pytorch", PYTORCH),
    ("nvidia dle", PYTORCH),
    ("nanogpt", PYTORCH),
    ("llm.c", MEGATRON),
    ("flash-attn training", MEGATRON),
    ("flashattention", MEGATRON),
    ("nemo", MEGATRON),
    ("lit-gpt", LITGPT),
    ("axolotl", TRANSFORMERS),
    ("trl", TRANSFORMERS),
    ("koboldcpp", LLAMA_CPP),
    ("ggml", LLAMA_CPP),
    ("sglang", VLLM),
    ("tensorrt", TENSOR_RT),
    ("tabbyapi", EXLLAMA),
    ("mlc", VLLM),
    ("torchvision", PYTORCH),
    ("tensorflow", TENSORFLOW),
];

/// The defaults of a record's framework; transformers where none is named.
pub fn of(record: &Record) -> Framework {
    if record.kind == Kind::TorchMemory {
        return COUNTED;
    }
    let name = record.lower("framework");
    let found = RULES.iter().find(|(word, _)| name.contains(word)).map_or(TRANSFORMERS, |(_, framework)| *framework);
    if found.stack == PYTORCH.stack && record.lower("note").contains("no torch.compile") { UNCOMPILED } else { found }
}

/// The rules in words, each once.
pub fn rules() -> Vec<&'static str> {
    let mut rules: Vec<&str> = RULES.iter().map(|(_, framework)| framework.rule).chain([COUNTED.rule, UNCOMPILED.rule]).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}
