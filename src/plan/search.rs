//! The best recipe on one rig: every variant, cell and dial position, without looking at those that cannot win.
//!
//! A variant in a layout is run as fast as it fits: nobody takes smaller batches to draw less power. Which variant and layout is the
//! best is then for the objective to say.
//!
//! Four facts about the estimator make skipping safe; tests compare the result with a search that skips nothing:
//! memory grows with the micro-batch and shrinks with each frugal setting; for one cell a larger micro-batch is never slower but by what
//! a pipeline idles; at equal micro-batch recomputing is never faster; and no job takes less energy, or money, than its time at the least
//! power a card draws.

use super::menu::{Obstacle, Rung, Variant};
use super::objective::{Aim, Purse};
use super::patience::is_late;
use super::question::Question;
use super::space::{Branch, Need, Space};
use super::swiftest::{Timed, Trail};
use super::worth::Worth;
use crate::card::Card;
use crate::catalog::Catalog;
use crate::document::keyword;
use crate::error::RequestError;
use crate::estimate::{Confidence, Energy, Figures, Memory, Time, capacity, least_energy};
use crate::request::{Job, Offload, Recipe, Rig, Setup};
use crate::units::{Bytes, Money, Seconds};
use std::rc::Rc;
use std::sync::Arc;

/// Where the numbers come from: the estimator, or a toy in tests.
pub(super) trait Gauge {
    /// The space of a question on a rig, made by `make` where it is not at hand from a rig of the same number and capability.
    fn space(&self, _rig: &Rig, make: impl FnOnce() -> Space) -> Rc<Space> {
        Rc::new(make())
    }
    fn memory(&self, setup: &Setup) -> Memory;
    /// The time alone, which most recipes that are looked at are dropped for.
    fn seconds(&self, setup: &Setup) -> Seconds;
    fn time(&self, setup: &Setup, memory: &Memory) -> (Time, Confidence);
    fn energy(&self, setup: &Setup, time: &Time) -> Energy;
}

/// The estimator.
pub(super) struct Estimator;

impl Gauge for Estimator {
    fn memory(&self, setup: &Setup) -> Memory {
        crate::estimate::memory(setup)
    }

    fn seconds(&self, setup: &Setup) -> Seconds {
        crate::estimate::seconds(setup)
    }

    fn time(&self, setup: &Setup, memory: &Memory) -> (Time, Confidence) {
        crate::estimate::time(setup, memory)
    }

    fn energy(&self, setup: &Setup, time: &Time) -> Energy {
        crate::estimate::energy(setup, time)
    }
}

keyword!(
    /// How comfortably a plan runs. Plans of one class rank before all plans of the next.
    #[derive(PartialOrd, Ord)]
    Comfort {
        /// Even the high estimate fits on the cards.
        Fits = "fits",
        /// The typical estimate fits, the high one does not.
        Tight = "tight",
        /// Part of the model or its optimizer has to live in host memory.
        Offloaded = "offloaded",
    }
);

/// The winner on one rig.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub setup: Setup,
    pub figures: Figures,
    pub comfort: Comfort,
    pub rung: Rung,
    pub level: u8,
    /// It takes longer than people usually wait, and no deadline says how long they do.
    pub late: bool,
}

/// Why a rig has no winner.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// The smallest memory of any recipe that stays on the cards is above the capacity.
    TooLarge(Box<Memory>),
    /// What fits takes at least this long.
    TooSlow(Seconds),
    /// What fits in time costs at least this much.
    TooDear(Money),
    /// A fixed setting the card cannot do.
    Cannot(Obstacle),
    /// The fixed part of the recipe does not suit this rig.
    Unsuited(RequestError),
}

/// Recipes that fit equally well, by rung. The first class that holds any decides; within it the first rung with a recipe that ends in
/// usual time, or else the first rung with any. Rigs are ranked in the same order (`rank::standing`): a rig that can do all that
/// another can, and faster, must not fall behind it by taking a better recipe than the other has room for.
const CLASSES: [(Comfort, &[Rung]); 4] = [
    (Comfort::Fits, &[Rung::Ordinary, Rung::Stretched, Rung::Spared]),
    (Comfort::Tight, &[Rung::Ordinary, Rung::Stretched, Rung::Spared]),
    (Comfort::Fits, &[Rung::Offloaded]),
    (Comfort::Tight, &[Rung::Offloaded]),
];

/// Moving a model to host memory so that the job takes years is no answer; without a deadline it must end within one year.
const LONGEST_OFFLOAD: Seconds = Seconds::new(31_557_600.0);

