//! The best recipe of one branch that fits, from as few looks as can be.

use super::cell::{Cell, Dial};
use super::gauge::Gauge;
use super::search::{Best, Comfort, Search};
use super::seen::{Seen, Standing};
use super::space::Branch;
use crate::estimate::Spent;
use crate::request::{Parallel, Setup};
use crate::units::{Bytes, Seconds};

/// What is known of the branches that were looked at before.
#[derive(Default)]
pub(super) struct Trail {
    reached: Vec<Reached>,
    /// Of the branches looked at, in their order.
    best: Vec<(usize, Standing)>,
    /// The least that any cut of a replica into as many cards comes to.
    pub(super) least: Vec<Sliced>,
}

/// A job, a variant and how it is cut over the cards.
pub(super) type Cut = (usize, usize, Parallel);

/// So many replicas of a variant, each cut into as many slices as it has cards.
pub(super) struct Sliced {
    pub cut: Cut,
    /// What it takes, whether or not a model is cut so.
    pub spent: Spent,
    /// The least that it comes to in any cut.
    pub least: Standing,
}

/// How far up the dial a cell of a branch fits.
struct Reached {
    branch: usize,
    cell: Cell,
    highest: usize,
}

impl Trail {
    /// The lowest position at which a cell that fits up to `highest` can win: above all at which one fits that recomputes less, in this
    /// branch or one that takes as long, and the highest itself. In a pipeline any may.
    fn lowest(&self, (place, branch): (usize, &Branch), cell: &Cell, highest: usize) -> usize {
        if cell.parallel.pipeline > 1 {
            return 0;
        }
        let own = self.reached.iter().rev().take_while(|other| other.branch == place);
        let twin = self.reached.iter().filter(|other| branch.twin.is_some_and(|twin| other.branch == twin));
        let quicker = own.chain(twin).filter(|other| other.cell.is_at_least_as_fast_as(cell));
        quicker.map(|other| other.highest + 1).max().unwrap_or(0).max(highest)
    }

    /// How the best of a branch does, if it was looked at.
    pub(super) fn standing(&self, branch: Option<usize>) -> Option<Standing> {
        let at = self.best.binary_search_by_key(&branch?, |(place, _)| *place).ok()?;
        self.best.get(at).map(|(_, standing)| *standing)
    }
}

/// How a recipe does, the most memory it may take where that decides, and where in its branch it is.
type Likely = (Standing, Bytes, (usize, usize));

/// The least that the same work can be spent on where a pipeline idles less: `saved` is the share of its slots that no longer idle.
fn idling_less(spent: Spent, saved: f64) -> Spent {
    Spent { links: (spent.links - spent.total() * saved).max(Seconds::ZERO), ..spent }
}

/// One branch being looked through, and the best of it so far.
struct Walk<'a> {
    branch: &'a Branch,
    place: usize,
    rival: Option<&'a Best>,
    first: Option<Standing>,
    at: Option<(usize, usize)>,
}

