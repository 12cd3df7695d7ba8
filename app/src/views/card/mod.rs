//! What can my card do?

mod facts;
mod matrix;
pub mod summary;
mod upgrades;

use super::answer;
use super::choose::{CardPicker, ModelPicker, sized};
use super::detect::Detect;
use super::line::{Line, answer_with_line};
use super::question::Question;
use super::recipe;
use super::rig::{self, at_hand};
use super::share::Share;
use super::summary::card_name;
use super::tabled;
use super::taken::Taken;
use super::widget::widget;
use crate::context::{Env, use_env};
use crate::late::Late;
use crate::widgets::{Chips, NumberField};
use std::rc::Rc;
use std::sync::Arc;
use whichcard::error::RequestError;
use whichcard::estimate::Verdict;
use whichcard::model::Model;
use whichcard::plan::{Ability, abilities, abilities_with};
use whichcard::request::{JobKind, Keyword, Request, Rig, Setup, resolve};
use whichcard::share::Field;
use yew::prelude::*;

/// Cards with what they can do.
pub struct Able {
    rig: Rig,
    abilities: Vec<Ability>,
    /// The model asked about, where it is not one of those that stand for the task.
    asked: Option<Arc<Model>>,
}

impl PartialEq for Able {
    /// One is made for each question, so another place is another question.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

#[component]
pub fn CardView() -> Html {
    let env = use_env();
    let fresh = {
        let question = (env.reading.request.rig.clone(), env.reading.request.model.clone(), env.reading.task.clone());
        use_memo((question, Late::clone(&env.catalog)), |((rig, model, task), catalog)| {
            let request = Request { rig: rig.clone(), model: model.clone(), ..Request::new("", JobKind::Inference, "") };
            let Setup { rig, model, .. } = resolve(catalog, &request)?;
            let rig = at_hand(&rig);
            let mut abilities = abilities(catalog, &rig);
            let listed = catalog.task(task).is_some_and(|task| task.models.contains(&model.id));
            if catalog.model(&model.id).is_none() {
                for (kind, ability) in abilities_with(catalog, &model, &rig) {
                    abilities.iter_mut().filter(|known| known.kind == kind).for_each(|known| known.models.push(ability.clone()));
                }
            }
            let asked = (!listed).then_some(model);
            Ok::<_, RequestError>(Rc::new(Able { rig, abilities, asked }))
        })
    };
    if env.compact {
        return widget(&env, html! { <CardPicker /> }, answer::answer(&env, &fresh, |able| brief(&env, able)));
    }
    html! {
        <div class="bench">
            <Question summary={card_name(&env)} open={env.link.get(Field::Card).is_none()}>
                <div class="form-part">
                    <CardPicker />
                    <Detect />
                    <NumberField field={Field::Count} placeholder="1" />
                    <Taken />
                    { tasks(&env) }
                    <ModelPicker />
                </div>
            </Question>
            { answer_with_line(&env, &fresh, |able| in_a_line(&env, able), |able| answer_of(&env, able)) }
        </div>
    }
}

/// Which models the matrix shows.
fn tasks(env: &Env) -> Html {
    let options: Vec<_> = env
        .catalog
        .tasks()
        .iter()
        .map(|task| (task.id.clone().into(), env.say(&format!("app.task.{}", task.id)).into(), AttrValue::default()))
        .collect();
    html! { <Chips field={Field::Task} {options} value={env.reading.task.clone()} /> }
}

/// The cards, and the largest model that runs on them.
fn in_a_line(env: &Env, able: &Able) -> Line {
    let largest = largest_for(env, &able.abilities, JobKind::Inference).unwrap_or_else(|| env.say("app.card.largest-none"));
    Line::plain(format!("{} · {largest}", rig::in_short(env, &able.rig)))
}

fn answer_of(env: &Env, able: &Rc<Able>) -> Html {
    html! {
        <div class="answer" data-card={able.rig.card.id.clone()}>
            { headline(env, able, html! {
                <p class="row">{ super::compare::link(env, &[able.rig.card.id.as_str(), "rtx-5090"]) }</p>
            }) }
            { facts::facts(env, &able.rig) }
            { summary::summary(env, able.rig.card.id.as_str(), &able.abilities) }
            <upgrades::Upgrades able={Rc::clone(able)} />
            { matrix::matrix(env, able.rig.card.id.as_str(), &able.abilities, able.asked.as_ref()) }
            <Share rows={tabled::shown(env, "matrix")} asked={rig::name(env, &able.rig)} />
        </div>
    }
}

/// The largest model for each kind of job.
fn brief(env: &Env, able: &Rc<Able>) -> Html {
    html! {
        <div class="answer" data-card={able.rig.card.id.clone()}>
            { headline(env, able, html! {}) }
            { summary::summary(env, able.rig.card.id.as_str(), &able.abilities) }
        </div>
    }
}

fn headline(env: &Env, able: &Able, more: Html) -> Html {
    html! {
        <header class="headline" id="verdict" data-verdict="card" aria-live="polite">
            <p class="eyebrow">{ env.say("app.card.eyebrow") }</p>
            <h1>{ rig::name(env, &able.rig) }</h1>
            <p>{ largest(env, &able.abilities) }</p>
            { more }
        </header>
    }
}

/// "Runs up to Qwen3 14B", where a model fits.
fn largest_for(env: &Env, abilities: &[Ability], kind: JobKind) -> Option<String> {
    let one = summary::largest(env, abilities, kind).filter(|one| one.verdict == Verdict::Fits)?;
    let able = env.fill(&format!("app.card.largest-{}", kind.name()), &[("model", &sized(env, &one.model))]);
    match one.run.as_deref().and_then(|run| recipe::program(env, &run.setup)) {
        Some(program) => Some(env.fill("app.card.by-program", &[("able", &able), ("program", &program)])),
        None => Some(able),
    }
}

/// "Language models: runs up to Qwen3 14B; tunes up to Llama 3 8B with QLoRA ..."
fn largest(env: &Env, abilities: &[Ability]) -> String {
    let said = |kind: JobKind| largest_for(env, abilities, kind);
    let mut trained: Vec<String> = [JobKind::Qlora, JobKind::FullFinetune].into_iter().filter_map(said).collect();
    // Where nothing can be tuned, as with scenes that are fitted anew to every place, training from nothing is what counts.
    if trained.is_empty() {
        trained.extend(said(JobKind::Pretrain));
    }
    let beside = summary::larger_with_main_memory(env, abilities, JobKind::Inference);
    let beside = beside.map(|one| env.fill("app.card.largest-beside", &[("model", &sized(env, &one.model))]));
    let parts: Vec<String> = said(JobKind::Inference).into_iter().chain(beside).chain(trained).collect();
    let able = if parts.is_empty() { env.say("app.card.largest-none") } else { parts.join(&env.say("app.list-semicolon")) };
    env.fill("app.card.of-task", &[("task", &env.say(&format!("app.task.{}", env.reading.task))), ("able", &able)])
}
