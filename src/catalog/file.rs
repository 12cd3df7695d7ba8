//! `catalog.json` exactly as written. What may be left out, and what it then means, is in [`super::card`] and `docs/catalog.md`.

use super::note::Note;
use super::record::{Checked, Grid, Restriction, Source, Tariff, Task};
use crate::card::{Brand, Form, PriceKind};
use crate::document::{Entries, record};
use crate::units::Currency;
use serde::Serialize;

/// The version of the format this program reads.
pub const SCHEMA_VERSION: u64 = 1;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct File {
    /// Where an editor finds the schema of this file.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Version of the format: 1.
    pub schema_version: u64,
    /// ISO date of the last edit.
    pub date: String,
    /// Where figures come from.
    pub sources: Vec<Source>,
    /// Cards.
    pub cards: Vec<WrittenCard>,
    /// Models: see `docs/models.md`.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<crate::model::facts::ModelFacts>"))]
    pub models: Vec<serde_json::Value>,
    /// Tasks.
    pub tasks: Vec<Task>,
    /// Electricity prices.
    pub tariffs: Vec<Tariff>,
    /// Emissions of electricity.
    pub grids: Vec<Grid>,
    /// Exchange rates.
    pub exchange: Exchange,
    /// Export rules.
    #[serde(default)]
    pub restrictions: Vec<Restriction>,
}

/// Dated exchange rates.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exchange {
    /// Currency that buys the others.
    pub base: Currency,
    /// ISO date.
    pub date: String,
    /// Source id.
    pub source: String,
    /// How well they are known.
    #[serde(default)]
    pub checked: Checked,
    /// How much of each currency one unit of the base buys.
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, f64>"))]
    pub rates: Entries<f64>,
}

/// A card as written. Units are in the names: MHz, GiB of memory, MiB of cache, decimal GB/s, watts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WrittenCard {
    /// Unique id: lower-case letters, digits, hyphens.
    pub id: String,
    /// Marketing name without "NVIDIA".
    pub name: String,
    /// Market.
    pub brand: Brand,
    /// Series within the market ("30", "ampere-dc").
    pub series: String,
    /// Form.
    pub form: Form,
    /// Chip ("AD102").
    pub chip: String,
    /// Compute capability ("8.9"); decides the generation.
    pub cc: String,
    /// Streaming multiprocessors.
    pub sms: u32,
    /// CUDA cores. Default: SMs times the cores per SM of the compute capability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cuda_cores: Option<u32>,
    /// Tensor cores. Default: SMs times the tensor cores per SM of the compute capability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensor_cores: Option<u32>,
    /// Boost clock; the top of the range for laptops.
    pub boost_mhz: f64,
    /// Boost clock of the weakest laptop version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boost_min_mhz: Option<f64>,
    /// Nominal memory, as on the box.
    pub vram_gb: f64,
    /// Memory type ("GDDR6X").
    pub memory: String,
    /// Width of the memory bus.
    pub bus_bits: u32,
    /// Memory bandwidth.
    pub bandwidth_gbs: f64,
    /// L2 cache.
    pub l2_mb: f64,
    /// Dense arithmetic peaks.
    pub peaks: WrittenPeaks,
    /// The maker holds tensor peaks below SMs times clock (export or market variants).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub capped: bool,
    /// Board power.
    pub tdp_w: f64,
    /// Power range of laptop versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tgp_w: Option<(f64, f64)>,
    /// Recommended power supply of the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub psu_w: Option<f64>,
    /// Power connectors. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connectors: Option<String>,
    /// Slots covered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slots: Option<u8>,
    /// PCI Express generation and lanes.
    pub pcie: (u8, u8),
    /// NVLink, both directions together. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nvlink_gbs: Option<f64>,
    /// Error-correcting memory. Default: no.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ecc: bool,
    /// ISO launch date.
    pub launched: String,
    /// Dated prices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<WrittenPrice>,
    /// Countries it may not be sold to new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restricted_in: Vec<String>,
    /// The one country it is made for. Default: sold everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold_only_in: Option<String>,
    /// PCI device ids of vendor 10DE, four hexadecimal digits. One id may stand on several cards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pci: Vec<String>,
    /// How well groups of figures are known.
    #[serde(default)]
    pub checked: WrittenChecks,
    /// Source ids.
    pub sources: Vec<String>,
    /// What differs between sources or versions: a text in English, or texts by language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Note>,
    /// Other names people type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

