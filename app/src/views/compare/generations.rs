//! GeForce 10 to 50 at a glance: one small chart for each figure, one line for each class of card.

use crate::chart::{Axis, Point, Scale, Shapes, across, down, plot, points, shapes};
use crate::context::{Env, use_env};
use crate::format;
use crate::state::Action;
use crate::views::compared::{Entry, all, entries, fields, with};
use std::sync::Arc;
use whichcard::card::{Card, PriceKind};
use whichcard::share::View;
use whichcard::units::{Currency, Money};
use yew::prelude::*;

/// The generations as cards are numbered.
const SERIES: [&str; 5] = ["10", "20", "30", "40", "50"];
/// The classes, their looks, and their first cards in each generation.
const CLASSES: [(&str, &str, [&str; 5]); 4] = [
    ("80 Ti · 90", "tier-90", ["gtx-1080-ti", "rtx-2080-ti", "rtx-3090", "rtx-4090", "rtx-5090"]),
    ("80", "tier-80", ["gtx-1080", "rtx-2080", "rtx-3080-10gb", "rtx-4080", "rtx-5080"]),
    ("70", "tier-70", ["gtx-1070", "rtx-2070", "rtx-3070", "rtx-4070", "rtx-5070"]),
    ("60", "tier-60", ["gtx-1060-6gb", "rtx-2060", "rtx-3060-12gb", "rtx-4060", "rtx-5060"]),
];

