//! Serving many users: no split of the cards into replicas, slices and stages does better by its own estimate than the planned one.

use std::sync::LazyLock;
use whichcard::catalog::Catalog;
use whichcard::estimate::evaluate;
use whichcard::plan::{CardChoices, Counts, Goal, Objective, Outcome, Plan, ReasonCode, advise, plan};
use whichcard::request::{CardChoice, JobKind, Parallel, ParallelRequest, Setup, Stack, resolve};
use whichcard::text::Lang;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).unwrap());

fn goal(model: &str, card: &str, count: u32, users: f64) -> Goal {
    let mut goal = Goal::new(model, JobKind::Inference);
    goal.objective = Objective::Fastest;
    goal.rig.card = Some(CardChoices::One(CardChoice::Id(card.to_owned())));
    goal.rig.count = Some(Counts::One(f64::from(count)));
    goal.job.concurrency = Some(users);
    goal
}

fn planned(goal: &Goal) -> Plan {
    match plan(&CATALOG, goal).unwrap() {
        Outcome::Planned(plan) => *plan,
        Outcome::Rejected(rejected) => panic!("{:?}", rejected.reason),
    }
}

/// Whether vLLM cuts every layer of a model into so many slices, by the heads that its configuration states.
fn slices(heads: u32, kv_heads: u32, slices: u32) -> bool {
    heads.is_multiple_of(slices) && (kv_heads.is_multiple_of(slices) || slices.is_multiple_of(kv_heads))
}

/// The same setup in every other split of its cards.
fn others(setup: &Setup, heads: (u32, u32)) -> Vec<Setup> {
    let count = setup.rig.count;
    let degrees = || (1..=count).filter(|degree| count.is_multiple_of(*degree));
    let mut others = Vec::new();
    for data in degrees() {
        for tensor in degrees().filter(|tensor| count.is_multiple_of(data * tensor) && slices(heads.0, heads.1, *tensor)) {
            for expert in degrees()
                .filter(|expert| *expert == 1 || setup.model.experts().is_some_and(|of| of.is_multiple_of((*expert).into())))
            {
                let pipeline = count / data / tensor;
                if (count / pipeline).is_multiple_of(expert) {
                    let mut other = setup.clone();
                    other.recipe.parallel = Parallel { data, tensor, pipeline, expert, ..Parallel::default() };
                    others.push(other);
                }
            }
        }
    }
    others
}

#[test]
fn no_split_of_the_cards_serves_faster_than_the_planned_one() {
    let table = [
        ("qwen2.5-7b", "rtx-4090", 8, 64.0, (28, 4)),
        ("qwen3-14b", "rtx-3090", 6, 64.0, (40, 8)),
        ("llama-3.1-8b", "rtx-4090", 8, 256.0, (32, 8)),
        ("llama-3.1-8b", "rtx-5090", 4, 128.0, (32, 8)),
        ("llama-3.1-70b", "rtx-pro-6000-blackwell", 8, 64.0, (64, 8)),
        ("gpt-oss-120b", "h100-sxm", 8, 128.0, (64, 8)),
        ("deepseek-v3", "h100-sxm", 6, 64.0, (128, 128)),
        ("qwen2.5-72b", "rtx-3090", 6, 16.0, (64, 8)),
    ];
    for (model, card, count, users, heads) in table {
        let plan = planned(&goal(model, card, count, users));
        assert_eq!(plan.setup.recipe.stack, Stack::Vllm, "{model}");
        let best = plan.figures.time.total.get();
        let tried = others(&plan.setup, heads);
        assert!(
            tried.iter().any(|other| other.recipe.parallel == plan.setup.recipe.parallel),
            "{model}: {:?}",
            plan.setup.recipe.parallel
        );
        for other in tried {
            let figures = evaluate(&other);
            let time = figures.time.total.get();
            let loses = figures.memory.verdict > plan.figures.memory.verdict || time >= best * (1.0 - 1e-9);
            assert!(
                loses,
                "{model} on {count} x {card}: {best} in {:?}, {time} in {:?}",
                plan.setup.recipe.parallel, other.recipe.parallel
            );
        }
    }
}

/// Small models are copied to every card, and what one card does not hold is cut among no more cards than it takes.
#[test]
fn many_users_are_shared_among_replicas() {
    for (model, card, count, users, replicas) in [
        ("qwen2.5-7b", "rtx-4090", 8, 64.0, 8),
        ("llama-3.1-8b", "rtx-4090", 4, 256.0, 4),
        ("gpt-oss-20b", "h100-sxm", 8, 128.0, 8),
    ] {
        let plan = planned(&goal(model, card, count, users));
        assert_eq!(plan.setup.recipe.parallel.data, replicas, "{model}: {:?}", plan.setup.recipe);
        let said = plan.reasons.iter().find(|reason| reason.code == ReasonCode::SharedOut).expect("the layout in words");
        assert!(said.say(Lang::En).contains(&format!("{replicas} replicas work side by side.")), "{}", said.say(Lang::En));
    }
    // One user is one request, which no second replica answers.
    assert_eq!(planned(&goal("qwen2.5-7b", "rtx-4090", 8, 1.0)).setup.recipe.parallel.data, 1);
}

