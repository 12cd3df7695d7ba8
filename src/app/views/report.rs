//! What was asked, for the printed report: on the screen the form says it.

use super::summary::job_in_words;
use crate::app::context::Env;
use crate::app::field::{choice, named};
use crate::app::reading::concerns;
use whichcard::share::Field;
use yew::prelude::*;

/// The question in words, and every field that was set.
pub fn inputs(env: &Env, rig: &str) -> Html {
    let view = env.link.view();
    let said =
        |field: &Field| matches!(field, Field::Model | Field::Config | Field::Job | Field::Task | Field::Card | Field::Count);
    let set =
        env.link.values().filter(|(field, text)| concerns(view, *field) && !said(field) && !field.is_look() && !text.is_empty());
    let asked = [("job", "app.field.job", job_in_words(env)), ("rig", "app.form.rig", rig.to_owned())];
    let rows = asked.into_iter().chain(set.map(|(field, text)| (field.key(), named(env, field), choice(env, field, text))));
    html! {
        <dl class="recipe report-inputs">
            { for rows.map(|(key, label, value)| html! { <div key={key}><dt>{ env.say(label) }</dt><dd>{ value }</dd></div> }) }
        </dl>
    }
}
