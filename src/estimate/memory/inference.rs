//! Peak of inference: reading the prompt, or generating.

use super::cache::{layer_cache, stack_cache};
use super::companions;
use super::forward::{encoder_length, pixels};
use super::peak::Parts;
use super::run::{Pass, Run};
use super::weights::{StoredWeights, unpacked_output, visiting_experts};
use crate::model::{BlockStyle, FeedForward, LayerGroup, Mixer, Network, Opaque, Transformer};
use crate::request::{Offload, Stack};
use crate::units::real;

/// Peak of inference and what is on the host (per card).
pub(super) struct InferencePeak {
    /// Parts at the peak.
    pub parts: Parts,
    /// Bytes on the host.
    pub host: f64,
}

/// The larger of prefill and decode.
pub(super) fn inference(run: &Run, stored: &StoredWeights) -> InferencePeak {
    let weights = Parts { weights: stored.card.get(), ..Parts::default() };
    let mut host = stored.host.get();
    let parts = match &run.setup.model.network {
        Network::Transformer(stack) if generates(stack) || run.setup.model.speaks() => {
            let moved = run.setup.hosted_cache(run.inventory.layers);
            let phases = decoder(run, stack);
            host += moved * phases.cache_at_end;
            let mut peak = phases.prefill.or(phases.decode);
            peak.logits += unpacked_output(run);
            peak.cache *= 1.0 - moved;
            peak
        }
        Network::Transformer(stack) => encoder(run, stack),
        Network::EncoderDecoder { encoder: reader, decoder } => encoder_decoder(run, reader, decoder),
        Network::Opaque(network) => opaque(run, network),
    };
    let offload = run.setup.recipe.offload;
    let mut parts = match offload {
        Offload::Companions => companions::in_turns(run, parts, weights.weights),
        _ => parts.or(companions::decoding(run)) + weights,
    };
    parts.activations += pixels(run);
    match offload {
        Offload::OptimizerAndWeights => {
            host += parts.weights;
            parts.weights *= (2.0 / layers(run)).min(1.0);
        }
        Offload::Companions => host += weights.weights,
        _ => {}
    }
    InferencePeak { parts, host }
}

/// Layers that weights are fetched by: blocks, or those of a network without.
fn layers(run: &Run) -> f64 {
    match &run.setup.model.network {
        Network::Opaque(network) => real(network.layers),
        Network::Transformer(_) | Network::EncoderDecoder { .. } => run.inventory.layers,
    }
}

/// Decoders generate; encoders and vision models answer in one pass.
fn generates(stack: &Transformer) -> bool {
    stack.lm_head && stack.vocab > 0 && !matches!(stack.style, BlockStyle::Vit | BlockStyle::Wav2vec2 | BlockStyle::Dit)
}

struct Phases {
    prefill: Parts,
    decode: Parts,
    cache_at_end: f64,
}

/// Bytes of a decoder's phases.
fn decoder(run: &Run, stack: &Transformer) -> Phases {
    let job = &run.setup.job;
    let prompt = real(job.prompt) / run.split.context;
    let end = prompt + real(job.output);
    let stage = run.stage;
    let cached = |length: f64| stack_cache(run, stack, run.written, length, 0.0) * stage;
    let read = if run.setup.recipe.stack.allocates_ahead() { end } else { prompt };
    let grows = run.concatenates();
    let tokens_at_once = prefill_tokens(run.setup.recipe.stack, run.written * read);
    let pass = Pass { batch: tokens_at_once / read.max(1.0), length: read, memory: 0.0 };
    let (activations, logits) = prefill_working(run, stack, pass);
    let activations = activations + visiting_experts(run);
    // transformers trims windowed layers to a view after the prompt, which keeps all of it until the next token.
    let reading = if grows { whole_prompt(run, stack, prompt) * stage } else { cached(read) };
    let prefill = Parts { cache: reading, activations, logits, ..Parts::default() };
    // Growing caches are concatenated: one layer's keys (with a window, values too) exist twice for a moment.
    let copied = if grows {
        stack
            .layers
            .iter()
            .map(|group| {
                let windowed = matches!(group.mixer, Mixer::Attention { window: Some(_), .. });
                layer_cache(run, group, run.written, end, 0.0) * if windowed { 1.0 } else { 0.5 }
            })
            .fold(0.0, f64::max)
    } else {
        0.0
    };
    let step = Pass { batch: run.written, length: 1.0, memory: 0.0 };
    let (activations, logits) = prefill_working(run, stack, step);
    let decode = Parts { cache: cached(end), activations: activations + copied, logits, ..Parts::default() };
    Phases { prefill, decode, cache_at_end: cached(end) }
}

/// Bytes of the keys and values of a whole prompt, windows or not.
fn whole_prompt(run: &Run, stack: &Transformer, prompt: f64) -> f64 {
    let layer = |group: &LayerGroup| match group.mixer {
        Mixer::Attention { heads, kv_heads, head_dim, window: Some(_) } => {
            let unlimited = LayerGroup { mixer: Mixer::Attention { heads, kv_heads, head_dim, window: None }, ..group.clone() };
            layer_cache(run, &unlimited, run.written, prompt, 0.0)
        }
        _ => layer_cache(run, group, run.written, prompt, 0.0),
    };
    stack.layers.iter().map(|group| real(group.count) * layer(group)).sum()
}

/// Prompt tokens worked on at once: engines split prompts.
fn prefill_tokens(stack: Stack, tokens: f64) -> f64 {
    stack.tokens_at_once().map_or(tokens, |most| tokens.min(real(most)))
}

