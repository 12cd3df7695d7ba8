//! What is left to choose for running a model: formats of its weights, each with the software that reads it on the card.

use super::menu::{Rung, Variant};
use crate::card::Features;
use crate::model::{Category, Model, Network};
use crate::request::{CacheFormat, Offload, Precision, RecipeRequest, Setup, Stack, WeightFormat, layout, runs};

/// The level of IQ4_XS. Q4_K_M is the least that is taken by choice: it adds 0.18 to a perplexity of six (Llama 3 8B), and what is smaller
/// soon adds more, Q4_K_S 0.27 and Q3_K_M 0.66 (`llama-quantize` prints the table). So IQ4_XS is tried only where Q4_K_M does not even
/// fit by the typical estimate, and below it a smaller model is the better choice.
const TIGHTEST: u8 = 4;

/// Parameters below which nobody quantises a network that writes no text.
const WORTH_QUANTISING: u64 = 1_000_000_000;

/// Every format that the software runs on this card, with the software.
pub(super) fn serving(base: &Variant, setup: &Setup, written: &RecipeRequest) -> Vec<Variant> {
    if !setup.model.category.is_language_model() {
        return networks(base, setup);
    }
    let can = setup.rig.card.features();
    // From a few requests at once a server with continuous batching is what people run.
    let many = setup.job.concurrency >= 4 && can.vllm;
    let stack = written.stack.or(many.then_some(Stack::Vllm));
    let formats = match written.weights {
        Some(format) => vec![(0, format)],
        None => choices(&setup.model, base.weights, stack, can),
    };
    let mut variants = Vec::with_capacity(24);
    for (level, format) in formats {
        for runs_on in engines(format, written.stack, many, (base, setup)) {
            let plain = base.clone().weights(format, runs_on).level(level);
            // With layers in main memory every token waits for their weights, so there the least of the usual formats counts.
            let least = format == WeightFormat::Q4KM || format.is_of_experts() || written.weights.is_some();
            push(&mut variants, plain, (runs_on == Stack::LlamaCpp && least).then_some(setup.model.expert_layers() > 0), can);
        }
    }
    if many && written.stack.is_none() && written.weights.is_none() {
        fall_back(&mut variants, base, setup);
    }
    if can.vllm && !many && written.stack.is_none() && written.weights.is_none() {
        slice(&mut variants, base, setup);
    }
    variants
}

/// Several cards answer one request sooner where they share every layer: vLLM cuts layers so, llama.cpp by itself has them in stages.
fn slice(variants: &mut Vec<Variant>, base: &Variant, setup: &Setup) {
    let count = setup.rig.count;
    if !(2..=count).any(|slices| count.is_multiple_of(slices) && layout::divides_heads(&setup.model, u64::from(slices))) {
        return;
    }
    let can = setup.rig.card.features();
    let mut sliced = Vec::with_capacity(8);
    for (level, format) in choices(&setup.model, base.weights, Some(Stack::Vllm), can) {
        if runs(format, Stack::Vllm, &setup.rig.card) {
            push(&mut sliced, base.clone().weights(format, Stack::Vllm).level(level), None, can);
        }
    }
    variants.extend(sliced.into_iter().map(|variant| variant.rung(Rung::Stretched)));
}

/// Where no server with continuous batching has room, llama.cpp answers several requests at once too, slower and in smaller formats.
fn fall_back(variants: &mut Vec<Variant>, base: &Variant, setup: &Setup) {
    let can = setup.rig.card.features();
    let files = choices(&setup.model, base.weights, Some(Stack::LlamaCpp), can);
    let mut smaller = Vec::with_capacity(16);
    for (level, format) in files.into_iter().filter(|(_, format)| format.is_gguf()) {
        let plain = base.clone().weights(format, Stack::LlamaCpp).level(level);
        push(&mut smaller, plain, (format == WeightFormat::Q4KM).then_some(setup.model.expert_layers() > 0), can);
    }
    let spared = |variant: Variant| Variant { rung: variant.rung.max(Rung::Spared), ..variant };
    variants.extend(smaller.into_iter().map(spared));
}

