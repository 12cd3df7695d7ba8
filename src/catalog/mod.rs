//! The catalogue: cards, models, tasks, tariffs, exchange rates, and where each figure comes from.
//!
//! [`mod@file`] is `catalog.json` as written; [`Catalog`] is the validated form everything else uses; [`validate`] holds what a
//! file says against physics and against itself.

pub mod architecture;
mod card;
mod doubt;
mod error;
pub mod file;
mod models;
mod name;
mod note;
mod read;
mod record;
mod region;
#[cfg(feature = "schema")]
mod schema;
pub mod validate;

pub(crate) use card::{is_place, usual_peaks};
pub use error::{CatalogError, CatalogFault};
pub use name::spelling;
pub use note::Note;
pub use record::{Checked, Grid, Origin, Provenance, Restriction, Source, Tariff, TariffUse, Task};
#[cfg(feature = "schema")]
pub use schema::schema;

use crate::card::{Card, Price};
use crate::error::RequestError;
use crate::model::Model;
use crate::model::names::search_key;
use crate::units::Currency;
use std::sync::Arc;

/// The validated catalogue.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    date: String,
    sources: Vec<Source>,
    cards: Vec<Arc<Card>>,
    card_names: name::Names,
    card_aliases: Vec<Vec<String>>,
    provenance: Vec<Provenance>,
    models: models::Models,
    model_names: name::Names,
    model_aliases: Vec<Vec<String>>,
    origins: Vec<Origin>,
    tasks: Vec<Task>,
    tariffs: Vec<Tariff>,
    grids: Vec<Grid>,
    restrictions: Vec<Restriction>,
    rates: Vec<(Currency, f64)>,
    exchange_date: String,
    exchange_source: String,
    /// Currencies whose rate is the visitor's own.
    own_rates: Vec<Currency>,
}

