//! Advice that nobody shakes their head at: no quality given away for nothing, no card that takes
//! another machine, no limp called an answer.

use std::sync::{Arc, LazyLock};
use whichcard::card::{Brand, Form};
use whichcard::catalog::Catalog;
use whichcard::estimate::Verdict;
use whichcard::plan::{
    Advice, CardChoices, Comfort, Counts, Fact, Goal, Objective, Outcome, Plan, ReasonCode, Sacrifice, abilities, advise, plan,
    smallest_changes, upgrades,
};
use whichcard::request::{
    CacheFormat, CardChoice, JobKind, Keyword, Optimizer, OptimizerKernel, Precision, Request, Rig, WeightFormat, resolve,
};
use whichcard::text::Lang;
use whichcard::units::Bytes;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).unwrap());

/// One card of the catalogue.
fn one(card: &str) -> Rig {
    Rig::new(Arc::clone(CATALOG.card(card).unwrap()), 1)
}

fn goal(model: &str, kind: &str, cards: &[&str]) -> Goal {
    let mut goal = Goal::new(model, JobKind::from_name(kind).unwrap());
    if !cards.is_empty() {
        goal.rig.card = Some(CardChoices::Any(cards.iter().map(|id| CardChoice::Id((*id).to_owned())).collect()));
        goal.rig.count = Some(Counts::One(1.0));
    }
    goal
}

fn asked(goal: &Goal) -> Advice {
    advise(&CATALOG, goal).unwrap()
}

fn says(plan: &Plan, code: ReasonCode) -> bool {
    plan.reasons.iter().any(|reason| reason.code == code)
}

/// A few thousandths of the time are no reason for four bits, states of eight bits or a smaller cache.
#[test]
fn nothing_is_given_up_for_what_nobody_notices() {
    for objective in [Objective::Fastest, Objective::LeastEnergy, Objective::BestValue, Objective::CheapestPerJob] {
        let first = |model, kind, card| {
            let mut goal = goal(model, kind, &[card]);
            goal.objective = objective;
            goal.money.tariff_per_kwh = Some(0.2);
            asked(&goal).ranked.remove(0)
        };
        let image = first("flux.1-dev", "inference", "rtx-pro-6000-blackwell").setup.recipe.weights;
        assert_eq!(image, WeightFormat::Bf16, "{objective:?}");
        let trained = first("resnet-50", "pretrain", "rtx-4090");
        let recipe = (trained.setup.recipe.optimizer, trained.setup.recipe.precision);
        assert_eq!(recipe, (Optimizer::Adamw, Precision::Bf16Autocast), "{objective:?}");
        assert_eq!(first("gpt-oss-20b", "inference", "rtx-5090").setup.recipe.kv_cache, CacheFormat::Fp16, "{objective:?}");
        // What brings much is taken, and said not to be for memory.
        let chat = first("llama-3-8b", "inference", "rtx-4090");
        assert!(
            chat.setup.recipe.weights.block_bytes() < 1.0 && says(&chat, ReasonCode::Quantised),
            "{objective:?} {:?}",
            chat.reasons
        );
    }
}

#[test]
fn saving_memory_is_the_reason_only_where_memory_was_short() {
    let mut said = 0;
    for model in ["llama-3.2-1b", "gpt2", "resnet-50"] {
        for &objective in Objective::ALL {
            let mut goal = goal(model, "pretrain", &[]);
            goal.objective = objective;
            for plan in asked(&goal).ranked.iter().filter(|plan| says(plan, ReasonCode::SmallOptimizer)) {
                let mut wide = plan.setup.clone();
                (wide.recipe.optimizer, wide.recipe.optimizer_kernel) = (Optimizer::Adamw, OptimizerKernel::Fused);
                let needs = whichcard::estimate::memory(&wide).verdict;
                assert!(needs > plan.figures.memory.verdict, "{model} on {}", plan.setup.rig.card.id);
                said += 1;
            }
        }
    }
    assert!(said > 0);
}

