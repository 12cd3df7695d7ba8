//! A recipe as a short list, and as the fields that would ask for it again.

use crate::app::context::Env;
use crate::app::reading::TRAINED;
use crate::app::widgets::{Term, word_of};
use whichcard::request::*;
use whichcard::share::Field;
use yew::prelude::*;

/// Over how many cards each thing is divided.
const fn degrees(parallel: &Parallel) -> [(Field, u32); 4] {
    [
        (Field::Tensor, parallel.tensor),
        (Field::Pipeline, parallel.pipeline),
        (Field::Expert, parallel.expert),
        (Field::ContextParallel, parallel.context),
    ]
}

/// The choices and numbers with their labels, in words.
pub fn rows(env: &Env, setup: &Setup) -> Vec<(&'static str, String)> {
    whichcard::wording::recipe(env.lang, setup)
}

/// The recipe as a list of names and values.
pub fn list(env: &Env, setup: &Setup) -> Html {
    html! {
        <dl class="recipe">
            { for rows(env, setup).into_iter().map(|(label, value)| html! {
                <div key={label}><dt><span class="termed">{ env.say(label) }</span><Term word={word_of(label)} name={env.say(label)} place="recipe" /></dt><dd>{ value }</dd></div>
            }) }
        </dl>
    }
}

/// What the recipe fields hold when nothing is set, whatever the job and the card.
const PLAIN: [(Field, &str); 10] = [
    (Field::Count, "1"),
    (Field::Dropout, "0"),
    (Field::Sharding, "ddp"),
    (Field::Tensor, "1"),
    (Field::Pipeline, "1"),
    (Field::Expert, "1"),
    (Field::ContextParallel, "1"),
    (Field::KvCache, "fp16"),
    (Field::VaeTiling, "none"),
    (Field::Offload, "none"),
];

/// Fields of the form of a recipe.
pub const FIELDS: &[Field] = &[
    Field::Weights,
    Field::Precision,
    Field::Attention,
    Field::Stack,
    Field::Batch,
    Field::MicroBatch,
    Field::Accumulation,
    Field::Checkpointing,
    Field::Optimizer,
    Field::OptimizerKernel,
    Field::Loss,
    Field::Rank,
    Field::Targets,
    Field::Dropout,
    Field::Embeddings,
    Field::KvCache,
    Field::VaeTiling,
    Field::Sharding,
    Field::Tensor,
    Field::Pipeline,
    Field::Expert,
    Field::ContextParallel,
    Field::Offload,
    Field::Link,
    Field::Network,
    Field::MainMemory,
    Field::HostMemory,
    Field::PowerLimit,
];
/// Those of them that describe the machine, which stays what it is when the recipe changes.
const OF_MACHINE: [Field; 5] = [Field::Link, Field::Network, Field::MainMemory, Field::HostMemory, Field::PowerLimit];

/// Changes that leave the recipe and the number of cards to their defaults.
pub fn cleared() -> Vec<(Field, Option<String>)> {
    let recipe = FIELDS.iter().copied().filter(|field| !OF_MACHINE.contains(field));
    recipe.chain([Field::Count]).map(|field| (field, None)).collect()
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
    let mut set = vec![
        (Field::Job, setup.job.kind.name().to_owned()),
        (Field::Count, setup.rig.count.to_string()),
        (Field::Weights, recipe.weights.name().to_owned()),
        (Field::Precision, recipe.precision.name().to_owned()),
        (Field::Attention, recipe.attention.name().to_owned()),
        (Field::Stack, recipe.stack.name().to_owned()),
        (Field::Sharding, recipe.parallel.sharding.name().to_owned()),
        (Field::Offload, recipe.offload.to_string()),
    ];
    set.extend(degrees(&recipe.parallel).map(|(field, degree)| (field, degree.to_string())));
    set.extend(setup.rig.main_memory.map(|memory| (Field::MainMemory, memory.as_gib().to_string())));
    set
}

/// The length as its field has it: the side of an image, or tokens.
fn length(setup: &Setup) -> String {
    let length = setup.job.sequence_length;
    setup.model.image_side(length).unwrap_or(length).to_string()
}

fn training(setup: &Setup) -> Vec<(Field, String)> {
    let recipe = &setup.recipe;
    let mut set = vec![
        (Field::Sequence, length(setup)),
        (Field::Batch, setup.job.global_batch.to_string()),
        (Field::Optimizer, recipe.optimizer.name().to_owned()),
        (Field::OptimizerKernel, recipe.optimizer_kernel.name().to_owned()),
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
        set.push((Field::Dropout, recipe.lora.dropout.to_string()));
        if setup.trains_embeddings() {
            set.push((Field::Embeddings, TRAINED.to_owned()));
        }
    }
    set
}

