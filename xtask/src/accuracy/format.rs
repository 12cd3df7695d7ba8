//! Number formats as sources write them: how weights are stored, and what products are computed in.

use super::framework::Framework;
use super::record::{Kind, Record};
use serde_json::{Value, json};

/// Storage formats by a word in the precision, first match wins. Formats that the engine does not tell apart take the one with the
/// nearest number of bits: `IQ3` and all `Q3` 3.9, and `Q4_1` 5.0 with `Q4_K_M`.
const STORAGE: [(&str, &str); 59] = [
    ("nf4-dq", "nf4-double"),
    ("nf4-double", "nf4-double"),
    ("double quant", "nf4-double"),
    ("nf4", "nf4"),
    ("gptq-int8", "gptq-8"),
    ("int8 (gptq)", "gptq-8"),
    ("gptq-8", "gptq-8"),
    ("gptq 8", "gptq-8"),
    ("gptq", "gptq-4"),
    ("marlin", "gptq-4"),
    ("awq", "awq-4"),
    ("mxfp4", "mxfp4"),
    ("nvfp4", "nvfp4"),
    ("q4f16", "gptq-4"),
    ("w4a", "gptq-4"),
    ("w8a16", "gptq-8"),
    ("w8a8", "int8"),
    ("int4", FOUR_BITS),
    ("4bit", FOUR_BITS),
    ("4-bit", FOUR_BITS),
    ("4 bit", FOUR_BITS),
    ("fp4", FOUR_BITS),
    ("int8", "int8"),
    ("8bit", "int8"),
    ("8-bit", "int8"),
    ("8 bit", "int8"),
    ("fp8", "fp8"),
    ("e4m3", "fp8"),
    ("bf16", "bf16"),
    ("16-bit", "fp16"),
    ("32-bit", "fp32"),
    ("5-bit", "q5_k_m"),
    ("6-bit", "q6_k"),
    ("3-bit", "q3_k_m"),
    ("2-bit", "q2_k"),
    ("q8", "q8_0"),
    ("q6", "q6_k"),
    ("q5_k_s", "q5_k_s"),
    ("q5_0", "q5_k_s"),
    ("q5", "q5_k_m"),
    ("iq4_nl", "q4_0"),
    ("iq4", "iq4_xs"),
    ("q4_k_s", "q4_k_s"),
    ("q4_0", "q4_0"),
    ("q4", "q4_k_m"),
    ("q3", "q3_k_m"),
    ("iq1", "q1_0"),
    ("tq1", "q1_0"),
    ("tq2", "q1_0"),
    ("q2", "q2_k"),
    ("q1", "q1_0"),
    ("bf", "bf16"),
    ("f16", "fp16"),
    ("fp16", "fp16"),
    ("float16", "fp16"),
    ("half", "fp16"),
    ("f32", "fp32"),
    ("fp32", "fp32"),
    ("float32", "fp32"),
];

/// Four bits without a word on how: bitsandbytes' where the software loads models with it, else groups of integers as GPTQ has.
const FOUR_BITS: &str = "4 bits";

/// How the weights of a record are stored, where it says so.
pub fn stored(record: &Record, framework: &Framework) -> Option<&'static str> {
    let text = record.lower("precision");
    let found = by_bits_per_weight(&text).or_else(|| find(&text));
    // What people run is often said by the name of the file alone (`Llama-3-8B-Instruct-Q4_K_M`).
    let named = || find(&record.lower("model")).filter(|name| !matches!(*name, "bf16" | "fp16" | "fp32"));
    let name = found.or_else(|| if record.trains() { None } else { named().or_else(|| usual(record, framework)) })?;
    let by_bitsandbytes = record.trains() || text.contains("bnb") || text.contains("bitsandbytes");
    Some(match name {
        FOUR_BITS if by_bitsandbytes || framework.stack == "transformers" => "nf4",
        FOUR_BITS => "gptq-4",
        other => other,
    })
}

fn find(text: &str) -> Option<&'static str> {
    STORAGE.iter().find(|(word, _)| text.contains(word)).map(|(_, name)| *name)
}

/// What programs take where nothing is said: Ollama's and LM Studio's downloads are 4-bit blocks, ExLlama runs little else.
fn usual(record: &Record, framework: &Framework) -> Option<&'static str> {
    let name = record.lower("framework");
    let downloads = ["ollama", "lm studio", "lmstudio", "gpt4all", "localscore"].iter().any(|program| name.contains(program));
    match framework.stack {
        "exllama" => Some("gptq-4"),
        "llama.cpp" if downloads => Some("q4_k_m"),
        _ => None,
    }
}

