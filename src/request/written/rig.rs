//! The rig as people and programs write it: cards, and what they work in.

use crate::document::keyword;
use crate::request::LinkKind;
use serde::Serialize;

/// The rig as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RigRequest {
    /// Catalogue id, or a card described in place.
    pub card: CardChoice,
    /// How many. Default: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<f64>,
    /// In what, and under what limits.
    #[serde(flatten)]
    pub machine: MachineRequest,
}

/// What the cards of a rig work in and under, whichever they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct MachineRequest {
    /// Link between the cards. Default: `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkKind>,
    /// Bytes per card taken by the display and other programs. Default: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved_bytes: Option<f64>,
    /// Power limit per card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_limit_watts: Option<f64>,
    /// Gigabits a second that one machine sends to the others, all its ports together; cards beyond eight are several machines.
    /// Default: 3,200 for servers of modules from Hopper on, 1,600 for older ones, 10 for other machines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_gbps: Option<f64>,
    /// Main memory of one machine, in GB as modules are sold (GiB). What needs more of it is no plan. Default: as much as the job needs and a board takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_memory: Option<f64>,
    /// Gigabytes a second that programs really read from main memory, for what runs there: about four fifths of what it is rated for.
    /// Default: 45, and 186 on boards for workstations and servers, where more than 192 GB are there or needed, or the card is one for data centres from Ampere on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_memory_gbs: Option<f64>,
}

/// A card of the catalogue or a described one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum CardChoice {
    /// Catalogue id.
    Id(String),
    /// Described in place.
    Custom(CustomCard),
}

/// A card that is not in the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomCard {
    /// Name to show. Default: "Custom card".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Memory in GiB.
    pub vram_gib: f64,
    /// Bandwidth in GB/s.
    pub bandwidth_gbs: f64,
    /// Dense FP16/BF16 tensor peak with FP32 accumulate, in TFLOPS.
    pub tensor_tflops: f64,
    /// FP32 peak in TFLOPS. Default: half the tensor peak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp32_tflops: Option<f64>,
    /// Compute capability such as "8.9". Default: "8.9".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compute_capability: Option<String>,
    /// Board power in watts. Default: 300.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tdp_watts: Option<f64>,
    /// NVLink bandwidth in GB/s, both directions. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nvlink_gbs: Option<f64>,
}

keyword!(
    /// Which cards may be bought.
    Condition {
        /// New or second hand, whatever has the newer price.
        Any = "any",
        /// New only.
        New = "new",
        /// Second hand only.
        Used = "used",
    }
);

impl RigRequest {
    /// One card of the catalogue.
    #[must_use]
    pub fn new(card: &str) -> Self {
        Self { card: CardChoice::Id(card.to_owned()), count: None, machine: MachineRequest::default() }
    }
}
