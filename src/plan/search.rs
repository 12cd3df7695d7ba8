//! The best recipe on one rig: every variant, cell and dial position, without looking at those that cannot win.
//!
//! Three facts about the estimator make skipping safe; tests compare the result with a search that skips nothing: memory grows with
//! the micro-batch and shrinks with each frugal setting; for one cell a larger micro-batch spends no more on anything but on what a
//! pipeline idles; and at equal micro-batch recomputing spends no less. What is said of time holds of energy and money too, for
//! each is a sum over what time is spent on; and a recipe counts by the same multiple of it wherever it is looked at.

use super::branch::Trail;
use super::classes::classes;
use super::compromise::counted;
use super::gauge::Gauge;
use super::host::{enough, is_larger, machines, stays_in_desktop};
use super::menu::{Obstacle, Rung, Variant};
use super::objective::Aim;
use super::patience::{LAST_RESORT, lateness, patience};
use super::question::Question;
use super::seen::{Seen, Standing};
use super::space::{Branch, Space};
use super::worth::Worth;
use crate::card::{Card, Form};
use crate::catalog::Catalog;
use crate::document::keyword;
use crate::error::RequestError;
use crate::estimate::{Figures, Memory, Spent, capacity, wall_energy};
use crate::request::{Checkpointing, Offload, Setup};
use crate::units::{Bytes, Money, Seconds};
use std::sync::Arc;

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
    /// How often what people usually wait has to be doubled for it, where no deadline says how long they do.
    pub late: u32,
}

/// Why a rig has no winner.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// The smallest memory of any recipe that stays on the cards is above the capacity; with main memory it takes at least so long.
    TooLarge(Box<Memory>, Option<Seconds>),
    /// The smallest memory of any recipe that stays on the cards is above the capacity; what moves out of them needs at least so
    /// much main memory, and there is so much.
    NoMainMemory(Box<Memory>, Bytes, Bytes),
    /// What fits once cards share it takes so much of each until it is loaded.
    NoRoomToShare(Box<Memory>, Bytes),
    /// What fits takes at least this long.
    TooSlow(Seconds),
    /// What fits in time costs at least this much.
    TooDear(Money),
    /// A fixed setting the card cannot do.
    Cannot(Obstacle),
    /// The fixed part of the recipe does not suit this rig.
    Unsuited(RequestError),
}

/// A search for one question; `skip` off makes it look at everything.
pub(super) struct Search<'a, G> {
    pub gauge: &'a G,
    pub catalog: &'a Catalog,
    pub question: &'a Question,
    pub skip: bool,
}

/// The best so far: where it is, and what it is judged by.
#[derive(Clone, Copy)]
pub(super) struct Best {
    branch: usize,
    at: (usize, usize),
    rung: Rung,
    level: u8,
    late: u32,
    /// Main memory of the machine it was found for.
    main_memory: Option<Bytes>,
    /// Most memory it may take, where nothing surely fits; else nothing.
    pub(super) most: Bytes,
    score: f64,
}

