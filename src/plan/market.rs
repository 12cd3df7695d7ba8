//! Where a card is sold: a variant made for one country is no advice anywhere else, and what export rules bar is had second hand or not at all.

use super::code::ReasonCode;
use super::question::Question;
use super::reason::{Fact, Reason};
use crate::card::Card;
use crate::estimate::market::{country_of, is_restricted, is_second_hand};
use crate::request::{Condition, MoneyTerms};

/// How a card is to be had where the question is asked.
#[derive(Default)]
pub(super) struct Offered {
    /// Second hand only.
    pub only_used: bool,
    /// Not there at all, or not in the condition asked for: why.
    pub elsewhere: Option<Reason>,
}

/// Refuses a card that is not sold where the question is asked. Who names cards and no country asks about those very cards,
/// wherever they came from, and is told.
pub(super) fn admit_market(question: &Question, card: &Card) -> Result<Offered, Reason> {
    let limits = &question.limits;
    let meant = question.cards_named && limits.country.is_none();
    let here = country(question);
    let barred = |code, country: &str| {
        let reason = Reason::new(code).with("country", Fact::Name(country.to_owned()));
        if meant { Ok(Offered { elsewhere: Some(reason), ..Offered::default() }) } else { Err(reason) }
    };
    match (&card.sold_only_in, here.filter(|_| is_restricted(card, here))) {
        (Some(market), _) if !is_made_for(card, here) => barred(ReasonCode::SoldOnlyIn, market),
        (_, Some(country)) => match limits.condition {
            Condition::Any | Condition::Used if is_second_hand(card) => {
                Ok(Offered { only_used: limits.condition == Condition::Any, ..Offered::default() })
            }
            _ => barred(ReasonCode::NotSoldNew, country),
        },
        _ => Ok(Offered::default()),
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
