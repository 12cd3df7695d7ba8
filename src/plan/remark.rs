//! What is worth knowing about one plan or one refusal by itself.

use super::admission::Admitted;
use super::code::ReasonCode;
use super::compromise::is_narrowed;
use super::drawback::{Housing, housing, slots};
use super::host::{enough, outgrows_desktop};
use super::menu::{Obstacle, Rung};
use super::patience::latest;
use super::question::{Limits, Question};
use super::reason::{Fact, Reason};
use super::search::{Comfort, Failure, Found};
use crate::estimate::{Memory, PricedAmount, memory};
use crate::request::{
    CacheFormat, Checkpointing, JobKind, Keyword, Optimizer, OptimizerKernel, Parallel, Precision, Recipe, SYSTEM, Setup, Stack,
    WeightFormat, layout,
};
use crate::units::{Bytes, Money, Seconds};
use std::cmp::Ordering;

/// Remarks on a plan, weightiest first.
pub(super) fn remarks(found: &Found, admitted: &Admitted, question: &Question) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let memory = &found.figures.memory;
    match found.comfort {
        Comfort::Fits => {}
        Comfort::Tight => {
            reasons.push(Reason::new(ReasonCode::Tight).with("over", Fact::Memory(over(memory.high, memory.capacity))))
        }
        Comfort::Offloaded => {
            let chosen = found.rung < Rung::Offloaded;
            let code = if chosen { ReasonCode::OffloadedForSpeed } else { ReasonCode::Offloaded };
            reasons.push(Reason::new(code).with("host", Fact::Memory(memory.host)));
        }
    }
    reasons.extend(loading(found));
    let rig = &found.setup.rig;
    if outgrows_desktop(question, rig, memory.host) {
        let size = Fact::Memory(rig.main_memory.unwrap_or_else(|| enough(rig, memory.host)));
        reasons.push(
            Reason::new(ReasonCode::NeedsBoard)
                .with("size", size)
                .with("rate", Fact::Ratio(crate::estimate::host_rate(&found.setup).as_giga())),
        );
    }
    if found.late > 0 {
        reasons.push(late(&found.setup, found.figures.time.total));
    }
    reasons.extend(price(admitted));
    reasons.extend(spread(admitted));
    reasons.extend(admitted.offered.elsewhere.clone());
    if let (true, Some(country)) = (admitted.offered.only_used, super::market::country(question)) {
        reasons.push(Reason::new(ReasonCode::OnlyUsed).with("country", Fact::Name(country.to_owned())));
    }
    reasons.extend(compromises(found, question));
    reasons.extend(hardware(found));
    reasons.extend(layout(found, question));
    reasons
}

/// Main memory of a usual desktop: two modules of 32 GB.
const USUAL: Bytes = Bytes::gib(64.0);

/// That loading takes more main memory than a usual desktop has, of what lies on the cards afterwards.
fn loading(found: &Found) -> Option<Reason> {
    let host = found.figures.memory.host;
    let setup = &found.setup;
    let on_cards = found.comfort != Comfort::Offloaded && setup.recipe.checkpointing != Checkpointing::Host;
    let passes = setup.job.kind.adapts() && on_cards && host * (1.0 / f64::from(setup.rig.machines())) + SYSTEM > USUAL;
    passes.then(|| Reason::new(ReasonCode::Loading).with("host", Fact::Memory(host)))
}

/// What is to be said of the price, where it is not one that anybody pays today.
fn price(admitted: &Admitted) -> Option<Reason> {
    let Some(price) = &admitted.price else { return Some(Reason::new(ReasonCode::NoPrice)) };
    let launch = price.basis == "launch";
    if let Some(risen) = price.risen {
        return Some(risen.beside(dated(ReasonCode::RisenLaunch, price)));
    }
    let code = match (price.stale, &price.overtaken_by) {
        (_, Some(by)) => return Some(dated(ReasonCode::OvertakenPrice, price).with("name", Fact::Name(by.clone()))),
        (true, None) if launch => ReasonCode::StaleLaunch,
        (true, None) => ReasonCode::StalePrice,
        (false, None) if launch => ReasonCode::LaunchPrice,
        (false, None) if admitted.aged => ReasonCode::StalePrice,
        (false, None) => return None,
    };
    Some(dated(code, price))
}

