//! Models of which main memory holds a part, held against what people measured: experts, and networks that take turns.

use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use whichcard::catalog::Catalog;
use whichcard::error::ErrorCode;
use whichcard::estimate::{Estimate, Verdict, estimate, memory as estimator_memory};
use whichcard::plan::{CardChoices, Comfort, Goal, Outcome, Plan, Sacrifice, abilities, plan, smallest_changes};
use whichcard::request::{CardChoice, JobKind, Offload, Request, Rig, WeightFormat, resolve};
use whichcard::text::{Lang, allowed};
use whichcard::units::Bytes;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).unwrap());

/// One card of the catalogue.
fn one(card: &str) -> Rig {
    Rig::new(Arc::clone(CATALOG.card(card).unwrap()), 1)
}

fn request(model: &str, rig: Value, weights: &str, offload: &str, prompt: u64) -> Request {
    let job = json!({"kind": "inference", "prompt": prompt, "output": 256});
    let recipe = json!({"weights": weights, "stack": "llama.cpp", "offload": offload});
    Request::from_value(json!({"model": model, "job": job, "recipe": recipe, "rig": rig})).unwrap()
}

fn of(model: &str, rig: Value, weights: &str, offload: &str, prompt: u64) -> Estimate {
    estimate(&CATALOG, &request(model, rig, weights, offload, prompt)).unwrap()
}

fn planned(model: &str, card: &str) -> Plan {
    let mut goal = Goal::new(model, JobKind::Inference);
    goal.rig.card = Some(CardChoices::One(CardChoice::Id(card.to_owned())));
    goal.rig.count = Some(whichcard::plan::Counts::One(1.0));
    match plan(&CATALOG, &goal).unwrap() {
        Outcome::Planned(plan) => *plan,
        Outcome::Rejected(rejected) => panic!("{model} on {card}: {:?}", rejected.reason),
    }
}

/// What was published of llama.cpp with `--n-cpu-moe`; `docs/time.md` has the sources. Machines differ in their main memory, which no
/// request says, so a third either way is near.
#[test]
fn experts_in_main_memory_are_as_fast_as_published() {
    let one = |card: &str| json!({"card": card});
    let table = [
        // 14900K: 25.6 (the card is not named; 8 GB of it were used).
        ("gpt-oss-120b", one("rtx-3090"), "mxfp4", 36, 25.6),
        ("gpt-oss-120b", json!({"card": "rtx-5090", "count": 2}), "mxfp4", 3, 108.0),
        // i9-10900X, four channels of DDR4.
        ("qwen3-30b-a3b-2507", one("rtx-2080"), "q4_k_m", 36, 36.7),
        ("deepseek-v2-lite", one("rtx-2080"), "q4_k_m", 16, 49.6),
        ("gpt-oss-20b", one("rtx-3060-12gb"), "mxfp4", 2, 64.0),
    ];
    for (model, rig, weights, layers, published) in table {
        let found = of(model, rig, weights, &format!("experts:{layers}"), 512).time.main.tokens_per_second;
        assert!((found / published).ln().abs() < 0.3, "{model}: {found} against {published}");
    }
}

/// What waits for main memory is as fast as that is said to be, in an estimate and in a plan.
#[test]
fn main_memory_is_as_fast_as_it_is_said_to_be() {
    let with = |gbs: Option<f64>| {
        let mut request = request("gpt-oss-120b", json!({"card": "rtx-3090"}), "mxfp4", "experts:27", 512);
        request.rig.machine.host_memory_gbs = gbs;
        request
    };
    let speed = |gbs| estimate(&CATALOG, &with(gbs)).unwrap().time.main.tokens_per_second;
    assert!(speed(Some(45.0)) == speed(None), "two channels of DDR4");
    assert!(speed(Some(80.0)) > 1.3 * speed(None) && speed(Some(80.0)) < 80.0 / 45.0 * speed(None));
    let error = resolve(&CATALOG, &with(Some(0.0))).unwrap_err();
    assert_eq!((error.code, error.field.as_str()), (ErrorCode::OutOfRange, "rig.hostMemoryGbs"));
    let goal = Goal::of_request(&with(Some(80.0)));
    let Outcome::Planned(planned) = plan(&CATALOG, &goal).unwrap() else { panic!("it runs") };
    assert_eq!(planned.request(&goal).rig.machine.host_memory_gbs, Some(80.0));
    assert_eq!(planned.figures.time.main.tokens_per_second, speed(Some(80.0)));
}