/// Live activations and logits of a forward pass without gradients: the largest of feed-forward, attention and output layer.
fn prefill_working(run: &Run, stack: &Transformer, pass: Pass) -> (f64, f64) {
    let t = pass.tokens();
    let e = run.widths.linear;
    let h = real(stack.hidden);
    let mut most: f64 = 0.0;
    for group in &stack.layers {
        most = most.max(layer_working(run, stack, group, pass));
    }
    let every_token = run.setup.recipe.stack == Stack::LlamaCpp || run.setup.job.all_logits;
    let rows = if every_token { t } else { pass.batch.max(1.0) };
    let width = if run.setup.recipe.stack == Stack::LlamaCpp { 4.0 } else { e };
    let logits = real(stack.vocab) / run.split.tensor * rows * width;
    let stream = t * 3.0 * e * h;
    if most > stream + logits { (most, 0.0) } else { (stream, logits) }
}

/// Live bytes of one layer.
fn layer_working(run: &Run, stack: &Transformer, group: &LayerGroup, pass: Pass) -> f64 {
    let t = pass.tokens();
    let (e, h) = (run.widths.linear, real(stack.hidden));
    let (q, k, _) = crate::estimate::projection::attention_widths(&group.mixer).unwrap_or_default();
    let (heads, head_dim) = match group.mixer {
        Mixer::Attention { heads, head_dim, .. }
        | Mixer::Hybrid { heads, head_dim, .. }
        | Mixer::Compressed { heads, head_dim, .. } => (real(heads), real(head_dim)),
        Mixer::Latent { heads, qk_dim, .. } => (real(heads), real(qk_dim)),
        _ => (0.0, 0.0),
    };
    let tensor = run.split.tensor;
    let inner = match group.feed_forward {
        FeedForward::Dense { ffn, gated } => inner_copies(stack, gated) * real(ffn) / tensor,
        FeedForward::Experts { active, expert_ffn, shared_ffn, gated, .. } => {
            inner_copies(stack, gated) * (real(active) * real(expert_ffn) + real(shared_ffn)) / tensor
        }
        FeedForward::None => 0.0,
    };
    // After a post-norm nothing but the residual stays beside the input.
    let streams = if matches!(stack.style, BlockStyle::Bert | BlockStyle::TransformerXl) { 3.0 } else { 4.0 };
    let feed_forward = t * (e * (streams * h + inner) + 2.0 * e * head_dim + 16.0);
    let attention = t * e * (3.0 * h + (2.0 * q + 2.0 * k) / tensor);
    let eager = if run.setup.recipe.stack == Stack::LlamaCpp && run.eager(stack) {
        // Scores and their mask in FP32, and four tensors of the stream: the compute buffer that llama.cpp logs, to the megabyte.
        t * 4.0 * ((heads / tensor + 1.0) * pass.length + 4.0 * h)
    } else if run.eager(stack) {
        let in_width = matches!(stack.style, BlockStyle::Gpt2 | BlockStyle::Bert | BlockStyle::T5 | BlockStyle::TransformerXl);
        let per_score = match (e > 2.0, in_width) {
            (true, _) => 8.0,
            (false, true) => 6.0,
            (false, false) => 10.0,
        };
        t * (per_score * heads / tensor * pass.length + e * (3.0 * h + 3.0 * q / tensor))
    } else {
        0.0
    };
    let recurrent = match group.mixer {
        Mixer::Recurrent { width, .. } | Mixer::Hybrid { width, .. } => t * e * (3.0 * h + 2.0 * real(width) / tensor),
        _ => 0.0,
    };
    feed_forward.max(attention).max(eager).max(recurrent)
}

/// Copies of the inner activation alive at once.
fn inner_copies(stack: &Transformer, gated: bool) -> f64 {
    match (stack.style, gated) {
        (_, true) if stack.fused_qkv => 4.0,
        (_, true) => 3.0,
        (BlockStyle::Gpt2, false) => 4.0,
        (_, false) => 2.0,
    }
}

/// Encoders: one layer at a time, nothing cached.
fn encoder(run: &Run, stack: &Transformer) -> Parts {
    let pass = Pass { batch: run.batch, length: encoder_length(run), memory: 0.0 };
    let most = stack.layers.iter().map(|group| layer_working(run, stack, group, pass)).fold(0.0, f64::max);
    Parts { activations: most, ..Parts::default() }
}

/// Encoder first, then the decoder with its own cache and the cached keys and values of the encoder's output.
fn encoder_decoder(run: &Run, reader: &Transformer, decoder: &Transformer) -> Parts {
    let job = &run.setup.job;
    let memory = encoder_length(run);
    let reading = encoder(run, reader);
    let cached = stack_cache(run, decoder, run.written, real(job.output), memory);
    // The encoder's output, and the last layer's keys or values twice while they are laid out by head.
    let output = 3.0 * run.batch * memory * run.widths.linear * real(reader.hidden);
    let step = Pass { batch: run.written, length: 1.0, memory };
    let (activations, logits) = prefill_working(run, decoder, step);
    reading.or(Parts { cache: cached, activations: activations + output, logits, ..Parts::default() })
}

/// Convolutional networks: the two largest tensors, about a tenth of all values a training pass keeps. A UNet also holds what it
/// passes from its way down to its way up: 8.8 GiB for eight samples of SDXL (the source of [`companions`]).
fn opaque(run: &Run, network: &Opaque) -> Parts {
    let kept = super::activations::opaque(run, network);
    let alive = if run.setup.model.denoising.is_some() { 0.175 } else { 0.1 };
    Parts { activations: kept * alive, ..Parts::default() }
}