/// The formats a model may be stored in, none below four bits: those of the software; of a model released in fewer bits than 16 its own,
/// and what is smaller still.
pub(super) fn choices(model: &Model, wide: WeightFormat, stack: Option<Stack>, can: Features) -> Vec<(u8, WeightFormat)> {
    let usual = formats(wide, stack, can).into_iter().filter(|(level, _)| *level <= TIGHTEST);
    let Some(released) = model.released_weights.filter(|own| reads(stack, *own, can)) else { return usual.collect() };
    let own = [(0, released)].into_iter().filter(|_| released != WeightFormat::Fp8 || can.fp8);
    own.chain(usual.filter(|(_, format)| gains(*format, released))).collect()
}

/// Whether software can be had for the format a model is released in. Of NVFP4 the same model comes in other formats, for other software
/// and older cards.
fn reads(stack: Option<Stack>, own: WeightFormat, can: Features) -> bool {
    own != WeightFormat::Nvfp4
        || match stack {
            None | Some(Stack::Vllm) => can.marlin,
            Some(Stack::TensorRt) => can.fp4,
            Some(_) => false,
        }
}

/// A format as it is, with a smaller cache, and with layers in main memory where it `spills`; of a model with experts those first, for
/// a token needs few of them. What leaves the card waits for every token, so the least of the usual formats and what is less come with
/// the smallest cache first.
fn push(variants: &mut Vec<Variant>, plain: Variant, spills: Option<bool>, can: Features) {
    let tightest = plain.level >= TIGHTEST;
    let usual = |rung: Rung| if tightest { Rung::Squeezed } else { rung };
    let cached = |format, given_up| plain.clone().cache(format).level(plain.level.saturating_add(given_up));
    variants.push(cached(eight_bits(plain.stack, can), 1).rung(usual(Rung::Stretched)));
    if tightest || spills.is_some() {
        variants.push(cached(CacheFormat::Q4, 2).rung(Rung::Squeezed));
    }
    if let Some(has_experts) = spills {
        if has_experts {
            variants.push(plain.clone().offload(Offload::Experts(0)).rung(Rung::Offloaded));
        }
        variants.push(plain.clone().offload(Offload::Layers(0)).rung(Rung::Offloaded));
    }
    let rung = usual(plain.rung);
    variants.push(plain.rung(rung));
}

/// The cache of eight bits that software has on a card: FP8 where servers have kernels that multiply it, else integers, which hold twice as much
/// but are read more slowly than 16 bits.
pub(super) const fn eight_bits(stack: Stack, can: Features) -> CacheFormat {
    match stack {
        Stack::Vllm | Stack::TensorRt if can.fp8 => CacheFormat::Fp8,
        _ => CacheFormat::Int8,
    }
}

/// Whether a format is smaller than the one a model is released in, or about as small for other software: GGUF files of eight bits
/// beside FP8. What is wider holds nothing more, and four bits are as few as answers bear.
fn gains(format: WeightFormat, released: WeightFormat) -> bool {
    format != released && format.block_bytes() <= 1.1 * released.block_bytes() && released.block_bytes() > FOUR_BITS
}

/// Bytes of a weight in the widest format of four bits.
const FOUR_BITS: f64 = WeightFormat::Q4KM.block_bytes();

/// The software that runs a format on the card of a setup. The kernels of transformers for experts of four bits are the slowest of the
/// three, and taken where they are asked for.
fn engines(format: WeightFormat, asked: Option<Stack>, many: bool, (base, setup): (&Variant, &Setup)) -> Vec<Stack> {
    use WeightFormat::{Awq4, Bf16, Fp8, Fp16, Gptq4, Gptq8, Nvfp4};
    match (asked, format) {
        (Some(Stack::LlamaCpp | Stack::Vllm | Stack::TensorRt | Stack::Exllama), _) => asked.into_iter().collect(),
        (Some(stack), _) if format.is_of_experts() => runs(format, stack, &setup.rig.card).then_some(stack).into_iter().collect(),
        (Some(stack), _) => vec![stack],
        (None, _) if format.is_of_experts() && runs(format, Stack::Vllm, &setup.rig.card) => vec![Stack::LlamaCpp, Stack::Vllm],
        (None, _) if format.is_of_experts() => vec![Stack::LlamaCpp],
        (None, format) if format.is_gguf() => vec![Stack::LlamaCpp],
        (None, Nvfp4) => vec![Stack::Vllm],
        (None, Fp8 | Gptq8 | Gptq4 | Awq4) if setup.rig.card.features().vllm => vec![Stack::Vllm],
        (None, Fp16 | Bf16) if many => vec![Stack::Vllm],
        (None, _) => vec![base.stack],
    }
}

