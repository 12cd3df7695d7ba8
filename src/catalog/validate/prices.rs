//! Prices against what cards are sold for, against what the same card was sold for when it came out, and against each other. Those of
//! two currencies are compared at the rates of the file: an amount with the sign of another currency is seven times off.

use crate::card::{Brand, Card, Price, PriceKind};
use crate::catalog::{Catalog, CatalogError};
use crate::document::Keyword as _;
use crate::units::Currency;

/// Share of its launch price that a new card has cost in a shop: today's readings are from 0.85 to 2.7.
const NEW: (f64, f64) = (1.0 / 3.0, 6.0);
/// The most of the same that is asked for a second-hand one: today's readings go up to 1.9.
const USED_MOST: f64 = 4.0;
/// The least for one that people play on, within [`PLAYED_FOR`] months: today's readings begin at 0.28. The oldest go for a tenth.
const PLAYED_ON: (f64, f64) = (0.16, 0.05);
const PLAYED_FOR: u32 = 72;
/// The least for those of companies, which sell them by the rack: a Tesla P40 goes for a thirtieth, a V100 for a hundredth.
const WRITTEN_OFF: f64 = 0.005;
/// Launch price in one country over that in another at today's rate, with its taxes and with rates as they were then: the 32 cards with
/// a dollar and a yuan price have 1.1 to 1.5.
const ABROAD: (f64, f64) = (0.5, 2.5);
/// How often the other readings of a card a reading may be, or they it: today's are up to 2.7 times apart.
const APART: f64 = 5.0;
/// An hour of a card over its price: today's readings are from 0.00006 to 0.0008, a price of a range being taken by its middle.
const HOURLY: (f64, f64) = (1e-5, 2e-3);

/// What cannot be right about the prices of a card.
pub(super) fn problems(catalog: &Catalog, card: &Card) -> Vec<CatalogError> {
    let of = Prices { catalog, card };
    let found = |(position, price): (usize, &Price)| {
        let error = of
            .sold(price)
            .or_else(|| dated(card, price))
            .or_else(|| of.abroad(position, price))
            .or_else(|| of.against_launch(price))
            .or_else(|| of.against_others(position, price))
            .or_else(|| of.hourly(price))?;
        let path = format!("prices[{position}].{}", error.path);
        Some(error.at(path))
    };
    card.prices.iter().enumerate().filter_map(found).collect()
}

/// No price is older than its card.
fn dated(card: &Card, price: &Price) -> Option<CatalogError> {
    let year = |date: &str| date.split('-').next().map(str::to_owned).unwrap_or_default();
    (year(&price.date) < year(&card.launch_date))
        .then(|| CatalogError::field("date", &price.date, format!("{} ...", card.launch_date)))
}

/// The prices of a card, with the rates that compare them.
struct Prices<'a> {
    catalog: &'a Catalog,
    card: &'a Card,
}

