//! What the visitor wants, as written: a request whose rig is left open within limits.

use crate::card::Form;
use crate::document::{Blank, Read, Reader, record};
use crate::error::RequestError;
use crate::request::{
    CardChoice, Condition, JobKind, JobRequest, MachineRequest, ModelChoice, MoneyRequest, RecipeRequest, Request, RigRequest,
    keyword, read_text, read_value,
};
use serde::Serialize;
use serde_json::Value;

keyword!(
    /// What the best plan has least of (or most).
    #[derive(Default)]
    Objective {
        /// The lowest price of the cards; among equals the least compromise, then the fastest.
        #[default]
        CheapestToBuy = "cheapest-to-buy",
        /// The lowest cost of this one job: renting, or electricity and the job's share of the cards' life.
        CheapestPerJob = "cheapest-per-job",
        /// The shortest time.
        Fastest = "fastest",
        /// The least energy at the wall.
        LeastEnergy = "least-energy",
        /// The most work per hour and unit of money paid for the cards.
        BestValue = "best-value",
    }
);

/// A goal as written: `model`, `job`, `recipe` and `money` as in a [`Request`], the rig as limits.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Goal {
    /// Catalogue id, or a model described in place.
    pub model: ModelChoice,
    /// What is to be done. `globalBatch` defaults to 16 sequences for tuning and to half a million to four million tokens, by
    /// the size of the model, for pre-training.
    pub job: JobRequest,
    /// Kinds of work that would do as well as `job.kind`; the planner picks. Default: `job.kind` only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<JobKind>,
    /// What is fixed of the recipe; the planner chooses the rest.
    #[serde(default)]
    pub recipe: RecipeRequest,
    /// Limits of the rig.
    #[serde(default)]
    pub rig: RigLimits,
    /// Prices.
    #[serde(default)]
    pub money: MoneyRequest,
    /// What is best.
    #[serde(default)]
    pub objective: Objective,
}

/// Limits of the rig as written; what is left out does not limit.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RigLimits {
    /// One card, or a list of cards to choose from. Default: every card of the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<CardChoices>,
    /// How many cards, or a list of counts to choose from. Default: 1, 2, 4 or 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<Counts>,
    /// In what, and under what limits.
    #[serde(flatten)]
    pub machine: MachineRequest,
    /// Most that all cards together may cost to buy, in `money.currency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<f64>,
    /// Most that the job may cost, in `money.currency`: rent, or electricity and the job's share of the cards' life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_budget: Option<f64>,
    /// Longest the job may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_hours: Option<f64>,
    /// Most board power of all cards together (their power limits, where lower).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_watts: Option<f64>,
    /// Most power at the wall: the cards at board power (their power limits, where lower), the machine around them and what its
    /// supply wastes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wall_watts: Option<f64>,
    /// The power supply that is there. Laptops and server modules bring their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_supply_watts: Option<f64>,
    /// Slots that are free, counted as cards cover them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slots: Option<f64>,
    /// Forms that fit the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form_factors: Option<Vec<Form>>,
    /// Country (ISO 3166 alpha-2) the cards must be on sale in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// New, used or any. Default: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Hours of use over which a bought card loses its price. Default: 10,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub life_hours: Option<f64>,
}

/// One card or several to choose from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum CardChoices {
    /// Several.
    Any(Vec<CardChoice>),
    /// One.
    One(CardChoice),
}

/// One count or several to choose from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Counts {
    /// Several.
    Any(Vec<f64>),
    /// One.
    One(f64),
}

impl CardChoices {
    /// All choices.
    #[must_use]
    pub fn as_slice(&self) -> &[CardChoice] {
        match self {
            Self::Any(choices) => choices,
            Self::One(choice) => std::slice::from_ref(choice),
        }
    }
}

impl Counts {
    /// All choices.
    #[must_use]
    pub fn as_slice(&self) -> &[f64] {
        match self {
            Self::Any(counts) => counts,
            Self::One(count) => std::slice::from_ref(count),
        }
    }
}

impl Goal {
    /// A goal for a catalogue model, everything else open.
    #[must_use]
    pub fn new(model: &str, kind: JobKind) -> Self {
        Self {
            model: ModelChoice::Id(model.to_owned()),
            job: JobRequest::new(kind),
            methods: Vec::new(),
            recipe: RecipeRequest::default(),
            rig: RigLimits::default(),
            money: MoneyRequest::default(),
            objective: Objective::default(),
        }
    }

    /// Reads one goal.
    ///
    /// # Errors
    /// Text that is not JSON, a missing or unknown field, or a value of the wrong kind.
    pub fn from_json(text: &str) -> Result<Self, RequestError> {
        read_text(text)
    }

    /// Reads one goal from parsed JSON.
    ///
    /// # Errors
    /// A missing or unknown field, or a value of the wrong kind.
    pub fn from_value(value: &Value) -> Result<Self, RequestError> {
        read_value(value)
    }

    /// The goal with the rig of a request: the same question, with the recipe and the number of cards as written there.
    #[must_use]
    pub fn of_request(request: &Request) -> Self {
        Self {
            model: request.model.clone(),
            job: request.job.clone(),
            recipe: request.recipe.clone(),
            rig: RigLimits::of(&request.rig),
            money: request.money.clone(),
            ..Self::new("", request.job.kind)
        }
    }
}

impl RigLimits {
    /// Exactly this rig.
    #[must_use]
    pub fn of(rig: &RigRequest) -> Self {
        Self {
            card: Some(CardChoices::One(rig.card.clone())),
            count: Some(Counts::One(rig.count.unwrap_or(1.0))),
            machine: rig.machine,
            ..Self::default()
        }
    }
}

record!(
    Goal { model, job, methods: optional, recipe: optional, rig: optional, money: optional, objective: optional }
    RigLimits {
        card,
        count,
        budget,
        job_budget,
        deadline_hours,
        max_watts,
        wall_watts,
        power_supply_watts,
        slots,
        form_factors,
        country,
        condition,
        life_hours,
        ..machine
    }
);

/// What is one or several: a list is several.
macro_rules! one_or_several {
    ($($choices:ident)+) => {$(
        impl Read for $choices {
            fn fill(&mut self, value: &Value, reader: &mut Reader) {
                *self = if value.is_array() { Self::Any(reader.filled(value)) } else { Self::One(reader.filled(value)) };
            }
        }

        impl Blank for $choices {
            fn blank() -> Self {
                Self::Any(Vec::new())
            }
        }
    )+};
}

one_or_several!(CardChoices Counts);
