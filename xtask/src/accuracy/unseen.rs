//! Errors on sources the fit has not seen: the factors are fitted once without each source and judged on that source alone,
//! with ranges that have not seen it either.

use super::{FILES, Outcome, read};
use crate::calibrate::{self, fit::Fit, ranges, section::Section};
use anyhow::Result;
use std::collections::BTreeMap;

/// Adds to every comparison what the factors fitted without its source estimate.
pub fn add(outcome: &mut Outcome) -> Result<()> {
    let all = read(&FILES)?;
    let base = calibrate::file::read()?;
    let mut comparisons = BTreeMap::new();
    for section in Section::ALL {
        let fit = Fit::new(&base, &all.cases, section)?;
        let without = calibrate::without_each(&fit, &calibrate::whole(&fit)?)?;
        for (source, tables) in ranges::judging(section, &fit.cases, without)? {
            for case in fit.cases.iter().filter(|case| case.record.source() == source) {
                let Ok(found) = case.compare(&tables) else { continue };
                comparisons.extend(found.first().map(|one| ((case.record.text("id").to_owned(), one.quantity), *one)));
            }
        }
    }
    for judged in &mut outcome.judged {
        judged.unseen = comparisons.get(&(judged.id.clone(), judged.comparison.quantity)).copied();
    }
    Ok(())
}
