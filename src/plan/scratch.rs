//! The whole path of a model: preparing the data, training from nothing, tuning, serving; on the chosen rig, and on a better one.

use super::at_hand::on_rig;
use super::code::ReasonCode;
use super::count::LARGEST_CLUSTER;
use super::disk::{data, left};
use super::elsewhere::{PATIENT_DAYS, better};
use super::goal::{Goal, Objective, RigLimits};
use super::machine::{Machine, days, machine};
use super::reason::{Fact, Reason};
use super::scratch_cost::{Bills, CostOf};
use super::{Outcome, Plan};
use crate::catalog::Catalog;
use crate::document::{Decimal, record};
use crate::error::{Allowed, ErrorCode, RequestError};
use crate::estimate::{Energy, Memory, cost};
use crate::model::Model;
use crate::request::{JobKind, JobRequest, MASKED, ModelChoice, MoneyRequest, RigRequest, distinct_tokens, resolve, suited_tokens};
use crate::units::{Bytes, Money, Seconds, Tokens};
use serde::Serialize;

/// Tokens a processor core turns into ids each second: the 1 million a thread that tiktoken reports on long text, halved for short
/// documents and input and output (an assumption; its README measures 3 to 6 times a comparable tokenizer).
const TOKENS_PER_CORE: f64 = 500_000.0;
/// Cores of a workstation.
const CORES: f64 = 8.0;
/// Bytes of English text in a token: about four characters.
const TEXT_BYTES: f64 = 4.0;
/// Watts of a workstation while all cores work.
const PREPARING_WATTS: f64 = 200.0;

/// A model from nothing to serving.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "ScratchRequest", rename_all = "camelCase", deny_unknown_fields)
)]
pub struct FromScratch {
    /// Catalogue id, or a model described in place.
    pub model: ModelChoice,
    /// The rig at hand.
    pub rig: RigRequest,
    /// Training tokens. Default: 20 per active parameter.
    pub tokens: Option<f64>,
    /// Prices.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub money: MoneyRequest,
}

record!(FromScratch { model, rig, tokens, money: optional });

/// The whole path.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Path {
    /// Training tokens of a compute-optimal run; of models that read no text, nothing that is known.
    pub optimal_tokens: Tokens,
    /// Training tokens taken.
    pub tokens: Tokens,
    /// Preparing the data.
    pub preparation: Preparation,
    /// Pre-training, tuning and serving, in this order.
    pub stages: Vec<Stage>,
    /// Time of preparation and training together, where every stage can be done on the rig at hand.
    pub total: Option<Seconds>,
    /// Cost of preparation and training together, likewise: of what [`Self::cost_of`] says.
    pub cost: Option<Money>,
    /// What the cost is: electricity, or rent where the cards are modules of servers or have no known price.
    pub cost_of: CostOf,
    /// Electricity of preparation and training together.
    pub electricity: Option<Money>,
    /// Renting the cards for the training, and the electricity of preparation.
    pub rent: Option<Money>,
    /// Disk for text, tokens, checkpoints and result together.
    pub disk: Bytes,
}

/// Turning text into tokens, which is the processor's and the disk's work.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Preparation {
    /// Tokens to make: of text that is read more than once, once.
    pub tokens: Tokens,
    /// Text to start from.
    pub text: Bytes,
    /// Token files on disk.
    pub token_files: Bytes,
    /// Time on eight cores.
    pub time: Seconds,
    /// Main memory: one shard of text and its tokens per core, and the system.
    pub host_memory: Bytes,
    /// Electricity.
    pub cost: Option<Money>,
}

/// One stage on the rig at hand and on a better one.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// Kind of work.
    pub kind: JobKind,
    /// On the rig at hand: `None` if it cannot be done there.
    pub here: Option<StagePlan>,
    /// Why not, where it cannot.
    pub why_not: Option<Reason>,
    /// Least memory per card any recipe takes, where memory is why.
    pub least_memory: Option<Bytes>,
    /// A rig that suits it better, where this one cannot do it or takes over a month; several machines where one takes longer than
    /// people wait.
    pub better: Option<StagePlan>,
    /// Files that the stage leaves: checkpoints, adapters or the served weights.
    pub files: Bytes,
}

