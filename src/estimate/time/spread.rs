//! How far times are off, by kind of work.

use crate::document::{keyword, record};
use crate::estimate::factor::Factor;
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

/// A spread for each kind of work.
#[derive(Clone, Debug, Default)]
pub struct SpreadByKind {
    /// [`WorkKind::TrainingEager`].
    pub training_eager: Factor,
    /// [`WorkKind::TrainingCompiled`].
    pub training_compiled: Factor,
    /// [`WorkKind::TrainingFused`].
    pub training_fused: Factor,
    /// [`WorkKind::TrainingTuned`].
    pub training_tuned: Factor,
    /// [`WorkKind::TrainingOther`].
    pub training_other: Factor,
    /// [`WorkKind::TrainingSound`].
    pub training_sound: Factor,
    /// [`WorkKind::DecodeEager`].
    pub decode_eager: Factor,
    /// [`WorkKind::DecodeGraphs`].
    pub decode_graphs: Factor,
    /// [`WorkKind::DecodeQuantised`].
    pub decode_quantised: Factor,
    /// [`WorkKind::PrefillEager`].
    pub prefill_eager: Factor,
    /// [`WorkKind::PrefillQuantised`].
    pub prefill_quantised: Factor,
    /// [`WorkKind::Images`].
    pub images: Factor,
}

impl SpreadByKind {
    const fn of(&self, kind: WorkKind) -> &Factor {
        match kind {
            WorkKind::TrainingEager => &self.training_eager,
            WorkKind::TrainingCompiled => &self.training_compiled,
            WorkKind::TrainingFused => &self.training_fused,
            WorkKind::TrainingTuned => &self.training_tuned,
            WorkKind::TrainingOther => &self.training_other,
            WorkKind::TrainingSound => &self.training_sound,
            WorkKind::DecodeEager => &self.decode_eager,
            WorkKind::DecodeGraphs => &self.decode_graphs,
            WorkKind::DecodeQuantised => &self.decode_quantised,
            WorkKind::PrefillEager => &self.prefill_eager,
            WorkKind::PrefillQuantised => &self.prefill_quantised,
            WorkKind::Images => &self.images,
        }
    }
}

/// Standard deviations of the logarithm of measured over estimated time, on sources the fit has not seen.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    /// By kind of work.
    pub kinds: SpreadByKind,
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
        let size = match (model.category.is_language(), model.parameters < SMALL) {
            (false, _) => 1.0,
            (true, true) => self.small.get(),
            (true, false) => self.large.get(),
        };
        self.kinds.of(kind).get() * size
    }
}

record!(
    SpreadByKind {
        training_eager, training_compiled, training_fused, training_tuned, training_other, training_sound, decode_eager,
        decode_graphs, decode_quantised, prefill_eager, prefill_quantised, images,
    }
    Spread {
        kinds, small, large, calibrated, extrapolated,
    }
);
