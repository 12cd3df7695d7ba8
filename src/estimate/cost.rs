//! Money of the job: buying or renting the cards, and electricity, in the currency of the request.

use super::working::step;
use super::{Cost, Energy, PricedAmount, Step, Time};
use crate::card::{Card, Price, PriceKind};
use crate::catalog::Catalog;
use crate::request::{Condition, MoneyTerms, Setup};
use crate::units::{Currency, Money};

/// Buying, renting and electricity.
///
/// A price the visitor gave comes first; else the catalogue's most recent one. Prices in another currency are converted by the
/// catalogue's dated rate, and left out where it has none.
#[must_use]
pub fn cost(catalog: &Catalog, setup: &Setup, time: &Time, energy: &Energy) -> Cost {
    let cards = f64::from(setup.rig.count.max(1));
    let hours = time.total.as_hours();
    let buy = card_price(catalog, setup).map(|price| price.times(setup.money.currency, cards));
    let rent = rent_price(catalog, &setup.rig.card, &setup.money).map(|price| price.times(setup.money.currency, cards * hours));
    let electricity = tariff(catalog, &setup.money).map(|price| price.times(setup.money.currency, energy.wall_joules.as_kwh()));
    let break_even_hours = break_even(buy.as_ref(), rent.as_ref(), electricity.as_ref(), cards, hours);
    Cost { buy, rent, electricity, break_even_hours }
}

/// Price of one unit, in the currency of the request.
struct UnitPrice {
    amount: f64,
    basis: &'static str,
    date: String,
    source: String,
    stale: bool,
}

impl UnitPrice {
    fn given(amount: f64) -> Self {
        Self { amount, basis: "given", date: String::new(), source: String::new(), stale: false }
    }

    fn times(self, currency: Currency, units: f64) -> PricedAmount {
        let amount = self.amount * units;
        PricedAmount {
            money: Money { amount: if amount.is_finite() { amount } else { 0.0 }, currency },
            unit_price: self.amount,
            basis: self.basis.to_owned(),
            date: self.date,
            source: self.source,
            stale: self.stale,
        }
    }
}

fn card_price(catalog: &Catalog, setup: &Setup) -> Option<UnitPrice> {
    if let Some(given) = setup.money.card_price {
        return Some(UnitPrice::given(given));
    }
    unit_price(catalog, &setup.rig.card, setup.money.currency, Condition::Any)
}

/// What the catalogue says one card costs in a condition. A launch price says little years later: it stands in only where no market
/// price is known, and for a card bought new only as long as it is not stale.
fn unit_price(catalog: &Catalog, card: &Card, currency: Currency, condition: Condition) -> Option<UnitPrice> {
    let newest = |kinds: &[PriceKind]| latest(catalog, card, currency, kinds);
    let launch = || newest(&[PriceKind::Launch]);
    match condition {
        Condition::New => newest(&[PriceKind::Street]).or_else(|| launch().filter(|price| !price.stale)),
        Condition::Used => newest(&[PriceKind::Used]),
        Condition::Any => newest(&[PriceKind::Street, PriceKind::Used]).or_else(launch),
    }
}

/// What the catalogue says one card costs, new or used, in this currency: the price that estimates take.
#[must_use]
pub fn card_price_of(catalog: &Catalog, card: &Card, currency: Currency) -> Option<PricedAmount> {
    Some(unit_price(catalog, card, currency, Condition::Any)?.times(currency, 1.0))
}

/// What so many of a card cost to buy: the visitor's price, else the catalogue's for this condition. `None` means nobody knows: it is
/// never guessed.
pub(crate) fn price_of(
    catalog: &Catalog,
    card: &Card,
    count: u32,
    money: &MoneyTerms,
    condition: Condition,
) -> Option<PricedAmount> {
    let given = money.card_price.map(UnitPrice::given);
    let price = given.or_else(|| unit_price(catalog, card, money.currency, condition))?;
    Some(price.times(money.currency, f64::from(count)))
}

fn rent_price(catalog: &Catalog, card: &Card, money: &MoneyTerms) -> Option<UnitPrice> {
    let given = money.rent_per_hour.map(UnitPrice::given);
    given.or_else(|| latest(catalog, card, money.currency, &[PriceKind::RentPerHour]))
}

/// What an hour of one card and a kilowatt-hour cost, for weighing many recipes on one rig.
pub(crate) fn rates(catalog: &Catalog, card: &Card, money: &MoneyTerms) -> (Option<f64>, Option<f64>) {
    let amount = |price: Option<UnitPrice>| price.map(|price| price.amount);
    (amount(rent_price(catalog, card, money)), amount(tariff(catalog, money)))
}

/// The visitor's own tariff, else the catalogue's.
fn tariff(catalog: &Catalog, money: &MoneyTerms) -> Option<UnitPrice> {
    if let Some(given) = money.tariff_per_kwh {
        return Some(UnitPrice::given(given));
    }
    let tariff = catalog.usual_tariff(money.country.as_deref(), money.pue)?;
    let amount = catalog.convert(tariff.amount, tariff.currency, money.currency)?;
    let (date, source) = (tariff.date.clone(), tariff.source.clone());
    Some(UnitPrice { amount, basis: "tariff", date, source, stale: false })
}

