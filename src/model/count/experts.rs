//! Routed experts, the router, and what every token passes besides.

use super::{Count, Weights, feed_forward};

/// What the expert part of a layer is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Experts {
    /// Width of the residual stream.
    pub hidden: u64,
    /// Experts in all.
    pub experts: u64,
    /// Experts per token.
    pub active: u64,
    /// Inner width of one expert.
    pub expert_ffn: u64,
    /// Inner width of the shared experts together; zero without.
    pub shared_ffn: u64,
    /// Gate and up projections.
    pub gated: bool,
    /// Experts and router have biases.
    pub bias: bool,
    /// The router keeps one correction value per expert.
    pub router_bias: bool,
    /// One more row gates the shared experts.
    pub shared_gate: bool,
    /// Experts work in this width instead of `hidden`; zero for `hidden`.
    pub latent: u64,
}

impl Experts {
    /// Router `h E`, `E` experts of `3 w f` (2 without gate; `w` = `hidden` or `latent`), shared experts on `hidden`.
    #[must_use]
    pub fn weights(&self) -> Weights {
        let (hidden, experts) = (Count(self.hidden), Count(self.experts));
        let width = if self.latent == 0 { self.hidden } else { self.latent };
        let mut weights = Weights::linear(hidden, experts, self.bias);
        weights += feed_forward::dense(width, self.expert_ffn, self.gated, self.bias).routed(self.experts, self.active);
        if self.router_bias {
            weights += Weights::vector(experts);
        }
        if self.shared_ffn > 0 {
            weights += feed_forward::dense(self.hidden, self.shared_ffn, self.gated, false);
        }
        if self.shared_gate {
            weights += Weights::matrix(hidden, Count(1));
        }
        if self.latent > 0 {
            weights += Weights::matrix(hidden, Count(self.latent)).times(2);
        }
        weights
    }
}
