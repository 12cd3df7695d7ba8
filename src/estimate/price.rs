//! What cards, their rent and electricity cost: which of the catalogue's readings holds, and whether it says anything about today.

use super::PricedAmount;
use super::age::is_stale;
use super::market::is_restricted;
use super::spread::{Spread, spread};
use crate::card::{Card, Doubt, Price, PriceKind};
use crate::catalog::Catalog;
use crate::request::{Condition, MoneyTerms};
use crate::units::{Currency, Money};

/// Price of one unit, in the currency of the request.
pub(super) struct UnitPrice {
    amount: f64,
    basis: &'static str,
    date: String,
    source: String,
    stale: bool,
    doubt: Option<Doubt>,
    spread: Option<Spread>,
    converted: Option<Currency>,
    /// Date of the catalogue's rate that it was converted by, and whether that is too old to rely on.
    rate: Option<(String, bool)>,
}

impl UnitPrice {
    fn given(amount: f64) -> Self {
        Self {
            amount,
            basis: "given",
            date: String::new(),
            source: String::new(),
            stale: false,
            doubt: None,
            spread: None,
            converted: None,
            rate: None,
        }
    }

    pub(super) fn times(self, currency: Currency, units: f64) -> PricedAmount {
        let amount = self.amount * units;
        let (overtaken_by, risen) = match self.doubt {
            Some(Doubt::Overtaken(by)) => (Some(by), None),
            Some(Doubt::Risen(risen)) => (None, Some(risen)),
            Some(Doubt::Superseded) | None => (None, None),
        };
        PricedAmount {
            money: Money { amount: if amount.is_finite() { amount } else { 0.0 }, currency },
            unit_price: self.amount,
            basis: self.basis.to_owned(),
            date: self.date,
            source: self.source,
            stale: self.stale,
            overtaken_by,
            risen,
            spread: self.spread,
            converted_from: self.converted,
            stale_rate: self.rate.as_ref().is_some_and(|(_, stale)| *stale),
            rate_date: self.rate.map(|(date, _)| date),
        }
    }
}

/// What the catalogue says one card costs in a condition; new or used, the lower of both.
///
/// What is stale counts only where no current price is known in any condition, so that a condition never makes a card cheaper than
/// it is without. A launch price says little years later: it stands in only where no market price is known, and for a card bought
/// new only as long as it is not stale.
fn unit_price(catalog: &Catalog, card: &Card, currency: Currency, condition: Condition) -> Option<UnitPrice> {
    let market = |kind: PriceKind| current(catalog, card, currency, kind);
    let (street, launch) = (market(PriceKind::Street), market(PriceKind::Launch));
    let is_current = |price: &UnitPrice| !price.stale;
    let new = match (street, launch) {
        (Some(street), _) if is_current(&street) => Some(street),
        (_, Some(launch)) if is_current(&launch) => Some(launch),
        (street, _) => street,
    };
    let used = market(PriceKind::Used);
    let known = new.iter().chain(&used).any(is_current);
    let counts = |price: &UnitPrice| !(known && price.stale);
    let (new, used) = (new.filter(counts), used.filter(counts));
    match condition {
        Condition::New => new,
        Condition::Used => used,
        Condition::Any => match (new, used) {
            (Some(new), Some(used)) => Some(if used.amount < new.amount { used } else { new }),
            (new, used) => new.or(used).or_else(|| market(PriceKind::Launch)),
        },
    }
}

/// What the catalogue says one card costs, new or used, in this currency: the price that estimates take. Where a country forbids to
/// sell it new there, second hand.
#[must_use]
pub fn card_price_of(catalog: &Catalog, card: &Card, currency: Currency, country: Option<&str>) -> Option<PricedAmount> {
    let condition = if is_restricted(card, country) { Condition::Used } else { Condition::Any };
    Some(unit_price(catalog, card, currency, condition)?.times(currency, 1.0))
}

/// What so many of a card cost to buy: the visitor's price, else the catalogue's for this condition. `None` means nobody knows: it
/// is never guessed.
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

pub(super) fn rent_price(catalog: &Catalog, card: &Card, money: &MoneyTerms) -> Option<UnitPrice> {
    let given = money.rent_per_hour.map(UnitPrice::given);
    given.or_else(|| current(catalog, card, money.currency, PriceKind::RentPerHour))
}

