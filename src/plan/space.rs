//! What can be tried on so many cards of one capability.

use super::cell::{Cell, Dial, cells};
use super::gauge::Gauge;
use super::menu::{Obstacle, Rung, Variant, menu};
use super::question::Question;
use super::spread::{layouts, rung_in};
use crate::card::Form;
use crate::estimate::{Memory, rehoused};
use crate::request::{Optimizer, Setup, Stack};
use crate::units::Bytes;
use std::cell::RefCell;

/// A variant on a job in one layout, with its cells and its dial: the same for all cards of one capability, and so is what it takes.
pub(super) struct Branch {
    /// Position of its job.
    pub job: usize,
    /// What changes the result.
    pub variant: Variant,
    /// What trades memory for time, least frugal first; never empty.
    pub cells: Vec<Cell>,
    /// Positions from the most frugal; at least one.
    pub dial: Dial,
    /// Position of its variant: with it and the number of replicas go all ways to cut a replica.
    pub origin: usize,
    /// Position of an earlier branch that differs only in what makes no job faster.
    pub twin: Option<usize>,
    /// Memory by cell and position, as far as it has been asked for.
    known: RefCell<Vec<Option<Known>>>,
}

impl Branch {
    /// Whether the work passes through stages.
    pub(super) fn is_pipeline(&self) -> bool {
        self.cells.first().is_some_and(|cell| cell.parallel.pipeline > 1)
    }

    /// Whether it is tried on a rig when a rung is looked at. Whoever asks for the best figure gets it from stretched recipes too; else these are tried
    /// when ordinary ones fail. Modules of servers have the software of servers, whose slices are no experiment as those of llama.cpp are.
    pub(super) fn suits(&self, form: Form, rung: Rung, least_compromise_first: bool) -> bool {
        let sliced = self.variant.stack == Stack::LlamaCpp && self.cells.first().is_some_and(|cell| cell.parallel.tensor > 1);
        let taken = match (least_compromise_first, rung, self.variant.rung) {
            (false, Rung::Ordinary, Rung::Stretched) => true,
            (false, Rung::Stretched, _) => false,
            (_, rung, own) => rung == own,
        };
        taken && !(sliced && form == Form::Sxm)
    }

    /// Writes the variant, a cell and a position into a setup.
    pub(super) fn set(&self, setup: &mut Setup, cell: usize, position: usize) {
        self.variant.apply(&mut setup.recipe);
        if let Some(cell) = self.cells.get(cell) {
            cell.apply(&mut setup.recipe);
        }
        self.dial.apply(position, setup);
    }

    /// Whether the other is for the same job, in the same layout, with the same cells and dial.
    fn is_beside(&self, other: &Self) -> bool {
        let layout = |branch: &Self| branch.cells.first().map(|cell| cell.parallel);
        self.job == other.job && layout(self) == layout(other) && self.cells == other.cells && self.dial == other.dial
    }

    /// What a cell takes at a position: worked out once, for all cards of the space differ in nothing but how much they hold.
    pub(super) fn memory(&self, gauge: &impl Gauge, setup: &mut Setup, cell: usize, position: usize) -> Memory {
        let place = self.place(cell, position);
        if let Some(memory) = self.known.borrow().get(place).and_then(|known| known.as_ref()?.memory.as_deref().copied()) {
            return rehoused(memory, &setup.rig);
        }
        self.set(setup, cell, position);
        let memory = gauge.memory(setup);
        self.keep(place, Known { need: Need::of(&memory), memory: Some(Box::new(memory)) });
        memory
    }

    /// The same as three figures, which is all that most recipes are ever asked for.
    pub(super) fn need(&self, gauge: &impl Gauge, setup: &mut Setup, cell: usize, position: usize) -> Need {
        let place = self.place(cell, position);
        if let Some(Some(known)) = self.known.borrow().get(place) {
            return known.need;
        }
        self.set(setup, cell, position);
        let need = Need::of(&gauge.memory(setup));
        self.keep(place, Known { need, memory: None });
        need
    }

    const fn place(&self, cell: usize, position: usize) -> usize {
        cell * self.dial.len() + position
    }

    fn keep(&self, place: usize, known: Known) {
        if let Some(kept) = self.known.borrow_mut().get_mut(place) {
            *kept = Some(known);
        }
    }
}

/// Whether a variant takes as long as another for every cell and position: paging the states moves nothing more.
fn keeps_pace(own: &Variant, other: &Variant) -> bool {
    let eight_bit = |variant: &Variant| matches!(variant.optimizer, Optimizer::Adamw8bit | Optimizer::PagedAdamw8bit);
    let alike = own.optimizer == other.optimizer || eight_bit(own) && eight_bit(other);
    alike && Variant { rung: own.rung, level: own.level, optimizer: own.optimizer, ..other.clone() } == *own
}

/// Memory of a recipe on a card, and beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Need {
    pub typical: Bytes,
    pub most: Bytes,
    /// Main memory, over all cards.
    pub host: Bytes,
}

impl Need {
    const fn of(memory: &Memory) -> Self {
        Self { typical: memory.total, most: memory.high, host: memory.host }
    }
}

/// What has been asked for at one position of a cell.
#[derive(Clone)]
struct Known {
    need: Need,
    memory: Option<Box<Memory>>,
}

/// All branches of a question on so many cards of one capability, the ordinary and the least compromised first; and what cannot be
/// done on them.
#[derive(Default)]
pub(super) struct Space {
    /// Ordinary before stretched, less compromise before more.
    pub branches: Vec<Branch>,
    /// What a fixed setting needs and the cards lack.
    pub obstacle: Option<Obstacle>,
}

impl Space {
    /// Notes which branches need to be looked at no further than others reach: states are paged where there are any.
    fn compare(&mut self, setups: &[Setup]) {
        if !setups.iter().any(Setup::trains) {
            return;
        }
        let twin = |(place, own): (usize, &Branch)| {
            let mut earlier = self.branches.iter().take(place);
            earlier.position(|other| other.is_beside(own) && keeps_pace(&other.variant, &own.variant))
        };
        let twins: Vec<Option<usize>> = self.branches.iter().enumerate().map(twin).collect();
        for (branch, twin) in self.branches.iter_mut().zip(twins) {
            branch.twin = twin;
        }
    }

    /// The space of these setups, one for each job of the question.
    pub(super) fn of(setups: &[Setup], question: &Question) -> Self {
        let mut space = Self::default();
        let written = &question.recipe;
        for (job, setup) in setups.iter().enumerate() {
            let variants = match menu(setup, written) {
                Ok(variants) => variants,
                Err(obstacle) => {
                    space.obstacle = Some(obstacle);
                    continue;
                }
            };
            for (origin, variant) in variants.into_iter().enumerate() {
                for parallel in layouts(setup, &variant, written) {
                    let cells = cells(setup, &variant, parallel, written);
                    let dial = Dial::new(setup, &variant, &parallel, question);
                    if dial.len() > 0 && !cells.is_empty() {
                        let known = RefCell::new(vec![None; cells.len() * dial.len()]);
                        let variant = variant.clone().rung(rung_in(setup, &variant, &parallel, question));
                        space.branches.push(Branch { job, variant, cells, dial, origin, twin: None, known });
                    }
                }
            }
        }
        space.branches.sort_by_key(|branch| (branch.variant.rung, branch.variant.level));
        space.compare(setups);
        space
    }
}
