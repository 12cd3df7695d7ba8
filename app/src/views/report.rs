//! What was asked, for paper: on the screen the form says it.

use super::figures::reads_text;
use crate::context::Env;
use crate::field::{choice, named};
use crate::format;
use crate::reading::concerns;
use whichcard::share::Field;
use whichcard::units::real;
use yew::prelude::*;

/// The question in words, every field that was set, and what holds of the rest that decides times and prices. A comparison of several
/// jobs has none in common.
pub fn inputs(env: &Env, job: Option<String>, rig: Option<String>) -> Html {
    let view = env.link.view();
    let said = |field: &Field| {
        matches!(field, Field::Model | Field::Config | Field::Job | Field::Task | Field::Card | Field::Cards | Field::Count)
    };
    let set =
        env.link.values().filter(|(field, text)| concerns(view, *field) && !said(field) && !field.is_look() && !text.is_empty());
    let held = held(env, job.is_some());
    let rows = [("job", "app.field.job", job), ("rig", "app.form.rig", rig)];
    let rows = rows.into_iter().filter_map(|(key, label, words)| Some((key, label, words?)));
    let rows = rows.chain(set.map(|(field, text)| (field.key(), label(env, field), choice(env, field, text)))).chain(held);
    html! {
        <dl class="recipe report-inputs">
            { for rows.map(|(key, label, value)| html! { <div key={key}><dt>{ env.say(label) }</dt><dd>{ value }</dd></div> }) }
        </dl>
    }
}

/// What holds where nothing was typed: how much is trained on, and whose prices count.
fn held(env: &Env, one_job: bool) -> Vec<(&'static str, &'static str, String)> {
    let job = &env.reading.request.job;
    let mut rows = Vec::new();
    if let Some(setup) = env.reading.held().filter(|setup| one_job && setup.trains()) {
        let (all, passes) = (setup.job.tokens.get(), job.epochs.unwrap_or(1.0));
        let samples = all / real(setup.job.sequence_length.max(1)) / passes;
        rows.push((Field::Samples, format::many(env.lang, samples)));
        rows.push((Field::Epochs, format::short(passes)));
        rows.extend(reads_text(&setup.model).then(|| (Field::Tokens, format::many(env.lang, all))));
    }
    let country = env.reading.request.money.country.as_deref().unwrap_or("any");
    rows.push((Field::Country, env.name("country", country)));
    let open = |field: Field| env.link.get(field).is_none_or(str::is_empty);
    rows.into_iter().filter(|(field, _)| open(*field)).map(|(field, text)| (field.key(), label(env, field), text)).collect()
}

/// What a field is called where nothing is to be filled in.
fn label(env: &Env, field: Field) -> &'static str {
    if field == Field::Tokens { "app.field.training-tokens" } else { named(env, field) }
}
