//! The compact form of a view, for the column of an article: what it asks in one line, the answer below.

use super::job::offered;
use crate::context::{Env, use_env};
use web_sys::HtmlSelectElement;
use whichcard::request::Keyword;
use whichcard::share::Field;
use yew::prelude::*;

/// What is asked above what is answered.
pub fn widget(env: &Env, asks: Html, answer: Html) -> Html {
    html! {
        <div class="widget">
            <form id="question-form" class="asks" aria-label={env.say("app.form.question")} autocomplete="off"
                onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>{ asks }</form>
            { answer }
        </div>
    }
}

/// The kind of job as a list that takes one line.
#[component]
pub fn KindMenu() -> Html {
    let env = use_env();
    let node = use_node_ref();
    let kind = env.reading.request.job.kind;
    let problem = env.reading.problem(Field::Job);
    use_effect_with((kind, env.lang), {
        let node = node.clone();
        move |(kind, _)| {
            if let Some(select) = node.cast::<HtmlSelectElement>() {
                select.set_value(kind.name());
            }
        }
    });
    let onchange = env.set(Field::Job).reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    html! {
        <div class={classes!("field", problem.map(|_| "invalid"))}>
            <label for="job">{ env.say("app.field.job") }</label>
            <div class="entry select">
                <select ref={node} id="job" name="job" {onchange} aria-invalid={problem.map(|_| "true")}>
                    { for offered(&env).into_iter().map(|kind| html! {
                        <option key={kind.name()} value={kind.name()}>{ env.name("job", kind.name()) }</option>
                    }) }
                </select>
            </div>
            <p class="message" hidden={problem.is_none()}>{ problem.map(|problem| problem.say(&env, Field::Job)) }</p>
        </div>
    }
}
