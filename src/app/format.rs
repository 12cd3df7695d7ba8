//! The one place that turns quantities into text for the screen.
//!
//! Digits come from integers: the standard float printer costs a visitor several kilobytes, and this way the text is the same in
//! every browser. Three significant digits are the most an estimate deserves.

use whichcard::text::{Lang, grouped, say};
use whichcard::units::{Bytes, BytesPerSecond, Currency, FlopsPerSecond, Joules, Money, Seconds, Watts};

/// A number with this many decimals and digit groups.
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

/// A count as a float: exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
pub const fn float(count: u64) -> f64 {
    count as f64
}

/// A count in full.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// `8.03B`, `350M`: parameters and tokens, as the field writes them in both languages.
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

/// How many tokens or other things: in Chinese by 万 and 亿.
pub fn many(lang: Lang, value: f64) -> String {
    let (unit, scale) = match value {
        _ if lang != Lang::ZhCn || !(1e5..1e16).contains(&value) => return large(value),
        _ if value >= 1e12 => ("万亿", 1e12),
        _ if value >= 1e8 => ("亿", 1e8),
        _ => ("万", 1e4),
    };
    format!("{}\u{a0}{unit}", short(value / scale).replace(',', ""))
}

/// GiB with one decimal, without the unit: for what is compared with the memory of a card.
pub fn gib(bytes: Bytes) -> String {
    let value = bytes.as_gib();
    if value >= 1000.0 { decimal(value, 0) } else { decimal(value, 1) }
}

/// Memory with its unit: GiB, and MiB below one.
pub fn memory(bytes: Bytes) -> String {
    let mib = bytes.get() / 1_048_576.0;
    match mib {
        _ if mib <= 0.0 => "0".to_owned(),
        _ if mib < 0.05 => format!("{}\u{a0}KiB", short(mib * 1024.0)),
        _ if mib < 1000.0 => format!("{}\u{a0}MiB", few(mib)),
        _ => format!("{}\u{a0}GiB", gib(bytes)),
    }
}

/// From one size of memory to another, in the unit of the larger.
pub fn memories(low: Bytes, high: Bytes) -> String {
    let small = high.as_gib() * 1024.0 < 1000.0;
    let low = if small { few(low.get() / 1_048_576.0) } else { gib(low) };
    format!("{low}–{}", memory(high))
}

/// Bytes for each of something: fractions matter where they are few.
pub fn bytes_each(bytes: Bytes) -> String {
    let value = bytes.get();
    match value {
        _ if value < 1024.0 => format!("{}\u{a0}B", short(value)),
        _ if value < 1_048_576.0 => format!("{}\u{a0}KiB", short(value / 1024.0)),
        _ => memory(bytes),
    }
}

/// The memory on the box: `24 GB`.
pub fn vram(bytes: Bytes) -> String {
    format!("{}\u{a0}GB", short(bytes.as_gib()))
}

/// Decimal GB/s or TB/s, as vendors print it.
pub fn bandwidth(rate: BytesPerSecond) -> String {
    let value = rate.as_giga();
    if value >= 1000.0 { format!("{}\u{a0}TB/s", short(value / 1000.0)) } else { format!("{}\u{a0}GB/s", short(value)) }
}

/// TFLOPS.
pub fn tflops(rate: FlopsPerSecond) -> String {
    format!("{}\u{a0}TFLOPS", short(rate.as_tera()))
}

/// Watts or kilowatts.
pub fn watts(power: Watts) -> String {
    if power.get() >= 10_000.0 {
        format!("{}\u{a0}kW", short(power.get() / 1000.0))
    } else {
        format!("{}\u{a0}W", short(power.get()))
    }
}

/// Watt-hours to megawatt-hours.
pub fn energy(energy: Joules) -> String {
    let kwh = energy.as_kwh();
    match kwh {
        _ if kwh >= 10_000.0 => format!("{}\u{a0}MWh", short(kwh / 1000.0)),
        _ if kwh >= 0.1 || kwh == 0.0 => format!("{}\u{a0}kWh", short(kwh)),
        _ => format!("{}\u{a0}Wh", short(kwh * 1000.0)),
    }
}

/// Emissions: grams, kilograms or tonnes.
pub fn mass(grams: f64) -> String {
    match grams {
        _ if grams >= 1e6 => format!("{}\u{a0}t", short(grams / 1e6)),
        _ if grams >= 1e3 => format!("{}\u{a0}kg", short(grams / 1e3)),
        _ => format!("{}\u{a0}g", short(grams)),
    }
}

