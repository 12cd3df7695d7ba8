//! The card in one table: for each kind of job the largest model of the task's kind that fits, how fast, how long, how many at
//! once.

use super::matrix::link_to;
use crate::context::Env;
use crate::format;
use crate::views::{figures, recipe, verdict};
use whichcard::estimate::Verdict;
use whichcard::model::Category;
use whichcard::plan::{Ability, ModelAbility, Run};
use whichcard::request::{JobKind, Keyword};
use whichcard::units::real;
use yew::prelude::*;

/// One row for each kind of job that anything fits in.
pub fn summary(env: &Env, card: &str, abilities: &[Ability]) -> Html {
    // In the order of what they ask of a card, as in the table below.
    let rows: Vec<_> = abilities
        .iter()
        .rev()
        .filter_map(|ability| {
            // Where the card alone holds none, main memory may help.
            let held = largest(env, abilities, ability.kind);
            let largest = held.or_else(|| larger_with_main_memory(env, abilities, ability.kind))?;
            let beside = held.and_then(|_| beside(env, card, ability, abilities));
            Some((ability, largest, largest.run.as_deref()?, beside))
        })
        .collect();
    // What reads no text has no context.
    let reads = rows.iter().any(|(_, _, run, _)| run.max_context.is_some());
    let head = ["app.field.job", "app.able.largest", "app.figure.run-speed", "app.able.longest", "app.able.at-once"];
    let head = head.into_iter().filter(|key| reads || *key != "app.able.longest");
    html! {
        <section class="able">
            <h2>{ env.say("app.able.title") }</h2>
            <p class="quiet">{ env.say("app.able.about") }</p>
            <div class="scroll" tabindex="0" role="region" aria-label={env.say("app.able.title")}>
                <table id="able">
                    <thead><tr>{ for head.map(|key| html! { <th key={key} scope="col">{ env.say(key) }</th> }) }</tr></thead>
                    <tbody>
                        { for rows.into_iter().map(|(ability, largest, run, beside)| {
                            row(env, card, (ability.kind, largest, run), beside, reads)
                        }) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// The largest model of the task's kind that surely fits on the card; if none does, the largest that may.
pub fn largest<'a>(env: &Env, abilities: &'a [Ability], kind: JobKind) -> Option<&'a ModelAbility> {
    let of = |verdict: Verdict| largest_where(env, abilities, kind, |one| one.verdict == verdict);
    of(Verdict::Fits).or_else(|| of(Verdict::Tight))
}

/// The largest model of the task's kind that runs with part of it in main memory, where the card alone holds none as large.
pub fn larger_with_main_memory<'a>(env: &Env, abilities: &'a [Ability], kind: JobKind) -> Option<&'a ModelAbility> {
    let held = largest(env, abilities, kind).map_or(0, |one| one.model.parameters);
    largest_where(env, abilities, kind, ModelAbility::surely_with_main_memory).filter(|one| one.model.parameters > held)
}

/// The largest model of the task's kind of which something holds.
fn largest_where<'a>(
    env: &Env,
    abilities: &'a [Ability],
    kind: JobKind,
    holds: impl Fn(&ModelAbility) -> bool,
) -> Option<&'a ModelAbility> {
    let ability = abilities.iter().find(|ability| ability.kind == kind)?;
    let stands_for_task = env.catalog.task(&env.reading.task).into_iter().flat_map(|task| &task.models);
    let kinds: Vec<Category> = stands_for_task.filter_map(|id| Some(env.catalog.model(id)?.category)).collect();
    // Who asks for a language model asks for those with experts, too.
    let of_task = |category: Category| kinds.iter().any(|kind| kind.does_same_as(category));
    let found = ability.models.iter().filter(|one| of_task(one.model.category) && holds(one));
    // Of equals the first, as in the catalogue.
    found.rev().max_by_key(|one| one.model.parameters)
}

/// "With 67 GiB of main memory: gpt-oss 120B".
fn beside(env: &Env, card: &str, ability: &Ability, abilities: &[Ability]) -> Option<Html> {
    let one = larger_with_main_memory(env, abilities, ability.kind)?;
    let (href, onclick) = link_to(env, card, ability.kind, &one.model, one.run.as_deref());
    let host = format::memory(one.memory.as_ref()?.host);
    let key = if ability.kind.trains() { "app.able.trains-with-main-memory" } else { "app.able.with-main-memory" };
    Some(html! {
        <span class="quiet" data-beside={one.model.id.clone()}>
            { env.fill(key, &[("host", &host)]) }
            <a {href} {onclick}>{ &one.model.name }</a>
        </span>
    })
}

fn row(env: &Env, card: &str, of: (JobKind, &ModelAbility, &Run), beside: Option<Html>, reads: bool) -> Html {
    let (kind, largest, run) = of;
    let model = &largest.model;
    let (href, onclick) = link_to(env, card, kind, model, Some(run));
    let program = recipe::program(env, &run.setup).map(|program| format!(" {program}"));
    let longest =
        run.max_context.map_or_else(|| "–".to_owned(), |length| env.fill("error.unit.tokens", &[("n", &format::count(length))]));
    html! {
        <tr key={kind.name()} data-kind={kind.name()}>
            <th scope="row">{ env.name("job", kind.name()) }</th>
            <td>
                <a {href} {onclick}>{ &model.name }</a>
                <span class="quiet">
                    { format::large(real(model.parameters)) }
                    { " " }
                    { verdict::comfort_badge(env, run.comfort) }
                    { for program }
                </span>
                { beside }
            </td>
            <td>{ figures::pace_of(env, &run.setup, &run.time) }</td>
            { for reads.then(|| html! { <td>{ longest }</td> }) }
            <td>{ format::count(run.max_batch) }</td>
        </tr>
    }
}
