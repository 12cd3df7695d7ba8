//! The catalogue as tables for spreadsheets: one row per card, one per model.

use anyhow::Result;
use serde::Serialize;
use whichcard::card::{Card, PriceKind};
use whichcard::catalog::Catalog;
use whichcard::estimate::{PricedAmount, card_price_of};
use whichcard::model::Model;
use whichcard::request::Keyword;
use whichcard::units::{Currency, FlopsPerSecond};

const GIB: f64 = 1_073_741_824.0;

/// A card. Peaks are dense; FP16 accumulates in FP32, as training does.
#[derive(Serialize)]
struct CardRow<'a> {
    id: &'a str,
    name: &'a str,
    series: &'a str,
    compute_capability: String,
    memory_gib: f64,
    bandwidth_gb_s: f64,
    fp32_tflops: Option<f64>,
    tensor_fp16_tflops: Option<f64>,
    tensor_bf16_tflops: Option<f64>,
    tensor_fp8_tflops: Option<f64>,
    board_power_w: f64,
    nvlink_gb_s: Option<f64>,
    launched: &'a str,
    launch_price_usd: Option<f64>,
    launch_price_cny: Option<f64>,
    price_usd: Option<f64>,
    price_usd_kind: String,
    price_usd_date: String,
    price_usd_source: String,
    price_usd_converted_from: Option<&'static str>,
    price_usd_rate_date: Option<String>,
    price_usd_out_of_date: Option<bool>,
    price_cny: Option<f64>,
    price_cny_kind: String,
    price_cny_date: String,
    price_cny_source: String,
    price_cny_converted_from: Option<&'static str>,
    price_cny_rate_date: Option<String>,
    price_cny_out_of_date: Option<bool>,
    sources: String,
}

/// A model.
#[derive(Serialize)]
struct ModelRow<'a> {
    id: &'a str,
    name: &'a str,
    family: &'a str,
    category: String,
    parameters: u64,
    active_parameters: u64,
    max_context: Option<u64>,
    sources: String,
}

/// All cards as CSV.
pub fn cards(catalog: &Catalog) -> Result<Vec<u8>> {
    written(catalog.cards().iter().map(|card| card_row(catalog, card)))
}

/// All models as CSV.
pub fn models(catalog: &Catalog) -> Result<Vec<u8>> {
    written(catalog.models().iter().map(|model| model_row(catalog, model)))
}

fn written(rows: impl Iterator<Item = impl Serialize>) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for row in rows {
        table.serialize(row)?;
    }
    Ok(table.into_inner()?)
}

/// Without the noise that binary fractions leave.
fn tidy(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// What a card costs by the catalogue where that money is paid, as the page takes it.
fn price(catalog: &Catalog, card: &Card, currency: Currency) -> Option<PricedAmount> {
    let country = if currency == Currency::Cny { "CN" } else { "US" };
    card_price_of(catalog, card, currency, Some(country))
}

/// A part of what a price rests on; nothing where there is no price.
fn text(price: Option<&PricedAmount>, part: fn(&PricedAmount) -> &String) -> String {
    price.map(part).cloned().unwrap_or_default()
}

fn card_row<'a>(catalog: &Catalog, card: &'a Card) -> CardRow<'a> {
    let (major, minor) = card.compute_capability;
    let tera = |rate: Option<FlopsPerSecond>| rate.map(|rate| tidy(rate.get() / 1e12));
    let launch = |currency| {
        let mut prices = card.prices.iter();
        prices.find(|price| price.kind == PriceKind::Launch && price.currency == currency).map(|price| price.amount)
    };
    let (usd, cny) = (price(catalog, card, Currency::Usd), price(catalog, card, Currency::Cny));
    CardRow {
        id: &card.id,
        name: &card.name,
        series: &card.series,
        compute_capability: format!("{major}.{minor}"),
        memory_gib: tidy(card.vram.get() / GIB),
        bandwidth_gb_s: tidy(card.bandwidth.get() / 1e9),
        fp32_tflops: tera(card.peaks.fp32),
        tensor_fp16_tflops: tera(card.peaks.tensor_fp16_acc32),
        tensor_bf16_tflops: tera(card.peaks.tensor_bf16),
        tensor_fp8_tflops: tera(card.peaks.tensor_fp8),
        board_power_w: tidy(card.tdp.get()),
        nvlink_gb_s: card.nvlink.map(|rate| tidy(rate.get() / 1e9)),
        launched: &card.launch_date,
        launch_price_usd: launch(Currency::Usd),
        launch_price_cny: launch(Currency::Cny),
        price_usd: usd.as_ref().map(|price| price.money.amount.round()),
        price_usd_kind: text(usd.as_ref(), |price| &price.basis),
        price_usd_date: text(usd.as_ref(), |price| &price.date),
        price_usd_source: text(usd.as_ref(), |price| &price.source),
        price_usd_converted_from: usd.as_ref().and_then(|price| price.converted_from).map(Keyword::name),
        price_usd_out_of_date: usd.as_ref().map(|price| price.stale),
        price_usd_rate_date: usd.and_then(|price| price.rate_date),
        price_cny: cny.as_ref().map(|price| price.money.amount.round()),
        price_cny_kind: text(cny.as_ref(), |price| &price.basis),
        price_cny_date: text(cny.as_ref(), |price| &price.date),
        price_cny_source: text(cny.as_ref(), |price| &price.source),
        price_cny_converted_from: cny.as_ref().and_then(|price| price.converted_from).map(Keyword::name),
        price_cny_out_of_date: cny.as_ref().map(|price| price.stale),
        price_cny_rate_date: cny.and_then(|price| price.rate_date),
        sources: catalog.provenance(&card.id).map(|known| known.sources.join("; ")).unwrap_or_default(),
    }
}

fn model_row<'a>(catalog: &Catalog, model: &'a Model) -> ModelRow<'a> {
    let category = serde_json::to_value(model.category).ok().and_then(|value| value.as_str().map(str::to_owned));
    ModelRow {
        id: &model.id,
        name: &model.name,
        family: &model.family,
        category: category.unwrap_or_default(),
        parameters: model.parameters,
        active_parameters: model.active_parameters,
        max_context: model.max_context,
        sources: catalog.origin(&model.id).map(|origin| origin.sources.join("; ")).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_and_model_has_a_row() {
        let text = std::fs::read_to_string(crate::command::root().join("catalog.json")).unwrap();
        let catalog = Catalog::from_json(&text).unwrap();
        let lines = |table: Vec<u8>| String::from_utf8(table).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
        let (cards, models) = (lines(cards(&catalog).unwrap()), lines(models(&catalog).unwrap()));
        assert_eq!((cards.len(), models.len()), (catalog.cards().len() + 1, catalog.models().len() + 1));
        let a100 = cards.iter().find(|line| line.starts_with("a100-pcie-80gb,")).unwrap();
        assert!(a100.contains(",80.0,1935.0,"), "{a100}");
        let used = cards.iter().find(|line| line.starts_with("rtx-3090,")).unwrap();
        assert!(used.contains(",used,2026") && used.ends_with(",tpu; wiki; nv-ga102"), "{used}");
        let columns: Vec<&str> = cards.first().unwrap().split(',').collect();
        for column in ["price_usd", "price_usd_kind", "price_usd_date", "price_usd_source", "price_cny_out_of_date"] {
            assert!(columns.contains(&column), "{columns:?}");
        }
        assert!(cards.iter().all(|line| !line.contains("; 20") && !line.contains("out of date")), "several facts in one cell");
        assert!(models.iter().any(|line| line.ends_with("arXiv:2005.14165")), "no model names its paper");
    }
}
