//! Memory against length or number at once, with the card's end: how far a setup can grow, and what it hangs on.

mod series;
mod sway;

use super::worked::Worked;
use crate::chart::{Axis, Point, Scale, Shapes, across, down, plot, points, shapes};
use crate::context::{Env, use_env};
use crate::format;
use crate::state::{Action, changed};
use series::{Along, Sample, series};
use std::rc::Rc;
use whichcard::estimate::Verdict;
use whichcard::request::Setup;
use whichcard::share::{Field, Link};
use whichcard::units::{Bytes, real};
use yew::prelude::*;

/// Steps of memory on the axis, in GiB.
const STEPS: [f64; 14] = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 4096.0];

/// The share of the lowest chart that a line of words takes.
const LINE: f64 = 0.18;

#[derive(Properties, PartialEq)]
pub struct CurveProps {
    pub worked: Rc<Worked>,
}

#[component]
pub fn Curve(props: &CurveProps) -> Html {
    let env = use_env();
    let setup = &props.worked.setup;
    let chosen = use_state(|| Along::Length);
    let shown = use_state(|| None::<usize>);
    let along = if setup.model.reads_text() { *chosen } else { Along::AtOnce };
    let samples = use_memo((Rc::clone(&props.worked), along), |(worked, along)| series(&worked.setup, *along));
    let readout = shown
        .and_then(|index| samples.get(index))
        .map_or_else(|| limit(&env, setup, along, &samples), |one| in_words(&env, setup, along, one));
    let pick = |along: Along| {
        let (chosen, shown) = (chosen.clone(), shown.clone());
        Callback::from(move |_: Event| {
            chosen.set(along);
            shown.set(None);
        })
    };
    html! {
        <section class="curve" id="curve" aria-label={env.say("app.curve.title")}>
            <h2>{ env.say("app.curve.title") }</h2>
            <div class="row" hidden={!setup.model.reads_text()}>
                { for [Along::Length, Along::AtOnce].into_iter().map(|one| html! {
                    <label key={one.name()} class="chip" data-along={one.name()}>
                        <input type="radio" name="along" checked={one == along} onchange={pick(one)} />
                        <span>{ env.say(&axis_name(setup, one)) }</span>
                    </label>
                }) }
            </div>
            <p class="readout" aria-hidden={shown.is_some().to_string()}>{ readout }</p>
            { drawn(&env, setup, along, &samples, &shown) }
            { twin(&env, setup, along, &samples) }
            { sway::sentences(&env, setup) }
        </section>
    }
}

/// Key of what grows: tokens of a sequence, sequences of a pass, requests at once.
fn axis_name(setup: &Setup, along: Along) -> String {
    if !setup.trains() && !setup.model.reads_text() {
        return whichcard::wording::at_once(&setup.model).to_owned();
    }
    let work = if setup.trains() { "train" } else { "run" };
    format!("app.curve.{}-{work}", along.name())
}

