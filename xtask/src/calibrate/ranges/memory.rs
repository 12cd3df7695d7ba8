//! The range of memory: the tenth and ninetieth percentile of reading over estimate, for training and for inference.

use super::{INSIDE, Off, SHRINKAGE, put};
use crate::calibrate::file::Calibration;
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

fn percentile(off: &[&Off], share: f64) -> f64 {
    quantile(&off.iter().map(|one| one.residual).collect::<Vec<_>>(), share).unwrap_or_default()
}
