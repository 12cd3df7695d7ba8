//! From a card as written to a [`Card`]: what is left out is filled in, what cannot be is refused.

use super::architecture::{
    self, ComputeCapability, cuda_cores_per_sm, fp16_over_fp32, fp64_over_fp32, generation, tensor_cores_per_sm,
};
use super::error::CatalogError;
use super::file::{WrittenCard, WrittenPeaks, WrittenPrice};
use crate::card::{Card, Pcie, Peaks, Price, PriceKind};
use crate::document::Decimal;
use crate::units::{Bytes, BytesPerSecond, FlopsPerSecond, Watts};

/// Reads one card.
///
/// # Errors
/// The first figure that is missing or outside what any card could have.
pub(super) fn read(written: &WrittenCard) -> Result<Card, CatalogError> {
    let cc = capability(&written.cc)?;
    let sms = written.sms;
    range("sms", f64::from(sms), 1.0, 4096.0)?;
    range("busBits", f64::from(written.bus_bits), 16.0, 65_536.0)?;
    let tensor_cores = written.tensor_cores.unwrap_or_else(|| sms.saturating_mul(tensor_cores_per_sm(cc)));
    let watts = |field: &str, value: f64| range(field, value, 1.0, 20_000.0).map(Watts::new);
    let optional_watts = |field: &str, value: Option<f64>| value.map(|value| watts(field, value)).transpose();
    let tgp_range = match written.tgp_w {
        Some((low, high)) if low <= high => Some((watts("tgpW", low)?, watts("tgpW", high)?)),
        Some((low, high)) => {
            return Err(CatalogError::field("tgpW", format!("[{},{}]", Decimal(low), Decimal(high)), "[lowest, highest]"));
        }
        None => None,
    };
    let megahertz = |field: &str, value: f64| range(field, value, 100.0, 10_000.0).map(|value| value * 1e6);
    Ok(Card {
        id: id(&written.id)?,
        name: text("name", &written.name)?,
        brand: written.brand,
        series: text("series", &written.series)?,
        form: written.form,
        generation: generation(cc),
        chip: text("chip", &written.chip)?,
        compute_capability: cc,
        sms,
        cuda_cores: written.cuda_cores.unwrap_or_else(|| sms.saturating_mul(cuda_cores_per_sm(cc))),
        tensor_cores,
        boost_hertz: megahertz("boostMhz", written.boost_mhz)?,
        boost_min_hertz: written.boost_min_mhz.map(|value| megahertz("boostMinMhz", value)).transpose()?,
        vram: Bytes::gib(range("vramGb", written.vram_gb, 0.25, 10_000.0)?),
        memory_type: text("memory", &written.memory)?,
        memory_bus_bits: written.bus_bits,
        bandwidth: BytesPerSecond::giga(range("bandwidthGbs", written.bandwidth_gbs, 1.0, 100_000.0)?),
        l2: Bytes::mib(range("l2Mb", written.l2_mb, 0.0, 10_000.0)?),
        peaks: peaks(&written.peaks, cc, tensor_cores > 0)?,
        tdp: watts("tdpW", written.tdp_w)?,
        tgp_range,
        psu: optional_watts("psuW", written.psu_w)?,
        connectors: written.connectors.clone(),
        ecc: written.ecc,
        slots: written.slots,
        pcie: Pcie { generation: written.pcie.0, lanes: written.pcie.1 },
        nvlink: written.nvlink_gbs.map(|value| range("nvlinkGbs", value, 1.0, 100_000.0).map(BytesPerSecond::giga)).transpose()?,
        launch_date: date("launched", &written.launched)?,
        prices: prices(written)?,
        restricted_in: written.restricted_in.iter().map(|code| country("restrictedIn", code)).collect::<Result<_, _>>()?,
        sold_only_in: written.sold_only_in.as_deref().map(|code| country("soldOnlyIn", code)).transpose()?,
    })
}

