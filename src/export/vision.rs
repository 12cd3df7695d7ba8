//! Training what sees: timm for classifiers, Ultralytics for YOLO.

use super::choice::Choice;
use super::saving::Saving;
use super::sheet::{Dialect, Sheet, Value};
use super::{machines, quote, replicas, terms};
use crate::model::Model;
use crate::request::{Checkpointing, JobKind, Optimizer, Precision, Setup};
use crate::units::real;

/// Models of the catalogue by the names timm gives them.
const TIMM: [(&str, &str); 20] = [
    ("resnet-18", "resnet18"),
    ("resnet-50", "resnet50"),
    ("resnet-101", "resnet101"),
    ("vgg-16", "vgg16"),
    ("densenet-121", "densenet121"),
    ("vit-ti-16", "vit_tiny_patch16_224"),
    ("vit-s-16", "vit_small_patch16_224"),
    ("vit-b-16", "vit_base_patch16_224"),
    ("vit-l-16", "vit_large_patch16_224"),
    ("vit-h-14", "vit_huge_patch14_224"),
    ("swin-t", "swin_tiny_patch4_window7_224"),
    ("swin-s", "swin_small_patch4_window7_224"),
    ("swin-b", "swin_base_patch4_window7_224"),
    ("efficientnet-b0", "efficientnet_b0"),
    ("convnext-b", "convnext_base"),
    ("dinov3-vit-s", "vit_small_patch16_dinov3"),
    ("dinov3-vit-b", "vit_base_patch16_dinov3"),
    ("dinov3-vit-l", "vit_large_patch16_dinov3"),
    ("dinov3-vit-hplus", "vit_huge_plus_patch16_dinov3"),
    ("dinov3-vit-7b", "vit_7b_patch16_dinov3"),
];

/// The name timm gives a model.
fn timm_name(model: &Model) -> Option<&'static str> {
    TIMM.iter().find(|(id, _)| *id == model.id).map(|(_, name)| *name)
}

/// Whether timm's training script trains it.
pub(super) fn timm_applies(setup: &Setup) -> bool {
    setup.trains() && !setup.adapters_only() && timm_name(&setup.model).is_some()
}

/// Whether Ultralytics trains or runs it.
pub(super) fn yolo_applies(setup: &Setup) -> bool {
    setup.model.family == "YOLO" && !setup.adapters_only()
}

/// `train.py` of timm.
pub(super) fn timm(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    let recipe = &setup.recipe;
    sheet.note("placeholders", &[("names", "DATA")]);
    epochs(&mut sheet);
    sheet.raw("DATA='path/to/images'");
    machines::variables(&mut sheet);
    sheet.raw("");
    let python = if setup.rig.count > 1 { format!("torchrun {}", machines::torchrun(&sheet)) } else { "python".to_owned() };
    sheet.open(format!("{python} train.py"), "");
    sheet.set("data-dir", Value::Code("\"$DATA\""));
    sheet.set("model", timm_name(&setup.model).unwrap_or_default());
    if setup.job.kind != JobKind::Pretrain {
        sheet.set("pretrained", Value::Bare);
    }
    if let Some(side) = setup.model.image_side(setup.job.sequence_length) {
        sheet.set("img-size", side);
    }
    sheet.covers(Choice::Sequence);
    sheet.choose(Choice::MicroBatch, "batch-size", recipe.micro_batch);
    sheet.choose(Choice::Accumulation, "grad-accum-steps", setup.accumulation());
    sheet.set("epochs", Value::Code("\"$EPOCHS\""));
    // It saves after each.
    sheet.set("checkpoint-hist", Saving::of(setup).kept);
    timm_optimizer(&mut sheet);
    timm_precision(&mut sheet);
    if recipe.checkpointing == Checkpointing::Full {
        sheet.set("grad-checkpointing", Value::Bare);
    }
    if matches!(recipe.checkpointing, Checkpointing::None | Checkpointing::Full) {
        sheet.covers(Choice::Checkpointing);
    }
    shared(&mut sheet);
    sheet.close();
    sheet.finish(Dialect::Shell)
}

fn timm_optimizer(sheet: &mut Sheet) {
    let name = match sheet.setup.recipe.optimizer {
        Optimizer::Adamw => Some("adamw"),
        Optimizer::Adamw8bit => Some("bnbadamw8bit"),
        Optimizer::Adafactor => Some("adafactor"),
        Optimizer::Sgd | Optimizer::SgdMomentum => Some("momentum"),
        Optimizer::Lion => Some("lion"),
        Optimizer::Muon => Some("muon"),
        Optimizer::PagedAdamw8bit => None,
    };
    let Some(name) = name else { return };
    sheet.choose(Choice::Optimizer, "opt", name);
    match sheet.setup.recipe.optimizer {
        Optimizer::Sgd => sheet.set("momentum", 0.0),
        Optimizer::SgdMomentum => {}
        // Its own rate is made for SGD.
        _ => {
            let rate = terms::learning_rate(sheet.setup.job.kind);
            sheet.set("lr", rate);
            sheet.note("starting-point", &[("settings", &format!("lr {rate}"))]);
        }
    }
}

