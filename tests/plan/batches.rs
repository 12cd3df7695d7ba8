//! Batches that nobody asked for: shared evenly, by passes that fill the cards.

use super::*;

/// 512 sequences on five cards were 515, of which each took 103, one at a time; 520 took a sixth of the time.
#[test]
fn an_odd_number_of_cards_trains_no_slower_than_fewer() {
    for (model, card, counts) in [
        ("llama-3.2-3b", "rtx-4090", [4, 5, 6]),
        ("llama-3.2-3b", "rtx-3090", [4, 5, 6]),
        ("whisper-large-v3", "rtx-3060-12gb", [4, 5, 6]),
    ] {
        let mut before = f64::INFINITY;
        for count in counts {
            let mut asked = on(goal(model, "pretrain"), card, count);
            asked.objective = Objective::Fastest;
            let days = planned(&asked).figures.time.total.get() / 86_400.0;
            assert!(days < 1.05 * before, "{model}: {days} days on {count} x {card}, {before} on fewer");
            before = days;
        }
    }
}

/// What a plan shares out is near what is usual, and its request asks for exactly that.
#[test]
fn a_batch_that_nobody_asked_for_stays_near_the_usual_one() {
    for (model, kind, usual) in
        [("llama-3.2-3b", "pretrain", 512.0), ("resnet-50", "pretrain", 256.0), ("llama-3-8b", "qlora", 16.0)]
    {
        for count in [1, 2, 3, 5, 6, 7] {
            let plan = planned(&on(goal(model, kind), "rtx-4090", count));
            let (recipe, batch) = (&plan.setup.recipe, plan.setup.job.global_batch);
            assert_eq!(batch, recipe.micro_batch * recipe.gradient_accumulation * u64::from(recipe.parallel.data));
            let own = batch as f64;
            assert!(own >= usual && own <= usual * 1.15 + f64::from(count), "{model} on {count}: {own}");
            assert_eq!(plan.request().job.global_batch, Some(own));
            let rounded = plan.reasons.iter().any(|reason| reason.code == ReasonCode::BatchRounded);
            assert_eq!(rounded, own > usual, "{model} on {count}: {own}");
            let read = plan.setup.job.tokens;
            assert_eq!(read, planned(&on(goal(model, kind), "rtx-4090", 4)).setup.job.tokens);
        }
    }
}

/// A batch that is asked for is kept, or becomes the next that all cards share evenly: not one that is handier.
#[test]
fn a_batch_that_was_asked_for_is_not_rounded_further() {
    let mut asked = on(goal("llama-3.2-3b", "pretrain"), "rtx-4090", 5);
    asked.job.global_batch = Some(515.0);
    assert_eq!(planned(&asked).setup.job.global_batch, 515);
}