/// A figure: its name in keys, and its value on the axis.
pub type Measure = (&'static str, fn(&Env, &Card) -> Option<f64>);
pub const MEASURES: [Measure; 6] = [
    ("cores", |_, card| Some(f64::from(card.cuda_cores))),
    ("memory", |_, card| Some(card.vram.as_gib())),
    ("bandwidth", |_, card| Some(card.bandwidth.as_giga())),
    // Without tensor cores, training runs in FP32.
    ("tflops", |_, card| card.peaks.tensor_bf16.or(card.peaks.tensor_fp16_acc32).or(card.peaks.fp32).map(|rate| rate.as_tera())),
    ("power", |_, card| Some(card.tdp.get())),
    ("price", |env, card| Some(launch_price(card, launch_currency(env))?.amount)),
];

/// What the maker asked at launch in a currency, where it did.
fn launch_price(card: &Card, currency: Currency) -> Option<Money> {
    let asked = card.prices.iter().find(|price| price.kind == PriceKind::Launch && price.currency == currency)?;
    Some(Money { amount: asked.amount, currency })
}

/// The currency of launch prices: the visitor's where the maker asked it of every card, else dollars. Amounts converted at the rate of today
/// were nobody's price, and are not to be measured against those that were.
fn launch_currency(env: &Env) -> Currency {
    let own = env.reading.request.money.currency.unwrap_or_default();
    let mut cards = CLASSES.iter().flat_map(|(.., cards)| cards.iter()).filter_map(|id| env.catalog.card(id));
    if cards.all(|card| launch_price(card, own).is_some()) { own } else { Currency::Usd }
}

/// A value with its unit.
pub fn said(env: &Env, measure: &str, value: f64) -> String {
    match measure {
        "memory" => format!("{}\u{a0}GB", format::short(value)),
        "bandwidth" => format!("{}\u{a0}GB/s", format::decimal(value, 0)),
        "tflops" => format!("{}\u{a0}TFLOPS", format::short(value)),
        "power" => format!("{}\u{a0}W", format::decimal(value, 0)),
        "price" => format::money(Money { amount: value, currency: launch_currency(env) }),
        _ => format::decimal(value, 0),
    }
}

/// A card of the picture.
struct Spot {
    class: usize,
    series: usize,
    card: Arc<Card>,
    value: f64,
}

#[component]
pub fn Generations() -> Html {
    let env = use_env();
    let among = env.link.view() == View::Compare;
    let about = if among { "app.compare.generations-about" } else { "app.compare.generations-alone" };
    html! {
        <section class="generations" id="generations">
            <h2>{ env.say("app.compare.generations") }</h2>
            <p class="quiet">{ env.say(about) }</p>
            { legend() }
            <div class="multiples">
                { for MEASURES.iter().enumerate().map(|(place, (name, _))| html! { <Multiple key={*name} {place} /> }) }
            </div>
            { twin(&env) }
        </section>
    }
}

/// What the looks of the lines mean.
pub fn legend() -> Html {
    html! {
        <ul class="legend" aria-hidden="true">
            { for CLASSES.iter().map(|(name, class, _)| html! {
                <li key={*name} class={*class}><i></i>{ format!("xx{name}") }</li>
            }) }
        </ul>
    }
}

/// The largest card of each generation with the value of a measure.
pub fn largest_of_each(env: &Env, value: fn(&Env, &Card) -> Option<f64>) -> Vec<(String, f64)> {
    let first = spots(env, value).into_iter().filter(|spot| spot.class == 0);
    first.map(|spot| (spot.card.name.clone(), spot.value)).collect()
}

#[derive(Properties, PartialEq)]
pub struct MultipleProps {
    /// Which of the measures.
    pub place: usize,
}

#[component]
pub fn Multiple(props: &MultipleProps) -> Html {
    let env = use_env();
    let shown = use_state(|| None::<usize>);
    let Some((name, value)) = MEASURES.get(props.place).copied() else { return html! { <figure></figure> } };
    let spots = spots(&env, value);
    // Half a step of room at both ends.
    let x = Scale::linear([5.2_f64].into_iter());
    let y = Scale::linear(spots.iter().map(|spot| spot.value));
    let place = |spot: &Spot| (x.at(f64::from(u32::try_from(spot.series).unwrap_or(0)) + 0.8), y.at(spot.value));
    let lines = CLASSES
        .iter()
        .enumerate()
        .map(|(class, (_, look, _))| (*look, spots.iter().filter(|spot| spot.class == class).map(place).collect()))
        .collect();
    let marks = SERIES.iter().zip(0_u32..).map(|(name, place)| (f64::from(place) + 0.8, (*name).to_owned())).collect();
    let (_, top) = y.ends();
    let step = step(top);
    let rules = y
        .steps(&[step])
        .into_iter()
        .map(|value| (value, if name == "price" { said(&env, name, value) } else { format::decimal(value, 0) }))
        .collect();
    let (x, y) = (Axis { scale: x, marks, title: String::new() }, Axis { scale: y, marks: rules, title: String::new() });
    let dots: Vec<Point> = spots.iter().map(|spot| dot(&env, name, spot, place(spot))).collect();
    let title = env.say(&format!("app.compare.measure.{name}"));
    let readout = shown.and_then(|index| dots.get(index)).map_or_else(|| newest(&env, name, &spots), |dot| dot.words.clone());
    let inside = html! {
        <>
            { shapes(&Shapes { lines, areas: Vec::new() }) }
            { points(PREFIXES.get(props.place).copied().unwrap_or("multiple"), &dots, 4, &shown) }
            <g class="names" aria-hidden="true">
                { for [0usize, 3].into_iter().filter_map(|class| spots.iter().rev().find(|spot| spot.class == class)).map(|spot| {
                    let (left, up) = place(spot);
                    let name = CLASSES.get(spot.class).map_or("", |(name, ..)| name);
                    // The lowest class is named below its line, where no other runs.
                    let dy = if spot.class == 0 { "-.7em" } else { "1.5em" };
                    html! {
                        <text key={spot.class} x={across(left)} y={down(up)} {dy} text-anchor="middle">
                            { name.rsplit(' ').next() }
                        </text>
                    }
                }) }
            </g>
        </>
    };
    html! {
        <figure class="multiple" data-measure={name}>
            <figcaption><b>{ title.clone() }</b><span class="quiet" aria-hidden="true">{ readout }</span></figcaption>
            { plot(env.fill("app.compare.chart", &[("what", &title)]), &x, &y, inside) }
        </figure>
    }
}

/// Names of the points of each chart.
const PREFIXES: [&str; 6] = ["cores", "memory", "bandwidth", "tflops", "power", "price"];

/// A round step that divides an axis into two to five.
fn step(top: f64) -> f64 {
    let mut size = 1.0;
    while size * 10.0 < top {
        size *= 10.0;
    }
    [0.5, 1.0, 2.0, 5.0].into_iter().map(|digit| digit * size).find(|step| top / step <= 5.0).unwrap_or(size * 10.0)
}

fn spots(env: &Env, value: fn(&Env, &Card) -> Option<f64>) -> Vec<Spot> {
    let mut spots = Vec::new();
    for (class, (_, _, cards)) in CLASSES.iter().enumerate() {
        for (series, id) in cards.iter().enumerate() {
            let Some(card) = env.catalog.card(id) else { continue };
            if let Some(value) = value(env, card) {
                spots.push(Spot { class, series, card: Arc::clone(card), value });
            }
        }
    }
    spots
}

fn in_words(env: &Env, measure: &str, spot: &Spot) -> String {
    env.fill("app.compare.dot", &[("name", &spot.card.name), ("value", &said(env, measure, spot.value))])
}

/// From the first to the last of the largest class.
fn newest(env: &Env, measure: &str, spots: &[Spot]) -> String {
    let mut largest = spots.iter().filter(|spot| spot.class == 0);
    let (first, last) = (largest.next(), largest.next_back());
    match (first, last) {
        (Some(first), Some(last)) if first.value > 0.0 => {
            let (from, to) = (said(env, measure, first.value), said(env, measure, last.value));
            env.fill("app.compare.grown", &[("from", &from), ("to", &to), ("ratio", &format::ratio(last.value / first.value))])
        }
        _ => String::new(),
    }
}

/// A point that adds its card to the comparison, beside it or in its own view; in an article it only says its value.
fn dot(env: &Env, measure: &str, spot: &Spot, place: (f64, f64)) -> Point {
    let card = Entry::Card(spot.card.id.clone());
    let beside = env.link.view() == View::Compare;
    let marked = beside && entries(env).contains(&card);
    let class = if marked { "best" } else { CLASSES.get(spot.class).map_or("", |(_, class, _)| class) };
    let wanted = fields(&with(all(env), card));
    let href = format!("?{}", env.link_to(View::Compare, &wanted).write());
    let act = env.act.clone();
    let compact = env.compact;
    let follow = Callback::from(move |()| match (compact, beside) {
        (true, _) => {}
        (false, true) => act.emit(Action::Put(wanted.clone())),
        (false, false) => act.emit(Action::Go(View::Compare, wanted.clone())),
    });
    Point { id: spot.card.id.clone(), place, class, words: in_words(env, measure, spot), href, follow }
}

/// The same as a table.
fn twin(env: &Env) -> Html {
    let cards = CLASSES.iter().flat_map(|(.., cards)| cards.iter()).filter_map(|id| env.catalog.card(id));
    html! {
        <details class="twin wide">
            <summary>{ env.say("app.chart.table") }</summary>
            <div class="scroll" tabindex="0" role="region" aria-label={env.say("app.compare.generations")}>
                <table class="ledger">
                    <thead><tr>
                        <th scope="col">{ env.say("app.ledger.column.name") }</th>
                        { for MEASURES.iter().map(|(name, _)| html! {
                            <th key={*name} scope="col" class="number">{ env.say(&format!("app.compare.measure.{name}")) }</th>
                        }) }
                    </tr></thead>
                    <tbody>{ for cards.map(|card| html! {
                        <tr key={card.id.clone()}>
                            <th scope="row">{ &card.name }</th>
                            { for MEASURES.iter().map(|(name, value)| html! {
                                <td key={*name} class="number">
                                    { value(env, card).map_or_else(|| env.say("app.ledger.none"), |value| said(env, name, value)) }
                                </td>
                            }) }
                        </tr>
                    }) }</tbody>
                </table>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        for (top, expected) in [(35.0, 10.0), (1900.0, 500.0), (220.0, 50.0), (23_500.0, 5000.0), (620.0, 200.0)] {
            assert_eq!(step(top), expected, "{top}");
        }
    }
}
