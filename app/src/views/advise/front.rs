//! Time against money: every card a dot, and the line of those that no other beats in both. The table below it is its twin.

use super::front_table::FrontTable;
use super::labels::{Named, Size, Spot, labels};
use super::paid::{self, Paid};
use crate::browser;
use crate::chart::{Axis, Point, Scale, Shapes, across, down, plot, points, round_ticks, shapes, time_ticks};
use crate::context::{Env, use_env};
use crate::format;
use crate::state::Action;
use crate::views::advised::{Answered, row_id};
use crate::views::rig;
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use whichcard::plan::Comfort;
use whichcard::share::{Field, Link};
use whichcard::units::{Money, Seconds};
use yew::prelude::*;

/// Milliseconds until the list is on the screen.
const A_MOMENT: u32 = 40;

/// The chart on a desk and on a phone, as far as names are placed in it.
const WIDE: Size = Size { width: 600.0, height: 250.0 };
const NARROW: Size = Size { width: 250.0, height: 208.0 };

#[derive(Properties, PartialEq)]
pub struct FrontProps {
    pub answered: Rc<Answered>,
}

/// A plan as a dot.
pub struct Dot {
    pub id: String,
    pub name: String,
    pub money: Money,
    /// That in words.
    pub amount: String,
    /// The same, and what it is paid for.
    paid: String,
    pub time: Seconds,
    /// No other plan is both cheaper and faster.
    pub front: bool,
    /// It is the first of the list.
    best: bool,
    /// It may not fit, or its price is old or leaves something out: the line does not join it.
    doubtful: bool,
    /// Part of the model is in main memory.
    offloaded: bool,
}

impl Dot {
    fn in_words(&self, env: &Env) -> String {
        let time = format::duration(env.lang, self.time);
        let key = if self.offloaded { "app.front.dot-offloaded" } else { "app.front.dot" };
        env.fill(key, &[("name", &self.name), ("money", &self.paid), ("time", &time)])
    }
}

/// The best number of each card and every plan of the front, cheapest first.
pub fn dots(env: &Env, answered: &Answered) -> Vec<Dot> {
    let charted = answered.charted();
    let objective = answered.goal.objective;
    let mut dots: Vec<Dot> = charted
        .into_iter()
        .filter_map(|plan| {
            let Paid { money, amount, whole, .. } = paid::weighed(env, plan, objective).filter(|paid| paid.money.amount > 0.0)?;
            Some(Dot {
                id: row_id(plan),
                name: rig::name(env, &plan.setup.rig),
                money,
                amount,
                paid: whole,
                time: plan.time().total,
                front: answered.is_front(plan),
                best: answered.advice.ranked.first().is_some_and(|first| std::ptr::eq(first, plan)),
                doubtful: !plan.is_dependable(),
                offloaded: plan.comfort == Comfort::Offloaded,
            })
        })
        .collect();
    dots.sort_by(|a, b| a.money.amount.total_cmp(&b.money.amount));
    dots
}

/// The chart of an answer, drawn a moment after the list: a change is read there first. The first answer is drawn at once.
#[component]
pub fn Front(props: &FrontProps) -> Html {
    let now = ChartProps { env: use_env(), answered: Rc::clone(&props.answered) };
    let drawn = use_state(|| now.clone());
    use_effect_with(now, {
        let drawn = drawn.clone();
        move |now| {
            let now = now.clone();
            let waiting = (now != *drawn).then(|| Timeout::new(A_MOMENT, move || drawn.set(now)));
            move || drop(waiting)
        }
    });
    html! { <Chart ..ChartProps::clone(&drawn) /> }
}

#[derive(Properties, Clone, PartialEq)]
pub struct ChartProps {
    /// As it was when the answer was given: the chart and its links stay of one question.
    pub env: Env,
    pub answered: Rc<Answered>,
}

#[component]
fn Chart(props: &ChartProps) -> Html {
    let env = props.env.clone();
    let shown = use_state(|| None::<usize>);
    let dots = dots(&env, &props.answered);
    if dots.len() < 2 {
        return html! { <section class="front" hidden=true></section> };
    }
    let x = axis(Scale::log(dots.iter().map(|dot| dot.money.amount)), &dots, money_title(&env, &props.answered));
    let scale = Scale::log(dots.iter().map(|dot| dot.time.get()));
    let marks = time_ticks(scale).into_iter().map(|mark| (mark, format::time_mark(env.lang, Seconds::new(mark)))).collect();
    let y = Axis { scale, marks, title: env.say("app.front.time") };
    let corners: Vec<(f64, f64)> = dots.iter().filter(|dot| dot.front).map(|dot| place(dot, &x, &y)).collect();
    let lines = Shapes { lines: vec![("front-line", corners.clone())], areas: Vec::new() };
    let readout = shown.and_then(|index| dots.get(index)).map(|dot| dot.in_words(&env));
    let start = dots.iter().position(|dot| dot.best).unwrap_or(0);
    let marks: Vec<Point> = dots.iter().map(|dot| point(&env, dot, place(dot, &x, &y))).collect();
    let inside = html! {
        <>
            { shapes(&lines) }
            { points("dot", &marks, start, &shown) }
            { names(&dots, &x, &y, &corners) }
        </>
    };
    html! {
        <section class="front" id="front" aria-label={env.say("app.front.title")}>
            <h2>{ env.say("app.front.title") }</h2>
            // The hint keeps its room: a chart that moved would slip away from under the pointer.
            <p class="readout quiet" aria-hidden="true">
                <span class={readout.is_some().then_some("taken")}>{ env.say("app.front.hint") }</span>
                <span>{ readout }</span>
            </p>
            { plot(env.say("app.front.about"), &x, &y, inside) }
            <FrontTable ..props.clone() />
            <p class="on-paper quiet">{ on_paper(&env, &dots) }</p>
        </section>
    }
}