/// Whether a recipe goes before another: where nothing surely fits the one that is likeliest to, else one that ends in usual time
/// or less long after it, then by the objective.
fn preferred(least_compromise_first: bool, own: &Best, best: &Best) -> bool {
    let likelier = own.most.get().total_cmp(&best.most.get());
    let later = own.late.cmp(&best.late);
    let (level, score) = (own.level.cmp(&best.level), own.score.total_cmp(&best.score));
    let rest = match least_compromise_first {
        true => level.then(score),
        false => score.then(own.rung.cmp(&best.rung)).then(level),
    };
    likelier.then(later).then(rest).is_lt()
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
        let by_money = self.question.objective.weighs_the_job() || self.question.limits.job_budget.is_some();
        let rig = || self.question.rig(card, count);
        let worth = by_money.then(|| Worth::of(self.catalog, &rig(), &self.question.money, &self.question.limits));
        let machines = machines(self.question, &rig());
        let Aim { least_compromise_first, lowest_price, .. } = self.question.objective.aim();
        let mut seen = Seen::of(capacity(&rig()), worth);
        for &(comfort, rungs) in classes(setups.iter().all(Setup::trains)) {
            let mut best: Option<Best> = None;
            for (rung, main_memory) in self.steps(rungs, furthest, &machines) {
                // A training waits for the bus, not for main memory, unless several cards move the gradients of all weights: a
                // larger machine does it no sooner, if a usual one has the room.
                let waits = |setup: &Setup| setup.trains() && (count == 1 || setup.job.kind.adapts());
                let needless = seen.short.get().is_none() && setups.iter().all(waits);
                if is_larger(main_memory, self.question) && (needless || setups.iter().all(stays_in_desktop)) {
                    continue;
                }
                for setup in &mut setups {
                    setup.rig.main_memory = main_memory;
                    seen.room = setup.rig.main_memory_for(Bytes::ZERO);
                }
                // Where no lowest price is asked for, a board counts for nothing (`rank`), and what a larger one does better is better.
                let free = is_larger(main_memory, self.question) && !lowest_price;
                if best.as_ref().is_some_and(|best| best.late == 0 && !(free && best.rung == rung)) {
                    break;
                }
                let found = self.pass(&mut setups, &space, (rung, comfort), &mut seen);
                best = match (best, found) {
                    (Some(best), Some(found)) if free && preferred(least_compromise_first, &found, &best) => Some(found),
                    (Some(best), Some(found)) if best.late <= found.late => Some(best),
                    (best, found) => found.or(best),
                };
            }
            if let Some(found) = best.and_then(|best| self.found(setups.as_mut_slice(), &space.branches, best, comfort)) {
                return Ok(found);
            }
        }
        let deadline = self.question.limits.deadline;
        Err(match (seen, space.obstacle) {
            (Seen { cheapest: Some(cost), .. }, _) => Failure::TooDear(cost),
            (Seen { fastest: Some(time), .. }, _) if deadline.is_some_and(|longest| time > longest) => Failure::TooSlow(time),
            (Seen { least: Some(memory), fastest: None, unloaded, .. }, _) if unloaded.get().is_some() => {
                Failure::NoRoomToShare(Box::new(memory), unloaded.get().unwrap_or_default())
            }
            (Seen { least: Some(memory), fastest: None, short, room, .. }, _) if short.get().is_some() => {
                Failure::NoMainMemory(Box::new(memory), short.get().unwrap_or_default(), room)
            }
            (Seen { least: Some(memory), fastest, .. }, _) => Failure::TooLarge(Box::new(memory), fastest),
            (_, Some(obstacle)) => Failure::Cannot(obstacle),
            // A menu is never empty, and of each of its variants something was seen.
            (_, None) => Failure::TooSlow(Seconds::ZERO),
        })
    }

    /// The rungs of a class with the main memory that each may fill: a larger machine is tried where the usual one does nothing in
    /// usual time, or has no room to load what adapters are trained beside.
    fn steps<'b>(
        &self,
        rungs: &'static [Rung],
        furthest: Rung,
        machines: &'b (impl Iterator<Item = Option<Bytes>> + Clone),
    ) -> impl Iterator<Item = (Rung, Option<Bytes>)> + 'b {
        let written = &self.question.recipe;
        let loads = self.question.jobs.iter().any(|job| job.kind.adapts());
        let moves = loads || written.offload.is_some() || written.checkpointing == Some(Checkpointing::Host);
        let tried = move |rung| if moves || rung == Rung::Offloaded { 2 } else { 1 };
        let within = rungs.iter().copied().filter(move |rung| *rung <= furthest);
        within.flat_map(move |rung| machines.clone().take(tried(rung)).map(move |memory| (rung, memory)))
    }

    fn pass(&self, setups: &mut [Setup], space: &Space, (rung, comfort): (Rung, Comfort), seen: &mut Seen) -> Option<Best> {
        let Aim { least_compromise_first, .. } = self.question.objective.aim();
        let mut best: Option<Best> = None;
        let mut trail = Trail::default();
        let form = setups.first().map_or(Form::Desktop, |setup| setup.rig.card.form);
        let tried = space.tried(rung, least_compromise_first);
        if self.skip && self.nothing_fits(setups, space, (&tried, form, comfort), seen) {
            return None;
        }
        let branches = tried.clone().zip(space.branches.get(tried).unwrap_or_default());
        for (place, branch) in branches.filter(|(_, branch)| branch.suits(form)) {
            let sure = comfort == Comfort::Fits;
            if sure
                && least_compromise_first
                && best.as_ref().is_some_and(|best| best.late == 0 && best.level < branch.variant.level)
            {
                break;
            }
            let Some(setup) = setups.get_mut(branch.job) else { continue };
            if is_larger(setup.rig.main_memory, self.question) && stays_in_desktop(setup) {
                continue;
            }
            let floor = self.floor(setup, branch, seen);
            if self.skip && !branch.is_pipeline() && !seen.fits(floor, comfort) && !self.fits_whole(setup, branch, comfort, seen) {
                continue;
            }
            if sure && best.as_ref().is_some_and(|rival| self.is_beaten_unseen(setup, branch, (seen, &mut trail), rival)) {
                continue;
            }
            let found = match sure {
                true => self.best_of(setup, (place, branch), (seen, &mut trail), best.as_ref()),
                false => self.likeliest_of(setup, branch, seen, best.as_ref()),
            };
            if let Some((standing, most, at)) = found {
                let own = (place, &branch.variant, setup.rig.main_memory);
                self.weigh(own, standing, (most, at), seen, &mut best);
            }
        }
        best
    }

    /// Whether it is the planner that moves part of the work to main memory.
    pub(super) fn moves_out(&self, offload: Offload) -> bool {
        offload != Offload::None && self.question.recipe.offload.is_none()
    }

    /// How a recipe of this level does that spends its time so.
    pub(super) fn standing(&self, setup: &Setup, level: u8, spent: &Spent, seen: &Seen) -> Standing {
        let (limits, aim) = (&self.question.limits, self.question.objective.aim());
        let time = spent.total();
        let given_up = self.moves_out(setup.recipe.offload) && !limits.however_late && time > patience(setup) * LAST_RESORT;
        if given_up || limits.deadline.is_some_and(|longest| time > longest) {
            return Standing { beyond: true, late: 1, score: time.get() };
        }
        let energy = || wall_energy(setup, spent);
        let cost = seen.worth.as_ref().and_then(|worth| worth.job_cost(time, energy()));
        if let (Some(most), Some(cost)) = (limits.job_budget, cost)
            && cost.is_surely_above(most)
        {
            return Standing { beyond: true, late: 0, score: cost.amount };
        }
        let late = if limits.deadline.is_none() { lateness(setup, time) } else { 0 };
        Standing { beyond: false, late, score: counted((aim.recipe)(time, &energy, cost), level, setup) }
    }

    /// Whether a recipe of this branch that does no better than this is no better than the best so far.
    pub(super) fn loses(&self, rival: &Best, branch: &Branch, standing: Standing) -> bool {
        let Variant { rung, level, .. } = branch.variant;
        let Standing { beyond, late, score } = standing;
        let own = Best { rung, level, late, score, ..*rival };
        beyond || !preferred(self.question.objective.aim().least_compromise_first, &own, rival)
    }

    /// Keeps the best recipe of a branch, if the objective likes it best so far.
    fn weigh(
        &self,
        of: (usize, &Variant, Option<Bytes>),
        standing: Standing,
        found: (Bytes, (usize, usize)),
        seen: &mut Seen,
        best: &mut Option<Best>,
    ) {
        if standing.beyond {
            seen.note(standing, &self.question.limits);
            return;
        }
        let ((branch, &Variant { rung, level, .. }, main_memory), (most, at)) = (of, found);
        let own = Best { branch, at, rung, level, late: standing.late, main_memory, most, score: standing.score };
        let least_compromise_first = self.question.objective.aim().least_compromise_first;
        if best.as_ref().is_none_or(|best| preferred(least_compromise_first, &own, best)) {
            *best = Some(own);
        }
    }

    /// The winner with its figures.
    fn found(&self, setups: &mut [Setup], branches: &[Branch], best: Best, comfort: Comfort) -> Option<Found> {
        let Best { branch, at: (cell, position), rung, level, late, main_memory, .. } = best;
        let branch = branches.get(branch)?;
        let setup = setups.get_mut(branch.job)?;
        let memory = branch.memory(self.gauge, setup, cell, position);
        branch.set(setup, cell, position);
        let larger = is_larger(main_memory, self.question).then(|| enough(&setup.rig, memory.host));
        setup.rig.main_memory = larger.or(self.question.machine.main_memory);
        let (time, confidence) = self.gauge.time(setup, &memory);
        let figures = Figures { memory, time, energy: self.gauge.energy(setup, &time), confidence };
        let moved = rung == Rung::Offloaded || self.moves_out(setup.recipe.offload);
        let comfort = if moved { Comfort::Offloaded } else { comfort };
        Some(Found { setup: setup.clone(), figures, comfort, rung, level, late })
    }
}
