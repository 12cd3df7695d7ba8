//! The frame of every answer: stale or refused is said above it, and the last good answer stays.

use super::lasting::Lasting;
use crate::app::context::Env;
use crate::app::reading::in_words;
use crate::app::widgets::{Notice, Tone};
use yew::prelude::*;

/// The results beside the question.
pub fn answer<T>(env: &Env, lasting: &Lasting<T>, show: impl FnOnce(&std::rc::Rc<T>) -> Html) -> Html {
    let unread = env.reading.unreadable(env.link.view());
    let key = if lasting.stale { "app.notice.stale" } else { "app.notice.defaults" };
    // Neither is said where there is no answer at all.
    let noted = lasting.value.is_some() && (unread || lasting.stale);
    html! {
        <section id="results" class={classes!("results", lasting.stale.then_some("stale"))} data-stale={lasting.stale.to_string()}
            tabindex="-1" aria-label={env.say("app.form.answer")}>
            <div class="stale-note" role="status" hidden={!noted}><Notice tone={Tone::Caution}>{ env.say(key) }</Notice></div>
            <div hidden={lasting.refused.is_none()}>
                <Notice tone={Tone::Wrong}>{ lasting.refused.as_ref().map(|error| in_words(env, error)) }</Notice>
            </div>
            { lasting.value.as_ref().map_or_else(|| html! { <div></div> }, show) }
        </section>
    }
}
