//! Low-rank adapters: which projections carry them, how many weights they add, and which inputs they keep.

use super::evidence::block_style;
use crate::model::{BlockStyle, FeedForward, LayerGroup, Mixer, Model, Network, Transformer};
use crate::request::{LoraTargetSet, LoraTargets, Setup};
use crate::units::real;

/// A linear layer of a block, by its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Query projection.
    Query,
    /// Key projection.
    Key,
    /// Value projection.
    Value,
    /// Query, key and value in one.
    Qkv,
    /// Output of attention.
    Output,
    /// Gate of the feed-forward part.
    Gate,
    /// First layer of the feed-forward part.
    Up,
    /// Second layer of the feed-forward part.
    Down,
}

/// Which tensor a projection reads; projections with the same source share a kept copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Output of the norm before attention.
    AttentionNorm,
    /// Attention output, which the fused kernels keep anyway.
    Attention,
    /// Encoder output.
    Memory,
    /// Output of the norm before the feed-forward part.
    FeedForwardNorm,
    /// Inner activation of the feed-forward part.
    Inner,
}

/// A linear layer of a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Projection {
    /// Part.
    pub role: Role,
    /// What it reads.
    pub source: Source,
    /// Width in.
    pub input: f64,
    /// Width out.
    pub output: f64,
}

/// Adapter settings ready to compute with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Adapters {
    /// Rank.
    pub rank: f64,
    /// Bit per [`Role`].
    roles: u16,
    /// Dropout before the adapters.
    pub dropout: bool,
    /// Adapter weights in FP32 over a 16-bit model.
    pub wide: bool,
}

impl Adapters {
    /// Adapters of a setup.
    pub fn of(setup: &Setup) -> Self {
        let lora = &setup.recipe.lora;
        let style = block_style(&setup.model.network);
        Self { rank: real(lora.rank), roles: roles(&lora.targets, style), dropout: lora.dropout > 0.0, wide: lora.fp32_adapters }
    }

    /// Whether a projection carries an adapter.
    pub const fn on(&self, role: Role) -> bool {
        let asked = match role {
            Role::Qkv => bit(Role::Qkv) | bit(Role::Query) | bit(Role::Key) | bit(Role::Value),
            Role::Query | Role::Key | Role::Value => bit(role) | bit(Role::Qkv),
            _ => bit(role),
        };
        self.roles & asked != 0
    }

    /// Weights of all adapters: `sum of r (in + out)`.
    pub fn of_model(&self, model: &Model) -> f64 {
        let of =
            |stack: &Transformer| -> f64 { stack.layers.iter().map(|group| real(group.count) * self.of_layer(stack, group)).sum() };
        match &model.network {
            Network::Transformer(stack) => of(stack),
            Network::EncoderDecoder { encoder, decoder } => of(encoder) + of(decoder),
            Network::Opaque(_) => 0.0,
        }
    }

    fn of_layer(&self, stack: &Transformer, group: &LayerGroup) -> f64 {
        let mut ports = 0.0;
        each_projection(stack, group, |projection| {
            if self.on(projection.role) {
                ports += projection.input + projection.output;
            }
        });
        self.rank * ports
    }
}

/// Shares of the layers of mixers and of feed-forward parts that carry adapters.
pub(in crate::estimate) fn shares(setup: &Setup) -> (f64, f64) {
    let adapters = Adapters::of(setup);
    let on = |role| if adapters.on(role) { 1.0 } else { 0.0 };
    let mixer = (on(Role::Query) + on(Role::Key) + on(Role::Value) + on(Role::Output)) / 4.0;
    let ungated = on(Role::Up) + on(Role::Down);
    (mixer, if is_gated(&setup.model) { (on(Role::Gate) + ungated) / 3.0 } else { ungated / 2.0 })
}

/// Whether the layers of attention and those of the feed-forward part are among what a module of this name is.
#[must_use]
pub fn parts_of_module(module: &str) -> (bool, bool) {
    let among = |roles: &[Role]| named(module, None).iter().any(|role| roles.contains(role));
    (among(&[Role::Query, Role::Key, Role::Value, Role::Qkv, Role::Output]), among(&[Role::Gate, Role::Up, Role::Down]))
}

fn is_gated(model: &Model) -> bool {
    match &model.network {
        Network::Transformer(stack) | Network::EncoderDecoder { decoder: stack, .. } => {
            stack.layers.iter().any(|group| dense_width(&group.feed_forward).1)
        }
        Network::Opaque(_) => false,
    }
}

const fn bit(role: Role) -> u16 {
    1 << role as u16
}

fn roles(targets: &LoraTargets, style: Option<BlockStyle>) -> u16 {
    use Role::*;
    let all = |roles: &[Role]| roles.iter().fold(0, |bits, role| bits | bit(*role));
    match targets {
        LoraTargets::Set(LoraTargetSet::AttentionQv) => all(&[Query, Value]),
        LoraTargets::Set(LoraTargetSet::Attention) => all(&[Query, Key, Value, Qkv, Output]),
        LoraTargets::Set(LoraTargetSet::AllLinear) => all(&[Query, Key, Value, Qkv, Output, Gate, Up, Down]),
        LoraTargets::Modules(names) => names.iter().fold(0, |bits, name| bits | all(named(name, style))),
    }
}

