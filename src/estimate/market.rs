//! What export rules leave of a card in a country.

use crate::card::{Card, PriceKind};
use crate::request::{Condition, MoneyTerms};
use crate::units::Currency;

/// How a card that somebody with this money could buy is to be had: what may not be sold new, second hand.
pub(crate) fn condition(card: &Card, money: &MoneyTerms) -> Condition {
    if is_restricted(card, country_of(money)) { Condition::Used } else { Condition::Any }
}

/// Whether export rules forbid to sell the card new in a country.
pub(crate) fn is_restricted(card: &Card, country: Option<&str>) -> bool {
    country.is_some_and(|country| card.restricted_in.iter().any(|barred| barred == country))
}

/// Whether anybody is known to sell it second hand.
pub(crate) fn is_second_hand(card: &Card) -> bool {
    card.prices.iter().any(|price| price.kind == PriceKind::Used)
}

/// The country of the money, where none is said.
pub(crate) fn country_of(money: &MoneyTerms) -> Option<&str> {
    let yuan = (money.currency == Currency::Cny).then_some("CN");
    money.country.as_deref().or(yuan)
}
