//! Times of well-known setups, and how they move when a setup changes.

mod time_setups;

use time_setups::{gtx_1080_ti, llama_8b, rtx_3090, rtx_4060, rtx_4090, setup};
use whichcard::estimate::{Confidence, Verdict, evaluate, memory, time};
use whichcard::model::facts;
use whichcard::request::{
    CacheFormat, Checkpointing, JobKind, Offload, Optimizer, OptimizerKernel, Precision, Setup, Sharding, Stack, WeightFormat,
};
use whichcard::units::{Bytes, BytesPerSecond};

fn tokens_per_second(setup: &Setup) -> f64 {
    time(setup, &memory(setup)).0.main.tokens_per_second
}

#[test]
fn llama_8b_in_16_bits_generates_at_the_rate_of_memory_on_a_3090() {
    let mut setup = setup(llama_8b(), rtx_3090(), JobKind::Inference);
    setup.recipe.stack = Stack::LlamaCpp;
    setup.recipe.weights = WeightFormat::Fp16;
    setup.job.prompt = 16;
    let speed = tokens_per_second(&setup);
    assert!((42.0..58.0).contains(&speed), "{speed}");
}

#[test]
fn qlora_of_8b_on_a_4090_trains_a_few_thousand_tokens_per_second() {
    let speed = tokens_per_second(&setup(llama_8b(), rtx_4090(), JobKind::Qlora));
    assert!((1500.0..4200.0).contains(&speed), "{speed}");
}

/// Three of four cards wait while one has the token, and cards without a request only hold the model.
#[test]
fn cards_that_wait_draw_less_than_one_that_works() {
    let draw = |count: u32, pipeline: u32, requests: u64| {
        let mut setup = setup(llama_8b(), rtx_4090(), JobKind::Inference);
        setup.rig.count = count;
        setup.recipe.parallel.pipeline = pipeline;
        setup.recipe.parallel.data = count / pipeline;
        setup.job.concurrency = requests;
        evaluate(&setup).energy.average_watts.get() / f64::from(count)
    };
    let one = draw(1, 1, 1);
    assert!(draw(2, 2, 1) < 0.9 * one && draw(4, 4, 1) < draw(2, 2, 1));
    let spare = draw(4, 1, 1);
    assert!((0.25..0.35).contains(&(spare / one)), "{spare} of {one}");
    assert!((draw(4, 1, 4) / one - 1.0).abs() < 0.01);
}

/// 16 GB of weights come over the bus twice a pass, and as many of gradients come and go, which no accumulation makes fewer: at 22 GB/s a
/// sequence of 2,048 takes three seconds.
#[test]
fn passes_wait_for_a_bus_that_brings_weights_and_takes_gradients() {
    let speed = |offload: Offload, passes: u64| {
        let mut setup = setup(llama_8b(), rtx_3090(), JobKind::Pretrain);
        setup.recipe.precision = Precision::Bf16Master;
        setup.recipe.checkpointing = Checkpointing::Full;
        setup.recipe.stack = Stack::Deepspeed;
        setup.recipe.offload = offload;
        (setup.recipe.micro_batch, setup.recipe.gradient_accumulation) = (1, passes);
        (setup.job.sequence_length, setup.job.global_batch) = (2048, passes);
        tokens_per_second(&setup)
    };
    let (many, alone) = (speed(Offload::OptimizerAndWeights, 1024), speed(Offload::None, 1024));
    assert!(many < 2048.0 / 2.9 && many < 0.9 * alone, "{many} tokens/s, {alone} without the bus");
    let (few, of_states) = (speed(Offload::OptimizerAndWeights, 4), speed(Offload::Optimizer, 1024));
    assert!(few < many && many < of_states && of_states <= alone, "{few}, {many}, {of_states}, {alone}");
}

/// Four buses of 22 GB/s take more than two channels of main memory give; one does not.
#[test]
fn cards_share_what_main_memory_is_read_at() {
    let speed = |cards: u32, rate: f64| {
        let mut setup = setup(llama_8b(), rtx_3090(), JobKind::Pretrain);
        setup.recipe.precision = Precision::Bf16Master;
        setup.recipe.checkpointing = Checkpointing::Full;
        setup.recipe.stack = Stack::Deepspeed;
        setup.recipe.offload = Offload::OptimizerAndWeights;
        (setup.rig.count, setup.rig.host_memory) = (cards, Some(BytesPerSecond::giga(rate)));
        (setup.recipe.parallel.data, setup.recipe.parallel.sharding) = (cards, Sharding::Zero2);
        (setup.recipe.micro_batch, setup.recipe.gradient_accumulation) = (1, 256);
        (setup.job.sequence_length, setup.job.global_batch) = (2048, 256 * u64::from(cards));
        tokens_per_second(&setup)
    };
    let (desktop, server) = (speed(4, 45.0), speed(4, 186.0));
    assert!(desktop < 0.8 * server, "{desktop} against {server}");
    assert!(speed(1, 45.0) > 0.95 * speed(1, 186.0));
}

