//! The optimizer's part of a training step: what it moves, and where.

use super::calibration::TimeCalibration;
use super::device::Device;
use super::exchange::updated_share;
use super::links::Link;
use super::parts::Parts;
use crate::estimate::{capacity, trained_parameters};
use crate::request::{Offload, Optimizer, OptimizerKernel, Precision, Setup};
use crate::units::{Bytes, Seconds, real};

/// Bytes that updating one parameter moves: its gradient is read, weight (or the FP32 copy of it, and the 16-bit one is written)
/// and states are read and written.
fn update_bytes(precision: Precision, optimizer: Optimizer) -> f64 {
    let widths = precision.trained_widths();
    let weight = if widths.master > 0.0 { 2.0 * widths.master + widths.weight } else { 2.0 * widths.weight };
    let states = optimizer.state_bytes(widths.state)
        + match optimizer {
            // The update that Adafactor makes of its rows and columns is a tensor of its own.
            Optimizer::Adafactor => widths.state,
            // Five products of a matrix with itself read and write it twice each, in 16 bits.
            Optimizer::Muon => 10.0,
            _ => 0.0,
        };
    widths.weight + weight + 2.0 * states
}

/// The optimizer step, with its launches.
pub(super) fn step(table: &TimeCalibration, setup: &Setup, device: &Device, link: &Link, layers: f64) -> Parts {
    let recipe = &setup.recipe;
    let kernels = match recipe.optimizer_kernel {
        OptimizerKernel::Foreach => table.training.foreach.get(),
        OptimizerKernel::Fused | OptimizerKernel::InBackward => 1.0,
    };
    let model_shards = f64::from(recipe.parallel.tensor.max(1)) * f64::from(recipe.parallel.pipeline.max(1));
    let parameters = trained_parameters(setup) * updated_share(setup) / model_shards;
    let bytes = Bytes::new(parameters * update_bytes(recipe.precision, recipe.optimizer) * kernels);
    let launches = if recipe.optimizer_kernel == OptimizerKernel::Foreach { 1.0 } else { table.training.fused_step_launches.get() };
    let launching = Seconds::new(table.training.step_layer_seconds.get() * device.host) * (layers * launches / model_shards);
    if matches!(recipe.offload, Offload::Optimizer | Offload::OptimizerAndWeights) {
        // Gradients go down and weights come up once; the host updates at its own memory's pace.
        let moved = Bytes::new(parameters * 4.0) / table.links.to_each_card(setup, link);
        let host = bytes / table.links.host_rate(setup);
        return Parts { hosted: host, communication: moved, launching, ..Parts::default() };
    }
    let communication = paged(setup, parameters, model_shards) / link.host;
    Parts { optimizer: bytes / device.bandwidth, communication, launching, ..Parts::default() }
}

/// Bytes of paged states that come to the card and leave it again in a step: at least what has no room beside the weights and the
/// gradients that exist together. Of 8B on a card of 24 GB, a sequence at a time, that is a third of a step. torchtune's authors saw 8-bit
/// ones of 8B cost nothing (its pull request 990) and 18 % of the speed (pytorch/ao issue 1213), without a word on how much room there was.
fn paged(setup: &Setup, parameters: f64, model_shards: f64) -> Bytes {
    let recipe = &setup.recipe;
    if recipe.optimizer != Optimizer::PagedAdamw8bit {
        return Bytes::ZERO;
    }
    let widths = recipe.precision.trained_widths();
    let frozen =
        if setup.adapters_only() { real(setup.model.parameters) * recipe.weights.block_bytes() / model_shards } else { 0.0 };
    let gradients = if recipe.optimizer_kernel == OptimizerKernel::InBackward { 0.0 } else { widths.weight };
    let held = frozen + parameters * (widths.weight + widths.master + gradients);
    let room = (capacity(&setup.rig).get() - held).max(0.0);
    let states = parameters * recipe.optimizer.state_bytes(widths.state);
    Bytes::new(2.0 * (states - room).max(0.0))
}
