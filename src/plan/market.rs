//! Where a card is sold: a variant made for one country is no advice anywhere else.

use super::question::Question;
use super::reason::{Fact, Reason};
use crate::card::Card;
use crate::request::MoneyTerms;
use crate::units::Currency;

/// Refuses a card that is not sold where the question is asked. Who names cards and no country asks about those very cards, wherever
/// they came from.
pub(super) fn admit_market(question: &Question, card: &Card) -> Result<(), Reason> {
    let country = question.limits.country.as_deref();
    let meant = question.cards_named && country.is_none();
    match &card.sold_only_in {
        Some(market) if !meant && !sold_to(card, country, &question.money) => {
            Err(Reason::new("sold-only-in").with("country", Fact::Name(market.clone())))
        }
        _ => Ok(()),
    }
}

/// Whether somebody in this country can buy the card; where none is said, the country of the money counts.
pub(super) fn sold_to(card: &Card, country: Option<&str>, money: &MoneyTerms) -> bool {
    let Some(market) = card.sold_only_in.as_deref() else { return true };
    let yuan = (money.currency == Currency::Cny).then_some("CN");
    country.or(money.country.as_deref()).or(yuan) == Some(market)
}
