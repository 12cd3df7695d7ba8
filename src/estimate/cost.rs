//! Money of the job: buying or renting the cards, and electricity, in the currency of the request.

use super::market::condition;
use super::price::{price_of, rent_price, tariff};
use super::serving::{serving, serving_steps};
use super::working::step;
use super::{Cost, Energy, PricedAmount, Step, Time};
use crate::catalog::Catalog;
use crate::request::Setup;

/// Buying, renting and electricity.
///
/// A price the visitor gave comes first; else what the catalogue's readings say. Prices in another currency are converted by the
/// catalogue's dated rate, and left out where it has none.
#[must_use]
pub fn cost(catalog: &Catalog, setup: &Setup, time: &Time, energy: &Energy) -> Cost {
    let cards = f64::from(setup.rig.count.max(1));
    let hours = time.total.as_hours();
    let card = &setup.rig.card;
    let buy = price_of(catalog, card, setup.rig.count.max(1), &setup.money, condition(card, &setup.money));
    let rent = rent_price(catalog, card, &setup.money).map(|price| price.times(setup.money.currency, cards * hours));
    let electricity = tariff(catalog, &setup.money).map(|price| price.times(setup.money.currency, energy.wall_joules.as_kwh()));
    let break_even_hours = break_even(buy.as_ref(), rent.as_ref(), electricity.as_ref(), cards, hours);
    let serving = serving(setup, time, rent.as_ref(), electricity.as_ref());
    Cost { buy, rent, electricity, serving, break_even_hours }
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
    [buy, rent, electricity, even].into_iter().flatten().chain(serving_steps(cost)).collect()
}

/// Where a price comes from: the visitor, or a source of the catalogue, with its date.
fn origin(amount: &PricedAmount) -> String {
    if amount.source.is_empty() {
        return amount.basis.clone();
    }
    format!("catalog.json#{} ({})", amount.source, amount.date)
}
