//! Errors of many comparisons in a few numbers.

use super::data::Comparison;
use crate::app::format;

/// Number, median and 90th percentile of the absolute error, and median signed error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    pub count: usize,
    pub median: f64,
    pub p90: f64,
    pub bias: f64,
}

impl Summary {
    /// Of relative errors; nothing of none.
    pub fn of(mut errors: Vec<f64>) -> Option<Self> {
        errors.sort_by(f64::total_cmp);
        let bias = quantile(&errors, 0.5)?;
        let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        Some(Self { count: sizes.len(), median: quantile(&sizes, 0.5)?, p90: quantile(&sizes, 0.9)?, bias })
    }

    /// With the factors as they are, which have seen these measurements.
    pub fn seen(comparisons: &[&Comparison]) -> Option<Self> {
        Self::of(comparisons.iter().map(|one| one.error()).collect())
    }

    /// With factors fitted without the source of each.
    pub fn unseen(comparisons: &[&Comparison]) -> Option<Self> {
        Self::of(comparisons.iter().filter_map(|one| Some(one.unseen? / one.measured - 1.0)).collect())
    }
}

/// Linear between the two nearest of sorted values.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let position = share * format::float(u64::try_from(sorted.len().checked_sub(1)?).ok()?);
    let above = sorted.iter().zip(0_u32..).position(|(_, place)| f64::from(place) >= position)?;
    let (high, low) = (*sorted.get(above)?, *sorted.get(above.saturating_sub(1))?);
    let before = position - position.floor();
    Some(if before > 0.0 { low + (high - low) * before } else { high })
}

/// "6.9%": errors of a tenth of a percent are told apart.
pub fn percent(share: f64) -> String {
    format!("{}%", format::decimal(share * 100.0, 1))
}

/// "+0.6%".
pub fn signed(share: f64) -> String {
    let text = percent(share);
    // What rounds to nothing has no direction.
    if share.abs() < 0.0005 {
        "0%".to_owned()
    } else if share > 0.0 {
        format!("+{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries() {
        let summary = Summary::of(vec![-0.1, 0.2, 0.3, -0.4, 0.0]).expect("there are errors");
        assert_eq!((summary.count, summary.bias), (5, 0.0));
        assert!((summary.median - 0.2).abs() < 1e-12 && (summary.p90 - 0.36).abs() < 1e-12);
        assert_eq!(Summary::of(Vec::new()), None);
        assert_eq!(Summary::of(vec![0.5]), Some(Summary { count: 1, median: 0.5, p90: 0.5, bias: 0.5 }));
    }

    #[test]
    fn errors_in_words() {
        assert_eq!(
            (percent(0.0689), signed(0.0061), signed(-0.2), signed(0.0001)),
            ("6.9%".into(), "+0.6%".into(), "−20.0%".into(), "0%".into())
        );
    }
}