/// An RTX 3090 read 5,500 tokens at 246 a second with the experts of 27 layers in main memory: they cross the bus for each 512 tokens.
#[test]
fn a_prompt_waits_for_the_bus() {
    let speed = |prompt| {
        let found = of("gpt-oss-120b", json!({"card": "rtx-3090"}), "mxfp4", "experts:27", prompt);
        found.time.prefill.unwrap().tokens_per_second
    };
    assert!((speed(5500) / 246.0 - 1.0).abs() < 0.2, "{}", speed(5500));
    // Of a few tokens more is sent than is used.
    assert!(speed(64) < 0.3 * speed(5500), "{} {}", speed(64), speed(5500));
}

#[test]
fn experts_leave_the_card_and_nothing_else_does() {
    let with = |offload: &str| of("qwen3-30b-a3b", json!({"card": "rtx-4060-ti-16gb"}), "q4_k_m", offload, 4096).memory;
    let (all, some, none) = (with("none"), with("experts:24"), with("experts:48"));
    assert_eq!(all.kv_cache, none.kv_cache);
    assert!(none.weights < some.weights && some.weights < all.weights);
    let moved = (all.weights - some.weights).get();
    assert!((moved / (some.host - all.host).get() - 1.0).abs() < 1e-6);
    assert!(((all.weights - none.weights).get() / moved - 2.0).abs() < 1e-6);
    assert_eq!(with("layers:48").kv_cache.get(), 0.0, "whole layers take their cache along");
}

#[test]
fn experts_are_kept_apart_only_where_there_are_any() {
    for (model, kind) in [("llama-3-8b", "inference"), ("qwen3-30b-a3b", "lora"), ("sdxl-base", "inference")] {
        let text = json!({"model": model, "job": {"kind": kind}, "recipe": {"offload": "experts:4"}, "rig": {"card": "rtx-4090"}});
        let error = resolve(&CATALOG, &Request::from_value(text).unwrap()).unwrap_err();
        assert_eq!((error.code, error.field.as_str()), (ErrorCode::Conflict, "recipe.offload"), "{model} {kind}");
    }
    for (model, kind) in [("llama-3-8b", "inference"), ("resnet-50", "inference"), ("sdxl-base", "lora")] {
        let text = json!({"model": model, "job": {"kind": kind}, "recipe": {"offload": "companions"}, "rig": {"card": "rtx-4090"}});
        let error = resolve(&CATALOG, &Request::from_value(text).unwrap()).unwrap_err();
        assert_eq!((error.code, error.field.as_str()), (ErrorCode::Conflict, "recipe.offload"), "{model} {kind}");
    }
}

/// More layers than there are cannot be moved; what is told is how many there are.
#[test]
fn no_more_layers_leave_a_card_than_there_are() {
    let of = |model: &str, offload: &str| {
        let text =
            json!({"model": model, "job": {"kind": "inference"}, "recipe": {"offload": offload}, "rig": {"card": "rtx-4090"}});
        resolve(&CATALOG, &Request::from_value(text).unwrap())
    };
    for (model, most, too_many) in [
        ("gpt-oss-120b", "experts:36", "experts:99"),
        ("gpt-oss-120b", "layers:36", "layers:37"),
        ("deepseek-v2-lite", "experts:26", "experts:27"),
        ("llama-3-8b", "layers:32", "layers:33"),
    ] {
        assert!(of(model, most).is_ok(), "{model} {most}");
        let error = of(model, too_many).unwrap_err();
        assert_eq!((error.code, error.field.as_str()), (ErrorCode::OutOfRange, "recipe.offload"), "{model} {too_many}");
        assert_eq!((error.given.as_str(), &error.suggestions), (too_many, &vec![most.to_owned()]), "{model}");
        let count = most.split(':').next_back().unwrap();
        assert!(allowed(Lang::En, &error.allowed).contains(count), "{:?}", error.allowed);
    }
    let none = of("gpt-oss-120b", "experts:0").unwrap_err();
    assert_eq!((none.code, &none.suggestions), (ErrorCode::OutOfRange, &vec!["experts:1".to_owned()]));
}

