//! A calibrated number with what it rests on.

use crate::document::record;

/// Measurements behind a factor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Measurements that decided the factor; zero for an assumption.
    pub n: u32,
    /// Where they were published (keys of `docs/time.md`).
    pub sources: Vec<String>,
    /// Standard deviation of the logarithm of measured over estimated in that set.
    pub spread: f64,
}

/// One calibrated number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Factor {
    /// The number, in the unit its field says.
    pub value: f64,
    /// What it rests on.
    pub evidence: Evidence,
}

impl Factor {
    /// The number.
    #[must_use]
    pub const fn get(&self) -> f64 {
        self.value
    }
}

record!(
    Evidence {
        n: optional, sources: optional, spread: optional,
    }
    Factor {
        value, evidence: optional,
    }
);
