//! A record with everything that does not depend on the table of factors, so that many tables can be held against it.

use super::limit::Limit;
use super::matmul;
use super::measure::{self, Comparison};
use super::record::{Kind, Record};
use super::setup;
use crate::calibrate::file::Tables;
use whichcard::catalog::Catalog;
use whichcard::estimate::{Memory, Verdict, memory, memory_with, sustained_rates, time_with};
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
            return Ok((matmul::any_job(catalog, record)?, None));
        }
        let setup = setup::of(catalog, record)?;
        let need = memory(&setup);
        if setup.recipe.stack == Stack::LlamaCpp && need.verdict == Verdict::DoesNotFit {
            return Err("does not fit, so that the framework runs an unknown number of layers from host memory".to_owned());
        }
        Ok((setup, Some(need)))
    }

    /// The record against the estimate by these tables.
    pub fn compare(&self, tables: &Tables) -> Result<Vec<Comparison>, String> {
        let Some(need) = &self.need else {
            return Ok(vec![matmul::compare(&self.record, &sustained_rates(&tables.time, &self.setup))?]);
        };
        let limit = Limit::of(&self.record).map(|limit| limit.judge(tables, &self.setup));
        if Limit::alone(&self.record) {
            return Ok(limit.into_iter().collect());
        }
        let mut comparisons = match self.record.kind {
            Kind::Speed => vec![measure::speed(&self.record, &self.setup, &time_with(&tables.time, &self.setup, need).0)?],
            _ => measure::memory(&self.record, &memory_with(&tables.memory, &self.setup))?,
        };
        if comparisons.iter().any(|comparison| comparison.measured <= 0.0) {
            return Err("nothing measured".to_owned());
        }
        if comparisons.iter().any(|comparison| !comparison.measured.is_finite()) {
            return Err("the reading is beyond all numbers".to_owned());
        }
        if comparisons.iter().any(|comparison| comparison.bound.is_none() && comparison.estimated <= 0.0) {
            return Err("work not stated: nothing is read or generated".to_owned());
        }
        comparisons.extend(limit);
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
