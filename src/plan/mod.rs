//! From a goal to rigs and recipes: the best recipe for one rig ([`plan`]), all rigs ranked ([`advise`]), what a rig can do
//! ([`abilities`]), and the smallest change that makes a setup fit ([`smallest_changes`]).
//!
//! Every number comes from [`crate::estimate`], but for the machine around the cards ([`machine()`]), the data of [`from_scratch`] and what a
//! job takes of a card's life. How the planner searches is told in `docs/planning.md`.

mod ability;
mod admission;
mod ahead;
mod alike;
mod answer;
mod at_hand;
mod bounds;
mod branch;
mod cell;
mod change;
mod change_order;
mod classes;
mod code;
mod combine;
mod compromise;
mod count;
mod disk;
mod drawback;
mod effort;
mod elsewhere;
#[cfg(test)]
mod exact;
mod explain;
mod gauge;
mod goal;
mod hardware;
mod host;
mod job_step;
mod lighter;
mod machine;
mod machine_steps;
mod market;
mod menu;
mod objective;
mod patience;
mod question;
mod rank;
mod reason;
mod recall;
mod remark;
mod scratch;
mod scratch_cost;
mod scratch_steps;
mod search;
mod seen;
mod serving;
mod space;
mod spread;
mod together;
mod trial;
mod upgrade;
mod worth;
pub mod written;

pub use crate::request::Condition;
pub use ability::{Ability, ModelAbility, Run, abilities, abilities_with};
pub use answer::{Advice, Outcome, Plan, Rejected, Summary};
pub use change::{Change, Sacrifice, smallest_changes};
pub use code::ReasonCode;
pub use count::{LARGEST_CLUSTER, shares_layers};
pub(crate) use disk::checkpoints;
pub use effort::{Effort, effort};
pub use goal::{CardChoices, Counts, Goal, Objective, RigLimits};
pub use job_step::job_cost_steps;
pub use machine::{Circuit, Machine, RentOrBuy, machine, takes_high_voltage};
pub use machine_steps::machine_steps;
pub use reason::{Fact, Reason};
pub use scratch::{FromScratch, Path, Preparation, Stage, StagePlan, from_scratch};
pub use scratch_cost::CostOf;
pub use scratch_steps::scratch_steps;
pub use search::Comfort;
pub use upgrade::{Upgrade, upgrades};

use crate::card::{Card, Form};
use crate::catalog::Catalog;
use crate::error::{Allowed, ErrorCode, RequestError};
use crate::estimate::cost;
pub use question::LIFE;
use question::Question;
use recall::Recalling;
use search::Search;
use std::sync::Arc;

/// The best recipe for one rig: the first card and the smallest count that the goal names.
///
/// # Errors
/// A goal that names no card, or anything unknown or out of range.
pub fn plan(catalog: &Catalog, goal: &Goal) -> Result<Outcome, RequestError> {
    planned(catalog, goal, false)
}

/// The same; if need be however late.
fn planned(catalog: &Catalog, goal: &Goal, however_late: bool) -> Result<Outcome, RequestError> {
    if goal.rig.card.is_none() {
        return Err(RequestError::new(ErrorCode::MissingField, "rig.card", "nothing", Allowed::phrase("card-id")));
    }
    let mut question = Question::new(catalog, goal)?;
    question.limits.however_late = however_late;
    let (Some(card), Some(count)) = (question.cards.first(), question.counts.first()) else {
        return Err(RequestError::new(ErrorCode::MissingField, "rig.card", "nothing", Allowed::phrase("card-id")));
    };
    let mut outcome = outcome(catalog, &question, &Recalling::default(), (card, *count), &Arc::new(goal.clone()));
    if let Outcome::Planned(plan) = &mut outcome {
        plan.reasons.splice(0..0, question.beyond_context());
    }
    Ok(outcome)
}

/// All rigs within the limits of a goal, ranked by its objective, with reasons for each and for those left out.
///
/// # Errors
/// Anything unknown or out of range in the goal.
pub fn advise(catalog: &Catalog, goal: &Goal) -> Result<Advice, RequestError> {
    let question = Question::new(catalog, goal)?;
    let goal = Arc::new(goal.clone());
    let mut advice = Advice::default();
    let gauge = Recalling::default();
    let mut planned = Vec::with_capacity(question.cards.len() * question.counts.len());
    // Where each card holds the whole scene, more of them are no answer to too little memory.
    let holds_whole = question.model.category.trains_one_way() && question.jobs.iter().all(|job| job.kind.trains());
    for card in &question.cards {
        for count in counts_for(card, &question.counts) {
            match outcome(catalog, &question, &gauge, (card, *count), &goal) {
                Outcome::Planned(plan) => planned.push(plan),
                Outcome::Rejected(rejected) => {
                    let alone = holds_whole && rejected.least.is_some();
                    advice.rejected.push(rejected);
                    if alone {
                        break;
                    }
                }
            }
        }
    }
    advice.ranked = rank::sorted(planned, &question);
    advice.summary = Summary::of(&advice.ranked);
    advice.patience = question.patience();
    advice.notes = question.beyond_context().into_iter().chain(advice.noted(question.objective)).collect();
    advice.pareto = rank::pareto(&advice.ranked, question.objective);
    explain::explain(&mut advice.ranked, &advice.pareto, &question, catalog);
    Ok(advice)
}

/// Counts worth trying: a laptop has one card, so larger counts of it are not listed as refused.
fn counts_for<'a>(card: &Card, counts: &'a [u32]) -> &'a [u32] {
    match counts {
        [1, ..] if card.form == Form::Laptop => counts.get(..1).unwrap_or_default(),
        _ => counts,
    }
}

/// One rig: admitted or not, then searched.
fn outcome(
    catalog: &Catalog,
    question: &Question,
    gauge: &Recalling,
    (card, count): (&Arc<Card>, u32),
    goal: &Arc<Goal>,
) -> Outcome {
    let rejected = |reason, least| Outcome::Rejected(Rejected { card: Arc::clone(card), count, reason, least });
    let admitted = match admission::admit(catalog, question, card, count) {
        Ok(admitted) => admitted,
        Err(reason) => return rejected(reason, None),
    };
    let search = Search { gauge, catalog, question, skip: true };
    match search.best(card, count) {
        Ok(found) => {
            let reasons = remark::remarks(&found, &admitted, question);
            let (time, energy) = (&found.figures.time, &found.figures.energy);
            let mut cost = cost(catalog, &found.setup, time, energy);
            let worth = worth::Worth::of(catalog, &found.setup.rig, &question.money, &question.limits);
            cost.buy = admitted.price;
            let alone = host::alone(&found, question);
            Outcome::Planned(Box::new(Plan {
                goal: Arc::clone(goal),
                cost,
                job_cost: worth.job_cost(time.total, energy.wall_joules),
                comfort: found.comfort,
                alone,
                compromises: found.level,
                late: found.late > 0,
                rung: found.rung,
                apart: false,
                adds_nothing: false,
                setup: found.setup,
                figures: found.figures,
                reasons,
            }))
        }
        Err(failure) => {
            let (reason, least) = remark::refusal(failure, &question.limits);
            rejected(reason, least)
        }
    }
}
