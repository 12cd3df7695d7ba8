//! Where answers end: what a country, a board, a socket and a price allow, and that what is said of it is true.

use std::sync::LazyLock;
use whichcard::card::Form;
use whichcard::catalog::Catalog;
use whichcard::estimate::evaluate;
use whichcard::plan::{
    Advice, CardChoices, Comfort, Counts, Goal, Objective, Plan, ReasonCode, Rejected, Sacrifice, advise, machine, smallest_changes,
};
use whichcard::request::{CardChoice, JobKind, Keyword, Request, resolve};
use whichcard::units::{Bytes, Currency};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).unwrap());

fn goal(model: &str, kind: &str) -> Goal {
    Goal::new(model, JobKind::from_name(kind).unwrap())
}

fn on(mut goal: Goal, cards: &[&str], count: f64) -> Goal {
    goal.rig.card = Some(CardChoices::Any(cards.iter().map(|id| CardChoice::Id((*id).to_owned())).collect()));
    goal.rig.count = Some(Counts::One(count));
    goal
}

fn says(plan: &Plan, code: ReasonCode) -> bool {
    plan.reasons.iter().any(|reason| reason.code == code)
}

fn refused<'a>(advice: &'a Advice, card: &'a str) -> impl Iterator<Item = &'a Rejected> {
    advice.rejected.iter().filter(move |one| one.card.id == card)
}

/// The codes a card is refused with, each once.
fn codes(advice: &Advice, card: &str) -> Vec<ReasonCode> {
    let mut codes: Vec<ReasonCode> = refused(advice, card).map(|one| one.reason.code).collect();
    codes.dedup();
    codes
}

/// Most jobs cost cents: a limit below one unit of money is a limit.
#[test]
fn a_job_may_be_limited_to_cents() {
    let mut cheap = goal("qwen3-4b", "qlora");
    cheap.rig.job_budget = Some(0.02);
    let advice = advise(&CATALOG, &cheap).unwrap();
    assert!(advice.rejected.iter().any(|one| one.reason.code == ReasonCode::TooDear), "cents are too few for some cards");
    cheap.rig.job_budget = Some(0.001);
    assert_eq!(advise(&CATALOG, &cheap).unwrap_err().field, "rig.jobBudget");
}

#[test]
fn a_budget_of_the_price_that_is_shown_buys_the_card() {
    let mut tuned = goal("qwen2.5-7b", "qlora");
    tuned.money.currency = Some(Currency::Cny);
    let first = &advise(&CATALOG, &tuned).unwrap().ranked[0];
    let price = first.price().unwrap().money;
    assert_ne!(price.amount, price.amount.round(), "the price is converted, and shown without its cents");
    let (name, shown) = (first.setup.rig.card.id.clone(), price.amount.round());
    tuned.rig.budget = Some(shown);
    assert_eq!(advise(&CATALOG, &tuned).unwrap().ranked[0].setup.rig.card.id, name, "within {shown}");
    tuned.rig.budget = Some(shown - 1.0);
    assert_ne!(advise(&CATALOG, &tuned).unwrap().ranked[0].setup.rig.card.id, name, "within {}", shown - 1.0);
}

/// Server modules, which need a server, do not go before cards whose main memory needs one.
#[test]
fn a_larger_budget_never_costs_time_or_energy() {
    let asked = [
        ("deepseek-v3", "inference"),
        ("qwen3-30b-a3b", "full-finetune"),
        ("llama-3.1-70b", "full-finetune"),
        ("llama-3.1-70b", "inference"),
    ];
    for (model, kind) in asked {
        for objective in [Objective::Fastest, Objective::LeastEnergy] {
            let mut goal = goal(model, kind);
            (goal.objective, goal.rig.country, goal.money.currency) = (objective, Some("CN".to_owned()), Some(Currency::Cny));
            let mut before: Option<(Comfort, u32, f64)> = None;
            for budget in [7_000.0, 14_000.0, 35_000.0, 70_000.0, 200_000.0, 1_000_000.0] {
                goal.rig.budget = Some(budget);
                let advice = advise(&CATALOG, &goal).unwrap();
                let Some(first) = advice.ranked.first() else { continue };
                let (time, energy) = (first.figures.time.total.get(), first.figures.energy.wall_joules.get());
                let figure = if objective == Objective::Fastest { time } else { energy };
                let narrow = !first.setup.trains() && (1.0..2.0).contains(&first.setup.recipe.weights.block_bytes());
                let own = figure * 1.05_f64.powi(i32::from(first.compromises) + i32::from(narrow));
                let late = advice.patience.map_or(0, |wait| (time / wait.get()).log2().ceil().max(0.0) as u32);
                let lasting = before.filter(|(comfort, then, _)| (*comfort, *then) == (first.comfort, late));
                assert!(
                    lasting.is_none_or(|(.., least)| own <= least),
                    "{model} {kind} by {objective:?} for {budget}: {own} after {before:?}"
                );
                before = Some((first.comfort, late, own));
            }
            assert!(before.is_some(), "{model} {kind}");
        }
    }
}

#[test]
fn a_larger_budget_never_makes_the_fastest_slower() {
    for (model, kind) in [("llama-2-7b", "full-finetune"), ("llama-3-8b", "qlora"), ("resnet-50", "pretrain")] {
        let mut goal = goal(model, kind);
        goal.objective = Objective::Fastest;
        let mut before = f64::MAX;
        for budget in [500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 20_000.0] {
            goal.rig.budget = Some(budget);
            let advice = advise(&CATALOG, &goal).unwrap();
            let Some(first) = advice.ranked.first() else { continue };
            // Each thing that is given up counts as five percent.
            let own = first.figures.time.total.get() * 1.05_f64.powi(i32::from(first.compromises));
            assert!(own <= before, "{model} {kind} {budget}: {own} s after {before} s");
            before = own;
        }
        assert!(before < f64::MAX, "{model} {kind}");
    }
}

