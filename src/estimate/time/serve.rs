//! Inference of transformers: reading the prompt and generating.

use super::cache;
use super::calibration::{Links, Serving, ServingProfile, TimeCalibration};
use super::class::CardClass;
use super::device::Device;
use super::exchange::{FORWARD, expert_parallel};
use super::links::Link;
use super::parts::Parts;
use super::pass::Pass;
use crate::estimate::ArithmeticPath;
use crate::request::{AttentionKernel, CacheFormat, Offload, Setup, Stack, StorageKind, WeightFormat};
use crate::units::{Bytes, Flops, Seconds, real};

/// The family of inference software.
pub(super) const fn profile(table: &Serving, stack: Stack) -> &ServingProfile {
    match stack {
        Stack::LlamaCpp => &table.llama_cpp,
        Stack::Vllm | Stack::TensorRt => &table.graphs,
        Stack::Exllama => &table.exllama,
        _ => &table.eager,
    }
}

/// CUDA-core operations that unpack one weight: mostly integer ones, for which cards before Volta have no units of their own.
fn unpack_operations(table: &Serving, format: WeightFormat, class: CardClass) -> f64 {
    let storage = format.storage();
    let shared = if class == CardClass::Pascal { table.unpack_pascal.get() } else { 1.0 };
    let operations = match storage.kind {
        StorageKind::Plain => 0.0,
        _ if storage.block_bits >= 8.0 => table.unpack_8bit.get(),
        _ if storage.block_bits >= 3.5 => table.unpack_4bit.get(),
        _ => table.unpack_1bit.get(),
    };
    operations * shared
}

/// What a pass reads of the weights of blocks: routed experts, which a format may store and a plan may place apart, and the rest.
#[derive(Clone, Copy)]
struct Read {
    others: f64,
    experts: f64,
}

impl Read {
    /// All that a pass reads.
    const fn by(pass: &Pass) -> Self {
        Self { others: pass.weights - pass.experts, experts: pass.experts }
    }

    /// The part that stays in host memory.
    fn hosted(self, setup: &Setup, layers: f64) -> Self {
        let (others, experts) = match setup.recipe.offload {
            Offload::Layers(count) => (Offload::part(count, layers), Offload::part(count, layers)),
            Offload::Experts(count) => (0.0, Offload::part(count, real(setup.model.expert_layers()))),
            Offload::OptimizerAndWeights => (1.0, 1.0),
            Offload::None | Offload::Optimizer | Offload::Companions => (0.0, 0.0),
        };
        Self { others: self.others * others, experts: self.experts * experts }
    }

    fn without(self, other: Self) -> Self {
        Self { others: self.others - other.others, experts: self.experts - other.experts }
    }

    fn values(self) -> f64 {
        self.others + self.experts
    }

    fn bytes(self, setup: &Setup) -> Bytes {
        let format = setup.recipe.weights;
        let storage = format.storage();
        let apart = storage.experts_only && setup.model.expert_layers() > 0;
        let left_alone = setup.recipe.stack.left_alone_bytes();
        let others = if apart { storage.beside_bits.map_or(left_alone, |bits| bits / 8.0) } else { format.block_bytes() };
        Bytes::new(self.others * others + self.experts * format.block_bytes())
    }
}

/// One pass over many tokens at once.
pub(super) fn prefill(table: &TimeCalibration, setup: &Setup, device: &Device, link: &Link, pass: &Pass, values: f64) -> Parts {
    let serving = &table.serving;
    let profile = profile(serving, setup.recipe.stack);
    let element = device.arithmetic.operand_bytes.max(2.0);
    let share = product_share(profile, device);
    let read = Read::by(pass);
    let moved = if setup.recipe.stack.runs_eagerly(setup.job.kind) { pass.eager } else { pass.fused };
    let traffic = moved.bytes(element, element) * profile.traffic.get();
    let unpacked = Flops::new(pass.weights * unpack_operations(serving, setup.recipe.weights, device.class));
    let head = device.product_time(
        pass.head,
        device.half_products * share,
        Bytes::new((pass.head_operands + pass.head_weights) * element),
    );
    // bitsandbytes; servers have 8-bit kernels that multiply at once.
    let mixed = setup.recipe.weights == WeightFormat::Int8 && setup.recipe.stack.runs_eagerly(setup.job.kind);
    let slowed = if mixed { serving.int8_products.get() } else { 1.0 };
    let linear =
        device.product_time(pass.linear, device.products * share, read.bytes(setup) + Bytes::new(pass.operands() * element));
    let mut parts = Parts {
        products: linear * slowed + head,
        attention: attention(table, profile, setup, device, pass),
        elementwise: traffic / device.bandwidth,
        unpacking: unpacked / device.scalar,
        launching: Seconds::new(profile.floor_seconds.get() * device.host) * pass.layers,
        overhead: Seconds::new(profile.layer_seconds.get() * device.clock) * pass.layers,
        ..Parts::default()
    };
    let weights = read.hosted(setup, pass.layers).bytes(setup);
    parts += from_host(&table.links, setup, link, pass, (weights, pass.fetched));
    parts.communication += expert_parallel(setup, link, pass, setup.expert_sharers(), FORWARD);
    spread(setup, link, parts, (pass.layers, values * element), Flow::of_prompts(setup, pass.tokens))
}

