//! Which cards a job runs on, and how.

use super::*;

#[test]
fn llama_3_8b_qlora_runs_on_8_gb() {
    let mut goal = on(goal("llama-3-8b", "qlora"), "rtx-4060", 1);
    goal.job.sequence_length = Some(1024.0);
    // Readings reach a third above the estimate, so the last gibibyte is not promised.
    let memory = planned(&goal).figures.memory;
    assert!(memory.total <= memory.capacity && memory.verdict != Verdict::DoesNotFit, "{memory:?}");
}

/// The rasterisers compute in FP32, step with Adam and recompute nothing.
#[test]
fn a_scene_is_trained_the_one_way_its_programs_know() {
    let plan = planned(&on(goal("3dgs-gsplat", "pretrain"), "rtx-3060-12gb", 1));
    let recipe = &plan.setup.recipe;
    assert_eq!(
        (recipe.precision, recipe.optimizer, recipe.checkpointing),
        (Precision::Fp32, Optimizer::Adamw, Checkpointing::None)
    );
    let request = Request::new("3dgs-inria", JobKind::Pretrain, "rtx-3050-6gb");
    let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &request).unwrap());
    assert!(!changes.is_empty() && changes.iter().all(|change| change.sacrifice == Sacrifice::Hardware), "{changes:?}");
}

/// Short sequences fit with what torchtune's recipe for this card does: paged 8-bit states, steps in the backward pass,
/// recomputation; and with nothing less. Long ones do not fit on the card at all, and go to main memory as DeepSpeed's ZeRO-3 does
/// it: with the weights there too, the card has room to keep the activations.
#[test]
fn seven_billion_full_finetuning_on_24_gb_needs_a_paged_optimizer_or_offload() {
    let with = |length: f64, recipe: RecipeRequest| {
        let mut goal = on(goal("llama-2-7b", "full-finetune"), "rtx-3090", 1);
        goal.job.sequence_length = Some(length);
        goal.job.global_batch = Some(16.0);
        goal.recipe = recipe;
        goal
    };
    let short = planned(&with(512.0, RecipeRequest::default())).setup.recipe;
    let kept = (short.optimizer, short.optimizer_kernel, short.checkpointing, short.offload);
    assert_eq!(kept, (Optimizer::PagedAdamw8bit, OptimizerKernel::InBackward, Checkpointing::Full, Offload::None));
    let on_card = RecipeRequest { offload: Some(Offload::None), ..RecipeRequest::default() };
    for less in [
        RecipeRequest { optimizer: Some(Optimizer::Adamw8bit), ..on_card.clone() },
        RecipeRequest { checkpointing: Some(Checkpointing::None), ..on_card.clone() },
    ] {
        assert!(matches!(plan(&CATALOG, &with(512.0, less)), Ok(Outcome::Rejected(_))));
    }
    assert!(matches!(plan(&CATALOG, &with(2048.0, on_card)), Ok(Outcome::Rejected(_))));
    let long = planned(&with(2048.0, RecipeRequest::default()));
    let recipe = &long.setup.recipe;
    // Weights and gradients cross the bus in each pass, so recomputation pays: it makes room for larger ones.
    assert_eq!((recipe.offload, recipe.checkpointing), (Offload::OptimizerAndWeights, Checkpointing::Full));
    assert!(recipe.micro_batch > 1, "{}", recipe.micro_batch);
    // Weights, gradients and two states in 16 bits: 8 bytes for each of 6.7 billion.
    assert!((45.0..55.0).contains(&long.host_memory().as_gib()), "{}", long.host_memory().as_gib());
}

#[test]
fn seventy_billion_qlora_runs_on_48_gb_and_on_two_24_gb_cards_with_offload_but_not_on_one() {
    let short = |card, count| {
        let mut goal = on(goal("llama-2-70b", "qlora"), card, count);
        goal.job.sequence_length = Some(512.0);
        goal
    };
    assert_eq!(planned(&short("rtx-a6000", 1)).setup.recipe.offload, Offload::None);
    planned(&short("rtx-3090", 2));
    let mut one = short("rtx-3090", 1);
    one.recipe.offload = Some(Offload::None);
    let (code, least) = refused(&one);
    assert_eq!(code, ReasonCode::TooLarge);
    assert!(least.unwrap() > Bytes::gib(34.0), "{least:?}");
}

