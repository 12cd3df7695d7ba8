//! From a model as a source writes it to one of the catalogue, or to a shape.

use super::record::Record;
use super::{named, traced};
use serde_json::{Value, json};
use whichcard::catalog::Catalog;

/// Names whose shape the catalogue has under another id.
const NAMES: [(&str, &str); 15] = [
    ("T0-3B", "flan-t5-xl"),
    ("Stable Diffusion 1.4 UNet", "sd-1.5"),
    ("Stable Diffusion 3.5 medium", "sd3.5-medium"),
    ("Tacotron 2", "tacotron2"),
    ("GPT-2-124M", "gpt2"),
    ("GPT-2-350M", "gpt2-medium"),
    ("GPT-2-774M", "gpt2-large"),
    ("GPT-2-1.5B", "gpt2-xl"),
    ("GPT-2", "gpt2-medium"),
    ("GPT 530B", "mt-nlg-530b"),
    ("Qwen3.6-27B (INT4 AutoRound)", "qwen3.6-27b"),
    ("Bonsai 27B (qwen35)", "qwen3.5-27b"),
    ("Bonsai 8B (qwen3)", "qwen3-8b"),
    ("Bonsai 4B (qwen3)", "qwen3-4b"),
    ("Bonsai 1.7B (qwen3)", "qwen3-1.7b"),
];

/// Style by a word in the name; everything else is Llama-like.
const STYLES: [(&str, &str); 14] = [
    ("transformer-xl", "transformer-xl"),
    ("falcon", "parallel-block"),
    ("stablelm", "parallel-block"),
    ("phi-1", "parallel-block"),
    ("pythia", "parallel-block"),
    ("santacoder", "gpt2"),
    ("gpt", "gpt2"),
    ("mpt", "gpt2"),
    ("chatglm-6b", "gpt2"),
    ("bloom", "gpt2"),
    ("starcoder2", "gpt2"),
    ("opt-", "opt"),
    ("mt0", "t5"),
    ("bert", "bert"),
];

/// The `model` of a request, or why there is none.
pub fn choice(catalog: &Catalog, record: &Record) -> Result<Value, &'static str> {
    if let Some(shape) = traced::architecture(record) {
        return Ok(json!({"architecture": shape}));
    }
    let name = record.text("model").trim_start_matches("torchvision ");
    let config = record.value("model_config");
    let number = |key: &str| config.and_then(|config| config.get(key)).and_then(Value::as_f64).filter(|value| *value > 0.0);
    let known = NAMES.iter().find(|(written, _)| *written == name).map_or(name, |(_, id)| id);
    let bare = known.split('(').next().unwrap_or(known).trim();
    let spellings = [known.to_owned(), bare.to_owned(), patched(record).map(|(id, _)| id).unwrap_or_default()];
    if let Some(model) = spellings.iter().find_map(|spelling| catalog.model(spelling)) {
        return Ok(json!(model.id));
    }
    if number("hidden").is_some() && number("layers").is_some() {
        return Ok(json!({"architecture": shape(record, &number)}));
    }
    if let (Some(parameters), Some(gmacs)) = (number("params"), number("fwd_gmacs")) {
        return Ok(json!({"architecture": network(name, parameters, gmacs, number("activations_m"), record.number("image_size"))}));
    }
    if let Some(model) = named::find(name) {
        return Ok(model);
    }
    let text = !matches!(record.text("modality"), "vision" | "detection" | "tts");
    match number("params").map(|parameters| parameters / 1e9).or_else(|| billions(name)).filter(|_| text) {
        Some(billions) => Ok(json!({"parametersB": billions})),
        None => Err("model neither in the catalogue nor described"),
    }
}

/// Parameters in billions where the name says them (`dense 9B`, `Orca-13b`), and not of one expert of several (`8x7B`).
fn billions(name: &str) -> Option<f64> {
    let words = name.split([' ', '-', '_', '/', '(', ')', ',', ':']);
    let units = [(['B', 'b'], 1.0), (['M', 'm'], 1e-3), (['T', 't'], 1e3)];
    let size = |word: &str| units.iter().find_map(|(unit, scale)| Some(word.strip_suffix(*unit)?.parse::<f64>().ok()? * scale));
    words.filter_map(size).find(|billions| (0.001..10_000.0).contains(billions))
}

