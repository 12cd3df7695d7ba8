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
    let (micro, keep, loss, sharding) = (recipe.micro_batch, recipe.checkpointing, recipe.loss, recipe.parallel.sharding);
    format!("{:?} {:?} {:?} {micro} {keep:?} {loss:?} {sharding:?}", recipe.precision, recipe.optimizer, recipe.weights)
}

#[test]
fn the_search_agrees_with_looking_at_everything() {
    let catalog = catalog();
    let mut compared = 0;
    let mut worse: Vec<String> = Vec::new();
    for model in MODELS {
        for kind in catalog.model(model).unwrap().kinds() {
            for &objective in Objective::ALL {
                let mut goal = Goal::new(model, kind);
                goal.money.tariff_per_kwh = Some(0.2);
                goal.objective = objective;
                goal.rig.card = Some(CardChoices::Any(CARDS.iter().map(|id| CardChoice::Id((*id).to_owned())).collect()));
                goal.rig.count = Some(Counts::Any(vec![1.0, 4.0]));
                let question = Question::new(&catalog, &goal).unwrap();
                let recalling = Recalling::default();
                let skipping = Search { gauge: &recalling, catalog: &catalog, question: &question, skip: true };
                let looking = Search { gauge: &Estimator, catalog: &catalog, question: &question, skip: false };
                for card in &question.cards {
                    for &count in &question.counts {
                        let (quick, whole) = (skipping.best(card, count), looking.best(card, count));
                        compared += 1;
                        match (&quick, &whole) {
                            (Ok(quick), Ok(whole)) => {
                                assert_eq!(quick.figures, evaluate(&quick.setup), "{model} on {count} x {}", card.id);
                                let (a, b) =
                                    (judged(&catalog, &question, quick, objective), judged(&catalog, &question, whole, objective));
                                if a != b {
                                    worse.push(format!(
                                        "{model} {} {} on {count} x {}: {a:?} {} against {b:?} {}",
                                        kind.name(),
                                        objective.name(),
                                        card.id,
                                        brief(quick),
                                        brief(whole)
                                    ));
                                }
                            }
                            (Err(Failure::TooLarge(_)), Err(Failure::TooLarge(_))) => {}
                            _ => worse.push(format!(
                                "{model} {} on {count} x {}: {} against {}",
                                kind.name(),
                                card.id,
                                quick.is_ok(),
                                whole.is_ok()
                            )),
                        }
                    }
                }
            }
        }
    }
    assert!(
        worse.is_empty(),
        "{} of {compared} differ: {}",
        worse.len(),
        worse.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
    );
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
