//! What one forward pass costs in operations and values moved, before kernels and card turn it into time.

use super::elementwise::{FUSED, Traffic, eager};
use super::width::{active_share, heads_of, inner_width, mixed_width, weights_touched};
use crate::model::{BlockStyle, FeedForward, LayerGroup, Mixer, Transformer};
use crate::units::{Bytes, Flops, real};

/// Passes over attention scores in T5 over those elsewhere: they also get a bias of relative positions and are converted to FP32
/// and back around the softmax (28 bytes a score read and written in transformers, against about 12).
const T5_SCORES: f64 = 2.4;
/// The same in Transformer-XL: scores of positions are written, padded, shifted (a copy) and added, beside the masking, softmax and
/// two products that all have (24 bytes a score in NVIDIA's code).
const XL_SCORES: f64 = 2.0;

/// Which part of a sequence a pass computes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// Sequences in the pass.
    pub sequences: f64,
    /// New tokens of each.
    pub new: f64,
    /// Tokens before them, whose keys and values are cached.
    pub past: f64,
    /// Tokens see only what is before them.
    pub causal: bool,
    /// Encoder tokens that cross-attention reads.
    pub source: f64,
    /// Tokens of each sequence whose logits are computed.
    pub scored: f64,
    /// Replicas that bring as many tokens to the same experts, of which each holds its part.
    pub sharers: f64,
}

/// Reads and writes of the kernels between the products.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moved {
    /// Bytes, in whatever width the stream is.
    bytes: f64,
    /// Values of the residual stream.
    stream: f64,
    /// Values inside mixers and feed-forward parts.
    inside: f64,
}

impl Moved {
    /// All of it, with the stream and what is inside the blocks at these widths.
    pub fn bytes(&self, stream: f64, inside: f64) -> Bytes {
        Bytes::new(self.bytes + self.stream * stream + self.inside * inside)
    }

    /// Adds values that kernels of this kind pass over; `layers` counts the residual stream once per layer.
    fn add(&mut self, traffic: Traffic, layers: f64, inner: f64, rotary: f64) {
        self.bytes += traffic.norms * layers;
        self.stream += traffic.stream * layers;
        self.inside += traffic.inner * inner + traffic.rotary * rotary;
    }
}

/// Work of one forward pass through a stack of blocks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pass {
    /// Tokens that are computed.
    pub tokens: f64,
    /// Layers that launch kernels.
    pub layers: f64,
    /// Linear layers of the blocks: 2 t W.
    pub linear: Flops,
    /// Output layer: 2 t h V.
    pub head: Flops,
    /// Attention with every score computed: 4 t S q.
    pub attention: Flops,
    /// Attention with the scores a mask leaves out skipped.
    pub masked_attention: Flops,
    /// Attention scores (a t S), which eager attention stores.
    pub scores: f64,
    /// What fused kernels between the products move.
    pub fused: Moved,
    /// What the same kernels move where each operation is one.
    pub eager: Moved,
    /// Values the mixers' linear layers read and write.
    pub mixer_operands: f64,
    /// Values the feed-forward layers read and write.
    pub feed_forward_operands: f64,
    /// Values the output layer reads and writes.
    pub head_operands: f64,
    /// Logits (V t).
    pub logits: f64,
    /// Weights of linear layers that are read.
    pub weights: f64,
    /// Of them, weights of routed experts.
    pub experts: f64,
    /// Layers with routed experts.
    pub routing: f64,
    /// Values of the residual stream that are sent to experts, once for each that a token is routed to.
    pub routed: f64,
    /// Weights of the output layer.
    pub head_weights: f64,
    /// Words it scores.
    pub words: f64,
    /// Cached key, value and state values that are read.
    pub cached: f64,
    /// The same where every query head is given keys and values of its own (`repeat_kv`); none where it has them anyway.
    pub repeated: f64,
    /// What layers with a state instead read and write of it, in values of 16 bits: its format is never another.
    pub state: f64,
    /// What a prompt fetches of a cache in main memory.
    pub fetched: Bytes,
}

