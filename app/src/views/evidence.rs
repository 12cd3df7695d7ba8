//! How well measurements support what is shown: a word beside each estimate that is weaker, and the way to the nearest
//! measurements.

use super::accuracy::Kind;
use crate::context::Env;
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
pub const fn name(confidence: Confidence) -> &'static str {
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
    let generation = near.then(|| setup.rig.card.generation.name().to_owned());
    let named = [(Field::Kind, kind_of(setup, what).id()), (Field::Measured, setup.job.kind.name())];
    let named = named.map(|(field, text)| (field, Some(text.to_owned())));
    let open = [(Field::Generation, generation), (Field::Size, None), (Field::Source, None)];
    env.way(View::Accuracy, named.into_iter().chain(open).collect())
}

/// What the way to them says: of what nobody has measured there are only nearest ones.
const fn seen(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Extrapolated => "app.confidence.see-nearest",
        _ => "app.confidence.see",
    }
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
                { " " }<a {href} {onclick}>{ env.say(seen(confidence)) }</a></span>
        </p>
    }
}

/// Whether an estimate stands on less than measurements nearby, and so is marked.
pub fn is_weak(confidence: Confidence) -> bool {
    confidence != Confidence::MeasuredNearby
}

/// The mark of an estimate that is weaker than others, as the way to measurements of its kind; what has been measured nearby has
/// none.
pub fn mark(env: &Env, setup: &Setup, what: Estimated, confidence: Confidence) -> Option<Html> {
    let word = env.say(&format!("app.confidence.{}", name(confidence)));
    let (href, onclick) = nearest(env, setup, what, confidence);
    let of = env.say(if what == Estimated::Memory { "app.fact.memory" } else { "app.confidence.time" });
    let label = [setup.rig.card.name.as_str(), &of, &word, &env.say(seen(confidence))].join(&env.say("app.list-comma"));
    is_weak(confidence).then(|| html! { <a class="weak" {href} {onclick} aria-label={label}>{ word }</a> })
}

/// The mark alone, where what it stands in is a link already and has no room for more than the weakest.
pub fn bare_mark(env: &Env, confidence: Confidence) -> Option<Html> {
    let word = env.say(&format!("app.confidence.{}", name(confidence)));
    (confidence == Confidence::Extrapolated).then(|| html! { <span class="weak">{ word }</span> })
}