#[test]
fn what_does_better_by_the_objective_alone_is_named_with_its_drawback() {
    let mut goal = goal("llama-2-7b", "full-finetune");
    goal.objective = Objective::BestValue;
    goal.rig.budget = Some(2_000.0);
    let advice = advise(&CATALOG, &goal).unwrap();
    let work = |plan: &Plan| plan.price().unwrap().money.amount * plan.figures.time.total.get();
    let first = &advice.ranked[0];
    let dropped = advice.ranked.iter().filter(|plan| says(plan, ReasonCode::OldSoftware) && !plan.has_stale_price());
    assert!(dropped.map(work).fold(f64::MAX, f64::min) < work(first) * 0.9);
    assert!(says(first, ReasonCode::AheadBut), "{:?}", first.reasons);
}

#[test]
fn a_country_bars_a_card_whether_the_rig_or_the_money_says_it() {
    let china = |country: Option<&str>, currency: Currency| {
        let mut goal = goal("llama-3-8b", "qlora");
        goal.rig.country = country.map(str::to_owned);
        goal.money.currency = Some(currency);
        advise(&CATALOG, &goal).unwrap()
    };
    for advice in [china(Some("CN"), Currency::Usd), china(None, Currency::Cny)] {
        for card in ["b200", "h200-sxm", "a800-sxm-80gb", "h800-pcie"] {
            assert_eq!(codes(&advice, card), [ReasonCode::NotSoldNew], "{card}");
        }
        let used = advice.ranked.iter().find(|plan| plan.setup.rig.card.id == "rtx-4090").unwrap();
        assert!(says(used, ReasonCode::OnlyUsed), "{:?}", used.reasons);
    }
    assert_eq!(codes(&china(Some("US"), Currency::Usd), "a800-sxm-80gb"), [ReasonCode::SoldOnlyIn]);
}

#[test]
fn main_memory_is_the_boards_and_a_large_board_is_said_to_be_needed() {
    let mut asked = goal("deepseek-r1", "inference");
    asked.rig.count = Some(Counts::One(1.0));
    let advice = advise(&CATALOG, &asked).unwrap();
    let one = advice.ranked.iter().find(|plan| plan.setup.rig.card.id == "rtx-4090").unwrap();
    assert_eq!(one.comfort, Comfort::Offloaded);
    assert!(one.figures.memory.host > Bytes::gib(184.0) && says(one, ReasonCode::NeedsBoard), "{:?}", one.reasons);
    assert!(advice.ranked.iter().all(|plan| plan.setup.rig.card.form != Form::Laptop));
    let small = advise(&CATALOG, &on(goal("qwen3-30b-a3b", "inference"), &["rtx-3060-12gb"], 1.0)).unwrap();
    assert!(small.ranked.iter().all(|plan| !says(plan, ReasonCode::NeedsBoard)));
}

#[test]
fn a_card_that_has_bf16_is_not_said_to_lack_it() {
    let said = |model: &str, card: &str| {
        let advice = advise(&CATALOG, &on(goal(model, "pretrain"), &[card], 1.0)).unwrap();
        says(&advice.ranked[0], ReasonCode::NoBf16Fp32)
    };
    assert!(!said("3dgs-inria", "rtx-3090") && !said("nerfacto", "rtx-4070"));
    assert!(said("resnet-50", "gtx-1080-ti"));
}

#[test]
fn more_cards_are_no_answer_to_a_scene_that_one_has_no_room_for() {
    let mut scene = goal("3dgs-inria", "pretrain");
    (scene.money.currency, scene.rig.budget) = (Some(Currency::Cny), Some(6_000.0));
    let advice = advise(&CATALOG, &scene).unwrap();
    let short: Vec<&Rejected> = advice.rejected.iter().filter(|one| one.reason.code == ReasonCode::TooLarge).collect();
    assert!(!short.is_empty());
    for one in short {
        assert_eq!(refused(&advice, &one.card.id).count(), 1, "{}", one.card.id);
    }
}

#[test]
fn another_card_costs_its_price() {
    let setup = resolve(&CATALOG, &Request::new("llama-3-8b", JobKind::Qlora, "rtx-2060")).unwrap();
    let changes = smallest_changes(&CATALOG, &setup);
    let mut others = 0;
    for change in changes.iter().filter(|change| change.sacrifice == Sacrifice::Hardware) {
        let Some(cost) = change.extra_cost else { continue };
        assert!(cost.amount > 0.0, "{:?} {}", change.what, cost.amount);
        others += u32::from(change.setup.rig.card.id != setup.rig.card.id);
    }
    assert!(others > 0, "{:?}", changes.iter().map(|change| &change.what).collect::<Vec<_>>());
}

#[test]
fn a_supply_gets_the_voltage_that_it_gives_its_rating_at() {
    let of = |card: &str, country: &str| {
        let mut request = Request::new("llama-3-8b", JobKind::Qlora, card);
        request.rig.count = Some(2.0);
        request.money.country = Some(country.to_owned());
        let setup = resolve(&CATALOG, &request).unwrap();
        let machine = machine(&CATALOG, &setup, &evaluate(&setup));
        (machine.power_supply_watts.unwrap().get(), machine.circuit.unwrap().volts)
    };
    assert_eq!(of("rtx-5090", "US"), (2_000.0, 240));
    assert_eq!(of("rtx-3090", "US"), (1_250.0, 120));
    assert_eq!(of("rtx-5090", "DE"), (2_000.0, 230));
}
