//! Logits and loss.

use super::run::{Pass, Run};
use crate::model::{BlockStyle, Category, Transformer};
use crate::request::{JobKind, LossKernel};
use crate::units::real;

/// Memory of the output layer's values over the vocabulary.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Logits {
    /// Kept from forward to backward.
    pub kept: f64,
    /// More at the start of the backward pass.
    pub backward: f64,
}

/// Logits of a training step over `V` words and `t` tokens.
///
/// Decoders of transformers compute the loss in FP32: its log-probabilities are kept (`4 V t`), and two more FP32 tables exist
/// when their gradient is made (`8 V t`). Encoders and encoder-decoders do not convert: `e V t` kept, `2 e V t` more; under
/// autocast the 16-bit logits stay beside FP32 log-probabilities. Soft-capped decoders keep the tangent too. A chunked loss holds a
/// few tables of `h` values per token instead.
pub(super) fn training(run: &Run, stack: &Transformer, pass: Pass) -> Logits {
    if !over_vocabulary(run, stack) {
        return Logits::default();
    }
    let table = real(stack.vocab) / run.split.tensor * pass.tokens();
    let (e, autocast) = (run.widths.linear, run.widths.autocast);
    if run.setup.recipe.loss == LossKernel::Chunked {
        let chunk = (real(stack.hidden) * pass.tokens()).min(table);
        return Logits { kept: e * chunk, backward: 8.0 * chunk };
    }
    if run.setup.recipe.loss == LossKernel::Fused {
        // The logits, the FP32 ones that become their own gradient, and that gradient in the width of the logits.
        return Logits { kept: (e + 4.0) * table, backward: e * table };
    }
    match stack.style {
        BlockStyle::Bert | BlockStyle::T5 | BlockStyle::Whisper => {
            let (kept, backward) = if autocast { (6.0, 4.0) } else { (e, 2.0 * e) };
            Logits { kept: kept * table, backward: backward * table }
        }
        // Its code runs in 16 bits throughout (apex), on PyTorch that keeps the logits beside their log-probabilities.
        BlockStyle::TransformerXl => Logits { kept: 2.0 * e * table, backward: 2.0 * e * table },
        _ => {
            let capped = if stack.soft_capped { e } else { 0.0 };
            Logits { kept: (4.0 + capped) * table, backward: 8.0 * table }
        }
    }
}

/// Whether the loss is over the vocabulary: for encoders in pre-training (masked words), not as classifiers.
pub(super) fn over_vocabulary(run: &Run, stack: &Transformer) -> bool {
    let setup = run.setup;
    if setup.model.category == Category::Encoder {
        return stack.vocab > 0 && setup.job.kind == JobKind::Pretrain;
    }
    stack.lm_head && stack.vocab > 0
}