impl Prices<'_> {
    fn dollars(&self, price: &Price) -> Option<f64> {
        self.catalog.convert(price.amount, price.currency, Currency::Usd)
    }

    /// Prices lie where a card of any kind was ever sold.
    fn sold(&self, price: &Price) -> Option<CatalogError> {
        let per_dollar = self.catalog.convert(1.0, Currency::Usd, price.currency)?;
        let (least, most) = match price.kind {
            PriceKind::RentPerHour => (0.01 * per_dollar, 50.0 * per_dollar),
            _ => (20.0 * per_dollar, 100_000.0 * per_dollar),
        };
        (!(least..=most).contains(&price.amount))
            .then(|| CatalogError::field("amount", price.amount, format!("{least:.2} ... {most:.0}")))
    }

    /// What the maker asked in one country has to do with what it asked in another.
    fn abroad(&self, position: usize, price: &Price) -> Option<CatalogError> {
        let earlier = self.card.prices.get(..position)?.iter().filter(|_| price.kind == PriceKind::Launch);
        let other = earlier.filter(|other| other.kind == PriceKind::Launch).find(|other| other.currency != price.currency)?;
        let same = self.catalog.convert(other.amount, other.currency, price.currency)?;
        let (least, most) = (same * ABROAD.0, same * ABROAD.1);
        (!(least..=most).contains(&price.amount)).then(|| {
            let found = format!("{} {}, and {} {}", price.amount, price.currency.name(), other.amount, other.currency.name());
            CatalogError::field("amount", found, format!("{least:.0} ... {most:.0} {}", price.currency.name()))
        })
    }

    /// What is asked for a card later has to do with what it came out at, in the same currency if it had a price in that.
    fn against_launch(&self, price: &Price) -> Option<CatalogError> {
        let age = price.month().saturating_sub(Price::month_of(&self.card.launch_date));
        let played_on = matches!(self.card.brand, Brand::Geforce | Brand::Titan);
        let (least, most) = match price.kind {
            PriceKind::Launch | PriceKind::RentPerHour => return None,
            PriceKind::Street => NEW,
            PriceKind::Used if played_on && age <= PLAYED_FOR => (PLAYED_ON.0, USED_MOST),
            PriceKind::Used if played_on => (PLAYED_ON.1, USED_MOST),
            PriceKind::Used => (WRITTEN_OFF, USED_MOST),
        };
        let launch = |same: bool| {
            let all = self.card.prices.iter().filter(|other| other.kind == PriceKind::Launch);
            all.filter(|other| !same || other.currency == price.currency)
                .find_map(|other| self.catalog.convert(other.amount, other.currency, price.currency))
        };
        let launch = launch(true).or_else(|| launch(false))?;
        let share = |amount: f64| amount / launch;
        let (field, amount) = ends(price).into_iter().find(|(_, amount)| !(least..=most).contains(&share(*amount)))?;
        let found = format!("{amount}, {:.3} times the launch price of {launch:.0}", share(amount));
        Some(CatalogError::field(field, found, format!("{:.0} ... {:.0}", launch * least, launch * most)))
    }

    /// What one asks has to do with what all others ask for the same card.
    fn against_others(&self, position: usize, price: &Price) -> Option<CatalogError> {
        let on_market = |price: &Price| matches!(price.kind, PriceKind::Street | PriceKind::Used);
        let others = self.card.prices.iter().enumerate().filter(|(place, other)| *place != position && on_market(other));
        let others = middle(others.filter_map(|(_, other)| self.dollars(other)).collect())?;
        let others = self.catalog.convert(others, Currency::Usd, price.currency).filter(|_| on_market(price))?;
        let (least, most) = (others / APART, others * APART);
        let (field, amount) = ends(price).into_iter().find(|(_, amount)| !(least..=most).contains(amount))?;
        let found = format!("{amount}, where other readings are about {others:.0} {}", price.currency.name());
        Some(CatalogError::field(field, found, format!("{least:.0} ... {most:.0}")))
    }

    /// An hour costs a small part of the card.
    fn hourly(&self, price: &Price) -> Option<CatalogError> {
        let asked = self.card.prices.iter().filter(|other| other.kind != PriceKind::RentPerHour);
        let bought = middle(asked.filter_map(|other| self.dollars(other)).collect())?;
        let bought =
            self.catalog.convert(bought, Currency::Usd, price.currency).filter(|_| price.kind == PriceKind::RentPerHour)?;
        let (least, most) = (bought * HOURLY.0, bought * HOURLY.1);
        let (field, amount) = ends(price).into_iter().find(|(_, amount)| !(least..=most).contains(amount))?;
        let found = format!("{amount} an hour for a card of about {bought:.0} {}", price.currency.name());
        Some(CatalogError::field(field, found, format!("{least:.2} ... {most:.2}")))
    }
}

/// The fields an amount stands in: one, or both ends.
fn ends(price: &Price) -> [(&'static str, f64); 2] {
    price.range.map_or([("amount", price.amount); 2], |(low, high)| [("low", low), ("high", high)])
}

/// The middle one.
fn middle(mut amounts: Vec<f64>) -> Option<f64> {
    amounts.sort_by(f64::total_cmp);
    amounts.get(amounts.len() / 2).copied()
}