fn serving(setup: &Setup) -> Vec<(Field, String)> {
    let job = &setup.job;
    let mut set = vec![
        (Field::Output, job.output.to_string()),
        (Field::Users, job.concurrency.to_string()),
        (Field::KvCache, setup.recipe.kv_cache.name().to_owned()),
        (Field::VaeTiling, setup.recipe.vae_tiling.name().to_owned()),
    ];
    // The form of an image has no prompt.
    if setup.model.denoising.is_none() {
        set.push((Field::Prompt, job.prompt.to_string()));
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::reading::Reading;
    use crate::app::state::changed;
    use whichcard::catalog::Catalog;
    use whichcard::plan::{Goal, advise};
    use whichcard::share::{Link, View};
    use whichcard::text::Lang;

    /// What a row or a suggestion promises, its link must show: every plan comes back from its link as it was.
    #[test]
    fn a_link_to_a_plan_asks_for_exactly_that_plan() {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/catalog.json")).unwrap();
        let catalog = Catalog::from_json(&text).unwrap();
        let models = ["llama-3-8b", "qwen3-32b", "gpt3-175b", "mixtral-8x7b", "resnet-50", "whisper-large-v3"];
        let mut compared = 0;
        for model in models {
            for kind in JobKind::ALL {
                let name = kind.name();
                let written = format!(r#"{{"model":"{model}","job":{{"kind":"{name}"}},"rig":{{"count":[1,2,4,8,16]}}}}"#);
                // Not every method suits every model.
                let Ok(advice) = Goal::from_json(&written).and_then(|goal| advise(&catalog, &goal)) else { continue };
                let base = Link::read(&format!("view=advise&model={model}&job={name}"));
                for plan in &advice.ranked {
                    same_again(&catalog, &base, &plan.setup);
                    compared += 1;
                }
            }
        }
        assert!(compared > 1_000, "only {compared} plans");
    }

    #[test]
    fn what_is_seldom_chosen_of_a_training_comes_back() {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/catalog.json")).unwrap();
        let catalog = Catalog::from_json(&text).unwrap();
        let read = |query: &str| Reading::of(&Link::read(query), &catalog, Lang::En).setup.unwrap_or_else(|| panic!("{query}"));
        let adapters = read("view=inspect&model=llama-3-8b&job=lora&card=a40&drop=0.1&emb=trained");
        assert!(adapters.recipe.lora.train_embeddings && (adapters.recipe.lora.dropout - 0.1).abs() < 1e-12);
        same_again(&catalog, &Link::read("view=inspect&model=llama-3-8b&job=lora"), &adapters);
        let plain = read("view=inspect&model=llama-3-8b&job=lora&card=a40");
        assert!(!plain.recipe.lora.train_embeddings && plain.recipe.lora.dropout <= 0.0, "an older link asks for what it did");
        assert_eq!(read("view=inspect&model=t5-base&job=full-finetune&card=a40&seq=512&target=100").job.target_length, 100);
        assert_eq!(read("view=inspect&model=t5-base&job=full-finetune&card=a40&seq=512").job.target_length, 128);
        let wrong = Link::read("view=inspect&model=llama-3-8b&job=lora&card=a40&drop=2&emb=maybe");
        let refused = Reading::of(&wrong, &catalog, Lang::En);
        assert!([Field::Dropout, Field::Embeddings].iter().all(|field| refused.problem(*field).is_some()));
    }

    #[track_caller]
    fn same_again(catalog: &Catalog, base: &Link, setup: &Setup) {
        let mut asked = changes(setup);
        asked.push((Field::Card, Some(setup.rig.card.id.clone())));
        let query = changed(base.clone(), asked).at(View::Inspect).write();
        let read = Reading::of(&Link::read(&query), catalog, Lang::En).setup.unwrap_or_else(|| panic!("{query}"));
        // Adapters mean nothing where there are none.
        let recipe = |setup: &Setup| {
            let lora = if setup.adapters_only() { setup.recipe.lora.clone() } else { read.recipe.lora.clone() };
            Recipe { lora, ..setup.recipe.clone() }
        };
        assert_eq!(recipe(&read), recipe(setup), "{query}");
        assert_eq!((read.rig.count, &read.rig.card.id), (setup.rig.count, &setup.rig.card.id), "{query}");
        let job = |setup: &Setup| {
            let job = &setup.job;
            let batch = if setup.trains() { job.global_batch } else { job.concurrency };
            (job.kind, batch, job.sequence_length, job.prompt, job.output)
        };
        assert_eq!(job(&read), job(setup), "{query}");
    }
}
