//! Time against money: every card a dot, and the line of those that no other beats in both. The list below is its twin.

use crate::app::browser;
use crate::app::chart::{Axis, Point, Scale, Shapes, across, down, plot, points, round_ticks, shapes, time_ticks};
use crate::app::context::{Env, use_env};
use crate::app::format;
use crate::app::state::Action;
use crate::app::views::advised::{Answered, one_per_card, row_id};
use crate::app::views::rig;
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use whichcard::plan::{Comfort, Objective, Plan};
use whichcard::share::{Field, Link};
use whichcard::units::{Money, Seconds};
use yew::prelude::*;

/// Milliseconds until the list is on the screen.
const A_MOMENT: u32 = 40;

/// How wide a letter of a name is as a share of a plot of 600 pixels, and of one on a phone.
const LETTER: [f64; 2] = [0.0125, 0.03];
/// How high a line of names is as a share of the plot, and how far from its dot it begins.
const LINE: f64 = 0.075;
const GAP: f64 = 0.016;
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
    /// It may not fit, or its price is old or leaves something out: the line does not join it.
    doubtful: bool,
    /// Part of the model is in main memory.
    offloaded: bool,
}

impl Dot {
    fn in_words(&self, env: &Env) -> String {
        let (money, time) = (format::money(self.money), format::duration(env.lang, self.time));
        let key = if self.offloaded { "app.front.dot-offloaded" } else { "app.front.dot" };
        env.fill(key, &[("name", &self.name), ("money", &money), ("time", &time)])
    }
}

/// What is paid: for the cards, or for this one job where that is what counts.
fn money(plan: &Plan, objective: Objective) -> Option<Money> {
    if objective.weighs_the_job() { plan.job_cost } else { plan.price().map(|price| price.money) }
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
    let marks = time_ticks(scale).into_iter().map(|mark| (mark, format::time_mark(env.lang, Seconds::new(mark)))).collect();
    let y = Axis { scale, marks, title: env.say("app.front.time") };
    let corners: Vec<(f64, f64)> = dots.iter().filter(|dot| dot.front).map(|dot| place(dot, &x, &y)).collect();
    let lines = Shapes { lines: vec![("front-line", corners)], areas: Vec::new() };
    let readout = shown.and_then(|index| dots.get(index)).map(|dot| dot.in_words(&env));
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
            // The hint keeps its room: a chart that moved would slip away from under the pointer.
            <p class="readout quiet" aria-hidden="true">
                <span class={readout.is_some().then_some("taken")}>{ env.say("app.front.hint") }</span>
                <span>{ readout }</span>
            </p>
            { plot(env.say("app.front.about"), &x, &y, inside) }
        </section>
    }
}

fn axis(env: &Env, scale: Scale, dots: &[Dot], objective: Objective) -> Axis {
    let currency = dots.first().map(|dot| dot.money.currency).unwrap_or_default();
    let marks = round_ticks(scale).into_iter().map(|amount| (amount, format::money(Money { amount, currency }))).collect();
    let title = if objective.weighs_the_job() { "app.front.job-money" } else { "app.front.money" };
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
            Dot { front: true, doubtful: true, .. } => "main hollow",
            Dot { front: true, .. } => "main",
            Dot { doubtful: true, .. } => "doubtful",
            _ => "",
        },
        words: dot.in_words(env),
        href: format!("?{}", link.write()),
        follow: Callback::from(move |()| {
            act.emit(Action::Set(Field::Open, id.clone()));
            browser::show_id(&format!("row-{id}"));
            // What is read next is the opened plan, also without a screen.
            browser::focus_soon(&format!("#row-{id} .opens"));
        }),
    }
}

/// Whether a dot's name stands below it: on the right, unless the axis and its numbers are there.
fn is_below((across, up): (f64, f64)) -> bool {
    across > TURNS && up > LINE + GAP
}

/// The room a name takes, as shares of the plot.
#[derive(Clone, Copy)]
struct Room {
    left: f64,
    right: f64,
    low: f64,
    high: f64,
}

