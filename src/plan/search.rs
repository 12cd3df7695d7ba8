//! The best recipe on one rig: every variant, cell and dial position, without looking at those that cannot win.
//!
//! A variant in a layout is run as fast as it fits: nobody takes smaller batches to draw less power. Which variant and layout is the
//! best is then for the objective to say.
//!
//! Three facts about the estimator make skipping safe; tests compare the result with a search that skips nothing:
//! memory grows with the micro-batch and shrinks with each frugal setting; for one cell without a pipeline a larger micro-batch is never
//! slower; at equal micro-batch recomputing is never faster.

use super::cell::Cell;
use super::menu::{Obstacle, Rung, Variant};
use super::objective::Purse;
use super::patience::is_late;
use super::question::Question;
use super::space::{Branch, Space};
use super::worth::Worth;
use crate::card::Card;
use crate::catalog::Catalog;
use crate::error::RequestError;
use crate::estimate::{Confidence, Energy, Figures, Memory, Time, Verdict};
use crate::request::{Job, Offload, Recipe, Rig, Setup};
use crate::units::{Money, Seconds};
use std::rc::Rc;
use std::sync::Arc;

/// Where the numbers come from: the estimator, or a toy in tests.
pub(super) trait Gauge {
    /// The space of a question on a rig, made by `make` where it is not at hand from a rig of the same number and capability.
    fn space(&self, _rig: &Rig, make: impl FnOnce() -> Space) -> Rc<Space> {
        Rc::new(make())
    }
    fn memory(&self, setup: &Setup) -> Memory;
    fn time(&self, setup: &Setup, memory: &Memory) -> (Time, Confidence);
    fn energy(&self, setup: &Setup, time: &Time) -> Energy;
}

/// The estimator.
pub(super) struct Estimator;

impl Gauge for Estimator {
    fn memory(&self, setup: &Setup) -> Memory {
        crate::estimate::memory(setup)
    }

    fn time(&self, setup: &Setup, memory: &Memory) -> (Time, Confidence) {
        crate::estimate::time(setup, memory)
    }

    fn energy(&self, setup: &Setup, time: &Time) -> Energy {
        crate::estimate::energy(setup, time)
    }
}

/// How comfortably a plan runs. Plans of one class rank before all plans of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Comfort {
    /// Even the high estimate fits on the cards.
    Fits,
    /// The typical estimate fits, the high one does not.
    Tight,
    /// Part of the model or its optimizer has to live in host memory.
    Offloaded,
}

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
struct Best {
    job: Job,
    recipe: Recipe,
    figures: Figures,
    rung: Rung,
    level: u8,
    late: bool,
    score: f64,
}

/// A recipe that fits, with its time.
struct Timed {
    cell: usize,
    position: usize,
    memory: Memory,
    time: Time,
    confidence: Confidence,
}

