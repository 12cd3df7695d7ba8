//! How models are run: layouts, formats and software that people use, and the sentences that compare them.

use std::sync::LazyLock;
use whichcard::catalog::Catalog;
use whichcard::estimate::{Verdict, estimate, memory};
use whichcard::plan::{CardChoices, Comfort, Counts, Goal, Outcome, Plan, ReasonCode, Sacrifice, advise, plan, smallest_changes};
use whichcard::request::{CardChoice, JobKind, Keyword, Offload, ParallelRequest, Request, Setup, Stack, WeightFormat, resolve};
use whichcard::text::Lang;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).unwrap());

fn request(model: &str, card: &str, count: u32) -> Request {
    let mut request = Request::new(model, JobKind::Inference, card);
    request.rig.count = Some(f64::from(count));
    request
}

fn setup(model: &str, card: &str, count: u32, weights: WeightFormat, stack: Option<Stack>) -> Setup {
    let mut request = request(model, card, count);
    (request.recipe.weights, request.recipe.stack) = (Some(weights), stack);
    resolve(&CATALOG, &request).unwrap()
}

fn outcome(model: &str, card: &str, count: u32) -> Outcome {
    let mut goal = Goal::new(model, JobKind::Inference);
    goal.rig.card = Some(CardChoices::One(CardChoice::Id(card.to_owned())));
    goal.rig.count = Some(Counts::One(f64::from(count)));
    plan(&CATALOG, &goal).unwrap()
}

fn open_goal(model: &str) -> Goal {
    Goal::new(model, JobKind::Inference)
}

fn planned(model: &str, card: &str) -> Plan {
    match outcome(model, card, 1) {
        Outcome::Planned(plan) => *plan,
        Outcome::Rejected(rejected) => panic!("{model} on {card}: {:?}", rejected.reason),
    }
}

/// llama.cpp's default is `--split-mode layer`, that of transformers `device_map="auto"`; vLLM
/// cuts every layer where the heads divide.
#[test]
fn several_cards_are_shared_as_the_software_does() {
    type Case<'a> = (&'a str, u32, WeightFormat, Option<Stack>, (u32, u32, u32));
    let table: &[Case] = &[
        ("llama-3.3-70b", 2, WeightFormat::Q4KM, None, (1, 1, 2)),
        ("llama-3.3-70b", 4, WeightFormat::Nf4, None, (1, 1, 4)),
        ("llama-3.3-70b", 2, WeightFormat::Gptq4, Some(Stack::Exllama), (1, 1, 2)),
        ("llama-3.3-70b", 2, WeightFormat::Awq4, Some(Stack::Vllm), (1, 2, 1)),
        // 64 heads are not shared by three.
        ("llama-3.3-70b", 3, WeightFormat::Awq4, Some(Stack::Vllm), (1, 1, 3)),
        ("flux.1-dev", 4, WeightFormat::Bf16, None, (4, 1, 1)),
        ("sdxl-base", 2, WeightFormat::Bf16, None, (2, 1, 1)),
    ];
    for &(model, count, weights, stack, expected) in table {
        let layout = setup(model, "rtx-3090", count, weights, stack).recipe.parallel;
        assert_eq!((layout.data, layout.tensor, layout.pipeline), expected, "{model} on {count}, {weights:?} {stack:?}");
    }
    let fits = estimate(&CATALOG, &{
        let mut two = request("llama-3.3-70b", "rtx-3090", 2);
        two.recipe.weights = Some(WeightFormat::Q4KM);
        two
    });
    assert_ne!(fits.unwrap().memory.verdict, Verdict::DoesNotFit, "70B of four bits runs on two cards of 24 GB");
}

#[test]
fn replicas_that_do_not_fit_are_told_to_share_the_model() {
    let mut asked = request("llama-3.3-70b", "rtx-3090", 2);
    asked.recipe.weights = Some(WeightFormat::Q4KM);
    asked.recipe.parallel = Some(ParallelRequest { data: Some(2.0), ..ParallelRequest::default() });
    let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &asked).unwrap());
    let first = changes.first().expect("a way");
    let (steps, layout) = (first.steps.iter().map(|step| step.code), first.setup.recipe.parallel);
    assert!(steps.eq([ReasonCode::ChangeLayout]), "{:?}", first.steps);
    assert_eq!((layout.data, layout.tensor * layout.pipeline), (1, 2));
    assert_eq!(first.sacrifice, Sacrifice::Speed);
}

