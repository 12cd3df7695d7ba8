//! What people rely on when they ask which card to buy.

mod asked;
mod batches;
mod changes;
mod fewer;
mod fitting;
mod long;
mod lora;
mod market;
mod narrower;
mod serving;
mod several;

use std::sync::{Arc, LazyLock};
use whichcard::card::Form;
use whichcard::catalog::Catalog;
use whichcard::error::ErrorCode;
use whichcard::estimate::{Verdict, WarningCode, estimate, evaluate};
use whichcard::plan::{
    Advice, CardChoices, Comfort, Condition, Counts, Goal, Objective, Outcome, Plan, ReasonCode, Sacrifice, abilities, advise,
    plan, smallest_changes, upgrades,
};
use whichcard::request::{
    CardChoice, Checkpointing, CustomCard, JobKind, Keyword, MoneyTerms, Offload, Optimizer, OptimizerKernel, Precision,
    RecipeRequest, Request, Rig, WeightFormat, resolve,
};
use whichcard::text::{Lang, knows};
use whichcard::units::{Bytes, Currency, Watts};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../../catalog.json")).unwrap());

/// One card of the catalogue.
fn one(card: &str) -> Rig {
    Rig::new(Arc::clone(CATALOG.card(card).unwrap()), 1)
}

fn goal(model: &str, kind: &str) -> Goal {
    Goal::new(model, JobKind::from_name(kind).unwrap())
}

fn on(mut goal: Goal, card: &str, count: u32) -> Goal {
    goal.rig.card = Some(CardChoices::One(CardChoice::Id(card.to_owned())));
    goal.rig.count = Some(Counts::One(f64::from(count)));
    goal
}

#[track_caller]
fn planned(goal: &Goal) -> Plan {
    match plan(&CATALOG, goal).unwrap() {
        Outcome::Planned(plan) => *plan,
        Outcome::Rejected(rejected) => panic!("{}", rejected.reason.say(Lang::En)),
    }
}

#[track_caller]
fn refused(goal: &Goal) -> (ReasonCode, Option<Bytes>) {
    match plan(&CATALOG, goal).unwrap() {
        Outcome::Planned(plan) => panic!("{:?} {:?}", plan.setup.recipe, plan.figures.memory),
        Outcome::Rejected(rejected) => (rejected.reason.code, rejected.least.map(|memory| memory.total)),
    }
}

/// Whether it is said of a plan that fewer of its cards do as well.
fn adds_nothing(plan: &Plan) -> bool {
    plan.reasons.iter().any(|reason| reason.code == ReasonCode::AddsNothing)
}

fn rigs(advice: &Advice) -> Vec<(String, u32)> {
    advice.ranked.iter().map(|plan| (plan.setup.rig.card.id.clone(), plan.setup.rig.count)).collect()
}
