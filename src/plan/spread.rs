//! Layouts that spread the work over the cards and leave the result as it is: sharding, slices of layers, stages, pieces of sequences.

use super::cell::layers;
use super::menu::{Rung, Variant};
use super::question::Question;
use crate::estimate::passing_through;
use crate::model::{Mixer, Model, Network};
use crate::request::{
    AttentionKernel, Board, CacheFormat, JobKind, Offload, Optimizer, Parallel, RecipeRequest, Rig, SYSTEM, Setup, Sharding, Stack,
    WeightFormat,
};
use crate::request::{layout, resolve};

/// Ways to spread the work over the cards.
pub(super) fn layouts(setup: &Setup, variant: &Variant, written: &RecipeRequest) -> Vec<Parallel> {
    let given = setup.recipe.parallel;
    let count = setup.rig.count;
    let sharding_open = written.parallel.as_ref().is_none_or(|plan| plan.sharding.is_none());
    if setup.trains() {
        if variant.stack == Stack::Megatron && written.parallel.is_none() {
            return megatron_layouts(setup);
        }
        if given.data <= 1 || !sharding_open {
            return vec![given];
        }
        let stages: &[Sharding] = match setup.job.kind {
            _ if variant.offload == Offload::OptimizerAndWeights && resolve::only_under_fsdp(variant.weights, setup.job.kind) => {
                &[Sharding::Zero3]
            }
            // What FSDP shares is updated by torchao's optimizers, which page nothing; those of bitsandbytes take whole tensors (its issue 1633).
            _ if variant.optimizer == Optimizer::PagedAdamw8bit && written.optimizer.is_none() => &[Sharding::Ddp],
            // The programs that freeze weights in FP8 put a copy of them on every card.
            JobKind::Lora if variant.weights == WeightFormat::Fp8 && written.weights.is_none() => &[Sharding::Ddp],
            // Gradients and states of adapters are too small to be worth sharding alone.
            JobKind::Lora | JobKind::Qlora => &[Sharding::Ddp, Sharding::Zero3],
            _ => &[Sharding::Ddp, Sharding::Zero2, Sharding::Zero3],
        };
        return stages.iter().map(|sharding| Parallel { sharding: *sharding, ..given }).collect();
    }
    if count <= 1 || written.parallel.is_some() {
        return vec![given];
    }
    serving_layouts(setup, variant)
}

/// How a model is served: what the software does by itself, and every other even split into replicas that answer a share of the
/// requests each, slices of every layer and stages of layers. Replicas beyond the requests would idle; those that keep weights in
/// main memory would wait for it in turn. vLLM slices where the heads divide, llama.cpp over all cards of a server. How vLLM divides
/// experts is no other split: it does so over all replicas, and whole ones instead of slices take no less of anything.
fn serving_layouts(setup: &Setup, variant: &Variant) -> Vec<Parallel> {
    let (model, count) = (&*setup.model, setup.rig.count);
    let usual = layout::serving(model, variant.stack, count);
    if usual.data == count {
        return vec![usual];
    }
    let replicas = if variant.offload == Offload::None { setup.job.concurrency } else { 1 };
    let divisors = |of: u32| (1..=of).filter(move |degree| of.is_multiple_of(*degree));
    let mut plans = vec![usual];
    for data in divisors(count).rev().filter(|data| u64::from(*data) <= replicas) {
        let cards = count / data;
        for tensor in divisors(cards).filter(|slices| *slices == 1 || slices_serving(setup, variant, (*slices, cards))) {
            let plan = Parallel { data, tensor, pipeline: cards / tensor, ..Parallel::default() };
            if plan != usual && plan.pipeline <= layers(model) {
                plans.push(plan);
            }
        }
    }
    plans
}

/// Whether the software of a variant cuts every layer into so many slices on so many cards of a replica.
fn slices_serving(setup: &Setup, variant: &Variant, (slices, cards): (u32, u32)) -> bool {
    match variant.stack {
        Stack::Vllm | Stack::TensorRt => layout::divides_heads(&setup.model, u64::from(slices)),
        Stack::LlamaCpp => slices == cards && llama_cpp_slices(setup, variant, slices),
        _ => false,
    }
}

/// Whether llama.cpp cuts every layer of a setup into a slice for each of so many cards (`--split-mode tensor`). Its guide to several cards
/// (docs/multi-gpu.md) names what it takes: fused attention, a cache of 16 bits, all on the cards; neither recurrent layers nor latent
/// attention (DeepSeek 2) are cut. Experts gain nothing from it (gpt-oss-120b on four RTX 4090: 180 tokens a second either way,
/// llama.cpp PR 19378).
fn llama_cpp_slices(setup: &Setup, variant: &Variant, cards: u32) -> bool {
    let Network::Transformer(stack) = &setup.model.network else { return false };
    let cuts = variant.stack == Stack::LlamaCpp && variant.kv_cache == CacheFormat::Fp16 && variant.offload == Offload::None;
    let fused = matches!(variant.attention, AttentionKernel::Flash | AttentionKernel::MemoryEfficient);
    let attends = stack.layers.iter().all(|group| matches!(group.mixer, Mixer::Attention { .. }));
    let gains = setup.model.expert_layers() == 0;
    cuts && gains && fused && attends && cards <= Rig::CARDS_PER_MACHINE && slices(&setup.model, u64::from(cards))
}

