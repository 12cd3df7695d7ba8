//! How cards share a job, from a source's words.

use super::record::Record;
use serde_json::{Value, json};

/// The `parallelism` of a record in one spelling: "ZeRO-3", "zero stage 3" and "deepspeed zero 3" are `zero3`, "TP=4" is `tp4`.
pub fn words(record: &Record) -> String {
    let lower = record.lower("parallelism").replace("stage", "").replace("tensor parallel", "tp").replace("tensor_parallel", "tp");
    let lower = lower.replace("pipeline parallel", "pp").replace("pipeline", "pp").replace("shard_grad_op", "zero2");
    let mut text = String::with_capacity(lower.len());
    for sign in lower.chars() {
        if sign.is_ascii_digit() && ends_with_degree(&text) {
            text.truncate(text.trim_end_matches([' ', '=', '-', '_', ':']).len());
        }
        text.push(sign);
    }
    text
}

/// Whether a number that comes next belongs to the word before.
fn ends_with_degree(text: &str) -> bool {
    let word = text.trim_end_matches([' ', '=', '-', '_', ':']);
    ["zero", "tp", "pp", "dp", "ep", "cp"].iter().any(|kind| word.ends_with(kind))
}

/// Writes how the cards of a record share the job into a recipe.
pub fn write(recipe: &mut Value, record: &Record) {
    let cards = record.cards();
    let text = words(record);
    if cards <= 1.0 && text.is_empty() {
        return;
    }
    // Where nothing is said servers slice every layer, and everything else that runs a model hands it on from card to card
    // (llama.cpp, ExLlama, `device_map` of transformers).
    let language =
        matches!(record.text("modality"), "" | "lm") && record.value("image_size").is_none() && record.text("phase") != "generate";
    let unsaid = text.is_empty() && !record.trains() && language;
    let serves = matches!(recipe["stack"].as_str(), Some("vllm" | "tensorrt-llm"));
    let layers = ["layer split", "device_map", "model parallel", "naive"].iter().any(|word| text.contains(word)) || text == "pp";
    recipe["parallel"] = if layers || unsaid && !serves {
        json!({"pipeline": cards})
    } else if text == "tp" || unsaid {
        json!({"tensor": cards})
    } else if let Some((tensor, pipeline)) = cut(&text).filter(|(tensor, pipeline)| tensor * pipeline <= cards) {
        json!({"tensor": tensor, "pipeline": pipeline, "data": (cards / (tensor * pipeline)).floor()})
    } else {
        json!({"sharding": sharding(&text), "data": cards})
    };
    if text.contains("offload") || text.contains("infinity") || record.lower("note").contains("cpu offload with") {
        let weights_stay = recipe["parallel"]["sharding"] != "zero3" && text.contains("zero");
        recipe["offload"] = json!(if weights_stay { "optimizer" } else { "optimizer-and-weights" });
    }
}

fn sharding(text: &str) -> &'static str {
    match text {
        _ if text.contains("zero2") => "zero2",
        _ if text.contains("zero1") => "zero1",
        _ if ["fsdp", "hsdp", "zero3", "infinity"].iter().any(|word| text.contains(word)) => "zero3",
        _ if text.contains("zero") && text.contains("offload") => "zero2",
        _ => "ddp",
    }
}

/// Slices of each layer and stages of layers of "tp8 pp35" and the like; the rest of the cards are replicas.
fn cut(text: &str) -> Option<(f64, f64)> {
    let degree = |kind: &str| {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.find_map(|word| word.strip_prefix(kind)?.parse::<u32>().ok()).filter(|degree| *degree > 0)
    };
    let (tensor, pipeline) = (degree("tp"), degree("pp"));
    tensor.or(pipeline).map(|_| (f64::from(tensor.unwrap_or(1)), f64::from(pipeline.unwrap_or(1))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accuracy::record::Record;

    fn written(text: &str) -> Value {
        let fields = json!({"parallelism": text, "n_gpus": 4, "task": "full_finetune", "measured_gb": 1});
        let mut recipe = json!({});
        write(&mut recipe, &Record::new(fields.as_object().cloned().unwrap_or_default()));
        recipe
    }

    #[test]
    fn ways_of_sharing_are_found_however_they_are_written() {
        for (text, sharding) in [
            ("fsdp", "zero3"),
            ("FSDP SHARD_GRAD_OP", "zero2"),
            ("ZeRO-3", "zero3"),
            ("deepspeed zero stage 2", "zero2"),
            ("zero 1", "zero1"),
            ("DDP", "ddp"),
        ] {
            assert_eq!(written(text)["parallel"]["sharding"], sharding, "{text}");
        }
        assert_eq!(written("TP=4")["parallel"]["tensor"], 4.0);
        assert_eq!(written("tensor parallel")["parallel"]["tensor"], 4.0);
        assert_eq!(written("tp 2, pp 2")["parallel"], json!({"tensor": 2.0, "pipeline": 2.0, "data": 1.0}));
        assert_eq!(written("")["parallel"]["sharding"], "ddp");
        assert_eq!(written("device_map=auto")["parallel"]["pipeline"], 4.0);
        assert_eq!(written("ZeRO-Offload")["offload"], "optimizer");
        assert_eq!(written("zero3 cpu offload")["offload"], "optimizer-and-weights");
    }
}
