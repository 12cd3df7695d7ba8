//! Operations of a pass as PyTorch's `FlopCounterMode` counts them: two per multiply-add, every score of attention, masked or not.
//!
//! A trained linear layer costs two forward passes more, one for the gradient of its input and one for that of its weights; a
//! frozen one only the first. Attention's backward pass has five products to forward's two where scores are computed again, four
//! where they were kept. Checkpointing computes the blocks again, up to the last product whose result is kept.

use super::pass::{Pass, Span};
use super::train::stacks;
use crate::estimate::adapters::Adapters;
use crate::model::{BlockStyle, Category, FeedForward, Input, LayerGroup, Mixer, Network, Transformer};
use crate::request::{AttentionKernel, Checkpointing, JobKind, Setup};
use crate::units::{Flops, real};

/// Operations of one micro-batch, or of reading the prompts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operations {
    /// The forward pass.
    pub forward: Flops,
    /// The backward pass, with what is computed again; nothing in inference.
    pub backward: Flops,
}

impl Operations {
    /// Both.
    #[must_use]
    pub fn all(&self) -> Flops {
        self.forward + self.backward
    }

    fn add(&mut self, forward: Flops, backward: f64) {
        self.forward += forward;
        self.backward += forward * backward;
    }
}

/// Operations of one micro-batch on one card of its own, or of reading the prompts of all requests.
#[must_use]
pub fn operations(setup: &Setup) -> Operations {
    let mut all = Operations { forward: Flops::ZERO, backward: Flops::ZERO };
    let sequences = real(if setup.trains() { setup.recipe.micro_batch } else { setup.job.concurrency });
    if let Network::Opaque(network) = &setup.model.network {
        let once = network.forward_flops * network.standard_inputs(setup.input_length());
        let again = if setup.recipe.checkpointing.recomputes_blocks() { 1.0 } else { 0.0 };
        all.add(Flops::new(once * sequences), if setup.trains() { 2.0 + again } else { 0.0 });
        return all;
    }
    for (stack, tokens, source) in inputs(setup).into_iter().flatten() {
        let scored = if setup.trains() || setup.job.all_logits || !stack.lm_head { tokens } else { 1.0 };
        let past = if setup.trains() { stack.segment(tokens) } else { 0.0 };
        let pass = Pass::of(stack, Span { sequences, new: tokens, past, causal: false, source, scored, sharers: 1.0 });
        let (front, head) = (stack.front_flops(sequences * tokens), output(setup, stack, &pass, sequences * tokens));
        if setup.trains() {
            train(&mut all, setup, stack, &pass, front, head, sequences * tokens);
        } else {
            all.add(pass.linear + pass.attention + head, 0.0);
        }
    }
    all
}

/// The stacks, the tokens each reads, and those of an encoder it attends to.
fn inputs(setup: &Setup) -> [Option<(&Transformer, f64, f64)>; 2] {
    let length = real(setup.input_length());
    match &setup.model.network {
        _ if setup.trains() => stacks(&setup.model, setup),
        Network::Transformer(stack) => {
            let text = setup.model.text_beside().map(|(text, tokens)| (text, tokens, 0.0));
            [Some((stack, real(stack.tokens(setup.input_length())), 0.0)), text]
        }
        Network::EncoderDecoder { encoder, decoder } => {
            let heard = match encoder.input {
                Input::Audio { frames } => real(frames),
                Input::Tokens | Input::Patches { .. } | Input::Latents { .. } => length,
            };
            [Some((encoder, heard, 0.0)), Some((decoder, 1.0, heard))]
        }
        Network::Opaque(_) => [None, None],
    }
}

/// The output layer; encoders that learn masked words pass one more square layer before it.
fn output(setup: &Setup, stack: &Transformer, pass: &Pass, tokens: f64) -> Flops {
    if setup.model.category == Category::Encoder && setup.job.kind == JobKind::Pretrain {
        return Flops::new(2.0 * tokens * real(stack.hidden) * (real(stack.hidden) + real(stack.vocab)));
    }
    pass.head
}

fn train(all: &mut Operations, setup: &Setup, stack: &Transformer, pass: &Pass, front: Flops, head: Flops, tokens: f64) {
    let frozen = setup.adapters_only();
    let recipe = &setup.recipe;
    let eager = matches!(recipe.attention, AttentionKernel::Eager | AttentionKernel::Math) || stack.soft_capped;
    let again = if recipe.checkpointing.recomputes_blocks() { 1.0 } else { 0.0 };
    let scores_again = if recipe.checkpointing == Checkpointing::None { 0.0 } else { 1.0 };
    let blocks = pass.linear - front;
    let adapters = Flops::new(2.0 * tokens * if frozen { Adapters::of(setup).of_stack(stack) } else { 0.0 });
    // Nothing asks for the gradient of pixels and sound, nor of what frozen convolutions make of them.
    all.add(front, if frozen { 0.0 } else { 2.0 });
    if !frozen {
        all.backward = all.backward - stack.first_front_flops(tokens);
    }
    all.add(blocks, again + if frozen { 1.0 } else { 2.0 });
    all.add(pass.attention, scores_again + if eager { 2.0 } else { 2.5 });
    all.add(head, if frozen && !setup.trains_embeddings() { 1.0 } else { 2.0 });
    all.add(adapters, 2.0 + again);
    if again > 0.0 {
        all.backward = all.backward - skipped(setup, stack, tokens);
    } else if frozen && !setup.trains_embeddings() {
        all.backward = all.backward - first_inputs(stack, tokens);
    }
}

/// Products that recomputation leaves out: it stops at the last tensor that is kept, so where neither a norm nor dropout follows
/// the last layer of a block, that layer is not computed again.
fn skipped(setup: &Setup, stack: &Transformer, tokens: f64) -> Flops {
    let ends_in_a_sum = matches!(stack.style, BlockStyle::Llama | BlockStyle::Vit | BlockStyle::Whisper);
    let adapted = setup.adapters_only() && super::train::adapts_feed_forward(setup);
    if !ends_in_a_sum || adapted {
        return Flops::ZERO;
    }
    let last = |group: &LayerGroup| match group.feed_forward {
        FeedForward::Dense { ffn, .. } => real(group.count) * real(ffn) * real(stack.hidden),
        FeedForward::Experts { .. } | FeedForward::None => 0.0,
    };
    Flops::new(2.0 * tokens * stack.layers.iter().map(last).sum::<f64>())
}

/// Gradients of the first block's input, which frozen embeddings do not ask for: those of its query, key and value.
fn first_inputs(stack: &Transformer, tokens: f64) -> Flops {
    let Some(group) = stack.layers.first() else { return Flops::ZERO };
    match group.mixer {
        Mixer::Attention { .. } => {
            let widths = group.mixer.query_width() + 2.0 * group.mixer.key_width();
            Flops::new(2.0 * tokens * real(stack.hidden) * widths)
        }
        _ => Flops::ZERO,
    }
}
