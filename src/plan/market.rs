//! Where a card is sold: a variant made for one country is no advice anywhere else, and what export rules bar is had second hand or not at all.

use super::code::ReasonCode;
use super::question::Question;
use super::reason::{Fact, Reason};
use crate::card::Card;
use crate::estimate::market::{country_of, is_restricted, is_second_hand};
use crate::request::{Condition, MoneyTerms};

/// Refuses a card that is not sold where the question is asked; else, whether it is to be had second hand only. Who names cards and no
/// country asks about those very cards, wherever they came from.
pub(super) fn admit_market(question: &Question, card: &Card) -> Result<bool, Reason> {
    let limits = &question.limits;
    let meant = question.cards_named && limits.country.is_none();
    let here = country(question);
    let barred = |code, country: &str| Err(Reason::new(code).with("country", Fact::Name(country.to_owned())));
    match (&card.sold_only_in, here.filter(|_| is_restricted(card, here))) {
        (Some(market), _) if !meant && !is_made_for(card, here) => barred(ReasonCode::SoldOnlyIn, market),
        (_, Some(country)) => match limits.condition {
            Condition::Any | Condition::Used if is_second_hand(card) => Ok(limits.condition == Condition::Any),
            _ if meant => Ok(false),
            _ => barred(ReasonCode::NotSoldNew, country),
        },
        _ => Ok(false),
    }
}

/// Where the question is asked: the country of its rig, else that of its money.
pub(super) fn country(question: &Question) -> Option<&str> {
    question.limits.country.as_deref().or_else(|| country_of(&question.money))
}

fn is_made_for(card: &Card, here: Option<&str>) -> bool {
    card.sold_only_in.as_deref().is_none_or(|market| here == Some(market))
}

/// Whether somebody with this money can buy the card in its country, new or second hand.
pub(super) fn sold_to(card: &Card, money: &MoneyTerms) -> bool {
    let here = country_of(money);
    is_made_for(card, here) && (!is_restricted(card, here) || is_second_hand(card))
}
