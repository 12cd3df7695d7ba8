//! A card's figures against clocks, units and bus.

use crate::card::{Card, Form, Pcie, PriceKind};
use crate::catalog::CatalogError;
use crate::catalog::architecture::{ComputeCapability, KNOWN, cuda_cores_per_sm, pin_rates, tensor_flops_per_clock};
use crate::catalog::file::WrittenCard;
use crate::units::FlopsPerSecond;

/// What cannot be right about a card.
pub(super) fn problems(card: &Card, written: &WrittenCard) -> Vec<CatalogError> {
    let checks = [name(card), capability(card), cores(card), fp32(card), bandwidth(card), power(card), memory(card), slot(card)];
    checks.into_iter().flatten().chain(tensor(card, written)).chain(wider_is_slower(card)).chain(prices(card)).collect()
}

/// A figure must lie between `low` and `high` times what is expected.
fn ratio(path: &str, value: f64, expected: f64, low: f64, high: f64) -> Option<CatalogError> {
    let share = value / expected;
    (!(low..=high).contains(&share)).then(|| {
        let (least, most) = (expected * low, expected * high);
        CatalogError::field(path, value, format!("{least:.4} ... {most:.4}"))
    })
}

/// The ratios of a chip nobody has made known would be those of another one.
fn capability(card: &Card) -> Option<CatalogError> {
    let written = |(major, minor): ComputeCapability| format!("\"{major}.{minor}\"");
    let known = KNOWN.map(written).join(", ");
    (!KNOWN.contains(&card.compute_capability)).then(|| CatalogError::field("cc", written(card.compute_capability), known))
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

/// The power supply feeds more than the card; a laptop's top power is its board power.
fn power(card: &Card) -> Option<CatalogError> {
    let tdp = card.tdp.get();
    match (card.psu, card.tgp_range, card.form) {
        (Some(psu), _, _) if psu.get() < tdp + 150.0 => {
            Some(CatalogError::field("psuW", psu.get(), format!("{} ...", tdp + 150.0)))
        }
        (_, Some((_, most)), _) if (most.get() - tdp).abs() > 0.5 => {
            Some(CatalogError::field("tgpW", most.get(), format!("{tdp}")))
        }
        (_, None, Form::Laptop) => Some(CatalogError::field("tgpW", "-", "[lowest, highest]")),
        _ => None,
    }
}

/// All are NVIDIA's, and lists are read by what tells them apart.
fn name(card: &Card) -> Option<CatalogError> {
    let made = card.name.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case("nvidia"));
    made.then(|| CatalogError::field("name", &card.name, card.name.get(7..).unwrap_or_default()))
}

/// A slot that was ever built: generations have gone up to 7, and lanes to 16.
fn slot(card: &Card) -> Option<CatalogError> {
    let Pcie { generation, lanes } = card.pcie;
    let built = (1..=7).contains(&generation) && [1, 2, 4, 8, 16].contains(&lanes);
    (!built).then(|| CatalogError::field("pcie", format!("[{generation},{lanes}]"), "[1 ... 7, 1|2|4|8|16]"))
}

/// Memory of one card as sold since 2016.
fn memory(card: &Card) -> Option<CatalogError> {
    let vram = card.vram.as_gib();
    (!(1.0..=512.0).contains(&vram)).then(|| CatalogError::field("vramGb", vram, "1 ... 512"))
}

/// Prices lie where a card of any kind was ever sold, and are not older than the card.
fn prices(card: &Card) -> Vec<CatalogError> {
    let wrong = |(position, price): (usize, &crate::card::Price)| {
        let per_dollar = match price.currency {
            crate::units::Currency::Cny => 7.0,
            _ => 1.0,
        };
        let (least, most) = match price.kind {
            PriceKind::RentPerHour => (0.01 * per_dollar, 50.0 * per_dollar),
            _ => (20.0 * per_dollar, 100_000.0 * per_dollar),
        };
        let path = format!("prices[{position}]");
        if !(least..=most).contains(&price.amount) {
            return Some(CatalogError::field(format!("{path}.amount"), price.amount, format!("{least} ... {most}")));
        }
        let year = |date: &str| date.split('-').next().map(str::to_owned).unwrap_or_default();
        (year(&price.date) < year(&card.launch_date))
            .then(|| CatalogError::field(format!("{path}.date"), &price.date, format!("{} ...", card.launch_date)))
    };
    card.prices.iter().enumerate().filter_map(wrong).collect()
}
