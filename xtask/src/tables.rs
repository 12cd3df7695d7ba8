//! The catalogue as tables for spreadsheets: one row per card, one per model.

use anyhow::Result;
use serde::Serialize;
use whichcard::card::{Card, PriceKind};
use whichcard::catalog::Catalog;
use whichcard::model::Model;

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
}

/// All cards as CSV.
pub fn cards(catalog: &Catalog) -> Result<Vec<u8>> {
    written(catalog.cards().iter().map(|card| CardRow::from(&**card)))
}

/// All models as CSV.
pub fn models(catalog: &Catalog) -> Result<Vec<u8>> {
    written(catalog.models().iter().map(|model| ModelRow::from(&**model)))
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

impl<'a> From<&'a Card> for CardRow<'a> {
    fn from(card: &'a Card) -> Self {
        let (major, minor) = card.compute_capability;
        let tera = |rate: Option<whichcard::units::FlopsPerSecond>| rate.map(|rate| tidy(rate.get() / 1e12));
        let launch = |currency| {
            let mut prices = card.prices.iter();
            prices.find(|price| price.kind == PriceKind::Launch && price.currency == currency).map(|price| price.amount)
        };
        Self {
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
            launch_price_usd: launch(whichcard::units::Currency::Usd),
            launch_price_cny: launch(whichcard::units::Currency::Cny),
        }
    }
}

impl<'a> From<&'a Model> for ModelRow<'a> {
    fn from(model: &'a Model) -> Self {
        let category = serde_json::to_value(model.category).ok().and_then(|value| value.as_str().map(str::to_owned));
        Self {
            id: &model.id,
            name: &model.name,
            family: &model.family,
            category: category.unwrap_or_default(),
            parameters: model.parameters,
            active_parameters: model.active_parameters,
            max_context: model.max_context,
        }
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
    }
}
