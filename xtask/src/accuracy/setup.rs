//! From a record to a complete setup, through the public request.

use super::framework::Framework;
use super::limit::{self, Limit};
use super::record::{Kind, Record};
use super::{card, framework, model, recipe, traced};
use serde_json::{Value, json};
use whichcard::catalog::Catalog;
use whichcard::request::{Request, Setup, resolve};

/// Tokens of a short prompt and of an answer, where an inference record gives no lengths.
const SHORT_PROMPT: f64 = 32.0;
const SHORT_ANSWER: f64 = 128.0;

/// The setup of a record, or why it has none.
pub fn of(catalog: &Catalog, record: &Record) -> Result<Setup, String> {
    let request = request(catalog, record)?;
    let request = Request::from_value(request).map_err(|error| format!("request refused: {error}"))?;
    resolve(catalog, &request).map_err(|error| format!("request refused: {error}"))
}

/// The card of a record. Counted records stand on a pretended H100; memory without a card on an A100, since only the CUDA context
/// depends on it.
pub fn card(catalog: &Catalog, record: &Record) -> Result<Value, String> {
    match (record.kind, record.text("gpu")) {
        (Kind::TorchMemory, _) => Ok(json!("h100-sxm")),
        (Kind::Memory, "") => Ok(json!("a100-sxm-80gb")),
        (Kind::Speed, "") => Err("card not stated".to_owned()),
        (_, name) => card::choice(catalog, name).ok_or_else(|| format!("card not in the catalogue: {name}")),
    }
}

fn request(catalog: &Catalog, record: &Record) -> Result<Value, String> {
    unusable(record)?;
    let framework = framework::of(record);
    let recipe = recipe::recipe(record, &framework)?;
    let model = model::choice(catalog, record)?;
    let mut rig = json!({"card": card(catalog, record)?, "count": record.cards()});
    if record.lower("note").contains("without nvlink") {
        rig["link"] = json!("pcie");
    }
    if let Some(watts) = record.number("power_limit_w") {
        rig["powerLimitWatts"] = json!(watts);
    }
    let mut job = json!({"kind": kind(record, &recipe)});
    if record.trains() { training(&mut job, record, &framework) } else { inference(&mut job, record, &framework) }?;
    if let Some(side) = side(record).filter(|_| job.get("sequenceLength").is_none()) {
        let known = model.as_str().and_then(|id| catalog.model(id));
        job["sequenceLength"] = json!(known.map_or(side as u64, |model| model.image_length(side)));
    }
    Ok(json!({"model": model, "job": job, "recipe": recipe, "rig": rig}))
}

/// Readings that no request can stand for.
fn unusable(record: &Record) -> Result<(), &'static str> {
    // Samples padded to the longest of their batch: what runs is neither the stated length nor any other that is stated. Memory
    // follows the longest where the source counts samples, and is still compared.
    let note = record.lower("note");
    if (record.kind == Kind::Speed && note.contains("mean tokens per sample is unknown")) || note.contains("padded short samples") {
        return Err("length of the samples not stated");
    }
    if evaluates_more(record) {
        return Err("evaluates 16 sequences at the end, more than it trains at once");
    }
    if record.is("offload") {
        return Err("layers run from host memory, their number is not stated");
    }
    Ok(())
}

/// NVIDIA's Transformer-XL passes 16 sequences without gradients after its last step, whatever it trained (`eval_batch_size`), and
/// what these take of the allocator stays in a peak that was read over the whole run.
fn evaluates_more(record: &Record) -> bool {
    let fewer = recipe::batch(record).is_some_and(|batch| batch * record.cards() < 16.0);
    record.kind == Kind::Memory && fewer && record.text("model").starts_with("Transformer-XL")
}

fn kind(record: &Record, recipe: &Value) -> &'static str {
    let quantised = !matches!(recipe["weights"].as_str(), Some("fp32" | "fp16" | "bf16") | None);
    match record.text("task") {
        _ if !record.trains() => "inference",
        "lora" | "qlora" if quantised => "qlora",
        "lora" | "qlora" => "lora",
        "full_finetune" => "full-finetune",
        _ => "pretrain",
    }
}