impl Room {
    fn of(name: &str, (across, up): (f64, f64), letter: f64) -> Self {
        let width = name.chars().map(|_| letter).sum::<f64>();
        let (left, right) =
            if across > TURNS { (across - GAP - width, across - GAP) } else { (across + GAP, across + GAP + width) };
        let low = if is_below((across, up)) { up - GAP - LINE } else { up };
        Self { left, right, low, high: low + LINE }
    }

    fn holds(&self, (across, up): (f64, f64)) -> bool {
        (self.left..self.right).contains(&across) && (self.low..self.high).contains(&up)
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.low < other.high && other.low < self.high
    }
}

/// Places of the dots that have their names beside them: of the front those that cover neither each other nor another dot of the front
/// (a name may stand on one of the many others); the best always.
fn named(dots: &[(&Dot, (f64, f64))], letter: f64) -> Vec<usize> {
    let mut taken: Vec<Room> = Vec::new();
    let mut named = Vec::new();
    let mut front: Vec<usize> = (0..dots.len()).filter(|at| dots.get(*at).is_some_and(|(dot, _)| dot.front || dot.best)).collect();
    front.sort_by_key(|at| dots.get(*at).is_some_and(|(dot, _)| !dot.best));
    for at in front {
        let Some((dot, place)) = dots.get(at) else { continue };
        let room = Room::of(&short(&dot.name), *place, letter);
        let covers = dots.iter().any(|(other, place)| other.front && other.id != dot.id && room.holds(*place));
        let free = room.left > 0.0 && room.right < 1.0 && taken.iter().all(|other| !room.meets(other));
        if dot.best || free && !covers {
            taken.push(room);
            named.push(at);
        }
    }
    named
}

/// A name as the chart writes it.
fn short(name: &str) -> String {
    name.replace("GeForce ", "")
}

/// Names beside the dots; some only where the plot is wide.
fn names(dots: &[Dot], x: &Axis, y: &Axis) -> Html {
    let placed: Vec<(&Dot, (f64, f64))> = dots.iter().map(|dot| (dot, place(dot, x, y))).collect();
    let [wide, narrow] = LETTER.map(|letter| named(&placed, letter));
    html! {
        <g class="names" aria-hidden="true">
            { for wide.iter().filter_map(|at| placed.get(*at).map(|(dot, place)| (narrow.contains(at), dot, *place))).map(|(always, dot, (left, up))| {
                let ends = left > TURNS;
                html! {
                    <text key={dot.id.clone()} class={(!always).then_some("from-tablet")} x={across(left)} y={down(up)} dx={if ends { "-10" } else { "10" }}
                        dy={if is_below((left, up)) { "1.3em" } else { "-.6em" }} text-anchor={if ends { "end" } else { "start" }}>
                        { short(&dot.name) }
                    </text>
                }
            }) }
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(name: &str, best: bool) -> Dot {
        let money = Money { amount: 1.0, currency: whichcard::units::Currency::Usd };
        Dot {
            id: name.to_owned(),
            name: name.to_owned(),
            money,
            time: Seconds::new(1.0),
            front: true,
            best,
            doubtful: false,
            offloaded: false,
        }
    }

    #[test]
    fn names_cover_neither_each_other_nor_a_dot() {
        let (best, near, far) =
            (dot("RTX 5060 Ti 16GB", true), dot("2 × RTX PRO 5000 Blackwell 48GB", false), dot("RTX 5090", false));
        let placed = [(&near, (0.3, 0.5)), (&best, (0.32, 0.52)), (&far, (0.9, 0.9))];
        assert_eq!(named(&placed, LETTER[0]), [1, 2]);
        let long = [(&best, (0.1, 0.9)), (&near, (0.3, 0.5)), (&far, (0.5, 0.53))];
        assert_eq!(named(&long, LETTER[0]), [0, 2], "a dot under the name");
        assert_eq!(named(&[(&best, (0.1, 0.9)), (&near, (0.55, 0.5))], LETTER[1]), [0], "no room on a phone");
    }
}
