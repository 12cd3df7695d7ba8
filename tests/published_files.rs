//! Weights of models in the formats they are published in: as large as the files that people download.

use serde_json::{Value, json};
use std::sync::LazyLock;
use whichcard::catalog::Catalog;
use whichcard::estimate::memory;
use whichcard::model::Network;
use whichcard::request::{Keyword, Request, StorageKind, WeightFormat, resolve};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).unwrap());

/// Bytes of the stored weights, on card and host together; nothing where the format is refused.
fn stored_by(model: &str, recipe: Value) -> Option<f64> {
    let request = json!({"model": model, "job": {"kind": "inference"}, "recipe": recipe, "rig": {"card": "b200"}});
    let setup = resolve(&CATALOG, &Request::from_value(request).unwrap()).ok()?;
    let held = memory(&setup);
    Some((held.weights + held.host).get())
}

/// The same by the software that reads the format.
fn stored(model: &str, format: &str) -> Option<f64> {
    stored_by(model, json!({"weights": format}))
}

#[track_caller]
fn near(what: &str, found: f64, published: f64) {
    assert!((found / published - 1.0).abs() < 0.05, "{what}: {:.2} GB, published {:.2}", found / 1e9, published / 1e9);
}

const GIB: f64 = 1_073_741_824.0;

/// Files of bartowski, ggml-org, Mungert and others on Hugging Face as their pages list them in GB, and sizes `llama-bench` prints
/// in GiB; where a model sees, with its tower in a file of 16 bits (`mmproj`).
#[test]
fn gguf_files_are_as_large_as_published() {
    let published = [
        ("gemma-4-e2b", "fp16", 8.67 * GIB),
        ("gemma-4-e2b", "q8_0", 4.63 * GIB),
        ("gemma-4-e2b", "q4_k_m", 3.43e9),
        ("gemma-3-4b", "q8_0", 4.13e9),
        ("gemma-3-4b", "q4_k_m", 2.49e9),
        ("qwen3-4b", "q8_0", 4.28e9),
        ("qwen3-4b", "q6_k", 3.31e9),
        ("qwen3-4b", "q5_k_m", 2.89e9),
        ("qwen3-4b", "q4_k_m", 2.50e9),
        ("qwen3-8b", "q8_0", 8.71e9),
        ("qwen3-8b", "q6_k", 6.73e9),
        ("llama-3.1-8b", "q4_k_m", 4.57 * GIB),
        ("qwen2.5-vl-7b", "q4_k_m", 4.68e9 + 1.35e9),
        ("qwen3.5-27b", "q8_0", 26.62 * GIB + 0.93e9),
        ("ministral-3-14b", "q4_k_m", 8.24e9 + 0.88e9),
        ("gpt-oss-20b", "mxfp4", 11.27 * GIB),
        ("gpt-oss-120b", "mxfp4", 59.02 * GIB),
    ];
    for (model, format, bytes) in published {
        near(&format!("{model} {format}"), stored(model, format).unwrap(), bytes);
    }
}

/// Checkpoints in the format of their release, drafting layers left out, as a server loads them when it is told nothing.
#[test]
fn checkpoints_are_as_large_as_published() {
    let published = [
        ("deepseek-v3", WeightFormat::Fp8, 688.6e9 - 14.0e9),
        ("deepseek-v4-flash", WeightFormat::Mxfp4Fp8, 160.0e9 - 3.5e9),
        ("kimi-k2.5", WeightFormat::Int4Experts, 594.0e9),
    ];
    for (model, format, bytes) in published {
        assert_eq!(CATALOG.model(model).unwrap().released_weights, Some(format), "{model}");
        near(model, stored_by(model, json!({"stack": "vllm"})).unwrap(), bytes);
    }
}

#[test]
fn no_model_grows_by_being_quantised() {
    for model in CATALOG.models() {
        let whole = stored(&model.id, "bf16").unwrap();
        for format in WeightFormat::ALL.iter().filter(|format| format.storage().kind != StorageKind::Plain) {
            let Some(found) = stored(&model.id, format.name()) else { continue };
            assert!(found <= whole * 1.000_001, "{} {}: {found:.4e}, in BF16 {whole:.4e}", model.id, format.name());
        }
    }
}

/// A language model has something to quantise, so it gets smaller; what is known by its work alone has no layers to do it with.
#[test]
fn formats_of_llama_cpp_are_for_layers() {
    for model in CATALOG.models() {
        let opaque = matches!(model.network, Network::Opaque(_));
        match stored(&model.id, "q4_k_m") {
            Some(found) => {
                let most = if model.category.is_language_model() { 0.7 } else { 1.0 };
                assert!(!opaque && found < most * stored(&model.id, "bf16").unwrap(), "{}", model.id);
            }
            None => assert!(opaque, "{}", model.id),
        }
    }
}
