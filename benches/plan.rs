//! How long the planner takes: a page has 16 ms for a frame. Before the benchmarks comes a table of the frame and of how much is skipped.

use divan::{Bencher, black_box};
use std::sync::Arc;
use std::time::Instant;
use whichcard::catalog::Catalog;
use whichcard::plan::{Effort, Goal, Objective, abilities, advise, effort, smallest_changes};
use whichcard::request::{JobKind, Keyword, Request, Rig, resolve};

fn main() {
    if !std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        frames();
    }
    divan::main();
}

/// A frame of a page, in milliseconds.
const FRAME: f64 = 16.0;

/// The whole catalogue, one to eight of each card: milliseconds on this machine, what that is of a frame, and what the estimator is
/// asked for of what there is to ask. WebAssembly built for speed takes some five thirds of it, built for size five halves.
fn frames() {
    let catalog = catalog();
    println!("{:<36} {:>8} {:>8} {:>20} {:>20}", "model, job, objective", "ms", "frames", "memories asked", "times asked");
    for (model, kind, users) in [
        ("llama-3-8b", "qlora", 1.0),
        ("llama-3-8b", "pretrain", 1.0),
        ("llama-2-70b", "inference", 1.0),
        ("llama-3-8b", "inference", 64.0),
        ("llama-3.2-1b", "full-finetune", 1.0),
        ("whisper-small", "pretrain", 1.0),
        ("gpt2", "pretrain", 1.0),
    ] {
        for &objective in Objective::ALL {
            let mut goal = Goal::new(model, JobKind::from_name(kind).expect("a kind of job"));
            goal.job.concurrency = Some(users);
            goal.objective = objective;
            goal.money.tariff_per_kwh = Some(0.2);
            let taken = |_| {
                let start = Instant::now();
                drop(black_box(advise(&catalog, &goal)));
                start.elapsed().as_secs_f64() * 1e3
            };
            let milliseconds = (0..9).map(taken).fold(f64::INFINITY, f64::min);
            let Effort { memories, times } = effort(&catalog, &goal).expect("a valid goal");
            let share = |(asked, all): (u32, u32)| format!("{asked} ({:.0} %)", 100.0 * f64::from(asked) / f64::from(all.max(1)));
            let name = format!("{model} {kind} {users} {}", objective.name());
            println!("{name:<36} {milliseconds:>8.1} {:>8.2} {:>20} {:>20}", milliseconds / FRAME, share(memories), share(times));
        }
    }
}

fn catalog() -> Catalog {
    Catalog::from_json(include_str!("../catalog.json")).expect("the catalogue is valid")
}

/// The whole catalogue of cards, 1 to 8 of each, for one goal.
#[divan::bench(args = ["qlora", "lora", "full-finetune", "pretrain", "inference"])]
fn advise_for_llama_3_8b(bencher: Bencher, kind: &str) {
    let catalog = catalog();
    let goal = Goal::new("llama-3-8b", JobKind::from_name(kind).expect("a kind of job"));
    bencher.bench(|| advise(black_box(&catalog), black_box(&goal)));
}

/// The same by every objective.
#[divan::bench(args = ["cheapest-to-buy", "cheapest-per-job", "fastest", "least-energy", "best-value"])]
fn advise_by_objective(bencher: Bencher, objective: &str) {
    let catalog = catalog();
    let mut goal = Goal::new("llama-3-8b", JobKind::Qlora);
    goal.objective = Objective::from_name(objective).expect("an objective");
    goal.money.tariff_per_kwh = Some(0.2);
    bencher.bench(|| advise(black_box(&catalog), black_box(&goal)));
}

/// Questions with the largest spaces: a global batch with many divisors, every method, and costs to weigh.
#[divan::bench(args = [("gpt2", "pretrain"), ("qwen3-30b-a3b", "full-finetune"), ("resnet-50", "pretrain")])]
fn advise_for_the_largest_spaces(bencher: Bencher, (model, kind): (&str, &str)) {
    let catalog = catalog();
    let mut goal = Goal::new(model, JobKind::from_name(kind).expect("a kind of job"));
    goal.objective = Objective::CheapestPerJob;
    goal.money.tariff_per_kwh = Some(0.2);
    bencher.bench(|| advise(black_box(&catalog), black_box(&goal)));
}

/// All models in all kinds of job on one card.
#[divan::bench(args = ["rtx-4060", "rtx-4090", "h200-sxm"])]
fn abilities_of(bencher: Bencher, card: &str) {
    let catalog = catalog();
    let rig = Rig::new(Arc::clone(catalog.card(card).expect("a card")), 1);
    bencher.bench(|| abilities(black_box(&catalog), black_box(&rig)));
}

/// What would make 16-bit LoRA of an 8B model fit 8 GB.
#[divan::bench]
fn changes(bencher: Bencher) {
    let catalog = catalog();
    let setup = resolve(&catalog, &Request::new("llama-3-8b", JobKind::Lora, "rtx-4060")).expect("a valid request");
    bencher.bench(|| smallest_changes(black_box(&catalog), black_box(&setup)));
}
