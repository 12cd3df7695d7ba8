//! In which order the search looks for what fits.

use super::menu::Rung;
use super::search::Comfort;

/// Recipes that fit so well, by rung.
type Class = (Comfort, &'static [Rung]);

/// Recipes that fit equally well, by rung. The first class that holds any decides; within it the first rung with a recipe that ends
/// in usual time, or else the first rung with any. Rigs are ranked in the same order (`rank::standing`): a rig that can do all that
/// another can, and faster, must not fall behind it by taking a better recipe than the other has room for.
const RUNNING: [Class; 6] = [
    (Comfort::Fits, &[Rung::Ordinary, Rung::Stretched, Rung::Spared]),
    (Comfort::Tight, &[Rung::Ordinary, Rung::Stretched, Rung::Spared]),
    (Comfort::Fits, &[Rung::Squeezed]),
    (Comfort::Tight, &[Rung::Squeezed]),
    (Comfort::Fits, &[Rung::Offloaded]),
    (Comfort::Tight, &[Rung::Offloaded]),
];

/// The same of trainings. Without an FP32 copy a training from nothing may end nowhere, and main memory keeps one: so that comes first,
/// unless it ends later. A model that is run answers far sooner in fewer bits than with layers in main memory.
const TRAINING: [Class; 4] = [
    (Comfort::Fits, &[Rung::Ordinary, Rung::Stretched, Rung::Spared]),
    (Comfort::Tight, &[Rung::Ordinary, Rung::Stretched, Rung::Spared]),
    (Comfort::Fits, &[Rung::Offloaded, Rung::Squeezed]),
    (Comfort::Tight, &[Rung::Offloaded, Rung::Squeezed]),
];

/// The classes of a training, or of a model that is run.
pub(super) const fn classes(trains: bool) -> &'static [Class] {
    if trains { &TRAINING } else { &RUNNING }
}
