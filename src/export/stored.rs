//! How frozen weights are stored, and what loads them.

use crate::request::{Setup, WeightFormat};

/// Weights of the frozen model as bitsandbytes quantises them while loading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantised {
    /// Not quantised.
    No,
    /// LLM.int8.
    Int8,
    /// NF4, with quantised constants or without.
    Nf4 {
        /// Quantised constants.
        double: bool,
    },
    /// Comes quantised in the checkpoint (GPTQ, AWQ, MXFP4, FP8).
    InCheckpoint,
}

/// How the frozen weights are stored.
pub(super) const fn quantised(setup: &Setup) -> Quantised {
    match setup.recipe.weights {
        _ if !setup.adapters_only() => Quantised::No,
        WeightFormat::Nf4 => Quantised::Nf4 { double: false },
        WeightFormat::Nf4Double => Quantised::Nf4 { double: true },
        WeightFormat::Int8 => Quantised::Int8,
        WeightFormat::Fp32 | WeightFormat::Fp16 | WeightFormat::Bf16 => Quantised::No,
        _ => Quantised::InCheckpoint,
    }
}

/// The class of transformers a language model is loaded with: those with towers have one of their own.
pub(super) fn loader(setup: &Setup) -> &'static str {
    if setup.model.tower_parameters > 0 { "AutoModelForImageTextToText" } else { "AutoModelForCausalLM" }
}

/// Whether bitsandbytes quantises the frozen weights while loading.
pub(super) const fn by_bitsandbytes(setup: &Setup) -> bool {
    matches!(quantised(setup), Quantised::Int8 | Quantised::Nf4 { .. })
}

/// Whether experts would stay in 16 bits though the plan has them in fewer: since transformers 5 they are one tensor, and
/// bitsandbytes reaches only linear layers (its issue 1849).
pub(super) fn leaves_experts(setup: &Setup) -> bool {
    by_bitsandbytes(setup) && setup.model.expert_layers() > 0
}
