//! What is asked of the planner, and what its answer says of itself.

use super::*;

#[test]
fn a_global_batch_is_kept_exactly() {
    for (batch, count) in [(6, 1), (6, 2), (17, 1), (48, 4), (128, 8)] {
        let mut goal = on(goal("gpt2", "full-finetune"), "rtx-3090", count);
        goal.job.global_batch = Some(f64::from(batch));
        let plan = planned(&goal);
        let recipe = &plan.setup.recipe;
        let product = recipe.micro_batch * recipe.gradient_accumulation * u64::from(recipe.parallel.data);
        assert_eq!((product, plan.setup.job.global_batch), (u64::try_from(batch).unwrap(), product));
    }
}

#[test]
fn the_method_may_be_left_open() {
    let mut open = on(goal("llama-3-8b", "full-finetune"), "rtx-3090", 1);
    open.methods = vec![JobKind::FullFinetune, JobKind::Lora, JobKind::Qlora];
    let plan = planned(&open);
    assert_ne!(plan.setup.job.kind, JobKind::FullFinetune);
    assert_eq!(plan.comfort, Comfort::Fits);
}

#[test]
fn a_plan_can_be_asked_for_again_as_a_request() {
    for (model, kind, card, count) in [
        ("llama-3-8b", "qlora", "rtx-3090", 1),
        ("llama-3-8b", "full-finetune", "rtx-3090", 4),
        ("llama-3-8b", "inference", "rtx-4060", 1),
        ("bert-base", "full-finetune", "gtx-1080-ti", 1),
        ("resnet-50", "pretrain", "rtx-4090", 2),
    ] {
        let goal = on(goal(model, kind), card, count);
        let plan = planned(&goal);
        let request = plan.request();
        let text = serde_json::to_string(&request).unwrap();
        let again = estimate(&CATALOG, &Request::from_json(&text).unwrap()).unwrap();
        assert_eq!(again.memory, plan.figures.memory, "{model} {kind}");
        assert_eq!(again.time, plan.figures.time, "{model} {kind}");
    }
}

#[test]
fn bad_goals_name_their_field() {
    for (text, code, field) in [
        ("nonsense", ErrorCode::InvalidJson, ""),
        (r#"{"job": {"kind": "qlora"}}"#, ErrorCode::MissingField, "model"),
        (r#"{"model": "gpt2", "job": {"kind": "qlora"}, "objektive": "x"}"#, ErrorCode::UnknownField, ""),
        (r#"{"model": "gpt2", "job": {"kind": "qlora"}, "objective": "cheap"}"#, ErrorCode::InvalidValue, "objective"),
        (r#"{"model": "gpt2", "job": {"kind": "qlora"}, "rig": {"budget": -1}}"#, ErrorCode::OutOfRange, "rig.budget"),
        (r#"{"model": "gpt2", "job": {"kind": "qlora"}, "rig": {"count": 0}}"#, ErrorCode::OutOfRange, "rig.count"),
        (r#"{"model": "gpt2", "job": {"kind": "qlora"}, "rig": {"card": "rtx-9090"}}"#, ErrorCode::UnknownCard, "rig.card"),
        (r#"{"model": "gtp2", "job": {"kind": "qlora"}}"#, ErrorCode::UnknownModel, "model"),
        (r#"{"model": "gpt2", "job": {"kind": "qlora", "tokens": -5}}"#, ErrorCode::OutOfRange, "job.tokens"),
    ] {
        let error = Goal::from_json(text).and_then(|goal| advise(&CATALOG, &goal)).unwrap_err();
        assert_eq!((error.code, error.field.trim_start_matches("objektive")), (code, field), "{text}");
    }
}

#[test]
fn every_reason_has_a_sentence_in_both_languages() {
    for (model, kind) in [("llama-3-8b", "qlora"), ("llama-2-7b", "full-finetune"), ("llama-3.1-70b", "inference")] {
        for &objective in Objective::ALL {
            let mut goal = goal(model, kind);
            goal.objective = objective;
            goal.rig.deadline_hours = Some(100.0);
            goal.rig.country = Some("CN".to_owned());
            goal.rig.max_watts = Some(1_500.0);
            let advice = advise(&CATALOG, &goal).unwrap();
            let reasons = advice.ranked.iter().flat_map(|plan| &plan.reasons);
            for reason in reasons.chain(advice.rejected.iter().map(|rejected| &rejected.reason)) {
                for &lang in Lang::ALL {
                    assert!(knows(lang, &format!("reason.{}", reason.code.name())), "{:?}", reason.code);
                    assert!(!reason.say(lang).contains("%{"), "{}", reason.say(lang));
                }
            }
        }
    }
}

#[test]
fn no_reason_compares_amounts_that_are_equal() {
    for (model, kind) in [("llama-3-8b", "qlora"), ("resnet-50", "full-finetune"), ("qwen3-8b", "inference")] {
        for &objective in Objective::ALL {
            let mut goal = goal(model, kind);
            goal.objective = objective;
            goal.money.tariff_per_kwh = Some(0.2);
            for plan in advise(&CATALOG, &goal).unwrap().ranked {
                for reason in &plan.reasons {
                    let text = reason.say(Lang::En);
                    let zero =
                        ["0.00 ", "about 0 ", " 0 MiB above"].iter().any(|zero| text.starts_with(zero) || text.contains(zero));
                    assert!(!zero, "{text}");
                }
            }
        }
    }
}

#[test]
fn each_of_several_described_cards_is_asked_for_again_as_itself() {
    let described = |gib: f64| custom_of(&format!("{gib} GiB"), gib);
    let mut goal = goal("llama-3-8b", "qlora");
    goal.rig.card = Some(CardChoices::Any(vec![described(16.0), described(48.0)]));
    goal.rig.count = Some(Counts::One(1.0));
    let advice = advise(&CATALOG, &goal).unwrap();
    assert_eq!((advice.ranked.len(), advice.summary.fits), (2, 2));
    for plan in &advice.ranked {
        let again = estimate(&CATALOG, &plan.request()).unwrap();
        assert_eq!(again.memory, plan.figures.memory, "{}", plan.setup.rig.card.name);
    }
}

fn custom_of(name: &str, gib: f64) -> CardChoice {
    whichcard::document::read(&serde_json::json!({"name": name, "vramGib": gib, "bandwidthGbs": 900, "tensorTflops": 100})).unwrap()
}

#[test]
fn a_plan_says_what_it_chose_otherwise_than_an_open_request() {
    let plan = planned(&on(goal("llama-3-8b", "qlora"), "rtx-4060", 1));
    let codes: Vec<ReasonCode> = plan.against_default().iter().map(|reason| reason.code).collect();
    assert!(codes.contains(&ReasonCode::ChangeBatch), "{codes:?}");
}

#[test]
fn advice_serialises_as_documented() {
    let goal = Goal::from_json(r#"{"model":"llama-3-8b","job":{"kind":"qlora"},"rig":{"card":["rtx-4090","gtx-1050"],"count":1}}"#)
        .expect("valid goal");
    let json = serde_json::to_value(advise(&CATALOG, &goal).expect("answered")).expect("serialises");
    let (best, refused) = (&json["ranked"][0], &json["rejected"][0]);
    assert_eq!(best["rig"]["card"], "rtx-4090");
    assert!(best["estimate"]["memory"]["total"].as_f64().is_some_and(|bytes| bytes > 0.0), "{best}");
    assert!(best["reasons"][0]["message"].is_string(), "{best}");
    assert_eq!(refused["rig"]["card"], "gtx-1050");
    assert!(refused["rejectedBecause"]["message"].is_string(), "{refused}");
}
