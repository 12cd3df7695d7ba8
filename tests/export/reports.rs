//! The report is for people: units they read, words they know, nothing that is not there.

use super::plans::*;
use serde_json::json;
use whichcard::estimate::{Estimate, Verdict};
use whichcard::export::{Format, report};
use whichcard::model::Category;
use whichcard::request::Setup;
use whichcard::text::Lang;
use whichcard::wording;

/// What people send each other: tuning, serving on two cards, speech, images, vision, a model from nothing, clips, scenes.
fn sent() -> Vec<(Setup, Estimate)> {
    [
        json!({"model": "llama-3.1-8b", "job": {"kind": "qlora"}, "rig": {"card": "rtx-4090"}}),
        json!({"model": "llama-3.1-70b", "job": {"kind": "inference"}, "recipe": {"weights": "q4_k_m"}, "rig": {"card": "rtx-3090", "count": 2}}),
        json!({"model": "whisper-large-v3", "job": {"kind": "inference"}, "rig": {"card": "rtx-3060-12gb"}}),
        json!({"model": "sdxl-base", "job": {"kind": "inference"}, "rig": {"card": "rtx-4060"}}),
        json!({"model": "resnet-50", "job": {"kind": "pretrain"}, "rig": {"card": "rtx-3090"}}),
        json!({"model": "gpt2", "job": {"kind": "pretrain"}, "rig": {"card": "rtx-4090"}}),
        json!({"model": "wan2.1-t2v-1.3b", "job": {"kind": "inference"}, "rig": {"card": "rtx-4090"}}),
        json!({"model": "vit-b-16", "job": {"kind": "lora"}, "rig": {"card": "rtx-3090"}}),
        json!({"model": "bge-m3", "job": {"kind": "inference"}, "rig": {"card": "rtx-3090"}}),
        json!({"model": "bevformer-base", "job": {"kind": "pretrain"}, "rig": {"card": "rtx-3090"}}),
        json!({"model": "f5-tts-base", "job": {"kind": "inference"}, "rig": {"card": "rtx-4060"}}),
        json!({"model": "3dgs-gsplat", "job": {"kind": "inference"}, "rig": {"card": "rtx-4060"}}),
    ]
    .map(plan)
    .into_iter()
    .collect()
}

#[test]
fn it_answers_before_it_explains() {
    for (setup, estimate) in sent() {
        let text = report(&setup, &estimate, Lang::En, Some("https://example.org/?view=inspect"));
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert!(
            lines[0].starts_with("# ") && lines[0].contains(&setup.rig.card.name) && lines[0].contains(&setup.model.name),
            "{text}"
        );
        let word = match estimate.memory.verdict {
            Verdict::Fits => " fits on ",
            Verdict::Tight => " may just fit on ",
            Verdict::DoesNotFit => " does not fit on ",
        };
        assert!(lines[1].starts_with("**") && lines[1].contains(word), "{text}");
        assert!(lines[1].contains(&wording::memory(estimate.memory.total)), "{text}");
        assert!(text.trim_end().ends_with("<https://example.org/?view=inspect>"), "{text}");
        assert!(text.contains(&wording::durations(Lang::En, estimate.time.low, estimate.time.high)), "{text}");
        assert_eq!(
            text.contains("Nobody has measured"),
            text.contains("**Time**: Extrapolated") || text.contains("**Memory**: Extrapolated")
        );
    }
}

#[test]
fn nothing_in_it_is_zero_or_an_identifier() {
    for (setup, estimate) in sent() {
        for lang in Lang::ALL {
            let text = report(&setup, &estimate, *lang, None);
            for line in text.lines() {
                let value = line.rsplit([':', '：']).next().unwrap_or_default().trim();
                assert!(!value.starts_with("0 ") && value != "0" && !line.contains("| 0 |") && !line.contains("0.0 GiB"), "{line}");
                assert!(
                    !line.contains("<$0.01 for")
                        && !line.contains("次 \\<$0.01")
                        && !line.contains("NaN")
                        && !line.contains("inf "),
                    "{line}"
                );
            }
            // Keys of the request and of sentences are for programs.
            for key in ["recipe.", "job.", "app.", "export.", "kvCache", "microBatch", "bf16-", "rent-per-hour", "does-not-fit"] {
                assert!(!text.contains(key), "{key} in {text}");
            }
        }
    }
}

/// Names and units aside, a Chinese report is Chinese.
#[test]
fn labels_are_in_the_language() {
    for (setup, estimate) in sent() {
        let text = report(&setup, &estimate, Lang::ZhCn, None);
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for line in text.lines().filter(|line| line.starts_with("## ") || line.starts_with("- **")) {
            let label = line.split("**").nth(1).unwrap_or(line);
            assert!(chinese(label), "{line}");
        }
        // Titles of publications are as they are.
        let own: String = text.lines().filter(|line| !line.contains("](http")).collect();
        let english = ["tokens", "images", "hours", "limited", "Buying", "weights", " on "];
        assert!(english.iter().all(|word| !own.contains(word)), "{text}");
    }
}