/// Weights in host memory are sent over the bus, once for all tokens of a pass of the software; what is too few tokens for that
/// llama.cpp computes where the weights are (`min_batch_size` of its CUDA backend). Accelerate's hooks do not pin memory. The cache of layers
/// there goes the same way: attention runs where the products around it do (`ggml_backend_sched_split_graph`).
fn from_host(table: &Links, setup: &Setup, link: &Link, pass: &Pass, (weights, cache): (Bytes, Bytes)) -> Parts {
    const WORTH_SENDING: f64 = 32.0;
    let stack = setup.recipe.stack;
    if stack == Stack::LlamaCpp && pass.tokens < WORTH_SENDING {
        // Replicas read main memory at the same time.
        let readers = f64::from(setup.recipe.parallel.data.max(1));
        let read = (weights + cache) * readers;
        // Asking for the rate may take asking for the memory.
        let hosted = if read > Bytes::ZERO { read / table.host_rate(setup) } else { Seconds::ZERO };
        return Parts { hosted, ..Parts::default() };
    }
    let passes = stack.tokens_at_once().map_or(1.0, |most| (pass.tokens / real(most)).ceil().max(1.0));
    let rate = if stack.runs_eagerly(setup.job.kind) { link.pageable } else { link.host };
    Parts { communication: weights / rate * passes + cache / rate, ..Parts::default() }
}

/// One token of every sequence of a batch; batches that are under way in other stages meanwhile take as long.
pub(super) fn decode(table: &TimeCalibration, setup: &Setup, device: &Device, link: &Link, pass: &Pass, values: f64) -> Parts {
    let serving = &table.serving;
    let profile = profile(serving, setup.recipe.stack);
    let element = device.arithmetic.operand_bytes.max(2.0);
    let format = setup.recipe.weights;
    let hosted = Read::by(pass).hosted(setup, pass.layers);
    let blocks = Read::by(pass).without(hosted);
    let reach = if device.hbm { profile.bandwidth_hbm.get() } else { profile.bandwidth.get() };
    let head = format.storage().head_bits.map_or(setup.recipe.stack.left_alone_bytes(), |bits| bits / 8.0);
    let read = (blocks.bytes(setup) + Bytes::new(head) * pass.head_weights) / (device.nominal_bandwidth * reach);
    let unpack = Flops::new(blocks.values() * unpack_operations(serving, format, device.class)) / device.scalar;
    let share = product_share(profile, device);
    let compute = pass.linear / (device.products * share) + pass.head / (device.half_products * share);
    let on_card = 1.0 - setup.hosted_cache(pass.layers);
    let cache =
        Bytes::new(cache::read(serving, setup, pass) * on_card) / (device.nominal_bandwidth * profile.cache_bandwidth.get());
    // Multiplying overlaps with reading; unpacking does not, each value being needed at once.
    let weights = Seconds::new((read + unpack).get().hypot(compute.get()));
    let mut parts = Parts {
        streaming: weights + cache,
        launching: Seconds::new(profile.floor_seconds.get() * launch_factor(serving, format) * device.host) * pass.layers,
        overhead: Seconds::new(profile.layer_seconds.get() * device.clock) * pass.layers
            + Seconds::new(profile.request_seconds.get()) * real(setup.requests_per_replica()),
        ..Parts::default()
    };
    parts += from_host(&table.links, setup, link, pass, (hosted.bytes(setup), cache::hosted(setup, pass)));
    parts.communication += expert_parallel(setup, link, pass, setup.expert_sharers(), FORWARD);
    spread(setup, link, parts, (pass.layers, values * element), Flow::of_tokens(setup))
}

/// The most of the time of a token that the format of the cache spares over 16 bits, on cards of any kind: nothing less than the weights
/// is read besides. Of a part in main memory it spares no more, of prompts neither, than it has fewer bytes.
pub(super) fn cache_spares(table: &Serving, setup: &Setup, pass: &Pass) -> f64 {
    let profile = profile(table, setup.recipe.stack);
    let wide = cache::wide(setup.recipe.stack, pass);
    let spared = (wide - cache::read(table, setup, pass)) / profile.cache_bandwidth.get();
    let weights = Read::by(pass).bytes(setup).get() / profile.bandwidth.get().max(profile.bandwidth_hbm.get());
    let on_card = if spared > 0.0 { spared / (wide / profile.cache_bandwidth.get() + weights) } else { 0.0 };
    let fewer = 1.0 - setup.recipe.kv_cache.value_bytes() / CacheFormat::Fp16.value_bytes();
    if setup.hosted_cache(pass.layers) > 0.0 { on_card.max(fewer) } else { on_card }
}

