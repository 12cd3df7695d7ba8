//! How much a job trains on when the request does not say.

use super::kind::JobKind;
use crate::model::{Category, Input, Model, Network, Transformer};
use crate::units::{Tokens, real};

/// A default amount of training data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Dataset {
    /// This many tokens.
    Tokens(f64),
    /// This many samples, passes included.
    Samples(f64),
}

/// Tokens for each parameter that make the best model for a given amount of arithmetic (Hoffmann et al. 2022, arXiv 2203.15556, table 3).
pub const COMPUTE_OPTIMAL: f64 = 20.0;

/// Tokens that encoders read in pre-training: a million steps of 256 sequences of 512, about 40 passes over 3.3 billion words, as
/// BERT (arXiv 1810.04805, appendix A.2) whatever its size. They learn from the words that are masked alone, about one in seven,
/// and later ones read more: RoBERTa half a million steps of 8,000 sequences of 512, 2.05 trillion tokens (arXiv 1907.11692).
pub const MASKED: f64 = MASKED_STEPS * MASKED_BATCH * MASKED_LENGTH;
/// Their steps.
pub const MASKED_STEPS: f64 = 1e6;
/// Sequences of each.
pub const MASKED_BATCH: f64 = 256.0;
/// Tokens of a sequence.
pub const MASKED_LENGTH: f64 = 512.0;

/// How often they read the same text.
const MASKED_PASSES: f64 = 40.0;

/// The tokens of a pre-training, each counted once: encoders read no more text than BERT, but often; the others all of theirs once.
pub(crate) fn distinct_tokens(model: &Model, tokens: Tokens) -> Tokens {
    if model.category == Category::Encoder { tokens.min(Tokens::new(MASKED / MASKED_PASSES)) } else { tokens }
}

/// Tokens of text that a model's pre-training takes where nobody says how many.
pub(crate) fn suited_tokens(model: &Model) -> Tokens {
    if model.category == Category::Encoder { Tokens::new(MASKED) } else { compute_optimal(model) }
}

/// Tokens of text that suit a model's pre-training. The law weighs parameters against tokens at a given amount of arithmetic, which is
/// six operations for each parameter that a token passes: so of a model with routed experts the active ones count, which is also how
/// laws fitted to such models measure size (arXiv 2502.05172).
fn compute_optimal(model: &Model) -> Tokens {
    Tokens::new(COMPUTE_OPTIMAL * real(model.active_parameters))
}

/// Tokens of text for language models, samples for the rest:
///
/// - pre-training text: [`compute_optimal`]; tuning: 10 million tokens, a few thousand long examples;
/// - pre-training encoders: [`MASKED`], for the law is of models that predict every next token;
/// - vision: ImageNet-1k, 90 passes over 1,281,167 images (arXiv 1512.03385); tuning 100,000 images; from 512 pixels a side, which
///   detectors and segmenters read: COCO, 118,287 images, 72 passes from random weights (arXiv 1811.08883) and 12 for tuning (the
///   usual 1x schedule);
/// - speech recognition: LibriSpeech, 50 passes over 281,241 utterances; tuning 60,000;
/// - speech synthesis: LJSpeech, 1,000 passes over 13,100 clips; tuning 100 passes; denoisers of sound, which learn every voice there is,
///   1.2 million steps of 307,200 frames (F5-TTS, arXiv 2410.06885: 95,000 hours, over a week of eight A100);
/// - driving: nuScenes, 24 passes over 28,130 key frames (arXiv 2203.17270);
/// - diffusion: 1.2 billion images, as Stable Diffusion 1.x saw (its model card); tuning 10,000;
/// - neural rendering: 30,000 iterations of one view (arXiv 2308.04079).
pub(super) fn default_dataset(kind: JobKind, model: &Model) -> Dataset {
    let pretrain = matches!(kind, JobKind::Pretrain);
    let samples = |all: f64, tuning: f64| Dataset::Samples(if pretrain { all } else { tuning });
    match model.category {
        Category::Llm | Category::LlmMoe | Category::Encoder | Category::EncoderDecoder => {
            Dataset::Tokens(if pretrain { suited_tokens(model).get() } else { 1e7 })
        }
        Category::Vision if pixel_side(model) >= DETECTION_SIDE => samples(118_287.0 * 72.0, 118_287.0 * 12.0),
        Category::Vision => samples(1_281_167.0 * 90.0, 100_000.0),
        Category::SpeechRecognition => samples(281_241.0 * 50.0, 60_000.0),
        Category::SpeechSynthesis if pretrain && denoises(model) => Dataset::Tokens(1.2e6 * 307_200.0),
        Category::SpeechSynthesis => samples(13_100.0 * 1_000.0, 13_100.0 * 100.0),
        Category::Driving => samples(28_130.0 * 24.0, 28_130.0 * 24.0),
        Category::Diffusion => samples(1.2e9, 10_000.0),
        Category::SceneReconstruction => samples(30_000.0, 30_000.0),
    }
}

/// Whether noise is made into what is wanted.
const fn denoises(model: &Model) -> bool {
    matches!(&model.network, Network::Transformer(Transformer { input: Input::Latents { .. }, .. }))
}

/// Side of the images that detectors and segmenters read, at least; classifiers read smaller ones.
const DETECTION_SIDE: f64 = 512.0;

/// Side of a model's standard image in pixels; none of what reads no images.
pub(super) fn pixel_side(model: &Model) -> f64 {
    match &model.network {
        Network::Opaque(network) => network.image_side.map_or(0.0, real),
        Network::Transformer(Transformer { input: Input::Patches { patch, tokens }, .. }) => real(*patch) * real(*tokens).sqrt(),
        Network::Transformer(_) | Network::EncoderDecoder { .. } => 0.0,
    }
}