/// Whether a network that writes no text is a transformer that anybody stores in fewer bits.
const fn is_large(model: &Model) -> bool {
    matches!(model.network, Network::Transformer(_)) && model.parameters >= WORTH_QUANTISING
}

/// Whether it makes images or clips, too: such weights may be kept in FP8.
pub(super) fn is_large_denoiser(model: &Model) -> bool {
    is_large(model) && model.category == Category::Diffusion
}

/// Networks that write no text: as they are, and large transformers with smaller weights. diffusers keeps FP8 weights for storage on
/// any card that PyTorch runs on (layerwise casting), and has LLM.int8 and NF4 of bitsandbytes where that runs.
fn networks(base: &Variant, setup: &Setup) -> Vec<Variant> {
    let can = setup.rig.card.features();
    let mut variants = vec![base.clone()];
    if !can.bf16 && !can.fast_fp16 {
        variants.push(base.clone().precision(Precision::Fp32));
    }
    if is_large(&setup.model) {
        let mut quantised = |format, level| variants.push(base.clone().weights(format, base.stack).level(level));
        if can.current_pytorch && is_large_denoiser(&setup.model) {
            quantised(WeightFormat::Fp8, 0);
        }
        if can.llm_int8 {
            quantised(WeightFormat::Int8, 0);
        }
        if can.nf4 {
            quantised(WeightFormat::Nf4, 3);
        }
    }
    // Where the last step takes the most, its image is decoded in tiles.
    if setup.decodes_images() {
        let tiles: Vec<Variant> = variants.iter().map(|plain| plain.clone().tiles().rung(Rung::Stretched)).collect();
        variants.extend(tiles);
    }
    // Where not all networks of a pipeline fit at once, they take turns.
    if setup.model.has_companions() {
        let turns = |plain: &Variant| plain.clone().offload(Offload::Companions).rung(Rung::Offloaded);
        let in_turns: Vec<Variant> = variants.iter().map(turns).collect();
        variants.extend(in_turns);
    }
    variants
}

/// The formats that a software stores weights in on such a card, widest first, each with its level: 16 and 8 bits, then 6, 5, 4.
///
/// Eight bits answer as 16 do: Q8_0 leaves perplexity where it was (llama.cpp's tables), FP8 loses nothing and INT8 one to three
/// percent on benchmarks (arXiv 2411.02355). So they are no compromise, and the faster of the two is taken.
fn formats(wide: WeightFormat, stack: Option<Stack>, can: Features) -> Vec<(u8, WeightFormat)> {
    use WeightFormat::{Awq4, Fp8, Fp16, Gptq4, Gptq8, Int8, Iq4Xs, Nf4, Q4KM, Q5KM, Q6K, Q8_0};
    let gguf = |wide| vec![(0, wide), (0, Q8_0), (1, Q6K), (2, Q5KM), (3, Q4KM), (TIGHTEST, Iq4Xs)];
    match stack {
        None => gguf(wide),
        Some(Stack::LlamaCpp) => gguf(Fp16),
        Some(Stack::Vllm | Stack::TensorRt) => vec![(0, wide), (0, if can.fp8 { Fp8 } else { Gptq8 }), (3, Awq4)],
        Some(Stack::Exllama) => vec![(0, wide), (0, Gptq8), (3, Gptq4)],
        Some(_) if can.llm_int8 => vec![(0, wide), (0, Int8), (3, Nf4)],
        Some(_) if can.nf4 => vec![(0, wide), (3, Nf4)],
        Some(_) => vec![(0, wide)],
    }
}
