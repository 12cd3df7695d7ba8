//! The feed-forward part of one layer: dense or experts.

use super::layer::{LayerBuilder, PartKind};
use super::needed;
use crate::error::RequestError;
use crate::model::FeedForward;
use crate::model::count::experts::Experts;
use crate::model::count::{Weights, feed_forward};

impl LayerBuilder<'_> {
    pub(super) fn feed_forward(&self, kind: PartKind, shared_layer: bool) -> Result<(FeedForward, Weights), RequestError> {
        let (facts, gated) = (self.facts, self.conventions.activation.gated());
        match kind {
            PartKind::None => Ok((FeedForward::None, Weights::default())),
            PartKind::Dense => {
                let ffn = facts.shared_layer_ffn.filter(|_| shared_layer).or(facts.dense_ffn).or(facts.ffn);
                let ffn = needed(ffn, "ffn")?;
                Ok((FeedForward::Dense { ffn, gated }, feed_forward::dense(self.hidden, ffn, gated, self.conventions.bias)))
            }
            PartKind::Experts => {
                let expert_ffn = needed(facts.expert_ffn, "expertFfn")?;
                let shared_experts = facts.shared_experts.unwrap_or(0);
                let shared_ffn = if shared_experts == 0 {
                    facts.shared_ffn.unwrap_or(0)
                } else {
                    facts.shared_ffn.unwrap_or(shared_experts.saturating_mul(expert_ffn))
                };
                let experts = Experts {
                    hidden: self.hidden,
                    experts: needed(facts.experts, "experts")?,
                    active: needed(facts.active_experts, "activeExperts")?,
                    expert_ffn,
                    shared_ffn,
                    gated,
                    bias: facts.expert_bias.unwrap_or(false),
                    router_bias: facts.router_bias.unwrap_or(false),
                    shared_gate: facts.shared_gate.unwrap_or(false),
                    latent: facts.moe_latent.unwrap_or(0),
                };
                let parallel = facts.dense_ffn_parallel.unwrap_or(0);
                let beside =
                    if parallel > 0 { feed_forward::dense(self.hidden, parallel, gated, false) } else { Weights::default() };
                let part = FeedForward::Experts {
                    experts: experts.experts,
                    active: experts.active,
                    expert_ffn,
                    shared_ffn: shared_ffn.saturating_add(parallel),
                    gated,
                };
                Ok((part, experts.weights() + beside))
            }
        }
    }
}
