//! A goal with every name looked up and every number checked.

use super::code::ReasonCode;
use super::count::shares_layers;
use super::goal::{CardChoices, Counts, Goal, Objective};
use super::patience::latest;
use super::reason::{Fact, Reason};
use crate::card::{Card, Form};
use crate::catalog::Catalog;
use crate::error::{Allowed, ErrorCode, RequestError};
use crate::estimate::beyond_context;
use crate::model::{Category, Model};
use crate::request::check_suits;
use crate::request::limits::{self, checked, small_count};
use crate::request::resolve;
use crate::request::{Condition, Job, JobKind, MoneyTerms, Parallel, RecipeRequest, Rig, Setup};
use crate::units::{Money, Seconds, Watts};
use std::sync::Arc;

/// Use over which a bought card loses its price: three years of nine hours a day.
pub const LIFE: Seconds = Seconds::new(10_000.0 * 3600.0);

/// A checked goal.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub model: Arc<Model>,
    /// One job per accepted method, in the order given.
    pub jobs: Vec<Job>,
    /// Whether the visitor fixed the sequences per optimizer step.
    pub batch_given: bool,
    pub recipe: RecipeRequest,
    pub cards: Vec<Arc<Card>>,
    /// Whether these cards were asked about, not any there are.
    pub cards_named: bool,
    /// Ascending, each once.
    pub counts: Vec<u32>,
    /// The machine they are put into, with one of the first card in it.
    pub machine: Rig,
    /// Whether that machine is there, and no larger board to be had for what it does slowly.
    pub machine_stays: bool,
    pub money: MoneyTerms,
    pub limits: Limits,
    pub objective: Objective,
}

/// Checked limits of what may be bought and what it may take.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    pub budget: Option<Money>,
    pub job_budget: Option<Money>,
    pub deadline: Option<Seconds>,
    /// Whoever has the rig is told how long it takes with main memory, even if nobody waits for that.
    pub however_late: bool,
    pub max_watts: Option<Watts>,
    pub wall_watts: Option<Watts>,
    pub power_supply_watts: Option<Watts>,
    pub slots: Option<u32>,
    pub forms: Option<Vec<Form>>,
    pub country: Option<String>,
    pub condition: Condition,
    pub life: Seconds,
}

impl Question {
    /// Looks up and checks a goal.
    pub(super) fn new(catalog: &Catalog, goal: &Goal) -> Result<Self, RequestError> {
        let model = resolve::model(catalog, &goal.model).map_err(|error| error.under("model"))?;
        let money = resolve::money(catalog, &goal.money).map_err(|error| error.under("money"))?;
        let cards = cards(catalog, goal.rig.card.as_ref()).map_err(|error| error.under("rig.card"))?;
        let written = goal.rig.count.as_ref().map(counts).transpose().map_err(|error| error.under("rig"))?;
        let machine = machine(goal, &cards).map_err(|error| error.under("rig"))?;
        let limits = limits(catalog, goal, &money).map_err(|error| error.under("rig"))?;
        let jobs = jobs(goal, &model, &machine)?;
        let layers = jobs.iter().all(|job| shares_layers(&model, job.kind));
        let counts = written.map_or_else(|| counts(&Counts::usual(layers)), Ok)?;
        let batch_given = goal.job.global_batch.is_some();
        let (recipe, cards_named) = (goal.recipe.clone(), goal.rig.card.is_some());
        Ok(Self {
            model,
            jobs,
            batch_given,
            recipe,
            cards,
            cards_named,
            counts,
            machine,
            machine_stays: false,
            money,
            limits,
            objective: goal.objective,
        })
    }

    /// The question what a rig can do with a model: one kind of job, everything else open, the least compromise first.
    pub(super) fn about(model: &Arc<Model>, kind: JobKind, rig: &Rig) -> Option<Self> {
        let goal = Goal::new("", kind);
        let jobs = jobs(&goal, model, rig).ok()?;
        Some(Self {
            model: Arc::clone(model),
            jobs,
            batch_given: false,
            recipe: goal.recipe,
            cards: vec![Arc::clone(&rig.card)],
            cards_named: true,
            counts: vec![rig.count.max(1)],
            machine: rig.clone(),
            machine_stays: true,
            money: MoneyTerms::default(),
            limits: Limits::none(),
            objective: Objective::CheapestToBuy,
        })
    }

    /// That the job asks for more text than the model was made for: no card makes up for that.
    pub(super) fn beyond_context(&self) -> Option<Reason> {
        let (_, asked, longest) = self.jobs.iter().find_map(|job| beyond_context(&self.model, job))?;
        let reason = Reason::new(ReasonCode::BeyondContext).with("name", Fact::Name(self.model.name.clone()));
        Some(reason.with("asked", Fact::Count(asked)).with("longest", Fact::Count(longest)))
    }