/// What was seen on the way, for the reason of a failure; and the prices of the rig, where money counts.
#[derive(Default)]
struct Seen {
    worth: Option<Worth>,
    least: Option<Memory>,
    fastest: Option<Seconds>,
    cheapest: Option<Money>,
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
        let mut seen = Seen { worth, ..Seen::default() };
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
        let least_compromise_first = self.question.objective.aim().least_compromise_first;
        let mut best: Option<Best> = None;
        // Whoever asks for the best figure gets it from stretched recipes too; else these are tried when ordinary ones fail.
        let taken = |variant: &Variant| match (least_compromise_first, rung, variant.rung) {
            (false, Rung::Ordinary, Rung::Stretched) => true,
            (false, Rung::Stretched, _) => false,
            (_, rung, own) => rung == own,
        };
        for branch in branches.iter().filter(|branch| taken(&branch.variant)) {
            if least_compromise_first && best.as_ref().is_some_and(|best| !best.late && best.level < branch.variant.level) {
                break;
            }
            let (Some(setup), Some(job)) = (setups.get_mut(branch.job), self.question.jobs.get(branch.job)) else { continue };
            setup.job.global_batch = job.global_batch;
            branch.variant.apply(&mut setup.recipe);
            let floor = self.floor(setup, branch, seen);
            if self.skip && !fits(&floor, comfort) {
                continue;
            }
            if let Some(swiftest) = self.swiftest(setup, branch, comfort) {
                self.weigh(setup, &branch.variant, swiftest, seen, &mut best);
            }
        }
        best
    }

    /// The least memory a branch can do with.
    fn floor(&self, setup: &mut Setup, branch: &Branch, seen: &mut Seen) -> Memory {
        let floor = branch.memory(self.gauge, setup, branch.cells.len().saturating_sub(1), 0);
        let on_cards = branch.variant.rung < Rung::Offloaded;
        if on_cards && seen.least.is_none_or(|least| floor.total < least.total) {
            seen.least = Some(floor);
        }
        floor
    }

    /// The fastest recipe of a branch that fits; the setup is left there.
    fn swiftest(&self, setup: &mut Setup, branch: &Branch, comfort: Comfort) -> Option<Timed> {
        let last = branch.dial.len().checked_sub(1)?;
        let mut best: Option<Timed> = None;
        let mut ample: Vec<Cell> = Vec::new();
        for (cell, settings) in branch.cells.iter().enumerate() {
            if self.skip && ample.iter().any(|other| other.is_at_least_as_fast_as(settings)) {
                continue;
            }
            let highest = if self.skip { self.highest(setup, branch, cell, comfort) } else { Some(last) };
            let Some(highest) = highest else { continue };
            // A pipeline idles the longer the fewer the passes are, so its largest micro-batch need not be the fastest.
            let lowest = if self.skip && settings.parallel.pipeline <= 1 { highest } else { 0 };
            for position in lowest..=highest {
                let memory = branch.memory(self.gauge, setup, cell, position);
                if !fits(&memory, comfort) {
                    continue;
                }
                branch.set(setup, cell, position);
                let (time, confidence) = self.gauge.time(setup, &memory);
                if best.as_ref().is_none_or(|best| time.total < best.time.total) {
                    best = Some(Timed { cell, position, memory, time, confidence });
                }
            }
            if self.skip && highest == last {
                ample.push(*settings);
            }
        }
        if let Some(best) = &best {
            branch.set(setup, best.cell, best.position);
        }
        best
    }

    /// The highest position of the dial at which a cell fits, by bisection.
    fn highest(&self, setup: &mut Setup, branch: &Branch, cell: usize, comfort: Comfort) -> Option<usize> {
        let mut fit = |position: usize| fits(&branch.memory(self.gauge, setup, cell, position), comfort);
        let last = branch.dial.len().checked_sub(1)?;
        if fit(last) {
            return Some(last);
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

    /// Keeps the fastest recipe of a branch, which the setup holds, if the objective likes it best so far.
    fn weigh(&self, setup: &Setup, variant: &Variant, swiftest: Timed, seen: &mut Seen, best: &mut Option<Best>) {
        let limits = &self.question.limits;
        let (rung, level) = (variant.rung, variant.level);
        let Timed { memory, time, confidence, .. } = swiftest;
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
        let cost = seen.worth.and_then(|worth| worth.job_cost(&time, &energy));
        if let (Some(most), Some(cost)) = (limits.job_budget, cost)
            && cost.amount > most.amount
        {
            let cheaper = seen.cheapest.is_none_or(|known| cost.amount < known.amount);
            seen.cheapest = if cheaper { Some(cost) } else { seen.cheapest };
            return;
        }
        let late = limits.deadline.is_none() && is_late(setup, &time);
        let score = (aim.recipe)(&time, &energy, cost);
        let better = best.as_ref().is_none_or(|best| match aim.least_compromise_first {
            true => (late, level, score) < (best.late, best.level, best.score),
            false => (late, score, rung, level) < (best.late, best.score, best.rung, best.level),
        });
        if better {
            let figures = Figures { memory, time, energy, confidence };
            *best = Some(Best { job: setup.job.clone(), recipe: setup.recipe.clone(), figures, rung, level, late, score });
        }
    }
}

fn fits(memory: &Memory, comfort: Comfort) -> bool {
    match comfort {
        Comfort::Fits => memory.verdict == Verdict::Fits,
        Comfort::Tight | Comfort::Offloaded => memory.verdict != Verdict::DoesNotFit,
    }
}
