//! One stage on one rig: how long, how much electricity, how much money, and how full the cards are.

use crate::context::Env;
use crate::format;
use crate::views::{figures, memory_bar, reasons, recipe, rig};
use crate::widgets::{Icon, Sign};
use whichcard::plan::{Comfort, Plan, ReasonCode, StagePlan};
use whichcard::request::Setup;
use whichcard::share::{Field, View};
use whichcard::units::real;
use yew::prelude::*;

/// `which` is "here" for the rig at hand, "better" for one that suits the stage better.
pub fn lane(env: &Env, which: &'static str, stage: &StagePlan, working: Html) -> Html {
    let plan = &stage.plan;
    let memory = &stage.memory;
    // A part in main memory makes a stage slow: who reads the time has to see why.
    let full = memory_bar::in_numbers(env, memory, plan.comfort == Comfort::Offloaded);
    html! {
        <div class={classes!("lane", which)} data-lane={which} data-card={plan.setup.rig.card.id.clone()}>
            <p class="lane-rig">
                <span class="quiet">{ env.say(&format!("app.scratch.{which}")) }</span>
                <b>{ rig::name(env, &plan.setup.rig) }</b>
            </p>
            { for machines(env, plan).map(|said| html! { <p key="machines" class="quiet" data-machines="">{ said }</p> }) }
            <p class="lane-main"><b>{ main_figure(env, stage) }</b><span class="quiet">{ beside(env, stage) }</span></p>
            { memory_bar::strip(env, memory) }
            <p class="quiet numbers">{ full }</p>
            <p class="quiet">{ money(env, stage) }</p>
            { working }
            <p>{ open(env, plan) }</p>
        </div>
    }
}

/// How many machines so many cards fill, and what their network is taken to carry.
fn machines(env: &Env, plan: &Plan) -> Option<String> {
    plan.reasons.iter().find(|reason| reason.code == ReasonCode::SeveralMachines).map(|reason| reasons::sentence(env, reason))
}

/// A stage that cannot be done.
pub fn blocked(env: &Env, why: &str) -> Html {
    html! {
        <div class="lane blocked" data-lane="blocked">
            <p class="lane-rig"><span class="badge no"><Icon sign={Sign::Cross} />{ env.say("app.scratch.not-here") }</span></p>
            <p>{ why.to_owned() }</p>
        </div>
    }
}

/// Training ends; serving goes on, so it has a speed.
fn main_figure(env: &Env, stage: &StagePlan) -> String {
    let plan = &stage.plan;
    if plan.setup.trains() { format::duration(env.lang, stage.time) } else { figures::pace_of(env, &plan.setup, plan.time()) }
}

fn beside(env: &Env, stage: &StagePlan) -> String {
    let plan = &stage.plan;
    if plan.setup.trains() {
        format!("{} · {}", figures::pace_of(env, &plan.setup, plan.time()), format::energy(stage.energy.wall_joules))
    } else {
        env.fill("app.figure.average-power", &[("watts", &format::watts(stage.energy.average_watts))])
    }
}

/// Electricity of the stage or of a month of serving, and what renting the same cards would cost.
fn money(env: &Env, stage: &StagePlan) -> String {
    let mut parts = Vec::new();
    if stage.plan.setup.trains() {
        parts.extend(stage.electricity.map(|bill| env.fill("app.scratch.power-for", &[("cost", &format::bill(bill))])));
        parts.extend(stage.rent.map(|rent| env.fill("app.scratch.rent-for", &[("cost", &format::bill(rent))])));
    } else {
        let bill = stage.machine.monthly_bill;
        parts.extend(bill.map(|bill| {
            env.fill("app.scratch.power-for", &[("cost", &env.fill("app.machine.a-month", &[("amount", &format::bill(bill))]))])
        }));
    }
    parts.join(&env.say("app.list-semicolon"))
}

/// The stage in full.
fn open(env: &Env, plan: &Plan) -> Html {
    let mut changes = recipe::changes(&plan.setup);
    changes.push((Field::Card, Some(plan.setup.rig.card.id.clone())));
    let card = env.link.get(Field::Card).filter(|_| plan.setup.rig.card.id == crate::reading::CUSTOM);
    changes.extend(card.map(|card| (Field::Card, Some(card.to_owned()))));
    changes.extend(data(&plan.setup));
    let (href, onclick) = env.way(View::Inspect, changes);
    html! { <a {href} {onclick}>{ env.say("app.advise.inspect") }</a> }
}

/// The training data of the stage: neither the tokens of another stage nor the samples of a task.
fn data(setup: &Setup) -> [(Field, Option<String>); 3] {
    let whole = |amount: f64| Some(format!("{amount:.0}"));
    let tokens = setup.job.tokens.get();
    let (tokens, samples) = match (setup.trains(), figures::reads_text(&setup.model)) {
        (false, _) => (None, None),
        (true, true) => (whole(tokens), None),
        (true, false) => (None, whole(tokens / real(setup.job.sequence_length.max(1)))),
    };
    [(Field::Tokens, tokens), (Field::Samples, samples), (Field::Epochs, setup.trains().then(|| "1".to_owned()))]
}
