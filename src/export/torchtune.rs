//! torchtune: a shipped configuration with the plan's overrides.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet, Value};
use super::terms::{self, Quantised};
use super::torchtune_configs::{SHIPPED, UNFUSED, of_model};
use super::{machines, quote, saving, trainer};
use crate::request::{
    Checkpointing, JobKind, LoraTargetSet, LoraTargets, LossKernel, Offload, Optimizer, OptimizerKernel, Precision, Setup, Sharding,
};

/// What to run: the recipe, and the configuration it starts from.
struct Recipe {
    name: &'static str,
    config: &'static str,
    /// The configuration is one of QLoRA already.
    quantised: bool,
}

/// Whether torchtune ships a configuration of this model for this kind of tuning, and computes in the planned numbers.
pub(super) fn applies(setup: &Setup) -> bool {
    let numbers = matches!(
        setup.recipe.precision,
        Precision::Bf16Pure | Precision::Bf16Autocast | Precision::Bf16Master | Precision::Fp32 | Precision::Tf32
    );
    let weights = matches!(terms::quantised(setup), Quantised::No | Quantised::Nf4 { .. });
    // bitsandbytes' Lion cannot update what FSDP2 shards, and torchao has none.
    let updates = setup.rig.count == 1 || setup.recipe.optimizer != Optimizer::Lion;
    numbers && weights && updates && recipe(setup).is_some()
}

fn recipe(setup: &Setup) -> Option<Recipe> {
    let model = of_model(&setup.model.id)?;
    let several = setup.rig.count > 1;
    let (name, kind) = match (setup.job.kind, several) {
        (JobKind::FullFinetune, false) => ("full_finetune_single_device", "full"),
        (JobKind::FullFinetune, true) => ("full_finetune_distributed", "full"),
        (JobKind::Lora | JobKind::Qlora, false) => ("lora_finetune_single_device", "lora"),
        (JobKind::Lora | JobKind::Qlora, true) => ("lora_finetune_distributed", "lora"),
        (JobKind::Pretrain | JobKind::Inference, _) => return None,
    };
    let device = if several { "" } else { "_single_device" };
    let shipped_as = |name: &str| SHIPPED.iter().copied().find(|config| *config == name);
    let shipped = |kind: &str| shipped_as(&format!("{model}_{kind}{device}"));
    if matches!(terms::quantised(setup), Quantised::Nf4 { .. })
        && let Some(config) = shipped("qlora")
    {
        return Some(Recipe { name, config, quantised: true });
    }
    // The older ones for all weights on one card are named after what they spare.
    let spare = || (kind == "full" && !several).then(|| shipped_as(&format!("{model}_full_low_memory")))?;
    Some(Recipe { name, config: shipped(kind).or_else(spare)?, quantised: false })
}

/// Writes the command.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    sheet.note("placeholders", &[("names", "MODEL_DIR, DATASET")]);
    sheet.note("torchtune-files", &[]);
    sheet.note("torchtune-source", &[]);
    sheet.note("sequences", &[("length", &crate::wording::count(setup.job.sequence_length))]);
    sheet.raw(format!("MODEL_DIR={}", quote::shell(&format!("directory of {}", quote::line(&setup.model.name)))));
    sheet.raw("DATASET='path/to/dataset'");
    machines::variables(&mut sheet);
    passes(&mut sheet);
    sheet.raw("");
    let processes = if setup.rig.count > 1 { machines::torchrun(&sheet) + " " } else { String::new() };
    let recipe = recipe(setup);
    let command = recipe.as_ref().map_or_else(String::new, |recipe| format!("{} --config {}", recipe.name, recipe.config));
    sheet.open(format!("tune run {processes}{command}"), "");
    sheet.set("checkpointer.checkpoint_dir", Value::Code("\"$MODEL_DIR\""));
    // The shipped configurations write below /tmp.
    sheet.set("output_dir", "whichcard-output");
    data(&mut sheet);
    steps(&mut sheet);
    saved(&mut sheet);
    numbers(&mut sheet);
    optimizer(&mut sheet, recipe.as_ref().is_some_and(|recipe| !UNFUSED.contains(&recipe.config)));
    recomputation(&mut sheet);
    if setup.adapters_only() {
        adapters(&mut sheet, recipe.is_some_and(|recipe| recipe.quantised));
    }
    if setup.rig.count > 1 {
        sharing(&mut sheet);
    }
    sheet.close();
    sheet.finish(Dialect::Overrides)
}

