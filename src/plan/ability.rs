//! What a rig can do: every model of the catalogue against every kind of job.

use super::count::fewer;
use super::gauge::Estimator;
use super::host::outgrows_desktop;
use super::menu::suits_unsloth;
use super::patience::keeps_up_with_reading;
use super::question::Question;
use super::search::{Comfort, Failure, Search};
use crate::catalog::Catalog;
use crate::estimate::{Confidence, Memory, Time, Verdict, memory};
use crate::model::{Input, Model, Network};
use crate::request::{Checkpointing, JobKind, Keyword, LossKernel, Rig, Setup, Stack};
use std::sync::Arc;

/// One kind of job on a rig.
#[derive(Clone, Debug)]
pub struct Ability {
    /// The kind of job.
    pub kind: JobKind,
    /// Every model the job makes sense for, in catalogue order; for all but pre-training those whose weights anybody can have.
    pub models: Vec<ModelAbility>,
    /// Position in `models` of the largest model that surely fits on the cards; if none does, of the largest that may.
    pub largest: Option<usize>,
    /// Position of the largest that surely runs with part of it in main memory, where it is larger than that.
    pub largest_with_main_memory: Option<usize>,
}

/// One model in one kind of job on a rig.
#[derive(Clone, Debug)]
pub struct ModelAbility {
    /// The model.
    pub model: Arc<Model>,
    /// Does it fit on the cards? What does not may run nevertheless, with part of it in main memory.
    pub verdict: Verdict,
    /// Memory with the recipe chosen; where nothing fits, the least any recipe needs. `limited_by` names the largest part.
    pub memory: Option<Memory>,
    /// How it runs; `None` where it does not.
    pub run: Option<Box<Run>>,
}

/// How a model runs on a rig.
#[derive(Clone, Debug)]
pub struct Run {
    /// The recipe with the least compromise that fits, complete for [`crate::estimate`]; on fewer cards than there are, where only fewer do
    /// it.
    pub setup: Setup,
    /// How comfortably; `Offloaded` where it runs only with part of it in main memory.
    pub comfort: Comfort,
    /// It takes longer than people usually wait for such a job.
    pub late: bool,
    /// It takes another board than such cards are usually on, for its main memory.
    pub lacks_board: bool,
    /// How well measurements support its speed.
    pub confidence: Confidence,
    /// How fast.
    pub time: Time,
    /// Longest sequence (training, one at a time) or prompt and output together (inference) that may fit, up to what the model was
    /// made for. `None` where the length is not a choice.
    pub max_context: Option<u64>,
    /// Most sequences at once (training micro-batch, inference requests) that may fit, as a power of two.
    pub max_batch: u64,
}

/// What a rig can do.
#[must_use]
pub fn abilities(catalog: &Catalog, rig: &Rig) -> Vec<Ability> {
    JobKind::ALL.iter().map(|kind| ability(catalog, *kind, rig)).collect()
}

/// What a rig can do with one model, of the catalogue or not: every kind of job that makes sense for it.
#[must_use]
pub fn abilities_with(catalog: &Catalog, model: &Arc<Model>, rig: &Rig) -> Vec<(JobKind, ModelAbility)> {
    model.kinds().filter_map(|kind| Some((kind, model_ability(catalog, model, kind, rig)?))).collect()
}

fn ability(catalog: &Catalog, kind: JobKind, rig: &Rig) -> Ability {
    let models: Vec<ModelAbility> = catalog
        .models()
        .iter()
        .filter(|model| model.supports(kind) && (kind == JobKind::Pretrain || catalog.is_published(&model.id)))
        .filter_map(|model| model_ability(catalog, model, kind, rig))
        .collect();
    let largest_of = |verdict: Verdict| {
        models
            .iter()
            .enumerate()
            .filter(|(_, one)| one.verdict == verdict)
            .max_by_key(|(place, one)| (one.model.parameters, usize::MAX - place))
    };
    let largest = largest_of(Verdict::Fits).or_else(|| largest_of(Verdict::Tight)).map(|(place, _)| place);
    let largest_with_main_memory = larger_with_main_memory(&models, largest.and_then(|place| models.get(place)));
    Ability { kind, models, largest, largest_with_main_memory }
}

/// Position of the largest of these models that surely runs with part of it in main memory, where it is larger than what the cards hold.
fn larger_with_main_memory(models: &[ModelAbility], held: Option<&ModelAbility>) -> Option<usize> {
    let least = held.map_or(0, |one| one.model.parameters);
    let runs = models.iter().enumerate().filter(|(_, one)| one.surely_with_main_memory() && one.model.parameters > least);
    runs.max_by_key(|(place, one)| (one.model.parameters, usize::MAX - place)).map(|(place, _)| place)
}

impl ModelAbility {
    /// Whether it fits better on the cards than another, or runs where the other does not, or lacks less.
    fn comes_before(&self, other: &Self) -> bool {
        let lacks = |one: &Self| one.memory.filter(|_| one.run.is_none()).map_or(0.0, |memory| memory.total.get());
        let idle = |one: &Self| one.run.is_none();
        (self.verdict, idle(self)).cmp(&(other.verdict, idle(other))).then(lacks(self).total_cmp(&lacks(other))).is_lt()
    }