fn capability(written: &str) -> Result<ComputeCapability, CatalogError> {
    architecture::capability(written)
        .filter(|(major, _)| (6..=15).contains(major))
        .ok_or_else(|| CatalogError::field("cc", format!("\"{written}\""), "\"6.0\" ... \"15.9\""))
}

/// Peaks, filled in by the ratios of the architecture.
fn peaks(written: &WrittenPeaks, cc: ComputeCapability, tensor_cores: bool) -> Result<Peaks, CatalogError> {
    let from = |major, minor| cc >= (major, minor);
    let fp16 = written.tensor_fp16.filter(|_| tensor_cores);
    let fp16_acc16 = written.tensor_fp16_acc16.or(fp16).filter(|_| tensor_cores);
    let times = |factor: f64, applies: bool, base: Option<f64>| base.filter(|_| applies).map(|base| base * factor);
    let int8_tensor = tensor_cores && from(7, 5) && written.int8 != Some(0.0);
    let int8_default = if int8_tensor { times(2.0, true, fp16_acc16) } else { times(4.0, cc != (6, 0), Some(written.fp32)) };
    let int8 = written.int8.or(int8_default);
    let peak = |name: &str, stated: Option<f64>, usual: Option<f64>| match stated {
        Some(value) => range(&format!("peaks.{name}"), value, 0.0, 1e6).map(|value| rate(Some(value))),
        None => Ok(rate(usual)),
    };
    Ok(Peaks {
        fp32: rate(Some(range("peaks.fp32", written.fp32, 0.001, 1e5)?)),
        fp16: peak("fp16", written.fp16, Some(written.fp32 * fp16_over_fp32(cc)))?,
        tensor_fp16_acc16: peak("tensorFp16Acc16", fp16_acc16, None)?,
        tensor_fp16_acc32: peak("tensorFp16", fp16, None)?,
        tensor_bf16: peak("tensorBf16", written.tensor_bf16, times(1.0, from(8, 0), fp16))?,
        tensor_tf32: peak("tensorTf32", written.tensor_tf32, times(0.5, from(8, 0), fp16))?,
        tensor_fp8: peak("tensorFp8", written.tensor_fp8, times(2.0, from(8, 9), fp16))?,
        tensor_fp8_acc16: peak("tensorFp8Acc16", written.tensor_fp8_acc16, times(2.0, from(8, 9), fp16_acc16))?,
        tensor_fp4: peak("tensorFp4", written.tensor_fp4, times(4.0, from(10, 0), fp16_acc16))?,
        int8: peak("int8", int8, None)?,
        int8_tensor,
        int4: peak("int4", written.int4, times(2.0, int8_tensor && cc < (9, 0), int8))?,
        fp64: peak("fp64", written.fp64, Some(written.fp32 * fp64_over_fp32(cc)))?,
        tensor_fp64: peak("tensorFp64", written.tensor_fp64, None)?,
    })
}

/// The peaks that follow from two figures people know, in TFLOPS: FP32, and FP16 tensor products accumulated in FP32.
///
/// # Errors
/// A figure outside what any card could have.
pub(crate) fn usual_peaks(fp32: f64, tensor_fp16: f64, cc: ComputeCapability) -> Result<Peaks, CatalogError> {
    let known = WrittenPeaks { fp32, tensor_fp16: Some(tensor_fp16), ..WrittenPeaks::default() };
    peaks(&known, cc, cc >= (7, 0))
}

/// Zero TFLOPS is no path at all.
fn rate(tera: Option<f64>) -> Option<FlopsPerSecond> {
    tera.filter(|tera| *tera > 0.0).map(FlopsPerSecond::tera)
}

fn prices(card: &WrittenCard) -> Result<Vec<Price>, CatalogError> {
    let read = |(position, written): (usize, &WrittenPrice)| {
        price(card, written).map_err(|error| {
            let path = format!("prices[{position}].{}", error.path);
            error.at(path)
        })
    };
    card.prices.iter().enumerate().map(read).collect()
}

