//! One layer of a token stack.

use super::{Counted, CountedLayer, needed};
use crate::error::RequestError;
use crate::model::count::attention::Attention;
use crate::model::count::compressed::{Compressed, Compression, hyper_connections};
use crate::model::count::experts::Experts;
use crate::model::count::latent::Latent;
use crate::model::count::recurrent::{Recurrent, RecurrentKind};
use crate::model::count::{Count, Weights, feed_forward};
use crate::model::facts::{Activation, ModelFacts};
use crate::model::{BlockStyle, FeedForward, LayerGroup, Mixer};

/// What a style does where the facts do not say.
#[derive(Clone, Copy)]
pub struct Conventions {
    /// Linear layers have biases.
    pub bias: bool,
    /// Norms have biases.
    pub norm_bias: bool,
    /// Norms of hidden width per layer.
    pub norms: u64,
    /// Activation of the feed-forward part.
    pub activation: Activation,
}

impl Conventions {
    /// The conventions of a style, overruled by what is written.
    pub fn of(facts: &ModelFacts) -> Self {
        use Activation::{Geglu, Gelu, Relu, Swiglu};
        let style = facts.style.unwrap_or(BlockStyle::Llama);
        let (bias, norm_bias, norms, activation) = match style {
            BlockStyle::Llama => (false, false, 2, Swiglu),
            BlockStyle::Gemma => (false, false, 4, Geglu),
            BlockStyle::T5 => (false, false, 2, Relu),
            BlockStyle::Opt => (true, true, 2, Relu),
            BlockStyle::Dit => (true, true, 0, Gelu),
            BlockStyle::Gpt2
            | BlockStyle::ParallelBlock
            | BlockStyle::Bert
            | BlockStyle::Vit
            | BlockStyle::Whisper
            | BlockStyle::Wav2vec2 => (true, true, 2, Gelu),
        };
        Self {
            bias: facts.bias.unwrap_or(bias),
            norm_bias: facts.norm_bias.unwrap_or(norm_bias),
            norms: facts.norms.unwrap_or(norms),
            activation: facts.activation.unwrap_or(activation),
        }
    }

    /// Weights of one norm.
    pub fn norm(&self, hidden: u64) -> Count {
        Count(hidden) * if self.norm_bias { 2 } else { 1 }
    }
}

/// Builds layers of one token stack.
pub struct LayerBuilder<'a> {
    facts: &'a ModelFacts,
    conventions: Conventions,
    hidden: u64,
    layers: u64,
}

/// Which mixer stands in a layer.
#[derive(Clone, Copy, PartialEq)]
enum MixerKind {
    Global,
    Local(u64),
    Recurrent(RecurrentKind),
    Hybrid,
    None,
}

/// Which feed-forward part.
#[derive(Clone, Copy, PartialEq)]
enum PartKind {
    Dense,
    Experts,
    None,
}

impl<'a> LayerBuilder<'a> {
    /// For the main stack of a model.
    pub fn new(facts: &'a ModelFacts) -> Result<Self, RequestError> {
        let (hidden, layers) = (needed(facts.hidden, "hidden")?, needed(facts.layers, "layers")?);
        Ok(Self { facts, conventions: Conventions::of(facts), hidden, layers })
    }

    /// All layers in order.
    pub(super) fn all(&self) -> Result<Vec<CountedLayer>, RequestError> {
        if let Some(pattern) = &self.facts.layer_pattern {
            return pattern.chars().zip(0..self.layers).map(|(letter, index)| self.lettered(letter, index)).collect();
        }
        (0..self.layers).map(|index| self.layer(index)).collect()
    }

    fn lettered(&self, letter: char, index: u64) -> Result<CountedLayer, RequestError> {
        let (mixer, part) = match letter {
            'M' => (MixerKind::Recurrent(RecurrentKind::Mamba2), PartKind::None),
            '*' => (MixerKind::Global, PartKind::None),
            'E' => (MixerKind::None, PartKind::Experts),
            _ => (MixerKind::None, PartKind::Dense),
        };
        self.assemble(index, mixer, part, 1)
    }

    fn layer(&self, index: u64) -> Result<CountedLayer, RequestError> {
        self.assemble(index, self.mixer_kind(index), self.part_kind(index), self.conventions.norms)
    }

    fn mixer_kind(&self, index: u64) -> MixerKind {
        let facts = self.facts;
        if facts.layers_parallel_hybrid.is_some_and(|count| index < count) {
            return MixerKind::Hybrid;
        }
        let full = self.is_full(index);
        let recurrent = if facts.layers_mamba.is_some() {
            Some(RecurrentKind::Mamba2)
        } else if facts.layers_conv.is_some() {
            Some(RecurrentKind::ShortConv)
        } else {
            facts.linear_type
        };
        match (full, recurrent, facts.sliding_window.or(facts.chunked_attention)) {
            (false, Some(kind), _) => MixerKind::Recurrent(kind),
            (false, None, Some(window)) => MixerKind::Local(window),
            _ => MixerKind::Global,
        }
    }

