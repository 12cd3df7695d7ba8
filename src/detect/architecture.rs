//! The generation of a chip, and the words browsers use for it.

use crate::card;
use crate::document::keyword;

keyword!(
    /// GPU generation, from those too old for CUDA to the newest. [`card::Generation`] has the ones the catalogue covers.
    #[derive(PartialOrd, Ord)]
    Architecture {
        /// GeForce 6 and 7.
        PreTesla = "pre-tesla",
        /// GeForce 8 to 300.
        Tesla = "tesla",
        /// GeForce 400 and 500.
        Fermi = "fermi",
        /// GeForce 600 and 700.
        Kepler = "kepler",
        /// GeForce 750, 900.
        Maxwell = "maxwell",
        /// GeForce 10.
        Pascal = "pascal",
        /// V100, TITAN V.
        Volta = "volta",
        /// GeForce 16 and 20.
        Turing = "turing",
        /// GeForce 30, A100.
        Ampere = "ampere",
        /// GeForce 40.
        Ada = "ada",
        /// H100.
        Hopper = "hopper",
        /// GeForce 50, B200.
        Blackwell = "blackwell",
    }
);

/// Prefixes of chip names, longest first where one is a prefix of another.
const CHIPS: &[(&str, Architecture)] = &[
    ("NV", Architecture::PreTesla),
    ("G7", Architecture::PreTesla),
    ("C5", Architecture::PreTesla),
    ("C6", Architecture::PreTesla),
    ("C73", Architecture::PreTesla),
    ("C7", Architecture::Tesla),
    ("MCP", Architecture::Tesla),
    ("G8", Architecture::Tesla),
    ("G9", Architecture::Tesla),
    ("GT2", Architecture::Tesla),
    ("GF", Architecture::Fermi),
    ("GK", Architecture::Kepler),
    ("GM", Architecture::Maxwell),
    ("GP", Architecture::Pascal),
    ("GV", Architecture::Volta),
    ("TU", Architecture::Turing),
    ("GA", Architecture::Ampere),
    ("AD", Architecture::Ada),
    ("GH", Architecture::Hopper),
    ("GB", Architecture::Blackwell),
];

/// What nouveau calls the chips since Maxwell, the oldest that can run a current model.
const NOUVEAU: &[(u16, &str)] = &[
    (0x117, "GM107"),
    (0x118, "GM108"),
    (0x120, "GM200"),
    (0x124, "GM204"),
    (0x126, "GM206"),
    (0x130, "GP100"),
    (0x132, "GP102"),
    (0x134, "GP104"),
    (0x136, "GP106"),
    (0x137, "GP107"),
    (0x138, "GP108"),
    (0x140, "GV100"),
    (0x162, "TU102"),
    (0x164, "TU104"),
    (0x166, "TU106"),
    (0x167, "TU117"),
    (0x168, "TU116"),
    (0x170, "GA100"),
    (0x172, "GA102"),
    (0x173, "GA103"),
    (0x174, "GA104"),
    (0x176, "GA106"),
    (0x177, "GA107"),
    (0x192, "AD102"),
    (0x193, "AD103"),
    (0x194, "AD104"),
    (0x196, "AD106"),
    (0x197, "AD107"),
];

impl Architecture {
    /// The generation of a chip ("AD102", "GP106BM").
    #[must_use]
    pub fn of_chip(chip: &str) -> Option<Self> {
        CHIPS.iter().find(|(prefix, _)| chip.starts_with(prefix)).map(|(_, architecture)| *architecture)
    }

    /// The generation nouveau's number of a chip stands for (0x137 of "NV137").
    ///
    /// Source: the code names of the nouveau project.
    #[must_use]
    pub const fn of_nouveau(code: u16) -> Option<Self> {
        Some(match code {
            0x40..=0x4f | 0x60..=0x6f => Self::PreTesla,
            0x50 | 0x80..=0xaf => Self::Tesla,
            0xc0..=0xdf => Self::Fermi,
            0xe0..=0x10f => Self::Kepler,
            0x110..=0x12f => Self::Maxwell,
            0x130..=0x13f => Self::Pascal,
            0x140..=0x14f => Self::Volta,
            0x160..=0x16f => Self::Turing,
            0x170..=0x17f => Self::Ampere,
            0x180..=0x18f => Self::Hopper,
            0x190..=0x19f => Self::Ada,
            0x1a0..=0x1bf => Self::Blackwell,
            _ => return None,
        })
    }

    /// The generation behind WebGPU's `architecture` word, and the one that may hide behind the same word.
    ///
    /// Source: `gpu_info.json` of Dawn, 2026-08-22: Volta's ids are listed under `pascal`, some of Fermi's under `kepler`.
    #[must_use]
    pub fn of_word(word: &str) -> Option<(Self, Option<Self>)> {
        Some(match word.to_ascii_lowercase().as_str() {
            "fermi" => (Self::Fermi, None),
            "kepler" => (Self::Kepler, Some(Self::Fermi)),
            "maxwell" => (Self::Maxwell, None),
            "pascal" => (Self::Pascal, Some(Self::Volta)),
            "volta" => (Self::Volta, None),
            "turing" => (Self::Turing, None),
            "ampere" => (Self::Ampere, None),
            "lovelace" | "ada" | "ada-lovelace" => (Self::Ada, None),
            "hopper" => (Self::Hopper, None),
            "blackwell" => (Self::Blackwell, None),
            _ => return None,
        })
    }

    /// The same generation as the catalogue has it; `None` if it is older than the catalogue.
    #[must_use]
    pub const fn in_catalog(self) -> Option<card::Generation> {
        Some(match self {
            Self::PreTesla | Self::Tesla | Self::Fermi | Self::Kepler | Self::Maxwell => return None,
            Self::Pascal => card::Generation::Pascal,
            Self::Volta => card::Generation::Volta,
            Self::Turing => card::Generation::Turing,
            Self::Ampere => card::Generation::Ampere,
            Self::Ada => card::Generation::Ada,
            Self::Hopper => card::Generation::Hopper,
            Self::Blackwell => card::Generation::Blackwell,
        })
    }
}

/// The chip nouveau's number stands for, where it names one.
pub(super) fn nouveau_chip(code: u16) -> Option<&'static str> {
    NOUVEAU.iter().find(|(number, _)| *number == code).map(|(_, chip)| *chip)
}
