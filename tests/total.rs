//! Whatever is asked, the library answers: with finite numbers, or with a refusal that names the field.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use whichcard::catalog::Catalog;
use whichcard::error::{Limit, Unit};
use whichcard::estimate::estimate;
use whichcard::request::{JobKind, Keyword, Optimizer, Request, limits};

static TEXT: &str = include_str!("../catalog.json");
static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(TEXT).expect("the catalogue"));
static ENTRIES: LazyLock<Vec<Map<String, Value>>> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(TEXT).expect("JSON");
    file["models"].as_array().expect("models").iter().map(|model| model.as_object().expect("an entry").clone()).collect()
});

/// What nobody should give where a number is asked for.
fn junk() -> impl Strategy<Value = Value> {
    let numbers = select(vec![-1.0, -0.0, 0.5, 1e300, f64::MAX, f64::MIN_POSITIVE]).prop_map(Value::from);
    prop_oneof![numbers, Just(json!(u64::MAX)), select(vec![Value::Null, json!("8"), json!([]), json!(true)])]
}

/// Mostly what is allowed: both ends, and all orders of magnitude between.
fn within(limit: Limit) -> impl Strategy<Value = Value> {
    let (low, high) = (limit.least.max(1e-3).ln(), limit.most.ln());
    let between = (0.0..1.0_f64).prop_map(move |at| (low + (high - low) * at).exp().clamp(limit.least, limit.most));
    let allowed = prop_oneof![6 => between, 1 => Just(limit.least), 1 => Just(limit.most)];
    let written = allowed.prop_map(move |value| if limit.whole { json!(value.round() as u64) } else { json!(value) });
    prop_oneof![60 => written, 1 => junk()]
}