/// Whether frozen weights wait in main memory where they pass through it anyway: where cards share them, one process of each machine reads
/// them all into it first. FSDP with them there then asks for no machine that it does not ask for without, and larger passes may be the
/// quicker ones; no more counts so than a desktop takes, or is said to be there.
fn waits_where_it_is_loaded(setup: &Setup, variant: &Variant, parallel: &Parallel, question: &Question) -> bool {
    let chosen = variant.offload == Offload::OptimizerAndWeights && question.recipe.offload.is_none();
    let shared = parallel.sharding == Sharding::Zero3 && parallel.data > 1 && variant.stack.loads_in_one_process();
    let there = question.machine.main_memory.unwrap_or(Board::Desktop.most()) - SYSTEM;
    chosen && setup.job.kind.adapts() && shared && passing_through(&setup.model) <= there
}

/// How far a variant leaves the ordinary in a layout. Weights that wait in main memory where they are loaded are no last resort where the
/// best figure is asked for. Slices are new in llama.cpp, whose guide calls them experimental, and what changes
/// the batch that was asked for is taken only where nothing keeps it.
pub(super) fn rung_in(setup: &Setup, variant: &Variant, parallel: &Parallel, question: &Question) -> Rung {
    let sliced = variant.stack == Stack::LlamaCpp && parallel.tensor > 1 && question.recipe.parallel.is_none();
    let whole = question.objective.aim().least_compromise_first;
    let keeps_batch = setup.job.global_batch.is_multiple_of(u64::from(parallel.data.max(1)));
    match (setup.trains(), sliced) {
        (true, _) if question.batch_given && !keeps_batch => variant.rung.max(Rung::Spared),
        (true, _) if !whole && waits_where_it_is_loaded(setup, variant, parallel, question) => Rung::Stretched,
        (_, true) => variant.rung.max(Rung::Stretched),
        _ => variant.rung,
    }
}

/// How Megatron spreads training: slices of every layer and stages of layers in one machine, replicas that share the optimizer's
/// states (its distributed optimizer) in what is left and between machines. Over several machines stages are up to 16 (Llama 3 405B,
/// arXiv 2407.21783; DeepSeek-V3, arXiv 2412.19437), and experts of layers that are not sliced are spread over up to 64 cards
/// (DeepSeek-V3).
///
/// Slices divide the heads evenly, keys and values included; stages have a layer each at least. Long contexts are cut into pieces of
/// 4,096 tokens and more, where every layer attends; experts are spread over replicas.
fn megatron_layouts(setup: &Setup) -> Vec<Parallel> {
    let (model, count) = (&*setup.model, setup.rig.count);
    let degrees = |most: u32| (0..7).map(|power| 1_u32 << power).take_while(move |degree| *degree <= most);
    let several = count > Rig::CARDS_PER_MACHINE;
    let experts = model.experts().unwrap_or(1);
    let mut plans = Vec::with_capacity(20);
    for tensor in degrees(Rig::CARDS_PER_MACHINE).filter(|tensor| slices(model, u64::from(*tensor))) {
        for pipeline in degrees(if several { 16 } else { Rig::CARDS_PER_MACHINE }).filter(|stages| *stages <= layers(model)) {
            for context in degrees(Rig::CARDS_PER_MACHINE).filter(|pieces| cuts_context(setup, u64::from(*pieces))) {
                let cut = tensor * pipeline * context;
                let inside = if several { tensor * context } else { cut };
                if inside > Rig::CARDS_PER_MACHINE || !count.is_multiple_of(cut) {
                    continue;
                }
                let data = count / cut;
                let sharding = if data * context > 1 { Sharding::Zero1 } else { Sharding::Ddp };
                let widest = if several && tensor * context == 1 { 64 } else { Rig::CARDS_PER_MACHINE };
                let spread =
                    degrees(widest).filter(|expert| data.is_multiple_of(*expert) && experts.is_multiple_of(u64::from(*expert)));
                plans.extend(spread.map(|expert| Parallel { sharding, data, tensor, pipeline, context, expert }));
            }
        }
    }
    plans
}

/// Whether the sequence may be cut into so many pieces: each of 4,096 tokens at least, half of what a card had of the longest
/// contexts of Llama 3 (131,072 tokens over 16 cards, arXiv 2407.21783), and with attention in every layer.
fn cuts_context(setup: &Setup, pieces: u64) -> bool {
    const SHORTEST: u64 = 4096;
    let Network::Transformer(stack) = &setup.model.network else { return pieces == 1 };
    let attends = stack.layers.iter().all(|group| matches!(group.mixer, Mixer::Attention { .. } | Mixer::Latent { .. }));
    pieces == 1 || attends && setup.job.sequence_length / pieces >= SHORTEST
}

/// Whether every layer can be cut into so many slices of equal work.
fn slices(model: &Model, slices: u64) -> bool {
    let Network::Transformer(stack) = &model.network else { return slices == 1 };
    stack.layers.iter().all(|group| match group.mixer {
        Mixer::Attention { heads, kv_heads, .. } | Mixer::Hybrid { heads, kv_heads, .. } => {
            heads.is_multiple_of(slices) && kv_heads.is_multiple_of(slices)
        }
        Mixer::Latent { heads, .. } | Mixer::Compressed { heads, .. } => heads.is_multiple_of(slices),
        Mixer::Recurrent { .. } | Mixer::None => slices == 1,
    })
}
