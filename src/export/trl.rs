//! `trl sft`; a script of its trainer where the command has no setting for a plan.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet, Value};
use super::terms::{self, Quantised};
use super::{in_backward, peft, quote, trainer};

/// Name of the script.
pub(super) const SCRIPT: &str = "train-trl.py";

/// Writes the script, where a plan needs one.
pub(super) fn write(sheet: Sheet) -> (String, Vec<String>) {
    if in_backward::of(&sheet) { script(sheet) } else { command(sheet) }
}

fn script(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    sheet.note("run", &[("command", &format!("python {SCRIPT}"))]);
    sheet.note("placeholders", &[("names", "MODEL, DATASET")]);
    let reader = peft::reader(&mut sheet);
    peft::imports(&mut sheet, reader, in_backward::import(setup));
    trainer::inputs(&mut sheet);
    in_backward::define(&mut sheet);
    peft::loaded(&mut sheet, terms::loader(setup));
    let besides = reader.map(peft::processing).into_iter().chain([in_backward::given(&mut sheet)]);
    trainer::ending(&mut sheet, ["SFTTrainer", "SFTConfig"], besides, Some(peft::arguments));
    trainer::shared_elsewhere(&mut sheet);
    sheet.finish(Dialect::Python)
}

fn command(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    sheet.note("placeholders", &[("names", "MODEL, DATASET")]);
    sheet.raw(format!("MODEL={}", quote::shell(&terms::placeholder(setup))));
    sheet.raw("DATASET='path/to/dataset'");
    sheet.raw("");
    sheet.open("trl sft", "");
    if terms::distributed(setup) {
        sheet.set("accelerate_config", super::Format::Accelerate.file_name());
    }
    trainer::shared_elsewhere(&mut sheet);
    sheet.set("model_name_or_path", Value::Code("\"$MODEL\""));
    sheet.set("dataset_name", Value::Code("\"$DATASET\""));
    sheet.set("dtype", terms::numbers(setup).dtype);
    trainer::attention(&mut sheet, "attn_implementation");
    trainer::training(&mut sheet);
    if setup.model.tower_parameters > 0 && !setup.job.padded {
        // The command loads the processor of such a model, with which the trainer refuses to pack texts.
        sheet.choose(Choice::Sequence, "max_length", setup.job.sequence_length);
        sheet.set("packing", false);
        sheet.explain(Choice::Padding, "towers-unpacked", &[]);
    } else {
        trainer::texts(&mut sheet);
    }
    trainer::offloading(&mut sheet);
    trainer::loss(&mut sheet);
    if setup.adapters_only() {
        sheet.set("use_peft", Value::Bare);
        let names = ["lora_r", "lora_alpha", "lora_dropout", "lora_target_modules", "lora_modules_to_save"];
        trainer::adapters(&mut sheet, names, "all-linear");
        weights(&mut sheet);
        trainer::adapter_precision(&mut sheet);
        if setup.recipe.lora.upcast {
            sheet.explain(Choice::LoraUpcast, "upcast-by-hand", &[]);
        } else {
            sheet.covers(Choice::LoraUpcast);
        }
    }
    sheet.close();
    sheet.finish(Dialect::Shell)
}

fn weights(sheet: &mut Sheet) {
    match terms::quantised(sheet.setup) {
        Quantised::No => sheet.covers(Choice::Weights),
        Quantised::Int8 => sheet.choose(Choice::Weights, "load_in_8bit", Value::Bare),
        Quantised::Nf4 { double } => {
            sheet.choose(Choice::Weights, "load_in_4bit", Value::Bare);
            sheet.set("bnb_4bit_quant_type", "nf4");
            sheet.set("use_bnb_nested_quant", double);
            if terms::shards(sheet.setup) {
                // Sharded storage must have the type of the other weights, so that they can be flattened together.
                sheet.set("bnb_4bit_quant_storage", terms::numbers(sheet.setup).dtype);
            }
            if terms::loads_in_main_memory(sheet.setup) {
                sheet.set("model_init_kwargs", r#"{"device_map": {"": "cpu"}}"#);
                sheet.note("loaded-in-main-memory", &[]);
            }
        }
        Quantised::InCheckpoint => sheet.explain(Choice::Weights, "in-checkpoint", &[("weights", &sheet.words(Choice::Weights))]),
    }
}
