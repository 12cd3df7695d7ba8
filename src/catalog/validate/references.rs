//! Names that must stand for something.

use crate::catalog::CatalogError;
use crate::catalog::card::{country, date};
use crate::catalog::file::File;
use crate::catalog::record::BASES;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What refers to nothing.
pub(super) fn problems(file: &File) -> Vec<CatalogError> {
    sources(file)
        .into_iter()
        .chain(dates(file))
        .chain(devices(file))
        .chain(tasks(file))
        .chain(bases(file))
        .chain(licences(file))
        .collect()
}

/// Every figure names a source that exists, and every source is named. `arXiv:1706.03762` needs no entry.
fn sources(file: &File) -> Vec<CatalogError> {
    let known: BTreeSet<&str> = file.sources.iter().map(|source| source.id.as_str()).collect();
    let named = named_sources(file);
    let missing = named
        .iter()
        .filter(|(_, id)| !known.contains(id.as_str()) && !is_arxiv(id))
        .map(|(path, id)| CatalogError::field(path.as_str(), format!("{id:?}"), "sources[].id, arXiv:1706.03762"));
    let used: BTreeSet<&str> = named.iter().map(|(_, id)| id.as_str()).collect();
    // The notice of the device ids stands for a whole column, which no entry can name.
    let idle = known.iter().filter(|id| !used.contains(*id) && **id != "pci.ids");
    missing
        .chain(idle.map(|id| {
            CatalogError::field(format!("sources.{id}"), "a source of nothing", "a figure that names it, or no such source")
        }))
        .collect()
}

/// Every place that names a source, and the id it names.
fn named_sources(file: &File) -> Vec<(String, String)> {
    let mut named: Vec<(String, String)> = Vec::new();
    for card in &file.cards {
        named.extend(card.sources.iter().map(|id| (format!("cards.{}.sources", card.id), id.clone())));
        let prices = card.prices.iter().enumerate();
        named.extend(prices.map(|(place, price)| (format!("cards.{}.prices[{place}].source", card.id), price.source.clone())));
        if card.sources.is_empty() {
            named.push((format!("cards.{}.sources", card.id), String::new()));
        }
    }
    for model in &file.models {
        let id = model.get("id").and_then(Value::as_str).unwrap_or_default();
        let sources = model.get("source").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let before = named.len();
        named.extend(sources.map(|source| (format!("models.{id}.source"), source.to_owned())));
        if named.len() == before {
            named.push((format!("models.{id}.source"), String::new()));
        }
    }
    let tariffs = file.tariffs.iter().enumerate();
    named.extend(tariffs.map(|(place, tariff)| (format!("tariffs[{place}].source"), tariff.source.clone())));
    named.extend(file.grids.iter().map(|grid| (format!("grids.{}.source", grid.country), grid.source.clone())));
    named.extend(file.restrictions.iter().map(|rule| (format!("restrictions.{}.source", rule.country), rule.source.clone())));
    named.push(("exchange.source".to_owned(), file.exchange.source.clone()));
    named
}

fn is_arxiv(id: &str) -> bool {
    id.strip_prefix("arXiv:").and_then(|number| number.split_once('.')).is_some_and(|(month, number)| {
        month.len() == 4 && (4..=5).contains(&number.len()) && [month, number].iter().all(|part| part.parse::<u32>().is_ok())
    })
}

