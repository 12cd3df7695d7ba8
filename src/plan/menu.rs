//! What is left to choose on a card: the settings that change the result of a job or need special software.
//!
//! Settings that only trade memory for time are in [`super::cell`] (micro-batch, checkpointing, loss kernel) and [`super::spread`] (sharding).

use super::serving::{is_large_denoiser, serving};
use crate::card::Features;
use crate::estimate::has_room_to_load;
pub(super) use crate::request::Obstacle;
use crate::request::{
    AttentionKernel, CacheFormat, JobKind, Offload, Optimizer, OptimizerKernel, Precision, Recipe, RecipeRequest, Setup, Stack,
    VaeTiling, WeightFormat,
};
use crate::request::{defaults, lacking, obstacles, resolve};

/// How far a recipe leaves the ordinary. A later rung is tried only when nothing on an earlier one fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rung {
    /// What tutorials use.
    Ordinary,
    /// Paged or in-backward optimizer steps, special kernels, a quantised cache: works on the card alone, asks for more care.
    Stretched,
    /// Adapters of a smaller rank than usual, other software than usual, another batch than was asked for.
    Spared,
    /// Weights below the quality that people expect of four bits, tried only where nothing wider may fit; or trained from nothing without an
    /// FP32 copy, only where none with one in main memory ends as soon.
    Squeezed,
    /// Part of the model or its optimizer lives in host memory.
    Offloaded,
}

/// One way to fill in the settings that change the result.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Variant {
    pub rung: Rung,
    /// How much of the result's quality is given up, as a count of compromises; zero is the reference recipe.
    pub level: u8,
    pub precision: Precision,
    pub attention: AttentionKernel,
    pub optimizer: Optimizer,
    pub optimizer_kernel: OptimizerKernel,
    pub weights: WeightFormat,
    pub stack: Stack,
    pub kv_cache: CacheFormat,
    pub vae_tiling: VaeTiling,
    pub offload: Offload,
    /// Rank of adapters.
    pub rank: u64,
}

impl Variant {
    /// The variant a recipe already is.
    const fn of(recipe: &Recipe) -> Self {
        Self {
            rung: Rung::Ordinary,
            level: 0,
            precision: recipe.precision,
            attention: recipe.attention,
            optimizer: recipe.optimizer,
            optimizer_kernel: recipe.optimizer_kernel,
            weights: recipe.weights,
            stack: recipe.stack,
            kv_cache: recipe.kv_cache,
            vae_tiling: recipe.vae_tiling,
            offload: recipe.offload,
            rank: recipe.lora.rank,
        }
    }

    /// Writes the settings into a recipe.
    pub(super) const fn apply(&self, recipe: &mut Recipe) {
        recipe.precision = self.precision;
        recipe.attention = self.attention;
        recipe.optimizer = self.optimizer;
        recipe.optimizer_kernel = self.optimizer_kernel;
        recipe.weights = self.weights;
        recipe.stack = self.stack;
        recipe.kv_cache = self.kv_cache;
        recipe.vae_tiling = self.vae_tiling;
        recipe.offload = self.offload;
        recipe.lora.rank = self.rank;
    }

    pub(super) const fn rung(mut self, rung: Rung) -> Self {
        self.rung = rung;
        self
    }

    pub(super) const fn level(mut self, level: u8) -> Self {
        self.level = level;
        self
    }

    pub(super) const fn precision(mut self, precision: Precision) -> Self {
        self.precision = precision;
        self
    }

    const fn optimizer(mut self, optimizer: Optimizer) -> Self {
        self.optimizer = optimizer;
        self
    }

    const fn in_backward(mut self) -> Self {
        self.optimizer_kernel = OptimizerKernel::InBackward;
        self
    }

    pub(super) const fn weights(mut self, weights: WeightFormat, stack: Stack) -> Self {
        self.weights = weights;
        self.stack = stack;
        self
    }

    const fn rank(mut self, rank: u64) -> Self {
        self.rank = rank;
        self
    }

    const fn stack(mut self, stack: Stack) -> Self {
        self.stack = stack;
        self
    }

    pub(super) const fn cache(mut self, kv_cache: CacheFormat) -> Self {
        self.kv_cache = kv_cache;
        self
    }

    pub(super) const fn tiles(mut self) -> Self {
        self.vae_tiling = VaeTiling::Tiles;
        self
    }

    pub(super) const fn offload(mut self, offload: Offload) -> Self {
        self.offload = offload;
        self
    }
}

