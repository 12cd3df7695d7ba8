//! What people rely on when they ask which card to buy.

use std::sync::LazyLock;
use whichcard::card::Form;
use whichcard::catalog::Catalog;
use whichcard::error::ErrorCode;
use whichcard::estimate::{Verdict, estimate};
use whichcard::plan::{
    Advice, CardChoices, Comfort, Condition, Counts, Goal, Objective, Outcome, Plan, Sacrifice, abilities, advise, plan,
    smallest_changes, upgrades,
};
use whichcard::request::{
    CardChoice, Checkpointing, JobKind, Keyword, MoneyTerms, Offload, Optimizer, OptimizerKernel, Precision, RecipeRequest,
    Request, resolve,
};
use whichcard::text::{Lang, knows};
use whichcard::units::{Bytes, Currency};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).unwrap());

fn goal(model: &str, kind: &str) -> Goal {
    Goal::new(model, JobKind::from_name(kind).unwrap())
}

fn on(mut goal: Goal, card: &str, count: u32) -> Goal {
    goal.rig.card = Some(CardChoices::One(CardChoice::Id(card.to_owned())));
    goal.rig.count = Some(Counts::One(f64::from(count)));
    goal
}

#[track_caller]
fn planned(goal: &Goal) -> Plan {
    match plan(&CATALOG, goal).unwrap() {
        Outcome::Planned(plan) => *plan,
        Outcome::Rejected(rejected) => panic!("{}", rejected.reason.say(Lang::En)),
    }
}

#[track_caller]
fn refused(goal: &Goal) -> (&'static str, Option<Bytes>) {
    match plan(&CATALOG, goal).unwrap() {
        Outcome::Planned(plan) => panic!("{:?} {:?}", plan.setup.recipe, plan.figures.memory),
        Outcome::Rejected(rejected) => (rejected.reason.code, rejected.least.map(|memory| memory.total)),
    }
}

/// Whether it is said of a plan that fewer of its cards do as well.
fn adds_nothing(plan: &Plan) -> bool {
    plan.reasons.iter().any(|reason| reason.code == "adds-nothing")
}

fn rigs(advice: &Advice) -> Vec<(String, u32)> {
    advice.ranked.iter().map(|plan| (plan.setup.rig.card.id.clone(), plan.setup.rig.count)).collect()
}

#[test]
fn llama_3_8b_qlora_runs_on_8_gb() {
    let mut goal = on(goal("llama-3-8b", "qlora"), "rtx-4060", 1);
    goal.job.sequence_length = Some(1024.0);
    // Readings reach a third above the estimate, so the last gibibyte is not promised.
    let memory = planned(&goal).figures.memory;
    assert!(memory.total <= memory.capacity && memory.verdict != Verdict::DoesNotFit, "{memory:?}");
}

/// The rasterisers compute in FP32, step with Adam and recompute nothing.
#[test]
fn a_scene_is_trained_the_one_way_its_programs_know() {
    let plan = planned(&on(goal("3dgs-gsplat", "pretrain"), "rtx-3060-12gb", 1));
    let recipe = &plan.setup.recipe;
    assert_eq!(
        (recipe.precision, recipe.optimizer, recipe.checkpointing),
        (Precision::Fp32, Optimizer::Adamw, Checkpointing::None)
    );
    let request = Request::new("3dgs-inria", JobKind::Pretrain, "rtx-3050-6gb");
    let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &request).unwrap());
    assert!(!changes.is_empty() && changes.iter().all(|change| change.sacrifice == Sacrifice::Hardware), "{changes:?}");
}

