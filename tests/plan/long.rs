//! Long contexts: adapters whose layers' inputs wait in main memory, as Unsloth keeps them.

use super::*;

fn long(length: f64, card: &str) -> Goal {
    let mut goal = on(goal("llama-3.1-8b", "qlora"), card, 1);
    goal.job.sequence_length = Some(length);
    goal
}

/// The longest sequences that Unsloth's README promises of two models on cards of so many GB: QLoRA of rank 32 on every linear
/// layer, one sequence at a time. Its releases of 2024 were measured to take more (LLaMA-Factory's wiki: 100,000 tokens of Llama 2
/// 7B in 37 GB), so that the estimate stands above the promise, the more the longer.
const PROMISED: [(&str, f64, f64); 8] = [
    ("llama-3.1-8b", 8.0, 2_972.0),
    ("llama-3.1-8b", 12.0, 21_848.0),
    ("llama-3.1-8b", 16.0, 40_724.0),
    ("llama-3.1-8b", 24.0, 78_475.0),
    ("llama-3.1-8b", 48.0, 191_728.0),
    ("llama-3.1-8b", 80.0, 342_733.0),
    ("llama-3.3-70b", 48.0, 12_106.0),
    ("llama-3.3-70b", 80.0, 89_389.0),
];

#[test]
fn contexts_are_near_what_unsloth_promises() {
    for (model, gib, length) in PROMISED {
        let text = serde_json::json!({"model": model, "job": {"kind": "qlora", "sequenceLength": length},
            "recipe": {"stack": "unsloth", "checkpointing": "host", "lora": {"rank": 32}, "optimizer": "adamw-8bit"},
            "rig": {"card": "a100-sxm-80gb"}});
        let Ok(found) = Request::from_value(text).and_then(|request| estimate(&CATALOG, &request)) else {
            panic!("{model} {length}")
        };
        let share = found.memory.total.get() / Bytes::gib(gib).get();
        assert!((0.9..1.35).contains(&share), "{model}, {length} tokens: {share} of {gib} GiB");
    }
}

#[test]
fn what_main_memory_makes_room_for_is_planned() {
    let plan = planned(&long(40_960.0, "rtx-4090"));
    let (recipe, memory) = (&plan.setup.recipe, &plan.figures.memory);
    assert_eq!((plan.comfort, recipe.checkpointing), (Comfort::Fits, Checkpointing::Host));
    // 32 layers hand on 4,096 values of 16 bits.
    assert_eq!(memory.host.get(), 40_960.0 * 32.0 * 4_096.0 * 2.0);
    assert!(plan.reasons.iter().any(|reason| reason.code == ReasonCode::CheckpointingHost));
    // Nothing leaves a card that has the room, nor goes where there is none.
    assert_eq!(planned(&long(2_048.0, "rtx-4090")).figures.memory.host, Bytes::ZERO);
    let mut small = long(40_960.0, "rtx-4090");
    small.rig.machine.host_memory = Some(16.0);
    assert_eq!(refused(&small).0, ReasonCode::TooLittleMainMemory);
}

/// Whoever has planned it otherwise is told of the way that costs nothing before any hardware and any shorter text.
#[test]
fn keeping_inputs_in_main_memory_is_offered_before_shorter_texts() {
    let mut request = Request::new("llama-3.1-8b", JobKind::Qlora, "rtx-4090");
    request.job.sequence_length = Some(40_960.0);
    let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &request).unwrap());
    let first = changes.first().unwrap();
    assert_eq!((first.sacrifice, first.memory.verdict), (Sacrifice::Speed, Verdict::Fits));
    assert_eq!(first.setup.recipe.checkpointing, Checkpointing::Host);
    let codes: Vec<ReasonCode> = first.steps.iter().map(|step| step.code).collect();
    assert!(codes.contains(&ReasonCode::ChangeCheckpointingHost) && codes.contains(&ReasonCode::ChangeStack), "{codes:?}");
}

#[test]
fn a_card_tunes_as_long_texts_as_the_planner_finds_room_for() {
    let abilities = abilities(&CATALOG, &one("rtx-4090"));
    let tuning = abilities.iter().find(|ability| ability.kind == JobKind::Qlora).unwrap();
    let found = tuning.models.iter().find(|one| one.model.id == "llama-3.1-8b").and_then(|one| one.run.as_ref()).unwrap();
    let longest = found.max_context.unwrap();
    assert!((49_152..=98_304).contains(&longest), "{longest}");
    let plan = planned(&long(longest as f64, "rtx-4090"));
    assert_ne!(plan.comfort, Comfort::Offloaded);
}
