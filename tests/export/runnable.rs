//! Whatever the planner ranks, a program runs: both know what programs do while they load.

use super::plans::catalog;
use std::collections::BTreeSet;
use whichcard::export::{Format, formats};
use whichcard::plan::{Counts, Goal, ReasonCode, advise};
use whichcard::request::{JobKind, Setup};
use whichcard::text::Lang;

/// Whether a file starts the job itself: two only say how cards share it.
fn is_run(setup: &Setup) -> bool {
    formats(setup).iter().any(|format| format.program().is_some() && !matches!(format, Format::Deepspeed | Format::Accelerate))
}

#[test]
fn every_ranked_plan_has_a_file_that_runs_it() {
    let dense = ["gpt2", "llama-3-8b", "qwen3-32b", "llama-3.3-70b", "gemma-3-27b", "gpt3-175b"];
    let experts = ["qwen3-30b-a3b", "mixtral-8x7b", "deepseek-r1"];
    let quantised = ["gpt-oss-20b", "gpt-oss-120b"];
    let (mut compared, mut without) = (0, BTreeSet::new());
    for model in [&dense[..], &experts, &quantised].concat() {
        for kind in [JobKind::Lora, JobKind::Qlora, JobKind::FullFinetune] {
            let mut goal = Goal::new(model, kind);
            goal.rig.count = Some(Counts::Any(vec![1.0, 2.0, 4.0, 8.0]));
            for plan in advise(catalog(), &goal).unwrap().ranked {
                compared += 1;
                if !is_run(&plan.setup) {
                    without.insert(format!("{} {:?}", plan.setup.model.id, plan.setup.recipe));
                }
            }
        }
    }
    assert!(without.is_empty(), "{without:#?}");
    assert!(compared > 4_000, "only {compared} plans");
}

/// Axolotl and Unsloth quantise experts on every card: cards that hold only a part have no way to load them, and say so.
#[test]
fn experts_that_no_card_holds_while_they_load_are_refused_with_the_reason() {
    let mut goal = Goal::new("qwen3-30b-a3b", JobKind::Qlora);
    goal.rig.count = Some(Counts::Any(vec![2.0, 4.0]));
    let advice = advise(catalog(), &goal).unwrap();
    let ranked = |card: &str| advice.ranked.iter().any(|plan| plan.setup.rig.card.id == card);
    assert!(!ranked("rtx-4060-ti-16gb") && ranked("rtx-3090"));
    let refused: Vec<_> = advice.rejected.iter().filter(|one| one.reason.code == ReasonCode::NoRoomToShare).collect();
    assert!(refused.iter().any(|one| one.card.id == "rtx-4060-ti-16gb"));
    for &lang in Lang::ALL {
        assert!(refused.iter().all(|one| !one.reason.say(lang).contains("%{")), "{lang:?}");
    }
    let said = refused[0].reason.say(Lang::En);
    assert!(said.contains("before every card has held all of them"), "{said}");
}
