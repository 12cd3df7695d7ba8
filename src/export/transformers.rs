//! Transformers without TRL: a training script for what is no decoder of text, and one that listens.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet, Value};
use super::{Format, in_backward, machines, peft, quote, replicas, terms, trainer};
use crate::model::{BlockStyle, Category, Network};
use crate::request::{CacheFormat, JobKind, LossKernel, Setup, WeightFormat};

/// The class a model is loaded with, and what puts its samples together; samples of speech are of one length already.
fn class(setup: &Setup) -> Option<(&'static str, Option<&'static str>)> {
    let model = &setup.model;
    match model.category {
        // A tower of CLIP ends in no layer for classes.
        Category::Encoder if matches!(&model.network, Network::Transformer(stack) if stack.style == BlockStyle::Vit) => None,
        Category::Encoder if setup.job.kind == JobKind::Pretrain => {
            Some(("AutoModelForMaskedLM", Some("DataCollatorForLanguageModeling")))
        }
        Category::Encoder => Some(("AutoModelForSequenceClassification", Some("DataCollatorWithPadding"))),
        Category::EncoderDecoder => Some(("AutoModelForSeq2SeqLM", Some("DataCollatorForSeq2Seq"))),
        Category::SpeechRecognition => match model.family.as_str() {
            "Whisper" => Some(("AutoModelForSpeechSeq2Seq", None)),
            "wav2vec2" => Some(("AutoModelForCTC", None)),
            _ => None,
        },
        _ => None,
    }
}

fn listens(setup: &Setup) -> bool {
    setup.model.category == Category::SpeechRecognition
}

/// Whether there is a class for what is trained.
pub(super) fn trains(setup: &Setup) -> bool {
    setup.trains() && class(setup).is_some() && !setup.recipe.weights.is_gguf()
}

/// Whether its pipeline for speech runs the model.
pub(super) fn transcribes(setup: &Setup) -> bool {
    let plain = matches!(setup.recipe.weights, WeightFormat::Fp32 | WeightFormat::Fp16 | WeightFormat::Bf16);
    !setup.trains() && listens(setup) && class(setup).is_some() && plain
}

/// Whether faster-whisper runs it: its own forms of 8 bits among others.
pub(super) fn faster_whisper_applies(setup: &Setup) -> bool {
    let weights = setup.recipe.weights;
    let known = matches!(weights, WeightFormat::Fp32 | WeightFormat::Fp16 | WeightFormat::Bf16 | WeightFormat::Int8);
    !setup.trains() && setup.model.family == "Whisper" && known && setup.rig.count == 1
}

/// The training script.
pub(super) fn train(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    let Some((class, collator)) = class(setup) else { return sheet.finish(Dialect::Python) };
    let seq2seq = matches!(class, "AutoModelForSeq2SeqLM" | "AutoModelForSpeechSeq2Seq");
    let collator = if casts(setup) { Some("default_data_collator") } else { collator };
    let (kind, arguments) = if seq2seq { ("Seq2SeqTrainer", "Seq2SeqTrainingArguments") } else { ("Trainer", "TrainingArguments") };
    machines::run_script(&mut sheet, Format::Transformers);
    sheet.note("placeholders", &[("names", "MODEL, DATASET")]);
    let prepared = if listens(setup) { "prepared-speech" } else { "prepared-text" };
    sheet.explain(Choice::Sequence, prepared, &[("tokens", &setup.job.sequence_length.to_string())]);
    sheet.covers(Choice::Padding);
    if seq2seq {
        sheet.explain(Choice::TargetLength, "prepared-targets", &[("tokens", &setup.job.target_length.to_string())]);
    }
    imports(&mut sheet, &[class, kind, arguments], collator);
    let in_backward = in_backward::of(&sheet);
    if in_backward {
        in_backward::define(&mut sheet);
    }
    let first = trainer::beginning(&mut sheet, arguments, trainer::training);
    if setup.job.kind == JobKind::Pretrain {
        shaped(&mut sheet, class)
    } else {
        peft::loaded(&mut sheet, class)
    }
    if setup.adapters_only() {
        adapters(&mut sheet, class);
    }
    if casts(setup) {
        collate(&mut sheet);
    }
    let collates = collator.map(|collator| match collator {
        "default_data_collator" => "data_collator=collate,".to_owned(),
        collator => format!("data_collator={collator}(AutoTokenizer.from_pretrained(MODEL)),"),
    });
    let optimizer = in_backward.then(|| in_backward::given(&mut sheet));
    let besides = collates.into_iter().chain(optimizer);
    trainer::ending(&mut sheet, [kind, arguments], besides, (!first).then_some(trainer::training));
    // The models' own loss is all there is.
    if setup.recipe.loss == LossKernel::Standard {
        sheet.covers(Choice::Loss);
    }
    trainer::shared_elsewhere(&mut sheet);
    sheet.finish(Dialect::Python)
}

