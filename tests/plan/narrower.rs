//! What is limited further is answered with fewer rigs, and never with others.

use super::*;
use proptest::prelude::*;
use whichcard::plan::RigLimits;

fn cards() -> Vec<&'static str> {
    CATALOG.cards().iter().map(|card| card.id.as_str()).collect()
}

fn models() -> Vec<&'static str> {
    CATALOG.models().iter().map(|model| model.id.as_str()).collect()
}

/// Amounts of every size alike.
fn of_any_size(least: f64, most: f64) -> impl Strategy<Value = f64> {
    (least.ln()..most.ln()).prop_map(f64::exp)
}

/// A limit in one of a few goals.
fn now_and_then<T: std::fmt::Debug>(limit: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.2, limit)
}

prop_compose! {
    fn some_limits()(budget in now_and_then(of_any_size(50.0, 50_000.0)), job_budget in now_and_then(of_any_size(1.0, 50_000.0)),
                     deadline_hours in now_and_then(of_any_size(0.01, 50_000.0)), max_watts in now_and_then(of_any_size(50.0, 6_000.0)),
                     wall_watts in now_and_then(of_any_size(100.0, 8_000.0)), power_supply_watts in now_and_then(of_any_size(300.0, 2_500.0)),
                     slots in now_and_then((1..9_u32).prop_map(f64::from)), laptops in now_and_then(prop::bool::ANY)) -> RigLimits {
        let form_factors = laptops.map(|laptops| if laptops { vec![Form::Laptop] } else { vec![Form::Desktop, Form::Sxm] });
        RigLimits { budget, job_budget, deadline_hours, max_watts, wall_watts, power_supply_watts, slots, form_factors, ..RigLimits::default() }
    }
}

/// The narrower of two limits.
fn less(own: Option<f64>, other: Option<f64>) -> Option<f64> {
    own.into_iter().chain(other).reduce(f64::min)
}

/// Both sets of limits at once.
fn both(wide: &RigLimits, more: &RigLimits) -> RigLimits {
    RigLimits {
        budget: less(wide.budget, more.budget),
        job_budget: less(wide.job_budget, more.job_budget),
        deadline_hours: less(wide.deadline_hours, more.deadline_hours),
        max_watts: less(wide.max_watts, more.max_watts),
        wall_watts: less(wide.wall_watts, more.wall_watts),
        power_supply_watts: less(wide.power_supply_watts, more.power_supply_watts),
        slots: less(wide.slots, more.slots),
        form_factors: wide.form_factors.clone().or_else(|| more.form_factors.clone()),
        ..wide.clone()
    }
}

fn some_cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: if std::env::var_os("PROPTEST_CASES").is_some() { usual.cases } else { 200 }, ..usual }
}

proptest! {
    #![proptest_config(some_cases())]

    #[test]
    fn limits_only_take_away(
        model in prop::sample::select(models()), kind in prop::sample::select(JobKind::ALL), objective in prop::sample::select(Objective::ALL),
        named in prop::sample::subsequence(cards(), 12), prompt in now_and_then(of_any_size(64.0, 32_768.0)),
        wide in some_limits(), more in some_limits(),
    ) {
        let mut free = Goal::new(model, CATALOG.model(model).unwrap().nearest(kind));
        (free.objective, free.job.prompt, free.money.tariff_per_kwh) = (objective, prompt.map(f64::floor), Some(0.2));
        free.rig = wide;
        let card = Some(CardChoices::Any(named.into_iter().map(|id| CardChoice::Id(id.to_owned())).collect()));
        free.rig.card = card;
        let mut narrow = free.clone();
        narrow.rig = both(&free.rig, &more);
        let (free, narrow) = (rigs(&advise(&CATALOG, &free).unwrap()), rigs(&advise(&CATALOG, &narrow).unwrap()));
        for rig in narrow {
            prop_assert!(free.contains(&rig), "{rig:?}");
        }
    }
}

/// Three GTX 1660 made a clip with most of the model in main memory once a deadline of a day
/// was given, and were refused without one.
#[test]
fn a_deadline_brings_no_card_that_was_refused_without_one() {
    let mut clip = goal("wan2.1-t2v-1.3b", "inference");
    let free = rigs(&advise(&CATALOG, &clip).unwrap());
    for hours in [0.5, 24.0, 10_000.0] {
        clip.rig.deadline_hours = Some(hours);
        let advice = advise(&CATALOG, &clip).unwrap();
        assert!(rigs(&advice).iter().all(|rig| free.contains(rig)), "{hours}");
        let slow = advice.rejected.iter().filter(|one| one.reason.code == ReasonCode::TooSlowOffloaded);
        assert!(hours < 24.0 || slow.count() > 0, "what nobody waits for is said, whatever the deadline");
    }
}

/// Asked for second hand, modules were listed that nobody is known to sell so.
#[test]
fn second_hand_brings_no_card_that_was_refused_otherwise() {
    let mut barred = goal("llama-3-8b", "qlora");
    barred.rig.country = Some("CN".to_owned());
    let any = rigs(&advise(&CATALOG, &barred).unwrap());
    barred.rig.condition = Some(Condition::Used);
    let used = rigs(&advise(&CATALOG, &barred).unwrap());
    assert!(used.iter().any(|(card, _)| card == "rtx-4090") && used.iter().all(|(card, _)| card != "b300"));
    assert!(used.iter().all(|rig| any.contains(rig)));
}
