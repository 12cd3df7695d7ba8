//! What must hold of the memory estimate whatever the request.

use proptest::prelude::*;
use serde_json::{Value, json};
use whichcard::catalog::Catalog;
use whichcard::estimate::{Confidence, Memory, estimate, memory, memory_confidence, memory_steps};
use whichcard::request::{JobKind, Keyword, Optimizer, Request, Setup, resolve};

fn catalog() -> &'static Catalog {
    static CATALOG: std::sync::OnceLock<Catalog> = std::sync::OnceLock::new();
    CATALOG.get_or_init(|| Catalog::from_json(include_str!("../catalog.json")).unwrap())
}

fn setup(request: &Value) -> Setup {
    resolve(catalog(), &Request::from_value(request.clone()).unwrap()).unwrap()
}

fn of(request: &Value) -> Memory {
    memory(&setup(request))
}

/// The same request with one field set (`recipe.lora.rank`).
fn with(request: &Value, path: &str, value: impl Into<Value>) -> Value {
    let mut changed = request.clone();
    let mut place = &mut changed;
    for key in path.split('.') {
        place = &mut place[key];
    }
    *place = value.into();
    changed
}

const MODELS: [&str; 12] = [
    "llama-3-8b",
    "qwen2.5-0.5b",
    "gpt2-xl",
    "bert-base",
    "t5-base",
    "whisper-small",
    "vit-b-16",
    "resnet-50",
    "gemma-2-2b",
    "mixtral-8x7b",
    "wav2vec2-base",
    "deepseek-v3",
];

fn requests() -> impl Strategy<Value = Value> {
    let recipe = (
        prop::sample::select(vec!["fp32", "bf16-autocast", "bf16-pure", "bf16-master"]),
        prop::sample::select(vec!["none", "selective", "full", "host"]),
        prop::sample::select(vec!["eager", "math", "memory-efficient", "flash"]),
        prop::sample::select(Optimizer::ALL.iter().map(|optimizer| optimizer.name()).collect::<Vec<_>>()),
        prop::sample::select(vec!["standard", "fused", "chunked"]),
    );
    let job = (
        prop::sample::select(MODELS.to_vec()),
        prop::sample::select(vec!["pretrain", "full-finetune", "lora", "qlora", "inference"]),
        1_u64..32,
        1_u64..4096,
        1_u64..128,
    );
    (job, recipe).prop_map(|((model, kind, batch, length, rank), (precision, checkpointing, attention, optimizer, loss))| {
        // What a model cannot be trained by is refused; the nearest it can be is asked for instead.
        let named = JobKind::from_name(kind).expect("a kind of job");
        let kind = catalog().model(model).expect("a model").nearest(named).name();
        json!({
            "model": model,
            "job": {"kind": kind, "sequenceLength": length, "prompt": length, "output": 16, "concurrency": batch},
            "recipe": {
                "precision": precision, "checkpointing": checkpointing, "attention": attention, "optimizer": optimizer, "loss": loss,
                "microBatch": batch, "lora": {"rank": rank}, "parallel": {}
            },
            "rig": {"card": "rtx-4090", "count": 1}
        })
    })
}

fn parts(memory: &Memory) -> [f64; 9] {
    [
        memory.weights,
        memory.gradients,
        memory.optimizer,
        memory.activations,
        memory.logits,
        memory.kv_cache,
        memory.workspace,
        memory.communication,
        memory.context,
    ]
    .map(whichcard::units::Bytes::get)
}

/// Rounding of sums of doubles.
const SLACK: f64 = 1.0 + 1e-9;

proptest! {
    #[test]
    fn parts_are_not_negative_and_sum_to_the_total(request in requests()) {
        let memory = of(&request);
        let parts = parts(&memory);
        prop_assert!(parts.iter().all(|part| part.is_finite() && *part >= 0.0), "{parts:?}");
        let sum: f64 = parts.iter().sum();
        prop_assert!((sum / memory.total.get() - 1.0).abs() < 1e-9);
        prop_assert!(memory.low <= memory.total && memory.total <= memory.high && memory.allocated <= memory.total);
    }

    #[test]
    fn larger_batches_sequences_and_ranks_need_no_less(request in requests(), more in 1_u64..8) {
        let before = of(&request);
        for path in ["recipe.microBatch", "job.concurrency", "job.sequenceLength", "job.prompt", "recipe.lora.rank"] {
            let mut value = request.clone();
            for key in path.split('.') {
                value = value[key].clone();
            }
            let after = of(&with(&request, path, value.as_u64().unwrap() + more));
            prop_assert!(after.allocated.get() * SLACK >= before.allocated.get(), "{path}");
        }
    }

    #[test]
    fn checkpointing_never_adds_activations(request in requests()) {
        let kept = |name: &str| whichcard::estimate::kept_for_backward(&setup(&with(&request, "recipe.checkpointing", name)));
        prop_assert!(kept("full").get() <= kept("none").get() * SLACK);
        prop_assert!(kept("host").get() <= kept("full").get() * SLACK);
        prop_assert!(kept("selective").get() <= kept("none").get() * SLACK);
    }

    #[test]
    fn deeper_sharding_never_adds_memory(request in requests(), cards in 2_u32..16) {
        let request = with(&request, "rig.count", cards);
        let need = |stage: &str| of(&with(&request, "recipe.parallel", json!({"sharding": stage}))).allocated.get();
        let stages = ["ddp", "zero1", "zero2"].map(need);
        prop_assert!(stages.windows(2).all(|pair| pair[1] <= pair[0] * SLACK), "{stages:?}");
    }

    #[test]
    fn splitting_a_model_never_adds_memory(request in requests(), cards in 2_u32..8) {
        let alone = of(&request).allocated.get();
        for way in ["tensor", "pipeline"] {
            let mut plan = json!({"data": 1});
            plan[way] = cards.into();
            let split = of(&with(&with(&request, "rig.count", cards), "recipe.parallel", plan));
            prop_assert!(split.allocated.get() <= alone * SLACK, "{way}");
        }
    }

    #[test]
    fn the_working_ends_in_the_parts(request in requests()) {
        let setup = setup(&request);
        let memory = memory(&setup);
        for step in memory_steps(&setup, &memory) {
            prop_assert!(step.value.is_finite() && step.value >= 0.0, "{}", step.id);
            prop_assert!(!step.formula.is_empty() && !step.source.is_empty(), "{}", step.id);
        }
    }
}

