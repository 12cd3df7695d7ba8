//! Diffusion transformers.

use super::conventions::Conventions;
use super::{Counted, CountedLayer, Halves, even_head, grouped, needed, stated_parameters};
use crate::error::RequestError;
use crate::model::count::Weights;
use crate::model::count::diffusion::{Dit, DitLayout};
use crate::model::facts::ModelFacts;
use crate::model::{BlockStyle, Category, FeedForward, Input, Mixer, Network, Transformer, whole};
use crate::units::real;

/// Pixels along a side of what one token stands for: two of the latent image, which is an eighth as wide (diffusers:
/// `vae_scale_factor` and `patch_size` of Stable Diffusion 3, FLUX, Qwen-Image and Z-Image).
const TOKEN_SIDE: u64 = 16;

/// Builds a diffusion transformer.
pub fn build(facts: &ModelFacts) -> Result<Counted, RequestError> {
    let (hidden, layers) = (needed(facts.hidden, "hidden")?, needed(facts.layers, "layers")?);
    let heads = needed(facts.heads, "heads")?;
    let layout = facts.layout.unwrap_or(DitLayout::Qwen);
    let dit = Dit {
        layout,
        hidden,
        head_dim: facts.head_dim.unwrap_or(even_head(hidden, heads)),
        ffn: needed(facts.ffn, "ffn")?,
        text_dim: facts.text_dim.unwrap_or(4096),
        channels: facts.latent_channels.unwrap_or(64),
        pooled_dim: facts.pooled_dim.unwrap_or(0),
        guidance: facts.guidance.unwrap_or(false),
    };
    let two_streams = !matches!(layout, DitLayout::Zimage | DitLayout::Wan);
    let of = |weights: Weights| layer(&dit, heads, weights);
    let mut stack = Vec::new();
    for index in 0..layers {
        let last = layout == DitLayout::Mmdit && index == layers.saturating_sub(1);
        stack.push(of(if two_streams { dit.double_block(last) } else { dit.single_block() }));
    }
    for _ in 0..facts.single_layers.unwrap_or(0) {
        stack.push(of(dit.single_block()));
    }
    for _ in 0..facts.refiner_layers.unwrap_or(0) {
        stack.push(of(dit.zimage_block(true)));
        stack.push(of(dit.zimage_block(false)));
    }
    for _ in 0..facts.dual_attention_layers.unwrap_or(0) {
        stack.push(attention_only(&dit, heads));
    }
    let (all, active) = Counted::sum(&stack, dit.surroundings());
    let tokens = facts.input_tokens.unwrap_or(4096);
    // Wan attends to its text and does not carry it along.
    let text = if layout == DitLayout::Wan { 0 } else { facts.text_tokens.unwrap_or(0) };
    if let Some(gmacs) = facts.forward_gmacs {
        // What is counted here is scaled to the stated size afterwards.
        let scale = stated_parameters(facts).map_or(1.0, |stated| real(stated) / real(all.0.max(1)));
        work_per_token(&mut stack, gmacs, tokens.saturating_add(text), heads.saturating_mul(dit.head_dim), scale);
    }
    // A spectrogram is as long as the sound, and a clip has no one side.
    let pictures = facts.category == Some(Category::Diffusion) && layout != DitLayout::Wan;
    let network = Network::Transformer(Transformer {
        style: BlockStyle::Dit,
        input: Input::Latents { tokens, text, side: pictures.then_some(TOKEN_SIDE) },
        hidden,
        vocab: 0,
        tied_embeddings: false,
        lm_head: false,
        position_rows: 0,
        fused_qkv: false,
        per_layer_tables: 0,
        soft_capped: false,
        attention_sinks: false,
        activation: Conventions::of(facts).activation,
        layer_sets: None,
        layers: grouped(stack),
    });
    Ok(Counted { network, all, active })
}

fn layer(dit: &Dit, heads: u64, weights: Weights) -> CountedLayer {
    let mixer = Mixer::Attention { heads, kv_heads: heads, head_dim: dit.head_dim, window: None };
    let feed_forward = FeedForward::Dense { ffn: dit.ffn, gated: matches!(dit.layout, DitLayout::Flux2 | DitLayout::Zimage) };
    let halves = Halves { mixer, mixing: weights, feed_forward, part: Weights::default(), around: Weights::default() };
    CountedLayer::of(halves, false)
}

/// A second attention of a block, over the image alone.
fn attention_only(dit: &Dit, heads: u64) -> CountedLayer {
    let mixer = Mixer::Attention { heads, kv_heads: heads, head_dim: dit.head_dim, window: None };
    let mixing = dit.second_attention();
    let none = Weights::default();
    CountedLayer::of(Halves { mixer, mixing, feed_forward: FeedForward::None, part: none, around: none }, false)
}

/// Text tokens pass weights of their own and modulation runs once per sample, so the weights at work on one token are what
/// the stated multiply-adds leave after attention: `gmacs / t - 2 t q L`.
fn work_per_token(stack: &mut [CountedLayer], gmacs: f64, tokens: u64, query: u64, scale: f64) {
    let all: f64 = stack.iter().map(|layer| real(layer.group.linear_parameters)).sum();
    let attention: f64 = stack.iter().map(|_| 2.0 * real(tokens) * real(query)).sum();
    let share = ((gmacs * 1e9 / real(tokens.max(1)) - attention) / (scale * all).max(1.0)).clamp(0.0, 1.0);
    for layer in stack {
        layer.group.active_linear_parameters = whole(share * real(layer.group.linear_parameters));
    }
}