/// A vision transformer however it is written (`vit_base_patch16_384`, `ViT-B/32`, `deit_small_patch16_224`): the name in the
/// catalogue, and the tokens of an image with one more for the class.
pub fn patched(record: &Record) -> Option<(String, u64)> {
    let name = record.lower("model");
    let name = name.trim_start_matches("torchvision ").trim_start_matches("clip ");
    let rest = ["vit", "deit", "beit"].iter().find_map(|family| name.strip_prefix(family))?;
    let mut parts = rest.split(['_', '-', '/', ' ']).filter(|part| !part.is_empty());
    let size = match parts.next()? {
        "ti" | "t" | "tiny" => "ti",
        "s" | "small" => "s",
        "b" | "base" => "b",
        "l" | "large" => "l",
        "h" | "huge" => "h",
        _ => return None,
    };
    let mut numbers = parts.filter_map(|part| part.trim_start_matches("patch").parse::<u64>().ok());
    let patch = numbers.next().filter(|patch| (4..=64).contains(patch)).unwrap_or(16);
    let side = numbers.next_back().or(record.number("image_size").map(|side| side as u64)).unwrap_or(224);
    let across = side.checked_div(patch)?;
    Some((format!("vit-{size}-{}", if size == "h" { 14 } else { 16 }), across * across + 1))
}

fn shape(record: &Record, number: &impl Fn(&str) -> Option<f64>) -> Value {
    let (name, lower) = (record.text("model"), record.lower("model"));
    let named = STYLES.iter().find(|(word, _)| lower.contains(word)).map(|(_, style)| *style);
    let style = named.unwrap_or_else(|| style_by_size(record.text("modality") == "encoder", number));
    let mut shape = json!({"name": name, "style": style});
    for (from, to) in [
        ("hidden", "hidden"),
        ("layers", "layers"),
        ("heads", "heads"),
        ("kv_heads", "kvHeads"),
        ("ffn", "ffn"),
        ("vocab", "vocab"),
        ("experts", "experts"),
        ("top_k", "activeExperts"),
    ] {
        if let Some(value) = number(from) {
            shape[to] = json!(value as u64);
        }
    }
    if number("experts").is_some() {
        shape["expertFfn"] = shape["ffn"].clone();
    }
    if let Some(parameters) = number("params") {
        shape["paramsB"] = json!(parameters / 1e9);
    }
    let untied = parameters_without_head(number).is_some_and(|without| number("params").is_some_and(|all| all > without * 1.02));
    shape["tiedEmbeddings"] = json!(!untied);
    shape
}

/// The style whose matrices add up to the stated count: with a gate a feed-forward part has three, without one two.
fn style_by_size(encoder: bool, number: &impl Fn(&str) -> Option<f64>) -> &'static str {
    let off = |matrices: f64, tables: f64| {
        let (hidden, layers, ffn) = (number("hidden")?, number("layers")?, number("ffn")?);
        let share = number("kv_heads").unwrap_or(1.0) / number("heads").unwrap_or(1.0).max(1.0);
        let blocks = layers * (hidden * hidden * (2.0 + 2.0 * share) + matrices * hidden * ffn);
        Some((number("params")? / (blocks + tables * number("vocab")? * hidden)).ln().abs())
    };
    let nearest = |matrices: f64| Some(off(matrices, 1.0)?.min(off(matrices, 2.0)?));
    match (nearest(2.0), nearest(3.0)) {
        _ if encoder => "bert",
        (Some(two), Some(three)) if two < three && number("experts").is_none() => "gpt2",
        _ => "llama",
    }
}

/// Weights of a dense stack with one embedding table, to tell whether the stated count has two.
fn parameters_without_head(number: &impl Fn(&str) -> Option<f64>) -> Option<f64> {
    let (hidden, layers, ffn, vocab) = (number("hidden")?, number("layers")?, number("ffn")?, number("vocab")?);
    let share = number("kv_heads")? / number("heads")?;
    let gated =
        [2.0, 3.0].map(|matrices| layers * (hidden * hidden * (2.0 + 2.0 * share) + matrices * hidden * ffn) + vocab * hidden);
    let all = number("params")?;
    gated.into_iter().filter(|without| *without < all * 1.01).max_by(f64::total_cmp)
}

/// Layers of networks that are named by their depth (`resnet152`, `densenet121`, `vgg16`).
fn depth(name: &str) -> Option<u64> {
    let name = name.to_lowercase();
    let family = ["resnet", "densenet", "vgg"].into_iter().find_map(|family| name.split_once(family))?;
    family.1.trim_start_matches('-').split(|sign: char| !sign.is_ascii_digit()).next()?.parse().ok()
}

/// A network by its published size and work. `activations_m` counts convolution outputs; about 1.92 values are kept for each
/// (ResNet-50 in PyTorch: 21.3 against 11.1 million).
pub fn network(name: &str, parameters: f64, gmacs: f64, activations_m: Option<f64>, side: Option<f64>) -> Value {
    let mut network = json!({"name": name, "category": "vision", "paramsB": parameters / 1e9, "forwardGmacs": gmacs});
    if let Some(depth) = depth(name) {
        network["layers"] = json!(depth);
    }
    let named = || name.rsplit('_').next().and_then(|end| end.parse::<f64>().ok()).filter(|side| (96.0..2000.0).contains(side));
    network["imageSide"] = json!(side.or_else(named).unwrap_or(224.0) as u64);
    if let Some(outputs) = activations_m {
        network["activationMvalues"] = json!(outputs * 1.92);
    }
    network
}