fn price(card: &WrittenCard, written: &WrittenPrice) -> Result<Price, CatalogError> {
    let sane = |field: &str, value| range(field, value, 0.001, 1e8);
    let (amount, quoted) = match (written.amount, written.low, written.high) {
        (Some(amount), None, None) => (sane("amount", amount)?, None),
        (None, Some(low), Some(high)) if low < high => {
            let (low, high) = (sane("low", low)?, sane("high", high)?);
            (f64::midpoint(low, high), Some((low, high)))
        }
        _ => {
            let stands = [("amount", written.amount), ("low", written.low), ("high", written.high)];
            let stands = stands.into_iter().filter_map(|(name, amount)| Some(format!("{name} {}", Decimal(amount?))));
            let found = stands.reduce(|all, one| format!("{all}, {one}")).unwrap_or_else(|| "-".to_owned());
            return Err(CatalogError::field("amount", found, "amount, or low < high"));
        }
    };
    let day = match (&written.date, written.kind) {
        (Some(day), _) => date("date", day)?,
        (None, PriceKind::Launch) => card.launched.clone(),
        (None, _) => return Err(CatalogError::field("date", "-", "2026, 2026-09, 2026-09-07")),
    };
    Ok(Price {
        kind: written.kind,
        amount,
        range: quoted,
        currency: written.currency,
        date: day,
        source: written.source.clone(),
        doubt: None,
    })
}

/// An id: lower-case letters, digits, hyphens and dots.
pub(super) fn id(written: &str) -> Result<String, CatalogError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if !written.is_empty() && written.chars().all(allowed) {
        return Ok(written.to_owned());
    }
    Err(CatalogError::field("id", format!("\"{written}\""), "a-z 0-9 - ."))
}

/// `2026`, `2026-09` or `2026-09-07`.
pub(super) fn date(field: &str, written: &str) -> Result<String, CatalogError> {
    let parts: Vec<&str> = written.split('-').collect();
    let number = |part: &str, digits: usize, least: u32, most: u32| {
        part.len() == digits && part.parse::<u32>().is_ok_and(|value| (least..=most).contains(&value))
    };
    let good = match parts.as_slice() {
        [year] => number(year, 4, 1990, 2100),
        [year, month] => number(year, 4, 1990, 2100) && number(month, 2, 1, 12),
        [year, month, day] => number(year, 4, 1990, 2100) && number(month, 2, 1, 12) && number(day, 2, 1, 31),
        _ => false,
    };
    if good {
        return Ok(written.to_owned());
    }
    Err(CatalogError::field(field, format!("\"{written}\""), "2026, 2026-09, 2026-09-07"))
}

/// ISO 3166 alpha-2, `EU`, or a three-digit UN M49 region.
pub(super) fn country(field: &str, written: &str) -> Result<String, CatalogError> {
    if is_place(written) {
        return Ok(written.to_owned());
    }
    Err(CatalogError::field(field, format!("\"{written}\""), "ISO 3166 (\"CN\"), \"EU\", UN M49 (\"001\")"))
}

/// Whether a text is written like the code of a country or region.
pub(crate) fn is_place(written: &str) -> bool {
    let letters = written.len() == 2 && written.chars().all(|c| c.is_ascii_uppercase());
    let region = written.len() == 3 && written.chars().all(|c| c.is_ascii_digit());
    letters || region
}

/// A finite number within bounds.
pub(super) fn range(field: &str, value: f64, least: f64, most: f64) -> Result<f64, CatalogError> {
    if value.is_finite() && value >= least && value <= most {
        return Ok(value);
    }
    Err(CatalogError::field(field, Decimal(value), format!("{} ... {}", Decimal(least), Decimal(most))))
}

fn text(field: &str, written: &str) -> Result<String, CatalogError> {
    if written.trim().is_empty() {
        return Err(CatalogError::field(field, "\"\"", "..."));
    }
    Ok(written.to_owned())
}