/// NF4 with its scales quantised too, and one sequence at a time, take 5 GiB less than the fastest recipe that may fit.
#[test]
fn where_nothing_surely_fits_the_likeliest_is_taken() {
    let mut goal = goal("llama-3.3-70b", "qlora", &["rtx-a6000"]);
    goal.job.sequence_length = Some(512.0);
    let advice = asked(&goal);
    let plan = &advice.ranked[0];
    assert_eq!((plan.comfort, plan.setup.recipe.micro_batch), (Comfort::Tight, 1));
    assert_eq!(plan.setup.recipe.weights, WeightFormat::Nf4Double);
}

/// Several cards make several clips, but one no faster; and a minute over the limit is within what an estimate is off by.
#[test]
fn more_cards_for_nothing_come_last() {
    let advice = asked(&goal("wan2.2-t2v-a14b", "inference", &[]));
    let fits: Vec<&Plan> = advice.ranked.iter().filter(|plan| plan.figures.memory.verdict == Verdict::Fits).collect();
    let on_cards: Vec<&&Plan> = fits.iter().filter(|plan| plan.comfort == Comfort::Fits).collect();
    assert!(on_cards.is_sorted_by_key(|plan| says(plan, ReasonCode::AddsNothing)));
    assert!(on_cards.iter().all(|plan| (plan.setup.rig.count == 1) != says(plan, ReasonCode::AddsNothing)));
    let limit = advice.patience.unwrap();
    for plan in &advice.ranked {
        assert_eq!(plan.late, plan.figures.time.total > limit, "{}", plan.setup.rig.card.id);
    }
}

#[test]
fn main_memory_ends_where_machines_do() {
    let mut small = goal("llama-3.1-405b", "inference", &[]);
    small.rig.budget = Some(100.0);
    // What a desktop has no room for runs beside the main memory of a server alone, and not soon.
    assert!(asked(&small).ranked.iter().all(|plan| plan.late && says(plan, ReasonCode::NeedsBoard)));
    small.rig.machine.host_memory = Some(192.0);
    let refused = asked(&small);
    assert!(refused.ranked.is_empty() && refused.rejected.iter().any(|one| one.reason.code == ReasonCode::TooLittleMainMemory));
    let mut crowd = goal("qwen3-8b", "inference", &[]);
    crowd.job.concurrency = Some(100_000.0);
    assert!(asked(&crowd).ranked.iter().all(|plan| plan.comfort != Comfort::Offloaded));
    let large = asked(&goal("qwen3-235b-a22b", "inference", &[]));
    let hosted: Vec<_> = large.ranked.iter().filter(|plan| plan.comfort == Comfort::Offloaded).collect();
    assert!(!hosted.is_empty());
    for plan in hosted {
        let card = &plan.setup.rig.card;
        // The most that such a machine takes, less 8 GiB for the system.
        let most = match card.form {
            Form::Laptop => 88.0,
            _ => 2040.0 * f64::from(plan.setup.rig.machines()),
        };
        assert!(plan.figures.memory.host <= Bytes::gib(most), "{}", card.id);
    }
}

/// Whoever has a GeForce is offered what goes into the same machine, and recipes that the offered card runs.
#[test]
fn other_cards_go_where_the_present_ones_are() {
    let mut offered = 0;
    for (model, kind, card) in
        [("llama-3-8b", "qlora", "rtx-3050-6gb"), ("llama-3-8b", "lora", "rtx-4060"), ("llama-3.3-70b", "qlora", "rtx-3090")]
    {
        let setup = resolve(&CATALOG, &Request::new(model, JobKind::from_name(kind).unwrap(), card)).unwrap();
        let changes = smallest_changes(&CATALOG, &setup);
        for change in changes.iter().filter(|change| change.sacrifice == Sacrifice::Hardware && change.setup.rig.card.id != card) {
            let (other, recipe) = (&change.setup.rig.card, &change.setup.recipe);
            assert!(other.features().current_pytorch, "{model}: {}", other.id);
            assert!(other.form == Form::Desktop && other.brand != Brand::DataCenter, "{model}: {}", other.id);
            assert!(!recipe.precision.name().starts_with("bf16") || other.features().bf16, "{model}: {}", other.id);
            offered += 1;
        }
    }
    assert!(offered >= 3, "only {offered} offers");
}

