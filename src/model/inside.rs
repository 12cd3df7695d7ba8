//! What is inside a model, as far as jobs ask for parts of it: layers, experts, other networks.

use super::{Category, FeedForward, Input, LayerGroup, Model, Network, Transformer};
use crate::units::real;

impl Model {
    /// Routed experts of a layer, where it has any; the fewest where layers differ.
    #[must_use]
    pub fn experts(&self) -> Option<u64> {
        let Network::Transformer(stack) = &self.network else { return None };
        let routed = |group: &LayerGroup| match group.feed_forward {
            FeedForward::Experts { experts, .. } => Some(experts),
            FeedForward::Dense { .. } | FeedForward::None => None,
        };
        stack.layers.iter().filter_map(routed).min()
    }

    /// Whether other networks, whose size is known, work before and after this one.
    #[must_use]
    pub const fn has_companions(&self) -> bool {
        matches!(&self.denoising, Some(of) if of.experts > 0 || of.text_encoder.is_some() || of.autoencoder.is_some())
    }

    /// The stack that reads a text for every image, and the tokens of each.
    #[must_use]
    pub fn text_beside(&self) -> Option<(&Transformer, f64)> {
        self.text_tower.as_ref().map(|stack| (stack, real(stack.position_rows)))
    }

    /// Whether it writes sound, token by token, for a text it reads, as a language model writes its answer.
    #[must_use]
    pub fn speaks(&self) -> bool {
        self.category == Category::SpeechSynthesis
            && matches!(&self.network, Network::Transformer(stack) if stack.input == Input::Tokens)
    }

    /// Layers of blocks, of all stacks.
    #[must_use]
    pub fn layers(&self) -> u64 {
        let of = |stack: &Transformer| stack.layers.iter().map(|group| group.count).fold(0, u64::saturating_add);
        match &self.network {
            Network::Transformer(stack) => of(stack).saturating_add(self.text_tower.as_ref().map_or(0, of)),
            Network::EncoderDecoder { encoder, decoder } => of(encoder).saturating_add(of(decoder)),
            Network::Opaque(_) => 0,
        }
    }

    /// Layers with routed experts.
    #[must_use]
    pub fn expert_layers(&self) -> u64 {
        let Network::Transformer(stack) = &self.network else { return 0 };
        stack.layers.iter().filter(|group| group.has_experts()).map(|group| group.count).sum()
    }
}

impl LayerGroup {
    /// Whether tokens are routed to experts here.
    #[must_use]
    pub const fn has_experts(&self) -> bool {
        matches!(self.feed_forward, FeedForward::Experts { .. })
    }
}