/// That it was read at very different prices.
fn spread(admitted: &Admitted) -> Option<Reason> {
    let price = admitted.price.as_ref()?;
    let spread = price.spread.as_ref()?;
    let money = |amount: f64| Fact::Money(Money { amount, ..price.money });
    let reason = Reason::new(ReasonCode::PriceSpread).with("low", money(spread.low)).with("high", money(spread.high));
    Some(reason.with("from", Fact::Name(spread.from.clone())).with("to", Fact::Name(spread.until.clone())))
}

fn dated(code: ReasonCode, price: &PricedAmount) -> Reason {
    Reason::new(code).with("date", Fact::Name(price.date.clone()))
}

/// That a job takes longer than people wait.
fn late(setup: &Setup, takes: Seconds) -> Reason {
    Reason::new(ReasonCode::Late).with("takes", Fact::Time(takes)).with("limit", Fact::Time(latest(setup)))
}

/// What the card asks of the machine and its software.
fn hardware(found: &Found) -> impl Iterator<Item = Reason> + use<> {
    let card = &found.setup.rig.card;
    let machine = match housing(card, found.setup.rig.count) {
        Housing::Usual => None,
        Housing::Frame => {
            Some(Reason::new(ReasonCode::NeedsFrame).with("n", Fact::Count(slots(card, found.setup.rig.count).into())))
        }
        // Data-center cards on PCI Express have no fans of their own.
        Housing::Airflow => Some(Reason::new(ReasonCode::NeedsAirflow)),
        Housing::Server => Some(Reason::new(ReasonCode::ServerModule)),
    };
    let own_kernels = found.setup.recipe.stack == Stack::LlamaCpp;
    let software = (!card.features().current_pytorch)
        .then(|| Reason::new(if own_kernels { ReasonCode::OldToolkit } else { ReasonCode::OldSoftware }));
    let machines = found.setup.rig.machines();
    let network = (machines > 1).then(|| {
        let rate = Fact::Ratio(found.setup.rig.network_rate().as_gigabits());
        Reason::new(ReasonCode::SeveralMachines).with("n", Fact::Count(u64::from(machines))).with("rate", rate)
    });
    machine.into_iter().chain(software).chain(network)
}

/// How several cards share the work, where it is more than replicas or what the software does by itself.
fn layout(found: &Found, question: &Question) -> Option<Reason> {
    let (setup, plan) = (&found.setup, found.setup.recipe.parallel);
    if setup.trains() {
        let cut = plan.tensor.max(plan.pipeline).max(plan.context).max(plan.expert) > 1;
        return (cut && setup.recipe.stack == Stack::Megatron).then(|| shared(ReasonCode::CutOverCards, plan));
    }
    let (stack, count) = (setup.recipe.stack, setup.rig.count);
    if stack == Stack::LlamaCpp && plan.tensor > 1 {
        return Some(Reason::new(ReasonCode::SlicesOfLlamaCpp));
    }
    let by_itself = plan == layout::serving(&setup.model, stack, count);
    (question.recipe.parallel.is_none() && !by_itself).then(|| shared(ReasonCode::SharedOut, plan))
}

/// A sentence about a layout, with one for each degree above one.
pub(super) fn shared(code: ReasonCode, plan: Parallel) -> Reason {
    let degrees = [
        (ReasonCode::SharedData, plan.data),
        (ReasonCode::SharedTensor, plan.tensor),
        (ReasonCode::SharedPipeline, plan.pipeline),
        (ReasonCode::SharedContext, plan.context),
        (ReasonCode::SharedExpert, plan.expert),
    ];
    let count = |degree: u32| Fact::Count(u64::from(degree));
    let above = degrees.into_iter().filter(|(_, degree)| *degree > 1);
    let how = above.map(|(code, degree)| Reason::new(code).with("n", count(degree))).collect();
    let cards = plan.replicas().saturating_mul(plan.tensor.max(1)).saturating_mul(plan.pipeline.max(1));
    Reason::new(code).with("cards", count(cards)).with("how", Fact::All(how))
}