/// Autocast, or one type for everything; TF32 is on wherever the card has it.
fn timm_precision(sheet: &mut Sheet) {
    let precision = sheet.setup.recipe.precision;
    match precision {
        Precision::Fp16Autocast | Precision::Bf16Autocast => {
            sheet.choose(Choice::Precision, "amp", Value::Bare);
            sheet.set("amp-dtype", if precision == Precision::Fp16Autocast { "float16" } else { "bfloat16" });
        }
        Precision::Fp16Pure => sheet.choose(Choice::Precision, "model-dtype", "float16"),
        Precision::Bf16Pure => sheet.choose(Choice::Precision, "model-dtype", "bfloat16"),
        Precision::Fp32 | Precision::Tf32 => sheet.covers(Choice::Precision),
        Precision::Bf16Master | Precision::Fp8 => {}
    }
}

/// What a script that counts epochs is told of the images of the plan: passes follow from how many there are, at first all of them.
fn epochs(sheet: &mut Sheet) {
    let job = &sheet.setup.job;
    let images = terms::whole_up(job.tokens.get() / real(job.sequence_length.max(1)));
    sheet.explain(Choice::Tokens, "epochs", &[("images", &crate::wording::count(images))]);
    sheet.raw(format!("IMAGES={images}"));
    sheet.raw(format!("EPOCHS=$((({images}+IMAGES-1)/IMAGES))"));
}

/// What both leave to PyTorch: kernels, and a replica on each card.
fn shared(sheet: &mut Sheet) {
    for choice in [Choice::Attention, Choice::OptimizerKernel, Choice::Padding, Choice::Loss, Choice::Data] {
        sheet.covers(choice);
    }
    if !terms::shards(sheet.setup) {
        sheet.covers(Choice::Sharding);
    }
}

/// The `yolo` command.
pub(super) fn yolo(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    sheet.note("placeholders", &[("names", if setup.trains() { "DATA" } else { "IMAGES" })]);
    // Weights of the catalogue's models are published under their ids; without them the shape alone is read.
    let kind = if setup.job.kind == JobKind::Pretrain { "yaml" } else { "pt" };
    let model = format!("{}.{kind}", quote::line(&setup.model.id));
    if setup.trains() {
        epochs(&mut sheet);
        sheet.raw("DATA='path/to/data.yaml'");
        sheet.raw("");
        sheet.open("yolo detect train", "");
        sheet.set("model", model);
        yolo_training(&mut sheet);
    } else {
        sheet.raw("IMAGES='path/to/images'");
        sheet.raw("");
        sheet.open("yolo detect predict", "");
        sheet.set("model", model);
        sheet.set("source", Value::Code("\"$IMAGES\""));
        sheet.set("imgsz", setup.job.sequence_length);
        sheet.choose(Choice::Concurrency, "batch", setup.requests_per_replica());
        replicas::apart(&mut sheet);
        sheet.choose(Choice::Precision, "quantize", if terms::served(setup) == "float32" { 32_u64 } else { 16 });
        for choice in [Choice::Weights, Choice::Attention, Choice::KvCache, Choice::Prompt, Choice::Output] {
            sheet.covers(choice);
        }
    }
    sheet.close();
    sheet.finish(Dialect::Overrides)
}

/// It is told the batch of all cards, and accumulates up to a nominal one.
fn yolo_training(sheet: &mut Sheet) {
    let setup = sheet.setup;
    let recipe = &setup.recipe;
    let cards: Vec<String> = (0..setup.rig.count).map(|card| card.to_string()).collect();
    sheet.set("data", Value::Code("\"$DATA\""));
    sheet.set("epochs", Value::Code("\"$EPOCHS\""));
    sheet.choose(Choice::Sequence, "imgsz", setup.job.sequence_length);
    sheet.choose(Choice::MicroBatch, "batch", recipe.micro_batch.saturating_mul(u64::from(recipe.parallel.data)));
    sheet.choose(Choice::Accumulation, "nbs", terms::step(setup));
    sheet.set("device", cards.join(","));
    match recipe.optimizer {
        Optimizer::Adamw => {
            sheet.choose(Choice::Optimizer, "optimizer", "AdamW");
            // Its usual rate is ten times that, made for SGD.
            sheet.set("lr0", 0.001);
            sheet.note("starting-point", &[("settings", "lr0 0.001")]);
        }
        Optimizer::SgdMomentum => sheet.choose(Choice::Optimizer, "optimizer", "SGD"),
        Optimizer::Sgd => {
            sheet.choose(Choice::Optimizer, "optimizer", "SGD");
            sheet.set("momentum", 0.0);
        }
        _ => {}
    }
    match recipe.precision {
        Precision::Fp16Autocast => sheet.choose(Choice::Precision, "amp", true),
        Precision::Bf16Autocast => sheet.choose(Choice::Precision, "amp", "bf16"),
        Precision::Fp32 => sheet.choose(Choice::Precision, "amp", false),
        _ => {}
    }
    if recipe.checkpointing == Checkpointing::None {
        sheet.covers(Choice::Checkpointing);
    }
    shared(sheet);
}
