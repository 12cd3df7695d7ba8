//! What a field accepts, in parts that every language can say in its own way.

use crate::units::real;

/// What is allowed where something was refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Allowed {
    /// Nothing to add: the sentence of the mistake says it all.
    Said,
    /// A number within bounds.
    Number(Limit),
    /// One of these names.
    Choices(Vec<String>),
    /// The phrase `error.allowed.<key>` with its values.
    Phrase(&'static str, Vec<(&'static str, String)>),
    /// What another program expects, in that program's own words.
    Quoted(String),
}

impl Allowed {
    /// A phrase without values.
    #[must_use]
    pub const fn phrase(key: &'static str) -> Self {
        Self::Phrase(key, Vec::new())
    }

    /// One of a list of names.
    pub fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Choices(names.into_iter().map(str::to_owned).collect())
    }
}

impl From<Limit> for Allowed {
    fn from(limit: Limit) -> Self {
        Self::Number(limit)
    }
}

/// What the numbers of a field measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Nothing: a count or a ratio.
    One,
    /// Tokens.
    Tokens,
    /// Memory: the number is in bytes, and said in GiB.
    Bytes,
    /// Memory in GiB.
    Gibibytes,
    /// Bandwidth in GB/s.
    GigabytesPerSecond,
    /// A network in Gb/s.
    GigabitsPerSecond,
    /// Arithmetic in TFLOPS.
    Teraflops,
    /// Power.
    Watts,
    /// Time in hours.
    Hours,
    /// Parameters in billions.
    Billions,
}

impl Unit {
    /// The name in the locale files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Tokens => "tokens",
            Self::Bytes | Self::Gibibytes => "gib",
            Self::GigabytesPerSecond => "gb-per-second",
            Self::GigabitsPerSecond => "gbit-per-second",
            Self::Teraflops => "tflops",
            Self::Watts => "watts",
            Self::Hours => "hours",
            Self::Billions => "billions",
        }
    }

    /// How many of the numbers the field holds make one of the unit that is said.
    #[must_use]
    pub const fn scale(self) -> f64 {
        if matches!(self, Self::Bytes) { 1_073_741_824.0 } else { 1.0 }
    }
}

/// The numbers a field accepts, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Smallest.
    pub least: f64,
    /// Largest.
    pub most: f64,
    /// Only whole numbers.
    pub whole: bool,
    /// What they measure.
    pub unit: Unit,
}

impl Limit {
    /// Any number from `least` to `most`.
    #[must_use]
    pub const fn real(least: f64, most: f64, unit: Unit) -> Self {
        Self { least, most, whole: false, unit }
    }

    /// Whole numbers from `least` to `most`.
    #[must_use]
    pub const fn whole(least: f64, most: f64, unit: Unit) -> Self {
        Self { least, most, whole: true, unit }
    }

    /// Counts from `least` to `most`.
    #[must_use]
    pub const fn counts(least: u64, most: u64) -> Self {
        Self::whole(real(least), real(most), Unit::One)
    }

    /// Whether a number is accepted.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        value >= self.least && value <= self.most && !(self.whole && value.fract() != 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_includes_its_ends_and_no_nonsense() {
        let limit = Limit::whole(1.0, 8.0, Unit::One);
        assert!(limit.holds(1.0) && limit.holds(8.0));
        for value in [0.0, 1.5, 9.0, f64::NAN, f64::INFINITY, -1.0] {
            assert!(!limit.holds(value), "{value}");
        }
        assert!(Limit::real(0.0, 1.0, Unit::One).holds(0.5));
    }
}