/// What the recipe gives up to fit or to be fast.
fn compromises(found: &Found, question: &Question) -> Vec<Reason> {
    let recipe = &found.setup.recipe;
    let written = &question.recipe;
    let kind = found.setup.job.kind;
    let mut reasons = Vec::new();
    let full = kind.trains() && !kind.adapts();
    if found.setup.trains() && written.precision.is_none() {
        match recipe.precision {
            // Programs that compute in FP32 on every card say nothing about this one.
            Precision::Fp32 if !found.setup.rig.card.features().bf16 && !found.setup.model.category.trains_one_way() => {
                reasons.push(Reason::new(ReasonCode::NoBf16Fp32));
            }
            Precision::Fp16Autocast => reasons.push(Reason::new(ReasonCode::NoBf16Fp16)),
            Precision::Bf16Pure if kind == JobKind::Pretrain => reasons.push(Reason::new(ReasonCode::PureBf16Scratch)),
            Precision::Bf16Pure if full => reasons.push(Reason::new(ReasonCode::PureBf16)),
            _ => {}
        }
    }
    if full && written.optimizer.is_none() && recipe.optimizer != Optimizer::Adamw {
        let name = Fact::Name(recipe.optimizer.name().to_owned());
        let code = if fits_with(found, |recipe| {
            (recipe.optimizer, recipe.optimizer_kernel) = (Optimizer::Adamw, OptimizerKernel::Fused)
        }) {
            ReasonCode::QuickOptimizer
        } else {
            ReasonCode::SmallOptimizer
        };
        reasons.push(Reason::new(code).with("optimizer", name));
    }
    if full && written.optimizer_kernel.is_none() && recipe.optimizer_kernel == OptimizerKernel::InBackward {
        reasons.push(Reason::new(ReasonCode::InBackward));
    }
    let adapters = written.lora.as_ref();
    if found.setup.adapters_only() && adapters.is_none_or(|lora| lora.rank.is_none()) {
        let rank = Fact::Count(recipe.lora.rank);
        reasons.push(
            Reason::new(if recipe.lora.rank < 16 { ReasonCode::SmallRank } else { ReasonCode::RankAssumed }).with("rank", rank),
        );
    }
    if written.weights.is_none() && found.setup.adapters_only() && recipe.weights == WeightFormat::Fp8 {
        reasons.push(Reason::new(ReasonCode::FrozenInFp8));
    }
    if written.weights.is_none() && is_narrowed(&found.setup) {
        let code = if recipe.weights.storage().block_bits < 8.0 { ReasonCode::Quantised } else { ReasonCode::EightBits };
        reasons.push(Reason::new(code).with("format", Fact::Name(format_name(recipe.weights))));
    }
    if kind == JobKind::Inference && written.kv_cache.is_none() && recipe.kv_cache != CacheFormat::Fp16 {
        let code = if fits_with(found, |recipe| recipe.kv_cache = CacheFormat::Fp16) {
            ReasonCode::QuickCache
        } else {
            ReasonCode::SmallCache
        };
        reasons.push(Reason::new(code).with("format", Fact::Name(recipe.kv_cache.name().to_ascii_uppercase())));
    }
    if written.vae_tiling.is_none() && found.setup.tiles().is_some() {
        reasons.push(Reason::new(ReasonCode::VaeTiling));
    }
    if found.setup.trains() && written.checkpointing.is_none() && recipe.checkpointing != Checkpointing::None {
        reasons.push(match recipe.checkpointing {
            Checkpointing::Host => Reason::new(ReasonCode::CheckpointingHost).with("host", Fact::Memory(found.figures.memory.host)),
            _ => Reason::new(ReasonCode::Checkpointing),
        });
    }
    reasons.extend(batch(found, question));
    reasons
}

