//! What scripts of transformers have to say besides settings, so that they run: each was found by running one.

use super::plans::*;
use serde_json::{Value, json};
use whichcard::estimate::Estimate;
use whichcard::export::Format;
use whichcard::request::Setup;

fn job(model: &str, kind: &str, recipe: Value) -> (Setup, Estimate) {
    plan(json!({ "model": model, "job": { "kind": kind }, "recipe": recipe, "rig": { "card": "rtx-4090" } }))
}

fn script(model: &str, kind: &str, recipe: Value) -> String {
    let text = file(&job(model, kind, recipe), Format::Transformers).text;
    python(&text);
    text
}

/// It is at random at first: adapters of a classifier are worth nothing without it, and bitsandbytes has no weights of it to quantise.
#[test]
fn a_layer_for_classes_is_trained_and_saved_with_adapters() {
    let lora = script("bert-base", "lora", json!({}));
    assert!(lora.contains("task_type=\"SEQ_CLS\",") && !lora.contains("llm_int8_skip_modules"), "{lora}");
    for weights in ["nf4", "int8"] {
        let quantised = script("roberta-large", "qlora", json!({ "weights": weights }));
        assert!(quantised.contains("llm_int8_skip_modules=[\"classifier\", \"score\"],"), "{quantised}");
    }
    // What writes or listens has its last layer from the checkpoint.
    for model in ["t5-large", "whisper-small"] {
        let text = script(model, "qlora", json!({ "weights": "nf4" }));
        assert!(
            !text.contains("task_type") && !text.contains("llm_int8_skip_modules") && !text.contains("modules_to_save"),
            "{text}"
        );
    }
}

/// The same of letters; and PEFT asks this model for embeddings, which it has none of, when it saves.
#[test]
fn a_layer_for_letters_is_trained_and_saved_with_adapters() {
    let text = script("wav2vec2-base", "lora", json!({}));
    let (none, made) = (text.find("model.get_input_embeddings = lambda: None\n"), text.find("model = get_peft_model("));
    assert!(none.is_some() && none < made && text.contains("modules_to_save=[\"lm_head\"],"), "{text}");
}

/// Samples of sound are FP32, and a model in 16 bits takes them only where autocast converts them.
#[test]
fn samples_of_sound_have_the_numbers_of_the_model() {
    for (precision, casts) in [("bf16-pure", true), ("fp16-pure", true), ("bf16-autocast", false), ("fp32", false)] {
        let text = script("whisper-large-v3", "full-finetune", json!({ "precision": precision }));
        assert_eq!(text.contains("data_collator=collate,") && text.contains("def collate(samples):"), casts, "{text}");
        assert_eq!(
            text.contains("import AutoModelForSpeechSeq2Seq, Seq2SeqTrainer, Seq2SeqTrainingArguments, default_data_collator"),
            casts
        );
    }
    assert!(!script("bert-base", "full-finetune", json!({ "precision": "bf16-pure" })).contains("collate(samples)"));
}

/// Of four batches the Trainer would report four times the loss, and clip gradients that are four times as large.
#[test]
fn losses_of_accumulated_batches_are_averaged() {
    let averaged = |model: &str, batch: u64| {
        let plan =
            plan(json!({ "model": model, "job": { "kind": "full-finetune", "globalBatch": batch }, "recipe": { "microBatch": 2 },
            "rig": { "card": "rtx-4090" } }));
        file(&plan, Format::Transformers).text.contains("\ntrainer.model_accepts_loss_kwargs = False\ntrainer.train()")
    };
    for model in ["bert-base", "t5-large", "whisper-small"] {
        assert!(averaged(model, 8) && !averaged(model, 2), "{model}");
    }
    assert!(!averaged("wav2vec2-base", 8), "its loss is a sum in a batch as well");
}

