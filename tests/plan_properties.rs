//! What holds of advice whatever is asked: more money never buys less, limits only take away, order does not matter.

use proptest::prelude::*;
use std::sync::LazyLock;
use whichcard::card::{Brand, Form};
use whichcard::catalog::Catalog;
use whichcard::catalog::file::File;
use whichcard::estimate::{Verdict, memory};
use whichcard::plan::{Advice, CardChoices, Comfort, Counts, Goal, Objective, Plan, ReasonCode, advise};
use whichcard::request::{
    CardChoice, Checkpointing, Condition, JobKind, Keyword, ModelChoice, Offload, ParallelRequest, Precision, Request, Sharding,
    Stack, WeightFormat, resolve,
};
use whichcard::units::Currency;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).unwrap());

fn rigs(advice: &Advice) -> Vec<(String, u32)> {
    advice.ranked.iter().map(|plan| (plan.setup.rig.card.id.clone(), plan.setup.rig.count)).collect()
}

const MODELS: [&str; 6] = ["bert-base", "gpt2", "llama-3.2-1b", "llama-3-8b", "llama-2-70b", "resnet-50"];
const MORE_MODELS: [&str; 4] = ["gpt-oss-120b", "deepseek-v3", "sdxl-base", "whisper-small"];
const COUNTS: [&[f64]; 5] = [&[1.0], &[2.0], &[1.0, 2.0], &[8.0], &[1.0, 16.0]];

prop_compose! {
    fn some_goal()(model in prop::sample::select([&MODELS[..], &MODELS, &MORE_MODELS].concat()), kind in prop::sample::select(JobKind::ALL),
                   objective in prop::sample::select(Objective::ALL), deadline in prop::option::of(1.0..10_000.0_f64),
                   tokens in 1e5..1e9_f64, counts in prop::option::of(prop::sample::select(&COUNTS)),
                   condition in prop::option::of(prop::sample::select(Condition::ALL)), rent in prop::option::weighted(0.2, 0.1..20.0_f64),
                   currency in prop::sample::select(Currency::ALL)) -> Goal {
        let mut goal = Goal::new(model, CATALOG.model(model).unwrap().nearest(kind));
        goal.objective = objective;
        goal.job.tokens = Some(tokens);
        goal.rig.deadline_hours = deadline;
        goal.rig.count = counts.map(|counts| Counts::Any(counts.to_vec()));
        goal.rig.condition = condition;
        goal.money.rent_per_hour = rent;
        goal.money.tariff_per_kwh = Some(0.2);
        // Yuan are money of China, where some cards are not sold.
        (goal.money.currency, goal.money.country) = (Some(currency), Some("001".to_owned()));
        goal
    }
}

/// What a plan is judged by: its class, weightiest first, and its figure.
type Judged = (u8, bool, u32, ([bool; 5], u8), f64);

