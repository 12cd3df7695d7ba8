//! The working shown beside every number: put in, it gives the number, and every symbol is explained in every language.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use whichcard::catalog::Catalog;
use whichcard::estimate::{Estimate, Step, estimate, evaluate as figures_of, publication, unit_of, value_of};
use whichcard::plan::{FromScratch, Goal, Outcome, from_scratch, job_cost_steps, machine, machine_steps, plan, scratch_steps};
use whichcard::request::{JobKind, Offload, Request, Stack, resolve};
use whichcard::text::{Lang, knows};

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::from_json(include_str!("../catalog.json")).expect("the catalogue is valid"))
}

const KINDS: [JobKind; 5] = [JobKind::Inference, JobKind::Qlora, JobKind::Lora, JobKind::FullFinetune, JobKind::Pretrain];

/// Answers over the whole catalogue: every model and every kind of job on cards of all generations, some offloaded, several at once.
fn answers() -> Vec<(String, Estimate)> {
    let cards = ["gtx-1080-ti", "tesla-v100-sxm2-32gb", "rtx-2080-ti", "rtx-3090", "rtx-4090", "h100-sxm5-80gb", "rtx-5090", "a40"];
    let mut cards = cards.into_iter().filter(|id| catalog().card(id).is_some()).cycle();
    let mut answers = Vec::new();
    for (place, model) in catalog().models().iter().enumerate() {
        for kind in KINDS {
            let mut request = Request::new(&model.id, kind, cards.next().expect("cards"));
            request.money.country = Some("DE".into());
            request.rig.count = Some(if place.is_multiple_of(3) { 4.0 } else { 1.0 });
            request.rig.machine.power_limit_watts = place.is_multiple_of(5).then_some(150.0);
            match place % 4 {
                1 if kind == JobKind::Inference => {
                    request.recipe.stack = Some(Stack::LlamaCpp);
                    request.recipe.offload = Some(Offload::Layers(3));
                }
                2 if request.job.kind != JobKind::Qlora => request.recipe.offload = Some(Offload::OptimizerAndWeights),
                _ => {}
            }
            if let Ok(mut answer) = estimate(catalog(), &request) {
                answer.explain.extend(machine_around(&request));
                answers.push((format!("{} {kind:?}", model.id), answer));
            }
        }
    }
    assert!(answers.len() > 1000, "only {}", answers.len());
    answers
}

/// The working of the machine around the cards of a request.
fn machine_around(request: &Request) -> Vec<Step> {
    let setup = resolve(catalog(), request).expect("it has been answered");
    let figures = figures_of(&setup);
    machine_steps(catalog(), &setup, &figures, &machine(catalog(), &setup, &figures))
}

#[test]
fn every_figure_of_the_machine_is_worked_out() {
    let mut seen = BTreeSet::new();
    for card in ["rtx-4090", "a100-sxm4-80gb", "gtx-1080-ti"] {
        let mut request = Request::new("llama-3-8b", JobKind::Qlora, card);
        request.money.country = Some("US".into());
        seen.extend(machine_around(&request).into_iter().map(|step| step.id));
    }
    let all = ["circuit", "disk", "heat", "hostMemory", "monthlyBill", "powerSupply", "rentOrBuy"];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all.map(|name| format!("machine.{name}")));
}

/// From nothing to serving: a small model, one whose tuning is LoRA, one without text, one that no rig here can train.
fn paths() -> Vec<(FromScratch, whichcard::plan::Path)> {
    let cases = [
        ("gpt2", "rtx-3090", 1.0),
        ("llama-2-7b", "rtx-3090", 1.0),
        ("resnet-50", "rtx-4060", 1.0),
        ("llama-3-70b", "h100-sxm5-80gb", 8.0),
    ];
    let ask = |(model, card, count): (&str, &str, f64)| {
        let Request { model, mut rig, mut money, .. } = Request::new(model, JobKind::Pretrain, card);
        rig.count = Some(count);
        money.country = Some("US".into());
        let asked = FromScratch { model, rig, tokens: None, money };
        let path = from_scratch(catalog(), &asked).expect("a path");
        (asked, path)
    };
    cases.into_iter().map(ask).collect()
}

/// The symbols of a formula.
fn symbols(formula: &str) -> BTreeSet<String> {
    let words = formula.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.'));
    words.filter(|word| *word != "exp" && word.starts_with(char::is_alphabetic)).map(str::to_owned).collect()
}

#[track_caller]
fn assert_adds_up(name: &str, step: &Step) {
    let found = value_of(&step.formula, &step.inputs).unwrap_or_else(|| panic!("{name} {}: {}", step.id, step.formula));
    let off = (found - step.value).abs();
    let same = off <= 1e-6 * step.value.abs() || off < 1e-9;
    assert!(same, "{name} {}: {} gives {found}, not {} ({:?})", step.id, step.formula, step.value, step.inputs);
    let given: BTreeSet<String> = step.inputs.keys().cloned().collect();
    assert_eq!(given.len(), step.inputs.keys().count(), "{name} {}: a symbol is put in twice", step.id);
    assert_eq!(symbols(&step.formula), given, "{name} {}: {}", step.id, step.formula);
}

