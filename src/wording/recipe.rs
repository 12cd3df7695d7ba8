//! A recipe as a short list.

use super::{count, name};
use crate::model::Category;
use crate::request::{Keyword, Offload, OptimizerKernel, Precision, Setup, WeightFormat};
use crate::text::Lang;

/// The choices and numbers of a recipe with the keys of their labels, in words.
#[must_use]
pub fn recipe(lang: Lang, setup: &Setup) -> Vec<(&'static str, String)> {
    let words = choices(setup).into_iter().map(|(label, list, value)| (label, name(lang, list, &value)));
    words.chain(numbers(setup).into_iter().map(|(label, value)| (label, count(value)))).collect()
}

/// The choices of a recipe that matter for a job, by list and value. What means nothing for the model is left out: a
/// convolutional network has no attention, and nothing that does not write text has a loss over a vocabulary or a cache.
fn choices(setup: &Setup) -> Vec<(&'static str, &'static str, String)> {
    let recipe = &setup.recipe;
    let blocks = setup.model.has_blocks();
    let mut rows = vec![("app.field.weights", "weights", stored(setup).name().to_owned()), arithmetic(setup)];
    if blocks {
        rows.push(("app.field.attention", "attention", recipe.attention.name().to_owned()));
    }
    // What makes and sees pictures has no choice of software.
    if setup.model.reads_text() || setup.model.category == Category::SpeechRecognition {
        rows.push(("app.field.stack", "stack", recipe.stack.name().to_owned()));
    }
    if setup.trains() {
        if blocks {
            rows.push(("app.field.checkpointing", "checkpointing", recipe.checkpointing.name().to_owned()));
        }
        rows.push(("app.field.optimizer", "optimizer", recipe.optimizer.name().to_owned()));
        if recipe.optimizer_kernel == OptimizerKernel::InBackward {
            rows.push(("app.field.step", "step", recipe.optimizer_kernel.name().to_owned()));
        }
        if setup.model.has_vocabulary() {
            rows.push(("app.field.loss", "loss", recipe.loss.name().to_owned()));
        }
    } else if setup.model.has_vocabulary() {
        rows.push(("app.field.kv-cache", "kv", recipe.kv_cache.name().to_owned()));
    }
    if setup.tiles().is_some() {
        rows.push(("app.field.vae-tiling", "vae-tiling", recipe.vae_tiling.name().to_owned()));
    }
    if setup.trains() && recipe.parallel.data > 1 {
        rows.push(("app.field.sharding", "sharding", recipe.parallel.sharding.name().to_owned()));
    }
    if recipe.offload != Offload::None {
        rows.push(("app.field.offload", "offload", kept_in_main_memory(recipe.offload, setup.trains())));
    }
    rows
}

/// What is offloaded, as the list of names has it: nothing that only runs has an optimizer.
#[must_use]
pub fn kept_in_main_memory(offload: Offload, trains: bool) -> String {
    match offload {
        Offload::OptimizerAndWeights if !trains => "weights".to_owned(),
        _ => offload.to_string(),
    }
}

/// How the weights lie in memory: trained ones as the precision keeps them, frozen and served ones in their storage format.
fn stored(setup: &Setup) -> WeightFormat {
    if !setup.trains() || setup.adapters_only() {
        return setup.recipe.weights;
    }
    match setup.recipe.precision {
        Precision::Fp32 | Precision::Tf32 | Precision::Fp16Autocast | Precision::Bf16Autocast => WeightFormat::Fp32,
        Precision::Fp16Pure => WeightFormat::Fp16,
        Precision::Bf16Pure | Precision::Bf16Master | Precision::Fp8 => WeightFormat::Bf16,
    }
}

/// The arithmetic: running a model has nothing to mix, so "pure" goes without saying.
fn arithmetic(setup: &Setup) -> (&'static str, &'static str, String) {
    let precision = setup.recipe.precision;
    let (list, name) = match precision {
        Precision::Bf16Pure if !setup.trains() => ("weights", WeightFormat::Bf16.name()),
        Precision::Fp16Pure if !setup.trains() => ("weights", WeightFormat::Fp16.name()),
        _ => ("precision", precision.name()),
    };
    ("app.field.precision", list, name.to_owned())
}

/// Numbers of a recipe that matter for a job.
fn numbers(setup: &Setup) -> Vec<(&'static str, u64)> {
    let recipe = &setup.recipe;
    let mut rows = Vec::new();
    if setup.trains() {
        rows.push(("app.field.micro-batch", recipe.micro_batch));
        rows.push(("app.field.accumulation", setup.accumulation()));
    }
    if setup.adapters_only() {
        rows.push(("app.field.rank", recipe.lora.rank));
    }
    let parallel = &recipe.parallel;
    let degrees = [
        ("app.field.tensor", parallel.tensor),
        ("app.field.pipeline", parallel.pipeline),
        ("app.field.expert", parallel.expert),
        ("app.field.context-parallel", parallel.context),
    ];
    rows.extend(degrees.into_iter().filter(|(_, degree)| *degree > 1).map(|(label, degree)| (label, u64::from(degree))));
    rows
}
