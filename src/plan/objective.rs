//! What is particular to each objective, in one table.

use super::answer::Plan;
use super::code::ReasonCode;
use super::compromise::counted;
use super::goal::Objective;
use super::menu::Rung;
use super::reason::Fact;
use crate::units::{Joules, Money, Seconds};

/// The money an objective weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purse {
    /// The price of the cards.
    Cards,
    /// The cost of the job.
    Job,
}

/// Everything the planner has to know of an objective.
pub(super) struct Aim {
    /// On one rig the least compromise wins before any figure; else the best figure wins, from stretched recipes too.
    pub least_compromise_first: bool,
    /// The money that the front weighs against time and that sentences compare.
    pub purse: Purse,
    /// Whether plans without that money known follow those with it.
    pub needs_money: bool,
    /// Whether the lowest price is what is asked for, so that a cheaper plan that is not first needs a word.
    pub lowest_price: bool,
    /// What a recipe on a given rig is judged by, with its compromises counted against it: time, energy at the wall, cost of the
    /// job, none of which may make it better by growing.
    pub recipe: fn(Seconds, &dyn Fn() -> Joules, Option<Money>) -> f64,
    /// What a rig is ranked by, weightiest first, with compromises counted against it as on one rig; smaller is better.
    pub rank: fn(&Plan) -> [f64; 4],
    /// Code of the sentence why the first plan is first, and its figure.
    pub praise: (ReasonCode, fn(&Plan) -> Option<Fact>),
}

impl Objective {
    /// The money it weighs is the cost of the job, not the price of the cards.
    #[must_use]
    pub fn weighs_the_job(self) -> bool {
        self.aim().purse == Purse::Job
    }

    /// The row of the table.
    pub(super) const fn aim(self) -> Aim {
        let plain = Aim {
            least_compromise_first: false,
            purse: Purse::Cards,
            needs_money: false,
            lowest_price: false,
            recipe: |time, _, _| time.get(),
            rank: |plan| [seconds(plan), price(plan), rung(plan), compromises(plan)],
            praise: (ReasonCode::FirstFastest, |plan| Some(Fact::Time(plan.figures.time.total))),
        };
        match self {
            Self::Fastest => plain,
            Self::CheapestToBuy => Aim {
                least_compromise_first: true,
                needs_money: true,
                lowest_price: true,
                rank: |plan| [price(plan), rung(plan), compromises(plan), seconds(plan)],
                praise: (ReasonCode::FirstCheapestToBuy, paid),
                ..plain
            },
            // Work per hour and unit of money is one over time times price.
            Self::BestValue => Aim {
                needs_money: true,
                rank: |plan| [price(plan) * seconds(plan), seconds(plan), rung(plan), compromises(plan)],
                praise: (ReasonCode::FirstBestValue, paid),
                ..plain
            },
            Self::CheapestPerJob => Aim {
                purse: Purse::Job,
                needs_money: true,
                lowest_price: true,
                recipe: |time, _, cost| cost.map_or(time.get(), |cost| cost.amount),
                rank: |plan| {
                    let cost = plan.job_cost.map_or(f64::INFINITY, |cost| cost.amount);
                    [burdened(plan, cost), seconds(plan), rung(plan), compromises(plan)]
                },
                praise: (ReasonCode::FirstCheapestPerJob, |plan| plan.job_cost.map(|cost| Fact::of_job(plan, cost))),
                ..plain
            },
            // A card that waits less also draws more, so the fastest variant need not take the least energy.
            Self::LeastEnergy => Aim {
                recipe: |_, energy, _| energy().get(),
                rank: |plan| [burdened(plan, plan.figures.energy.wall_joules.get()), seconds(plan), rung(plan), compromises(plan)],
                praise: (ReasonCode::FirstLeastEnergy, |plan| Some(Fact::Energy(plan.figures.energy.wall_joules))),
                ..plain
            },
        }
    }
}

fn paid(plan: &Plan) -> Option<Fact> {
    plan.price().map(|price| Fact::Money(price.money))
}

/// A figure with what the plan's recipe gives up counted against it.
fn burdened(plan: &Plan, figure: f64) -> f64 {
    counted(figure, plan.compromises, &plan.setup)
}

/// Its time.
pub(super) fn seconds(plan: &Plan) -> f64 {
    burdened(plan, plan.figures.time.total.get())
}

fn price(plan: &Plan) -> f64 {
    plan.price().map_or(f64::MAX, |price| price.money.amount)
}

const fn rung(plan: &Plan) -> f64 {
    match plan.rung {
        Rung::Ordinary => 0.0,
        Rung::Stretched => 1.0,
        Rung::Spared => 2.0,
        Rung::Squeezed => 3.0,
        Rung::Offloaded => 4.0,
    }
}

fn compromises(plan: &Plan) -> f64 {
    f64::from(plan.compromises)
}
