//! LLaMA-Factory.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet};
use super::terms::{self, Quantised};
use super::{Format, machines, quote, saving, trainer};
use crate::request::{AttentionKernel, Checkpointing, JobKind, LossKernel, Optimizer, Precision, Setup, Stack};

/// Writes the configuration.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    let machines = setup.rig.machines();
    sheet.note("run", &[("command", &launch(setup))]);
    if machines > 1 && !by_fsdp(setup) {
        sheet.note("machines-command", &[("count", &machines.to_string())]);
    }
    sheet.note("placeholders", &[("names", "model_name_or_path, dataset, template")]);
    model(&mut sheet);
    method(&mut sheet);
    sheet.set("dataset", "name-in-dataset_info.json");
    sheet.set("template", "default");
    sheet.choose(Choice::Sequence, "cutoff_len", setup.job.sequence_length);
    sheet.choose(Choice::Padding, "packing", !setup.job.padded);
    sheet.set("output_dir", "whichcard-output");
    sheet.choose(Choice::MicroBatch, "per_device_train_batch_size", setup.recipe.micro_batch);
    sheet.accumulate("gradient_accumulation_steps");
    sheet.choose(Choice::Tokens, "max_steps", terms::steps(setup));
    saving::write(&mut sheet, trainer::SAVES);
    trainer::learning_rate(&mut sheet);
    optimizer(&mut sheet);
    precision(&mut sheet);
    sharing(&mut sheet);
    sheet.finish(Dialect::Yaml)
}

/// Its own command starts processes by torchrun, which knows nothing of Accelerate's file, where FSDP is said.
fn launch(setup: &Setup) -> String {
    let (machines, file) = (setup.rig.machines(), Format::LlamaFactory.file_name());
    if by_fsdp(setup) {
        return format!("accelerate launch --config_file {} --module llamafactory.launcher {file}", Format::Accelerate.file_name());
    }
    let torchrun = if terms::distributed(setup) { "FORCE_TORCHRUN=1 " } else { "" };
    let meeting =
        if machines > 1 { format!("NNODES={machines} NODE_RANK=0 MASTER_ADDR={} ", machines::MAIN_ADDRESS) } else { String::new() };
    format!("{torchrun}{meeting}llamafactory-cli train {file}")
}

fn model(sheet: &mut Sheet) {
    let setup = sheet.setup;
    sheet.set("model_name_or_path", terms::placeholder(setup));
    match terms::quantised(setup) {
        Quantised::No => sheet.covers(Choice::Weights),
        Quantised::InCheckpoint => sheet.explain(Choice::Weights, "in-checkpoint", &[("weights", &sheet.words(Choice::Weights))]),
        Quantised::Int8 => {
            sheet.choose(Choice::Weights, "quantization_bit", 8_u64);
            sheet.set("quantization_method", "bnb");
        }
        Quantised::Nf4 { double } => {
            sheet.choose(Choice::Weights, "quantization_bit", 4_u64);
            sheet.set("quantization_method", "bnb");
            sheet.set("quantization_type", "nf4");
            sheet.set("double_quantization", double);
        }
    }
    let kernel = match setup.recipe.attention {
        AttentionKernel::Eager => "disabled",
        AttentionKernel::Math | AttentionKernel::MemoryEfficient => "sdpa",
        AttentionKernel::Flash => "fa2",
    };
    sheet.choose(Choice::Attention, "flash_attn", kernel);
    trainer::attention_remark(sheet);
    sheet.choose(Choice::Checkpointing, "disable_gradient_checkpointing", setup.recipe.checkpointing == Checkpointing::None);
    match setup.recipe.checkpointing {
        Checkpointing::Selective => sheet.note("selective", &[]),
        // Unsloth's own way, also for models that it does not patch.
        Checkpointing::Host => sheet.set("use_unsloth_gc", true),
        Checkpointing::None | Checkpointing::Full => {}
    }
    let in_chunks = setup.recipe.loss == LossKernel::Chunked;
    sheet.choose(Choice::Loss, "enable_liger_kernel", in_chunks);
    if in_chunks {
        sheet.note("liger", &[]);
    }
    if setup.recipe.stack == Stack::Unsloth && setup.rig.count == 1 {
        sheet.set("use_unsloth", true);
    }
    if setup.job.kind == JobKind::Pretrain {
        sheet.set("train_from_scratch", true);
    }
}