/// Short sequences fit with what torchtune's recipe for this card does: paged 8-bit states, steps in the backward pass, recomputation; and
/// with nothing less. Long ones do not fit on the card at all, and go to main memory as DeepSpeed's ZeRO-3 does it: with the weights
/// there too, the card has room to keep the activations.
#[test]
fn seven_billion_full_finetuning_on_24_gb_needs_a_paged_optimizer_or_offload() {
    let with = |length: f64, recipe: RecipeRequest| {
        let mut goal = on(goal("llama-2-7b", "full-finetune"), "rtx-3090", 1);
        goal.job.sequence_length = Some(length);
        goal.job.global_batch = Some(16.0);
        goal.recipe = recipe;
        goal
    };
    let short = planned(&with(512.0, RecipeRequest::default())).setup.recipe;
    let kept = (short.optimizer, short.optimizer_kernel, short.checkpointing, short.offload);
    assert_eq!(kept, (Optimizer::PagedAdamw8bit, OptimizerKernel::InBackward, Checkpointing::Full, Offload::None));
    let on_card = RecipeRequest { offload: Some(Offload::None), ..RecipeRequest::default() };
    for less in [
        RecipeRequest { optimizer: Some(Optimizer::Adamw8bit), ..on_card.clone() },
        RecipeRequest { checkpointing: Some(Checkpointing::None), ..on_card.clone() },
    ] {
        assert!(matches!(plan(&CATALOG, &with(512.0, less)), Ok(Outcome::Rejected(_))));
    }
    assert!(matches!(plan(&CATALOG, &with(2048.0, on_card)), Ok(Outcome::Rejected(_))));
    let long = planned(&with(2048.0, RecipeRequest::default()));
    let recipe = &long.setup.recipe;
    assert_eq!((recipe.offload, recipe.checkpointing), (Offload::OptimizerAndWeights, Checkpointing::None));
    // Weights, gradients and two states in 16 bits: 8 bytes for each of 6.7 billion.
    assert!((45.0..55.0).contains(&long.host_memory().as_gib()), "{}", long.host_memory().as_gib());
}

#[test]
fn seventy_billion_qlora_runs_on_48_gb_and_on_two_24_gb_cards_with_offload_but_not_on_one() {
    let short = |card, count| {
        let mut goal = on(goal("llama-2-70b", "qlora"), card, count);
        goal.job.sequence_length = Some(512.0);
        goal
    };
    assert_eq!(planned(&short("rtx-a6000", 1)).setup.recipe.offload, Offload::None);
    planned(&short("rtx-3090", 2));
    let mut one = short("rtx-3090", 1);
    one.recipe.offload = Some(Offload::None);
    let (code, least) = refused(&one);
    assert_eq!(code, "too-large");
    assert!(least.unwrap() > Bytes::gib(34.0), "{least:?}");
}

#[test]
fn nothing_a_person_owns_pretrains_gpt_3_and_the_answer_says_what_could() {
    let advice = advise(&CATALOG, &goal("gpt3-175b", "pretrain")).unwrap();
    assert!(!advice.ranked.is_empty());
    for plan in &advice.ranked {
        assert!(plan.setup.rig.card.vram > Bytes::gib(130.0), "{:?} {}", rigs(&advice), plan.setup.rig.card.id);
    }
    let a40 = advice.rejected.iter().find(|one| one.card.id == "a40" && one.count == 1).unwrap();
    assert_eq!(a40.reason.code, "too-large");
    assert!(a40.least.as_ref().unwrap().total > Bytes::gib(300.0));
}

#[test]
fn bert_trains_on_an_8_gb_card_without_compromise() {
    let plan = planned(&on(goal("bert-base", "full-finetune"), "rtx-2080", 1));
    assert_eq!((plan.comfort, plan.compromises), (Comfort::Fits, 0));
}

#[test]
fn cards_before_ampere_get_no_bf16() {
    for (card, bf16) in [("gtx-1080-ti", false), ("rtx-2080-ti", false), ("rtx-3090", true)] {
        for kind in ["full-finetune", "lora", "qlora"] {
            let plan = planned(&on(goal("gpt2", kind), card, 1));
            assert_eq!(plan.setup.recipe.precision.name().starts_with("bf16"), bf16, "{card} {kind}");
        }
    }
    let mut fixed = on(goal("gpt2", "full-finetune"), "gtx-1080-ti", 1);
    fixed.recipe.precision = whichcard::request::Precision::from_name("bf16-pure");
    assert_eq!(refused(&fixed).0, "cannot-bf16");
}

#[test]
fn twelve_thousand_yuan_buy_a_ranked_and_explained_list_for_8b_qlora() {
    let goal = Goal::from_json(
        r#"{"model": "llama-3-8b", "job": {"kind": "qlora", "sequenceLength": 2048},
            "rig": {"budget": 12000}, "money": {"currency": "CNY"}}"#,
    )
    .unwrap();
    let advice = advise(&CATALOG, &goal).unwrap();
    let first = advice.ranked.first().unwrap();
    assert!(advice.ranked.len() > 20);
    assert_eq!(first.reasons.first().unwrap().code, "first-cheapest-to-buy");
    let priced = advice.ranked.iter().filter_map(Plan::price);
    for price in priced {
        assert_eq!(price.money.currency, Currency::Cny);
        assert!(price.money.amount <= 12_000.0);
    }
    let over = advice.rejected.iter().find(|one| one.card.id == "rtx-4090" && one.count == 8);
    assert_eq!(over.unwrap().reason.code, "over-budget");
}

