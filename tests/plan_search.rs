//! What the search tries: layouts, smaller caches, batches, and what it does with what nobody waits or pays for.

use std::sync::LazyLock;
use whichcard::catalog::Catalog;
use whichcard::plan::{
    CardChoices, Comfort, Counts, FromScratch, Goal, Objective, Outcome, Plan, ReasonCode, advise, from_scratch, plan,
};
use whichcard::request::{
    CacheFormat, CardChoice, JobKind, ModelChoice, MoneyRequest, Offload, OptimizerKernel, Precision, RigRequest, Stack,
    WeightFormat,
};
use whichcard::units::Seconds;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).unwrap());

const YEAR: f64 = 365.25 * 86_400.0;

fn goal(model: &str, kind: JobKind, card: &str, count: u32) -> Goal {
    let mut goal = Goal::new(model, kind);
    goal.rig.card = Some(CardChoices::One(CardChoice::Id(card.to_owned())));
    goal.rig.count = Some(Counts::One(f64::from(count)));
    goal
}

fn fastest(model: &str, card: &str, count: u32) -> Goal {
    Goal { objective: Objective::Fastest, ..goal(model, JobKind::Inference, card, count) }
}

#[track_caller]
fn planned(goal: &Goal) -> Plan {
    match plan(&CATALOG, goal).unwrap() {
        Outcome::Planned(plan) => *plan,
        Outcome::Rejected(rejected) => panic!("{:?}", rejected.reason),
    }
}

fn says(plan: &Plan, code: ReasonCode) -> bool {
    plan.reasons.iter().any(|reason| reason.code == code)
}

/// One request is answered sooner by more cards where they share each layer, as vLLM does and llama.cpp can.
#[test]
fn more_cards_answer_one_request_sooner() {
    for (model, card, most, times) in [("llama-3.3-70b", "rtx-3090", 4, 1.3), ("llama-3.3-70b", "h100-sxm", 8, 1.0)] {
        let speed = |count| planned(&fastest(model, card, count)).figures.time.main.tokens_per_second;
        let (half, all) = (speed(most / 2), speed(most));
        assert!(all > half * times, "{model} on {most} x {card}: {all} against {half}");
    }
    let own = planned(&fastest("llama-3.3-70b", "rtx-3090", 4)).setup.recipe;
    assert_eq!(own.parallel.tensor, 4, "{:?} {:?}", own.stack, own.parallel);
}

/// llama.cpp's slices are experimental: taken where the best figure is asked for, and said.
#[test]
fn slices_of_llama_cpp_are_named_as_an_experiment() {
    let mut asked = fastest("llama-3.3-70b", "rtx-3090", 4);
    asked.recipe.stack = Some(Stack::LlamaCpp);
    let quick = planned(&asked);
    assert_eq!((quick.setup.recipe.parallel.tensor, quick.setup.recipe.kv_cache), (4, CacheFormat::Fp16));
    assert!(says(&quick, ReasonCode::SlicesOfLlamaCpp));
    asked.objective = Objective::CheapestToBuy;
    asked.recipe.weights = Some(WeightFormat::Q4KM);
    let usual = planned(&asked);
    assert_eq!((usual.setup.recipe.parallel.tensor, usual.setup.recipe.parallel.pipeline), (1, 4));
    // Latent attention is not cut (DeepSeek 2 in llama.cpp's guide).
    let mut latent = fastest("deepseek-v3", "b300-288gb", 8);
    latent.recipe.stack = Some(Stack::LlamaCpp);
    if let Outcome::Planned(latent) = plan(&CATALOG, &latent).unwrap() {
        assert_eq!(latent.setup.recipe.parallel.tensor, 1);
    }
}

/// Eight bits of the weights count as one thing more, and do not pay for those of the cache.
#[test]
fn a_smaller_cache_has_to_bring_its_own_five_percent() {
    let mut asked = fastest("llama-3.3-70b", "h100-sxm", 8);
    asked.recipe.stack = Some(Stack::Vllm);
    let own = planned(&asked);
    assert_eq!(own.setup.recipe.kv_cache, CacheFormat::Fp16, "{:?}", own.setup.recipe.weights);
}

#[test]
fn a_smaller_cache_comes_before_main_memory() {
    let mut asked = goal("qwq-32b", JobKind::Inference, "rtx-4090", 1);
    (asked.job.prompt, asked.job.output) = (Some(32_000.0), Some(8_000.0));
    let own = planned(&asked);
    assert_eq!((own.comfort, own.setup.recipe.offload), (Comfort::Fits, Offload::None), "{:?}", own.setup.recipe.kv_cache);
    assert!(own.setup.recipe.kv_cache != CacheFormat::Fp16 && says(&own, ReasonCode::SmallCache));
    assert!(own.figures.time.main.tokens_per_second > 15.0);
}

