//! Classes of cards that share efficiency factors.

use crate::card::{Card, Generation};
use serde::{Deserialize, Serialize};

/// Cards with the same kernels: generation, with the server chips of Ampere and Blackwell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardClass {
    /// Compute capability 6.x.
    Pascal,
    /// 7.0.
    Volta,
    /// 7.5.
    Turing,
    /// 8.0.
    AmpereServer,
    /// 8.6 and 8.7.
    Ampere,
    /// 8.9.
    Ada,
    /// 9.0.
    Hopper,
    /// 10.x.
    BlackwellServer,
    /// 12.x.
    Blackwell,
}

crate::document::value!(CardClass = CardClass::Pascal);

impl CardClass {
    /// The class of a card.
    #[must_use]
    pub const fn of(card: &Card) -> Self {
        match (card.generation, card.compute_capability) {
            (Generation::Pascal, _) => Self::Pascal,
            (Generation::Volta, _) => Self::Volta,
            (Generation::Turing, _) => Self::Turing,
            (Generation::Ampere, (8, 0)) => Self::AmpereServer,
            (Generation::Ampere, _) => Self::Ampere,
            (Generation::Ada, _) => Self::Ada,
            (Generation::Hopper, _) => Self::Hopper,
            (Generation::Blackwell, (10, _)) => Self::BlackwellServer,
            (Generation::Blackwell, _) => Self::Blackwell,
        }
    }
}
