//! Trying changes on a setup that does not fit, and keeping those that help.

use super::change::{Change, Sacrifice};
use super::reason::Reason;
use crate::estimate::{Memory, Time, Verdict, has_room_to_load, memory, time};
use crate::request::Setup;

/// Tokens per second, or samples where the model has no tokens.
pub(super) const fn speed(time: &Time) -> f64 {
    if time.main.tokens_per_second > 0.0 { time.main.tokens_per_second } else { time.main.samples_per_second }
}

/// Speed of a setup that runs, if only typically.
pub(super) fn speed_before(setup: &Setup, before: &Memory) -> Option<f64> {
    (before.verdict != Verdict::DoesNotFit).then(|| speed(&time(setup, before).0)).filter(|speed| *speed > 0.0)
}

/// Changes tried so far.
pub(super) struct Trials<'a> {
    pub base: &'a Setup,
    before: Verdict,
    speed: Option<f64>,
    pub changes: Vec<Change>,
}

impl<'a> Trials<'a> {
    /// None yet; nothing to try if the setup fits as it is.
    pub fn of(base: &'a Setup) -> Option<Self> {
        let memory = memory(base);
        let speed = speed_before(base, &memory);
        (memory.verdict != Verdict::Fits).then_some(Self { base, before: memory.verdict, speed, changes: Vec::new() })
    }

    /// Keeps a change if it makes the setup fit, or fit better (even if only typically).
    pub fn offer(&mut self, sacrifice: Sacrifice, what: Reason, setup: Setup) -> bool {
        let memory = memory(&setup);
        // A change has to bring something: a tight setup is not helped by another tight one.
        if !setup.can_be_asked()
            || memory.verdict >= self.before
            || memory.host > setup.rig.main_memory_for(memory.host)
            || !has_room_to_load(&setup)
            || setup.recipe == self.base.recipe && setup.job == self.base.job && sacrifice != Sacrifice::Hardware
        {
            return false;
        }
        let time = time(&setup, &memory).0;
        let speed_factor = self.speed.map(|before| speed(&time) / before);
        let steps = what.parts();
        self.changes.push(Change { what, steps, sacrifice, setup, memory, time, speed_factor, extra_cost: None });
        true
    }

    /// Offers the base with an edit.
    pub fn edit(&mut self, sacrifice: Sacrifice, what: Reason, edit: impl FnOnce(&mut Setup)) -> bool {
        let mut setup = self.base.clone();
        edit(&mut setup);
        self.offer(sacrifice, what, setup)
    }

    /// Offers the first of several values, mildest first, that fits as well as this verdict, or else the first that
    /// fits at all: of an amount a little more is no other thing to do, so that goes on until it surely fits; of other
    /// values the first that may fit is enough.
    pub fn first<T: Copy>(
        &mut self,
        sacrifice: Sacrifice,
        enough: Verdict,
        values: impl IntoIterator<Item = T>,
        what: impl Fn(T) -> Reason,
        edit: impl Fn(&mut Setup, T),
    ) {
        let base = self.base;
        let setups = values.into_iter().map(|value| {
            let mut setup = base.clone();
            edit(&mut setup, value);
            (what(value), setup)
        });
        self.first_of(sacrifice, enough, &mut { setups });
    }

    /// Offers the first setup that fits so well, or else the first that fits at all.
    fn first_of(&mut self, sacrifice: Sacrifice, enough: Verdict, setups: &mut dyn Iterator<Item = (Reason, Setup)>) {
        let first = self.changes.len();
        for (what, setup) in setups {
            if !self.offer(sacrifice, what, setup) {
                continue;
            }
            let last = self.changes.len().saturating_sub(1);
            if self.changes.get(last).is_some_and(|change| change.memory.verdict <= enough) {
                self.changes.drain(first..last);
                return;
            }
            self.changes.truncate(first + 1);
        }
    }
}
