//! A recipe as a short list, and as the fields that would ask for it again.

use crate::app::context::Env;
use crate::app::format;
use crate::app::widgets::{Term, word_of};
use whichcard::model::Network;
use whichcard::request::*;
use whichcard::share::Field;
use yew::prelude::*;

/// The choices of a recipe that matter for a job, by list and value. What means nothing for the model is left out: a
/// convolutional network has no attention, and nothing that does not write text has a loss over a vocabulary or a cache.
fn choices(setup: &Setup) -> Vec<(&'static str, &'static str, String)> {
    let recipe = &setup.recipe;
    let blocks = has_blocks(setup);
    let mut rows = vec![("app.field.weights", "weights", stored(setup).name().to_owned()), arithmetic(setup)];
    if blocks {
        rows.push(("app.field.attention", "attention", recipe.attention.name().to_owned()));
        rows.push(("app.field.stack", "stack", recipe.stack.name().to_owned()));
    }
    if setup.trains() {
        if blocks {
            rows.push(("app.field.checkpointing", "checkpointing", recipe.checkpointing.name().to_owned()));
        }
        rows.push(("app.field.optimizer", "optimizer", recipe.optimizer.name().to_owned()));
        if writes(setup) {
            rows.push(("app.field.loss", "loss", recipe.loss.name().to_owned()));
        }
    } else if writes(setup) {
        rows.push(("app.field.kv-cache", "kv", recipe.kv_cache.name().to_owned()));
    }
    if setup.rig.count > 1 {
        rows.push(("app.field.sharding", "sharding", recipe.parallel.sharding.name().to_owned()));
    }
    if recipe.offload != Offload::None {
        rows.push(("app.field.offload", "offload", recipe.offload.to_string()));
    }
    rows
}

/// Whether a model is a sequence of blocks with attention in them.
pub fn has_blocks(setup: &Setup) -> bool {
    !matches!(setup.model.network, Network::Opaque(_))
}

/// Whether a model's output is words.
pub fn writes(setup: &Setup) -> bool {
    match &setup.model.network {
        Network::Transformer(stack) | Network::EncoderDecoder { decoder: stack, .. } => stack.lm_head && stack.vocab > 0,
        Network::Opaque(_) => false,
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
        rows.push(("app.field.accumulation", recipe.gradient_accumulation));
    }
    if setup.adapters_only() {
        rows.push(("app.field.rank", recipe.lora.rank));
    }
    if recipe.parallel.tensor > 1 {
        rows.push(("app.field.tensor", u64::from(recipe.parallel.tensor)));
    }
    if recipe.parallel.pipeline > 1 {
        rows.push(("app.field.pipeline", u64::from(recipe.parallel.pipeline)));
    }
    rows
}

/// The choices and numbers with their labels, in words.
pub fn rows(env: &Env, setup: &Setup) -> Vec<(&'static str, String)> {
    let words = choices(setup).into_iter().map(|(label, list, value)| (label, env.name(list, &value)));
    words.chain(numbers(setup).into_iter().map(|(label, value)| (label, format::count(value)))).collect()
}

/// The recipe as a list of names and values.
pub fn list(env: &Env, setup: &Setup) -> Html {
    html! {
        <dl class="recipe">
            { for rows(env, setup).into_iter().map(|(label, value)| html! {
                <div key={label}><dt>{ env.say(label) }<Term word={word_of(label)} place="recipe" /></dt><dd>{ value }</dd></div>
            }) }
        </dl>
    }
}

/// What the recipe fields hold when nothing is set, whatever the job and the card.
const PLAIN: [(Field, &str); 6] = [
    (Field::Count, "1"),
    (Field::Sharding, "ddp"),
    (Field::Tensor, "1"),
    (Field::Pipeline, "1"),
    (Field::KvCache, "fp16"),
    (Field::Offload, "none"),
];

/// Fields of a recipe and of the number of cards.
const RECIPE: [Field; 16] = [
    Field::Count,
    Field::Weights,
    Field::Precision,
    Field::Attention,
    Field::Stack,
    Field::KvCache,
    Field::Sharding,
    Field::Tensor,
    Field::Pipeline,
    Field::Offload,
    Field::Optimizer,
    Field::MicroBatch,
    Field::Accumulation,
    Field::Checkpointing,
    Field::Loss,
    Field::Batch,
];

/// Changes that leave the recipe to its defaults.
pub fn cleared() -> Vec<(Field, Option<String>)> {
    RECIPE.into_iter().chain([Field::Rank, Field::Targets]).map(|field| (field, None)).collect()
}

/// Changes to the link that ask for exactly this recipe and number of cards.
pub fn changes(setup: &Setup) -> Vec<(Field, Option<String>)> {
    let mut set = common(setup);
    set.extend(if setup.trains() { training(setup) } else { serving(setup) });
    let plain = |field: Field, text: &str| PLAIN.contains(&(field, text));
    let set = set.into_iter().filter(|(field, text)| !plain(*field, text)).map(|(field, text)| (field, Some(text)));
    cleared().into_iter().chain(set).collect()
}

fn common(setup: &Setup) -> Vec<(Field, String)> {
    let recipe = &setup.recipe;
    vec![
        (Field::Job, setup.job.kind.name().to_owned()),
        (Field::Count, setup.rig.count.to_string()),
        (Field::Weights, recipe.weights.name().to_owned()),
        (Field::Precision, recipe.precision.name().to_owned()),
        (Field::Attention, recipe.attention.name().to_owned()),
        (Field::Stack, recipe.stack.name().to_owned()),
        (Field::Sharding, recipe.parallel.sharding.name().to_owned()),
        (Field::Tensor, recipe.parallel.tensor.to_string()),
        (Field::Pipeline, recipe.parallel.pipeline.to_string()),
        (Field::Offload, recipe.offload.to_string()),
    ]
}

fn training(setup: &Setup) -> Vec<(Field, String)> {
    let recipe = &setup.recipe;
    let mut set = vec![
        (Field::Sequence, setup.job.sequence_length.to_string()),
        (Field::Batch, setup.job.global_batch.to_string()),
        (Field::Optimizer, recipe.optimizer.name().to_owned()),
        (Field::MicroBatch, recipe.micro_batch.to_string()),
        (Field::Accumulation, recipe.gradient_accumulation.to_string()),
        (Field::Checkpointing, recipe.checkpointing.name().to_owned()),
        (Field::Loss, recipe.loss.name().to_owned()),
    ];
    if setup.adapters_only() {
        set.push((Field::Rank, recipe.lora.rank.to_string()));
        if let LoraTargets::Set(targets) = &recipe.lora.targets {
            set.push((Field::Targets, targets.name().to_owned()));
        }
    }
    set
}

fn serving(setup: &Setup) -> Vec<(Field, String)> {
    let job = &setup.job;
    vec![
        (Field::Prompt, job.prompt.to_string()),
        (Field::Output, job.output.to_string()),
        (Field::Users, job.concurrency.to_string()),
        (Field::KvCache, setup.recipe.kv_cache.name().to_owned()),
    ]
}