impl Pass {
    /// The pass of these tokens through a stack.
    pub fn of(stack: &Transformer, span: Span) -> Self {
        let tokens = span.sequences * span.new;
        let hidden = real(stack.hidden);
        let mut pass = Self { tokens, ..Self::default() };
        for group in &stack.layers {
            pass.add_layers(stack, group, span);
        }
        if stack.lm_head && stack.vocab > 0 {
            let scored = span.sequences * span.scored.min(span.new);
            pass.logits = real(stack.vocab) * scored;
            pass.words = real(stack.vocab);
            pass.head = stack.head_flops(scored);
            pass.head_weights = hidden * real(stack.vocab);
            pass.head_operands = hidden * scored + pass.logits;
        }
        // What turns pixels or sound into tokens runs once over the new input.
        if span.new > 1.0 {
            pass.linear += stack.front_flops(tokens);
        }
        // The norm after the last block.
        pass.fused.stream += FUSED.stream / 2.0 * hidden * tokens;
        pass.eager.stream += FUSED.stream / 2.0 * hidden * tokens;
        pass.scores *= match stack.style {
            BlockStyle::T5 => T5_SCORES,
            BlockStyle::TransformerXl => XL_SCORES,
            _ => 1.0,
        };
        pass.attention = pass.attention * stack.attention_products();
        pass.masked_attention = pass.masked_attention * stack.attention_products();
        pass
    }

    fn add_layers(&mut self, stack: &Transformer, group: &LayerGroup, span: Span) {
        let tokens = span.sequences * span.new;
        let (count, hidden) = (real(group.count), real(stack.hidden));
        self.layers += count;
        // Keys and values of cross-attention are made once, from the source.
        let read = if span.past > 0.0 { 0.0 } else { span.sequences * span.source };
        self.linear += Flops::new(count * group.linear_flops(stack.hidden, tokens, read));
        // Generation reads the segment before from a cache.
        let again = if span.new > 1.0 && span.past > 0.0 { stack.segment_flops(group, span.sequences, span.new) } else { 0.0 };
        self.linear += Flops::new(count * again);
        let (others, touched) = weights_touched(group, tokens * span.sharers);
        let experts = touched / span.sharers;
        self.weights += count * (others + experts);
        self.experts += count * experts;
        if let FeedForward::Experts { active, .. } = group.feed_forward {
            self.routing += count;
            self.routed += count * real(active) * tokens * hidden;
        }
        self.add_mixer(&group.mixer, count, span);
        if group.cross_attention {
            let cross = Flops::new(count * group.cross_flops(tokens, span.source));
            self.attention += cross;
            self.masked_attention += cross;
            self.scores += count * tokens * span.source * heads_of(&group.mixer);
            self.read_cache(count, span, span.source, 2.0 * group.mixer.key_width(), 0.0);
        }
        let (inner, gate) = inner_width(&group.feed_forward);
        let mixed = mixed_width(&group.mixer);
        // Attention to an encoder is a third part of a block, with a norm and a sum of its own.
        let parts = if group.cross_attention { 1.5 } else { 1.0 };
        for (moved, traffic) in [(&mut self.fused, FUSED), (&mut self.eager, eager(stack, gate > 0.0))] {
            let values = inner * (1.0 + gate) + mixed.inner;
            moved.add(traffic, parts * count * tokens * hidden, count * tokens * values, count * tokens * mixed.rotary);
        }
        self.mixer_operands += count * tokens * real(group.mixer_ports);
        self.feed_forward_operands += count * tokens * real(group.feed_forward_ports) * active_share(group);
    }

