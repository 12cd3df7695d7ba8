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
    let mut table = csv::Writer::from_writer(Vec::new());
    for (at, card) in catalog.cards().iter().enumerate() {
        let row = card_row(catalog, card);
        if at == 0 {
            table.write_record(row.iter().map(|(column, _)| column))?;
        }
        table.write_record(row.iter().map(|(_, value)| value))?;
    }
    Ok(table.into_inner()?)
}

/// All models as CSV.
pub fn models(catalog: &Catalog) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for model in catalog.models() {
        table.serialize(model_row(catalog, model))?;
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

/// Column and value, in order. Peaks are dense; FP16 accumulates in FP32, as training does.
fn card_row(catalog: &Catalog, card: &Card) -> Vec<(String, String)> {
    let (major, minor) = card.compute_capability;
    let number = |value: f64| tidy(value).to_string();
    let tera = |rate: Option<FlopsPerSecond>| rate.map(|rate| number(rate.get() / 1e12)).unwrap_or_default();
    let mut row: Vec<(String, String)> = [
        ("id", card.id.clone()),
        ("name", card.name.clone()),
        ("series", card.series.clone()),
        ("compute_capability", format!("{major}.{minor}")),
        ("memory_gib", number(card.vram.get() / GIB)),
        ("bandwidth_gb_s", number(card.bandwidth.get() / 1e9)),
        ("fp32_tflops", tera(card.peaks.fp32)),
        ("tensor_fp16_tflops", tera(card.peaks.tensor_fp16_acc32)),
        ("tensor_bf16_tflops", tera(card.peaks.tensor_bf16)),
        ("tensor_fp8_tflops", tera(card.peaks.tensor_fp8)),
        ("board_power_w", number(card.tdp.get())),
        ("nvlink_gb_s", card.nvlink.map(|rate| number(rate.get() / 1e9)).unwrap_or_default()),
        ("launched", card.launch_date.clone()),
    ]
    .map(|(column, value)| (column.to_owned(), value))
    .into();
    let currencies = [Currency::Usd, Currency::Cny];
    row.extend(currencies.map(|currency| (format!("launch_price_{}", lower(currency)), launch(card, currency))));
    row.extend(currencies.into_iter().flat_map(|currency| price_columns(catalog, card, currency)));
    row.push(("sources".to_owned(), catalog.provenance(&card.id).map(|known| known.sources.join("; ")).unwrap_or_default()));
    row
}

fn lower(currency: Currency) -> String {
    currency.name().to_lowercase()
}

fn launch(card: &Card, currency: Currency) -> String {
    let mut prices = card.prices.iter();
    let launch = prices.find(|price| price.kind == PriceKind::Launch && price.currency == currency);
    launch.map(|price| price.amount.to_string()).unwrap_or_default()
}

/// What a card costs in a currency, with what that rests on; all empty where no price is known.
fn price_columns(catalog: &Catalog, card: &Card, currency: Currency) -> [(String, String); 7] {
    let price = price(catalog, card, currency);
    let text = |part: fn(&PricedAmount) -> String| price.as_ref().map(part).unwrap_or_default();
    [
        ("", text(|price| price.money.amount.round().to_string())),
        ("_kind", text(|price| price.basis.clone())),
        ("_date", text(|price| price.date.clone())),
        ("_source", text(|price| price.source.clone())),
        ("_converted_from", text(|price| price.converted_from.map(|from| from.name().to_owned()).unwrap_or_default())),
        ("_rate_date", text(|price| price.rate_date.clone().unwrap_or_default())),
        ("_out_of_date", text(|price| price.stale.to_string())),
    ]
    .map(|(part, value)| (format!("price_{}{part}", lower(currency)), value))
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
