//! Money of the job: buying or renting the cards, and electricity, in the currency of the request.

use super::market::{condition, is_restricted};
use super::working::step;
use super::{Cost, Energy, PricedAmount, Step, Time};
use crate::card::{Card, Doubt, Price, PriceKind};
use crate::catalog::Catalog;
use crate::request::{Condition, MoneyTerms, Setup};
use crate::units::{Currency, Money};

/// Buying, renting and electricity.
///
/// A price the visitor gave comes first; else what the catalogue's readings say. Prices in another currency are converted by the
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
    overtaken: Option<String>,
    converted: Option<Currency>,
}

impl UnitPrice {
    fn given(amount: f64) -> Self {
        Self { amount, basis: "given", date: String::new(), source: String::new(), stale: false, overtaken: None, converted: None }
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
            overtaken_by: self.overtaken,
            converted_from: self.converted,
        }
    }
}

fn card_price(catalog: &Catalog, setup: &Setup) -> Option<UnitPrice> {
    if let Some(given) = setup.money.card_price {
        return Some(UnitPrice::given(given));
    }
    let card = &setup.rig.card;
    unit_price(catalog, card, setup.money.currency, condition(card, &setup.money))
}

/// What the catalogue says one card costs in a condition. A launch price says little years later: it stands in only where no market
/// price is known, and for a card bought new only as long as it is not stale.
fn unit_price(catalog: &Catalog, card: &Card, currency: Currency, condition: Condition) -> Option<UnitPrice> {
    let market = |kinds: &[PriceKind]| current(catalog, card, currency, kinds);
    let launch = || market(&[PriceKind::Launch]);
    match condition {
        Condition::New => market(&[PriceKind::Street]).or_else(|| launch().filter(|price| !price.stale)),
        Condition::Used => market(&[PriceKind::Used]),
        Condition::Any => market(&[PriceKind::Street, PriceKind::Used]).or_else(launch),
    }
}

/// What the catalogue says one card costs, new or used, in this currency: the price that estimates take. Where a country forbids to
/// sell it new there, second hand.
#[must_use]
pub fn card_price_of(catalog: &Catalog, card: &Card, currency: Currency, country: Option<&str>) -> Option<PricedAmount> {
    let condition = if is_restricted(card, country) { Condition::Used } else { Condition::Any };
    Some(unit_price(catalog, card, currency, condition)?.times(currency, 1.0))
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
    given.or_else(|| current(catalog, card, money.currency, &[PriceKind::RentPerHour]))
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
    let converted = (tariff.currency != money.currency).then_some(tariff.currency);
    Some(UnitPrice { amount, basis: "tariff", date, source, stale: false, overtaken: None, converted })
}

/// The price of these kinds that holds, in this currency: the middle one of the newest readings, so that of several one shop on one day
/// does not decide. Those stated in the currency go before those that have to be converted, and current before stale ones.
fn current(catalog: &Catalog, card: &Card, currency: Currency, kinds: &[PriceKind]) -> Option<UnitPrice> {
    let of_kind = card.prices.iter().filter(|price| kinds.contains(&price.kind));
    let sayable = of_kind.filter_map(|price| Some((catalog.convert(price.amount, price.currency, currency)?, price)));
    let rank = |price: &Price| (!is_stale(catalog, card, price), price.currency == currency);
    let mut prices: Vec<(f64, &Price)> = sayable.collect();
    let best = prices.iter().map(|(_, price)| rank(price)).max()?;
    prices.retain(|(_, price)| rank(price) == best);
    let newest = prices.iter().map(|(_, price)| price.month()).max()?;
    prices.retain(|(_, price)| newest - price.month() < Price::TOGETHER);
    prices.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    // Of two in the middle the newer.
    let middle = prices.get(prices.len().saturating_sub(1) / 2..=prices.len() / 2)?;
    let (amount, price) = middle.iter().max_by(|(_, a), (_, b)| a.date.cmp(&b.date))?;
    Some(UnitPrice {
        amount: *amount,
        basis: basis(price.kind),
        date: price.date.clone(),
        source: price.source.clone(),
        stale: is_stale(catalog, card, price),
        overtaken: price.doubt.as_ref().and_then(|doubt| match doubt {
            Doubt::Overtaken(by) => Some(by.clone()),
            Doubt::Superseded => None,
        }),
        converted: (price.currency != currency).then_some(price.currency),
    })
}