/// The words of LLaMA-Factory and Axolotl for every linear layer find none in GPT-2, whose are of a class of their own.
#[test]
fn every_linear_layer_of_gpt_2_is_named() {
    let read = |model: &str, format| yaml(&file(&job(model, "lora", json!({})), format).text);
    let targets = |model: &str| read(model, Format::LlamaFactory)["lora_target"].clone();
    assert_eq!((targets("gpt2"), targets("pythia-160m")), (json!("c_attn,c_fc,c_proj"), json!("all")));
    let gpt2 = read("gpt2", Format::Axolotl);
    assert_eq!(gpt2["lora_target_modules"], json!(["c_attn", "c_fc", "c_proj"]));
    assert!(gpt2["lora_target_linear"].is_null(), "it would look for them by itself");
}

/// The plan has no adapters on experts, and PEFT's word for every linear layer would put one on each: of Qwen3 30B-A3B 70 times as many
/// weights. Names of projections that experts share with other layers would, too.
#[test]
fn experts_have_no_adapters_that_were_not_planned() {
    let attention = ["q_proj", "k_proj", "v_proj", "o_proj"];
    for model in ["qwen3-30b-a3b", "mixtral-8x7b", "gpt-oss-20b"] {
        let plan = plan(json!({ "model": model, "job": { "kind": "lora" }, "recipe": { "weights": "bf16" },
            "rig": { "card": "b200" } }));
        let trl = file(&plan, Format::Trl).text;
        assert!(trl.contains("--lora_target_modules q_proj k_proj v_proj o_proj"), "{trl}");
        assert!(says(&plan, Format::Trl, "adapters on each expert"), "{trl}");
        let peft = file(&plan, Format::Peft).text;
        assert!(peft.contains("target_modules=[\"q_proj\", \"k_proj\", \"v_proj\", \"o_proj\"],"), "{peft}");
        assert_eq!(yaml(&file(&plan, Format::Axolotl).text)["lora_target_modules"], json!(attention), "{model}");
        if Format::LlamaFactory.applies(&plan.0) {
            assert_eq!(yaml(&file(&plan, Format::LlamaFactory).text)["lora_target"], json!(attention.join(",")), "{model}");
        }
    }
    let named = |model: &str| {
        let plan = plan(json!({ "model": model, "job": { "kind": "lora" }, "recipe": { "weights": "bf16" },
            "rig": { "card": "b200", "count": 8 } }));
        file(&plan, Format::Trl).text
    };
    assert!(named("deepseek-v2-lite").contains(" o_proj q_a_proj q_b_proj kv_a_proj_with_mqa kv_b_proj"));
    assert!(named("qwen3-vl-30b-a3b").contains(r"'.*language_model.*\.(q_proj|k_proj|v_proj|o_proj)'"));
    for (model, word) in
        [("llama-3.2-1b", "--lora_target_modules all-linear"), ("qwen2.5-vl-7b", r"'.*language_model.*_proj(_\w+)?'")]
    {
        assert!(named(model).contains(word), "{model}");
    }
}

/// GPT-2 calls the outputs of attention and of the feed-forward layer the same.
#[test]
fn adapters_on_attention_are_on_nothing_else() {
    let plan = job("gpt2", "lora", json!({ "lora": { "targets": "attention" } }));
    assert!(file(&plan, Format::Peft).text.contains("target_modules=[\"c_attn\", \"attn.c_proj\"],"));
}

/// It would end the training with an error before it began.
#[test]
fn the_output_of_mamba_has_no_adapter() {
    let falcon = job("falcon-h1-0.5b", "lora", json!({}));
    let words = command(&file(&falcon, Format::Trl).text);
    assert_eq!(option(&words, "--lora_target_modules"), Some("q_proj"));
    assert!(words.iter().any(|word| word == "in_proj") && !words.iter().any(|word| word == "out_proj"), "{words:?}");
    assert!(says(&falcon, Format::Trl, "PEFT refuses adapters on it"));
    assert!(file(&job("llama-3.2-1b", "lora", json!({})), Format::Trl).text.contains("--lora_target_modules all-linear"));
}

#[test]
fn what_reads_sound_is_named() {
    let plan = job("whisper-small", "inference", json!({}));
    assert!(says(&plan, Format::Transcribe, "ffmpeg") && !says(&plan, Format::FasterWhisper, "ffmpeg"));
}