/// What the first plan is judged by, if there is one.
fn best(advice: &Advice, objective: Objective) -> Option<Judged> {
    let first = advice.ranked.first()?;
    let time = first.figures.time.total.get();
    let price = first.price().map(|price| price.money.amount);
    // Each thing a recipe gives up counts as five percent; weights of eight bits, which give up nothing, as one more.
    let narrow = !first.setup.trains() && (1.0..2.0).contains(&first.setup.recipe.weights.block_bytes());
    let moved = &first.setup.recipe;
    let hosted = first.setup.trains() && (moved.checkpointing == Checkpointing::Host || moved.offload != Offload::None);
    let given_up = 1.05_f64.powi(i32::from(first.compromises) + i32::from(narrow) + i32::from(hosted));
    let value = match objective {
        Objective::CheapestToBuy => price,
        Objective::CheapestPerJob => first.job_cost.map(|cost| cost.amount),
        Objective::Fastest => Some(time),
        Objective::LeastEnergy => Some(first.figures.energy.wall_joules.get()),
        Objective::BestValue => price.map(|price| price * time),
    };
    let stale = first.has_stale_price() && !matches!(objective, Objective::Fastest | Objective::LeastEnergy);
    let uncertain = first.figures.memory.verdict != Verdict::Fits;
    let (recipe, card) = (&first.setup.recipe, &first.setup.rig.card);
    // Weights that wait where they are loaded are no last resort.
    let chosen = first.reasons.iter().any(|reason| reason.code == ReasonCode::OffloadedForSpeed);
    // BF16 alone from nothing stands among what is offloaded, behind what is late alike.
    let pure = first.setup.job.kind == JobKind::Pretrain && recipe.precision == Precision::Bf16Pure;
    let kept = match first.comfort {
        Comfort::Offloaded if !chosen => 2,
        _ if pure => 2,
        _ => u8::from(recipe.weights == WeightFormat::Iq4Xs),
    };
    let spared = first.setup.adapters_only() && recipe.lora.rank < 16 && objective != Objective::CheapestToBuy;
    let buying = matches!(objective, Objective::CheapestToBuy | Objective::BestValue);
    let money = buying || objective == Objective::CheapestPerJob;
    let dropped = money && recipe.stack != Stack::LlamaCpp && !card.features().current_pytorch;
    let board = first.reasons.iter().any(|reason| reason.code == ReasonCode::NeedsBoard);
    let module = buying && card.form == Form::Sxm;
    let fanless = buying && card.brand == Brand::DataCenter && card.form == Form::Pcie;
    let covered = u32::from(card.slots.unwrap_or(0)) * first.setup.rig.count.min(8);
    let frame = buying && covered > 8;
    let machine = if module {
        3
    } else if fanless || objective == Objective::CheapestToBuy && board {
        2
    } else {
        u8::from(frame)
    };
    let late = advice.patience.map_or(0.0, |wait| (time / wait.get()).log2().ceil().max(0.0));
    let class = ([pure, spared, price.is_none(), stale, dropped], machine);
    let given_up = if objective == Objective::CheapestToBuy { 1.0 } else { given_up };
    Some((kept, uncertain, late as u32, class, value.map_or(f64::MAX, |value| value * given_up)))
}

/// A handful of cases each time; `PROPTEST_CASES` asks for more.
fn some_cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: if std::env::var_os("PROPTEST_CASES").is_some() { usual.cases } else { 24 }, ..usual }
}

