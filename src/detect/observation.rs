//! What a browser lets a page see of the graphics hardware.

use crate::document::{keyword, record};
use crate::units::Bytes;
use serde::Serialize;

/// Everything the page could read. Nothing in it is trusted: strings are bounded, and only compared with known ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct Observation {
    /// WebGL `UNMASKED_RENDERER_WEBGL`, or plain `RENDERER`.
    pub webgl_renderer: Option<String>,
    /// WebGL `UNMASKED_VENDOR_WEBGL`.
    pub webgl_vendor: Option<String>,
    /// WebGPU adapters, one for each power preference that gave a different answer.
    pub adapters: Vec<AdapterInfo>,
    /// The operating system.
    pub platform: Platform,
}

/// WebGPU's `adapter.info`; what a browser leaves out is an empty string.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct AdapterInfo {
    /// "nvidia", "intel".
    pub vendor: String,
    /// The generation in one word ("lovelace").
    pub architecture: String,
    /// PCI device id ("0x2684"); only with developer features switched on.
    pub device: String,
    /// The driver's name for the card; only with developer features switched on.
    pub description: String,
    /// A software adapter.
    pub is_fallback_adapter: bool,
    /// The largest device-local heap; only with developer features switched on.
    pub device_memory: Option<Bytes>,
}

// Browsers tell more than is read here, and not all the same.
record!(
    Observation { webgl_renderer, webgl_vendor, adapters: optional, platform: optional }
    AdapterInfo open {
        vendor: optional,
        architecture: optional,
        device: optional,
        description: optional,
        is_fallback_adapter: optional,
        device_memory,
    }
);

keyword!(
    /// Operating system, as far as it changes what a reading means.
    #[derive(Default)]
    Platform {
        /// Windows.
        Windows = "windows",
        /// Linux on a computer.
        Linux = "linux",
        /// macOS.
        MacOs = "mac-os",
        /// A phone or tablet: Android, iOS, iPadOS.
        Mobile = "mobile",
        /// Not known.
        #[default]
        Unknown = "unknown",
    }
);
