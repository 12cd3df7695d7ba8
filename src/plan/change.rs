//! Single changes that make a setup fit.

use super::cell::{expert_layers, layers};
use super::change_order::ordered;
use super::code::ReasonCode;
use super::reason::{Fact, Reason};
use super::remark::shared;
use super::serving::{choices, eight_bits};
use super::trial::Trials;
use super::{hardware, together};
use crate::catalog::Catalog;
use crate::document::keyword;
use crate::estimate::{Memory, Time, Verdict, memory};
use crate::request::defaults;
use crate::request::{
    CacheFormat, Checkpointing, JobKind, Keyword, LossKernel, Offload, Optimizer, Parallel, Request, Setup, Sharding, Stack,
    VaeTiling, WeightFormat, layout, runs,
};
use crate::units::{Money, real};
use std::sync::Arc;

keyword!(
    /// What a change costs beside speed. Changes come in this order.
    #[derive(PartialOrd, Ord)]
    Sacrifice {
        /// Nothing: the result is the same.
        Speed = "speed",
        /// The result changes: another method, number format or optimizer.
        Result = "result",
        /// Part of the model moves to host memory.
        HostMemory = "host-memory",
        /// Less is done than was asked for: shorter texts, fewer requests at once.
        Job = "job",
        /// More or other hardware.
        Hardware = "hardware",
    }
);

/// One change and what it brings.
#[derive(Clone, Debug)]
pub struct Change {
    /// What to change, in words.
    pub what: Reason,
    /// The single changes it consists of: one, or the fewest found that are enough together.
    pub steps: Vec<Reason>,
    /// What it costs.
    pub sacrifice: Sacrifice,
    /// The changed setup, complete for [`crate::estimate`].
    pub setup: Setup,
    /// Memory after the change.
    pub memory: Memory,
    /// Time after the change.
    pub time: Time,
    /// Speed after over speed before, below 1 is slower; `None` where the setup does not run as it is, so that there is no speed before.
    pub speed_factor: Option<f64>,
    /// What the hardware costs that has to be bought, where its price is known: what is replaced is taken to bring nothing.
    pub extra_cost: Option<Money>,
}

impl Change {
    /// The request that asks for the changed setup, made of the one that the change is for.
    #[must_use]
    pub fn request(&self, asked: &Request) -> Request {
        asked.changed_to(&self.setup)
    }
}

/// What makes a setup fit, the cheapest first: same result, then a changed result, then host memory, then less than was asked for, then
/// hardware; within each, what surely fits first, then the lower price or fewer changes, then the higher speed.
///
/// Single changes come alone; where the planner finds a recipe that needs several, the fewest of them that are enough come together
/// as one change. Empty if the setup already fits, or if nothing in the catalogue is enough.
#[must_use]
pub fn smallest_changes(catalog: &Catalog, setup: &Setup) -> Vec<Change> {
    let Some(mut trials) = Trials::of(setup) else { return Vec::new() };
    if !setup.trains() {
        other_serving(&mut trials);
        host_memory(&mut trials);
    } else if !setup.model.category.trains_one_way() {
        same_result(&mut trials);
        other_training(&mut trials);
        host_memory(&mut trials);
    }
    hardware::offer(&mut trials, catalog);
    let mut changes = trials.changes;
    together::add(&mut changes, catalog, setup);
    ordered(changes, setup)
}

fn name<K: Keyword>(value: K) -> Fact {
    Fact::Name(value.name().to_owned())
}

/// Values after halving again and again.
fn halves(from: u64, least: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(from / 2), |value| Some(value / 2)).take_while(move |value| *value >= least.max(1))
}

