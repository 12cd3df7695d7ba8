//! Errors of many comparisons in a few numbers.

use super::data::Comparison;
use crate::app::format;
use whichcard::estimate::Deviation;

/// With the factors as they are, which have seen these measurements.
pub fn seen(comparisons: &[&Comparison]) -> Option<Deviation> {
    Deviation::of(&comparisons.iter().map(|one| one.error()).collect::<Vec<_>>())
}

/// With factors fitted without the source of each.
pub fn unseen(comparisons: &[&Comparison]) -> Option<Deviation> {
    Deviation::of(&comparisons.iter().filter_map(|one| Some(one.unseen? / one.measured - 1.0)).collect::<Vec<_>>())
}

/// Median, nine in ten and bias as text.
pub fn in_words(deviation: Deviation) -> [String; 3] {
    [percent(deviation.median), percent(deviation.p90), signed(deviation.bias)]
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
    fn errors_in_words() {
        assert_eq!(
            (percent(0.0689), signed(0.0061), signed(-0.2), signed(0.0001)),
            ("6.9%".into(), "+0.6%".into(), "−20.0%".into(), "0%".into())
        );
    }
}
