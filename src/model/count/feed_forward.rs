//! The multilayer perceptron of a dense layer.

use super::{Count, Weights};

/// `2 h f` weights, `3 h f` with a gate, plus biases.
#[must_use]
pub fn dense(hidden: u64, ffn: u64, gated: bool, bias: bool) -> Weights {
    let (hidden, ffn) = (Count(hidden), Count(ffn));
    Weights::linear(hidden, ffn, bias).times(if gated { 2 } else { 1 }) + Weights::linear(ffn, hidden, bias)
}
