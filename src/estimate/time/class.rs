//! Classes of cards that share efficiency factors.

use crate::card::{Card, Generation};
use crate::document::keyword;

keyword!(
    /// Cards with the same kernels: generation, with the server chips of Ampere and Blackwell apart.
    CardClass {
        /// Compute capability 6.x.
        Pascal = "pascal",
        /// 7.0.
        Volta = "volta",
        /// 7.5.
        Turing = "turing",
        /// 8.0.
        AmpereServer = "ampere-server",
        /// 8.6 and 8.7.
        Ampere = "ampere",
        /// 8.9.
        Ada = "ada",
        /// 9.0.
        Hopper = "hopper",
        /// 10.x.
        BlackwellServer = "blackwell-server",
        /// 12.x.
        Blackwell = "blackwell",
    }
);

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
