//! The answer: figures with ranges, verdict, warnings and working.

use super::serving::Serving;
use super::spread::Spread;
use super::warnings::WarningCode;
use crate::card::Risen;
use crate::document::{Entries, keyword};
use crate::error::RequestError;
use crate::units::{Bytes, Currency, Joules, Money, Seconds, Watts};
use serde::Serialize;

keyword!(
    /// Does it fit?
    #[derive(PartialOrd, Ord)]
    Verdict {
        /// Even the high estimate fits.
        Fits = "fits",
        /// The typical estimate fits, the high one does not.
        Tight = "tight",
        /// The typical estimate does not fit.
        DoesNotFit = "does-not-fit",
    }
);

keyword!(
    /// The part of memory that is largest at the peak, among those a visitor can change.
    MemoryPart {
        /// Stored weights.
        Weights = "weights",
        /// Gradients.
        Gradients = "gradients",
        /// Optimizer states and temporaries.
        Optimizer = "optimizer",
        /// Activations kept for the backward pass, or live during inference.
        Activations = "activations",
        /// Logits and loss.
        Logits = "logits",
        /// Key/value cache and recurrent state.
        KvCache = "kv-cache",
        /// Scratch of libraries and allocator reserve.
        Workspace = "workspace",
        /// Buffers of collectives.
        Communication = "communication",
        /// CUDA context.
        Context = "context",
    }
);

/// Memory of the fullest card at its peak.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Memory {
    /// Stored weights.
    pub weights: Bytes,
    /// Gradients alive at the peak.
    pub gradients: Bytes,
    /// Optimizer states, and temporaries if the peak is the optimizer step.
    pub optimizer: Bytes,
    /// Activations.
    pub activations: Bytes,
    /// Logits and loss.
    pub logits: Bytes,
    /// Key/value cache and recurrent state.
    pub kv_cache: Bytes,
    /// Scratch of libraries and allocator reserve.
    pub workspace: Bytes,
    /// Buffers of collectives.
    pub communication: Bytes,
    /// CUDA context.
    pub context: Bytes,
    /// What the framework's allocator would report at its peak: no context, no reserve.
    pub allocated: Bytes,
    /// Everything: what `nvidia-smi` would show.
    pub total: Bytes,
    /// Low end of the range for `total`.
    pub low: Bytes,
    /// High end of the range for `total`.
    pub high: Bytes,
    /// What the card offers: memory the driver gives less what the visitor reserved.
    pub capacity: Bytes,
    /// Does it fit?
    pub verdict: Verdict,
    /// The largest changeable part.
    pub limited_by: MemoryPart,
    /// Host memory the plan needs (offload, loading).
    pub host: Bytes,
}

impl Memory {
    /// What `total` is made of.
    #[must_use]
    pub const fn parts(&self) -> [(MemoryPart, Bytes); 9] {
        [
            (MemoryPart::Weights, self.weights),
            (MemoryPart::Gradients, self.gradients),
            (MemoryPart::Optimizer, self.optimizer),
            (MemoryPart::Activations, self.activations),
            (MemoryPart::Logits, self.logits),
            (MemoryPart::KvCache, self.kv_cache),
            (MemoryPart::Workspace, self.workspace),
            (MemoryPart::Communication, self.communication),
            (MemoryPart::Context, self.context),
        ]
    }
}

keyword!(
    /// What a phase waits for.
    BoundBy {
        /// Arithmetic.
        Compute = "compute",
        /// Memory bandwidth.
        Memory = "memory",
        /// Links between cards or to the host.
        Communication = "communication",
        /// Kernel launches and the framework.
        Overhead = "overhead",
    }
);

keyword!(
    /// Which phase a timing describes.
    Phase {
        /// Training.
        Train = "train",
        /// Reading the prompt.
        Prefill = "prefill",
        /// Generating.
        Decode = "decode",
    }
);

/// Speed of one phase, over all cards.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PhaseTime {
    /// Which phase.
    pub phase: Phase,
    /// Optimizer step (train), whole prompt batch (prefill), or one token of every request (decode).
    pub seconds_per_step: Seconds,
    /// Tokens per second over all cards and requests.
    pub tokens_per_second: f64,
    /// Sequences, images or clips per second over all cards.
    pub samples_per_second: f64,
    /// Model FLOPs per second over the peak of the arithmetic used (without recomputation).
    pub model_flops_utilisation: f64,
    /// What it waits for.
    pub bound_by: BoundBy,
}

/// The time of a job by what a card draws meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spent {
    /// Working: products, and the kernels between them.
    pub computing: Seconds,
    /// Generating, as far as it reads weights and cache.
    pub streaming: Seconds,
    /// Generating, as far as the requests at once make it arithmetic.
    pub serving: Seconds,
    /// Waiting for other cards, or for what comes over the bus.
    pub links: Seconds,
    /// Waiting for the host: launches, the framework, layers and optimizer steps that run there.
    pub host: Seconds,
}

impl Spent {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> Seconds {
        self.computing + self.streaming + self.serving + self.links + self.host
    }

