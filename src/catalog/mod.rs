//! The catalogue: cards, models, tasks, tariffs, exchange rates, and where each figure comes from.
//!
//! [`file`] is `catalog.json` as written; [`Catalog`] is the validated form everything else uses.

use crate::card::Card;
use crate::model::Model;
use crate::units::Currency;
use std::sync::Arc;

/// The validated catalogue.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    cards: Vec<Arc<Card>>,
    models: Vec<Arc<Model>>,
    rates: Vec<(Currency, f64)>,
}

impl Catalog {
    /// All cards, in catalogue order.
    #[must_use]
    pub fn cards(&self) -> &[Arc<Card>] {
        &self.cards
    }

    /// All models, in catalogue order.
    #[must_use]
    pub fn models(&self) -> &[Arc<Model>] {
        &self.models
    }

    /// The card of an id or alias.
    #[must_use]
    pub fn card(&self, id: &str) -> Option<&Arc<Card>> {
        self.cards.iter().find(|card| card.id == id)
    }

    /// The model of an id or alias.
    #[must_use]
    pub fn model(&self, id: &str) -> Option<&Arc<Model>> {
        self.models.iter().find(|model| model.id == id)
    }

    /// An amount in another currency, by the catalogue's dated rate.
    #[must_use]
    pub fn convert(&self, amount: f64, from: Currency, to: Currency) -> Option<f64> {
        let per_usd = |currency| self.rates.iter().find(|(c, _)| *c == currency).map(|(_, rate)| *rate);
        (from == to).then_some(amount).or_else(|| Some(amount / per_usd(from)? * per_usd(to)?))
    }
}
