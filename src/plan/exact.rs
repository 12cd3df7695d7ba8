//! The search finds what looking at everything finds.

use super::compromise::counted;
use super::effort::{Effort, effort};
use super::gauge::Estimator;
use super::goal::{CardChoices, Counts, Goal, Objective};
use super::question::Question;
use super::recall::Recalling;
use super::search::{Failure, Found, Search};
use super::worth::Worth;
use crate::catalog::Catalog;
use crate::estimate::{Verdict, evaluate};
use crate::request::{CardChoice, JobKind, Keyword, Offload};

fn catalog() -> Catalog {
    Catalog::from_json(include_str!("../../catalog.json")).unwrap()
}

/// Of each generation, and of the newest both chips: what the search remembers of a card it takes for others that can do the same.
const CARDS: [&str; 9] =
    ["gtx-1080-ti", "rtx-2080-ti", "rtx-3060-12gb", "rtx-3090", "rtx-4090", "rtx-5090", "a100-sxm-80gb", "h100-sxm", "b200"];
const MODELS: [&str; 6] = ["bert-base", "gpt2", "llama-3.2-1b", "llama-3-8b", "resnet-50", "whisper-small"];

/// What the winner is judged by.
fn judged(catalog: &Catalog, question: &Question, found: &Found, objective: Objective) -> (String, f64, u32, u8, f64) {
    let aim = objective.aim();
    let (time, energy) = (&found.figures.time, &found.figures.energy);
    let cost = Worth::of(catalog, &found.setup.rig, &question.money, &question.limits).job_cost(time.total, energy.wall_joules);
    // Where nothing surely fits, what may take the least memory is likeliest to.
    let memory = &found.figures.memory;
    let (sure, most) = (memory.verdict == Verdict::Fits, memory.high.get());
    let (level, most) = (if aim.least_compromise_first { found.level } else { 0 }, if sure { 0.0 } else { most });
    let figure = counted((aim.recipe)(time.total, &|| energy.wall_joules, cost), found.level, &found.setup);
    (format!("{:?}", found.comfort), most, found.late, level, figure)
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
                (Err(Failure::TooLarge(..)), Err(Failure::TooLarge(..))) => {}
                (Err(Failure::NoMainMemory(..)), Err(Failure::NoMainMemory(..))) => {}
                (Err(Failure::NoRoomToShare(..)), Err(Failure::NoRoomToShare(..))) => {}
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
            slow.rig.machine.network_gbps = Some(1.0);
            // So short that a pipeline of one large pass takes less memory than one of several small ones.
            let mut short = on("llama-2-7b", kind, objective, &cards, &[2.0, 8.0]);
            short.job.sequence_length = Some(128.0);
            for goal in [experts, long, slow, short] {
                let different = differences(&catalog, &goal);
                assert!(different.is_empty(), "{different:#?}");
            }
        }
    }
}

/// Replicas, slices and stages of what answers many users.
#[test]
fn the_search_agrees_with_looking_at_every_way_to_serve_many() {
    let catalog = catalog();
    let cards = ["rtx-2080-ti", "rtx-3090", "rtx-5090", "h100-sxm"];
    for &objective in Objective::ALL {
        for (model, users, prompt) in [
            ("llama-3-8b", 64.0, 1024.0),
            ("qwen3-30b-a3b", 16.0, 1024.0),
            ("qwen2.5-72b", 200.0, 100.0),
            ("whisper-small", 8.0, 1500.0),
            // Where most of what is read is cache, a smaller one is worth more than it gives up.
            ("llama-3-8b", 1.0, 100_000.0),
            ("llama-2-7b", 32.0, 4000.0),
            ("deepseek-v3", 8.0, 8000.0),
        ] {
            let mut goal = on(model, JobKind::Inference, objective, &cards, &[1.0, 2.0, 4.0, 6.0, 8.0]);
            (goal.job.concurrency, goal.job.prompt) = (Some(users), Some(prompt));
            let different = differences(&catalog, &goal);
            assert!(different.is_empty(), "{different:#?}");
        }
    }
}

/// Inputs of layers that wait in main memory take as much more of it as a pass is larger.
#[test]
fn the_search_agrees_with_looking_at_everything_that_main_memory_holds() {
    let catalog = catalog();
    for &objective in Objective::ALL {
        for (length, memory) in [(4_096.0, None), (16_384.0, Some(24.0)), (40_960.0, None), (40_960.0, Some(24.0))] {
            let mut goal = on("llama-3.1-8b", JobKind::Qlora, objective, &["rtx-3060-12gb", "rtx-4090"], &[1.0]);
            (goal.job.sequence_length, goal.rig.machine.host_memory) = (Some(length), memory);
            let different = differences(&catalog, &goal);
            assert!(different.is_empty(), "{different:#?}");
        }
    }
}

/// A smaller cache spares more where a slower memory holds it than where the card does.
#[test]
fn the_search_agrees_with_looking_at_everything_where_the_cache_is_in_main_memory() {
    let catalog = catalog();
    for &objective in Objective::ALL {
        for (offload, prompt, users) in
            [(None, 100_000.0, 1.0), (Some(8), 60_000.0, 1.0), (Some(32), 100_000.0, 1.0), (Some(16), 4_000.0, 40.0)]
        {
            let mut goal = on("llama-3.1-8b", JobKind::Inference, objective, &["rtx-3060-12gb", "rtx-4090"], &[1.0, 2.0]);
            (goal.job.prompt, goal.job.concurrency) = (Some(prompt), Some(users));
            goal.recipe.offload = offload.map(Offload::Layers);
            let different = differences(&catalog, &goal);
            assert!(different.is_empty(), "{different:#?}");
        }
    }
}

#[test]
fn the_search_asks_for_half_of_the_memories_and_half_of_the_times() {
    let catalog = catalog();
    for kind in ["qlora", "full-finetune", "pretrain"] {
        let goal = Goal::new("llama-3-8b", JobKind::from_name(kind).unwrap());
        let Effort { memories, times } = effort(&catalog, &goal).unwrap();
        assert!(memories.0 * 100 < memories.1 * 51 && times.0 * 2 < times.1, "{kind}: {memories:?} {times:?}");
    }
}

/// The largest spaces are those of small models, by objectives that weigh stretched recipes too.
#[test]
fn in_the_largest_spaces_one_time_in_four_is_asked_for() {
    let catalog = catalog();
    for model in ["gpt2", "whisper-small", "llama-3.2-1b"] {
        let mut goal = Goal::new(model, JobKind::Pretrain);
        goal.objective = Objective::Fastest;
        let Effort { memories, times } = effort(&catalog, &goal).unwrap();
        assert!(memories.0 * 3 < memories.1 && times.0 * 4 < times.1, "{model}: {memories:?} {times:?}");
    }
}
