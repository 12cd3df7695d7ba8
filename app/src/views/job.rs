//! What is to be done: task, model, kind of job, lengths and amounts.

use super::choose::ModelPicker;
use super::figures;
use crate::context::{Env, use_env};
use crate::format;
use crate::state::{Action, OF_TASK};
use crate::widgets::{Chips, NumberField};
use whichcard::model::Network;
use whichcard::request::{Job, JobKind, JobRequest, Keyword, ModelChoice};
use whichcard::share::Field;
use whichcard::units::real;
use yew::prelude::*;

#[component]
pub fn JobForm() -> Html {
    let env = use_env();
    let job = &env.reading.request.job;
    html! {
        <div class="form-part">
            { tasks(&env) }
            <ModelPicker />
            { kinds(&env, job.kind) }
            <div key={job.kind.name()} class="pair">
                { if job.kind.trains() { training(&env, job) } else { serving(&env) } }
            </div>
        </div>
    }
}

/// Picking a task puts back what the task decides.
fn tasks(env: &Env) -> Html {
    let name = |id: &str| AttrValue::from(env.say(&format!("app.task.{id}")));
    let options: Vec<_> =
        env.catalog.tasks().iter().map(|task| (task.id.clone().into(), name(&task.id), AttrValue::default())).collect();
    let onpick = {
        let act = env.act.clone();
        Callback::from(move |id: String| {
            let back = OF_TASK.iter().map(|field| (*field, None));
            act.emit(Action::Put(back.chain([(Field::Task, Some(id))]).collect()));
        })
    };
    html! { <Chips field={Field::Task} {options} value={env.reading.task.clone()} {onpick} /> }
}

fn kinds(env: &Env, kind: JobKind) -> Html {
    let options: Vec<_> = offered(env)
        .into_iter()
        .map(|kind| {
            let name = kind.name();
            (name.into(), env.name("job", name).into(), env.say(&format!("app.job-about.{name}")).into())
        })
        .collect();
    html! {
        <div class="kinds">
            <Chips field={Field::Job} {options} value={kind.name()} />
            <p class="hint">{ env.say(&format!("app.job-about.{}", kind.name())) }</p>
        </div>
    }
}

/// Kinds of job that make sense for the model; every kind while the model cannot be read.
pub fn offered(env: &Env) -> Vec<JobKind> {
    let chosen = env.reading.held().map(|setup| &setup.model);
    let model = match &env.reading.request.model {
        ModelChoice::Id(id) => env.catalog.model(id),
        ModelChoice::Described(_) => chosen,
    };
    model.map_or_else(|| JobKind::ALL.to_vec(), |model| model.kinds().collect())
}

/// A number as a placeholder: what holds when nothing is typed.
fn default(value: Option<f64>, otherwise: &str) -> AttrValue {
    value.map_or_else(|| otherwise.to_owned(), |value| format::decimal(value, 0)).into()
}

fn training(env: &Env, job: &JobRequest) -> Html {
    let setup = env.reading.held();
    let text = setup.is_none_or(|setup| figures::reads_text(&setup.model));
    let writes_answers = setup.is_some_and(|setup| matches!(setup.model.network, Network::EncoderDecoder { .. }));
    // What is trained on in all, shared out to samples of this length and to the passes over them.
    let usual = setup.map(|setup| setup.job.tokens.get() / real(setup.job.sequence_length) / job.epochs.unwrap_or(1.0));
    html! {
        <>
            { length(env, text) }
            <div key="target" hidden={!writes_answers}>
                <NumberField field={Field::TargetLength}
                    placeholder={default(setup.map(|setup| real(setup.job.target_length)), "")} />
            </div>
            <NumberField key="samples" field={Field::Samples} placeholder={default(job.samples.or(usual), "")} />
            <NumberField key="epochs" field={Field::Epochs}
                placeholder={job.epochs.map_or_else(|| "1".to_owned(), format::short)} />
            <div key="tokens" hidden={!text}>
                <NumberField field={Field::Tokens} placeholder={total_tokens(env)}
                    default={setup.map(|setup| setup.job.tokens.get())} hint="app.hint.tokens" />
            </div>
        </>
    }
}

/// How long each sample is: tokens of text, or the side of an image where that can be chosen.
fn length(env: &Env, text: bool) -> Html {
    let setup = env.reading.held();
    let image = setup.is_some_and(|setup| setup.model.sized_by_side());
    let hint = if image { "app.hint.image-side" } else { "app.hint.sequence" };
    let held = setup.map(|setup| {
        let length = setup.job.sequence_length;
        real(setup.model.image_side(length).unwrap_or(length))
    });
    html! {
        <div key="seq" hidden={!text && !image}>
            <NumberField field={Field::Sequence} placeholder={default(held, "2048")} {hint} />
        </div>
    }
}

/// Tokens in all, as they follow from the rest.
fn total_tokens(env: &Env) -> String {
    env.reading.held().map_or_else(String::new, |setup| format::many(env.lang, setup.job.tokens.get()))
}

fn serving(env: &Env) -> Html {
    let setup = env.reading.held();
    let text = setup.is_none_or(|setup| figures::reads_text(&setup.model));
    let held = |value: fn(&Job) -> u64| default(setup.map(|setup| real(value(&setup.job))), "");
    let denoises = setup.is_some_and(|setup| setup.model.denoising.is_some());
    html! {
        <>
            { for (!text).then(|| length(env, false)) }
            <div key="prompt" hidden={!text}>
                <NumberField field={Field::Prompt} placeholder={held(|job| job.prompt)} hint="app.hint.prompt" />
            </div>
            <div key="out" hidden={!text && !denoises}>
                <NumberField field={Field::Output} placeholder={held(|job| job.output)} />
            </div>
            <NumberField key="users" field={Field::Users} placeholder={held(|job| job.concurrency)} />
        </>
    }
}
