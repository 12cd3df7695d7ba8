//! The one table of constants that come from measurements (`calibration.json`); formulas are in code, factors are in data.

use crate::document::{self, Blank, record};
use std::sync::OnceLock;

pub use super::memory::MemoryCalibration;
use super::time::TimeCalibration;

/// Every calibrated factor.
#[derive(Clone, Debug, Default)]
pub struct Calibration {
    /// ISO date of the last fit.
    pub date: String,
    /// Allocator, context and workspace factors.
    pub memory: MemoryCalibration,
    /// Efficiency factors.
    pub time: TimeCalibration,
}

record!(Calibration { date, memory, time });

/// The table in use. A test holds that the embedded file is valid.
pub fn calibration() -> &'static Calibration {
    static TABLE: OnceLock<Calibration> = OnceLock::new();
    TABLE.get_or_init(|| {
        let table = document::parse(include_str!(concat!(env!("OUT_DIR"), "/calibration.json"))).unwrap_or_default();
        document::read(&table).unwrap_or_else(|_| Blank::blank())
    })
}
