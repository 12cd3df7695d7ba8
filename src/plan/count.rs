//! Numbers of cards that are tried.

use super::goal::Counts;
use crate::model::Model;
use crate::request::{JobKind, Rig};
use std::iter::successors;

/// More cards than one, where as few as do are looked for: those that people build machines with, 3 and 6 among them.
pub(super) const SEVERAL: [u32; 5] = [2, 3, 4, 6, 8];

/// One card and twice as many each time, where rigs are held against each other: what lies between tells little more.
pub(super) fn doubling() -> impl Iterator<Item = u32> {
    successors(Some(1_u32), |count| count.checked_mul(2))
}

/// Fewer cards than these, the most first: any number of one machine, and doublings of it.
pub(super) fn fewer(count: u32) -> impl Iterator<Item = u32> {
    let machines: Vec<u32> =
        doubling().take_while(|fewer| *fewer < count).filter(|fewer| *fewer > Rig::CARDS_PER_MACHINE).collect();
    machines.into_iter().rev().chain((1..count.min(Rig::CARDS_PER_MACHINE + 1)).rev())
}

/// The largest cluster that is looked at: as many as trained Llama 3 405B (arXiv 2407.21783, section 3.3).
pub const LARGEST_CLUSTER: u32 = 16_384;

/// More cards than one machine holds, twice as many each time.
pub(super) fn clusters() -> impl Iterator<Item = u32> {
    doubling().skip_while(|count| *count <= Rig::CARDS_PER_MACHINE).take_while(|count| *count <= LARGEST_CLUSTER)
}

/// What is tried besides where text is written: layers are shared by any number of cards, as batches are not.
const STAGES: [u32; 2] = [3, 6];

/// Whether those are tried.
#[must_use]
pub fn shares_layers(model: &Model, kind: JobKind) -> bool {
    kind == JobKind::Inference && model.category.is_language_model()
}

impl Counts {
    /// What is tried where nothing is asked for: what one machine takes.
    pub(super) fn usual(layers: bool) -> Self {
        Self::up_to(Rig::CARDS_PER_MACHINE.into(), layers)
    }

    /// Twice as many each time, those between where layers are shared, and at last as many as there may be.
    #[must_use]
    pub fn up_to(most: f64, layers: bool) -> Self {
        let doubled = doubling().map(f64::from).take_while(|count| *count < most);
        let between = STAGES.iter().copied().filter(|_| layers).map(f64::from).filter(|count| *count < most);
        let mut counts: Vec<f64> = doubled.chain(between).chain([most]).collect();
        counts.sort_by(f64::total_cmp);
        Self::Any(counts)
    }
}
