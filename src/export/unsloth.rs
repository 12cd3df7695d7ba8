//! Unsloth.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet, Value};
use super::terms::{self, Quantised};
use super::{Format, machines, peft, trainer};
use crate::request::{Checkpointing, LossKernel, Setup};

/// Every linear layer, as Unsloth lists them for the families it patches.
const ALL_LINEAR: [&str; 7] = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

/// Writes the script.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    run(&mut sheet);
    sheet.note("placeholders", &[("names", "MODEL, DATASET")]);
    // Unsloth patches the others, so it comes first.
    sheet.raw("from unsloth import FastLanguageModel");
    sheet.raw("import torch");
    sheet.raw("from datasets import load_dataset");
    sheet.raw("from trl import SFTConfig, SFTTrainer");
    sheet.raw("");
    trainer::inputs(&mut sheet);
    // Its own FSDP2 needs no telling.
    let first = !terms::by_fsdp(setup) && trainer::beginning(&mut sheet, "SFTConfig", trainer::arguments);
    model(&mut sheet);
    if setup.adapters_only() {
        adapters(&mut sheet);
    }
    let tokenizer = Some("processing_class=tokenizer,".to_owned());
    trainer::ending(&mut sheet, ["SFTTrainer", "SFTConfig"], tokenizer, (!first).then_some(trainer::arguments));
    if setup.recipe.loss == LossKernel::Chunked {
        // Unsloth's own loss never holds all logits.
        sheet.covers(Choice::Loss);
    }
    if terms::by_fsdp(setup) {
        sheet.explain(Choice::Sharding, "unsloth-fsdp", &[]);
        sheet.covers(Choice::Data);
    } else {
        trainer::shared_elsewhere(&mut sheet);
    }
    sheet.finish(Dialect::Python)
}

/// Whether weights that FSDP2 will share have experts among them, which transformers puts together from several tensors: no card can
/// read a part of those.
pub(super) fn loads_experts(setup: &Setup) -> bool {
    terms::by_fsdp(setup) && setup.model.expert_layers() > 0
}

/// How the script is started. Weights are shared by FSDP2 as Unsloth itself does it: under Accelerate's each card holds all of them while
/// they are loaded. Each card reads only its part of weights that nothing quantises.
fn run(sheet: &mut Sheet) {
    let setup = sheet.setup;
    if !terms::by_fsdp(setup) {
        machines::run_script(sheet, Format::Unsloth);
        return;
    }
    let in_parts = !terms::by_bitsandbytes(setup) && !loads_experts(setup);
    let loads = if in_parts { " UNSLOTH_FSDP2_SHARDED_LOAD=1" } else { "" };
    let gathers = if terms::shares_weights(setup) { "" } else { " UNSLOTH_FSDP2_RESHARD_AFTER_FORWARD=0" };
    let (processes, script) = (machines::torchrun_alike(setup), Format::Unsloth.file_name());
    let layout = "UNSLOTH_FSDP2=1 UNSLOTH_FSDP2_LAYOUT=sharded";
    machines::run(sheet, &format!("{layout}{loads}{gathers} torchrun {processes} {script}"));
}

fn model(sheet: &mut Sheet) {
    let setup = sheet.setup;
    let quantised = terms::quantised(setup);
    sheet.open("model, tokenizer = FastLanguageModel.from_pretrained(", ")");
    sheet.set("model_name", Value::Code("MODEL"));
    sheet.set("max_seq_length", setup.job.sequence_length);
    let dtype = if keeps_fp32(setup) { "torch.bfloat16" } else { peft::torch_type(terms::numbers(setup).dtype) };
    sheet.set("dtype", Value::Code(dtype));
    sheet.choose(Choice::Weights, "load_in_4bit", matches!(quantised, Quantised::Nf4 { .. }));
    sheet.set("load_in_8bit", quantised == Quantised::Int8);
    sheet.set("full_finetuning", !setup.adapters_only());
    if !setup.adapters_only() {
        // FP32 weights under autocast, instead of the model's own 16 bits throughout.
        sheet.set("float32_mixed_precision", keeps_fp32(setup));
    }
    recomputation(sheet);
    sheet.close();
    match quantised {
        // Unsloth always quantises the constants too.
        Quantised::Nf4 { double: false } => sheet.note("always-double", &[]),
        Quantised::InCheckpoint => sheet.note("in-checkpoint", &[("weights", &sheet.words(Choice::Weights))]),
        _ => {}
    }
}

/// Whether trained weights stay in FP32 while products are in BF16.
fn keeps_fp32(setup: &Setup) -> bool {
    let numbers = terms::numbers(setup);
    !setup.adapters_only() && numbers.bf16 && numbers.dtype == "float32"
}

fn adapters(sheet: &mut Sheet) {
    let setup = sheet.setup;
    sheet.open("model = FastLanguageModel.get_peft_model(", ")");
    sheet.raw("model,");
    // Of a model with experts the last three stand for adapters on each of them, which the plan has not.
    let linear = ALL_LINEAR.iter().take(if setup.model.expert_layers() > 0 { 4 } else { ALL_LINEAR.len() });
    let all_linear: Vec<String> = linear.map(|name| (*name).to_owned()).collect();
    trainer::adapters(sheet, trainer::OF_PEFT, all_linear);
    sheet.set("bias", "none");
    recomputation(sheet);
    sheet.close();
    if !setup.recipe.lora.upcast {
        sheet.covers(Choice::LoraUpcast);
    }
}

/// Unsloth's own way, "unsloth", also moves what is kept to host memory.
fn recomputation(sheet: &mut Sheet) {
    const NAME: &str = "use_gradient_checkpointing";
    match sheet.setup.recipe.checkpointing {
        Checkpointing::Host => sheet.set(NAME, "unsloth"),
        chosen => sheet.set(NAME, chosen != Checkpointing::None),
    }
}
