//! Published limits: a batch that fits, one that does not, the largest one that does. The engine's verdict is judged on both sides.
//!
//! The largest batch is right where it fits and twice as many do not: sources try batches in steps of their own, which they do not
//! state, and a doubling is a step in all of them.

use super::Outcome;
use super::measure::Comparison;
use super::record::{Kind, Record};
use crate::calibrate::file::Tables;
use std::collections::BTreeMap;
use whichcard::estimate::{Memory, Verdict, memory_with};
use whichcard::request::Setup;

/// Tokens of a sequence where a source publishes a limit and no length: the default of TRL's `SFTTrainer` (`max_seq_length`).
pub const LENGTH: f64 = 1024.0;

/// Share of the card's memory within which a need is at its edge, where the largest batch that fits is to be found.
const CLOSE: f64 = 0.05;

/// What a record says of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Fits,
    DoesNotFit,
    LargestBatch,
}

impl Limit {
    /// Reads it from a memory record's `bound` or a speed record's `max_batch_that_fits`.
    pub fn of(record: &Record) -> Option<Self> {
        match record.text("bound") {
            "fits" => Some(Self::Fits),
            "oom" => Some(Self::DoesNotFit),
            "max_batch" => Some(Self::LargestBatch),
            _ => record.is("max_batch_that_fits").then_some(Self::LargestBatch),
        }
    }

    /// Whether nothing but a limit is published.
    pub fn alone(record: &Record) -> bool {
        record.kind == Kind::Memory && Self::of(record).is_some()
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Fits => "limit: fits",
            Self::DoesNotFit => "limit: does not fit",
            Self::LargestBatch => "limit: largest batch",
        }
    }

    /// The verdict of the engine on a limit.
    pub fn judge(self, tables: &Tables, setup: &Setup) -> Comparison {
        let need = memory_with(&tables.memory, setup);
        let right = match self {
            Self::Fits => fits(&need),
            Self::DoesNotFit => !fits(&need),
            Self::LargestBatch => fits(&need) && !fits(&memory_with(&tables.memory, &twice(setup))),
        };
        let (measured, estimated) = (need.capacity.get(), need.total.get());
        Comparison { quantity: self.name(), measured, estimated, range: None, bound: Some(right) }
    }
}

fn fits(need: &Memory) -> bool {
    need.verdict != Verdict::DoesNotFit
}

/// The same with twice the batch.
fn twice(setup: &Setup) -> Setup {
    let mut twice = setup.clone();
    if setup.trains() {
        twice.recipe.micro_batch = setup.recipe.micro_batch.saturating_mul(2);
        twice.job.global_batch = setup.job.global_batch.saturating_mul(2);
    } else {
        twice.job.concurrency = setup.job.concurrency.saturating_mul(2);
    }
    twice
}

/// How many limits are judged right, in all and by kind, and how many of the wrong ones lie at the edge of the card.
pub fn sentence(outcome: &Outcome) -> String {
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut close = 0;
    for judged in &outcome.judged {
        let Some(right) = judged.comparison.bound else { continue };
        let count = kinds.entry(judged.comparison.quantity.trim_start_matches("limit: ")).or_default();
        count.0 += usize::from(right);
        count.1 += 1;
        close += usize::from(!right && judged.error().abs() < CLOSE);
    }
    let (right, all) = kinds.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    let each: Vec<String> = kinds.iter().map(|(kind, (right, all))| format!("{kind} {right} of {all}")).collect();
    format!(
        "Published limits: {right} of {all} are judged right ({}); of the others {close} lie within {:.0} % of the card's memory. The \
         largest batch is right where it fits and twice as many do not.",
        each.join(", "),
        CLOSE * 100.0
    )
}