/// ExLlama's formats are named by their bits (`exl2 4.65bpw`).
fn by_bits_per_weight(text: &str) -> Option<&'static str> {
    let digits = |text: &str| -> Option<f64> {
        let start = text.rfind(|sign: char| !(sign.is_ascii_digit() || sign == '.')).map_or(0, |place| place + 1);
        text.get(start..)?.parse().ok()
    };
    let (before, _) = text.split_once("bpw")?;
    let bits = digits(before.trim_end())?;
    let formats = [(2.9, "q2_k"), (3.7, "q3_k_m"), (4.7, "gptq-4"), (5.3, "q4_k_m"), (6.0, "q5_k_s"), (7.2, "q6_k")];
    Some(formats.iter().find(|(most, _)| bits <= *most).map_or("gptq-8", |(_, name)| name))
}

/// Writes the formats of a record into a recipe, or says why they cannot be expressed.
pub fn write(recipe: &mut Value, record: &Record, framework: &Framework) -> Result<(), &'static str> {
    if record.kind == Kind::TorchMemory {
        counted(recipe, record);
        return Ok(());
    }
    let text = record.lower("precision");
    let stored = stored(record, framework);
    if !record.trains() {
        recipe["weights"] = json!(match stored {
            Some(name) => name,
            None if is_fp32(&text) || text.contains("tf32") => "fp32",
            None => "fp16",
        });
        if text.contains("tf32") || is_fp32(&text) {
            recipe["precision"] = json!(if text.contains("tf32") { "tf32" } else { "fp32" });
        }
        return Ok(());
    }
    let fp8 = text.contains("fp8") && stored == Some("fp8");
    let quantised = stored.filter(|name| !fp8 && !matches!(*name, "bf16" | "fp16" | "fp32"));
    let (adapters, qlora) = (matches!(record.text("task"), "lora" | "qlora"), record.text("task") == "qlora");
    if let Some(name) = quantised {
        if !adapters {
            return Err("full training of quantised weights is not modelled");
        }
        recipe["weights"] = json!(name);
    } else if adapters {
        // QLoRA is over quantised weights by its definition: 16 bits are what it computes in.
        recipe["weights"] = json!(if qlora { "nf4" } else { stored.filter(|name| *name != "fp8").unwrap_or("fp16") });
    }
    recipe["precision"] = json!(training(record, framework, &text, adapters)?);
    Ok(())
}

/// "fp32" and what means the same. PyTorch multiplies FP32 in TF32 only where it is asked to, since 1.12.
fn is_fp32(text: &str) -> bool {
    let named = ["fp32", "float32", "32-true", "single"].iter().any(|word| text.contains(word)) || text == "32";
    named && !["amp", "16", "mix"].iter().any(|word| text.contains(word))
}

fn training(record: &Record, framework: &Framework, text: &str, adapters: bool) -> Result<String, &'static str> {
    let autocast = match sharded(record) && adapters {
        true => framework.sharded_autocast,
        false => framework.autocast,
    };
    let sharded_master = super::parallel::words(record).contains("zero");
    let half = if text.contains("bf16") || text.contains("bfloat") { "bf16" } else { "fp16" };
    Ok(match text {
        _ if text.contains("fp8") => "fp8".to_owned(),
        _ if text.starts_with("tf32") => "tf32".to_owned(),
        _ if is_fp32(text) => "fp32".to_owned(),
        _ if text.contains("amp") || text.contains("mix") => format!("{half}-autocast"),
        _ if text.contains("pure") || text.contains("true") => format!("{half}-pure"),
        _ if adapters && !autocast => format!("{half}-pure"),
        _ if adapters => format!("{half}-autocast"),
        _ if half == "bf16" && !text.is_empty() && sharded_master => "bf16-master".to_owned(),
        _ if half == "bf16" && !text.is_empty() && !framework.autocast => "bf16-pure".to_owned(),
        _ if !text.is_empty() => format!("{half}-autocast"),
        _ => return Err("number formats not stated"),
    })
}

/// Whether cards share the weights.
fn sharded(record: &Record) -> bool {
    let text = super::parallel::words(record);
    text.contains("fsdp") || text.contains("zero3")
}

/// `dtype_policy` says the formats exactly.
fn counted(recipe: &mut Value, record: &Record) {
    let (precision, weights) = match record.text("dtype_policy") {
        "fp32" => ("fp32", "fp32"),
        "fp16" => ("fp16-pure", "fp16"),
        "amp_bf16" => ("bf16-autocast", "fp32"),
        "lora_bf16_amp" => ("bf16-autocast", "bf16"),
        "lora_fp32_amp" => ("bf16-autocast", "fp32"),
        _ => ("bf16-pure", "bf16"),
    };
    let quantised = record.text("task") == "qlora" || record.text("weight_quant") == "nf4";
    recipe["precision"] = json!(precision);
    recipe["weights"] = json!(match quantised {
        true if record.is("double_quant") => "nf4-double",
        true => "nf4",
        false => weights,
    });
}
