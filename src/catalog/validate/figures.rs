//! A card's rates against clocks, units and bus.

use super::{board, prices};
use crate::card::Card;
use crate::catalog::architecture::{
    ComputeCapability, KNOWN, capability_of_chip, cuda_cores_per_sm, pin_rates, shown, tensor_flops_per_clock,
};
use crate::catalog::file::WrittenCard;
use crate::catalog::{Catalog, CatalogError};
use crate::units::FlopsPerSecond;

/// What cannot be right about a card.
pub(super) fn problems(catalog: &Catalog, card: &Card, written: &WrittenCard) -> Vec<CatalogError> {
    let checks = [name(card), capability(card), launched(card), cores(card), fp32(card), bandwidth(card)];
    let all = checks.into_iter().flatten().chain(tensor(card, written)).chain(wider_is_slower(card));
    all.chain(board::problems(card)).chain(prices::problems(catalog, card)).collect()
}

/// A figure must lie between `low` and `high` times what is expected.
fn ratio(path: &str, value: f64, expected: f64, low: f64, high: f64) -> Option<CatalogError> {
    let share = value / expected;
    (!(low..=high).contains(&share)).then(|| {
        let (least, most) = (expected * low, expected * high);
        CatalogError::field(path, value, format!("{least:.4} ... {most:.4}"))
    })
}

/// The ratios of a chip nobody has made known would be those of another one, and each chip has one compute capability.
fn capability(card: &Card) -> Option<CatalogError> {
    let written = |(major, minor): ComputeCapability| format!("\"{major}.{minor}\"");
    let found = written(card.compute_capability);
    if !KNOWN.contains(&card.compute_capability) {
        return Some(CatalogError::field("cc", found, KNOWN.map(written).join(", ")));
    }
    let own = capability_of_chip(&card.chip).filter(|own| *own != card.compute_capability)?;
    Some(CatalogError::field("cc", found, format!("{}, as the chip is {}", written(own), card.chip)))
}

/// No card is older than its generation.
fn launched(card: &Card) -> Option<CatalogError> {
    let first = shown(card.compute_capability);
    let day = &card.launch_date;
    // Of a year nothing is known but the year.
    let early = day.get(..first.len()).map_or_else(|| first.get(..4) > day.get(..4), |month| month < first);
    early.then(|| CatalogError::field("launched", day, format!("{first} ...")))
}

/// CUDA cores are SMs times the cores of one.
fn cores(card: &Card) -> Option<CatalogError> {
    let expected = card.sms.saturating_mul(cuda_cores_per_sm(card.compute_capability));
    (card.cuda_cores != expected).then(|| CatalogError::field("cudaCores", card.cuda_cores, expected.to_string()))
}

/// FP32 is two operations per core and clock. Data sheets round clocks, so 15 % are left.
fn fp32(card: &Card) -> Option<CatalogError> {
    let expected = 2.0 * f64::from(card.cuda_cores) * card.boost_hertz / 1e12;
    ratio("peaks.fp32", card.peaks.fp32.map_or(0.0, FlopsPerSecond::as_tera), expected, 0.85, 1.15)
}

/// Dense FP16 tensor peaks are SMs times rate times clock. Twice that is a sparse figure; far less needs `capped`.
fn tensor(card: &Card, written: &WrittenCard) -> Vec<CatalogError> {
    let (acc16, acc32) = tensor_flops_per_clock(card.compute_capability, card.brand);
    let clocked = f64::from(card.sms) * card.boost_hertz / 1e12;
    let lowest = if written.capped { 0.1 } else { 0.85 };
    let stated =
        [("peaks.tensorFp16Acc16", card.peaks.tensor_fp16_acc16, acc16), ("peaks.tensorFp16", card.peaks.tensor_fp16_acc32, acc32)];
    let missing = card.tensor_cores > 0 && card.peaks.tensor_fp16_acc32.is_none();
    let missing = missing.then(|| CatalogError::field("peaks.tensorFp16", "-", format!("{:.1}", clocked * acc32)));
    let held = |(path, peak, rate): (&str, Option<FlopsPerSecond>, f64)| ratio(path, peak?.as_tera(), clocked * rate, lowest, 1.03);
    missing.into_iter().chain(stated.into_iter().filter_map(held)).collect()
}

/// A wider format is never faster on the same units: FP32 accumulation, TF32 against FP16, FP16 against FP8 against FP4.
fn wider_is_slower(card: &Card) -> Vec<CatalogError> {
    let peaks = &card.peaks;
    let pairs = [
        ("peaks.tensorFp16", peaks.tensor_fp16_acc32, peaks.tensor_fp16_acc16),
        ("peaks.tensorTf32", peaks.tensor_tf32, peaks.tensor_fp16_acc32),
        ("peaks.tensorFp16", peaks.tensor_fp16_acc32, peaks.tensor_fp8),
        ("peaks.tensorFp8", peaks.tensor_fp8, peaks.tensor_fp8_acc16),
        ("peaks.tensorFp8", peaks.tensor_fp8, peaks.tensor_fp4),
        ("peaks.fp64", peaks.fp64, peaks.fp32),
    ];
    let wrong = |(path, wide, narrow): (&str, Option<FlopsPerSecond>, Option<FlopsPerSecond>)| {
        let (wide, narrow) = (wide?.as_tera(), narrow?.as_tera());
        (wide > narrow * 1.001).then(|| CatalogError::field(path, wide, format!("0 ... {narrow}")))
    };
    pairs.into_iter().filter_map(wrong).collect()
}

/// Bandwidth is bus width times a data rate this memory type is sold at.
fn bandwidth(card: &Card) -> Option<CatalogError> {
    let Some((slow, fast)) = pin_rates(&card.memory_type) else {
        return Some(CatalogError::field("memory", &card.memory_type, "GDDR6, HBM3, ..."));
    };
    let bytes_per_gbit = f64::from(card.memory_bus_bits) / 8.0;
    let value = card.bandwidth.as_giga();
    let (least, most) = (bytes_per_gbit * slow, bytes_per_gbit * fast);
    (!(least..=most).contains(&value)).then(|| CatalogError::field("bandwidthGbs", value, format!("{least:.0} ... {most:.0}")))
}

/// All are NVIDIA's, and lists are read by what tells them apart.
fn name(card: &Card) -> Option<CatalogError> {
    let made = card.name.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case("nvidia"));
    made.then(|| CatalogError::field("name", &card.name, card.name.get(7..).unwrap_or_default()))
}