/// Everything worth trying on the setup's card, ordinary before stretched, less compromise before more; `written` is what the
/// visitor fixed, and may be more than the card can do.
pub(super) fn menu(setup: &Setup, written: &RecipeRequest) -> Result<Vec<Variant>, Obstacle> {
    let can = setup.rig.card.features();
    let base = Variant::of(&setup.recipe);
    let mut variants = match setup.job.kind {
        JobKind::Pretrain | JobKind::FullFinetune => full_training(&base, setup, can),
        JobKind::Lora => adapters(&base, setup, &frozen(&base, setup)),
        JobKind::Qlora => adapters(&base, setup, &[WeightFormat::Nf4, WeightFormat::Nf4Double]),
        JobKind::Inference => serving(&base, setup, written),
    };
    for variant in &mut variants {
        fix(variant, written, setup);
        if written.lora.as_ref().is_some_and(|lora| lora.rank.is_some() || lora.targets.is_some()) {
            variant.rank = base.rank;
        }
    }
    variants.sort_by_key(|variant| (variant.rung, variant.level));
    let mut menu: Vec<Variant> = Vec::with_capacity(variants.len());
    let (mut recipe, mut obstacle) = (setup.recipe.clone(), None);
    for variant in variants {
        variant.apply(&mut recipe);
        if let Some(lack) = lacking(&recipe, setup.stores_weights(), &setup.rig.card).next() {
            obstacle = obstacle.or(Some(lack));
            continue;
        }
        let known = menu.iter().any(|other| Variant { rung: variant.rung, level: variant.level, ..other.clone() } == variant);
        if !known {
            menu.push(variant);
        }
    }
    // Of software that is asked for and does not run the weights on this card there is no variant.
    if menu.is_empty() { Err(obstacle.unwrap_or(Obstacle::Format)) } else { Ok(menu) }
}

/// Whether the cards of a setup do what its recipe asks of them, and some software does it.
pub(super) fn is_able(setup: &Setup) -> bool {
    obstacles(setup).next().is_none() && has_room_to_load(setup) && setup.can_be_asked()
}

/// Puts what the visitor fixed over what the menu chose.
fn fix(variant: &mut Variant, written: &RecipeRequest, setup: &Setup) {
    variant.precision = written.precision.unwrap_or(variant.precision);
    variant.optimizer = written.optimizer.unwrap_or(variant.optimizer);
    variant.optimizer_kernel = written.optimizer_kernel.unwrap_or(variant.optimizer_kernel);
    variant.weights = written.weights.unwrap_or(variant.weights);
    variant.stack = written.stack.unwrap_or(variant.stack);
    let training = setup.trains().then_some(variant.stack);
    let usual = || defaults::attention(&setup.model, &setup.rig.card, variant.precision, training);
    variant.attention = written.attention.unwrap_or_else(usual);
    variant.kv_cache = written.kv_cache.unwrap_or(variant.kv_cache);
    variant.vae_tiling = written.vae_tiling.unwrap_or(variant.vae_tiling);
    variant.offload = written.offload.unwrap_or(variant.offload);
}

/// Training every weight: number format and optimizer, then what makes the optimizer smaller still.
///
/// From nothing, weights keep an FP32 copy wherever anything has room for one: BF16 has eight significant bits, so an update below about a
/// 256th of a weight is rounded away, and AdamW stalls far from where it would end (arXiv 2010.06192; torchao's guide to low-bit optimizers,
/// PR 1124; pytorch/torchtune issue 2254). Tuning starts where large updates are over and nobody waits for small ones as long.
fn full_training(base: &Variant, setup: &Setup, can: Features) -> Vec<Variant> {
    use Optimizer::{Adamw, Adamw8bit, PagedAdamw8bit};
    use Rung::{Offloaded, Squeezed, Stretched};
    let plain = |precision| base.clone().precision(precision);
    let scratch = can.bf16 && setup.job.kind == JobKind::Pretrain;
    let reduced = |variant: Variant| if scratch { variant.rung(Squeezed) } else { variant };
    if setup.model.category.trains_one_way() {
        return vec![plain(Precision::Fp32).optimizer(Adamw)];
    }
    let (best, lean): (&[Precision], Precision) = if can.bf16 {
        (&[Precision::Bf16Autocast], Precision::Bf16Pure)
    } else if can.tensor_cores || can.fast_fp16 {
        (&[Precision::Fp16Autocast, Precision::Fp32], Precision::Fp16Autocast)
    } else {
        (&[Precision::Fp32], Precision::Fp32)
    };
    let mut variants = Vec::with_capacity(16);
    for &precision in best {
        variants.push(plain(precision).optimizer(Adamw));
        variants.push(plain(precision).optimizer(Adamw8bit).level(1));
        variants.push(plain(precision).optimizer(PagedAdamw8bit).level(2).rung(Stretched));
    }
    let pure = u8::from(can.bf16);
    variants.push(reduced(plain(lean).optimizer(Adamw).level(pure)));
    variants.push(reduced(plain(lean).optimizer(Adamw8bit).level(pure.saturating_add(1))));
    variants.push(reduced(plain(lean).optimizer(PagedAdamw8bit).level(pure.saturating_add(2)).rung(Stretched)));
    if can.bf16 && setup.rig.count == 1 {
        // Loss scaling needs all gradients before the step, so only formats that do without it can step during the backward pass; and
        // LLaMA-Factory does so on one card. torchtune steps shards of FSDP, too, but not with bitsandbytes' optimizers (pytorch/torchtune
        // issue 1856), whose paged states are what makes room: on several cards of a rig one of them does as well.
        variants.push(reduced(plain(lean).optimizer(Adamw8bit).in_backward().level(2).rung(Stretched)));
        variants.push(reduced(plain(lean).optimizer(PagedAdamw8bit).in_backward().level(3).rung(Stretched)));
    }
    // Software of laboratories: it cuts layers and stages over the cards, for language models from Ampere on.
    let language = setup.model.category.is_language_model();
    if setup.rig.count > 1 && language && can.bf16 {
        variants.push(plain(Precision::Bf16Master).optimizer(Adamw).stack(Stack::Megatron).rung(Stretched));
    }
    // Main memory has room for the FP32 copy, which DeepSpeed keeps there beside the states.
    let (kept, given_up) = if scratch { (Precision::Bf16Master, 0) } else { (lean, pure) };
    for offload in [Offload::Optimizer, Offload::OptimizerAndWeights] {
        variants.push(plain(kept).optimizer(Adamw).offload(offload).level(given_up).rung(Offloaded));
    }
    variants
}

