//! Layers in main memory with llama.cpp: their cache is there as well, and what reads it waits for that memory.

use super::{CATALOG, of};
use serde_json::json;
use whichcard::estimate::{Estimate, estimate};
use whichcard::request::Request;

/// What the machines of these tests read from main memory in a second, and send over a bus of 16 lanes of PCI Express 4.
const MAIN_MEMORY: f64 = 45e9;
const BUS: f64 = 0.7 * 31.52e9;

/// Llama 3.1 8B in Q4_K_M, with so many layers in main memory.
fn llama(card: &str, layers: u32, prompt: u64, kv_cache: &str) -> Estimate {
    let offload = if layers > 0 { format!("layers:{layers}") } else { "none".to_owned() };
    let job = json!({"kind": "inference", "prompt": prompt, "output": 256});
    let recipe = json!({"stack": "llama.cpp", "weights": "q4_k_m", "offload": offload, "kvCache": kv_cache});
    let rig = json!({"card": card, "hostMemoryGbs": MAIN_MEMORY / 1e9});
    let text = json!({"model": "llama-3.1-8b", "job": job, "recipe": recipe, "rig": rig});
    estimate(&CATALOG, &Request::from_value(text).unwrap()).unwrap()
}

fn token(answer: &Estimate) -> f64 {
    answer.time.main.seconds_per_step.get()
}

/// With all layers in main memory a token takes the time that reading that memory takes, whichever card waits.
#[test]
fn a_token_waits_for_all_that_lies_in_main_memory_on_any_card() {
    for prompt in [1_000, 30_000, 120_000] {
        for card in ["gtx-1080-ti", "rtx-3060-12gb", "rtx-4090", "h100-sxm"] {
            let all = llama(card, 32, prompt, "fp16");
            let read = all.memory.host.get() / MAIN_MEMORY;
            let times = token(&all) / read;
            // Rows of the table of words are looked up, and the card multiplies by the output layer.
            assert!((0.85..1.1).contains(&times), "{card} after {prompt}: {} s, not {read}", token(&all));
        }
    }
    // Half of them take half of it, and the card its part.
    let (all, half, none) =
        (llama("rtx-4090", 32, 60_000, "fp16"), llama("rtx-4090", 16, 60_000, "fp16"), llama("rtx-4090", 0, 60_000, "fp16"));
    assert!((2.0 * token(&half) / (token(&all) + token(&none)) - 1.0).abs() < 0.03, "{}", token(&half));
}

/// Of a smaller cache there is less to read in main memory, whatever kernels of cards do with it.
#[test]
fn a_smaller_cache_is_read_sooner_from_main_memory() {
    let of = |kv_cache| llama("rtx-4090", 32, 120_000, kv_cache);
    let (wide, bytes) = (of("fp16"), of("int8"));
    let spared = (wide.memory.host.get() - bytes.memory.host.get()) / MAIN_MEMORY;
    assert!(((token(&wide) - token(&bytes)) / spared - 1.0).abs() < 0.02, "{} {}", token(&wide), token(&bytes));
}

/// Experts leave the cache on the card: a longer context takes no more of main memory.
#[test]
fn experts_in_main_memory_leave_the_cache_as_fast_as_it_was() {
    let longer = |offload: &str| {
        let of = |prompt| token(&of("qwen3-30b-a3b", json!({"card": "rtx-4090"}), "q4_k_m", offload, prompt));
        of(30_000) - of(1_000)
    };
    assert!((longer("experts:24") / longer("none") - 1.0).abs() < 1e-6);
    assert!(longer("layers:24") > 3.0 * longer("none"));
}

/// Each 512 tokens of a prompt bring the weights that lie in main memory to the card, and all that is cached there by then.
#[test]
fn a_long_prompt_brings_its_cache_to_the_card_again_and_again() {
    let prompt = 65_536;
    let (all, none) = (llama("rtx-4090", 32, prompt, "fp16"), llama("rtx-4090", 0, prompt, "fp16"));
    let waits = |answer: &Estimate| answer.time.prefill.unwrap().seconds_per_step.get();
    let cache = none.memory.kv_cache.get();
    let pieces = 128.0;
    let sent = (all.memory.host.get() - cache) * pieces + cache * (pieces + 1.0) / 2.0;
    let times = (waits(&all) - waits(&none)) / (sent / BUS);
    assert!((0.9..1.05).contains(&times), "{times}");
}

/// The working says how much is read, and how fast.
#[test]
fn the_working_of_a_token_says_what_is_read_from_main_memory() {
    let all = llama("rtx-4090", 32, 120_000, "fp16");
    let step = all.explain.iter().find(|step| step.id == "time.decode.secondsPerStep").unwrap();
    let value = |symbol: &str| *step.inputs.get(symbol).unwrap();
    assert!(step.formula.ends_with("D_h / β_h"), "{}", step.formula);
    assert!((value("β_h") / MAIN_MEMORY - 1.0).abs() < 1e-9);
    assert!((0.9..1.0).contains(&(value("D_h") / all.memory.host.get())), "{}", value("D_h"));
}
