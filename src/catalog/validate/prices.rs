//! Prices against what cards are sold for, and against what the same card was sold for when it came out.

use crate::card::{Brand, Card, Price, PriceKind};
use crate::catalog::CatalogError;
use crate::units::Currency;

/// Share of its launch price that a new card has cost in a shop: today's readings are from 0.85 to 2.7.
const NEW: (f64, f64) = (1.0 / 3.0, 6.0);
/// The same of a second-hand card that people play on: from 0.4 to 1.9. The oldest ones go for a sixth.
const PLAYED_ON: (f64, f64) = (0.1, 6.0);
/// Of those of companies, which sell them by the rack: a Tesla P40 goes for a thirtieth, a V100 for a hundredth.
const WRITTEN_OFF: (f64, f64) = (0.005, 6.0);

/// What cannot be right about the prices of a card.
pub(super) fn problems(card: &Card) -> impl Iterator<Item = CatalogError> {
    let found = move |(position, price): (usize, &Price)| {
        let error = sold(price).or_else(|| dated(card, price)).or_else(|| against_launch(card, price))?;
        let path = format!("prices[{position}].{}", error.path);
        Some(error.at(path))
    };
    card.prices.iter().enumerate().filter_map(found)
}

/// Prices lie where a card of any kind was ever sold.
fn sold(price: &Price) -> Option<CatalogError> {
    let per_dollar = match price.currency {
        Currency::Cny => 7.0,
        _ => 1.0,
    };
    let (least, most) = match price.kind {
        PriceKind::RentPerHour => (0.01 * per_dollar, 50.0 * per_dollar),
        _ => (20.0 * per_dollar, 100_000.0 * per_dollar),
    };
    (!(least..=most).contains(&price.amount)).then(|| CatalogError::field("amount", price.amount, format!("{least} ... {most}")))
}

/// No price is older than its card.
fn dated(card: &Card, price: &Price) -> Option<CatalogError> {
    let year = |date: &str| date.split('-').next().map(str::to_owned).unwrap_or_default();
    (year(&price.date) < year(&card.launch_date))
        .then(|| CatalogError::field("date", &price.date, format!("{} ...", card.launch_date)))
}

/// What is asked for a card later has to do with what it came out at, in the same currency.
fn against_launch(card: &Card, price: &Price) -> Option<CatalogError> {
    let (least, most) = match (price.kind, card.brand) {
        (PriceKind::Launch | PriceKind::RentPerHour, _) => return None,
        (PriceKind::Street, _) => NEW,
        (PriceKind::Used, Brand::Geforce | Brand::Titan) => PLAYED_ON,
        (PriceKind::Used, _) => WRITTEN_OFF,
    };
    let launch = card.prices.iter().find(|other| other.kind == PriceKind::Launch && other.currency == price.currency)?;
    let share = |amount: f64| amount / launch.amount;
    let ends = price.range.map_or([("amount", price.amount); 2], |(low, high)| [("low", low), ("high", high)]);
    let (field, amount) = ends.into_iter().find(|(_, amount)| !(least..=most).contains(&share(*amount)))?;
    let found = format!("{amount}, {:.3} times the launch price of {}", share(amount), launch.amount);
    Some(CatalogError::field(field, found, format!("{:.0} ... {:.0}", launch.amount * least, launch.amount * most)))
}
