//! The catalogue as tables for spreadsheets: one row per card, one per model, one per price.

use anyhow::Result;
use serde::Serialize;
use whichcard::card::{Card, PriceKind};
use whichcard::catalog::Catalog;
use whichcard::estimate::{PricedAmount, card_price_of};
use whichcard::model::{Model, Network};
use whichcard::request::Keyword;
use whichcard::units::{Currency, FlopsPerSecond};

const GIB: f64 = 1_073_741_824.0;

/// A price: of a card, or of an hour of it.
#[derive(Serialize)]
struct PriceRow<'a> {
    card: &'a str,
    name: &'a str,
    kind: &'a str,
    currency: &'a str,
    amount: f64,
    low: Option<f64>,
    high: Option<f64>,
    date: &'a str,
    source: &'a str,
}

/// A model; layers and widths are those of the stack that writes, or of the only one.
#[derive(Serialize)]
struct ModelRow<'a> {
    id: &'a str,
    name: &'a str,
    family: &'a str,
    category: String,
    parameters: u64,
    active_parameters: u64,
    layers: Option<u64>,
    hidden: Option<u64>,
    vocabulary: Option<u64>,
    max_context: Option<u64>,
    year: Option<u32>,
    licence: String,
    closed_weights: bool,
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

/// Every price that was read, by the hour and by the card, as CSV.
pub fn prices(catalog: &Catalog) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for card in catalog.cards() {
        for price in &card.prices {
            table.serialize(PriceRow {
                card: &card.id,
                name: &card.name,
                kind: price.kind.name(),
                currency: price.currency.name(),
                amount: price.amount,
                low: price.range.map(|(low, _)| low),
                high: price.range.map(|(_, high)| high),
                date: &price.date,
                source: &price.source,
            })?;
        }
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
        ("form", card.form.name().to_owned()),
        ("chip", card.chip.clone()),
        ("compute_capability", format!("{major}.{minor}")),
        ("sms", card.sms.to_string()),
        ("cuda_cores", card.cuda_cores.to_string()),
        ("memory_gib", number(card.vram.get() / GIB)),
        ("memory_type", card.memory_type.clone()),
        ("memory_bus_bits", card.memory_bus_bits.to_string()),
        ("bandwidth_gb_s", number(card.bandwidth.get() / 1e9)),
        ("fp32_tflops", tera(card.peaks.fp32)),
        ("tensor_fp16_tflops", tera(card.peaks.tensor_fp16_acc32)),
        ("tensor_bf16_tflops", tera(card.peaks.tensor_bf16)),
        ("tensor_fp8_tflops", tera(card.peaks.tensor_fp8)),
        ("board_power_w", number(card.tdp.get())),
        ("nvlink_gb_s", card.nvlink.map(|rate| number(rate.get() / 1e9)).unwrap_or_default()),
        ("launched", card.launch_date.clone()),
        ("restricted_in", card.restricted_in.join("; ")),
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
    let origin = catalog.origin(&model.id);
    let stack = match &model.network {
        Network::Transformer(stack) | Network::EncoderDecoder { decoder: stack, .. } => Some(stack),
        Network::Opaque(_) => None,
    };
    let category = serde_json::to_value(model.category).ok().and_then(|value| value.as_str().map(str::to_owned));
    ModelRow {
        id: &model.id,
        name: &model.name,
        family: &model.family,
        category: category.unwrap_or_default(),
        parameters: model.parameters,
        active_parameters: model.active_parameters,
        layers: stack.map(|stack| stack.layers.iter().map(|group| group.count).sum()),
        hidden: stack.map(|stack| stack.hidden),
        vocabulary: stack.map(|stack| stack.vocab).filter(|words| *words > 0),
        max_context: model.max_context,
        year: origin.and_then(|origin| origin.year),
        licence: origin.and_then(|origin| origin.licence.clone()).unwrap_or_default(),
        closed_weights: origin.is_some_and(|origin| origin.closed),
        sources: origin.map(|origin| origin.sources.join("; ")).unwrap_or_default(),
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
        let prices = lines(super::prices(&catalog).unwrap());
        assert!(prices.iter().any(|line| line.starts_with("a100-sxm-80gb,") && line.contains(",rent-per-hour,USD,")), "{prices:?}");
        assert_eq!(prices.len(), 1 + catalog.cards().iter().map(|card| card.prices.len()).sum::<usize>());
        assert!(
            models.iter().any(|line| line.starts_with("llama-3-8b,") && line.contains(",32,4096,128256,8192,2024,")),
            "{models:?}"
        );
        let a100 = cards.iter().find(|line| line.starts_with("a100-pcie-80gb,")).unwrap();
        assert!(a100.contains(",80,HBM2e,5120,1935,"), "{a100}");
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