/// Dense peaks in TFLOPS or TOPS, never with structured sparsity. What is left out follows the architecture's usual ratio; 0 says
/// that the card has no such path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WrittenPeaks {
    /// FP32 on CUDA cores.
    pub fp32: f64,
    /// FP16 on CUDA cores. Default: `fp32` times 2 (6.0, 7.x, 9.0), 4 (8.0), 1/64 (6.1), else 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp16: Option<f64>,
    /// FP64 on CUDA cores. Default: `fp32` over 2 (6.0, 7.0, 8.0, 9.0), 32 (6.1, 7.5), else 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp64: Option<f64>,
    /// FP16 tensor cores accumulating in FP32. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensor_fp16: Option<f64>,
    /// FP16 tensor cores accumulating in FP16. Default: as `tensorFp16`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensor_fp16_acc16: Option<f64>,
    /// BF16 tensor cores. Default: as `tensorFp16` from 8.0 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensor_bf16: Option<f64>,
    /// TF32 tensor cores. Default: half of `tensorFp16` from 8.0 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensor_tf32: Option<f64>,
    /// FP8 tensor cores accumulating in FP32. Default: twice `tensorFp16` from 8.9 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensor_fp8: Option<f64>,
    /// FP8 tensor cores accumulating in FP16. Default: twice `tensorFp16Acc16` from 8.9 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensor_fp8_acc16: Option<f64>,
    /// FP4 tensor cores. Default: four times `tensorFp16Acc16` from 10.0 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensor_fp4: Option<f64>,
    /// FP64 tensor cores. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensor_fp64: Option<f64>,
    /// INT8. Default: twice `tensorFp16Acc16` from 7.5 on, four times `fp32` without tensor cores for it, none on 6.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub int8: Option<f64>,
    /// INT4 tensor cores. Default: twice `int8` from 7.5 to 8.9.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub int4: Option<f64>,
}

/// A price as written: `amount`, or `low` and `high` where the source gives a range.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WrittenPrice {
    /// What the price is.
    pub kind: PriceKind,
    /// The price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// Low end of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// High end of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Currency.
    pub currency: Currency,
    /// ISO date (`2026`, `2026-09`, `2026-09-07`). Default for launch prices: the launch date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Source id.
    pub source: String,
}

/// How well groups of a card's figures are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WrittenChecks {
    /// Cores, clocks, memory, power, interfaces, dates. Default: seen.
    pub specs: Checked,
    /// Tensor peaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tensor: Option<Checked>,
    /// Recommended power supply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub psu: Option<Checked>,
    /// Launch price in yuan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cny: Option<Checked>,
}

record!(
    File {
        schema as "$schema", schema_version, date, sources, cards, models, tasks, tariffs, grids, exchange,
        restrictions: optional,
    }
    Exchange {
        base, date, source, checked: optional, rates,
    }
    WrittenCard {
        id, name, brand, series, form, chip, cc, sms, cuda_cores, tensor_cores, boost_mhz, boost_min_mhz, vram_gb, memory,
        bus_bits, bandwidth_gbs, l2_mb, peaks, capped: optional, tdp_w, tgp_w, psu_w, connectors, slots, pcie, nvlink_gbs,
        ecc: optional, launched, prices: optional, restricted_in: optional, sold_only_in, pci: optional, checked: optional, sources,
        notes, aliases: optional,
    }
    WrittenPeaks {
        fp32, fp16, fp64, tensor_fp16, tensor_fp16_acc16, tensor_bf16, tensor_tf32, tensor_fp8, tensor_fp8_acc16, tensor_fp4,
        tensor_fp64, int8, int4,
    }
    WrittenPrice {
        kind, amount, low, high, currency, date, source,
    }
    WrittenChecks {
        specs: optional, tensor, psu, cny,
    }
);