/// Module names of the common implementations, some of which are another layer in some families.
fn named(module: &str, style: Option<BlockStyle>) -> &'static [Role] {
    use Role::*;
    match module.rsplit('.').next().unwrap_or(module) {
        "q_proj" | "query" | "q" | "q_lin" | "wq" | "to_q" => &[Query],
        "k_proj" | "key" | "k" | "k_lin" | "wk" | "to_k" => &[Key],
        "v_proj" | "value" | "v" | "v_lin" | "wv" | "to_v" => &[Value],
        "qkv_proj" | "qkv" | "c_attn" | "query_key_value" | "W_pack" | "Wqkv" | "wqkv" | "attn" => &[Qkv],
        "wo" if style == Some(BlockStyle::T5) => &[Down],
        "o_proj" | "o" | "wo" | "out_proj" | "output_proj" | "out_lin" | "to_out" => &[Output],
        "c_proj" | "proj" | "dense" => &[Output, Down],
        "gate_proj" | "w1" | "wi_0" => &[Gate],
        "gate_up_proj" | "dense_h_to_4h" => &[Gate, Up],
        "up_proj" | "w3" | "wi" | "wi_1" | "fc1" | "c_fc" | "lin1" => &[Up],
        "down_proj" | "w2" | "fc2" | "lin2" | "dense_4h_to_h" => &[Down],
        _ => &[],
    }
}

/// The linear layers of one block that adapters may attach to, one after the other: the planner asks too often for a list of them.
/// Routed experts are stored as stacked tensors, which adapters skip; their shared part is not.
pub(super) fn each_projection(stack: &Transformer, group: &LayerGroup, mut visit: impl FnMut(Projection)) {
    let h = real(stack.hidden);
    let mut one = |role, source, input, output| visit(Projection { role, source, input, output });
    if let Some((q, k, v)) = attention_widths(&group.mixer) {
        if stack.fused_qkv || stack.style == BlockStyle::Gpt2 {
            one(Role::Qkv, Source::AttentionNorm, h, q + k + v);
        } else {
            one(Role::Query, Source::AttentionNorm, h, q);
            one(Role::Key, Source::AttentionNorm, h, k);
            one(Role::Value, Source::AttentionNorm, h, v);
        }
        one(Role::Output, Source::Attention, q, h);
    }
    let (f, gated) = dense_width(&group.feed_forward);
    if f > 0.0 {
        if gated {
            one(Role::Gate, Source::FeedForwardNorm, h, f);
        }
        one(Role::Up, Source::FeedForwardNorm, h, f);
        one(Role::Down, Source::Inner, f, h);
    }
    if let Some((q, k, v)) = attention_widths(&group.mixer).filter(|_| group.cross_attention) {
        one(Role::Query, Source::AttentionNorm, h, q);
        one(Role::Key, Source::Memory, h, k);
        one(Role::Value, Source::Memory, h, v);
        one(Role::Output, Source::Attention, q, h);
    }
}

/// Widths of query, key and value.
pub(super) fn attention_widths(mixer: &Mixer) -> Option<(f64, f64, f64)> {
    match *mixer {
        Mixer::Attention { heads, kv_heads, head_dim, .. } | Mixer::Hybrid { heads, kv_heads, head_dim, .. } => {
            Some((real(heads) * real(head_dim), real(kv_heads) * real(head_dim), real(kv_heads) * real(head_dim)))
        }
        Mixer::Latent { heads, qk_dim, v_dim, .. } => {
            Some((real(heads) * real(qk_dim), real(heads) * real(qk_dim), real(heads) * real(v_dim)))
        }
        Mixer::Compressed { heads, head_dim, .. } => Some((real(heads) * real(head_dim), real(head_dim), real(head_dim))),
        Mixer::Recurrent { .. } | Mixer::None => None,
    }
}

fn dense_width(feed_forward: &FeedForward) -> (f64, bool) {
    match *feed_forward {
        FeedForward::Dense { ffn, gated } => (real(ffn), gated),
        FeedForward::Experts { shared_ffn, gated, .. } => (real(shared_ffn), gated),
        FeedForward::None => (0.0, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::request::{Request, resolve};
    use serde_json::json;

    /// Shares of a LoRA on some modules.
    fn on(model: &str, modules: &[&str]) -> (f64, f64) {
        let catalog = Catalog::from_json(include_str!("../../../catalog.json")).unwrap();
        let (job, recipe) = (json!({"kind": "lora"}), json!({"lora": {"targets": modules}}));
        let request = json!({"model": model, "job": job, "recipe": recipe, "rig": {"card": "rtx-4090"}});
        shares(&resolve(&catalog, &Request::from_value(request).unwrap()).unwrap())
    }

    #[test]
    fn a_name_is_the_layer_its_family_calls_so() {
        assert_eq!(on("llama-3-8b", &["wo"]), (0.25, 0.0));
        assert_eq!(on("llama-3-8b", &["w1", "w2", "w3"]), (0.0, 1.0));
        assert_eq!(on("t5-base", &["encoder.block.0.layer.1.DenseReluDense.wo"]), (0.0, 0.5));
        assert_eq!(on("t5-base", &["q", "k", "v", "o"]), (1.0, 0.0));
    }

    #[test]
    fn without_a_gate_two_layers_are_the_whole_feed_forward_part() {
        assert_eq!(on("opt-1.3b", &["fc1", "fc2"]), (0.0, 1.0));
        assert_eq!(on("gpt2", &["c_attn", "c_fc"]), (0.75, 0.5));
        assert_eq!(on("llama-3-8b", &["up_proj", "down_proj"]), (0.0, 2.0 / 3.0));
    }
}
