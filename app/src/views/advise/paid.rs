//! The money that a ranking weighs, in words: the price of the cards, or of a job, or, where it serves, of one unit of that.

use crate::context::Env;
use crate::format;
use whichcard::estimate::UnitCost;
use whichcard::plan::{Objective, Plan};
use whichcard::units::Money;

/// What is paid.
pub struct Paid {
    pub money: Money,
    /// That in words.
    pub amount: String,
    /// What a job or a unit is; nothing of the cards.
    pub what: String,
    /// The amount, and for which unit.
    pub whole: String,
}

/// What is paid where one plan is weighed against another.
pub fn weighed(env: &Env, plan: &Plan, objective: Objective) -> Option<Paid> {
    if objective.weighs_the_job() {
        return for_job(env, plan);
    }
    let money = plan.price()?.money;
    let amount = format::money(money);
    Some(Paid { money, whole: amount.clone(), amount, what: String::new() })
}

/// What is paid for the job.
fn for_job(env: &Env, plan: &Plan) -> Option<Paid> {
    Some(match plan.unit_cost() {
        Some(cost) => {
            let UnitCost { money, per } = cost;
            let whole = format::served(env.lang, cost);
            Paid { money, amount: format::unit_cost(money), what: format::per(env.lang, per), whole }
        }
        None => {
            let money = plan.job_cost?;
            let amount = format::bill(money);
            Paid { money, whole: amount.clone(), amount, what: env.say("app.price.this-job") }
        }
    })
}

/// The same, if it is the job that an objective weighs.
pub fn of_job(env: &Env, plan: &Plan, objective: Objective) -> Option<Paid> {
    if objective.weighs_the_job() { for_job(env, plan) } else { None }
}

/// What is paid for, for an axis.
pub fn title(env: &Env, plan: Option<&Plan>, objective: Objective) -> String {
    if !objective.weighs_the_job() {
        return env.say("app.front.money");
    }
    match plan.and_then(|plan| plan.cost.serving) {
        Some(serving) => env.fill("app.front.unit-money", &[("unit", &format::per(env.lang, serving.per))]),
        None => env.say("app.front.job-money"),
    }
}

/// That for a column: the arrow says on an axis where it leads.
pub fn column(env: &Env, plan: Option<&Plan>, objective: Objective) -> String {
    title(env, plan, objective).trim_matches(['→', ' ']).to_owned()
}
