//! One layer of a token stack.

use super::conventions::Conventions;
use super::{Counted, CountedLayer, Halves, needed};
use crate::error::RequestError;
use crate::model::count::compressed::hyper_connections;
use crate::model::count::recurrent::RecurrentKind;
use crate::model::count::{Count, Weights};
use crate::model::facts::ModelFacts;

/// Builds layers of one token stack.
pub struct LayerBuilder<'a> {
    pub(super) facts: &'a ModelFacts,
    pub(super) conventions: Conventions,
    pub(super) hidden: u64,
    layers: u64,
}

/// Which mixer stands in a layer.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum MixerKind {
    Global,
    Local(u64),
    Recurrent(RecurrentKind),
    Hybrid,
    None,
}

/// Which feed-forward part.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum PartKind {
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
            'M' => (MixerKind::Recurrent(self.mamba()), PartKind::None),
            '*' => (MixerKind::Global, PartKind::None),
            'E' => (MixerKind::None, PartKind::Experts),
            _ => (MixerKind::None, PartKind::Dense),
        };
        self.assemble(index, mixer, part, 1)
    }

    fn layer(&self, index: u64) -> Result<CountedLayer, RequestError> {
        self.assemble(index, self.mixer_kind(index), self.part_kind(index), self.conventions.norms)
    }

    fn mamba(&self) -> RecurrentKind {
        if self.facts.mamba_rank.is_some() { RecurrentKind::Mamba } else { RecurrentKind::Mamba2 }
    }

    fn mixer_kind(&self, index: u64) -> MixerKind {
        let facts = self.facts;
        if facts.layers_parallel_hybrid.is_some_and(|count| index < count) {
            return MixerKind::Hybrid;
        }
        let full = self.is_full(index);
        let recurrent = if facts.layers_mamba.is_some() {
            Some(self.mamba())
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
        let (mixer, mixing) = self.mixer(index, mixer, shared)?;
        let (feed_forward, part) = self.feed_forward(part, shared)?;
        let positions = Count(self.facts.position_params.unwrap_or(0));
        let around = Weights::vector(self.conventions.norm(self.hidden) * norms + positions) + self.extras();
        Ok(CountedLayer::of(Halves { mixer, mixing, feed_forward, part, around }, !shared))
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
}

impl Counted {
    /// Layers and what surrounds them.
    pub(super) fn sum(layers: &[CountedLayer], around: Weights) -> (Count, Count) {
        let total: Weights = layers.iter().map(|layer| layer.weights).sum::<Weights>() + around;
        (total.all, total.active)
    }
}