/// FLUX.1 at FP8 is 18 GiB with its text encoders, at NF4 11.5 (Hugging Face, "Exploring Quantization Backends in Diffusers").
#[test]
fn large_image_models_run_with_smaller_weights() {
    for (model, card) in
        [("flux.1-dev", "rtx-4090"), ("flux.1-dev", "rtx-5090"), ("flux.1-dev", "rtx-4060-ti-16gb"), ("wan2.1-t2v-14b", "rtx-4090")]
    {
        let plan = planned(model, card);
        let (comfort, recipe) = (plan.comfort, &plan.setup.recipe);
        assert!(comfort != Comfort::Offloaded && recipe.weights.block_bytes() <= 1.0, "{model} on {card}: {comfort:?} {recipe:?}");
    }
    assert_eq!(planned("flux.1-dev", "rtx-4090").setup.recipe.weights.block_bytes(), 1.0);
}

#[test]
fn no_denoiser_is_cut_into_stages() {
    let advice = advise(&CATALOG, &Goal::new("flux.1-dev", JobKind::Inference)).unwrap();
    let cut = advice.ranked.iter().find(|plan| plan.setup.recipe.parallel.data != plan.setup.rig.count);
    assert!(cut.is_none(), "{:?}", cut.map(|plan| &plan.setup.recipe.parallel));
}

/// gpt-oss is released in MXFP4: llama.cpp runs it on every card, 147 to 225 tokens a second on the fastest of the last two
/// generations; nothing is gained by making it wider.
#[test]
fn a_model_released_in_four_bits_stays_so() {
    for (model, card, count) in [
        ("gpt-oss-20b", "tesla-p40", 1),
        ("gpt-oss-20b", "rtx-3090", 1),
        ("gpt-oss-20b", "rtx-4090", 1),
        ("gpt-oss-20b", "h100-sxm", 1),
        ("gpt-oss-20b", "rtx-3060-12gb", 1),
        ("gpt-oss-120b", "rtx-4090", 1),
        ("gpt-oss-120b", "rtx-3090", 4),
    ] {
        let Outcome::Planned(plan) = outcome(model, card, count) else { panic!("{model} on {count} x {card}") };
        let recipe = &plan.setup.recipe;
        assert_eq!(recipe.weights, WeightFormat::Mxfp4, "{model} on {card}");
        assert!(matches!(recipe.stack, Stack::LlamaCpp | Stack::Vllm), "{model} on {card}: {:?}", recipe.stack);
        assert!(card != "tesla-p40" || recipe.stack == Stack::LlamaCpp, "{card}");
    }
    for card in ["rtx-3090", "rtx-4090", "h100-sxm"] {
        let speed = planned("gpt-oss-20b", card).figures.time.main.tokens_per_second;
        assert!(speed > 140.0, "{card}: {speed}");
    }
    assert_eq!(planned("gpt-oss-120b", "rtx-4090").comfort, Comfort::Offloaded);
}

/// With layers or experts in main memory, bytes a token are what counts.
#[test]
fn what_spills_into_main_memory_has_four_bits() {
    for (model, card, least) in [("llama-3.3-70b", "rtx-4090", 1.8), ("qwen3-30b-a3b", "rtx-3060-12gb", 30.0)] {
        let plan = planned(model, card);
        assert!(matches!(plan.setup.recipe.offload, Offload::Layers(_) | Offload::Experts(_)), "{model}");
        assert_eq!(plan.setup.recipe.weights, WeightFormat::Q4KM, "{model}");
        assert!(plan.figures.time.main.tokens_per_second > least, "{model}");
    }
}

#[test]
fn what_was_asked_for_is_kept_before_it_is_cut_down() {
    let mut long = request("llama-3.1-8b", "rtx-4090", 1);
    long.job.prompt = Some(120_000.0);
    let setup = resolve(&CATALOG, &long).unwrap();
    let changes = smallest_changes(&CATALOG, &setup);
    assert!(changes.is_sorted_by_key(|change| change.sacrifice));
    let first = changes.first().expect("a way");
    assert_eq!((first.setup.job.prompt, first.setup.rig.count), (120_000, 1), "{:?}", first.what);
    assert!(first.extra_cost.is_none());
    let said: Vec<ReasonCode> = changes.iter().map(|change| change.what.code).collect();
    assert!(said.contains(&ReasonCode::ChangeTogether), "the planner's own recipe is there: {said:?}");
    for change in &changes {
        let shorter = change.setup.job.prompt < setup.job.prompt;
        assert!(!shorter || change.sacrifice == Sacrifice::Job, "{:?}", change.what);
    }
}

