//! Fits, tight, does not fit: a word, a sign and a colour, never the colour alone.

use crate::app::context::Env;
use crate::app::widgets::{Icon, Sign};
use whichcard::estimate::Verdict;
use yew::prelude::*;

/// The name of a verdict in keys, classes and data attributes.
pub const fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fits => "fits",
        Verdict::Tight => "tight",
        Verdict::DoesNotFit => "no",
    }
}

/// The sign of a verdict.
pub const fn sign(verdict: Verdict) -> Sign {
    match verdict {
        Verdict::Fits => Sign::Check,
        Verdict::Tight => Sign::Tight,
        Verdict::DoesNotFit => Sign::Cross,
    }
}

/// A small badge.
pub fn badge(env: &Env, verdict: Verdict) -> Html {
    let name = name(verdict);
    html! {
        <span class={classes!("badge", name)} data-verdict={name}>
            <Icon sign={sign(verdict)} />{ env.say(&format!("app.verdict.{name}")) }
        </span>
    }
}
