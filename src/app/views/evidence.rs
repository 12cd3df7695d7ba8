//! How well measurements support what is shown: a sign beside each estimate, and the way to the nearest measurements.

use super::accuracy::Kind;
use super::choose::generation_id;
use crate::app::context::Env;
use whichcard::estimate::{Confidence, Phase, WorkKind, work_kind};
use whichcard::request::{Keyword, Setup};
use whichcard::share::{Field, View};
use yew::prelude::*;

/// What was estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimated {
    Memory,
    Time,
}

/// The name of a confidence in keys and in the page.
const fn name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::MeasuredNearby => "measured-nearby",
        Confidence::Calibrated => "calibrated",
        Confidence::Extrapolated => "extrapolated",
    }
}

/// Which kind of measurements a setup's estimate is held against.
fn kind_of(setup: &Setup, what: Estimated) -> Kind {
    match what {
        Estimated::Memory => Kind::Memory,
        Estimated::Time if setup.trains() => Kind::Training,
        Estimated::Time if work_kind(setup, Phase::Prefill) == WorkKind::Images => Kind::Images,
        Estimated::Time if setup.model.has_vocabulary() => Kind::Decode,
        Estimated::Time => Kind::Prefill,
    }
}

/// The nearest measurements: of this kind and job, on this generation of cards where there are any.
fn nearest(env: &Env, setup: &Setup, what: Estimated, confidence: Confidence) -> (String, Callback<MouseEvent>) {
    let near = what == Estimated::Time && confidence == Confidence::MeasuredNearby;
    let generation = near.then(|| generation_id(setup.rig.card.generation).to_owned());
    let named = [(Field::Kind, kind_of(setup, what).id()), (Field::Measured, setup.job.kind.name())];
    let named = named.map(|(field, text)| (field, Some(text.to_owned())));
    let open = [(Field::Generation, generation), (Field::Size, None), (Field::Source, None)];
    env.way(View::Accuracy, named.into_iter().chain(open).collect())
}

/// What supports an estimate in a sentence, and the way to measurements of its kind.
pub fn sentence(env: &Env, setup: &Setup, what: Estimated, confidence: Confidence) -> Html {
    let name = name(confidence);
    let about = match what {
        Estimated::Memory => format!("app.confidence.{name}-memory"),
        Estimated::Time => format!("app.confidence.{name}-about"),
    };
    let (href, onclick) = nearest(env, setup, what, confidence);
    html! {
        <p class="confidence quiet" data-confidence={name}>
            <span><b>{ env.say(&format!("app.confidence.{name}")) }</b>{ env.say(&about) }
                { " " }<a {href} {onclick}>{ env.say("app.confidence.see") }</a></span>
        </p>
    }
}

/// The sign alone, where what it stands beside is a link already.
pub fn sign(env: &Env, confidence: Confidence) -> Html {
    let name = name(confidence);
    let word = env.say(&format!("app.confidence.{name}"));
    html! { <span class="evidence" data-confidence={name} title={word.clone()}><span class="unseen">{ word }</span></span> }
}

/// The sign as the way to measurements of its kind.
pub fn way(env: &Env, setup: &Setup, what: Estimated, confidence: Confidence) -> Html {
    let (href, onclick) = nearest(env, setup, what, confidence);
    html! { <a class="evidenced" {href} {onclick}>{ sign(env, confidence) }</a> }
}

/// What the signs mean.
pub fn legend(env: &Env) -> Html {
    let all = [Confidence::MeasuredNearby, Confidence::Calibrated, Confidence::Extrapolated];
    html! {
        <p class="quiet evidence-legend">
            <span>{ env.say("app.confidence.legend") }</span>
            { for all.into_iter().map(|confidence| html! {
                <span key={name(confidence)}><span class="evidence" data-confidence={name(confidence)} aria-hidden="true"></span>
                    { env.say(&format!("app.confidence.{}", name(confidence))) }</span>
            }) }
        </p>
    }
}