fn images(model: &str, card: &str, offload: &str, count: u64, steps: u64) -> Estimate {
    let job = json!({"kind": "inference", "concurrency": count, "output": steps});
    let text = json!({"model": model, "job": job, "recipe": {"offload": offload}, "rig": {"card": card}});
    estimate(&CATALOG, &Request::from_value(text).unwrap()).unwrap()
}

/// "Exploring simple optimizations for SDXL" (Hugging Face): four images in 25 steps on an A100 take 11.4 s, with model offload 16.1 s,
/// with sequential offload 67.0 s.
#[test]
fn networks_that_take_turns_take_as_long_as_published() {
    let time = |offload| images("sdxl-base", "a100-pcie-40gb", offload, 4, 25).time.total.get();
    let (turns, fetched) = (time("companions") - time("none"), time("optimizer-and-weights") - time("none"));
    assert!((turns / 4.67).ln().abs() < 0.2, "{turns}");
    assert!((fetched / 55.6).ln().abs() < 0.2, "{fetched}");
}

#[test]
fn image_models_run_on_8_gb_in_turns() {
    let plan = planned("sdxl-base", "rtx-4060");
    assert_eq!((plan.comfort, plan.setup.recipe.offload), (Comfort::Offloaded, Offload::Companions));
    assert_ne!(plan.figures.memory.verdict, Verdict::DoesNotFit);
    // A card that holds all networks keeps them.
    assert_eq!(planned("sdxl-base", "rtx-4060-ti-16gb").setup.recipe.offload, Offload::None);
    let needs = |offload| images("sdxl-base", "rtx-4060", offload, 1, 50).memory;
    let (all, turns, fetched) = (needs("none"), needs("companions"), needs("optimizer-and-weights"));
    assert!(turns.total < all.total && fetched.total < turns.total);
    assert!(turns.host >= all.weights && all.host.get() == 0.0);
    let text = json!({"model": "sdxl-base", "job": {"kind": "inference"}, "rig": {"card": "rtx-4060"}});
    let setup = resolve(&CATALOG, &Request::from_value(text).unwrap()).unwrap();
    let changes = smallest_changes(&CATALOG, &setup);
    assert!(changes.iter().any(|change| change.what.code == "change-offload-companions"), "{:?}", changes.first());
}

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
        ("change-offload-experts", Offload::Experts(experts), Verdict::Fits),
        ("change-offload-layers", Offload::Layers(layers), Verdict::Fits),
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
        let both = changes.iter().find(|change| change.what.code == "change-together-offload").expect(model);
        let recipe = &both.setup.recipe;
        assert_eq!((recipe.weights, recipe.offload), (WeightFormat::Nf4, Offload::Companions), "{model}");
        assert_eq!(both.steps.len(), 2, "{model}");
        // Fetching the weights layer by layer is one step, and slower.
        let alone = changes.iter().find(|change| change.what.code == "change-offload-weights").expect(model);
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
            assert_eq!(change.speed_factor.is_some(), runs, "{card}: {}", change.what.code);
            assert!(change.time.main.tokens_per_second > 0.0, "{card}: {}", change.what.code);
        }
    }
}

/// Published for Llama-2-7B over 4 bits with Unsloth under LLaMA-Factory: 16,384 tokens took 4.3 GB less than their block inputs ask for.
#[test]
fn inputs_of_blocks_wait_in_main_memory() {
    let of = |checkpointing: &str| {
        let job = json!({"kind": "qlora", "sequenceLength": 16_384});
        let recipe = json!({"stack": "unsloth", "checkpointing": checkpointing});
        let text = json!({"model": "llama-2-7b", "job": job, "recipe": recipe, "rig": {"card": "a100-pcie-40gb"}});
        estimate(&CATALOG, &Request::from_value(text).unwrap()).unwrap()
    };
    let (kept, moved) = (of("full"), of("host"));
    let inputs = 32.0 * 16_384.0 * 4096.0 * 2.0;
    let freed = kept.memory.allocated.get() - moved.memory.allocated.get();
    assert!((0.8..=1.0).contains(&(freed / inputs)), "{freed}");
    assert!((moved.memory.host.get() / inputs - 1.0).abs() < 1e-9, "{:?}", moved.memory.host);
    let slower = moved.time.total.get() / kept.time.total.get();
    assert!((1.001..1.1).contains(&slower), "{slower}");
}
