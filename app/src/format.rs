//! How the page writes quantities: as everything else for people does, and lengths of style attributes besides.

pub use whichcard::wording::*;

/// A length in a style attribute, in percent with two decimals.
pub fn css_percent(share: f64) -> String {
    let bounded = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let hundredths = whole((bounded * 10_000.0).round());
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// A small whole float as an integer.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, not negative, at most ten thousand")]
const fn whole(value: f64) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_stay_within_the_whole() {
        assert_eq!(css_percent(0.123_456), "12.35%");
        assert_eq!(css_percent(f64::NAN), "0.00%");
        assert_eq!(css_percent(7.0), "100.00%");
    }
}