/// 8-bit states of 8 billion weights are 15 GiB; beside the weights a card of 24 GB has room for half of them, one of 80 GB for all.
#[test]
fn paged_states_cross_the_bus_where_they_have_no_room() {
    let step = |gib: f64, optimizer: Optimizer| {
        let mut card = rtx_4090();
        card.vram = Bytes::gib(gib);
        let mut setup = setup(llama_8b(), card, JobKind::FullFinetune);
        setup.recipe.precision = Precision::Bf16Pure;
        setup.recipe.optimizer_kernel = OptimizerKernel::InBackward;
        setup.recipe.optimizer = optimizer;
        time(&setup, &memory(&setup)).0.main.seconds_per_step.get()
    };
    let crossing = step(24.0, Optimizer::PagedAdamw8bit) - step(24.0, Optimizer::Adamw8bit);
    assert!((0.4..1.0).contains(&crossing), "{crossing} s for 7 GiB there and back at 25 GB/s");
    assert!((step(80.0, Optimizer::PagedAdamw8bit) - step(80.0, Optimizer::Adamw8bit)).abs() < 1e-9);
}

#[test]
fn more_tokens_take_longer() {
    for kind in [JobKind::Pretrain, JobKind::Lora, JobKind::Qlora] {
        let mut short = setup(llama_8b(), rtx_4090(), kind);
        let long = short.clone();
        short.job.tokens = whichcard::units::Tokens::new(long.job.tokens.get() / 2.0);
        assert!(evaluate(&short).time.total < evaluate(&long).time.total, "{kind:?}");
    }
    let mut answer = setup(llama_8b(), rtx_4090(), JobKind::Inference);
    let short = evaluate(&answer).time.total;
    answer.job.output *= 2;
    assert!(evaluate(&answer).time.total > short);
}

#[test]
fn a_card_without_tensor_cores_gains_nothing_from_16_bit_arithmetic() {
    let speeds = |card: fn() -> whichcard::card::Card| {
        [Precision::Fp32, Precision::Fp16Autocast].map(|precision| {
            let mut setup = setup(llama_8b(), card(), JobKind::Lora);
            setup.recipe.precision = precision;
            tokens_per_second(&setup)
        })
    };
    let [fp32, fp16] = speeds(gtx_1080_ti);
    assert!(fp16 < 1.5 * fp32, "{fp16} against {fp32}");
    let [fp32, fp16] = speeds(rtx_4060);
    assert!(fp16 > 1.6 * fp32, "{fp16} against {fp32}");
}

#[test]
fn ranges_enclose_the_typical_value() {
    for kind in [JobKind::Pretrain, JobKind::FullFinetune, JobKind::Lora, JobKind::Qlora, JobKind::Inference] {
        let figures = evaluate(&setup(llama_8b(), rtx_4060(), kind));
        assert!(figures.time.low < figures.time.total && figures.time.total < figures.time.high);
        assert!(figures.energy.joules.get() > 0.0 && figures.energy.wall_joules > figures.energy.joules);
    }
}

#[test]
fn nobody_has_measured_what_does_not_fit() {
    let setup = setup(llama_8b(), rtx_4060(), JobKind::FullFinetune);
    let figures = evaluate(&setup);
    assert_eq!(figures.memory.verdict, Verdict::DoesNotFit);
    assert_eq!(figures.confidence, Confidence::Extrapolated);
}

/// GPT-2's 50,257 words are a row of logits that no piece of 16 bytes ends with; 50,304 are what nanoGPT makes of them. It pays
/// where tensor cores are much faster than rows are loaded.
#[test]
fn padding_the_vocabulary_pays_on_tensor_cores_only() {
    let speed = |card: fn() -> whichcard::card::Card, precision: Precision, vocab: u64| {
        let shape = serde_json::json!({"style": "gpt2", "hidden": 768, "layers": 2, "heads": 12, "ffn": 3072, "vocab": vocab});
        let mut setup = setup(facts::read(&shape).unwrap(), card(), JobKind::Pretrain);
        (setup.recipe.precision, setup.recipe.stack) = (precision, Stack::Pytorch);
        tokens_per_second(&setup)
    };
    let gain = |card, precision| speed(card, precision, 50_304) / speed(card, precision, 50_257);
    assert!(gain(rtx_4090, Precision::Fp16Autocast) > 1.02);
    assert!(gain(rtx_3090, Precision::Fp32) < 1.01);
    assert!(gain(gtx_1080_ti, Precision::Fp16Autocast) < 1.01);
}

