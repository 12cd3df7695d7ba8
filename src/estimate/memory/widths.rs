//! Bytes per value of each kind of tensor, by precision.

use crate::request::{Precision, Setup, Sharding, TrainedWidths, WeightFormat};

/// Bytes per value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Widths {
    /// Outputs of linear layers (`e`).
    pub linear: f64,
    /// Residual stream and other activations outside autocast (`s`).
    pub stream: f64,
    /// Trained weights, and the gradients that belong to them (`w`).
    pub trained: f64,
    /// FP32 master copy beside 16-bit trained weights.
    pub master: f64,
    /// One optimizer state.
    pub state: f64,
    /// Whether autocast converts the inputs of linear layers.
    pub autocast: bool,
}

impl Widths {
    /// Whether adapters are FP32 and converted by autocast.
    pub const fn wide_adapters(&self) -> bool {
        self.trained >= 4.0
    }

    /// Widths of a setup.
    pub fn of(setup: &Setup) -> Self {
        let precision = setup.recipe.precision;
        let TrainedWidths { linear, stream, weight, master, state } = precision.trained_widths();
        let autocast = matches!(precision, Precision::Fp16Autocast | Precision::Bf16Autocast);
        let mut widths = Self { linear, stream, trained: weight, master, state, autocast };
        if autocast && shards_weights(setup) && !setup.adapters_only() {
            // FSDP gathers 16-bit weights, so everything computed with them is 16-bit; the sharded weights stay FP32.
            widths.stream = linear;
            widths.autocast = false;
        }
        if setup.adapters_only() {
            widths.stream = frozen_stream(setup, linear);
            widths.trained = if setup.recipe.lora.fp32_adapters { 4.0 } else { linear };
            widths.state = widths.trained;
        }
        if !setup.trains() {
            widths.stream = linear;
        }
        widths
    }
}

fn shards_weights(setup: &Setup) -> bool {
    setup.recipe.parallel.sharding == Sharding::Zero3 && setup.recipe.parallel.data > 1
}

/// Under adapters the residual stream has the width of the frozen embeddings and norms.
fn frozen_stream(setup: &Setup, linear: f64) -> f64 {
    match setup.recipe.weights {
        WeightFormat::Fp32 => 4.0,
        _ if setup.recipe.lora.upcast => 4.0,
        // Measured under FSDP with mixed precision: checkpoints of the stream take four bytes per value.
        _ if setup.recipe.precision != Precision::Bf16Pure && shards_weights(setup) => 4.0,
        _ => linear,
    }
}
