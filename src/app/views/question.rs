//! The question beside its answer: on a wide screen always in sight, on a narrow one folded under a line that says it in words.

use crate::app::context::{Env, use_env};
use crate::app::format;
use crate::app::reading::{CUSTOM, PASTED};
use crate::app::state::Action;
use crate::app::widgets::{Icon, Sign};
use whichcard::request::{CardChoice, DescribedModel, JobKind, Keyword, ModelChoice};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct QuestionProps {
    /// The question in words.
    pub summary: AttrValue,
    pub children: Html,
}

#[component]
pub fn Question(props: &QuestionProps) -> Html {
    let env = use_env();
    // A link with a field that cannot be read opens with that field in sight.
    let open = use_state(|| env.reading.unreadable(env.link.view()));
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let undo = {
        let act = env.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Action::Undo))
    };
    html! {
        <section class={classes!("question", open.then_some("open"))} aria-label={env.say("app.form.question")}>
            <button type="button" class="fold" aria-expanded={open.to_string()} aria-controls="question-form" onclick={toggle}>
                <span>{ &props.summary }</span>
                <span class="fold-word">{ env.say(if *open { "app.form.done" } else { "app.form.change" }) }<Icon sign={Sign::Chevron} /></span>
            </button>
            <p class="undo"><button type="button" class="small" id="undo" disabled={!env.undoes} onclick={undo}
                title={env.say("app.undo-about")}><Icon sign={Sign::Back} />{ env.say("app.undo") }</button></p>
            <form id="question-form" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())} autocomplete="off">
                { props.children.clone() }
            </form>
        </section>
    }
}

/// The name of the chosen model.
pub fn model_name(env: &Env) -> String {
    match &env.reading.request.model {
        ModelChoice::Id(id) => env.catalog.model(id).map_or_else(|| id.clone(), |model| model.name.clone()),
        ModelChoice::Described(DescribedModel::ParametersB(billions)) => {
            env.fill("app.model.of-size", &[("size", &format::large(billions * 1e9))])
        }
        ModelChoice::Described(_) => {
            env.say(if env.link.get(whichcard::share::Field::Model) == Some(PASTED) { "app.model.pasted" } else { "app.model.own" })
        }
    }
}

/// The name of the chosen card.
pub fn card_name(env: &Env) -> String {
    match &env.reading.request.rig.card {
        CardChoice::Id(id) => env.catalog.card(id).map_or_else(|| id.clone(), |card| card.name.clone()),
        CardChoice::Custom(_) => env.say(&format!("app.card.{CUSTOM}")),
    }
}

/// "QLoRA fine-tuning of Llama 3 8B, 2,048 tokens".
pub fn job_in_words(env: &Env) -> String {
    let job = &env.reading.request.job;
    let key = format!("app.summary.{}", job.kind.name());
    let length = match job.kind {
        JobKind::Inference => job.prompt,
        _ => job.sequence_length,
    };
    let words = env.fill(&key, &[("model", &model_name(env))]);
    match length {
        Some(length) => env.fill("app.summary.with-length", &[("job", &words), ("n", &format::decimal(length, 0))]),
        None => words,
    }
}
