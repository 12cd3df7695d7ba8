//! Programs that one looks for and does not find among the files of a plan, and why.

use super::{Format, terms};
use crate::request::{Keyword, Setup, Stack, WeightFormat, keyword};
use crate::text::{Lang, say};
use crate::wording;

keyword!(
    /// What of a plan a program does not have.
    Lack {
        /// Weights in this format.
        Weights = "weights",
        /// Experts in this format: what it takes for layers it leaves wide.
        Experts = "experts",
        /// Several cards.
        Cards = "cards",
        /// This model in this kind of job.
        Job = "job",
    }
);

impl Lack {
    /// Why a program has no file of a plan, as a sentence.
    #[must_use]
    pub fn say(self, lang: Lang, format: Format, setup: &Setup) -> String {
        let program = wording::name(lang, "format", format.name());
        let weights = wording::name(lang, "weights", setup.recipe.weights.name());
        say(lang, &format!("app.take.left-out.{}", self.name()), &[("program", &program), ("weights", &weights)])
    }
}

/// Programs that would have a file if the plan had other weights or one card, or that it was estimated for, with what they lack.
#[must_use]
pub fn left_out(setup: &Setup) -> Vec<(Format, Lack)> {
    let with = |change: fn(&mut Setup)| {
        let mut other = setup.clone();
        change(&mut other);
        other
    };
    let others = [
        (Lack::Weights, with(|other| other.recipe.weights = WeightFormat::Bf16)),
        (Lack::Weights, with(|other| other.recipe.weights = WeightFormat::Q4KM)),
        (Lack::Cards, with(|other| other.rig.count = 1)),
    ];
    let why = |format: Format| {
        let found = others.iter().find(|(_, other)| format.applies(other)).map(|(lack, _)| *lack);
        let experts = terms::leaves_experts(setup) && format.has_bitsandbytes();
        let found = found.map(|lack| if lack == Lack::Weights && experts { Lack::Experts } else { lack });
        found.or_else(|| (own(setup.recipe.stack) == Some(format)).then_some(Lack::Job))
    };
    let absent = Format::ALL.iter().filter(|format| format.program().is_some() && !format.applies(setup) && !format.shares());
    absent.filter_map(|format| Some((*format, why(*format)?))).collect()
}

/// The file that software has under its own name.
const fn own(stack: Stack) -> Option<Format> {
    match stack {
        Stack::Unsloth => Some(Format::Unsloth),
        Stack::Torchtune => Some(Format::Torchtune),
        Stack::Megatron => Some(Format::Megatron),
        Stack::LlamaCpp => Some(Format::LlamaCpp),
        Stack::Vllm => Some(Format::Vllm),
        _ => None,
    }
}

impl Format {
    /// Whether it quantises linear layers while it loads them.
    const fn has_bitsandbytes(self) -> bool {
        matches!(self, Self::Trl | Self::Peft | Self::LlamaFactory | Self::Axolotl | Self::Unsloth)
    }

    /// Whether it only says how cards share, or is for whatever software there is.
    const fn shares(self) -> bool {
        matches!(self, Self::Deepspeed | Self::Accelerate | Self::Timm | Self::Ultralytics)
    }
}
