//! Models against kinds of job: what fits, how fast, and what stands in the way.

use crate::context::Env;
use crate::format;
use crate::views::{evidence, figures, memory_bar, recipe, verdict};
use crate::widgets::Icon;
use std::sync::Arc;
use whichcard::model::Model;
use whichcard::plan::{Ability, Comfort, ModelAbility, Run};
use whichcard::request::{JobKind, Keyword};
use whichcard::share::{Field, View};
use whichcard::units::real;
use yew::prelude::*;

/// Kinds of job in the order of what they ask of a card.
const KINDS: [JobKind; 5] = [JobKind::Inference, JobKind::Qlora, JobKind::Lora, JobKind::FullFinetune, JobKind::Pretrain];

/// The models of the task, below the one asked about where it is another.
pub fn matrix(env: &Env, card: &str, abilities: &[Ability], asked: Option<&Arc<Model>>) -> Html {
    let of_task = env
        .catalog
        .tasks()
        .iter()
        .filter(|task| task.id == env.reading.task)
        .flat_map(|task| task.models.iter())
        .filter_map(|id| env.catalog.model(id));
    let models: Vec<&Arc<Model>> = asked.into_iter().chain(of_task).collect();
    html! {
        <section class="matrix">
            <h2>{ env.say("app.matrix.title") }</h2>
            <p class="quiet">{ env.say("app.matrix.about") }<span class="sideways">{ env.say("app.matrix.sideways") }</span></p>
            <div class="scroll" tabindex="0" role="region" aria-label={env.say("app.matrix.title")}>
                <table id="matrix">
                    <thead>
                        <tr>
                            <th scope="col">{ env.say("app.matrix.model") }</th>
                            { for KINDS.iter().map(|kind| html! {
                                <th key={kind.name()} scope="col">{ env.name("job", kind.name()) }</th>
                            }) }
                        </tr>
                    </thead>
                    <tbody>
                        { for models.into_iter().map(|model| html! {
                            <tr key={model.id.clone()} data-model={model.id.clone()}>
                                <th scope="row">
                                    { &model.name }
                                    <span class="quiet">{ format::large(real(model.parameters)) }</span>
                                </th>
                                { for KINDS.iter().map(|kind| cell(env, card, *kind, model, find(abilities, *kind, &model.id))) }
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn find<'a>(abilities: &'a [Ability], kind: JobKind, model: &str) -> Option<&'a ModelAbility> {
    abilities.iter().find(|ability| ability.kind == kind)?.models.iter().find(|one| one.model.id == model)
}

fn cell(env: &Env, card: &str, kind: JobKind, model: &Arc<Model>, ability: Option<&ModelAbility>) -> Html {
    let Some(ability) = ability else {
        return html! {
            <td key={kind.name()} class="quiet" data-kind={kind.name()} data-verdict="none">
                <span aria-label={env.say("app.matrix.senseless")}>{ "–" }</span>
            </td>
        };
    };
    let (name, sign) = match &ability.run {
        Some(run) => (run.comfort.name(), verdict::comfort_sign(run.comfort)),
        None => (verdict::name(ability.verdict), verdict::sign(ability.verdict)),
    };
    let note = match (&ability.run, &ability.memory) {
        (Some(run), _) => html! { <>{ on_fewer(env, run) }{ pace(env, run) }</> },
        (None, Some(memory)) => html! { { env.fill("app.matrix.needs", &[("needs", &format::memory(memory.total))]) } },
        (None, None) => html! { { env.say("app.matrix.cannot") } },
    };
    let limit = ability.memory.as_ref().map(|memory| memory_bar::part_name(env, memory.limited_by));
    let offloaded = ability.run.as_ref().zip(ability.memory.as_ref()).filter(|(run, _)| run.comfort == Comfort::Offloaded);
    let title = match offloaded {
        Some((_, memory)) => Some(env.fill("app.matrix.host", &[("host", &format::memory(memory.host))])),
        None => limit.map(|part| env.fill("app.matrix.mostly", &[("part", &part)])),
    };
    let (href, onclick) = link_to(env, card, kind, model, ability.run.as_deref());
    let supported = ability.run.as_ref().map(|run| run.confidence);
    html! {
        <td key={kind.name()} class={name} data-kind={kind.name()} data-verdict={name}
            data-confidence={supported.map(evidence::name)}>
            <a {href} {title} {onclick}>
                <span class="cell-word"><Icon {sign} />{ env.say(&format!("app.verdict.{name}")) }</span>
                <span class="quiet">{ note }</span>
                { for supported.and_then(|confidence| evidence::bare_mark(env, confidence)) }
            </a>
        </td>
    }
}

/// How many of the cards it runs on, where that is not all of them.
fn on_fewer(env: &Env, run: &Run) -> String {
    let (own, all) = (run.setup.rig.count, env.reading.request.rig.count.unwrap_or(1.0));
    if f64::from(own) < all { env.fill("app.matrix.fewer", &[("n", &format::count(own.into()))]) } else { String::new() }
}

/// How fast it is. Running waits for the weights, so a small model in 16 bits can be slower than a large one in four: the format
/// belongs to that speed. So does the program, where not every one trains so.
fn pace(env: &Env, run: &Run) -> Html {
    let pace = figures::pace_of(env, &run.setup, &run.time);
    let format = (!run.setup.trains()).then(|| run.setup.recipe.weights.name().to_ascii_uppercase());
    let beside = format.or_else(|| recipe::program(env, &run.setup));
    html! { <>{ pace }{ for beside.into_iter().map(|beside| html! { <>{ " · " }<span class="apart">{ beside }</span></> }) }</> }
}

/// Where a setup of this card is shown in full; where none fits, the one taken by default.
pub fn link_to(env: &Env, card: &str, kind: JobKind, model: &Model, run: Option<&Run>) -> (String, Callback<MouseEvent>) {
    let asked = || vec![(Field::Count, env.link.get(Field::Count).map(str::to_owned))];
    let mut changes = run.map_or_else(|| [recipe::cleared(), asked()].concat(), |run| recipe::changes(&run.setup));
    // A model of the visitor's own is named by what was typed, not by an id.
    let listed = env.catalog.model(&model.id).is_some();
    let model_text = if listed { model.id.as_str() } else { env.link.get(Field::Model).unwrap_or_default() };
    let named = [(Field::Card, card), (Field::Model, model_text), (Field::Job, kind.name())];
    changes.extend(named.into_iter().map(|(field, text)| (field, Some(text.to_owned()))));
    env.way(View::Inspect, changes)
}
