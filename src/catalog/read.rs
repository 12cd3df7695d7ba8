//! From the text of `catalog.json` to a [`Catalog`].

use super::Catalog;
use super::card;
use super::error::{CatalogError, CatalogFault};
use super::file::{Exchange, File, SCHEMA_VERSION, WrittenCard};
use super::models::Models;
use super::record::{Origin, Provenance};
use crate::document::{self, Keyword, written};
use crate::model::names::search_keys;
use crate::units::Currency;
use serde_json::Value;
use std::sync::Arc;

impl File {
    /// Reads the file as written: JSON, version, field names and types.
    ///
    /// # Errors
    /// Text that is not JSON, another version, or a field that is missing, unknown or of the wrong type.
    pub fn from_json(text: &str) -> Result<Self, CatalogError> {
        let text = text.trim_start_matches('\u{feff}');
        let fault = |fault, found: String, expected: String| CatalogError::new(fault, String::new(), found, expected);
        let document =
            document::parse(text).map_err(|error| fault(CatalogFault::NotJson, error.to_string(), "{...}".to_owned()))?;
        let version = document.get("schemaVersion").unwrap_or(&Value::Null);
        match version.as_u64() {
            Some(SCHEMA_VERSION) => {}
            Some(other) => {
                let kind = if other < SCHEMA_VERSION { CatalogFault::Older } else { CatalogFault::Newer };
                return Err(fault(kind, other.to_string(), SCHEMA_VERSION.to_string()));
            }
            None => return Err(CatalogError::field("schemaVersion", written(version), SCHEMA_VERSION.to_string())),
        }
        document::read(&document)
            .map_err(|mistake| CatalogError::field(with_id(&document, &mistake.path), mistake.found(), mistake.expected()))
    }
}

/// What a model's entry says besides its shape.
fn origin(model: &Value) -> Origin {
    let text = |key: &str| model.get(key).and_then(Value::as_str);
    let sources = model.get("source").and_then(Value::as_array);
    Origin {
        year: model.get("year").and_then(Value::as_u64).and_then(|year| u32::try_from(year).ok()),
        licence: text("licence").map(str::to_owned),
        closed: model.get("closedWeights").and_then(Value::as_bool).unwrap_or(false),
        checked: Origin::checked(text("paramsBasis").unwrap_or_default()),
        sources: sources.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
    }
}

/// `cards[12].tdpW` as `cards.rtx-3090.tdpW`, where the entry has an id.
fn with_id(document: &Value, path: &str) -> String {
    let named = || {
        let (list, rest) = path.split_once('[')?;
        let (position, rest) = rest.split_once(']')?;
        let id = document.get(list)?.get(position.parse::<usize>().ok()?)?.get("id")?.as_str()?.to_owned();
        Some(format!("{list}.{id}{rest}"))
    };
    named().unwrap_or_else(|| path.to_owned())
}

impl Catalog {
    /// Reads `catalog.json`.
    ///
    /// # Errors
    /// The first mistake that keeps the file from being used: broken JSON, another version, a wrong field, a doubled id, or a number
    /// no card, model or price could have.
    pub fn from_json(text: &str) -> Result<Self, CatalogError> {
        Self::from_file(File::from_json(text)?)
    }

    /// The same, but for models that nobody has asked for yet: a mistake in one is told when it is.
    ///
    /// # Errors
    /// Those of [`Catalog::from_json`], but for models.
    pub fn from_json_lazily(text: &str) -> Result<Self, CatalogError> {
        Self::taken(File::from_json(text)?)
    }

    /// Takes over a file as written.
    ///
    /// # Errors
    /// A doubled id, a reference to nothing, or a number no card, model or price could have.
    pub fn from_file(file: File) -> Result<Self, CatalogError> {
        let catalog = Self::taken(file)?;
        catalog.models.check()?;
        Ok(catalog)
    }

    fn taken(file: File) -> Result<Self, CatalogError> {
        let mut catalog = Self { date: card::date("date", &file.date)?, ..Self::default() };
        unique("sources", file.sources.iter().map(|source| source.id.as_str()))?;
        unique("cards", file.cards.iter().map(|card| card.id.as_str()))?;
        unique("tasks", file.tasks.iter().map(|task| task.id.as_str()))?;
        for written in &file.cards {
            catalog.take_card(written).map_err(|error| below("cards", &written.id, error))?;
        }
        // Prices in one currency are held against those in others.
        catalog.rates = rates(&file.exchange)?;
        catalog.doubt_prices();
        catalog.name_cards(&file.cards);
        catalog.name_models(&file.models);
        catalog.models = Models::of(file.models)?;
        for task in &file.tasks {
            let listed = |id: &str| catalog.models.ids().any(|known| known == id);
            let missing = task.models.iter().chain([&task.model]).find(|id| !listed(id));
            if let Some(id) = missing {
                return Err(CatalogError::field(format!("tasks.{}.models", task.id), id, "models[].id"));
            }
        }
        for (position, tariff) in file.tariffs.iter().enumerate() {
            let at = |error: CatalogError| {
                let path = format!("tariffs[{position}].{}", error.path);
                error.at(path)
            };
            card::country("country", &tariff.country).map_err(at)?;
            card::range("amount", tariff.amount, 0.0, 100.0).map_err(at)?;
        }
        for grid in &file.grids {
            let at = |error| below("grids", &grid.country, error);
            card::country("country", &grid.country).map_err(at)?;
            card::range("gramsPerKwh", grid.grams_per_kwh, 0.0, 3000.0).map_err(at)?;
        }
        catalog.exchange_date = file.exchange.date;
        catalog.exchange_source = file.exchange.source;
        catalog.sources = file.sources;
        catalog.tasks = file.tasks;
        catalog.tariffs = file.tariffs;
        catalog.grids = file.grids;
        catalog.restrictions = file.restrictions;
        Ok(catalog)
    }

