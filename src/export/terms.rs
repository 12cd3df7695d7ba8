//! The plan in the terms Hugging Face programs share.

use super::choice::Choice;
use super::sheet::Sheet;
use crate::request::defaults;
use crate::request::{
    AttentionKernel, JobKind, Offload, Optimizer, OptimizerKernel, Precision, Setup, Sharding, Stack, WeightFormat,
};
use crate::units::real;

pub(super) use super::stored::{Quantised, by_bitsandbytes, leaves_experts, loader, quantised};
pub(super) use super::targets::{language_layers, named_because, named_set, target_modules, trained_embeddings, unseen_linear};

/// Number formats as PyTorch and the Trainer name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    /// The type weights are loaded in.
    pub(super) dtype: &'static str,
    /// Autocast to BF16, or DeepSpeed's BF16.
    pub(super) bf16: bool,
    /// Autocast to FP16, or DeepSpeed's FP16.
    pub(super) fp16: bool,
    /// TF32 products.
    pub(super) tf32: bool,
}

/// Frozen weights are loaded in the type they are stored in; trained weights under autocast are FP32. FP32 master copies of BF16
/// weights are DeepSpeed's way of working; elsewhere the weights themselves are kept in FP32.
pub(super) fn numbers(setup: &Setup) -> Numbers {
    use Precision::*;
    let frozen = setup.adapters_only();
    let stored = match setup.recipe.weights {
        WeightFormat::Fp32 => "float32",
        WeightFormat::Fp16 => "float16",
        _ => "bfloat16",
    };
    let precision = setup.recipe.precision;
    let dtype = match precision {
        Fp32 | Tf32 => "float32",
        Fp16Pure => "float16",
        Bf16Pure => "bfloat16",
        Fp16Autocast if frozen => "float16",
        Bf16Autocast | Bf16Master | Fp8 if frozen => stored,
        Bf16Master | Fp8 if uses_deepspeed(setup) => "bfloat16",
        Fp16Autocast | Bf16Autocast | Bf16Master | Fp8 => "float32",
    };
    Numbers {
        dtype,
        bf16: matches!(precision, Bf16Autocast | Bf16Master | Fp8) || (precision == Bf16Pure && uses_deepspeed(setup)),
        fp16: precision == Fp16Autocast || (precision == Fp16Pure && uses_deepspeed(setup)),
        tf32: precision == Tf32,
    }
}

/// The type a model runs in.
pub(super) const fn served(setup: &Setup) -> &'static str {
    match setup.recipe.precision {
        Precision::Fp32 | Precision::Tf32 => "float32",
        Precision::Fp16Autocast | Precision::Fp16Pure => "float16",
        Precision::Bf16Autocast | Precision::Bf16Pure | Precision::Bf16Master | Precision::Fp8 => "bfloat16",
    }
}

/// Whether more than one process works on the weights, or DeepSpeed is needed for one.
pub(super) fn distributed(setup: &Setup) -> bool {
    setup.rig.count > 1 || uses_deepspeed(setup)
}

/// Whether replicas share what they hold.
pub(super) fn shards(setup: &Setup) -> bool {
    setup.recipe.parallel.sharding != Sharding::Ddp
}

/// ZeRO-1, ZeRO-2, offload and FP32 master copies are DeepSpeed's; ZeRO-3 alone is FSDP's full shard, unless the optimizer cannot
/// update what FSDP shards. BF16 alone is FSDP's under ZeRO-2 too, since DeepSpeed keeps FP32 copies of it.
pub(super) fn uses_deepspeed(setup: &Setup) -> bool {
    let recipe = &setup.recipe;
    let updates = recipe.optimizer != Optimizer::Lion;
    let pure = recipe.precision == Precision::Bf16Pure && !setup.adapters_only() && updates;
    let by_stage = match recipe.parallel.sharding {
        Sharding::Zero1 => true,
        Sharding::Zero2 => !pure,
        Sharding::Zero3 => !fsdp_offloads(setup) && (recipe.precision == Precision::Bf16Master || !updates),
        Sharding::Ddp => false,
    };
    by_stage || offloads_training(setup) && !fsdp_offloads(setup) || recipe.stack == Stack::Deepspeed
}

/// Whether FSDP shares what replicas hold.
pub(super) fn by_fsdp(setup: &Setup) -> bool {
    setup.rig.count > 1 && shards(setup) && !uses_deepspeed(setup)
}