#[test]
fn a_24_gib_card_holds_a_quantised_8b_and_not_its_full_tuning() {
    use whichcard::estimate::Verdict;
    let request = |kind: &str| json!({"model": "llama-3-8b", "job": {"kind": kind}, "rig": {"card": "rtx-4090"}});
    assert_eq!(of(&request("qlora")).verdict, Verdict::Fits);
    assert_eq!(of(&request("full-finetune")).verdict, Verdict::DoesNotFit);
}

#[test]
fn what_moves_to_the_host_leaves_the_card() {
    let request = json!({
        "model": "llama-3-8b", "job": {"kind": "inference"}, "recipe": {"weights": "q4_k_m", "offload": "layers:16"},
        "rig": {"card": "rtx-4090"}
    });
    let (all, half) = (of(&with(&request, "recipe.offload", "none")), of(&request));
    assert!(half.weights.get() < 0.7 * all.weights.get() && half.host > all.host);
}

#[test]
fn support_is_by_kind_of_network_and_job() {
    let supported = |model: &str, kind: &str, recipe: Value| {
        let request = json!({"model": model, "job": {"kind": kind}, "recipe": recipe, "rig": {"card": "rtx-4090"}});
        memory_confidence(&setup(&request))
    };
    assert_eq!(supported("llama-3-8b", "qlora", json!({})), Confidence::MeasuredNearby);
    assert_eq!(supported("whisper-small", "lora", json!({})), Confidence::MeasuredNearby);
    // Whisper and QLoRA were measured, but not together.
    assert_eq!(supported("whisper-small", "qlora", json!({})), Confidence::Calibrated);
    // No reading covers what main memory holds.
    assert_eq!(supported("llama-3-8b", "full-finetune", json!({"offload": "optimizer"})), Confidence::Extrapolated);
}

/// Each text of a beam has a cache of its own and is a row of every product; the clip is encoded once. Caches are what many clips at once
/// wait for.
#[test]
fn a_beam_caches_and_computes_each_of_its_texts() {
    let heard = |beams: u64| {
        let request = json!({"model": "whisper-large-v3", "job": {"kind": "inference", "concurrency": 16, "beams": beams},
            "recipe": {"stack": "vllm"}, "rig": {"card": "rtx-4090"}});
        estimate(catalog(), &Request::from_value(request).unwrap()).unwrap()
    };
    let (one, five) = (heard(1), heard(5));
    assert!((five.memory.kv_cache.get() / one.memory.kv_cache.get() - 5.0).abs() < 1e-9);
    assert_eq!(one.memory.weights, five.memory.weights);
    assert_eq!(one.time.prefill, five.time.prefill);
    let slower = five.time.total.get() / one.time.total.get();
    assert!(slower > 1.3 && slower < 4.5, "{slower}");
}

