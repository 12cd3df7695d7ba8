//! From values to places along an axis.

/// The ends of an axis, and whether equal steps are equal factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    log: bool,
}

impl Scale {
    /// From nothing to a little above the largest value.
    pub fn linear(values: impl Iterator<Item = f64>) -> Self {
        let high = values.fold(0.0, f64::max);
        Self { low: 0.0, high: if high > 0.0 { high * 1.08 } else { 1.0 }, log: false }
    }

    /// Around values above nothing, with some room at both ends.
    pub fn log(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) =
            values.filter(|value| *value > 0.0).fold((f64::MAX, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        if high <= 0.0 {
            return Self { low: 1.0, high: 10.0, log: true };
        }
        Self { low: low / 1.25, high: high * 1.25, log: true }
    }

    /// The values at its two ends.
    pub const fn ends(self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Where a value lies, as a share of the axis; what lies beyond an end stands at it.
    pub fn at(self, value: f64) -> f64 {
        let share = if self.log {
            (value.max(f64::MIN_POSITIVE) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Those of some round values that lie on the axis, thinned out to a readable number.
    pub fn among(self, round: &[f64]) -> Vec<f64> {
        let inside: Vec<f64> = round.iter().copied().filter(|value| (self.low..=self.high).contains(value)).collect();
        let every = inside.len().div_ceil(MOST).max(1);
        let mut marks: Vec<f64> = Vec::new();
        for value in inside.into_iter().step_by(every) {
            if marks.last().is_none_or(|last| self.at(value) - self.at(*last) >= APART) {
                marks.push(value);
            }
        }
        marks
    }

    /// Round values on a linear axis: steps of 1, 2 or 5 times a power of ten, or powers of two for memory.
    pub fn steps(self, steps: &[f64]) -> Vec<f64> {
        let step = steps.iter().copied().find(|step| self.high / step <= MANY).unwrap_or(self.high);
        let mut mark = 0.0;
        let mut marks = Vec::new();
        while mark <= self.high && marks.len() < 12 {
            marks.push(mark);
            mark += step;
        }
        marks
    }
}

/// Most labels on a logarithmic axis.
const MOST: usize = 7;
/// The least share of an axis between two labels: a line and a half of the lowest chart.
const APART: f64 = 0.085;
/// Most steps on a linear one.
const MANY: f64 = 6.0;

/// Round values: 1, 2 and 5 times powers of ten, or the powers alone where they are enough.
pub fn round_ticks(scale: Scale) -> Vec<f64> {
    let all: Vec<f64> = (-3..9).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(power))).collect();
    let marks = scale.among(&all);
    let tens: Vec<f64> = (-3..9).map(|power| 10f64.powi(power)).collect();
    let powers = scale.among(&tens);
    if powers.len() >= 3 { powers } else { marks }
}

/// Round lengths of time, in seconds, in the units people think in.
pub fn time_ticks(scale: Scale) -> Vec<f64> {
    const MINUTE: f64 = 60.0;
    const HOUR: f64 = 3600.0;
    const DAY: f64 = 86_400.0;
    const YEAR: f64 = 31_557_600.0;
    const COARSE: [f64; 13] =
        [0.001, 0.01, 0.1, 1.0, 10.0, MINUTE, 10.0 * MINUTE, HOUR, 10.0 * HOUR, 4.0 * DAY, 40.0 * DAY, 400.0 * DAY, 10.0 * YEAR];
    const FINE: [f64; 24] = [
        0.5,
        1.0,
        2.0,
        5.0,
        10.0,
        30.0,
        MINUTE,
        2.0 * MINUTE,
        5.0 * MINUTE,
        10.0 * MINUTE,
        30.0 * MINUTE,
        HOUR,
        HOUR * 2.0,
        HOUR * 5.0,
        HOUR * 10.0,
        HOUR * 24.0,
        DAY * 2.0,
        DAY * 5.0,
        DAY * 10.0,
        DAY * 30.0,
        DAY * 100.0,
        DAY * 300.0,
        YEAR * 2.0,
        YEAR * 5.0,
    ];
    let coarse = scale.among(&COARSE);
    if coarse.len() >= 4 { coarse } else { scale.among(&FINE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_lie_inside_and_order_is_kept() {
        for scale in [Scale::log([3.0, 400.0].into_iter()), Scale::linear([3.0, 400.0].into_iter())] {
            assert!(scale.at(3.0) >= 0.0 && scale.at(3.0) < scale.at(30.0) && scale.at(30.0) < scale.at(400.0));
            assert!(scale.at(400.0) < 1.0);
        }
        assert_eq!(Scale::log([5.0].into_iter()).at(-1.0), 0.0);
        assert_eq!(Scale::linear(std::iter::empty()).at(f64::NAN), 0.0);
    }

    #[test]
    fn equal_factors_are_equal_steps() {
        let scale = Scale::log([1.0, 1000.0].into_iter());
        let (first, second) = (scale.at(10.0) - scale.at(1.0), scale.at(100.0) - scale.at(10.0));
        assert!((first - second).abs() < 1e-12);
    }

    #[test]
    fn there_are_always_a_few_labels() {
        for (low, high) in [(200.0, 40_000.0), (900.0, 1100.0), (0.02, 0.09), (1.0, 1e6)] {
            let marks = round_ticks(Scale::log([low, high].into_iter()));
            assert!((1..=MOST).contains(&marks.len()), "{low}..{high}: {marks:?}");
        }
        for (low, high) in [(40.0, 4000.0), (3600.0, 90_000.0), (1e3, 1e8), (0.4, 3.0)] {
            let marks = time_ticks(Scale::log([low, high].into_iter()));
            assert!((2..=MOST).contains(&marks.len()), "{low}..{high}: {marks:?}");
        }
    }
}
