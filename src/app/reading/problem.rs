//! What is wrong with a field, in words.

use crate::app::format;
use crate::app::number::{Fault, Measure};
use whichcard::error::RequestError;
use whichcard::share::Field;
use whichcard::text::{Lang, request_error, say};

/// Why a field was not taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// Not a number, or not within its limits.
    Number(Fault, Measure),
    /// Not one of the names of a list.
    Choice(String),
    /// Empty, but needed.
    Needed,
    /// Refused by the library.
    Refused(RequestError),
}

impl Problem {
    /// The sentence at the field.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::Number(fault, measure) => {
                let key = match fault {
                    Fault::NotANumber => "app.fault.not-a-number",
                    Fault::TooSmall => "app.fault.too-small",
                    Fault::TooLarge => "app.fault.too-large",
                    Fault::NotWhole => "app.fault.not-whole",
                };
                let (least, most) = (format::short(measure.least), format::large(measure.most));
                say(lang, key, &[("example", measure.example), ("least", &least), ("most", &most)])
            }
            Self::Choice(given) => say(lang, "app.fault.unknown-choice", &[("given", given)]),
            Self::Needed => say(lang, "app.fault.needed", &[]),
            // What to pick instead stands below as buttons.
            Self::Refused(error) => request_error(lang, &RequestError { suggestions: Vec::new(), ..error.clone() }),
        }
    }

    /// Valid choices near to what was typed.
    pub fn suggestions(&self) -> &[String] {
        match self {
            Self::Refused(error) => &error.suggestions,
            _ => &[],
        }
    }
}

/// The field of the page a refused field of the request belongs to.
pub fn field_of(path: &str) -> Field {
    const FIELDS: &[(&str, Field)] = &[
        ("job.sequenceLength", Field::Sequence),
        ("job.tokens", Field::Tokens),
        ("job.samples", Field::Samples),
        ("job.epochs", Field::Epochs),
        ("job.globalBatch", Field::Batch),
        ("job.prompt", Field::Prompt),
        ("job.output", Field::Output),
        ("job.concurrency", Field::Users),
        ("job", Field::Job),
        ("rig.card.vramGib", Field::Vram),
        ("rig.card.bandwidthGbs", Field::Bandwidth),
        ("rig.card.tensorTflops", Field::Tflops),
        ("rig.card.computeCapability", Field::Capability),
        ("rig.card.tdpWatts", Field::Tdp),
        ("rig.card", Field::Card),
        ("rig.count", Field::Count),
        ("rig.link", Field::Link),
        ("rig.reservedBytes", Field::Reserved),
        ("rig.powerLimitWatts", Field::PowerLimit),
        ("rig.budget", Field::Budget),
        ("rig.deadlineHours", Field::Deadline),
        ("rig.maxWatts", Field::Watts),
        ("rig.formFactors", Field::Form),
        ("rig.country", Field::Country),
        ("rig", Field::Card),
        ("recipe.precision", Field::Precision),
        ("recipe.optimizer", Field::Optimizer),
        ("recipe.microBatch", Field::MicroBatch),
        ("recipe.gradientAccumulation", Field::Accumulation),
        ("recipe.checkpointing", Field::Checkpointing),
        ("recipe.attention", Field::Attention),
        ("recipe.loss", Field::Loss),
        ("recipe.stack", Field::Stack),
        ("recipe.lora.rank", Field::Rank),
        ("recipe.lora", Field::Targets),
        ("recipe.weights", Field::Weights),
        ("recipe.kvCache", Field::KvCache),
        ("recipe.parallel.sharding", Field::Sharding),
        ("recipe.parallel.tensor", Field::Tensor),
        ("recipe.parallel.pipeline", Field::Pipeline),
        ("recipe.parallel", Field::Count),
        ("recipe.offload", Field::Offload),
        ("money.currency", Field::Currency),
        ("money.cardPrice", Field::Price),
        ("money.rentPerHour", Field::Rent),
        ("money.tariffPerKwh", Field::Tariff),
        ("money.country", Field::Country),
        ("money.pue", Field::Pue),
        ("model.hfConfig", Field::Config),
        ("model", Field::Model),
    ];
    FIELDS.iter().find(|(prefix, _)| path.starts_with(prefix)).map_or(Field::Model, |(_, field)| *field)
}
