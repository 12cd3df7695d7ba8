//! What a job costs, for ranking.

use super::question::Limits;
use crate::catalog::Catalog;
use crate::estimate::{price_of, rates};
use crate::request::{MoneyTerms, Rig};
use crate::units::{Currency, Joules, Money, Seconds};

/// What decides the cost of a job on one rig, looked up once for all its recipes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Worth {
    /// Rent of all cards for an hour.
    rent: Option<f64>,
    /// Price of all cards.
    price: Option<f64>,
    /// Price of a kilowatt-hour.
    electricity: Option<f64>,
    life: Seconds,
    currency: Currency,
}

impl Worth {
    /// The prices of a rig.
    pub(super) fn of(catalog: &Catalog, rig: &Rig, money: &MoneyTerms, limits: &Limits) -> Self {
        let (rent, electricity) = rates(catalog, &rig.card, money);
        let price = price_of(catalog, &rig.card, rig.count, money, limits.condition);
        Self {
            rent: rent.map(|rent| rent * f64::from(rig.count.max(1))),
            price: price.map(|price| price.money.amount),
            electricity,
            life: limits.life,
            currency: money.currency,
        }
    }

    /// Whether the cost of a job can be told.
    pub(super) fn is_known(&self) -> bool {
        self.rent.is_some() || self.price.is_some() && self.electricity.is_some()
    }

    /// Cost of one job: renting, or electricity and the job's share of the cards' life, whichever is lower.
    ///
    /// Share of life: `price x time / life`, straight line, no resale value.
    pub(super) fn job_cost(&self, time: Seconds, energy: Joules) -> Option<Money> {
        let rent = self.rent.map(|rent| rent * time.as_hours());
        let own = self.price.zip(self.electricity);
        let own = own.map(|(price, tariff)| price * (time / self.life) + tariff * energy.as_kwh());
        let amount = match (rent, own) {
            (Some(rent), Some(own)) => rent.min(own),
            (one, other) => one.or(other)?,
        };
        Some(Money { amount: if amount.is_finite() { amount } else { 0.0 }, currency: self.currency })
    }
}
