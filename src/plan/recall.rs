//! The estimator with a memory of its own: what can be tried depends on the number of cards and what they are
//! capable of, and what a recipe takes on their number and generation, but neither on which card it is. So both are
//! worked out once for all cards of a question.

use super::gauge::{Estimator, Gauge};
use super::space::Space;
use crate::card::{Card, Features};
use crate::estimate::{Confidence, Energy, Era, Memory, Numerics, Rates, Spent, Time, spent_at};
use crate::request::{Rig, Setup};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Remembers the spaces of one question, and with them what their recipes take.
#[derive(Default)]
pub(super) struct Recalling {
    spaces: RefCell<Vec<(Class, Rc<Space>)>>,
    /// What the rig at hand sustains, by what is computed in.
    rates: RefCell<Sustained>,
}

/// The rates of so many of a card.
#[derive(Default)]
struct Sustained {
    rig: Option<(Arc<Card>, u32)>,
    rates: Vec<(Numerics, Rates)>,
}

impl Sustained {
    /// Those of a setup, which is one of the question: nothing else of its machine changes with the card.
    fn of(&mut self, setup: &Setup) -> Rates {
        let Rig { card, count, .. } = &setup.rig;
        if !self.rig.as_ref().is_some_and(|(own, many)| Arc::ptr_eq(own, card) && many == count) {
            self.rig = Some((Arc::clone(card), *count));
            self.rates.clear();
        }
        let asked = Numerics::of(setup);
        if let Some((_, known)) = self.rates.iter().find(|(known, _)| *known == asked) {
            return *known;
        }
        let rates = Rates::of(setup);
        self.rates.push((asked, rates));
        rates
    }
}

impl Gauge for Recalling {
    fn space(&self, rig: &Rig, make: impl FnOnce() -> Space) -> Rc<Space> {
        let class = Class::of(rig);
        let known = self.spaces.borrow().iter().find(|(known, _)| *known == class).map(|(_, space)| Rc::clone(space));
        known.unwrap_or_else(|| {
            let space = Rc::new(make());
            self.spaces.borrow_mut().push((class, Rc::clone(&space)));
            space
        })
    }

    fn memory(&self, setup: &Setup) -> Memory {
        Estimator.memory(setup)
    }

    fn spent(&self, setup: &Setup) -> Spent {
        spent_at(setup, &self.rates.borrow_mut().of(setup))
    }

    fn time(&self, setup: &Setup, memory: &Memory) -> (Time, Confidence) {
        Estimator.time(setup, memory)
    }

    fn energy(&self, setup: &Setup, time: &Time) -> Energy {
        Estimator.energy(setup, time)
    }
}

/// All of a rig that decides what can be tried on it and what that takes.
#[derive(Clone, Copy, PartialEq)]
struct Class {
    count: u32,
    can: Features,
    era: Era,
}

impl Class {
    fn of(rig: &Rig) -> Self {
        Self { count: rig.count, can: rig.card.features().deciding(), era: Era::of(rig.card.generation) }
    }
}