    fn take_card(&mut self, written: &WrittenCard) -> Result<(), CatalogError> {
        let card = card::read(written)?;
        let hexadecimal = |id: &&String| id.len() == 4 && id.chars().all(|digit| digit.is_ascii_hexdigit());
        if let Some(id) = written.pci.iter().find(|id| !hexadecimal(id)) {
            return Err(CatalogError::field("pci", format!("\"{id}\""), "four hexadecimal digits, as in \"2684\""));
        }
        self.provenance.push(Provenance {
            specs: written.checked.specs,
            tensor: written.checked.tensor,
            psu: written.checked.psu,
            cny: written.checked.cny,
            sources: written.sources.clone(),
            notes: written.notes.clone(),
        });
        self.cards.push(Arc::new(card));
        Ok(())
    }

    /// Ids first, then names, then aliases, then short forms, so that the plainer claim wins.
    fn name_cards(&mut self, cards: &[WrittenCard]) {
        for (entry, card) in cards.iter().enumerate() {
            self.card_names.insert(&card.id, entry);
        }
        for (entry, card) in cards.iter().enumerate() {
            self.card_names.insert(&card.name, entry);
        }
        for (entry, card) in cards.iter().enumerate() {
            for alias in &card.aliases {
                self.card_names.insert(alias, entry);
            }
        }
        self.card_aliases = cards.iter().map(|card| card.aliases.clone()).collect();
        for (entry, card) in cards.iter().enumerate() {
            self.card_names.insert_short(&card.id, entry);
            self.card_names.insert_short(&card.name, entry);
        }
    }

    /// Ids first, then names, then aliases, then the spellings people have for all of these.
    fn name_models(&mut self, written: &[Value]) {
        let text = |model: &Value, key: &str| model.get(key).and_then(Value::as_str).map(str::to_owned);
        for key in ["id", "name"] {
            for (entry, model) in written.iter().enumerate() {
                self.model_names.insert(&text(model, key).unwrap_or_default(), entry);
            }
        }
        let aliases = |model: &Value| -> Vec<String> {
            let list = model.get("aliases").and_then(Value::as_array);
            list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        for (entry, model) in written.iter().enumerate() {
            for alias in aliases(model) {
                self.model_names.insert(&alias, entry);
            }
        }
        for (entry, model) in written.iter().enumerate() {
            let names: Vec<String> = text(model, "id").into_iter().chain(text(model, "name")).chain(aliases(model)).collect();
            let keys = search_keys(names.iter().map(String::as_str));
            for key in &keys {
                self.model_names.insert(key, entry);
            }
            self.model_aliases.push(aliases(model).into_iter().chain(keys).collect());
            self.origins.push(origin(model));
        }
    }
}

/// What one unit of the base currency buys of each.
fn rates(exchange: &Exchange) -> Result<Vec<(Currency, f64)>, CatalogError> {
    let mut per_base = vec![(exchange.base, 1.0)];
    for (code, rate) in exchange.rates.iter() {
        let path = format!("exchange.rates.{code}");
        let currency =
            Currency::from_name(code).ok_or_else(|| CatalogError::field(path.as_str(), code, Currency::NAMES.join(", ")))?;
        per_base.push((currency, card::range(&path, *rate, 1e-6, 1e6)?));
    }
    Ok(per_base)
}

/// A few hundred ids are compared sooner than the code of a set is downloaded.
pub(super) fn unique<'a>(list: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), CatalogError> {
    let ids: Vec<&str> = ids.collect();
    let twice = |(place, id): &(usize, &&str)| ids.iter().take(*place).any(|before| before == *id);
    match ids.iter().enumerate().find(twice) {
        Some((_, id)) => Err(CatalogError::field(format!("{list}.{id}"), "2 x", "1 x")),
        None => Ok(()),
    }
}

/// Puts a mistake below the entry it is in.
pub(super) fn below(list: &str, entry: &str, error: CatalogError) -> CatalogError {
    let path = if error.path.is_empty() { format!("{list}.{entry}") } else { format!("{list}.{entry}.{}", error.path) };
    error.at(path)
}
