//! What tells two setups of one job apart, step by step, and the fewest of those steps that still fit.

use super::change::{Sacrifice, layout_change, sharding_change};
use super::code::ReasonCode;
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

/// The differences of a target from a base, as they are found.
struct Steps<'a> {
    base: &'a Setup,
    target: &'a Setup,
    found: Vec<Step>,
}

/// The differences, those that change the result first: what is dearest is taken back first.
pub(super) fn steps(base: &Setup, target: &Setup) -> Vec<Step> {
    let mut steps = Steps { base, target, found: Vec::new() };
    if target.trains() {
        steps.numbers();
    }
    steps.stored();
    steps.moved();
    if target.trains() {
        steps.passes();
    }
    steps.found
}

fn name<K: Keyword>(value: K) -> Fact {
    Fact::Name(value.name().to_owned())
}

fn say(code: ReasonCode, value: Fact) -> Reason {
    Reason::new(code).with("value", value)
}

impl Steps<'_> {
    fn step(&mut self, differs: bool, sacrifice: Sacrifice, what: Reason, undo: fn(&mut Setup, &Setup)) {
        if differs {
            self.found.push(Step { sacrifice, what, undo });
        }
    }

    /// What a training computes in, and how it updates.
    fn numbers(&mut self) {
        let (from, to) = (&self.base.recipe, &self.target.recipe);
        self.step(
            from.precision != to.precision,
            Sacrifice::Result,
            say(ReasonCode::ChangePrecision, name(to.precision)),
            |own, base| {
                own.recipe.precision = base.recipe.precision;
                // What adapters are kept in follows from it.
                own.recipe.lora.fp32_adapters = base.recipe.lora.fp32_adapters;
            },
        );
        self.step(
            from.optimizer != to.optimizer,
            Sacrifice::Result,
            say(ReasonCode::ChangeOptimizer, name(to.optimizer)),
            |own, base| {
                own.recipe.optimizer = base.recipe.optimizer;
                own.recipe.optimizer_kernel = base.recipe.optimizer_kernel;
            },
        );
        let early = from.optimizer_kernel != to.optimizer_kernel && to.optimizer_kernel == OptimizerKernel::InBackward;
        self.step(early, Sacrifice::Speed, Reason::new(ReasonCode::ChangeInBackward), |own, base| {
            own.recipe.optimizer_kernel = base.recipe.optimizer_kernel;
        });
    }

    /// How weights, adapters and cache are stored.
    fn stored(&mut self) {
        let (base, target) = (self.base, self.target);
        let (from, to) = (&base.recipe, &target.recipe);
        let weights = match from.stack == to.stack {
            true => say(ReasonCode::ChangeWeights, name(to.weights)),
            false => say(ReasonCode::ChangeWeightsAndStack, name(to.weights)).with("stack", name(to.stack)),
        };
        let stored = !target.trains() || target.adapters_only();
        self.step(stored && from.weights != to.weights, Sacrifice::Result, weights, |own, base| {
            own.recipe.weights = base.recipe.weights;
            own.recipe.stack = base.recipe.stack;
        });
        let rank = say(ReasonCode::ChangeRank, Fact::Count(to.lora.rank));
        self.step(target.adapters_only() && from.lora.rank != to.lora.rank, Sacrifice::Result, rank, |own, base| {
            own.recipe.lora.rank = base.recipe.lora.rank;
        });
        let cache = say(ReasonCode::ChangeCache, name(to.kv_cache));
        self.step(!target.trains() && from.kv_cache != to.kv_cache, Sacrifice::Result, cache, |own, base| {
            own.recipe.kv_cache = base.recipe.kv_cache;
        });
    }

    /// Where and by what the work is done.
    fn moved(&mut self) {
        let (base, target) = (self.base, self.target);
        let (from, to) = (&base.recipe, &target.recipe);
        let tiles = target.decodes_images() && from.vae_tiling != to.vae_tiling;
        self.step(tiles, Sacrifice::Speed, Reason::new(ReasonCode::ChangeVaeTiling), |own, base| {
            own.recipe.vae_tiling = base.recipe.vae_tiling;
        });
        let offload = match to.offload {
            Offload::Layers(layers) => say(ReasonCode::ChangeOffloadLayers, Fact::Count(u64::from(layers))),
            Offload::Experts(layers) => say(ReasonCode::ChangeOffloadExperts, Fact::Count(u64::from(layers))),
            Offload::Companions => Reason::new(ReasonCode::ChangeOffloadCompanions),
            other => say(ReasonCode::ChangeOffload, Fact::Name(other.to_string())),
        };
        self.step(from.offload != to.offload, Sacrifice::HostMemory, offload, |own, base| {
            own.recipe.offload = base.recipe.offload;
        });
        // Weights are read by software, and of layers in main memory a program knows or does not: neither goes without the other.
        let tied = from.weights != to.weights || matches!(to.offload, Offload::Layers(_) | Offload::Experts(_));
        let stack = say(ReasonCode::ChangeStack, name(to.stack));
        self.step(from.stack != to.stack && !tied, Sacrifice::Speed, stack, |own, base| {
            own.recipe.stack = base.recipe.stack;
            if !base.recipe.stack.keeps_inputs_on_host() {
                own.recipe.checkpointing = base.recipe.checkpointing;
            }
        });
        let cut = |plan: &Parallel| (plan.data, plan.tensor, plan.pipeline, plan.context, plan.expert);
        let recut = target.rig.count == base.rig.count && cut(&from.parallel) != cut(&to.parallel);
        self.step(recut, Sacrifice::Speed, layout_change(to.parallel), |own, base| own.recipe.parallel = base.recipe.parallel);
    }

    /// How a training goes through its batch.
    fn passes(&mut self) {
        let (from, to) = (&self.base.recipe, &self.target.recipe);
        let accumulates = (from.micro_batch, from.gradient_accumulation) != (to.micro_batch, to.gradient_accumulation);
        let batch = say(ReasonCode::ChangeBatch, Fact::Count(to.micro_batch)).with("passes", Fact::Count(to.gradient_accumulation));
        self.step(accumulates, Sacrifice::Speed, batch, |own, base| {
            own.recipe.micro_batch = base.recipe.micro_batch;
            own.recipe.gradient_accumulation = base.recipe.gradient_accumulation;
            own.job.global_batch = base.job.global_batch;
        });
        let keep = match to.checkpointing {
            Checkpointing::None => ReasonCode::ChangeNoCheckpointing,
            Checkpointing::Host => ReasonCode::ChangeCheckpointingHost,
            Checkpointing::Selective | Checkpointing::Full => ReasonCode::ChangeCheckpointing,
        };
        self.step(from.checkpointing != to.checkpointing, Sacrifice::Speed, Reason::new(keep), |own, base| {
            own.recipe.checkpointing = base.recipe.checkpointing;
        });
        let loss = if to.loss == LossKernel::Chunked { ReasonCode::ChangeLoss } else { ReasonCode::ChangePlainLoss };
        let has_loss = self.target.model.has_vocabulary() && from.loss != to.loss;
        self.step(has_loss, Sacrifice::Speed, Reason::new(loss), |own, base| own.recipe.loss = base.recipe.loss);
        let sharded = self.target.rig.count > 1 && from.parallel.sharding != to.parallel.sharding;
        self.step(sharded, Sacrifice::Speed, sharding_change(to.parallel.sharding), |own, base| {
            own.recipe.parallel.sharding = base.recipe.parallel.sharding;
        });
    }
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
