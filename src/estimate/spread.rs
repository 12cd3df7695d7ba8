//! How far apart the readings of a card's price are.

use crate::card::{Card, Price, PriceKind};
use crate::catalog::Catalog;
use crate::units::Currency;
use serde::Serialize;

/// Between what a card was read at, within a year.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spread {
    /// The least of one card, in the currency of the amount.
    pub low: f64,
    /// The most of one card.
    pub high: f64,
    /// ISO date of the first reading.
    pub from: String,
    /// ISO date of the last.
    pub until: String,
}

/// Readings of one card, new or used, that differ by more than this are worth a word: the price asked today may be either (an
/// assumption; what shops ask on one day differs by less for most cards).
const APART: f64 = 1.5;

/// Months whose readings are compared with each other.
const SEASONS: u32 = 12;

/// Between what a card was read at on all markets within a year, where that is far apart: the middle of the newest readings of one kind
/// is what counts, and an older reading, or one of another kind, may be half of it.
pub(super) fn spread(catalog: &Catalog, card: &Card, currency: Currency) -> Option<Spread> {
    let today = Price::month_of(catalog.date());
    let recent = card.prices.iter().filter(|price| matches!(price.kind, PriceKind::Street | PriceKind::Used));
    let recent = recent.filter(|price| today.saturating_sub(price.month()) <= SEASONS);
    let sayable = |price: &&Price| catalog.convert(1.0, price.currency, currency).is_some();
    let readings: Vec<&Price> = recent.filter(sayable).collect();
    let own = |amount: f64, price: &Price| catalog.convert(amount, price.currency, currency).unwrap_or(amount);
    let middles = || readings.iter().map(|price| own(price.amount, price));
    if middles().reduce(f64::max)? <= APART * middles().reduce(f64::min)? {
        return None;
    }
    let end = |price: &Price, pick: fn((f64, f64)) -> f64| own(price.range.map_or(price.amount, pick), price);
    let dates = || readings.iter().map(|price| price.date.as_str());
    Some(Spread {
        low: readings.iter().map(|price| end(price, |(low, _)| low)).reduce(f64::min)?,
        high: readings.iter().map(|price| end(price, |(_, high)| high)).reduce(f64::max)?,
        from: dates().min()?.to_owned(),
        until: dates().max()?.to_owned(),
    })
}