/// Micro-batch, checkpointing, loss kernel, attention kernel, sharding.
fn same_result(trials: &mut Trials<'_>) {
    let base = trials.base;
    let (recipe, rig) = (&base.recipe, &base.rig);
    let batch = recipe.micro_batch.saturating_mul(recipe.gradient_accumulation);
    trials.first(
        Sacrifice::Speed,
        Verdict::Fits,
        halves(recipe.micro_batch, 1),
        |micro| Reason::new(ReasonCode::ChangeMicroBatch).with("value", Fact::Count(micro)),
        |setup, micro| {
            setup.recipe.micro_batch = micro;
            setup.recipe.gradient_accumulation = batch.div_ceil(micro.max(1));
        },
    );
    if !recipe.checkpointing.recomputes_blocks() {
        trials.edit(Sacrifice::Speed, Reason::new(ReasonCode::ChangeCheckpointing), |setup| {
            setup.recipe.checkpointing = Checkpointing::Full
        });
    } else if recipe.checkpointing == Checkpointing::Full && recipe.stack.keeps_inputs_on_host() {
        trials.edit(Sacrifice::Speed, Reason::new(ReasonCode::ChangeCheckpointingHost), |setup| {
            setup.recipe.checkpointing = Checkpointing::Host;
        });
    }
    if recipe.loss == LossKernel::Standard && base.model.has_vocabulary() {
        trials.edit(Sacrifice::Speed, Reason::new(ReasonCode::ChangeLoss), |setup| setup.recipe.loss = LossKernel::Chunked);
    }
    let attention = defaults::attention(&base.model, &rig.card, recipe.precision, base.trains().then_some(recipe.stack));
    trials.edit(Sacrifice::Speed, Reason::new(ReasonCode::ChangeAttention).with("value", name(attention)), |setup| {
        setup.recipe.attention = attention;
    });
    if recipe.parallel.data > 1 {
        trials.first(
            Sacrifice::Speed,
            Verdict::Tight,
            [Sharding::Zero1, Sharding::Zero2, Sharding::Zero3],
            sharding_change,
            |setup, stage| setup.recipe.parallel.sharding = stage,
        );
    }
}

/// The step to another way of sharding, in words.
pub(super) fn sharding_change(stage: Sharding) -> Reason {
    Reason::new(ReasonCode::ChangeSharding).with("value", name(stage))
}

/// Optimizer, method and length of training.
fn other_training(trials: &mut Trials<'_>) {
    let base = trials.base;
    let can = base.rig.card.features();
    let full = !base.adapters_only();
    if full && can.nf4 && base.recipe.optimizer == Optimizer::Adamw {
        trials.first(
            Sacrifice::Result,
            Verdict::Tight,
            [Optimizer::Adamw8bit, Optimizer::PagedAdamw8bit],
            |optimizer| Reason::new(ReasonCode::ChangeOptimizer).with("value", name(optimizer)),
            |setup, optimizer| setup.recipe.optimizer = optimizer,
        );
    }
    trials.first(Sacrifice::Result, Verdict::Tight, lighter_methods(base), method_change, set_method);
    match base.model.image_side(base.job.sequence_length) {
        Some(side) => trials.first(
            Sacrifice::Job,
            Verdict::Fits,
            halves(side, 64),
            |side| Reason::new(ReasonCode::ChangeSide).with("value", Fact::Count(side)),
            |setup, side| setup.job.sequence_length = setup.model.image_length(real(side)),
        ),
        None => trials.first(
            Sacrifice::Job,
            Verdict::Fits,
            halves(base.job.sequence_length, 64),
            |length| Reason::new(ReasonCode::ChangeLength).with("value", Fact::Count(length)),
            |setup, length| setup.job.sequence_length = length,
        ),
    }
}

/// Methods that train less and so need less memory, mildest first.
pub(super) fn lighter_methods(base: &Setup) -> impl Iterator<Item = JobKind> + use<> {
    let methods: &[JobKind] = match base.method() {
        JobKind::FullFinetune => &[JobKind::Lora, JobKind::Qlora],
        JobKind::Lora => &[JobKind::Qlora],
        _ => &[],
    };
    let (can, model) = (base.rig.card.features(), Arc::clone(&base.model));
    methods.iter().copied().filter(move |kind| model.supports(*kind) && (*kind != JobKind::Qlora || can.nf4))
}

/// The step to another method, in words.
pub(super) fn method_change(kind: JobKind) -> Reason {
    Reason::new(ReasonCode::ChangeMethod).with("value", name(kind))
}

/// Takes another method, with the weights it stores.
pub(super) fn set_method(setup: &mut Setup, kind: JobKind) {
    let wide = if setup.rig.card.features().bf16 { WeightFormat::Bf16 } else { WeightFormat::Fp16 };
    setup.job.kind = kind;
    setup.recipe.weights = if kind == JobKind::Qlora { WeightFormat::Nf4 } else { wide };
}

