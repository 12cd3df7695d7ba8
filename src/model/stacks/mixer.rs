//! The token mixer of one layer: attention, latent or compressed attention, recurrent, or two side by side.

use super::layer::{LayerBuilder, MixerKind};
use super::{even_head, needed};
use crate::error::RequestError;
use crate::model::count::Weights;
use crate::model::count::attention::Attention;
use crate::model::count::compressed::{Compressed, Compression};
use crate::model::count::latent::Latent;
use crate::model::count::recurrent::{Recurrent, RecurrentKind};
use crate::model::{BlockStyle, Mixer};

impl LayerBuilder<'_> {
    pub(super) fn mixer(&self, index: u64, kind: MixerKind, shared: bool) -> Result<(Mixer, Weights), RequestError> {
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
        let head_dim = facts.global_head_dim.filter(|_| global).or(facts.head_dim).unwrap_or(even_head(self.hidden, heads));
        let qkv_bias = facts.qkv_bias.unwrap_or(self.conventions.attention_bias);
        let attention = Attention {
            hidden: self.hidden,
            heads,
            kv_heads,
            head_dim,
            qv_bias: qkv_bias,
            k_bias: facts.key_bias.unwrap_or(qkv_bias),
            output_bias: facts.output_bias.unwrap_or(self.conventions.attention_bias),
            qk_norm: facts.qk_norm,
            gate: facts.attn_gate.unwrap_or(false),
            sinks: facts.attn_sinks.unwrap_or(false),
            k_eq_v: global && facts.k_eq_v.unwrap_or(false),
            shared_kv: shared,
            position_keys: facts.style == Some(BlockStyle::TransformerXl),
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
            RecurrentKind::Mamba => (
                facts.mamba_rank.unwrap_or(0),
                1,
                needed(facts.mamba_state, "mambaState")?,
                needed(facts.mamba_head_dim, "mambaHeadDim")?,
            ),
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
        // Falcon-H1 has no norm inside of Mamba-2; of the first version Jamba alone, which has attention between, has one.
        let inner_norm = match kind {
            RecurrentKind::Mamba => facts.layers_mamba.is_some(),
            _ => facts.layers_parallel_hybrid.is_none(),
        };
        Ok(Recurrent { kind, hidden: self.hidden, k_heads, v_heads, k_dim, v_dim, conv_kernel, inner_norm })
    }
}
