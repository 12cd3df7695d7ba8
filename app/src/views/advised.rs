//! The question which card is needed, as a goal of the planner, and its answer.

use crate::reading::{Forms, Reading};
use whichcard::card::Form;
use whichcard::catalog::Catalog;
use whichcard::error::RequestError;
use whichcard::plan::{Advice, Counts, Goal, Plan, RigLimits, advise, shares_layers};
use whichcard::request::MachineRequest;

/// A goal with its answer: they belong together when a plan is opened.
pub struct Answered {
    pub goal: Goal,
    pub advice: Advice,
    pub scope: Scope,
}

impl Answered {
    /// Whether no other plan is both cheaper and faster.
    pub fn is_front(&self, plan: &Plan) -> bool {
        let front = self.advice.pareto.iter().filter_map(|place| self.advice.ranked.get(*place));
        front.into_iter().any(|one| std::ptr::eq(one, plan))
    }

    /// What the chart has a dot for, as ranked: the best number of each card, and every plan of the front.
    pub fn charted(&self) -> Vec<&Plan> {
        let listed = one_per_card(&self.advice.ranked, "");
        let is_listed = |plan: &Plan| listed.iter().any(|one| std::ptr::eq(*one, plan));
        self.advice.ranked.iter().filter(|plan| is_listed(plan) || self.is_front(plan)).collect()
    }
}

impl PartialEq for Answered {
    /// One is made for each question, so another place is another question.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Which forms of card were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Desktop cards, because the visitor did not say.
    Usual,
    /// Every form, because no desktop card does it.
    Widened,
    /// What the visitor chose.
    Chosen,
}

/// What a server takes.
const LARGEST: f64 = 8.0;
/// What a desktop board has room for: cards of today cover three slots.
const USUAL: f64 = 2.0;

fn factors(forms: Forms) -> Option<Vec<Form>> {
    match forms {
        Forms::Usual => Some(vec![Form::Desktop]),
        Forms::Any => None,
        Forms::Only(form) => Some(vec![form]),
    }
}

/// The best cards of some forms for the job.
fn goal(reading: &Reading, forms: Forms) -> Goal {
    let limits = &reading.limits;
    let layers = reading.held().is_some_and(|setup| shares_layers(&setup.model, setup.job.kind));
    let usual = if forms == Forms::Usual { USUAL } else { LARGEST };
    reading.goal(RigLimits {
        count: Some(Counts::up_to(limits.most_cards.unwrap_or(usual), layers)),
        // How the cards of another setup are linked and held back is not meant here.
        machine: MachineRequest { link: None, power_limit_watts: None, ..reading.request.rig.machine },
        form_factors: factors(forms),
        country: reading.request.money.country.clone(),
        ..limits.rig.clone()
    })
}

/// The goal, and the wider one where nobody said which forms of card are meant.
pub fn goals(reading: &Reading) -> (Goal, Option<Goal>) {
    let forms = reading.limits.forms;
    (goal(reading, forms), (forms == Forms::Usual).then(|| goal(reading, Forms::Any)))
}

/// Their answer: the wider one counts where the other has none.
pub fn answered(catalog: &Catalog, (goal, wider): &(Goal, Option<Goal>)) -> Result<Answered, RequestError> {
    let answered = |goal: &Goal, scope| advise(catalog, goal).map(|advice| Answered { goal: goal.clone(), advice, scope });
    let Some(wider) = wider else { return answered(goal, Scope::Chosen) };
    let near = answered(goal, Scope::Usual)?;
    if near.advice.ranked.is_empty() { answered(wider, Scope::Widened) } else { Ok(near) }
}

/// The plan of a recommendation that is opened, or comes first.
pub fn shown_plan(catalog: &Catalog, reading: &Reading, open: &str) -> Option<Plan> {
    let ranked = answered(catalog, &goals(reading)).ok()?.advice.ranked;
    let place = ranked.iter().position(|plan| row_id(plan) == open).unwrap_or(0);
    ranked.into_iter().nth(place)
}

/// The answer to the question at hand.
pub fn answer_to(catalog: &Catalog, reading: &Reading) -> Result<Answered, RequestError> {
    answered(catalog, &goals(reading))
}

/// The name of a row in links: `rtx-4090` or `rtx-4090-x2`.
pub fn row_id(plan: &Plan) -> String {
    let rig = &plan.setup.rig;
    if rig.count == 1 { rig.card.id.clone() } else { format!("{}-x{}", rig.card.id, rig.count) }
}

/// The best-ranked number of each card: other numbers of it would only repeat it, but for the one that is opened.
pub fn one_per_card<'a>(plans: &'a [Plan], open: &str) -> Vec<&'a Plan> {
    let mut seen: Vec<&str> = Vec::new();
    plans
        .iter()
        .filter(|plan| {
            let id = plan.setup.rig.card.id.as_str();
            let new = !seen.contains(&id);
            if new {
                seen.push(id);
            }
            new || (!open.is_empty() && row_id(plan) == open)
        })
        .collect()
}
