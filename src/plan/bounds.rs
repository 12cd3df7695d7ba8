//! What some branches cannot do better than, told without looking into them.

use super::branch::{Cut, Sliced, Trail};
use super::cell::Dial;
use super::gauge::Gauge;
use super::menu::Rung;
use super::search::{Best, Comfort, Search};
use super::seen::{Seen, Standing};
use super::space::{Branch, Need, Space};
use crate::card::Form;
use crate::estimate::Spent;
use crate::request::{Parallel, Setup};
use crate::units::Bytes;
use std::ops::Range;

impl<G: Gauge> Search<'_, G> {
    /// Whether none of the branches at these positions fits so comfortably; what the least of them takes is noted.
    pub(super) fn nothing_fits(
        &self,
        setups: &mut [Setup],
        space: &Space,
        (tried, form, comfort): (&Range<usize>, Form, Comfort),
        seen: &mut Seen,
    ) -> bool {
        let Some(floor) = space.least(self.gauge, setups, tried, form) else { return false };
        if seen.fits(Need { typical: floor.typical, most: floor.most, loading: Bytes::ZERO, host: Bytes::ZERO }, comfort) {
            return false;
        }
        if let Some(branch) = space.branches.get(floor.place)
            && let Some(setup) = setups.get_mut(branch.job)
        {
            self.floor(setup, branch, seen);
        }
        true
    }

    /// The least memory a branch can do with.
    pub(super) fn floor(&self, setup: &mut Setup, branch: &Branch, seen: &mut Seen) -> Need {
        let cell = branch.cells.len().saturating_sub(1);
        let floor = branch.need(self.gauge, setup, cell, 0);
        let on_cards = branch.variant.rung < Rung::Offloaded && !self.moves_out(branch.variant.offload);
        if on_cards && seen.least.is_none_or(|least| floor.typical < least.total) {
            seen.least = Some(branch.memory(self.gauge, setup, cell, 0));
        }
        floor
    }

    /// Whether any cell fits with the whole batch in one pass, which leaves nothing to add gradients up in.
    pub(super) fn fits_whole(&self, setup: &mut Setup, branch: &Branch, comfort: Comfort, seen: &Seen) -> bool {
        let last = branch.dial.len().saturating_sub(1);
        !branch.is_single() && (0..branch.cells.len()).any(|cell| seen.fits(branch.need(self.gauge, setup, cell, last), comfort))
    }

    /// Whether the best so far beats a branch of serving however much better it did than others that were looked at can tell.
    pub(super) fn is_beaten_unseen(
        &self,
        setup: &mut Setup,
        branch: &Branch,
        (seen, trail): (&Seen, &mut Trail),
        rival: &Best,
    ) -> bool {
        if !self.skip || setup.trains() || branch.dial != Dial::Fixed {
            return false;
        }
        let layout = branch.layout();
        self.saves_too_little(setup, branch, trail, rival) || self.loses_however_cut(setup, branch, (seen, trail), (layout, rival))
    }

    /// Whether the best so far beats a smaller cache even if that saved all that reading the larger one takes. Where that was late or beyond a limit the
    /// smaller one may be neither.
    fn saves_too_little(&self, setup: &mut Setup, branch: &Branch, trail: &Trail, rival: &Best) -> bool {
        let Some(wider) = &branch.wider else { return false };
        let known = trail.standing(wider.place);
        known.filter(|own| !own.is_beyond() && own.late == 0).is_some_and(|own| {
            let least = Standing { score: own.score * wider.least(branch, setup), ..own };
            self.loses(rival, branch, least.rounded())
        })
    }

    /// Whether the best so far beats serving by this variant and so many replicas in any cut of a replica: as many slices as it has cards
    /// that hand nothing on take no longer than any other, and what else they do draws no less than the host's part.
    fn loses_however_cut(
        &self,
        setup: &mut Setup,
        branch: &Branch,
        (seen, trail): (&Seen, &mut Trail),
        (layout, rival): (Parallel, &Best),
    ) -> bool {
        let cards = layout.tensor.max(1).saturating_mul(layout.pipeline.max(1));
        if cards < 2 {
            return false;
        }
        let cut = (branch.job, branch.origin, Parallel { tensor: cards, pipeline: 1, ..layout });
        // What other variants come to is not asked again.
        trail.least.retain(|sliced| (sliced.cut.0, sliced.cut.1) == (branch.job, branch.origin));
        let known = trail.least.iter().find(|sliced| sliced.cut == cut).map(|sliced| sliced.least);
        let least = known.unwrap_or_else(|| {
            let sliced = self.sliced(setup, branch, cut, seen);
            let least = sliced.least;
            trail.least.push(sliced);
            least
        });
        self.loses(rival, branch, least)
    }

    /// A variant in this cut, and the least that any other cut into as many cards comes to.
    fn sliced(&self, setup: &mut Setup, branch: &Branch, cut: Cut, seen: &Seen) -> Sliced {
        branch.set(setup, 0, 0);
        setup.recipe.parallel = cut.2;
        let spent = self.gauge.spent(setup);
        let alone = Spent { host: spent.total() - spent.links, ..Spent::default() };
        Sliced { cut, spent, least: self.standing(setup, branch.variant.level, &alone, seen).rounded() }
    }
}
