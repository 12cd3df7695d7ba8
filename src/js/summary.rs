//! The catalogue and what could be bought as documents: what a program that offers a choice of cards and models needs.

use crate::card::{Brand, Card, Form, Generation, Price, PriceKind};
use crate::catalog::Catalog;
use crate::estimate::PricedAmount;
use crate::model::{Category, Model};
use crate::plan::Upgrade;
use crate::request::JobKind;
use crate::units::{Bytes, BytesPerSecond, Currency, FlopsPerSecond, Watts};
use serde::Serialize;

/// The catalogue.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Catalog"))]
pub struct CatalogSummary<'a> {
    /// ISO date of the last edit.
    date: &'a str,
    /// All cards, in catalogue order.
    cards: Vec<CardSummary<'a>>,
    /// All models, in catalogue order.
    models: Vec<ModelSummary<'a>>,
}

/// A card of the catalogue.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Card"))]
#[serde(rename_all = "camelCase")]
pub struct CardSummary<'a> {
    /// What a request names it by.
    id: &'a str,
    /// Name to show.
    name: &'a str,
    /// The market it is sold to.
    brand: Brand,
    /// Marketing series ("GeForce 40").
    series: &'a str,
    /// What it is plugged into.
    form: Form,
    /// Architecture.
    generation: Generation,
    /// CUDA compute capability ("8.9").
    compute_capability: String,
    /// Memory, in bytes.
    memory: Bytes,
    /// Memory bandwidth, in bytes per second.
    bandwidth: BytesPerSecond,
    /// FP32 peak without tensor cores, in FLOPS.
    fp32: Option<FlopsPerSecond>,
    /// Dense FP16 tensor peak with FP32 accumulate, the rate training sees, in FLOPS.
    tensor_fp16: Option<FlopsPerSecond>,
    /// Dense BF16 tensor peak, in FLOPS; `null` where the card has no BF16.
    tensor_bf16: Option<FlopsPerSecond>,
    /// Dense FP8 tensor peak with FP32 accumulate, in FLOPS.
    tensor_fp8: Option<FlopsPerSecond>,
    /// Board power, in watts.
    watts: Watts,
    /// NVLink bandwidth in both directions, in bytes per second.
    nvlink: Option<BytesPerSecond>,
    /// Day, month or year it came out.
    launched: &'a str,
    /// Known prices.
    prices: Vec<PriceSummary<'a>>,
}

/// A price with its date and source.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Price"))]
pub struct PriceSummary<'a> {
    /// Launch, street, used or rent per hour.
    kind: PriceKind,
    /// How much; the middle where a range is known.
    amount: f64,
    /// Of what.
    currency: Currency,
    /// ISO date.
    date: &'a str,
    /// Id of the source in the catalogue.
    source: &'a str,
}

/// A model.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Model"))]
#[serde(rename_all = "camelCase")]
pub struct ModelSummary<'a> {
    /// What a request names it by; empty for one that was described.
    id: &'a str,
    /// Name to show.
    name: &'a str,
    /// Family ("Llama 3").
    family: &'a str,
    /// Kind of model.
    category: Category,
    /// Parameters in all.
    parameters: u64,
    /// Parameters a token passes through.
    active_parameters: u64,
    /// Longest context it was made for, in tokens.
    max_context: Option<u64>,
    /// What was assumed where a configuration did not say.
    assumptions: &'a [String],
    /// Type that a configuration names, where that is not known and it was read as a Llama-like decoder: check `parameters`.
    unfamiliar: Option<&'a str>,
}

/// A rig that does more than the present one.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Upgrade"))]
pub struct UpgradeSummary<'a> {
    /// Catalogue id of its card.
    card: &'a str,
    /// Name to show.
    name: &'a str,
    /// How many.
    count: u32,
    /// What has to be bought: the cards that are not there yet; `null` where no price is known, as of another laptop.
    price: Option<&'a PricedAmount>,
    /// For each kind of job in which more is possible, the largest model that surely fits now.
    unlocks: Vec<Unlocked<'a>>,
}

/// A model that a rig can do and the present one cannot.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Unlocked<'a> {
    /// The kind of job.
    kind: JobKind,
    /// Catalogue id.
    model: &'a str,
    /// Name to show.
    name: &'a str,
}

impl<'a> From<&'a Upgrade> for UpgradeSummary<'a> {
    fn from(upgrade: &'a Upgrade) -> Self {
        let unlocks = upgrade.unlocks.iter().map(|(kind, model)| Unlocked { kind: *kind, model: &model.id, name: &model.name });
        Self {
            card: &upgrade.card.id,
            name: &upgrade.card.name,
            count: upgrade.count,
            price: upgrade.price.as_ref(),
            unlocks: unlocks.collect(),
        }
    }
}

impl<'a> From<&'a Catalog> for CatalogSummary<'a> {
    fn from(catalog: &'a Catalog) -> Self {
        Self {
            date: catalog.date(),
            cards: catalog.cards().iter().map(|card| CardSummary::from(&**card)).collect(),
            models: catalog.models().iter().map(|model| ModelSummary::from(&**model)).collect(),
        }
    }
}

impl<'a> From<&'a Card> for CardSummary<'a> {
    fn from(card: &'a Card) -> Self {
        let (major, minor) = card.compute_capability;
        Self {
            id: &card.id,
            name: &card.name,
            brand: card.brand,
            series: &card.series,
            form: card.form,
            generation: card.generation,
            compute_capability: format!("{major}.{minor}"),
            memory: card.vram,
            bandwidth: card.bandwidth,
            fp32: card.peaks.fp32,
            tensor_fp16: card.peaks.tensor_fp16_acc32,
            tensor_bf16: card.peaks.tensor_bf16,
            tensor_fp8: card.peaks.tensor_fp8,
            watts: card.tdp,
            nvlink: card.nvlink,
            launched: &card.launch_date,
            prices: card.prices.iter().map(PriceSummary::from).collect(),
        }
    }
}

impl<'a> From<&'a Price> for PriceSummary<'a> {
    fn from(price: &'a Price) -> Self {
        Self { kind: price.kind, amount: price.amount, currency: price.currency, date: &price.date, source: &price.source }
    }
}

impl<'a> From<&'a Model> for ModelSummary<'a> {
    fn from(model: &'a Model) -> Self {
        Self {
            id: &model.id,
            name: &model.name,
            family: &model.family,
            category: model.category,
            parameters: model.parameters,
            active_parameters: model.active_parameters,
            max_context: model.max_context,
            assumptions: &model.assumptions,
            unfamiliar: model.unfamiliar.as_deref(),
        }
    }
}
