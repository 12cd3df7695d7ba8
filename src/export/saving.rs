//! How often a training is saved, and how much of that is kept: what the plan's disk has room for.

use super::sheet::Sheet;
use super::terms;
use crate::estimate::evaluate;
use crate::plan::checkpoints;
use crate::request::Setup;
use crate::units::{Seconds, real};
use crate::wording;

/// Seconds of work that are lost at most when a training breaks off. A checkpoint of 100 GB is written in a minute, under a hundredth
/// of that.
const BETWEEN: f64 = 2.0 * 3600.0;

/// Checkpoints of a training.
pub(super) struct Saving {
    /// Steps from one to the next: at least two in a training, however short it is.
    pub(super) every: u64,
    /// How many are kept.
    pub(super) kept: u64,
    steps: u64,
    step: Seconds,
}

impl Saving {
    pub(super) fn of(setup: &Setup) -> Self {
        let steps = terms::steps(setup);
        let step = evaluate(setup).time.total * (1.0 / real(steps));
        let within = round(terms::whole_up((BETWEEN / step.get().max(1e-9)).floor()));
        Self { every: within.clamp(1, steps.div_ceil(2)), kept: checkpoints(setup.job.kind).max(1), steps, step }
    }

    /// Steps from one checkpoint that stays to the next, where those between them are deleted and the newest stays, too: a multiple of
    /// the interval, by which all of them are as many as are kept.
    pub(super) fn retained(&self) -> u64 {
        let spread = self.every.saturating_mul(self.kept.saturating_sub(1).max(1));
        self.every.saturating_mul(self.steps.div_ceil(spread.max(1)))
    }

    /// Says so.
    pub(super) fn note(&self, sheet: &mut Sheet) {
        let time = wording::duration(sheet.lang, self.step * real(self.every));
        let (every, kept) = (wording::count(self.every), self.kept.to_string());
        sheet.note("saving", &[("steps", &every), ("time", &time), ("kept", &kept)]);
    }
}

/// Writes the interval and the number under a program's names.
pub(super) fn write(sheet: &mut Sheet, [every, kept]: [&'static str; 2]) {
    let saving = Saving::of(sheet.setup);
    sheet.set(every, saving.every);
    sheet.set(kept, saving.kept);
    saving.note(sheet);
}

/// Two digits of a number are enough, and less of it no harm.
fn round(steps: u64) -> u64 {
    let mut unit = 1_u64;
    while steps / unit >= 100 {
        unit = unit.saturating_mul(10);
    }
    steps / unit * unit
}