/// The line in words, for paper: nothing can be pointed at there.
fn on_paper(env: &Env, dots: &[Dot]) -> String {
    let said: Vec<String> = dots.iter().filter(|dot| dot.front).map(|dot| dot.in_words(env)).collect();
    format!("{}: {}", env.say("app.front.line"), said.join(&env.say("app.list-semicolon")))
}

/// The name of what is paid, for an axis.
fn money_title(env: &Env, answered: &Answered) -> String {
    paid::title(env, answered.advice.ranked.first(), answered.goal.objective)
}

fn axis(scale: Scale, dots: &[Dot], title: String) -> Axis {
    let currency = dots.first().map(|dot| dot.money.currency).unwrap_or_default();
    let marks = round_ticks(scale).into_iter().map(|amount| (amount, format::unit_cost(Money { amount, currency }))).collect();
    Axis { scale, marks, title }
}

fn place(dot: &Dot, x: &Axis, y: &Axis) -> (f64, f64) {
    (x.scale.at(dot.money.amount), y.scale.at(dot.time.get()))
}

/// The link that opens a plan in the list, and what following it does.
pub fn opening(env: &Env, dot: &Dot) -> (String, Callback<()>) {
    let link = Link::clone(&env.link).with(Field::Open, dot.id.clone());
    let (act, id) = (env.act.clone(), dot.id.clone());
    let follow = Callback::from(move |()| {
        act.emit(Action::Set(Field::Open, id.clone()));
        browser::show_id(&format!("row-{id}"));
        // What is read next is the opened plan, also without a screen.
        browser::focus_soon(&format!("#row-{id} .opens"));
    });
    (format!("?{}", link.write()), follow)
}

/// A dot that opens its plan in the list.
fn point(env: &Env, dot: &Dot, place: (f64, f64)) -> Point {
    let (href, follow) = opening(env, dot);
    Point {
        id: dot.id.clone(),
        place,
        class: match dot {
            Dot { best: true, .. } => "best",
            Dot { front: true, doubtful: true, .. } => "main hollow",
            Dot { front: true, .. } => "main",
            Dot { doubtful: true, .. } => "doubtful",
            _ => "",
        },
        words: dot.in_words(env),
        href,
        follow,
    }
}

/// A name as the chart writes it: without the words that tell no card from another.
fn short(name: &str) -> String {
    ["GeForce ", " Edition", " Generation"].into_iter().fold(name.to_owned(), |name, word| name.replace(word, ""))
}

/// Names beside the dots: where there is room on a desk, and where on a phone.
fn names(dots: &[Dot], x: &Axis, y: &Axis, line: &[(f64, f64)]) -> Html {
    let short: Vec<String> = dots.iter().map(|dot| short(&dot.name)).collect();
    let named =
        dots.iter().zip(&short).map(|(dot, name)| Named { name, place: place(dot, x, y), matters: dot.front, first: dot.best });
    let named: Vec<Named> = named.collect();
    // Paper has room for three: the ends of the line, and the first of the list.
    let first_of_line = dots.iter().position(|dot| dot.front);
    let last_of_line = dots.iter().rposition(|dot| dot.front);
    let printed = |at: usize| [first_of_line, last_of_line].contains(&Some(at)) || dots.get(at).is_some_and(|dot| dot.best);
    let at = |size, class: &'static str| {
        let labels = labels(&named, line, size).into_iter();
        let placed = labels.filter_map(|(at, spot)| Some((at, named.get(at)?, spot)));
        html! {
            <g class={classes!("names", class)} aria-hidden="true">
                { for placed.map(|(at, dot, Spot { anchor, dx, dy })| html! {
                    <text key={at} class={printed(at).then_some("printed")} x={across(dot.place.0)} y={down(dot.place.1)}
                        dx={dx.to_string()} dy={dy.to_string()} text-anchor={anchor}>
                        { dot.name.to_owned() }
                    </text>
                }) }
            </g>
        }
    };
    html! { <>{ at(WIDE, "from-tablet") }{ at(NARROW, "only-narrow") }</> }
}