proptest! {
    #![proptest_config(some_cases())]

    #[test]
    fn more_budget_never_makes_the_best_worse(goal in some_goal(), less in 100.0..20_000.0_f64, factor in 1.0..20.0_f64) {
        let with = |budget| {
            let mut goal = goal.clone();
            goal.rig.budget = Some(budget);
            best(&advise(&CATALOG, &goal).unwrap(), goal.objective)
        };
        let (small, large) = (with(less), with(less * factor));
        if let Some(small) = small {
            prop_assert!(large.is_some_and(|large| large <= small), "{small:?} {large:?}");
        }
    }

    #[test]
    fn constraints_only_take_away(goal in some_goal(), watts in 100.0..3_000.0_f64, country in prop::option::of(Just("CN"))) {
        let free = rigs(&advise(&CATALOG, &goal).unwrap());
        let mut tight = goal;
        tight.rig.max_watts = Some(watts);
        tight.rig.form_factors = Some(vec![Form::Desktop, Form::Pcie]);
        tight.rig.country = country.map(str::to_owned);
        tight.rig.budget = Some(5_000.0);
        tight.rig.machine.host_memory = Some(64.0);
        for rig in rigs(&advise(&CATALOG, &tight).unwrap()) {
            // A country also brings the cards that are sold nowhere else.
            let sold_there = CATALOG.card(&rig.0).is_some_and(|card| card.sold_only_in.is_some() && card.sold_only_in.as_deref() == country);
            prop_assert!(sold_there || free.contains(&rig), "{rig:?}");
        }
    }

    /// Whoever takes new and used cards alike has every rig that is there for those who want one of them.
    #[test]
    fn a_condition_only_takes_away(goal in some_goal(), budget in prop::option::of(100.0..60_000.0_f64), currency in prop::sample::select(Currency::ALL)) {
        let with = |condition| {
            let mut goal = goal.clone();
            (goal.rig.condition, goal.rig.budget, goal.money.currency) = (Some(condition), budget, Some(currency));
            rigs(&advise(&CATALOG, &goal).unwrap())
        };
        let any = with(Condition::Any);
        for condition in [Condition::New, Condition::Used] {
            for rig in with(condition) {
                prop_assert!(any.contains(&rig), "{rig:?} {condition:?}");
            }
        }
    }

    #[test]
    fn every_rig_is_either_ranked_or_refused(goal in some_goal()) {
        let advice = advise(&CATALOG, &goal).unwrap();
        let laptops = CATALOG.cards().iter().filter(|card| card.form == Form::Laptop).count();
        // Three and six cards share the layers of a language model.
        let writes = !matches!(&goal.model, ModelChoice::Id(id) if matches!(id.as_str(), "bert-base" | "resnet-50" | "sdxl-base" | "whisper-small"));
        let usual: &[f64] = if writes && goal.job.kind == JobKind::Inference { &[1.0, 2.0, 3.0, 4.0, 6.0, 8.0] } else { &[1.0, 2.0, 4.0, 8.0] };
        let counts = goal.rig.count.as_ref().map_or(usual, Counts::as_slice);
        // A laptop has one card: more are not listed beside that.
        let of_laptops = if counts[0] == 1.0 { 1 } else { counts.len() };
        let expected = (CATALOG.cards().len() - laptops) * counts.len() + laptops * of_laptops;
        prop_assert_eq!(advice.ranked.len() + advice.rejected.len(), expected);
    }

    #[test]
    fn the_front_has_no_plan_that_another_beats(goal in some_goal()) {
        let advice = advise(&CATALOG, &goal).unwrap();
        let money = |plan: &Plan| match goal.objective {
            Objective::CheapestPerJob => plan.job_cost.map(|cost| cost.amount),
            _ => plan.price().map(|price| price.money.amount),
        };
        for plan in advice.pareto.iter().map(|place| &advice.ranked[*place]) {
            let (own, time) = (money(plan).unwrap(), plan.figures.time.total);
            let beaten = advice.ranked.iter().filter(|other| other.is_dependable()).any(|other| {
                money(other).is_some_and(|amount| amount < own && other.figures.time.total <= time)
            });
            prop_assert!(!beaten);
        }
    }

    #[test]
    fn the_order_of_the_catalogue_does_not_matter(goal in some_goal(), turn in 1..160_usize) {
        let mut file = File::from_json(include_str!("../catalog.json")).unwrap();
        file.cards.rotate_left(turn);
        let turned = Catalog::from_file(file).unwrap();
        prop_assert_eq!(rigs(&advise(&CATALOG, &goal).unwrap()), rigs(&advise(&turned, &goal).unwrap()));
    }

    #[test]
    fn a_card_that_is_better_in_everything_is_not_ranked_below_at_the_same_price(
        goal in some_goal(), more in 1.01..2.0_f64,
        id in prop::sample::select(vec!["gtx-1080-ti", "rtx-2080", "rtx-3060-12gb", "rtx-4060", "rtx-3090", "a100-pcie-40gb"]),
        other in prop::option::of(prop::sample::select(vec!["mixtral-8x7b", "qwen3-30b-a3b", "whisper-small"])),
        length in prop::option::of(prop::sample::select(vec![128.0, 512.0, 4_096.0, 32_768.0])), requests in prop::sample::select(vec![1.0, 4.0, 64.0]),
    ) {
        for &objective in Objective::ALL {
            let mut goal = goal.clone();
            if let Some(model) = other {
                goal.model = ModelChoice::Id(model.to_owned());
                goal.job.kind = CATALOG.model(model).unwrap().nearest(goal.job.kind);
            }
            (goal.job.sequence_length, goal.job.prompt, goal.job.concurrency) = (length, length, Some(requests));
            goal.objective = objective;
            prop_assert_eq!(overtaken(&goal, id, more), Vec::<String>::new());
        }
    }

    /// The stages share ever more: optimizer states, then gradients, then weights. What gathering them takes is counted against it.
    #[test]
    fn sharing_more_never_takes_more_memory_on_a_card(
        model in prop::sample::select(&MODELS), kind in prop::sample::select(JobKind::ALL), count in 2..9_u32, micro in 1..5_u32,
        card in prop::sample::select(vec!["rtx-2080-ti", "rtx-3090", "h100-sxm"]), checkpointing in prop::bool::ANY,
    ) {
        let kind = CATALOG.model(model).unwrap().nearest(kind);
        prop_assume!(kind != JobKind::Inference);
        let needs = |sharding: Sharding| {
            let mut request = Request::new(model, kind, card);
            request.rig.count = Some(f64::from(count));
            request.recipe.micro_batch = Some(f64::from(micro));
            request.recipe.checkpointing = Checkpointing::from_name(if checkpointing { "full" } else { "none" });
            request.recipe.parallel = Some(ParallelRequest { sharding: Some(sharding), ..ParallelRequest::default() });
            memory(&resolve(&CATALOG, &request).unwrap())
        };
        let [ddp, one, two] = [Sharding::Ddp, Sharding::Zero1, Sharding::Zero2].map(needs);
        prop_assert!(one.total <= ddp.total && two.total <= one.total, "{ddp:?} {one:?} {two:?}");
        let three = needs(Sharding::Zero3);
        // Gradients count where the peak is the optimizer's step, and not where it is the backward pass before it.
        prop_assert!(three.weights <= two.weights, "{three:?} {two:?}");
        // Beside frozen weights there may be too little to share to pay for gathering.
        let adapters = matches!(kind, JobKind::Lora | JobKind::Qlora);
        prop_assert!(adapters || three.total <= ddp.total, "{three:?} {ddp:?}");
    }
}