/// Whether replicas share their weights.
pub(super) fn shares_weights(setup: &Setup) -> bool {
    setup.recipe.parallel.sharding == Sharding::Zero3 && setup.recipe.parallel.replicas() > 1
}

/// Whether weights in four bits are made in main memory, from where FSDP shares them out: by itself transformers puts all of them on
/// every card first.
pub(super) fn loads_in_main_memory(setup: &Setup) -> bool {
    matches!(quantised(setup), Quantised::Nf4 { .. }) && by_fsdp(setup)
}

/// Whether an 8-bit AdamW is torchao's. The kernels of bitsandbytes take whole tensors: on what FSDP2 shards they end in an illegal
/// memory access (bitsandbytes #1633), while ZeRO hands them flat parts.
pub(super) fn of_torchao(setup: &Setup) -> bool {
    matches!(setup.recipe.optimizer, Optimizer::Adamw8bit | Optimizer::PagedAdamw8bit) && by_fsdp(setup) && !fsdp_offloads(setup)
}

/// Whether FSDP keeps frozen weights in main memory that bitsandbytes has quantised, as PEFT's guide and Answer.AI do it. The same
/// guide leaves them on the cards under ZeRO-3, which cannot make them in parts.
pub(super) fn fsdp_offloads(setup: &Setup) -> bool {
    setup.trains() && by_bitsandbytes(setup) && setup.recipe.offload == Offload::OptimizerAndWeights && setup.rig.count > 1
}

/// Whether Accelerate cuts the model or the sequences: beside FSDP2, with no stages.
pub(super) fn has_mesh(setup: &Setup) -> bool {
    let parallel = setup.recipe.parallel;
    (parallel.tensor > 1 || parallel.context > 1) && parallel.pipeline == 1 && shards(setup) && !uses_deepspeed(setup)
}

/// What becomes of number formats and optimizer under DeepSpeed, told by its own file or by Accelerate's. It keeps 16-bit weights
/// with FP32 copies of them: BF16 alone is for its optimizer in host memory, and autocast over FP32 weights is not what a trainer
/// of Hugging Face asks of it. Optimizers it does not know by name are replaced by its Adam in host memory.
pub(super) fn deepspeed_remarks(sheet: &mut Sheet, own_file: bool) {
    let setup = sheet.setup;
    let known = match setup.recipe.optimizer {
        Optimizer::Adamw | Optimizer::Lion => true,
        Optimizer::Sgd | Optimizer::SgdMomentum | Optimizer::Muon => own_file,
        Optimizer::Adamw8bit | Optimizer::PagedAdamw8bit | Optimizer::Adafactor => false,
    };
    if offloads_training(setup) && !known {
        sheet.note("deepspeed-adam", &[("optimizer", &sheet.words(Choice::Optimizer))]);
    }
    match setup.recipe.precision {
        _ if setup.adapters_only() => {}
        Precision::Bf16Autocast | Precision::Fp16Autocast => sheet.note("deepspeed-autocast", &[]),
        Precision::Bf16Pure if !deepspeed_pure(setup) => sheet.note("deepspeed-pure", &[]),
        _ => {}
    }
}

/// Whether DeepSpeed, by its own file (which Accelerate's then names), can keep weights and states in BF16 alone.
pub(super) fn deepspeed_pure(setup: &Setup) -> bool {
    setup.recipe.precision == Precision::Bf16Pure && offloads_training(setup) && setup.recipe.optimizer == Optimizer::Adamw
}

/// Whether optimizer states (and weights) live in host memory.
pub(super) fn offloads_training(setup: &Setup) -> bool {
    setup.trains() && matches!(setup.recipe.offload, Offload::Optimizer | Offload::OptimizerAndWeights)
}

/// ZeRO stage; offload needs one even on a single card, and moving weights needs the third.
pub(super) fn zero_stage(setup: &Setup) -> u32 {
    match (setup.recipe.parallel.sharding, setup.recipe.offload) {
        (Sharding::Zero3, _) | (_, Offload::OptimizerAndWeights) => 3,
        (Sharding::Zero2, _) | (_, Offload::Optimizer) => 2,
        (Sharding::Zero1, _) => 1,
        (Sharding::Ddp, _) => 0,
    }
}

/// Sequences of a step on all cards together.
pub(super) fn step(setup: &Setup) -> u64 {
    setup.accumulation().saturating_mul(setup.recipe.micro_batch).saturating_mul(u64::from(setup.recipe.parallel.data))
}

