//! What can be tried on so many cards of one capability.

use super::cell::{Cell, Dial, cells};
use super::compromise::weight;
use super::gauge::Gauge;
use super::menu::{Obstacle, Rung, Variant, menu};
use super::question::Question;
use super::spread::{layouts, rung_in};
use crate::card::Form;
use crate::estimate::{Memory, cache_spares, rehoused, whole_copy};
use crate::request::{CacheFormat, Optimizer, Parallel, Setup, Stack};
use crate::units::Bytes;
use std::cell::{OnceCell, RefCell};
use std::ops::Range;

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
    /// The variant that keeps its cache in 16 bits and differs in nothing else.
    pub wider: Option<Wider>,
    /// What a card holds while weights are loaded that it then shares with others.
    loading: Bytes,
    /// Memory by cell and position, as far as it has been asked for.
    known: RefCell<Vec<Option<Known>>>,
}

/// A variant with a larger cache, and what a smaller one can bring against it.
pub(super) struct Wider {
    /// Position of the variant.
    origin: usize,
    /// Position of its branch in the same layout.
    pub place: Option<usize>,
    /// Things given up more for the smaller cache.
    given_up: u8,
    /// The most of the time that the smaller one spares, once it has been asked for.
    spared: OnceCell<f64>,
}

impl Wider {
    /// Of this variant, if it is one of these.
    fn of(variant: &Variant, variants: &[Variant]) -> Option<Self> {
        let alike = |other: &Variant| {
            let same = Variant { rung: other.rung, level: other.level, kv_cache: other.kv_cache, ..variant.clone() };
            other.weights == variant.weights && other.kv_cache == CacheFormat::Fp16 && *other == same
        };
        let smaller = variant.kv_cache.value_bytes() < CacheFormat::Fp16.value_bytes();
        let origin = if smaller { variants.iter().position(alike) } else { None }?;
        let given_up = variant.level.saturating_sub(variants.get(origin)?.level);
        Some(Self { origin, place: None, given_up, spared: OnceCell::new() })
    }

    /// The least that the branch comes to in what it is judged by, over what the same with the larger cache does: time, energy and money are
    /// spared no more than reading the cache takes of the time, and what is given up counts.
    pub fn least(&self, branch: &Branch, setup: &mut Setup) -> f64 {
        let spared = *self.spared.get_or_init(|| {
            branch.set(setup, 0, 0);
            cache_spares(setup)
        });
        (1.0 - spared) * weight(self.given_up)
    }
}

/// Positions of branches, and whether they are tried on modules of servers.
type Tried = (Range<usize>, bool);

/// The least that any of some branches takes.
#[derive(Clone, Copy)]
pub(super) struct Floor {
    /// Position of the branch that takes the least by the typical estimate.
    pub place: usize,
    pub typical: Bytes,
    /// The least by the high one.
    pub most: Bytes,
}

impl Branch {
    /// How it is cut over the cards.
    pub(super) fn layout(&self) -> Parallel {
        self.cells.first().map_or_else(Parallel::default, |cell| cell.parallel)
    }

    /// Whether there is one recipe in it.
    pub(super) fn is_single(&self) -> bool {
        self.cells.len() == 1 && self.dial == Dial::Fixed
    }

    /// Whether the work passes through stages.
    pub(super) fn is_pipeline(&self) -> bool {
        self.layout().pipeline > 1
    }

    /// Whether it is tried on cards of a form when its rung is looked at. Modules of servers have the software of servers, whose slices are no experiment
    /// as those of llama.cpp are.
    pub(super) fn suits(&self, form: Form) -> bool {
        let sliced = self.variant.stack == Stack::LlamaCpp && self.layout().tensor > 1;
        !(sliced && form == Form::Sxm)
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
        self.job == other.job && self.layout() == other.layout() && self.cells == other.cells && self.dial == other.dial
    }

    /// What a cell takes at a position: worked out once, for all cards of the space differ in nothing but how much they hold.
    pub(super) fn memory(&self, gauge: &impl Gauge, setup: &mut Setup, cell: usize, position: usize) -> Memory {
        let place = self.place(cell, position);
        if let Some(memory) = self.known.borrow().get(place).and_then(|known| known.as_ref()?.memory.as_deref().copied()) {
            return rehoused(memory, &setup.rig);
        }
        self.set(setup, cell, position);
        let memory = gauge.memory(setup);
        self.keep(place, Known { need: self.needs(&memory), memory: Some(Box::new(memory)) });
        memory
    }

    /// The same as the figures that are all that most recipes are ever asked for.
    pub(super) fn need(&self, gauge: &impl Gauge, setup: &mut Setup, cell: usize, position: usize) -> Need {
        let place = self.place(cell, position);
        if let Some(Some(known)) = self.known.borrow().get(place) {
            return known.need;
        }
        self.first_need(gauge, setup, cell, position)
    }

