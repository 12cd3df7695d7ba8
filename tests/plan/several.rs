//! What more cards bring, and what they never take away.

use super::*;

fn several(card: &str, count: u32) -> Rig {
    Rig::new(Arc::clone(CATALOG.card(card).unwrap()), count)
}

/// Optimizer steps inside the backward pass and paged states are for one card: two trained less than one of them.
#[test]
fn more_of_the_same_card_never_does_less() {
    for card in ["rtx-3090", "rtx-2080-ti", "rtx-4060-ti-16gb", "h100-sxm"] {
        let mut before = abilities(&CATALOG, &several(card, 1));
        for count in [2, 3, 4, 8] {
            let now = abilities(&CATALOG, &several(card, count));
            for (kind, fewer) in now.iter().zip(&before) {
                for (own, less) in kind.models.iter().zip(&fewer.models) {
                    assert!(own.verdict <= less.verdict, "{count} x {card}: {} {:?}", own.model.id, kind.kind);
                    assert!(own.run.is_some() >= less.run.is_some(), "{count} x {card}: {} {:?}", own.model.id, kind.kind);
                }
            }
            before = now;
        }
    }
}

#[test]
fn a_rig_says_on_how_many_of_its_cards_a_model_runs() {
    let abilities = abilities(&CATALOG, &several("rtx-3090", 2));
    let tuning = abilities.iter().find(|ability| ability.kind == JobKind::FullFinetune).unwrap();
    let runs = || tuning.models.iter().filter_map(|one| Some((one, one.run.as_deref()?)));
    let (one, alone) = runs().find(|(one, _)| one.model.id == "llama-3-8b").unwrap();
    assert_eq!((one.verdict, alone.setup.rig.count), (Verdict::Fits, 1), "{:?}", alone.setup.recipe);
    assert!(runs().any(|(_, run)| run.setup.rig.count == 2));
    let written = serde_json::to_value(&abilities).unwrap();
    let counts = written.to_string();
    assert!(counts.contains(r#""count":1"#) && counts.contains(r#""count":2"#));
}

/// Nobody puts another card into a laptop.
#[test]
fn who_has_a_laptop_is_offered_laptops() {
    let mut offered = 0;
    for card in ["rtx-4060-laptop", "rtx-3060-laptop", "rtx-5070-ti-laptop"] {
        let rig = one(card);
        let more = upgrades(&CATALOG, &rig, &MoneyTerms::default(), &abilities(&CATALOG, &rig));
        assert!(!more.is_empty(), "{card}");
        assert!(more.iter().all(|upgrade| upgrade.card.form == Form::Laptop && upgrade.card.vram > rig.card.vram), "{card}");
        for (model, kind) in [("llama-3-8b", "lora"), ("qwen3-32b", "inference"), ("llama-3-8b", "full-finetune")] {
            let setup = resolve(&CATALOG, &Request::new(model, JobKind::from_name(kind).unwrap(), card)).unwrap();
            for change in smallest_changes(&CATALOG, &setup).iter().filter(|change| change.sacrifice == Sacrifice::Hardware) {
                assert_eq!(change.setup.rig.card.form, Form::Laptop, "{model} {kind} on {card}: {:?}", change.steps);
                assert_eq!(change.steps[0].code, ReasonCode::ChangeLaptop);
                offered += 1;
            }
        }
    }
    assert!(offered > 0);
}
