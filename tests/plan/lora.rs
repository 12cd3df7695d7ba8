//! What adapters take, and what they take less of.

use super::*;

/// kohya's sd-scripts and ai-toolkit train FLUX on 24 GB with its frozen weights in FP8; who asked was sent to a card of 48 GB.
#[test]
fn adapters_of_flux_fit_24_gb_with_frozen_weights_in_fp8() {
    let small = planned(&on(goal("flux.1-dev", "lora"), "rtx-3090", 1));
    assert_eq!((small.comfort, small.setup.recipe.weights), (Comfort::Fits, WeightFormat::Fp8));
    assert!(small.reasons.iter().any(|reason| reason.code == ReasonCode::FrozenInFp8));
    // Where 16 bits have room they stay.
    let large = planned(&on(goal("flux.1-dev", "lora"), "rtx-a6000", 1));
    assert_eq!((large.comfort, large.setup.recipe.weights), (Comfort::Fits, WeightFormat::Bf16));
    // No program is known to freeze language models so.
    let text = planned(&on(goal("llama-3-8b", "lora"), "rtx-4090", 1));
    assert_eq!(text.setup.recipe.weights, WeightFormat::Bf16);
}

/// Who asks for LoRA hears of the much cheaper card on which QLoRA does it, and whoever names cards or asks for QLoRA does not.
#[test]
fn the_card_on_which_qlora_does_it_is_named() {
    for model in ["flux.1-dev", "llama-3-8b"] {
        let asked = goal(model, "lora");
        let advice = advise(&CATALOG, &asked).unwrap();
        let first = &advice.ranked[0];
        let said = first.reasons.iter().find(|reason| reason.code == ReasonCode::CheaperByQlora).expect(model);
        let mut qlora = asked.clone();
        qlora.methods = vec![JobKind::Qlora];
        let lighter = advise(&CATALOG, &qlora).unwrap();
        let price = |plan: &Plan| plan.price().map_or(f64::MAX, |price| price.money.amount);
        let named = lighter
            .ranked
            .iter()
            .find(|plan| plan.setup.rig.count == 1 && said.say(Lang::En).contains(&format!("{} ", plan.setup.rig.card.name)));
        let named = named.expect(model);
        assert!(named.comfort == Comfort::Fits && price(named) <= 0.8 * price(first), "{}", said.say(Lang::En));
        let says = |advice: &Advice| advice.ranked[0].reasons.iter().any(|reason| reason.code == ReasonCode::CheaperByQlora);
        assert!(!says(&lighter));
        assert!(!says(&advise(&CATALOG, &on(goal(model, "lora"), "rtx-a6000", 1)).unwrap()));
    }
}