    /// This much after that.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            computing: self.computing + other.computing,
            streaming: self.streaming + other.streaming,
            serving: self.serving + other.serving,
            links: self.links + other.links,
            host: self.host + other.host,
        }
    }

    /// The same so many times over.
    #[must_use]
    pub fn times(self, count: f64) -> Self {
        Self {
            computing: self.computing * count,
            streaming: self.streaming * count,
            serving: self.serving * count,
            links: self.links * count,
            host: self.host * count,
        }
    }
}

/// Time of the job.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Time {
    /// The phase that decides: train, or decode (prefill where nothing is generated).
    #[serde(flatten)]
    pub main: PhaseTime,
    /// Whole job: all training tokens, or one batch of requests from prompt to last token.
    pub total: Seconds,
    /// Low end of the range for `total`.
    pub low: Seconds,
    /// High end of the range for `total`.
    pub high: Seconds,
    /// Inference: reading the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefill: Option<PhaseTime>,
    /// Inference: generating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decode: Option<PhaseTime>,
    /// What `total` is spent on; energy follows from it, and its working shows it.
    #[serde(skip)]
    pub spent: Spent,
}

/// Energy of the job.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Energy {
    /// Average power of all cards.
    pub average_watts: Watts,
    /// Energy of the cards.
    pub joules: Joules,
    /// Energy at the wall: cards and host over power-supply efficiency, times PUE.
    pub wall_joules: Joules,
    /// Emissions by the country's grid, where a country is given.
    pub co2_grams: Option<f64>,
}

/// Money of the job, in the request's currency.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// Buying the cards.
    pub buy: Option<PricedAmount>,
    /// Renting them for the job.
    pub rent: Option<PricedAmount>,
    /// Electricity for the job.
    pub electricity: Option<PricedAmount>,
    /// Rent and electricity for one unit of what is served; `null` for training.
    pub serving: Option<Serving>,
    /// Hours of use after which buying (with electricity) is cheaper than renting.
    pub break_even_hours: Option<f64>,
}

/// An amount with the price it came from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PricedAmount {
    /// The amount.
    #[serde(flatten)]
    pub money: Money,
    /// Price of one unit (card, card-hour, kWh) in the same currency.
    pub unit_price: f64,
    /// Kind of price: `given`, `launch`, `street`, `used`, `rent-per-hour`, `tariff`.
    pub basis: String,
    /// ISO date of the price; empty when the visitor gave it.
    pub date: String,
    /// Source of the price.
    pub source: String,
    /// Whether the price says little about today: a launch price of a card out of sale, a reading over two years old, or what newer
    /// prices contradict.
    pub stale: bool,
    /// The card that costs more since, though this one is hardly worse: nobody sells at this price any more.
    pub overtaken_by: Option<String>,
    /// Of a launch price: how many times theirs other cards of its generation sell for by now, so that it is too low.
    pub risen: Option<Risen>,
    /// Other readings of a card, new and second hand, where they are far apart.
    pub spread: Option<Spread>,
    /// The currency it was stated in, where that is another.
    pub converted_from: Option<Currency>,
    /// ISO date of the catalogue's exchange rate that it was converted by; none where the visitor gave the rate.
    pub rate_date: Option<String>,
    /// Whether that rate is a year old or older.
    pub stale_rate: bool,
}

keyword!(
    /// How well measurements support the answer.
    #[derive(PartialOrd, Ord)]
    Confidence {
        /// A measurement of this kind on this generation with this software is in the calibration set.
        MeasuredNearby = "measured-nearby",
        /// Calibrated on other cards or software of the same path.
        Calibrated = "calibrated",
        /// Physics only.
        Extrapolated = "extrapolated",
    }
);

/// Something the visitor should know.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Warning {
    /// Which; it names the sentence in the locale files.
    pub code: WarningCode,
    /// The field of the request it is about.
    pub field: String,
    /// The sentence in English.
    pub message: String,
    /// Arguments of the sentence, for other languages.
    #[serde(skip)]
    pub args: Vec<(&'static str, String)>,
}

/// The working behind one number.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// Path of the number in the answer (`memory.weights`).
    pub id: String,
    /// Formula in symbols.
    pub formula: String,
    /// The numbers put in, by symbol.
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, f64>"))]
    pub inputs: Entries<f64>,
    /// The result, in base units.
    pub value: f64,
    /// What the result counts.
    pub unit: super::Unit,
    /// Where the formula or constant comes from.
    pub source: String,
}

/// Bare numbers, without words.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Memory per card.
    pub memory: Memory,
    /// Time.
    pub time: Time,
    /// Energy.
    pub energy: Energy,
    /// How well measured.
    pub confidence: Confidence,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// Memory per card.
    pub memory: Memory,
    /// Time.
    pub time: Time,
    /// Energy.
    pub energy: Energy,
    /// Money.
    pub cost: Cost,
    /// How well measured: time, and what follows from it.
    pub confidence: Confidence,
    /// How well measured: memory.
    pub memory_confidence: Confidence,
    /// What the visitor should know.
    pub warnings: Vec<Warning>,
    /// The working.
    pub explain: Vec<Step>,
}

/// An answer or a refusal, as the examples and the JavaScript API print it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// The estimate.
    Estimate(Box<Estimate>),
    /// The refusal.
    Refused {
        /// Why.
        error: RequestError,
    },
}
