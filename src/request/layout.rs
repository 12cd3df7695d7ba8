//! How software serves a model on several cards where nobody says how.

use super::{JobKind, Parallel, ParallelRequest, Stack};
use crate::model::{BlockStyle, Mixer, Model, Network};

/// The layout of inference that leaves it open: what the software does by itself on so many cards.
pub(super) fn by_software(
    written: Option<&ParallelRequest>,
    kind: JobKind,
    model: &Model,
    stack: Stack,
    count: u32,
) -> Option<Parallel> {
    let said = |plan: &ParallelRequest| {
        let degrees = [plan.data, plan.tensor, plan.pipeline, plan.expert, plan.context];
        degrees.iter().any(Option::is_some) || plan.sharding.is_some()
    };
    (!kind.trains() && !written.is_some_and(said)).then(|| serving(model, stack, count))
}

/// Whole networks side by side where nothing is cut: no software splits convolutions, and diffusers runs a denoiser on one card
/// (its `device_map` places whole components). Slices of every layer under vLLM and TensorRT-LLM where they divide the heads, stages
/// where they do not, as vLLM's guide to distributed serving says. Stages of layers elsewhere: the default `--split-mode layer` of
/// llama.cpp, `device_map="auto"` of transformers, the automatic split of ExLlama.
pub(crate) fn serving(model: &Model, stack: Stack, count: u32) -> Parallel {
    let one = Parallel::default();
    match (&model.network, stack) {
        (Network::Opaque(_), _) => Parallel { data: count, ..one },
        (Network::Transformer(network), _) if network.style == BlockStyle::Dit => Parallel { data: count, ..one },
        (_, Stack::Vllm | Stack::TensorRt) if divides_heads(model, u64::from(count)) => Parallel { tensor: count, ..one },
        _ => Parallel { pipeline: count, ..one },
    }
}

/// Whether every attention layer has an equal share of heads for each of so many cards. Heads of keys and values are copied where
/// they are fewer, if as often each (`QKVParallelLinear` of vLLM asserts it).
pub(crate) fn divides_heads(model: &Model, cards: u64) -> bool {
    let Network::Transformer(stack) = &model.network else { return false };
    stack.layers.iter().all(|group| match group.mixer {
        Mixer::Attention { heads, kv_heads, .. } | Mixer::Hybrid { heads, kv_heads, .. } => {
            heads.is_multiple_of(cards) && (kv_heads.is_multiple_of(cards) || cards.is_multiple_of(kv_heads))
        }
        Mixer::Latent { heads, .. } | Mixer::Compressed { heads, .. } => heads.is_multiple_of(cards),
        Mixer::Recurrent { .. } | Mixer::None => true,
    })
}