/// It counts passes over the data, each cut to so many steps at most: how many make the steps of the plan follows from how much
/// data there is, at first as much as one pass takes.
fn passes(sheet: &mut Sheet) {
    let (steps, step) = (terms::steps(sheet.setup), terms::step(sheet.setup));
    sheet.raw(format!("STEPS={steps}"));
    sheet.raw(format!("SEQUENCES={}", steps.saturating_mul(step)));
    sheet.raw(format!("PASS=$((SEQUENCES/{step}))"));
    sheet.raw("EPOCHS=$(((STEPS+PASS-1)/PASS))");
}

/// Conversations in place of Alpaca's tasks, which the shipped configurations learn, those for several cards for validation, too.
fn data(sheet: &mut Sheet) {
    for [component, source, column, style] in [
        ["dataset", "dataset.source", "dataset.conversation_column", "dataset.conversation_style"],
        ["dataset_val", "dataset_val.source", "dataset_val.conversation_column", "dataset_val.conversation_style"],
    ] {
        if component == "dataset" || sheet.setup.rig.count > 1 {
            sheet.set(component, "torchtune.datasets.chat_dataset");
            sheet.set(source, Value::Code("\"$DATASET\""));
            sheet.set(column, "messages");
            sheet.set(style, "openai");
        }
    }
    sheet.note("torchtune-data", &[]);
}

/// Checkpoints of adapters without the weights beside them, which the others of a plan do not keep either.
fn saved(sheet: &mut Sheet) {
    saving::write(sheet, ["save_every_n_steps", "checkpointer.keep_last_n_checkpoints"]);
    if sheet.setup.adapters_only() {
        sheet.set("save_adapter_weights_only", true);
        if sheet.setup.rig.count == 1 {
            sheet.note("torchtune-last-pass", &[]);
        }
    }
}

fn steps(sheet: &mut Sheet) {
    let setup = sheet.setup;
    sheet.choose(Choice::MicroBatch, "batch_size", setup.recipe.micro_batch);
    sheet.accumulate("gradient_accumulation_steps");
    sheet.set("epochs", Value::Code("\"$EPOCHS\""));
    sheet.choose(Choice::Tokens, "max_steps_per_epoch", Value::Code("\"$(((STEPS+EPOCHS-1)/EPOCHS))\""));
    sheet.choose(Choice::Sequence, "tokenizer.max_seq_len", setup.job.sequence_length);
    sheet.choose(Choice::Padding, "dataset.packed", !setup.job.padded);
    if setup.recipe.loss == LossKernel::Chunked {
        sheet.choose(Choice::Loss, "loss", "torchtune.modules.loss.LinearCrossEntropyLoss");
    }
}

fn numbers(sheet: &mut Sheet) {
    let precision = sheet.setup.recipe.precision;
    let single = matches!(precision, Precision::Fp32 | Precision::Tf32);
    sheet.choose(Choice::Precision, "dtype", if single { "fp32" } else { "bf16" });
    if matches!(precision, Precision::Bf16Autocast | Precision::Bf16Master) && !sheet.setup.adapters_only() {
        sheet.note("torchtune-pure", &[]);
    }
}

fn optimizer(sheet: &mut Sheet, fused: bool) {
    let setup = sheet.setup;
    // Its recipes for several cards shard with FSDP2, which torchao's optimizers are made for.
    let sharded = setup.rig.count > 1;
    let class = match setup.recipe.optimizer {
        Optimizer::Adamw => "torch.optim.AdamW",
        Optimizer::Adamw8bit | Optimizer::PagedAdamw8bit if sharded => "torchao.optim.AdamW8bit",
        Optimizer::Adamw8bit => "bitsandbytes.optim.AdamW8bit",
        Optimizer::PagedAdamw8bit => "bitsandbytes.optim.PagedAdamW8bit",
        Optimizer::Adafactor => "torch.optim.Adafactor",
        Optimizer::Sgd | Optimizer::SgdMomentum => "torch.optim.SGD",
        Optimizer::Lion => "bitsandbytes.optim.Lion",
        // PyTorch's takes matrices alone, and a recipe hands all weights to one optimizer.
        Optimizer::Muon => "torch.optim.AdamW",
    };
    if setup.recipe.optimizer == Optimizer::Muon {
        sheet.set("optimizer", class);
    } else {
        sheet.choose(Choice::Optimizer, "optimizer", class);
    }
    if sharded && matches!(setup.recipe.optimizer, Optimizer::Adamw8bit | Optimizer::PagedAdamw8bit) {
        sheet.note("fsdp-torchao", &[]);
    }
    let rate = terms::learning_rate(setup.job.kind);
    sheet.set("optimizer.lr", rate);
    sheet.note("starting-point", &[("settings", &format!("optimizer.lr {rate}"))]);
    if setup.recipe.optimizer == Optimizer::SgdMomentum {
        sheet.set("optimizer.momentum", 0.9);
    }
    if matches!(setup.recipe.optimizer, Optimizer::Adamw | Optimizer::Muon | Optimizer::Sgd | Optimizer::SgdMomentum) {
        sheet.set("optimizer.fused", setup.recipe.optimizer_kernel == OptimizerKernel::Fused);
        if setup.recipe.optimizer_kernel != OptimizerKernel::InBackward {
            sheet.covers(Choice::OptimizerKernel);
        }
    } else if fused {
        // The others do not know it.
        sheet.set("~optimizer.fused", Value::Bare);
    }
    if setup.job.kind == JobKind::FullFinetune {
        let inside = setup.recipe.optimizer_kernel == OptimizerKernel::InBackward && setup.accumulation() == 1;
        sheet.set("optimizer_in_bwd", inside);
        if inside {
            sheet.covers(Choice::OptimizerKernel);
        }
    }
}

