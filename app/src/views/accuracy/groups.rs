//! The same in groups: where estimates are good, and where they are not.

use super::Selection;
use super::data::Comparison;
use super::facet::Facet;
use super::summary::{in_words, predicted_by_others, seen, unseen};
use crate::context::Env;
use crate::format;
use crate::widgets::Chips;
use whichcard::estimate::Deviation;
use whichcard::share::Field;
use yew::prelude::*;

/// Columns beside the name of the group: as estimated, and with factors that have not seen the source.
const COLUMNS: [&str; 8] = ["count", "median", "p90", "bias", "count", "median", "p90", "bias"];

pub fn groups(env: &Env, selection: &Selection) -> Html {
    let asked = env.link.get(Field::By).unwrap_or_default();
    let by = Facet::GROUPS.into_iter().find(|facet| facet.id() == asked).unwrap_or(Facet::Job);
    let options: Vec<_> = Facet::GROUPS
        .iter()
        .map(|facet| (facet.id().into(), env.say(&format!("app.accuracy.by.{}", facet.id())).into(), AttrValue::default()))
        .collect();
    html! {
        <section class="groups">
            <h2>{ env.say("app.accuracy.groups") }</h2>
            <p class="quiet">{ env.say("app.accuracy.groups-about") }</p>
            <Chips field={Field::By} {options} value={by.id()} />
            <div class="scroll" tabindex="0" role="region" aria-label={env.say("app.accuracy.groups")}>
                <table class="ledger" id="groups">
                    <thead>
                        <tr>
                            <th rowspan="2" scope="col">{ env.say(&format!("app.accuracy.by.{}", by.id())) }</th>
                            <th colspan="4" scope="colgroup" class="over">{ env.say("app.accuracy.seen") }</th>
                            <th colspan="4" scope="colgroup" class="over">{ env.say("app.accuracy.unseen") }</th>
                        </tr>
                        <tr>{ for COLUMNS.iter().enumerate().map(|(place, name)| html! {
                            <th key={place} scope="col" class="number">{ env.say(&format!("app.accuracy.short.{name}")) }</th>
                        }) }</tr>
                    </thead>
                    <tbody>
                        { for sorted(env, selection, by).into_iter().map(|(value, members)| row(env, by, value, &members)) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// Comparisons by value, in the order of the facet, else the largest group first.
fn sorted<'a>(env: &Env, selection: &'a Selection, by: Facet) -> Vec<(&'a str, Vec<&'a Comparison>)> {
    let mut groups: Vec<(&str, Vec<&Comparison>)> = Vec::new();
    for one in selection.comparisons() {
        let value = by.of(env, &selection.data, one);
        match groups.iter_mut().find(|(known, _)| *known == value) {
            Some((_, members)) => members.push(one),
            None => groups.push((value, vec![one])),
        }
    }
    groups.sort_by_key(|(value, members)| (by.rank(value), usize::MAX - members.len()));
    groups
}

fn row(env: &Env, by: Facet, value: &str, members: &[&Comparison]) -> Html {
    let cells = |readings: usize, deviation: Option<Deviation>| {
        let mut cells = vec![format::count(readings as u64)];
        cells.extend(deviation.map_or_else(|| ["–"; 3].map(str::to_owned), in_words));
        cells
    };
    let others = predicted_by_others(members).len();
    let all = [cells(members.len(), seen(members)), cells(others, unseen(members))].concat();
    html! {
        <tr key={value.to_owned()} data-group={value.to_owned()}>
            <th scope="row">
                { by.name(env, value) }
                <span class="quiet unseen-too" aria-hidden="true">{ env.say("app.accuracy.unseen") }</span>
            </th>
            { for all.into_iter().enumerate().map(|(place, text)| html! { <td key={place} class="number">{ text }</td> }) }
        </tr>
    }
}