/// A search for one question; `skip` off makes it look at everything.
pub(super) struct Search<'a, G> {
    pub gauge: &'a G,
    pub catalog: &'a Catalog,
    pub question: &'a Question,
    pub skip: bool,
}

/// The best so far.
pub(super) struct Best {
    job: Job,
    recipe: Recipe,
    figures: Figures,
    rung: Rung,
    level: u8,
    late: bool,
    score: f64,
}

/// What was seen on the way, for the reason of a failure; and the prices of the rig, where money counts.
pub(super) struct Seen {
    /// Memory of one card that may be filled.
    capacity: Bytes,
    worth: Option<Worth>,
    least: Option<Memory>,
    fastest: Option<Seconds>,
    cheapest: Option<Money>,
}

impl Seen {
    /// Whether a recipe that needs so much fits this comfortably.
    pub(super) fn fits(&self, need: Need, comfort: Comfort) -> bool {
        let counts = if comfort == Comfort::Fits { need.most } else { need.typical };
        counts <= self.capacity
    }
}

/// Whether a recipe goes before the best so far: one that ends in usual time first, then by the objective.
fn preferred(least_compromise_first: bool, (late, score, rung, level): (bool, f64, Rung, u8), best: &Best) -> bool {
    match least_compromise_first {
        true => (late, level, score) < (best.late, best.level, best.score),
        false => (late, score, rung, level) < (best.late, best.score, best.rung, best.level),
    }
}

