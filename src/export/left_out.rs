//! Programs that one looks for and does not find among the files of a plan, and why.

use super::as_run::{as_run, excess, excess_of_loading};
use super::choice::Choice;
use super::{Format, terms};
use crate::request::{JobKind, Keyword, Optimizer, Precision, Setup, Stack, WeightFormat, keyword};
use crate::text::{Lang, say};
use crate::wording;

keyword!(
    /// What of a plan a program does not have.
    Lack {
        /// Weights in this format.
        Weights = "weights",
        /// Experts in this format: what it takes for layers it leaves wide.
        Experts = "experts",
        /// These number formats.
        Precision = "precision",
        /// This optimizer on several cards.
        Optimizer = "optimizer",
        /// Several cards.
        Cards = "cards",
        /// A setting that the plan needs to fit: as it runs the plan, a card has too little memory.
        Memory = "memory",
        /// A way to share quantised weights before every card has held all of them.
        Loading = "loading",
        /// A way to keep quantised weights in main memory.
        Offload = "offload",
        /// An attention kernel with which this model can be trained.
        Attention = "attention",
        /// This model in this kind of job.
        Job = "job",
    }
);

impl Lack {
    /// Why a program has no file of a plan, as a sentence.
    #[must_use]
    pub fn say(self, lang: Lang, format: Format, setup: &Setup) -> String {
        let program = wording::name(lang, "format", format.name());
        let of = |choice: Choice| choice.words(lang, setup);
        let (weights, precision, optimizer) = (of(Choice::Weights), of(Choice::Precision), of(Choice::Optimizer));
        let too_much = match self {
            Self::Memory => excess(format, setup),
            Self::Loading => excess_of_loading(format, setup),
            _ => None,
        };
        let (needs, has) = too_much.map_or_else(Default::default, |it| (wording::gib(it.needs), wording::memory(it.has)));
        let how = if self == Self::Memory { otherwise(lang, format, setup) } else { String::new() };
        let args: [(&str, &str); 7] = [
            ("program", &program),
            ("weights", &weights),
            ("precision", &precision),
            ("optimizer", &optimizer),
            ("how", &how),
            ("needs", &needs),
            ("has", &has),
        ];
        say(lang, &format!("app.take.left-out.{}", self.name()), &args)
    }
}

/// What a program does otherwise than planned, in the words of the form.
fn otherwise(lang: Lang, format: Format, setup: &Setup) -> String {
    let Some(run) = as_run(format, setup) else { return String::new() };
    // That batches are added up instead of cards sharing one is no more to hold.
    let differs = |choice: &Choice| *choice != Choice::Accumulation && choice.words(lang, setup) != choice.words(lang, &run);
    let said: Vec<String> = Choice::ALL.iter().copied().filter(differs).map(|choice| choice.sentence(lang, &run)).collect();
    said.join(&say(lang, "app.list-semicolon", &[]))
}

/// Programs that would have a file if the plan had other weights or one card, that such a job is usually done with, or that it was
/// estimated for, with what they lack.
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
        (Lack::Precision, with(|other| other.recipe.precision = Precision::Bf16Autocast)),
        (Lack::Optimizer, with(|other| other.recipe.optimizer = Optimizer::Adamw)),
        (Lack::Cards, with(|other| other.rig.count = 1)),
    ];
    let why = |format: Format| {
        if let Some(lack) = format.own_lack(setup) {
            return Some(lack);
        }
        let found = others.iter().find(|(_, other)| format.suits(other)).map(|(lack, _)| *lack);
        let experts = terms::leaves_experts(setup) && format.has_bitsandbytes();
        let found = found.map(|lack| if lack == Lack::Weights && experts { Lack::Experts } else { lack });
        found.or_else(|| (own(setup.recipe.stack) == Some(format) || format.is_usual(setup)).then_some(Lack::Job))
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
    /// What keeps a program from a plan that it has settings for.
    pub(super) fn own_lack(self, setup: &Setup) -> Option<Lack> {
        let trains = setup.trains() && setup.model.category.is_language_model();
        if self == Self::Unsloth && terms::fsdp_offloads(setup) {
            // FSDP's first version puts weights into one tensor, where it has bytes beside BF16.
            return Some(Lack::Offload);
        }
        if self == Self::LlamaFactory && trains && terms::without_flash(setup) {
            // It takes FlashAttention 3 whatever it is told.
            return Some(Lack::Attention);
        }
        if !self.suits(setup) {
            return None;
        }
        let loading = || excess_of_loading(self, setup).map(|_| Lack::Loading);
        excess(self, setup).map(|_| Lack::Memory).or_else(loading)
    }

    /// Whether jobs of this kind are usually done with it.
    fn is_usual(self, setup: &Setup) -> bool {
        if !setup.model.category.is_language_model() {
            return false;
        }
        match self {
            Self::Trl | Self::Unsloth | Self::Torchtune => setup.job.kind.tunes(),
            Self::Peft => setup.adapters_only(),
            Self::LlamaFactory | Self::Axolotl => setup.trains(),
            Self::Megatron => setup.job.kind == JobKind::Pretrain,
            Self::LlamaCpp | Self::Ollama | Self::Vllm => !setup.trains(),
            _ => false,
        }
    }

    /// Whether it quantises linear layers while it loads them.
    const fn has_bitsandbytes(self) -> bool {
        matches!(self, Self::Trl | Self::Peft | Self::LlamaFactory | Self::Axolotl | Self::Unsloth)
    }

    /// Whether it only says how cards share, or is for whatever software there is.
    pub(super) const fn shares(self) -> bool {
        matches!(self, Self::Deepspeed | Self::Accelerate | Self::Timm | Self::Ultralytics)
    }
}
