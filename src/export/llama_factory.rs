//! LLaMA-Factory.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet};
use super::terms::{self, Quantised};
use super::{Format, quote, trainer};
use crate::request::{AttentionKernel, Checkpointing, JobKind, LossKernel, Optimizer, Precision, Stack};

/// Writes the configuration.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    let launch = if terms::distributed(setup) {
        format!("FORCE_TORCHRUN=1 llamafactory-cli train {}", Format::LlamaFactory.file_name())
    } else {
        format!("llamafactory-cli train {}", Format::LlamaFactory.file_name())
    };
    sheet.note("run", &[("command", &launch)]);
    sheet.note("placeholders", &[("names", "model_name_or_path, dataset, template")]);
    model(&mut sheet);
    method(&mut sheet);
    sheet.set("dataset", "name-in-dataset_info.json");
    sheet.set("template", "default");
    sheet.choose(Choice::Sequence, "cutoff_len", setup.job.sequence_length);
    sheet.choose(Choice::Padding, "packing", !setup.job.padded);
    sheet.set("output_dir", "whichcard-output");
    sheet.choose(Choice::MicroBatch, "per_device_train_batch_size", setup.recipe.micro_batch);
    sheet.choose(Choice::Accumulation, "gradient_accumulation_steps", terms::accumulation(setup));
    sheet.choose(Choice::Tokens, "max_steps", terms::steps(setup));
    trainer::learning_rate(&mut sheet);
    optimizer(&mut sheet);
    precision(&mut sheet);
    sharing(&mut sheet);
    sheet.finish(Dialect::Yaml)
}

fn model(sheet: &mut Sheet) {
    let setup = sheet.setup;
    sheet.set("model_name_or_path", terms::placeholder(setup));
    match terms::quantised(setup) {
        Quantised::No => sheet.covers(Choice::Weights),
        Quantised::InCheckpoint => sheet.explain(Choice::Weights, "in-checkpoint", &[("weights", &Choice::Weights.value(setup))]),
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
    if setup.recipe.checkpointing == Checkpointing::Selective {
        sheet.note("selective", &[]);
    }
    sheet.choose(Choice::Loss, "enable_liger_kernel", setup.recipe.loss == LossKernel::Chunked);
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
    let targets = terms::target_modules(setup).map_or_else(|| "all".to_owned(), |modules| quote::line(&modules.join(",")));
    sheet.choose(Choice::LoraTargets, "lora_target", targets);
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
    if precision == Precision::Bf16Pure {
        sheet.choose(Choice::Precision, "pure_bf16", true);
        if terms::zero_stage(sheet.setup) == 3 {
            sheet.note("pure-zero3", &[]);
        }
        return;
    }
    sheet.choose(Choice::Precision, "bf16", numbers.bf16);
    sheet.set("fp16", numbers.fp16);
    match precision {
        Precision::Fp32 | Precision::Tf32 => sheet.set("tf32", numbers.tf32),
        Precision::Fp8 => sheet.set("fp8", true),
        Precision::Bf16Master => trainer::precision_remarks(sheet),
        _ => {}
    }
}

fn sharing(sheet: &mut Sheet) {
    if terms::uses_deepspeed(sheet.setup) || terms::shards(sheet.setup) {
        sheet.choose(Choice::Sharding, "deepspeed", Format::Deepspeed.file_name());
        if terms::offloads_training(sheet.setup) {
            sheet.covers(Choice::Offload);
        }
    } else {
        sheet.covers(Choice::Sharding);
    }
    sheet.covers(Choice::Data);
}
