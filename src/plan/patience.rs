//! How long people usually wait for a kind of job, where they set no deadline.

use crate::estimate::Time;
use crate::model::{Category, Input, Network, Transformer};
use crate::request::{JobKind, Setup};
use crate::units::{Seconds, real};

const DAY: f64 = 86_400.0;

/// What a job of this kind may take before a plan ranks behind all that are quicker.
///
/// - Pre-training a language model: 90 days, about what the largest published runs took (Llama 2 70B, arXiv 2307.09288: 1.7 million
///   GPU-hours on some 2,000 cards). Other training from scratch: 14 days (ResNet-50 took its authors two to three weeks,
///   arXiv 1512.03385). Fitting a scene: one day.
/// - Tuning: 3 days, a long weekend.
/// - Running: as fast as people read ([`READING`]), after a minute for the prompt; two minutes for an image or a recording, and for
///   a video as many times that as it has latent tokens of an image (a Wan 2.1 clip of five seconds has eight times as many; its
///   authors find four minutes on an RTX 4090 worth naming).
///
/// These are defaults for ordering, not measurements: a deadline replaces them.
pub(super) fn patience(setup: &Setup) -> Seconds {
    let days = |days: f64| Seconds::new(days * DAY);
    let text = setup.model.has_vocabulary() || matches!(setup.model.category, Category::Encoder);
    match setup.job.kind {
        JobKind::Pretrain if setup.model.category == Category::SceneReconstruction => days(1.0),
        JobKind::Pretrain if text => days(90.0),
        JobKind::Pretrain => days(14.0),
        JobKind::FullFinetune | JobKind::Lora | JobKind::Qlora => days(3.0),
        JobKind::Inference if setup.model.has_vocabulary() => Seconds::new(60.0 + real(setup.job.output) / READING),
        JobKind::Inference => Seconds::new(120.0 * images(setup)),
    }
}

/// Tokens a second of silent reading: about 240 words a minute (Brysbaert 2019, a mean over 190
/// studies) at three quarters of a word each.
const READING: f64 = 5.0;

/// Latent tokens of an image of 1,024 pixels a side, at two pixels of a latent an eighth as wide.
const IMAGE_TOKENS: f64 = 4096.0;

/// How many images of 1,024 pixels what is made is as large as; at least one.
fn images(setup: &Setup) -> f64 {
    let latents = match &setup.model.network {
        Network::Transformer(Transformer { input: Input::Latents { .. }, .. }) => real(setup.job.sequence_length),
        _ => 0.0,
    };
    (latents / IMAGE_TOKENS).max(1.0)
}

/// How much longer than that an estimate may say: about the high end of what turns out in time (1.28 standard
/// deviations of the logarithm of times, which are 0.2 where work is measured best). The same for every card, for the
/// order must not turn on what was measured.
const LEEWAY: f64 = 1.3;

/// How many times as long as people wait a job may take that only main memory makes possible: an order of magnitude, an
/// assumption. What takes longer is no answer.
pub(super) const LAST_RESORT: f64 = 10.0;

/// What a job may take by its estimate before its plan is late.
pub(super) fn latest(setup: &Setup) -> Seconds {
    patience(setup) * LEEWAY
}

/// Whether each answer comes as fast as it is read, once it comes; of what makes no text there is nothing to read. The minute for
/// the prompt, which [`patience`] grants as well, is no help to whoever watches an answer crawl.
pub(super) fn keeps_up_with_reading(setup: &Setup, time: &Time) -> bool {
    let answers = setup.job.kind == JobKind::Inference && setup.model.has_vocabulary() && setup.model.reads_text();
    !answers || time.main.tokens_per_second * LEEWAY >= READING * real(setup.job.concurrency.max(1))
}

/// How often what people wait for a setup has to be doubled until it is done; not at all where it ends in usual time. Of two jobs
/// that nobody waits for the one that ends years earlier is better, whatever it costs.
pub(super) fn lateness(setup: &Setup, time: Seconds) -> u32 {
    let (mut waits, mut doubled) = (latest(setup), 0);
    while time > waits {
        (waits, doubled) = (waits * 2.0, doubled + 1);
    }
    doubled
}
