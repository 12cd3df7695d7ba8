//! `cargo xtask calibrate [--write]`: refits the factors of memory and time from the measurements under `tests/reference/`.

mod factors;
pub mod file;
pub mod fit;
pub mod ranges;
pub mod section;
mod solve;

use crate::accuracy;
use anyhow::Result;
use fit::{Fit, Fitted};
use section::Section;

/// Rounds of a fit from where factors are expected; after each, all influences are measured again.
const ROUNDS: u32 = 3;
/// Iterations of a round.
const ITERATIONS: u32 = 8;
/// Iterations of a fit that leaves out one source, from the fit to all.
const AGAIN: u32 = 8;

/// Fits, prints what changes, and with `--write` rewrites the table.
pub fn run(arguments: &[String]) -> Result<()> {
    let all = accuracy::read(&accuracy::FILES)?;
    let mut table = file::read()?;
    println!("{:<40} {:>11} {:>11} {:>11}", "factor", "expected", "was", "is");
    for section in Section::ALL {
        let fit = Fit::new(&table, &all.cases, section)?;
        let fitted = whole(&fit)?;
        let mut next = fit.rounded(&fitted.logs);
        fit.add_evidence(&mut next, &fitted);
        for (factor, log) in fit.factors().iter().zip(&fitted.logs) {
            println!("{:<40} {:>11.4e} {:>11.4e} {:>11.4e}", factor.path, factor.center, factor.now, log.exp());
        }
        ranges::add(&mut next, section, &fit.cases, &without_each(&fit, &fitted)?)?;
        table = next;
    }
    ranges::add_counted_memory(&mut table, &all.cases)?;
    if arguments.iter().any(|argument| argument == "--write") {
        table.write(&today())?;
    }
    Ok(())
}

/// The fit to all sources.
pub fn whole(fit: &Fit) -> Result<Fitted> {
    fit.run(ROUNDS, ITERATIONS)
}

/// For each source, the table fitted without it; its ranges are still those of all sources.
pub fn without_each(fit: &Fit, all: &Fitted) -> Result<Vec<ranges::Without>> {
    let mut sources: Vec<&str> = fit.cases.iter().map(|case| case.record.source()).collect();
    sources.sort_unstable();
    sources.dedup();
    let without = |source: &str| {
        let fitted = fit.again(all, AGAIN, |case| case.record.source() != source)?;
        Ok((source.to_owned(), fit.values(&fitted.logs)))
    };
    std::thread::scope(|scope| {
        let (left, right) = sources.split_at(sources.len() / 2);
        let half = |sources: &[&str]| sources.iter().map(|source| without(source)).collect::<Result<Vec<_>>>();
        let other = scope.spawn(move || half(right));
        let mut tables = half(left)?;
        tables.extend(other.join().map_err(|_| anyhow::anyhow!("a fit panicked"))??);
        Ok(tables)
    })
}

/// ISO date in UTC (days to civil date after Howard Hinnant's algorithm).
fn today() -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let days = i64::try_from(seconds / 86_400).unwrap_or(0) + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}