    /// The same where it is asked for the first time.
    fn first_need(&self, gauge: &impl Gauge, setup: &mut Setup, cell: usize, position: usize) -> Need {
        self.set(setup, cell, position);
        let need = self.needs(&gauge.memory(setup));
        self.keep(self.place(cell, position), Known { need, memory: None });
        need
    }

    const fn needs(&self, memory: &Memory) -> Need {
        Need { typical: memory.total, most: memory.high, loading: self.loading, host: memory.host }
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

/// What a card holds while a variant is loaded in a layout, before the cards share it.
fn loading(setup: &Setup, variant: &Variant, parallel: Parallel) -> Bytes {
    let mut setup = setup.clone();
    variant.apply(&mut setup.recipe);
    setup.recipe.parallel = parallel;
    if setup.loads_whole() { whole_copy(&setup) } else { Bytes::ZERO }
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
    /// What the card has to hold before, while weights are loaded.
    pub loading: Bytes,
    /// Main memory, over all cards.
    pub host: Bytes,
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
    /// By positions and form of the card the least that they take, as far as it has been asked for; none where that is no one recipe of each.
    floors: RefCell<Vec<(Tried, Option<Floor>)>>,
}

impl Space {
    /// Positions of the branches that are tried when a rung is looked at. Whoever asks for the best figure gets it from stretched recipes too; else
    /// these are tried when ordinary ones fail.
    pub(super) fn tried(&self, rung: Rung, least_compromise_first: bool) -> Range<usize> {
        let furthest = match (least_compromise_first, rung) {
            (false, Rung::Ordinary) => Rung::Stretched,
            (false, Rung::Stretched) => return 0..0,
            _ => rung,
        };
        let before = |rung: Rung| self.branches.partition_point(|branch| branch.variant.rung < rung);
        before(rung)..self.branches.partition_point(|branch| branch.variant.rung <= furthest)
    }

    /// The least that the branches at these positions take on cards of a form, where each is a single recipe.
    pub(super) fn least(&self, gauge: &impl Gauge, setups: &mut [Setup], tried: &Range<usize>, form: Form) -> Option<Floor> {
        let key = (tried.clone(), form == Form::Sxm);
        if let Some((_, floor)) = self.floors.borrow().iter().find(|(known, _)| *known == key) {
            return *floor;
        }
        let branches = self.branches.get(tried.clone()).unwrap_or_default();
        let mut floor: Option<Floor> = None;
        if branches.iter().all(Branch::is_single) {
            for (place, branch) in tried.clone().zip(branches).filter(|(_, branch)| branch.suits(form)) {
                let Some(setup) = setups.get_mut(branch.job) else { continue };
                let Need { typical, most, .. } = branch.need(gauge, setup, 0, 0);
                floor = Some(match floor {
                    Some(least) if least.typical <= typical => Floor { most: least.most.min(most), ..least },
                    Some(least) => Floor { place, typical, most: least.most.min(most) },
                    None => Floor { place, typical, most },
                });
            }
        }
        self.floors.borrow_mut().push((key, floor));
        floor
    }

    /// Notes where the branches are that differ from others in a larger cache.
    fn place_wider(&mut self) {
        let beside = |own: &Branch| {
            let wider = own.wider.as_ref()?;
            let same = |other: &Branch| (other.job, other.origin) == (own.job, wider.origin) && other.layout() == own.layout();
            self.branches.iter().position(same)
        };
        let places: Vec<Option<usize>> = self.branches.iter().map(beside).collect();
        for (branch, place) in self.branches.iter_mut().zip(places) {
            if let Some(wider) = &mut branch.wider {
                wider.place = place;
            }
        }
    }

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
            for (origin, variant) in variants.iter().enumerate() {
                for parallel in layouts(setup, variant, written) {
                    let cells = cells(setup, variant, parallel, written);
                    let dial = Dial::new(setup, variant, &parallel, question);
                    if dial.len() > 0 && !cells.is_empty() {
                        let known = RefCell::new(vec![None; cells.len() * dial.len()]);
                        let wider = Wider::of(variant, &variants);
                        let variant = variant.clone().rung(rung_in(setup, variant, &parallel, question));
                        let loading = loading(setup, &variant, parallel);
                        space.branches.push(Branch { job, variant, cells, dial, origin, twin: None, wider, loading, known });
                    }
                }
            }
        }
        space.branches.sort_by_key(|branch| (branch.variant.rung, branch.variant.level));
        space.place_wider();
        space.compare(setups);
        space
    }
}
