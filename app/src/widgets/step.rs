//! One step up or down from a number, as the arrow keys take it: to the next usual value, beyond those by one in its first digit, and
//! to the number that was typed. So a step down takes back a step up, wherever it began.

use crate::number::plain;

/// The next value, of the ladder or as it was typed; none below nothing.
pub fn stepped(stops: &[f64], typed: Option<f64>, now: f64, up: bool) -> Option<f64> {
    let next = on_ladder(stops, now, up);
    // What was typed is a rung of its own.
    let on_the_way = |typed: &f64| if up { *typed > now && *typed < next } else { *typed < now && *typed > next };
    let next = typed.filter(on_the_way).unwrap_or(next);
    (next > 0.0 && next.is_finite()).then_some(next)
}

/// The next of the usual values, or of those by first digit below the first and above the last of them.
fn on_ladder(stops: &[f64], now: f64, up: bool) -> f64 {
    let digit = by_first_digit(now, up);
    let (Some(first), Some(last)) = (stops.first(), stops.last()) else { return digit };
    match up {
        true if now < *first => digit.min(*first),
        true => stops.iter().find(|stop| **stop > now).copied().unwrap_or(digit),
        false if now > *last => digit.max(*last),
        false => stops.iter().rev().find(|stop| **stop < now).copied().unwrap_or(digit),
    }
}

/// 72 to 80 or 70, 100 to 200 or 90.
fn by_first_digit(now: f64, up: bool) -> f64 {
    let mut step = if now < 1.0 { 0.1 } else { 1.0 };
    while step * 10.0 < now || (up && step * 10.0 <= now) {
        step *= 10.0;
    }
    let steps = now / step;
    // Places of the grid that floating point has missed by a hair are on it.
    let on = (steps - steps.round()).abs() < 1e-9;
    let whole = match (on, up) {
        (true, true) => steps.round() + 1.0,
        (true, false) => steps.round() - 1.0,
        (false, true) => steps.ceil(),
        (false, false) => steps.floor(),
    };
    whole * step
}

/// The next number among the words that stand around the one that was typed: "3000 CNY" steps to "4000 CNY". Where those words scale the
/// number ("8k"), it stands alone.
#[inline(never)]
pub fn within(typed: &str, now: f64, next: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let whole = || {
        let first = typed.find(|c: char| c.is_ascii_digit())?;
        let (before, number) = typed.split_at_checked(first)?;
        let (number, after) = number.split_at_checked(number.find(|c| !is_digit(c)).unwrap_or(number.len()))?;
        (plain(number) == Some(now)).then(|| format!("{before}{next}{after}"))
    };
    whole().unwrap_or_else(|| next.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_number_stays() {
        for (typed, now, then) in [
            ("3000 CNY", 3000.0, "4000 CNY"),
            ("¥3,000", 3000.0, "¥4000"),
            ("3000元", 3000.0, "4000元"),
            ("3000", 3000.0, "4000"),
            ("", 3000.0, "4000"),
            ("3k", 3000.0, "4000"),
            ("0.3万", 3000.0, "4000"),
        ] {
            assert_eq!(within(typed, now, "4000"), then, "{typed}");
        }
    }

    #[test]
    fn steps_follow_the_usual_values_and_then_the_first_digit() {
        let stops = [1.0, 2.0, 4.0];
        let stepped = |stops: &[f64], now, up| stepped(stops, None, now, up);
        assert_eq!(stepped(&stops, 2.0, true), Some(4.0));
        assert_eq!(stepped(&stops, 3.0, false), Some(2.0));
        assert_eq!(stepped(&stops, 4.0, true), Some(5.0));
        for (now, up, then) in [
            (72.0, true, 80.0),
            (72.0, false, 70.0),
            (100.0, true, 200.0),
            (100.0, false, 90.0),
            (12_000.0, true, 20_000.0),
            (1.0, true, 2.0),
        ] {
            assert_eq!(stepped(&[], now, up), Some(then), "{now} {up}");
        }
        assert!((stepped(&[], 0.5, true).unwrap() - 0.6).abs() < 1e-12);
        assert_eq!(stepped(&[], 1.0, false), None);
        assert_eq!(stepped(&[], 0.0, false), None);
        assert_eq!(stepped(&[], f64::MAX, true), None);
    }

    #[test]
    fn down_takes_back_up_wherever_it_began() {
        let board: Vec<f64> = (10..=20).map(|step| (450.0 * f64::from(step) / 20.0).round()).collect();
        let ladders: [&[f64]; 4] = [&[], &[1.0, 2.0, 4.0, 8.0], &[128.0, 256.0, 512.0], &board];
        for stops in ladders {
            for typed in [1.0, 3.0, 7.0, 9.0, 72.0, 90.0, 100.0, 130.0, 400.0, 405.0, 512.0, 4711.0] {
                let step = |now, up| stepped(stops, Some(typed), now, up);
                let mut seen = vec![typed];
                for _ in 0..12 {
                    seen.extend(step(*seen.last().unwrap(), true));
                }
                for way in seen.windows(2) {
                    assert_eq!(step(way[1], false), Some(way[0]), "{typed} on {stops:?}: {seen:?}");
                }
            }
        }
        assert_eq!(stepped(&board, Some(400.0), 400.0, true), Some(405.0));
        assert_eq!(stepped(&board, Some(400.0), 405.0, false), Some(400.0));
    }
}
