//! What the planner makes of it.

use super::*;

/// What people with 8 to 24 GB run.
#[test]
fn mixtures_of_experts_run_on_one_card_with_main_memory() {
    for (model, card, least) in [
        ("gpt-oss-120b", "rtx-3090", 18.0),
        ("gpt-oss-120b", "rtx-4060-ti-16gb", 15.0),
        ("qwen3-30b-a3b", "rtx-4060", 25.0),
        ("glm-4.5-air", "rtx-4090", 8.0),
    ] {
        let plan = planned(model, card);
        assert!(matches!(plan.setup.recipe.offload, Offload::Experts(_)), "{model} on {card}: {:?}", plan.setup.recipe.offload);
        assert_eq!((plan.comfort, plan.figures.memory.verdict), (Comfort::Offloaded, Verdict::Fits), "{model} on {card}");
        let speed = plan.figures.time.main.tokens_per_second;
        assert!(speed > least, "{model} on {card}: {speed}");
    }
}

/// What a card can do says the same as the plan for it: on the card, with main memory, or not at all.
#[test]
fn what_a_card_can_do_knows_main_memory() {
    let able = |card: &str| abilities(&CATALOG, &one(card));
    for (card, model, offloaded) in [
        ("rtx-4060", "sdxl-base", true),
        ("rtx-4060-ti-16gb", "sdxl-base", false),
        // Slower than people wait, but it runs.
        ("rtx-4060", "flux.1-dev", true),
        ("rtx-3090", "gpt-oss-120b", true),
        ("h200-sxm", "gpt-oss-120b", false),
    ] {
        let all = able(card);
        let running = all.iter().find(|ability| ability.kind == JobKind::Inference).unwrap();
        let one = running.models.iter().find(|one| one.model.id == model).unwrap();
        let run = one.run.as_deref().expect("it runs");
        assert_eq!(run.comfort == Comfort::Offloaded, offloaded, "{model} on {card}");
        assert_eq!(one.verdict == Verdict::DoesNotFit, offloaded, "{model} on {card}");
        assert_eq!(run.setup.recipe.offload, planned(model, card).setup.recipe.offload, "{model} on {card}");
        assert!(!offloaded || one.memory.unwrap().host > Bytes::gib(1.0), "{model} on {card}");
    }
}

/// The largest model stays on the card; beside it stands the largest with main memory, of what such a machine takes and people wait for.
#[test]
fn the_largest_model_of_a_card_is_on_the_card() {
    for card in ["rtx-4060", "rtx-3090", "rtx-4090-laptop", "h100-sxm"] {
        for ability in abilities(&CATALOG, &one(card)) {
            let at = |place: Option<usize>| place.and_then(|place| ability.models.get(place));
            let largest = at(ability.largest);
            assert!(largest.is_none_or(|one| one.verdict != Verdict::DoesNotFit), "{card} {:?}", ability.kind);
            let Some(beside) = at(ability.largest_with_main_memory) else { continue };
            assert!(beside.surely_with_main_memory(), "{card} {:?}", ability.kind);
            assert!(largest.is_none_or(|one| one.model.parameters < beside.model.parameters), "{card} {:?}", ability.kind);
        }
    }
    let of = |card: &str| {
        let all = abilities(&CATALOG, &one(card));
        let running = all.into_iter().find(|ability| ability.kind == JobKind::Inference).unwrap();
        running.largest_with_main_memory.map(|place| running.models[place].clone()).unwrap()
    };
    let (desktop, server) = (of("rtx-3090"), of("l40s"));
    assert!(desktop.memory.unwrap().host <= Bytes::gib(184.0), "a desktop takes 192 GB");
    assert!(desktop.model.parameters > 100_000_000_000, "{}", desktop.model.id);
    assert!(server.model.parameters > desktop.model.parameters, "{}", server.model.id);
}

/// One or two layers more than the fewest that may fit are no other thing to do, so the change offered surely fits.
#[test]
fn the_fewest_experts_that_are_enough_are_a_change() {
    let setup = resolve(&CATALOG, &request("gpt-oss-120b", json!({"card": "rtx-3090"}), "mxfp4", "none", 4096)).unwrap();
    let changes = smallest_changes(&CATALOG, &setup);
    let own = changes.iter().filter(|change| change.sacrifice == Sacrifice::HostMemory);
    let own: Vec<_> = own.map(|change| (change.what.code, change.setup.recipe.offload, change.memory.verdict)).collect();
    let [
        (ReasonCode::ChangeOffloadExperts, Offload::Experts(experts), Verdict::Fits),
        (ReasonCode::ChangeOffloadLayers, Offload::Layers(layers), Verdict::Fits),
    ] = own[..]
    else {
        panic!("{own:?}");
    };
    // Nearly all of the model is experts: as many layers have to go, and it is faster.
    assert!(experts.abs_diff(layers) <= 2 && experts > 20, "{own:?}");
    let fewer = resolve(
        &CATALOG,
        &request("gpt-oss-120b", json!({"card": "rtx-3090"}), "mxfp4", &format!("experts:{}", experts - 1), 4096),
    );
    assert_ne!(estimator_memory(&fewer.unwrap()).verdict, Verdict::Fits, "the fewest");
}

