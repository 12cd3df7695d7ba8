//! A recipe as a short list, and as the fields that would ask for it again.

use crate::app::context::Env;
use crate::app::format;
use whichcard::request::*;
use whichcard::share::Field;
use yew::prelude::*;

/// The choices of a recipe that matter for a job, by list and value.
fn choices(setup: &Setup) -> Vec<(&'static str, &'static str, String)> {
    let recipe = &setup.recipe;
    let mut rows = vec![
        ("app.field.weights", "weights", recipe.weights.name().to_owned()),
        ("app.field.precision", "precision", recipe.precision.name().to_owned()),
        ("app.field.attention", "attention", recipe.attention.name().to_owned()),
        ("app.field.stack", "stack", recipe.stack.name().to_owned()),
    ];
    if setup.trains() {
        rows.push(("app.field.checkpointing", "checkpointing", recipe.checkpointing.name().to_owned()));
        rows.push(("app.field.optimizer", "optimizer", recipe.optimizer.name().to_owned()));
        rows.push(("app.field.loss", "loss", recipe.loss.name().to_owned()));
    } else {
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

/// The recipe as a list of names and values.
pub fn list(env: &Env, setup: &Setup) -> Html {
    let words = choices(setup).into_iter().map(|(label, list, value)| (label, env.name(list, &value)));
    let counts = numbers(setup).into_iter().map(|(label, value)| (label, format::count(value)));
    html! {
        <dl class="recipe">
            { for words.chain(counts).map(|(label, value)| html! { <div key={label}><dt>{ env.say(label) }</dt><dd>{ value }</dd></div> }) }
        </dl>
    }
}

/// The fields of a link that ask for exactly this setup.
pub fn fields(request: &Request, card: &str) -> Vec<(Field, String)> {
    let recipe = &request.recipe;
    let number = |value: Option<f64>| value.map(|value| format::decimal(value, 0));
    let parallel = recipe.parallel.clone().unwrap_or_default();
    let lora = recipe.lora.clone().unwrap_or_default();
    let targets = lora.targets.and_then(|targets| match targets {
        LoraTargets::Set(set) => Some(set.name().to_owned()),
        LoraTargets::Modules(_) => None,
    });
    let word = |name: Option<&str>| name.map(str::to_owned);
    [
        (Field::Card, Some(card.to_owned())),
        (Field::Job, Some(request.job.kind.name().to_owned())),
        (Field::Count, number(request.rig.count)),
        (Field::Batch, number(request.job.global_batch)),
        (Field::Weights, word(recipe.weights.map(Keyword::name))),
        (Field::Precision, word(recipe.precision.map(Keyword::name))),
        (Field::Optimizer, word(recipe.optimizer.map(Keyword::name))),
        (Field::MicroBatch, number(recipe.micro_batch)),
        (Field::Accumulation, number(recipe.gradient_accumulation)),
        (Field::Checkpointing, word(recipe.checkpointing.map(Keyword::name))),
        (Field::Attention, word(recipe.attention.map(Keyword::name))),
        (Field::Loss, word(recipe.loss.map(Keyword::name))),
        (Field::Stack, word(recipe.stack.map(Keyword::name))),
        (Field::Rank, number(lora.rank)),
        (Field::Targets, targets),
        (Field::KvCache, word(recipe.kv_cache.map(Keyword::name))),
        (Field::Sharding, word(parallel.sharding.map(Keyword::name))),
        (Field::Tensor, number(parallel.tensor)),
        (Field::Pipeline, number(parallel.pipeline)),
        (Field::Offload, recipe.offload.map(|offload| offload.to_string())),
    ]
    .into_iter()
    .filter_map(|(field, text)| Some((field, text?)))
    .collect()
}