    /// Whether it does not fit on the cards, but surely runs with part of it in the main memory of the machine that such cards are usually in,
    /// no longer than people wait, and answers as fast as they read.
    #[must_use]
    pub fn surely_with_main_memory(&self) -> bool {
        self.run.as_deref().zip(self.memory.as_ref()).is_some_and(|(run, memory)| {
            let offloaded = run.comfort == Comfort::Offloaded && memory.verdict == Verdict::Fits;
            let usable = !run.late && keeps_up_with_reading(&run.setup, &run.time);
            offloaded && usable && !run.lacks_board
        })
    }
}

/// What all cards of a rig do with a model, or fewer of them where those do better: nobody has to use every card there is, and what software
/// does on one it may not do on several (paged states, optimizer steps inside the backward pass).
pub(super) fn model_ability(catalog: &Catalog, model: &Arc<Model>, kind: JobKind, rig: &Rig) -> Option<ModelAbility> {
    let mut best = ability_of_all(catalog, model, kind, rig)?;
    for count in fewer(rig.count) {
        if best.verdict == Verdict::Fits {
            break;
        }
        let part = ability_of_all(catalog, model, kind, &rig.holding(&rig.card, count))?;
        if part.comes_before(&best) {
            best = part;
        }
    }
    Some(best)
}

fn ability_of_all(catalog: &Catalog, model: &Arc<Model>, kind: JobKind, rig: &Rig) -> Option<ModelAbility> {
    let question = Question::about(model, kind, rig)?;
    let search = Search { gauge: &Estimator, catalog, question: &question, skip: true };
    let none = |memory| ModelAbility { model: Arc::clone(model), verdict: Verdict::DoesNotFit, memory, run: None };
    Some(match search.best(&rig.card, rig.count) {
        Ok(found) => {
            let verdict = match found.comfort {
                Comfort::Fits => Verdict::Fits,
                Comfort::Tight => Verdict::Tight,
                Comfort::Offloaded => Verdict::DoesNotFit,
            };
            ModelAbility {
                model: Arc::clone(model),
                verdict,
                memory: Some(found.figures.memory),
                run: Some(Box::new(Run {
                    comfort: found.comfort,
                    late: found.late > 0,
                    lacks_board: outgrows_desktop(&question, &found.setup.rig, found.figures.memory.host),
                    confidence: found.figures.confidence,
                    time: found.figures.time,
                    max_context: longest(&found.setup),
                    max_batch: most_at_once(&found.setup),
                    setup: found.setup,
                })),
            }
        }
        Err(Failure::TooLarge(memory, _) | Failure::NoMainMemory(memory, ..) | Failure::NoRoomToShare(memory, _)) => {
            none(Some(*memory))
        }
        Err(_) => none(None),
    })
}

fn may_fit(setup: &Setup) -> bool {
    let memory = memory(setup);
    memory.verdict != Verdict::DoesNotFit && memory.host <= setup.rig.main_memory_for(memory.host)
}

/// The checkpointing that leaves the least on the card.
const fn keeping_least(setup: &Setup) -> Checkpointing {
    if setup.recipe.stack.keeps_inputs_on_host() { Checkpointing::Host } else { Checkpointing::Full }
}

/// The longest of 256, 384, 512, 768, 1024 ... and the model's own limit that may fit, as planned or, for adapters, with Unsloth.
fn longest(setup: &Setup) -> Option<u64> {
    let own = longest_with(setup.clone());
    if !suits_unsloth(setup) {
        return own;
    }
    let mut other = setup.clone();
    (other.recipe.stack, other.recipe.loss) = (Stack::Unsloth, LossKernel::Chunked);
    own.max(longest_with(other))
}

/// The same with the software of a setup.
fn longest_with(mut trial: Setup) -> Option<u64> {
    const LONGEST: u64 = 1 << 20;
    let Network::Transformer(stack) = &trial.model.network else { return None };
    if stack.input != Input::Tokens {
        return None;
    }
    let limit = trial.model.max_context.unwrap_or(LONGEST);
    let mut lengths: Vec<u64> =
        (8..=20).flat_map(|power| [1_u64 << power, (1_u64 << power) / 2 * 3]).filter(|length| *length < limit).collect();
    lengths.push(limit);
    trial.recipe.micro_batch = 1;
    if trial.trains() {
        trial.recipe.checkpointing = keeping_least(&trial);
    }
    let fitting = lengths.partition_point(|length| {
        if trial.trains() {
            trial.job.sequence_length = *length;
        } else {
            trial.job.prompt = length.saturating_sub(trial.job.output).max(1);
        }
        may_fit(&trial)
    });
    fitting.checked_sub(1).and_then(|place| lengths.get(place)).copied()
}

/// The largest power of two of sequences at once that may fit.
fn most_at_once(setup: &Setup) -> u64 {
    const MOST: u32 = 12;
    let mut trial = setup.clone();
    let powers: Vec<u64> = (0..=MOST).map(|power| 1_u64 << power).collect();
    let fitting = powers.partition_point(|batch| {
        if trial.trains() {
            trial.recipe.micro_batch = *batch;
        } else {
            trial.job.concurrency = *batch;
        }
        may_fit(&trial)
    });
    fitting.checked_sub(1).and_then(|place| powers.get(place)).copied().unwrap_or(1)
}
