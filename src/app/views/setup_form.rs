//! One machine and one recipe in full: what "will this setup work" asks beyond the job.

use super::choose::CardPicker;
use super::detect::Detect;
use super::recipe;
use super::taken::Taken;
use crate::app::context::{Env, use_env};
use crate::app::format;
use crate::app::reading::EMBEDDINGS;
use crate::app::widgets::{Menu, NumberField, Section};
use whichcard::request::*;
use whichcard::share::Field;
use yew::prelude::*;

/// A list of keywords, named by the locale files where a name says more than the keyword.
fn words<K: Keyword>(env: &Env, list: &str) -> Vec<(AttrValue, AttrValue)> {
    suited::<K>(env, list, |_| true)
}

/// Those of a list that make sense.
fn suited<K: Keyword>(env: &Env, list: &str, suits: impl Fn(K) -> bool) -> Vec<(AttrValue, AttrValue)> {
    let suited = K::ALL.iter().filter(|word| suits(**word));
    suited.map(|word| (word.name().into(), env.name(list, word.name()).into())).collect()
}

#[component]
pub fn RigForm() -> Html {
    let env = use_env();
    html! {
        <fieldset class="form-part" id="rig">
            <legend>{ env.say("app.form.rig") }</legend>
            <CardPicker />
            <Detect />
            <NumberField field={Field::Count} placeholder="1" />
            <Taken />
        </fieldset>
    }
}

#[component]
pub fn RecipeForm() -> Html {
    let env = use_env();
    let held = env.reading.held().map(|setup| setup.recipe.clone());
    let batch = env.reading.held().map_or_else(String::new, |setup| format::count(setup.job.global_batch));
    let network = env.reading.held().map_or_else(String::new, |setup| format::short(setup.rig.network_rate().as_gigabits()));
    let kind = env.reading.request.job.kind;
    let (trains, adapts) = (kind.trains(), kind.adapts());
    // What means nothing for the model is left out, unless it was asked for.
    let setup = env.reading.held();
    let (blocks, writes) =
        (setup.is_none_or(|setup| setup.model.has_blocks()), setup.is_none_or(|setup| setup.model.has_vocabulary()));
    let means_nothing = |field| match field {
        Field::Attention | Field::Stack | Field::Checkpointing => !blocks,
        Field::Loss | Field::KvCache | Field::Embeddings => !writes,
        Field::VaeTiling => setup.is_none_or(|setup| !setup.decodes_images()),
        _ => false,
    };
    let menu = |field: Field, options: Vec<(AttrValue, AttrValue)>, chosen: Option<&str>| {
        let hidden = means_nothing(field) && env.link.get(field).is_none();
        html! {
            <div key={field.key()} {hidden}><Menu {field} default={automatic(&env, field, &options, chosen)} {options} /></div>
        }
    };
    let chosen = |name: fn(&Recipe) -> &'static str| held.as_ref().map(name);
    html! {
        <Section id="recipe" title="app.form.recipe" fields={recipe::FIELDS}>
            <div class="pair">
                { menu(Field::Weights, suited(&env, "weights", |format: WeightFormat| format.suits(kind)), chosen(|recipe| recipe.weights.name())) }
                { menu(Field::Precision, words::<Precision>(&env, "precision"), chosen(|recipe| recipe.precision.name())) }
                { menu(Field::Attention, words::<AttentionKernel>(&env, "attention"), chosen(|recipe| recipe.attention.name())) }
                { menu(Field::Stack, suited(&env, "stack", |stack: Stack| stack.suits(kind)), chosen(|recipe| recipe.stack.name())) }
            </div>
            <div class="pair" hidden={!trains}>
                <NumberField field={Field::Batch} placeholder={batch} />
                <NumberField field={Field::MicroBatch} placeholder="1" />
                <NumberField field={Field::Accumulation} placeholder="1" />
                { menu(Field::Checkpointing, words::<Checkpointing>(&env, "checkpointing"), chosen(|recipe| recipe.checkpointing.name())) }
                { menu(Field::Optimizer, words::<Optimizer>(&env, "optimizer"), chosen(|recipe| recipe.optimizer.name())) }
                { menu(Field::OptimizerKernel, words::<OptimizerKernel>(&env, "step"), chosen(|recipe| recipe.optimizer_kernel.name())) }
                { menu(Field::Loss, words::<LossKernel>(&env, "loss"), chosen(|recipe| recipe.loss.name())) }
            </div>
            <div class="pair" hidden={!adapts}>
                <NumberField field={Field::Rank} placeholder="16" />
                { menu(Field::Targets, words::<LoraTargetSet>(&env, "targets"), Some("all-linear")) }
                <NumberField field={Field::Dropout} placeholder="0" />
                { menu(Field::Embeddings, EMBEDDINGS.map(|name| (name.into(), env.name("embeddings", name).into())).to_vec(), Some("frozen")) }
            </div>
            <div class="pair" hidden={trains}>
                { menu(Field::KvCache, words::<CacheFormat>(&env, "kv"), chosen(|recipe| recipe.kv_cache.name())) }
                { menu(Field::VaeTiling, words::<VaeTiling>(&env, "vae-tiling"), chosen(|recipe| recipe.vae_tiling.name())) }
            </div>
            <div class="pair">
                { menu(Field::Sharding, words::<Sharding>(&env, "sharding"), chosen(|recipe| recipe.parallel.sharding.name())) }
                <NumberField field={Field::Tensor} placeholder="1" />
                <NumberField field={Field::Pipeline} placeholder="1" />
                <NumberField field={Field::Expert} placeholder="1" />
                <NumberField field={Field::ContextParallel} placeholder="1" />
                <NumberField field={Field::Network} placeholder={network} unit="Gb/s" />
                { menu(Field::Link, words::<LinkKind>(&env, "link"), None) }
                { menu(Field::Offload, offloads(&env, trains), None) }
                <NumberField field={Field::MainMemory} placeholder={env.say("app.field.automatic")} unit="GB" />
                <NumberField field={Field::HostMemory} placeholder={host_rate(&env)} unit="GB/s" />
                <NumberField field={Field::PowerLimit} placeholder={env.say("app.field.board-power")} unit="W" />
            </div>
        </Section>
    }
}

