//! Ranges: how far estimates are off on sources the fit has not seen.
//!
//! A range is judged by widths that have not seen the source either ([`judging`]): neither its residuals nor that it was measured.

mod memory;
mod off;
mod time;

use super::file::{Calibration, Tables};
use super::fit::rounded;
use super::section::Section;
use crate::accuracy::Case;
use anyhow::Result;
use off::Off;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use whichcard::estimate::{block_style, quantile};
use whichcard::request::Keyword as _;

/// Share of measurements a range is to hold: what lies within [`whichcard::estimate::RANGE_DEVIATIONS`].
const INSIDE: f64 = 0.8;
/// Measurements that weigh as much as the spread of all work that is alike.
const SHRINKAGE: f64 = 20.0;

/// Tables, each with the source that was left out of its fit.
pub type Without = (String, Calibration);

/// Writes the ranges of a section into a table.
pub fn add(table: &mut Calibration, section: Section, cases: &[&Case], without: &[Without]) -> Result<()> {
    write(table, section, &off::all(cases, without)?);
    Ok(())
}

/// For each source, the tables fitted without it, ranges included. The residuals of the other sources are those of fits that left
/// them out; these fits have seen this source, which moves a width by less than it can be told.
pub fn judging(section: Section, cases: &[&Case], without: Vec<Without>) -> Result<Vec<(String, Tables)>> {
    let off = off::all(cases, &without)?;
    let judge = |(source, mut table): Without| {
        let others: Vec<Off> = off.iter().filter(|one| one.source != source).cloned().collect();
        write(&mut table, section, &others);
        Ok((source, table.tables()?))
    };
    without.into_iter().map(judge).collect()
}

fn write(table: &mut Calibration, section: Section, off: &[Off]) {
    match section {
        Section::Memory => memory::write(table, off),
        Section::Time => time::write(table, off),
    }
}

/// Writes which kinds of network were measured in which kind of job: what the allocator counted, and readings of real cards; and
/// the range of software whose buffers are counted.
pub fn add_counted_memory(table: &mut Calibration, cases: &[Case]) -> Result<()> {
    let measured = cases.iter().filter(|case| !case.is_speed() && !case.record.distrusted());
    let row = |case: &Case| {
        let mut row = json!({"job": case.setup.method().name()});
        if let Some(style) = block_style(&case.setup.model.network) {
            row["blocks"] = json!(style);
        }
        row
    };
    table.whole["memory"]["covered"] = counted(measured.map(row));
    memory::write_loaded(table, cases)
}

/// Rows that are alike as one, with their number.
fn counted(rows: impl Iterator<Item = Value>) -> Value {
    let mut counts: BTreeMap<String, (Value, u32)> = BTreeMap::new();
    for row in rows {
        counts.entry(row.to_string()).or_insert((row, 0)).1 += 1;
    }
    let counted = counts.into_values().map(|(mut row, n)| {
        row["n"] = json!(n);
        row
    });
    counted.collect()
}

/// Puts a factor with the measurements behind it where the table has one.
fn put(table: &mut Calibration, pointer: &str, value: f64, of: &[&Off]) {
    if let Some(factor) = table.whole.pointer_mut(pointer) {
        *factor = json!({"value": rounded(value), "evidence": evidence(of)});
    }
}

fn evidence(of: &[&Off]) -> Value {
    let mut sources: Vec<&str> = of.iter().map(|one| one.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    let sizes: Vec<f64> = of.iter().map(|one| one.residual.abs()).collect();
    json!({"n": of.len(), "sources": sources, "spread": rounded(quantile(&sizes, INSIDE).unwrap_or_default())})
}
