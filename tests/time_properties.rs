//! What holds for every model, card and recipe.

use proptest::prelude::*;
use std::sync::OnceLock;
use whichcard::catalog::Catalog;
use whichcard::error::RequestError;
use whichcard::estimate::{Phase, Time, WarningCode, estimate, evaluate};
use whichcard::request::*;

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::from_json(include_str!("../catalog.json")).expect("the shipped catalogue is readable"))
}

/// Any catalogue model on any card, with the settings that choose a path.
fn any_request() -> impl Strategy<Value = Request> {
    let catalog = catalog();
    let model = (0..catalog.models().len()).prop_map(|index| catalog.models()[index].id.clone());
    let card = (0..catalog.cards().len()).prop_map(|index| catalog.cards()[index].id.clone());
    let kind = prop::sample::select(JobKind::ALL);
    let settings = (
        prop::option::of(prop::sample::select(Precision::ALL)),
        prop::option::of(prop::sample::select(Stack::ALL)),
        prop::option::of(prop::sample::select(WeightFormat::ALL)),
        prop::option::of(prop::sample::select(AttentionKernel::ALL)),
        prop::option::of(prop::sample::select(Checkpointing::ALL)),
        prop::sample::select(Sharding::ALL),
    );
    let sizes = (0u32..5, 0u32..4, 4u32..14, 0u32..7);
    (model, card, kind, settings, sizes).prop_map(|(model, card, kind, settings, (cards, micro, length, requests))| {
        let mut request = Request::new(&model, kind, &card);
        let (precision, stack, weights, attention, checkpointing, sharding) = settings;
        request.recipe = RecipeRequest {
            precision,
            stack,
            weights,
            attention,
            checkpointing,
            micro_batch: Some(f64::from(1 << micro)),
            parallel: Some(ParallelRequest { sharding: Some(sharding), ..ParallelRequest::default() }),
            ..RecipeRequest::default()
        };
        request.rig.count = Some(f64::from(1 << cards));
        request.job.sequence_length = Some(f64::from(1 << length));
        request.job.prompt = Some(f64::from(1 << length));
        request.job.concurrency = Some(f64::from(1 << requests));
        request
    })
}

fn id(request: &Request) -> &str {
    match &request.model {
        ModelChoice::Id(id) => id,
        ModelChoice::Described(_) => unreachable!("these requests name models of the catalogue"),
    }
}