/// "8,192 tokens: 14.2 GiB, fits".
fn in_words(env: &Env, setup: &Setup, along: Along, sample: &Sample) -> String {
    let verdict = env.say(&format!("app.verdict.{}", super::verdict::of(setup, &sample.memory).0));
    let args = [
        ("what", env.say(&axis_name(setup, along))),
        ("n", format::count(sample.value)),
        ("memory", format::memory(sample.memory.total)),
        ("verdict", verdict),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    env.fill("app.curve.point", &args)
}

/// How far it can grow.
fn limit(env: &Env, setup: &Setup, along: Along, samples: &[Sample]) -> String {
    let last = samples.iter().rev().find(|sample| sample.memory.verdict == Verdict::Fits).map(|sample| format::count(sample.value));
    let over = samples.iter().find(|sample| sample.memory.verdict == Verdict::DoesNotFit).map(|sample| format::count(sample.value));
    let what = env.say(&axis_name(setup, along));
    match (&last, &over) {
        (Some(last), Some(over)) => env.fill("app.curve.between", &[("what", &what), ("fits", last), ("over", over)]),
        (Some(last), None) => env.fill("app.curve.all", &[("what", &what), ("fits", last)]),
        (None, _) => env.say("app.curve.none"),
    }
}

fn drawn(env: &Env, setup: &Setup, along: Along, samples: &[Sample], shown: &UseStateHandle<Option<usize>>) -> Html {
    let capacity = samples.first().map_or(0.0, |sample| sample.memory.capacity.as_gib());
    let x = Scale::log(samples.iter().map(|sample| real(sample.value)));
    let y = Scale::linear(samples.iter().map(|sample| sample.memory.total.as_gib()).chain([capacity]));
    let all: Vec<f64> = samples.iter().map(|sample| real(sample.value)).collect();
    let marks = x.among(&all).into_iter().map(|value| (value, format::large(value))).collect();
    let rules = y.steps(&STEPS).into_iter().map(|gib| (gib, format!("{}\u{a0}GiB", format::short(gib)))).collect();
    let (x, y) = (
        Axis { scale: x, marks, title: env.say(&axis_name(setup, along)) },
        Axis { scale: y, marks: rules, title: env.say("app.curve.memory") },
    );
    let corner = |sample: &Sample, gib: f64| (x.scale.at(real(sample.value)), y.scale.at(gib));
    let line: Vec<(f64, f64)> = samples.iter().map(|one| corner(one, one.memory.total.as_gib())).collect();
    let low = samples.iter().map(|one| corner(one, one.memory.low.as_gib()));
    let high = samples.iter().rev().map(|one| corner(one, one.memory.high.as_gib()));
    let end = y.scale.at(capacity);
    let lines = vec![("typical", line), ("card-end", vec![(0.0, end), (1.0, end)])];
    let drawn = Shapes { lines, areas: vec![("range-band", low.chain(high).collect())] };
    let now = along.now(setup);
    let start = samples.iter().position(|sample| sample.value == now).unwrap_or(0);
    let marks: Vec<Point> =
        samples.iter().map(|sample| point(env, setup, along, sample, corner(sample, sample.memory.total.as_gib()))).collect();
    // The name of the card's end stands where the curve does not: above it at the left, below it
    // at the right of one that soon passes it, and above it there where the axis is too near.
    let soon = samples.iter().any(|one| x.scale.at(real(one.value)) <= 0.5 && one.memory.total.as_gib() > capacity);
    let (at, dx, dy, anchor) = match soon {
        true if end < LINE => (1.0, "-6", "-.5em", "end"),
        true => (1.0, "-6", "1.2em", "end"),
        false => (0.0, "6", "-.5em", "start"),
    };
    let inside = html! {
        <>
            { shapes(&drawn) }
            { points("size", &marks, start, shown) }
            <g class="names" aria-hidden="true">
                <text class="card-end-name" x={across(at)} y={down(end)} {dx} {dy} text-anchor={anchor}>
                    { env.fill("app.memory.ceiling", &[("capacity", &format::memory(Bytes::gib(capacity)))]) }
                </text>
            </g>
        </>
    };
    plot(env.say("app.curve.about"), &x, &y, inside)
}

/// A point that sets its length or number.
fn point(env: &Env, setup: &Setup, along: Along, sample: &Sample, place: (f64, f64)) -> Point {
    let value = sample.value;
    let changes: Vec<(Field, Option<String>)> = match (along, setup.trains()) {
        (Along::Length, true) => vec![(Field::Sequence, Some(value.to_string()))],
        (Along::Length, false) => vec![(Field::Prompt, Some(value.saturating_sub(setup.job.output).max(1).to_string()))],
        // The batch of a step follows from the passes.
        (Along::AtOnce, true) => {
            vec![(Field::MicroBatch, Some(value.to_string())), (Field::Batch, None), (Field::Accumulation, None)]
        }
        (Along::AtOnce, false) => vec![(Field::Users, Some(value.to_string()))],
    };
    let link = changed(Link::clone(&env.link), changes.clone());
    let act = env.act.clone();
    Point {
        id: value.to_string(),
        place,
        class: match (value == along.now(setup), sample.memory.verdict) {
            (_, Verdict::DoesNotFit) => "over",
            (true, _) => "best",
            (false, _) => "main",
        },
        words: in_words(env, setup, along, sample),
        href: format!("?{}", link.write()),
        follow: Callback::from(move |()| act.emit(Action::Put(changes.clone()))),
    }
}

/// The same as a table.
fn twin(env: &Env, setup: &Setup, along: Along, samples: &[Sample]) -> Html {
    let head =
        [axis_name(setup, along), "app.memory.total".to_owned(), "app.curve.range".to_owned(), "app.curve.verdict".to_owned()];
    html! {
        <details class="twin">
            <summary>{ env.say("app.chart.table") }</summary>
            <table>
                <thead>
                    <tr>{ for head.iter().map(|key| html! { <th key={key.clone()} scope="col">{ env.say(key) }</th> }) }</tr>
                </thead>
                <tbody>
                    { for samples.iter().map(|sample| {
                        let memory = &sample.memory;
                        html! {
                            <tr key={sample.value.to_string()}>
                                <th scope="row">{ format::count(sample.value) }</th>
                                <td>{ format::memory(memory.total) }</td>
                                <td>{ format::memories(memory.low, memory.high) }</td>
                                <td>{ env.say(&format!("app.verdict.{}", super::verdict::of(setup, memory).0)) }</td>
                            </tr>
                        }
                    }) }
                </tbody>
            </table>
        </details>
    }
}