    /// Listed indices; else one in `full_every`; else `layers_full` spread evenly; else a window holds everywhere if there is one.
    fn is_full(&self, index: u64) -> bool {
        let facts = self.facts;
        if !facts.full_layers.is_empty() {
            return facts.full_layers.contains(&index);
        }
        if let Some(every) = facts.full_every.filter(|every| *every > 0) {
            return index % every == facts.full_offset.unwrap_or(every - 1);
        }
        match facts.layers_full {
            Some(full) => index.saturating_add(1).saturating_mul(full) / self.layers > index.saturating_mul(full) / self.layers,
            None => facts.sliding_window.is_none() && facts.chunked_attention.is_none(),
        }
    }

    fn part_kind(&self, index: u64) -> PartKind {
        let facts = self.facts;
        let dense = facts.experts.is_none()
            || index < facts.first_dense_layers.unwrap_or(0)
            || facts.dense_every.is_some_and(|every| every > 0 && index.is_multiple_of(every));
        if dense { PartKind::Dense } else { PartKind::Experts }
    }

    fn assemble(&self, index: u64, mixer: MixerKind, part: PartKind, norms: u64) -> Result<CountedLayer, RequestError> {
        let shared = index >= self.layers.saturating_sub(self.facts.kv_shared_layers.unwrap_or(0));
        let (mixer, mixer_weights) = self.mixer(index, mixer, shared)?;
        let (feed_forward, part_weights) = self.feed_forward(part, shared)?;
        let norms = Weights::vector(self.conventions.norm(self.hidden) * norms) + self.extras();
        let weights = mixer_weights + part_weights + norms;
        let group = LayerGroup {
            count: 1,
            mixer,
            cross_attention: false,
            feed_forward,
            linear_parameters: weights.linear.0,
            active_linear_parameters: weights.active_linear.0,
            parameters: weights.all.0,
            own_cache: !shared,
            mixer_linear_parameters: mixer_weights.linear.0,
            mixer_ports: mixer_weights.ports.0,
            feed_forward_ports: part_weights.ports.0,
        };
        Ok(CountedLayer { group, weights })
    }

    /// Gemma 3n and 4: gate, projection and norm of the per-layer embedding; parallel streams and the learned residual.
    fn extras(&self) -> Weights {
        let hidden = Count(self.hidden);
        let mut extras = Weights::default();
        if let Some(dim) = self.facts.ple_dim {
            extras += Weights::matrix(hidden, Count(dim)).times(2) + Weights::vector(hidden);
        }
        if let Some(streams) = self.facts.altup_inputs {
            let square = Count(streams) * streams;
            extras += Weights::matrix(hidden, Count(streams)) + Weights::vector(hidden * 2 + square + square * streams);
        }
        if let Some(streams) = self.facts.hyper_connections {
            extras += hyper_connections(self.hidden, streams);
        }
        if let Some(rank) = self.facts.laurel_rank {
            extras += Weights::matrix(hidden, Count(rank)).times(2) + Weights::vector(hidden);
        }
        extras
    }

    fn mixer(&self, index: u64, kind: MixerKind, shared: bool) -> Result<(Mixer, Weights), RequestError> {
        match kind {
            MixerKind::None => Ok((Mixer::None, Weights::default())),
            MixerKind::Global | MixerKind::Local(_) if self.facts.csa_ratio.is_some() => self.compressed(index),
            MixerKind::Global if self.facts.kv_lora_rank.is_some() => self.latent(index),
            MixerKind::Global => self.attention(None, shared),
            MixerKind::Local(window) => self.attention(Some(window), shared),
            MixerKind::Recurrent(kind) => {
                let recurrent = self.recurrent(kind)?;
                let mixer = Mixer::Recurrent { state: recurrent.state().0, width: recurrent.width().0 };
                Ok((mixer, recurrent.weights()))
            }
            MixerKind::Hybrid => {
                let recurrent = self.recurrent(RecurrentKind::Mamba2)?;
                let (mixer, weights) = self.attention(None, shared)?;
                let Mixer::Attention { heads, kv_heads, head_dim, .. } = mixer else { return Ok((mixer, weights)) };
                let (state, width) = (recurrent.state().0, recurrent.width().0);
                Ok((Mixer::Hybrid { heads, kv_heads, head_dim, state, width }, weights + recurrent.weights()))
            }
        }
    }

    fn attention(&self, window: Option<u64>, shared: bool) -> Result<(Mixer, Weights), RequestError> {
        let facts = self.facts;
        let heads = needed(facts.heads, "heads")?;
        let global = window.is_none();
        let kv_heads = facts.global_kv_heads.filter(|_| global).or(facts.kv_heads).unwrap_or(heads);
        let head_dim = facts.global_head_dim.filter(|_| global).or(facts.head_dim).unwrap_or((self.hidden / heads.max(1)).max(1));
        let qkv_bias = facts.qkv_bias.unwrap_or(self.conventions.bias);
        let attention = Attention {
            hidden: self.hidden,
            heads,
            kv_heads,
            head_dim,
            qv_bias: qkv_bias,
            k_bias: qkv_bias,
            output_bias: facts.output_bias.unwrap_or(self.conventions.bias),
            qk_norm: facts.qk_norm,
            gate: facts.attn_gate.unwrap_or(false),
            sinks: facts.attn_sinks.unwrap_or(false),
            k_eq_v: global && facts.k_eq_v.unwrap_or(false),
            shared_kv: shared,
        };
        Ok((Mixer::Attention { heads, kv_heads, head_dim, window }, attention.weights()))
    }

