//! What a recipe asks of its card, and the card lacks: one answer for estimates, plans and suggestions.

use super::{AttentionKernel, Precision, Recipe, Setup, Stack, WeightFormat, runs};
use crate::card::Card;

/// What a card lacks for a recipe, or the software on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// BF16 arithmetic.
    Bf16,
    /// TF32 tensor cores.
    Tf32,
    /// FP8 tensor cores.
    Fp8,
    /// Kernels of FlashAttention-2.
    FlashAttention,
    /// Kernels for 4-bit NormalFloat.
    Nf4,
    /// Kernels of LLM.int8.
    Int8,
    /// Kernels of the software for the format of the weights.
    Format,
}

impl Obstacle {
    /// The field that asks for what is not there.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Bf16 | Self::Tf32 | Self::Fp8 => "recipe.precision",
            Self::FlashAttention => "recipe.attention",
            Self::Nf4 | Self::Int8 | Self::Format => "recipe.weights",
        }
    }
}

/// What the card of a setup lacks for its recipe.
pub(crate) fn obstacles(setup: &Setup) -> impl Iterator<Item = Obstacle> + use<> {
    lacking(&setup.recipe, setup.stores_weights(), &setup.rig.card)
}

/// The same of any recipe; the format of weights counts where they are stored in it. llama.cpp has kernels of its own for
/// `FlashAttention` on every card.
pub(crate) fn lacking(recipe: &Recipe, stored: bool, card: &Card) -> impl Iterator<Item = Obstacle> + use<> {
    let can = card.features();
    let precision = match recipe.precision {
        Precision::Bf16Autocast | Precision::Bf16Pure | Precision::Bf16Master if !can.bf16 => Some(Obstacle::Bf16),
        Precision::Tf32 if !can.tf32 => Some(Obstacle::Tf32),
        Precision::Fp8 if !can.fp8 => Some(Obstacle::Fp8),
        Precision::Bf16Autocast | Precision::Bf16Pure | Precision::Bf16Master | Precision::Tf32 | Precision::Fp8 => None,
        Precision::Fp32 | Precision::Fp16Autocast | Precision::Fp16Pure => None,
    };
    let flash = recipe.attention == AttentionKernel::Flash && recipe.stack != Stack::LlamaCpp;
    let weights = match recipe.weights {
        _ if !stored => None,
        WeightFormat::Nf4 | WeightFormat::Nf4Double if !can.nf4 => Some(Obstacle::Nf4),
        WeightFormat::Int8 if !can.llm_int8 => Some(Obstacle::Int8),
        format => (!runs(format, recipe.stack, card)).then_some(Obstacle::Format),
    };
    [precision, (flash && !can.flash_attention).then_some(Obstacle::FlashAttention), weights].into_iter().flatten()
}