#[test]
fn three_cards_share_the_layers_of_a_model() {
    let mut asked = Goal::new("llama-3.3-70b", JobKind::Inference);
    asked.rig.card = Some(CardChoices::One(CardChoice::Id("rtx-3090".to_owned())));
    let counts: Vec<u32> = advise(&CATALOG, &asked).unwrap().ranked.iter().map(|plan| plan.setup.rig.count).collect();
    assert!(counts.contains(&3) && counts.contains(&6), "{counts:?}");
    // Batches are seldom shared by three.
    asked.job.kind = JobKind::Qlora;
    let tuned = advise(&CATALOG, &asked).unwrap();
    assert!(tuned.ranked.iter().all(|plan| plan.setup.rig.count.is_power_of_two()));
}

/// Cards that share frozen weights have them in main memory while they are loaded, so leaving them there asks for no other machine: where
/// larger passes are quicker for it, that is what the fastest recipe does. The lowest price keeps them on the cards.
#[test]
fn weights_wait_where_they_are_loaded_if_that_is_quicker() {
    for (model, kind, card, count) in
        [("llama-3-8b", JobKind::Lora, "rtx-4060-ti-16gb", 2), ("llama-3-70b", JobKind::Qlora, "rtx-4090", 4)]
    {
        let mut asked = goal(model, kind, card, count);
        asked.job.sequence_length = Some(1024.0);
        let cheapest = planned(&asked);
        assert_eq!((cheapest.comfort, cheapest.setup.recipe.offload), (Comfort::Fits, Offload::None), "{model}");
        asked.objective = Objective::Fastest;
        let quick = planned(&asked);
        assert_eq!(quick.setup.recipe.offload, Offload::OptimizerAndWeights, "{model}");
        assert!(quick.figures.time.total < cheapest.figures.time.total * 0.75, "{model}");
        assert!(quick.host_memory().get() < cheapest.host_memory().get() * 1.05, "{model}");
        assert!(says(&quick, ReasonCode::OffloadedForSpeed) && quick.is_dependable() && quick.setup.recipe.lora.rank == 16);
        // Main memory that the machine has not, no recipe takes.
        asked.rig.machine.host_memory = Some(16.0);
        if let Outcome::Planned(small) = plan(&CATALOG, &asked).unwrap() {
            assert_eq!(small.setup.recipe.offload, Offload::None, "{model}");
        }
    }
}

/// What is loaded through main memory in more of it than a desktop takes stays on the cards: no small card with a server's main memory
/// overtakes those that hold the model.
#[test]
fn main_memory_of_servers_overtakes_no_cards() {
    let mut asked = Goal::new("llama-3.1-405b", JobKind::Qlora);
    asked.objective = Objective::Fastest;
    let advice = advise(&CATALOG, &asked).unwrap();
    let held = advice.ranked.iter().rposition(|plan| plan.comfort == Comfort::Fits);
    let moved = advice.ranked.iter().position(|plan| plan.comfort == Comfort::Offloaded);
    assert!(held.zip(moved).is_some_and(|(held, moved)| held < moved), "{held:?} {moved:?}");
}

/// BF16 rounds small updates away, so training from nothing has it without an FP32 copy only where nothing else has room, and says so.
#[test]
fn training_from_nothing_keeps_an_fp32_copy_where_it_fits() {
    for objective in [Objective::CheapestToBuy, Objective::Fastest] {
        for (model, card, count) in [("gpt2", "rtx-4090", 1), ("llama-3.2-1b", "rtx-3090", 1), ("llama-2-7b", "a100-sxm-80gb", 8)] {
            let mut asked = goal(model, JobKind::Pretrain, card, count);
            asked.objective = objective;
            let own = planned(&asked);
            assert_ne!(own.setup.recipe.precision, Precision::Bf16Pure, "{model} {objective:?}");
        }
        let mut small = goal("llama-3.2-1b", JobKind::Pretrain, "rtx-4060-ti-8gb", 1);
        (small.objective, small.job.tokens) = (objective, Some(1e8));
        if let Outcome::Planned(only) = plan(&CATALOG, &small).unwrap() {
            let pure = only.setup.recipe.precision == Precision::Bf16Pure;
            assert_eq!(says(&only, ReasonCode::PureBf16Scratch), pure, "{objective:?}");
        }
        let tuned = planned(&Goal { objective, ..goal("llama-3.2-1b", JobKind::FullFinetune, "rtx-3060-12gb", 1) });
        assert!(!says(&tuned, ReasonCode::PureBf16Scratch));
    }
}

