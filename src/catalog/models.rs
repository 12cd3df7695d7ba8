//! Models as the catalogue lists them. Each is built when it is asked for: of hundreds a visitor asks for a few.

use super::CatalogError;
use super::read::below;
use crate::error::{ErrorCode, RequestError};
use crate::model::{Model, facts};
use crate::text::{Lang, allowed};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// Models in catalogue order.
#[derive(Clone, Debug, Default)]
pub(super) struct Models {
    listed: Vec<Listed>,
    /// Those that can be built, once all are asked for.
    all: OnceLock<Vec<Arc<Model>>>,
}

/// A model as written, and as built once it was asked for.
#[derive(Clone, Debug)]
struct Listed {
    written: Value,
    built: OnceLock<Result<Arc<Model>, RequestError>>,
}

impl Listed {
    fn id(&self) -> Option<&str> {
        self.written.get("id").and_then(Value::as_str)
    }

    fn model(&self) -> Result<&Arc<Model>, &RequestError> {
        self.built.get_or_init(|| facts::read(&self.written).map(Arc::new)).as_ref()
    }
}

impl Models {
    /// Takes over the list.
    ///
    /// # Errors
    /// An id that stands twice.
    pub(super) fn of(written: Vec<Value>) -> Result<Self, CatalogError> {
        let listed: Vec<Listed> = written.into_iter().map(|written| Listed { written, built: OnceLock::new() }).collect();
        super::read::unique("models", listed.iter().filter_map(Listed::id))?;
        Ok(Self { listed, all: OnceLock::new() })
    }

    /// Builds every model.
    ///
    /// # Errors
    /// The first that cannot be built.
    pub(super) fn check(&self) -> Result<(), CatalogError> {
        for (position, listed) in self.listed.iter().enumerate() {
            if let Err(error) = listed.model() {
                let label = listed.id().map_or_else(|| position.to_string(), str::to_owned);
                let mistake = if error.code == ErrorCode::UnknownField && !error.suggestions.is_empty() {
                    CatalogError::field(error.field.as_str(), "no field of that name", error.suggestions.join(", "))
                } else {
                    CatalogError::field(error.field.as_str(), &error.given, allowed(Lang::default(), &error.allowed))
                };
                return Err(below("models", &label, mistake));
            }
        }
        Ok(())
    }

    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        self.listed.len()
    }

    /// Their ids.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.listed.iter().filter_map(Listed::id)
    }

    /// The model of a place in the list, or why it cannot be built.
    pub(super) fn get(&self, place: usize) -> Option<Result<&Arc<Model>, &RequestError>> {
        self.listed.get(place).map(Listed::model)
    }

    /// The id of a place in the list.
    pub(super) fn id(&self, place: usize) -> Option<&str> {
        self.listed.get(place)?.id()
    }

    /// All that can be built.
    pub(super) fn all(&self) -> &[Arc<Model>] {
        self.all.get_or_init(|| self.listed.iter().filter_map(|listed| listed.model().ok().cloned()).collect())
    }
}
