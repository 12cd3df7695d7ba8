//! Numbers as people type them: "8k", "7B", "12GB", "1.5e9", "1.2万", full-width digits.
//!
//! Pure and integer-based: the standard float parser costs a visitor several kilobytes.

/// What a typed number measures: decides suffixes and limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// Suffixes and what they multiply by, longest first.
    suffixes: &'static [(&'static str, f64)],
    /// Smallest value accepted.
    pub least: f64,
    /// Largest value accepted.
    pub most: f64,
    /// Only whole numbers.
    whole: bool,
    /// Something valid, to show in a message.
    pub example: &'static str,
}

/// Why a typed number was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No number at all.
    NotANumber,
    /// Below the least.
    TooSmall,
    /// Above the most.
    TooLarge,
    /// Has a fraction where there is none.
    NotWhole,
}

const DECIMAL: &[(&str, f64)] = &[
    ("k", 1e3),
    ("m", 1e6),
    ("b", 1e9),
    ("g", 1e9),
    ("t", 1e12),
    ("千", 1e3),
    ("万", 1e4),
    ("百万", 1e6),
    ("亿", 1e8),
    ("万亿", 1e12),
    ("", 1.0),
];
/// Context lengths come in powers of two: 8k is 8,192.
const LENGTH: &[(&str, f64)] = &[("k", 1024.0), ("m", 1_048_576.0), ("千", 1e3), ("万", 1e4), ("", 1.0)];
const GIB: &[(&str, f64)] = &[
    ("gib", 1.0),
    ("gb", 1.0),
    ("g", 1.0),
    ("tib", 1024.0),
    ("tb", 1024.0),
    ("mib", 1.0 / 1024.0),
    ("mb", 1.0 / 1024.0),
    ("", 1.0),
];
const GBS: &[(&str, f64)] = &[("gb/s", 1.0), ("tb/s", 1e3), ("g", 1.0), ("t", 1e3), ("", 1.0)];
const TFLOPS: &[(&str, f64)] = &[("tflops", 1.0), ("pflops", 1e3), ("t", 1.0), ("p", 1e3), ("", 1.0)];
const WATTS: &[(&str, f64)] = &[("w", 1.0), ("kw", 1e3), ("瓦", 1.0), ("千瓦", 1e3), ("", 1.0)];
const HOURS: &[(&str, f64)] = &[
    ("minutes", 1.0 / 60.0),
    ("min", 1.0 / 60.0),
    ("分钟", 1.0 / 60.0),
    ("hours", 1.0),
    ("hour", 1.0),
    ("h", 1.0),
    ("小时", 1.0),
    ("days", 24.0),
    ("day", 24.0),
    ("d", 24.0),
    ("天", 24.0),
    ("weeks", 168.0),
    ("week", 168.0),
    ("w", 168.0),
    ("周", 168.0),
    ("months", 730.0),
    ("month", 730.0),
    ("个月", 730.0),
    ("月", 730.0),
    ("", 1.0),
];
const BILLIONS: &[(&str, f64)] = &[("b", 1.0), ("m", 1e-3), ("t", 1e3), ("亿", 0.1), ("万亿", 1e3)];