/// FLUX on 8 GB takes both: weights of four bits, and networks that take turns.
#[test]
fn four_bits_and_turns_come_together() {
    for model in ["flux.1-dev", "flux.1-schnell"] {
        let text = json!({"model": model, "job": {"kind": "inference"}, "rig": {"card": "rtx-4060"}});
        let setup = resolve(&CATALOG, &Request::from_value(text).unwrap()).unwrap();
        let changes = smallest_changes(&CATALOG, &setup);
        let both = changes.iter().find(|change| change.what.code == ReasonCode::ChangeTogetherOffload).expect(model);
        let recipe = &both.setup.recipe;
        assert_eq!((recipe.weights, recipe.offload), (WeightFormat::Nf4, Offload::Companions), "{model}");
        assert_eq!(both.steps.len(), 2, "{model}");
        // Fetching the weights layer by layer is one step, and slower.
        let alone = changes.iter().find(|change| change.what.code == ReasonCode::ChangeOffloadWeights).expect(model);
        assert!(both.time.total < alone.time.total, "{model}");
    }
}

/// What does not run has no speed that a change could be compared with.
#[test]
fn changes_compare_themselves_with_what_runs() {
    for (card, runs) in [("rtx-4060", false), ("rtx-3060-12gb", true)] {
        let text = json!({"model": "llama-3-8b", "job": {"kind": "inference", "prompt": 2048}, "recipe": {"weights": "q8_0"}, "rig": {"card": card}});
        let mut setup = resolve(&CATALOG, &Request::from_value(text).unwrap()).unwrap();
        if runs {
            // So much is left that the typical estimate fits, and the high one does not.
            let memory = estimator_memory(&setup);
            setup.rig.reserved = memory.capacity - (memory.total + memory.high) * 0.5;
            assert_eq!(estimator_memory(&setup).verdict, Verdict::Tight);
        }
        let changes = smallest_changes(&CATALOG, &setup);
        assert!(!changes.is_empty(), "{card}");
        for change in changes {
            assert_eq!(change.speed_factor.is_some(), runs, "{card}: {:?}", change.what.code);
            assert!(change.time.main.tokens_per_second > 0.0, "{card}: {:?}", change.what.code);
        }
    }
}

/// What outgrows a desktop board goes into a server with eight channels, whose memory is read about four times as fast; whoever says how much
/// there is, or how fast, is believed.
#[test]
fn a_server_board_is_as_fast_as_such_boards_are() {
    let with = |gb: Option<f64>, gbs: Option<f64>| {
        let mut goal = Goal::new("deepseek-v3", JobKind::Inference);
        goal.rig.card = Some(CardChoices::One(CardChoice::Id("rtx-4090".to_owned())));
        goal.rig.count = Some(Counts::One(1.0));
        (goal.rig.machine.host_memory, goal.rig.machine.host_memory_gbs) = (gb, gbs);
        plan(&CATALOG, &goal).unwrap()
    };
    let planned = |gb, gbs| match with(gb, gbs) {
        Outcome::Planned(plan) => *plan,
        Outcome::Rejected(rejected) => panic!("{gb:?} {gbs:?}: {:?}", rejected.reason),
    };
    let says = |plan: &Plan| plan.reasons.iter().any(|reason| reason.code == ReasonCode::NeedsBoard);
    let speed = |plan: &Plan| plan.figures.time.main.tokens_per_second;
    let open = planned(None, None);
    assert!(says(&open) && open.setup.rig.main_memory.is_some_and(|size| size >= open.host_memory() + Bytes::gib(8.0)));
    assert!((8.0..15.0).contains(&speed(&open)), "people report 8 to 14 of such machines: {}", speed(&open));
    // The request of a plan gives its figures.
    let request = open.request();
    assert_eq!(estimate(&CATALOG, &request).unwrap().time.main.tokens_per_second, speed(&open));
    let there = planned(Some(512.0), None);
    assert!(!says(&there) && speed(&there) == speed(&open), "it is there already");
    let slow = planned(None, Some(100.0));
    assert!(speed(&slow) < 0.7 * speed(&open), "{}", speed(&slow));
    let Outcome::Rejected(short) = with(Some(128.0), None) else { panic!("it has no room") };
    assert_eq!(short.reason.code, ReasonCode::TooLittleMainMemory, "{:?}", short.reason);
}

/// What is short of main memory is said so, in a plan, in an estimate and among the changes.
#[test]
fn main_memory_that_is_there_is_a_limit() {
    let with = |gb: f64| {
        let mut request = request("gpt-oss-120b", json!({"card": "rtx-3090"}), "mxfp4", "none", 4096);
        request.rig.machine.host_memory = Some(gb);
        request
    };
    let moves = |gb| {
        let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &with(gb)).unwrap());
        changes.iter().any(|change| change.setup.rig.count == 1 && change.sacrifice == Sacrifice::HostMemory)
    };
    assert!(moves(64.0) && !moves(32.0));
    let mut asked = with(32.0);
    asked.recipe.offload = Some(Offload::Experts(30));
    let warned =
        |request: &Request| estimate(&CATALOG, request).unwrap().warnings.iter().any(|one| one.code == WarningCode::MainMemory);
    assert!(warned(&asked));
    asked.rig.machine.host_memory = Some(96.0);
    assert!(!warned(&asked));
    let error = resolve(&CATALOG, &with(0.0)).unwrap_err();
    assert_eq!((error.code, error.field.as_str()), (ErrorCode::OutOfRange, "rig.hostMemory"));
}
