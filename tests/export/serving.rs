//! Inference as the servers are told of it.

use super::plans::*;
use whichcard::export::Format;

#[test]
fn serving_a_gguf_with_layers_in_main_memory() {
    let plan = gguf_8b();
    let words = command(&file(&plan, Format::LlamaCpp).text);
    // 32 layers, 10 of them in main memory; the output layer counts as one.
    for (name, value) in [
        ("--n-gpu-layers", "23"),
        ("--ctx-size", "8192"),
        ("--parallel", "2"),
        ("--flash-attn", "on"),
        ("--cache-type-k", "q8_0"),
        ("--cache-type-v", "q8_0"),
        ("--split-mode", "none"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}");
    }
    let modelfile = file(&plan, Format::Ollama).text;
    let instructions: Vec<&str> = modelfile.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert_eq!(instructions, ["FROM ./model.gguf", "PARAMETER num_ctx 4096", "PARAMETER num_predict 1096", "PARAMETER num_gpu 23"]);
    assert!(modelfile.contains("OLLAMA_NUM_PARALLEL=2 OLLAMA_KV_CACHE_TYPE=q8_0 OLLAMA_FLASH_ATTENTION=1 ollama serve"));
}

#[test]
fn serving_with_vllm_on_four_cards() {
    let plan = served_70b();
    let words = command(&file(&plan, Format::Vllm).text);
    assert_eq!(words[..3], ["vllm", "serve", "$MODEL"]);
    for (name, value) in [
        ("--tensor-parallel-size", "4"),
        ("--max-model-len", "8192"),
        ("--max-num-seqs", "32"),
        ("--kv-cache-dtype", "fp8"),
        ("--dtype", "bfloat16"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}");
    }
    let share: f64 = option(&words, "--gpu-memory-utilization").unwrap().parse().unwrap();
    let (card, memory) = (plan.0.rig.card.vram.get(), plan.1.memory);
    assert!(share * card >= memory.high.get().min(0.98 * memory.capacity.get()), "{share}");
    assert!(share * card <= memory.capacity.get(), "{share}");
}
