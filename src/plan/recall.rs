//! The estimator with a memory of its own: what can be tried depends on the number of cards and what they are capable of, and what a
//! recipe takes on their number and generation, but neither on which card it is. So both are worked out once for all cards of a question.

use super::cell::room;
use super::search::{Estimator, Gauge};
use super::space::Space;
use crate::card::Capability;
use crate::estimate::{Confidence, Energy, Memory, Time, rehoused};
use crate::request::{Offload, Rig, Setup};
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

/// Remembers the spaces and the memories of one question.
#[derive(Default)]
pub(super) struct Recalling {
    spaces: RefCell<Vec<(Class, Rc<Space>)>>,
    known: RefCell<HashMap<Key, Memory, BuildHasherDefault<Mixer>>>,
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
        let key = Key::of(setup);
        let known = self.known.borrow().get(&key).copied();
        if let Some(memory) = known {
            return rehoused(memory, &setup.rig);
        }
        let memory = Estimator.memory(setup);
        self.known.borrow_mut().insert(key, memory);
        memory
    }

    fn time(&self, setup: &Setup, memory: &Memory) -> (Time, Confidence) {
        Estimator.time(setup, memory)
    }

    fn energy(&self, setup: &Setup, time: &Time) -> Energy {
        Estimator.energy(setup, time)
    }
}

/// All of a rig that decides what can be tried on it.
#[derive(Clone, Copy, PartialEq)]
struct Class {
    count: u32,
    can: Capability,
    compute_capability: (u8, u8),
    room: u32,
}

impl Class {
    fn of(rig: &Rig) -> Self {
        let card = &rig.card;
        let (can, compute_capability) = (card.capability(), card.compute_capability);
        Self { count: rig.count, can, compute_capability, room: room(card.vram) }
    }
}

/// All that tells two setups of one question apart but the card: the model, the data and where adapters sit are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    choices: u64,
    batch: u64,
    layout: u64,
    offload: u64,
}

impl Key {
    fn of(setup: &Setup) -> Self {
        let recipe = &setup.recipe;
        let plan = recipe.parallel;
        let choices = [
            (setup.job.kind as u64, 3),
            (recipe.precision as u64, 4),
            (recipe.optimizer as u64, 4),
            (recipe.optimizer_kernel as u64, 2),
            (recipe.checkpointing as u64, 2),
            (recipe.attention as u64, 2),
            (recipe.loss as u64, 2),
            (recipe.stack as u64, 4),
            (recipe.weights as u64, 6),
            (recipe.kv_cache as u64, 3),
            (plan.sharding as u64, 2),
            (u64::from(recipe.lora.fp32_adapters), 1),
            (recipe.lora.rank, 17),
            (setup.rig.card.generation as u64, 3),
        ];
        // Cards are counted to a hundred thousand. How long contexts are cut follows from the other degrees.
        let degree = |degree: u32| (u64::from(degree), 20);
        let (offload, layers) = match recipe.offload {
            Offload::None => (0, 0),
            Offload::Optimizer => (1, 0),
            Offload::OptimizerAndWeights => (2, 0),
            Offload::Layers(layers) => (3, layers),
        };
        Self {
            choices: packed(&choices),
            batch: packed(&[(recipe.micro_batch, 32), (recipe.gradient_accumulation, 32)]),
            layout: packed(&[degree(plan.data), degree(plan.tensor), degree(plan.pipeline)]),
            offload: packed(&[degree(plan.expert), (offload, 2), (u64::from(layers), 22), degree(setup.rig.count)]),
        }
    }
}

/// Numbers side by side, each in its bits.
fn packed(parts: &[(u64, u32)]) -> u64 {
    parts.iter().fold(0, |packed, (value, bits)| packed.wrapping_shl(*bits) | value & ((1 << bits) - 1))
}

impl std::hash::Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for word in [self.choices, self.batch, self.layout, self.offload] {
            state.write_u64(word);
        }
    }
}

/// A hash of four words that costs four multiplications; nobody sends keys to make it collide.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}