#[test]
fn nothing_a_person_owns_pretrains_gpt_3_and_the_answer_says_what_could() {
    let advice = advise(&CATALOG, &goal("gpt3-175b", "pretrain")).unwrap();
    assert!(!advice.ranked.is_empty());
    for plan in &advice.ranked {
        assert!(plan.setup.rig.card.vram > Bytes::gib(130.0), "{:?} {}", rigs(&advice), plan.setup.rig.card.id);
    }
    let a40 = advice.rejected.iter().find(|one| one.card.id == "a40" && one.count == 1).unwrap();
    // The FP32 copy, states and gradients of so many weights are more than two terabytes of main memory hold.
    assert_eq!(a40.reason.code, ReasonCode::TooLittleMainMemory);
    assert!(a40.least.as_ref().unwrap().total > Bytes::gib(300.0));
}

#[test]
fn bert_trains_on_an_8_gb_card_without_compromise() {
    let plan = planned(&on(goal("bert-base", "full-finetune"), "rtx-2080", 1));
    assert_eq!((plan.comfort, plan.compromises), (Comfort::Fits, 0));
}

#[test]
fn cards_before_ampere_get_no_bf16() {
    for (card, bf16) in [("gtx-1080-ti", false), ("rtx-2080-ti", false), ("rtx-3090", true)] {
        for kind in ["full-finetune", "lora", "qlora"] {
            let plan = planned(&on(goal("gpt2", kind), card, 1));
            assert_eq!(plan.setup.recipe.precision.name().starts_with("bf16"), bf16, "{card} {kind}");
        }
    }
    let mut fixed = on(goal("gpt2", "full-finetune"), "gtx-1080-ti", 1);
    fixed.recipe.precision = whichcard::request::Precision::from_name("bf16-pure");
    assert_eq!(refused(&fixed).0, ReasonCode::CannotBf16);
}

/// What an estimate warns that a card lacks, a plan that has to have it is refused for there, and nothing else is: llama.cpp has
/// `FlashAttention` on every card, PyTorch from Ampere on.
#[test]
fn plans_are_refused_for_what_estimates_warn_of() {
    use whichcard::request::{AttentionKernel, Stack, WeightFormat};
    let formats =
        [WeightFormat::Bf16, WeightFormat::Nf4, WeightFormat::Int8, WeightFormat::Fp8, WeightFormat::Mxfp4, WeightFormat::Q4KM];
    let of_card = [
        WarningCode::NoBf16,
        WarningCode::NoTf32,
        WarningCode::NoFp8,
        WarningCode::NoFlashAttention,
        WarningCode::NoNf4,
        WarningCode::NoLlmInt8,
        WarningCode::NoFormat,
    ];
    let (mut told, mut asked) = (0, 0);
    for (card, kind) in ["gtx-1080-ti", "v100-pcie-16gb", "rtx-2080-ti", "rtx-4090"]
        .into_iter()
        .flat_map(|card| [JobKind::FullFinetune, JobKind::Qlora, JobKind::Inference].map(|kind| (card, kind)))
    {
        let stacks = [Stack::Transformers, Stack::LlamaCpp, Stack::Vllm].into_iter().filter(|stack| stack.suits(kind));
        for (stack, weights) in
            stacks.flat_map(|stack| formats.map(|format| (stack, format))).filter(|(_, format)| format.suits(kind))
        {
            for &precision in Precision::ALL {
                for attention in [AttentionKernel::MemoryEfficient, AttentionKernel::Flash] {
                    let mut request = Request::new("llama-3.2-1b", kind, card);
                    let recipe = &mut request.recipe;
                    (recipe.stack, recipe.weights) = (Some(stack), Some(weights));
                    (recipe.precision, recipe.attention) = (Some(precision), Some(attention));
                    let warnings = estimate(&CATALOG, &request).unwrap().warnings;
                    let lacks = warnings.iter().any(|warning| of_card.contains(&warning.code));
                    let mut goal = on(goal("llama-3.2-1b", kind.name()), card, 1);
                    goal.recipe = request.recipe;
                    let cannot = match plan(&CATALOG, &goal).unwrap() {
                        Outcome::Rejected(rejected) => rejected.reason.code.name().starts_with("cannot-"),
                        Outcome::Planned(_) => false,
                    };
                    assert_eq!(lacks, cannot, "{card} {kind:?} {stack:?} {weights:?} {precision:?} {attention:?}: {warnings:?}");
                    (told, asked) = (told + u32::from(lacks), asked + 1);
                }
            }
        }
    }
    assert!(told > 200 && asked > told + 200, "{told} of {asked}");
}

