//! Why not the others: the rigs that are no answer, by reason.

use crate::context::{Env, use_env};
use crate::views::advised::Answered;
use crate::views::reasons;
use crate::widgets::use_unfolded;
use std::rc::Rc;
use whichcard::plan::{Advice, ReasonCode, Rejected};
use whichcard::request::Keyword;
use yew::prelude::*;

/// Cards named before a group is opened.
const NAMED: usize = 6;

/// Groups by the kind of reason, the largest first; each card once. A card that does the job in some number is an answer, even if fewer
/// of it are not.
fn groups(advice: &Advice) -> Vec<(ReasonCode, Vec<&Rejected>)> {
    let answers = |one: &Rejected| advice.ranked.iter().any(|plan| plan.setup.rig.card.id == one.card.id);
    let mut told: Vec<&Rejected> = Vec::new();
    for one in advice.rejected.iter().filter(|one| !answers(one)) {
        match told.iter_mut().find(|other| other.card.id == one.card.id) {
            // Where more of it hold the model, what speaks against those says more than that one is too small.
            Some(other) if other.reason.code == ReasonCode::TooLarge => *other = one,
            Some(_) => {}
            None => told.push(one),
        }
    }
    let mut groups: Vec<(ReasonCode, Vec<&Rejected>)> = Vec::new();
    for one in told {
        match groups.iter_mut().find(|(code, _)| *code == one.reason.code) {
            Some((_, members)) => members.push(one),
            None => groups.push((one.reason.code, vec![one])),
        }
    }
    groups.sort_by_key(|(_, members)| std::cmp::Reverse(members.len()));
    groups
}

/// Why a row that is asked for by its name in links is not in the list.
pub fn why_not(env: &Env, advice: &Advice, row: &str) -> String {
    let of_card =
        |one: &&Rejected| row.strip_prefix(one.card.id.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with("-x"));
    match advice.rejected.iter().find(of_card) {
        Some(one) => {
            env.fill("app.fault.not-ranked", &[("card", &one.card.name), ("reason", &reasons::sentence(env, &one.reason))])
        }
        None => env.fill("app.fault.not-here", &[("given", row)]),
    }
}

pub fn rejected(env: &Env, answered: &Rc<Answered>) -> Html {
    let groups = groups(&answered.advice);
    let title = env.say(if answered.advice.ranked.is_empty() { "app.advise.why-none" } else { "app.advise.why-not" });
    html! {
        <section class="rejected" id="rejected" hidden={groups.is_empty()} aria-label={title.clone()}>
            <h2>{ title }</h2>
            { for groups.into_iter().map(|(code, members)| {
                let about = about(env, code, &members);
                html! { <Group key={code.name()} {code} {about} answered={Rc::clone(answered)} /> }
            }) }
        </section>
    }
}

/// The card, with how many of it the reason speaks of.
fn name(one: &Rejected) -> String {
    let name = &one.card.name;
    if one.count == 1 { name.clone() } else { format!("{} × {name}", one.count) }
}

/// What a group says while it is closed: the reason, and who is in it.
fn about(env: &Env, code: ReasonCode, members: &[&Rejected]) -> Html {
    let names: Vec<String> = members.iter().rev().take(NAMED).map(|one| name(one)).collect();
    let others = members.len().saturating_sub(NAMED);
    let mut named = names.join(env.say("app.list-comma").as_str());
    if others > 0 {
        named = env.fill("app.advise.and-others", &[("names", &named), ("n", &others.to_string())]);
    }
    html! {
        <>
            <span>
                <b>{ env.name("rejection", code.name()) }</b>
                <span class="quiet">{ env.fill("app.advise.cards", &[("n", &members.len().to_string())]) }</span>
            </span>
            <span class="quiet names">{ named }</span>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct GroupProps {
    code: ReasonCode,
    about: Html,
    answered: Rc<Answered>,
}

/// Drawn once it is opened.
#[component]
fn Group(props: &GroupProps) -> Html {
    let env = use_env();
    let (opened, ontoggle) = use_unfolded();
    // Before the browser opens it, so that it opens in one step.
    let onclick = {
        let opened = opened.clone();
        Callback::from(move |_: MouseEvent| opened.set(true))
    };
    html! {
        <details data-reason={props.code.name()} {ontoggle}>
            <summary {onclick}>{ props.about.clone() }</summary>
            { if *opened { members(&env, props) } else { html! {} } }
        </details>
    }
}

fn members(env: &Env, props: &GroupProps) -> Html {
    let groups = groups(&props.answered.advice);
    let members = groups.into_iter().find(|(code, _)| *code == props.code).map(|(_, members)| members).unwrap_or_default();
    html! {
        <ul>
            { for members.iter().rev().map(|one| html! {
                <li key={one.card.id.clone()} data-card={one.card.id.clone()}>
                    <b>{ name(one) }</b><span>{ reasons::sentence(env, &one.reason) }</span>
                </li>
            }) }
        </ul>
    }
}
