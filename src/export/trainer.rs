//! What the transformers Trainer and TRL's `SFTConfig` are told, wherever they are used.

use super::choice::Choice;
use super::sheet::{Sheet, Value};
use super::{Format, in_backward, quote, saving, terms};
use crate::request::{AttentionKernel, Checkpointing, LoraTargets, LossKernel, Precision, Setup};

/// Rank, scale, dropout and layers of adapters, and layers trained beside them, in PEFT's `LoraConfig`.
pub(super) const OF_PEFT: [&str; 5] = ["r", "lora_alpha", "lora_dropout", "target_modules", "modules_to_save"];

/// The variables of a script: its model and its data.
pub(super) fn inputs(sheet: &mut Sheet) {
    sheet.raw(format!("MODEL = {}", quote::double(&terms::placeholder(sheet.setup))));
    sheet.raw("DATASET = \"path/to/dataset\"");
    sheet.raw("");
}

/// Whether a trainer's arguments stand before the model: only then do DeepSpeed and FSDP know, while its weights are loaded, that they will
/// be shared or moved. Otherwise each card, or main memory for each, holds all of them first.
fn arguments_first(setup: &Setup) -> bool {
    let by_deepspeed = terms::uses_deepspeed(setup) && terms::zero_stage(setup) == 3;
    (by_deepspeed || terms::by_fsdp(setup)) && !terms::by_bitsandbytes(setup)
}

/// A trainer's arguments, where they come first: whether they did.
pub(super) fn beginning(sheet: &mut Sheet, arguments: &str, say: impl FnOnce(&mut Sheet)) -> bool {
    let first = arguments_first(sheet.setup);
    if first {
        sheet.open(format!("args = {arguments}("), ")");
        say(sheet);
        sheet.close();
        sheet.note("arguments-first", &[]);
    }
    first
}

/// The end of a script: a trainer of a class, with arguments of theirs, unless they came first, and lines of what it takes besides, and the training.
pub(super) fn ending(
    sheet: &mut Sheet,
    [class, arguments]: [&str; 2],
    besides: impl IntoIterator<Item = String>,
    say: Option<impl FnOnce(&mut Sheet)>,
) {
    sheet.open(format!("trainer = {class}("), ")");
    sheet.set("model", Value::Code("model"));
    for line in besides {
        sheet.raw(line);
    }
    match say {
        Some(say) => {
            sheet.open(format!("args={arguments}("), "),");
            say(sheet);
            sheet.close();
        }
        None => sheet.raw("args=args,"),
    }
    sheet.set("train_dataset", Value::Code("load_dataset(DATASET, split=\"train\")"));
    sheet.close();
    if adds_up(sheet) {
        sheet.raw("trainer.model_accepts_loss_kwargs = False");
        sheet.note("loss-averaged", &[]);
    }
    sheet.raw("trainer.train()");
}

/// Whether the Trainer would add up losses of accumulated batches that it has to average: it asks whether a model takes a count of tokens to
/// divide by, and all do by now, though only decoders use it. A model of letters adds up in a batch, too.
fn adds_up(sheet: &Sheet) -> bool {
    sheet.format == Format::Transformers && sheet.setup.accumulation() > 1 && sheet.setup.model.family != "wav2vec2"
}

/// Arguments of `SFTConfig`, but for the loss, which patches of the model may replace.
pub(super) fn arguments(sheet: &mut Sheet) {
    training(sheet);
    texts(sheet);
}

/// How long texts are, and whether they are packed.
pub(super) fn texts(sheet: &mut Sheet) {
    let setup = sheet.setup;
    sheet.choose(Choice::Sequence, "max_length", setup.job.sequence_length);
    if cuts_sequences(sheet) {
        // Context parallelism drops the mask that keeps packed examples apart, so TRL refuses them together.
        sheet.set("packing", false);
        sheet.explain(Choice::Padding, "context-unpacked", &[]);
        return;
    }
    sheet.choose(Choice::Padding, "packing", !setup.job.padded);
    if !setup.job.padded && terms::attention_kernel(setup) != AttentionKernel::Flash {
        // The default strategy drops the mask between packed examples, which only FlashAttention's kernels can do without.
        sheet.set("packing_strategy", "wrapped");
    }
}

/// The interval of checkpoints and how many are kept, in `TrainingArguments` and what is built on it.
pub(super) const SAVES: [&str; 2] = ["save_steps", "save_total_limit"];