/// Layout over the cards, weight format, cache format, prompt length and number of requests.
fn other_serving(trials: &mut Trials<'_>) {
    let base = trials.base;
    let count = base.rig.count;
    let stages = layout::serving(&base.model, Stack::LlamaCpp, count);
    trials.first(
        Sacrifice::Speed,
        Verdict::Tight,
        [layout::serving(&base.model, base.recipe.stack, count), stages],
        layout_change,
        |setup, plan| {
            setup.recipe.parallel = plan;
        },
    );
    let stack = if base.recipe.weights.is_gguf() { Stack::LlamaCpp } else { base.recipe.stack };
    let formats = choices(&base.model, base.recipe.weights, Some(stack), base.rig.card.features());
    let before = memory(base).weights;
    trials.first(
        Sacrifice::Result,
        Verdict::Tight,
        formats.into_iter().map(|(_, format)| format).filter(|format| {
            let mut smaller = base.clone();
            smaller.recipe.weights = *format;
            runs(*format, stack, &base.rig.card) && memory(&smaller).weights < before
        }),
        |format| Reason::new(ReasonCode::ChangeWeights).with("value", name(format)),
        |setup, format| setup.recipe.weights = format,
    );
    if base.recipe.kv_cache == CacheFormat::Fp16 {
        trials.first(
            Sacrifice::Result,
            Verdict::Tight,
            [eight_bits(base.recipe.stack, base.rig.card.features()), CacheFormat::Q4],
            |format| Reason::new(ReasonCode::ChangeCache).with("value", name(format)),
            |setup, format| setup.recipe.kv_cache = format,
        );
    }
    trials.first(
        Sacrifice::Job,
        Verdict::Fits,
        halves(base.job.prompt, 64),
        |prompt| Reason::new(ReasonCode::ChangePrompt).with("value", Fact::Count(prompt)),
        |setup, prompt| setup.job.prompt = prompt,
    );
    trials.first(
        Sacrifice::Job,
        Verdict::Fits,
        halves(base.job.concurrency, 1),
        |requests| Reason::new(ReasonCode::ChangeConcurrency).with("value", Fact::Count(requests)),
        |setup, requests| setup.job.concurrency = requests,
    );
}

/// The step to another layout over the same cards, in words.
pub(super) fn layout_change(to: Parallel) -> Reason {
    shared(ReasonCode::ChangeLayout, to)
}

/// Offload, as little as fits.
fn host_memory(trials: &mut Trials<'_>) {
    let base = trials.base;
    if base.recipe.offload != Offload::None {
        return;
    }
    if !base.trains() {
        if base.decodes_images() && base.recipe.vae_tiling == VaeTiling::None {
            trials.edit(Sacrifice::Speed, Reason::new(ReasonCode::ChangeVaeTiling), |setup| {
                setup.recipe.vae_tiling = VaeTiling::Tiles
            });
        }
        if base.model.has_companions() {
            let what = |offload| {
                if offload == Offload::Companions { ReasonCode::ChangeOffloadCompanions } else { ReasonCode::ChangeOffloadWeights }
            };
            trials.first(
                Sacrifice::HostMemory,
                Verdict::Tight,
                [Offload::Companions, Offload::OptimizerAndWeights],
                |offload| Reason::new(what(offload)),
                |setup, offload| setup.recipe.offload = offload,
            );
        }
        if base.recipe.stack == Stack::LlamaCpp {
            trials.first(
                Sacrifice::HostMemory,
                Verdict::Fits,
                1..=expert_layers(&base.model),
                |layers| Reason::new(ReasonCode::ChangeOffloadExperts).with("value", Fact::Count(u64::from(layers))),
                |setup, layers| setup.recipe.offload = Offload::Experts(layers),
            );
            trials.first(
                Sacrifice::HostMemory,
                Verdict::Fits,
                1..=layers(&base.model),
                |layers| Reason::new(ReasonCode::ChangeOffloadLayers).with("value", Fact::Count(u64::from(layers))),
                |setup, layers| setup.recipe.offload = Offload::Layers(layers),
            );
        }
        return;
    }
    if !base.adapters_only() {
        trials.first(
            Sacrifice::HostMemory,
            Verdict::Tight,
            [Offload::Optimizer, Offload::OptimizerAndWeights],
            |offload| Reason::new(ReasonCode::ChangeOffload).with("value", Fact::Name(offload.to_string())),
            |setup, offload| setup.recipe.offload = offload,
        );
    }
}
