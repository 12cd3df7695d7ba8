//! Numbers of cards that are tried.

use super::goal::Counts;
use crate::request::Rig;
use std::iter::successors;

/// More cards than one, where as few as do are looked for: those that people build machines with, 3 and 6 among them.
pub(super) const SEVERAL: [u32; 5] = [2, 3, 4, 6, 8];

/// One card and twice as many each time, where rigs are held against each other: what lies between tells little more.
pub(super) fn doubling() -> impl Iterator<Item = u32> {
    successors(Some(1_u32), |count| count.checked_mul(2))
}

/// What is tried where nothing is asked for: what one machine takes.
pub(super) fn usual() -> Vec<u32> {
    doubling().take_while(|count| *count <= Rig::MACHINE).collect()
}

impl Counts {
    /// Twice as many each time, and at last as many as there may be.
    #[must_use]
    pub fn up_to(most: f64) -> Self {
        let fewer = doubling().map(f64::from).take_while(|count| *count < most);
        Self::Any(fewer.chain([most]).collect())
    }
}
