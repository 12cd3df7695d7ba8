//! Jobs that are no text from a decoder: images made and seen, speech, encoders, translation.

use super::plans::*;
use serde_json::{Value, json};
use whichcard::estimate::Estimate;
use whichcard::export::{Format, Lack, formats, left_out};
use whichcard::request::{Keyword, Setup};

fn job(model: &str, kind: &str, recipe: Value, count: u32) -> (Setup, Estimate) {
    plan(json!({"model": model, "job": {"kind": kind}, "recipe": recipe, "rig": {"card": "rtx-3090", "count": count}}))
}

/// The only call that begins with this, as one statement.
fn call(text: &str, head: &str) -> String {
    let found: Vec<String> = python(text).into_iter().filter(|statement| statement.starts_with(head)).collect();
    assert_eq!(found.len(), 1, "{head} in {text}");
    found.into_iter().next().unwrap()
}

#[test]
fn every_job_is_offered_the_files_that_fit_it() {
    for (model, kind, count, files) in [
        ("sdxl-base", "inference", 1, &["diffusers"][..]),
        ("wan2.1-t2v-1.3b", "inference", 1, &["diffusers"]),
        ("wan2.1-t2v-1.3b", "lora", 1, &[]),
        ("sdxl-base", "lora", 1, &["diffusers-lora"]),
        ("flux.1-dev", "lora", 2, &["diffusers-lora"]),
        ("resnet-50", "pretrain", 1, &["timm"]),
        ("resnet-50", "full-finetune", 2, &["timm"]),
        ("resnet-50", "inference", 1, &[]),
        ("dinov3-vit-b", "full-finetune", 1, &["timm"]),
        ("yolo11n", "pretrain", 2, &["ultralytics"]),
        ("yolov8x", "inference", 1, &["ultralytics"]),
        ("whisper-small", "inference", 1, &["transcribe", "faster-whisper"]),
        ("wav2vec2-base", "inference", 1, &["transcribe"]),
        ("whisper-small", "full-finetune", 1, &["transformers"]),
        ("wav2vec2-base", "full-finetune", 2, &["accelerate", "transformers"]),
        ("conformer-s", "full-finetune", 1, &[]),
        ("bert-base", "pretrain", 1, &["transformers"]),
        ("flan-t5-base", "lora", 1, &["transformers"]),
        ("kokoro-82m", "inference", 1, &[]),
    ] {
        let (setup, _) = job(model, kind, json!({}), count);
        let offered: Vec<&str> =
            formats(&setup).into_iter().filter(|format| format.program().is_some()).map(Keyword::name).collect();
        assert_eq!(offered, files, "{model} {kind}");
    }
}

#[test]
fn speech_is_heard_with_as_many_beams_as_planned() {
    let heard = |beams: u64, format| {
        let request = json!({"model": "whisper-small", "job": {"kind": "inference", "beams": beams}, "rig": {"card": "rtx-4090"}});
        file(&plan(request), format).text
    };
    assert!(heard(5, Format::FasterWhisper).contains("beam_size=5,") && heard(1, Format::FasterWhisper).contains("beam_size=1,"));
    assert!(heard(5, Format::Transcribe).contains("num_beams=5,") && !heard(1, Format::Transcribe).contains("beams"));
}

