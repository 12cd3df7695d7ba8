//! The range of memory: the tenth and ninetieth percentile of reading over estimate, for training and for inference.

use super::{INSIDE, Off, SHRINKAGE, put};
use crate::accuracy::Case;
use crate::calibrate::file::Calibration;
use anyhow::Result;
use whichcard::estimate::quantile;

/// Writes both, each drawn towards that of all readings where it has few.
pub fn write(table: &mut Calibration, off: &[Off]) {
    let all: Vec<&Off> = off.iter().collect();
    for (kind, trains) in [("trainingSpread", true), ("inferenceSpread", false)] {
        let own: Vec<&Off> = off.iter().filter(|one| one.trains == trains).collect();
        let n = own.len() as f64;
        for (end, share) in [("low", (1.0 - INSIDE) / 2.0), ("high", (1.0 + INSIDE) / 2.0)] {
            let log = (n * percentile(&own, share) + SHRINKAGE * percentile(&all, share)) / (n + SHRINKAGE);
            put(table, &format!("/memory/{kind}/{end}"), log.exp(), &own);
        }
    }
}

/// Writes the range of software that allocates while it loads, from the buffers it logs, drawn towards that of inference. No factor
/// moves what is compared, so that no source has to be left out.
pub fn write_loaded(table: &mut Calibration, cases: &[Case]) -> Result<()> {
    let tables = table.tables()?;
    let logged = |case: &Case| {
        let ahead = !case.is_speed() && !case.setup.trains() && case.setup.recipe.stack.allocates_ahead();
        let found = case.compare(&tables).ok().filter(|_| ahead)?;
        let residual = found.first().filter(|first| first.bound.is_none())?.residual();
        Some(Off { residual, source: case.record.source().to_owned(), trains: false, work: None })
    };
    let off: Vec<Off> = cases.iter().filter_map(logged).collect();
    let own: Vec<&Off> = off.iter().collect();
    let n = own.len() as f64;
    for (end, share) in [("low", (1.0 - INSIDE) / 2.0), ("high", (1.0 + INSIDE) / 2.0)] {
        let pooled = table.whole["memory"]["inferenceSpread"][end]["value"].as_f64().unwrap_or(1.0).ln();
        let log = (n * percentile(&own, share) + SHRINKAGE * pooled) / (n + SHRINKAGE);
        put(table, &format!("/memory/loadedSpread/{end}"), log.exp(), &own);
    }
    Ok(())
}

fn percentile(off: &[&Off], share: f64) -> f64 {
    quantile(&off.iter().map(|one| one.residual).collect::<Vec<_>>(), share).unwrap_or_default()
}
