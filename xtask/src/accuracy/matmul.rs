//! Micro-benchmarks: products and copies against the rates the time estimate starts from.

use super::measure::Comparison;
use super::record::Record;
use super::setup;
use serde_json::json;
use whichcard::catalog::Catalog;
use whichcard::estimate::SustainedRates;
use whichcard::request::{Request, Setup, resolve};

/// Whether a record is a micro-benchmark.
pub fn is(record: &Record) -> bool {
    matches!(record.text("phase"), "matmul" | "bandwidth")
}

/// Any job on the card in the number format of a product or bandwidth record.
pub fn any_job(catalog: &Catalog, record: &Record) -> Result<Setup, String> {
    let card = setup::card(catalog, record)?;
    let precision = precision(record).ok_or("number format not stated")?;
    let request = json!({"model": "gpt2", "job": {"kind": "pretrain"}, "recipe": {"precision": precision}, "rig": {"card": card}});
    let request = Request::from_value(request).map_err(|error| error.to_string())?;
    resolve(catalog, &request).map_err(|error| error.to_string())
}

/// Compares a product or bandwidth record.
pub fn compare(record: &Record, rates: &SustainedRates) -> Result<Comparison, String> {
    let measured = record.number("measured").ok_or("no reading")?;
    let (quantity, estimated) = match record.text("phase") {
        "bandwidth" => ("bandwidth", rates.bandwidth.as_giga()),
        _ => ("product rate", rates.products.as_tera()),
    };
    Ok(Comparison { quantity, measured, estimated, range: None, bound: None })
}

fn precision(record: &Record) -> Option<&'static str> {
    let text = record.lower("precision");
    let volta = record.text("gpu_arch") == "Volta";
    Some(match text.as_str() {
        _ if record.text("phase") == "bandwidth" => "fp16-autocast",
        "fp32 on v100, tf32 on the rest" => {
            if volta {
                "fp32"
            } else {
                "tf32"
            }
        }
        text if text.contains("tf32") => "tf32",
        "fp32" | "float32" => "fp32",
        text if text.contains("bf16") || text.contains("bfloat") => "bf16-autocast",
        text if text.contains("fp8") || text.contains("e4m3") => "fp8",
        text if text.contains("fp16") || text == "float16" || text.contains("half") => "fp16-autocast",
        _ => return None,
    })
}