#[test]
fn a_card_without_a_price_follows_all_with_one() {
    let advice = advise(&CATALOG, &goal("llama-3-8b", "qlora")).unwrap();
    let class = |plan: &Plan| (plan.comfort, plan.figures.memory.verdict, adds_nothing(plan), plan.late);
    for plans in advice.ranked.chunk_by(|a, b| class(a) == class(b)) {
        assert!(plans.is_sorted_by_key(|plan| plan.price().is_none()), "{:?}", class(&plans[0]));
    }
    assert!(advice.ranked.iter().any(|plan| plan.price().is_none() && plan.reasons.iter().any(|reason| reason.code == "no-price")));
}

#[test]
fn what_has_no_known_price_is_within_no_budget() {
    let mut goal = goal("llama-3-8b", "qlora");
    for budget in [100.0, 1e9] {
        goal.rig.budget = Some(budget);
        let advice = advise(&CATALOG, &goal).unwrap();
        assert!(advice.ranked.iter().all(|plan| plan.price().is_some_and(|price| price.money.amount <= budget)), "{budget}");
        assert!(advice.rejected.iter().any(|one| one.reason.code == "unpriced"), "{budget}");
    }
}

#[test]
fn a_cheaper_card_than_the_cheapest_is_named_with_what_speaks_against_it() {
    let mut named = 0;
    for (model, kind) in [("llama-3-8b", "qlora"), ("resnet-50", "full-finetune"), ("qwen3-8b", "inference"), ("gpt2", "pretrain")]
    {
        let advice = advise(&CATALOG, &goal(model, kind)).unwrap();
        let first = advice.ranked.first().unwrap();
        let cheaper =
            |plan: &&Plan| plan.price().is_some_and(|price| price.money.amount < first.price().unwrap().money.amount * 0.99);
        let told = first.reasons.iter().any(|reason| reason.code.starts_with("cheaper-but-"));
        // What limps is no alternative.
        let considered = |plan: &&Plan| plan.comfort != Comfort::Offloaded && !plan.late;
        assert_eq!(told, advice.ranked.iter().filter(considered).any(|plan| cheaper(&plan)), "{model} {kind}");
        named += usize::from(told);
    }
    assert!(named > 0);
}

#[test]
fn a_country_that_bars_a_card_gets_it_second_hand_or_not_at_all() {
    let mut goal = on(goal("llama-3-8b", "qlora"), "rtx-4090", 1);
    goal.rig.country = Some("cn".to_owned());
    goal.rig.condition = Some(Condition::New);
    assert_eq!(refused(&goal).0, "not-sold-new");
}

#[test]
fn a_card_made_for_one_country_is_advice_there_and_nowhere_else() {
    const MADE_FOR_CHINA: &str = "rtx-5090-d";
    let ranked = |country: Option<&str>, currency: Currency| {
        let mut goal = goal("llama-3-8b", "qlora");
        goal.rig.country = country.map(str::to_owned);
        goal.money.currency = Some(currency);
        let advice = advise(&CATALOG, &goal).unwrap();
        let refused = advice.rejected.iter().filter(|one| one.card.id == MADE_FOR_CHINA);
        let reasons: Vec<&str> = refused.map(|one| one.reason.code).collect();
        assert!(reasons.is_empty() || reasons.iter().all(|code| *code == "sold-only-in"), "{reasons:?}");
        (rigs(&advice).iter().any(|(id, _)| id == MADE_FOR_CHINA), !reasons.is_empty())
    };
    let (advised, left_out) = ((true, false), (false, true));
    assert_eq!(ranked(Some("CN"), Currency::Usd), advised);
    assert_eq!(ranked(None, Currency::Cny), advised);
    assert_eq!(ranked(None, Currency::Usd), left_out);
    assert_eq!(ranked(Some("US"), Currency::Usd), left_out);
    assert_eq!(ranked(Some("DE"), Currency::Cny), left_out);
    // Who has one may ask about it anywhere, and is told why it cannot be bought where a country is asked.
    let mut own = on(goal("llama-3-8b", "qlora"), MADE_FOR_CHINA, 1);
    assert_eq!(planned(&own).setup.rig.card.id, MADE_FOR_CHINA);
    own.rig.country = Some("US".to_owned());
    assert_eq!(refused(&own).0, "sold-only-in");
}

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
        let request = plan.request(&goal);
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
                    assert!(knows(lang, &format!("reason.{}", reason.code)), "{}", reason.code);
                    assert!(!reason.say(lang).contains("%{"), "{}", reason.say(lang));
                }
            }
        }
    }
}