/// A stage on a rig.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StagePlan {
    /// The whole plan.
    #[cfg_attr(feature = "schema", schemars(with = "super::written::Plan<'static>"))]
    pub plan: Plan,
    /// What it asks of the machine.
    pub machine: Machine,
    /// Time.
    pub time: Seconds,
    /// Days of it.
    pub days: f64,
    /// Energy.
    pub energy: Energy,
    /// Memory per card.
    pub memory: Memory,
    /// Electricity.
    pub electricity: Option<Money>,
    /// Renting the same cards.
    pub rent: Option<Money>,
}

impl Path {
    /// Whether the tokens that suit the model are those of an encoder, which learns from masked words.
    #[must_use]
    pub fn is_masked(&self) -> bool {
        self.optimal_tokens.get().total_cmp(&MASKED).is_eq()
    }
}

/// The whole path of a model on a rig.
///
/// # Errors
/// Anything unknown or out of range.
pub fn from_scratch(catalog: &Catalog, asked: &FromScratch) -> Result<Path, RequestError> {
    let model = resolve::model(catalog, &asked.model).map_err(|error| error.under("model"))?;
    if let (Some(tokens), false) = (asked.tokens, model.reads_text()) {
        return Err(RequestError::new(ErrorCode::Conflict, "tokens", Decimal(tokens), Allowed::phrase("tokens-of-text")));
    }
    let optimal = if model.reads_text() { suited_tokens(&model) } else { Tokens::ZERO };
    let tokens = asked.tokens.map_or(optimal, Tokens::new);
    let tuning = model.nearest(if model.parameters >= 1_000_000_000 { JobKind::Lora } else { JobKind::FullFinetune });
    let mut kinds = vec![JobKind::Pretrain];
    kinds.extend(Some(tuning).filter(|kind| *kind != JobKind::Pretrain));
    kinds.push(JobKind::Inference);
    let stages =
        kinds.into_iter().map(|kind| stage(catalog, &goal_of(asked, &model, kind, tokens))).collect::<Result<Vec<_>, _>>()?;
    let preparation = preparation(catalog, asked, &stages, tokens);
    let trained: Option<Vec<&StagePlan>> =
        stages.iter().filter(|stage| stage.kind.trains()).map(|stage| stage.here.as_ref()).collect();
    let total = trained.as_ref().map(|here| here.iter().map(|one| one.time).sum::<Seconds>() + preparation.time);
    let bills = Bills::of(preparation.cost, trained.as_deref());
    let files: Bytes = stages.iter().map(|stage| stage.files).sum();
    Ok(Path {
        optimal_tokens: optimal,
        tokens,
        total,
        cost: bills.cost(),
        cost_of: bills.of,
        electricity: bills.electricity,
        rent: bills.rent,
        disk: preparation.text + preparation.token_files + files,
        preparation,
        stages,
    })
}

/// What a stage is to do: only pre-training reads the tokens that are asked for.
fn goal_of(asked: &FromScratch, model: &Model, kind: JobKind, tokens: Tokens) -> Goal {
    let mut goal = Goal::new("", kind);
    goal.model = asked.model.clone();
    goal.job = JobRequest::new(kind);
    if kind == JobKind::Pretrain && model.reads_text() {
        goal.job.tokens = Some(tokens.get());
    }
    // The rig is given, so what is left to weigh is the result: its cards are to train as well as they can, not as fast.
    goal.objective = Objective::CheapestToBuy;
    goal.rig = RigLimits::of(&asked.rig);
    goal.money = asked.money.clone();
    goal
}

/// The stage on the rig at hand; a better rig only where this one cannot do it or takes over a month.
fn stage(catalog: &Catalog, goal: &Goal) -> Result<Stage, RequestError> {
    let (here, why_not, least_memory) = match on_rig(catalog, goal)? {
        Outcome::Planned(plan) => (Some(*plan), None, None),
        Outcome::Rejected(rejected) => (None, Some(rejected.reason), rejected.least.map(|memory| memory.total)),
    };
    let slow = here.as_ref().is_none_or(|plan| days(plan.figures.time.total) > PATIENT_DAYS);
    let better = if slow { better(catalog, goal, here.as_ref())? } else { None };
    let files = here.as_ref().or(better.as_ref()).map_or(Bytes::ZERO, |plan| left(&plan.setup));
    Ok(Stage {
        kind: goal.job.kind,
        here: here.map(|plan| staged(catalog, plan)),
        why_not,
        least_memory,
        better: better.map(|plan| staged(catalog, plan)),
        files,
    })
}

