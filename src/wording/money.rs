//! Amounts of money, and what prices are.

use super::number::{decimal, short};
use super::{month, name};
use crate::document::Keyword;
use crate::estimate::{PricedAmount, ServingUnit, UnitCost};
use crate::text::{Lang, say};
use crate::units::{Currency, Money};

/// An amount with its sign; cents only below 100.
#[must_use]
pub fn money(money: Money) -> String {
    let sign = match money.currency {
        Currency::Usd => "$",
        Currency::Cny => "¥",
        Currency::Eur => "€",
    };
    let amount = money.amount;
    if amount < 0.0 {
        return format!("−{}", self::money(Money { amount: -amount, ..money }));
    }
    match amount {
        _ if amount > 0.0 && amount < 0.01 => format!("<{sign}0.01"),
        _ if amount < 100.0 && amount.fract() != 0.0 => format!("{sign}{}", decimal(amount, 2)),
        _ => format!("{sign}{}", decimal(amount, 0)),
    }
}

/// An amount that follows from an estimated time: no more than three digits of it are known.
#[must_use]
pub fn bill(bill: Money) -> String {
    let step = bill.known_to();
    let amount = if bill.amount.abs() >= 999.5 { (bill.amount / step).round() * step } else { bill.amount };
    money(Money { amount, ..bill })
}

/// An amount for one unit of what is served, or beside an axis: as a bill, and of what is small two digits.
#[must_use]
pub fn unit_cost(cost: Money) -> String {
    let places = match cost.amount {
        amount if amount <= 0.0 || amount >= 0.1 => return bill(cost),
        amount if amount >= 0.01 => 1e3,
        _ => 1e4,
    };
    let (below, least) = (cost.amount < 1e-4, (cost.amount * places).round().max(1.0) / places);
    let digits = if least < 1e-3 { decimal(least, 4) } else { short(least) };
    let said = money(Money { amount: 1.0, ..cost }).replace('1', &digits);
    if below { format!("<{said}") } else { said }
}

/// "$0.12 per million output tokens".
#[must_use]
pub fn served(lang: Lang, cost: UnitCost) -> String {
    say(lang, "app.served.each", &[("cost", &unit_cost(cost.money)), ("unit", &per(lang, cost.per))])
}

/// "per million output tokens".
#[must_use]
pub fn per(lang: Lang, unit: ServingUnit) -> String {
    say(lang, &format!("app.served.{}", unit.name()), &[])
}

/// What a price is and how old, where it was converted from, and whether it is too old to rely on.
#[must_use]
pub fn basis(lang: Lang, amount: &PricedAmount) -> String {
    let kind = name(lang, "price", &amount.basis);
    if amount.date.is_empty() {
        return kind;
    }
    let mut text = say(lang, "app.price.dated", &[("kind", &kind), ("date", &month(lang, &amount.date))]);
    if let Some(currency) = amount.converted_from {
        text = converted(lang, &text, currency, amount.stale_rate);
    }
    if amount.stale {
        text = say(lang, "app.price.stale", &[("price", &text)]);
    }
    text
}

/// That one of a card was read at very different prices.
#[must_use]
pub fn spread(lang: Lang, price: &PricedAmount) -> Option<String> {
    let spread = price.spread.as_ref()?;
    let amount = |amount: f64| money(Money { amount: amount.round(), ..price.money });
    let ends = [("low", amount(spread.low)), ("high", amount(spread.high)), ("to", month(lang, &spread.until))];
    let ends: Vec<(&str, &str)> = ends.iter().map(|(name, text)| (*name, text.as_str())).collect();
    Some(say(lang, "app.price.spread", &ends))
}

/// That a price was converted from another currency, and whether at a rate that is out of date.
#[must_use]
pub fn converted(lang: Lang, price: &str, from: Currency, stale_rate: bool) -> String {
    let key = if stale_rate { "app.price.converted-long-ago" } else { "app.price.converted" };
    say(lang, key, &[("price", price), ("currency", &named_shortly(lang, from))])
}

/// An amount without its sign, as it would be typed: cents only where it is small.
#[must_use]
pub fn amount(value: f64) -> String {
    if value < 100.0 { short(value) } else { decimal(value, 0) }
}

/// "USD", "美元": the name of a currency without its sign.
#[must_use]
pub fn named_shortly(lang: Lang, currency: Currency) -> String {
    let named = name(lang, "currency", currency.name());
    named.split(' ').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_digits_than_are_known() {
        assert_eq!(money(Money { amount: 4569.0, currency: Currency::Usd }), "$4,569");
        assert_eq!(money(Money { amount: 12_499.0, currency: Currency::Cny }), "¥12,499");
        assert_eq!(money(Money { amount: 0.35, currency: Currency::Usd }), "$0.35");
        let billed = |amount| bill(Money { amount, currency: Currency::Usd });
        let small = |amount| unit_cost(Money { amount, currency: Currency::Usd });
        assert_eq!([small(1.234), small(0.5), small(0.033_2), small(0.02)], ["$1.23", "$0.50", "$0.033", "$0.02"]);
        assert_eq!([small(0.005_34), small(0.000_31), small(0.000_06)], ["$0.0053", "$0.0003", "<$0.0001"]);
        assert_eq!((billed(14_771_972.0), billed(1_234.0), billed(99.5)), ("$14,800,000".into(), "$1,230".into(), "$99.50".into()));
    }
}
