//! What is to be done: task, model, kind of job, lengths and amounts.

use super::choose::ModelPicker;
use crate::app::context::{Env, use_env};
use crate::app::format;
use crate::app::state::{Action, OF_TASK};
use crate::app::widgets::{Chips, NumberField};
use whichcard::request::{JobKind, JobRequest, Keyword};
use whichcard::share::Field;
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
                { if job.kind == JobKind::Inference { serving(&env, job) } else { training(&env, job) } }
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
    html! { <Chips field={Field::Task} label="app.field.task" {options} value={env.reading.task.clone()} {onpick} /> }
}

fn kinds(env: &Env, kind: JobKind) -> Html {
    let options: Vec<_> = JobKind::ALL
        .iter()
        .map(|kind| {
            let name = kind.name();
            (name.into(), env.name("job", name).into(), env.say(&format!("app.job-about.{name}")).into())
        })
        .collect();
    html! {
        <div class="kinds">
            <Chips field={Field::Job} label="app.field.job" {options} value={kind.name()} />
            <p class="hint">{ env.say(&format!("app.job-about.{}", kind.name())) }</p>
        </div>
    }
}

/// A number as a placeholder: what holds when nothing is typed.
fn default(value: Option<f64>, otherwise: &str) -> AttrValue {
    value.map_or_else(|| otherwise.to_owned(), |value| format::decimal(value, 0)).into()
}

/// What was typed, in full, where it was typed short ("8k").
fn echo(env: &Env, field: Field, value: Option<f64>) -> AttrValue {
    let typed = env.link.get(field).unwrap_or_default();
    let plain = typed.trim().chars().all(|c| c.is_ascii_digit());
    value.filter(|_| !plain).map_or_else(String::new, |value| format!("= {}", format::decimal(value, 0))).into()
}

fn training(env: &Env, job: &JobRequest) -> Html {
    let typed = |field| env.link.get(field).is_some_and(|text| !text.is_empty());
    let base = |field, value: Option<f64>| {
        if typed(field) { AttrValue::default() } else { default(value, &env.say("app.field.by-default")) }
    };
    html! {
        <>
            <NumberField key="seq" field={Field::Sequence} label="app.field.sequence" placeholder={base(Field::Sequence, job.sequence_length)}
                echo={echo(env, Field::Sequence, job.sequence_length)} hint="app.hint.sequence" />
            <NumberField key="samples" field={Field::Samples} label="app.field.samples" placeholder={base(Field::Samples, job.samples)}
                echo={echo(env, Field::Samples, job.samples)} />
            <NumberField key="epochs" field={Field::Epochs} label="app.field.epochs" placeholder={job.epochs.map_or_else(|| "1".to_owned(), format::short)} />
            <NumberField key="tokens" field={Field::Tokens} label="app.field.tokens" placeholder={env.say("app.field.tokens-default")}
                echo={echo(env, Field::Tokens, job.tokens)} hint="app.hint.tokens" />
        </>
    }
}

fn serving(env: &Env, job: &JobRequest) -> Html {
    html! {
        <>
            <NumberField key="prompt" field={Field::Prompt} label="app.field.prompt" placeholder={default(job.prompt, "1024")}
                echo={echo(env, Field::Prompt, job.prompt)} hint="app.hint.prompt" />
            <NumberField key="out" field={Field::Output} label="app.field.output" placeholder={default(job.output, "256")}
                echo={echo(env, Field::Output, job.output)} />
            <NumberField key="users" field={Field::Users} label="app.field.users" placeholder={default(job.concurrency, "1")} />
        </>
    }
}
