//! Models of which main memory holds a part, held against what people measured: experts, and networks that take turns.

mod layers;
mod planned;

use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use whichcard::catalog::Catalog;
use whichcard::error::ErrorCode;
use whichcard::estimate::{Estimate, Verdict, WarningCode, estimate, memory as estimator_memory};
use whichcard::plan::{
    CardChoices, Comfort, Counts, Goal, Outcome, Plan, ReasonCode, Sacrifice, abilities, plan, smallest_changes,
};
use whichcard::request::{CardChoice, JobKind, Offload, ParallelRequest, Request, Rig, Sharding, WeightFormat, resolve};
use whichcard::text::{Lang, allowed};
use whichcard::units::Bytes;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../../catalog.json")).unwrap());

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

/// What was published of llama.cpp with `--n-cpu-moe`; `docs/time.md` has the sources. Machines differ in their main memory, which
/// no request says, so a third either way is near.
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
    assert_eq!(planned.request().rig.machine.host_memory_gbs, Some(80.0));
    assert_eq!(planned.figures.time.main.tokens_per_second, speed(Some(80.0)));
}

/// An RTX 3090 read 5,500 tokens at 246 a second with the experts of 27 layers in main memory: they cross the bus for each 512
/// tokens.
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

/// bitsandbytes' weights train in main memory under FSDP alone, so on two cards and more; then no card holds all of them at any
/// moment.
#[test]
fn quantised_weights_wait_in_main_memory_only_beside_several_cards() {
    let request = |cards: u32| {
        let text = json!({"model": "mixtral-8x7b", "job": {"kind": "qlora"},
            "recipe": {"weights": "nf4-double", "offload": "optimizer-and-weights", "parallel": {"sharding": "zero3"}},
            "rig": {"card": "rtx-4090", "count": cards}});
        Request::from_value(text).unwrap()
    };
    let error = resolve(&CATALOG, &request(1)).unwrap_err();
    assert_eq!((error.code, error.field.as_str()), (ErrorCode::Conflict, "recipe.offload"));
    let two = estimate(&CATALOG, &request(2)).unwrap().memory;
    assert!(two.total < Bytes::gib(12.0) && two.host > Bytes::gib(20.0), "{two:?}");
    // FSDP shards them: so the planner has it, and a request that says nothing else.
    let mut open = request(2);
    open.recipe.parallel = None;
    assert_eq!(estimate(&CATALOG, &open).unwrap().memory, two);
    open.recipe.parallel = Some(ParallelRequest { sharding: Some(Sharding::Ddp), ..ParallelRequest::default() });
    assert_eq!(resolve(&CATALOG, &open).unwrap_err().field, "recipe.offload");
    let mut seventy = Goal::new("llama-2-70b", JobKind::Qlora);
    seventy.rig.card = Some(CardChoices::One(CardChoice::Id("rtx-3090".to_owned())));
    seventy.rig.count = Some(Counts::One(2.0));
    let Outcome::Planned(sharded) = plan(&CATALOG, &seventy).unwrap() else { panic!("two cards of 24 GB tune 70 billion") };
    let recipe = &sharded.setup.recipe;
    assert!(recipe.offload == Offload::None || recipe.parallel.sharding == Sharding::Zero3, "{recipe:?}");
    for outcome in [Counts::One(1.0), Counts::One(2.0)].map(|count| {
        let mut goal = Goal::new("mixtral-8x7b", JobKind::Qlora);
        goal.rig.card = Some(CardChoices::One(CardChoice::Id("rtx-4060".to_owned())));
        goal.rig.count = Some(count);
        plan(&CATALOG, &goal).unwrap()
    }) {
        if let Outcome::Planned(plan) = outcome {
            assert!(
                plan.setup.rig.count > 1 || plan.setup.recipe.offload != Offload::OptimizerAndWeights,
                "{:?}",
                plan.setup.recipe
            );
        }
    }
}

/// Published of FSDP-QLoRA with 70 billion weights in main memory, all of which one process reads in 16 bits: 107 GB (PEFT's
/// guide), 127 GB with four cards (philschmid.de), just over 128 GB (Answer.AI).
#[test]
fn loading_quantised_weights_takes_the_main_memory_of_16_bits() {
    let host = |cards: u32, kind: &str, recipe: Value, card: &str| {
        let text = json!({"model": "llama-2-70b", "job": {"kind": kind, "sequenceLength": 2048}, "recipe": recipe,
            "rig": {"card": card, "count": cards}});
        estimate(&CATALOG, &Request::from_value(text).unwrap()).unwrap().memory.host
    };
    let waiting = json!({"weights": "nf4-double", "offload": "optimizer-and-weights", "parallel": {"sharding": "zero3"}});
    for (cards, gb) in [(2, 107.0), (4, 127.0), (2, 128.0 * 1.074)] {
        let found = host(cards, "qlora", waiting.clone(), "rtx-3090").get() / 1e9;
        assert!((1.0 / 1.05..1.3).contains(&(found / gb)), "{found} against {gb}");
    }
    // Shared on the cards they are read in the same way; of two machines each reads them.
    let shared = json!({"weights": "nf4-double", "parallel": {"sharding": "zero3"}});
    assert_eq!(host(4, "qlora", shared.clone(), "rtx-3090"), host(2, "qlora", waiting, "rtx-3090"));
    assert_eq!(host(16, "qlora", shared.clone(), "rtx-3090").get(), 2.0 * host(8, "qlora", shared, "rtx-3090").get());
    // Replicas read them straight to their cards.
    assert_eq!(host(2, "qlora", json!({"parallel": {"sharding": "ddp"}}), "a100-sxm-80gb"), Bytes::ZERO);
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

/// "Exploring simple optimizations for SDXL" (Hugging Face): four images in 25 steps on an A100 take 11.4 s, with model offload
/// 16.1 s, with sequential offload 67.0 s.
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
    assert!(changes.iter().any(|change| change.what.code == ReasonCode::ChangeOffloadCompanions), "{:?}", changes.first());
}

/// Published for Llama-2-7B over 4 bits with Unsloth under LLaMA-Factory: 16,384 tokens took 4.3 GB less than their block inputs
/// ask for.
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