    /// Work of the mixers, and what their scores and caches move.
    fn add_mixer(&mut self, mixer: &Mixer, count: f64, span: Span) {
        let tokens = span.sequences * span.new;
        let keys = span.past + span.new;
        let mean = if span.causal { span.past + (span.new + 1.0) / 2.0 } else { keys };
        self.attention += Flops::new(count * tokens * mixer.unmasked_flops(keys));
        self.masked_attention += Flops::new(count * tokens * mixer.flops(mean));
        // Values cached for a token, values it has once every query head has keys and values of its own, and keys that have scores.
        let (cached, own, scored) = match *mixer {
            Mixer::Attention { .. } | Mixer::Hybrid { .. } => (2.0 * mixer.key_width(), 2.0 * mixer.query_width(), keys),
            Mixer::Latent { heads, qk_dim, v_dim, cached } => (real(cached), real(heads) * (real(qk_dim) + real(v_dim)), keys),
            Mixer::Compressed { head_dim, .. } => (real(head_dim), 0.0, mixer.visible(keys)),
            Mixer::Recurrent { .. } | Mixer::None => (0.0, 0.0, 0.0),
        };
        self.scores += count * tokens * scored * heads_of(mixer);
        self.read_cache(count, span, mixer.visible(mean), cached, if cached < own { own } else { 0.0 });
        if let Mixer::Recurrent { state, .. } | Mixer::Hybrid { state, .. } = *mixer {
            // The state is read and written in FP32 once per pass: four 16-bit values' worth.
            self.state += count * span.sequences * real(state) * 4.0;
        }
    }

    /// Cached values that a pass reads: of everything before it, or for one new token of what that one sees.
    fn read_cache(&mut self, count: f64, span: Span, visible: f64, cached: f64, repeated: f64) {
        let read = count * span.sequences * if span.new > 1.0 { span.past } else { visible };
        self.cached += read * cached;
        self.repeated += read * repeated;
    }

    /// Values all linear layers of the blocks read and write.
    pub fn operands(&self) -> f64 {
        self.mixer_operands + self.feed_forward_operands
    }

    /// All arithmetic of the forward pass as model FLOPs count it (masked scores included only where `causal` leaves them).
    pub fn flops(&self) -> Flops {
        self.linear + self.head + self.masked_attention
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::model::Network;

    fn work(stack: &Transformer, new: f64, source: f64) -> f64 {
        let pass = Pass::of(stack, Span { sequences: 1.0, new, past: 0.0, causal: false, source, scored: new, sharers: 1.0 });
        pass.flops().get()
    }

    /// What Transformer-XL does beside a decoder of its shape: it projects the segment before
    /// again, and has a third product over keys.
    #[test]
    fn a_segment_before_is_projected_and_attended_to_again() {
        let shape = serde_json::json!({"style": "transformer-xl", "hidden": 64, "layers": 2, "heads": 4, "ffn": 256, "vocab": 100});
        let model = crate::model::facts::read(&shape).expect("a complete shape");
        let Network::Transformer(stack) = &model.network else { panic!("a stack") };
        let span =
            Span { sequences: 3.0, new: 10.0, past: stack.segment(10.0), causal: false, source: 0.0, scored: 10.0, sharers: 1.0 };
        let (tokens, keys, square) = (30.0, 20.0, 64.0 * 64.0);
        let layer =
            tokens * (4.0 * square + 2.0 * 64.0 * 256.0) + tokens * 3.0 * square + keys * square + 3.0 * tokens * keys * 64.0;
        let expected = 2.0 * (2.0 * layer + tokens * 64.0 * 100.0);
        assert!((Pass::of(stack, span).flops().get() / expected - 1.0).abs() < 1e-12);
        let alone = Pass::of(stack, Span { sequences: 1.0, ..span }).flops().get();
        assert!((model.forward_flops(1, 10, 0).get() / alone - 1.0).abs() < 1e-12);
    }

    /// `Model::forward_flops` is what `tests/flops.rs` holds against PyTorch's counter.
    #[test]
    fn a_pass_does_the_work_that_pytorch_counts() {
        let catalog = Catalog::from_json(include_str!("../../../catalog.json")).expect("the shipped catalogue is readable");
        let mut checked = 0;
        for model in catalog.models() {
            let found = match &model.network {
                Network::Transformer(stack) => work(stack, real(stack.tokens(512)), 0.0),
                Network::EncoderDecoder { encoder, decoder } => work(encoder, 512.0, 0.0) + work(decoder, 128.0, 512.0),
                Network::Opaque(_) => continue,
            };
            let counted = model.forward_flops(1, 512, 128).get();
            assert!((found / counted - 1.0).abs() < 0.02, "{}: {found} against {counted}", model.id);
            checked += 1;
        }
        assert!(checked > 200, "{checked}");
    }
}