/// Arguments of `TrainingArguments`.
pub(super) fn training(sheet: &mut Sheet) {
    let setup = sheet.setup;
    sheet.set("output_dir", "whichcard-output");
    sheet.choose(Choice::MicroBatch, "per_device_train_batch_size", setup.recipe.micro_batch);
    sheet.accumulate("gradient_accumulation_steps");
    sheet.choose(Choice::Tokens, "max_steps", terms::steps(setup));
    saving::write(sheet, SAVES);
    if in_backward::of(sheet) {
        // Gradients are gone before all of them could be measured.
        sheet.set("max_grad_norm", 0.0);
    } else {
        learning_rate(sheet);
        optimizer(sheet);
    }
    precision(sheet);
    checkpointing(sheet);
}

/// The learning rate, marked as no part of the plan.
pub(super) fn learning_rate(sheet: &mut Sheet) {
    let rate = terms::learning_rate(sheet.setup.job.kind);
    sheet.set("learning_rate", rate);
    sheet.note("starting-point", &[("settings", &format!("learning_rate {rate}"))]);
}

/// The optimizer and how it runs.
pub(super) fn optimizer(sheet: &mut Sheet) {
    let setup = sheet.setup;
    let (name, by_hand) = terms::optimizer(setup);
    sheet.choose(Choice::Optimizer, "optim", name);
    optimizer_by_hand(sheet, by_hand);
    optimizer_of_torchao(sheet);
    if terms::kernel_settled(setup) {
        sheet.covers(Choice::OptimizerKernel);
    }
}

/// What transformers has no name for.
pub(super) fn optimizer_by_hand(sheet: &mut Sheet, by_hand: Option<&'static str>) {
    if let Some(optimizer) = by_hand {
        sheet.explain(Choice::Optimizer, "optimizer-by-hand", &[("optimizer", optimizer)]);
    }
}

/// What takes the place of the 8-bit optimizers of bitsandbytes.
pub(super) fn optimizer_of_torchao(sheet: &mut Sheet) {
    if terms::of_torchao(sheet.setup) {
        sheet.note("fsdp-torchao", &[]);
    }
}

/// Autocast and TF32.
fn precision(sheet: &mut Sheet) {
    let numbers = terms::numbers(sheet.setup);
    sheet.choose(Choice::Precision, "bf16", numbers.bf16);
    sheet.set("fp16", numbers.fp16);
    if matches!(sheet.setup.recipe.precision, Precision::Fp32 | Precision::Tf32) {
        sheet.set("tf32", numbers.tf32);
    }
    precision_remarks(sheet);
}

/// Where the Trainer does something near what was planned.
pub(super) fn precision_remarks(sheet: &mut Sheet) {
    match sheet.setup.recipe.precision {
        Precision::Bf16Master if !terms::uses_deepspeed(sheet.setup) && !sheet.setup.adapters_only() => sheet.note("master", &[]),
        Precision::Fp8 => sheet.note("fp8", &[]),
        _ => {}
    }
}

/// Activation checkpointing, which transformers does for whole blocks.
pub(super) fn checkpointing(sheet: &mut Sheet) {
    let chosen = sheet.setup.recipe.checkpointing;
    sheet.choose(Choice::Checkpointing, "gradient_checkpointing", chosen != Checkpointing::None);
    if chosen == Checkpointing::Selective {
        sheet.note("selective", &[]);
    }
}

/// Inputs of recomputed blocks in host memory, by TRL's name, which Axolotl shares.
pub(super) fn offloading(sheet: &mut Sheet) {
    if sheet.setup.recipe.checkpointing == Checkpointing::Host {
        sheet.set("activation_offloading", true);
    }
}

/// The trainer of TRL has one way: log-probabilities in chunks, straight from the hidden states.
pub(super) fn loss(sheet: &mut Sheet) {
    if sheet.setup.recipe.loss == LossKernel::Chunked {
        sheet.covers(Choice::Loss);
    } else {
        sheet.explain(Choice::Loss, "loss-in-chunks", &[("loss", &sheet.words(Choice::Loss))]);
    }
}

/// Whether each card holds a part of every sequence.
fn cuts_sequences(sheet: &Sheet) -> bool {
    sheet.setup.recipe.parallel.context > 1 && terms::has_mesh(sheet.setup)
}