/// Eight bits answer as sixteen do, so a card with room for sixteen takes the faster.
#[test]
fn room_is_not_spent_on_a_slower_answer() {
    for card in ["rtx-4090", "rtx-5090", "rtx-4060-ti-16gb"] {
        assert_eq!(planned("qwen3-8b", card).setup.recipe.weights, WeightFormat::Q8_0, "{card}");
    }
}

#[test]
fn speeds_of_unlike_formats_are_never_compared_without_saying_so() {
    for model in ["qwen3-8b", "gpt-oss-20b"] {
        let advice = advise(&CATALOG, &Goal::new(model, JobKind::Inference)).unwrap();
        let first = &advice.ranked[0];
        for plan in advice.ranked.iter().skip(1).filter(|plan| plan.compromises != first.compromises) {
            let unlike = plan.setup.recipe.weights != first.setup.recipe.weights;
            // A row of the ranking shows the first sentence alone, so that has to say it.
            let sentence = plan.reasons[0].say(Lang::En);
            let said = sentence.contains(" weights on both") || sentence.contains(" weights here and ");
            assert_eq!(said, unlike, "{model} on {}: {sentence}", plan.setup.rig.card.id);
        }
        let fast = advice.ranked.iter().find(|plan| plan.setup.rig.card.id == "rtx-5090" && plan.setup.rig.count == 1).unwrap();
        assert!(fast.reasons[0].code.name().ends_with("faster"), "{model}: {:?}", fast.reasons[0]);
    }
}

/// People put three and six cards into a machine too.
#[test]
fn the_fewest_cards_that_are_enough_are_a_change() {
    let on = |count| setup("llama-3.1-70b", "rtx-3090", count, WeightFormat::Q5KM, Some(Stack::LlamaCpp));
    let changes = smallest_changes(&CATALOG, &on(1));
    let more = changes.iter().find(|change| change.what.code == ReasonCode::ChangeCount).unwrap();
    assert_eq!((more.setup.rig.count, more.memory.verdict), (3, Verdict::Fits));
    assert_ne!(memory(&on(2)).verdict, Verdict::Fits);
}

/// Four bits as people mean them: Q4_K_M where it fits by the typical estimate, IQ4_XS where it does not, and rigs that
/// need the latter after those that do not.
#[test]
fn usual_four_bits_come_before_smaller_ones() {
    let mut two = open_goal("llama-3.1-70b");
    two.rig.card = Some(CardChoices::One(CardChoice::Id("rtx-3090".to_owned())));
    two.rig.count = Some(Counts::One(2.0));
    let planned = advise(&CATALOG, &two).unwrap().ranked;
    assert!(matches!(planned[0].setup.recipe.weights, WeightFormat::Q4KM | WeightFormat::Awq4), "{:?}", planned[0].setup.recipe);
    for model in ["qwen3-8b", "llama-3.1-70b", "qwen3-32b"] {
        let ranked = advise(&CATALOG, &open_goal(model)).unwrap().ranked;
        let squeezed = |plan: &Plan| plan.setup.recipe.weights == WeightFormat::Iq4Xs;
        let first = ranked.iter().position(squeezed).unwrap_or(ranked.len());
        assert!(ranked[first..].iter().all(|plan| squeezed(plan) || plan.comfort == Comfort::Offloaded), "{model}");
        // Whoever gets them has no room for more.
        for plan in ranked.iter().filter(|plan| squeezed(plan)) {
            let mut wider = plan.setup.clone();
            wider.recipe.weights = WeightFormat::Q4KM;
            let memory = memory(&wider);
            assert!(memory.total > memory.capacity, "{model} on {} x {}", plan.setup.rig.count, plan.setup.rig.card.id);
        }
    }
}

