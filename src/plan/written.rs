//! Answers of the planner as documents: the shapes that JSON and JavaScript see.

use super::Sacrifice;
use super::ability;
use super::answer;
use super::change;
use super::reason::Reason;
use super::search::Comfort;
use crate::card::Card;
use crate::estimate::{Confidence, Cost, Energy, Memory, Time, UnitCost, Verdict, memory_confidence};
use crate::model::Model;
use crate::request::{JobKind, RecipeRequest, Request, Setup};
use crate::units::{Bytes, Money};
use serde::{Serialize, Serializer};

/// A rig in an answer.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChosenRig<'a> {
    /// Catalogue id; `custom` for a described card.
    card: &'a str,
    /// Name to show.
    name: &'a str,
    /// How many.
    count: u32,
}

/// The figures of a plan in the shape of an estimate; warnings and working come with the plan's own request.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlanFigures<'a> {
    /// Memory per card.
    memory: &'a Memory,
    /// Time.
    time: &'a Time,
    /// Energy.
    energy: &'a Energy,
    /// Money; `buy` follows the condition (new, used) that was asked for.
    cost: &'a Cost,
    /// How well measured: time, and what follows from it.
    confidence: Confidence,
    /// How well measured: memory.
    memory_confidence: Confidence,
}

/// A request as one would write it. TypeScript has it among the questions.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(extend("tsType" = "import(\"./questions.js\").Request"))]
#[expect(dead_code, reason = "described, never made")]
struct Asked(serde_json::Map<String, serde_json::Value>);

/// A rig with the best recipe found for it.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Plan<'a> {
    /// The cards.
    rig: ChosenRig<'a>,
    /// The kind of work: one of the goal's `methods`, or its `job.kind`.
    method: JobKind,
    /// The recipe found, complete.
    recipe: RecipeRequest,
    /// The request that asks for exactly this plan: its estimate has the same figures, with their working.
    #[cfg_attr(feature = "schema", schemars(with = "Asked"))]
    request: Request,
    /// How comfortably it runs.
    comfort: Comfort,
    /// How many compromises on the result it makes (number formats, 8-bit optimizer): 0 is the reference recipe.
    compromises: u8,
    /// Memory, time, energy and money.
    estimate: PlanFigures<'a>,
    /// Cost of this one job: rent, or electricity and the job's share of the cards' life, whichever is lower.
    job_cost: Option<Money>,
    /// The same for a million tokens, a thousand images or an hour of audio; `null` for training, where the job is what is paid for.
    unit_cost: Option<UnitCost>,
    /// Why it is where it is, the weightiest first.
    reasons: &'a [Reason],
    /// It takes longer than people usually wait for such a job, and the goal has no deadline.
    late: bool,
    /// The price of the cards is one that nobody can buy at today.
    stale_price: bool,
    /// Main memory the job takes beside the cards.
    host_memory: Bytes,
    /// What the planner chose otherwise than a request that leaves the whole recipe open.
    against_default: Vec<Reason>,
}

/// A rig that is no answer.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Rejected<'a> {
    /// The cards; the smallest number tried where the reason is the same for every number.
    rig: ChosenRig<'a>,
    /// Why not.
    rejected_because: &'a Reason,
    /// Least memory per card of any recipe, where memory is the reason.
    least_memory: Option<Bytes>,
}

/// What one rig can do for a goal.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Outcome<'a> {
    /// It does the job.
    Planned(Box<Plan<'a>>),
    /// It does not.
    Rejected(Rejected<'a>),
}

/// One kind of job on a rig.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Ability<'a> {
    /// The kind of job.
    kind: JobKind,
    /// Every model the job makes sense for, in catalogue order.
    models: Vec<ModelAbility<'a>>,
    /// Position in `models` of the largest model that surely fits on the cards; if none does, of the largest that may.
    largest: Option<usize>,
    /// Position of the largest that surely runs with part of it in main memory, where it is larger than that.
    largest_with_main_memory: Option<usize>,
}

/// One model in one kind of job on a rig.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelAbility<'a> {
    /// Catalogue id.
    model: &'a str,
    /// Name to show.
    name: &'a str,
    /// Does it fit on the cards? What does not may `run` nevertheless, with part of it in main memory.
    verdict: Verdict,
    /// Memory with the recipe chosen; where nothing fits, the least any recipe needs.
    memory: Option<Memory>,
    /// How it runs; `null` where it does not.
    run: Option<Run>,
}

/// How a model runs on a rig.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// How many of the cards it runs on: fewer than there are, where only fewer do it.
    count: u32,
    /// The recipe with the least compromise that fits.
    recipe: RecipeRequest,
    /// How comfortably; `offloaded` where it runs only with part of it in main memory.
    comfort: Comfort,
    /// It takes longer than people usually wait for such a job.
    late: bool,
    /// Training tokens, or generated tokens of all requests, per second (samples where the model has no tokens).
    tokens_per_second: f64,
    /// Sequences, images or clips per second.
    samples_per_second: f64,
    /// Longest sequence (training) or prompt and output together (inference) that may fit; `null` where that is not a choice.
    max_context: Option<u64>,
    /// Most sequences at once that may fit, as a power of two.
    max_batch: u64,
}

