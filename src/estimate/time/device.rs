//! A card as one recipe sees it: the rates it sustains.

use super::calibration::{Sustained, TimeCalibration};
use super::class::CardClass;
use crate::card::{Card, Form};
use crate::estimate::{Arithmetic, ArithmeticPath};
use crate::request::{Precision, Rig, Setup, Stack};
use crate::units::{Bytes, BytesPerSecond, Flops, FlopsPerSecond, Seconds};

/// Rates of one card.
#[derive(Clone, Copy, Debug)]
pub(super) struct Device {
    /// Class for the calibrated factors.
    pub class: CardClass,
    /// Path and data-sheet peak of the products.
    pub arithmetic: Arithmetic,
    /// Rate of large products.
    pub products: FlopsPerSecond,
    /// Rate of large products of what stays in 16 bits under FP8: attention and the output layer.
    pub half_products: FlopsPerSecond,
    /// Rate of products on tensor cores whose rows are not whole pieces of 16 bytes.
    ragged: FlopsPerSecond,
    /// Rate of element-wise arithmetic on CUDA cores.
    pub scalar: FlopsPerSecond,
    /// Bandwidth that streaming kernels reach.
    pub bandwidth: BytesPerSecond,
    /// Data-sheet bandwidth.
    pub nominal_bandwidth: BytesPerSecond,
    /// Whether memory is HBM.
    pub hbm: bool,
    /// Time its host takes to launch, over that of a usual one.
    pub host: f64,
    /// Time of what takes a number of its clocks, over that at 1.5 GHz.
    pub clock: f64,
}

/// A clock among those of A100, RTX 3090 and T4, and what a card is taken to have that is described without one.
const USUAL_HERTZ: f64 = 1.5e9;

impl Device {
    /// The card of a setup.
    pub fn new(table: &TimeCalibration, setup: &Setup) -> Self {
        Self::computing(table, setup, setup.recipe.precision)
    }

    /// The same where another precision than the recipe's is computed in.
    pub fn computing(table: &TimeCalibration, setup: &Setup, precision: Precision) -> Self {
        let rig = &setup.rig;
        let card = &*rig.card;
        let class = CardClass::of(card);
        let arithmetic = arithmetic(setup, precision);
        let slider = slider(&table.sustained, rig);
        let nominal_bandwidth = card.bandwidth.max(BytesPerSecond::giga(1.0));
        let rate = |arithmetic| sustained(&table.sustained, card, class, arithmetic) * slider;
        let own = rate(arithmetic);
        let (products, half_products) = match precision {
            Precision::Fp8 if card.peaks.tensor_fp8.is_some() => {
                (own * table.training.fp8.get(), rate(card.arithmetic(Precision::Bf16Master)))
            }
            // Without units for FP8 it is BF16 throughout.
            Precision::Fp8
            | Precision::Fp32
            | Precision::Tf32
            | Precision::Fp16Autocast
            | Precision::Fp16Pure
            | Precision::Bf16Autocast
            | Precision::Bf16Pure
            | Precision::Bf16Master => (own, own),
        };
        Self {
            class,
            arithmetic,
            products,
            half_products,
            ragged: ragged(&table.sustained, card) * slider,
            scalar: card.cuda_peak() * (table.sustained.cuda.of(class).get() * slider),
            bandwidth: nominal_bandwidth * table.sustained.bandwidth.of(class).get(),
            nominal_bandwidth,
            host: table.sustained.host.of(class).get(),
            hbm: card.has_hbm(),
            clock: if card.boost_hertz > 0.0 { USUAL_HERTZ / card.boost_hertz } else { 1.0 },
        }
    }

    /// What is left of a rate where a product makes this many columns. Tensor cores are fed in pieces of 16 bytes; rows that are
    /// not whole pieces are loaded value by value, as fast as the multiprocessors issue loads, or go to CUDA cores before Ampere
    /// (NVIDIA's guide to matrix multiplication asks for dimensions in multiples of 16 bytes).
    pub fn making(&self, rate: FlopsPerSecond, columns: f64) -> FlopsPerSecond {
        let piece = 16.0 / self.arithmetic.operand_bytes.max(2.0);
        if self.arithmetic.path == ArithmeticPath::TensorCores && (columns / piece).fract() != 0.0 {
            rate.min(self.ragged)
        } else {
            rate
        }
    }

