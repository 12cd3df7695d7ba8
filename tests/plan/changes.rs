//! What makes a setup fit, and what a card can do or would do with more hardware.

use super::*;
use proptest::prelude::*;
use whichcard::request::{ParallelRequest, Sharding};

#[test]
fn a_gtx_1080_ti_and_an_rtx_4060_differ_in_what_they_can_do() {
    let able = |id: &str| abilities(&CATALOG, &one(id));
    let size = |id: &str, kind: JobKind| {
        let abilities = able(id);
        let of_kind = abilities.iter().find(|ability| ability.kind == kind).unwrap();
        of_kind.largest.and_then(|place| of_kind.models.get(place)).map_or(0, |one| one.model.parameters)
    };
    for &kind in JobKind::ALL {
        assert!(size("rtx-3090", kind) >= size("rtx-4060", kind), "{kind:?}");
        assert!(size("rtx-4060", kind) > 0, "{kind:?}");
        assert!(
            able("gtx-1080-ti").iter().flat_map(|ability| &ability.models).filter_map(|one| one.run.as_ref()).all(|run| {
                !run.setup.recipe.precision.name().starts_with("bf16") && run.setup.recipe.attention.name() != "flash"
            })
        );
    }
    assert!(size("gtx-1080-ti", JobKind::Inference) > size("rtx-4060", JobKind::Inference), "11 GB hold more than 8");
}

#[test]
fn changes_make_a_setup_fit_and_the_mildest_come_first() {
    let mut request = Request::new("llama-3-8b", JobKind::Lora, "rtx-4060");
    request.job.sequence_length = Some(1024.0);
    let setup = resolve(&CATALOG, &request).unwrap();
    let changes = smallest_changes(&CATALOG, &setup);
    assert!(changes.iter().all(|change| change.memory.verdict != Verdict::DoesNotFit));
    assert!(changes.is_sorted_by_key(|change| change.sacrifice));
    assert!(changes.iter().any(|change| change.sacrifice == Sacrifice::Hardware && change.extra_cost.is_some()));
    for change in &changes {
        for &lang in Lang::ALL {
            assert!(knows(lang, &format!("reason.{}", change.what.code.name())), "{:?}", change.what.code);
        }
    }
    let fine = resolve(&CATALOG, &Request::new("gpt2", JobKind::Lora, "rtx-4090")).unwrap();
    assert!(smallest_changes(&CATALOG, &fine).is_empty());
}

/// What eight cards of a server do not hold, more servers may.
#[test]
fn more_servers_are_a_change_of_modules() {
    let mut request = Request::new("llama-3.1-405b", JobKind::FullFinetune, "h100-sxm");
    request.rig.count = Some(8.0);
    let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &request).unwrap());
    let more = changes.iter().find(|change| change.sacrifice == Sacrifice::Hardware).unwrap();
    let rig = &more.setup.rig;
    assert!(rig.card.id == "h100-sxm" && rig.count > 8 && more.setup.job.kind == JobKind::FullFinetune, "{}", rig.count);
    assert_eq!(more.memory.verdict, Verdict::Fits);
}

