//! How much of the space of a goal the search looks at.

use super::gauge::{Estimator, Gauge};
use super::goal::Goal;
use super::question::Question;
use super::search::Search;
use crate::catalog::Catalog;
use crate::error::RequestError;
use crate::estimate::{Confidence, Energy, Memory, Spent, Time};
use crate::request::Setup;
use std::cell::Cell;

/// What the estimator is asked for over all rigs of a goal: by the search, and by one that skips nothing.
/// Nothing is remembered from one rig to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Memories.
    pub memories: (u32, u32),
    /// Times.
    pub times: (u32, u32),
}

/// Searches all rigs of a goal twice, with skipping and without, and counts.
///
/// # Errors
/// Anything unknown or out of range in the goal.
pub fn effort(catalog: &Catalog, goal: &Goal) -> Result<Effort, RequestError> {
    let question = Question::new(catalog, goal)?;
    let asked = |skip| {
        let gauge = Counting::default();
        for card in &question.cards {
            for &count in super::counts_for(card, &question.counts) {
                // What is found, or why nothing is, has no bearing on the count.
                drop(Search { gauge: &gauge, catalog, question: &question, skip }.best(card, count));
            }
        }
        (gauge.memories.get(), gauge.times.get())
    };
    let (quick, whole) = (asked(true), asked(false));
    Ok(Effort { memories: (quick.0, whole.0), times: (quick.1, whole.1) })
}

/// Counts how often the estimator is asked.
#[derive(Default)]
struct Counting {
    memories: Cell<u32>,
    times: Cell<u32>,
}

impl Gauge for Counting {
    fn memory(&self, setup: &Setup) -> Memory {
        self.memories.set(self.memories.get().saturating_add(1));
        Estimator.memory(setup)
    }

    fn spent(&self, setup: &Setup) -> Spent {
        self.times.set(self.times.get().saturating_add(1));
        Estimator.spent(setup)
    }

    fn time(&self, setup: &Setup, memory: &Memory) -> (Time, Confidence) {
        Estimator.time(setup, memory)
    }

    fn energy(&self, setup: &Setup, time: &Time) -> Energy {
        Estimator.energy(setup, time)
    }
}