    /// Time of products: arithmetic and traffic overlap in large products and add up in thin ones, `sqrt(compute^2 + memory^2)`.
    pub fn product_time(&self, flops: Flops, rate: FlopsPerSecond, bytes: Bytes) -> Seconds {
        let (compute, traffic) = ((flops / rate).get(), (bytes / self.bandwidth).get());
        Seconds::new((compute * compute + traffic * traffic).sqrt())
    }
}

/// Rate of products of unaligned rows. Loads go with multiprocessors and clock, as the FP32 peak does where a multiprocessor has
/// 128 units; A100 has 64.
fn ragged(table: &Sustained, card: &Card) -> FlopsPerSecond {
    if card.compute_capability < (8, 0) {
        return card.cuda_peak() * table.ragged_before_ampere.get();
    }
    let of_128_units = 128.0 * f64::from(card.sms) / f64::from(card.cuda_cores.max(1));
    card.cuda_peak() * (of_128_units * table.ragged.get())
}

/// Whether 16-bit products are accumulated in 16 bits, which GeForce cards do at twice the rate: llama.cpp and ExLlama do.
pub(super) const fn accumulates_short(setup: &Setup) -> bool {
    !setup.trains() && matches!(setup.recipe.stack, Stack::LlamaCpp | Stack::Exllama)
}

/// The arithmetic of a setup.
fn arithmetic(setup: &Setup, precision: Precision) -> Arithmetic {
    let card = &*setup.rig.card;
    let arithmetic = card.arithmetic(precision);
    match card.peaks.tensor_fp16_acc16 {
        Some(peak) if accumulates_short(setup) && arithmetic.path == ArithmeticPath::TensorCores => {
            Arithmetic { peak, ..arithmetic }
        }
        _ => arithmetic,
    }
}

/// Rate of large square products: the data-sheet peak times what kernels reach, bent down where board power limits,
/// `1 / (1/kernel^4 + 1/power^4)^(1/4)` with `power = board watts / (watts per TFLOPS)`.
fn sustained(table: &Sustained, card: &Card, class: CardClass, arithmetic: Arithmetic) -> FlopsPerSecond {
    let peak = arithmetic.peak;
    // FP8 takes about half the energy of a 16-bit product, TF32 twice, so the limit scales with the operand.
    let (kernel, energy) = match arithmetic.path {
        ArithmeticPath::CudaCores => (peak * table.cuda.of(class).get(), table.cuda_watts.get()),
        ArithmeticPath::Emulated => (peak * (table.cuda.of(class).get() * table.emulated.get()), 0.0),
        ArithmeticPath::TensorCores => (peak * table.tensor.of(class).get(), arithmetic.operand_bytes / 2.0),
    };
    let watts_each = table.watts_per_teraflops.of(class).get() * energy;
    let Some(limit) = (watts_each > 0.0).then(|| FlopsPerSecond::tera(card.tdp.get() / watts_each)) else { return kernel };
    let ratio = if limit.get() > 0.0 { kernel / limit } else { 0.0 };
    kernel / (1.0 + (ratio * ratio) * (ratio * ratio)).sqrt().sqrt()
}

/// Share of speed left under a power limit. Clocks follow roughly the cube root of power, and a limit above what the job draws
/// costs nothing. Laptop peaks hold at the top of the power range.
fn slider(table: &Sustained, rig: &Rig) -> f64 {
    let card = &*rig.card;
    let board = card.tgp_range.map_or(card.tdp, |(_, top)| top.max(card.tdp));
    let allowed = rig.power_limit.unwrap_or(board).min(if card.form == Form::Laptop { card.tdp } else { board });
    let draw = board * table.unlimited_draw.get();
    if draw.get() <= 0.0 || allowed >= draw {
        return 1.0;
    }
    (allowed / draw).powf(table.limit_exponent.get()).max(0.05)
}