    /// What the first accepted method may take before a plan is late, where no deadline is given.
    pub(super) fn patience(&self) -> Option<Seconds> {
        let (job, card) = (self.jobs.first()?, self.cards.first()?);
        let setup = self.setup(job, self.rig(card, 1)).ok();
        setup.filter(|_| self.limits.deadline.is_none()).map(|setup| latest(&setup))
    }

    /// The question of a setup with the recipe left open, on so many of a card: the job stays exactly as it is.
    pub(super) fn reopened(setup: &Setup, card: &Arc<Card>, count: u32) -> Option<Self> {
        let mut question = Self::about(&setup.model, setup.job.kind, &setup.rig.holding(card, count))?;
        question.jobs = vec![setup.job.clone()];
        question.machine_stays = false;
        question.batch_given = true;
        question.money = setup.money.clone();
        Some(question)
    }

    /// The machine with this many of this card.
    pub(super) fn rig(&self, card: &Arc<Card>, count: u32) -> Rig {
        self.machine.holding(card, count)
    }

    /// The setup of a job on a rig, with the defaults of the request for what is open.
    pub(super) fn setup(&self, job: &Job, rig: Rig) -> Result<Setup, RequestError> {
        let recipe = resolve::recipe(&self.recipe, job.kind, &self.model, &rig)?;
        resolve::check_offload(&recipe, job.kind, &rig)?;
        Ok(Setup { model: Arc::clone(&self.model), job: job.clone(), recipe, rig, money: self.money.clone() })
    }
}

impl Limits {
    /// Nothing is limited.
    const fn none() -> Self {
        Self {
            budget: None,
            job_budget: None,
            deadline: None,
            however_late: false,
            max_watts: None,
            wall_watts: None,
            power_supply_watts: None,
            slots: None,
            forms: None,
            country: None,
            condition: Condition::Any,
            life: LIFE,
        }
    }
}

fn cards(catalog: &Catalog, choices: Option<&CardChoices>) -> Result<Vec<Arc<Card>>, RequestError> {
    let Some(choices) = choices else { return Ok(catalog.cards().to_vec()) };
    let mut cards: Vec<Arc<Card>> = Vec::new();
    for choice in choices.as_slice() {
        let card = resolve::card(catalog, choice)?;
        if !cards.iter().any(|known| known == &card) {
            cards.push(card);
        }
    }
    Ok(cards)
}

/// The machine as written, with one of the first card in it.
fn machine(goal: &Goal, cards: &[Arc<Card>]) -> Result<Rig, RequestError> {
    let none = || RequestError::new(ErrorCode::OutOfRange, "card", "[]", Allowed::phrase("a-card"));
    resolve::machine(&goal.rig.machine, Arc::clone(cards.first().ok_or_else(none)?), 1)
}

fn counts(written: &Counts) -> Result<Vec<u32>, RequestError> {
    let mut counts = written
        .as_slice()
        .iter()
        .map(|count| small_count("count", Some(*count), 1, limits::CARDS))
        .collect::<Result<Vec<_>, _>>()?;
    counts.sort_unstable();
    counts.dedup();
    if counts.is_empty() || counts.len() > 64 {
        return Err(RequestError::new(ErrorCode::OutOfRange, "count", counts.len(), Allowed::phrase("counts")));
    }
    Ok(counts)
}

fn limits(catalog: &Catalog, goal: &Goal, money: &MoneyTerms) -> Result<Limits, RequestError> {
    let rig = &goal.rig;
    let within = |field: &str, value: Option<f64>, limit| value.map(|v| checked(field, v, limit)).transpose();
    let amount = |value: Option<f64>| value.map(|amount| Money { amount, currency: money.currency });
    Ok(Limits {
        budget: amount(within("budget", rig.budget, limits::BUDGET)?),
        job_budget: amount(within("jobBudget", rig.job_budget, limits::BUDGET)?),
        deadline: within("deadlineHours", rig.deadline_hours, limits::DEADLINE)?.map(|hours| Seconds::new(hours * 3600.0)),
        however_late: false,
        max_watts: within("maxWatts", rig.max_watts, limits::POWER)?.map(Watts::new),
        wall_watts: within("wallWatts", rig.wall_watts, limits::POWER)?.map(Watts::new),
        power_supply_watts: within("powerSupplyWatts", rig.power_supply_watts, limits::POWER)?.map(Watts::new),
        slots: rig.slots.map(|slots| small_count("slots", Some(slots), 0, limits::SLOTS)).transpose()?,
        forms: rig.form_factors.clone(),
        country: rig.country.as_deref().map(|code| resolve::country(catalog, code)).transpose()?,
        condition: rig.condition.unwrap_or(Condition::Any),
        life: within("lifeHours", rig.life_hours, limits::LIFE)?.map_or(LIFE, |hours| Seconds::new(hours * 3600.0)),
    })
}