/// Dates are dates, and none lies after the file's own.
fn dates(file: &File) -> Vec<CatalogError> {
    let mut written: Vec<(String, &str)> = vec![("date".to_owned(), &file.date), ("exchange.date".to_owned(), &file.exchange.date)];
    written.extend(file.sources.iter().filter_map(|source| Some((format!("sources.{}.date", source.id), source.date.as_deref()?))));
    let tariffs = file.tariffs.iter().enumerate();
    written.extend(tariffs.map(|(place, tariff)| (format!("tariffs[{place}].date"), tariff.date.as_str())));
    written.extend(file.grids.iter().map(|grid| (format!("grids.{}.date", grid.country), grid.date.as_str())));
    written.extend(file.restrictions.iter().map(|rule| (format!("restrictions.{}.since", rule.country), rule.since.as_str())));
    for card in &file.cards {
        written.push((format!("cards.{}.launched", card.id), &card.launched));
        let prices = card.prices.iter().enumerate().filter_map(|(place, price)| Some((place, price.date.as_deref()?)));
        written.extend(prices.map(|(place, date)| (format!("cards.{}.prices[{place}].date", card.id), date)));
    }
    let late = |(path, written): (String, &str)| match date("", written) {
        Err(error) => Some(error.at(path)),
        Ok(day) if !exists(&day) => Some(CatalogError::field(path, day, "a day of the calendar")),
        Ok(day) if day > file.date => Some(CatalogError::field(path, day, format!("... {}", file.date))),
        Ok(_) => None,
    };
    written.into_iter().filter_map(late).collect()
}

/// Whether a written date stands in the calendar, if it names a day.
fn exists(date: &str) -> bool {
    let mut numbers = date.split('-').map(|part| part.parse::<u32>().unwrap_or_default());
    let (Some(year), Some(month), Some(day)) = (numbers.next(), numbers.next(), numbers.next()) else { return true };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    day <= days
}

/// Every number of parameters says in a known word how it was found: the page shows by it how far it can be trusted.
fn bases(file: &File) -> Vec<CatalogError> {
    let known = |basis: &str| BASES.iter().any(|(name, _)| *name == basis);
    let text = |model: &Value, field: &str| model.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let all = file.models.iter().map(|model| (text(model, "id"), text(model, "paramsBasis")));
    let unknown = all.filter(|(_, basis)| !known(basis));
    let allowed = || BASES.iter().map(|(name, _)| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    unknown.map(|(id, basis)| CatalogError::field(format!("models.{id}.paramsBasis"), format!("{basis:?}"), allowed())).collect()
}

/// What was never given away has no licence.
fn licences(file: &File) -> Vec<CatalogError> {
    let closed = |model: &&Value| model.get("closedWeights").and_then(Value::as_bool) == Some(true);
    let found = file.models.iter().filter(closed).filter_map(|model| {
        let licence = model.get("licence").filter(|licence| !licence.is_null())?;
        let id = model.get("id").and_then(Value::as_str).unwrap_or_default();
        Some(CatalogError::field(format!("models.{id}.licence"), licence, "null"))
    });
    found.collect()
}

/// Cards that share a device id share the chip, and no card lists an id twice.
fn devices(file: &File) -> Vec<CatalogError> {
    let mut chips: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for card in &file.cards {
        let mut own = BTreeSet::new();
        for id in &card.pci {
            let chip = chips.entry(id).or_insert(&card.chip);
            if *chip != card.chip || !own.insert(id) {
                found.push(CatalogError::field(format!("cards.{}.pci", card.id), id, *chip));
            }
        }
    }
    found
}

/// Each task starts with one of its own models; countries are countries, each use once.
fn tasks(file: &File) -> Vec<CatalogError> {
    let strangers = file.tasks.iter().filter(|task| !task.models.contains(&task.model));
    let strangers =
        strangers.map(|task| CatalogError::field(format!("tasks.{}.model", task.id), &task.model, task.models.join(", ")));
    let mut seen = BTreeSet::new();
    let tariffs =
        file.tariffs.iter().map(|tariff| (format!("tariffs.{}", tariff.country), format!("{:?}", tariff.paid_by), &tariff.country));
    let grids = file.grids.iter().map(|grid| (format!("grids.{}", grid.country), String::new(), &grid.country));
    let twice = tariffs.chain(grids).filter_map(|(path, kind, code)| {
        if !seen.insert((path.clone(), kind)) {
            return Some(CatalogError::field(path, "a second entry for the same use", "one for each country and use"));
        }
        country("", code).err().map(|error| error.at(path))
    });
    strangers.chain(twice).collect()
}
