//! A record with everything that does not depend on the table of factors, so that many tables can be held against it.

use super::matmul;
use super::measure::{self, Comparison};
use super::record::{Kind, Record};
use super::setup;
use whichcard::catalog::Catalog;
use whichcard::estimate::{Memory, TimeCalibration, Verdict, memory, sustained_rates, time_with};
use whichcard::request::{Setup, Stack};

/// A usable record.
pub struct Case {
    pub record: Record,
    pub setup: Setup,
    /// None for micro-benchmarks, which are no job.
    need: Option<Memory>,
}

impl Case {
    /// Turns a record into a setup, or says why it cannot be.
    pub fn new(catalog: &Catalog, record: Record) -> Result<Self, (Record, String)> {
        match Self::prepare(catalog, &record) {
            Ok((setup, need)) => Ok(Self { record, setup, need }),
            Err(reason) => Err((record, reason)),
        }
    }

    fn prepare(catalog: &Catalog, record: &Record) -> Result<(Setup, Option<Memory>), String> {
        if matmul::is(record) {
            return Ok((matmul::setup(catalog, record)?, None));
        }
        let setup = setup::of(catalog, record)?;
        let need = memory(&setup);
        if setup.recipe.stack == Stack::LlamaCpp && need.verdict == Verdict::DoesNotFit {
            return Err("does not fit, so that the framework runs an unknown number of layers from host memory".to_owned());
        }
        Ok((setup, Some(need)))
    }

    /// The record against the estimate by this table.
    pub fn compare(&self, table: &TimeCalibration) -> Result<Vec<Comparison>, String> {
        let Some(need) = &self.need else {
            return Ok(vec![matmul::compare(&self.record, &sustained_rates(table, &self.setup))?]);
        };
        let (time, _) = time_with(table, &self.setup, need);
        let comparisons = measure::compare(&self.record, &self.setup, need, &time)?;
        if comparisons.iter().any(|comparison| comparison.measured <= 0.0) {
            return Err("nothing measured".to_owned());
        }
        Ok(comparisons)
    }

    /// Whether the factors of the time table decide what is compared.
    pub fn is_speed(&self) -> bool {
        self.record.kind == Kind::Speed
    }

    /// Records of one sweep.
    pub fn group(&self) -> &str {
        if self.record.text("group").is_empty() { self.record.text("id") } else { self.record.text("group") }
    }

    /// Parameters of the model; none for micro-benchmarks.
    pub fn parameters(&self) -> u64 {
        if self.need.is_none() { 0 } else { self.setup.model.parameters }
    }
}
