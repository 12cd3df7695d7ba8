//! A recipe as a short list, and as the fields that would ask for it again.

use crate::context::Env;
use crate::reading::TRAINED;
use crate::widgets::{Term, word_of};
use whichcard::request::*;
use whichcard::share::{Field, Part};
use yew::prelude::*;

/// The choices and numbers with their labels, in words.
pub fn rows(env: &Env, setup: &Setup) -> Vec<(&'static str, String)> {
    whichcard::export::recipe(env.lang, setup)
}

/// The programs that run a plan in a list, where those people would think of do not. Only plans whose optimizer steps inside the backward
/// pass are looked at, which few programs do: to ask of every plan would take long.
pub fn program(env: &Env, setup: &Setup) -> Option<String> {
    if setup.recipe.optimizer_kernel != OptimizerKernel::InBackward {
        return None;
    }
    whichcard::export::runs_instead(env.lang, setup)
}

/// The recipe as a list of names and values.
pub fn list(env: &Env, setup: &Setup) -> Html {
    html! {
        <dl class="recipe">
            { for rows(env, setup).into_iter().map(|(label, value)| html! {
                <div key={label}>
                    <dt>
                        <span class="termed">{ env.say(label) }</span>
                        <Term word={word_of(label)} name={env.say(label)} place="recipe" />
                    </dt>
                    <dd>{ value }</dd>
                </div>
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

/// Whether a field is one of the form of a recipe.
pub fn has(field: Field) -> bool {
    matches!(field.part(), Part::Recipe | Part::Machine) || field == Field::Batch
}

/// Changes that leave the recipe and the number of cards to their defaults; the machine stays what it is.
pub fn cleared() -> Vec<(Field, Option<String>)> {
    let of_recipe = |field: &Field| field.part() == Part::Recipe || matches!(field, Field::Batch | Field::Count);
    Field::ALL.iter().copied().filter(of_recipe).map(|field| (field, None)).collect()
}

/// Changes to the link that ask for exactly this recipe and number of cards.
pub fn changes(setup: &Setup) -> Vec<(Field, Option<String>)> {
    let mut set = vec![
        (Field::Job, Some(setup.job.kind.name().to_owned())),
        (Field::Count, Some(setup.rig.count.to_string())),
        (Field::MainMemory, setup.rig.main_memory.map(|memory| memory.as_gib().to_string())),
    ];
    set.extend(chosen(&RecipeRequest::relevant(setup)));
    set.extend(asked(setup).into_iter().map(|(field, number)| (field, Some(number.to_string()))));
    let plain = |field: Field, text: &str| PLAIN.contains(&(field, text));
    let set = set.into_iter().filter(|(field, text)| text.as_ref().is_some_and(|text| !plain(*field, text)));
    cleared().into_iter().chain(set).collect()
}

/// What a recipe says, field by field.
fn chosen(recipe: &RecipeRequest) -> Vec<(Field, Option<String>)> {
    fn name<K: Keyword>(word: Option<K>) -> Option<String> {
        word.map(|word| word.name().to_owned())
    }
    let number = |number: Option<f64>| number.map(|number| number.to_string());
    let lora = recipe.lora.clone().unwrap_or_default();
    let parallel = recipe.parallel.clone().unwrap_or_default();
    let targets = if let Some(LoraTargets::Set(set)) = lora.targets { Some(set) } else { None };
    vec![
        (Field::Weights, name(recipe.weights)),
        (Field::Precision, name(recipe.precision)),
        (Field::Attention, name(recipe.attention)),
        (Field::Stack, name(recipe.stack)),
        (Field::Optimizer, name(recipe.optimizer)),
        (Field::OptimizerKernel, name(recipe.optimizer_kernel)),
        (Field::MicroBatch, number(recipe.micro_batch)),
        (Field::Accumulation, number(recipe.gradient_accumulation)),
        (Field::Checkpointing, name(recipe.checkpointing)),
        (Field::Loss, name(recipe.loss)),
        (Field::Rank, number(lora.rank)),
        (Field::Targets, name(targets)),
        (Field::Dropout, number(lora.dropout)),
        (Field::Embeddings, lora.train_embeddings.unwrap_or(false).then(|| TRAINED.to_owned())),
        (Field::KvCache, name(recipe.kv_cache)),
        (Field::VaeTiling, name(recipe.vae_tiling)),
        (Field::Sharding, name(parallel.sharding)),
        (Field::Tensor, number(parallel.tensor)),
        (Field::Pipeline, number(parallel.pipeline)),
        (Field::Expert, number(parallel.expert)),
        (Field::ContextParallel, number(parallel.context)),
        (Field::Offload, recipe.offload.map(|offload| offload.to_string())),
    ]
}

/// What the planner may have changed of the job. The form of an image has no prompt.
fn asked(setup: &Setup) -> Vec<(Field, u64)> {
    let job = &setup.job;
    if setup.trains() {
        // The side of an image, or tokens.
        let length = setup.model.image_side(job.sequence_length).unwrap_or(job.sequence_length);
        return vec![(Field::Sequence, length), (Field::Batch, job.global_batch)];
    }
    let prompt = setup.model.denoising.is_none().then_some((Field::Prompt, job.prompt));
    [(Field::Output, job.output), (Field::Users, job.concurrency)].into_iter().chain(prompt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Reading;
    use crate::state::changed;
    use whichcard::catalog::Catalog;
    use whichcard::plan::{Goal, advise, smallest_changes};
    use whichcard::share::{Link, View};
    use whichcard::text::Lang;

    /// What a row or a suggestion promises, its link must show: every plan comes back from its link as it was.
    #[test]
    fn a_link_to_a_plan_asks_for_exactly_that_plan() {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog.json")).unwrap();
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
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog.json")).unwrap();
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

    /// A button that applies a change and a program that asks for its request come to the same.
    #[test]
    fn a_link_to_a_change_asks_for_what_its_request_asks_for() {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog.json")).unwrap();
        let catalog = Catalog::from_json(&text).unwrap();
        for (model, kind) in
            [("llama-3-8b", JobKind::FullFinetune), ("llama-3.3-70b", JobKind::Inference), ("flux.1-dev", JobKind::Inference)]
        {
            let asked = Request::new(model, kind, "rtx-4060");
            let base = Link::read(&format!("view=inspect&model={model}&job={}&card=rtx-4060", kind.name()));
            let changes = smallest_changes(&catalog, &resolve(&catalog, &asked).unwrap());
            assert!(changes.len() > 2, "{model}");
            for change in changes {
                same_again(&catalog, &base, &resolve(&catalog, &change.request(&asked)).unwrap());
            }
        }
    }

    #[track_caller]
    fn same_again(catalog: &Catalog, base: &Link, setup: &Setup) {
        let mut asked = changes(setup);
        asked.push((Field::Card, Some(setup.rig.card.id.clone())));
        let query = changed(base.clone(), asked).at(View::Inspect).write();
        let read = Reading::of(&Link::read(&query), catalog, Lang::En).setup.unwrap_or_else(|| panic!("{query}"));
        assert_eq!(RecipeRequest::relevant(&read), RecipeRequest::relevant(setup), "{query}");
        assert_eq!((read.rig.count, &read.rig.card.id), (setup.rig.count, &setup.rig.card.id), "{query}");
        let job = |setup: &Setup| {
            let job = &setup.job;
            let batch = if setup.trains() { job.global_batch } else { job.concurrency };
            (job.kind, batch, job.sequence_length, job.prompt, job.output)
        };
        assert_eq!(job(&read), job(setup), "{query}");
    }
}