fn training(job: &mut Value, record: &Record, framework: &Framework) -> Result<(), String> {
    let length = record.number("seq_len");
    if record.is("padding_mask") || framework.unpacked {
        job["padded"] = json!(true);
    }
    if record.kind == Kind::TorchMemory {
        traced_lengths(job, record);
    } else if record.lower("note").contains("best over batch sizes") {
        job["sequenceLength"] = json!(recipe::BEST_OVER_BATCHES.1);
    } else if let Some(length) = length {
        job["sequenceLength"] = json!(length);
        if let Some(target) = record.number("target_len") {
            job["targetLength"] = json!(target);
        }
    } else if let Some((_, tokens)) = model::patched(record) {
        job["sequenceLength"] = json!(tokens);
    } else if side(record).is_none()
        && record.value("model_config").is_some_and(|config| config.get("vocab").is_some_and(|vocab| !vocab.is_null()))
    {
        if !Limit::alone(record) {
            return Err("sequence length not stated".to_owned());
        }
        job["sequenceLength"] = json!(limit::LENGTH);
    }
    if let Some(tokens) = record.number("tokens_total") {
        job["tokens"] = json!(tokens);
    }
    Ok(())
}

/// Lengths of a traced run.
fn traced_lengths(job: &mut Value, record: &Record) {
    let (length, target) = traced::lengths(record);
    job["sequenceLength"] = json!(length);
    if let Some(target) = target {
        job["targetLength"] = json!(target);
    }
}

fn inference(job: &mut Value, record: &Record, framework: &Framework) -> Result<(), String> {
    job["beams"] = json!(framework.beams);
    job["allLogits"] = json!(record.text("logits") == "all");
    job["concurrency"] = json!(recipe::batch(record).unwrap_or(1.0).round().max(1.0));
    if record.kind == Kind::TorchMemory {
        traced_lengths(job, record);
        // The runs generate one token after the prompt.
        (job["prompt"], job["output"]) = (job["sequenceLength"].clone(), json!(1));
        return Ok(());
    }
    if record.lower("note").contains("best over batch sizes") {
        (job["prompt"], job["output"]) = (json!(recipe::BEST_OVER_BATCHES.1), json!(0));
        return Ok(());
    }
    if record.text("phase") == "generate" {
        if let Some(steps) = denoising_steps(&record.lower("note")) {
            job["output"] = json!(steps);
        }
        return Ok(());
    }
    if let Some((_, tokens)) = model::patched(record) {
        (job["sequenceLength"], job["output"]) = (json!(tokens), json!(0));
        return Ok(());
    }
    if record.value("image_size").is_some() || record.text("modality") == "vision" {
        job["output"] = json!(0);
        return Ok(());
    }
    let length = record.number("seq_len");
    let (prompt, output) = match (record.kind, record.text("phase")) {
        (Kind::Speed, "prefill") => (record.number("prompt_len").or(length).unwrap_or(512.0), 0.0),
        (Kind::Speed, _) => {
            let prompt = record.number("prompt_len").unwrap_or(if length.is_some() { 1.0 } else { SHORT_PROMPT });
            let output = record.number("gen_len").or(record.number("mean_output_tokens"));
            (prompt, output.or(length).unwrap_or(SHORT_ANSWER))
        }
        _ => {
            let output = record.number("gen_len").unwrap_or(if length.is_some() { 0.0 } else { SHORT_ANSWER });
            (record.number("prompt_len").or(length.map(|length| length - output)).unwrap_or(SHORT_PROMPT), output)
        }
    };
    (job["prompt"], job["output"]) = (json!(prompt.max(1.0).round()), json!(output.round()));
    Ok(())
}

/// Denoising steps of an image ("1024x1024, 28 steps").
fn denoising_steps(note: &str) -> Option<u64> {
    note.split([',', ';']).find_map(|part| part.trim().strip_suffix(" steps")?.rsplit(' ').next()?.parse().ok())
}

/// The side of an image: the field, or where one is made the size in the note ("1024x1024"), of other forms the square as large.
pub fn side(record: &Record) -> Option<f64> {
    let written = || {
        let note = record.lower("note").replace('×', "x");
        let mut words = note.split([' ', ',', ';', '(', ')', '@']).filter_map(|word| word.split_once('x'));
        let (wide, high) = words.find_map(|(wide, high)| Some((wide.parse::<f64>().ok()?, high.parse::<f64>().ok()?)))?;
        Some((wide * high).sqrt())
    };
    let side = record.number("image_size").or_else(|| if record.text("phase") == "generate" { written() } else { None });
    side.filter(|side| (16.0..=8192.0).contains(side))
}
