//! A plan as a program runs it, where that takes more memory than planned: what a file has no setting for, the program decides by
//! itself, and the library's own estimate says whether the cards still have room for it.

use super::{Format, in_backward, llama_factory, megatron, terms, unsloth};
use crate::estimate::{Memory, Verdict, memory, whole_copy};
use crate::request::{
    AttentionKernel, Checkpointing, LossKernel, Offload, Optimizer, OptimizerKernel, Parallel, Precision, Setup, Sharding, Stack,
};
use crate::units::Bytes;

/// More than a card has.
pub(super) struct Excess {
    /// What each card needs.
    pub(super) needs: Bytes,
    /// What it has.
    pub(super) has: Bytes,
}

/// What a plan needs as a program runs it; `None` where that fits, and where the plan itself does not.
pub(super) fn excess(format: Format, setup: &Setup) -> Option<Excess> {
    let run = as_run(format, setup)?;
    let needed = memory(&run);
    (!fits(&needed) && fits(&memory(setup))).then_some(Excess { needs: needed.total, has: needed.capacity })
}

/// What weights need that a program puts on every card before any are shared, beside what CUDA itself takes there: quantised ones, and of
/// Unsloth those with experts.
pub(super) fn excess_of_loading(format: Format, setup: &Setup) -> Option<Excess> {
    let whole = terms::by_bitsandbytes(setup) || format == Format::Unsloth && unsloth::loads_experts(setup);
    if !(whole && terms::shares_weights(setup)) || never_whole(format, setup) {
        return None;
    }
    let (needs, planned) = (whole_copy(setup), memory(setup));
    (needs > planned.capacity && fits(&planned)).then_some(Excess { needs, has: planned.capacity })
}

fn fits(memory: &Memory) -> bool {
    memory.verdict != Verdict::DoesNotFit
}

/// Whether no card ever holds all of the weights.
fn never_whole(format: Format, setup: &Setup) -> bool {
    match format {
        Format::Trl | Format::Peft | Format::Transformers => terms::loads_in_main_memory(setup),
        Format::LlamaFactory | Format::Axolotl | Format::Unsloth | Format::Deepspeed => false,
        // torchtune quantises what it has shared already.
        _ => true,
    }
}

/// The plan as a program runs it; `None` where a program has no training of its own to do otherwise.
pub(super) fn as_run(format: Format, setup: &Setup) -> Option<Setup> {
    use Format::*;
    if !setup.trains() {
        return None;
    }
    let mut run = setup.clone();
    match format {
        Trl | Peft | LlamaFactory | Axolotl | Unsloth | Transformers | Deepspeed | Accelerate => by_trainer(format, &mut run),
        Torchtune => by_torchtune(&mut run),
        Megatron => by_megatron(&mut run),
        _ => return None,
    }
    Some(run)
}

/// The Trainer of transformers, and what is built on it.
fn by_trainer(format: Format, run: &mut Setup) {
    let by_deepspeed = match format {
        Format::Deepspeed => true,
        Format::LlamaFactory => llama_factory::by_deepspeed(run),
        _ => terms::uses_deepspeed(run),
    };
    if !by_deepspeed && terms::of_torchao(run) {
        // Its states are not paged.
        run.recipe.optimizer = Optimizer::Adamw8bit;
    }
    let cut = terms::has_mesh(run) && !matches!(format, Format::LlamaFactory | Format::Unsloth);
    let kept = match (by_deepspeed, cut) {
        (true, _) => Parallel { context: 1, pipeline: 1, expert: 1, ..run.recipe.parallel },
        (false, true) => Parallel { expert: 1, ..run.recipe.parallel },
        (false, false) => Parallel { tensor: 1, context: 1, pipeline: 1, expert: 1, ..run.recipe.parallel },
    };
    uncut(run, kept);
    if run.recipe.optimizer_kernel == OptimizerKernel::InBackward && !in_backward::written(format, run) {
        run.recipe.optimizer_kernel = OptimizerKernel::Fused;
    }
    if terms::without_flash(run) && format != Format::Unsloth {
        run.recipe.attention = AttentionKernel::Eager;
    }
    if !run.adapters_only() {
        run.recipe.precision = trained(format, run, by_deepspeed);
    }
}

