//! The two halves of the table, which are fitted apart: no factor of memory moves a time.

use super::factors::{self, Factor};
use crate::accuracy::Case;
use crate::calibrate::file::{Calibration, Tables};
use anyhow::Result;

/// A half of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Fitted to readings that hold more than tensors: `nvidia-smi`, and what the allocator reserved.
    Memory,
    /// Fitted to throughputs and micro-benchmarks.
    Time,
}

impl Section {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Memory, Self::Time];

    /// Its factors with their values in this table.
    pub fn factors(self, table: &Calibration) -> Result<Vec<Factor>> {
        match self {
            Self::Memory => factors::memory(&table.whole),
            Self::Time => factors::time(&table.whole),
        }
    }

    /// Whether its factors decide what is compared.
    pub fn decides(self, case: &Case, tables: &Tables) -> bool {
        if case.record.distrusted() {
            return false;
        }
        let Ok(found) = case.compare(tables) else { return false };
        let Some(first) = found.first() else { return false };
        match self {
            Self::Memory => matches!(first.quantity, "memory in total" | "memory reserved"),
            Self::Time => case.is_speed(),
        }
    }
}
