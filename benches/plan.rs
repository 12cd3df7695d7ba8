//! How long the planner takes: a page has 16 ms for a frame.

use divan::{Bencher, black_box};
use whichcard::catalog::Catalog;
use whichcard::plan::{Goal, Objective, abilities, advise, smallest_changes};
use whichcard::request::{JobKind, Keyword, Request, resolve};
use whichcard::units::Bytes;

fn main() {
    divan::main();
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
    let card = catalog.card(card).expect("a card");
    bencher.bench(|| abilities(black_box(&catalog), black_box(card), 1, Bytes::ZERO));
}

/// What would make 16-bit LoRA of an 8B model fit 8 GB.
#[divan::bench]
fn changes(bencher: Bencher) {
    let catalog = catalog();
    let setup = resolve(&catalog, &Request::new("llama-3-8b", JobKind::Lora, "rtx-4060")).expect("a valid request");
    bencher.bench(|| smallest_changes(black_box(&catalog), black_box(&setup)));
}
