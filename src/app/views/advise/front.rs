//! Time against money: every card a dot, and the line of those that no other beats in both. The list below is its twin.

use super::Answered;
use super::ranked::{one_per_card, row_id};
use crate::app::browser;
use crate::app::chart::{Axis, Point, Scale, Shapes, across, down, plot, points, round_ticks, shapes, time_ticks};
use crate::app::context::{Env, use_env};
use crate::app::format;
use crate::app::state::Action;
use crate::app::views::rig;
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use whichcard::plan::{Objective, Plan};
use whichcard::share::{Field, Link};
use whichcard::units::{Money, Seconds};
use yew::prelude::*;

/// Room a name takes beside its dot, as shares of the plot: names closer than this would cover each other.
const APART: (f64, f64) = (0.3, 0.09);

/// Milliseconds until the list is on the screen.
const A_MOMENT: u32 = 40;

/// Room a name itself takes, in the same shares.
const NAME: (f64, f64) = (0.22, 0.085);
/// Names of dots further to the right than this end at them.
const TURNS: f64 = 0.62;

#[derive(Properties, PartialEq)]
pub struct FrontProps {
    pub answered: Rc<Answered>,
}

/// A plan as a dot.
struct Dot {
    id: String,
    name: String,
    money: Money,
    time: Seconds,
    /// No other plan is both cheaper and faster.
    front: bool,
    /// It is the first of the list.
    best: bool,
    /// It may not fit, or its price is old: the line leaves it out.
    doubtful: bool,
}

impl Dot {
    fn in_words(&self, env: &Env) -> String {
        let (money, time) = (format::money(self.money), format::duration(env.lang, self.time));
        env.fill("app.front.dot", &[("name", &self.name), ("money", &money), ("time", &time)])
    }
}

/// What is paid: for the cards, or for this one job where that is what counts.
fn money(plan: &Plan, objective: Objective) -> Option<Money> {
    match objective {
        Objective::CheapestPerJob => plan.job_cost,
        _ => plan.price().map(|price| price.money),
    }
}

