//! One machine and one recipe in full: what "will this setup work" asks beyond the job.

use super::choose::CardPicker;
use super::detect::Detect;
use super::taken::Taken;
use crate::context::{Env, use_env};
use crate::format;
use crate::reading::EMBEDDINGS;
use crate::widgets::{Menu, NumberField, Section};
use whichcard::request::*;
use whichcard::share::{Field, Part};
use yew::prelude::*;

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

/// The menus of a recipe.
struct Menus<'a> {
    env: &'a Env,
    setup: Option<&'a Setup>,
    /// What has any influence on it.
    relevant: Option<RecipeRequest>,
}

impl Menus<'_> {
    /// All values of a list.
    fn all<K: Keyword>(&self, field: Field, chosen: fn(&Recipe) -> K) -> Html {
        self.listed(field, K::NAMES.iter(), self.chosen(chosen))
    }

    /// Those that suit the job.
    fn suited<K: Keyword>(&self, field: Field, chosen: fn(&Recipe) -> K, suits: impl Fn(K) -> bool) -> Html {
        let suited = K::NAMES.iter().zip(K::ALL).filter(|(_, value)| suits(**value)).map(|(name, _)| name);
        self.listed(field, suited, self.chosen(chosen))
    }

    fn chosen<K: Keyword>(&self, chosen: fn(&Recipe) -> K) -> Option<&'static str> {
        self.setup.map(|setup| chosen(&setup.recipe).name())
    }

    /// Values of a list under their names, and which of them holds while nothing is chosen.
    fn listed<'n>(&self, field: Field, names: impl Iterator<Item = &'n &'static str>, chosen: Option<&str>) -> Html {
        let options = names.map(|name| (AttrValue::from(*name), self.env.name(field.names(), name).into())).collect();
        self.menu(field, options, chosen)
    }

    /// What means nothing for the job and the model is left out, unless it was asked for.
    fn menu(&self, field: Field, options: Vec<(AttrValue, AttrValue)>, chosen: Option<&str>) -> Html {
        let hidden = self.means_nothing(field) && self.env.link.get(field).is_none();
        html! {
            <div key={field.key()} {hidden}><Menu {field} default={automatic(self.env, field, &options, chosen)} {options} /></div>
        }
    }

    fn means_nothing(&self, field: Field) -> bool {
        let (Some(setup), Some(recipe)) = (self.setup, &self.relevant) else { return field == Field::VaeTiling };
        match field {
            Field::Weights => recipe.weights.is_none(),
            Field::Attention => recipe.attention.is_none(),
            Field::Checkpointing => recipe.checkpointing.is_none(),
            Field::Loss => recipe.loss.is_none(),
            Field::KvCache => recipe.kv_cache.is_none(),
            Field::VaeTiling => recipe.vae_tiling.is_none(),
            Field::Embeddings => !setup.model.has_vocabulary(),
            Field::Stack => !setup.model.has_blocks(),
            _ => false,
        }
    }
}

#[component]
pub fn RecipeForm() -> Html {
    let env = use_env();
    let setup = env.reading.held();
    let menus = Menus { env: &env, setup, relevant: setup.map(RecipeRequest::relevant) };
    let batch = setup.map_or_else(String::new, |setup| format::count(setup.job.global_batch));
    let network = setup.map_or_else(String::new, |setup| format::short(setup.rig.network_rate().as_gigabits()));
    let kind = env.reading.request.job.kind;
    let (trains, adapts) = (kind.trains(), kind.adapts());
    let embeddings = EMBEDDINGS.iter();
    html! {
        <Section id="recipe" title="app.form.recipe" parts={&[Part::Recipe, Part::Machine][..]} fields={&[Field::Batch][..]}>
            <div class="pair">
                { menus.suited(Field::Weights, |recipe| recipe.weights, |format: WeightFormat| format.suits(kind)) }
                { menus.all(Field::Precision, |recipe| recipe.precision) }
                { menus.all(Field::Attention, |recipe| recipe.attention) }
                { menus.suited(Field::Stack, |recipe| recipe.stack, |stack: Stack| stack.suits(kind)) }
            </div>
            <div class="pair" hidden={!trains}>
                <NumberField field={Field::Batch} placeholder={batch} />
                <NumberField field={Field::MicroBatch} placeholder="1" />
                <NumberField field={Field::Accumulation} placeholder="1" />
                { menus.all(Field::Checkpointing, |recipe| recipe.checkpointing) }
                { menus.all(Field::Optimizer, |recipe| recipe.optimizer) }
                { menus.all(Field::OptimizerKernel, |recipe| recipe.optimizer_kernel) }
                { menus.all(Field::Loss, |recipe| recipe.loss) }
            </div>
            <div class="pair" hidden={!adapts}>
                <NumberField field={Field::Rank} placeholder="16" />
                { menus.listed(Field::Targets, LoraTargetSet::NAMES.iter(), Some(LoraTargetSet::AllLinear.name())) }
                <NumberField field={Field::Dropout} placeholder="0" />
                { menus.listed(Field::Embeddings, embeddings, Some("frozen")) }
            </div>
            <div class="pair" hidden={trains}>
                { menus.all(Field::KvCache, |recipe| recipe.kv_cache) }
                { menus.all(Field::VaeTiling, |recipe| recipe.vae_tiling) }
            </div>
            <div class="pair">
                { menus.all(Field::Sharding, |recipe| recipe.parallel.sharding) }
                <NumberField field={Field::Tensor} placeholder="1" />
                <NumberField field={Field::Pipeline} placeholder="1" />
                <NumberField field={Field::Expert} placeholder="1" />
                <NumberField field={Field::ContextParallel} placeholder="1" />
                <NumberField field={Field::Network} placeholder={network} unit="Gb/s" />
                { menus.listed(Field::Link, LinkKind::NAMES.iter(), None) }
                { menus.menu(Field::Offload, offloads(&env, trains), None) }
                <NumberField field={Field::MainMemory} placeholder={env.say("app.field.automatic")} unit="GB" />
                <NumberField field={Field::HostMemory} placeholder={host_rate(&env)} unit="GB/s" />
                <NumberField field={Field::PowerLimit} placeholder={board_power(&env)} unit="W" />
            </div>
        </Section>
    }
}

/// What the card draws while nothing limits it.
fn board_power(env: &Env) -> String {
    env.reading.held().map_or_else(|| env.say("app.field.board-power"), |setup| format::short(setup.rig.card.tdp.get()))
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
    let name = |offload| env.name(Field::Offload.names(), &whichcard::wording::kept_in_main_memory(offload, trains));
    kept.into_iter().map(|offload| (offload.to_string().into(), name(offload).into())).collect()
}