/// "Cheapest" is what goes into a case; an open frame of eight cards comes after, and so does what needs main memory. Both are
/// named.
#[test]
fn the_cheapest_cards_go_into_a_case() {
    let ranked = advise(&CATALOG, &open_goal("gpt-oss-120b")).unwrap().ranked;
    let slots = |plan: &Plan| u32::from(plan.setup.rig.card.slots.unwrap()) * plan.setup.rig.count;
    let first = &ranked[0];
    assert!(slots(first) <= 8, "{} x {}", first.setup.rig.count, first.setup.rig.card.id);
    let codes: Vec<_> = first.reasons.iter().map(|reason| reason.code).collect();
    assert!(codes.contains(&ReasonCode::CheaperButFrame) && codes.contains(&ReasonCode::CheaperWithMainMemory), "{codes:?}");
    let frame = ranked.iter().find(|plan| plan.comfort == Comfort::Fits && slots(plan) > 8).unwrap();
    assert!(frame.reasons.iter().any(|reason| reason.code == ReasonCode::NeedsFrame));
    // Who names a card has room for it.
    let mut named = open_goal("gpt-oss-120b");
    named.rig.card = Some(CardChoices::Any(["rtx-3060-12gb", "rtx-a6000"].map(|id| CardChoice::Id(id.to_owned())).to_vec()));
    let ranked = advise(&CATALOG, &named).unwrap().ranked;
    assert_eq!((ranked[0].setup.rig.card.id.as_str(), ranked[0].setup.rig.count), ("rtx-3060-12gb", 6));
    // What hardly saves is not named: main memory is not free either.
    let small = advise(&CATALOG, &open_goal("qwen3-8b")).unwrap().ranked;
    assert!(small[0].reasons.iter().all(|reason| reason.code != ReasonCode::CheaperWithMainMemory));
}

/// Current builds of PyTorch start at compute capability 7.5, and cards without fans take a server.
#[test]
fn cards_that_software_or_case_has_no_place_for_come_last() {
    for model in ["flux.1-dev", "qwen3-8b", "llama-3.3-70b"] {
        let advice = advise(&CATALOG, &Goal::new(model, JobKind::Inference)).unwrap();
        let first = &advice.ranked[0].setup.rig.card;
        assert!(first.features().current_pytorch, "{model}: {}", first.id);
        assert!(!["tesla-p40", "tesla-p100-pcie-16gb"].contains(&first.id.as_str()), "{model}: {}", first.id);
    }
    let plan = planned("qwen3-8b", "tesla-p40");
    let codes: Vec<ReasonCode> = plan.reasons.iter().map(|reason| reason.code).collect();
    assert!(codes.contains(&ReasonCode::OldToolkit) && codes.contains(&ReasonCode::NeedsAirflow), "{codes:?}");
}

/// The kernels of transformers for MXFP4 need compute capability 7.5: whoever insists on that
/// software is told, not answered with a time.
#[test]
fn software_that_cannot_run_the_weights_is_named() {
    let mut goal = Goal::new("gpt-oss-20b", JobKind::Inference);
    goal.rig.card = Some(CardChoices::One(CardChoice::Id("tesla-p40".to_owned())));
    goal.recipe.stack = Some(Stack::Transformers);
    match plan(&CATALOG, &goal).unwrap() {
        Outcome::Rejected(rejected) => assert_eq!(rejected.reason.code, ReasonCode::CannotFormat),
        Outcome::Planned(plan) => panic!("{:?}", plan.setup.recipe),
    }
    goal.recipe.stack = None;
    assert!(matches!(plan(&CATALOG, &goal).unwrap(), Outcome::Planned(_)), "llama.cpp runs it");
}

/// Four users at once on a card that vLLM's smallest weights do not fit: llama.cpp answers them.
#[test]
fn several_users_are_answered_by_llama_cpp_where_nothing_else_fits() {
    let four = |card: &str| {
        let mut goal = Goal::new("qwen3-8b", JobKind::Inference);
        goal.rig.card = Some(CardChoices::One(CardChoice::Id(card.to_owned())));
        goal.rig.count = Some(Counts::One(1.0));
        goal.job.concurrency = Some(4.0);
        match plan(&CATALOG, &goal).unwrap() {
            Outcome::Planned(plan) => plan.setup.recipe,
            Outcome::Rejected(rejected) => panic!("{card}: {:?}", rejected.reason),
        }
    };
    assert_eq!(four("rtx-3060-12gb").stack, Stack::Vllm);
    let small = four("rtx-3050-6gb");
    assert!(small.stack == Stack::LlamaCpp && small.weights.is_gguf(), "{small:?}");
}
