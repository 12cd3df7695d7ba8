//! From facts as written to a counted model, one file per kind of network.

mod block;
mod conventions;
mod decoder;
mod diffusion;
mod encoder_decoder;
mod layer;
mod limits;
mod mixer;
mod opaque;
mod part;
mod vision;

pub use limits::MOST_PARAMETERS;

use super::facts::ModelFacts;
use super::{BlockStyle, Category, Denoising, FeedForward, LayerGroup, Mixer, Model, Network};
use crate::error::{Allowed, ErrorCode, RequestError};
use crate::model::count::{Count, Weights};

/// A network with its weights.
struct Counted {
    network: Network,
    /// All weights.
    all: Count,
    /// Weights that work on one token.
    active: Count,
}

/// A layer with all its weights.
#[derive(Clone, PartialEq)]
struct CountedLayer {
    group: LayerGroup,
    weights: Weights,
}

/// The two halves of a layer, each with its weights.
struct Halves {
    mixer: Mixer,
    mixing: Weights,
    feed_forward: FeedForward,
    part: Weights,
    /// Norms and what else surrounds the halves.
    around: Weights,
}

impl CountedLayer {
    /// Puts a layer together. It attends to no encoder.
    fn of(halves: Halves, own_cache: bool) -> Self {
        let Halves { mixer, mixing, feed_forward, part, around } = halves;
        let weights = mixing + part + around;
        let group = LayerGroup {
            count: 1,
            mixer,
            cross_attention: false,
            feed_forward,
            linear_parameters: weights.linear.0,
            active_linear_parameters: weights.active_linear.0,
            parameters: weights.all.0,
            own_cache,
            mixer_linear_parameters: mixing.linear.0,
            mixer_ports: mixing.ports.0,
            feed_forward_ports: part.ports.0,
        };
        Self { group, weights }
    }
}

/// Builds the model the facts describe.
pub(super) fn build(facts: &ModelFacts) -> Result<Model, RequestError> {
    limits::check(facts)?;
    let category = facts.category.unwrap_or(if facts.experts.is_some() { Category::LlmMoe } else { Category::Llm });
    let counted = match facts.style.unwrap_or(BlockStyle::Llama) {
        _ if facts.hidden.is_none() || facts.layers.is_none() => opaque::build(facts)?,
        BlockStyle::T5 | BlockStyle::Whisper => encoder_decoder::build(facts)?,
        BlockStyle::Bert if category == Category::EncoderDecoder => encoder_decoder::build(facts)?,
        BlockStyle::Vit if category == Category::Encoder => decoder::build(facts)?,
        BlockStyle::Vit | BlockStyle::Wav2vec2 => vision::build(facts)?,
        BlockStyle::Dit => diffusion::build(facts)?,
        _ => decoder::build(facts)?,
    };
    let vision = Count(facts.vision_params.unwrap_or(0));
    let computed = counted.all + vision;
    let stated = stated_parameters(facts);
    let parameters = stated.unwrap_or(computed.0);
    if !(1..=MOST_PARAMETERS).contains(&parameters) {
        return Err(RequestError::new(ErrorCode::OutOfRange, "hidden", parameters, Allowed::phrase("shape")));
    }
    Ok(Model {
        id: facts.id.clone().unwrap_or_else(|| "custom".to_owned()),
        name: facts.name.clone().unwrap_or_else(|| "Custom model".to_owned()),
        family: facts.family.clone().unwrap_or_else(|| "custom".to_owned()),
        category,
        parameters,
        parameters_exact: facts.params_exact.is_some() || facts.params_b.is_none(),
        active_parameters: scale(counted.active.0, parameters.saturating_sub(vision.0), counted.all.0).min(parameters),
        computed_parameters: computed.0,
        tower_parameters: vision.0,
        max_context: facts.max_context,
        released_weights: facts.released_weights,
        denoising: (category == Category::Diffusion || facts.denoising_steps.is_some()).then(|| Denoising::of(facts, parameters)),
        text_tower: None,
        network: scaled(counted.network, parameters.saturating_sub(vision.0), counted.all.0),
        assumptions: Vec::new(),
        unfamiliar: None,
        described: None,
    })
}

/// The exact count where one is stated, else the rounded one.
fn stated_parameters(facts: &ModelFacts) -> Option<u64> {
    facts.params_exact.or_else(|| facts.params_b.map(limits::billions))
}

/// `value x target / base` in whole numbers; `value` where base is zero.
fn scale(value: u64, target: u64, base: u64) -> u64 {
    if base == 0 || base == target {
        return value;
    }
    let product = u128::from(value) * u128::from(target) / u128::from(base);
    u64::try_from(product).unwrap_or(u64::MAX)
}

/// Scales the layers so that they agree with the stated count.
fn scaled(mut network: Network, target: u64, base: u64) -> Network {
    let adjust = |layers: &mut Vec<LayerGroup>| {
        for group in layers {
            for weights in [&mut group.linear_parameters, &mut group.active_linear_parameters, &mut group.parameters] {
                *weights = scale(*weights, target, base);
            }
        }
    };
    match &mut network {
        Network::Transformer(stack) => adjust(&mut stack.layers),
        Network::EncoderDecoder { encoder, decoder } => {
            adjust(&mut encoder.layers);
            adjust(&mut decoder.layers);
        }
        Network::Opaque(_) => {}
    }
    network
}

/// Joins equal layers, in order of first appearance.
fn grouped(layers: impl IntoIterator<Item = CountedLayer>) -> Vec<LayerGroup> {
    let mut groups: Vec<LayerGroup> = Vec::new();
    for CountedLayer { group, .. } in layers {
        match groups.iter_mut().find(|seen| LayerGroup { count: group.count, ..(**seen).clone() } == group) {
            Some(seen) => seen.count = seen.count.saturating_add(group.count),
            None => groups.push(group),
        }
    }
    groups
}

/// Size of a head where none is stated: an even share of the width.
pub(super) fn even_head(hidden: u64, heads: u64) -> u64 {
    (hidden / heads.max(1)).max(1)
}

/// A field the shape cannot do without.
fn needed(value: Option<u64>, field: &str) -> Result<u64, RequestError> {
    value.ok_or_else(|| RequestError::new(ErrorCode::MissingField, field, "nothing", Allowed::phrase("a-whole-number")))
}
