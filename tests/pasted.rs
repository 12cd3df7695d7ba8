//! Configurations of Hugging Face whose models are not what their size says: what is estimated of them.

use serde_json::{Value, json};
use whichcard::catalog::Catalog;
use whichcard::estimate::{Estimate, estimate, trained_parameters};
use whichcard::request::{Request, resolve};

fn catalog() -> Catalog {
    Catalog::from_json(include_str!("../catalog.json")).unwrap()
}

fn request(config: &Value, job: &Value, recipe: &Value) -> Request {
    let request = json!({"model": {"hfConfig": config}, "job": job, "recipe": recipe, "rig": {"card": "rtx-4090"}});
    Request::from_value(request).unwrap()
}

fn estimated(config: &Value, job: &Value, recipe: &Value) -> Estimate {
    estimate(&catalog(), &request(config, job, recipe)).unwrap()
}

/// ALBERT base and BERT base as their makers publish them, with one activation.
fn encoders() -> [Value; 2] {
    let bert = json!({"model_type": "bert", "hidden_act": "gelu", "hidden_size": 768, "intermediate_size": 3072,
        "max_position_embeddings": 512, "num_attention_heads": 12, "num_hidden_layers": 12, "type_vocab_size": 2, "vocab_size": 30522});
    let mut albert = bert.clone();
    for (key, value) in [("model_type", json!("albert")), ("embedding_size", json!(128)), ("num_hidden_groups", json!(1))] {
        albert[key] = value;
    }
    albert["vocab_size"] = json!(30_000);
    [albert, bert]
}

#[test]
fn layers_that_share_weights_take_their_memory_once_and_their_time_every_time() {
    let (job, recipe) = (json!({"kind": "full-finetune", "sequenceLength": 512}), json!({"precision": "fp32", "microBatch": 16}));
    let [albert, bert] = encoders().map(|config| estimated(&config, &job, &recipe));
    let held = |of: &Estimate| (of.memory.weights + of.memory.optimizer).get();
    assert_eq!((held(&albert), held(&bert)), (12.0 * 11_683_584.0, 12.0 * 109_482_240.0));
    let kept = albert.memory.activations / bert.memory.activations;
    assert!((0.95..1.05).contains(&kept), "{kept}");
    let slower = albert.time.main.seconds_per_step / bert.time.main.seconds_per_step;
    assert!((0.8..1.05).contains(&slower), "{slower}");
}

#[test]
fn adapters_of_layers_that_share_weights_are_shared_too() {
    let (job, recipe) = (json!({"kind": "lora"}), json!({"lora": {"rank": 8, "targets": "attention-qv"}}));
    let [albert, bert] =
        encoders().map(|config| trained_parameters(&resolve(&catalog(), &request(&config, &job, &recipe)).unwrap()));
    assert_eq!((albert, bert), (8.0 * 2.0 * 2.0 * 768.0, 12.0 * 8.0 * 2.0 * 2.0 * 768.0));
}

#[test]
fn an_activation_in_steps_keeps_more_than_one_in_a_kernel() {
    let (job, recipe) = (json!({"kind": "full-finetune", "sequenceLength": 512}), json!({"precision": "fp32", "microBatch": 16}));
    let [mut albert, _] = encoders();
    let short = estimated(&albert, &job, &recipe);
    albert["hidden_act"] = json!("gelu_new");
    let written_out = estimated(&albert, &job, &recipe);
    // Three tensors more of the inner width, in each of twelve layers.
    let more = 3.0 * 4.0 * 3072.0 * 12.0 * 16.0 * 512.0;
    let found = (written_out.memory.activations - short.memory.activations).get();
    assert!((found / more - 1.0).abs() < 0.01, "{found} against {more}");
}