#[test]
fn more_memory_is_offered_in_cards_that_people_build_in_and_for_models_they_can_get() {
    for id in ["rtx-3060-12gb", "rtx-3090", "rtx-4090"] {
        let rig = one(id);
        let money = resolve(&CATALOG, &Request::new("llama-3-8b", JobKind::Inference, id)).unwrap().money;
        let found = upgrades(&CATALOG, &rig, &money, &abilities(&CATALOG, &rig));
        assert!(found.iter().any(|upgrade| upgrade.card.id != id), "{id}");
        for upgrade in found {
            let other = &upgrade.card;
            assert!(other.features().current_pytorch && other.brand != Brand::DataCenter, "{id}: {}", other.id);
            for (_, model) in &upgrade.unlocks {
                assert!(!CATALOG.origin(&model.id).unwrap().closed, "{id}: {}", model.id);
            }
        }
    }
}

/// LLM.int8 makes images less than half as fast as 16 bits: 27 s against 12 on an H100 (Hugging Face, "Exploring
/// Quantization Backends in Diffusers"); NF4 as fast.
#[test]
fn eight_bits_of_bitsandbytes_are_slow() {
    let seconds = |weights: WeightFormat| {
        let mut goal = goal("flux.1-dev", "inference", &["h100-sxm"]);
        goal.recipe.weights = Some(weights);
        asked(&goal).ranked[0].figures.time.total.get()
    };
    let plain = seconds(WeightFormat::Bf16);
    assert!((1.8..2.7).contains(&(seconds(WeightFormat::Int8) / plain)), "{} {plain}", seconds(WeightFormat::Int8));
    assert!((0.9..1.1).contains(&(seconds(WeightFormat::Nf4) / plain)));
}

/// Who asks for desktop cards has a case: eight of a small card, which need an open frame, follow what goes into one.
#[test]
fn a_frame_of_cards_follows_what_goes_into_a_case() {
    let mut goal = goal("llama-2-70b", "qlora", &[]);
    goal.rig.form_factors = Some(vec![Form::Desktop]);
    let ranked = asked(&goal).ranked;
    let first = &ranked[0];
    assert!(!says(first, ReasonCode::NeedsFrame), "{} x {}", first.setup.rig.count, first.setup.rig.card.id);
    assert!(ranked.iter().any(|plan| says(plan, ReasonCode::NeedsFrame)), "none needs a frame: the test says nothing");
}

/// Prices are read month by month, so the list says from when they are.
#[test]
fn prices_of_different_months_are_told_of() {
    let note = |objective, cards: &[&str]| {
        let mut goal = goal("llama-3-8b", "qlora", cards);
        goal.objective = objective;
        asked(&goal).notes.iter().find(|note| note.code == ReasonCode::PriceMonths).map(|note| note.say(Lang::En))
    };
    let said = note(Objective::CheapestToBuy, &[]).unwrap();
    assert!(said.contains(" from 20") && said.contains(" to 20"), "{said}");
    assert_eq!(note(Objective::Fastest, &[]), None, "no price decides");
    assert_eq!(note(Objective::CheapestToBuy, &["rtx-4090"]), None, "one card has prices of one month");
}

/// Nobody uses what writes a third as fast as people read, so no headline names it, and no advice to save money.
#[test]
fn what_main_memory_makes_possible_is_named_where_somebody_would_use_it() {
    let mut named = 0;
    for card in ["gtx-1650-laptop", "rtx-3050-laptop", "rtx-4060", "rtx-3090"] {
        let card = CATALOG.card(card).unwrap();
        for ability in abilities(&CATALOG, &Rig::new(Arc::clone(card), 1)) {
            let Some(place) = ability.largest_with_main_memory.filter(|_| ability.kind == JobKind::Inference) else { continue };
            let (model, run) = (&ability.models[place].model, ability.models[place].run.as_deref().unwrap());
            let rate = run.time.main.tokens_per_second;
            assert!(!model.reads_text() || rate > 3.8, "{} on {}: {rate}", model.id, card.id);
            named += 1;
        }
    }
    assert!(named > 1, "only {named}");
    for (model, told) in [("llama-3.1-70b", false), ("gpt-oss-120b", true)] {
        assert_eq!(says(&asked(&goal(model, "inference", &[])).ranked[0], ReasonCode::CheaperWithMainMemory), told, "{model}");
    }
}