fn imports(sheet: &mut Sheet, classes: &[&str], collator: Option<&str>) {
    let setup = sheet.setup;
    let quantises = terms::by_bitsandbytes(setup).then_some("BitsAndBytesConfig");
    let tokenizer = collator.filter(|_| !listens(setup)).map(|_| "AutoTokenizer");
    let config = (setup.job.kind == JobKind::Pretrain).then_some("AutoConfig");
    let names: Vec<&str> = classes.iter().copied().chain(config).chain(tokenizer).chain(collator).chain(quantises).collect();
    sheet.raw("import os");
    sheet.raw("");
    sheet.raw("import torch");
    if in_backward::of(sheet)
        && let Some(line) = in_backward::import(setup)
    {
        sheet.raw(line);
    }
    sheet.raw("from datasets import load_dataset");
    if setup.adapters_only() {
        sheet.raw("from peft import LoraConfig, get_peft_model");
    }
    sheet.raw(format!("from transformers import {}", names.join(", ")));
    sheet.raw("");
    trainer::inputs(sheet);
}

/// A model of the same shape with weights at random.
fn shaped(sheet: &mut Sheet, class: &str) {
    sheet.open(format!("model = {class}.from_config("), ")");
    sheet.raw("AutoConfig.from_pretrained(MODEL),");
    sheet.set("dtype", Value::Code(peft::torch_type(terms::numbers(sheet.setup).dtype)));
    trainer::attention(sheet, "attn_implementation");
    sheet.close();
}

/// Whether samples have to be made 16 bits by hand: they hear FP32, and without autocast nothing else converts it.
fn casts(setup: &Setup) -> bool {
    let numbers = terms::numbers(setup);
    listens(setup) && numbers.dtype != "float32" && !numbers.bf16 && !numbers.fp16
}

fn collate(sheet: &mut Sheet) {
    sheet.raw("def collate(samples):");
    sheet.raw("    batch = default_data_collator(samples)");
    sheet.raw("    return {name: value.to(model.dtype) if value.is_floating_point() else value for name, value in batch.items()}");
    sheet.raw("");
}

/// A layer for classes or for letters starts at random: it is trained, and saved with the adapters.
fn adapters(sheet: &mut Sheet, class: &str) {
    let letters = class == "AutoModelForCTC";
    if letters {
        // PEFT asks for them while it looks for layers and while it saves, and this model knows of none.
        sheet.raw("model.get_input_embeddings = lambda: None");
    }
    sheet.open("model = get_peft_model(", ")");
    sheet.raw("model,");
    sheet.open("LoraConfig(", "),");
    if peft::classifies(class) {
        sheet.set("task_type", "SEQ_CLS");
    }
    trainer::adapters(sheet, trainer::OF_PEFT, "all-linear");
    if letters {
        sheet.set("modules_to_save", vec!["lm_head".to_owned()]);
    }
    sheet.close();
    sheet.set("autocast_adapter_dtype", sheet.setup.recipe.lora.fp32_adapters);
    sheet.covers(Choice::LoraPrecision);
    sheet.close();
}

