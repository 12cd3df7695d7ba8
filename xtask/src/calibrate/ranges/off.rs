//! How far the estimate of one measurement is off, and what decides its range.

use super::Without;
use crate::accuracy::{Case, measure::Comparison};
use crate::calibrate::file::Tables;
use anyhow::Result;
use std::collections::BTreeMap;
use whichcard::card::Form;
use whichcard::estimate::{CardClass, Phase, SMALL, WorkKind, work_kind};
use whichcard::request::{JobKind, Stack};

/// One measurement by factors that have not seen its source.
#[derive(Clone)]
pub struct Off {
    /// Logarithm of measured over estimated.
    pub residual: f64,
    pub source: String,
    pub trains: bool,
    /// None for micro-benchmarks, which are no job.
    pub work: Option<Work>,
}

/// What decides the range of a time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Work {
    pub class: CardClass,
    pub stack: Stack,
    pub job: JobKind,
    pub kind: WorkKind,
    /// Whether it is a small language model; none for anything else.
    pub small: Option<bool>,
    /// Its power is not known.
    pub laptop: bool,
}

/// All measurements for which there is a fit without their source.
pub fn all(cases: &[&Case], without: &[Without]) -> Result<Vec<Off>> {
    let mut tables: BTreeMap<&str, Tables> = BTreeMap::new();
    for (source, table) in without {
        tables.insert(source, table.tables()?);
    }
    let off = |case: &&Case| {
        let found = case.compare(tables.get(case.record.source())?).ok()?;
        let residual = found.first().map(Comparison::residual)?;
        Some(Off { residual, source: case.record.source().to_owned(), trains: case.setup.trains(), work: work(case) })
    };
    Ok(cases.iter().filter_map(off).collect())
}

fn work(case: &Case) -> Option<Work> {
    let setup = &case.setup;
    let phase = match case.record.text("phase") {
        "train" => Phase::Train,
        "decode" => Phase::Decode,
        // Denoising is one pass after another over the whole image.
        "prefill" | "generate" => Phase::Prefill,
        _ => return None,
    };
    Some(Work {
        class: CardClass::of(&setup.rig.card),
        stack: setup.recipe.stack,
        job: setup.method(),
        kind: work_kind(setup, phase),
        small: setup.model.category.works_on_text().then_some(setup.model.parameters < SMALL),
        laptop: setup.rig.card.form == Form::Laptop,
    })
}