/// One change and what it brings.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Change<'a> {
    /// What to change, in words.
    what: &'a Reason,
    /// The single changes it consists of.
    steps: &'a [Reason],
    /// What it costs beside speed.
    sacrifice: Sacrifice,
    /// The kind of work after the change.
    method: JobKind,
    /// The cards after the change.
    rig: ChosenRig<'a>,
    /// The recipe after the change, complete.
    recipe: RecipeRequest,
    /// The request that asks for the changed setup.
    #[cfg_attr(feature = "schema", schemars(with = "Asked"))]
    request: Request,
    /// Memory after the change.
    memory: Memory,
    /// Training tokens, or generated tokens of all requests, per second after the change (0 where the model has no tokens).
    tokens_per_second: f64,
    /// Sequences, images or clips per second after the change.
    samples_per_second: f64,
    /// Speed after over speed before, below 1 is slower; `null` where the setup does not run as it is.
    speed_factor: Option<f64>,
    /// What the hardware costs that has to be bought, where its price is known; what is replaced is taken to bring nothing.
    extra_cost: Option<Money>,
}

impl<'a> ChosenRig<'a> {
    fn new(card: &'a Card, count: u32) -> Self {
        Self { card: &card.id, name: &card.name, count }
    }

    fn of(setup: &'a Setup) -> Self {
        Self::new(&setup.rig.card, setup.rig.count)
    }
}

impl<'a> From<&'a answer::Plan> for Plan<'a> {
    fn from(plan: &'a answer::Plan) -> Self {
        let figures = &plan.figures;
        Self {
            rig: ChosenRig::of(&plan.setup),
            method: plan.setup.job.kind,
            recipe: plan.recipe(),
            request: plan.request(),
            comfort: plan.comfort,
            compromises: plan.compromises,
            estimate: PlanFigures {
                memory: &figures.memory,
                time: &figures.time,
                energy: &figures.energy,
                cost: &plan.cost,
                confidence: figures.confidence,
                memory_confidence: memory_confidence(&plan.setup),
            },
            job_cost: plan.job_cost,
            unit_cost: plan.unit_cost(),
            reasons: &plan.reasons,
            late: plan.late,
            stale_price: plan.has_stale_price(),
            host_memory: plan.host_memory(),
            against_default: plan.against_default(),
        }
    }
}

impl<'a> From<&'a answer::Rejected> for Rejected<'a> {
    fn from(rejected: &'a answer::Rejected) -> Self {
        Self {
            rig: ChosenRig::new(&rejected.card, rejected.count),
            rejected_because: &rejected.reason,
            least_memory: rejected.least.as_ref().map(|memory| memory.total),
        }
    }
}

impl<'a> From<&'a answer::Outcome> for Outcome<'a> {
    fn from(outcome: &'a answer::Outcome) -> Self {
        match outcome {
            answer::Outcome::Planned(plan) => Self::Planned(Box::new(Plan::from(&**plan))),
            answer::Outcome::Rejected(rejected) => Self::Rejected(Rejected::from(rejected)),
        }
    }
}

impl<'a> From<&'a ability::Ability> for Ability<'a> {
    fn from(ability: &'a ability::Ability) -> Self {
        let ability::Ability { kind, ref models, largest, largest_with_main_memory } = *ability;
        Self { kind, models: models.iter().map(ModelAbility::from).collect(), largest, largest_with_main_memory }
    }
}

impl<'a> From<&'a ability::ModelAbility> for ModelAbility<'a> {
    fn from(ability: &'a ability::ModelAbility) -> Self {
        let Model { id, name, .. } = &*ability.model;
        Self { model: id, name, verdict: ability.verdict, memory: ability.memory, run: ability.run.as_deref().map(Run::from) }
    }
}

impl From<&ability::Run> for Run {
    fn from(run: &ability::Run) -> Self {
        Self {
            count: run.setup.rig.count,
            recipe: RecipeRequest::relevant(&run.setup),
            comfort: run.comfort,
            late: run.late,
            tokens_per_second: run.time.main.tokens_per_second,
            samples_per_second: run.time.main.samples_per_second,
            max_context: run.max_context,
            max_batch: run.max_batch,
        }
    }
}

impl<'a> Change<'a> {
    /// A change of what was asked.
    #[must_use]
    pub fn of(change: &'a change::Change, asked: &Request) -> Self {
        Self {
            what: &change.what,
            steps: &change.steps,
            sacrifice: change.sacrifice,
            method: change.setup.job.kind,
            rig: ChosenRig::of(&change.setup),
            recipe: RecipeRequest::relevant(&change.setup),
            request: change.request(asked),
            memory: change.memory,
            tokens_per_second: change.time.main.tokens_per_second,
            samples_per_second: change.time.main.samples_per_second,
            speed_factor: change.speed_factor,
            extra_cost: change.extra_cost,
        }
    }
}

/// Serialises a planner type as its document.
macro_rules! written {
    ($($inner:ty => $document:ident),+ $(,)?) => {
        $(impl Serialize for $inner {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $document::from(self).serialize(serializer)
            }
        })+
    };
}

written! {
    answer::Plan => Plan,
    answer::Rejected => Rejected,
    answer::Outcome => Outcome,
    ability::Ability => Ability,
}
