//! More cards against fewer, on the cards and in main memory.

use super::*;
use whichcard::plan::{FromScratch, Path, from_scratch};
use whichcard::request::{ModelChoice, MoneyRequest, RigRequest};

fn path(model: &str, card: &str, count: u32) -> Path {
    let rig = RigRequest { count: Some(f64::from(count)), ..RigRequest::new(card) };
    let (model, money) = (ModelChoice::Id(model.to_owned()), MoneyRequest::default());
    from_scratch(&CATALOG, &FromScratch { model, rig, tokens: None, money }).unwrap()
}

fn lacks_copy(plan: &Plan) -> bool {
    plan.setup.job.kind == JobKind::Pretrain && plan.setup.recipe.precision == Precision::Bf16Pure
}

/// Three RTX 4090 trained 7B for years where two of them took one with the optimizer in main memory; and in BF16 alone, where two kept an FP32 copy.
#[test]
fn another_card_makes_training_neither_several_times_slower_nor_worse() {
    for (model, kind, card) in [
        ("llama-2-7b", JobKind::Pretrain, "rtx-4090"),
        ("llama-3.2-3b", JobKind::Pretrain, "rtx-4090"),
        ("gpt2-xl", JobKind::Pretrain, "rtx-2080-ti"),
    ] {
        let (mut soonest, mut kept) = (f64::INFINITY, false);
        for count in 1..=6 {
            let path = path(model, card, count);
            let Some(here) = path.stages.iter().find(|stage| stage.kind == kind).and_then(|stage| stage.here.as_ref()) else {
                continue;
            };
            let (time, rig) = (here.time.get(), format!("{model} on {count} x {card}"));
            assert!(time < 2.1 * soonest, "{rig}: {} days, {} on fewer", here.days, soonest / 86_400.0);
            assert!(!(kept && lacks_copy(&here.plan)), "{rig}: BF16 alone, where fewer keep a copy");
            (soonest, kept) = (soonest.min(time), kept || !lacks_copy(&here.plan));
        }
    }
}

/// Of gpt-oss-20b on RTX 5090 the first was a training of 665 days in BF16 alone on eight cards, with one of 83 days on four behind it.
#[test]
fn no_training_from_nothing_that_stalls_and_takes_longer_stands_before_one_with_a_copy() {
    for (model, objective) in [
        ("gpt-oss-20b", Objective::Fastest),
        ("gpt-oss-20b", Objective::CheapestToBuy),
        ("llama-2-7b", Objective::Fastest),
        ("llama-3.2-3b", Objective::BestValue),
    ] {
        let mut asked = goal(model, "pretrain");
        asked.objective = objective;
        asked.rig.card = Some(CardChoices::One(CardChoice::Id("rtx-5090".to_owned())));
        let ranked = advise(&CATALOG, &asked).unwrap().ranked;
        for (place, plan) in ranked.iter().enumerate().filter(|(_, plan)| lacks_copy(plan)) {
            let (time, count) = (plan.figures.time.total, plan.setup.rig.count);
            let behind = ranked.iter().skip(place).filter(|other| {
                !lacks_copy(other) && other.figures.memory.verdict == Verdict::Fits && other.figures.time.total < time
            });
            let behind: Vec<u32> = behind.map(|other| other.setup.rig.count).collect();
            assert!(behind.is_empty(), "{model}: {count} cards in BF16 alone before {behind:?} with a copy and sooner");
        }
    }
}

/// Three RTX 4090 tune Qwen2.5 7B in hours, if it fits at all; two with the optimizer in main memory in a third of that.
#[test]
fn whoever_asks_for_the_fastest_hears_of_what_is_several_times_as_fast_in_main_memory() {
    let mut told = 0;
    for (model, kind, card, counts) in [
        ("qwen2.5-7b", "full-finetune", "rtx-4090", vec![2.0, 3.0]),
        ("qwen2.5-7b", "full-finetune", "rtx-3090", vec![2.0, 3.0]),
        ("gpt-oss-20b", "pretrain", "rtx-5090", vec![1.0, 2.0, 4.0, 8.0]),
    ] {
        let mut asked = goal(model, kind);
        asked.objective = Objective::Fastest;
        asked.rig.card = Some(CardChoices::One(CardChoice::Id(card.to_owned())));
        asked.rig.count = Some(Counts::Any(counts));
        let ranked = advise(&CATALOG, &asked).unwrap().ranked;
        let first = &ranked[0];
        let soonest = ranked.iter().map(|plan| plan.figures.time.total.get()).fold(f64::INFINITY, f64::min);
        let says = first.reasons.iter().any(|reason| reason.code == ReasonCode::AheadBut);
        assert!(says || first.figures.time.total.get() < 2.2 * soonest, "{model} on {card}");
        told += u32::from(says);
    }
    assert!(told > 0, "no case has anything to tell");
}
