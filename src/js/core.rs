//! The exported class.

use super::files::{FileTerms, files};
use super::questions::UpgradeRequest;
use super::summary::{CatalogSummary, ModelSummary, UpgradeSummary};
use crate::catalog::{Catalog, CatalogError};
use crate::detect::{Observation, read};
use crate::error::RequestError;
use crate::estimate::{estimate, evaluate};
use crate::model::hf_config;
use crate::plan::written::Change;
use crate::plan::{FromScratch, Goal, abilities, advise, from_scratch, machine, plan, smallest_changes, upgrades};
use crate::request::{Request, RigRequest, parsed, read_text, resolve, rig};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// Smaller than the allocator that comes with Rust.
#[cfg(module)]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A catalogue and the questions that can be asked of it.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug)]
pub struct Core {
    catalog: Catalog,
}

/// An answer as a plain object, or a refusal as one.
type Answer = Result<JsValue, JsValue>;

#[wasm_bindgen]
impl Core {
    /// Reads a catalogue.
    ///
    /// # Errors
    /// A catalogue that is not one.
    #[wasm_bindgen(constructor)]
    pub fn new(catalog: &str) -> Result<Self, JsValue> {
        Catalog::from_json(catalog).map(|catalog| Self { catalog }).map_err(|error| refusal(&BadCatalog::from(&error)))
    }

    /// Memory, time, energy and money of a request.
    ///
    /// # Errors
    /// A refused request.
    pub fn estimate(&self, request: &str) -> Answer {
        answer(Request::from_json(request).and_then(|request| estimate(&self.catalog, &request)))
    }

    /// The best recipe for the first card and the smallest count of a goal.
    ///
    /// # Errors
    /// A refused goal.
    pub fn plan(&self, goal: &str) -> Answer {
        answer(Goal::from_json(goal).and_then(|goal| plan(&self.catalog, &goal)))
    }

    /// All rigs within the limits of a goal, ranked.
    ///
    /// # Errors
    /// A refused goal.
    pub fn advise(&self, goal: &str) -> Answer {
        answer(Goal::from_json(goal).and_then(|goal| advise(&self.catalog, &goal)))
    }

    /// What a rig can do.
    ///
    /// # Errors
    /// A refused rig.
    pub fn abilities(&self, written: &str) -> Answer {
        let rig = read_text::<RigRequest>(written).and_then(|written| rig(&self.catalog, &written));
        answer(rig.map(|rig| abilities(&self.catalog, &rig)))
    }

    /// The fewest changes that make a request fit; several come as one with `steps`.
    ///
    /// # Errors
    /// A refused request.
    pub fn changes(&self, request: &str) -> Answer {
        let resolved = |asked: Request| Ok((resolve(&self.catalog, &asked)?, asked));
        let (setup, asked) = Request::from_json(request).and_then(resolved).map_err(|error| refusal(&error))?;
        let found = smallest_changes(&self.catalog, &setup);
        object(&found.iter().map(|change| Change::of(change, &asked)).collect::<Vec<_>>())
    }

    /// What more hardware would unlock.
    ///
    /// # Errors
    /// A refused rig or price.
    pub fn upgrades(&self, written: &str) -> Answer {
        let asked = read_text::<UpgradeRequest>(written).and_then(|written| written.resolve(&self.catalog));
        let (rig, money) = asked.map_err(|error| refusal(&error))?;
        let present = abilities(&self.catalog, &rig);
        let found = upgrades(&self.catalog, &rig, &money, &present);
        object(&found.iter().map(UpgradeSummary::from).collect::<Vec<_>>())
    }

    /// The whole path of a model, from preparing data to serving it.
    ///
    /// # Errors
    /// A refused model, rig or price.
    #[wasm_bindgen(js_name = fromScratch)]
    pub fn scratch(&self, written: &str) -> Answer {
        answer(read_text::<FromScratch>(written).and_then(|asked| from_scratch(&self.catalog, &asked)))
    }

    /// What a setup asks of the machine and the room around the cards.
    ///
    /// # Errors
    /// A refused request.
    pub fn machine(&self, request: &str) -> Answer {
        let setup = Request::from_json(request).and_then(|request| resolve(&self.catalog, &request));
        answer(setup.map(|setup| machine(&self.catalog, &setup, &evaluate(&setup))))
    }

    /// A setup as files for the programs that run it, and as reports.
    ///
    /// # Errors
    /// A refused request, or a language there is none of.
    pub fn files(&self, request: &str, terms: &str) -> Answer {
        let asked = Request::from_json(request).and_then(|request| Ok((request, read_text::<FileTerms>(terms)?)));
        answer(asked.and_then(|(request, terms)| files(&self.catalog, &request, &terms)))
    }

    /// What there is.
    ///
    /// # Errors
    /// None that is known: an answer that is no object.
    pub fn catalog(&self) -> Answer {
        object(&CatalogSummary::from(&self.catalog))
    }

    /// Which card a browser's strings speak of.
    ///
    /// # Errors
    /// An observation of the wrong shape.
    pub fn detect(&self, observation: &str) -> Answer {
        answer(read_text::<Observation>(observation).map(|observation| read(&observation)))
    }

    /// The model a Hugging Face `config.json` describes.
    ///
    /// # Errors
    /// A configuration that cannot be read.
    #[wasm_bindgen(js_name = parseHfConfig)]
    pub fn parse_hf_config(&self, config: &str) -> Answer {
        let model = parsed(config).and_then(|config| hf_config::read(&config));
        answer(model.as_ref().map(ModelSummary::from).map_err(Clone::clone))
    }
}

/// A catalogue that is not one, in the shape of a refused request.
#[derive(Serialize)]
struct BadCatalog<'a> {
    code: &'static str,
    field: &'a str,
    message: String,
    given: &'a str,
    allowed: &'a str,
    suggestions: [&'static str; 0],
}

impl<'a> From<&'a CatalogError> for BadCatalog<'a> {
    fn from(error: &'a CatalogError) -> Self {
        Self {
            code: "invalid-catalog",
            field: &error.path,
            message: error.to_string(),
            given: &error.found,
            allowed: &error.expected,
            suggestions: [],
        }
    }
}

fn answer(result: Result<impl Serialize, RequestError>) -> Answer {
    match result {
        Ok(answer) => object(&answer),
        Err(error) => Err(refusal(&error)),
    }
}

/// Maps become objects, `None` becomes `null`, numbers stay numbers: what JSON would say.
fn object(answer: &impl Serialize) -> Answer {
    answer.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(|error| JsError::from(error).into())
}

/// A refusal as an object, or why it cannot be one.
fn refusal(error: &impl Serialize) -> JsValue {
    object(error).unwrap_or_else(|error| error)
}