/// The smallest rank that tunes a language model as well as larger ones: with adapters on every linear layer QLoRA found no difference between ranks
/// from 8 to 256 (arXiv 2305.14314, appendix A.2).
const SMALL_RANK: u64 = 8;

/// Whether Unsloth trains the adapters of a setup: it patches language models with kernels in Triton, on one card.
pub(super) fn suits_unsloth(setup: &Setup) -> bool {
    let triton = setup.rig.card.features().triton;
    setup.job.kind.adapts() && setup.model.category.is_language_model() && setup.rig.count == 1 && triton
}

/// How weights are frozen that are not quantised: as they are, and those of large transformers that make images or clips in FP8 as well. kohya's
/// sd-scripts does so for cards of 24 GB (`--fp8_base`; without it FLUX.1 takes more than 26, kohya-ss/misc-models), as fast: 7.99 seconds a
/// step against 7.83 on an RTX A6000 (kohya-ss/sd-scripts pull request 1374); ai-toolkit quantises them to eight bits likewise.
fn frozen(base: &Variant, setup: &Setup) -> Vec<WeightFormat> {
    let eight = is_large_denoiser(&setup.model) && setup.rig.card.features().current_pytorch;
    [base.weights].into_iter().chain(eight.then_some(WeightFormat::Fp8)).collect()
}

/// Training adapters: the optimizer is small, so only the storage of the frozen weights and the software are open.
fn adapters(base: &Variant, setup: &Setup, formats: &[WeightFormat]) -> Vec<Variant> {
    let can = setup.rig.card.features();
    let precisions: &[Precision] = if can.bf16 { &[Precision::Bf16Autocast] } else { &[Precision::Fp16Autocast, Precision::Fp32] };
    let language = setup.model.category.is_language_model();
    let unsloth = suits_unsloth(setup);
    let mut variants = Vec::with_capacity(8);
    for &precision in precisions {
        for (level, &format) in (0u8..).zip(formats) {
            let plain = base.clone().precision(precision).level(level);
            if unsloth {
                variants.push(plain.clone().weights(format, Stack::Unsloth).rung(Rung::Stretched));
            }
            if language && base.rank > SMALL_RANK {
                let small = plain.clone().rank(SMALL_RANK).rung(Rung::Spared);
                if unsloth {
                    variants.push(small.clone().weights(format, Stack::Unsloth));
                }
                variants.push(small.weights(format, base.stack));
            }
            // Fully sharded training can keep frozen weights in host memory too (FSDP-QLoRA trained a 70B model so on two 24 GB cards).
            if format != WeightFormat::Fp8 && resolve::offloads_weights(format, setup.rig.count) {
                let offloaded = plain.clone().weights(format, base.stack).offload(Offload::OptimizerAndWeights);
                variants.push(offloaded.rung(Rung::Offloaded));
            }
            variants.push(plain.weights(format, base.stack));
        }
    }
    variants
}
