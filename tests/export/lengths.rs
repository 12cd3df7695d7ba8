//! However a program counts, it trains as long as the plan does.

use super::plans::*;
use serde_json::json;
use whichcard::export::Format;

/// What a script hands to its program, variables worked out by a shell; `data` is how much there is of what it counts.
fn run(script: &str, counted: &str, data: u64) -> Vec<String> {
    let told = |line: &str| if line.starts_with(counted) { format!("{counted}{data}") } else { line.to_owned() };
    let script: Vec<String> = script.lines().map(told).collect();
    let shown = "tune() { printf '%s\\n' \"$@\"; }; python() { tune \"$@\"; }; yolo() { tune \"$@\"; }\n";
    let output = std::process::Command::new("sh").arg("-c").arg(format!("{shown}{}", script.join("\n"))).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn number(words: &[String], name: &str) -> u64 {
    words.iter().find_map(|word| word.strip_prefix(name)).unwrap_or_else(|| panic!("{name} in {words:?}")).parse().unwrap()
}

/// 32,000 sequences of 1,024 tokens, 16 a step: however a program counts, it trains 2,000 steps, whether
/// the goal was said in tokens or in samples.
#[test]
fn every_file_trains_as_long_as_the_plan() {
    for amount in [json!({ "tokens": 32_768_000 }), json!({ "samples": 8000, "epochs": 4 })] {
        let mut job = json!({ "kind": "lora", "sequenceLength": 1024, "globalBatch": 16 });
        job.as_object_mut().unwrap().extend(amount.as_object().unwrap().clone());
        let plan =
            plan(json!({ "model": "llama-3.1-8b", "job": job, "recipe": { "microBatch": 2 }, "rig": { "card": "rtx-3090" } }));
        for (format, setting) in [
            (Format::Trl, "--max_steps 2000"),
            (Format::Peft, "max_steps=2000,"),
            (Format::Unsloth, "max_steps=2000,"),
            (Format::LlamaFactory, "max_steps: 2000"),
            (Format::Axolotl, "max_steps: 2000"),
        ] {
            let text = file(&plan, format).text;
            assert!(text.contains(setting) && !text.contains("epochs"), "{format:?}: {text}");
        }
        let script = file(&plan, Format::Torchtune).text;
        for data in [32_000, 8000, 3000] {
            let words = run(&script, "SEQUENCES=", data);
            let (epochs, most) = (number(&words, "epochs="), number(&words, "max_steps_per_epoch="));
            let steps = epochs * most.min(data / 16);
            assert!((2000..2000 + epochs).contains(&steps), "{data} sequences: {epochs} x {most}");
        }
    }
}

#[test]
fn images_are_seen_as_often_as_the_plan_has_them() {
    for (model, format, name) in [("resnet-50", Format::Timm, "--epochs"), ("yolo11m", Format::Ultralytics, "epochs=")] {
        let plan =
            plan(json!({ "model": model, "job": { "kind": "full-finetune", "samples": 120_000 }, "rig": { "card": "rtx-3090" } }));
        let words = run(&file(&plan, format).text, "IMAGES=", 10_000);
        let epochs = option(&words, name).map_or_else(|| number(&words, name), |epochs| epochs.parse().unwrap());
        assert_eq!(epochs, 12, "{model}: {words:?}");
    }
}
