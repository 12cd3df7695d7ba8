//! What the numbers of a request may be: one table for the library, its other languages and the fields of the page.

use crate::document::Decimal;
use crate::error::{ErrorCode, Limit, RequestError, Unit};

/// Length of a sequence or a prompt.
pub const LENGTH: Limit = Limit::whole(1.0, 1e8, Unit::Tokens);
/// What is generated, which may be nothing.
pub const OUTPUT: Limit = Limit::whole(0.0, 1e8, Unit::Tokens);
/// Side of an image in pixels.
pub const IMAGE_SIDE: Limit = Limit::whole(1.0, 65_536.0, Unit::One);
/// Steps of denoising.
pub const STEPS: Limit = Limit::whole(1.0, 1e6, Unit::One);
/// Tokens a job trains on in all.
pub const TOKENS: Limit = Limit::real(1.0, 1e18, Unit::Tokens);
/// Samples a job trains on.
pub const SAMPLES: Limit = Limit::real(1.0, 1e18, Unit::One);
/// Passes over the samples.
pub const EPOCHS: Limit = Limit::real(0.001, 1e6, Unit::One);
/// Sequences per optimizer step over all cards.
pub const GLOBAL_BATCH: Limit = Limit::whole(1.0, 1e9, Unit::One);
/// Sequences per pass, or passes per optimizer step.
pub const BATCH: Limit = Limit::whole(1.0, 1e6, Unit::One);
/// Requests at once.
pub const CONCURRENCY: Limit = Limit::whole(1.0, 1e6, Unit::One);
/// Texts that a beam search keeps.
pub const BEAMS: Limit = Limit::whole(1.0, 64.0, Unit::One);
/// Rank of adapters.
pub const RANK: Limit = Limit::whole(1.0, 65_536.0, Unit::One);
/// Share of adapter inputs that is dropped.
pub const DROPOUT: Limit = Limit::real(0.0, 1.0, Unit::One);
/// Cards, or a degree of parallelism.
pub const CARDS: Limit = Limit::whole(1.0, 100_000.0, Unit::One);
/// Memory taken by the display and other programs.
pub const RESERVED: Limit = Limit::real(0.0, 10_000.0 * Unit::Bytes.scale(), Unit::Bytes);
/// Power limit of one card.
pub const POWER_LIMIT: Limit = Limit::real(10.0, 5_000.0, Unit::Watts);
/// What one machine sends to others.
pub const NETWORK: Limit = Limit::real(0.1, 100_000.0, Unit::GigabitsPerSecond);
/// Main memory of a machine.
pub const HOST_MEMORY: Limit = Limit::real(1.0, 100_000.0, Unit::Gibibytes);
/// Power of all cards together.
pub const POWER: Limit = Limit::real(1.0, 1e9, Unit::Watts);
/// Slots of a machine.
pub const SLOTS: Limit = Limit::whole(0.0, 1_000.0, Unit::One);
/// Price of a card.
pub const PRICE: Limit = Limit::real(0.0, 1e8, Unit::One);
/// Rent of a card for an hour.
pub const RENT: Limit = Limit::real(0.0, 1e5, Unit::One);
/// Electricity per kWh.
pub const TARIFF: Limit = Limit::real(0.0, 1e3, Unit::One);
/// Power usage effectiveness.
pub const PUE: Limit = Limit::real(1.0, 5.0, Unit::One);
/// Share of its price that a card loses.
pub const LOSS: Limit = Limit::real(0.0, 1.0, Unit::One);
/// Money there is for the cards or for the job.
pub const BUDGET: Limit = Limit::real(0.01, 1e12, Unit::One);
/// Time there is.
pub const DEADLINE: Limit = Limit::real(0.001, 1e6, Unit::Hours);
/// Hours of use over which a card loses its price.
pub const LIFE: Limit = Limit::real(1.0, 1e6, Unit::Hours);
/// What one unit of the base currency buys of another.
pub const EXCHANGE_RATE: Limit = Limit::real(1e-6, 1e6, Unit::One);
/// Memory of a described card.
pub const VRAM: Limit = Limit::real(0.25, 10_000.0, Unit::Gibibytes);
/// Memory bandwidth of a described card.
pub const BANDWIDTH: Limit = Limit::real(1.0, 100_000.0, Unit::GigabytesPerSecond);
/// Tensor peak of a described card.
pub const TENSOR_PEAK: Limit = Limit::real(0.01, 100_000.0, Unit::Teraflops);
/// FP32 peak of a described card.
pub const FP32_PEAK: Limit = Limit::real(0.005, 100_000.0, Unit::Teraflops);
/// Board power of a described card.
pub const BOARD_POWER: Limit = Limit::real(5.0, 5_000.0, Unit::Watts);
/// NVLink bandwidth of a described card; zero is none.
pub const NVLINK: Limit = Limit::real(0.0, 10_000.0, Unit::GigabytesPerSecond);
/// Size of a described model.
pub use crate::model::SIZE;

/// A number within its limit.
pub(crate) fn checked(field: &str, value: f64, limit: Limit) -> Result<f64, RequestError> {
    if limit.holds(value) { Ok(value) } else { Err(RequestError::new(ErrorCode::OutOfRange, field, Decimal(value), limit)) }
}

/// A whole number within its limit, or the default.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be whole, positive and below 2^53")]
pub(super) fn large_count(field: &str, value: Option<f64>, default: u64, limit: Limit) -> Result<u64, RequestError> {
    value.map_or(Ok(default), |value| checked(field, value, limit).map(|count| count as u64))
}

/// A small whole number within its limit, or the default.
pub(crate) fn small_count(field: &str, value: Option<f64>, default: u32, limit: Limit) -> Result<u32, RequestError> {
    large_count(field, value, u64::from(default), limit).map(|count| u32::try_from(count).unwrap_or(u32::MAX))
}
