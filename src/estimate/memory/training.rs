//! Peak of a training step: what stays, what forward keeps, and the candidate moments.

use super::communication::communication;
use super::forward::{Forward, adapter_parameters, doubles_embedding, output_layer, trained_tables};
use super::peak::Parts;
use super::run::Run;
use super::states::{state_widths, table_widths};
use super::weights::{Inventory, StoredWeights, unpacked_output};
use crate::model::{Network, Opaque, Transformer};
use crate::request::{Offload, Optimizer, OptimizerKernel, Stack};
use crate::units::real;

/// Share of gradients that exist and of activations that are held while the backward pass leaves the classifier and each of four
/// stages, the last first: late stages of a convolutional network have most of its weights and few of its activations. Held are what
/// earlier stages keep and three tensors of the size they hand over: gradients of both branches of the first block, and their sum
/// (ResNet-50 as arXiv 1512.03385 describes it: 25.6 million weights, 20.9 million values kept).
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

/// The largest of the candidate moments:
///
/// 1. start of the backward pass: everything kept and the gradient of the logits;
/// 2. last layers' backward pass: the output layer's gradient exists, the logits are gone;
/// 3. end of the backward pass: all gradients, and both halves of a tied embedding's gradient;
/// 4. first layer's recomputation, with the gradients of all others;
/// 5. optimizer step: all gradients and its temporaries.
pub(super) fn training(run: &Run, inventory: &Inventory, stored: &StoredWeights) -> TrainingPeak {
    let forward = Forward::of(run, inventory);
    let widths = state_widths(run);
    let on_card = inventory.on_card(run);
    let adapters = adapter_parameters(run);
    let trained = if run.trains_base() { on_card.total() } else { adapters };
    let (tables, beside) = (trained_tables(run, inventory), table_widths(run));
    let trains_tables = run.trains_base() || tables > 0.0;
    let table_width = if run.trains_base() { widths.gradient } else { beside.gradient };
    let head = if trains_tables { output_layer(run, inventory) } else { 0.0 };
    let tied = doubles_embedding(run, inventory);
    let embedding = if trains_tables { on_card.embedding } else { 0.0 };
    let layer_weights = trained_layer(run, inventory, trained);

    let among = |replicas: f64| if run.trains_base() { on_card.shared(run, replicas) / replicas } else { trained / replicas };
    let gradients = among(run.split.gradients()) * widths.gradient + tables * beside.gradient / run.split.gradients();
    let head_gradient = head * table_width / run.split.gradients();
    let in_backward = run.setup.recipe.optimizer_kernel == OptimizerKernel::InBackward;
    let offload = run.setup.recipe.offload;
    // Paged states live in unified memory and leave the card when it is full, so they are not needed there.
    let paged = run.setup.recipe.optimizer == Optimizer::PagedAdamw8bit;
    let gradients_off = matches!(offload, Offload::Optimizer | Offload::OptimizerAndWeights);
    let states_off = paged || gradients_off;
    let weights_off = offload == Offload::OptimizerAndWeights;
    let all_gradients =
        if in_backward || gradients_off { gradients.min((layer_weights * widths.gradient).max(head_gradient)) } else { gradients };
    let states = among(run.split.optimizer()) * widths.states + tables * beside.states / run.split.optimizer();
    let step = among(run.split.optimizer()) * widths.step + tables * beside.step / run.split.optimizer();
    let adapter_weights = (adapters * run.widths.trained + tables * beside.gradient) / run.split.weights();

    let weights = stored.card.get() + adapter_weights;
    let host = stored.host.get()
        + if states_off { states } else { 0.0 }
        + if gradients_off { gradients } else { 0.0 }
        + if weights_off { weights } else { 0.0 }
        + forward.on_host * run.split.stage_share(inventory.layers);
    let communication = communication(run, inventory, weights_off, trained * widths.gradient + tables * beside.gradient);
    let base = Parts {
        weights: if weights_off { 0.0 } else { weights },
        gradients: if run.accumulates() { all_gradients } else { 0.0 },
        optimizer: if states_off { 0.0 } else { states },
        communication,
        ..Parts::default()
    };

    let in_flight = run.split.pipeline.min(real(run.setup.recipe.gradient_accumulation.max(1)));
    let stage = run.split.stage_share(inventory.layers);
    let kept = forward.kept * stage + forward.copies;
    let flying = forward.kept * stage * in_flight + forward.copies;
    let work = forward.layer.working;
    let recomputed = if run.checkpoints() { forward.layer.kept } else { 0.0 };
    let moment = |gradients: f64, activations: f64, logits: f64, step: f64| {
        let mut parts = base;
        parts.gradients = parts.gradients.max(gradients);
        parts.activations = activations + forward.input;
        parts.logits = logits;
        parts.optimizer += step;
        parts
    };
    let double_head = if tied { 2.0 * head_gradient } else { 0.0 };
    let outside_head = if tied && head > 0.0 { 0.0 } else { embedding * table_width / run.split.gradients() };
    let first = (all_gradients - layer_weights * widths.gradient / run.split.gradients() - outside_head).max(0.0);
    let last_step = if states_off { 0.0 } else { step };
    let matrix = if run.trains_base() { forward.layer.matrix * widths.gradient } else { 0.0 };
    let parts = moment(matrix.min(all_gradients), kept + work.min(forward.kept), 0.0, 0.0)
        .or(moment(0.0, kept, forward.logits.kept + forward.logits.backward + unpacked_output(run, inventory), 0.0))
        .or(moment(head_gradient, flying + recomputed + work, 0.0, 0.0))
        .or(moment(all_gradients + if in_backward { 0.0 } else { double_head }, 0.0, 0.0, 0.0))
        .or(moment(first, forward.layer.checkpoint + forward.layer.kept + work, 0.0, 0.0))
        .or(moment(all_gradients, 0.0, 0.0, last_step));
    let parts = match &run.setup.model.network {
        Network::EncoderDecoder { decoder, .. } => {
            let done = all_gradients * decoder_share(decoder, inventory) + head_gradient * if tied { 1.0 } else { 2.0 };
            parts.or(moment(done.min(all_gradients + head_gradient), forward.encoder + forward.copies + work, 0.0, 0.0))
        }
        _ => parts,
    };
    // The stages of a UNet narrow and widen again.
    let parts = match run.setup.model.network {
        Network::Opaque(Opaque { image_side: Some(_), .. }) if run.setup.model.denoising.is_none() => {
            CONVOLUTIONAL_STAGES.iter().fold(parts, |peak, (gradients_share, kept_share)| {
                peak.or(moment(all_gradients * gradients_share, forward.kept * kept_share, 0.0, 0.0))
            })
        }
        _ => parts,
    };
    let parts = parts.or(Parts { weights: base.weights, communication: unsharded(run, weights), ..Parts::default() });
    let most_activations = (flying + recomputed + work).max(kept + forward.logits.kept + forward.logits.backward);
    let most_gradients = all_gradients + last_step;
    let changing = parts.activations + parts.logits + (parts.sum() - base.sum() - parts.activations - parts.logits).max(0.0);
    TrainingPeak { parts, host, idle: (most_activations + most_gradients - changing).max(0.0) }
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

/// Trained weights of one layer.
fn trained_layer(run: &Run, inventory: &Inventory, trained: f64) -> f64 {
    if inventory.layers < 1.0 {
        return trained;
    }
    if run.trains_base() {
        (inventory.linear + inventory.experts / run.split.expert) / inventory.layers / run.split.tensor
    } else {
        trained / (inventory.layers / run.split.pipeline).max(1.0)
    }
}
