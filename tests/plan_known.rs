//! Answers that everybody knows: what runs where, from papers, documentation and long experience.

use std::sync::LazyLock;
use whichcard::card::Brand;
use whichcard::catalog::Catalog;
use whichcard::plan::{CardChoices, Comfort, Counts, Goal, Objective, Outcome, Plan, ReasonCode, advise, plan};
use whichcard::request::{CardChoice, Checkpointing, JobKind, Keyword, Offload, Optimizer, Parallel, WeightFormat};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).unwrap());

fn goal(model: &str, kind: &str, card: &str, count: u32) -> Goal {
    let mut goal = Goal::new(model, JobKind::from_name(kind).unwrap());
    goal.rig.card = Some(CardChoices::One(CardChoice::Id(card.to_owned())));
    goal.rig.count = Some(Counts::One(f64::from(count)));
    goal
}

/// How the best plan runs; `None` where there is none.
fn comfort(goal: &Goal) -> Option<Comfort> {
    match plan(&CATALOG, goal).unwrap() {
        Outcome::Planned(plan) => Some(plan.comfort),
        Outcome::Rejected(_) => None,
    }
}

/// Model, job, card, number, and whether it stays on the cards.
const KNOWN: &[(&str, &str, &str, u32, bool)] = &[
    // QLoRA (arXiv 2305.14314): 13B on 16 GB and 33B on 24 GB are why it exists; 65B on 48 GB is its title.
    ("llama-2-7b", "qlora", "rtx-4060", 1, true),
    ("llama-2-13b", "qlora", "rtx-4060-ti-16gb", 1, true),
    // 8B on 8 GB is what Unsloth's tables promise.
    ("llama-3.1-8b", "qlora", "rtx-3070", 1, true),
    ("llama-3-8b", "qlora", "rtx-4060", 1, true),
    ("llama-2-70b", "qlora", "rtx-a6000", 1, true),
    ("llama-2-70b", "qlora", "rtx-3060-12gb", 1, false),
    // 16-bit weights of 7B are 13 GB: LoRA takes 24 GB, not 12.
    ("llama-2-7b", "lora", "rtx-3090", 1, true),
    ("llama-2-7b", "lora", "rtx-3060-12gb", 1, false),
    // Sixteen bytes a weight: 7B on one 80 GB card with small states, 13B on eight.
    ("llama-2-7b", "full-finetune", "a100-sxm-80gb", 1, true),
    ("llama-2-13b", "full-finetune", "a100-sxm-80gb", 8, true),
    ("llama-2-70b", "full-finetune", "rtx-4090", 8, false),
    // Four bits: 8B on 8 GB, 70B on two cards of 24 GB, not on one.
    ("llama-3-8b", "inference", "rtx-4060", 1, true),
    ("llama-2-70b", "inference", "rtx-3090", 2, true),
    ("llama-2-70b", "inference", "rtx-3090", 1, false),
    ("mixtral-8x7b", "inference", "rtx-3060-12gb", 1, false),
    // Small models train on small cards.
    ("bert-base", "full-finetune", "rtx-4060", 1, true),
    ("bert-base", "full-finetune", "rtx-2080", 1, true),
    ("bert-large", "full-finetune", "rtx-3070", 1, true),
    ("gpt2", "pretrain", "rtx-3060-12gb", 1, true),
    ("resnet-50", "pretrain", "rtx-2080", 1, true),
    ("whisper-small", "full-finetune", "rtx-3060-12gb", 1, true),
];