impl<G: Gauge> Search<'_, G> {
    /// The best recipe on this many of this card.
    pub(super) fn best(&self, card: &Arc<Card>, count: u32) -> Result<Found, Failure> {
        self.best_within(card, count, Rung::Offloaded)
    }

    /// The best recipe that leaves the ordinary no further than this rung.
    pub(super) fn best_within(&self, card: &Arc<Card>, count: u32, furthest: Rung) -> Result<Found, Failure> {
        let mut setups = Vec::with_capacity(self.question.jobs.len());
        for job in &self.question.jobs {
            setups.push(self.question.setup(job, self.question.rig(card, count)).map_err(Failure::Unsuited)?);
        }
        let space = self.gauge.space(&self.question.rig(card, count), || Space::of(&setups, self.question));
        let by_money = self.question.objective.aim().purse == Purse::Job || self.question.limits.job_budget.is_some();
        let rig = || self.question.rig(card, count);
        let worth = by_money.then(|| Worth::of(self.catalog, &rig(), &self.question.money, &self.question.limits));
        let mut seen = Seen { capacity: capacity(&rig()), worth, least: None, fastest: None, cheapest: None };
        for (comfort, rungs) in CLASSES {
            let mut best: Option<Best> = None;
            for rung in rungs.iter().copied().filter(|rung| *rung <= furthest) {
                if best.as_ref().is_some_and(|best| !best.late) {
                    break;
                }
                let found = self.pass(&mut setups, &space.branches, (rung, comfort), &mut seen);
                best = match (best, found) {
                    (Some(best), Some(found)) if found.late => Some(best),
                    (best, found) => found.or(best),
                };
            }
            if let Some(Best { job, recipe, figures, rung, level, late, .. }) = best {
                let comfort = if rung == Rung::Offloaded { Comfort::Offloaded } else { comfort };
                let setup =
                    Setup { model: Arc::clone(&self.question.model), job, recipe, rig: rig(), money: self.question.money.clone() };
                return Ok(Found { setup, figures, comfort, rung, level, late });
            }
        }
        Err(match (seen, space.obstacle) {
            (Seen { cheapest: Some(cost), .. }, _) => Failure::TooDear(cost),
            (Seen { fastest: Some(time), .. }, _) => Failure::TooSlow(time),
            (Seen { least: Some(memory), .. }, _) => Failure::TooLarge(Box::new(memory)),
            (_, Some(obstacle)) => Failure::Cannot(obstacle),
            // No job leaves a variant: nothing was asked for.
            (_, None) => Failure::TooSlow(Seconds::ZERO),
        })
    }

    fn pass(&self, setups: &mut [Setup], branches: &[Branch], (rung, comfort): (Rung, Comfort), seen: &mut Seen) -> Option<Best> {
        let Aim { least_compromise_first, by_time, .. } = self.question.objective.aim();
        let mut best: Option<Best> = None;
        let mut trail = Trail::default();
        // Whoever asks for the best figure gets it from stretched recipes too; else these are tried when ordinary ones fail.
        let taken = |variant: &Variant| match (least_compromise_first, rung, variant.rung) {
            (false, Rung::Ordinary, Rung::Stretched) => true,
            (false, Rung::Stretched, _) => false,
            (_, rung, own) => rung == own,
        };
        for (place, branch) in branches.iter().enumerate().filter(|(_, branch)| taken(&branch.variant)) {
            // Slower and larger recipes are for whoever minds compromises. Nobody runs one because its card idles the more, so this
            // holds for energy and money as well; for time, looking at everything looks at them too.
            if branch.outrun && !least_compromise_first && (self.skip || !by_time) {
                continue;
            }
            if least_compromise_first && best.as_ref().is_some_and(|best| !best.late && best.level < branch.variant.level) {
                break;
            }
            let Some(setup) = setups.get_mut(branch.job) else { continue };
            let floor = self.floor(setup, branch, seen);
            if self.skip && !branch.is_pipeline() && !seen.fits(floor, comfort) && !self.fits_whole(setup, branch, comfort, seen) {
                continue;
            }
            if let Some(swiftest) = self.swiftest(setup, (place, branch), comfort, (seen, &mut trail), best.as_ref()) {
                self.weigh(setup, &branch.variant, swiftest, seen, &mut best);
            }
        }
        best
    }

    /// The least memory a branch can do with.
    fn floor(&self, setup: &mut Setup, branch: &Branch, seen: &mut Seen) -> Need {
        let cell = branch.cells.len().saturating_sub(1);
        let floor = branch.need(self.gauge, setup, cell, 0);
        let on_cards = branch.variant.rung < Rung::Offloaded;
        if on_cards && seen.least.is_none_or(|least| floor.typical < least.total) {
            seen.least = Some(branch.memory(self.gauge, setup, cell, 0));
        }
        floor
    }

    /// Whether any cell fits with the whole batch in one pass, which leaves nothing to add gradients up in.
    fn fits_whole(&self, setup: &mut Setup, branch: &Branch, comfort: Comfort, seen: &Seen) -> bool {
        let last = branch.dial.len().saturating_sub(1);
        (0..branch.cells.len()).any(|cell| seen.fits(branch.need(self.gauge, setup, cell, last), comfort))
    }

    /// Whether a recipe of this branch that takes no less than this time is no better than the best so far.
    pub(super) fn loses(&self, rival: &Best, setup: &Setup, branch: &Branch, time: Seconds, seen: &Seen) -> bool {
        let aim = self.question.objective.aim();
        let energy = least_energy(setup, time);
        let cost = seen.worth.and_then(|worth| worth.job_cost(time, energy));
        let late = self.question.limits.deadline.is_none() && is_late(setup, time);
        let (score, variant) = ((aim.recipe)(time, energy, cost), &branch.variant);
        !preferred(aim.least_compromise_first, (late, score, variant.rung, variant.level), rival)
    }

    /// Keeps the fastest recipe of a branch, which the setup holds, if the objective likes it best so far.
    fn weigh(&self, setup: &Setup, variant: &Variant, swiftest: Timed, seen: &mut Seen, best: &mut Option<Best>) {
        let limits = &self.question.limits;
        let (rung, level) = (variant.rung, variant.level);
        let Timed { memory, time, confidence } = swiftest;
        let last_resort = setup.recipe.offload != Offload::None && self.question.recipe.offload.is_none();
        if limits.deadline.is_none() && last_resort && time.total > LONGEST_OFFLOAD {
            return;
        }
        if limits.deadline.is_some_and(|deadline| time.total > deadline) {
            seen.fastest = Some(seen.fastest.map_or(time.total, |fastest| fastest.min(time.total)));
            return;
        }
        let energy = self.gauge.energy(setup, &time);
        let aim = self.question.objective.aim();
        let cost = seen.worth.and_then(|worth| worth.job_cost(time.total, energy.wall_joules));
        if let (Some(most), Some(cost)) = (limits.job_budget, cost)
            && cost.amount > most.amount
        {
            let cheaper = seen.cheapest.is_none_or(|known| cost.amount < known.amount);
            seen.cheapest = if cheaper { Some(cost) } else { seen.cheapest };
            return;
        }
        let late = limits.deadline.is_none() && is_late(setup, time.total);
        let score = (aim.recipe)(time.total, energy.wall_joules, cost);
        if best.as_ref().is_none_or(|best| preferred(aim.least_compromise_first, (late, score, rung, level), best)) {
            let figures = Figures { memory, time, energy, confidence };
            *best = Some(Best { job: setup.job.clone(), recipe: setup.recipe.clone(), figures, rung, level, late, score });
        }
    }
}
