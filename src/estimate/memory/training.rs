//! Peak of a training step: what stays, what forward keeps, and the candidate moments.

use super::communication::communication;
use super::forward::Forward;
use super::learnt::Learnt;
use super::peak::Parts;
use super::run::Run;
use super::weights::{Inventory, StoredWeights, unpacked_output};
use crate::model::{Model, Network, Opaque, Transformer};
use crate::request::Stack;
use crate::units::{Bytes, real};

/// Share of gradients that exist and of activations that are held while the backward pass leaves the classifier and each of four
/// stages, the last first: late stages of a convolutional network have most of its weights and few of its activations. Held are
/// what earlier stages keep and three tensors of the size they hand over: gradients of both branches of the first block, and their
/// sum (ResNet-50 as arXiv 1512.03385 describes it: 25.6 million weights, 20.9 million values kept).
const CONVOLUTIONAL_STAGES: [(f64, f64); 4] = [(0.080, 1.0), (0.666, 0.974), (0.943, 0.805), (0.991, 0.585)];

/// Peak of a training step and what is moved to the host (per card).
pub(super) struct TrainingPeak {
    /// Parts at the peak.
    pub parts: Parts,
    /// Bytes on the host.
    pub host: f64,
    /// Bytes of other moments whose freed blocks the allocator keeps at the peak.
    pub idle: f64,
}

/// Weights, states and buffers stay for the whole step; the largest of the candidate moments comes on top of them.
pub(super) fn training(run: &Run, stored: &StoredWeights) -> TrainingPeak {
    let forward = Forward::of(run);
    let learnt = Learnt::of(run);
    let weights = stored.card.get() + learnt.weights;
    let host = stored.host.get()
        + if learnt.away.states { learnt.states } else { 0.0 }
        + if learnt.away.gradients { learnt.gradients } else { 0.0 }
        + if learnt.away.weights { weights } else { 0.0 }
        + forward.on_host * run.stage;
    let host = host.max(loading(run, learnt.away.weights));
    let base = Parts {
        weights: if learnt.away.weights { 0.0 } else { weights },
        gradients: if run.accumulates() { learnt.alive } else { 0.0 },
        optimizer: if learnt.away.states { 0.0 } else { learnt.states },
        communication: communication(run, learnt.away.weights, learnt.unshared),
        ..Parts::default()
    };
    let held = Held::of(run, &forward);
    let parts = moments(run, base, &forward, &learnt, &held);
    let parts = parts.or(Parts { weights: base.weights, communication: unsharded(run, weights), ..Parts::default() });
    let most_activations = held.differentiating().max(held.kept + forward.logits.kept + forward.logits.backward);
    let most_gradients = learnt.alive + learnt.step_on_card();
    let changing = parts.activations + parts.logits + (parts.sum() - base.sum() - parts.activations - parts.logits).max(0.0);
    TrainingPeak { parts, host, idle: (most_activations + most_gradients - changing).max(0.0) }
}

/// Bytes of main memory, for each card, that loading takes where cards are to share frozen weights, or these are to wait there: one
/// process of each machine reads them as they are released, in 16 bits, however few they are stored in afterwards, and hands them
/// on. For FSDP-QLoRA of 70 billion, which are 138 to 141 GB in 16 bits and 36 to 40 in NF4, 107 GB are reported (PEFT's
/// documentation), 127 GB (philschmid.de) and just over 128 GB (Answer.AI, whose two RTX 3090 with 128 GB needed a swap file).
fn loading(run: &Run, away: bool) -> f64 {
    let (setup, rig) = (run.setup, &run.setup.rig);
    let handed_on = (away || run.split.weights() > 1.0) && setup.recipe.stack.loads_in_one_process();
    if run.trains_base() || !handed_on {
        return 0.0;
    }
    passing_through(&setup.model).get() * f64::from(rig.machines()) / f64::from(rig.count.max(1))
}

/// All weights as they are released, in 16 bits.
pub(crate) fn passing_through(model: &Model) -> Bytes {
    const RELEASED: f64 = 2.0;
    Bytes::new(RELEASED * real(model.parameters))
}