#[test]
fn every_formula_gives_its_value() {
    for (name, answer) in answers() {
        answer.explain.iter().for_each(|step| assert_adds_up(&name, step));
    }
}

#[test]
fn every_figure_from_scratch_is_worked_out() {
    let mut seen = BTreeSet::new();
    for (asked, path) in paths() {
        let name = format!("{:?}", asked.model);
        for step in scratch_steps(&path) {
            assert_adds_up(&name, &step);
            for symbol in step.inputs.keys() {
                assert!(unit_of(symbol).is_some(), "{symbol} has no unit");
                let key = format!("explain.symbol.{symbol}");
                assert!(Lang::ALL.iter().all(|lang| knows(*lang, &key)), "{key}");
            }
            assert!(Lang::ALL.iter().all(|lang| knows(*lang, &format!("explain.{}", step.id))), "{}", step.id);
            seen.insert(step.id);
        }
        for stage in path.stages.iter().flat_map(|stage| stage.here.iter().chain(&stage.better)) {
            let worked = estimate(catalog(), &stage.plan.request()).expect("it was planned");
            assert_eq!(worked.time.total, stage.time, "{name}");
            assert_eq!(worked.memory, stage.memory, "{name}");
            assert_eq!(worked.energy.wall_joules, stage.energy.wall_joules, "{name}");
        }
    }
    for id in [
        "optimalTokens",
        "time",
        "text",
        "tokenFiles",
        "hostMemory",
        "total",
        "electricity",
        "rent",
        "disk",
        "files.pretrain",
        "files.inference",
    ] {
        assert!(seen.contains(&format!("scratch.{id}")), "{id}");
    }
}

#[test]
fn what_a_job_costs_is_worked_out_whether_cards_are_rented_or_owned() {
    let mut formulas = BTreeSet::new();
    for card in ["rtx-4090", "rtx-3060-12gb", "a40", "a100-sxm4-80gb", "h100-sxm5-80gb"] {
        let mut request = Request::new("llama-3-8b", JobKind::Qlora, card);
        request.money.country = Some("US".into());
        let goal = Goal::of_request(&request);
        let Ok(Outcome::Planned(found)) = plan(catalog(), &goal) else { panic!("{card} does it") };
        let steps = job_cost_steps(&found, goal.rig.life_hours);
        let [step] = &steps[..] else { panic!("a training has one price: {steps:?}") };
        assert_adds_up(card, step);
        for key in step.inputs.keys().map(|symbol| format!("symbol.{symbol}")).chain([step.id.clone()]) {
            assert!(Lang::ALL.iter().all(|lang| knows(*lang, &format!("explain.{key}"))), "{key}");
        }
        assert!(step.inputs.keys().all(|symbol| unit_of(symbol).is_some()), "{card}");
        formulas.insert(step.formula.clone());
    }
    assert_eq!(formulas.len(), 2, "{formulas:?}");
}

#[test]
fn every_symbol_has_a_unit_and_a_meaning_in_every_language() {
    let mut seen = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (_, answer) in answers() {
        seen.extend(answer.explain.iter().flat_map(|step| step.inputs.keys().cloned()));
        ids.extend(answer.explain.into_iter().map(|step| step.id));
    }
    assert!(seen.len() > 60, "only {} symbols", seen.len());
    for symbol in seen {
        assert!(unit_of(&symbol).is_some(), "{symbol} has no unit");
        for lang in Lang::ALL {
            assert!(knows(*lang, &format!("explain.symbol.{symbol}")), "{} does not say what {symbol} means", lang.tag());
        }
    }
    for id in ids {
        for lang in Lang::ALL {
            assert!(knows(*lang, &format!("explain.{id}")), "{} has no name for {id}", lang.tag());
        }
    }
}

#[test]
fn every_source_can_be_followed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = BTreeSet::new();
    for (_, answer) in answers() {
        sources.extend(answer.explain.into_iter().map(|step| step.source));
    }
    for source in sources {
        if let Some(list) = source.strip_prefix("measured: ") {
            let (keys, _) = list.split_once(" (n = ").expect("how many measurements");
            for key in keys.split(", ") {
                let (title, address) = publication(key).unwrap_or_else(|| panic!("{key} is published nowhere"));
                assert!(!title.is_empty() && address.starts_with("https://"), "{key}: {title} {address}");
            }
        } else if let Some(price) = source.strip_prefix("catalog.json#") {
            let (id, _) = price.split_once(" (").expect("a date");
            assert!(catalog().source(id).is_some(), "{id}");
        } else {
            let path = source.split('#').next().unwrap_or_default();
            assert!(root.join(path).is_file(), "{source}");
            assert_has_anchor(&std::fs::read_to_string(root.join(path)).expect("a document"), &source);
        }
    }
}

/// Headings are anchors as the forge makes them: lower case, spaces to hyphens, other marks dropped.
fn assert_has_anchor(document: &str, source: &str) {
    let Some((_, anchor)) = source.split_once('#') else { return };
    let made = |heading: &str| -> String {
        let kept =
            heading.to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).collect::<String>();
        kept.trim().replace(' ', "-")
    };
    let found = document.lines().filter_map(|line| line.strip_prefix("## ")).any(|heading| made(heading) == anchor);
    assert!(found, "{source} leads nowhere");
}
