//! Lengths of time, and dates.

use super::number::few;
use crate::text::{Lang, say};
use crate::units::Seconds;

/// A length of time in the one unit that suits it.
#[must_use]
pub fn duration(lang: Lang, time: Seconds) -> String {
    let (key, value) = in_unit(time);
    say(lang, key, &[("n", &few(value))])
}

/// From one length of time to another, with the unit once where both have the same.
#[must_use]
pub fn durations(lang: Lang, low: Seconds, high: Seconds) -> String {
    let ((low_key, low_value), (high_key, high_value)) = (in_unit(low), in_unit(high));
    if low_key == high_key {
        return say(lang, low_key, &[("n", &format!("{}–{}", few(low_value), few(high_value)))]);
    }
    say(lang, "app.range", &[("low", &duration(lang, low)), ("high", &duration(lang, high))])
}

/// A round length of time on an axis, in the largest unit that it is one of.
#[must_use]
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

/// A date in prose: the day of a price says nothing.
#[must_use]
pub fn month(lang: Lang, iso: &str) -> String {
    let mut parts = iso.split('-');
    let year = parts.next().unwrap_or(iso);
    match parts.next() {
        Some(month) => say(lang, &format!("app.month.{month}"), &[("year", year)]),
        None => say(lang, "app.month.none", &[("year", year)]),
    }
}

/// A date of which the day counts, such as that of the catalogue; one without a day as its month.
#[must_use]
pub fn day(lang: Lang, iso: &str) -> String {
    match iso.splitn(3, '-').nth(2) {
        Some(day) => say(lang, "app.day", &[("day", day.trim_start_matches('0')), ("month", &month(lang, iso))]),
        None => month(lang, iso),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_the_language_does() {
        assert_eq!([day(Lang::En, "2026-11-06"), day(Lang::En, "2026-11")], ["6\u{a0}Nov\u{a0}2026", "Nov\u{a0}2026"]);
        assert_eq!(
            [day(Lang::ZhCn, "2026-11-06"), day(Lang::ZhCn, "2026")],
            ["2026\u{a0}年\u{a0}11\u{a0}月\u{a0}6\u{a0}日", "2026\u{a0}年"]
        );
    }

    #[test]
    fn the_unit_suits_the_length() {
        assert_eq!(duration(Lang::En, Seconds::new(45.4)), "45\u{a0}s");
        assert_eq!(duration(Lang::En, Seconds::new(4.0 * 3600.0)), "4\u{a0}h");
        assert_eq!(duration(Lang::ZhCn, Seconds::new(3.0 * 86_400.0)), "3\u{a0}天");
        assert_eq!(durations(Lang::En, Seconds::new(2040.0), Seconds::new(4140.0)), "34–69\u{a0}min");
        assert_eq!(durations(Lang::ZhCn, Seconds::new(2040.0), Seconds::new(4140.0)), "34–69\u{a0}分钟");
        assert_eq!(durations(Lang::ZhCn, Seconds::new(162_000.0), Seconds::new(250_560.0)), "45\u{a0}小时至 2.9\u{a0}天");
        assert_eq!(
            [time_mark(Lang::En, Seconds::new(60.0)), time_mark(Lang::En, Seconds::new(86_400.0))],
            ["1\u{a0}min", "1\u{a0}day"]
        );
    }
}
