//! Measured efficiency factors.

use serde::Deserialize;

/// Efficiency factors by architecture, kernel path, stack and size.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimeCalibration {}
