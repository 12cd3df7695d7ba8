//! Layers with adapters, by the names of their modules in transformers.

use crate::model::{BlockStyle, Mixer, Network};
use crate::request::{LoraTargetSet, LoraTargets, Setup};

/// Module names adapters attach to; `None` stands for every linear layer of the blocks.
pub(super) fn target_modules(setup: &Setup) -> Option<Vec<String>> {
    let towers = setup.model.tower_parameters > 0;
    let names = || beside_experts(setup).or_else(|| beside_outputs(setup)).filter(|_| !towers);
    named_set(setup).or_else(|| Some(names()?.into_iter().map(str::to_owned).collect()))
}

/// The remark on why layers are named where a word would stand for all of them.
pub(super) fn named_because(setup: &Setup) -> Option<&'static str> {
    if named_set(setup).is_some() {
        return None;
    }
    let experts = beside_experts(setup).map(|_| "targets-beside-experts");
    experts.or_else(|| beside_outputs(setup).map(|_| "targets-beside-outputs"))
}

/// Every linear layer of a model that has attention and Mamba side by side but the output of the latter (`out_proj`), which PEFT refuses.
fn beside_outputs(setup: &Setup) -> Option<Vec<&'static str>> {
    let Network::Transformer(stack) = &setup.model.network else { return None };
    let beside = stack.layers.iter().any(|group| matches!(group.mixer, Mixer::Hybrid { .. }));
    beside.then(|| vec!["q_proj", "k_proj", "v_proj", "o_proj", "in_proj", "gate_proj", "up_proj", "down_proj"])
}

/// What mixes tokens in a model with experts. PEFT's word for every linear layer puts adapters on each expert as well since 0.20, where
/// they are one tensor, as transformers 4 had them in layers; the plan has none there. So have the names of their projections, which
/// layers beside them share.
fn beside_experts(setup: &Setup) -> Option<Vec<&'static str>> {
    let Network::Transformer(stack) = &setup.model.network else { return None };
    if setup.model.expert_layers() == 0 {
        return None;
    }
    let mut names = vec!["q_proj", "k_proj", "v_proj", "o_proj"];
    let has = |of: fn(&Mixer) -> bool| stack.layers.iter().any(|group| of(&group.mixer));
    if has(|mixer| matches!(mixer, Mixer::Latent { .. } | Mixer::Compressed { .. })) {
        names.extend(["q_a_proj", "q_b_proj", "kv_a_proj_with_mqa", "kv_b_proj"]);
    }
    if has(|mixer| matches!(mixer, Mixer::Recurrent { .. } | Mixer::Hybrid { .. })) {
        names.extend([
            "in_proj",
            "in_proj_qkvz",
            "in_proj_ba",
            "in_proj_qkv",
            "in_proj_z",
            "in_proj_b",
            "in_proj_a",
            "qkv_proj",
            "out_proj",
        ]);
    }
    Some(names)
}

/// Modules that the plan names, or those of a set that is not every linear layer.
pub(super) fn named_set(setup: &Setup) -> Option<Vec<String>> {
    let set = match &setup.recipe.lora.targets {
        LoraTargets::Modules(modules) => return Some(modules.clone()),
        LoraTargets::Set(set) => *set,
    };
    let query_value_only = match set {
        LoraTargetSet::AllLinear => return None,
        LoraTargetSet::Attention => false,
        LoraTargetSet::AttentionQv => true,
    };
    let names: &[&str] = match (attention_names(setup)?, query_value_only) {
        (Projections::Separate(_), true) => &["q_proj", "v_proj"],
        (Projections::Separate(output), false) => &["q_proj", "k_proj", "v_proj", output],
        (Projections::Fused(joint, _), true) => &[joint],
        // Its feed-forward layer has an output of the same name.
        (Projections::Fused(joint, "c_proj"), false) => &[joint, "attn.c_proj"],
        (Projections::Fused(joint, output), false) => &[joint, output],
    };
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

/// Linear layers of a class of their own (GPT-2's), which PEFT's word for all takes, but not LLaMA-Factory's and Axolotl's.
pub(super) fn unseen_linear(setup: &Setup) -> Option<Vec<String>> {
    let unseen = matches!(&setup.model.network, Network::Transformer(stack) if stack.style == BlockStyle::Gpt2);
    unseen.then(|| ["c_attn", "c_fc", "c_proj"].map(str::to_owned).to_vec())
}

/// Pattern of the linear layers that write in a model with towers, whose own layers PEFT's name for every linear layer takes too.
pub(super) fn language_layers(setup: &Setup) -> Option<String> {
    let names = beside_experts(setup).map_or_else(|| r"_proj(_\w+)?".to_owned(), |names| format!(r"\.({})", names.join("|")));
    (setup.model.tower_parameters > 0).then(|| format!(r".*language_model.*{names}"))
}

/// Embedding and output layer where they are trained beside adapters, by the names of transformers; `None` too where the family has
/// others.
pub(super) fn trained_embeddings(setup: &Setup) -> Option<Vec<String>> {
    let known = matches!(&setup.model.network, Network::Transformer(stack)
        if stack.lm_head && matches!(stack.style, BlockStyle::Llama | BlockStyle::Gemma | BlockStyle::Opt));
    (known && setup.trains_embeddings()).then(|| ["embed_tokens", "lm_head"].map(str::to_owned).to_vec())
}

enum Projections {
    Separate(&'static str),
    Fused(&'static str, &'static str),
}

/// Names of the attention projections in transformers, by family of implementation; `None` where they are other than these.
fn attention_names(setup: &Setup) -> Option<Projections> {
    let Network::Transformer(stack) = &setup.model.network else { return None };
    let usual =
        |mixer: &Mixer| matches!(mixer, Mixer::Attention { .. } | Mixer::Recurrent { .. } | Mixer::Hybrid { .. } | Mixer::None);
    if !stack.layers.iter().all(|group| usual(&group.mixer)) {
        return None;
    }
    Some(match (stack.style, stack.fused_qkv) {
        (BlockStyle::Gpt2, _) => Projections::Fused("c_attn", "c_proj"),
        (BlockStyle::ParallelBlock, _) => Projections::Fused("query_key_value", "dense"),
        (BlockStyle::Opt, _) => Projections::Separate("out_proj"),
        (BlockStyle::Llama | BlockStyle::Gemma, false) => Projections::Separate("o_proj"),
        (BlockStyle::Llama | BlockStyle::Gemma, true) => Projections::Fused("qkv_proj", "o_proj"),
        _ => return None,
    })
}
