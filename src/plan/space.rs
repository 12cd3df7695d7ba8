//! What can be tried on so many cards of one capability.

use super::cell::{Cell, Dial, cells, layouts};
use super::menu::{Obstacle, Variant, menu};
use super::question::Question;
use super::search::Gauge;
use crate::estimate::{Memory, rehoused};
use crate::request::Setup;
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
    /// Memory by cell and position, as far as it has been asked for.
    known: RefCell<Vec<Option<Memory>>>,
}

impl Branch {
    /// Writes a cell and a position into a setup that has the variant already.
    pub(super) fn set(&self, setup: &mut Setup, cell: usize, position: usize) {
        if let Some(cell) = self.cells.get(cell) {
            cell.apply(&mut setup.recipe);
        }
        self.dial.apply(position, setup);
    }

    /// What a cell takes at a position: worked out once, for all cards of the space differ in nothing but how much they hold.
    pub(super) fn memory(&self, gauge: &impl Gauge, setup: &mut Setup, cell: usize, position: usize) -> Memory {
        let place = cell * self.dial.len() + position;
        if let Some(memory) = self.known.borrow().get(place).copied().flatten() {
            return rehoused(memory, &setup.rig);
        }
        self.set(setup, cell, position);
        let memory = gauge.memory(setup);
        if let Some(known) = self.known.borrow_mut().get_mut(place) {
            *known = Some(memory);
        }
        memory
    }
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
            for variant in variants {
                for parallel in layouts(setup, &variant, written) {
                    let cells = cells(setup, &variant, parallel, written);
                    let dial = Dial::new(setup, &variant, &parallel, written);
                    if dial.len() > 0 && !cells.is_empty() {
                        let known = RefCell::new(vec![None; cells.len() * dial.len()]);
                        space.branches.push(Branch { job, variant: variant.clone(), cells, dial, known });
                    }
                }
            }
        }
        // The menu of one job is in order already.
        if setups.len() > 1 {
            space.branches.sort_by_key(|branch| (branch.variant.rung, branch.variant.level));
        }
        space
    }
}