/// torchtune's recipe for 24 GB: paged states, updates in the backward pass, as many sequences at once as fit.
#[test]
fn a_batch_nobody_asked_for_gives_way_before_main_memory_is_taken() {
    let mut asked = goal("llama-2-7b", JobKind::FullFinetune, "rtx-3090", 1);
    let own = planned(&asked);
    let (recipe, batch) = (&own.setup.recipe, own.setup.job.global_batch);
    assert_eq!((recipe.offload, recipe.optimizer_kernel), (Offload::None, OptimizerKernel::InBackward));
    assert!(batch < 16 && says(&own, ReasonCode::SmallBatch), "{batch}");
    assert_eq!(own.request().job.global_batch, Some(batch as f64));
    asked.job.global_batch = Some(16.0);
    let given = planned(&asked);
    assert_eq!(given.setup.job.global_batch, 16);
    assert_ne!(given.setup.recipe.offload, Offload::None);
}

#[test]
fn what_has_no_known_cost_is_within_no_budget_for_the_job() {
    let mut asked = Goal::new("llama-3.1-8b", JobKind::Qlora);
    (asked.job.samples, asked.job.epochs) = (Some(50_000.0), Some(3.0));
    asked.money.tariff_per_kwh = Some(0.2);
    asked.objective = Objective::CheapestPerJob;
    for most in [5.0, 50.0] {
        asked.rig.job_budget = Some(most);
        let advice = advise(&CATALOG, &asked).unwrap();
        let within = |plan: &Plan| plan.job_cost.is_some_and(|cost| cost.amount <= most);
        assert!(advice.ranked.iter().all(within), "{most}");
        let codes: Vec<ReasonCode> = advice.rejected.iter().map(|one| one.reason.code).collect();
        assert!(codes.contains(&ReasonCode::Uncosted), "{codes:?}");
        assert!(most > 5.0 || codes.contains(&ReasonCode::TooDear), "{codes:?}");
    }
}

/// The card holds the optimizer no less than one with the same memory that is twice as fast.
#[test]
fn what_takes_years_from_main_memory_says_so() {
    let asked = goal("llama-2-7b", JobKind::Pretrain, "rtx-3090", 1);
    let Outcome::Rejected(refused) = plan(&CATALOG, &asked).unwrap() else { panic!("nobody waits so long") };
    assert_eq!(refused.reason.code, ReasonCode::TooSlowOffloaded);
    assert!(refused.least.is_some());
    let path = FromScratch {
        model: ModelChoice::Id("llama-2-7b".to_owned()),
        rig: RigRequest::new("rtx-3090"),
        tokens: None,
        money: MoneyRequest::default(),
    };
    let stages = from_scratch(&CATALOG, &path).unwrap().stages;
    let here = stages.first().and_then(|stage| stage.here.as_ref()).expect("a time");
    assert!(here.time > Seconds::new(2.0 * YEAR) && here.plan.late && says(&here.plan, ReasonCode::Late), "{:?}", here.time);
    assert_eq!(here.plan.comfort, Comfort::Offloaded);
}

/// Of plans that all take years the price does not decide.
#[test]
fn what_takes_a_thousand_years_is_not_before_what_takes_three() {
    let mut asked = Goal::new("deepseek-v3", JobKind::Pretrain);
    asked.rig.count = Some(Counts::One(32.0));
    let ranked = advise(&CATALOG, &asked).unwrap().ranked;
    let times: Vec<f64> = ranked.iter().map(|plan| plan.figures.time.total.get() / YEAR).collect();
    let quickest = times.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(quickest > 0.4, "none is done when people expect it: {times:?}");
    assert!(times.first().is_some_and(|first| *first < 2.0 * quickest), "{times:?}");
}

/// DeepSeek-V3 (arXiv 2412.19437): 16 stages, experts over 64 cards, 57 days on 2,048 H800 in FP8. Llama 3 405B (arXiv 2407.21783): 16 slices
/// and stages, 54 days on 16,384 H100.
#[test]
fn large_clusters_train_the_batch_they_are_asked_to() {
    let trained = |model: &str, count: u32, batch: f64, length: f64, tokens: f64| {
        let mut asked = goal(model, JobKind::Pretrain, "h100-sxm", count);
        (asked.job.global_batch, asked.job.sequence_length, asked.job.tokens) = (Some(batch), Some(length), Some(tokens));
        let own = planned(&asked);
        assert_eq!(own.setup.job.global_batch as f64, batch, "{model}: {:?}", own.setup.recipe.parallel);
        (own.figures.time.total.get() / 86_400.0, own.setup.recipe.parallel)
    };
    let (days, cut) = trained("deepseek-v3", 2048, 15_360.0, 4096.0, 14.8e12);
    assert!(days < 150.0 && cut.pipeline > 8, "{days} days, {cut:?}");
    let (days, cut) = trained("llama-3.1-405b", 16_384, 2048.0, 8192.0, 15.6e12);
    assert!(days < 180.0 && cut.data <= 2048, "{days} days, {cut:?}");
}