impl Catalog {
    /// ISO date of the last edit.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.date
    }

    /// All cards, in catalogue order.
    #[must_use]
    pub fn cards(&self) -> &[Arc<Card>] {
        &self.cards
    }

    /// The card of an id, name or alias, whatever its case, spaces and hyphens ("rtx-3090", "RTX 3090", "3090", "4060 Ti 16G").
    #[must_use]
    pub fn card(&self, id: &str) -> Option<&Arc<Card>> {
        self.cards.get(self.card_names.get(id)?)
    }

    /// How well a card's figures are known, and where they come from.
    #[must_use]
    pub fn provenance(&self, card_id: &str) -> Option<&Provenance> {
        self.provenance.get(self.card_names.get(card_id)?)
    }

    /// All models, in catalogue order. They are built for that, and where the catalogue was read lazily those that cannot be are left out.
    #[must_use]
    pub fn models(&self) -> &[Arc<Model>] {
        self.models.all()
    }

    /// The ids of all models, in catalogue order.
    pub fn model_ids(&self) -> impl Iterator<Item = &str> {
        self.models.ids()
    }

    /// How many models there are.
    #[must_use]
    pub const fn model_count(&self) -> usize {
        self.models.count()
    }

    /// The model of an id, name or alias, whatever its case, spaces and hyphens, owner or tuning suffix
    /// ("Qwen/Qwen2.5-7B-Instruct", "通义千问2.5 7B").
    #[must_use]
    pub fn model(&self, id: &str) -> Option<&Arc<Model>> {
        self.models.get(self.model_entry(id)?)?.ok()
    }

    /// The same, or what is wrong with its entry.
    pub(crate) fn built_model(&self, id: &str) -> Option<Result<&Arc<Model>, &RequestError>> {
        self.models.get(self.model_entry(id)?)
    }

    /// The id of the model that an id, name or alias stands for.
    #[must_use]
    pub fn model_id(&self, name: &str) -> Option<&str> {
        self.models.id(self.model_entry(name)?)
    }

    fn model_entry(&self, name: &str) -> Option<usize> {
        self.model_names.get(name).or_else(|| self.model_names.get(&search_key(name)))
    }

    /// Other names of a card, for searches.
    #[must_use]
    pub fn card_aliases(&self, id: &str) -> &[String] {
        self.card_names.get(id).and_then(|entry| self.card_aliases.get(entry)).map_or(&[], Vec::as_slice)
    }

    /// Other names of a model, for searches, Chinese ones among them.
    #[must_use]
    pub fn model_aliases(&self, id: &str) -> &[String] {
        self.model_names.get(id).and_then(|entry| self.model_aliases.get(entry)).map_or(&[], Vec::as_slice)
    }

    /// What is known of a model besides its shape, by its id.
    #[must_use]
    pub fn origin(&self, model_id: &str) -> Option<&Origin> {
        self.origins.get(self.model_names.get(model_id)?)
    }

    /// Whether anybody can have the weights of a model; of one that is not in the catalogue, yes.
    #[must_use]
    pub fn is_published(&self, model_id: &str) -> bool {
        self.origin(model_id).is_none_or(|origin| !origin.closed)
    }

    /// The address of a source: its own, or that of the paper it names.
    #[must_use]
    pub fn source_address(&self, id: &str) -> Option<String> {
        match id.strip_prefix("arXiv:") {
            Some(paper) => Some(format!("https://arxiv.org/abs/{paper}")),
            None => self.source(id)?.url.clone(),
        }
    }

    /// All tasks, in the order a list should show them.
    #[must_use]
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The task of an id.
    #[must_use]
    pub fn task(&self, id: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// All electricity prices.
    #[must_use]
    pub fn tariffs(&self) -> &[Tariff] {
        &self.tariffs
    }

    /// What a country pays for electricity: the tariff of this use, else of the other one.
    #[must_use]
    pub fn tariff(&self, country: &str, paid_by: TariffUse) -> Option<&Tariff> {
        let of_country = || self.tariffs.iter().filter(|tariff| tariff.country.eq_ignore_ascii_case(country));
        of_country().find(|tariff| tariff.paid_by == paid_by).or_else(|| of_country().next())
    }

    /// What electricity costs where nobody says: the country's tariff, else that of the smallest region around it, else the world's
    /// average. A machine room (PUE above 1) pays what companies pay.
    #[must_use]
    pub fn usual_tariff(&self, country: Option<&str>, pue: f64) -> Option<&Tariff> {
        let paid_by = if pue > 1.0 { TariffUse::Business } else { TariffUse::Household };
        let country = country.unwrap_or(region::WORLD);
        let average = |place| self.tariff(place, paid_by).filter(|tariff| tariff.paid_by == paid_by || place == region::WORLD);
        self.tariff(country, paid_by).or_else(|| region::around(country).find_map(average))
    }

    /// Codes of the countries and regions whose electricity is known, each once, in order.
    #[must_use]
    pub fn countries(&self) -> Vec<&str> {
        let tariffs = self.tariffs.iter().map(|tariff| tariff.country.as_str());
        let mut codes: Vec<&str> = tariffs.chain(self.grids.iter().map(|grid| grid.country.as_str())).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// Emissions of all known grids.
    #[must_use]
    pub fn grids(&self) -> &[Grid] {
        &self.grids
    }

    /// Emissions of a country's electricity.
    #[must_use]
    pub fn grid(&self, country: &str) -> Option<&Grid> {
        self.grids.iter().find(|grid| grid.country.eq_ignore_ascii_case(country))
    }

    /// Export rules behind [`Card::restricted_in`]; defaults that a visitor may override.
    #[must_use]
    pub fn restrictions(&self) -> &[Restriction] {
        &self.restrictions
    }

    /// All sources.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The source of an id.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// What one unit of the base currency buys of each; the base itself stands first, with 1.
    #[must_use]
    pub fn rates(&self) -> &[(Currency, f64)] {
        &self.rates
    }

    /// ISO date of the exchange rates.
    #[must_use]
    pub fn exchange_date(&self) -> &str {
        &self.exchange_date
    }

    /// Source id of the exchange rates.
    #[must_use]
    pub fn exchange_source(&self) -> &str {
        &self.exchange_source
    }

    /// The same catalogue with another exchange rate, for a visitor who knows a newer one. A rate that is not a positive number is
    /// ignored.
    #[must_use]
    pub fn with_rate(mut self, currency: Currency, per_base: f64) -> Self {
        if per_base.is_finite() && per_base > 0.0 {
            for (_, rate) in self.rates.iter_mut().skip(1).filter(|(known, _)| *known == currency) {
                *rate = per_base;
                self.own_rates.push(currency);
            }
        }
        self
    }

    /// ISO date of the rate between two currencies; none where there is nothing to convert, or the visitor's own rates do it.
    #[must_use]
    pub fn rate_date(&self, from: Currency, to: Currency) -> Option<&str> {
        let base = self.rates.first().map(|(base, _)| *base);
        let quoted = |currency: Currency| Some(currency) != base && !self.own_rates.contains(&currency);
        (from != to && (quoted(from) || quoted(to))).then_some(self.exchange_date.as_str())
    }

    /// Whether the exchange rates were read a year before the catalogue's date, or earlier. The dollar moved by 4 to 8 % against
    /// the euro in each of the years from 2021 to 2024 (reference rates of the European Central Bank at their ends).
    #[must_use]
    pub fn has_stale_rates(&self) -> bool {
        Price::month_of(&self.date).saturating_sub(Price::month_of(&self.exchange_date)) >= 12
    }

    /// An amount in another currency, by the catalogue's dated rate.
    #[must_use]
    pub fn convert(&self, amount: f64, from: Currency, to: Currency) -> Option<f64> {
        let per_base = |currency| self.rates.iter().find(|(c, _)| *c == currency).map(|(_, rate)| *rate);
        (from == to).then_some(amount).or_else(|| Some(amount / per_base(from)? * per_base(to)?))
    }
}
