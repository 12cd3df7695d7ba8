//! Fits, tight, partly in main memory, does not fit: a word, a sign and a colour, never the colour alone.

use crate::context::Env;
use crate::widgets::{Icon, Sign};
use whichcard::estimate::{Memory, Verdict};
use whichcard::plan::Comfort;
use whichcard::request::{Keyword, Setup};
use whichcard::wording;
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

/// How a setup as it is stands to the memory of its cards, by name and sign: what fits because main memory holds a part of it is said to,
/// here as in the planner.
pub fn of(setup: &Setup, memory: &Memory) -> (&'static str, Sign) {
    match wording::partly_in_main_memory(setup, memory.verdict) {
        true => (Comfort::Offloaded.name(), comfort_sign(Comfort::Offloaded)),
        false => (name(memory.verdict), sign(memory.verdict)),
    }
}

/// A small badge of a setup.
pub fn badge(env: &Env, setup: &Setup, memory: &Memory) -> Html {
    let (name, sign) = of(setup, memory);
    labelled(env, name, sign)
}

/// The badge of a plan, which may fit only because part of it lives in host memory.
pub fn comfort_badge(env: &Env, comfort: Comfort) -> Html {
    labelled(env, comfort.name(), comfort_sign(comfort))
}

/// The sign of a comfort.
pub const fn comfort_sign(comfort: Comfort) -> Sign {
    match comfort {
        Comfort::Fits => Sign::Check,
        Comfort::Tight => Sign::Tight,
        Comfort::Offloaded => Sign::Host,
    }
}

fn labelled(env: &Env, name: &'static str, sign: Sign) -> Html {
    html! {
        <span class={classes!("badge", name)} data-verdict={name}><Icon {sign} />{ env.say(&format!("app.verdict.{name}")) }</span>
    }
}
