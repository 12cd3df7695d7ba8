//! Adapters as sources describe them.

use super::framework::Framework;
use super::record::{Kind, Record};
use serde_json::{Value, json};
use whichcard::estimate::parts_of_module;

/// The `lora` of a recipe.
pub fn of(record: &Record, framework: &Framework, bitsandbytes: bool) -> Value {
    let counted = record.kind == Kind::TorchMemory;
    let fp32 = if counted { record.text("dtype_policy").starts_with("lora_") } else { framework.fp32_adapters };
    let mut lora = json!({"rank": record.number("lora_rank").unwrap_or(8.0), "fp32Adapters": fp32});
    lora["upcast"] = json!(match counted {
        true => record.is("kbit_prepare"),
        false => framework.upcast && bitsandbytes,
    });
    lora["dropout"] = json!(record.number("lora_dropout").unwrap_or(framework.lora_dropout));
    let text = match record.value("lora_targets") {
        Some(Value::String(text)) => text.to_lowercase(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        _ => "q,v".to_owned(),
    };
    lora["trainEmbeddings"] =
        json!(["full wte", "full embed", "+ embed", "+ wte", "lm_head"].iter().any(|word| text.contains(word)));
    lora["targets"] = targets(&text);
    lora
}

const ATTENTION: [&str; 4] = ["q_proj", "k_proj", "v_proj", "o_proj"];
const FEED_FORWARD: [&str; 3] = ["gate_proj", "up_proj", "down_proj"];
/// What people call several layers at once, or one for short. Other words are modules, whose names the library knows.
const SPOKEN: [(&str, &[&str]); 9] = [
    ("qkvo", &ATTENTION),
    ("mlp", &FEED_FORWARD),
    ("ffn", &FEED_FORWARD),
    ("feed", &FEED_FORWARD),
    ("gate", &["gate_proj"]),
    ("up", &["up_proj"]),
    ("down", &["down_proj"]),
    ("out", &["o_proj"]),
    ("output", &["o_proj"]),
];

/// `targets` of a request. Where the words name no layer, those that mean queries, keys and values.
fn targets(text: &str) -> Value {
    if text.contains("linear") || text.trim() == "all" {
        return json!("all-linear");
    }
    let words = || text.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_'));
    let whole = |word: &str| matches!(word, "attention" | "attn");
    let mut modules: Vec<&str> = Vec::new();
    for word in words().filter(|word| !whole(word)) {
        match SPOKEN.iter().find(|(spoken, _)| *spoken == word) {
            Some((_, named)) => modules.extend(*named),
            None if parts_of_module(word) != (false, false) => modules.push(word),
            None => {}
        }
    }
    if words().any(whole) && modules.iter().all(|module| !parts_of_module(module).0) {
        modules.extend(ATTENTION);
    }
    match modules.as_slice() {
        [] => json!(ATTENTION.get(..3)),
        modules => json!(modules),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_found_however_they_are_written() {
        for (written, set) in [
            ("q,k,v,o", json!(["q", "k", "v", "o"])),
            ("attention only", json!(ATTENTION)),
            ("['q_proj','v_proj']", json!(["q_proj", "v_proj"])),
            ("query,value", json!(["query", "value"])),
            ("wqkv, wo, w1", json!(["wqkv", "wo", "w1"])),
            ("every linear layer", json!("all-linear")),
            ("all", json!("all-linear")),
            ("default (attention qkv)", json!(["qkv"])),
            ("default", json!(["q_proj", "k_proj", "v_proj"])),
            ("q,v,o + mlp", json!(["q", "v", "o", "gate_proj", "up_proj", "down_proj"])),
        ] {
            assert_eq!(targets(written), set, "{written}");
        }
    }
}
