//! What a recipe that gives something up has to bring.

use crate::request::{Checkpointing, Offload, Setup, StorageKind};

/// A recipe that gives up one thing more has to be faster (or cheaper, or more frugal) by this factor to be taken instead of another
/// that fits as well. Times of the kinds of work measured best are off by ten percent and more (docs/accuracy.md), and two recipes of one
/// model on one card share most of what is off: half of it is taken for a difference that somebody would see.
const WORTH: f64 = 1.05;

/// What a recipe of this level is judged by: its figure, and 5 % for each thing it gives up. Weights of eight bits give up nothing that
/// anybody finds, so no level counts them, but they are still not what was released: they count as one thing more. So does what a
/// training keeps in main memory, inputs of layers or the weights themselves, which changes no result but asks for a machine that has the room.
///
/// A card that is better in everything does no worse by this in any recipe, so it does no worse in its best.
pub(super) fn counted(figure: f64, level: u8, setup: &Setup) -> f64 {
    let eight_bits = is_narrowed(setup) && setup.recipe.weights.storage().block_bits >= 8.0;
    let recipe = &setup.recipe;
    let hosted = setup.trains() && (recipe.checkpointing == Checkpointing::Host || recipe.offload != Offload::None);
    figure * WORTH.powi(i32::from(level) + i32::from(eight_bits) + i32::from(hosted))
}

/// What giving up so many things more counts for.
pub(super) fn weight(more: u8) -> f64 {
    WORTH.powi(i32::from(more))
}

/// Whether weights that are to be run have fewer bits than 16, and were not released so.
pub(super) fn is_narrowed(setup: &Setup) -> bool {
    let format = setup.recipe.weights;
    let own = setup.model.released_weights == Some(format);
    !setup.trains() && format.storage().kind != StorageKind::Plain && !own
}