/// Activations on the fullest stage.
struct Held {
    /// Of one micro-batch.
    kept: f64,
    /// Of all that are on their way through a pipeline.
    flying: f64,
    /// Of the layer that is differentiated, where it was recomputed.
    recomputed: f64,
    /// More while it is differentiated.
    work: f64,
}

impl Held {
    fn of(run: &Run, forward: &Forward) -> Self {
        let in_flight = run.split.pipeline.min(real(run.setup.recipe.gradient_accumulation.max(1)));
        let kept = forward.kept * run.stage;
        Self {
            kept: kept + forward.copies,
            flying: kept * in_flight + forward.copies,
            recomputed: if run.checkpoints() { forward.layer.kept } else { 0.0 },
            work: forward.layer.working,
        }
    }

    /// While the last layers are differentiated.
    fn differentiating(&self) -> f64 {
        self.flying + self.recomputed + self.work
    }
}

/// The largest of the candidate moments:
///
/// 1. start of the backward pass: everything kept and the gradient of the logits;
/// 2. last layers' backward pass: the output layer's gradient exists, the logits are gone;
/// 3. end of the backward pass: all gradients, and both halves of a tied embedding's gradient;
/// 4. first layer's recomputation, with the gradients of all others;
/// 5. optimizer step: all gradients and its temporaries;
///
/// and those of networks of two stacks, or of stages that narrow.
fn moments(run: &Run, base: Parts, forward: &Forward, learnt: &Learnt, held: &Held) -> Parts {
    let moment = |gradients: f64, activations: f64, logits: f64, step: f64| Parts {
        gradients: base.gradients.max(gradients),
        activations: activations + forward.input,
        logits,
        optimizer: base.optimizer + step,
        ..base
    };
    let all = learnt.alive;
    let matrix = if run.trains_base() { forward.layer.matrix * learnt.width } else { 0.0 };
    let scores = forward.logits.kept + forward.logits.backward + unpacked_output(run);
    let parts = moment(matrix.min(all), held.kept + held.work.min(forward.kept), 0.0, 0.0)
        .or(moment(0.0, held.kept, scores, 0.0))
        .or(moment(learnt.head, held.differentiating(), 0.0, 0.0))
        .or(moment(all + learnt.second_half, 0.0, 0.0, 0.0))
        .or(moment(learnt.before_first, forward.layer.checkpoint + forward.layer.kept + held.work, 0.0, 0.0))
        .or(moment(all, 0.0, 0.0, learnt.step_on_card()));
    match &run.setup.model.network {
        Network::EncoderDecoder { decoder, .. } => {
            let done = all * decoder_share(decoder, &run.inventory) + learnt.head * if learnt.tied { 1.0 } else { 2.0 };
            parts.or(moment(done.min(all + learnt.head), forward.encoder + forward.copies + held.work, 0.0, 0.0))
        }
        // The stages of a UNet narrow and widen again.
        Network::Opaque(Opaque { image_side: Some(_), .. }) if run.setup.model.denoising.is_none() => CONVOLUTIONAL_STAGES
            .iter()
            .fold(parts, |peak, (gradients, kept)| peak.or(moment(all * gradients, forward.kept * kept, 0.0, 0.0))),
        Network::Transformer(_) | Network::Opaque(_) => parts,
    }
}

/// Weights beside the shards while they are made: Lightning Fabric, under LitGPT, builds the whole model on each card first.
fn unsharded(run: &Run, shard: f64) -> f64 {
    let replicas = run.split.weights();
    if run.setup.recipe.stack == Stack::Litgpt && replicas > 1.0 { shard * replicas } else { 0.0 }
}

/// Share of a model's block weights that are the decoder's.
fn decoder_share(decoder: &Transformer, inventory: &Inventory) -> f64 {
    let linear: f64 = decoder.layers.iter().map(|group| real(group.count) * real(group.linear_parameters)).sum();
    if inventory.total() > 0.0 { (linear / inventory.total()).min(1.0) } else { 0.0 }
}
