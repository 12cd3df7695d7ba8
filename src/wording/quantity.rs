//! What is measured: memory, rates, power, energy, mass.

use super::number::{decimal, few, short};
use crate::units::{Bytes, BytesPerSecond, FlopsPerSecond, Joules, Watts};

/// GiB with one decimal, without the unit: for what is compared with the memory of a card.
#[must_use]
pub fn gib(bytes: Bytes) -> String {
    let value = bytes.as_gib();
    if value >= 1000.0 { decimal(value, 0) } else { decimal(value, 1) }
}

/// Memory with its unit: GiB, and MiB below one.
#[must_use]
pub fn memory(bytes: Bytes) -> String {
    let mib = bytes.get() / 1_048_576.0;
    match mib {
        _ if mib <= 0.0 => "0".to_owned(),
        _ if mib < 0.05 => format!("{}\u{a0}KiB", short(mib * 1024.0)),
        _ if mib < 1000.0 => format!("{}\u{a0}MiB", few(mib)),
        _ => format!("{}\u{a0}GiB", gib(bytes)),
    }
}

/// From one size of memory to another, in the unit of the larger.
#[must_use]
pub fn memories(low: Bytes, high: Bytes) -> String {
    let small = high.as_gib() * 1024.0 < 1000.0;
    let low = if small { few(low.get() / 1_048_576.0) } else { gib(low) };
    format!("{low}–{}", memory(high))
}

/// Bytes for each of something: fractions matter where they are few.
#[must_use]
pub fn bytes_each(bytes: Bytes) -> String {
    let value = bytes.get();
    match value {
        _ if value < 1024.0 => format!("{}\u{a0}B", short(value)),
        _ if value < 1_048_576.0 => format!("{}\u{a0}KiB", short(value / 1024.0)),
        _ => memory(bytes),
    }
}

/// The memory on the box: `24 GB`.
#[must_use]
pub fn vram(bytes: Bytes) -> String {
    format!("{}\u{a0}GB", short(bytes.as_gib()))
}

/// Decimal GB/s or TB/s, as vendors print it.
#[must_use]
pub fn bandwidth(rate: BytesPerSecond) -> String {
    let value = rate.as_giga();
    if value >= 1000.0 { format!("{}\u{a0}TB/s", short(value / 1000.0)) } else { format!("{}\u{a0}GB/s", short(value)) }
}

/// TFLOPS.
#[must_use]
pub fn tflops(rate: FlopsPerSecond) -> String {
    format!("{}\u{a0}TFLOPS", short(rate.as_tera()))
}

/// Watts or kilowatts.
#[must_use]
pub fn watts(power: Watts) -> String {
    if power.get() >= 10_000.0 {
        format!("{}\u{a0}kW", short(power.get() / 1000.0))
    } else {
        format!("{}\u{a0}W", short(power.get()))
    }
}

/// Watt-hours to megawatt-hours.
#[must_use]
pub fn energy(energy: Joules) -> String {
    let kwh = energy.as_kwh();
    match kwh {
        _ if kwh >= 10_000.0 => format!("{}\u{a0}MWh", short(kwh / 1000.0)),
        _ if kwh >= 0.1 || kwh == 0.0 => format!("{}\u{a0}kWh", short(kwh)),
        _ => format!("{}\u{a0}Wh", short(kwh * 1000.0)),
    }
}

/// Emissions: grams, kilograms or tonnes.
#[must_use]
pub fn mass(grams: f64) -> String {
    match grams {
        _ if grams >= 1e6 => format!("{}\u{a0}t", short(grams / 1e6)),
        _ if grams >= 1e3 => format!("{}\u{a0}kg", short(grams / 1e3)),
        _ => format!("{}\u{a0}g", short(grams)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_suit_the_size() {
        assert_eq!(memory(Bytes::gib(11.96)), "12.0\u{a0}GiB");
        assert_eq!(memory(Bytes::mib(10.0)), "10\u{a0}MiB");
        assert_eq!(memory(Bytes::mib(0.03)), "30.7\u{a0}KiB");
        assert_eq!(memory(Bytes::mib(550.4)), "550\u{a0}MiB");
        assert_eq!(memory(Bytes::ZERO), "0");
        assert_eq!(memory(Bytes::gib(2345.6)), "2,346\u{a0}GiB");
        assert_eq!(bytes_each(Bytes::new(0.5625)), "0.563\u{a0}B");
        assert_eq!(bytes_each(Bytes::new(53_248.0)), "52\u{a0}KiB");
        assert_eq!(mass(12.49), "12.5\u{a0}g");
        assert_eq!(mass(45_600.0), "45.6\u{a0}kg");
        assert_eq!(bandwidth(BytesPerSecond::giga(936.2)), "936\u{a0}GB/s");
        assert_eq!(bandwidth(BytesPerSecond::giga(3350.0)), "3.35\u{a0}TB/s");
        assert_eq!(memories(Bytes::gib(0.6), Bytes::mib(783.0)), "614–783\u{a0}MiB");
        assert_eq!(memories(Bytes::mib(900.0), Bytes::gib(1.3)), "0.9–1.3\u{a0}GiB");
    }
}
