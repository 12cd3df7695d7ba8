//! Money of the guide: an amount never stands without its date, its kind and, where it was converted, the currency it was read in.

use anyhow::{Context, Result};
use whichcard::card::Card;
use whichcard::catalog::Catalog;
use whichcard::estimate::{PricedAmount, card_price_of};
use whichcard::text::{Lang, say};
use whichcard::units::{Currency, Money};
use whichcard::wording::basis;

/// What a card costs where this money is paid: dollars in the United States, yuan in China, where some cards are had used only.
pub fn price(catalog: &Catalog, lang: Lang, card: &Card, currency: Currency) -> Result<String> {
    let country = if currency == Currency::Cny { "CN" } else { "US" };
    let price = card_price_of(catalog, card, currency, Some(country)).context("no price")?;
    // What a maker asks is exact; what a shop or a stranger does is not.
    let exact = price.basis == "launch" && price.converted_from.is_none();
    let amount = if exact { whole(price.money) } else { rounded(price.money) };
    Ok(with_basis(lang, &amount, &price))
}

/// An amount and what it rests on.
pub fn with_basis(lang: Lang, amount: &str, price: &PricedAmount) -> String {
    let basis = basis(lang, price);
    say(lang, "app.price.with-basis", &[("price", amount), ("basis", &basis)])
}

/// Two digits are all a price of today deserves; below a hundred they reach into the cents.
pub fn rounded(money: Money) -> String {
    let sign = sign(money.currency);
    if money.amount < 10.0 {
        return format!("{sign}{:.2}", money.amount);
    }
    let step = 10f64.powf((money.amount.log10() - 1.0).floor());
    format!("{sign}{}", grouped((money.amount / step).round() * step))
}

/// An amount as it was asked.
fn whole(money: Money) -> String {
    format!("{}{}", sign(money.currency), grouped(money.amount))
}

const fn sign(currency: Currency) -> &'static str {
    match currency {
        Currency::Usd => "$",
        Currency::Cny => "¥",
        Currency::Eur => "€",
    }
}

/// A whole number with its thousands apart.
pub fn grouped(amount: f64) -> String {
    whichcard::text::grouped(&format!("{amount:.0}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_as_exact_as_they_deserve() {
        let dollars = |amount| rounded(Money { amount, currency: Currency::Usd });
        assert_eq!([0.564, 9.0, 137.0, 1355.0, 23_500.0].map(dollars), ["$0.56", "$9.00", "$140", "$1,400", "$24,000"]);
    }

    #[test]
    fn a_launch_price_is_what_the_maker_asked() {
        let catalog = Catalog::from_json(&std::fs::read_to_string(crate::command::root().join("catalog.json")).unwrap()).unwrap();
        let asked = |id: &str, currency| price(&catalog, Lang::ZhCn, catalog.card(id).unwrap(), currency).unwrap();
        assert!(asked("rtx-5090-d", Currency::Cny).starts_with("¥16,499"), "{}", asked("rtx-5090-d", Currency::Cny));
        // A range from the second-hand market has a middle, and no more than two digits that mean anything.
        assert!(asked("rtx-3090", Currency::Cny).starts_with("¥9,200"), "{}", asked("rtx-3090", Currency::Cny));
    }

    #[test]
    fn a_price_says_what_it_rests_on() {
        let price = PricedAmount {
            money: Money { amount: 700.0, currency: Currency::Cny },
            unit_price: 700.0,
            basis: "used".to_owned(),
            date: "2026-09".to_owned(),
            source: String::new(),
            stale: true,
            overtaken_by: None,
            risen: None,
            spread: None,
            converted_from: Some(Currency::Usd),
            rate_date: Some("2025-10".to_owned()),
            stale_rate: false,
        };
        let text = with_basis(Lang::En, "¥700", &price);
        assert!(text.contains("used") && text.contains("2026") && text.contains("converted from"), "{text}");
        assert!(text.contains("out of date"), "{text}");
    }
}
