//! The answer: which card this may be, on what evidence, and what would settle it.

use super::Architecture;
use crate::document::keyword;
use serde::Serialize;

keyword!(
    /// Who made the hardware the browser draws on.
    #[derive(Default)]
    Vendor {
        /// NVIDIA.
        Nvidia = "nvidia",
        /// AMD, formerly ATI.
        Amd = "amd",
        /// Intel.
        Intel = "intel",
        /// Apple.
        Apple = "apple",
        /// Qualcomm (Adreno).
        Qualcomm = "qualcomm",
        /// Arm (Mali, Immortalis).
        Arm = "arm",
        /// Imagination (PowerVR).
        Imagination = "imagination",
        /// Samsung (Xclipse).
        Samsung = "samsung",
        /// Google (SwiftShader).
        Google = "google",
        /// Mesa (llvmpipe).
        Mesa = "mesa",
        /// Microsoft (Basic Render Driver, WARP).
        Microsoft = "microsoft",
        /// VMware.
        Vmware = "vmware",
        /// Parallels.
        Parallels = "parallels",
        /// Not known.
        #[default]
        Unknown = "unknown",
    }
);

impl Vendor {
    /// The brand, of makers of other graphics hardware than NVIDIA's; it is the same in all languages.
    #[must_use]
    pub const fn maker(self) -> Option<&'static str> {
        match self {
            Self::Amd => Some("AMD"),
            Self::Intel => Some("Intel"),
            Self::Apple => Some("Apple"),
            Self::Qualcomm => Some("Qualcomm"),
            Self::Arm => Some("Arm"),
            Self::Imagination => Some("Imagination"),
            Self::Samsung => Some("Samsung"),
            // NVIDIA, drawing in software, machines inside machines, and whoever cannot be read.
            Self::Nvidia | Self::Google | Self::Mesa | Self::Microsoft | Self::Vmware | Self::Parallels | Self::Unknown => None,
        }
    }
}

keyword!(
    /// What a guess rests on, strongest first.
    #[derive(Default, PartialOrd, Ord)]
    Evidence {
        /// A PCI device id.
        Id = "id",
        /// The name a driver reports.
        Name = "name",
        /// A chip's code name.
        Chip = "chip",
        /// The generation in one word.
        Architecture = "architecture",
        /// A replacement many cards share: the browser hides the real one.
        Bucket = "bucket",
        /// Nothing was readable.
        #[default]
        Nothing = "nothing",
    }
);

keyword!(
    /// How much to build on a guess.
    #[derive(Default, PartialOrd, Ord)]
    #[cfg_attr(feature = "schema", schemars(rename = "DetectionConfidence"))]
    Confidence {
        /// No card can be named.
        #[default]
        None = "none",
        /// Several cards, or signals that contradict each other.
        Low = "low",
        /// One card, by its name.
        Medium = "medium",
        /// One card, by its device id.
        High = "high",
    }
);

keyword!(
    /// What the visitor can say that settles it.
    #[cfg_attr(feature = "schema", schemars(rename = "DetectionQuestion"))]
    Question {
        /// How much memory has it?
        Memory = "memory",
        /// Laptop or desktop?
        Form = "form",
        /// Which of these is it?
        Candidates = "candidates",
        /// Name and id contradict each other: which is right?
        Contradiction = "contradiction",
        /// Which card of this generation is it?
        Generation = "generation",
        /// Is there an NVIDIA card beside the one the browser draws on?
        OtherCard = "other-card",
        /// Which card is in the machine that does the work?
        Host = "host",
        /// Which card is it?
        Card = "card",
    }
);

/// A reading of what the browser shows. It is a guess: [`Guess::card`] is set only where one card is left.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Guess {
    /// Maker of the hardware.
    pub vendor: Vendor,
    /// Card ids in order of likelihood, in the catalogue's style; not all are in the catalogue.
    pub cards: Vec<String>,
    /// Marketing name without "NVIDIA", as reported, or as known for the id.
    pub name: Option<String>,
    /// Generation, where all that was seen agrees on it.
    pub generation: Option<Architecture>,
    /// Another generation the same word may stand for.
    pub other_generation: Option<Architecture>,
    /// Laptop; `None` if the string does not tell.
    pub laptop: Option<bool>,
    /// A software renderer: says nothing about the card.
    pub software: bool,
    /// A virtual machine, a slice of a card, a remote desktop.
    pub is_virtual: bool,
    /// Integrated graphics; `None` if not known.
    pub integrated: Option<bool>,
    /// The browser hides the card.
    pub masked: bool,
    /// WebGL and WebGPU saw hardware of different makers: a machine with two GPUs.
    pub hybrid: bool,
    /// Name and id, or name and maker, contradict each other: `cards` has the candidates of both.
    pub conflict: bool,
    /// PCI device id.
    pub device_id: Option<u32>,
    /// Chip ("GA106M").
    pub chip: Option<String>,
    /// What the guess rests on.
    pub evidence: Evidence,
    /// How much to build on it.
    pub confidence: Confidence,
    /// What would settle it; `None` if it is settled.
    pub question: Option<Question>,
}

impl Guess {
    /// The card, if exactly one is left and nothing speaks against it.
    #[must_use]
    pub fn card(&self) -> Option<&str> {
        match self.cards.as_slice() {
            [card] if !self.conflict => Some(card),
            _ => None,
        }
    }

    /// Key of the sentence that says what the guess rests on.
    #[must_use]
    pub const fn evidence_key(&self) -> &'static str {
        match self.evidence {
            Evidence::Id => "detect.evidence.id",
            Evidence::Name => "detect.evidence.name",
            Evidence::Chip => "detect.evidence.chip",
            Evidence::Architecture => "detect.evidence.architecture",
            Evidence::Bucket => "detect.evidence.bucket",
            Evidence::Nothing if self.masked => "detect.evidence.hidden",
            Evidence::Nothing => "detect.evidence.nothing",
        }
    }

    /// Keys of the sentences the visitor should read beside the guess, most important first.
    #[must_use]
    pub fn note_keys(&self) -> Vec<&'static str> {
        let notes = [
            (self.software, "detect.note.software"),
            (self.is_virtual, "detect.note.virtual"),
            (self.conflict, "detect.note.conflict"),
            (self.hybrid, "detect.note.hybrid"),
            // Only beside these is there ever a card of NVIDIA's as well.
            (
                self.integrated == Some(true) && !self.hybrid && matches!(self.vendor, Vendor::Amd | Vendor::Intel),
                "detect.note.integrated",
            ),
            (self.generation.is_some_and(|generation| generation.in_catalog().is_none()), "detect.note.too-old"),
        ];
        notes.into_iter().filter_map(|(applies, key)| applies.then_some(key)).collect()
    }
}

impl Question {
    /// Key of the question's sentence.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Memory => "detect.question.memory",
            Self::Form => "detect.question.form",
            Self::Candidates => "detect.question.candidates",
            Self::Contradiction => "detect.question.contradiction",
            Self::Generation => "detect.question.generation",
            Self::OtherCard => "detect.question.other-card",
            Self::Host => "detect.question.host",
            Self::Card => "detect.question.card",
        }
    }
}
