//! Diffusers: the command of its DreamBooth scripts, which train adapters of what makes images.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet, Value};
use super::{quote, saving, terms};
use crate::model::Model;
use crate::request::{Checkpointing, Optimizer, Precision, Setup, Sharding, WeightFormat};

/// A script: the models it trains (beginnings of their ids), its file in `examples/dreambooth`, and whether it takes an `--optimizer` and a
/// `--lora_alpha`.
struct Script(&'static str, &'static str, bool, bool);

/// The first that fits; a name is before its own beginning.
const SCRIPTS: [Script; 8] = [
    Script("sd-1.5", "train_dreambooth_lora.py", false, false),
    Script("sdxl-base", "train_dreambooth_lora_sdxl.py", true, false),
    Script("sd3.5", "train_dreambooth_lora_sd3.py", true, false),
    Script("flux.1-dev", "train_dreambooth_lora_flux.py", true, true),
    Script("flux.2-klein", "train_dreambooth_lora_flux2_klein.py", true, true),
    Script("flux.2", "train_dreambooth_lora_flux2.py", true, true),
    Script("qwen-image", "train_dreambooth_lora_qwen_image.py", true, true),
    Script("z-image", "train_dreambooth_lora_z_image.py", true, true),
];

fn script(model: &Model) -> Option<&'static Script> {
    SCRIPTS.iter().find(|script| model.id.starts_with(script.0))
}

/// Whether there is a script, and frozen weights are loaded as they are, on one machine.
pub(super) fn applies(setup: &Setup) -> bool {
    let plain = matches!(setup.recipe.weights, WeightFormat::Fp32 | WeightFormat::Fp16 | WeightFormat::Bf16);
    setup.trains() && setup.adapters_only() && plain && setup.rig.machines() == 1 && script(&setup.model).is_some()
}

/// Writes the command.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    let Some(Script(_, file, names_optimizer, scales)) = script(&setup.model) else { return sheet.finish(Dialect::Shell) };
    sheet.note("diffusers-script", &[("file", file)]);
    sheet.note("placeholders", &[("names", "MODEL, IMAGES, PROMPT")]);
    sheet.raw(format!("MODEL={}", quote::shell(&terms::placeholder(setup))));
    sheet.raw("IMAGES='path/to/images'");
    sheet.raw("PROMPT='a photo of sks dog'");
    sheet.raw("");
    let numbers = mixed_precision(&mut sheet);
    sheet.open(format!("accelerate launch --num_processes {} --mixed_precision {numbers} {file}", setup.rig.count), "");
    sheet.set("pretrained_model_name_or_path", Value::Code("\"$MODEL\""));
    sheet.set("instance_data_dir", Value::Code("\"$IMAGES\""));
    sheet.set("instance_prompt", Value::Code("\"$PROMPT\""));
    sheet.set("output_dir", "whichcard-output");
    sheet.set("mixed_precision", numbers);
    if setup.recipe.precision == Precision::Tf32 {
        sheet.set("allow_tf32", Value::Bare);
    }
    if let Some(side) = setup.model.image_side(setup.job.sequence_length) {
        sheet.set("resolution", side);
    }
    sheet.covers(Choice::Sequence);
    sheet.choose(Choice::MicroBatch, "train_batch_size", setup.recipe.micro_batch);
    sheet.accumulate("gradient_accumulation_steps");
    sheet.choose(Choice::Tokens, "max_train_steps", terms::steps(setup));
    saving::write(&mut sheet, ["checkpointing_steps", "checkpoints_total_limit"]);
    adapters(&mut sheet, *scales);
    optimizer(&mut sheet, *names_optimizer);
    match setup.recipe.checkpointing {
        Checkpointing::None => sheet.covers(Choice::Checkpointing),
        Checkpointing::Full => sheet.choose(Choice::Checkpointing, "gradient_checkpointing", Value::Bare),
        Checkpointing::Selective | Checkpointing::Host => {}
    }
    if setup.recipe.parallel.sharding == Sharding::Ddp {
        sheet.covers(Choice::Sharding);
    }
    // PyTorch's own attention is what the models take by themselves; images are of one size.
    for choice in [Choice::Attention, Choice::Data, Choice::Padding, Choice::Loss] {
        sheet.covers(choice);
    }
    sheet.close();
    sheet.finish(Dialect::Shell)
}

/// The scripts load frozen weights in the type of autocast.
fn mixed_precision(sheet: &mut Sheet) -> &'static str {
    let recipe = &sheet.setup.recipe;
    let (name, loaded) = match recipe.precision {
        Precision::Fp32 | Precision::Tf32 => ("no", WeightFormat::Fp32),
        Precision::Fp16Autocast | Precision::Fp16Pure => ("fp16", WeightFormat::Fp16),
        Precision::Bf16Autocast | Precision::Bf16Pure | Precision::Bf16Master | Precision::Fp8 => ("bf16", WeightFormat::Bf16),
    };
    if recipe.precision != Precision::Fp8 {
        sheet.covers(Choice::Precision);
    }
    if recipe.weights == loaded {
        sheet.covers(Choice::Weights);
    }
    name
}

/// Under FP16 the adapters are cast to FP32, otherwise they are of the type of the weights. Which layers have some the script says.
fn adapters(sheet: &mut Sheet, scales: bool) {
    let setup = sheet.setup;
    sheet.choose(Choice::LoraRank, "rank", setup.recipe.lora.rank);
    if scales {
        sheet.set("lora_alpha", terms::lora_alpha(setup));
        sheet.note("starting-point", &[("settings", &format!("lora_alpha {}", terms::lora_alpha(setup)))]);
    }
    let fp32 = matches!(setup.recipe.precision, Precision::Fp16Autocast | Precision::Fp16Pure | Precision::Fp32 | Precision::Tf32);
    if setup.recipe.lora.fp32_adapters == fp32 {
        sheet.covers(Choice::LoraPrecision);
    }
    let rate = terms::learning_rate(setup.job.kind);
    sheet.set("learning_rate", rate);
    sheet.note("starting-point", &[("settings", &format!("learning_rate {rate}"))]);
}

/// AdamW of PyTorch, or that of bitsandbytes in 8 bits.
fn optimizer(sheet: &mut Sheet, named: bool) {
    let recipe = &sheet.setup.recipe;
    if named {
        sheet.set("optimizer", "adamw");
    }
    match recipe.optimizer {
        Optimizer::Adamw => sheet.covers(Choice::Optimizer),
        Optimizer::Adamw8bit => sheet.choose(Choice::Optimizer, "use_8bit_adam", Value::Bare),
        _ => {}
    }
    if terms::kernel_settled(sheet.setup) {
        sheet.covers(Choice::OptimizerKernel);
    }
}