/// The most recent price of these kinds that can be said in this currency, one stated in it first among equals.
fn latest(catalog: &Catalog, card: &Card, currency: Currency, kinds: &[PriceKind]) -> Option<UnitPrice> {
    let own = |price: &Price| price.currency == currency;
    let of_kind = card.prices.iter().filter(|price| kinds.contains(&price.kind));
    let (amount, price) = of_kind
        .filter_map(|price| Some((catalog.convert(price.amount, price.currency, currency)?, price)))
        .max_by(|(_, a), (_, b)| a.date.cmp(&b.date).then_with(|| own(a).cmp(&own(b))))?;
    let stale = is_stale(catalog, card, price);
    Some(UnitPrice { amount, basis: basis(price.kind), date: price.date.clone(), source: price.source.clone(), stale })
}

/// The name of a price kind in an answer.
const fn basis(kind: PriceKind) -> &'static str {
    match kind {
        PriceKind::Launch => "launch",
        PriceKind::Street => "street",
        PriceKind::Used => "used",
        PriceKind::RentPerHour => "rent-per-hour",
    }
}

/// Whether a price says little about today: the launch price of a card that came out three years or more before the catalogue's
/// date (shops hardly have it), or any other price read two years or more before it.
fn is_stale(catalog: &Catalog, card: &Card, price: &Price) -> bool {
    match price.kind {
        PriceKind::Launch => !within_years(catalog.date(), &card.launch_date, 3),
        PriceKind::Street | PriceKind::Used | PriceKind::RentPerHour => !within_years(catalog.date(), &price.date, 2),
    }
}

/// Whether a date is less than so many years before today. ISO dates compare as text; a bare year counts as its end.
fn within_years(today: &str, date: &str, years: u32) -> bool {
    let year = |text: &str| text.get(..4).and_then(|year| year.parse::<u32>().ok());
    let (Some(now), Some(then)) = (year(today), year(date)) else { return false };
    let (limit, rest) = (now.saturating_sub(years), today.get(4..).unwrap_or_default());
    let day = date.get(4..).unwrap_or_default();
    then > limit || then == limit && (day > rest.get(..day.len().min(rest.len())).unwrap_or_default() || day == rest)
}

/// Hours of use after which buying and paying electricity costs less than renting: `buy / (rent per hour - electricity per hour)`.
fn break_even(
    buy: Option<&PricedAmount>,
    rent: Option<&PricedAmount>,
    electricity: Option<&PricedAmount>,
    cards: f64,
    hours: f64,
) -> Option<f64> {
    let rent_hour = rent?.unit_price * cards;
    let power_hour = electricity.filter(|_| hours > 0.0).map_or(0.0, |bill| bill.money.amount / hours);
    let saved = rent_hour - power_hour;
    let hours = buy?.money.amount / saved;
    (saved > 0.0 && hours.is_finite()).then_some(hours)
}

/// Each amount with its formula, inputs and source.
#[must_use]
pub fn cost_steps(setup: &Setup, time: &Time, energy: &Energy, cost: &Cost) -> Vec<Step> {
    let cards = f64::from(setup.rig.count.max(1));
    let hours = time.total.as_hours();
    let buy = cost.buy.as_ref().map(|buy| {
        let inputs = [("N", cards), ("p", buy.unit_price)];
        step("cost.buy", "N · p", &inputs, buy.money.amount, &origin(buy))
    });
    let rent = cost.rent.as_ref().map(|rent| {
        let inputs = [("N", cards), ("τ", hours), ("p_h", rent.unit_price)];
        step("cost.rent", "N · τ · p_h", &inputs, rent.money.amount, &origin(rent))
    });
    let electricity = cost.electricity.as_ref().map(|bill| {
        let inputs = [("E", energy.wall_joules.as_kwh()), ("p_E", bill.unit_price)];
        step("cost.electricity", "E · p_E", &inputs, bill.money.amount, &origin(bill))
    });
    let even = cost.break_even_hours.map(|even| {
        let price = |amount: &Option<PricedAmount>| amount.as_ref().map_or(0.0, |amount| amount.money.amount);
        let rent = cost.rent.as_ref().map_or(0.0, |rent| rent.unit_price);
        let electricity = if hours > 0.0 { price(&cost.electricity) / hours } else { 0.0 };
        let inputs = [("K", price(&cost.buy)), ("N", cards), ("p_h", rent), ("c_E", electricity)];
        let formula = "K / (N · p_h − c_E)";
        step("cost.breakEvenHours", formula, &inputs, even, "docs/energy-and-money.md#money")
    });
    [buy, rent, electricity, even].into_iter().flatten().collect()
}

/// Where a price comes from: the visitor, or a source of the catalogue, with its date.
fn origin(amount: &PricedAmount) -> String {
    if amount.source.is_empty() {
        return amount.basis.clone();
    }
    format!("catalog.json#{} ({})", amount.source, amount.date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_age() {
        let within = |date, years| within_years("2026-11-23", date, years);
        assert!(!within("2017-03-10", 3) && within("2024-01-31", 3));
        assert!(!within("2024-03", 2) && within("2026-09", 2) && within("2026", 2));
        assert!(within("2024-12", 2) && !within("2024-11-22", 2), "the day counts where it is known");
    }
}
