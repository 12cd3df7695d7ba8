//! What a request leaves open, by job, model and card: one default each. The order in which they depend on each other is told at
//! [`super::resolve::recipe`].

use super::dataset::pixel_side;
use super::{AttentionKernel, JobKind, Optimizer, OptimizerKernel, Precision, RecipeRequest, Rig, Stack, WeightFormat, runs};
use crate::card::Card;
use crate::model::{Category, Model, Network};

/// Sequences per pass where none are asked for, as the software that trains such models takes them by itself:
///
/// - images: torchvision's training references, 32 of those that are recognised and 2 of the larger ones in which things are found;
///   16 for YOLO (`cfg/default.yaml` of Ultralytics);
/// - encoders, encoder-decoders and speech below half a billion parameters: 8 (`TrainingArguments` of
///   transformers), where something is trained;
/// - voices that step through a clip, which many clips share: 64 (Tacotron 2, arXiv 1712.05884);
/// - the rest, of which one may fill a card: one.
pub(super) fn micro_batch(model: &Model, kind: JobKind) -> u64 {
    use Category::{Encoder, EncoderDecoder, SpeechRecognition, SpeechSynthesis, Vision};
    const RECOGNISED: f64 = 320.0;
    const SMALL: u64 = 500_000_000;
    let steps = matches!(&model.network, Network::Opaque(network) if network.sequential_steps > 1);
    match model.category {
        Vision if pixel_side(model) <= RECOGNISED => 32,
        Vision if model.family == "YOLO" => 16,
        Vision => 2,
        SpeechSynthesis if steps && kind != JobKind::Inference => 64,
        Encoder | EncoderDecoder | SpeechRecognition | SpeechSynthesis
            if kind != JobKind::Inference && model.parameters < SMALL =>
        {
            8
        }
        _ => 1,
    }
}

/// Whether software trains a model with eager attention alone. The sinks of gpt-oss are in no kernel of PyTorch's (`_supports_sdpa` of
/// transformers is false), and the one build of FlashAttention 3 that takes them has no backward pass for them; Unsloth and Megatron-LM
/// have attention of their own.
pub(crate) fn trains_eagerly(model: &Model, stack: Stack) -> bool {
    let sinks = matches!(&model.network, Network::Transformer(stack) if stack.attention_sinks);
    sinks && !matches!(stack, Stack::Unsloth | Stack::Megatron)
}

/// The attention kernel a framework takes by itself, for a model that it trains, or runs.
pub(crate) fn attention(model: &Model, card: &Card, precision: Precision, training: Option<Stack>) -> AttentionKernel {
    let soft_capped = matches!(&model.network, Network::Transformer(stack) if stack.soft_capped);
    let eager = soft_capped || training.is_some_and(|stack| trains_eagerly(model, stack));
    match (eager, card.features().flash_attention, precision) {
        (true, _, _) => AttentionKernel::Eager,
        (false, true, precision) if !matches!(precision, Precision::Fp32 | Precision::Tf32) => AttentionKernel::Flash,
        _ => AttentionKernel::MemoryEfficient,
    }
}

/// torchtune's configurations with paged states update inside the backward pass; plain loops use PyTorch's default.
pub(super) const fn optimizer_kernel(stack: Stack, optimizer: Optimizer) -> OptimizerKernel {
    match stack {
        Stack::Torchtune if matches!(optimizer, Optimizer::PagedAdamw8bit) => OptimizerKernel::InBackward,
        Stack::Pytorch | Stack::Litgpt => OptimizerKernel::Foreach,
        _ => OptimizerKernel::Fused,
    }
}

/// llama.cpp runs experts of four bits on every card, and faster than transformers does. Weights in NVFP4 are made for servers.
pub(super) const fn stack(weights: WeightFormat, kind: JobKind) -> Stack {
    if matches!(weights, WeightFormat::Nvfp4) && !kind.trains() {
        return Stack::Vllm;
    }
    let files = weights.is_gguf() || weights.is_of_experts();
    if files && !kind.trains() { Stack::LlamaCpp } else { Stack::Transformers }
}

pub(super) fn weights(written: &RecipeRequest, kind: JobKind, model: &Model, rig: &Rig) -> WeightFormat {
    let released = || {
        let own = model.released_weights?;
        let stack = written.stack.unwrap_or_else(|| stack(own, kind));
        // Of formats of checkpoints llama.cpp's files have these.
        let has = stack != Stack::LlamaCpp || own.is_of_experts() || own.is_gguf();
        (has && runs(own, stack, &rig.card)).then_some(own)
    };
    if kind == JobKind::Inference
        && written.precision.is_none()
        && let Some(own) = released()
    {
        return own;
    }
    match kind {
        JobKind::Qlora => WeightFormat::Nf4,
        _ if matches!(written.precision, Some(Precision::Fp32 | Precision::Tf32)) => WeightFormat::Fp32,
        _ if rig.card.features().bf16 => WeightFormat::Bf16,
        _ => WeightFormat::Fp16,
    }
}

pub(super) fn precision(kind: JobKind, model: &Model, rig: &Rig) -> Precision {
    let can = rig.card.features();
    match kind {
        JobKind::Inference if can.bf16 => Precision::Bf16Pure,
        JobKind::Inference => Precision::Fp16Pure,
        JobKind::Lora | JobKind::Qlora if can.bf16 => Precision::Bf16Autocast,
        JobKind::Lora | JobKind::Qlora => Precision::Fp16Autocast,
        _ if model.category.trains_one_way() => Precision::Fp32,
        _ if can.bf16 && model.parameters >= 2_000_000_000 => Precision::Bf16Pure,
        _ if can.bf16 => Precision::Bf16Autocast,
        _ if can.tensor_cores => Precision::Fp16Autocast,
        _ => Precision::Fp32,
    }
}