    fn latent(&self, index: u64) -> Result<(Mixer, Weights), RequestError> {
        let facts = self.facts;
        let indexed = facts.indexer_heads.is_some() && facts.indexer_layers.is_none_or(|count| index < count);
        let latent = Latent {
            hidden: self.hidden,
            heads: needed(facts.heads, "heads")?,
            q_rank: facts.q_lora_rank.unwrap_or(0),
            kv_rank: needed(facts.kv_lora_rank, "kvLoraRank")?,
            nope: needed(facts.qk_nope_dim, "qkNopeDim")?,
            rope: needed(facts.qk_rope_dim, "qkRopeDim")?,
            v_dim: needed(facts.v_head_dim, "vHeadDim")?,
            indexer_heads: if indexed { facts.indexer_heads.unwrap_or(0) } else { 0 },
            indexer_dim: if indexed { facts.indexer_dim.unwrap_or(0) } else { 0 },
        };
        let mixer = Mixer::Latent {
            heads: latent.heads,
            qk_dim: latent.nope.saturating_add(latent.rope),
            v_dim: latent.v_dim,
            cached: latent.kv_rank.saturating_add(latent.rope).saturating_add(latent.indexer_dim),
        };
        Ok((mixer, latent.weights()))
    }

    /// Window-only layers first, then the lightly, then the heavily compressed ones: the order does not matter to any sum.
    fn compressed(&self, index: u64) -> Result<(Mixer, Weights), RequestError> {
        let facts = self.facts;
        let window_only = facts.layers_window_only.unwrap_or(0);
        let light = facts.layers_csa.unwrap_or(0).saturating_add(window_only);
        let indexer = facts.indexer_dim.unwrap_or(0);
        let (compression, ratio, indexer_dim, reads) = if index < window_only {
            (Compression::None, 0, 0, 0)
        } else if index < light {
            let ratio = facts.csa_ratio.unwrap_or(0);
            let compression = Compression::Indexed { ratio, heads: facts.indexer_heads.unwrap_or(0), dim: indexer };
            (compression, ratio, indexer, facts.indexer_topk.unwrap_or(0))
        } else {
            let ratio = facts.hca_ratio.unwrap_or(0);
            (Compression::Heavy { ratio }, ratio, 0, 0)
        };
        let (heads, head_dim) = (needed(facts.heads, "heads")?, needed(facts.head_dim, "headDim")?);
        let counted = Compressed {
            hidden: self.hidden,
            heads,
            head_dim,
            q_rank: needed(facts.q_lora_rank, "qLoraRank")?,
            groups: facts.o_groups.unwrap_or(1),
            o_rank: needed(facts.o_lora_rank, "oLoraRank")?,
            compression,
        };
        let window = needed(facts.sliding_window, "slidingWindow")?;
        Ok((Mixer::Compressed { heads, head_dim, window, ratio, indexer_dim, reads }, counted.weights()))
    }

    fn recurrent(&self, kind: RecurrentKind) -> Result<Recurrent, RequestError> {
        let facts = self.facts;
        let (k_heads, v_heads, k_dim, v_dim) = match kind {
            RecurrentKind::ShortConv => (0, 0, 0, 0),
            RecurrentKind::Mamba2 => (
                facts.mamba_groups.unwrap_or(1),
                needed(facts.mamba_heads, "mambaHeads")?,
                needed(facts.mamba_state, "mambaState")?,
                needed(facts.mamba_head_dim, "mambaHeadDim")?,
            ),
            _ => (
                needed(facts.linear_k_heads, "linearKHeads")?,
                needed(facts.linear_v_heads, "linearVHeads")?,
                needed(facts.linear_k_dim, "linearKDim")?,
                needed(facts.linear_v_dim, "linearVDim")?,
            ),
        };
        let conv_kernel = facts.conv_kernel.unwrap_or(4);
        let inner_norm = facts.layers_parallel_hybrid.is_none();
        Ok(Recurrent { kind, hidden: self.hidden, k_heads, v_heads, k_dim, v_dim, conv_kernel, inner_norm })
    }

    fn feed_forward(&self, kind: PartKind, shared_layer: bool) -> Result<(FeedForward, Weights), RequestError> {
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

impl Counted {
    /// Layers and what surrounds them.
    pub(super) fn sum(layers: &[CountedLayer], around: Weights) -> (Count, Count) {
        let total: Weights = layers.iter().map(|layer| layer.weights).sum::<Weights>() + around;
        (total.all, total.active)
    }
}
