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
    /// What checkpointing keeps waits in host memory.
    pub offloads: bool,
    /// Kernel of the optimizer step.
    pub optimizer_kernel: &'static str,
    /// How the loss is computed.
    pub loss: &'static str,
    /// Texts that its beam search keeps.
    pub beams: u64,
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
    offloads: false,
    optimizer_kernel: "foreach",
    loss: "standard",
    beams: 1,
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
    offloads: true,
    loss: "chunked",
    rule: "Unsloth: checkpointing with block inputs in main memory (`use_gradient_checkpointing=\"unsloth\"`, as its notebooks and LLaMA-Factory ask for), loss in chunks",
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
    offloads: false,
    optimizer_kernel: "foreach",
    loss: "standard",
    beams: 1,
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
    offloads: false,
    optimizer_kernel: "fused",
    loss: "chunked",
    beams: 1,
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
    offloads: false,
    optimizer_kernel: "foreach",
    loss: "standard",
    beams: 1,
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
/// `beam_size` of `transcribe` in faster-whisper, and of the command line of whisper.cpp.
const FASTER_WHISPER: Framework = Framework { beams: 5, rule: "faster-whisper: beams of five, else as vLLM", ..VLLM };
const WHISPER_CPP: Framework = Framework { beams: 5, rule: "whisper.cpp: beams of five, else as llama.cpp", ..LLAMA_CPP };
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

/// Words in a framework's name, first match wins. Programs that nothing was measured with take the defaults of what they are built
/// on or do the same as: servers that batch and graph their launches those of vLLM, tuned pre-training code those of Megatron-LM.
const RULES: [(&str, Framework); 86] = [
    ("diffusers", DIFFUSERS),
    ("foak-fast-kernels-liger", FMS_LIGER),
    ("foak-liger", FMS_LIGER),
    ("foak", FMS_KERNELS),
    ("baseline-peft", FMS_BASELINE),
    ("fms-acceleration", FMS),
    ("unsloth", UNSLOTH),
    ("llama-factory", LLAMA_FACTORY),
    ("llamafactory", LLAMA_FACTORY),
    ("fsdp_qlora", FSDP_QLORA),
    ("litgpt", LITGPT),
    ("lit-gpt", LITGPT),
    ("lit-llama", LITGPT),
    ("torchtune", TORCHTUNE),
    ("torchtitan", TORCHTUNE),
    ("llm-foundry", MEGATRON),
    ("composer", MEGATRON),
    ("megatron", MEGATRON),
    ("gpt-neox", MEGATRON),
    ("deepspeed transformer", DEEPSPEED_KERNEL),
    ("deepspeed-mii", VLLM),
    ("deepspeed-inference", VLLM),
    ("deepspeed inference", VLLM),
    ("deepspeed", DEEPSPEED),
    ("colossal", DEEPSPEED),
    ("llama.cpp", LLAMA_CPP),
    ("llama-cpp", LLAMA_CPP),
    ("llama_cpp", LLAMA_CPP),
    ("llama-bench", LLAMA_CPP),
    ("llamafile", LLAMA_CPP),
    ("localscore", LLAMA_CPP),
    ("ollama", LLAMA_CPP),
    ("lm studio", LLAMA_CPP),
    ("lmstudio", LLAMA_CPP),
    ("gpt4all", LLAMA_CPP),
    ("whisper.cpp", WHISPER_CPP),
    ("vllm", VLLM),
    ("exllama", EXLLAMA),
    ("gpt-fast", VLLM),
    ("lmdeploy", VLLM),
    ("turbomind", VLLM),
    ("text-generation-inference", VLLM),
    ("tgi", VLLM),
    ("aphrodite", VLLM),
    ("fastertransformer", VLLM),
    ("faster-whisper", FASTER_WHISPER),
    ("faster_whisper", FASTER_WHISPER),
    ("ctranslate2", VLLM),
    ("mistral.rs", VLLM),
    ("powerinfer", LLAMA_CPP),
    ("onnx", TENSOR_RT),
    ("tensorrt", TENSOR_RT),
    ("trt-llm", TENSOR_RT),
    ("transformers", TRANSFORMERS),
    ("peft", TRANSFORMERS),
    ("hf trainer", TRANSFORMERS),
    ("swift", SWIFT),
    ("xtuner", LLAMA_FACTORY),
    ("gptq-for-llama", TRANSFORMERS),
    ("badam", TRANSFORMERS),
    ("1.13 + hf", TRANSFORMERS),
    ("pytorch", PYTORCH),
    ("deeplearningexamples", PYTORCH),
    ("nvidia dle", PYTORCH),
    ("nanogpt", PYTORCH),
    ("timm", PYTORCH),
    ("fairseq", PYTORCH),
    ("ultralytics", PYTORCH),
    ("detectron", PYTORCH),
    ("mmdetection", PYTORCH),
    ("nerfstudio", PYTORCH),
    ("llm.c", MEGATRON),
    ("flash-attn training", MEGATRON),
    ("flashattention", MEGATRON),
    ("nemo", MEGATRON),
    ("axolotl", TRANSFORMERS),
    ("trl", TRANSFORMERS),
    ("koboldcpp", LLAMA_CPP),
    ("ggml", LLAMA_CPP),
    ("sglang", VLLM),
    ("tabbyapi", EXLLAMA),
    ("mlc", VLLM),
    ("torchvision", PYTORCH),
    ("tensorflow", TENSORFLOW),
    ("mxnet", TENSORFLOW),
    ("jax", MEGATRON),
];

/// The defaults of a record's framework. Where none is known: plain PyTorch for networks that are no language models,
/// llama.cpp for its formats, else transformers.
pub fn of(record: &Record) -> Framework {
    if record.kind == Kind::TorchMemory {
        return COUNTED;
    }
    let name = record.lower("framework");
    let found = RULES.iter().find(|(word, _)| name.contains(word)).map_or_else(|| unnamed(record), |(_, framework)| *framework);
    if found.stack == PYTORCH.stack && record.lower("note").contains("no torch.compile") { UNCOMPILED } else { found }
}

fn unnamed(record: &Record) -> Framework {
    let precision = record.lower("precision");
    let blocks = ["q2_", "q3_", "q4_", "q5_", "q6_", "q8_", "iq", "gguf", "ggml"].iter().any(|start| precision.starts_with(start));
    match record.text("modality") {
        "vision" | "detection" | "tts" if record.kind == Kind::Speed => PYTORCH,
        _ if blocks => LLAMA_CPP,
        _ if precision.contains("bpw") => EXLLAMA,
        _ => TRANSFORMERS,
    }
}

/// The rules in words, each once.
pub fn rules() -> Vec<&'static str> {
    let mut rules: Vec<&str> = RULES.iter().map(|(_, framework)| framework.rule).chain([COUNTED.rule, UNCOMPILED.rule]).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}