#[test]
fn kinds_of_work_that_make_no_sense_are_refused_with_the_nearest_that_does() {
    for (model, kind, nearest) in [
        ("resnet-50", "qlora", "full-finetune"),
        ("resnet-50", "lora", "full-finetune"),
        ("sdxl-base", "qlora", "lora"),
        ("3dgs-gsplat", "lora", "pretrain"),
        ("3dgs-gsplat", "full-finetune", "pretrain"),
    ] {
        let error = advise(&CATALOG, &goal(model, kind)).unwrap_err();
        assert_eq!((error.code, error.field.as_str()), (ErrorCode::UnsuitedMethod, "job.kind"), "{model} {kind}");
        assert_eq!(error.suggestions, [nearest], "{model} {kind}");
        assert!(advise(&CATALOG, &goal(model, nearest)).is_ok());
        let request = Request::new(model, JobKind::from_name(kind).unwrap(), "rtx-4090");
        assert_eq!(resolve(&CATALOG, &request).unwrap_err().code, ErrorCode::UnsuitedMethod);
    }
    let resnet = CATALOG.model("resnet-50").unwrap();
    for ability in abilities(&CATALOG, &one("rtx-4090")) {
        assert!(ability.models.iter().all(|one| one.model.supports(ability.kind)));
        assert_eq!(ability.models.iter().any(|one| one.model.id == resnet.id), resnet.supports(ability.kind));
    }
    for task in CATALOG.tasks() {
        assert!(CATALOG.model(&task.model).unwrap().supports(task.job.kind), "{}", task.id);
    }
}

/// A card of 8 GB ran 70 billion weights sooner than one of 32 GB, on a server's board that nobody had.
#[test]
fn the_rig_that_is_there_gets_no_other_board() {
    let speed = |card: &str| {
        let rig = one(card);
        let all = abilities(&CATALOG, &rig);
        let answering = all.iter().find(|ability| ability.kind == JobKind::Inference).unwrap();
        assert!(answering.models.iter().filter_map(|one| one.run.as_ref()).all(|run| !run.lacks_board), "{card}");
        let large = answering.models.iter().find(|one| one.model.id == "llama-3.1-70b").and_then(|one| one.run.as_ref());
        large.map_or(0.0, |run| run.time.decode.as_ref().unwrap().tokens_per_second)
    };
    let (small, large) = (speed("rtx-4060"), speed("rtx-5090"));
    assert!(large > small, "{large}, {small}");
}

#[test]
fn a_plan_carries_no_setting_that_its_model_or_job_does_not_have() {
    let json = |goal: &Goal| serde_json::to_value(planned(goal)).unwrap();
    let vision = json(&on(goal("resnet-50", "full-finetune"), "rtx-4090", 1));
    for absent in ["attention", "loss", "kvCache", "lora", "parallel"] {
        assert!(vision["recipe"].get(absent).is_none(), "{absent}: {vision}");
    }
    let chat = json(&on(goal("llama-3-8b", "inference"), "rtx-4090", 1));
    assert!(chat["recipe"].get("optimizer").is_none() && chat["recipe"]["kvCache"].is_string(), "{chat}");
}

