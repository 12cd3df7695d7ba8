//! Limits that decide before anything is estimated: form, country, power, budget.

use super::code::ReasonCode;
use super::machine::supply_least;
use super::market::{Offered, admit_market};
use super::question::{Limits, Question};
use super::reason::{Fact, Reason};
use super::worth::Worth;
use crate::card::{Card, Form};
use crate::catalog::Catalog;
use crate::estimate::{PricedAmount, is_aged, price_of, socket_power};
use crate::request::Condition;
use crate::units::{Money, Watts};
use std::sync::Arc;

/// What an admitted rig costs and in which condition it has to be bought.
pub(super) struct Admitted {
    pub price: Option<PricedAmount>,
    pub aged: bool,
    pub offered: Offered,
}

/// Whether so many of this card are within the limits; the reason if not.
pub(super) fn admit(catalog: &Catalog, question: &Question, card: &Arc<Card>, count: u32) -> Result<Admitted, Reason> {
    let limits = &question.limits;
    if card.form == Form::Laptop && count > 1 {
        return Err(Reason::new(ReasonCode::LaptopHasOne));
    }
    if limits.forms.as_ref().is_some_and(|forms| !forms.contains(&card.form)) {
        return Err(Reason::new(ReasonCode::WrongForm));
    }
    let offered = admit_market(question, card)?;
    let power = question.machine.power_limit.map_or(card.tdp, |limit| card.tdp.min(limit)) * f64::from(count);
    if let Some(most) = limits.max_watts.filter(|most| power > *most) {
        return Err(over(ReasonCode::OverPower, power, most));
    }
    fits_machine(limits, card, count, power)?;
    let condition = if offered.only_used { Condition::Used } else { limits.condition };
    let price = price_of(catalog, card, count, &question.money, condition);
    match (limits.budget, &price) {
        (Some(budget), Some(price)) if price.money.is_above(budget) => return Err(over_budget(price.money, budget)),
        // What nobody knows the price of cannot be called affordable.
        (Some(_), None) => return Err(Reason::new(ReasonCode::Unpriced)),
        _ => {}
    }
    let costs = || Worth::of(catalog, &question.rig(card, count), &question.money, limits).is_known();
    if limits.job_budget.is_some() && !costs() {
        return Err(Reason::new(ReasonCode::Uncosted));
    }
    let aged = price.as_ref().is_some_and(|price| is_aged(catalog.date(), price));
    Ok(Admitted { price, aged, offered })
}

/// Whether socket, power supply and slots of the machine take the cards. Laptops and server modules bring the last two.
fn fits_machine(limits: &Limits, card: &Card, count: u32, power: Watts) -> Result<(), Reason> {
    let wall = socket_power(card, count, power, 1.0);
    if let Some(most) = limits.wall_watts.filter(|most| wall > *most) {
        return Err(over(ReasonCode::OverWall, wall, most));
    }
    if matches!(card.form, Form::Laptop | Form::Sxm) {
        return Ok(());
    }
    let cards = f64::from(count);
    // NVIDIA rounds its advice to sizes that are sold, and up to 50 W below what the rule gives.
    let least = supply_least(power, cards);
    let least = if count > 1 { least } else { card.psu.unwrap_or(least) };
    if let Some(there) = limits.power_supply_watts.filter(|there| least > *there) {
        return Err(over(ReasonCode::OverSupply, least, there));
    }
    let covered = card.slots.map_or(0, u32::from).saturating_mul(count);
    match limits.slots {
        Some(free) if covered > free => {
            Err(Reason::new(ReasonCode::OverSlots).with("n", Fact::Count(covered.into())).with("limit", Fact::Count(free.into())))
        }
        _ => Ok(()),
    }
}

fn over(code: ReasonCode, power: Watts, most: Watts) -> Reason {
    Reason::new(code).with("draws", Fact::Power(power)).with("limit", Fact::Power(most))
}

fn over_budget(price: Money, budget: Money) -> Reason {
    let by = Money { amount: price.amount - budget.amount, currency: price.currency };
    Reason::new(ReasonCode::OverBudget).with("price", Fact::Money(price)).with("by", Fact::Money(by))
}
