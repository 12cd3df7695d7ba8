//! What a catalogue must answer once it is read: counts that follow from shapes, first jobs of tasks, cards behind device ids.

use crate::catalog::file::{File, WrittenCard};
use crate::catalog::{Catalog, CatalogError};
use crate::detect::{self, AdapterInfo, Guess, Observation};
use crate::model::{Model, Network};
use crate::request::{Request, resolve};
use crate::units::real;
use std::collections::BTreeSet;

/// What does not.
pub(super) fn problems(catalog: &Catalog, file: &File) -> Vec<CatalogError> {
    let counts = catalog.models().iter().filter_map(|model| miscounted(model).or_else(|| misjudged(catalog, model)));
    let devices = file.cards.iter().flat_map(|card| undetected(card).into_iter().chain(on_another_chip(card)));
    counts.chain(refused(catalog)).chain(devices).collect()
}

/// A published count that the shape does not give. Networks without layers that can be counted are taken as stated.
fn miscounted(model: &Model) -> Option<CatalogError> {
    let counted = model.parameters_exact && !matches!(model.network, Network::Opaque(_));
    (counted && model.computed_parameters != model.parameters).then(|| {
        CatalogError::field(
            format!("models.{}.paramsExact", model.id),
            model.parameters,
            format!("{}, by the shape", model.computed_parameters),
        )
    })
}

/// A rounded size of a language model that is not that of its shape. Shapes of pictures and speech stand for parts that are not in
/// them, and of weights that were never given away only a paper is known, which may contradict itself (GPT-3 XL).
fn misjudged(catalog: &Catalog, model: &Model) -> Option<CatalogError> {
    let layered = model.category.works_on_text() && !matches!(model.network, Network::Opaque(_));
    let given_away = catalog.origin(&model.id).is_none_or(|origin| !origin.closed);
    let rounded = !model.parameters_exact && layered && given_away;
    let (stated, counted) = (real(model.parameters) / 1e9, real(model.computed_parameters) / 1e9);
    (rounded && (stated - counted).abs() > rounding(stated))
        .then(|| CatalogError::field(format!("models.{}.paramsB", model.id), stated, format!("{counted:.4}, by the shape")))
}

/// How far a rounded number may be from what it stands for: half of its last digit, but a fiftieth at the least, and a tenth where it
/// has a single digit, which is a name more than a size (Falcon-H1 7B has 7.6 billion).
fn rounding(stated: f64) -> f64 {
    let written = stated.to_string();
    let digits = written.replace('.', "");
    if digits.trim_matches('0').len() < 2 {
        return stated * 0.1;
    }
    let decimals = written.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let half = 0.5 / 10f64.powi(i32::try_from(decimals).unwrap_or_default());
    half.max(stated * 0.02)
}

/// Every model of a task can do the job that the task starts with, on a card like any other.
fn refused(catalog: &Catalog) -> Vec<CatalogError> {
    let Some(card) = catalog.cards().last() else { return Vec::new() };
    let mut found = Vec::new();
    for task in catalog.tasks() {
        for model in &task.models {
            let mut request = Request::new(model, task.job.kind, &card.id);
            request.job = task.job.clone();
            if let Err(error) = resolve(catalog, &request) {
                found.push(CatalogError::field(format!("tasks.{}.{}", task.id, error.field), model, error.to_string()));
            }
        }
    }
    found
}

/// What detection makes of a device id.
fn detected(id: &str) -> Guess {
    let adapter = AdapterInfo { vendor: "nvidia".to_owned(), device: format!("0x{}", id.to_lowercase()), ..AdapterInfo::default() };
    detect::read(&Observation { adapters: vec![adapter], ..Observation::default() })
}

/// A chip that none of the card's device ids stands for. Drivers add letters: AD107M, AD107GLM.
fn on_another_chip(card: &WrittenCard) -> Option<CatalogError> {
    let chips: BTreeSet<String> = card.pci.iter().filter_map(|id| detected(id).chip).collect();
    let bare = |chip: &str| chip.trim_end_matches(|c: char| c.is_ascii_uppercase()).to_owned();
    let another = !chips.is_empty() && chips.iter().all(|chip| bare(chip) != bare(&card.chip));
    another.then(|| {
        let known = chips.into_iter().collect::<Vec<_>>().join(", ");
        CatalogError::field(format!("cards.{}.chip", card.id), &card.chip, format!("{known}, by the device ids"))
    })
}

/// A device id that detection does not lead to its card.
fn undetected(card: &WrittenCard) -> Vec<CatalogError> {
    let leads = |id: &&String| detected(id).cards.contains(&card.id);
    let unknown = card.pci.iter().filter(|id| !leads(id));
    unknown
        .map(|id| {
            CatalogError::field(format!("cards.{}.pci", card.id), id, format!("a line of src/detect/devices.tsv with {}", card.id))
        })
        .collect()
}
