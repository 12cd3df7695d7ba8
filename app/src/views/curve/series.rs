//! The memory of a setup as its length or its number at once grows, everything else as it is.

use whichcard::estimate::{Memory, memory};
use whichcard::request::Setup;
use whichcard::units::Bytes;

/// What grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// Tokens of a sequence, or of prompt and answer together.
    Length,
    /// Sequences of a pass, or requests at once.
    AtOnce,
}

impl Along {
    /// The name in keys and tests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::AtOnce => "at-once",
        }
    }

    /// What it is now.
    pub const fn now(self, setup: &Setup) -> u64 {
        match (self, setup.trains()) {
            (Self::Length, true) => setup.job.sequence_length,
            (Self::Length, false) => setup.job.prompt.saturating_add(setup.job.output),
            (Self::AtOnce, true) => setup.recipe.micro_batch,
            (Self::AtOnce, false) => setup.job.concurrency,
        }
    }

    /// The setup with so much of it.
    pub fn with(self, setup: &Setup, value: u64) -> Setup {
        let mut other = setup.clone();
        match (self, setup.trains()) {
            (Self::Length, true) => other.job.sequence_length = value,
            (Self::Length, false) => other.job.prompt = value.saturating_sub(setup.job.output).max(1),
            (Self::AtOnce, true) => other.recipe.micro_batch = value,
            (Self::AtOnce, false) => other.job.concurrency = value,
        }
        other
    }

    /// What makes sense to ask: powers of two, up to what the model was made for, and what it is now.
    fn values(self, setup: &Setup) -> Vec<u64> {
        let now = self.now(setup);
        let (first, last) = match self {
            Self::Length => (setup.job.output.max(128), setup.model.max_context.unwrap_or(1 << 17).max(now)),
            Self::AtOnce => (0, if setup.trains() { 256 } else { 1024 }),
        };
        let mut values: Vec<u64> = (0..=20).map(|power| 1_u64 << power).filter(|value| *value > first && *value <= last).collect();
        values.extend([now, last].into_iter().filter(|value| *value > first));
        values.sort_unstable();
        values.dedup();
        values
    }
}

/// One point of the curve.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Tokens, sequences or requests.
    pub value: u64,
    /// What they take.
    pub memory: Memory,
}

/// The curve, up to where it has left the card well behind.
pub fn series(setup: &Setup, along: Along) -> Vec<Sample> {
    let now = along.now(setup);
    let mut samples = Vec::new();
    for value in along.values(setup) {
        let memory = memory(&along.with(setup, value));
        let beyond = memory.total > (memory.capacity * 1.6).max(Bytes::gib(1.0));
        samples.push(Sample { value, memory });
        if beyond && value >= now {
            break;
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;
    use whichcard::catalog::Catalog;
    use whichcard::request::{JobKind, Request, resolve};

    #[test]
    fn a_curve_rises_passes_the_present_and_ends_soon_after_the_card() {
        let catalog = Catalog::from_json(include_str!("../../../../catalog.json")).unwrap();
        for kind in [JobKind::Qlora, JobKind::Inference] {
            let setup = resolve(&catalog, &Request::new("llama-3-8b", kind, "rtx-3090")).unwrap();
            for along in [Along::Length, Along::AtOnce] {
                let curve = series(&setup, along);
                assert!(curve.len() >= 3, "{kind:?} {along:?}");
                assert!(curve.iter().any(|sample| sample.value == along.now(&setup)), "{kind:?} {along:?}");
                assert!(curve.windows(2).all(|pair| pair[0].memory.total <= pair[1].memory.total), "{kind:?} {along:?}");
                let beyond = curve.iter().filter(|sample| sample.memory.total > sample.memory.capacity * 1.6).count();
                assert!(beyond <= 1, "{kind:?} {along:?}: {beyond}");
            }
        }
    }
}