/// A decoder of speech writes 25 tokens for a second of sound, one after another: users measure 0.3 to 0.5 s for it on an RTX
/// 4060 Ti (qi-hua/async_cosyvoice issue 41).
#[test]
fn speech_is_written_token_by_token() {
    let speak = |seconds: f64| {
        let request = serde_json::json!({
            "model": "cosyvoice2-0.5b",
            "job": { "kind": "inference", "prompt": 300, "output": 25.0 * seconds },
            "rig": { "card": "rtx-4060-ti-16gb" }
        });
        let catalog = whichcard::catalog::Catalog::from_json(include_str!("../catalog.json")).unwrap();
        let request = whichcard::request::Request::from_value(request).unwrap();
        let setup = whichcard::request::resolve(&catalog, &request).unwrap();
        (time(&setup, &memory(&setup)).0.total.get(), memory(&setup).kv_cache.get())
    };
    let (ten, forty) = (speak(10.0), speak(40.0));
    assert!((0.2..1.0).contains(&(ten.0 / 10.0)), "{ten:?}");
    assert!((3.0..5.0).contains(&(forty.0 / ten.0)), "{ten:?} {forty:?}");
    assert!(forty.1 > ten.1, "the cache grows: {ten:?} {forty:?}");
}

/// Speech of noise takes 32 steps of two passes: F5-TTS 0.12 to 0.15 s for a second of speech on an RTX 3090 (arXiv
/// 2505.19931: 0.030 in 7 steps, four times as fast as the 32; arXiv 2410.06885). Beside what it says it works on a
/// reference, taken here to last four seconds.
#[test]
fn speech_of_noise_takes_all_its_steps() {
    let catalog = whichcard::catalog::Catalog::from_json(include_str!("../catalog.json")).unwrap();
    let of = |job: serde_json::Value| {
        let request = serde_json::json!({ "model": "f5-tts-base", "job": job, "rig": { "card": "rtx-3090" } });
        let setup = whichcard::request::resolve(&catalog, &whichcard::request::Request::from_value(request).unwrap()).unwrap();
        time(&setup, &memory(&setup)).0.total.get()
    };
    let frames = (14.0 * 24_000.0_f64 / 256.0).round();
    let ten = of(serde_json::json!({ "kind": "inference", "sequenceLength": frames }));
    assert!((0.10..0.19).contains(&(ten / 10.0)), "{ten}");
    let fast = of(serde_json::json!({ "kind": "inference", "sequenceLength": frames, "output": 7 }));
    assert!((4.0..5.0).contains(&(ten / fast)), "{ten} {fast}");
}

/// Tokens a second at a depth of context, one request.
fn speed_at(setup: &Setup, cache: CacheFormat, depth: u64) -> f64 {
    let mut setup = setup.clone();
    (setup.recipe.kv_cache, setup.job.prompt, setup.job.output) = (cache, depth, 16);
    tokens_per_second(&setup)
}

/// Four query heads share a key of Llama 3 8B, and llama.cpp reads a quantised cache for each of them. Where every head has its own, half the
/// bytes are half the time.
#[test]
fn a_quantised_cache_is_read_for_every_query_head_by_llama_cpp() {
    let mut setup = setup(llama_8b(), rtx_3090(), JobKind::Inference);
    (setup.recipe.stack, setup.recipe.weights) = (Stack::LlamaCpp, WeightFormat::Q4KM);
    let at = |cache, depth| speed_at(&setup, cache, depth);
    assert!((at(CacheFormat::Int8, 256) / at(CacheFormat::Fp16, 256) - 1.0).abs() < 0.02);
    let lost = at(CacheFormat::Int8, 32_768) / at(CacheFormat::Fp16, 32_768);
    assert!((0.6..0.95).contains(&lost), "{lost}");
}

/// vLLM has fast kernels for FP8 alone: integers are read at a sixth of the speed.
#[test]
fn of_smaller_caches_vllm_reads_only_fp8_sooner() {
    let mut setup = setup(llama_8b(), rtx_4090(), JobKind::Inference);
    (setup.recipe.stack, setup.recipe.weights) = (Stack::Vllm, WeightFormat::Bf16);
    let at = |cache| speed_at(&setup, cache, 32_768);
    let (wide, eight) = (at(CacheFormat::Fp16), at(CacheFormat::Fp8));
    assert!((1.02..1.5).contains(&(eight / wide)), "{eight} {wide}");
    assert!(at(CacheFormat::Int8) < 0.7 * wide);
    // Before Ada there are no such kernels.
    setup.rig.card = rtx_3090().into();
    assert!(speed_at(&setup, CacheFormat::Fp8, 32_768) <= speed_at(&setup, CacheFormat::Fp16, 32_768));
}