#[test]
fn what_needs_host_memory_is_counted_and_ranked_apart() {
    let advice = advise(&CATALOG, &goal("llama-2-7b", "full-finetune")).unwrap();
    assert!(advice.ranked.is_sorted_by_key(|plan| plan.comfort));
    assert!(advice.summary.fits > 0 && advice.summary.offloaded > 0, "{:?}", advice.summary);
    for plan in advice.ranked.iter().filter(|plan| plan.comfort == Comfort::Offloaded) {
        assert!(plan.host_memory() > Bytes::gib(8.0), "{}", plan.host_memory().as_gib());
    }
    assert_eq!(advice.notes.first().unwrap().code, ReasonCode::SummaryBoth);
}

#[test]
fn more_cards_than_two_get_a_layout_that_fills_them() {
    let base = |model: &str, kind: &str, card: &str, count: f64| {
        let mut request = Request::new(model, JobKind::from_name(kind).unwrap(), card);
        request.rig.count = Some(count);
        resolve(&CATALOG, &request).unwrap()
    };
    for (model, kind, card) in [("llama-2-70b", "inference", "rtx-3090"), ("llama-3-8b", "full-finetune", "rtx-3090")] {
        for count in [2.0, 3.0] {
            let setup = base(model, kind, card, count);
            let changes = smallest_changes(&CATALOG, &setup);
            let more = changes.iter().filter(|change| change.setup.rig.count > setup.rig.count);
            for change in more {
                let (plan, count) = (change.setup.recipe.parallel, change.setup.rig.count);
                assert_eq!(plan.data * plan.tensor * plan.pipeline * plan.context, count, "{model} on {count}: {plan:?}");
                let recipe = &change.setup.recipe;
                let batch = recipe.micro_batch * recipe.gradient_accumulation * u64::from(plan.data);
                assert!(!change.setup.trains() || batch >= setup.job.global_batch, "{batch}");
            }
            assert!(changes.iter().any(|change| change.setup.rig.count > setup.rig.count), "{model} on {count}");
        }
    }
}

#[test]
fn the_machine_that_is_there_refuses_what_it_has_no_room_for() {
    let asked = |edit: fn(&mut whichcard::plan::RigLimits), card: &str, count| {
        let mut goal = on(goal("llama-3-8b", "qlora"), card, count);
        edit(&mut goal.rig);
        plan(&CATALOG, &goal).unwrap()
    };
    let code = |outcome| match outcome {
        Outcome::Planned(_) => None,
        Outcome::Rejected(rejected) => Some(rejected.reason.code),
    };
    // An RTX 4090 draws 450 W, asks for a supply of 850 W and covers three slots.
    assert_eq!(code(asked(|rig| rig.wall_watts = Some(500.0), "rtx-4090", 1)), Some(ReasonCode::OverWall));
    assert_eq!(code(asked(|rig| rig.wall_watts = Some(700.0), "rtx-4090", 1)), None);
    assert_eq!(code(asked(|rig| rig.power_supply_watts = Some(750.0), "rtx-4090", 1)), Some(ReasonCode::OverSupply));
    assert_eq!(code(asked(|rig| rig.power_supply_watts = Some(850.0), "rtx-4090", 1)), None);
    assert_eq!(code(asked(|rig| rig.power_supply_watts = Some(1_000.0), "rtx-4090", 2)), Some(ReasonCode::OverSupply));
    assert_eq!(code(asked(|rig| rig.slots = Some(2.0), "rtx-4090", 1)), Some(ReasonCode::OverSlots));
    assert_eq!(code(asked(|rig| rig.slots = Some(4.0), "rtx-4090", 1)), None);
    assert_eq!(code(asked(|rig| rig.slots = Some(4.0), "rtx-4090", 2)), Some(ReasonCode::OverSlots));
    for own in ["rtx-4090-laptop", "h100-sxm"] {
        assert_eq!(code(asked(|rig| (rig.slots, rig.power_supply_watts) = (Some(0.0), Some(100.0)), own, 1)), None, "{own}");
    }
}

/// What takes 368 GiB a card in 16 bits is served as it was published.
#[test]
fn large_mixtures_are_served_as_they_are_released() {
    for (model, format) in [("deepseek-v4-pro", WeightFormat::Mxfp4Fp8), ("kimi-k2.5", WeightFormat::Int4Experts)] {
        assert_eq!(planned(&on(goal(model, "inference"), "b200", 8)).setup.recipe.weights, format, "{model}");
    }
}
