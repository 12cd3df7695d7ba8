//! Every model of the catalogue: its weights are counted from its shape, to the unit where the shape is known.

use serde_json::Value;
use whichcard::model::{Category, Model, Network, facts};

fn rows() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/catalog.json");
    let catalog: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    catalog["models"].as_array().unwrap().clone()
}

fn model(row: &Value) -> Model {
    facts::read(row).unwrap_or_else(|error| panic!("{}: {error:?}", row["id"]))
}

#[test]
fn weights_are_counted_to_the_unit_wherever_the_shape_is_known() {
    let (mut counted, mut stated) = (0, Vec::new());
    for row in rows() {
        let Some(exact) = row["paramsExact"].as_u64() else { continue };
        let model = model(&row);
        assert_eq!(model.parameters, exact, "{}", model.id);
        assert!(model.parameters_exact, "{}", model.id);
        if matches!(model.network, Network::Opaque(_)) {
            stated.push(model.id);
        } else {
            assert_eq!(model.computed_parameters, exact, "{}", model.id);
            counted += 1;
        }
    }
    println!("counted to the unit: {counted}, stated: {}", stated.len());
    // Readers are told which, and why.
    let told = include_str!("../docs/models.md");
    for id in stated {
        assert!(told.contains(&format!("`{id}`")), "docs/models.md does not say why {id} is not counted");
    }
    // Most models have a count of their own; a new one may be stated without.
    assert!(counted * 4 > rows().len() * 3, "{counted} of {}", rows().len());
}

#[test]
fn rounded_sizes_hold_where_no_exact_count_is_published() {
    let mut rounded = 0;
    for row in rows() {
        let Some(billions) = row["paramsB"].as_f64() else { continue };
        let model = model(&row);
        assert!((model.parameters as f64 / 1e9 / billions - 1.0).abs() < 1e-6, "{}", model.id);
        assert!(!model.parameters_exact, "{}", model.id);
        rounded += 1;
    }
    assert!(rounded > 30, "only {rounded}");
}

/// Makers often leave the embeddings out, so the published figure lies between the count with and without them (1 % for rounding).
#[test]
fn active_parameters_agree_with_the_published_figures() {
    let mut checked = 0;
    for row in rows() {
        let Some(published) = row["activeParamsB"].as_f64() else { continue };
        let model = model(&row);
        let with = model.active_parameters as f64 / 1e9;
        let embeddings = row["vocab"].as_f64().unwrap_or(0.0) * row["hidden"].as_f64().unwrap_or(0.0) / 1e9;
        let without = with - embeddings * if row["tiedEmbeddings"].as_bool() == Some(true) { 1.0 } else { 2.0 };
        assert!(published < with * 1.01 && published > without * 0.99, "{}: {published} against {without} to {with}", model.id);
        checked += 1;
    }
    assert!(checked > 40, "only {checked}");
}

#[test]
fn layers_add_up_to_less_than_the_model() {
    for row in rows() {
        let model = model(&row);
        let stacks = match &model.network {
            Network::Transformer(stack) => vec![stack],
            Network::EncoderDecoder { encoder, decoder } => vec![encoder, decoder],
            Network::Opaque(_) => continue,
        };
        let sum: u64 = stacks.iter().flat_map(|stack| &stack.layers).map(|group| group.count * group.parameters).sum();
        assert!(sum > 0 && sum <= model.parameters, "{}: {sum} of {}", model.id, model.parameters);
        assert!(model.active_parameters <= model.parameters, "{}", model.id);
    }
}

#[test]
fn a_size_gives_a_dense_model_of_that_size() {
    for billions in [0.001, 0.01, 0.1, 0.35, 1.0, 2.0, 7.0, 13.0, 34.0, 72.0, 180.0, 405.0, 1000.0, 10_000.0] {
        let model = facts::of_size(billions).unwrap();
        assert_eq!(model.category, Category::Llm);
        let asked = billions * 1e9;
        assert!((model.parameters as f64 / asked - 1.0).abs() < 0.01, "{billions}: {}", model.parameters);
        assert!((model.computed_parameters as f64 / asked - 1.0).abs() < 0.01, "{billions}: {}", model.computed_parameters);
    }
    for size in [0.0, -1.0, 10_001.0, f64::NAN, f64::INFINITY] {
        assert!(facts::of_size(size).is_err());
    }
}

#[test]
fn refusals_name_the_field() {
    let refused = |text: &str| facts::read(&serde_json::from_str(text).unwrap()).unwrap_err().field.clone();
    assert_eq!(refused(r#"{"hidden": 64, "layers": 2}"#), "vocab");
    assert_eq!(refused(r#"{"hidden": 0, "layers": 2}"#), "hidden");
    assert_eq!(refused(r#"{"hidden": 64, "layers": 4000000000}"#), "layers");
    assert_eq!(refused(r#"{"hidden": "wide"}"#), "hidden");
    assert_eq!(refused(r#"{"hidden": 64, "layers": 2, "vocab": 100, "heads": 4}"#), "ffn");
    // What sees is a part of the whole.
    let seeing =
        r#"{"hidden": 64, "layers": 2, "vocab": 100, "heads": 4, "ffn": 128, "paramsExact": 100000, "visionParams": 100000}"#;
    assert_eq!(refused(seeing), "visionParams");
}

#[test]
fn models_are_found_however_people_write_them() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/catalog.json")).unwrap();
    let catalog = whichcard::catalog::Catalog::from_json(&text).unwrap();
    let id = |name: &str| catalog.model(name).map(|model| model.id.clone());
    for (name, expected) in [
        ("llama3 8b", "llama-3-8b"),
        ("meta-llama/Meta-Llama-3-8B-Instruct", "llama-3-8b"),
        ("llama3.1:8b", "llama-3.1-8b"),
        ("Qwen/Qwen2.5-7B-Instruct", "qwen2.5-7b"),
        ("通义千问2.5 7B", "qwen2.5-7b"),
        ("智谱4-9b", "glm-4-9b"),
        ("百川2-7B", "baichuan2-7b"),
        ("书生2.5-7B-chat", "internlm2.5-7b"),
        ("bert-base-uncased", "bert-base"),
        ("mixtral", "mixtral-8x7b"),
    ] {
        assert_eq!(id(name).as_deref(), Some(expected), "{name}");
    }
    for row in rows() {
        assert_eq!(id(row["id"].as_str().unwrap()).as_deref(), row["id"].as_str());
    }
    assert_eq!(id("no such model"), None);
}

/// The base model of NVIDIA's `wt103_base.yaml`, its output layer over the whole vocabulary: modules as its code makes them.
#[test]
fn transformer_xl_is_counted_from_its_modules() {
    let row = serde_json::json!({
        "style": "transformer-xl", "hidden": 512, "layers": 16, "heads": 8, "ffn": 2048, "vocab": 267_735, "tiedEmbeddings": true,
    });
    let (attention, norms) = (3 * 512 * 512 + 512 * 512 + 512 * 512, 2 * 2 * 512);
    let feed_forward = 512 * 2048 + 2048 + 2048 * 512 + 512;
    let position_biases = 2 * 8 * 64;
    let words = 267_735 * 512 + 267_735;
    assert_eq!(model(&row).computed_parameters, 16 * (attention + norms + feed_forward) + position_biases + words);
}