/// Whether a market price was read half a year or more before this day: not too old to go by, but to be said.
pub(crate) fn is_aged(today: &str, price: &PricedAmount) -> bool {
    matches!(price.basis.as_str(), "street" | "used") && Price::month_of(today).saturating_sub(Price::month_of(&price.date)) >= 6
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
/// date (shops hardly have it), any other price read two years or more before it, and what newer readings or cards contradict.
fn is_stale(catalog: &Catalog, card: &Card, price: &Price) -> bool {
    match price.kind {
        _ if price.doubt.is_some() => true,
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

    /// A catalogue in which one card has these prices.
    fn priced(prices: &str) -> Catalog {
        let mut file: serde_json::Value = serde_json::from_str(include_str!("../../catalog.json")).expect("JSON");
        file["date"] = "2026-10-01".into();
        file["cards"][0]["prices"] = serde_json::from_str(prices).expect("prices");
        Catalog::from_json(&file.to_string()).expect("a catalogue")
    }

    fn price(prices: &str, currency: Currency) -> PricedAmount {
        let catalog = priced(prices);
        card_price_of(&catalog, &catalog.cards()[0], currency, None).expect("a price")
    }

    const READINGS: &str = r#"[
        {"kind":"used","amount":700,"currency":"USD","date":"2026-03","source":"wiki"},
        {"kind":"used","amount":1300,"currency":"USD","date":"2026-09","source":"wiki"},
        {"kind":"street","amount":900,"currency":"USD","date":"2026-08-02","source":"wiki"},
        {"kind":"used","amount":600,"currency":"USD","date":"2026-07","source":"wiki"},
        {"kind":"used","amount":650,"currency":"USD","date":"2026","source":"wiki"},
        {"kind":"used","amount":10,"currency":"USD","date":"2025-01","source":"wiki"},
        {"kind":"used","amount":5000,"currency":"CNY","date":"2026-02","source":"wiki"}]"#;

    #[test]
    fn the_middle_of_the_newest_readings_counts() {
        let found = price(READINGS, Currency::Usd);
        assert_eq!((found.money.amount, found.basis.as_str(), found.date.as_str()), (900.0, "street", "2026-08-02"));
        assert_eq!((found.stale, found.converted_from), (false, None));
    }

    #[test]
    fn a_reading_in_ones_own_money_goes_before_newer_ones_that_are_converted() {
        let found = price(READINGS, Currency::Cny);
        assert_eq!((found.money.amount, found.converted_from), (5000.0, None));
        let foreign = price(READINGS, Currency::Eur);
        assert_eq!((foreign.date.as_str(), foreign.converted_from), ("2026-08-02", Some(Currency::Usd)));
    }

    #[test]
    fn an_offer_of_last_spring_is_no_price_of_this_autumn() {
        let risen = r#"[{"kind":"street","amount":1900,"currency":"USD","date":"2026-05","source":"wiki"},
            {"kind":"used","amount":1550,"currency":"USD","date":"2026-05","source":"wiki"},
            {"kind":"used","amount":2977,"currency":"USD","date":"2026-09","source":"wiki"}]"#;
        assert_eq!(price(risen, Currency::Usd).money.amount, 2977.0);
    }

    #[test]
    fn of_two_in_the_middle_the_newer_counts_and_an_old_one_alone_is_stale() {
        let two = r#"[{"kind":"used","amount":700,"currency":"USD","date":"2026-03","source":"wiki"},
            {"kind":"street","amount":600,"currency":"USD","date":"2026-04","source":"wiki"}]"#;
        assert_eq!(price(two, Currency::Usd).money.amount, 600.0);
        let old = r#"[{"kind":"used","amount":700,"currency":"USD","date":"2023-03","source":"wiki"}]"#;
        assert!(price(old, Currency::Usd).stale);
    }
}