/// Products of prompts against large square ones.
pub(super) const fn product_share(profile: &ServingProfile, device: &Device) -> f64 {
    match device.arithmetic.path {
        ArithmeticPath::CudaCores | ArithmeticPath::Emulated => profile.products_cuda.get(),
        ArithmeticPath::TensorCores if device.hbm => profile.products_hbm.get(),
        ArithmeticPath::TensorCores => profile.products.get(),
    }
}

/// Launches of one layer with quantised weights over those with 16-bit weights: unpacking is a kernel of its own where kernels are
/// not fused.
fn launch_factor(table: &Serving, format: WeightFormat) -> f64 {
    use WeightFormat::*;
    match format {
        Nf4 | Nf4Double => table.launches_nf4.get(),
        Int8 => table.launches_int8.get(),
        Awq4 | Gptq4 | Gptq8 | Mxfp4 | Mxfp4Fp8 | Nvfp4 | Int4Experts | Fp8 => table.launches_quantised.get(),
        _ => 1.0,
    }
}

fn attention(table: &TimeCalibration, profile: &ServingProfile, setup: &Setup, device: &Device, pass: &Pass) -> Seconds {
    let training = &table.training;
    let class = training.class.of(device.class).get();
    let share = product_share(profile, device);
    match setup.recipe.attention {
        AttentionKernel::Eager | AttentionKernel::Math => {
            let element = device.arithmetic.operand_bytes.max(2.0);
            let scores = Bytes::new(pass.scores * element * training.score_passes.get());
            pass.attention / (device.half_products * share) + scores / device.bandwidth
        }
        AttentionKernel::MemoryEfficient => {
            pass.masked_attention / (device.half_products * (training.memory_efficient.get().min(profile.flash.get()) * class))
        }
        AttentionKernel::Flash => pass.masked_attention / (device.half_products * (profile.flash.get() * class)),
    }
}

/// How the stages of a pipeline go through a pass.
#[derive(Clone, Copy)]
struct Flow {
    /// What one stage does of it.
    own: f64,
    /// How long it lasts, over how long it would if a single batch went through the stages in turn.
    lasts: f64,
}

impl Flow {
    /// One token for every sequence: each batch under way goes through all stages meanwhile.
    fn of_tokens(setup: &Setup) -> Self {
        Self { own: real(setup.batches_under_way()) / stages(setup), lasts: 1.0 }
    }

    /// Prompts of so many tokens, read in pieces: where as many are under way as there are stages, these idle only until the first piece has come
    /// through.
    fn of_prompts(setup: &Setup, tokens: f64) -> Self {
        let (stages, under_way) = (stages(setup), real(setup.batches_under_way()));
        let pieces = setup.recipe.stack.tokens_at_once().map_or(1.0, |most| (tokens / real(most)).ceil()).max(under_way);
        Self { own: 1.0 / stages, lasts: 1.0 / under_way + (under_way - 1.0) / (stages * pieces) }
    }
}

fn stages(setup: &Setup) -> f64 {
    f64::from(setup.recipe.parallel.pipeline.max(1))
}

/// Work is divided among slices, which all-reduce the residual stream twice per layer; stages hand it on one after the other, the slices
/// of a stage a part of it each, which those of the next put together (`all_gather_group` of vLLM). Waits between kernels are
/// the same for every piece of a batch, so pieces do not shorten them.
fn spread(setup: &Setup, link: &Link, parts: Parts, (layers, bytes): (f64, f64), flow: Flow) -> Parts {
    let (cards, stages) = (setup.recipe.parallel.tensor.max(1), stages(setup));
    let among = link.among(cards);
    let (whole, handed) = if cards < 2 {
        (parts, link.hand_over(Bytes::new(bytes), stages - 1.0))
    } else {
        let parts_of_it = link.hand_over(Bytes::new(bytes / f64::from(cards)), stages - 1.0);
        (
            sliced(&among, parts, (cards, layers), bytes),
            parts_of_it + among.gather(Bytes::new(bytes * (stages - 1.0)), cards, stages - 1.0),
        )
    };
    let own = whole * flow.own;
    let lasts = (whole.total() - whole.overhead) * flow.lasts + whole.overhead;
    Parts { communication: own.communication + handed * flow.lasts, idle: lasts - own.total(), ..own }
}

/// What each of so many slices of every layer does: every card launches all kernels and waits between them.
fn sliced(link: &Link, parts: Parts, (cards, layers): (u32, f64), bytes: f64) -> Parts {
    let mut shared = Parts { overhead: parts.overhead, launching: parts.launching, ..parts.divided(f64::from(cards)) };
    shared.communication += link.all_reduce(Bytes::new(2.0 * layers * bytes), cards, 2.0 * layers);
    shared
}

/// Cards that share the work of one replica.
pub(super) fn cards_per_replica(setup: &Setup) -> f64 {
    let parallel = &setup.recipe.parallel;
    f64::from(parallel.tensor.max(1)) * f64::from(parallel.pipeline.max(1))
}