/// The sequences of a step, where they are not those that were asked for or, if none were, that are usual.
fn batch(found: &Found, question: &Question) -> Option<Reason> {
    let (usual, own) = (batch_of(question, found.setup.job.kind)?, found.setup.job.global_batch);
    let code = |code| Reason::new(code).with("batch", Fact::Count(own));
    match own.cmp(&usual) {
        Ordering::Less => Some(code(ReasonCode::SmallBatch).with("usual", Fact::Count(usual))),
        Ordering::Equal => None,
        Ordering::Greater => Some(code(ReasonCode::BatchRounded)),
    }
}

/// Whether the recipe would fit as surely with a change: then it was not for memory that it is otherwise.
fn fits_with(found: &Found, change: impl FnOnce(&mut Recipe)) -> bool {
    let mut setup = found.setup.clone();
    change(&mut setup.recipe);
    memory(&setup).verdict <= found.figures.memory.verdict
}

fn batch_of(question: &Question, kind: JobKind) -> Option<u64> {
    question.jobs.iter().find(|job| job.kind == kind && kind.trains()).map(|job| job.global_batch)
}

fn format_name(format: WeightFormat) -> String {
    format.name().to_ascii_uppercase()
}

/// The reason of a failed search, and the least memory where that is it.
pub(super) fn refusal(failure: Failure, limits: &Limits) -> (Reason, Option<Box<Memory>>) {
    match failure {
        Failure::TooLarge(memory, offloaded) => {
            let reason = Reason::new(if offloaded.is_some() { ReasonCode::TooSlowOffloaded } else { ReasonCode::TooLarge });
            let reason = reason.with("needs", Fact::Memory(memory.total)).with("has", Fact::Memory(memory.capacity));
            let reason = match offloaded {
                Some(time) => reason.with("takes", Fact::Time(time)),
                None => reason,
            };
            (reason, Some(memory))
        }
        Failure::NoMainMemory(memory, host, there) => {
            // What stays there while the job runs has the room; what passes through while it is loaded has not.
            let loading = memory.total <= memory.capacity && memory.host <= there;
            let reason = Reason::new(if loading { ReasonCode::NoRoomToLoad } else { ReasonCode::TooLittleMainMemory });
            let reason = reason.with("needs", Fact::Memory(memory.total)).with("has", Fact::Memory(memory.capacity));
            (reason.with("host", Fact::Memory(host)).with("there", Fact::Memory(there)), Some(memory))
        }
        Failure::NoRoomToShare(memory, loading) => {
            let reason = Reason::new(ReasonCode::NoRoomToShare).with("needs", Fact::Memory(loading));
            (reason.with("has", Fact::Memory(memory.capacity)), Some(memory))
        }
        Failure::TooSlow(time) => {
            let limit = limits.deadline.unwrap_or(Seconds::ZERO);
            (Reason::new(ReasonCode::TooSlow).with("takes", Fact::Time(time)).with("limit", Fact::Time(limit)), None)
        }
        Failure::TooDear(cost) => {
            let limit = limits.job_budget.unwrap_or(cost);
            (Reason::new(ReasonCode::TooDear).with("costs", Fact::Money(cost)).with("limit", Fact::Money(limit)), None)
        }
        Failure::Cannot(obstacle) => (Reason::new(obstacle_code(obstacle)), None),
        Failure::Unsuited(error) => (Reason::new(ReasonCode::Unsuited).with("given", Fact::Name(error.given.clone())), None),
    }
}

const fn obstacle_code(obstacle: Obstacle) -> ReasonCode {
    match obstacle {
        Obstacle::Bf16 => ReasonCode::CannotBf16,
        Obstacle::Tf32 => ReasonCode::CannotTf32,
        Obstacle::Fp8 => ReasonCode::CannotFp8,
        Obstacle::FlashAttention => ReasonCode::CannotFlashAttention,
        Obstacle::Nf4 => ReasonCode::CannotNf4,
        Obstacle::Int8 => ReasonCode::CannotInt8,
        Obstacle::Format => ReasonCode::CannotFormat,
    }
}

fn over(high: Bytes, capacity: Bytes) -> Bytes {
    (high - capacity).max(Bytes::ZERO)
}
