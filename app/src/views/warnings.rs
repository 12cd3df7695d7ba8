//! What the visitor should know about a setup.

use crate::context::Env;
use crate::widgets::{Notice, Tone};
use whichcard::estimate::Warning;
use whichcard::request::Keyword;
use whichcard::text::knows;
use yew::prelude::*;

/// The sentence of a warning in the page's language.
pub fn sentence(env: &Env, warning: &Warning) -> String {
    let key = format!("warning.{}", warning.code.name());
    if !knows(env.lang, &key) {
        return warning.message.clone();
    }
    let args: Vec<(&str, &str)> = warning.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    env.fill(&key, &args)
}

/// All warnings as one card; nothing without any.
pub fn warnings(env: &Env, warnings: &[Warning]) -> Html {
    html! {
        <div class="warnings" hidden={warnings.is_empty()}>
            <Notice tone={Tone::Caution}>
                <ul>
                    { for warnings.iter().map(|warning| html! {
                        <li key={warning.code.name()} data-warning={warning.code.name()}>{ sentence(env, warning) }</li>
                    }) }
                </ul>
            </Notice>
        </div>
    }
}