/// The attention kernel, where a mask or an old card changes what it means.
pub(super) fn attention(sheet: &mut Sheet, key: &'static str) {
    if cuts_sequences(sheet) {
        sheet.choose(Choice::Attention, key, "sdpa");
        sheet.note("context-sdpa", &[]);
        return;
    }
    let kernel = sheet.setup.recipe.attention;
    if kernel == AttentionKernel::Flash && sheet.setup.model.family == "T5" {
        // Its biases of position are in no kernel of FlashAttention.
        sheet.choose(Choice::Attention, key, "sdpa");
        sheet.note("sdpa", &[]);
        return;
    }
    if terms::without_flash(sheet.setup) {
        sheet.choose(Choice::Attention, key, "eager");
        sheet.note("sinks-eager", &[]);
        return;
    }
    sheet.choose(Choice::Attention, key, terms::attention(kernel));
    attention_remark(sheet);
}

/// What else the kernel needs.
pub(super) fn attention_remark(sheet: &mut Sheet) {
    match sheet.setup.recipe.attention {
        AttentionKernel::Flash => sheet.note("flash-attention", &[]),
        AttentionKernel::Math | AttentionKernel::MemoryEfficient => sheet.note("sdpa", &[]),
        AttentionKernel::Eager => {}
    }
}

/// Rank, scale, dropout and layers of adapters, and layers trained beside them, under a program's names.
pub(super) fn adapters(
    sheet: &mut Sheet,
    [rank, alpha, dropout, targets, beside]: [&'static str; 5],
    all_linear: impl Into<Value>,
) {
    let setup = sheet.setup;
    sheet.choose(Choice::LoraRank, rank, setup.recipe.lora.rank);
    sheet.set(alpha, terms::lora_alpha(setup));
    sheet.choose(Choice::LoraDropout, dropout, setup.recipe.lora.dropout);
    let all = || terms::language_layers(setup).map_or_else(|| all_linear.into(), Value::from);
    let modules = match terms::target_modules(setup).as_deref() {
        None => all(),
        // The command takes a list of one for a pattern, which has to match whole names.
        Some([module]) if sheet.format == Format::Trl => Value::from(format!(r".*\.{module}")),
        Some(modules) => Value::from(modules.to_vec()),
    };
    sheet.choose(Choice::LoraTargets, targets, modules);
    if let Some(modules) = terms::trained_embeddings(setup) {
        sheet.choose(Choice::LoraEmbeddings, beside, modules);
    }
    target_remarks(sheet);
    sheet.note("starting-point", &[("settings", &format!("{alpha} {}", terms::lora_alpha(setup)))]);
}

/// A named set of layers that this family spells differently.
pub(super) fn target_remarks(sheet: &mut Sheet) {
    if let Some(why) = terms::named_because(sheet.setup) {
        sheet.note(why, &[]);
    }
    if let LoraTargets::Set(set) = &sheet.setup.recipe.lora.targets
        && *set != crate::request::LoraTargetSet::AllLinear
    {
        let known = terms::named_set(sheet.setup).is_some();
        sheet.note(if known { "targets" } else { "targets-unknown" }, &[("set", &sheet.words(Choice::LoraTargets))]);
    }
}

/// TRL keeps adapters of a model quantised by bitsandbytes in BF16 and the rest in FP32, whatever it is told.
pub(super) fn adapter_precision(sheet: &mut Sheet) {
    let by_bitsandbytes = terms::by_bitsandbytes(sheet.setup);
    if sheet.setup.recipe.lora.fp32_adapters == by_bitsandbytes {
        sheet.explain(Choice::LoraPrecision, if by_bitsandbytes { "adapters-bf16" } else { "adapters-fp32" }, &[]);
    } else {
        sheet.covers(Choice::LoraPrecision);
    }
}

/// Why each card holds whole sequences where the plan has parts of them.
pub(super) fn whole_sequences(sheet: &mut Sheet) {
    if sheet.setup.recipe.parallel.context > 1 && !terms::has_mesh(sheet.setup) {
        sheet.leave_uncut(Choice::Context, "context-beside-fsdp");
    }
}

/// How several cards share is said in another file.
pub(super) fn shared_elsewhere(sheet: &mut Sheet) {
    if terms::distributed(sheet.setup) {
        sheet.explain(Choice::Sharding, "accelerate-file", &[("file", Format::Accelerate.file_name())]);
        sheet.covers(Choice::Data);
        if terms::offloads_training(sheet.setup) {
            sheet.covers(Choice::Offload);
        }
    }
    whole_sequences(sheet);
    let parallel = sheet.setup.recipe.parallel;
    if terms::has_mesh(sheet.setup) {
        sheet.covers(Choice::Context);
        if parallel.tensor > 1 {
            sheet.explain(Choice::Tensor, "tensor-load", &[("count", &parallel.tensor.to_string())]);
        }
    }
    if terms::uses_deepspeed(sheet.setup) {
        terms::deepspeed_remarks(sheet, false);
    }
}
