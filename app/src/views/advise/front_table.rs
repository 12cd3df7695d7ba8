//! The chart of time against money as a table: every dot with its numbers, the line marked.

use super::front::{ChartProps, Dot, dots, opening};
use super::paid;
use crate::context::followed;
use crate::format;
use crate::widgets::use_unfolded;
use yew::prelude::*;

/// Written when it is unfolded: it has as many rows as there are cards.
#[component]
pub fn FrontTable(props: &ChartProps) -> Html {
    let (open, ontoggle) = use_unfolded();
    html! {
        <details class="twin wide" id="front-table" {ontoggle}>
            <summary>{ props.env.say("app.chart.table") }</summary>
            { if *open { table(props) } else { html! {} } }
        </details>
    }
}

fn table(props: &ChartProps) -> Html {
    let env = &props.env;
    let (advice, objective) = (&props.answered.advice, props.answered.goal.objective);
    let money = paid::column(env, advice.ranked.first(), objective);
    let time = env.say("app.front.time").trim_matches(['↑', ' ']).to_owned();
    let row = |dot: &Dot| {
        let (href, follow) = opening(env, dot);
        html! {
            <tr key={dot.id.clone()} data-row={dot.id.clone()} data-front={dot.front.to_string()}>
                <th scope="row"><a {href} onclick={followed(move || follow.emit(()))}>{ &dot.name }</a></th>
                <td>{ &dot.amount }</td>
                <td>{ format::duration(env.lang, dot.time) }</td>
                <td>{ for dot.front.then(|| env.say("app.front.on-line")) }</td>
            </tr>
        }
    };
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label={env.say("app.chart.table")}>
            <table>
                <thead><tr>
                    <th scope="col">{ env.say("app.field.card") }</th>
                    { for [money, time, env.say("app.front.line")].into_iter().map(|head| html! {
                        <th key={head.clone()} scope="col">{ head }</th>
                    }) }
                </tr></thead>
                <tbody>{ for dots(env, &props.answered).iter().map(row) }</tbody>
            </table>
        </div>
    }
}