/// Every number of a time; what neither reads nor writes text has no tokens, and says none.
fn numbers(time: &Time, text: bool) -> Vec<f64> {
    let phases = [Some(time.main), time.prefill, time.decode];
    let rates = phases.into_iter().flatten().flat_map(|phase| {
        let counts = text || phase.phase == Phase::Decode;
        assert!(counts || phase.tokens_per_second == 0.0, "{phase:?}");
        let tokens = counts.then_some(phase.tokens_per_second);
        [phase.seconds_per_step.get(), phase.samples_per_second, phase.model_flops_utilisation].into_iter().chain(tokens)
    });
    rates.chain([time.total.get(), time.low.get(), time.high.get()]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn every_number_is_finite_and_positive(request in any_request()) {
        let Ok(setup) = resolve(catalog(), &request) else { return Ok(()) };
        let figures = evaluate(&setup);
        for number in numbers(&figures.time, setup.model.reads_text()) {
            prop_assert!(number.is_finite() && number > 0.0, "{number} in {:?}", figures.time);
        }
        prop_assert!(figures.time.low < figures.time.high);
        let energy = figures.energy;
        prop_assert!(energy.average_watts.get() > 0.0 && energy.joules.get() > 0.0 && energy.wall_joules > energy.joules);
        prop_assert!(energy.average_watts.get() <= 1.01 * setup.rig.card.tdp.get() * f64::from(setup.rig.count));
    }

    /// QLoRA is a name for adapters on quantised weights: only the format decides what a job takes, and whether it can be done.
    #[test]
    fn adapters_on_a_format_are_one_job_whatever_its_name(
        request in any_request(),
        format in prop::sample::select(WeightFormat::ALL),
        offload in prop::sample::select(vec![Offload::None, Offload::OptimizerAndWeights]),
    ) {
        let named = |kind| {
            let mut request = request.clone();
            (request.job.kind, request.recipe.weights, request.recipe.offload) = (kind, Some(format), Some(offload));
            let answer = estimate(catalog(), &request)?;
            let codes = answer.warnings.into_iter().map(|warning| warning.code).filter(|code| *code != WarningCode::QloraNotQuantised);
            Ok::<_, RequestError>((answer.memory, answer.time, answer.energy, codes.collect::<Vec<_>>()))
        };
        // Where a network has no linear layers only LoRA is known.
        if catalog().model(id(&request)).is_some_and(|model| model.supports(JobKind::Qlora)) {
            prop_assert_eq!(named(JobKind::Lora), named(JobKind::Qlora));
        }
    }

    #[test]
    fn longer_work_is_never_sooner_done(request in any_request(), factor in 1.1f64..8.0) {
        let Ok(short) = resolve(catalog(), &request) else { return Ok(()) };
        let mut long = short.clone();
        if long.trains() {
            long.job.tokens = long.job.tokens * factor;
        } else {
            long.job.prompt *= 2;
            long.job.output *= 2;
        }
        prop_assert!(evaluate(&long).time.total >= evaluate(&short).time.total);
    }

    #[test]
    fn a_card_faster_in_everything_is_never_slower(request in any_request(), factor in 1.05f64..4.0) {
        let Ok(slow) = resolve(catalog(), &request) else { return Ok(()) };
        let mut card = (*slow.rig.card).clone();
        let faster = |peak: &mut Option<whichcard::units::FlopsPerSecond>| *peak = peak.map(|peak| peak * factor);
        for peak in [
            &mut card.peaks.fp32,
            &mut card.peaks.tensor_fp16_acc16,
            &mut card.peaks.tensor_fp16_acc32,
            &mut card.peaks.tensor_bf16,
            &mut card.peaks.tensor_tf32,
            &mut card.peaks.tensor_fp8,
        ] {
            faster(peak);
        }
        card.bandwidth = card.bandwidth * factor;
        let mut fast = slow.clone();
        fast.rig.card = std::sync::Arc::new(card);
        prop_assert!(evaluate(&fast).time.total.get() <= evaluate(&slow).time.total.get() * (1.0 + 1e-9));
    }

    #[test]
    fn a_power_limit_never_speeds_up_and_is_kept(request in any_request(), share in 0.3f64..1.0) {
        let Ok(setup) = resolve(catalog(), &request) else { return Ok(()) };
        let mut limited = setup.clone();
        limited.rig.power_limit = Some(setup.rig.card.tdp * share);
        let (free, limited) = (evaluate(&setup), evaluate(&limited));
        prop_assert!(limited.time.total.get() >= free.time.total.get() * (1.0 - 1e-9));
let most = setup.rig.card.tdp.get() * f64::from(setup.rig.count) * share * 1.000_001;
        prop_assert!(limited.energy.average_watts.get() <= most);
    }
}

#[test]
fn a_3090_keeps_its_training_speed_at_280_watts() {
    let setup = |limit: Option<f64>| {
        let mut request = Request::new("llama-3-8b", JobKind::Qlora, "rtx-3090");
        request.rig.machine.power_limit_watts = limit;
        evaluate(&resolve(catalog(), &request).expect("valid"))
    };
    let (free, limited) = (setup(None), setup(Some(280.0)));
    let kept = free.time.total / limited.time.total;
    assert!((0.95..1.0).contains(&kept), "{kept}");
    assert!(limited.energy.joules < free.energy.joules);
}

#[test]
fn working_and_answer_agree() {
    let mut request = Request::new("llama-3-8b", JobKind::Inference, "rtx-4090");
    request.money.country = Some("DE".into());
    request.money.rent_per_hour = Some(0.5);
    let answer = whichcard::estimate::estimate(catalog(), &request).expect("valid");
    let value = |id: &str| answer.explain.iter().find(|step| step.id == id).map(|step| step.value);
    assert_eq!(value("time.total"), Some(answer.time.total.get()));
    assert_eq!(value("energy.wallJoules"), Some(answer.energy.wall_joules.get()));
    assert_eq!(value("energy.co2Grams"), answer.energy.co2_grams);
    assert_eq!(value("cost.electricity"), answer.cost.electricity.as_ref().map(|bill| bill.money.amount));
    assert_eq!(value("cost.rent"), answer.cost.rent.as_ref().map(|rent| rent.money.amount));
    assert!(answer.explain.iter().all(|step| step.value.is_finite() && !step.source.is_empty()));
}
