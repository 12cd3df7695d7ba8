//! How one recipe does, and what was seen of all of them: on which limit a rig fails is told by what came nearest to it.

use super::question::Limits;
use super::search::Comfort;
use super::space::Need;
use super::worth::Worth;
use crate::estimate::Memory;
use crate::units::{Bytes, Money, Seconds};
use std::cell::Cell;

/// What was seen on the way, for the reason of a failure; and the prices of the rig, where money counts.
pub(super) struct Seen {
    /// Memory of one card that may be filled.
    pub(super) capacity: Bytes,
    /// Main memory of the machine that may be filled.
    pub(super) room: Bytes,
    /// The least main memory of what fits on the cards and has no room beside them.
    pub(super) short: Cell<Option<Bytes>>,
    /// The least that a card has to hold to load what it has room for once others share it.
    pub(super) unloaded: Cell<Option<Bytes>>,
    pub(super) worth: Option<Worth>,
    pub(super) least: Option<Memory>,
    pub(super) fastest: Option<Seconds>,
    pub(super) cheapest: Option<Money>,
}

impl Seen {
    /// Nothing yet.
    pub(super) const fn of(capacity: Bytes, worth: Option<Worth>) -> Self {
        Self {
            capacity,
            room: Bytes::ZERO,
            short: Cell::new(None),
            unloaded: Cell::new(None),
            worth,
            least: None,
            fastest: None,
            cheapest: None,
        }
    }

    /// Whether a recipe that needs so much fits this comfortably; what has no room only until it is loaded is noted.
    pub(super) fn fits(&self, need: Need, comfort: Comfort) -> bool {
        let counts = if comfort == Comfort::Fits { need.most } else { need.typical };
        let (runs, loads) = (counts <= self.capacity, need.loading <= self.capacity);
        if runs && !loads {
            self.unloaded.set(Some(self.unloaded.get().map_or(need.loading, |least| least.min(need.loading))));
        }
        runs && loads
    }

    /// Whether the machine takes as much main memory as a recipe moves there; what it does not take is noted.
    pub(super) fn holds(&self, need: Need) -> bool {
        let held = need.host <= self.room;
        if !held {
            self.short.set(Some(self.short.get().map_or(need.host, |short| short.min(need.host))));
        }
        held
    }

    /// Notes how far beyond a limit something is that fits.
    pub(super) fn note(&mut self, beyond: Standing, limits: &Limits) {
        let least = |known: Option<f64>| known.map_or(beyond.score, |known| known.min(beyond.score));
        match limits.job_budget {
            _ if beyond.late > 0 => self.fastest = Some(Seconds::new(least(self.fastest.map(Seconds::get)))),
            Some(most) => {
                self.cheapest = Some(Money { amount: least(self.cheapest.map(|cost| cost.amount)), currency: most.currency });
            }
            None => {}
        }
    }
}

/// How a recipe does: within the limits of the question first, then in usual time, then by the objective's figure; for what is
/// beyond a limit, by what the limit is on.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) struct Standing {
    pub(super) beyond: bool,
    pub(super) late: u32,
    pub(super) score: f64,
}

impl Standing {
    /// Whether it is within no limit.
    pub(super) const fn is_beyond(self) -> bool {
        self.beyond
    }

    /// What a bound gives away to rounding.
    pub(super) fn rounded(self) -> Self {
        Self { score: self.score * (1.0 - 1e-9), ..self }
    }
}