/// A length of time in the one unit that suits it.
pub fn duration(lang: Lang, time: Seconds) -> String {
    let (key, value) = in_unit(time);
    say(lang, key, &[("n", &few(value))])
}

/// From one length of time to another, with the unit once where both have the same.
pub fn durations(lang: Lang, low: Seconds, high: Seconds) -> String {
    let ((low_key, low_value), (high_key, high_value)) = (in_unit(low), in_unit(high));
    if low_key == high_key {
        return say(lang, low_key, &[("n", &format!("{}–{}", few(low_value), few(high_value)))]);
    }
    say(lang, "app.range", &[("low", &duration(lang, low)), ("high", &duration(lang, high))])
}

/// A round length of time on an axis, in the largest unit that it is one of.
pub fn time_mark(lang: Lang, time: Seconds) -> String {
    let key = match time.get() {
        86_400.0 => "app.unit.day",
        3600.0 => "app.unit.hours",
        60.0 => "app.unit.minutes",
        _ => return duration(lang, time),
    };
    say(lang, key, &[("n", "1")])
}

/// The unit that suits a length of time, and how many of it.
fn in_unit(time: Seconds) -> (&'static str, f64) {
    let seconds = time.get();
    match seconds {
        _ if seconds == 0.0 => ("app.unit.seconds", 0.0),
        _ if seconds < 1e-3 => ("app.unit.microseconds", seconds * 1e6),
        _ if seconds < 1.0 => ("app.unit.milliseconds", seconds * 1e3),
        _ if seconds < 100.0 => ("app.unit.seconds", seconds),
        _ if seconds < 6000.0 => ("app.unit.minutes", seconds / 60.0),
        _ if seconds < 48.0 * 3600.0 => ("app.unit.hours", seconds / 3600.0),
        _ if seconds < 730.0 * 86_400.0 => ("app.unit.days", seconds / 86_400.0),
        _ => ("app.unit.years", seconds / (365.25 * 86_400.0)),
    }
}

/// A ratio: two digits are plenty, and a small one is the other way round.
pub fn ratio(value: f64) -> String {
    match value {
        // 1.04 times is not once.
        _ if (0.0995..1.095).contains(&value) => trimmed(&decimal(value, 2)),
        _ if value <= 0.0 || value >= 1.0 => few(value),
        _ => format!("1/{}", few(1.0 / value)),
    }
}

/// A date in prose: the day of a price says nothing.
pub fn month(lang: Lang, iso: &str) -> String {
    let mut parts = iso.split('-');
    let year = parts.next().unwrap_or(iso);
    match parts.next() {
        Some(month) => say(lang, &format!("app.month.{month}"), &[("year", year)]),
        None => say(lang, "app.month.none", &[("year", year)]),
    }
}

/// Two significant digits for what is uncertain by tens of percent; whole numbers from ten on.
pub fn few(value: f64) -> String {
    if value >= 10.0 || value == 0.0 { decimal(value, 0) } else { trimmed(&decimal(value, 1)) }
}

/// Tokens, samples or steps per second: two or three digits.
pub fn rate(per_second: f64) -> String {
    match per_second {
        _ if per_second >= 1000.0 => decimal((per_second / 10.0).round() * 10.0, 0),
        _ if per_second >= 9.95 => few(per_second),
        // With its zero: rates stand below each other.
        _ if per_second >= 0.095 => decimal(per_second, 1),
        _ => short(per_second),
    }
}

/// An amount with its sign; cents only below 100.
pub fn money(money: Money) -> String {
    let sign = match money.currency {
        Currency::Usd => "$",
        Currency::Cny => "¥",
        Currency::Eur => "€",
    };
    let amount = money.amount;
    if amount < 0.0 {
        return format!("−{}", self::money(Money { amount: -amount, ..money }));
    }
    match amount {
        _ if amount > 0.0 && amount < 0.01 => format!("<{sign}0.01"),
        _ if amount < 100.0 && amount.fract() != 0.0 => format!("{sign}{}", decimal(amount, 2)),
        _ => format!("{sign}{}", decimal(amount, 0)),
    }
}

/// An amount that follows from an estimated time: no more than three digits of it are known.
pub fn bill(bill: Money) -> String {
    let mut step = 1.0;
    while bill.amount.abs() / step >= 999.5 && step < 1e15 {
        step *= 10.0;
    }
    let amount = if bill.amount.abs() >= 999.5 { (bill.amount / step).round() * step } else { bill.amount };
    money(Money { amount, ..bill })
}