fn recomputation(sheet: &mut Sheet) {
    let chosen = sheet.setup.recipe.checkpointing;
    sheet.choose(Choice::Checkpointing, "enable_activation_checkpointing", chosen != Checkpointing::None);
    sheet.set("enable_activation_offloading", chosen == Checkpointing::Host);
    if chosen == Checkpointing::Selective {
        sheet.note("selective", &[]);
    }
}

fn adapters(sheet: &mut Sheet, quantised: bool) {
    let setup = sheet.setup;
    let lora = &setup.recipe.lora;
    sheet.choose(Choice::LoraRank, "model.lora_rank", lora.rank);
    sheet.set("model.lora_alpha", terms::lora_alpha(setup));
    sheet.note("starting-point", &[("settings", &format!("model.lora_alpha {}", terms::lora_alpha(setup)))]);
    sheet.choose(Choice::LoraDropout, "model.lora_dropout", lora.dropout);
    match &lora.targets {
        LoraTargets::Set(set) => {
            let attention: &[&str] = match set {
                LoraTargetSet::AttentionQv => &["q_proj", "v_proj"],
                LoraTargetSet::Attention | LoraTargetSet::AllLinear => &["q_proj", "k_proj", "v_proj", "output_proj"],
            };
            let names: Vec<String> = attention.iter().map(|name| (*name).to_owned()).collect();
            sheet.choose(Choice::LoraTargets, "model.lora_attn_modules", names);
            sheet.set("model.apply_lora_to_mlp", *set == LoraTargetSet::AllLinear);
            sheet.set("model.apply_lora_to_output", false);
        }
        LoraTargets::Modules(_) => {}
    }
    match terms::quantised(setup) {
        Quantised::Nf4 { double } => {
            if !quantised {
                sheet.set("model.quantize_base", true);
            }
            sheet.covers(Choice::Weights);
            if !double {
                sheet.note("always-double", &[]);
            }
        }
        _ => sheet.covers(Choice::Weights),
    }
    if !lora.upcast {
        sheet.covers(Choice::LoraUpcast);
    }
    // Adapters have the type of the rest of the model here.
    if lora.fp32_adapters == matches!(setup.recipe.precision, Precision::Fp32 | Precision::Tf32) {
        sheet.covers(Choice::LoraPrecision);
    } else {
        sheet.explain(Choice::LoraPrecision, "adapters-as-weights", &[]);
    }
    // Only its recipes for full tuning know FP32, and the quantised ones want BF16.
    trainer::precision_remarks(sheet);
}

/// FSDP2 is all torchtune has: without resharding after the forward pass it is ZeRO-2.
fn sharing(sheet: &mut Sheet) {
    let setup = sheet.setup;
    let parallel = setup.recipe.parallel;
    sheet.choose(Choice::Sharding, "fsdp_reshard_after_forward", parallel.sharding == Sharding::Zero3);
    if matches!(parallel.sharding, Sharding::Ddp | Sharding::Zero1) {
        sheet.note("torchtune-fsdp", &[]);
    }
    sheet.covers(Choice::Data);
    if setup.recipe.offload == Offload::OptimizerAndWeights {
        sheet.choose(Choice::Offload, "fsdp_cpu_offload", true);
    }
    if parallel.context > 1 {
        sheet.choose(Choice::Context, "context_parallel_dim", parallel.context);
    }
}