/// Whoever is offered a change can ask for it: the request of each comes to the same memory and time, also where the job gets shorter or the
/// card is another.
#[test]
fn every_change_is_asked_for_by_its_request() {
    let mut long = Request::new("llama-3-8b", JobKind::Qlora, "rtx-4090");
    (long.job.sequence_length, long.job.samples, long.job.epochs) = (Some(65_536.0), Some(1000.0), Some(3.0));
    (long.money.card_price, long.money.currency) = (Some(900.0), Some(Currency::Eur));
    let mut many = Request::new("llama-3-8b", JobKind::Inference, "rtx-3090");
    (many.job.concurrency, many.job.prompt, many.rig.count) = (Some(64.0), Some(16_000.0), Some(2.0));
    many.rig.machine.host_memory = Some(64.0);
    let mut own = Request::new("flux.1-dev", JobKind::Inference, "rtx-4090");
    own.rig.card = CardChoice::Custom(CustomCard {
        name: None,
        vram_gib: 8.0,
        bandwidth_gbs: 300.0,
        tensor_tflops: 50.0,
        fp32_tflops: None,
        compute_capability: None,
        tdp_watts: None,
        nvlink_gbs: None,
    });
    let images = Request::new("wan2.1-t2v-14b", JobKind::Lora, "rtx-4060");
    let mut shorter = 0;
    for asked in [long, many, own, images] {
        let setup = resolve(&CATALOG, &asked).unwrap();
        let changes = smallest_changes(&CATALOG, &setup);
        assert!(!changes.is_empty(), "{:?}", asked.model);
        for change in changes {
            let written = change.request(&asked);
            let again =
                evaluate(&resolve(&CATALOG, &Request::from_json(&serde_json::to_string(&written).unwrap()).unwrap()).unwrap());
            assert_eq!((again.memory, again.time), (change.memory, change.time), "{:?}", change.steps);
            let other = change.setup.rig.card.id != setup.rig.card.id;
            assert_eq!(written.money.card_price.is_some(), asked.money.card_price.is_some() && !other);
            assert_eq!(written.money.currency, asked.money.currency);
            shorter += usize::from(change.sacrifice == Sacrifice::Job);
        }
    }
    assert!(shorter > 1, "{shorter}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is asked, no change is offered that an estimate refuses, or that comes to other figures than it states.
    #[test]
    fn no_change_promises_what_its_request_does_not_come_to(
        model in prop::sample::select(&["llama-3-70b", "llama-3-8b", "qwen3-32b", "qwen3-30b-a3b", "gpt-oss-120b", "flux.1-dev", "gpt2"]),
        kind in prop::sample::select(JobKind::ALL),
        card in prop::sample::select(&["rtx-3060-12gb", "rtx-3090", "rtx-4090", "rtx-4060", "gtx-1080-ti", "v100-sxm2-16gb"]),
        count in prop::sample::select(&[1.0, 1.0, 2.0, 4.0]),
        (users, batch) in (prop::option::of(1..65_u32), prop::option::of(1..9_u32)),
        sharding in prop::option::of(prop::sample::select(Sharding::ALL)),
    ) {
        let mut asked = Request::new(model, CATALOG.model(model).unwrap().nearest(kind), card);
        asked.rig.count = Some(count);
        (asked.job.concurrency, asked.recipe.micro_batch) = (users.map(f64::from), batch.map(f64::from));
        asked.recipe.parallel = sharding.filter(|_| count > 1.0).map(|sharding| ParallelRequest { sharding: Some(sharding), ..Default::default() });
        let Ok(setup) = resolve(&CATALOG, &asked) else { return Ok(()) };
        for change in smallest_changes(&CATALOG, &setup) {
            let again = resolve(&CATALOG, &change.request(&asked)).map(|setup| evaluate(&setup));
            let again = again.map_err(|error| TestCaseError::fail(format!("{:?}: {error:?}", change.steps)))?;
            prop_assert_eq!((again.memory, again.time), (change.memory, change.time), "{:?}", change.steps);
        }
    }
}

/// Frozen weights in four bits come back from main memory through FSDP's sharding alone: without it the offer of two cards was refused.
#[test]
fn weights_that_wait_in_main_memory_keep_the_sharding_that_fetches_them() {
    for (model, card) in [("llama-3-70b", "rtx-3090"), ("llama-3-70b", "rtx-4090"), ("qwen3-32b", "rtx-3060-12gb")] {
        let asked = Request::new(model, JobKind::Qlora, card);
        let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &asked).unwrap());
        let waits = |change: &&whichcard::plan::Change| change.setup.recipe.offload == Offload::OptimizerAndWeights;
        let moved = changes.iter().find(waits).unwrap();
        assert_eq!(moved.setup.recipe.parallel.sharding, Sharding::Zero3, "{model} {card}");
        resolve(&CATALOG, &moved.request(&asked)).unwrap();
    }
}

