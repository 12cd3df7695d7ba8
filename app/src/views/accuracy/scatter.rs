//! Predicted against measured: on the line the prediction is right, in the band it is within a quarter.

use super::summary::signed;
use super::{Comparison, Selection, facet::Facet};
use crate::browser;
use crate::chart::{Axis, Point, Scale, Shapes, across, down, plot, points, round_ticks, shapes};
use crate::context::{Env, use_env};
use crate::format;
use crate::state::Action;
use crate::views::answer::not_here;
use std::rc::Rc;
use whichcard::share::{Field, Link};
use yew::prelude::*;

/// Errors inside the band.
const BAND: f64 = 0.25;

#[derive(Properties, PartialEq)]
pub struct ScatterProps {
    pub selection: Rc<Selection>,
}

#[component]
pub fn Scatter(props: &ScatterProps) -> Html {
    let env = use_env();
    let shown = use_state(|| None::<usize>);
    let selection = &props.selection;
    let scale = Scale::log(selection.comparisons().flat_map(|one| [one.measured, one.predicted]));
    let marks: Vec<(f64, String)> = round_ticks(scale).into_iter().map(|value| (value, format::short(value))).collect();
    let unit = units(&env, selection);
    let x = Axis { scale, marks: marks.clone(), title: env.fill("app.accuracy.axis.measured", &[("unit", &unit)]) };
    let y = Axis { scale, marks, title: env.say("app.accuracy.axis.predicted") };
    let dots = {
        let env = env.clone();
        use_memo((Rc::clone(selection), Rc::clone(&env.link)), move |(selection, _)| dots(&env, selection, scale))
    };
    let open = env.link.get(Field::Open).unwrap_or_default();
    let start = selection.comparisons().position(|one| selection.id(one) == open).unwrap_or(0);
    let readout = shown.and_then(|place| dots.get(place)).map_or_else(|| env.say("app.accuracy.hint"), |dot| dot.words.clone());
    let inside = html! {
        <>
            { shapes(&guides(scale)) }
            { points("compared", &dots, start, &shown) }
            <g class="names" aria-hidden="true">
                <text class="band-name" x={across(1.0)} y={down(1.0)} dx="-8" dy="2.2em" text-anchor="end">
                    { env.say("app.accuracy.band") }
                </text>
            </g>
        </>
    };
    html! {
        <section class="accuracy-chart" id="scatter" aria-label={env.say("app.accuracy.chart")}>
            <h2>{ env.say("app.accuracy.chart") }</h2>
            <p class="readout quiet" aria-hidden="true">{ readout }</p>
            { plot(env.say("app.accuracy.chart-about"), &x, &y, inside) }
            { opened(&env, selection, open) }
        </section>
    }
}

/// The units on the axes: one, or several where rates of different things stand together.
fn units(env: &Env, selection: &Selection) -> String {
    let mut units: Vec<String> = Vec::new();
    for one in selection.comparisons() {
        let unit = selection.data.quantities.get(one.quantity).map_or("", |(_, unit)| unit.as_str());
        let name = env.say(&format!("app.accuracy.unit.{}", unit.replace('/', "-")));
        if !units.contains(&name) {
            units.push(name);
        }
    }
    units.join(&env.say("app.list-comma"))
}

/// The line of equality, and the band around it.
fn guides(scale: Scale) -> Shapes {
    let (low, high) = scale.ends();
    let band = vec![
        (0.0, 0.0),
        (0.0, scale.at(low * (1.0 + BAND))),
        (scale.at(high / (1.0 + BAND)), 1.0),
        (1.0, 1.0),
        (1.0, scale.at(high * (1.0 - BAND))),
        (scale.at(low / (1.0 - BAND)), 0.0),
    ];
    Shapes { lines: vec![("equal", vec![(0.0, 0.0), (1.0, 1.0)])], areas: vec![("range-band", band)] }
}

fn dots(env: &Env, selection: &Selection, scale: Scale) -> Vec<Point> {
    let open = env.link.get(Field::Open);
    selection
        .comparisons()
        .enumerate()
        .map(|(place, one)| {
            let id = selection.id(one);
            let values = [
                ("what", selection.title(env, one)),
                ("measured", selection.value(env, one, one.measured)),
                ("predicted", selection.value(env, one, one.predicted)),
                ("error", signed(one.error())),
            ];
            let values: Vec<(&str, &str)> = values.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let words = env.fill("app.accuracy.dot", &values);
            let class = match (open == Some(id.as_str()), one.error().abs() <= BAND) {
                (true, _) => "best",
                (false, true) => "main",
                (false, false) => "",
            };
            let href = format!("?{}", Link::clone(&env.link).with(Field::Open, id.clone()).write());
            let act = env.act.clone();
            let follow = Callback::from(move |()| {
                act.emit(Action::Set(Field::Open, id.clone()));
                browser::show_id("measurement");
            });
            Point { id: place.to_string(), place: (scale.at(one.measured), scale.at(one.predicted)), class, words, href, follow }
        })
        .collect()
}

/// The measurement that was followed, with where it was published.
fn opened(env: &Env, selection: &Selection, open: &str) -> Html {
    let is_open = |one: &&Comparison| selection.id(one) == open;
    let Some(one) = selection.comparisons().find(is_open) else {
        // One that is only filtered away was opened here, and comes back.
        let known = open.is_empty() || selection.data.comparisons.iter().any(|one| is_open(&one));
        return match known {
            true => html! { <div key="closed" hidden=true></div> },
            false => html! { <div key="unknown">{ not_here(env, env.fill("app.fault.not-here", &[("given", open)])) }</div> },
        };
    };
    let (title, address) = selection.data.sources.get(one.source).cloned().unwrap_or_default();
    let quantity = Facet::Quantity.name(env, Facet::Quantity.of(env, &selection.data, one));
    let value = |value: f64| selection.value(env, one, value);
    let error = |predicted: f64| signed(predicted / one.measured - 1.0);
    let predicted = |amount: f64| env.fill("app.accuracy.with-error", &[("value", &value(amount)), ("error", &error(amount))]);
    let rows = [
        ("measured", Some(value(one.measured))),
        ("predicted", Some(predicted(one.predicted))),
        ("range", one.range.map(|(low, high)| env.fill("app.range", &[("low", &value(low)), ("high", &value(high))]))),
        ("unseen", one.unseen.map(predicted)),
    ];
    html! {
        <div key="open" class="measurement" id="measurement" role="status">
            <h3>{ selection.title(env, one) }</h3>
            <p class="quiet">{ quantity }</p>
            <dl class="recipe">
                { for rows.into_iter().filter_map(|(name, value)| Some((name, value?))).map(|(name, value)| html! {
                    <div key={name} data-figure={name}>
                        <dt>{ env.say(&format!("app.accuracy.row.{name}")) }</dt>
                        <dd>{ value }</dd>
                    </div>
                }) }
            </dl>
            <p>{ env.say("app.accuracy.source") }{ " " }<a href={address}>{ title }</a></p>
        </div>
    }
}
