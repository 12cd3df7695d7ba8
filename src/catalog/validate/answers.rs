//! What a catalogue must answer once it is read: counts that follow from shapes, first jobs of tasks, cards behind device ids.

use crate::catalog::file::{File, WrittenCard};
use crate::catalog::{Catalog, CatalogError};
use crate::detect::{self, AdapterInfo, Observation};
use crate::model::{Model, Network};
use crate::request::{Request, resolve};

/// What does not.
pub(super) fn problems(catalog: &Catalog, file: &File) -> Vec<CatalogError> {
    let counts = catalog.models().iter().filter_map(|model| miscounted(model));
    let devices = file.cards.iter().flat_map(undetected);
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

/// A device id that detection does not lead to its card.
fn undetected(card: &WrittenCard) -> Vec<CatalogError> {
    let leads = |id: &&String| {
        let adapter =
            AdapterInfo { vendor: "nvidia".to_owned(), device: format!("0x{}", id.to_lowercase()), ..AdapterInfo::default() };
        let guess = detect::read(&Observation { adapters: vec![adapter], ..Observation::default() });
        guess.cards.contains(&card.id)
    };
    let unknown = card.pci.iter().filter(|id| !leads(id));
    unknown
        .map(|id| {
            CatalogError::field(format!("cards.{}.pci", card.id), id, format!("a line of src/detect/devices.tsv with {}", card.id))
        })
        .collect()
}