#[test]
fn what_everybody_knows_is_answered() {
    let wrong: Vec<String> = KNOWN
        .iter()
        .filter_map(|&(model, kind, card, count, stays)| {
            let mut goal = goal(model, kind, card, count);
            goal.job.sequence_length = (goal.job.kind != JobKind::Inference && model.starts_with("llama")).then_some(512.0);
            let found = comfort(&goal);
            let on_cards = matches!(found, Some(Comfort::Fits | Comfort::Tight));
            (on_cards != stays).then(|| format!("{model} {kind} on {count} x {card}: {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn seven_billion_on_24_gb_needs_small_states_recomputation_and_care() {
    let plain = |optimizer, checkpointing| {
        let mut goal = goal("llama-2-7b", "full-finetune", "rtx-4090", 1);
        goal.recipe.optimizer = Some(optimizer);
        goal.recipe.checkpointing = Some(checkpointing);
        goal.recipe.offload = Some(Offload::None);
        // As torchtune's recipe for this card: one short sequence a step, updated during the backward pass.
        goal.job.sequence_length = Some(512.0);
        goal.job.global_batch = Some(1.0);
        comfort(&goal)
    };
    assert_eq!(plain(Optimizer::Adamw, Checkpointing::Full), None);
    assert_eq!(plain(Optimizer::Adamw8bit, Checkpointing::None), None);
    assert!(plain(Optimizer::PagedAdamw8bit, Checkpointing::Full).is_some());
}

/// Answer.AI's FSDP-QLoRA tuned 70B on two 24 GB cards with weights in host memory; one such card cannot.
#[test]
fn seventy_billion_tunes_on_two_cards_of_24_gb_or_one_of_48() {
    let tuned = |card: &str, count: u32| comfort(&goal("llama-2-70b", "qlora", card, count));
    assert!(tuned("rtx-3090", 2).is_some());
    assert!(matches!(tuned("rtx-a6000", 1), Some(Comfort::Fits | Comfort::Tight)));
    assert!(!matches!(tuned("rtx-3090", 1), Some(Comfort::Fits | Comfort::Tight)));
}

/// What people own: a laptop, or a desktop, if need be in an open frame, with GeForce or TITAN cards. It trains 70 billion with
/// adapters, and by no objective and no method 175 billion: to load these takes more main memory than a desktop's board, so every
/// rig that does it says that it needs a board of workstations or servers, however many cards there are and however they are held.
#[test]
fn nobody_owns_what_trains_175_billion() {
    let owned: Vec<CardChoice> = CATALOG
        .cards()
        .iter()
        .filter(|card| matches!(card.brand, Brand::Geforce | Brand::Titan))
        .map(|card| CardChoice::Id(card.id.clone()))
        .collect();
    let rigs = |model: &str, kind: JobKind, objective: Objective| -> Vec<String> {
        let mut goal = Goal::new(model, kind);
        goal.objective = objective;
        goal.rig.card = Some(CardChoices::Any(owned.clone()));
        goal.rig.count = Some(Counts::Any(vec![1.0, 2.0, 3.0, 4.0, 6.0, 8.0]));
        let needs = |plan: &&Plan, code: ReasonCode| plan.reasons.iter().any(|reason| reason.code == code);
        let plans = advise(&CATALOG, &goal).unwrap().ranked;
        let owned = plans.iter().filter(|plan| !needs(plan, ReasonCode::NeedsBoard));
        owned.map(|plan| format!("{} x {}", plan.setup.rig.count, plan.setup.rig.card.id)).collect()
    };
    for &objective in Objective::ALL {
        for kind in [JobKind::Pretrain, JobKind::FullFinetune, JobKind::Lora, JobKind::Qlora] {
            assert_eq!(rigs("gpt3-175b", kind, objective), Vec::<String>::new(), "{kind:?} by {objective:?}");
        }
    }
    let seventy = rigs("llama-2-70b", JobKind::Qlora, Objective::CheapestToBuy);
    assert!(seventy.contains(&"2 x rtx-3090".to_owned()) && seventy.contains(&"2 x rtx-4090".to_owned()), "{seventy:?}");
}

/// Whoever has more main memory than a desktop takes is believed.
#[test]
fn two_cards_with_enough_main_memory_adapt_175_billion() {
    let mut goal = goal("gpt3-175b", "qlora", "rtx-5090", 2);
    match plan(&CATALOG, &goal).unwrap() {
        Outcome::Rejected(rejected) => assert_eq!(rejected.reason.code, ReasonCode::TooLittleMainMemory),
        Outcome::Planned(plan) => panic!("{:?}", plan.setup.recipe),
    }
    goal.rig.machine.host_memory = Some(512.0);
    assert_eq!(comfort(&goal), Some(Comfort::Offloaded));
}

#[test]
fn less_memory_is_answered_with_fewer_bits_and_no_fewer_than_needed() {
    let bits = |card: &str| match plan(&CATALOG, &goal("llama-3-8b", "inference", card, 1)).unwrap() {
        Outcome::Planned(plan) => plan.setup.recipe.weights,
        Outcome::Rejected(rejected) => panic!("{:?}", rejected.reason),
    };
    // Eight bits answer as sixteen do, and faster.
    assert_eq!(bits("rtx-4090"), WeightFormat::Q8_0);
    assert_eq!(bits("rtx-3060-12gb"), WeightFormat::Q8_0);
    assert!(matches!(bits("rtx-4060"), WeightFormat::Q6K | WeightFormat::Q5KM), "{:?}", bits("rtx-4060"));
}

#[test]
fn several_cards_are_cut_as_their_links_allow() {
    let cut = |card: &str| {
        let mut goal = goal("llama-2-7b", "pretrain", card, 8);
        goal.objective = whichcard::plan::Objective::Fastest;
        match plan(&CATALOG, &goal).unwrap() {
            Outcome::Planned(plan) => plan.setup.recipe.parallel,
            Outcome::Rejected(rejected) => panic!("{:?}", rejected.reason),
        }
    };
    let bus = cut("rtx-4090");
    assert_eq!(bus.data * bus.tensor * bus.pipeline, 8);
    assert_eq!(bus.tensor, 1, "slices of every layer are no match for a bus without peer-to-peer: {bus:?}");
}

/// How training is cut on so many of a card, as fast as can be.
fn fastest_cut(model: &str, kind: &str, card: &str, count: u32, length: f64) -> Parallel {
    let mut goal = goal(model, kind, card, count);
    goal.objective = whichcard::plan::Objective::Fastest;
    goal.job.sequence_length = Some(length);
    match plan(&CATALOG, &goal).unwrap() {
        Outcome::Planned(plan) => plan.setup.recipe.parallel,
        Outcome::Rejected(rejected) => panic!("{:?}", rejected.reason),
    }
}

/// Mixtures of experts are trained with their experts spread over the cards of a server (Megatron Core's guide for MoE); models
/// without experts cannot be.
#[test]
fn experts_are_spread_over_the_cards_of_a_server() {
    for (model, card, count) in
        [("mixtral-8x7b", "h100-sxm", 16), ("qwen3-30b-a3b", "h200-sxm", 8), ("lfm2-8b-a1b", "a100-sxm-80gb", 8)]
    {
        let cut = fastest_cut(model, "full-finetune", card, count, 2048.0);
        assert!(cut.expert > 1 && cut.data.is_multiple_of(cut.expert), "{model}: {cut:?}");
    }
    assert_eq!(fastest_cut("llama-3-8b", "full-finetune", "h200-sxm", 8, 2048.0).expert, 1);
}

/// A context that leaves a card few sequences is cut into pieces (ring attention, arXiv 2310.01889), a short one never.
#[test]
fn long_contexts_are_cut_into_pieces() {
    assert!(fastest_cut("llama-3.2-3b", "full-finetune", "h100-sxm", 8, 32_768.0).context > 1);
    assert_eq!(fastest_cut("llama-3.2-3b", "full-finetune", "h100-sxm", 8, 2048.0).context, 1);
}

/// Between machines the network decides, within one it does not matter.
#[test]
fn a_slow_network_slows_what_takes_several_machines() {
    let hours = |count: u32, gbps: Option<f64>| {
        let mut goal = goal("llama-2-7b", "full-finetune", "rtx-4090", count);
        goal.rig.machine.network_gbps = gbps;
        match plan(&CATALOG, &goal).unwrap() {
            Outcome::Planned(plan) => plan.figures.time.total.as_hours(),
            Outcome::Rejected(rejected) => panic!("{:?}", rejected.reason),
        }
    };
    assert_eq!(hours(8, Some(1.0)), hours(8, Some(400.0)));
    assert!(hours(16, Some(1.0)) > 3.0 * hours(16, Some(400.0)));
    assert_eq!(hours(16, None), hours(16, Some(10.0)), "boards have ports of 10 Gb/s");
}