#[test]
fn images_are_made_as_planned() {
    let request = json!({"model": "sdxl-base", "job": {"kind": "inference", "output": 30, "concurrency": 4},
        "recipe": {"offload": "companions", "precision": "fp16-pure", "weights": "fp16"}, "rig": {"card": "rtx-4060"}});
    let text = file(&plan(request), Format::Diffusers).text;
    call(&text, "pipe = StableDiffusionXLPipeline.from_pretrained(");
    assert!(
        text.contains("DTYPE = torch.float16")
            && text.contains("pipe.enable_model_cpu_offload()")
            && !text.contains(".to(\"cuda\")"),
        "{text}"
    );
    assert!(!text.contains("tiling"), "{text}");
    for (model, calls) in [
        ("sdxl-base", "pipe.vae.enable_tiling()\npipe.vae.tile_sample_min_size, pipe.vae.tile_latent_min_size = 512, 64"),
        ("qwen-image", "pipe.vae.enable_tiling(512, 512, 384, 384)"),
    ] {
        let tiles = file(&job(model, "inference", json!({"vaeTiling": "tiles"}), 1), Format::Diffusers);
        assert!(tiles.text.contains(&format!("pipe.vae.enable_slicing()\n{calls}")), "{}", tiles.text);
        assert!(!tiles.notes.iter().any(|note| note.contains("VAE")), "{:?}", tiles.notes);
    }
    let made = call(&text, "images = pipe(");
    for setting in ["height=1024,", "width=1024,", "num_inference_steps=30,", "num_images_per_prompt=4,", "guidance_scale=5.0,"] {
        assert!(made.contains(setting), "{setting} in {made}");
    }
    for (model, class) in [
        ("sd-1.5", "StableDiffusionPipeline"),
        ("sd3.5-large", "StableDiffusion3Pipeline"),
        ("flux.1-schnell", "FluxPipeline"),
        ("flux.2-dev", "Flux2Pipeline"),
        ("flux.2-klein-4b", "Flux2KleinPipeline"),
        ("qwen-image", "QwenImagePipeline"),
        ("z-image-turbo", "ZImagePipeline"),
    ] {
        let text = file(&job(model, "inference", json!({"weights": "nf4"}), 1), Format::Diffusers).text;
        let loaded = call(&text, &format!("pipe = {class}.from_pretrained("));
        assert!(
            loaded.contains("quant_backend=\"bitsandbytes_4bit\"") && loaded.contains("\"bnb_4bit_quant_type\": \"nf4\""),
            "{loaded}"
        );
        assert!(loaded.contains("text_encoder"), "the text encoder counts as quantised too: {loaded}");
        assert!(text.contains("pipe.to(\"cuda\")"), "{text}");
    }
}

#[test]
fn adapters_of_images_are_trained_as_planned() {
    let recipe = json!({"precision": "bf16-autocast", "weights": "bf16", "optimizer": "adamw-8bit", "checkpointing": "full",
        "microBatch": 1, "gradientAccumulation": 4, "lora": {"rank": 16}});
    let flux = job("flux.1-dev", "lora", recipe, 2);
    let text = file(&flux, Format::DiffusersLora).text;
    let words = command(&text);
    assert!(text.contains("accelerate launch --num_processes 2 --mixed_precision bf16 train_dreambooth_lora_flux.py"), "{text}");
    for (name, value) in [
        ("--pretrained_model_name_or_path", "$MODEL"),
        ("--instance_data_dir", "$IMAGES"),
        ("--resolution", "1024"),
        ("--train_batch_size", "1"),
        ("--gradient_accumulation_steps", "4"),
        ("--rank", "16"),
        ("--optimizer", "adamw"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}: {text}");
    }
    for bare in ["--use_8bit_adam", "--gradient_checkpointing"] {
        assert!(words.iter().any(|word| word == bare), "{bare}");
    }
    // What the older scripts have no option for is not asked of them.
    let first = file(&job("sd-1.5", "lora", json!({}), 1), Format::DiffusersLora).text;
    assert!(first.contains("train_dreambooth_lora.py") && !first.contains("--optimizer") && !first.contains("--lora_alpha"));
    let odd = file(&job("flux.1-dev", "lora", json!({"optimizer": "lion"}), 1), Format::DiffusersLora).text;
    assert!(odd.lines().any(|line| line.contains("no setting") && line.contains("Lion")), "{odd}");
}

#[test]
fn clips_are_made_as_planned() {
    let request = json!({"model": "wan2.2-ti2v-5b", "job": {"kind": "inference", "concurrency": 2}, "rig": {"card": "rtx-4090"}});
    let text = file(&plan(request), Format::Diffusers).text;
    let made = call(&text, "clips = pipe(");
    for setting in ["height=704,", "width=1280,", "num_frames=121,", "num_inference_steps=50,", "num_videos_per_prompt=2,"] {
        assert!(made.contains(setting), "{setting} in {made}");
    }
    call(&text, "export_to_video(clips[0], \"clip.mp4\", fps=24)");
    let text = file(&job("wan2.2-t2v-a14b", "inference", json!({"weights": "nf4"}), 1), Format::Diffusers).text;
    assert!(call(&text, "pipe = WanPipeline.from_pretrained(").contains("\"transformer_2\""), "{text}");
    let other =
        json!({"model": "wan2.1-t2v-1.3b", "job": {"kind": "inference", "sequenceLength": 75_600}, "rig": {"card": "rtx-4090"}});
    assert!(!Format::Diffusers.applies(&plan(other).0), "nothing says what size so many tokens are");
}