/// Who asks for one method hears what that takes, however little another would need.
#[test]
fn a_lighter_method_hides_no_way_to_the_one_that_was_asked_for() {
    let changes = |model, kind, card| smallest_changes(&CATALOG, &resolve(&CATALOG, &Request::new(model, kind, card)).unwrap());
    let full = changes("llama-3-8b", JobKind::FullFinetune, "rtx-4060");
    assert!(full.iter().any(|change| change.setup.job.kind == JobKind::Qlora), "the lighter method");
    let same: Vec<_> = full.iter().filter(|change| change.setup.job.kind == JobKind::FullFinetune).collect();
    assert!(same.iter().any(|change| change.sacrifice == Sacrifice::HostMemory && change.setup.rig.card.id == "rtx-4060"));
    let hardware = same.into_iter().filter(|change| change.sacrifice == Sacrifice::Hardware);
    let paged = |change: &&whichcard::plan::Change| change.setup.recipe.optimizer == Optimizer::PagedAdamw8bit;
    let (cheap, plain): (Vec<_>, Vec<_>) = hardware.partition(paged);
    let cost = |change: &whichcard::plan::Change| change.extra_cost.map_or(f64::MAX, |money| money.amount);
    assert!(cheap.iter().any(|cheap| plain.iter().all(|plain| cost(cheap) < cost(plain))), "a cheaper card with paged states");
    assert!(full.len() <= 6, "{}", full.len());
}

/// Two cards with weights in main memory are less to buy than eight without.
#[test]
fn a_second_card_is_offered_where_only_with_it_the_weights_can_wait_in_main_memory() {
    let setup = resolve(&CATALOG, &Request::new("llama-3.3-70b", JobKind::Qlora, "rtx-3090")).unwrap();
    let changes = smallest_changes(&CATALOG, &setup);
    let more = |change: &whichcard::plan::Change| change.setup.rig.card.id == "rtx-3090" && change.setup.rig.count > 1;
    let fewest = changes.iter().filter(|change| more(change)).min_by_key(|change| change.setup.rig.count).unwrap();
    assert_eq!((fewest.setup.rig.count, fewest.setup.recipe.offload), (2, Offload::OptimizerAndWeights));
    assert_eq!(fewest.memory.verdict, Verdict::Fits);
    let without = |change: &&whichcard::plan::Change| change.setup.recipe.offload == Offload::None;
    assert!(changes.iter().filter(without).all(|change| !more(change) || change.setup.rig.count > 2));
    // What waits in main memory does not take the place of what needs none.
    let small = resolve(&CATALOG, &Request::new("llama-3-8b", JobKind::Qlora, "rtx-3050-6gb")).unwrap();
    let offers = smallest_changes(&CATALOG, &small);
    assert!(offers.iter().any(|change| change.setup.recipe.offload == Offload::None), "{}", offers.len());
}

/// Of hardware the cheaper offer that surely fits stands first, and none that another beats in everything is made.
#[test]
fn offers_of_hardware_come_by_their_price() {
    for (model, kind, card) in [
        ("llama-3.3-70b", JobKind::Inference, "rtx-4090"),
        ("llama-3.3-70b", JobKind::Inference, "rtx-3090"),
        ("llama-2-7b", JobKind::FullFinetune, "rtx-3090"),
        ("llama-2-70b", JobKind::Qlora, "rtx-3090"),
        ("qwen3-32b", JobKind::Lora, "rtx-4060"),
    ] {
        let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &Request::new(model, kind, card)).unwrap());
        let offers: Vec<_> = changes.iter().filter(|change| change.sacrifice == Sacrifice::Hardware).collect();
        let cost = |change: &whichcard::plan::Change| change.extra_cost.map_or(f64::MAX, |money| money.amount);
        let sure: Vec<_> = offers.iter().filter(|change| change.memory.verdict == Verdict::Fits).collect();
        assert!(
            sure.is_sorted_by(|a, b| cost(a) <= cost(b)),
            "{model}: {:?}",
            sure.iter().map(|one| cost(one)).collect::<Vec<_>>()
        );
        assert!(offers.is_sorted_by_key(|change| change.memory.verdict), "{model}");
        assert!(!offers.is_empty(), "{model}");
    }
}

#[test]
fn gpt_3_on_one_a40_is_told_every_way_out() {
    let setup = resolve(&CATALOG, &Request::new("gpt3-175b", JobKind::Inference, "a40")).unwrap();
    let changes = smallest_changes(&CATALOG, &setup);
    let said: Vec<String> = changes.iter().map(|change| change.what.say(Lang::En)).collect();
    let has = |sacrifice, test: &dyn Fn(&whichcard::plan::Change) -> bool| {
        changes.iter().any(|change| change.sacrifice == sacrifice && test(change))
    };
    assert!(has(Sacrifice::HostMemory, &|change| change.setup.recipe.offload != Offload::None), "{said:?}");
    assert!(has(Sacrifice::Hardware, &|change| change.setup.rig.card.id == "a40" && change.setup.rig.count < 8), "{said:?}");
    assert!(has(Sacrifice::Hardware, &|change| change.setup.rig.card.id != "a40"), "{said:?}");
    for change in &changes {
        assert!(!change.steps.is_empty() && change.memory.verdict != Verdict::DoesNotFit);
        assert!(Lang::ALL.iter().all(|lang| !change.what.say(*lang).contains("%{")), "{:?}", change.what.say(Lang::En));
    }
}

