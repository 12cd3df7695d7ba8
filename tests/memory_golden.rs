//! Traps that simple memory formulas fall into, each with a number worked out by hand.

use serde_json::{Value, json};
use whichcard::catalog::Catalog;
use whichcard::estimate::{Memory, Verdict, memory};
use whichcard::request::{Request, resolve};

fn of(request: Value) -> Memory {
    let catalog = Catalog::from_json(include_str!("../catalog.json")).unwrap();
    memory(&resolve(&catalog, &Request::from_value(request).unwrap()).unwrap())
}

/// Memory of reading a prompt in 16 bits and writing one token.
fn reads(model: &str, prompt: u64, weights: &str) -> Memory {
    of(json!({"model": model, "job": {"kind": "inference", "prompt": prompt - 1, "output": 1, "concurrency": 1},
        "recipe": {"weights": weights, "stack": "vllm"}, "rig": {"card": "h200-sxm", "count": 1}}))
}

fn qlora(model: &str) -> Memory {
    of(json!({"model": model, "job": {"kind": "qlora", "sequenceLength": 4096}, "rig": {"card": "a100-sxm-80gb"},
        "recipe": {"microBatch": 4, "weights": "nf4", "checkpointing": "full", "attention": "flash"}}))
}

#[track_caller]
fn near(bytes: f64, by_hand: f64) {
    assert!((bytes / by_hand - 1.0).abs() < 0.01, "{bytes:.3e}, by hand {by_hand:.3e}");
}

#[test]
fn grouped_queries_cache_a_quarter() {
    // 2 x 32 layers x 8 heads x 128 values x 2 bytes a token.
    near(reads("llama-3-8b", 8192, "bf16").kv_cache.get(), 2.0 * 32.0 * 1024.0 * 2.0 * 8192.0);
    // 32 heads: four times as much.
    near(reads("llama-2-7b", 4096, "bf16").kv_cache.get(), 2.0 * 32.0 * 4096.0 * 2.0 * 4096.0);
}

#[test]
fn latent_attention_caches_one_vector() {
    // 61 layers x (512 + 64) values x 2 bytes, not 2 x 128 heads x 192 values.
    near(reads("deepseek-v3.1", 4096, "bf16").kv_cache.get(), 61.0 * 576.0 * 2.0 * 4096.0);
}

#[test]
fn heads_need_not_divide_the_hidden_width() {
    // Qwen3-0.6B: 16 heads of 128 over a width of 1024; 8 key/value heads.
    near(reads("qwen3-0.6b", 4096, "bf16").kv_cache.get(), 2.0 * 28.0 * 8.0 * 128.0 * 2.0 * 4096.0);
}

#[test]
fn windows_cap_the_cache() {
    let (short, long) = (reads("gemma-3-27b", 4096, "bf16"), reads("gemma-3-27b", 65_536, "bf16"));
    // One layer in six sees everything, so sixteen times the text needs far less than sixteen times the cache.
    let growth = long.kv_cache.get() / short.kv_cache.get();
    assert!(growth > 5.0 && growth < 10.0, "{growth}");
}

#[test]
fn tied_embeddings_are_stored_once() {
    // 494 million weights with the table counted once; twice would be 630 million.
    near(reads("qwen2.5-0.5b", 64, "bf16").weights.get(), 494.0e6 * 2.0);
}

#[test]
fn a_large_vocabulary_stays_wide_under_nf4() {
    // Qwen2.5-7B: two tables of 152,064 x 3,584 in 16 bits, 6.53 billion block weights in 4.5 bits.
    let tables = 2.0 * 152_064.0 * 3_584.0;
    near(reads("qwen2.5-7b", 64, "nf4").weights.get(), tables * 2.0 + (7.6156e9 - tables) * 4.5 / 8.0);
}

#[test]
fn experts_are_stored_in_full() {
    // 46.7 billion weights in memory, of which 12.9 billion work on a token.
    near(reads("mixtral-8x7b", 64, "bf16").weights.get(), 46.7e9 * 2.0);
}

#[test]
fn models_of_one_size_need_half_of_each_other() {
    // Both are sold as 7B; the vocabulary is 32,000 against 152,064, and the loss keeps 12 bytes a word and token.
    let (small, large) = (qlora("llama-2-7b"), qlora("qwen2.5-7b"));
    assert!(small.total.get() < 0.5 * large.total.get(), "{} against {}", small.total.as_gib(), large.total.as_gib());
}

/// Model, cache and compute buffers in MiB as llama.cpp logs them, without flash attention (its own tests on a V100,
/// llama-cpp-rs, a log of Llama 3 on an RTX 3070).
#[test]
fn llama_cpp_takes_what_it_logs() {
    for (model, weights, length, logged) in [
        ("llama-2-7b", "q8_0", 2048_u64, 6695.84 + 1024.0 + 164.0),
        ("llama-2-7b", "q4_k_m", 2048, 3820.94 + 1024.0 + 164.0),
        ("llama-3-8b", "q4_k_m", 512, 4403.49 + 64.0 + 258.5),
    ] {
        let needed = of(json!({"model": model, "job": {"kind": "inference", "prompt": length - 1, "output": 1},
            "recipe": {"weights": weights, "stack": "llama.cpp", "attention": "eager"}, "rig": {"card": "v100-pcie-16gb"}}));
        let off = needed.allocated.get() / (logged * 1_048_576.0);
        assert!((off - 1.0).abs() < 0.02, "{model} {weights}: {off}");
    }
}

/// What nothing frees and asks for again is known better than what an allocator reserves: people
/// run a 70B in Q4_K_M on two cards of 24 GB.
#[test]
fn seventy_billion_in_four_bits_surely_fit_on_two_cards_of_24_gb() {
    let on = |stack: &str| {
        of(json!({"model": "llama-3-70b", "job": {"kind": "inference", "prompt": 3584, "output": 512},
            "recipe": {"weights": "q4_k_m", "stack": stack}, "rig": {"card": "rtx-3090", "count": 2}}))
    };
    assert_eq!(on("llama.cpp").verdict, Verdict::Fits);
    let width = |memory: Memory| memory.high.get() / memory.low.get();
    assert!(width(on("llama.cpp")) < width(on("transformers")));
}
