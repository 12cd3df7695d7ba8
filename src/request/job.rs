//! What is to be done, with every quantity filled in.

use super::recipe::JobKind;
use crate::units::Tokens;

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
    /// Inference: logits of every prompt token are kept (scoring, perplexity), not only the last.
    pub all_logits: bool,
}