#[test]
fn it_counts_what_the_model_makes() {
    let texts: Vec<(Setup, String)> = sent()
        .into_iter()
        .map(|(setup, estimate)| {
            let text = report(&setup, &estimate, Lang::En, None);
            (setup, text)
        })
        .collect();
    for (setup, text) in &texts {
        assert_eq!(text.contains("tokens/s"), setup.model.reads_text(), "{text}");
        assert_eq!(text.contains("real time"), setup.model.category == Category::SpeechRecognition, "{text}");
        assert_eq!(text.contains("Denoising steps"), setup.model.denoising.is_some(), "{text}");
        assert_eq!(text.contains("LoRA rank"), setup.adapters_only(), "{text}");
        assert_eq!(text.contains("Pipeline stages"), setup.rig.count == 2, "{text}");
        assert!(!text.contains("Sharding"), "nothing is sharded: {text}");
    }
    // What costs next to nothing once is told by what such services sell.
    let (_, whisper) = &texts[2];
    assert!(whisper.contains("per hour of audio") && !whisper.contains("<$"), "{whisper}");
}

#[test]
fn underscores_within_words_are_not_escaped() {
    let (setup, estimate) = plan(
        json!({"model": "llama-3.1-8b", "job": {"kind": "inference"}, "recipe": {"weights": "q4_k_m"}, "rig": {"card": "rtx-3090"}}),
    );
    assert!(file(&(setup, estimate), Format::Markdown).text.contains("GGUF Q4_K_M"));
}

/// The reports of a request in both languages.
fn both(request: serde_json::Value) -> [String; 2] {
    let (setup, estimate) = plan(request);
    [Lang::En, Lang::ZhCn].map(|lang| report(&setup, &estimate, lang, None))
}

fn holds(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|own| own.starts_with(line)), "{line} is not in {text}");
    }
}

#[test]
fn a_part_in_main_memory_is_said_in_the_verdict() {
    let run = json!({"model": "llama-3.1-70b", "job": {"kind": "inference"}, "recipe": {"weights": "q4_k_m", "offload": "layers:68"}, "rig": {"card": "rtx-4060"}});
    let train =
        json!({"model": "gpt2", "job": {"kind": "pretrain"}, "recipe": {"offload": "optimizer"}, "rig": {"card": "rtx-4090"}});
    for request in [run, train] {
        let [english, chinese] = both(request);
        assert!(
            english.contains("with part of it in main memory.**") && english.contains("Main memory holds another"),
            "{english}"
        );
        assert!(chinese.contains("借助内存放得下") && chinese.contains("放在内存里"), "{chinese}");
    }
    let [english, _] = both(json!({"model": "gpt2", "job": {"kind": "pretrain"}, "rig": {"card": "rtx-4090"}}));
    assert!(english.contains("fits on GeForce RTX 4090.**"), "{english}");
}

#[test]
fn a_clip_has_a_size_and_a_time() {
    let [english, chinese] =
        both(json!({"model": "wan2.1-t2v-1.3b", "job": {"kind": "inference", "concurrency": 2}, "rig": {"card": "rtx-4090"}}));
    holds(&english, &["- **Each clip**: 832 × 480 pixels, 81 frames, 5.1\u{a0}s", "- **Clips at once**: 2"]);
    holds(&chinese, &["- **每段视频**：832 × 480 像素，81 帧，5.1\u{a0}秒", "- **每批段数**：2"]);
    assert!(!chinese.contains("几张") && !chinese.contains("图像"), "{chinese}");
    let [other, _] =
        both(json!({"model": "wan2.1-t2v-1.3b", "job": {"kind": "lora", "sequenceLength": 75_600}, "rig": {"card": "rtx-4090"}}));
    holds(&other, &["- **Latent tokens of a clip**: 75,600", "- **Clips, all passes**: "]);
    let [whisper, _] = both(json!({"model": "whisper-small", "job": {"kind": "full-finetune"}, "rig": {"card": "rtx-3090"}}));
    holds(&whisper, &["- **Each clip**: 30\u{a0}s", "- **Target length**: "]);
}

#[test]
fn only_pictures_have_sides() {
    for (model, side) in
        [("vit-b-16", Some("224")), ("resnet-50", Some("224")), ("sam-vit-b", Some("1,024")), ("f5-tts-base", None)]
    {
        let [text, _] = both(json!({"model": model, "job": {"kind": "inference"}, "rig": {"card": "rtx-3090"}}));
        let said = text.lines().find_map(|line| line.strip_prefix("- **Image side, pixels**: "));
        assert_eq!(said, side, "{text}");
    }
}

#[test]
fn what_writes_nothing_generates_nothing() {
    let [text, _] = both(json!({"model": "bge-m3", "job": {"kind": "inference"}, "rig": {"card": "rtx-3090"}}));
    assert!(!text.contains("Generation speed") && !text.contains("One answer") && !text.contains("Answer tokens"), "{text}");
    let [text, _] = both(json!({"model": "t5-base", "job": {"kind": "inference"}, "rig": {"card": "rtx-3090"}}));
    holds(&text, &["- **Generation speed**", "- **One answer**", "- **Answer tokens**"]);
}

#[test]
fn a_training_is_paid_once() {
    let tiny = json!({"model": "vit-b-16", "job": {"kind": "lora", "samples": 100}, "rig": {"card": "rtx-3090"}});
    assert!(both(tiny).iter().all(|text| !text.contains("1,000 times") && !text.contains("每千次")));
}
