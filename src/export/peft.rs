//! Python with PEFT, bitsandbytes and TRL's trainer.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet, Value};
use super::terms::{self, Quantised};
use super::{Format, machines, trainer};
use crate::request::{Checkpointing, Offload};

/// Writes the script.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    machines::run_script(&mut sheet, Format::Peft);
    sheet.note("placeholders", &[("names", "MODEL, DATASET")]);
    let reader = reader(&mut sheet);
    imports(&mut sheet, reader, None);
    trainer::inputs(&mut sheet);
    let first = trainer::beginning(&mut sheet, "SFTConfig", arguments);
    loaded(&mut sheet, terms::loader(setup));
    if setup.recipe.lora.upcast {
        let recomputes = if setup.recipe.checkpointing == Checkpointing::None { "False" } else { "True" };
        sheet.raw(format!("model = prepare_model_for_kbit_training(model, use_gradient_checkpointing={recomputes})"));
    }
    sheet.covers(Choice::LoraUpcast);
    sheet.open("model = get_peft_model(", ")");
    sheet.raw("model,");
    sheet.open("LoraConfig(", "),");
    sheet.set("task_type", "CAUSAL_LM");
    trainer::adapters(&mut sheet, trainer::OF_PEFT, "all-linear");
    sheet.set("bias", "none");
    sheet.close();
    sheet.set("autocast_adapter_dtype", setup.recipe.lora.fp32_adapters);
    sheet.close();
    adapter_precision(&mut sheet);
    trainer::ending(&mut sheet, ["SFTTrainer", "SFTConfig"], reader.map(processing), (!first).then_some(arguments));
    trainer::shared_elsewhere(&mut sheet);
    sheet.finish(Dialect::Python)
}

/// Arguments of `SFTConfig` for a model as it is.
pub(super) fn arguments(sheet: &mut Sheet) {
    trainer::arguments(sheet);
    trainer::offloading(sheet);
    trainer::loss(sheet);
}

/// What reads the data of a model with towers: the trainer takes its processor by itself, with which it refuses to pack texts.
pub(super) fn reader(sheet: &mut Sheet) -> Option<&'static str> {
    let setup = sheet.setup;
    if setup.model.tower_parameters == 0 {
        sheet.note("peft-vision", &[]);
        return None;
    }
    if setup.job.padded {
        return Some("AutoProcessor");
    }
    sheet.note("peft-texts", &[]);
    Some("AutoTokenizer")
}

/// The argument of a trainer for it.
pub(super) fn processing(class: &str) -> String {
    format!("processing_class={class}.from_pretrained(MODEL),")
}

/// What a script of TRL's trainer imports, with the optimizer that it makes itself.
pub(super) fn imports(sheet: &mut Sheet, reader: Option<&str>, optimizer: Option<String>) {
    sheet.raw("import os");
    sheet.raw("");
    sheet.raw("import torch");
    if let Some(line) = optimizer {
        sheet.raw(line);
    }
    sheet.raw("from datasets import load_dataset");
    let prepares = if sheet.setup.recipe.lora.upcast { ", prepare_model_for_kbit_training" } else { "" };
    if sheet.setup.adapters_only() {
        sheet.raw(format!("from peft import LoraConfig, get_peft_model{prepares}"));
    }
    let quantises = if terms::by_bitsandbytes(sheet.setup) { ", BitsAndBytesConfig" } else { "" };
    let (class, reads) = (terms::loader(sheet.setup), reader.map_or_else(String::new, |class| format!(", {class}")));
    sheet.raw(format!("from transformers import {class}{reads}{quantises}"));
    sheet.raw("from trl import SFTConfig, SFTTrainer");
    sheet.raw("");
}

/// Layers for classes, which a checkpoint of an encoder has not: they are trained whole, so nothing quantises them.
const HEADS: [&str; 2] = ["classifier", "score"];

/// Whether a class of transformers puts a layer for classes on an encoder.
pub(super) fn classifies(class: &str) -> bool {
    class == "AutoModelForSequenceClassification"
}

fn left_whole(sheet: &mut Sheet, class: &str) {
    if classifies(class) {
        sheet.set("llm_int8_skip_modules", HEADS.map(str::to_owned).to_vec());
    }
}

/// Loads the model with a class of transformers, quantised where the plan says so.
pub(super) fn loaded(sheet: &mut Sheet, class: &str) {
    let dtype = torch_type(terms::numbers(sheet.setup).dtype);
    sheet.open(format!("model = {class}.from_pretrained("), ")");
    sheet.raw("MODEL,");
    sheet.set("dtype", Value::Code(dtype));
    trainer::attention(sheet, "attn_implementation");
    match terms::quantised(sheet.setup) {
        Quantised::No => sheet.covers(Choice::Weights),
        Quantised::InCheckpoint => sheet.explain(Choice::Weights, "in-checkpoint", &[("weights", &sheet.words(Choice::Weights))]),
        Quantised::Int8 => {
            sheet.open("quantization_config=BitsAndBytesConfig(", "),");
            sheet.choose(Choice::Weights, "load_in_8bit", true);
            left_whole(sheet, class);
            sheet.close();
        }
        Quantised::Nf4 { double } => {
            sheet.open("quantization_config=BitsAndBytesConfig(", "),");
            sheet.choose(Choice::Weights, "load_in_4bit", true);
            sheet.set("bnb_4bit_quant_type", "nf4");
            sheet.set("bnb_4bit_use_double_quant", double);
            sheet.set("bnb_4bit_compute_dtype", Value::Code(dtype));
            left_whole(sheet, class);
            if terms::shards(sheet.setup) {
                // Sharded storage must have the type of the other weights, so that they can be flattened together.
                sheet.set("bnb_4bit_quant_storage", Value::Code(dtype));
            }
            sheet.close();
        }
    }
    if terms::loads_in_main_memory(sheet.setup) {
        sheet.set("device_map", Value::Code("{\"\": \"cpu\"}"));
        sheet.note("loaded-in-main-memory", &[]);
    } else if !terms::shards(sheet.setup) && sheet.setup.recipe.offload != Offload::OptimizerAndWeights {
        sheet.set("device_map", Value::Code("{\"\": int(os.environ.get(\"LOCAL_RANK\", \"0\"))}"));
    }
    sheet.close();
}

/// The trainer casts adapters of a quantised model to BF16 after PEFT has made them.
fn adapter_precision(sheet: &mut Sheet) {
    if terms::by_bitsandbytes(sheet.setup) && sheet.setup.recipe.lora.fp32_adapters {
        sheet.explain(Choice::LoraPrecision, "adapters-bf16", &[]);
    } else {
        sheet.covers(Choice::LoraPrecision);
    }
}

/// PyTorch's object of that name.
pub(super) fn torch_type(dtype: &str) -> &'static str {
    match dtype {
        "float32" => "torch.float32",
        "float16" => "torch.float16",
        _ => "torch.bfloat16",
    }
}
