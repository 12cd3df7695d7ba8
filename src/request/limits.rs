//! Numbers of a request, checked against what is allowed.

use crate::error::{ErrorCode, RequestError};
use crate::units::real;

/// A number within bounds.
pub(crate) fn range(field: &str, value: f64, least: f64, most: f64) -> Result<f64, RequestError> {
    if value.is_finite() && value >= least && value <= most {
        return Ok(value);
    }
    Err(RequestError::new(ErrorCode::OutOfRange, field, value, format!("from {least} to {most}")))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be whole and within range")]
/// A large whole number within bounds.
pub(super) fn large_count(field: &str, value: Option<f64>, default: u64, most: u64) -> Result<u64, RequestError> {
    let Some(value) = value else { return Ok(default) };
    if value.is_finite() && value.fract() == 0.0 && value >= 1.0 && value <= real(most) {
        return Ok(value as u64);
    }
    Err(RequestError::new(ErrorCode::OutOfRange, field, value, format!("a whole number from 1 to {most}")))
}

/// A whole number within bounds.
pub(crate) fn small_count(field: &str, value: Option<f64>, default: u32, most: u32) -> Result<u32, RequestError> {
    large_count(field, value, u64::from(default), u64::from(most)).map(|count| u32::try_from(count).unwrap_or(most))
}