/// Optimizer steps of the job: tokens over the tokens of a step.
pub(super) fn steps(setup: &Setup) -> u64 {
    let tokens = step(setup).saturating_mul(setup.job.sequence_length);
    whole_up(setup.job.tokens.get() / real(tokens.max(1))).max(1)
}

/// Rounded up to a whole number; what is beyond 2^53 stays there.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the whole numbers a double holds exactly")]
pub(super) fn whole_up(value: f64) -> u64 {
    value.ceil().clamp(0.0, 9_007_199_254_740_992.0) as u64
}

/// A usual peak learning rate to start from (TRL's own examples for tuning); no choice of the plan.
pub(super) const fn learning_rate(kind: JobKind) -> f64 {
    match kind {
        JobKind::Pretrain => 0.0003,
        JobKind::Lora | JobKind::Qlora => 0.0002,
        JobKind::FullFinetune | JobKind::Inference => 0.00002,
    }
}

/// The usual scale of adapters, twice the rank; no choice of the plan.
pub(super) const fn lora_alpha(setup: &Setup) -> u64 {
    setup.recipe.lora.rank.saturating_mul(2)
}

/// The optimizer as transformers' `OptimizerNames` has it, and what has to be made by hand where it has no name there.
pub(super) fn optimizer(setup: &Setup) -> (&'static str, Option<&'static str>) {
    match (setup.recipe.optimizer, setup.recipe.optimizer_kernel) {
        (Optimizer::Adamw, OptimizerKernel::Foreach) => ("adamw_torch", None),
        (Optimizer::Adamw, _) => ("adamw_torch_fused", None),
        (Optimizer::Adamw8bit | Optimizer::PagedAdamw8bit, _) if of_torchao(setup) => ("adamw_torch_8bit", None),
        (Optimizer::Adamw8bit, _) => ("adamw_bnb_8bit", None),
        (Optimizer::PagedAdamw8bit, _) => ("paged_adamw_8bit", None),
        (Optimizer::Adafactor, _) => ("adafactor", None),
        (Optimizer::Sgd, _) => ("sgd", None),
        (Optimizer::SgdMomentum, _) => ("sgd", Some("torch.optim.SGD(momentum=0.9)")),
        (Optimizer::Lion, _) => ("lion_32bit", None),
        (Optimizer::Muon, _) => ("adamw_torch_fused", Some("torch.optim.Muon (matrices) + torch.optim.AdamW")),
    }
}

/// Whether the optimizer's name settles how it is executed: only PyTorch's AdamW has the choice, and nothing in transformers runs
/// it inside the backward pass.
pub(super) fn kernel_settled(setup: &Setup) -> bool {
    match setup.recipe.optimizer_kernel {
        OptimizerKernel::InBackward => false,
        OptimizerKernel::Fused => true,
        OptimizerKernel::Foreach => setup.recipe.optimizer == Optimizer::Adamw,
    }
}

/// Whether transformers can train a model with eager attention alone.
pub(super) fn without_flash(setup: &Setup) -> bool {
    setup.trains() && defaults::trains_eagerly(&setup.model, Stack::Transformers)
}

/// The attention kernel of transformers.
pub(super) fn attention_kernel(setup: &Setup) -> AttentionKernel {
    if without_flash(setup) { AttentionKernel::Eager } else { setup.recipe.attention }
}

/// `attn_implementation` of transformers.
pub(super) const fn attention(kernel: AttentionKernel) -> &'static str {
    match kernel {
        AttentionKernel::Eager => "eager",
        AttentionKernel::Math | AttentionKernel::MemoryEfficient => "sdpa",
        AttentionKernel::Flash => "flash_attention_2",
    }
}

/// Layers llama.cpp is asked to keep on the cards: it counts the output layer as one more, and `None` is all of them.
pub(super) fn layers_on_card(setup: &Setup) -> Option<u64> {
    match setup.recipe.offload {
        Offload::None | Offload::Optimizer | Offload::Experts(_) | Offload::Companions => None,
        Offload::OptimizerAndWeights => Some(0),
        Offload::Layers(moved) => match setup.model.layers().saturating_sub(u64::from(moved)) {
            0 => Some(0),
            kept => Some(kept + 1),
        },
    }
}

/// Text of a variable that stands for the model.
pub(super) fn placeholder(setup: &Setup) -> String {
    format!("path/to/{}", super::quote::line(&setup.model.id))
}
