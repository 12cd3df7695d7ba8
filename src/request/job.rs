//! What is to be done, with every quantity filled in.

use super::dataset::{Dataset, default_dataset};
use super::kind::JobKind;
use super::limits::{self, checked, large_count};
use super::recipe::Recipe;
use super::written::JobRequest;
use crate::error::RequestError;
use crate::model::{Category, Input, Model, Network};
use crate::units::{Tokens, real};

/// A complete job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// What kind of work.
    pub kind: JobKind,
    /// Tokens per training sequence (tokens, patches or frames, as the model counts them; image side for convolutional networks).
    pub sequence_length: u64,
    /// Decoder tokens of encoder-decoder models.
    pub target_length: u64,
    /// Whether batches carry padding (a mask), which changes the attention kernel and what is kept.
    pub padded: bool,
    /// Training tokens in all.
    pub tokens: Tokens,
    /// Sequences per optimizer step over all cards.
    pub global_batch: u64,
    /// Inference: prompt tokens.
    pub prompt: u64,
    /// Inference: generated tokens.
    pub output: u64,
    /// Inference: requests at once.
    pub concurrency: u64,
    /// Inference: texts that a beam search keeps of each request; one is greedy.
    pub beams: u64,
    /// Inference: logits of every prompt token are kept (scoring, perplexity), not only the last.
    pub all_logits: bool,
}

/// The job of a request; `recipe` and its parallel plan give the default batch.
pub(crate) fn job(written: &JobRequest, recipe: &Recipe, model: &Model) -> Result<Job, RequestError> {
    let sequence_length = large_count("sequenceLength", written.sequence_length, default_sequence_length(model), limits::LENGTH)?;
    let per_step = recipe.micro_batch.saturating_mul(recipe.gradient_accumulation).saturating_mul(u64::from(recipe.parallel.data));
    Ok(Job {
        kind: written.kind,
        sequence_length,
        target_length: large_count("targetLength", written.target_length, (sequence_length / 4).max(64), limits::LENGTH)?,
        padded: written.padded.unwrap_or(false),
        tokens: Tokens::new(training_tokens(written, model, sequence_length)?),
        global_batch: large_count("globalBatch", written.global_batch, per_step.max(1), limits::GLOBAL_BATCH)?,
        prompt: large_count("prompt", written.prompt, default_prompt(model, sequence_length), limits::LENGTH)?,
        output: large_count("output", written.output, default_output(model), limits::OUTPUT)?,
        concurrency: large_count("concurrency", written.concurrency, 1, limits::CONCURRENCY)?,
        beams: large_count("beams", written.beams, 1, limits::BEAMS)?,
        all_logits: written.all_logits.unwrap_or(false),
    })
}

/// `tokens`, or `samples x epochs x sequence`, or the default amount of data for this kind of model.
fn training_tokens(written: &JobRequest, model: &Model, sequence_length: u64) -> Result<f64, RequestError> {
    if let Some(tokens) = written.tokens {
        return checked("tokens", tokens, limits::TOKENS);
    }
    let epochs = checked("epochs", written.epochs.unwrap_or(1.0), limits::EPOCHS)?;
    if let Some(samples) = written.samples {
        return Ok(checked("samples", samples, limits::SAMPLES)? * epochs * real(sequence_length));
    }
    Ok(match default_dataset(written.kind, model) {
        Dataset::Tokens(tokens) => tokens * epochs,
        Dataset::Samples(samples) => samples * epochs * real(sequence_length),
    })
}

/// What is read: a text that is answered in one pass is as long as the ones that are learnt
/// from, and never longer than the model takes.
const fn default_prompt(model: &Model, sequence_length: u64) -> u64 {
    match model.category {
        Category::Encoder | Category::EncoderDecoder => sequence_length,
        _ => 1024,
    }
}

/// Tokens that half a minute of speech is written in: 150 words a minute, 1.3 tokens a word, and the marks of time.
const SPOKEN: u64 = 110;

/// What is generated: the denoising steps of the model's own pipeline, the text of a window of speech, else 256 tokens.
const fn default_output(model: &Model) -> u64 {
    match (&model.denoising, model.category) {
        (Some(denoising), _) => denoising.steps,
        (None, Category::SpeechRecognition) => SPOKEN,
        (None, _) => 256,
    }
}

/// The model's own input size where it has one, else 2048 tokens or the context it was made for.
fn default_sequence_length(model: &Model) -> u64 {
    let own = |input: &Input| match input {
        Input::Tokens => None,
        Input::Patches { tokens, .. } | Input::Latents { tokens, .. } => Some(*tokens),
        Input::Audio { frames } => Some(*frames),
    };
    let fallback = 2048.min(model.max_context.unwrap_or(2048)).max(1);
    match &model.network {
        Network::Transformer(stack) => own(&stack.input).unwrap_or(fallback),
        Network::EncoderDecoder { encoder, .. } => own(&encoder.input).unwrap_or(fallback.min(512)),
        Network::Opaque(opaque) => opaque.image_side.unwrap_or(1),
    }
}
