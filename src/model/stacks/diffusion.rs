//! Diffusion transformers.

use super::{Counted, CountedLayer, grouped, needed};
use crate::error::RequestError;
use crate::model::count::Weights;
use crate::model::count::diffusion::{Dit, DitLayout};
use crate::model::facts::ModelFacts;
use crate::model::{BlockStyle, FeedForward, Input, LayerGroup, Mixer, Network, Transformer};

/// Builds a diffusion transformer.
pub fn build(facts: &ModelFacts) -> Result<Counted, RequestError> {
    let (hidden, layers) = (needed(facts.hidden, "hidden")?, needed(facts.layers, "layers")?);
    let heads = needed(facts.heads, "heads")?;
    let layout = facts.layout.unwrap_or(DitLayout::Qwen);
    let dit = Dit {
        layout,
        hidden,
        head_dim: facts.head_dim.unwrap_or((hidden / heads.max(1)).max(1)),
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
    let (all, active) = Counted::sum(&stack, dit.surroundings());
    let network = Network::Transformer(Transformer {
        style: BlockStyle::Dit,
        input: Input::Latents { tokens: facts.input_tokens.unwrap_or(4096) },
        hidden,
        vocab: 0,
        tied_embeddings: false,
        lm_head: false,
        position_rows: 0,
        fused_qkv: false,
        soft_capped: false,
        layers: grouped(stack),
    });
    Ok(Counted { network, all, active })
}

fn layer(dit: &Dit, heads: u64, weights: Weights) -> CountedLayer {
    let group = LayerGroup {
        count: 1,
        mixer: Mixer::Attention { heads, kv_heads: heads, head_dim: dit.head_dim, window: None },
        cross_attention: dit.layout == DitLayout::Wan,
        feed_forward: FeedForward::Dense { ffn: dit.ffn, gated: matches!(dit.layout, DitLayout::Flux2 | DitLayout::Zimage) },
        linear_parameters: weights.linear.0,
        active_linear_parameters: weights.active_linear.0,
        parameters: weights.all.0,
        own_cache: false,
        mixer_linear_parameters: weights.linear.0,
        mixer_ports: weights.ports.0,
        feed_forward_ports: 0,
    };
    CountedLayer { group, weights }
}
