//! What serving costs, in the unit that people compare prices of it by.

use super::*;
use whichcard::estimate::{ServingUnit, estimate};
use whichcard::request::{CacheFormat, Stack};

fn served(model: &str, job: &str) -> Advice {
    let goal = format!(
        r#"{{"model": "{model}", "job": {job}, "objective": "cheapest-per-job", "rig": {{"count": 1}},
            "money": {{"currency": "USD", "country": "US"}}}}"#
    );
    advise(&CATALOG, &Goal::from_json(&goal).unwrap()).unwrap()
}

#[test]
fn each_kind_of_model_is_paid_by_what_its_services_sell() {
    let cases = [
        (
            "qwen3-8b",
            r#"{"kind": "inference", "prompt": 1024, "output": 512, "concurrency": 4}"#,
            ServingUnit::MillionOutputTokens,
            2048e-6,
        ),
        ("qwen3-8b", r#"{"kind": "inference", "prompt": 1024, "output": 0}"#, ServingUnit::MillionInputTokens, 1024e-6),
        ("bert-base", r#"{"kind": "inference", "prompt": 512, "concurrency": 2}"#, ServingUnit::MillionInputTokens, 1024e-6),
        ("flux.1-dev", r#"{"kind": "inference", "concurrency": 2}"#, ServingUnit::ThousandImages, 2e-3),
        ("resnet-50", r#"{"kind": "inference", "concurrency": 64}"#, ServingUnit::ThousandImages, 64e-3),
        ("wan2.1-t2v-1.3b", r#"{"kind": "inference"}"#, ServingUnit::ThousandClips, 1e-3),
        ("whisper-large-v3", r#"{"kind": "inference", "concurrency": 4}"#, ServingUnit::AudioHour, 4.0 * 30.0 / 3600.0),
    ];
    for (model, job, per, units) in cases {
        let advice = served(model, job);
        let plan = advice.ranked.first().expect(model);
        let (job_cost, unit_cost) = (plan.job_cost.expect("a price"), plan.unit_cost().expect("it serves"));
        assert_eq!(unit_cost.per, per, "{model}");
        let ratio = unit_cost.money.amount * units / job_cost.amount;
        assert!((ratio - 1.0).abs() < 1e-9, "{model}: {units} units cost {ratio} times the job");
        assert_eq!(unit_cost.money.currency, job_cost.currency);
    }
    let goal = Goal::from_json(r#"{"model": "llama-3-8b", "job": {"kind": "qlora"}, "rig": {"card": "rtx-3090"}}"#).unwrap();
    let Outcome::Planned(training) = plan(&CATALOG, &goal).unwrap() else { panic!("it fits") };
    assert!(training.unit_cost().is_none(), "a training is paid as a whole");
}

#[test]
fn what_a_unit_costs_orders_cards_as_what_the_job_costs() {
    for (model, job) in
        [("qwen3-8b", r#"{"kind": "inference", "concurrency": 8}"#), ("whisper-large-v3", r#"{"kind": "inference"}"#)]
    {
        let ranked = served(model, job).ranked;
        assert!(ranked.len() > 20, "{model}");
        let mut by_job: Vec<&Plan> = ranked.iter().filter(|plan| plan.job_cost.is_some()).collect();
        let mut by_unit = by_job.clone();
        by_job.sort_by(|a, b| a.job_cost.unwrap().amount.total_cmp(&b.job_cost.unwrap().amount));
        by_unit.sort_by(|a, b| a.unit_cost().unwrap().money.amount.total_cmp(&b.unit_cost().unwrap().money.amount));
        let names = |plans: &[&Plan]| plans.iter().map(|plan| plan.setup.rig.card.id.clone()).collect::<Vec<_>>();
        assert_eq!(names(&by_job), names(&by_unit), "{model}");
    }
}

#[test]
fn reasons_tell_cards_apart_by_what_a_million_tokens_cost() {
    let advice = served("qwen3-8b", r#"{"kind": "inference", "prompt": 1024, "output": 512}"#);
    let first = advice.ranked.first().unwrap().reasons.first().unwrap().say(Lang::En);
    assert!(first.contains("per million output tokens") && !first.contains('<'), "{first}");
    let dearer = advice.ranked.iter().filter(|plan| {
        let said = plan.reasons.first().is_some_and(|reason| reason.say(Lang::ZhCn).contains("每百万个输出 token"));
        said && plan.reasons.first().is_some_and(|reason| reason.code.name().starts_with("dearer-"))
    });
    assert!(dearer.count() > 10, "a difference of a fraction of a cent a job is one of a million tokens");
}

#[test]
fn an_estimate_says_what_rent_and_electricity_cost_for_a_unit() {
    let request = Request::from_json(
        r#"{"model": "qwen3-8b", "job": {"kind": "inference", "output": 500, "concurrency": 2}, "rig": {"card": "rtx-4090"},
            "money": {"currency": "USD", "country": "US"}}"#,
    )
    .unwrap();
    let answer = estimate(&CATALOG, &request).unwrap();
    let serving = answer.cost.serving.expect("it serves");
    assert_eq!((serving.per, serving.jobs), (ServingUnit::MillionOutputTokens, 1000.0));
    let (rent, bill) = (answer.cost.rent.unwrap().money.amount, answer.cost.electricity.unwrap().money.amount);
    assert_eq!((serving.rent.unwrap().amount, serving.electricity.unwrap().amount), (rent * 1000.0, bill * 1000.0));
    assert!(answer.explain.iter().any(|step| step.id == "cost.serving.rent"));
}

/// Eight users with 32,000 tokens each on an H100 with 45 GiB free were given a cache of integers for its speed, which vLLM reads slowly.
#[test]
fn no_cache_of_integers_is_taken_for_its_speed() {
    for (card, format) in [("h100-sxm", CacheFormat::Fp8), ("a100-sxm-80gb", CacheFormat::Fp16)] {
        let goal = format!(
            r#"{{"model": "llama-3.1-8b", "job": {{"kind": "inference", "prompt": 32000, "output": 512, "concurrency": 8}},
                "rig": {{"card": "{card}", "count": 1}}, "objective": "fastest"}}"#
        );
        let found = planned(&Goal::from_json(&goal).unwrap());
        assert_eq!(found.setup.recipe.kv_cache, format, "{card}");
    }
    let mut deep = on(goal("llama-3-8b", "inference"), "rtx-4090", 1);
    (deep.objective, deep.job.prompt) = (Objective::Fastest, Some(100_000.0));
    deep.recipe.stack = Some(Stack::LlamaCpp);
    let found = planned(&deep);
    let room = found.reasons.iter().all(|reason| reason.code != ReasonCode::QuickCache);
    assert!(room, "{:?}", found.setup.recipe.kv_cache);
}