#[test]
fn a_gtx_1080_ti_and_an_rtx_4060_differ_in_what_they_can_do() {
    let able = |id: &str| abilities(&CATALOG, CATALOG.card(id).unwrap(), 1, Bytes::ZERO);
    let size = |id: &str, kind: JobKind| {
        let abilities = able(id);
        let of_kind = abilities.iter().find(|ability| ability.kind == kind).unwrap();
        of_kind.largest.and_then(|place| of_kind.models.get(place)).map_or(0, |one| one.model.parameters)
    };
    for &kind in JobKind::ALL {
        assert!(size("rtx-3090", kind) >= size("rtx-4060", kind), "{kind:?}");
        assert!(size("rtx-4060", kind) > 0, "{kind:?}");
        assert!(
            able("gtx-1080-ti").iter().flat_map(|ability| &ability.models).filter_map(|one| one.run.as_ref()).all(|run| {
                !run.setup.recipe.precision.name().starts_with("bf16") && run.setup.recipe.attention.name() != "flash"
            })
        );
    }
    assert!(size("gtx-1080-ti", JobKind::Inference) > size("rtx-4060", JobKind::Inference), "11 GB hold more than 8");
}

#[test]
fn changes_make_a_setup_fit_and_the_mildest_come_first() {
    let mut request = Request::new("llama-3-8b", JobKind::Lora, "rtx-4060");
    request.job.sequence_length = Some(1024.0);
    let setup = resolve(&CATALOG, &request).unwrap();
    let changes = smallest_changes(&CATALOG, &setup);
    assert!(changes.iter().all(|change| change.memory.verdict != Verdict::DoesNotFit));
    assert!(changes.is_sorted_by_key(|change| change.sacrifice));
    assert!(changes.iter().any(|change| change.sacrifice == Sacrifice::Hardware && change.extra_cost.is_some()));
    for change in &changes {
        for &lang in Lang::ALL {
            assert!(knows(lang, &format!("reason.{}", change.what.code)), "{}", change.what.code);
        }
    }
    let fine = resolve(&CATALOG, &Request::new("gpt2", JobKind::Lora, "rtx-4090")).unwrap();
    assert!(smallest_changes(&CATALOG, &fine).is_empty());
}

#[test]
fn kinds_of_work_that_make_no_sense_are_refused_with_the_nearest_that_does() {
    for (model, kind, nearest) in [
        ("resnet-50", "qlora", "full-finetune"),
        ("resnet-50", "lora", "full-finetune"),
        ("sdxl-base", "qlora", "lora"),
        ("3dgs-gsplat", "lora", "pretrain"),
        ("3dgs-gsplat", "full-finetune", "pretrain"),
    ] {
        let error = advise(&CATALOG, &goal(model, kind)).unwrap_err();
        assert_eq!((error.code, error.field.as_str()), (ErrorCode::UnsuitedMethod, "job.kind"), "{model} {kind}");
        assert_eq!(error.suggestions, [nearest], "{model} {kind}");
        assert!(advise(&CATALOG, &goal(model, nearest)).is_ok());
        let request = Request::new(model, JobKind::from_name(kind).unwrap(), "rtx-4090");
        assert_eq!(resolve(&CATALOG, &request).unwrap_err().code, ErrorCode::UnsuitedMethod);
    }
    let resnet = CATALOG.model("resnet-50").unwrap();
    for ability in abilities(&CATALOG, CATALOG.card("rtx-4090").unwrap(), 1, Bytes::ZERO) {
        assert!(ability.models.iter().all(|one| one.model.supports(ability.kind)));
        assert_eq!(ability.models.iter().any(|one| one.model.id == resnet.id), resnet.supports(ability.kind));
    }
    for task in CATALOG.tasks() {
        assert!(CATALOG.model(&task.model).unwrap().supports(task.job.kind), "{}", task.id);
    }
}