/// Number formats of trained weights. DeepSpeed keeps FP32 copies of 16-bit ones, whose optimizer in main memory alone can do without;
/// elsewhere weights under autocast are FP32, but Axolotl's.
fn trained(format: Format, run: &Setup, by_deepspeed: bool) -> Precision {
    use Precision::*;
    match run.recipe.precision {
        precision @ (Fp32 | Tf32) => precision,
        Bf16Pure if by_deepspeed && terms::deepspeed_pure(run) => Bf16Pure,
        _ if by_deepspeed => Bf16Master,
        Bf16Autocast | Bf16Master | Fp16Autocast if format == Format::Axolotl => Bf16Pure,
        Bf16Master => Bf16Autocast,
        precision => precision,
    }
}

/// torchtune keeps weights in the format it computes in, shares more than some plans do, and steps inside the backward pass only
/// where no batches are added up.
fn by_torchtune(run: &mut Setup) {
    uncut(run, Parallel { tensor: 1, pipeline: 1, expert: 1, ..run.recipe.parallel });
    let several = run.rig.count > 1;
    let inside = run.accumulation() == 1 && !run.adapters_only();
    let recipe = &mut run.recipe;
    if recipe.optimizer_kernel == OptimizerKernel::InBackward && !inside {
        recipe.optimizer_kernel = OptimizerKernel::Foreach;
    }
    if recipe.optimizer == Optimizer::Muon {
        recipe.optimizer = Optimizer::Adamw;
    }
    if several && recipe.optimizer == Optimizer::PagedAdamw8bit {
        recipe.optimizer = Optimizer::Adamw8bit;
    }
    if several && recipe.parallel.sharding != Sharding::Zero3 {
        recipe.parallel.sharding = Sharding::Zero2;
    }
    if !several || recipe.offload == Offload::Optimizer {
        recipe.offload = Offload::None;
    }
    if matches!(recipe.precision, Precision::Bf16Autocast | Precision::Bf16Master) && !run.adapters_only() {
        run.recipe.precision = Precision::Bf16Pure;
    }
}

/// Megatron-LM has Adam with FP32 states beside FP32 copies of 16-bit weights, and keeps in main memory the optimizer at most.
fn by_megatron(run: &mut Setup) {
    let fsdp = megatron::has_fsdp(run);
    let recipe = &mut run.recipe;
    recipe.stack = Stack::Megatron;
    if recipe.precision != Precision::Fp32 {
        recipe.precision = Precision::Bf16Master;
    }
    if matches!(recipe.optimizer, Optimizer::Adamw8bit | Optimizer::PagedAdamw8bit | Optimizer::Adafactor) {
        recipe.optimizer = Optimizer::Adamw;
    }
    recipe.optimizer_kernel = OptimizerKernel::Fused;
    if recipe.loss == LossKernel::Chunked {
        recipe.loss = LossKernel::Standard;
    }
    if recipe.checkpointing == Checkpointing::Host {
        recipe.checkpointing = Checkpointing::Full;
    }
    if !fsdp && recipe.parallel.sharding != Sharding::Zero1 {
        recipe.parallel.sharding = Sharding::Ddp;
    }
    if !(fsdp && recipe.offload == Offload::Optimizer) {
        recipe.offload = Offload::None;
    }
}

/// Cards that should hold parts of a model or a sequence, and are replicas here; they add up fewer batches, so that the step stays.
fn uncut(run: &mut Setup, kept: Parallel) {
    let degree = |plan: Parallel| plan.tensor.max(1).saturating_mul(plan.pipeline.max(1)).saturating_mul(plan.context.max(1));
    let lost = degree(run.recipe.parallel) / degree(kept).max(1);
    run.recipe.parallel = Parallel { data: kept.data.saturating_mul(lost.max(1)), ..kept };
    run.recipe.gradient_accumulation = (run.recipe.gradient_accumulation / u64::from(lost.max(1))).max(1);
}