/// The best number of each card and every plan of the front, cheapest first.
fn dots(env: &Env, answered: &Answered) -> Vec<Dot> {
    let advice = &answered.advice;
    let front: Vec<&Plan> = advice.pareto.iter().filter_map(|place| advice.ranked.get(*place)).collect();
    let is_front = |plan: &Plan| front.iter().any(|one| std::ptr::eq(*one, plan));
    let listed = one_per_card(&advice.ranked, "");
    let others = listed.iter().copied().filter(|plan| !is_front(plan));
    let mut dots: Vec<Dot> = front
        .iter()
        .copied()
        .chain(others)
        .filter_map(|plan| {
            Some(Dot {
                id: row_id(plan),
                name: rig::name(env, &plan.setup.rig),
                money: money(plan, answered.goal.objective).filter(|money| money.amount > 0.0)?,
                time: plan.time().total,
                front: is_front(plan),
                best: advice.ranked.first().is_some_and(|first| std::ptr::eq(first, plan)),
                doubtful: !plan.is_dependable(),
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
struct ChartProps {
    /// As it was when the answer was given: the chart and its links stay of one question.
    env: Env,
    answered: Rc<Answered>,
}

#[component]
fn Chart(props: &ChartProps) -> Html {
    let env = props.env.clone();
    let shown = use_state(|| None::<usize>);
    let dots = dots(&env, &props.answered);
    if dots.len() < 2 {
        return html! { <section class="front" hidden=true></section> };
    }
    let x = axis(&env, Scale::log(dots.iter().map(|dot| dot.money.amount)), &dots, props.answered.goal.objective);
    let scale = Scale::log(dots.iter().map(|dot| dot.time.get()));
    let marks = time_ticks(scale).into_iter().map(|mark| (mark, format::duration(env.lang, Seconds::new(mark)))).collect();
    let y = Axis { scale, marks, title: env.say("app.front.time") };
    let corners: Vec<(f64, f64)> = dots.iter().filter(|dot| dot.front).map(|dot| place(dot, &x, &y)).collect();
    let lines = Shapes { lines: vec![("front-line", corners)], areas: Vec::new() };
    let readout = shown.and_then(|index| dots.get(index)).map_or_else(|| env.say("app.front.hint"), |dot| dot.in_words(&env));
    let start = dots.iter().position(|dot| dot.best).unwrap_or(0);
    let marks: Vec<Point> = dots.iter().map(|dot| point(&env, dot, place(dot, &x, &y))).collect();
    let inside = html! {
        <>
            { shapes(&lines) }
            { points("dot", &marks, start, &shown) }
            { names(&dots, &x, &y) }
        </>
    };
    html! {
        <section class="front" id="front" aria-label={env.say("app.front.title")}>
            <h2>{ env.say("app.front.title") }</h2>
            <p class="readout quiet" aria-hidden="true">{ readout }</p>
            { plot(env.say("app.front.about"), &x, &y, inside) }
        </section>
    }
}

fn axis(env: &Env, scale: Scale, dots: &[Dot], objective: Objective) -> Axis {
    let currency = dots.first().map(|dot| dot.money.currency).unwrap_or_default();
    let marks = round_ticks(scale).into_iter().map(|amount| (amount, format::money(Money { amount, currency }))).collect();
    let title = if objective == Objective::CheapestPerJob { "app.front.job-money" } else { "app.front.money" };
    Axis { scale, marks, title: env.say(title) }
}

fn place(dot: &Dot, x: &Axis, y: &Axis) -> (f64, f64) {
    (x.scale.at(dot.money.amount), y.scale.at(dot.time.get()))
}

/// A dot that opens its plan in the list.
fn point(env: &Env, dot: &Dot, place: (f64, f64)) -> Point {
    let link = Link::clone(&env.link).with(Field::Open, dot.id.clone());
    let (act, id) = (env.act.clone(), dot.id.clone());
    Point {
        id: dot.id.clone(),
        place,
        class: match dot {
            Dot { best: true, .. } => "best",
            Dot { front: true, .. } => "main",
            Dot { doubtful: true, .. } => "doubtful",
            _ => "",
        },
        words: dot.in_words(env),
        href: format!("?{}", link.write()),
        follow: Callback::from(move |()| {
            act.emit(Action::Set(Field::Open, id.clone()));
            browser::show_id(&format!("row-{id}"));
        }),
    }
}

/// Whether a dot's name stands below it: on the right, unless the axis and its numbers are there.
fn is_below((across, up): (f64, f64)) -> bool {
    across > TURNS && up > APART.1
}

/// Whether a dot lies where the name of another stands.
fn is_under((across, up): (f64, f64), name: (f64, f64)) -> bool {
    let along = if name.0 > TURNS { name.0 - across } else { across - name.0 };
    let above = if is_below(name) { name.1 - up } else { up - name.1 };
    (0.0..NAME.0).contains(&along) && (0.0..NAME.1).contains(&above)
}

/// Names beside the dots of the front, where they cover neither each other nor another dot; the best always has its name.
fn names(dots: &[Dot], x: &Axis, y: &Axis) -> Html {
    let mut named: Vec<(f64, f64)> = Vec::new();
    let mut shown: Vec<(&Dot, f64, f64)> = Vec::new();
    let mut front: Vec<&Dot> = dots.iter().filter(|dot| dot.front || dot.best).collect();
    front.sort_by_key(|dot| !dot.best);
    for dot in front {
        let (across, up) = place(dot, x, y);
        let free = named.iter().all(|(other, height)| (other - across).abs() > APART.0 || (height - up).abs() > APART.1);
        let covers = dots.iter().filter(|other| other.id != dot.id).any(|other| is_under(place(other, x, y), (across, up)));
        if dot.best || free && !covers {
            named.push((across, up));
            shown.push((dot, across, up));
        }
    }
    html! {
        <g class="names" aria-hidden="true">
            { for shown.into_iter().map(|(dot, left, up)| {
                let ends = left > TURNS;
                let below = is_below((left, up));
                html! {
                    <text key={dot.id.clone()} x={across(left)} y={down(up)} dx={if ends { "-10" } else { "10" }} dy={if below { "1.3em" } else { "-.6em" }}
                        text-anchor={if ends { "end" } else { "start" }}>{ dot.name.replace("GeForce ", "") }</text>
                }
            }) }
        </g>
    }
}
