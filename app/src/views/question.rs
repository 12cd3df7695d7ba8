//! The question beside its answer: on a wide screen always in sight, on a narrow one folded under a line that says it in words.

use super::saved::SavedSetups;
use crate::browser;
use crate::context::use_env;
use crate::state::Action;
use crate::widgets::{Icon, Sign, use_unfolded};
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
                <span class="fold-word">
                    { env.say(if *open { "app.form.done" } else { "app.form.change" }) }
                    <Icon sign={Sign::Chevron} />
                </span>
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
    let (open, ontoggle) = use_unfolded();
    html! {
        <details class="form-part" id="saved" {ontoggle}>
            <summary>{ env.say("app.form.saved") }</summary>
            { if *open { html! { <SavedSetups summary={props.summary.clone()} /> } } else { html! {} } }
        </details>
    }
}