/// What main memory is taken to be read at, by the board that the setup needs.
fn host_rate(env: &Env) -> String {
    let rate = env.reading.held().map(whichcard::estimate::host_rate);
    rate.map_or_else(String::new, |rate| format::short(rate.as_giga()))
}

/// "automatic: BF16 mixed": what holds while nothing is chosen.
fn automatic(env: &Env, field: Field, options: &[(AttrValue, AttrValue)], chosen: Option<&str>) -> AttrValue {
    let free = env.link.get(field).is_none_or(str::is_empty);
    let name = chosen.filter(|_| free).and_then(|chosen| options.iter().find(|(value, _)| *value == *chosen));
    match name {
        Some((_, name)) => env.fill("app.field.automatically", &[("value", name)]).into(),
        None => env.say("app.field.automatic").into(),
    }
}

/// What may be kept in main memory for the job: of layers and of their experts a quarter, half, three quarters or all, and what the
/// link asks for.
fn offloads(env: &Env, trains: bool) -> Vec<(AttrValue, AttrValue)> {
    let model = env.reading.held().map(|setup| &*setup.model);
    let quarters = |of: u64| {
        let part = move |quarter: u64| u32::try_from((of * quarter).div_ceil(4)).unwrap_or(u32::MAX);
        (1..=4).map(part).filter(|count| *count > 0)
    };
    let mut kept = vec![Offload::None];
    if trains {
        kept.push(Offload::Optimizer);
    }
    if model.is_some_and(|model| !trains && model.has_companions()) {
        kept.push(Offload::Companions);
    }
    kept.push(Offload::OptimizerAndWeights);
    if let Some(model) = model.filter(|model| !trains && model.has_vocabulary()) {
        kept.extend(quarters(model.expert_layers()).map(Offload::Experts));
        kept.extend(quarters(model.layers()).map(Offload::Layers));
    }
    kept.extend(env.link.get(Field::Offload).and_then(Offload::from_name).filter(|asked| !kept.contains(asked)));
    let name = |offload| env.name("offload", &whichcard::wording::kept_in_main_memory(offload, trains));
    kept.into_iter().map(|offload| (offload.to_string().into(), name(offload).into())).collect()
}