#[test]
fn labels_of_pairs_have_a_length() {
    let request =
        json!({"model": "flan-t5-base", "job": {"kind": "full-finetune", "targetLength": 77}, "rig": {"card": "rtx-3090"}});
    assert!(says(&plan(request), Format::Transformers, "Labels have at most 77 tokens."));
}

#[test]
fn classifiers_are_trained_by_timm() {
    let request = json!({"model": "vit-b-16", "job": {"kind": "full-finetune", "globalBatch": 512},
        "recipe": {"microBatch": 64, "precision": "bf16-autocast", "checkpointing": "full", "optimizer": "sgd-momentum"},
        "rig": {"card": "rtx-3090", "count": 2}});
    let export = file(&plan(request), Format::Timm);
    let words = command(&export.text);
    assert_eq!(words[..4], ["torchrun", "--nproc_per_node", "2", "train.py"]);
    for (name, value) in [
        ("--model", "vit_base_patch16_224"),
        ("--batch-size", "64"),
        ("--grad-accum-steps", "4"),
        ("--amp-dtype", "bfloat16"),
        ("--opt", "momentum"),
        ("--data-dir", "$DATA"),
        ("--epochs", "$EPOCHS"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}");
    }
    for bare in ["--amp", "--grad-checkpointing", "--pretrained"] {
        assert!(words.iter().any(|word| word == bare), "{bare}");
    }
    assert!(export.notes.iter().any(|note| note.contains("100,000 images")), "{:?}", export.notes);
    assert!(!export.text.contains("--lr"), "its own rate is made for SGD");
    let scratch = command(&file(&job("resnet-50", "pretrain", json!({"precision": "fp32"}), 1), Format::Timm).text);
    assert_eq!((scratch[0].as_str(), option(&scratch, "--img-size")), ("python", Some("224")));
    assert!(!scratch.iter().any(|word| word == "--pretrained" || word == "--amp"));
}

#[test]
fn detectors_are_trained_and_run_by_ultralytics() {
    let request = json!({"model": "yolo11n", "job": {"kind": "full-finetune", "globalBatch": 64},
        "recipe": {"microBatch": 16, "precision": "fp16-autocast"}, "rig": {"card": "rtx-3090", "count": 2}});
    let words = command(&file(&plan(request), Format::Ultralytics).text);
    assert_eq!(words[..3], ["yolo", "detect", "train"]);
    for word in ["model=yolo11n.pt", "imgsz=640", "batch=32", "nbs=64", "device=0,1", "amp=True", "optimizer=AdamW"] {
        assert!(words.contains(&word.to_owned()), "{word} in {words:?}");
    }
    let words = command(&file(&job("yolo11n", "inference", json!({}), 1), Format::Ultralytics).text);
    assert_eq!(words[..3], ["yolo", "detect", "predict"]);
    assert!(words.contains(&"quantize=16".to_owned()) && words.contains(&"batch=1".to_owned()), "{words:?}");
    assert!(
        command(&file(&job("yolo11n", "pretrain", json!({}), 1), Format::Ultralytics).text)
            .contains(&"model=yolo11n.yaml".to_owned())
    );
}

#[test]
fn speech_is_heard_and_learnt() {
    let request = json!({"model": "whisper-large-v3", "job": {"kind": "inference", "concurrency": 8},
        "recipe": {"attention": "memory-efficient"}, "rig": {"card": "rtx-3060-12gb"}});
    let request = plan(request);
    let heard = call(&file(&request, Format::Transcribe).text, "listen = pipeline(");
    for setting in [
        "\"automatic-speech-recognition\",",
        "dtype=torch.bfloat16,",
        "batch_size=8,",
        "attn_implementation=\"sdpa\",",
        "chunk_length_s=30,",
    ] {
        assert!(heard.contains(setting), "{setting} in {heard}");
    }
    let faster = file(&request, Format::FasterWhisper);
    assert!(call(&faster.text, "model = WhisperModel(").contains("\"large-v3\",device=\"cuda\",compute_type=\"bfloat16\","));
    assert!(call(&faster.text, "segments, info = ").contains("batch_size=8,"));
    assert!(faster.notes.iter().any(|note| note.contains("another program")), "{:?}", faster.notes);
    let learnt = file(&job("whisper-small", "lora", json!({"microBatch": 4, "lora": {"rank": 8}}), 1), Format::Transformers).text;
    call(&learnt, "model = AutoModelForSpeechSeq2Seq.from_pretrained(");
    let trainer = call(&learnt, "trainer = Seq2SeqTrainer(");
    assert!(trainer.contains("args=Seq2SeqTrainingArguments(") && trainer.contains("per_device_train_batch_size=4,"), "{trainer}");
    assert!(call(&learnt, "model = get_peft_model(").contains("r=8,"));
    assert!(!learnt.contains("packing") && !learnt.contains("max_length"), "TRL's own: {learnt}");
}

