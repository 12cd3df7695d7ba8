//! How well measurements support a time, and how far it may be off.

use super::calibration::TimeCalibration;
use super::class::CardClass;
use super::spread::WorkKind;
use crate::card::Form;
use crate::estimate::{Confidence, Phase, Verdict};
use crate::model::Category;
use crate::request::{Offload, Setup, Stack};

/// Confidence, and the standard deviation of the logarithm of true over estimated time.
///
/// Measured nearby: this class of card with this software and job is in the calibration set. Calibrated: this software and job
/// on other cards. Extrapolated: anything else, and whatever nobody can have measured because it does not fit, or is kept running
/// by offloading to a host of unknown speed.
pub(super) fn of(table: &TimeCalibration, setup: &Setup, verdict: Verdict, phase: Phase) -> (Confidence, f64) {
    let class = CardClass::of(&setup.rig.card);
    let kind = work_kind(setup, phase);
    let alike = |covered: &&super::calibration::Covered| {
        covered.stack == setup.recipe.stack && covered.job == setup.method() && covered.kind == kind
    };
    let unmeasured = verdict == Verdict::DoesNotFit || setup.recipe.offload != Offload::None;
    let confidence = if unmeasured {
        Confidence::Extrapolated
    } else if table.covered.iter().filter(alike).any(|covered| covered.class == class) {
        Confidence::MeasuredNearby
    } else if table.covered.iter().any(|covered| alike(&covered)) {
        Confidence::Calibrated
    } else {
        Confidence::Extrapolated
    };
    let spread = &table.spread;
    let base = spread.of(kind, &setup.model);
    let added = match confidence {
        Confidence::MeasuredNearby => 0.0,
        Confidence::Calibrated => spread.calibrated.get(),
        Confidence::Extrapolated => spread.extrapolated.get(),
    };
    // A laptop may run anywhere in its power range.
    let laptop = if setup.rig.card.form == Form::Laptop && setup.rig.power_limit.is_none() { spread.calibrated.get() } else { 0.0 };
    (confidence, base.hypot(added).hypot(laptop))
}

/// The kind of work a phase of a setup is, by which its range is looked up.
#[must_use]
pub fn work_kind(setup: &Setup, phase: Phase) -> WorkKind {
    let language = setup.model.category.works_on_text();
    match (phase, setup.recipe.stack) {
        (Phase::Prefill, _) if setup.model.denoising.is_some() => WorkKind::Images,
        (Phase::Train, _) if setup.model.category == Category::SpeechSynthesis => WorkKind::TrainingSound,
        (Phase::Train, _) if !language => WorkKind::TrainingOther,
        (Phase::Train, Stack::Unsloth) => WorkKind::TrainingFused,
        (Phase::Train, Stack::Megatron) => WorkKind::TrainingTuned,
        (Phase::Train, Stack::Pytorch | Stack::Torchtune | Stack::Litgpt) => WorkKind::TrainingCompiled,
        (Phase::Train, _) => WorkKind::TrainingEager,
        (Phase::Decode, Stack::LlamaCpp | Stack::Exllama) => WorkKind::DecodeQuantised,
        (Phase::Decode, Stack::Vllm | Stack::TensorRt) => WorkKind::DecodeGraphs,
        (Phase::Decode, _) => WorkKind::DecodeEager,
        (Phase::Prefill, Stack::LlamaCpp | Stack::Exllama) => WorkKind::PrefillQuantised,
        (Phase::Prefill, _) => WorkKind::PrefillEager,
    }
}