/// The script that listens.
pub(super) fn transcribe(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    sheet.note("run", &[("command", &format!("python {}", Format::Transcribe.file_name()))]);
    sheet.note("placeholders", &[("names", "MODEL, AUDIO")]);
    sheet.note("ffmpeg", &[]);
    sheet.raw("import torch");
    sheet.raw("from transformers import pipeline");
    sheet.raw("");
    sheet.raw(format!("MODEL = {}", quote::double(&terms::placeholder(setup))));
    sheet.raw("AUDIO = \"path/to/audio.mp3\"");
    sheet.raw("");
    sheet.open("listen = pipeline(", ")");
    sheet.raw("\"automatic-speech-recognition\",");
    sheet.set("model", Value::Code("MODEL"));
    sheet.choose(Choice::Precision, "dtype", Value::Code(peft::torch_type(terms::served(setup))));
    sheet.set("device", 0_u64);
    sheet.open("model_kwargs=dict(", "),");
    trainer::attention(&mut sheet, "attn_implementation");
    sheet.close();
    if setup.model.family == "Whisper" {
        // Windows of half a minute, so many at once.
        sheet.set("chunk_length_s", 30_u64);
        sheet.open("generate_kwargs=dict(", "),");
        sheet.choose(Choice::Output, "max_new_tokens", setup.job.output);
        if setup.job.beams > 1 {
            sheet.choose(Choice::Beams, "num_beams", setup.job.beams);
        }
        sheet.close();
    }
    sheet.choose(Choice::Concurrency, "batch_size", setup.requests_per_replica());
    sheet.close();
    sheet.raw("print(listen(AUDIO)[\"text\"])");
    spoken(&mut sheet);
    sheet.finish(Dialect::Python)
}

/// What a script that listens has no choice about.
fn spoken(sheet: &mut Sheet) {
    replicas::apart(sheet);
    sheet.covers(Choice::Weights);
    sheet.covers(Choice::Prompt);
    sheet.covers(Choice::Output);
    if sheet.setup.recipe.kv_cache == CacheFormat::Fp16 {
        sheet.covers(Choice::KvCache);
    }
}

/// The same with faster-whisper.
pub(super) fn faster_whisper(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    sheet.note("run", &[("command", &format!("python {}", Format::FasterWhisper.file_name()))]);
    sheet.note("placeholders", &[("names", "AUDIO")]);
    sheet.raw("from faster_whisper import BatchedInferencePipeline, WhisperModel");
    sheet.raw("");
    sheet.raw("AUDIO = \"path/to/audio.mp3\"");
    sheet.raw("");
    sheet.open("model = WhisperModel(", ")");
    sheet.raw(format!("{},", quote::double(setup.model.id.trim_start_matches("whisper-"))));
    sheet.set("device", "cuda");
    let kept = match setup.recipe.weights {
        WeightFormat::Int8 => "int8_float16",
        _ => terms::served(setup),
    };
    sheet.choose(Choice::Precision, "compute_type", kept);
    sheet.close();
    sheet.open("segments, info = BatchedInferencePipeline(model=model).transcribe(", ")");
    sheet.raw("AUDIO,");
    sheet.choose(Choice::Beams, "beam_size", setup.job.beams);
    sheet.choose(Choice::Concurrency, "batch_size", setup.requests_per_replica());
    sheet.close();
    sheet.raw("print(\"\".join(segment.text for segment in segments))");
    spoken(&mut sheet);
    // Its kernels are its own.
    sheet.covers(Choice::Attention);
    sheet.note("starting-point", &[("settings", &format!("beam_size {}", setup.job.beams))]);
    sheet.finish(Dialect::Python)
}
