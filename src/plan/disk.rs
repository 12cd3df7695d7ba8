//! What lies on the disk: the model, what a job leaves of it, its data, and the software.

use crate::estimate::{memory, trained_parameters};
use crate::request::{JobKind, Offload, Parallel, Setup, WeightFormat, distinct_tokens};
use crate::units::{Bytes, real};

/// Disk for CUDA, PyTorch and an environment, in GiB.
pub(super) const SOFTWARE_GIB: f64 = 30.0;
/// Bytes of a weight in a checkpoint to go on from: FP32 weights and two moments.
const RESUMED: f64 = 12.0;
/// Bytes of a weight as it is published.
const PUBLISHED: f64 = 2.0;
/// Bytes of a weight of adapters as PEFT leaves them: FP32.
const ADAPTED: f64 = 4.0;

/// Checkpoints that are kept, in the files of a plan, too: the last ones of a tuning; of a pre-training more, for one goes back beyond
/// the last where it went wrong.
pub(crate) const fn checkpoints(kind: JobKind) -> u64 {
    match kind {
        JobKind::Pretrain => 10,
        JobKind::FullFinetune | JobKind::Lora | JobKind::Qlora => 2,
        JobKind::Inference => 0,
    }
}

/// The model that is tuned or run, its checkpoints and result, the data and the software.
pub(super) fn disk(setup: &Setup) -> Bytes {
    Bytes::new(real(setup.model.parameters) * each(setup)) + training_data(setup) + Bytes::gib(SOFTWARE_GIB)
}

/// Bytes on disk for each weight of the model. Served weights lie there as they are read: what is made smaller while it is loaded,
/// as it was published.
pub(super) fn each(setup: &Setup) -> f64 {
    let recipe = &setup.recipe;
    let made_while_loading =
        matches!(recipe.weights, WeightFormat::Nf4 | WeightFormat::Nf4Double | WeightFormat::Int8 | WeightFormat::Fp8)
            && setup.model.released_weights != Some(recipe.weights);
    match setup.job.kind {
        JobKind::Inference if made_while_loading => setup.model.released_weights.map_or(PUBLISHED, |own| served(setup, own)),
        JobKind::Inference => served(setup, recipe.weights),
        JobKind::Lora | JobKind::Qlora => PUBLISHED + adapters(setup) / real(setup.model.parameters.max(1)),
        JobKind::Pretrain => trained(setup),
        JobKind::FullFinetune => PUBLISHED + trained(setup),
    }
}

/// Bytes of a weight of a result, and of the checkpoints to go on from.
fn trained(setup: &Setup) -> f64 {
    PUBLISHED + resumed(setup)
}

/// Bytes of a weight in all of the checkpoints that are kept.
fn resumed(setup: &Setup) -> f64 {
    RESUMED * real(checkpoints(setup.job.kind))
}

/// Bytes of what is trained beside a frozen model, and of the checkpoints to go on from.
fn adapters(setup: &Setup) -> f64 {
    trained_parameters(setup) * (ADAPTED + resumed(setup))
}

/// Bytes of a weight of one copy in a format, however many cards hold one or a part of it, or main memory does.
fn served(setup: &Setup, format: WeightFormat) -> f64 {
    let mut alone = setup.clone();
    (alone.rig.count, alone.recipe.parallel, alone.recipe.offload) = (1, Parallel::default(), Offload::None);
    alone.recipe.weights = format;
    let held = memory(&alone);
    // llama.cpp looks the token embedding up in main memory.
    (held.weights + held.host) / Bytes::new(real(setup.model.parameters))
}

/// What a stage of the path from nothing leaves: checkpoints and the result for training all weights or adapters, the stored weights
/// for serving.
pub(super) fn left(setup: &Setup) -> Bytes {
    let parameters = real(setup.model.parameters);
    match setup.job.kind {
        JobKind::Pretrain | JobKind::FullFinetune => Bytes::new(parameters * trained(setup)),
        JobKind::Lora | JobKind::Qlora => Bytes::new(adapters(setup)),
        JobKind::Inference => Bytes::new(parameters * served(setup, setup.recipe.weights)),
    }
}

/// The training data on disk: none for a job that only runs the model.
pub(super) fn training_data(setup: &Setup) -> Bytes {
    if setup.trains() { data(setup) } else { Bytes::ZERO }
}

/// Token ids of the text, each part of it once, of two bytes, or four where the vocabulary has more than 65,536 entries; images and recordings are not guessed.
pub(super) fn data(setup: &Setup) -> Bytes {
    let Some(vocabulary) = setup.model.vocabulary_read() else { return Bytes::ZERO };
    let tokens = distinct_tokens(&setup.model, setup.job.tokens);
    Bytes::new(tokens.get() * if vocabulary > 65_536 { 4.0 } else { 2.0 })
}