/// However cards share a network of experts, together they hold all of it, whatever of the layout lies across what else.
#[test]
fn all_cards_together_hold_the_whole_model() {
    let degrees = [1_u64, 2, 4, 8];
    let layouts: Vec<[u64; 5]> = degrees
        .iter()
        .flat_map(|tensor| degrees.map(|data| (*tensor, data)))
        .flat_map(|(tensor, data)| [1_u64, 2, 4].map(|pipeline| (tensor, data, pipeline)))
        .flat_map(|(tensor, data, pipeline)| [1_u64, 2].map(|context| (tensor, data, pipeline, context)))
        .flat_map(|(tensor, data, pipeline, context)| {
            let stage = tensor * data * context;
            let spread = [1_u64, 2, 4, 8, 16, 32, 64].into_iter().filter(move |expert| stage % expert == 0);
            spread.map(move |expert| [tensor, data, pipeline, context, expert])
        })
        .collect();
    let mut checked = 0;
    for (kind, stack) in
        [("inference", "vllm"), ("inference", "tensorrt-llm"), ("full-finetune", "megatron"), ("qlora", "megatron")]
    {
        // Gradients are of the moment of the peak, when some may be gone.
        let held = |memory: &Memory| [memory.weights, memory.optimizer].map(|part| part.get());
        let of = |[tensor, data, pipeline, context, expert]: [u64; 5], sharding: &str| {
            let parallel = json!({"tensor": tensor, "data": data, "pipeline": pipeline, "context": context, "expert": expert, "sharding": sharding});
            let recipe = json!({"stack": stack, "parallel": parallel, "microBatch": 1});
            let cards = tensor * data * pipeline * context;
            // 64 experts beside dense layers.
            memory(&setup(
                &json!({"model": "deepseek-v2-lite", "job": {"kind": kind}, "recipe": recipe, "rig": {"card": "h200-sxm", "count": cards}}),
            ))
        };
        let whole = held(&of([1; 5], "ddp"));
        for layout in &layouts {
            for sharding in ["ddp", "zero1", "zero2", "zero3"] {
                if sharding != "ddp" && (kind == "inference" || layout[1] * layout[3] == 1) {
                    continue;
                }
                let cards = (layout[0] * layout[1] * layout[2] * layout[3]) as f64;
                for (part, all) in held(&of(*layout, sharding)).into_iter().zip(whole) {
                    assert!(part * cards >= all * (1.0 - 1e-9), "{kind} {stack} {layout:?} {sharding}: {part} on {cards} of {all}");
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 1_000, "{checked}");
}

/// Slices and experts on the same eight cards: 671 billion weights in FP8 are 84 GB a card, whichever of the two divides the experts
/// (vLLM's recipe for DeepSeek-V3 is `--tensor-parallel-size 8 --enable-expert-parallel`). Replicas of the attention divide them too.
#[test]
fn deepseek_is_on_eight_cards_once() {
    let weights = |tensor: u32, data: u32, expert: u32| {
        let parallel = json!({"tensor": tensor, "data": data, "expert": expert});
        let recipe = json!({"stack": "vllm", "weights": "fp8", "parallel": parallel});
        of(&json!({"model": "deepseek-v3", "job": {"kind": "inference"}, "recipe": recipe, "rig": {"card": "h200-sxm", "count": tensor * data}})).weights.get()
    };
    let (sliced, whole, replicas) = (weights(8, 1, 1), weights(8, 1, 8), weights(1, 8, 8));
    assert!((sliced / 84e9 - 1.0).abs() < 0.02, "{sliced}");
    assert!((whole - sliced).abs() < 1.0, "{whole} {sliced}");
    assert!(replicas > 1.1 * sliced && replicas < 1.3 * sliced, "every card has the whole attention: {replicas}");
    assert!((weights(2, 8, 16) * 2.0 / weights(2, 8, 1) - 2.0).abs() < 1e-9, "vLLM divides experts over all replicas anyway");
}

fn served(model: &str, stack: Option<&str>, requests: u64, replicas: u32) -> Memory {
    of(&json!({
        "model": model,
        "job": {"kind": "inference", "concurrency": requests},
        "recipe": {"stack": stack, "parallel": {"data": replicas}},
        "rig": {"card": "rtx-4090", "count": replicas}
    }))
}

/// Grouped keys and values of 32 layers, 8 heads of 128 in 16 bits: 128 KiB a token, 1,280 tokens a request, 64 requests.
#[test]
fn replicas_share_the_cache_of_all_requests() {
    for (replicas, gib) in [(1, 10.0), (4, 2.5), (8, 1.25), (3, 22.0 * 10.0 / 64.0)] {
        let cache = served("llama-3.1-8b", Some("vllm"), 64, replicas).kv_cache.as_gib();
        assert!((cache / gib - 1.0).abs() < 1e-9, "{replicas}: {cache}");
    }
}

proptest! {
    /// Every replica is a server of its own, with the requests that fall to it; the fullest counts.
    #[test]
    fn a_replica_takes_what_one_card_takes_for_its_share(
        model in prop::sample::select(vec!["llama-3.1-8b", "gemma-2-9b", "qwen3-8b", "whisper-small", "sdxl-base", "qwen3-30b-a3b", "bert-base"]),
        requests in 1_u64..200,
        replicas in 2_u32..9,
    ) {
        let stack = match model {
            // vLLM would divide the experts among its replicas.
            "qwen3-30b-a3b" => Some("llama.cpp"),
            "whisper-small" | "bert-base" | "sdxl-base" => None,
            _ => Some("vllm"),
        };
        let alone = served(model, stack, requests.div_ceil(u64::from(replicas)), 1);
        let shared = served(model, stack, requests, replicas);
        for (own, other) in parts(&shared).into_iter().zip(parts(&alone)) {
            // Where cards may talk to each other, their library has buffers of its own.
            if other != alone.workspace.get() {
                prop_assert!((own - other).abs() <= 1e-9 * other.abs(), "{:?} {:?}", parts(&shared), parts(&alone));
            }
        }
    }
}
