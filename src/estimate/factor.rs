//! A calibrated number with what it rests on.

use crate::document::{Blank, Keyword, Read, Reader, record};
use serde_json::Value;
use std::marker::PhantomData;

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

/// A factor for each value of a keyword, under its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Each<K> {
    factors: Vec<Factor>,
    by: PhantomData<K>,
}

/// Of a table that was not read.
const NOTHING: &Factor = &Factor { value: 0.0, evidence: Evidence { n: 0, sources: Vec::new(), spread: 0.0 } };

impl<K: Keyword> Each<K> {
    /// The factor of a value.
    #[must_use]
    pub fn of(&self, value: K) -> &Factor {
        let place = K::ALL.iter().position(|one| *one == value);
        place.and_then(|place| self.factors.get(place)).unwrap_or(NOTHING)
    }
}

impl<K> Default for Each<K> {
    fn default() -> Self {
        Self { factors: Vec::new(), by: PhantomData }
    }
}

impl<K: Keyword> Read for Each<K> {
    fn fill(&mut self, value: &Value, reader: &mut Reader) {
        self.factors = read_each(K::NAMES, value, reader);
    }
}

impl<K: Keyword> Blank for Each<K> {
    fn blank() -> Self {
        Self::default()
    }
}

fn read_each(names: &'static [&'static str], value: &Value, reader: &mut Reader) -> Vec<Factor> {
    let Some(object) = reader.object(value, &[names]) else { return Vec::new() };
    let read = |name: &&'static str| {
        let mut factor = Factor::blank();
        reader.field(object, name, &mut factor);
        factor
    };
    names.iter().map(read).collect()
}

record!(
    Evidence {
        n: optional, sources: optional, spread: optional,
    }
    Factor {
        value, evidence: optional,
    }
);