/// One complete job per accepted method. A bad recipe is reported here once, not for every rig.
fn jobs(goal: &Goal, model: &Arc<Model>, machine: &Rig) -> Result<Vec<Job>, RequestError> {
    let asked = if goal.methods.is_empty() { vec![goal.job.kind] } else { goal.methods.clone() };
    let methods: Vec<JobKind> = asked.iter().copied().filter(|kind| model.supports(*kind)).collect();
    if let (true, Some(kind)) = (methods.is_empty(), asked.first()) {
        check_suits(model, *kind).map_err(|error| error.under("job"))?;
    }
    let mut jobs: Vec<Job> = Vec::with_capacity(methods.len());
    for kind in methods {
        if jobs.iter().any(|job| job.kind == kind) {
            continue;
        }
        // The rig of this check has as many cards as the parallel plan asks for: whether other counts suit it is a question for
        // each rig.
        let rig = machine.holding(&machine.card, cards_of_plan(&goal.recipe));
        let recipe = resolve::recipe(&goal.recipe, kind, model, &rig).map_err(|error| error.under("recipe"))?;
        let mut written = goal.job.clone();
        written.kind = kind;
        let mut job = resolve::job(&written, &recipe, model).map_err(|error| error.under("job"))?;
        let fixed_batch = goal.recipe.micro_batch.is_some() && goal.recipe.gradient_accumulation.is_some();
        if goal.job.global_batch.is_none() && !fixed_batch {
            job.global_batch = parted(usual_batch(&job, model));
        }
        jobs.push(job);
    }
    Ok(jobs)
}

/// Cards that the written degrees of parallelism multiply to.
fn cards_of_plan(recipe: &RecipeRequest) -> u32 {
    let Some(plan) = &recipe.parallel else { return 1 };
    let degree = |field, value| small_count(field, value, 1, limits::CARDS).unwrap_or(1);
    [("data", plan.data), ("tensor", plan.tensor), ("pipeline", plan.pipeline), ("context", plan.context)]
        .into_iter()
        .map(|(field, value)| degree(field, value))
        .fold(1, u32::saturating_mul)
}

/// Sequences per optimizer step when the visitor names none: for pre-training a language model as many tokens as models of its size
/// took, half a million up to a billion parameters, one up to four billion, two up to twenty (GPT-3, arXiv 2005.14165 table 2.1)
/// and four above (Llama 2 70B, arXiv 2307.09288; Llama 3 405B began with it, arXiv 2407.21783 section 3.4.1; GPT-3 175B had 3.2),
/// on one card as on a cluster, 256 samples for other training from scratch (the usual ImageNet batch, arXiv 1512.03385), 16 for
/// tuning (QLoRA's setting, arXiv 2305.14314 appendix B). A scene is fitted to one view at a time, each step starting from the last
/// (arXiv 2308.04079); perception around a car takes one sample on each of eight cards (arXiv 2203.17270).
fn usual_batch(job: &Job, model: &Model) -> u64 {
    const HALF_A_MILLION: u64 = 524_288;
    let tokens = HALF_A_MILLION
        * match model.parameters {
            0..=1_000_000_000 => 1,
            1_000_000_001..=4_000_000_000 => 2,
            4_000_000_001..=20_000_000_000 => 4,
            _ => 8,
        };
    let language = model.category.is_language_model();
    match job.kind {
        _ if model.category == Category::SceneReconstruction => 1,
        JobKind::Pretrain if language => (tokens / job.sequence_length.max(1)).max(1),
        JobKind::Pretrain if model.category == Category::Driving => 8,
        JobKind::Pretrain => 256,
        JobKind::FullFinetune | JobKind::Lora | JobKind::Qlora => 16,
        JobKind::Inference => 1,
    }
}

/// Sequences per optimizer step that each replica has to bring. A batch that nobody asked for is one that passes of many sizes make up.
pub(super) fn share_of_batch(job: &Job, parallel: &Parallel, batch_given: bool) -> u64 {
    let share = job.global_batch.div_ceil(u64::from(parallel.data.max(1))).max(1);
    if batch_given { share } else { parted(share) }
}

/// The next number from which powers of two go into a share: a multiple of the largest one that is no more than an eighth of it. Micro-batches
/// divide the share, so 512 sequences on five cards are 520 and not 515: of 103 a card takes one or all at once. How large a usual batch
/// is nobody knows to an eighth, for those of published models are powers of two.
const fn parted(share: u64) -> u64 {
    const SMALL: u64 = 8;
    if share <= SMALL {
        return share;
    }
    let part = 1 << (share / SMALL).ilog2();
    share.next_multiple_of(if part < 2 { 2 } else { part })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_nobody_asked_for_has_passes_of_many_sizes() {
        for (share, even) in [(1, 1), (6, 6), (8, 8), (11, 12), (43, 44), (86, 88), (103, 104), (128, 128), (171, 176), (699, 704)]
        {
            assert_eq!(parted(share), even);
        }
        for share in 9..5000 {
            let even = parted(share);
            assert!(
                even >= share && even * 8 <= share * 9 + 8 && even.is_multiple_of(2) && parted(even) == even,
                "{share}: {even}"
            );
        }
    }
}
