//! What can be tried on so many cards of one capability.

use super::cell::{Cell, Dial, cells, layouts};
use super::menu::{Obstacle, Variant, menu};
use super::question::Question;
use crate::request::Setup;

/// A variant on a job in one layout, with its cells and its dial: the same for all cards of one capability.
pub(super) struct Branch {
    /// Position of its job.
    pub job: usize,
    /// What changes the result.
    pub variant: Variant,
    /// What trades memory for time, least frugal first; never empty.
    pub cells: Vec<Cell>,
    /// Positions from the most frugal; at least one.
    pub dial: Dial,
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
                        space.branches.push(Branch { job, variant: variant.clone(), cells, dial });
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
