//! Measured memory constants.

use serde::Deserialize;

/// Allocator, context and workspace factors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemoryCalibration {}
