//! Errors of many comparisons in a few numbers.

use super::data::Comparison;
use crate::format;
use whichcard::estimate::Deviation;

/// With the factors as they are, which have seen these measurements.
pub fn seen(comparisons: &[&Comparison]) -> Option<Deviation> {
    Deviation::of(&comparisons.iter().map(|one| one.error()).collect::<Vec<_>>())
}

/// With factors fitted without the source of each.
pub fn unseen(comparisons: &[&Comparison]) -> Option<Deviation> {
    Deviation::of(&comparisons.iter().filter_map(|one| Some(one.unseen? / one.measured - 1.0)).collect::<Vec<_>>())
}

/// Those that factors fitted without their source have a prediction for; where nothing was fitted there is none.
pub fn predicted_by_others<'a>(comparisons: &[&'a Comparison]) -> Vec<&'a Comparison> {
    comparisons.iter().copied().filter(|one| one.unseen.is_some()).collect()
}

/// Share of measurements inside the range, as the page has it.
pub fn inside(comparisons: &[&Comparison]) -> Option<f64> {
    share(comparisons.iter().filter_map(|one| one.inside()))
}

/// Share of measurements inside the ranges that have not seen their source.
pub fn unseen_inside(comparisons: &[&Comparison]) -> Option<f64> {
    share(comparisons.iter().filter_map(|one| one.unseen_inside))
}

fn share(verdicts: impl Iterator<Item = bool>) -> Option<f64> {
    let (inside, all) = verdicts.fold((0.0, 0.0), |(inside, all), one| (inside + f64::from(u8::from(one)), all + 1.0));
    (all > 0.0).then(|| inside / all)
}

/// "87%".
pub fn whole(share: f64) -> String {
    format!("{}%", format::decimal(share * 100.0, 0))
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
