//! The question beside its answer: on a wide screen always in sight, on a narrow one folded under a line that says it in words.

use super::saved::SavedSetups;
use crate::app::browser;
use crate::app::context::{Env, use_env};
use crate::app::format;
use crate::app::reading::{CUSTOM, PASTED, Reading};
use crate::app::state::Action;
use crate::app::widgets::{Icon, Sign};
use web_sys::Element;
use whichcard::request::{CardChoice, DescribedModel, JobKind, Keyword, ModelChoice, Setup};
use whichcard::share::{Field, Link, View};
use whichcard::units::real;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct QuestionProps {
    /// The question in words.
    pub summary: AttrValue,
    /// Opened from the start, for something in it that has to be seen.
    #[prop_or_default]
    pub open: bool,
    pub children: Html,
}

#[component]
pub fn Question(props: &QuestionProps) -> Html {
    let env = use_env();
    // A link with a field that cannot be read opens with that field in sight.
    let open = use_state(|| props.open || env.reading.unreadable(env.link.view()));
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| {
            if *open {
                // The answer is below the line that is left of the question.
                browser::show_from_top("question");
            }
            open.set(!*open);
        })
    };
    let undo = {
        let act = env.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Action::Undo))
    };
    html! {
        <section id="question" class={classes!("question", open.then_some("open"))} aria-label={env.say("app.form.question")}>
            <button type="button" class="fold" aria-expanded={open.to_string()} aria-controls="question-form" onclick={toggle}>
                <span>{ &props.summary }</span>
                <span class="fold-word">{ env.say(if *open { "app.form.done" } else { "app.form.change" }) }<Icon sign={Sign::Chevron} /></span>
            </button>
            <p class="undo"><button type="button" class="small" id="undo" disabled={!env.undoes} onclick={undo}
                title={env.say("app.undo-about")}><Icon sign={Sign::Back} /><span>{ env.say("app.undo") }</span></button></p>
            <form id="question-form" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())} autocomplete="off">
                { props.children.clone() }
                <Kept summary={props.summary.clone()} />
            </form>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct KeptProps {
    /// The question in words.
    summary: AttrValue,
}

/// Setups kept in this browser: looked up when they are asked for.
#[component]
fn Kept(props: &KeptProps) -> Html {
    let env = use_env();
    let open = use_state(|| false);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |event: Event| open.set(event.target_unchecked_into::<Element>().has_attribute("open")))
    };
    html! {
        <details class="form-part" id="saved" {ontoggle}>
            <summary>{ env.say("app.form.saved") }</summary>
            { if *open { html! { <SavedSetups summary={props.summary.clone()} /> } } else { html! {} } }
        </details>
    }
}

/// The name of the chosen model.
pub fn model_name(env: &Env) -> String {
    model_of(env, &env.reading, &env.link)
}

fn model_of(env: &Env, reading: &Reading, link: &Link) -> String {
    match &reading.request.model {
        ModelChoice::Id(id) => env.catalog.model(id).map_or_else(|| id.clone(), |model| model.name.clone()),
        ModelChoice::Described(DescribedModel::ParametersB(billions)) => {
            env.fill("app.model.of-size", &[("size", &format::large(billions * 1e9))])
        }
        ModelChoice::Described(_) => {
            env.say(if link.get(Field::Model) == Some(PASTED) { "app.model.pasted" } else { "app.model.own" })
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

/// The name of the page in a row of tabs: first what the question is about, as they show little more.
pub fn title(env: &Env) -> String {
    let asked = if env.link.view() == View::Advise { about(env).join(&env.say("app.list-comma")) } else { elsewhere(env) };
    env.fill("app.title", &[("question", &asked)])
}

fn about(env: &Env) -> Vec<String> {
    vec![model_name(env), env.name("job", env.reading.request.job.kind.name())]
}

/// What the other views are about; else the name of the view. A function of its own, so that a first visit does without it.
#[inline(never)]
fn elsewhere(env: &Env) -> String {
    let view = env.link.view();
    let parts = match view {
        View::Inspect => [about(env), vec![rig_words(env)]].concat(),
        View::Scratch => vec![model_name(env), rig_words(env)],
        View::Card => vec![rig_words(env)],
        View::Compare => {
            let cards = env.link.get(Field::Cards).unwrap_or_default().split(',').filter(|id| !id.is_empty());
            cards.map(|id| env.title_of(Field::Card, id)).collect()
        }
        _ => Vec::new(),
    };
    match parts.is_empty() {
        // Where a word may be broken is no part of its name.
        true => env.say(&format!("app.nav.{}", view.name())).replace('\u{200b}', ""),
        false => parts.join(&env.say("app.list-comma")),
    }
}

/// The cards as they are asked for, in words.
pub fn rig_words(env: &Env) -> String {
    let count = env.reading.request.rig.count.unwrap_or(1.0);
    let card = card_name(env);
    if count > 1.0 { env.fill("app.rig.several", &[("n", &format::decimal(count, 0)), ("card", &card)]) } else { card }
}

/// "QLoRA fine-tuning of Llama 3 8B, 2,048 tokens".
pub fn job_in_words(env: &Env) -> String {
    job_of(env, &env.reading, &env.link)
}

/// The same of another link and what it was read as.
pub fn job_of(env: &Env, reading: &Reading, link: &Link) -> String {
    let job = &reading.request.job;
    let key = format!("app.summary.{}", job.kind.name());
    let other = reading.held().filter(|setup| !setup.model.reads_text());
    // Of an image its side, where that was asked for.
    let side = |setup: &Setup| job.sequence_length.and_then(|_| setup.model.image_side(setup.job.sequence_length)).map(real);
    let (length, with_length) = match (other, job.kind) {
        (Some(setup), _) => (side(setup), "app.summary.with-side"),
        (None, JobKind::Inference) => (job.prompt, "app.summary.with-length"),
        (None, _) => (job.sequence_length, "app.summary.with-length"),
    };
    let words = env.fill(&key, &[("model", &model_of(env, reading, link))]);
    match length {
        Some(length) => env.fill(with_length, &[("job", &words), ("n", &format::decimal(length, 0))]),
        None => words,
    }
}
