//! The answer in one line, at the foot of a narrow screen while the question is unfolded: what is changed there changes an answer far
//! below. A tap leads to it.
//!
//! The verdict itself is what a screen reader is told of, so the line is not told as well.

use super::answer::{Fresh, answer, unread_in_short};
use super::{unknown, verdict};
use crate::browser;
use crate::context::Env;
use crate::reading::in_words;
use crate::widgets::{Icon, Sign};
use std::rc::Rc;
use whichcard::plan::Comfort;
use whichcard::request::Keyword;
use yew::prelude::*;

/// A line, with the sign and the colour of what it says.
pub struct Line {
    sign: Sign,
    tone: &'static str,
    words: String,
}

impl Line {
    /// What there is, where nothing has to fit.
    pub const fn plain(words: String) -> Self {
        Self { sign: Sign::Info, tone: "plain", words }
    }

    pub const fn judged((tone, sign): (&'static str, Sign), words: String) -> Self {
        Self { sign, tone, words }
    }

    pub fn planned(comfort: Comfort, words: String) -> Self {
        Self { sign: verdict::comfort_sign(comfort), tone: comfort.name(), words }
    }

    /// There is none.
    pub const fn none(words: String) -> Self {
        Self { sign: Sign::Cross, tone: "no", words }
    }
}

/// The results beside the question, below the line that says them.
pub fn answer_with_line<T>(env: &Env, fresh: &Fresh<T>, line: impl FnOnce(&T) -> Line, show: impl FnOnce(&Rc<T>) -> Html) -> Html {
    let said = match fresh {
        _ if unknown::is_asked(env) => Line { sign: Sign::Warning, tone: "tight", words: unknown::in_words(env) },
        Err(error) => Line::none(in_words(env, error)),
        // A default that was taken is no answer to what was typed.
        Ok(_) if env.reading.unreadable(env.link.view()) => {
            Line { sign: Sign::Warning, tone: "tight", words: unread_in_short(env) }
        }
        Ok(value) => line(value),
    };
    html! {
        <>
            { foot(env, &said) }
            { answer(env, fresh, show) }
        </>
    }
}

fn foot(env: &Env, line: &Line) -> Html {
    let onclick = Callback::from(|_: MouseEvent| {
        browser::focus_id("results");
        browser::show_id("results");
    });
    html! {
        <button key="line" type="button" id="answer-line" class={classes!("line", line.tone)} title={env.say("app.form.to-answer")}
            {onclick}>
            <Icon sign={line.sign} /><span class="said">{ &line.words }</span><Icon sign={Sign::Chevron} />
        </button>
    }
}
