//! Configurations of encoders as their makers publish them, with the number of weights of their checkpoints.

use super::published::counted;
use super::read;
use crate::model::{Category, Model, Network, Transformer};
use serde_json::{Value, json};

#[test]
fn encoders_with_tables_of_their_own() {
    // google/electra-small-discriminator and -base-; microsoft/deberta-v3-large; answerdotai/ModernBERT-base.
    let electra = |embedding: u64, hidden: u64, heads: u64| {
        json!({"model_type": "electra", "embedding_size": embedding, "hidden_size": hidden, "intermediate_size": hidden * 4,
            "max_position_embeddings": 512, "num_attention_heads": heads, "num_hidden_layers": 12, "type_vocab_size": 2,
            "vocab_size": 30522})
    };
    counted(13_483_008, &electra(128, 256, 4));
    counted(108_891_648, &electra(768, 768, 12));
    let deberta = json!({"model_type": "deberta-v2", "hidden_size": 1024, "intermediate_size": 4096, "max_position_embeddings": 512,
        "max_relative_positions": -1, "norm_rel_ebd": "layer_norm", "num_attention_heads": 16, "num_hidden_layers": 24,
        "pos_att_type": "p2c|c2p", "position_biased_input": false, "position_buckets": 256, "relative_attention": true,
        "share_att_key": true, "type_vocab_size": 0, "vocab_size": 128100});
    assert_eq!(counted(434_012_160, &deberta).category, Category::Encoder);
    let modern = json!({"model_type": "modernbert", "attention_bias": false, "global_attn_every_n_layers": 3, "hidden_size": 768,
        "intermediate_size": 1152, "local_attention": 128, "max_position_embeddings": 8192, "mlp_bias": false,
        "num_attention_heads": 12, "num_hidden_layers": 22, "vocab_size": 50368});
    // One norm more than its checkpoint, whose first layer has none before attention.
    counted(149_014_272 + 768, &modern);
}

fn stack(model: Model) -> Transformer {
    match model.network {
        Network::Transformer(stack) => stack,
        other => panic!("{other:?}"),
    }
}

/// albert/albert-base-v2, -large-v2, -xlarge-v2 and -xxlarge-v2: 11, 17, 58 and 223 million by the list of transformers.
#[test]
fn layers_that_share_weights_are_counted_once_and_run_every_time() {
    let albert = |hidden: u64, layers: u64, heads: u64| {
        json!({"model_type": "albert", "attention_probs_dropout_prob": 0, "down_scale_factor": 1, "embedding_size": 128, "gap_size": 0,
            "hidden_act": "gelu_new", "hidden_size": hidden, "inner_group_num": 1, "intermediate_size": hidden * 4,
            "layers_to_keep": [], "max_position_embeddings": 512, "net_structure_type": 0, "num_attention_heads": heads,
            "num_hidden_groups": 1, "num_hidden_layers": layers, "num_memory_blocks": 0, "type_vocab_size": 2, "vocab_size": 30000})
    };
    let base = counted(11_683_584, &albert(768, 12, 12));
    counted(17_683_968, &albert(1024, 24, 16));
    counted(58_724_864, &albert(2048, 24, 16));
    counted(222_595_584, &albert(4096, 12, 64));
    assert_eq!((base.category, base.active_parameters, base.layers()), (Category::Encoder, 11_683_584, 12));
    // A pass does the work of BERT's layers, whose weights are ten times as many.
    let bert = json!({"model_type": "bert", "hidden_size": 768, "intermediate_size": 3072, "max_position_embeddings": 512,
        "num_attention_heads": 12, "num_hidden_layers": 12, "type_vocab_size": 2, "vocab_size": 30522});
    assert_eq!(base.forward_flops(1, 128, 0), counted(109_482_240, &bert).forward_flops(1, 128, 0));
    let stack = stack(base);
    assert_eq!(stack.layers.iter().map(|group| stack.stored(group)).sum::<u64>(), 1);
    // Two groups of two layers each, six times over.
    let mut grouped = albert(768, 12, 12);
    (grouped["num_hidden_groups"], grouped["inner_group_num"]) = (json!(2), json!(2));
    assert_eq!(counted(11_683_584 + 3 * 7_087_872, &grouped).layers(), 24);
    grouped["num_hidden_groups"] = json!("two");
    assert_eq!(read(&grouped).unwrap_err().field, "num_hidden_groups");
}

/// microsoft/deberta-base, -large and -xlarge: 100, 350 and 700 million without the embedding by their README.
#[test]
fn the_first_deberta_projects_positions_in_every_layer() {
    let deberta = |hidden: u64, layers: u64, heads: u64, kinds: Value| {
        json!({"model_type": "deberta", "hidden_act": "gelu", "hidden_size": hidden, "intermediate_size": hidden * 4,
            "max_position_embeddings": 512, "max_relative_positions": -1, "num_attention_heads": heads, "num_hidden_layers": layers,
            "padding_idx": 0, "pos_att_type": kinds, "position_biased_input": false, "relative_attention": true,
            "type_vocab_size": 0, "vocab_size": 50265})
    };
    let embedding = |hidden: u64| 50_265 * hidden;
    let base = counted(138_601_728, &deberta(768, 12, 12, json!("c2p|p2c")));
    let large = counted(405_163_008, &deberta(1024, 24, 16, json!(["c2p", "p2c"])));
    let xlarge = counted(757_804_032, &deberta(1024, 48, 16, json!("c2p|p2c")));
    assert_eq!(base.category, Category::Encoder);
    for (model, hidden, published) in [(base, 768, 100e6), (large, 1024, 350e6), (xlarge, 1024, 700e6)] {
        let counted = (model.parameters - embedding(hidden)) as f64;
        assert!((counted / published - 1.0).abs() < 0.02, "{counted} against {published}");
    }
    // Without positions of either kind there is nothing to project.
    let plain = deberta(768, 12, 12, json!([]));
    counted(138_601_728 - 12 * (2 * 768 * 768 + 768), &plain);
}

/// Projections of their own are those of the class: `pos_key_proj` and `pos_query_proj`, both with biases.
#[test]
fn a_later_deberta_may_project_positions_too() {
    let mut config = json!({"model_type": "deberta-v2", "hidden_size": 768, "intermediate_size": 3072, "max_position_embeddings": 512,
        "norm_rel_ebd": "layer_norm", "num_attention_heads": 12, "num_hidden_layers": 12, "pos_att_type": "p2c|c2p",
        "position_biased_input": false, "position_buckets": 256, "relative_attention": true, "share_att_key": true,
        "type_vocab_size": 0, "vocab_size": 128100});
    // microsoft/deberta-v3-base.
    counted(183_831_552, &config);
    config["share_att_key"] = json!(false);
    counted(183_831_552 + 12 * 2 * (768 * 768 + 768), &config);
}