#[test]
fn more_hardware_unlocks_larger_models_and_says_what_it_costs() {
    let card = CATALOG.card("rtx-3060-12gb").unwrap();
    let request = Request::new("llama-3-8b", JobKind::Inference, "rtx-3060-12gb");
    let money = resolve(&CATALOG, &request).unwrap().money;
    let rig = one("rtx-3060-12gb");
    let present = abilities(&CATALOG, &rig);
    let found = upgrades(&CATALOG, &rig, &money, &present);
    let second = found.iter().find(|one| one.card.id == card.id).expect("a second one");
    assert_eq!(second.count, 2);
    let mut last = card.vram;
    for upgrade in &found {
        assert!(!upgrade.unlocks.is_empty());
        for (kind, model) in &upgrade.unlocks {
            let ability = present.iter().find(|ability| ability.kind == *kind).unwrap();
            let largest = ability.models.iter().filter(|one| one.verdict == Verdict::Fits).map(|one| one.model.parameters).max();
            assert!(Some(model.parameters) > largest, "{kind:?} {}", model.id);
        }
        if upgrade.card.id != card.id {
            assert!(upgrade.card.vram > last, "one for each size of memory, in order");
            assert!(upgrade.price.as_ref().is_some_and(|price| !price.stale));
            last = upgrade.card.vram;
        }
    }
}

/// One card alone is a single change, and a larger one that surely fits is worth naming beside it.
#[test]
fn no_change_is_offered_twice() {
    for (model, kind, card) in [
        ("sdxl-base", JobKind::Inference, "rtx-4060"),
        ("flux.1-dev", JobKind::Inference, "rtx-4060"),
        ("llama-3-8b", JobKind::Qlora, "rtx-3050-6gb"),
        ("llama-3.3-70b", JobKind::Inference, "rtx-4090"),
        ("llama-2-7b", JobKind::FullFinetune, "rtx-3090"),
    ] {
        let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &Request::new(model, kind, card)).unwrap());
        for (place, change) in changes.iter().enumerate() {
            let twin = changes.iter().skip(place + 1).find(|other| other.steps == change.steps);
            assert!(twin.is_none(), "{model} on {card}: {:?}", change.steps);
        }
    }
}

#[test]
fn what_is_said_of_a_rig_counts_in_what_it_can_do() {
    let speed = |rig: &Rig| {
        let all = abilities(&CATALOG, rig);
        let tuning = all.iter().find(|ability| ability.kind == JobKind::FullFinetune).unwrap();
        let model = tuning.models.iter().find(|one| one.model.id == "gpt2").unwrap();
        model.run.as_ref().unwrap().time.main.tokens_per_second
    };
    let free = one("rtx-4090");
    let held = Rig { power_limit: Some(Watts::new(150.0)), ..free.clone() };
    assert!(speed(&held) < 0.9 * speed(&free), "{} with 150 W, {} without a limit", speed(&held), speed(&free));
}

#[test]
fn more_cards_are_not_sharded_without_saying_so() {
    let mut sharded = 0;
    for (model, kind) in [("llama-3-8b", JobKind::FullFinetune), ("llama-2-13b", JobKind::Lora), ("gpt2-xl", JobKind::Pretrain)] {
        for count in [1.0, 2.0] {
            let mut request = Request::new(model, kind, "rtx-4090");
            request.rig.count = Some(count);
            let setup = resolve(&CATALOG, &request).unwrap();
            for change in smallest_changes(&CATALOG, &setup) {
                let other = change.setup.recipe.parallel.sharding != setup.recipe.parallel.sharding;
                let several = change.setup.rig.count > 1;
                let said = change.steps.iter().any(|step| step.code == ReasonCode::ChangeSharding);
                assert_eq!(said, other && several, "{model} on {count}: {}", change.what.say(Lang::En));
                sharded += usize::from(said);
            }
        }
    }
    assert!(sharded > 0, "no change shards anything: the test says nothing");
}