/// Some of the fields, each with some value.
fn some(fields: &[(&'static str, Limit)]) -> impl Strategy<Value = Map<String, Value>> + use<> {
    let each: Vec<_> =
        fields.iter().map(|(name, limit)| (Just((*name).to_owned()), prop::option::weighted(0.3, within(*limit)))).collect();
    each.prop_map(|pairs| pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

/// A model of the catalogue by name, or its shape with some of its numbers changed, or a size.
fn model() -> impl Strategy<Value = Value> {
    let known = (0..ENTRIES.len()).prop_map(|at| ENTRIES[at]["id"].clone());
    let factor = select(vec![0.0, 0.1, 0.5, 2.0, 3.0, 100.0, 1e6]);
    let change = prop_oneof![20 => factor.prop_map(Ok), 1 => junk().prop_map(Err)];
    let changed = ((0..ENTRIES.len()), prop::collection::vec((0..40_usize, change), 0..4)).prop_map(|(at, changes)| {
        let mut facts = ENTRIES[at].clone();
        let numbers: Vec<String> = facts.iter().filter(|(_, value)| value.is_number()).map(|(key, _)| key.clone()).collect();
        for (which, change) in changes {
            let name = &numbers[which % numbers.len()];
            let changed = change.map(|factor: f64| {
                let now = &facts[name];
                now.as_u64()
                    .map_or_else(|| json!(now.as_f64().unwrap_or(1.0) * factor), |whole| json!((whole as f64 * factor) as u64))
            });
            facts.insert(name.clone(), changed.unwrap_or_else(|junk| junk));
        }
        json!({ "architecture": facts })
    });
    let sized = within(Limit::real(1e-3, 10_000.0, Unit::One)).prop_map(|billions| json!({ "parametersB": billions }));
    prop_oneof![2 => known, 3 => changed, 1 => sized]
}

fn card() -> impl Strategy<Value = Value> {
    let known = select(CATALOG.cards().iter().map(|card| json!(card.id)).collect::<Vec<_>>());
    let beside = some(&[("fp32Tflops", limits::FP32_PEAK), ("tdpWatts", limits::BOARD_POWER)]);
    let needed = (within(limits::VRAM), within(limits::BANDWIDTH), within(limits::TENSOR_PEAK));
    let custom = (needed, beside).prop_map(|((vram, bandwidth, peak), mut card)| {
        card.extend([("vramGib".to_owned(), vram), ("bandwidthGbs".to_owned(), bandwidth), ("tensorTflops".to_owned(), peak)]);
        Value::Object(card)
    });
    prop_oneof![2 => known, 1 => custom]
}

fn recipe() -> impl Strategy<Value = Map<String, Value>> {
    let words = (
        select(vec!["fp32", "tf32", "fp16-autocast", "bf16-autocast", "bf16-pure", "bf16-master", "fp8", "fp16-pure"]),
        select(Optimizer::ALL.to_vec()),
        select(vec!["none", "none", "optimizer", "optimizer-and-weights", "layers:3", "layers:999999999"]),
        select(vec!["ddp", "zero1", "zero2", "zero3"]),
    );
    let passes = some(&[("microBatch", limits::BATCH), ("gradientAccumulation", limits::BATCH)]);
    (words, passes, some(&[("rank", limits::RANK), ("dropout", limits::DROPOUT)])).prop_map(
        |((precision, optimizer, offload, sharding), mut recipe, lora)| {
            for (key, value) in [("precision", precision), ("optimizer", optimizer.name()), ("offload", offload)] {
                recipe.insert(key.to_owned(), value.into());
            }
            recipe.extend([("parallel".to_owned(), json!({ "sharding": sharding })), ("lora".to_owned(), Value::Object(lora))]);
            recipe
        },
    )
}

fn request() -> impl Strategy<Value = Value> {
    let kind = select(JobKind::ALL.to_vec());
    let job = some(&[
        ("sequenceLength", limits::LENGTH),
        ("targetLength", limits::LENGTH),
        ("tokens", limits::TOKENS),
        ("globalBatch", limits::GLOBAL_BATCH),
        ("prompt", limits::LENGTH),
        ("output", limits::OUTPUT),
        ("concurrency", limits::CONCURRENCY),
    ]);
    let rig = some(&[("count", limits::CARDS), ("reservedBytes", limits::RESERVED), ("powerLimitWatts", limits::POWER_LIMIT)]);
    let money = some(&[
        ("cardPrice", limits::PRICE),
        ("rentPerHour", limits::RENT),
        ("tariffPerKwh", limits::TARIFF),
        ("pue", limits::PUE),
        ("entryLoss", limits::LOSS),
        ("yearlyLoss", limits::LOSS),
    ]);
    (model(), (kind, job), (card(), rig), prop::option::of(recipe()), money).prop_map(
        |(model, (kind, mut job), (card, mut rig), recipe, money)| {
            job.insert("kind".to_owned(), kind.name().into());
            rig.insert("card".to_owned(), card);
            json!({ "model": model, "job": job, "rig": rig, "recipe": recipe.unwrap_or_default(), "money": money })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_request_is_answered_in_finite_numbers_or_refused_by_field(request in request()) {
        let answer = Request::from_json(&request.to_string()).and_then(|request| estimate(&CATALOG, &request));
        match answer {
            Ok(answer) => {
                let shown = format!("{answer:?}");
                let broken = shown.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| matches!(*word, "NaN" | "inf"));
                prop_assert_eq!(broken, None, "in {}", shown);
            }
            Err(error) => prop_assert!(!error.field.is_empty() && !error.to_string().is_empty(), "{:?}", error),
        }
    }

    #[test]
    fn text_that_is_no_request_is_refused(text in "[{}\\[\\]\":,a-z0-9.eE+ -]{0,200}") {
        prop_assert!(Request::from_json(&text).is_err());
    }

    #[test]
    fn a_request_with_anything_in_the_place_of_a_part_is_refused_or_read(
        request in request(), part in select(vec!["model", "job", "rig", "recipe", "money"]), put in junk(),
    ) {
        let mut request = request;
        request[part] = put;
        if let Err(error) = Request::from_json(&request.to_string()) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
