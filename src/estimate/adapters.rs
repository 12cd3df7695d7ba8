//! Low-rank adapters: which projections carry them, and how many weights that adds. Memory, time and the files on disk ask here
//! alone.
//!
//! Towers that see or hear carry none: adapters are on the layers that write, as the exports ask for them.

use super::memory::block_style;
use super::projection::{Role, dense_width, each_projection, is_fused};
use crate::model::{BlockStyle, FeedForward, LayerGroup, Mixer, Model, Network, Transformer};
use crate::request::{LoraTargetSet, LoraTargets, Setup};
use crate::units::real;

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
        self.rank
            * match &model.network {
                Network::Transformer(stack) => {
                    let text = model.text_tower.as_ref().map_or(0.0, |text| self.ports(text));
                    self.over(stack, |group| stack.stored(group)) + text
                }
                Network::EncoderDecoder { encoder, decoder } => self.ports(encoder) + self.ports(decoder),
                Network::Opaque(network) => network.adapter_ports,
            }
    }

    /// Weights of adapters that a token passes in one stack.
    pub fn of_stack(&self, stack: &Transformer) -> f64 {
        self.rank * self.ports(stack)
    }

    /// Widths in and out of all adapted layers of a stack together: what adapters of rank one read and write for a token.
    pub fn ports(&self, stack: &Transformer) -> f64 {
        self.over(stack, |group| group.count)
    }

    fn over(&self, stack: &Transformer, layers: impl Fn(&LayerGroup) -> u64) -> f64 {
        stack.layers.iter().map(|group| real(layers(group)) * self.of_layer(stack, group)).sum()
    }

    /// The same of one layer. Of a whole mixer or feed-forward part the count of its weights knows every matrix: those of latent
    /// attention and recurrences, and both streams of a diffusion transformer, whose layers are counted as one part.
    fn of_layer(&self, stack: &Transformer, group: &LayerGroup) -> f64 {
        let mixed = [Role::Query, Role::Key, Role::Value, Role::Output].iter().all(|role| self.on(*role));
        let fed = [Role::Gate, Role::Up, Role::Down].iter().all(|role| self.on(*role));
        let whole_layer = mixed && fed;
        let whole_mixer = match group.mixer {
            _ if stack.style == BlockStyle::Dit => whole_layer,
            Mixer::Recurrent { .. } | Mixer::Hybrid { .. } => whole_layer,
            Mixer::Attention { .. } | Mixer::Latent { .. } | Mixer::Compressed { .. } | Mixer::None => mixed,
        };
        let whole_part = match group.feed_forward {
            _ if stack.style == BlockStyle::Dit => whole_layer,
            FeedForward::Dense { .. } => fed,
            FeedForward::Experts { .. } | FeedForward::None => false,
        };
        let mut ports = 0.0;
        if whole_mixer {
            ports += real(group.mixer_ports) - shared_inputs(stack, group);
        }
        if whole_part {
            ports += real(group.feed_forward_ports);
        }
        each_projection(stack, group, |projection| {
            let counted = if projection.role.is_of_feed_forward() { whole_part } else { whole_mixer };
            if !counted && self.on(projection.role) {
                ports += projection.input + projection.output;
            }
        });
        ports
    }
}

/// Input widths that one matrix for query, key and value has once, where the count of weights has them three times.
fn shared_inputs(stack: &Transformer, group: &LayerGroup) -> f64 {
    let fused = is_fused(stack) && matches!(group.mixer, Mixer::Attention { .. });
    if fused { 2.0 * real(stack.hidden) } else { 0.0 }
}

/// Weights that a setup trains: all of them, or its adapters and the tables trained beside them, of which a tied pair is copied
/// twice.
#[must_use]
pub fn trained_parameters(setup: &Setup) -> f64 {
    if !setup.adapters_only() {
        return real(setup.model.parameters);
    }
    Adapters::of(setup).of_model(&setup.model) + tables(setup)
}

/// Weights of embedding and output layer where both are trained beside adapters.
fn tables(setup: &Setup) -> f64 {
    if !setup.trains_embeddings() {
        return 0.0;
    }
    let table = |stack: &Transformer| real(stack.vocab) * real(stack.hidden) * if stack.lm_head { 2.0 } else { 1.0 };
    match &setup.model.network {
        Network::Transformer(stack) => table(stack),
        Network::EncoderDecoder { encoder, decoder } => table(encoder).max(table(decoder)),
        Network::Opaque(_) => 0.0,
    }
}

/// Shares of the layers of mixers and of feed-forward parts that carry adapters.
pub(super) fn shares(setup: &Setup) -> (f64, f64) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::request::{Request, resolve};
    use serde_json::json;

    /// Shares of a LoRA on some modules.
    fn on(model: &str, modules: &[&str]) -> (f64, f64) {
        let catalog = Catalog::from_json(include_str!("../../catalog.json")).unwrap();
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

    /// Weights of adapters of rank 16 by one count, and what memory and the files on disk make of them.
    fn trained(model: &str, targets: &str) -> f64 {
        let catalog = Catalog::from_json(include_str!("../../catalog.json")).unwrap();
        let (job, recipe) = (json!({"kind": "lora"}), json!({"lora": {"targets": targets, "rank": 16}}));
        let request = json!({"model": model, "job": job, "recipe": recipe, "rig": {"card": "h100-sxm"}});
        trained_parameters(&resolve(&catalog, &Request::from_value(request).unwrap()).unwrap())
    }

    /// As PEFT prints them (`print_trainable_parameters`), and diffusers' script for Stable Diffusion: 797,184 at rank 4.
    #[test]
    fn adapters_have_as_many_weights_as_peft_counts() {
        for (model, targets, published) in [
            ("llama-2-7b", "all-linear", 39_976_960.0),
            ("llama-3-8b", "all-linear", 41_943_040.0),
            ("llama-2-7b", "attention-qv", 8_388_608.0),
            ("gpt2", "attention-qv", 589_824.0),
            ("sd-1.5", "attention", 4.0 * 797_184.0),
            ("sdxl-base", "attention", 4.0 * 5_806_080.0),
        ] {
            assert_eq!(trained(model, targets), published, "{model}");
        }
    }

    /// Latent attention has five matrices and recurrent mixers have none that attention is asked for by name; experts in one tensor
    /// carry none.
    #[test]
    fn matrices_of_other_mixers_are_counted_as_they_are() {
        let catalog = Catalog::from_json(include_str!("../../catalog.json")).unwrap();
        let ports = |model: &str| {
            let Network::Transformer(stack) = &catalog.model(model).unwrap().network else { panic!("a stack") };
            stack.layers.iter().map(|group| real(group.count) * real(group.mixer_ports)).sum::<f64>() * 16.0
        };
        assert_eq!(trained("deepseek-v2-lite", "attention"), ports("deepseek-v2-lite"));
        assert!(trained("qwen3.5-9b", "all-linear") > ports("qwen3.5-9b"));
        assert!(trained("qwen3-30b-a3b", "all-linear") < 0.001 * 30.5e9, "experts carry none");
    }
}
