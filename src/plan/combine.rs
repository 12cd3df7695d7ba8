//! What tells two setups of one job apart, step by step, and the fewest of those steps that still fit.

use super::change::{Sacrifice, layout_change, sharding_change};
use super::menu::is_able;
use super::reason::{Fact, Reason};
use crate::estimate::{Memory, Verdict, memory};
use crate::request::{Checkpointing, Keyword, LossKernel, Offload, OptimizerKernel, Parallel, Setup};

/// One difference of a target setup from a base: how to say it, what it costs, and how to take it back.
pub(super) struct Step {
    pub sacrifice: Sacrifice,
    pub what: Reason,
    undo: fn(&mut Setup, &Setup),
}

fn name<K: Keyword>(value: K) -> Fact {
    Fact::Name(value.name().to_owned())
}

/// The differences, those that change the result first: what is dearest is taken back first.
pub(super) fn steps(base: &Setup, target: &Setup) -> Vec<Step> {
    let (from, to) = (&base.recipe, &target.recipe);
    let mut found = Vec::new();
    let mut step = |differs: bool, sacrifice, what: Reason, undo| {
        if differs {
            found.push(Step { sacrifice, what, undo });
        }
    };
    let say = |code, value| Reason::new(code).with("value", value);
    if target.trains() {
        step(from.precision != to.precision, Sacrifice::Result, say("change-precision", name(to.precision)), |own, base| {
            own.recipe.precision = base.recipe.precision;
        });
        step(from.optimizer != to.optimizer, Sacrifice::Result, say("change-optimizer", name(to.optimizer)), |own, base| {
            own.recipe.optimizer = base.recipe.optimizer;
            own.recipe.optimizer_kernel = base.recipe.optimizer_kernel;
        });
        let early = from.optimizer_kernel != to.optimizer_kernel && to.optimizer_kernel == OptimizerKernel::InBackward;
        step(early, Sacrifice::Speed, Reason::new("change-in-backward"), |own, base| {
            own.recipe.optimizer_kernel = base.recipe.optimizer_kernel;
        });
    }
    let stored = !target.trains() || target.adapters_only();
    // Weights are read by software, and of layers in main memory a program knows or does not: neither goes without the other.
    let tied = from.weights != to.weights || matches!(to.offload, Offload::Layers(_) | Offload::Experts(_));
    let weights = match from.stack == to.stack {
        true => say("change-weights", name(to.weights)),
        false => say("change-weights-and-stack", name(to.weights)).with("stack", name(to.stack)),
    };
    step(stored && from.weights != to.weights, Sacrifice::Result, weights, |own, base| {
        own.recipe.weights = base.recipe.weights;
        own.recipe.stack = base.recipe.stack;
    });
    let rank = say("change-rank", Fact::Count(to.lora.rank));
    step(target.adapters_only() && from.lora.rank != to.lora.rank, Sacrifice::Result, rank, |own, base| {
        own.recipe.lora.rank = base.recipe.lora.rank;
    });
    step(
        !target.trains() && from.kv_cache != to.kv_cache,
        Sacrifice::Result,
        say("change-cache", name(to.kv_cache)),
        |own, base| {
            own.recipe.kv_cache = base.recipe.kv_cache;
        },
    );
    let tiles = target.decodes_images() && from.vae_tiling != to.vae_tiling;
    step(tiles, Sacrifice::Speed, Reason::new("change-vae-tiling"), |own, base| own.recipe.vae_tiling = base.recipe.vae_tiling);
    let offload = match to.offload {
        Offload::Layers(layers) => say("change-offload-layers", Fact::Count(u64::from(layers))),
        Offload::Experts(layers) => say("change-offload-experts", Fact::Count(u64::from(layers))),
        Offload::Companions => Reason::new("change-offload-companions"),
        other => say("change-offload", Fact::Name(other.to_string())),
    };
    step(from.offload != to.offload, Sacrifice::HostMemory, offload, |own, base| own.recipe.offload = base.recipe.offload);
    step(from.stack != to.stack && !tied, Sacrifice::Speed, say("change-stack", name(to.stack)), |own, base| {
        own.recipe.stack = base.recipe.stack;
    });
    let cut = |plan: &Parallel| (plan.data, plan.tensor, plan.pipeline);
    let recut = target.rig.count == base.rig.count && cut(&from.parallel) != cut(&to.parallel);
    step(recut, Sacrifice::Speed, layout_change(to.parallel), |own, base| own.recipe.parallel = base.recipe.parallel);
    if target.trains() {
        let accumulates = (from.micro_batch, from.gradient_accumulation) != (to.micro_batch, to.gradient_accumulation);
        let batch = Reason::new("change-batch").with("value", Fact::Count(to.micro_batch));
        let batch = batch.with("passes", Fact::Count(to.gradient_accumulation));
        step(accumulates, Sacrifice::Speed, batch, |own, base| {
            own.recipe.micro_batch = base.recipe.micro_batch;
            own.recipe.gradient_accumulation = base.recipe.gradient_accumulation;
            own.job.global_batch = base.job.global_batch;
        });
        let keep = if to.checkpointing == Checkpointing::None { "change-no-checkpointing" } else { "change-checkpointing" };
        step(from.checkpointing != to.checkpointing, Sacrifice::Speed, Reason::new(keep), |own, base| {
            own.recipe.checkpointing = base.recipe.checkpointing;
        });
        let loss = if to.loss == LossKernel::Chunked { "change-loss" } else { "change-plain-loss" };
        let has_loss = target.model.has_vocabulary() && from.loss != to.loss;
        step(has_loss, Sacrifice::Speed, Reason::new(loss), |own, base| own.recipe.loss = base.recipe.loss);
        let sharded = target.rig.count > 1 && from.parallel.sharding != to.parallel.sharding;
        step(sharded, Sacrifice::Speed, sharding_change(to.parallel.sharding), |own, base| {
            own.recipe.parallel.sharding = base.recipe.parallel.sharding;
        });
    }
    found
}

/// Takes back every step that is needed neither for the target's verdict nor by its card; what is left is the shortest way found, with its steps.
pub(super) fn shortest(base: &Setup, target: &Setup) -> (Setup, Memory, Vec<Step>) {
    let mut setup = target.clone();
    let mut needs = memory(&setup);
    let mut kept = Vec::new();
    for step in steps(base, target) {
        let mut without = setup.clone();
        (step.undo)(&mut without, base);
        let memory = memory(&without);
        if memory.verdict <= needs.verdict && memory.verdict != Verdict::DoesNotFit && is_able(&without) {
            (setup, needs) = (without, memory);
        } else {
            kept.push(step);
        }
    }
    // Milder steps read first.
    kept.sort_by_key(|step| step.sacrifice);
    (setup, needs, kept)
}
