//! A typical dense model of a given size, when no model is named.

use super::facts::ModelFacts;
use super::{Model, stacks};
use crate::document::{Blank, Decimal};
use crate::error::{ErrorCode, Limit, RequestError, Unit};
use crate::units::real;

/// Sizes a model may be described by, in billions of parameters.
pub const SIZE: Limit = Limit::real(0.001, 10_000.0, Unit::Billions);

/// Shapes of known families: billions of parameters, hidden width, layers, feed-forward width, vocabulary.
/// SmolLM2 135M and 360M, TinyLlama 1.1B, Llama 3.2 3B, Llama 2 7B, 13B, Llama 3 70B, Llama 3.1 405B.
const KNOWN: [(f64, f64, f64, f64, f64); 8] = [
    (0.135, 576.0, 30.0, 1536.0, 49_152.0),
    (0.362, 960.0, 32.0, 2560.0, 49_152.0),
    (1.1, 2048.0, 22.0, 5632.0, 32_000.0),
    (3.2, 3072.0, 28.0, 8192.0, 128_256.0),
    (6.74, 4096.0, 32.0, 11_008.0, 32_000.0),
    (13.0, 5120.0, 40.0, 13_824.0, 32_000.0),
    (70.6, 8192.0, 80.0, 28_672.0, 128_256.0),
    (405.9, 16_384.0, 126.0, 53_248.0, 128_256.0),
];

/// A dense Llama-like model: width, depth and vocabulary interpolated (in logarithms) between known models, the feed-forward
/// width set so that the count comes within 1 % of the size asked for; the count itself is then the asked size.
pub fn of_size(billions: f64) -> Result<Model, RequestError> {
    if !SIZE.holds(billions) {
        return Err(RequestError::new(ErrorCode::OutOfRange, "", Decimal(billions), SIZE));
    }
    let head_dim = if billions < 1.5 { 64 } else { 128 };
    let heads = nearest(interpolate(billions, |row| row.1) / real(head_dim)).max(1);
    let hidden = heads.saturating_mul(head_dim);
    let vocab = nearest(interpolate(billions, |row| row.4).min(billions * 1e9 / 3.0 / real(hidden))).max(1);
    let kv_heads = if billions >= 2.0 && heads.is_multiple_of(4) { heads / 4 } else { heads };
    let mut facts = ModelFacts::blank();
    facts.id = Some("custom".to_owned());
    facts.name = Some(format!("{}B", Decimal(billions)));
    facts.hidden = Some(hidden);
    facts.layers = Some(nearest(interpolate(billions, |row| row.2)).max(1));
    facts.heads = Some(heads);
    facts.kv_heads = Some(kv_heads);
    facts.head_dim = Some(head_dim);
    facts.ffn = Some(1);
    facts.vocab = Some(vocab);
    facts.tied_embeddings = Some(billions < 2.0);
    facts.max_context = Some(131_072);
    let layers = facts.layers.unwrap_or(1);
    let without = stacks::build(&facts)?.computed_parameters;
    let per_unit = real(hidden) * real(layers) * 3.0;
    facts.ffn = Some(nearest((billions * 1e9 - real(without)) / per_unit).clamp(1, 1 << 24));
    facts.params_b = Some(billions);
    stacks::build(&facts)
}

/// Linear in the logarithms between the two nearest known sizes, and beyond the ends.
fn interpolate(billions: f64, column: impl Fn(&(f64, f64, f64, f64, f64)) -> f64) -> f64 {
    let above = KNOWN.iter().position(|row| row.0 >= billions).unwrap_or(KNOWN.len() - 1).max(1);
    let (Some(low), Some(high)) = (KNOWN.get(above - 1), KNOWN.get(above)) else { return 0.0 };
    let share = (billions / low.0).ln() / (high.0 / low.0).ln();
    column(low) * (column(high) / column(low)).powf(share)
}

/// The nearest whole number, at least zero.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from float to integer saturates")]
fn nearest(value: f64) -> u64 {
    value.round().max(0.0) as u64
}
