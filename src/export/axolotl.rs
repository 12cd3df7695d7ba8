//! Axolotl.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet};
use super::terms::{self, Quantised};
use super::{Format, trainer};
use crate::request::{JobKind, LossKernel, Optimizer, Precision};

/// Writes the configuration.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    sheet.note("run", &[("command", &format!("axolotl train {}", Format::Axolotl.file_name()))]);
    sheet.note("placeholders", &[("names", "base_model, datasets")]);
    sheet.set("base_model", terms::placeholder(setup));
    if setup.job.kind == JobKind::Pretrain {
        sheet.set("reinit_weights", true);
    }
    data(&mut sheet);
    if setup.adapters_only() {
        adapters(&mut sheet);
    }
    sheet.choose(Choice::MicroBatch, "micro_batch_size", setup.recipe.micro_batch);
    sheet.choose(Choice::Accumulation, "gradient_accumulation_steps", terms::accumulation(setup));
    sheet.choose(Choice::Tokens, "max_steps", terms::steps(setup));
    trainer::learning_rate(&mut sheet);
    optimizer(&mut sheet);
    precision(&mut sheet);
    trainer::checkpointing(&mut sheet);
    trainer::attention(&mut sheet, "attn_implementation");
    if setup.recipe.loss == LossKernel::Chunked {
        sheet.choose(Choice::Loss, "chunked_cross_entropy", true);
    } else {
        sheet.covers(Choice::Loss);
    }
    sharing(&mut sheet);
    sheet.finish(Dialect::Yaml)
}

fn data(sheet: &mut Sheet) {
    let setup = sheet.setup;
    sheet.open("datasets:", "");
    sheet.raw("- path: \"path/to/dataset\"");
    sheet.raw(if setup.job.kind == JobKind::Pretrain { "  type: completion" } else { "  type: chat_template" });
    sheet.close();
    sheet.set("output_dir", "whichcard-output");
    sheet.choose(Choice::Sequence, "sequence_len", setup.job.sequence_length);
    sheet.choose(Choice::Padding, "sample_packing", !setup.job.padded);
}

fn adapters(sheet: &mut Sheet) {
    let setup = sheet.setup;
    let lora = &setup.recipe.lora;
    let quantised = terms::quantised(setup);
    sheet.set("adapter", if matches!(quantised, Quantised::Nf4 { .. }) { "qlora" } else { "lora" });
    match quantised {
        Quantised::No => sheet.covers(Choice::Weights),
        Quantised::Int8 => sheet.choose(Choice::Weights, "load_in_8bit", true),
        Quantised::InCheckpoint => sheet.explain(Choice::Weights, "in-checkpoint", &[("weights", &Choice::Weights.value(setup))]),
        Quantised::Nf4 { double } => {
            sheet.choose(Choice::Weights, "load_in_4bit", true);
            sheet.open("bnb_config_kwargs:", "");
            sheet.set("bnb_4bit_use_double_quant", double);
            sheet.close();
        }
    }
    sheet.choose(Choice::LoraRank, "lora_r", lora.rank);
    sheet.set("lora_alpha", terms::lora_alpha(setup));
    sheet.note("starting-point", &[("settings", &format!("lora_alpha {}", terms::lora_alpha(setup)))]);
    sheet.choose(Choice::LoraDropout, "lora_dropout", lora.dropout);
    match terms::target_modules(setup) {
        Some(modules) => sheet.choose(Choice::LoraTargets, "lora_target_modules", modules),
        None => sheet.choose(Choice::LoraTargets, "lora_target_linear", true),
    }
    trainer::target_remarks(sheet);
    sheet.choose(Choice::LoraPrecision, "peft_autocast_adapter_dtype", lora.fp32_adapters);
    if !lora.upcast {
        sheet.covers(Choice::LoraUpcast);
    }
}

fn optimizer(sheet: &mut Sheet) {
    let setup = sheet.setup;
    let (name, by_hand) = terms::optimizer(setup);
    let name = if setup.recipe.optimizer == Optimizer::Muon { "muon" } else { name };
    sheet.choose(Choice::Optimizer, "optimizer", name);
    trainer::optimizer_by_hand(sheet, by_hand.filter(|_| setup.recipe.optimizer != Optimizer::Muon));
    if terms::kernel_settled(setup) {
        sheet.covers(Choice::OptimizerKernel);
    }
}

/// `bf16` and `fp16` are autocast, `bfloat16` and `float16` are not; weights are loaded in the same type either way.
fn precision(sheet: &mut Sheet) {
    let precision = sheet.setup.recipe.precision;
    match precision {
        Precision::Bf16Pure => {
            sheet.choose(Choice::Precision, "bfloat16", true);
            sheet.set("bf16", false);
        }
        Precision::Fp16Pure => {
            sheet.choose(Choice::Precision, "float16", true);
            sheet.set("bf16", false);
        }
        _ => {
            let numbers = terms::numbers(sheet.setup);
            sheet.choose(Choice::Precision, "bf16", numbers.bf16);
            sheet.set("fp16", numbers.fp16);
            if (numbers.bf16 || numbers.fp16) && !sheet.setup.adapters_only() && !terms::uses_deepspeed(sheet.setup) {
                sheet.note("axolotl-weights", &[]);
            }
        }
    }
    match precision {
        Precision::Fp32 | Precision::Tf32 => sheet.set("tf32", precision == Precision::Tf32),
        Precision::Fp8 => sheet.set("fp8", true),
        _ => {}
    }
}

fn sharing(sheet: &mut Sheet) {
    let setup = sheet.setup;
    let parallel = setup.recipe.parallel;
    sheet.covers(Choice::Data);
    if terms::uses_deepspeed(setup) {
        sheet.choose(Choice::Sharding, "deepspeed", Format::Deepspeed.file_name());
        if terms::offloads_training(setup) {
            sheet.covers(Choice::Offload);
        }
    } else if terms::shards(setup) {
        sheet.set("fsdp_version", 2_u64);
        sheet.open("fsdp_config:", "");
        sheet.choose(Choice::Sharding, "reshard_after_forward", true);
        sheet.set("offload_params", false);
        sheet.set("cpu_ram_efficient_loading", true);
        sheet.set("auto_wrap_policy", "TRANSFORMER_BASED_WRAP");
        sheet.set("state_dict_type", "FULL_STATE_DICT");
        sheet.close();
    } else {
        sheet.covers(Choice::Sharding);
    }
    if parallel.tensor > 1 {
        sheet.choose(Choice::Tensor, "tensor_parallel_size", parallel.tensor);
    }
    if parallel.context > 1 {
        sheet.choose(Choice::Context, "context_parallel_size", parallel.context);
    }
}