/// What an hour of one card and a kilowatt-hour cost, for weighing many recipes on one rig.
pub(crate) fn rates(catalog: &Catalog, card: &Card, money: &MoneyTerms) -> (Option<f64>, Option<f64>) {
    let amount = |price: Option<UnitPrice>| price.map(|price| price.amount);
    (amount(rent_price(catalog, card, money)), amount(tariff(catalog, money)))
}

/// The visitor's own tariff, else the catalogue's.
pub(super) fn tariff(catalog: &Catalog, money: &MoneyTerms) -> Option<UnitPrice> {
    if let Some(given) = money.tariff_per_kwh {
        return Some(UnitPrice::given(given));
    }
    let tariff = catalog.usual_tariff(money.country.as_deref(), money.pue)?;
    let amount = catalog.convert(tariff.amount, tariff.currency, money.currency)?;
    let (date, source) = (tariff.date.clone(), tariff.source.clone());
    let converted = (tariff.currency != money.currency).then_some(tariff.currency);
    let rate = rate(catalog, tariff.currency, money.currency);
    Some(UnitPrice { amount, basis: "tariff", date, source, stale: false, doubt: None, spread: None, converted, rate })
}

/// The price of a kind that holds, in this currency: the middle one of the newest readings, so that of several one shop on one day
/// does not decide. Those stated in the currency go before those that have to be converted, and current before stale ones.
fn current(catalog: &Catalog, card: &Card, currency: Currency, kind: PriceKind) -> Option<UnitPrice> {
    let of_kind = card.prices.iter().filter(|price| price.kind == kind);
    let sayable = of_kind.filter_map(|price| Some((catalog.convert(price.amount, price.currency, currency)?, price)));
    let rank = |price: &Price| (!is_stale(catalog, card, price), price.currency == currency);
    // A planner asks for the prices of every card: each reading is judged once.
    let mut prices: Vec<_> = sayable.map(|(amount, price)| (rank(price), amount, price)).collect();
    let best = prices.iter().map(|(rank, ..)| *rank).max()?;
    prices.retain(|(rank, ..)| *rank == best);
    let mut prices = Price::newest(prices, |(.., price)| price);
    prices.sort_by(|(.., a, _), (.., b, _)| a.total_cmp(b));
    // Of two in the middle the newer.
    let middle = prices.get(prices.len().saturating_sub(1) / 2..=prices.len() / 2)?;
    let (_, amount, price) = middle.iter().max_by(|(.., a), (.., b)| a.date.cmp(&b.date))?;
    Some(UnitPrice {
        amount: *amount,
        basis: basis(price.kind),
        date: price.date.clone(),
        source: price.source.clone(),
        stale: !best.0,
        doubt: price.doubt.clone(),
        spread: if matches!(kind, PriceKind::Street | PriceKind::Used) { spread(catalog, card, currency) } else { None },
        converted: (price.currency != currency).then_some(price.currency),
        rate: rate(catalog, price.currency, currency),
    })
}