/// Slices of every layer over several cards answer one user sooner than stages, which take
/// turns; who asks for the fastest gets them.
#[test]
fn one_user_of_several_cards_gets_slices() {
    for (model, card, count) in
        [("llama-3.1-405b", "h100-sxm", 8.0), ("deepseek-v3", "h100-sxm", 8.0), ("llama-3.1-70b", "h200-sxm", 4.0)]
    {
        let of = |objective| {
            let mut goal = goal(model, "inference", &[card]);
            (goal.objective, goal.rig.count) = (objective, Some(Counts::One(count)));
            asked(&goal).ranked.remove(0)
        };
        let (quick, usual) = (of(Objective::Fastest), of(Objective::CheapestToBuy));
        assert_eq!(f64::from(quick.setup.recipe.parallel.tensor), count, "{model}");
        assert!(quick.figures.time.total <= usual.figures.time.total, "{model}");
    }
}

/// Turing-NLG fits a 1080 Ti in four bits, and nobody can download it.
#[test]
fn what_was_never_published_is_only_trained_from_scratch() {
    let all = abilities(&CATALOG, &one("h200"));
    for ability in all {
        let closed = ability.models.iter().filter(|one| !CATALOG.is_published(&one.model.id)).count();
        assert_eq!(closed > 0, ability.kind == JobKind::Pretrain, "{:?}: {closed}", ability.kind);
    }
}

/// Any card that holds the cache of so long a prompt would be praised for a text that the model cannot read.
#[test]
fn more_text_than_a_model_was_made_for_is_told_first() {
    let asked_of = |prompt: f64| {
        let mut goal = Goal::new("llama-3-8b", JobKind::Inference);
        goal.job.prompt = Some(prompt);
        goal
    };
    let told = |goal: &Goal| advise(&CATALOG, goal).unwrap().notes.first().map(|note| (note.code, note.say(Lang::En)));
    let (code, sentence) = told(&asked_of(128_000.0)).unwrap();
    assert!(code == ReasonCode::BeyondContext && sentence.contains("8,192"), "{sentence}");
    assert!(told(&asked_of(4_000.0)).is_some_and(|(code, _)| code != ReasonCode::BeyondContext));
    let mut alone = asked_of(128_000.0);
    alone.rig.card = Some(CardChoices::One(CardChoice::Id("h200-sxm".to_owned())));
    alone.rig.count = Some(Counts::One(1.0));
    let Outcome::Planned(plan) = plan(&CATALOG, &alone).unwrap() else { panic!("it holds the cache") };
    assert_eq!(plan.reasons.first().map(|reason| reason.code), Some(ReasonCode::BeyondContext));
}

/// A card that is cheaper by less than the board and the processor that it needs is no offer.
#[test]
fn a_board_of_a_server_is_offered_only_where_it_is_saved() {
    let mut offered = 0;
    for model in ["deepseek-v3", "qwen3-30b-a3b", "gpt-oss-20b", "qwq-32b", "llama-3.3-70b", "gpt-oss-120b"] {
        let first = &advise(&CATALOG, &Goal::new(model, JobKind::Inference)).unwrap().ranked[0];
        for reason in first.reasons.iter().filter(|reason| reason.code == ReasonCode::CheaperWithServerBoard) {
            let saved = reason.args.iter().find_map(|(_, fact)| if let Fact::Money(by) = fact { Some(by.amount) } else { None });
            assert!(saved.is_some_and(|saved| saved >= 1_300.0), "{model}: {saved:?}");
            offered += 1;
        }
    }
    assert!(offered > 0);
}