#[test]
fn a_plan_carries_no_setting_that_its_model_or_job_does_not_have() {
    let json = |goal: &Goal| serde_json::to_value(planned(goal)).unwrap();
    let vision = json(&on(goal("resnet-50", "full-finetune"), "rtx-4090", 1));
    for absent in ["attention", "loss", "kvCache", "lora", "parallel"] {
        assert!(vision["recipe"].get(absent).is_none(), "{absent}: {vision}");
    }
    let chat = json(&on(goal("llama-3-8b", "inference"), "rtx-4090", 1));
    assert!(chat["recipe"].get("optimizer").is_none() && chat["recipe"]["kvCache"].is_string(), "{chat}");
}

#[test]
fn the_cheapest_card_is_one_that_can_be_had() {
    for task in CATALOG.tasks() {
        let mut goal = Goal::new(&task.model, task.job.kind);
        goal.job = task.job.clone();
        goal.rig.form_factors = Some(vec![Form::Desktop]);
        let advice = advise(&CATALOG, &goal).unwrap();
        let first = advice.ranked.first().unwrap();
        assert!(!first.late && !first.has_stale_price(), "{}: {:?}", task.id, rigs(&advice).first());
        assert!(advice.patience.is_some());
        let fitting = advice.ranked.iter().filter(|plan| plan.comfort == Comfort::Fits);
        let last_in_time = fitting.is_sorted_by_key(|plan| (adds_nothing(plan), plan.late));
        assert!(last_in_time, "{}", task.id);
    }
}

