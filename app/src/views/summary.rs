//! The question in words: model, job and cards as they are asked for.

use crate::context::Env;
use crate::format;
use crate::reading::{CUSTOM, PASTED, Reading};
use whichcard::request::{CardChoice, DescribedModel, JobKind, Keyword, ModelChoice, Setup};
use whichcard::share::{Field, Link, View};
use whichcard::units::real;

/// The name of the chosen model.
pub fn model_name(env: &Env) -> String {
    model_of(env, &env.reading, &env.link)
}

/// What was asked about where nobody knows it: a default in its place would be another question. What is embedded leaves it out.
fn unknown(env: &Env, reading: &Reading, field: Field) -> Option<String> {
    let problem = reading.problem(field).filter(|_| env.link.view() != View::Embed && env.catalog.model_count() > 0)?;
    problem.no_such().map(str::to_owned)
}

fn model_of(env: &Env, reading: &Reading, link: &Link) -> String {
    if let Some(given) = unknown(env, reading, Field::Model) {
        return given;
    }
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
    card_of(env, &env.reading)
}

fn card_of(env: &Env, reading: &Reading) -> String {
    if let Some(given) = unknown(env, reading, Field::Card) {
        return given;
    }
    match &reading.request.rig.card {
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
    rig_of(env, &env.reading)
}

/// The same of another link, by what it was read as.
pub fn rig_of(env: &Env, reading: &Reading) -> String {
    let count = reading.request.rig.count.unwrap_or(1.0);
    let card = card_of(env, reading);
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