fn method(sheet: &mut Sheet) {
    let setup = sheet.setup;
    sheet.set("stage", if setup.job.kind == JobKind::Pretrain { "pt" } else { "sft" });
    sheet.set("do_train", true);
    sheet.set("finetuning_type", if setup.adapters_only() { "lora" } else { "full" });
    if !setup.adapters_only() {
        return;
    }
    let lora = &setup.recipe.lora;
    sheet.choose(Choice::LoraRank, "lora_rank", lora.rank);
    sheet.set("lora_alpha", terms::lora_alpha(setup));
    sheet.note("starting-point", &[("settings", &format!("lora_alpha {}", terms::lora_alpha(setup)))]);
    sheet.choose(Choice::LoraDropout, "lora_dropout", lora.dropout);
    // Modules are one text here, with commas between them.
    let targets = terms::target_modules(setup).or_else(|| terms::unseen_linear(setup));
    let targets = targets.map_or_else(|| "all".to_owned(), |modules| quote::line(&modules.join(",")));
    sheet.choose(Choice::LoraTargets, "lora_target", targets);
    if let Some(modules) = terms::trained_embeddings(setup) {
        sheet.choose(Choice::LoraEmbeddings, "additional_target", modules.join(","));
    }
    trainer::target_remarks(sheet);
    sheet.choose(Choice::LoraUpcast, "upcast_layernorm", lora.upcast);
    // Trained weights are cast to FP32 unless `pure_bf16` says otherwise.
    if lora.fp32_adapters == (setup.recipe.precision == Precision::Bf16Pure) {
        sheet.explain(Choice::LoraPrecision, if lora.fp32_adapters { "adapters-bf16" } else { "adapters-fp32" }, &[]);
    } else {
        sheet.covers(Choice::LoraPrecision);
    }
}

fn optimizer(sheet: &mut Sheet) {
    if sheet.setup.recipe.optimizer == Optimizer::Muon {
        sheet.choose(Choice::Optimizer, "use_muon", true);
    } else {
        trainer::optimizer(sheet);
    }
}

fn precision(sheet: &mut Sheet) {
    let precision = sheet.setup.recipe.precision;
    let numbers = terms::numbers(sheet.setup);
    let sharded = by_deepspeed(sheet.setup);
    // It refuses `pure_bf16` with ZeRO-3, and DeepSpeed's file says what is kept in BF16.
    if precision == Precision::Bf16Pure && !sharded {
        sheet.choose(Choice::Precision, "pure_bf16", true);
        return;
    }
    if sharded {
        terms::deepspeed_remarks(sheet, true);
    }
    sheet.choose(Choice::Precision, "bf16", numbers.bf16 || precision == Precision::Bf16Pure);
    sheet.set("fp16", numbers.fp16);
    match precision {
        Precision::Fp32 | Precision::Tf32 => sheet.set("tf32", numbers.tf32),
        Precision::Fp8 => {
            sheet.set("fp8", true);
            sheet.note("fp8", &[]);
        }
        Precision::Bf16Master => trainer::precision_remarks(sheet),
        _ => {}
    }
}

/// It leaves every kind of sharing to DeepSpeed here, but for what that keeps FP32 copies of or cannot make in parts: weights in
/// BF16 alone, and quantised ones in main memory. Its examples of FSDP are launched by Accelerate.
pub(super) fn by_deepspeed(setup: &Setup) -> bool {
    terms::uses_deepspeed(setup) || terms::shards(setup) && !by_fsdp(setup)
}

fn by_fsdp(setup: &Setup) -> bool {
    let pure = setup.recipe.precision == Precision::Bf16Pure && !setup.adapters_only();
    terms::by_fsdp(setup) && !terms::has_mesh(setup) && (pure || terms::of_torchao(setup) || terms::fsdp_offloads(setup))
}

fn sharing(sheet: &mut Sheet) {
    if by_deepspeed(sheet.setup) {
        sheet.choose(Choice::Sharding, "deepspeed", Format::Deepspeed.file_name());
        sheet.covers(Choice::Tensor);
        if terms::offloads_training(sheet.setup) {
            sheet.covers(Choice::Offload);
        }
    } else if by_fsdp(sheet.setup) {
        trainer::shared_elsewhere(sheet);
    } else {
        sheet.covers(Choice::Sharding);
    }
    sheet.covers(Choice::Data);
}