#[test]
fn what_needs_host_memory_is_counted_and_ranked_apart() {
    let advice = advise(&CATALOG, &goal("llama-2-7b", "full-finetune")).unwrap();
    assert!(advice.ranked.is_sorted_by_key(|plan| plan.comfort));
    assert!(advice.summary.fits > 0 && advice.summary.offloaded > 0, "{:?}", advice.summary);
    for plan in advice.ranked.iter().filter(|plan| plan.comfort == Comfort::Offloaded) {
        assert!(plan.host_memory() > Bytes::gib(8.0), "{}", plan.host_memory().as_gib());
    }
    assert_eq!(advice.notes.first().unwrap().code, "summary-both");
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
fn more_cards_than_two_get_a_layout_that_fills_them() {
    let base = |model: &str, kind: &str, card: &str, count: f64| {
        let mut request = Request::new(model, JobKind::from_name(kind).unwrap(), card);
        request.rig.count = Some(count);
        resolve(&CATALOG, &request).unwrap()
    };
    for (model, kind, card) in [("llama-2-70b", "inference", "rtx-3090"), ("llama-3-8b", "full-finetune", "rtx-3090")] {
        for count in [2.0, 3.0] {
            let setup = base(model, kind, card, count);
            let changes = smallest_changes(&CATALOG, &setup);
            let more = changes.iter().filter(|change| change.setup.rig.count > setup.rig.count);
            for change in more {
                let (plan, count) = (change.setup.recipe.parallel, change.setup.rig.count);
                assert_eq!(plan.data * plan.tensor * plan.pipeline * plan.context, count, "{model} on {count}: {plan:?}");
                let recipe = &change.setup.recipe;
                let batch = recipe.micro_batch * recipe.gradient_accumulation * u64::from(plan.data);
                assert!(!change.setup.trains() || batch >= setup.job.global_batch, "{batch}");
            }
            assert!(changes.iter().any(|change| change.setup.rig.count > setup.rig.count), "{model} on {count}");
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
        let again = estimate(&CATALOG, &plan.request(&goal)).unwrap();
        assert_eq!(again.memory, plan.figures.memory, "{}", plan.setup.rig.card.name);
    }
}

fn custom_of(name: &str, gib: f64) -> CardChoice {
    whichcard::document::read(&serde_json::json!({"name": name, "vramGib": gib, "bandwidthGbs": 900, "tensorTflops": 100})).unwrap()
}

#[test]
fn gpt_3_on_one_a40_is_told_every_way_out() {
    let setup = resolve(&CATALOG, &Request::new("gpt3-175b", JobKind::Inference, "a40")).unwrap();
    let changes = smallest_changes(&CATALOG, &setup);
    let said: Vec<String> = changes.iter().map(|change| change.what.say(Lang::En)).collect();
    let has = |sacrifice, test: &dyn Fn(&whichcard::plan::Change) -> bool| {
        changes.iter().any(|change| change.sacrifice == sacrifice && test(change))
    };
    assert!(has(Sacrifice::HostMemory, &|change| change.setup.recipe.offload != Offload::None), "{said:?}");
    assert!(has(Sacrifice::Hardware, &|change| change.setup.rig.card.id == "a40" && change.setup.rig.count < 8), "{said:?}");
    assert!(has(Sacrifice::Hardware, &|change| change.setup.rig.card.id != "a40"), "{said:?}");
    for change in &changes {
        assert!(!change.steps.is_empty() && change.memory.verdict != Verdict::DoesNotFit);
        assert!(Lang::ALL.iter().all(|lang| !change.what.say(*lang).contains("%{")), "{:?}", change.what.say(Lang::En));
    }
}

#[test]
fn a_plan_says_what_it_chose_otherwise_than_an_open_request() {
    let plan = planned(&on(goal("llama-3-8b", "qlora"), "rtx-4060", 1));
    let codes: Vec<&str> = plan.against_default().iter().map(|reason| reason.code).collect();
    assert!(codes.contains(&"change-batch"), "{codes:?}");
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

#[test]
fn more_hardware_unlocks_larger_models_and_says_what_it_costs() {
    let card = CATALOG.card("rtx-3060-12gb").unwrap();
    let request = Request::new("llama-3-8b", JobKind::Inference, "rtx-3060-12gb");
    let money = resolve(&CATALOG, &request).unwrap().money;
    let present = abilities(&CATALOG, card, 1, Bytes::ZERO);
    let found = upgrades(&CATALOG, card, 1, Bytes::ZERO, &money, &present);
    let second = found.iter().find(|one| one.card.id == card.id).expect("a second one");
    assert_eq!(second.count, 2);
    let mut last = card.vram;
    for upgrade in &found {
        assert!(!upgrade.unlocks.is_empty());
        for (kind, model) in &upgrade.unlocks {
            let ability = present.iter().find(|ability| ability.kind == *kind).unwrap();
            let largest = ability.models.iter().filter(|one| one.verdict == Verdict::Fits).map(|one| one.model.parameters).max();
            assert!(Some(model.parameters) > largest, "{kind:?} {}", model.id);
        }
        if upgrade.card.id != card.id {
            assert!(upgrade.card.vram > last, "one for each size of memory, in order");
            assert!(upgrade.price.as_ref().is_some_and(|price| !price.stale));
            last = upgrade.card.vram;
        }
    }
}

#[test]
fn the_machine_that_is_there_refuses_what_it_has_no_room_for() {
    let asked = |edit: fn(&mut whichcard::plan::RigLimits), card: &str, count| {
        let mut goal = on(goal("llama-3-8b", "qlora"), card, count);
        edit(&mut goal.rig);
        plan(&CATALOG, &goal).unwrap()
    };
    let code = |outcome| match outcome {
        Outcome::Planned(_) => "planned",
        Outcome::Rejected(rejected) => rejected.reason.code,
    };
    // An RTX 4090 draws 450 W, asks for a supply of 850 W and covers three slots.
    assert_eq!(code(asked(|rig| rig.wall_watts = Some(500.0), "rtx-4090", 1)), "over-wall");
    assert_eq!(code(asked(|rig| rig.wall_watts = Some(700.0), "rtx-4090", 1)), "planned");
    assert_eq!(code(asked(|rig| rig.power_supply_watts = Some(750.0), "rtx-4090", 1)), "over-supply");
    assert_eq!(code(asked(|rig| rig.power_supply_watts = Some(850.0), "rtx-4090", 1)), "planned");
    assert_eq!(code(asked(|rig| rig.power_supply_watts = Some(1_000.0), "rtx-4090", 2)), "over-supply");
    assert_eq!(code(asked(|rig| rig.slots = Some(2.0), "rtx-4090", 1)), "over-slots");
    assert_eq!(code(asked(|rig| rig.slots = Some(4.0), "rtx-4090", 1)), "planned");
    assert_eq!(code(asked(|rig| rig.slots = Some(4.0), "rtx-4090", 2)), "over-slots");
    for own in ["rtx-4090-laptop", "h100-sxm"] {
        assert_eq!(code(asked(|rig| (rig.slots, rig.power_supply_watts) = (Some(0.0), Some(100.0)), own, 1)), "planned", "{own}");
    }
}

#[test]
fn new_and_used_cards_have_their_own_prices() {
    let of = |condition| {
        let mut goal = goal("llama-3-8b", "qlora");
        goal.rig.condition = Some(condition);
        advise(&CATALOG, &goal).unwrap()
    };
    for (condition, allowed) in [(Condition::New, ["street", "launch"]), (Condition::Used, ["used", "used"])] {
        let advice = of(condition);
        let bases: Vec<&str> = advice.ranked.iter().filter_map(Plan::price).map(|price| price.basis.as_str()).collect();
        assert!(!bases.is_empty() && bases.iter().all(|basis| allowed.contains(basis)), "{condition:?} {bases:?}");
    }
}

#[test]
fn nobody_is_told_to_buy_what_may_not_be_sold_there() {
    let buyable = |card: &whichcard::card::Card| {
        let used = card.prices.iter().any(|price| price.kind == whichcard::card::PriceKind::Used);
        used || !card.restricted_in.iter().any(|country| country == "CN")
    };
    let mut offered = 0;
    for (model, kind, card) in [
        ("gpt3-175b", "inference", "a40"),
        ("gpt3-175b", "lora", "a40"),
        ("gpt3-175b", "pretrain", "a40"),
        ("qwen3-32b", "full-finetune", "rtx-4060"),
    ] {
        let mut request = Request::new(model, JobKind::from_name(kind).unwrap(), card);
        request.money.country = Some("CN".to_owned());
        let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &request).unwrap());
        for change in changes.iter().filter(|change| change.setup.rig.card.id != card) {
            assert!(buyable(&change.setup.rig.card), "{model} {kind}: {}", change.setup.rig.card.id);
            offered += 1;
        }
    }
    let setup = resolve(&CATALOG, &Request::new("llama-3-8b", JobKind::Qlora, "rtx-3060-12gb")).unwrap();
    let money = MoneyTerms { country: Some("CN".to_owned()), ..setup.money.clone() };
    let card = &setup.rig.card;
    for upgrade in upgrades(&CATALOG, card, 1, Bytes::ZERO, &money, &abilities(&CATALOG, card, 1, Bytes::ZERO)) {
        assert!(buyable(&upgrade.card), "{}", upgrade.card.id);
        offered += 1;
    }
    assert!(offered > 3, "only {offered} offers");
}

/// A V100 module costs less than any card that plugs in, and buys nothing that runs.
#[test]
fn a_server_module_is_not_the_cheapest_card_unless_there_is_a_server() {
    let mut goal = goal("llama-3-8b", "qlora");
    let first = &advise(&CATALOG, &goal).unwrap().ranked[0];
    assert_ne!(first.setup.rig.card.form, whichcard::card::Form::Sxm, "{}", first.setup.rig.card.name);
    // Or another card that takes more than its price, which comes before modules.
    let why = ["cheaper-but-module", "cheaper-but-airflow", "cheaper-but-dropped"];
    assert!(first.reasons.iter().any(|reason| why.contains(&reason.code)), "{:?}", first.reasons);
    goal.rig.form_factors = Some(vec![whichcard::card::Form::Sxm]);
    assert_eq!(advise(&CATALOG, &goal).unwrap().ranked[0].setup.rig.card.form, whichcard::card::Form::Sxm);
}

/// One card alone is a single change, and a larger one that surely fits is worth naming beside it.
#[test]
fn no_change_is_offered_twice() {
    for (model, kind, card) in [
        ("sdxl-base", JobKind::Inference, "rtx-4060"),
        ("flux.1-dev", JobKind::Inference, "rtx-4060"),
        ("llama-3-8b", JobKind::Qlora, "rtx-3050-6gb"),
        ("llama-3.3-70b", JobKind::Inference, "rtx-4090"),
        ("llama-2-7b", JobKind::FullFinetune, "rtx-3090"),
    ] {
        let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &Request::new(model, kind, card)).unwrap());
        for (place, change) in changes.iter().enumerate() {
            let twin = changes.iter().skip(place + 1).find(|other| other.steps == change.steps);
            assert!(twin.is_none(), "{model} on {card}: {:?}", change.steps);
        }
    }
}
