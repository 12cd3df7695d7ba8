//! What a rig and a job cost, for ranking.

use super::goal::Condition;
use super::question::Limits;
use crate::card::{Card, Price, PriceKind};
use crate::catalog::Catalog;
use crate::estimate::{Energy, PricedAmount, Time, basis, cost, is_stale};
use crate::request::{MoneyTerms, Setup};
use crate::units::{Currency, Money, Seconds};

/// What so many of this card cost to buy, by the visitor's price or the newest catalogue price of the accepted condition.
///
/// A launch price counts only where no street or used price is known, and for a new card only in its first three years on sale:
/// afterwards shops hardly have it. `None` means nobody knows: it is never guessed.
pub(super) fn buying(catalog: &Catalog, card: &Card, count: u32, money: &MoneyTerms, condition: Condition) -> Option<PricedAmount> {
    let total = |unit_price: f64| Money { amount: unit_price * f64::from(count), currency: money.currency };
    if let Some(unit_price) = money.card_price {
        let basis = "given".to_owned();
        return Some(PricedAmount {
            money: total(unit_price),
            unit_price,
            basis,
            date: String::new(),
            source: String::new(),
            stale: false,
        });
    }
    let price =
        price_of(catalog, card, condition, money.currency, |price| catalog.convert(price.amount, price.currency, money.currency))?;
    let unit_price = catalog.convert(price.amount, price.currency, money.currency)?;
    Some(PricedAmount {
        money: total(unit_price),
        unit_price,
        basis: basis(price.kind).to_owned(),
        date: price.date.clone(),
        source: price.source.clone(),
        stale: is_stale(catalog, card, price),
    })
}

/// The price that stands for a card.
fn price_of<'a>(
    catalog: &Catalog,
    card: &'a Card,
    condition: Condition,
    currency: Currency,
    amount: impl Fn(&Price) -> Option<f64>,
) -> Option<&'a Price> {
    let own = |price: &Price| price.currency == currency;
    let newest = |kinds: &[PriceKind]| {
        card.prices
            .iter()
            .filter(|price| kinds.contains(&price.kind) && amount(price).is_some())
            .max_by(|a, b| a.date.cmp(&b.date).then_with(|| own(a).cmp(&own(b))))
    };
    let new = || newest(&[PriceKind::Street]);
    let used = || newest(&[PriceKind::Used]);
    let launch = || newest(&[PriceKind::Launch]);
    match condition {
        Condition::New => new().or_else(|| launch().filter(|price| !is_stale(catalog, card, price))),
        Condition::Used => used(),
        // The newest of both, as an estimate shows it.
        Condition::Any => newest(&[PriceKind::Street, PriceKind::Used]).or_else(launch),
    }
}

/// Cost of one job: renting, or electricity and the job's share of the cards' life, whichever is lower.
///
/// Share of life: `price x time / life`, straight line, no resale value.
pub(super) fn job_cost(catalog: &Catalog, setup: &Setup, time: &Time, energy: &Energy, limits: &Limits) -> Option<Money> {
    let cost = cost(catalog, setup, time, energy);
    let rent = cost.rent.map(|rent| rent.money.amount);
    let bought = buying(catalog, &setup.rig.card, setup.rig.count, &setup.money, limits.condition);
    let own = match (bought, cost.electricity) {
        (Some(bought), Some(electricity)) => {
            Some(bought.money.amount * share_of_life(time.total, limits.life) + electricity.money.amount)
        }
        _ => None,
    };
    let amount = match (rent, own) {
        (Some(rent), Some(own)) => rent.min(own),
        (one, other) => one.or(other)?,
    };
    Some(Money { amount, currency: setup.money.currency })
}

fn share_of_life(time: Seconds, life: Seconds) -> f64 {
    time / life
}
