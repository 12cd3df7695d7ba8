//! Numbers without a unit: digits, groups, powers of ten, percent.
//!
//! Digits come from integers: the standard float printer costs a visitor several kilobytes, and this way the text is the same in
//! every browser. Three significant digits are the most an estimate deserves.

use crate::text::{Lang, grouped};

/// A number with this many decimals and digit groups.
#[must_use]
pub fn decimal(value: f64, decimals: u32) -> String {
    let sign = if value < 0.0 { "−" } else { "" };
    let scaled = (value.abs() * 10f64.powi(i32::try_from(decimals).unwrap_or(0))).round();
    if scaled >= 9e15 {
        return format!("{sign}{}", power_of_ten(value.abs()));
    }
    let base = 10u64.pow(decimals.min(15));
    let digits = whole(scaled);
    let text = format!("{sign}{}", grouped(&(digits / base).to_string()));
    if decimals == 0 { text } else { format!("{text}.{:0width$}", digits % base, width = decimals as usize) }
}

/// Three significant digits, without trailing zeros after the point.
#[must_use]
pub fn short(value: f64) -> String {
    let size = value.abs();
    let decimals = match size {
        _ if size == 0.0 || size >= 100.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 1.0 => 2,
        _ if size >= 0.1 => 3,
        _ if size >= 0.001 => 4,
        _ => return format!("{}{}", if value < 0.0 { "−" } else { "" }, power_of_ten(size)),
    };
    trimmed(&decimal(value, decimals))
}

/// `1.2×10⁻⁷`.
fn power_of_ten(size: f64) -> String {
    let mut exponent = 0i32;
    let mut mantissa = size;
    while mantissa >= 9.995 && exponent < 310 {
        mantissa /= 10.0;
        exponent += 1;
    }
    while mantissa < 0.9995 && exponent > -330 {
        mantissa *= 10.0;
        exponent -= 1;
    }
    let raised: String = exponent.to_string().chars().map(superscript).collect();
    format!("{}×10{raised}", trimmed(&decimal(mantissa, 2)))
}

const fn superscript(digit: char) -> char {
    match digit {
        '-' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        _ => '⁹',
    }
}

fn trimmed(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

/// A whole float below 2^53 as an integer.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, not negative, below 2^53")]
const fn whole(value: f64) -> u64 {
    value as u64
}

/// A count in full.
#[must_use]
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// `8.03B`, `350M`: parameters and tokens, as the field writes them in every language.
#[must_use]
pub fn large(value: f64) -> String {
    match value {
        _ if value >= 1e15 => power_of_ten(value),
        _ if value >= 1e12 => format!("{}T", short(value / 1e12)),
        _ if value >= 1e9 => format!("{}B", short(value / 1e9)),
        _ if value >= 1e6 => format!("{}M", short(value / 1e6)),
        _ if value >= 1e5 => format!("{}k", short(value / 1e3)),
        _ => short(value),
    }
}

/// How many tokens or other things: by the words of the language, if it has any for such counts.
#[must_use]
pub fn many(lang: Lang, value: f64) -> String {
    by_words(lang.counts(), value).unwrap_or_else(|| large(value))
}

fn by_words(scales: &[(f64, &str)], value: f64) -> Option<String> {
    let (scale, word) = scales.iter().rfind(|(scale, _)| value >= *scale).filter(|_| (1e5..1e16).contains(&value))?;
    Some(format!("{}\u{a0}{word}", short(value / scale).replace(',', "")))
}

/// A ratio: two digits are plenty, and a small one is the other way round.
#[must_use]
pub fn ratio(value: f64) -> String {
    match value {
        // 1.04 times is not once.
        _ if (0.0995..1.095).contains(&value) => trimmed(&decimal(value, 2)),
        _ if value <= 0.0 || value >= 1.0 => few(value),
        _ => format!("1/{}", few(1.0 / value)),
    }
}

/// Two significant digits for what is uncertain by tens of percent; whole numbers from ten on.
#[must_use]
pub fn few(value: f64) -> String {
    if value >= 10.0 || value == 0.0 { decimal(value, 0) } else { trimmed(&decimal(value, 1)) }
}

/// Tokens, samples or steps per second: two or three digits.
#[must_use]
pub fn rate(per_second: f64) -> String {
    match per_second {
        _ if per_second >= 1000.0 => decimal((per_second / 10.0).round() * 10.0, 0),
        _ if per_second >= 9.95 => few(per_second),
        // With its zero: rates stand below each other.
        _ if per_second >= 0.095 => decimal(per_second, 1),
        _ => short(per_second),
    }
}

/// A share as percent; what is not nothing is never 0%.
#[must_use]
pub fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.005 { "<1%".to_owned() } else { format!("{}%", decimal(share * 100.0, 0)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_suit_the_size() {
        assert_eq!(decimal(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(decimal(9999.0, 0), "9,999");
        assert_eq!(count(999), "999");
        assert_eq!(decimal(-0.5, 1), "−0.5");
        assert_eq!(decimal(0.05, 1), "0.1");
        assert_eq!(short(0.0), "0");
        assert_eq!(short(8.03), "8.03");
        assert_eq!(short(45.678), "45.7");
        assert_eq!(short(0.000_000_12), "1.2×10⁻⁷");
        assert_eq!(decimal(3.2e21, 0), "3.2×10²¹");
        assert_eq!(large(8_030_261_248.0), "8.03B");
        assert_eq!(large(3.5e8), "350M");
        assert_eq!(large(2048.0), "2,048");
        assert_eq!(
            [1.35e11, 6.14e7, 2048.0, 2e12].map(|count| many(Lang::ZhCn, count)),
            ["1350\u{a0}亿", "6140\u{a0}万", "2,048", "2\u{a0}万亿"]
        );
        assert_eq!(many(Lang::En, 1.35e11), "135B");
        let german = [(1e6, "Mio."), (1e9, "Mrd.")];
        let said = [1.35e11, 6.14e7, 2e5, 2048.0, 1e16].map(|count| by_words(&german, count));
        assert_eq!(said, [Some("135\u{a0}Mrd.".to_owned()), Some("61.4\u{a0}Mio.".to_owned()), None, None, None]);
        assert_eq!(rate(12_345.0), "12,350");
        assert_eq!(rate(6.69), "6.7");
        assert_eq!((rate(1.04), rate(9.97)), ("1.0".to_owned(), "10".to_owned()));
        assert_eq!(rate(0.0123), "0.0123");
    }

    #[test]
    fn shares_and_ratios_are_short() {
        assert_eq!([0.135, 0.0625, 0.95, 1.04, 7.5, 23.4].map(ratio), ["0.14", "1/16", "0.95", "1.04", "7.5", "23"]);
        assert_eq!(percent(0.002), "<1%");
        assert_eq!(percent(0.98), "98%");
    }
}