#[test]
fn encoders_and_translation_have_trainers_of_their_own() {
    let scratch = file(&job("bert-base", "pretrain", json!({}), 1), Format::Transformers).text;
    let shaped = call(&scratch, "model = AutoModelForMaskedLM.from_config(");
    assert!(shaped.contains("AutoConfig.from_pretrained(MODEL),"), "from nothing: {shaped}");
    assert!(call(&scratch, "trainer = Trainer(").contains("data_collator=DataCollatorForLanguageModeling("));
    let tuned = file(&job("chinese-roberta-wwm-ext", "full-finetune", json!({}), 1), Format::Transformers).text;
    call(&tuned, "model = AutoModelForSequenceClassification.from_pretrained(");
    let t5 = file(&job("flan-t5-base", "full-finetune", json!({"attention": "flash"}), 1), Format::Transformers).text;
    assert!(call(&t5, "model = AutoModelForSeq2SeqLM.from_pretrained(").contains("attn_implementation=\"sdpa\","), "{t5}");
    assert!(call(&t5, "trainer = Seq2SeqTrainer(").contains("data_collator=DataCollatorForSeq2Seq("));
    for text in [&scratch, &tuned, &t5] {
        // Whatever is called has been imported.
        let imported = text.lines().find(|line| line.starts_with("from transformers import")).unwrap();
        for class in ["AutoConfig", "AutoTokenizer", "Seq2SeqTrainer", "DataCollatorForSeq2Seq", "DataCollatorWithPadding"] {
            assert_eq!(text.matches(class).count() > 1, imported.contains(class), "{class} in {text}");
        }
    }
}

#[test]
fn what_is_not_offered_has_a_reason() {
    let missing = |model: &str, kind: &str, recipe: Value, count| left_out(&job(model, kind, recipe, count).0);
    let serving = |weights: &str| missing("llama-3.1-8b", "inference", json!({"weights": weights}), 1);
    assert_eq!(serving("q4_k_m"), [(Format::Vllm, Lack::Weights)]);
    assert_eq!(serving("gptq-4"), [(Format::LlamaCpp, Lack::Weights), (Format::Ollama, Lack::Weights)]);
    assert_eq!(serving("bf16"), []);
    assert_eq!(missing("flux.1-dev", "inference", json!({}), 2), [(Format::Diffusers, Lack::Cards)]);
    assert_eq!(missing("whisper-small", "inference", json!({"weights": "int8"}), 1), [(Format::Transcribe, Lack::Weights)]);
    assert_eq!(missing("deepseek-v3", "pretrain", json!({"stack": "megatron"}), 2), [(Format::Megatron, Lack::Job)]);
    // TRL reads NF4; what it does not quantise are experts.
    for (format, lack) in missing("qwen3-30b-a3b", "qlora", json!({"weights": "nf4"}), 1) {
        assert!(lack == if format == Format::Torchtune { Lack::Job } else { Lack::Experts }, "{format:?}: {lack:?}");
    }
    assert!(missing("qwen3-30b-a3b", "qlora", json!({"weights": "nf4"}), 1).contains(&(Format::Trl, Lack::Experts)));
    // What nobody looks for is not missed.
    for (model, kind) in
        [("llama-3.1-8b", "qlora"), ("resnet-50", "inference"), ("kokoro-82m", "inference"), ("bert-base", "pretrain")]
    {
        assert_eq!(missing(model, kind, json!({}), 1), [], "{model} {kind}");
    }
}
