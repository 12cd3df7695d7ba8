//! Counting weights: what a layer of each kind is made of, to the unit.

pub mod attention;
pub mod compressed;
pub mod diffusion;
pub mod embeddings;
pub mod experts;
pub mod feed_forward;
pub mod latent;
pub mod recurrent;
pub mod tower;

use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul};

/// A number of weights. Arithmetic stops at the largest 64-bit number instead of wrapping, so absurd shapes end in a refusal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(pub u64);

impl Add for Count {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Add<u64> for Count {
    type Output = Self;
    fn add(self, other: u64) -> Self {
        Self(self.0.saturating_add(other))
    }
}

impl Mul for Count {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self * other.0
    }
}

impl Mul<u64> for Count {
    type Output = Self;
    // Called, not repeated: WebAssembly has no multiplication that tells whether it overflows.
    #[inline(never)]
    fn mul(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self(0), Add::add)
    }
}

/// The weights of a part of a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weights {
    /// Matrices of linear layers.
    pub linear: Count,
    /// Matrices that work on one token.
    pub active_linear: Count,
    /// Everything: matrices, biases, norms, convolutions.
    pub all: Count,
    /// Everything that works on one token.
    pub active: Count,
    /// Sum of input and output widths of the linear layers: what a rank-1 adapter on each of them holds.
    pub ports: Count,
}

impl Weights {
    /// A linear layer without bias.
    #[must_use]
    pub fn matrix(input: Count, output: Count) -> Self {
        let weights = input * output;
        Self { linear: weights, active_linear: weights, all: weights, active: weights, ports: input + output }
    }

    /// A linear layer.
    #[must_use]
    pub fn linear(input: Count, output: Count, bias: bool) -> Self {
        Self::matrix(input, output) + Self::vector(if bias { output } else { Count(0) })
    }

    /// Weights outside linear layers: norms, biases, convolutions, tables.
    #[must_use]
    pub const fn vector(length: Count) -> Self {
        Self { linear: Count(0), active_linear: Count(0), all: length, active: length, ports: Count(0) }
    }

    /// The same part several times over, all of it at work.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        self.routed(count, count)
    }

    /// The same part several times over, of which some work on one token.
    #[must_use]
    pub fn routed(self, count: u64, active: u64) -> Self {
        Self {
            linear: self.linear * count,
            active_linear: self.active_linear * active,
            all: self.all * count,
            active: self.active * active,
            ports: self.ports * count,
        }
    }
}

impl Add for Weights {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            linear: self.linear + other.linear,
            active_linear: self.active_linear + other.active_linear,
            all: self.all + other.all,
            active: self.active + other.active,
            ports: self.ports + other.ports,
        }
    }
}

impl AddAssign for Weights {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Weights {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Add::add)
    }
}