impl Measure {
    /// Tokens of one sequence.
    pub const LENGTH: Self = Self { suffixes: LENGTH, least: 1.0, most: 1e8, whole: true, example: "8k" };
    /// Tokens of an output, which may be none.
    pub const OUTPUT: Self = Self { suffixes: LENGTH, least: 0.0, most: 1e8, whole: true, example: "512" };
    /// Samples or tokens in all.
    pub const AMOUNT: Self = Self { suffixes: DECIMAL, least: 1.0, most: 1e18, whole: true, example: "50k" };
    /// Passes over the data.
    pub const EPOCHS: Self = Self { suffixes: &[("", 1.0)], least: 0.001, most: 1e6, whole: false, example: "3" };
    /// Requests or sequences at once.
    pub const BATCH: Self = Self { suffixes: DECIMAL, least: 1.0, most: 1e6, whole: true, example: "16" };
    /// Cards.
    pub const CARDS: Self = Self { suffixes: &[("", 1.0)], least: 1.0, most: 1024.0, whole: true, example: "2" };
    /// A degree of parallelism or a rank.
    pub const DEGREE: Self = Self { suffixes: &[("", 1.0)], least: 1.0, most: 65_536.0, whole: true, example: "16" };
    /// An amount of money.
    pub const MONEY: Self = Self { suffixes: DECIMAL, least: 1.0, most: 1e8, whole: false, example: "12000" };
    /// A price that may be small.
    pub const PRICE: Self = Self { suffixes: DECIMAL, least: 0.0, most: 1e8, whole: false, example: "0.6" };
    /// A length of time, in hours.
    pub const HOURS: Self = Self { suffixes: HOURS, least: 0.01, most: 1e6, whole: false, example: "3d" };
    /// Power.
    pub const WATTS: Self = Self { suffixes: WATTS, least: 10.0, most: 1e6, whole: false, example: "850W" };
    /// Memory of a card, in GiB.
    pub const VRAM: Self = Self { suffixes: GIB, least: 0.25, most: 10_000.0, whole: false, example: "24GB" };
    /// Memory that is taken, in GiB.
    pub const RESERVED: Self = Self { suffixes: GIB, least: 0.0, most: 1_000.0, whole: false, example: "1.5GB" };
    /// Memory bandwidth, in GB/s.
    pub const BANDWIDTH: Self = Self { suffixes: GBS, least: 1.0, most: 100_000.0, whole: false, example: "936" };
    /// Arithmetic peak, in TFLOPS.
    pub const TFLOPS: Self = Self { suffixes: TFLOPS, least: 0.01, most: 100_000.0, whole: false, example: "71" };
    /// Model size, in billions of parameters; the unit must be written.
    pub const BILLIONS: Self = Self { suffixes: BILLIONS, least: 0.001, most: 10_000.0, whole: false, example: "13B" };
    /// Power usage effectiveness.
    pub const PUE: Self = Self { suffixes: &[("", 1.0)], least: 1.0, most: 5.0, whole: false, example: "1.2" };

    /// Reads a typed number in the base unit of this measure.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, typed: &str) -> Result<f64, Fault> {
        let text = plain(typed);
        let (number, rest) = split(&text).ok_or(Fault::NotANumber)?;
        let (_, factor) = self.suffixes.iter().find(|(suffix, _)| *suffix == rest).ok_or(Fault::NotANumber)?;
        // Parts are divided, not multiplied by an inexact fraction: 350M is 0.35 billion to the last digit.
        let value = if *factor < 1.0 { number / (1.0 / factor).round() } else { number * factor };
        if !value.is_finite() || value > self.most {
            return Err(Fault::TooLarge);
        }
        if value < self.least {
            return Err(Fault::TooSmall);
        }
        // "1.1k" is meant as it says, so a suffix may leave a fraction, which is rounded away.
        if self.whole && value.fract() != 0.0 && rest.is_empty() {
            return Err(Fault::NotWhole);
        }
        Ok(if self.whole { value.round() } else { value })
    }
}

/// Full-width signs to ASCII, lower case, without spaces, digit groups, currency signs and words that add nothing.
fn plain(typed: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let mut text: String = typed
        .chars()
        .map(narrow)
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '_' | '¥' | '\u{ffe5}' | '$' | '€' | '~' | '约' | '元'))
        .collect();
    for word in ["tokens", "token", "usd", "cny", "rmb", "eur"] {
        if text.ends_with(word) {
            text.truncate(text.len() - word.len());
        }
    }
    text
}

