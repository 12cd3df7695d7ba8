//! Errors on sources the fit has not seen: the factors are fitted once without each source and judged on that source alone.

use super::{Case, FILES, Outcome, read};
use crate::calibrate::{self, fit::Fit};
use anyhow::Result;
use std::collections::BTreeMap;

/// Adds to every comparison of speed what the factors fitted without its source estimate.
pub fn add(outcome: &mut Outcome) -> Result<()> {
    let all = read(&FILES)?;
    let cases: Vec<&Case> = all.cases.iter().filter(|case| case.is_speed()).collect();
    let base = calibrate::file::read()?;
    let mut comparisons = BTreeMap::new();
    let fit = Fit::new(&base, &cases)?;
    for (source, table) in calibrate::without_each(&fit, &calibrate::whole(&fit)?)? {
        for case in cases.iter().filter(|case| case.record.source() == source) {
            if let Ok(found) = case.compare(&table) {
                comparisons.extend(found.first().map(|comparison| (case.record.text("id").to_owned(), *comparison)));
            }
        }
    }
    for judged in &mut outcome.judged {
        judged.unseen = comparisons.get(&judged.id).copied();
    }
    Ok(())
}
