//! The stages one below the other: data, pre-training, tuning, serving; and what they leave on the disk.

use super::stage_working::StageWorking;
use super::{Answered, lane};
use crate::context::Env;
use crate::format;
use crate::views::working::leads;
use crate::views::{figures, reasons};
use std::rc::Rc;
use whichcard::estimate::Step;
use whichcard::plan::{LARGEST_CLUSTER, Preparation, Stage};
use whichcard::request::{JobKind, Keyword};
use yew::prelude::*;

pub fn stages(env: &Env, answered: &Rc<Answered>, steps: &[Step]) -> Html {
    let path = &answered.path;
    let texts = path.preparation.tokens.get() > 0.0;
    let first = if texts { 2 } else { 1 };
    let disk = if texts { "app.scratch.disk" } else { "app.scratch.disk-without-data" };
    html! {
        <>
            <ol class="stages" id="stages">
                { for texts.then(|| preparation(env, &path.preparation, steps)) }
                { for path.stages.iter().enumerate().map(|(place, one)| stage(env, one, place + first, (answered, place), steps)) }
            </ol>
            <p class="quiet" id="scratch-disk">
                { leads(env, steps, "scratch.disk", env.fill(disk, &[("disk", &format::memory(path.disk))])) }
            </p>
            <p class="quiet">{ env.say("app.scratch.about") }</p>
        </>
    }
}

/// The name of a stage.
pub fn name(env: &Env, kind: JobKind) -> String {
    match kind {
        JobKind::Pretrain => env.say("app.scratch.pretrain"),
        JobKind::Inference => env.say("app.scratch.serve"),
        _ => env.fill("app.scratch.tune", &[("method", &env.name("job", kind.name()))]),
    }
}

fn heading(place: usize, title: String) -> Html {
    html! { <h2><span class="place" aria-hidden="true">{ place }</span>{ title }</h2> }
}

/// Turning text into tokens needs no card.
fn preparation(env: &Env, data: &Preparation, steps: &[Step]) -> Html {
    let said = |key: &str| env.say(&format!("app.scratch.{key}"));
    let opened = |name, step: &str, label: &str, value, notes| {
        figures::shown(name, said(label), leads(env, steps, &format!("scratch.{step}"), value), notes)
    };
    let cost = data.cost.map_or_else(String::new, |cost| env.fill("app.scratch.power-for", &[("cost", &format::bill(cost))]));
    let tokens = env.fill("app.scratch.data-tokens", &[("n", &format::many(env.lang, data.tokens.get()))]);
    html! {
        <li key="data" data-stage="data">
            { heading(1, said("data")) }
            <dl class="figures">
                { opened("time", "time", "data-time", format::duration(env.lang, data.time), vec![said("data-cores"), cost]) }
                { opened("text", "text", "data-text", format::memory(data.text), vec![tokens]) }
                { opened("files", "tokenFiles", "data-files", format::memory(data.token_files), Vec::new()) }
                { opened("host", "hostMemory", "data-host", format::memory(data.host_memory), Vec::new()) }
            </dl>
        </li>
    }
}

/// `number` is what it is called by, `which` where it stands in the answer.
fn stage(env: &Env, stage: &Stage, number: usize, (answered, which): (&Rc<Answered>, usize), steps: &[Step]) -> Html {
    let kind = stage.kind.name();
    let worked = |better| html! { <StageWorking answered={Rc::clone(answered)} stage={which} {better} /> };
    let files = env.fill("app.scratch.files", &[("size", &format::memory(stage.files))]);
    html! {
        <li key={kind} data-stage={kind} data-here={stage.here.is_some().to_string()}>
            { heading(number, name(env, stage.kind)) }
            <div class="lanes">
                { match &stage.here {
                    Some(here) => lane::lane(env, "here", here, worked(false)),
                    None => lane::blocked(env, &why_not(env, stage)),
                } }
                { match &stage.better {
                    Some(better) => lane::lane(env, "better", better, worked(true)),
                    None if stage.here.is_none() => lane::blocked(env, &beyond(env, "app.scratch.nowhere")),
                    None if stage.lacks_better() => html! { <p data-lane="none">{ beyond(env, "app.scratch.no-faster") }</p> },
                    None => html! { <div hidden=true></div> },
                } }
            </div>
            <p class="quiet">{ leads(env, steps, &format!("scratch.files.{kind}"), files) }</p>
        </li>
    }
}

/// That nothing does better, and up to how many cards were looked at.
fn beyond(env: &Env, key: &str) -> String {
    env.fill(key, &[("n", &format::count(LARGEST_CLUSTER.into()))])
}

/// Why a stage cannot be done on the rig at hand.
fn why_not(env: &Env, stage: &Stage) -> String {
    stage.why_not.as_ref().map_or_else(String::new, |reason| reasons::sentence(env, reason))
}
