//! Hugging Face Accelerate: how several cards, or a card and its host, share a training.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet};
use super::{Format, machines, terms, trainer};
use crate::request::{Checkpointing, JobKind, Offload, Precision, Sharding};

/// Writes the configuration.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    sheet.note("run", &[("command", &format!("accelerate launch --config_file {} train.py", Format::Accelerate.file_name()))]);
    sheet.note("accelerate-rest", &[]);
    sheet.set("compute_environment", "LOCAL_MACHINE");
    let kind = match (terms::uses_deepspeed(setup), terms::shards(setup), setup.rig.count > 1) {
        (true, _, _) => "DEEPSPEED",
        (false, true, _) => "FSDP",
        (false, false, true) => "MULTI_GPU",
        (false, false, false) => "NO",
    };
    sheet.set("distributed_type", kind);
    sheet.choose(Choice::Data, "num_processes", setup.rig.count);
    several_machines(&mut sheet);
    sheet.set("use_cpu", false);
    if terms::deepspeed_pure(setup) {
        deepspeed_file(&mut sheet);
    } else {
        sheet.choose(Choice::Precision, "mixed_precision", mixed_precision(&sheet));
    }
    match kind {
        "DEEPSPEED" if terms::deepspeed_pure(setup) => {}
        "DEEPSPEED" => deepspeed(&mut sheet),
        "FSDP" => fsdp(&mut sheet),
        _ => sheet.covers(Choice::Sharding),
    }
    parallel(&mut sheet);
    elsewhere(&mut sheet);
    sheet.finish(Dialect::Yaml)
}

fn several_machines(sheet: &mut Sheet) {
    let count = sheet.setup.rig.machines();
    sheet.set("num_machines", count);
    sheet.set("machine_rank", 0_u64);
    if count > 1 {
        sheet.set("main_process_ip", machines::MAIN_ADDRESS);
        sheet.set("main_process_port", machines::PORT);
        sheet.note("machines-accelerate", &[("count", &count.to_string())]);
    }
}

fn mixed_precision(sheet: &Sheet) -> &'static str {
    let numbers = terms::numbers(sheet.setup);
    match (sheet.setup.recipe.precision, numbers.bf16, numbers.fp16) {
        (Precision::Fp8, ..) => "fp8",
        (_, true, _) => "bf16",
        (_, _, true) => "fp16",
        _ => "no",
    }
}

fn deepspeed(sheet: &mut Sheet) {
    terms::deepspeed_remarks(sheet, false);
    let setup = sheet.setup;
    let stage = terms::zero_stage(setup);
    let device = |offloaded: bool| if offloaded { "cpu" } else { "none" };
    sheet.open("deepspeed_config:", "");
    sheet.choose(Choice::Sharding, "zero_stage", stage);
    sheet.choose(Choice::Offload, "offload_optimizer_device", device(terms::offloads_training(setup)));
    sheet.set("offload_param_device", device(setup.recipe.offload == Offload::OptimizerAndWeights));
    sheet.accumulate("gradient_accumulation_steps");
    sheet.set("zero3_init_flag", stage == 3);
    if stage == 3 {
        sheet.set("zero3_save_16bit_model", true);
    }
    sheet.close();
}

/// Weights and optimizer states in BF16 alone are a matter of DeepSpeed's own file. Beside that Accelerate refuses number formats,
/// stage, offload and accumulation of its own.
fn deepspeed_file(sheet: &mut Sheet) {
    terms::deepspeed_remarks(sheet, true);
    sheet.open("deepspeed_config:", "");
    sheet.choose(Choice::Precision, "deepspeed_config_file", Format::Deepspeed.file_name());
    sheet.set("zero3_init_flag", terms::zero_stage(sheet.setup) == 3);
    sheet.close();
    for choice in [Choice::Sharding, Choice::Offload, Choice::Accumulation] {
        sheet.covers(choice);
    }
    sheet.note("deepspeed-beside", &[("file", Format::Deepspeed.file_name())]);
}

fn fsdp(sheet: &mut Sheet) {
    let setup = sheet.setup;
    let recomputes = setup.recipe.checkpointing != Checkpointing::None;
    let offloads = terms::fsdp_offloads(setup);
    sheet.open("fsdp_config:", "");
    if offloads {
        // As PEFT's guide to QLoRA has it: the first version sends on what rank 0 alone has loaded and quantised.
        sheet.set("fsdp_version", 1_u64);
        sheet.choose(Choice::Sharding, "fsdp_sharding_strategy", "FULL_SHARD");
        sheet.choose(Choice::Offload, "fsdp_offload_params", true);
        sheet.set("fsdp_sync_module_states", true);
        sheet.set("fsdp_use_orig_params", false);
    } else {
        sheet.set("fsdp_version", 2_u64);
        sheet.choose(Choice::Sharding, "fsdp_reshard_after_forward", setup.recipe.parallel.sharding == Sharding::Zero3);
        sheet.set("fsdp_offload_params", false);
    }
    sheet.set("fsdp_auto_wrap_policy", "TRANSFORMER_BASED_WRAP");
    sheet.set("fsdp_state_dict_type", "SHARDED_STATE_DICT");
    // Under the second, each card quantises its own copy while loading.
    let sent_on = setup.job.kind != JobKind::Pretrain && (offloads || !terms::by_bitsandbytes(setup));
    sheet.set("fsdp_cpu_ram_efficient_loading", sent_on);
    // The trainer recomputes; to do it here as well would do it twice.
    sheet.set("fsdp_activation_checkpointing", false);
    sheet.close();
    if recomputes {
        sheet.note("checkpointing-in-trainer", &[]);
    }
}

/// Slices and context parallelism are FSDP2's companions here, and stages have no place.
fn parallel(sheet: &mut Sheet) {
    let parallel = sheet.setup.recipe.parallel;
    trainer::whole_sequences(sheet);
    if !terms::has_mesh(sheet.setup) {
        return;
    }
    sheet.open("parallelism_config:", "");
    sheet.set("parallelism_config_dp_replicate_size", 1_u64);
    sheet.set("parallelism_config_dp_shard_size", parallel.data);
    if parallel.tensor > 1 {
        sheet.choose(Choice::Tensor, "parallelism_config_tp_size", parallel.tensor);
        sheet.note("tensor-load", &[("count", &parallel.tensor.to_string())]);
    }
    if parallel.context > 1 {
        sheet.choose(Choice::Context, "parallelism_config_cp_size", parallel.context);
    }
    sheet.close();
}

/// What the training script says, not this file.
fn elsewhere(sheet: &mut Sheet) {
    for choice in Choice::OF_SCRIPT.into_iter().chain([Choice::Optimizer, Choice::MicroBatch, Choice::Accumulation]) {
        sheet.covers(choice);
    }
}
