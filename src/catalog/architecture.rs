//! Ratios that all chips of a compute capability share: what a card leaves out follows them, and what it states is held against
//! them.
//!
//! Sources: NVIDIA's GP100, Volta, Turing, GA100, GA102, Ada, Hopper and RTX Blackwell whitepapers; see `docs/catalog.md`.

use crate::card::{Brand, Generation};

/// Compute capability, major and minor.
pub type ComputeCapability = (u8, u8);

/// Those whose ratios are below. Any other can be read, and counts as the newest.
pub const KNOWN: [ComputeCapability; 11] =
    [(6, 0), (6, 1), (7, 0), (7, 5), (8, 0), (8, 6), (8, 9), (9, 0), (10, 0), (10, 3), (12, 0)];

/// "8.9" as (8, 9).
#[must_use]
pub fn capability(written: &str) -> Option<ComputeCapability> {
    let (major, minor) = written.split_once('.')?;
    let cc: ComputeCapability = (major.parse().ok()?, minor.parse().ok()?);
    (cc.1 <= 9).then_some(cc)
}

/// Architecture generation of a compute capability.
#[must_use]
pub const fn generation(cc: ComputeCapability) -> Generation {
    match cc {
        (0..=6, _) => Generation::Pascal,
        (7, 0..=4) => Generation::Volta,
        (7, _) => Generation::Turing,
        (8, 0..=8) => Generation::Ampere,
        (8, _) => Generation::Ada,
        (9, _) => Generation::Hopper,
        // Chips for servers, boards and cards; what comes after counts as the newest that is known.
        (10.., _) => Generation::Blackwell,
    }
}

/// The compute capability of a chip, by its name; none of a chip nobody has made known.
#[must_use]
pub fn capability_of_chip(chip: &str) -> Option<ComputeCapability> {
    let chips = [
        ("GP100", (6, 0)),
        ("GP", (6, 1)),
        ("GV", (7, 0)),
        ("TU", (7, 5)),
        ("GA100", (8, 0)),
        ("GA", (8, 6)),
        ("AD", (8, 9)),
        ("GH", (9, 0)),
        ("GB100", (10, 0)),
        ("GB110", (10, 3)),
        ("GB2", (12, 0)),
    ];
    chips.into_iter().find(|(begins, _)| chip.starts_with(begins)).map(|(_, capability)| capability)
}

/// The month in which the first product of a compute capability was shown, by NVIDIA's announcements: no card is older.
#[must_use]
pub const fn shown(cc: ComputeCapability) -> &'static str {
    match cc {
        (0..=6, 0) => "2016-04",
        (0..=6, _) => "2016-05",
        (7, 0..=4) => "2017-05",
        (7, _) => "2018-08",
        (8, 0..=5) => "2020-05",
        (8, 6..=8) => "2020-09",
        (8, _) => "2022-09",
        (9, _) => "2022-03",
        (10, 0..=2) => "2024-03",
        (10 | 11, _) => "2025-03",
        _ => "2025-01",
    }
}

/// CUDA cores per streaming multiprocessor.
#[must_use]
pub const fn cuda_cores_per_sm(cc: ComputeCapability) -> u32 {
    match cc {
        (6 | 8, 0) | (7, _) => 64,
        _ => 128,
    }
}

/// Tensor cores per streaming multiprocessor, where the chip has them (TU11x, 7.5, has none).
#[must_use]
pub const fn tensor_cores_per_sm(cc: ComputeCapability) -> u32 {
    match cc.0 {
        0..=6 => 0,
        7 => 8,
        _ => 4,
    }
}

/// FP16 rate over FP32 rate of the CUDA cores.
#[must_use]
pub const fn fp16_over_fp32(cc: ComputeCapability) -> f64 {
    match cc {
        (6, 0) | (7 | 9, _) => 2.0,
        (6, _) => 1.0 / 64.0,
        (8, 0) => 4.0,
        _ => 1.0,
    }
}

/// FP64 rate over FP32 rate of the CUDA cores.
#[must_use]
pub const fn fp64_over_fp32(cc: ComputeCapability) -> f64 {
    match cc {
        (6..=9, 0) => 1.0 / 2.0,
        (6, _) | (7, 5) => 1.0 / 32.0,
        _ => 1.0 / 64.0,
    }
}

/// Dense FP16 tensor operations per streaming multiprocessor and clock, accumulating in FP16 and in FP32. GeForce halves the
/// latter.
#[must_use]
pub const fn tensor_flops_per_clock(cc: ComputeCapability, brand: Brand) -> (f64, f64) {
    match cc {
        (7, 0) => (1024.0, 1024.0),
        (8, 0) => (2048.0, 2048.0),
        (9, _) => (4096.0, 4096.0),
        (10 | 11, _) => (8192.0, 8192.0),
        _ if matches!(brand, Brand::Geforce) => (1024.0, 512.0),
        _ => (1024.0, 1024.0),
    }
}

/// Data rates per pin that a memory type is sold at, in Gbit/s.
#[must_use]
pub fn pin_rates(memory: &str) -> Option<(f64, f64)> {
    Some(match memory {
        "DDR4" => (1.6, 3.4),
        "GDDR5" => (5.0, 9.0),
        "GDDR5X" => (9.0, 12.0),
        "GDDR6" => (9.9, 20.1),
        "GDDR6X" => (18.9, 24.0),
        "GDDR7" => (17.9, 34.0),
        "HBM2" => (1.3, 2.5),
        "HBM2e" => (2.4, 3.7),
        "HBM3" => (4.8, 6.6),
        "HBM3e" => (6.2, 9.8),
        _ => return None,
    })
}

/// What one chip of a memory type holds, in GiB: those that cards have been sold with. None where memory is not laid out in chips of 32
/// bits, or is not known.
#[must_use]
pub fn chip_densities(memory: &str) -> Option<&'static [f64]> {
    Some(match memory {
        "GDDR5" => &[0.25, 0.5, 1.0],
        "GDDR5X" => &[1.0],
        "GDDR6" | "GDDR6X" => &[1.0, 2.0],
        "GDDR7" => &[2.0, 3.0],
        _ => return None,
    })
}

/// Board power over the FP32 peak of one chip, in watts per TFLOPS: what cards of the architecture have, with room on both sides, and
/// less than ten times apart, so that a figure ten times off is none.
#[must_use]
pub const fn watts_per_teraflop(cc: ComputeCapability) -> (f64, f64) {
    match cc {
        (0..=6, _) => (11.0, 50.0),
        (7, 0..=4) => (10.0, 30.0),
        (7, _) => (7.0, 50.0),
        (8, 0..=8) => (4.0, 28.0),
        (8, _) => (1.8, 13.0),
        (9, _) => (5.0, 22.0),
        (10 | 11, _) => (9.0, 28.0),
        _ => (2.2, 14.0),
    }
}

/// Whether chips of the compute capability have NVLink. Among those of consumers and workstations the larger ones of Turing and Ampere
/// were the last.
#[must_use]
pub const fn has_nvlink(cc: ComputeCapability) -> bool {
    !matches!(cc, (6, 1) | (8, 9) | (12, _))
}