/// A goal as the generator writes them.
fn goal(model: &str, kind: JobKind, objective: Objective, tokens: f64) -> Goal {
    let mut goal = Goal::new(model, kind);
    goal.objective = objective;
    goal.job.tokens = Some(tokens);
    goal.money.tariff_per_kwh = Some(0.2);
    goal
}

/// The better card waited for the other cards where the worse one waited for the host, and the whole of the step was charged by the
/// longest wait.
#[test]
fn what_a_card_waits_for_most_does_not_decide_the_energy_of_the_rest() {
    let mut goal = goal("whisper-small", JobKind::FullFinetune, Objective::LeastEnergy, 158_647_537.0);
    goal.job.sequence_length = Some(128.0);
    assert_eq!(overtaken(&goal, "rtx-2080", 1.700_08), Vec::<String>::new());
}

/// The roomier card was kept from cutting the model as finely as the smaller one did, and was the slower for it.
#[test]
fn a_roomier_card_may_cut_a_model_as_finely_as_a_smaller_one() {
    let goal = goal("llama-3.2-1b", JobKind::FullFinetune, Objective::Fastest, 75_906_692.0);
    assert_eq!(overtaken(&goal, "a100-pcie-40gb", 1.617), Vec::<String>::new());
}

/// Of two offloaded plans the one that only may fit took larger passes and stood above the one that surely does.
#[test]
fn an_offloaded_plan_that_surely_fits_stands_before_one_that_may_not() {
    let goal = goal("llama-2-70b", JobKind::Pretrain, Objective::BestValue, 898_272_462.0);
    assert_eq!(overtaken(&goal, "a100-pcie-40gb", 1.156), Vec::<String>::new());
}

/// A described card with faster memory was taken for one with HBM, whose small products reach a smaller share of the peak.
#[test]
fn fast_memory_alone_makes_no_server_chip() {
    let goal = goal("llama-3-8b", JobKind::Inference, Objective::CheapestPerJob, 1e8);
    assert_eq!(overtaken(&goal, "rtx-3090", 1.422_765), Vec::<String>::new());
}

