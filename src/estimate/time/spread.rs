//! How far times are off, by kind of work.

use crate::document::{keyword, record};
use crate::estimate::factor::{Each, Factor};
use crate::model::Model;

/// Parameters from which a model is not small.
pub const SMALL: u64 = 4_000_000_000;

keyword!(
    /// Work whose estimates are equally far off.
    #[derive(PartialOrd, Ord)]
    WorkKind {
        /// Training language models with transformers and DeepSpeed.
        TrainingEager = "trainingEager",
        /// Training language models with plain loops, compiled.
        TrainingCompiled = "trainingCompiled",
        /// Training language models with patched kernels.
        TrainingFused = "trainingFused",
        /// Training language models with pre-training frameworks.
        TrainingTuned = "trainingTuned",
        /// Training anything else.
        TrainingOther = "trainingOther",
        /// Training networks that make speech.
        TrainingSound = "trainingSound",
        /// Generating in eager loops.
        DecodeEager = "decodeEager",
        /// Generating with CUDA graphs.
        DecodeGraphs = "decodeGraphs",
        /// Generating with llama.cpp and `ExLlama`.
        DecodeQuantised = "decodeQuantised",
        /// Reading with transformers and servers, and every other pass.
        PrefillEager = "prefillEager",
        /// Reading with llama.cpp and `ExLlama`.
        PrefillQuantised = "prefillQuantised",
        /// Making images and videos from noise.
        Images = "images",
    }
);

/// Standard deviations of the logarithm of measured over estimated time, on sources the fit has not seen.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    /// By kind of work.
    pub kinds: Each<WorkKind>,
    /// Of language models below [`SMALL`], over that of their kind of work: launching and thin products are predicted less well.
    pub small: Factor,
    /// The same from there on.
    pub large: Factor,
    /// Added (as variance) when the combination was calibrated on other cards.
    pub calibrated: Factor,
    /// Added (as variance) when nothing of the kind was measured.
    pub extrapolated: Factor,
}

impl Spread {
    /// The spread of a kind of work.
    #[must_use]
    pub fn of(&self, kind: WorkKind, model: &Model) -> f64 {
        let size = match (model.category.works_on_text(), model.parameters < SMALL) {
            (false, _) => 1.0,
            (true, true) => self.small.get(),
            (true, false) => self.large.get(),
        };
        self.kinds.of(kind).get() * size
    }
}

record!(Spread { kinds, small, large, calibrated, extrapolated });