fn staged(catalog: &Catalog, plan: Plan) -> StagePlan {
    let (time, energy) = (&plan.figures.time, &plan.figures.energy);
    let bill = cost(catalog, &plan.setup, time, energy);
    StagePlan {
        machine: machine(catalog, &plan.setup, &plan.figures),
        time: time.total,
        days: days(time.total),
        energy: *energy,
        memory: plan.figures.memory,
        electricity: bill.electricity.map(|bill| bill.money),
        rent: bill.rent.map(|rent| rent.money),
        plan,
    }
}

fn preparation(catalog: &Catalog, asked: &FromScratch, stages: &[Stage], tokens: Tokens) -> Preparation {
    let plan = stages.iter().find_map(|stage| stage.here.as_ref().or(stage.better.as_ref())).map(|stage| &stage.plan);
    let reads = plan.filter(|plan| plan.setup.model.reads_text());
    let tokens = reads.map_or(Tokens::ZERO, |plan| distinct_tokens(&plan.setup.model, tokens));
    let time = Seconds::new(tokens.get() / (TOKENS_PER_CORE * CORES));
    let kilowatt_hours = PREPARING_WATTS / 1000.0 * time.as_hours();
    let price = plan.and_then(|plan| cost(catalog, &plan.setup, &plan.figures.time, &plan.figures.energy).electricity);
    Preparation {
        tokens,
        text: Bytes::new(tokens.get() * TEXT_BYTES),
        token_files: reads.map_or(Bytes::ZERO, |plan| data(&plan.setup)),
        time,
        host_memory: Bytes::gib(8.0 + CORES),
        cost: price
            .map(|price| Money { amount: price.unit_price * kilowatt_hours, currency: asked.money.currency.unwrap_or_default() }),
    }
}

impl Stage {
    /// Whether it takes over a month here, and nothing in the catalogue is faster.
    #[must_use]
    pub fn lacks_better(&self) -> bool {
        self.better.is_none() && self.here.as_ref().is_some_and(|here| here.days > PATIENT_DAYS)
    }
}

impl Path {
    /// The path in a few sentences, stage by stage.
    #[must_use]
    pub fn notes(&self) -> Vec<Reason> {
        let mut notes = vec![
            Reason::new(ReasonCode::PathData)
                .with("time", Fact::Time(self.preparation.time))
                .with("disk", Fact::Memory(self.preparation.text + self.preparation.token_files)),
        ];
        for stage in &self.stages {
            let kind = Fact::All(vec![Reason::new(work(stage.kind))]);
            let name = |one: &StagePlan| Fact::Name(super::explain::rig_name(&one.plan));
            notes.push(
                match (&stage.here, &stage.better) {
                    (Some(here), Some(better)) => Reason::new(ReasonCode::PathSlow)
                        .with("takes", Fact::Time(here.time))
                        .with("better", name(better))
                        .with("then", Fact::Time(better.time)),
                    (Some(here), None) => {
                        let code = if stage.lacks_better() { ReasonCode::PathNoFaster } else { ReasonCode::PathHere };
                        Reason::new(code).with("takes", Fact::Time(here.time)).with("n", Fact::Count(LARGEST_CLUSTER.into()))
                    }
                    (None, Some(better)) => {
                        Reason::new(ReasonCode::PathElsewhere).with("better", name(better)).with("then", Fact::Time(better.time))
                    }
                    (None, None) => Reason::new(ReasonCode::PathNowhere).with("n", Fact::Count(LARGEST_CLUSTER.into())),
                }
                .with("kind", kind),
            );
        }
        notes
    }
}

/// What is done in a stage, in words.
const fn work(kind: JobKind) -> ReasonCode {
    match kind {
        JobKind::Pretrain => ReasonCode::PathPretrain,
        JobKind::FullFinetune => ReasonCode::PathFullFinetune,
        JobKind::Lora => ReasonCode::PathLora,
        JobKind::Qlora => ReasonCode::PathQlora,
        JobKind::Inference => ReasonCode::PathInference,
    }
}
