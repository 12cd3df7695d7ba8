//! The moment of the peak: parts of memory at each candidate moment of a step, and the largest sum.

use std::ops::Add;

/// Bytes of each part at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Parts {
    /// Stored weights.
    pub weights: f64,
    /// Gradients.
    pub gradients: f64,
    /// Optimizer states and temporaries.
    pub optimizer: f64,
    /// Activations.
    pub activations: f64,
    /// Logits and loss.
    pub logits: f64,
    /// Key/value cache and recurrent state.
    pub cache: f64,
    /// Gathered weights and buckets of collectives.
    pub communication: f64,
}

impl Parts {
    /// All of it: what the allocator holds.
    pub fn sum(&self) -> f64 {
        self.weights + self.gradients + self.optimizer + self.activations + self.logits + self.cache + self.communication
    }

    /// The larger of two moments.
    pub fn or(self, other: Self) -> Self {
        if other.sum() > self.sum() { other } else { self }
    }
}

impl Add for Parts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            weights: self.weights + other.weights,
            gradients: self.gradients + other.gradients,
            optimizer: self.optimizer + other.optimizer,
            activations: self.activations + other.activations,
            logits: self.logits + other.logits,
            cache: self.cache + other.cache,
            communication: self.communication + other.communication,
        }
    }
}
