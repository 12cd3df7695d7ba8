//! Axolotl.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet};
use super::terms::{self, Quantised};
use super::{Format, machines, saving, trainer};
use crate::request::{JobKind, LossKernel, Optimizer, Precision, Sharding};

/// Writes the configuration.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    run(&mut sheet);
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
    sheet.accumulate("gradient_accumulation_steps");
    sheet.choose(Choice::Tokens, "max_steps", terms::steps(setup));
    saving::write(&mut sheet, trainer::SAVES);
    trainer::learning_rate(&mut sheet);
    optimizer(&mut sheet);
    precision(&mut sheet);
    trainer::checkpointing(&mut sheet);
    trainer::offloading(&mut sheet);
    attention(&mut sheet);
    if setup.recipe.loss == LossKernel::Chunked {
        sheet.choose(Choice::Loss, "chunked_cross_entropy", true);
    } else {
        sheet.covers(Choice::Loss);
    }
    sharing(&mut sheet);
    sheet.finish(Dialect::Yaml)
}

fn run(sheet: &mut Sheet) {
    let train = format!("axolotl train {}", Format::Axolotl.file_name());
    let several = sheet.setup.rig.machines() > 1;
    let launch = if several { format!("{train} --launcher torchrun -- {}", machines::torchrun_alike(sheet.setup)) } else { train };
    machines::run(sheet, &launch);
}

/// Ring attention is built on FlashAttention-2.
fn attention(sheet: &mut Sheet) {
    if sheet.setup.recipe.parallel.context > 1 && terms::has_mesh(sheet.setup) {
        sheet.choose(Choice::Attention, "attn_implementation", "flash_attention_2");
        sheet.note("axolotl-context", &[]);
    } else {
        trainer::attention(sheet, "attn_implementation");
    }
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
        Quantised::InCheckpoint => sheet.explain(Choice::Weights, "in-checkpoint", &[("weights", &sheet.words(Choice::Weights))]),
        Quantised::Nf4 { double } => {
            sheet.choose(Choice::Weights, "load_in_4bit", true);
            sheet.open("bnb_config_kwargs:", "");
            sheet.set("bnb_4bit_use_double_quant", double);
            sheet.close();
        }
    }
    let experts = terms::leaves_experts(setup);
    if experts {
        sheet.set("quantize_moe_experts", true);
        sheet.note("experts-quantised", &[]);
    }
    sheet.choose(Choice::LoraRank, "lora_r", lora.rank);
    sheet.set("lora_alpha", terms::lora_alpha(setup));
    sheet.note("starting-point", &[("settings", &format!("lora_alpha {}", terms::lora_alpha(setup)))]);
    sheet.choose(Choice::LoraDropout, "lora_dropout", lora.dropout);
    match terms::target_modules(setup).or_else(|| terms::unseen_linear(setup)) {
        Some(modules) => sheet.choose(Choice::LoraTargets, "lora_target_modules", modules),
        None => match terms::language_layers(setup) {
            Some(pattern) => sheet.choose(Choice::LoraTargets, "lora_target_modules", pattern),
            None => sheet.choose(Choice::LoraTargets, "lora_target_linear", true),
        },
    }
    if let Some(modules) = terms::trained_embeddings(setup) {
        sheet.choose(Choice::LoraEmbeddings, "lora_modules_to_save", modules);
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
    trainer::optimizer_of_torchao(sheet);
    trainer::optimizer_by_hand(sheet, by_hand.filter(|_| setup.recipe.optimizer != Optimizer::Muon));
    if terms::kernel_settled(setup) {
        sheet.covers(Choice::OptimizerKernel);
    }
}

/// `bf16` and `fp16` are autocast, `bfloat16` and `float16` are not; weights are loaded in the same type either way. What DeepSpeed
/// makes of them is in its own file.
fn precision(sheet: &mut Sheet) {
    let precision = sheet.setup.recipe.precision;
    let deepspeed = terms::uses_deepspeed(sheet.setup);
    if deepspeed {
        terms::deepspeed_remarks(sheet, true);
    }
    match precision {
        Precision::Bf16Pure if !deepspeed => {
            sheet.choose(Choice::Precision, "bfloat16", true);
            sheet.set("bf16", false);
        }
        Precision::Fp16Pure if !deepspeed => {
            sheet.choose(Choice::Precision, "float16", true);
            sheet.set("bf16", false);
        }
        _ => {
            let numbers = terms::numbers(sheet.setup);
            sheet.choose(Choice::Precision, "bf16", numbers.bf16);
            sheet.set("fp16", numbers.fp16);
            if (numbers.bf16 || numbers.fp16) && !sheet.setup.adapters_only() && !deepspeed {
                sheet.note("axolotl-weights", &[]);
            }
        }
    }
    match precision {
        Precision::Fp32 | Precision::Tf32 => sheet.set("tf32", precision == Precision::Tf32),
        Precision::Fp8 => {
            sheet.set("fp8", true);
            sheet.note("fp8", &[]);
        }
        _ => {}
    }
}

fn fsdp(sheet: &mut Sheet) {
    let setup = sheet.setup;
    if terms::fsdp_offloads(setup) {
        // As its example of 70B on two cards has it.
        sheet.set("fsdp_version", 1_u64);
        sheet.open("fsdp_config:", "");
        sheet.choose(Choice::Sharding, "sharding_strategy", "FULL_SHARD");
        sheet.choose(Choice::Offload, "offload_params", true);
        sheet.set("sync_module_states", true);
        sheet.set("use_orig_params", false);
        sheet.set("cpu_ram_efficient_loading", true);
    } else {
        sheet.set("fsdp_version", 2_u64);
        sheet.open("fsdp_config:", "");
        sheet.choose(Choice::Sharding, "reshard_after_forward", setup.recipe.parallel.sharding == Sharding::Zero3);
        sheet.set("offload_params", false);
        // Refused with weights in 4 bits: each card quantises its own copy while loading.
        sheet.set("cpu_ram_efficient_loading", terms::quantised(setup) == Quantised::No);
    }
    sheet.set("auto_wrap_policy", "TRANSFORMER_BASED_WRAP");
    sheet.set("state_dict_type", "FULL_STATE_DICT");
    sheet.close();
}

fn sharing(sheet: &mut Sheet) {
    let setup = sheet.setup;
    let parallel = setup.recipe.parallel;
    sheet.covers(Choice::Data);
    if terms::uses_deepspeed(setup) {
        sheet.choose(Choice::Sharding, "deepspeed", Format::Deepspeed.file_name());
        sheet.covers(Choice::Tensor);
        if terms::offloads_training(setup) {
            sheet.covers(Choice::Offload);
        }
    } else if terms::shards(setup) {
        fsdp(sheet);
    } else {
        sheet.covers(Choice::Sharding);
    }
    trainer::whole_sequences(sheet);
    if !terms::has_mesh(setup) {
        return;
    }
    if parallel.tensor > 1 {
        sheet.choose(Choice::Tensor, "tensor_parallel_size", parallel.tensor);
    }
    if parallel.context > 1 {
        sheet.choose(Choice::Context, "context_parallel_size", parallel.context);
    }
}
