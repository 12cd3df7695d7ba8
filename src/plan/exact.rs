//! The search finds what looking at everything finds.

use super::goal::{CardChoices, Counts, Goal, Objective};
use super::question::Question;
use super::recall::Recalling;
use super::search::{Estimator, Failure, Found, Gauge, Search};
use super::worth::Worth;
use crate::catalog::Catalog;
use crate::estimate::{Confidence, Energy, Memory, Time, evaluate};
use crate::request::{CardChoice, JobKind, Keyword, Setup};
use std::cell::Cell;

fn catalog() -> Catalog {
    Catalog::from_json(include_str!("../../catalog.json")).unwrap()
}

const CARDS: [&str; 7] = ["gtx-1080-ti", "rtx-2080-ti", "rtx-3060-12gb", "rtx-3090", "rtx-4090", "a100-sxm-80gb", "h100-sxm"];
const MODELS: [&str; 6] = ["bert-base", "gpt2", "llama-3.2-1b", "llama-3-8b", "resnet-50", "whisper-small"];

/// What the winner is judged by.
fn judged(catalog: &Catalog, question: &Question, found: &Found, objective: Objective) -> (String, bool, u8, f64) {
    let aim = objective.aim();
    let (time, energy) = (&found.figures.time, &found.figures.energy);
    let cost = Worth::of(catalog, &found.setup.rig, &question.money, &question.limits).job_cost(time, energy);
    let level = if aim.least_compromise_first { found.level } else { 0 };
    (format!("{:?}", found.comfort), found.late, level, (aim.recipe)(time, energy, cost))
}

/// The settings that the search chooses.
fn brief(found: &Found) -> String {
    let recipe = &found.setup.recipe;
    let (micro, keep, loss, parallel) = (recipe.micro_batch, recipe.checkpointing, recipe.loss, recipe.parallel);
    format!("{:?} {:?} {:?} {micro} {keep:?} {loss:?} {parallel:?}", recipe.precision, recipe.optimizer, recipe.weights)
}

/// Rigs on which the search and looking at everything disagree about a goal.
fn differences(catalog: &Catalog, goal: &Goal) -> Vec<String> {
    let question = Question::new(catalog, goal).unwrap();
    let recalling = Recalling::default();
    let skipping = Search { gauge: &recalling, catalog, question: &question, skip: true };
    let looking = Search { gauge: &Estimator, catalog, question: &question, skip: false };
    let (kind, objective) = (goal.job.kind.name(), goal.objective);
    let mut found = Vec::new();
    for card in &question.cards {
        for &count in &question.counts {
            let rig = format!("{} {kind} {} on {count} x {}", question.model.id, objective.name(), card.id);
            match (&skipping.best(card, count), &looking.best(card, count)) {
                (Ok(quick), Ok(whole)) => {
                    assert_eq!(quick.figures, evaluate(&quick.setup), "{rig}");
                    let judged = |found| judged(catalog, &question, found, objective);
                    if judged(quick) != judged(whole) {
                        found.push(format!(
                            "{rig}: {:?} {} against {:?} {}",
                            judged(quick),
                            brief(quick),
                            judged(whole),
                            brief(whole)
                        ));
                    }
                }
                (Err(Failure::TooLarge(_)), Err(Failure::TooLarge(_))) => {}
                (quick, whole) => found.push(format!("{rig}: {} against {}", quick.is_ok(), whole.is_ok())),
            }
        }
    }
    found
}

/// A goal on these cards by an objective.
fn on(model: &str, kind: JobKind, objective: Objective, cards: &[&str], counts: &[f64]) -> Goal {
    let mut goal = Goal::new(model, kind);
    goal.money.tariff_per_kwh = Some(0.2);
    goal.objective = objective;
    goal.rig.card = Some(CardChoices::Any(cards.iter().map(|id| CardChoice::Id((*id).to_owned())).collect()));
    goal.rig.count = Some(Counts::Any(counts.to_vec()));
    goal
}

#[test]
fn the_search_agrees_with_looking_at_everything() {
    let catalog = catalog();
    for model in MODELS {
        for kind in catalog.model(model).unwrap().kinds() {
            for &objective in Objective::ALL {
                let different = differences(&catalog, &on(model, kind, objective, &CARDS, &[1.0, 4.0]));
                assert!(different.is_empty(), "{different:#?}");
            }
        }
    }
}

/// Experts, long contexts, several machines and slow networks have layouts of their own.
#[test]
fn the_search_agrees_with_looking_at_every_way_to_cut_a_model() {
    let catalog = catalog();
    let cards = ["rtx-4090", "a100-sxm-80gb", "h200-sxm"];
    for &objective in Objective::ALL {
        for kind in [JobKind::Pretrain, JobKind::FullFinetune] {
            let experts = on("qwen3-30b-a3b", kind, objective, &cards, &[8.0, 16.0]);
            let mut long = on("llama-3-8b", kind, objective, &cards, &[2.0, 8.0]);
            long.job.sequence_length = Some(65_536.0);
            let mut slow = on("llama-3.2-1b", kind, objective, &cards, &[16.0]);
            slow.rig.network_gbps = Some(1.0);
            for goal in [experts, long, slow] {
                let different = differences(&catalog, &goal);
                assert!(different.is_empty(), "{different:#?}");
            }
        }
    }
}

/// Counts how often the estimator is asked.
#[derive(Default)]
struct Counting {
    memory: Cell<u32>,
    time: Cell<u32>,
}

impl Gauge for Counting {
    fn memory(&self, setup: &Setup) -> Memory {
        self.memory.set(self.memory.get() + 1);
        Estimator.memory(setup)
    }

    fn time(&self, setup: &Setup, memory: &Memory) -> (Time, Confidence) {
        self.time.set(self.time.get() + 1);
        Estimator.time(setup, memory)
    }

    fn energy(&self, setup: &Setup, time: &Time) -> Energy {
        Estimator.energy(setup, time)
    }
}

#[test]
fn the_search_asks_for_half_of_the_memories_and_three_fifths_of_the_times() {
    let catalog = catalog();
    for kind in ["qlora", "full-finetune", "pretrain"] {
        let goal = Goal::new("llama-3-8b", JobKind::from_name(kind).unwrap());
        let question = Question::new(&catalog, &goal).unwrap();
        let asked = |skip| {
            let gauge = Counting::default();
            for card in &question.cards {
                for &count in &question.counts {
                    let _ = Search { gauge: &gauge, catalog: &catalog, question: &question, skip }.best(card, count);
                }
            }
            (gauge.memory.get(), gauge.time.get())
        };
        let (quick, whole) = (asked(true), asked(false));
        assert!(quick.0 * 2 < whole.0 && quick.1 * 5 < whole.1 * 3, "{kind}: {quick:?} of {whole:?} (memory, time)");
    }
}
