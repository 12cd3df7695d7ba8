//! Classes of cards that share efficiency factors.

use crate::card::{Card, Generation};
use crate::document::keyword;

keyword!(
    /// Cards with the same kernels: generation, with the server chips of Ampere and Blackwell apart.
    CardClass {
        /// Compute capability 6.x: GeForce 10, P40, P100.
        Pascal = "pascal",
        /// 7.0: V100, TITAN V.
        Volta = "volta",
        /// 7.5: GeForce 16 and 20, T4.
        Turing = "turing",
        /// 8.0: A100, A30.
        AmpereServer = "ampereServer",
        /// 8.6 and 8.7: GeForce 30, RTX A-series, A40, A10.
        Ampere = "ampere",
        /// 8.9: GeForce 40, RTX Ada, L4, L40S.
        Ada = "ada",
        /// 9.0: H100, H200, H20.
        Hopper = "hopper",
        /// 10.x: B100, B200.
        BlackwellServer = "blackwellServer",
        /// 12.x: GeForce 50, RTX PRO.
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