/// The date of the catalogue's rate between two currencies, and whether it is stale.
fn rate(catalog: &Catalog, from: Currency, to: Currency) -> Option<(String, bool)> {
    let date = catalog.rate_date(from, to)?;
    Some((date.to_owned(), catalog.has_stale_rates()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Keyword;

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
        {"kind":"used","amount":1000,"currency":"USD","date":"2026-09","source":"wiki"},
        {"kind":"street","amount":900,"currency":"USD","date":"2026-08-02","source":"wiki"},
        {"kind":"used","amount":600,"currency":"USD","date":"2026-07","source":"wiki"},
        {"kind":"used","amount":650,"currency":"USD","date":"2026","source":"wiki"},
        {"kind":"used","amount":10,"currency":"USD","date":"2025-01","source":"wiki"},
        {"kind":"used","amount":6000,"currency":"CNY","date":"2026-02","source":"wiki"}]"#;

    #[test]
    fn the_middle_of_the_newest_readings_counts() {
        let found = price(READINGS, Currency::Usd);
        assert_eq!((found.money.amount, found.basis.as_str(), found.date.as_str()), (900.0, "street", "2026-08-02"));
        assert_eq!((found.stale, found.converted_from), (false, None));
    }

    #[test]
    fn a_reading_in_ones_own_money_goes_before_newer_ones_that_are_converted() {
        let found = price(READINGS, Currency::Cny);
        assert_eq!((found.money.amount, found.converted_from), (6000.0, None));
        let foreign = price(READINGS, Currency::Eur);
        assert_eq!((foreign.date.as_str(), foreign.converted_from), ("2026-08-02", Some(Currency::Usd)));
    }

    #[test]
    fn a_reading_in_ones_own_money_gives_way_to_what_contradicts_it_in_another() {
        let with = |used: u32| {
            format!(
                r#"[{{"kind":"used","amount":5000,"currency":"CNY","date":"2026-03","source":"wiki"}},
                    {{"kind":"used","amount":{used},"currency":"USD","date":"2026-09","source":"wiki"}}]"#
            )
        };
        let found = price(&with(1355), Currency::Cny);
        assert_eq!((found.date.as_str(), found.converted_from, found.stale), ("2026-09", Some(Currency::Usd), false));
        // 6,120 yuan are less than five quarters of 5,000.
        let found = price(&with(900), Currency::Cny);
        assert_eq!((found.money.amount, found.converted_from), (5000.0, None));
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

    /// What is known of a card that nobody says how it is to be had of costs no more than it does new, or used: so no budget has
    /// room for a card because of its condition.
    fn no_condition_lowers_a_price(catalog: &Catalog) {
        for card in catalog.cards() {
            for &currency in Currency::ALL {
                let of = |condition| unit_price(catalog, card, currency, condition);
                let any = of(Condition::Any);
                for one in [of(Condition::New), of(Condition::Used)].into_iter().flatten() {
                    let any = any.as_ref().expect("what is known new or used is known");
                    assert!(
                        any.amount <= one.amount && (one.stale || !any.stale),
                        "{}: {} over {}",
                        card.id,
                        any.amount,
                        one.amount
                    );
                }
            }
        }
    }

    #[test]
    fn a_condition_makes_no_card_cheaper() {
        no_condition_lowers_a_price(&Catalog::from_json(include_str!("../../catalog.json")).expect("a catalogue"));
        no_condition_lowers_a_price(&priced(READINGS));
        // What was sold new in spring at less than it costs used in autumn is no offer to whoever wants it new.
        let risen = priced(
            r#"[{"kind":"street","amount":1900,"currency":"USD","date":"2026-05","source":"wiki"},
                {"kind":"used","amount":2977,"currency":"USD","date":"2026-09","source":"wiki"}]"#,
        );
        no_condition_lowers_a_price(&risen);
        assert!(unit_price(&risen, &risen.cards()[0], Currency::Usd, Condition::New).is_none());
        // Where nothing newer is known, old readings are better than none, and said to be old.
        let old = priced(r#"[{"kind":"used","amount":700,"currency":"USD","date":"2023-03","source":"wiki"}]"#);
        assert!(unit_price(&old, &old.cards()[0], Currency::Usd, Condition::Used).is_some_and(|price| price.stale));
    }

    #[test]
    fn a_rate_of_a_year_ago_is_out_of_date() {
        let at = |date: &str| {
            let mut file: serde_json::Value = serde_json::from_str(include_str!("../../catalog.json")).expect("JSON");
            (file["date"], file["exchange"]["date"]) = ("2026-11-23".into(), date.into());
            Catalog::from_json(&file.to_string()).expect("a catalogue")
        };
        let in_yuan = |catalog: &Catalog| {
            let card = catalog.card("rtx-4060-ti-16gb").expect("a card");
            card_price_of(catalog, card, Currency::Cny, None).expect("a price")
        };
        let (old, new) = (in_yuan(&at("2025-11")), in_yuan(&at("2025-12")));
        assert_eq!((old.converted_from, old.rate_date.as_deref(), old.stale_rate), (Some(Currency::Usd), Some("2025-11"), true));
        assert_eq!((new.rate_date.as_deref(), new.stale_rate), (Some("2025-12"), false));
        // The visitor's own is of today, and what needs no rate has none.
        let own = in_yuan(&at("2025-11").with_rate(Currency::Cny, 7.0));
        assert_eq!((own.converted_from, own.rate_date, own.stale_rate), (Some(Currency::Usd), None, false));
        let given = UnitPrice::given(100.0).times(Currency::Cny, 1.0);
        assert_eq!((given.rate_date, given.stale_rate), (None, false));
    }
}
