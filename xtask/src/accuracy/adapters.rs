//! Adapters as sources describe them.

use super::framework::Framework;
use super::record::{Kind, Record};
use serde_json::{Value, json};

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

/// Words for the layers that adapters attach to, in the names of several architectures.
const LAYERS: [(&[&str], &[&str]); 9] = [
    (&["qkvo"], &["q_proj", "k_proj", "v_proj", "o_proj"]),
    (&["qkv", "wqkv", "c_attn", "query_key_value", "qkv_proj"], &["q_proj", "k_proj", "v_proj"]),
    (&["q", "wq", "query", "q_proj"], &["q_proj"]),
    (&["k", "wk", "key", "k_proj"], &["k_proj"]),
    (&["v", "wv", "value", "v_proj"], &["v_proj"]),
    (&["o", "wo", "out", "output", "dense", "o_proj", "out_proj", "output_proj"], &["o_proj"]),
    (&["mlp", "ffn", "feed"], &["gate_proj", "up_proj", "down_proj"]),
    (&["gate", "w1", "gate_proj"], &["gate_proj"]),
    (&["up", "w3", "fc1", "c_fc", "up_proj"], &["up_proj"]),
];
const DOWN: [&str; 6] = ["down", "w2", "fc2", "c_proj", "dense_4h_to_h", "down_proj"];

/// `targets` of a request. Where the words name no layer, those that mean queries, keys and values.
fn targets(text: &str) -> Value {
    if text.contains("linear") || text.trim() == "all" {
        return json!("all-linear");
    }
    let words: Vec<&str> = text.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_')).collect();
    let named = |names: &[&str]| words.iter().any(|word| names.contains(word));
    let mut modules: Vec<&str> =
        LAYERS.iter().filter(|(names, _)| named(names)).flat_map(|(_, modules)| modules.iter().copied()).collect();
    if named(&DOWN) {
        modules.push("down_proj");
    }
    let feeds = |module: &&str| matches!(*module, "gate_proj" | "up_proj" | "down_proj");
    if named(&["attention", "attn"]) && modules.iter().all(feeds) {
        modules.extend(["q_proj", "k_proj", "v_proj", "o_proj"]);
    }
    match modules.as_slice() {
        ["q_proj", "k_proj", "v_proj", "o_proj"] => json!("attention"),
        ["q_proj", "v_proj"] => json!("attention-qv"),
        [] => json!(["q_proj", "k_proj", "v_proj"]),
        modules => json!(modules),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_found_however_they_are_written() {
        for (written, set) in [
            ("q,k,v,o", json!("attention")),
            ("attention only", json!("attention")),
            ("['q_proj','v_proj']", json!("attention-qv")),
            ("query,value", json!("attention-qv")),
            ("every linear layer", json!("all-linear")),
            ("all", json!("all-linear")),
            ("default (attention qkv)", json!(["q_proj", "k_proj", "v_proj"])),
            ("default", json!(["q_proj", "k_proj", "v_proj"])),
            ("q,v,o + mlp", json!(["q_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])),
        ] {
            assert_eq!(targets(written), set, "{written}");
        }
    }
}
