//! What a person or program gets back for a request that cannot be read.

use serde_json::Value;
use std::sync::LazyLock;
use whichcard::catalog::Catalog;
use whichcard::error::{ErrorCode, RequestError};
use whichcard::estimate::{WarningCode, estimate};
use whichcard::request::*;
use whichcard::units::Currency;

#[track_caller]
fn refused(json: &str, code: ErrorCode, field: &str) -> RequestError {
    let error = Request::from_json(json).expect_err("should be refused");
    assert_eq!((error.code, error.field.as_str()), (code, field), "{error}");
    error
}

const RIG: &str = r#""rig":{"card":"rtx-4090"}"#;

#[test]
fn text_that_is_not_json_is_refused() {
    refused("hello", ErrorCode::InvalidJson, "");
    refused("", ErrorCode::InvalidJson, "");
}

#[test]
fn missing_fields_are_named() {
    refused("{}", ErrorCode::MissingField, "model");
    refused(&format!(r#"{{"model":"llama-3-8b",{RIG}}}"#), ErrorCode::MissingField, "job");
    refused(&format!(r#"{{"model":"llama-3-8b","job":{{}},{RIG}}}"#), ErrorCode::MissingField, "job.kind");
}

#[test]
fn unknown_fields_are_named_with_the_nearest_known_one() {
    let request = format!(r#"{{"model":"llama-3-8b","job":{{"kind":"lora","seqenceLength":5}},{RIG}}}"#);
    let error = refused(&request, ErrorCode::UnknownField, "job.seqenceLength");
    assert_eq!(error.suggestions.first().map(String::as_str), Some("sequenceLength"));
}

#[test]
fn misspelt_keywords_get_suggestions() {
    let request = format!(r#"{{"model":"llama-3-8b","job":{{"kind":"qlroa"}},{RIG}}}"#);
    let error = refused(&request, ErrorCode::InvalidValue, "job.kind");
    assert_eq!(error.given, "qlroa");
    assert!(error.suggestions.contains(&"qlora".to_owned()), "{:?}", error.suggestions);
}

#[test]
fn wrong_types_are_named() {
    let request = format!(r#"{{"model":"llama-3-8b","job":{{"kind":"lora"}},"recipe":{{"microBatch":"four"}},{RIG}}}"#);
    let error = refused(&request, ErrorCode::InvalidValue, "recipe.microBatch");
    assert_eq!(error.given, "four");
}

#[test]
fn what_is_wrong_as_a_whole_is_named_in_a_whole_sentence() {
    let error = refused("null", ErrorCode::InvalidValue, "");
    assert!(error.to_string().starts_with("The request cannot be null"), "{error}");
}

#[test]
fn an_error_serialises_with_its_sentence() {
    let error = refused("{}", ErrorCode::MissingField, "model");
    let json = serde_json::to_value(&error).expect("serialises");
    assert_eq!(json["code"], "missing-field");
    assert!(json["message"].as_str().is_some_and(|text| text.contains("model")), "{json}");
}

#[test]
fn offload_by_layers_survives_a_round_trip() {
    let text = format!(r#"{{"model":"llama-3-8b","job":{{"kind":"inference"}},"recipe":{{"offload":"layers:12"}},{RIG}}}"#);
    let request = Request::from_json(&text).expect("valid");
    let again = Request::from_json(&serde_json::to_string(&request).expect("serialises")).expect("reads back");
    assert_eq!(request, again);
}

/// A request with every field written. A field added to the types fails to compile here until it is.
fn everything() -> Request {
    let number = Some(1.0);
    Request {
        model: ModelChoice::Id("mixtral-8x7b".to_owned()),
        job: JobRequest {
            kind: JobKind::Lora,
            sequence_length: number,
            target_length: number,
            padded: Some(true),
            tokens: number,
            samples: number,
            epochs: number,
            global_batch: number,
            prompt: number,
            output: number,
            concurrency: number,
            beams: number,
            all_logits: Some(true),
        },
        recipe: RecipeRequest {
            precision: Some(Precision::Fp32),
            optimizer: Some(Optimizer::Adamw),
            optimizer_kernel: Some(OptimizerKernel::Fused),
            micro_batch: number,
            gradient_accumulation: number,
            checkpointing: Some(Checkpointing::Full),
            attention: Some(AttentionKernel::Flash),
            loss: Some(LossKernel::Fused),
            stack: Some(Stack::Transformers),
            lora: Some(LoraRequest {
                rank: number,
                targets: Some(LoraTargets::Set(LoraTargetSet::AllLinear)),
                dropout: number,
                fp32_adapters: Some(true),
                upcast: Some(true),
                train_embeddings: Some(true),
            }),
            weights: Some(WeightFormat::Fp32),
            kv_cache: Some(CacheFormat::Fp16),
            vae_tiling: Some(VaeTiling::None),
            parallel: Some(ParallelRequest {
                sharding: Some(Sharding::Ddp),
                data: number,
                tensor: number,
                pipeline: number,
                expert: number,
                context: number,
            }),
            offload: Some(Offload::None),
        },
        rig: RigRequest {
            card: CardChoice::Custom(CustomCard {
                name: Some("mine".to_owned()),
                vram_gib: 24.0,
                bandwidth_gbs: 900.0,
                tensor_tflops: 100.0,
                fp32_tflops: number,
                compute_capability: Some("8.9".to_owned()),
                tdp_watts: number,
                nvlink_gbs: number,
            }),
            count: number,
            machine: MachineRequest {
                link: Some(LinkKind::Auto),
                reserved_bytes: number,
                power_limit_watts: number,
                network_gbps: number,
                host_memory: number,
                host_memory_gbs: number,
            },
        },
        money: MoneyRequest {
            currency: Some(Currency::Usd),
            card_price: number,
            rent_per_hour: number,
            tariff_per_kwh: number,
            country: Some("CN".to_owned()),
            pue: number,
            entry_loss: number,
            yearly_loss: number,
        },
    }
}

/// Every name of an object and of the objects inside it.
fn names(value: &Value, found: &mut Vec<String>) {
    for (name, inner) in value.as_object().into_iter().flatten() {
        found.push(name.clone());
        names(inner, found);
    }
}

#[test]
fn the_reference_names_every_field_and_every_keyword() {
    let reference = include_str!("../docs/request.md");
    let written = serde_json::to_value(everything()).expect("serialises");
    let mut found = Vec::new();
    names(&written, &mut found);
    assert!(found.len() > 50, "{found:?}");
    let ways = |name: &str| [format!("`{name}`"), format!(".{name}`"), format!("\"{name}\"")];
    let said = |name: &str| ways(name).iter().any(|way| reference.contains(way.as_str()));
    let missing = |names: &[&str]| names.iter().filter(|name| !said(name)).map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let fields: Vec<&str> = found.iter().map(String::as_str).filter(|name| !["job", "recipe", "rig"].contains(name)).collect();
    assert_eq!(missing(&fields), Vec::<String>::new());
    let keywords: Vec<&str> = [
        JobKind::names(),
        Precision::names(),
        Optimizer::names(),
        OptimizerKernel::names(),
        Checkpointing::names(),
        AttentionKernel::names(),
        LossKernel::names(),
        Stack::names(),
        LoraTargetSet::names(),
        CacheFormat::names(),
        Sharding::names(),
        LinkKind::names(),
        Condition::names(),
    ]
    .concat();
    // The condition belongs to a goal, whose reference is the planner's.
    let planning = include_str!("../docs/planning.md");
    let unsaid: Vec<String> = missing(&keywords)
        .into_iter()
        .filter(|name| !planning.contains(&format!("| {name}")) && !planning.contains(&format!("\"{name}\"")))
        .collect();
    assert_eq!(unsaid, Vec::<String>::new());
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).expect("valid"));

#[test]
fn an_incomplete_name_is_met_with_the_names_that_begin_so() {
    let unknown = |card: &str| resolve(&CATALOG, &Request::new("gpt2", JobKind::Lora, card)).expect_err("no such card");
    let error = unknown("gtx-1060");
    assert_eq!((error.code, error.field.as_str()), (ErrorCode::UnknownCard, "rig.card"));
    assert!(error.suggestions.iter().all(|name| name.starts_with("gtx-1060-")), "{:?}", error.suggestions);
    assert_eq!(unknown("rtx-4090ti").suggestions.first().map(String::as_str), Some("rtx-4090"), "nearest where none begins so");
}

/// Whoever sets everything hears of it as whoever asks for advice does: only training from nothing has so far to go.
#[test]
fn training_from_nothing_in_bf16_alone_is_warned_of() {
    let warned = |kind, precision| {
        let mut request = Request::new("llama-3-8b", kind, "rtx-pro-6000-blackwell");
        request.recipe.precision = precision;
        let estimate = estimate(&CATALOG, &request).expect("answered");
        estimate.warnings.iter().any(|warning| warning.code == WarningCode::PureBf16Scratch)
    };
    assert!(warned(JobKind::Pretrain, None), "what is taken where nothing is said");
    assert!(warned(JobKind::Pretrain, Some(Precision::Bf16Pure)));
    assert!(!warned(JobKind::Pretrain, Some(Precision::Bf16Master)));
    assert!(!warned(JobKind::FullFinetune, Some(Precision::Bf16Pure)));
}

#[test]
fn a_country_is_a_code() {
    let of = |country: &str| {
        let mut request = Request::new("gpt2", JobKind::Lora, "rtx-4090");
        request.money.country = Some(country.to_owned());
        resolve(&CATALOG, &request)
    };
    assert_eq!(of("cn").expect("a code").money.country.as_deref(), Some("CN"));
    assert!(of("CH").is_ok(), "a country of which no tariff is known");
    let warned = |country: &str| {
        let mut request = Request::new("gpt2", JobKind::Lora, "rtx-4090");
        request.money.country = Some(country.to_owned());
        let estimate = estimate(&CATALOG, &request).expect("answered");
        estimate.warnings.iter().any(|warning| warning.code == WarningCode::NoElectricity)
    };
    assert!(warned("CH") && !warned("DE"));
    for wrong in ["China", "C", "", "C1"] {
        let error = of(wrong).expect_err("no code");
        assert_eq!((error.code, error.field.as_str()), (ErrorCode::InvalidValue, "money.country"), "{wrong}");
    }
}

#[test]
fn experts_are_spread_only_where_there_are_some_and_evenly() {
    let of = |model: &str, count: f64, expert: f64| {
        let mut request = Request::new(model, JobKind::Lora, "h100-sxm");
        request.rig.count = Some(count);
        request.recipe.parallel = Some(ParallelRequest { expert: Some(expert), ..ParallelRequest::default() });
        resolve(&CATALOG, &request)
    };
    assert_eq!(of("mixtral-8x7b", 8.0, 8.0).expect("one expert a card").recipe.parallel.expert, 8);
    for (model, count, expert) in [("llama-3-8b", 8.0, 8.0), ("mixtral-8x7b", 8.0, 3.0), ("mixtral-8x7b", 2.0, 4.0)] {
        let error = of(model, count, expert).expect_err("does not divide");
        assert_eq!((error.code, error.field.as_str()), (ErrorCode::Conflict, "recipe.parallel.expert"), "{model} {count} {expert}");
    }
}

/// Servers do not train, laboratories' code serves nobody, and no adapter is trained on a GGUF file: said, with what does it
/// instead.
#[test]
fn software_is_taken_for_what_it_does() {
    let of = |kind: JobKind, stack: Option<Stack>, weights: Option<WeightFormat>| {
        let mut request = Request::new("llama-3-8b", kind, "rtx-4090");
        (request.recipe.stack, request.recipe.weights) = (stack, weights);
        resolve(&CATALOG, &request)
    };
    let mut refused = 0;
    for (&kind, &stack) in JobKind::ALL.iter().flat_map(|kind| Stack::ALL.iter().map(move |stack| (kind, stack))) {
        match of(kind, Some(stack), None) {
            Ok(setup) => assert!(stack.suits(kind) && setup.recipe.stack == stack, "{kind:?} {stack:?}"),
            Err(error) => {
                assert_eq!((error.code, error.field.as_str()), (ErrorCode::Conflict, "recipe.stack"), "{kind:?} {stack:?}");
                let other = Stack::from_name(&error.suggestions[0]).expect("a name");
                assert!(!stack.suits(kind) && of(kind, Some(other), None).is_ok(), "{kind:?} {stack:?} {other:?}");
                refused += 1;
            }
        }
    }
    // Four that only run models in four kinds of training, and one that only trains.
    assert_eq!(refused, 17);
    for kind in [JobKind::Lora, JobKind::Qlora] {
        let error = of(kind, None, Some(WeightFormat::Q4KM)).expect_err("a file of llama.cpp");
        assert_eq!((error.code, error.field.as_str()), (ErrorCode::Conflict, "recipe.weights"), "{error}");
        assert!(of(kind, None, WeightFormat::from_name(&error.suggestions[0])).is_ok(), "{error}");
    }
    // Weights that are all trained are stored in no format of their own, and software that trains is taken by itself.
    let full = of(JobKind::FullFinetune, None, Some(WeightFormat::Q4KM)).expect("no adapters");
    assert_eq!(full.recipe.stack, Stack::Transformers);
}

/// gpt-oss is published in MXFP4 and DeepSeek-V3 in FP8: whoever asks for nothing else gets what can be downloaded.
#[test]
fn a_model_runs_as_it_is_released_where_the_software_can() {
    let catalog = Catalog::from_json(include_str!("../catalog.json")).expect("readable");
    let open = |model: &str, kind: &str, card: &str, recipe: &str| {
        let text = format!(r#"{{"model":"{model}","job":{{"kind":"{kind}"}},"recipe":{recipe},"rig":{{"card":"{card}"}}}}"#);
        let recipe = resolve(&catalog, &Request::from_json(&text).expect("valid")).expect("resolves").recipe;
        (recipe.weights, recipe.stack)
    };
    use WeightFormat::{Bf16, Fp8, Fp16, Fp32, Int4Experts, Mxfp4, Mxfp4Fp8, Nf4};
    for (model, kind, card, recipe, expected) in [
        ("gpt-oss-20b", "inference", "rtx-4060-ti-16gb", "{}", (Mxfp4, Stack::LlamaCpp)),
        ("gpt-oss-20b", "inference", "gtx-1080-ti", "{}", (Mxfp4, Stack::LlamaCpp)),
        ("gpt-oss-20b", "inference", "h100-sxm", r#"{"stack":"vllm"}"#, (Mxfp4, Stack::Vllm)),
        // The kernels of transformers need compute capability 7.5.
        ("gpt-oss-20b", "inference", "gtx-1080-ti", r#"{"stack":"transformers"}"#, (Fp16, Stack::Transformers)),
        ("gpt-oss-20b", "inference", "rtx-4090", r#"{"precision":"fp32"}"#, (Fp32, Stack::Transformers)),
        ("gpt-oss-20b", "lora", "h100-sxm", "{}", (Bf16, Stack::Transformers)),
        ("gpt-oss-20b", "qlora", "rtx-4090", "{}", (Nf4, Stack::Transformers)),
        ("deepseek-v3", "inference", "h100-sxm", "{}", (Fp8, Stack::Transformers)),
        ("deepseek-v4-flash", "inference", "b200", r#"{"stack":"vllm"}"#, (Mxfp4Fp8, Stack::Vllm)),
        ("deepseek-v4-pro", "inference", "rtx-3090", "{}", (Mxfp4Fp8, Stack::LlamaCpp)),
        ("kimi-k2.5", "inference", "h200-sxm", r#"{"stack":"vllm"}"#, (Int4Experts, Stack::Vllm)),
        ("deepseek-v3", "inference", "h100-sxm", r#"{"stack":"llama.cpp"}"#, (Bf16, Stack::LlamaCpp)),
        ("qwen3-8b", "inference", "rtx-4090", "{}", (Bf16, Stack::Transformers)),
    ] {
        assert_eq!(open(model, kind, card, recipe), expected, "{model} {kind} {card} {recipe}");
    }
}

/// Nobody trains an encoder or a voice on one clip at a time: eight is what the Trainer of transformers takes by itself. A language
/// model may fill the card with one sequence, and a request is one wherever something is only run.
#[test]
fn a_training_takes_as_many_at_a_time_as_its_software_does() {
    let of =
        |model: &str, kind: JobKind| resolve(&CATALOG, &Request::new(model, kind, "rtx-3090")).expect("a setup").recipe.micro_batch;
    for (model, kind, batch) in [
        ("bert-base", JobKind::FullFinetune, 8),
        ("t5-base", JobKind::FullFinetune, 8),
        ("tacotron2", JobKind::Pretrain, 64),
        ("fastpitch", JobKind::Pretrain, 8),
        ("whisper-small", JobKind::FullFinetune, 8),
        ("whisper-small", JobKind::Inference, 1),
        ("whisper-large-v3", JobKind::Lora, 1),
        ("yolo11m", JobKind::FullFinetune, 16),
        ("resnet-50", JobKind::Pretrain, 32),
        ("faster-rcnn-r50-fpn", JobKind::FullFinetune, 2),
        ("llama-3-8b", JobKind::Lora, 1),
        ("sdxl-base", JobKind::Lora, 1),
    ] {
        assert_eq!(of(model, kind), batch, "{model} {kind:?}");
    }
    assert_eq!(
        resolve(&CATALOG, &Request::new("f5-tts-base", JobKind::Pretrain, "rtx-3090")).expect("a setup").job.tokens.get(),
        1.2e6 * 307_200.0,
        "frames of F5-TTS's own training"
    );
}