/// The leading number and what follows it.
fn split(text: &str) -> Option<(f64, &str)> {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let (sign, unsigned) = unsigned.strip_prefix(['-', '−']).map_or((1.0, unsigned), |rest| (-1.0, rest));
    let whole = leading_digits(unsigned);
    let (fraction, rest) = match whole.1.strip_prefix('.') {
        Some(after) => leading_digits(after),
        None => ("", whole.1),
    };
    if whole.0.is_empty() && fraction.is_empty() {
        return None;
    }
    let (exponent, rest) = exponent(rest).unwrap_or((0, rest));
    let mantissa = whole
        .0
        .chars()
        .chain(fraction.chars())
        .filter_map(|c| c.to_digit(10))
        .fold(0.0, |sum, digit| sum * 10.0 + f64::from(digit));
    let power = exponent - i32::try_from(fraction.len()).ok()?;
    Some((sign * scale(mantissa, power), rest))
}

/// Dividing by a power of ten is exact where multiplying by its inverse is not.
fn scale(mantissa: f64, power: i32) -> f64 {
    if power < 0 { mantissa / 10f64.powi(-power) } else { mantissa * 10f64.powi(power) }
}

fn leading_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// `e9`, `e+9`, `e-3`.
fn exponent(text: &str) -> Option<(i32, &str)> {
    let after = text.strip_prefix('e')?;
    let (sign, after) = match after.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, after.strip_prefix('+').unwrap_or(after)),
    };
    let (digits, rest) = leading_digits(after);
    let value = digits
        .chars()
        .filter_map(|c| c.to_digit(10))
        .fold(None, |sum: Option<i32>, digit| Some(sum.unwrap_or(0).saturating_mul(10).saturating_add_unsigned(digit).min(400)))?;
    Some((sign * value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(measure: Measure, typed: &str, value: f64) {
        assert_eq!(measure.read(typed), Ok(value), "{typed}");
    }

    #[test]
    fn units_people_type() {
        reads(Measure::LENGTH, "2048", 2048.0);
        reads(Measure::LENGTH, "8k", 8192.0);
        reads(Measure::LENGTH, " 32 K tokens", 32_768.0);
        reads(Measure::LENGTH, "4,096", 4096.0);
        reads(Measure::LENGTH, "２０４８", 2048.0);
        reads(Measure::AMOUNT, "1.5e9", 1.5e9);
        reads(Measure::AMOUNT, "52k", 52_000.0);
        reads(Measure::AMOUNT, "10亿", 1e9);
        reads(Measure::AMOUNT, "1.2万", 12_000.0);
        reads(Measure::MONEY, "¥12,000", 12_000.0);
        reads(Measure::MONEY, "1.2万元", 12_000.0);
        reads(Measure::MONEY, "＄1999.99", 1999.99);
        reads(Measure::VRAM, "12GB", 12.0);
        reads(Measure::VRAM, "512 MiB", 0.5);
        reads(Measure::HOURS, "3d", 72.0);
        reads(Measure::HOURS, "90 min", 1.5);
        reads(Measure::HOURS, "2周", 336.0);
        reads(Measure::WATTS, "0.85kW", 850.0);
        reads(Measure::BILLIONS, "7B", 7.0);
        reads(Measure::BILLIONS, "70亿", 7.0);
        reads(Measure::BILLIONS, "350M", 0.35);
        reads(Measure::PRICE, "0.6", 0.6);
    }

    #[test]
    fn mistakes_have_names() {
        for garbage in ["", "abc", "8x", "1.2.3", "--4", "e9", "NaN", "inf", "12 GB of memory", "。", "<script>"] {
            assert_eq!(Measure::LENGTH.read(garbage), Err(Fault::NotANumber), "{garbage}");
        }
        assert_eq!(Measure::LENGTH.read("0"), Err(Fault::TooSmall));
        assert_eq!(Measure::LENGTH.read("-5"), Err(Fault::TooSmall));
        assert_eq!(Measure::LENGTH.read("1.5"), Err(Fault::NotWhole));
        assert_eq!(Measure::LENGTH.read("1e30"), Err(Fault::TooLarge));
        assert_eq!(Measure::AMOUNT.read("1e999999999999"), Err(Fault::TooLarge));
        assert_eq!(Measure::AMOUNT.read("1e-400"), Err(Fault::TooSmall));
        assert_eq!(Measure::BILLIONS.read("7"), Err(Fault::NotANumber));
    }
}