/// Where 64 heads are not shared by six, three stages of two slices each answer one reader, and many, sooner than six stages.
#[test]
fn cards_that_do_not_divide_the_heads_are_cut_both_ways() {
    for users in [1.0, 16.0] {
        let layout = planned(&goal("qwen2.5-72b", "rtx-3090", 6, users)).setup.recipe.parallel;
        assert!(layout.tensor > 1 && layout.pipeline > 1, "{users}: {layout:?}");
    }
}

/// Four stages with a batch each answer four times as many requests as one card does, at nearly its pace; one request, and a few that are one batch,
/// go through them in turn. llama.cpp has one batch.
#[test]
fn stages_work_on_different_batches_where_many_are_answered() {
    let speed = |stack: Stack, stages: f64, users: f64, prompt: f64| {
        let mut request = whichcard::request::Request::new("llama-3.1-8b", JobKind::Inference, "a100-sxm-80gb");
        request.rig.count = Some(stages);
        request.recipe.stack = Some(stack);
        request.recipe.parallel = Some(ParallelRequest { pipeline: Some(stages), ..ParallelRequest::default() });
        (request.job.concurrency, request.job.prompt) = (Some(users), Some(prompt));
        let time = evaluate(&resolve(&CATALOG, &request).unwrap()).time;
        (time.main.tokens_per_second, time.prefill.unwrap().seconds_per_step.get())
    };
    let four = speed(Stack::Vllm, 4.0, 64.0, 1000.0);
    let (alone, all) = (speed(Stack::Vllm, 1.0, 16.0, 1000.0), speed(Stack::Vllm, 1.0, 64.0, 1000.0));
    assert!(four.0 < 4.0 * alone.0 && four.0 > 3.0 * alone.0, "{four:?} {alone:?}");
    assert!(four.1 > all.1 / 4.0 && four.1 < all.1 / 3.0, "{four:?} {all:?}");
    for (users, prompt) in [(1.0, 8000.0), (4.0, 100.0)] {
        let (staged, whole) = (speed(Stack::Vllm, 4.0, users, prompt), speed(Stack::Vllm, 1.0, users, prompt));
        assert!(staged.0 <= whole.0 && staged.0 > 0.9 * whole.0, "{users}: {staged:?} {whole:?}");
    }
    let (staged, whole) = (speed(Stack::LlamaCpp, 4.0, 64.0, 1000.0), speed(Stack::LlamaCpp, 1.0, 64.0, 1000.0));
    assert!(staged.0 <= whole.0, "{staged:?} {whole:?}");
}

/// A budget for several cards buys what answers all users soonest.
#[test]
fn four_cards_with_a_replica_each_are_found_within_a_budget() {
    let mut wide = Goal::new("llama-3.1-8b", JobKind::Inference);
    wide.objective = Objective::Fastest;
    wide.rig.budget = Some(30_000.0);
    wide.job.concurrency = Some(256.0);
    let first = advise(&CATALOG, &wide).unwrap().ranked.swap_remove(0);
    let four = planned(&goal("llama-3.1-8b", "rtx-4090", 4, 256.0));
    assert!(first.figures.time.total <= four.figures.time.total, "{:?} {:?}", first.figures.time.total, four.figures.time.total);
}

/// Every factor of a layout is named, and none that is one.
#[test]
fn the_sentence_about_a_layout_names_every_factor() {
    let mut long = Goal::new("llama-3-8b", JobKind::Pretrain);
    long.rig.card = Some(CardChoices::One(CardChoice::Id("a100-sxm-80gb".to_owned())));
    long.rig.count = Some(Counts::One(8.0));
    long.job.sequence_length = Some(65_536.0);
    long.recipe.stack = Some(Stack::Megatron);
    long.recipe.parallel = Some(ParallelRequest { tensor: Some(4.0), context: Some(2.0), ..ParallelRequest::default() });
    let plan = planned(&long);
    let said = plan.reasons.iter().find(|reason| reason.code == ReasonCode::CutOverCards).expect("the layout in words");
    let sentence = said.say(Lang::En);
    assert!(
        sentence.ends_with("8 cards, which needs Megatron. Each layer is cut into 4 slices. Each sequence is cut into 2 pieces."),
        "{sentence}"
    );
}

/// One request waits for every stage in turn, and each hands its part on; slices within a stage divide the work.
#[test]
fn slices_within_stages_are_timed_together() {
    let time = |tensor: f64, pipeline: f64| {
        let mut request = whichcard::request::Request::new("llama-3.3-70b", JobKind::Inference, "a100-sxm-80gb");
        request.rig.count = Some(tensor * pipeline);
        request.recipe.stack = Some(Stack::Vllm);
        request.recipe.parallel =
            Some(ParallelRequest { tensor: Some(tensor), pipeline: Some(pipeline), ..ParallelRequest::default() });
        evaluate(&resolve(&CATALOG, &request).unwrap()).time.total.get()
    };
    let (sliced, staged, both) = (time(2.0, 1.0), time(1.0, 2.0), time(2.0, 2.0));
    assert!(both > sliced && both < 1.02 * sliced, "stages cost no more than handing on: {both} {sliced}");
    assert!(both < 0.7 * staged, "{both} {staged}");
}