/// The better card had room for 16-bit weights, which answer slower than anybody reads, and stood behind the worse one, which had
/// not.
#[test]
fn a_better_card_does_not_lose_by_taking_weights_too_wide_for_its_speed() {
    let mut goal = goal("llama-3-8b", JobKind::Inference, Objective::CheapestToBuy, 1e8);
    goal.rig.count = Some(Counts::One(1.0));
    // 256 tokens may take 111 seconds. At 35 GB/s eight bits a weight take about 70, sixteen 140.
    let slow = |name: &str, gib: f64, gbs: f64| -> CardChoice {
        whichcard::document::read(&serde_json::json!({
            "name": name, "vramGib": gib, "bandwidthGbs": gbs, "tensorTflops": 20.0, "computeCapability": "8.6", "tdpWatts": 70.0,
        }))
        .unwrap()
    };
    goal.money.card_price = Some(200.0);
    goal.rig.card = Some(CardChoices::Any(vec![slow("small", 12.0, 35.0), slow("large", 20.0, 36.0)]));
    let advice = advise(&CATALOG, &goal).unwrap();
    let first = &advice.ranked[0];
    assert!(first.setup.rig.card.name == "large" && !first.late, "{} late {}", first.setup.rig.card.name, first.late);
}

/// Eight of the better card did on a desktop's board, slowly, what four do on a server's; they counted as needless and stood last.
#[test]
fn fewer_cards_on_a_larger_board_do_not_make_more_of_them_needless() {
    let goal = goal("qwen3-30b-a3b", JobKind::Pretrain, Objective::Fastest, 100_000.0);
    assert_eq!(overtaken(&goal, "rtx-3060-12gb", 1.551_344), Vec::<String>::new());
}

/// Numbers of cards of which the better card stands below the worse one at the same price.
fn overtaken(goal: &Goal, id: &str, more: f64) -> Vec<String> {
    let mut goal = goal.clone();
    goal.money.card_price = Some(1_000.0);
    goal.money.rent_per_hour = Some(1.0);
    goal.rig.count = Some(Counts::Any(vec![1.0, 2.0, 4.0, 8.0]));
    goal.rig.card = Some(CardChoices::Any(vec![custom(&CATALOG, id, 1.0), custom(&CATALOG, id, more)]));
    let advice = advise(&CATALOG, &goal).unwrap();
    let place = |factor: f64, count: u32| {
        let name = format!("card x {factor}");
        advice.ranked.iter().position(|plan| plan.setup.rig.card.name == name && plan.setup.rig.count == count)
    };
    // More of the better card may add nothing to fewer of it, and come last for that.
    let place_of_better =
        |most: u32| [1, 2, 4, 8].into_iter().filter(|count| *count <= most).filter_map(|count| place(more, count)).min();
    let beaten = |count: &u32| place(1.0, *count).is_some_and(|worse| place_of_better(*count).is_none_or(|better| worse < better));
    [1, 2, 4, 8].iter().filter(|count| beaten(count)).map(|count| format!("{count} x {id}")).collect()
}

/// A card like one of the catalogue with memory, bandwidth and arithmetic scaled.
fn custom(catalog: &Catalog, id: &str, factor: f64) -> CardChoice {
    let card = catalog.card(id).unwrap();
    whichcard::document::read(&serde_json::json!({
        "name": format!("card x {factor}"),
        "vramGib": card.vram.as_gib() * factor,
        "bandwidthGbs": card.bandwidth.as_giga() * factor,
        "tensorTflops": card.peaks.tensor_fp16_acc32.or(card.peaks.fp32).unwrap().as_tera() * factor,
        "computeCapability": format!("{}.{}", card.compute_capability.0, card.compute_capability.1),
        "tdpWatts": card.tdp.get(),
    }))
    .unwrap()
}

/// The worse card was late in a desktop and so tried a server's board, on which it overtook the better one, which was in time without.
#[test]
fn a_board_for_more_main_memory_puts_no_card_before_a_better_one() {
    for requests in [1.0, 4.0] {
        let mut goal = goal("llama-2-70b", JobKind::Inference, Objective::CheapestToBuy, 1e7);
        (goal.job.prompt, goal.job.concurrency) = (Some(128.0), Some(requests));
        assert_eq!(overtaken(&goal, "rtx-3060-12gb", 1.9), Vec::<String>::new(), "{requests}");
    }
}