impl<G: Gauge> Search<'_, G> {
    /// The best recipe of a branch that surely fits, and where it is, unless the best so far beats whatever the branch holds.
    pub(super) fn best_of(
        &self,
        setup: &mut Setup,
        (place, branch): (usize, &Branch),
        (seen, trail): (&Seen, &mut Trail),
        rival: Option<&Best>,
    ) -> Option<Likely> {
        let first = if self.skip { trail.standing(branch.twin) } else { None };
        let mut walk = Walk { branch, place, rival, first, at: None };
        let mut out: Vec<&Cell> = Vec::new();
        for (cell, settings) in branch.cells.iter().enumerate() {
            // What recomputes more than a cell that loses with the whole batch in one pass loses too.
            if out.iter().any(|out| out.is_at_least_as_fast_as(settings)) {
                continue;
            }
            if self.loses_whole(setup, &walk, cell, seen) || self.walk_cell(setup, &mut walk, cell, (seen, trail)) {
                out.push(settings);
            }
        }
        trail.best.push((place, walk.first?));
        let found = walk.first.zip(walk.at).filter(|(standing, _)| !self.is_hopeless(&walk, *standing));
        found.map(|(standing, at)| (standing, Bytes::ZERO, at))
    }

    /// Whether the best so far beats whatever does no better than this.
    fn is_hopeless(&self, walk: &Walk<'_>, standing: Standing) -> bool {
        self.skip && walk.rival.is_some_and(|rival| self.loses(rival, walk.branch, standing.rounded()))
    }

    /// Whether a cell would lose even with the whole batch in one pass, for which it has no room.
    fn loses_whole(&self, setup: &mut Setup, walk: &Walk<'_>, cell: usize, seen: &Seen) -> bool {
        let branch = walk.branch;
        let last = branch.dial.len().saturating_sub(1);
        // Where the least compromise wins, few recipes are left to lose.
        let many = !self.question.objective.aim().least_compromise_first;
        let bounded = self.skip && many && walk.rival.is_some() && !branch.is_pipeline() && last > 0;
        let quickest = bounded && branch.cells.get(cell).is_some_and(Cell::is_quickest);
        quickest
            && !seen.fits(branch.need(self.gauge, setup, cell, last), Comfort::Fits)
            && self.is_hopeless(walk, self.standing_at(setup, branch, (cell, last), seen))
    }

    /// Looks at the positions of a cell, from the highest that fits; whether it loses with the whole batch in one pass.
    fn walk_cell(&self, setup: &mut Setup, walk: &mut Walk<'_>, cell: usize, (seen, trail): (&Seen, &mut Trail)) -> bool {
        let (branch, last) = (walk.branch, walk.branch.dial.len().saturating_sub(1));
        let Some(settings) = branch.cells.get(cell) else { return false };
        let highest = if self.skip { self.highest(setup, branch, cell, Comfort::Fits, seen) } else { Some(last) };
        let Some(highest) = highest else { return false };
        let lowest = if self.skip { trail.lowest((walk.place, branch), settings, highest) } else { 0 };
        trail.reached.push(Reached { branch: walk.place, cell: *settings, highest });
        for position in (lowest..=highest).rev() {
            let need = branch.need(self.gauge, setup, cell, position);
            if !seen.fits(need, Comfort::Fits) || !seen.holds(need) {
                continue;
            }
            if self.skip && settings.parallel.pipeline > 1 && self.is_beaten(setup, branch, (cell, position), Comfort::Fits, seen) {
                continue;
            }
            branch.set(setup, cell, position);
            let cut = (branch.job, branch.origin, settings.parallel);
            let known = trail.least.iter().find(|sliced| sliced.cut == cut).map(|sliced| sliced.spent);
            let spent = known.unwrap_or_else(|| self.gauge.spent(setup));
            let own = self.standing(setup, branch.variant.level, &spent, seen);
            if walk.first.is_none_or(|first| own < first) {
                (walk.first, walk.at) = (Some(own), Some((cell, position)));
            }
            // Smaller passes idle less, and that is all they can be better by.
            let stages = settings.parallel.pipeline;
            let left = branch.dial.idling(lowest, stages) / branch.dial.idling(position, stages);
            let idling_less = || self.standing(setup, branch.variant.level, &idling_less(spent, 1.0 - left), seen);
            let least = if left < 1.0 { idling_less() } else { own };
            if self.skip && (walk.first.is_some_and(|first| first <= least) || self.is_hopeless(walk, least)) {
                return position == last && !branch.is_pipeline() && self.is_hopeless(walk, own);
            }
        }
        false
    }

    /// The recipe of a branch that is likeliest to fit where none surely does: the one that may take the least memory, and of those that may
    /// take as much the best.
    pub(super) fn likeliest_of(&self, setup: &mut Setup, branch: &Branch, seen: &Seen, rival: Option<&Best>) -> Option<Likely> {
        let mut likely: Vec<(Bytes, (usize, usize))> = Vec::new();
        let mut least: Option<Bytes> = None;
        let last = branch.dial.len().saturating_sub(1);
        for cell in (0..branch.cells.len()).rev() {
            // Larger passes take more, but for the largest, which has no gradients to add up.
            for position in std::iter::once(last).chain(0..last) {
                let need = branch.need(self.gauge, setup, cell, position);
                if self.skip && position < last && least.is_some_and(|least| need.most > least) && !branch.is_pipeline() {
                    break;
                }
                if seen.fits(need, Comfort::Tight) && seen.holds(need) {
                    likely.push((need.most, (cell, position)));
                    least = Some(least.map_or(need.most, |least| least.min(need.most)));
                }
            }
        }
        likely.sort_by(|(a, _), (b, _)| a.get().total_cmp(&b.get()));
        if self.skip && rival.zip(likely.first()).is_some_and(|(rival, (most, _))| *most > rival.most) {
            return None;
        }
        if let Some(beyond) = self.beyond_limits(setup, branch, &likely, seen) {
            return Some(beyond);
        }
        let mut best: Option<Likely> = None;
        for (most, at) in likely {
            if best.is_some_and(|(standing, less, _)| !standing.is_beyond() && less < most) {
                break;
            }
            let standing = self.standing_at(setup, branch, at, seen);
            if best.is_none_or(|(best, ..)| standing < best) {
                best = Some((standing, most, at));
            }
        }
        best
    }

    /// The recipe that leaves the least in main memory, where even that is beyond a limit: the others are further beyond it.
    fn beyond_limits(&self, setup: &mut Setup, branch: &Branch, likely: &[(Bytes, (usize, usize))], seen: &Seen) -> Option<Likely> {
        let hosted = matches!(branch.dial, Dial::HostLayers(_) | Dial::HostExperts(_)) && branch.cells.len() == 1;
        let &(most, at) = likely.iter().filter(|_| self.skip && hosted).max_by_key(|(_, (_, position))| *position)?;
        let standing = self.standing_at(setup, branch, at, seen);
        standing.is_beyond().then_some((standing, most, at))
    }

    /// How a cell of a branch does at a position.
    fn standing_at(&self, setup: &mut Setup, branch: &Branch, (cell, position): (usize, usize), seen: &Seen) -> Standing {
        branch.set(setup, cell, position);
        self.standing(setup, branch.variant.level, &self.gauge.spent(setup), seen)
    }

    /// Whether a cell that recomputes less fits at the same position.
    fn is_beaten(&self, setup: &mut Setup, branch: &Branch, at: (usize, usize), comfort: Comfort, seen: &Seen) -> bool {
        let (cell, position) = at;
        let Some(own) = branch.cells.get(cell) else { return false };
        let mut earlier = branch.cells.iter().take(cell).enumerate().filter(|(_, other)| other.is_at_least_as_fast_as(own));
        earlier.any(|(other, _)| seen.fits(branch.need(self.gauge, setup, other, position), comfort))
    }

    /// The highest position of the dial at which a cell fits, by bisection; in a pipeline one by one, for fewer passes are fewer at once,
    /// and a larger one may fit where a smaller does not. What a larger pass keeps in main memory has to have room there as well.
    fn highest(&self, setup: &mut Setup, branch: &Branch, cell: usize, comfort: Comfort, seen: &Seen) -> Option<usize> {
        let grows = matches!(branch.dial, Dial::MicroBatch(_));
        let mut fit = |position: usize| {
            let need = branch.need(self.gauge, setup, cell, position);
            seen.fits(need, comfort) && (!grows || seen.holds(need))
        };
        let last = branch.dial.len().checked_sub(1)?;
        if fit(last) {
            return Some(last);
        }
        if branch.is_pipeline() {
            return (0..last).rev().find(|position| fit(*position));
        }
        let (mut low, mut high) = (0, last);
        while low < high {
            let middle = low.midpoint(high);
            if fit(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.checked_sub(1)
    }
}
