//! From what is on the keyboard to digits, a power of ten and a suffix.

use whichcard::text::words::{AFTER, BEFORE, MONEY};
use whichcard::units::Currency;

/// What stands around a number and adds nothing, besides words of the languages.
const SIGNS_BEFORE: &[&str] = &["usd", "us", "cny", "rmb", "eur"];
const SIGNS_AFTER: &[&str] = &["/kwh", "/h", "usd", "cny", "rmb", "eur", "gpus", "gpu", "px"];

/// Signs of currencies, besides their words.
const CURRENCIES: &[(&str, Currency)] = &[
    ("$", Currency::Usd),
    ("＄", Currency::Usd),
    ("usd", Currency::Usd),
    ("€", Currency::Eur),
    ("eur", Currency::Eur),
    ("¥", Currency::Cny),
    ("\u{ffe5}", Currency::Cny),
    ("cny", Currency::Cny),
    ("rmb", Currency::Cny),
];

/// The currency that stands beside a number.
pub fn currency(typed: &str) -> Option<Currency> {
    let text = typed.to_ascii_lowercase();
    CURRENCIES.iter().chain(MONEY).find(|(word, _)| text.contains(word)).map(|(_, currency)| *currency)
}

/// A letter, digit or sign of a Chinese keyboard's full width in ASCII; anything else as it is.
pub fn narrow(c: char) -> char {
    match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        // The space.
        0x3000 => ' ',
        // The full stop.
        0x3002 => '.',
        _ => c,
    }
}

/// Full-width signs to ASCII, lower case, without spaces, digit groups, currency signs and words that add nothing.
pub(super) fn plain(typed: &str) -> String {
    let text: String = typed
        .chars()
        .map(narrow)
        .map(|letter| letter.to_ascii_lowercase())
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '¥' | '\u{ffe5}' | '$' | '€' | '~'))
        .collect();
    ungrouped(without_words(&text))
}

fn without_words(text: &str) -> &str {
    let text = SIGNS_BEFORE.iter().chain(BEFORE).find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    match AFTER.iter().chain(SIGNS_AFTER).find_map(|word| text.strip_suffix(word)) {
        Some(rest) => without_words(rest),
        None => text,
    }
}

/// A single comma with one or two digits behind it is the decimal comma of many languages; any other groups digits. A comma behind
/// a point divides too, with the points as groups ("3.500,00"), or means nothing.
fn ungrouped(text: &str) -> String {
    if let Some((before, after)) = text.split_once(',')
        && before.contains('.')
    {
        let groups = before.split('.').skip(1).all(|group| group.len() == 3);
        return if groups && !after.contains([',', '.']) {
            format!("{}.{after}", before.replace('.', ""))
        } else {
            text.to_owned()
        };
    }
    let divides = text.split_once(',').is_some_and(|(before, after)| {
        let digits = after.chars().take_while(char::is_ascii_digit).count();
        let single = !after.contains([',', '.']) && !before.contains('.');
        single && matches!(digits, 1 | 2) && before.ends_with(|c: char| c.is_ascii_digit())
    });
    text.replace(',', if divides { "." } else { "" })
}

/// The leading number and what follows it.
pub(super) fn split(text: &str) -> Option<(f64, &str)> {
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
