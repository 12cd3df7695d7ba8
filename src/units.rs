//! Quantities as types. A bare `f64` never carries a unit in its name.
//!
//! Every type wraps a finite `f64` in the SI-like base unit its name says. Products and quotients that mean something
//! (`Flops / FlopsPerSecond = Seconds`) are operators; anything else does not compile.

use crate::document::{Blank, Read, Reader, keyword};
use serde::Serialize;
use serde_json::Value;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

/// Hours of a month, as bills and deadlines count it: a twelfth of a year of 365.25 days.
pub const HOURS_PER_MONTH: f64 = 730.5;

/// A count as a real number. Counts below 2^53 are exact in a double; larger ones lose digits nobody reads.
#[expect(clippy::cast_precision_loss, reason = "see above")]
#[must_use]
pub const fn real(count: u64) -> f64 {
    count as f64
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name(f64);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0.0);

            /// Wraps a number of base units; what is not finite becomes zero, so NaN cannot spread.
            #[must_use]
            pub const fn new(value: f64) -> Self {
                if value.is_finite() { Self(value) } else { Self(0.0) }
            }

            /// The number of base units.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }

            /// The larger of two.
            #[must_use]
            pub const fn max(self, other: Self) -> Self {
                if other.0 > self.0 { other } else { self }
            }

            /// The smaller of two.
            #[must_use]
            pub const fn min(self, other: Self) -> Self {
                if other.0 < self.0 { other } else { self }
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self::new(self.0 + other.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self::new(self.0 - other.0)
            }
        }

        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self::new(self.0 * factor)
            }
        }

        impl Div<f64> for $name {
            type Output = Self;
            fn div(self, divisor: f64) -> Self {
                Self::new(self.0 / divisor)
            }
        }

        impl Div for $name {
            type Output = f64;
            fn div(self, other: Self) -> f64 {
                if other.0 == 0.0 { 0.0 } else { self.0 / other.0 }
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
                parts.fold(Self::ZERO, Add::add)
            }
        }
    };
}

quantity!(
    /// Memory or storage, in bytes.
    Bytes
);
quantity!(
    /// Work, in floating-point operations (a multiply-add is two).
    Flops
);
quantity!(
    /// Arithmetic rate, in floating-point operations per second; always dense, never with structured sparsity.
    FlopsPerSecond
);
quantity!(
    /// Transfer rate, in bytes per second.
    BytesPerSecond
);
quantity!(
    /// A number of tokens.
    Tokens
);
quantity!(
    /// A length of time, in seconds.
    Seconds
);
quantity!(
    /// Power, in watts.
    Watts
);
quantity!(
    /// Energy, in joules.
    Joules
);

impl Bytes {
    /// Binary gibibytes: 2^30 bytes, what drivers and frameworks count in.
    #[must_use]
    pub const fn gib(value: f64) -> Self {
        Self::new(value * 1_073_741_824.0)
    }

    /// Binary mebibytes: 2^20 bytes.
    #[must_use]
    pub const fn mib(value: f64) -> Self {
        Self::new(value * 1_048_576.0)
    }

    /// How many GiB this is.
    #[must_use]
    pub const fn as_gib(self) -> f64 {
        self.0 / 1_073_741_824.0
    }
}

impl Read for Bytes {
    fn fill(&mut self, value: &Value, reader: &mut Reader) {
        *self = Self::new(reader.filled(value));
    }
}

impl Blank for Bytes {
    fn blank() -> Self {
        Self::ZERO
    }
}

impl FlopsPerSecond {
    /// From TFLOPS, the unit data sheets print.
    #[must_use]
    pub const fn tera(value: f64) -> Self {
        Self::new(value * 1e12)
    }

    /// How many TFLOPS this is.
    #[must_use]
    pub const fn as_tera(self) -> f64 {
        self.0 / 1e12
    }
}

impl BytesPerSecond {
    /// From decimal GB/s, the unit data sheets print.
    #[must_use]
    pub const fn giga(value: f64) -> Self {
        Self::new(value * 1e9)
    }

    /// How many decimal GB/s this is.
    #[must_use]
    pub const fn as_giga(self) -> f64 {
        self.0 / 1e9
    }

    /// From gigabits a second, the unit networks are sold in.
    #[must_use]
    pub const fn gigabits(value: f64) -> Self {
        Self::new(value * 1.25e8)
    }

    /// How many gigabits a second this is.
    #[must_use]
    pub const fn as_gigabits(self) -> f64 {
        self.0 / 1.25e8
    }
}

impl Joules {
    /// Kilowatt-hours, the unit electricity is sold in.
    #[must_use]
    pub const fn as_kwh(self) -> f64 {
        self.0 / 3.6e6
    }
}

impl Seconds {
    /// How many hours this is.
    #[must_use]
    pub const fn as_hours(self) -> f64 {
        self.0 / 3600.0
    }
}

/// `work / rate = time`; a rate of zero gives zero time, so callers check that a rate exists before they divide.
macro_rules! rate {
    ($work:ident, $rate:ident) => {
        impl Div<$rate> for $work {
            type Output = Seconds;
            fn div(self, rate: $rate) -> Seconds {
                if rate.0 == 0.0 { Seconds::ZERO } else { Seconds::new(self.0 / rate.0) }
            }
        }

        impl Mul<Seconds> for $rate {
            type Output = $work;
            fn mul(self, time: Seconds) -> $work {
                $work::new(self.0 * time.0)
            }
        }

        impl Div<Seconds> for $work {
            type Output = $rate;
            fn div(self, time: Seconds) -> $rate {
                if time.0 == 0.0 { $rate::ZERO } else { $rate::new(self.0 / time.0) }
            }
        }
    };
}

rate!(Flops, FlopsPerSecond);
rate!(Bytes, BytesPerSecond);
rate!(Joules, Watts);

keyword!(
    /// A currency the catalogue has an exchange rate for.
    #[derive(Default)]
    Currency {
        /// US dollar.
        #[default]
        Usd = "USD",
        /// Chinese yuan.
        Cny = "CNY",
        /// Euro.
        Eur = "EUR",
    }
);

/// An amount in a stated currency. Amounts of different currencies do not add up; convert first, with a dated rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Money {
    /// How much.
    pub amount: f64,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// Whether a price is above a limit, to the cent or, from 100 on, to the whole unit: what is shown as 1,530 is within 1,530.
    #[must_use]
    pub fn is_above(self, most: Self) -> bool {
        let cent = 0.005_f64.min(most.amount * 0.005);
        self.amount - most.amount > if self.amount < 100.0 { cent } else { 0.5 }
    }

    /// Whether an estimated amount is above a limit, to the three digits that are known of it.
    #[must_use]
    pub fn is_surely_above(self, most: Self) -> bool {
        let step = self.known_to();
        self.is_above(most) && (step <= 1.0 || self.amount - most.amount > step / 2.0)
    }

    /// What the third digit of a large amount counts, and of a small one 1.
    #[must_use]
    pub fn known_to(self) -> f64 {
        let mut step = 1.0;
        while self.amount.abs() / step >= 999.5 && step < 1e15 {
            step *= 10.0;
        }
        step
    }
}
