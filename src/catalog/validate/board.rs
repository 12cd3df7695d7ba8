//! What a card's board holds and draws, against what boards of its kind do.

use crate::card::{Card, Form, Pcie};
use crate::catalog::CatalogError;
use crate::catalog::architecture::{chip_densities, has_nvlink, watts_per_teraflop};
use crate::units::{BytesPerSecond, FlopsPerSecond};

/// Slots that a card has covered.
const SLOTS: std::ops::RangeInclusive<u8> = 1..=4;

/// What cannot be right about the board of a card.
pub(super) fn problems(card: &Card) -> impl Iterator<Item = CatalogError> {
    [power(card), watts(card), memory(card), slot(card), slots(card), nvlink(card)].into_iter().flatten()
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

/// Watts follow what the chip computes. A board of several chips feeds them all, of which one is the card.
fn watts(card: &Card) -> Option<CatalogError> {
    let (least, most) = watts_per_teraflop(card.compute_capability);
    let peak = card.peaks.fp32.map(FlopsPerSecond::as_tera)?;
    let (least, most) = (least * peak, most * peak * f64::from(chips(&card.name)));
    let value = card.tdp.get();
    (!(least..=most).contains(&value)).then(|| CatalogError::field("tdpW", value, format!("{least:.0} ... {most:.0}")))
}

/// Chips of a board of which one is meant, as its name says: "A16 (one of 4 GPUs)".
fn chips(name: &str) -> u8 {
    let said = name.split_once("(one of ").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    said.unwrap_or(1).max(1)
}

/// Each chip of GDDR memory has 32 bits of the bus, or two chips share them. Of the memory of others only the size is known that any
/// card has had since 2016.
fn memory(card: &Card) -> Option<CatalogError> {
    let vram = card.vram.as_gib();
    let Some(densities) = chip_densities(&card.memory_type) else {
        return (!(1.0..=512.0).contains(&vram)).then(|| CatalogError::field("vramGb", vram, "1 ... 512"));
    };
    let chips = f64::from(card.memory_bus_bits) / 32.0;
    let mut sizes: Vec<f64> = densities.iter().flat_map(|density| [1.0, 2.0].map(|sides| chips * density * sides)).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    let possible = sizes.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
    let (bits, kind) = (card.memory_bus_bits, &card.memory_type);
    (!sizes.contains(&vram)).then(|| CatalogError::field("vramGb", vram, format!("{possible} ({kind} on {bits} bits)")))
}

/// A slot that was ever built: generations have gone up to 7, and lanes to 16.
fn slot(card: &Card) -> Option<CatalogError> {
    let Pcie { generation, lanes } = card.pcie;
    let built = (1..=7).contains(&generation) && [1, 2, 4, 8, 16].contains(&lanes);
    (!built).then(|| CatalogError::field("pcie", format!("[{generation},{lanes}]"), "[1 ... 7, 1|2|4|8|16]"))
}

/// Slots that a card can cover.
fn slots(card: &Card) -> Option<CatalogError> {
    let covered = card.slots.filter(|slots| !SLOTS.contains(slots))?;
    Some(CatalogError::field("slots", covered, format!("{} ... {}", SLOTS.start(), SLOTS.end())))
}

/// Chips that have no NVLink.
fn nvlink(card: &Card) -> Option<CatalogError> {
    let rate = card.nvlink.filter(|_| !has_nvlink(card.compute_capability)).map(BytesPerSecond::as_giga)?;
    Some(CatalogError::field("nvlinkGbs", rate, "no such field"))
}