/// An amount without its sign, as it would be typed: cents only where it is small.
pub fn amount(value: f64) -> String {
    if value < 100.0 { short(value) } else { decimal(value, 0) }
}

/// A share as percent; what is not nothing is never 0%.
pub fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.005 { "<1%".to_owned() } else { format!("{}%", decimal(share * 100.0, 0)) }
}

/// A length in a style attribute, in percent with two decimals.
pub fn css_percent(share: f64) -> String {
    let bounded = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let hundredths = whole((bounded * 10_000.0).round());
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
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
        assert_eq!(rate(12_345.0), "12,350");
        assert_eq!(rate(6.69), "6.7");
        assert_eq!((rate(1.04), rate(9.97)), ("1.0".to_owned(), "10".to_owned()));
        assert_eq!(rate(0.0123), "0.0123");
    }

    #[test]
    fn units_suit_the_size() {
        assert_eq!(memory(Bytes::gib(11.96)), "12.0\u{a0}GiB");
        assert_eq!(memory(Bytes::mib(10.0)), "10\u{a0}MiB");
        assert_eq!(memory(Bytes::mib(0.03)), "30.7\u{a0}KiB");
        assert_eq!(memory(Bytes::mib(550.4)), "550\u{a0}MiB");
        assert_eq!(memory(Bytes::ZERO), "0");
        assert_eq!(memory(Bytes::gib(2345.6)), "2,346\u{a0}GiB");
        assert_eq!(bytes_each(Bytes::new(0.5625)), "0.563\u{a0}B");
        assert_eq!(bytes_each(Bytes::new(53_248.0)), "52\u{a0}KiB");
        assert_eq!(mass(12.49), "12.5\u{a0}g");
        assert_eq!(mass(45_600.0), "45.6\u{a0}kg");
        assert_eq!(bandwidth(BytesPerSecond::giga(936.2)), "936\u{a0}GB/s");
        assert_eq!(bandwidth(BytesPerSecond::giga(3350.0)), "3.35\u{a0}TB/s");
        assert_eq!(duration(Lang::En, Seconds::new(45.4)), "45\u{a0}s");
        assert_eq!(duration(Lang::En, Seconds::new(4.0 * 3600.0)), "4\u{a0}h");
        assert_eq!(duration(Lang::ZhCn, Seconds::new(3.0 * 86_400.0)), "3\u{a0}天");
        assert_eq!(durations(Lang::En, Seconds::new(2040.0), Seconds::new(4140.0)), "34–69\u{a0}min");
        assert_eq!(durations(Lang::ZhCn, Seconds::new(2040.0), Seconds::new(4140.0)), "34–69\u{a0}分钟");
        assert_eq!(durations(Lang::ZhCn, Seconds::new(162_000.0), Seconds::new(250_560.0)), "45\u{a0}小时至 2.9\u{a0}天");
        assert_eq!(money(Money { amount: 4569.0, currency: Currency::Usd }), "$4,569");
        assert_eq!(money(Money { amount: 12_499.0, currency: Currency::Cny }), "¥12,499");
        assert_eq!(money(Money { amount: 0.35, currency: Currency::Usd }), "$0.35");
        let billed = |amount| bill(Money { amount, currency: Currency::Usd });
        assert_eq!((billed(14_771_972.0), billed(1_234.0), billed(99.5)), ("$14,800,000".into(), "$1,230".into(), "$99.50".into()));
        assert_eq!(
            [time_mark(Lang::En, Seconds::new(60.0)), time_mark(Lang::En, Seconds::new(86_400.0))],
            ["1\u{a0}min", "1\u{a0}day"]
        );
        assert_eq!(memories(Bytes::gib(0.6), Bytes::mib(783.0)), "614–783\u{a0}MiB");
        assert_eq!(memories(Bytes::mib(900.0), Bytes::gib(1.3)), "0.9–1.3\u{a0}GiB");
        assert_eq!([0.135, 0.0625, 0.95, 1.04, 7.5, 23.4].map(ratio), ["0.14", "1/16", "0.95", "1.04", "7.5", "23"]);
        assert_eq!(percent(0.002), "<1%");
        assert_eq!(percent(0.98), "98%");
        assert_eq!(css_percent(0.123_456), "12.35%");
        assert_eq!(css_percent(f64::NAN), "0.00%");
        assert_eq!(css_percent(7.0), "100.00%");
    }
}
