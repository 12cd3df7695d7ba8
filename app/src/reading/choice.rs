//! The model and the card of a link: of the catalogue, or the visitor's own.

use super::{Problem, Reader};
use crate::number::{Fault, Measure};
use crate::widgets::without_memory;
use serde_json::Value;
use whichcard::catalog::Task;
use whichcard::error::{Allowed, ErrorCode, RequestError};
use whichcard::model::hf_config;
use whichcard::request::{CardChoice, CustomCard, DescribedModel, ModelChoice};
use whichcard::share::Field;
use whichcard::text::say;

/// The card a visitor starts from when asking about one.
const DEFAULT_CARD: &str = "rtx-4060";

/// Compute capabilities a described card may have, with their generations.
pub const COMPUTE_CAPABILITIES: [(&str, &str); 9] = [
    ("6.1", "pascal"),
    ("7.0", "volta"),
    ("7.5", "turing"),
    ("8.0", "ampere"),
    ("8.6", "ampere"),
    ("8.9", "ada"),
    ("9.0", "hopper"),
    ("10.0", "blackwell"),
    ("12.0", "blackwell"),
];

/// The value of `card` for a card described by its numbers.
pub const CUSTOM: &str = "custom";
/// The value of `model` for a pasted configuration.
pub const PASTED: &str = "config";

impl Reader<'_> {
    pub(super) fn model(&self, task: Option<&Task>) -> ModelChoice {
        let default = || ModelChoice::Id(task.map(|task| task.model.clone()).unwrap_or_default());
        let Some(text) = self.text(Field::Model) else { return default() };
        if text == PASTED {
            return self.pasted().map_or_else(default, |config| ModelChoice::Described(DescribedModel::HfConfig(config)));
        }
        if let Some(id) = self.catalog.model_id(text) {
            return ModelChoice::Id(id.to_owned());
        }
        let problem = match Measure::BILLIONS.read(text) {
            Ok(billions) => return ModelChoice::Described(DescribedModel::ParametersB(billions)),
            // A size, but of no model: no name was meant.
            Err(fault @ (Fault::TooSmall | Fault::TooLarge)) => Problem::Number(fault, Measure::BILLIONS),
            Err(_) => Problem::Refused(refused(ErrorCode::UnknownModel, text, self.catalog.model_ids())),
        };
        self.refuse(Field::Model, problem);
        default()
    }

    /// The pasted configuration, if it can be read as a model.
    fn pasted(&self) -> Option<Value> {
        let Some(text) = self.text(Field::Config) else {
            self.refuse(Field::Config, Problem::Needed);
            return None;
        };
        let config = match whichcard::document::parse(text) {
            Ok(config) => config,
            Err(error) => {
                self.refuse(Field::Config, Problem::Refused(RequestError::of_json(&error)));
                return None;
            }
        };
        match hf_config::read(&config) {
            Ok(_) => Some(config),
            Err(error) => {
                self.refuse(Field::Config, Problem::Refused(error));
                None
            }
        }
    }

    pub(super) fn card(&self) -> CardChoice {
        let default = || CardChoice::Id(DEFAULT_CARD.to_owned());
        let Some(text) = self.text(Field::Card) else { return default() };
        if text == CUSTOM {
            return CardChoice::Custom(self.custom_card());
        }
        if let Some(card) = self.catalog.card(text) {
            return CardChoice::Id(card.id.clone());
        }
        // "RTX 3090 24G" is that card; a "2080 Ti 22G" was changed after it was made, and that card is only near.
        let bare = without_memory(text).and_then(|(name, memory)| Some((self.catalog.card(&name)?, f64::from(memory))));
        if let Some((card, _)) = bare.filter(|(card, memory)| (card.vram.as_gib() - memory).abs() < 0.5) {
            return CardChoice::Id(card.id.clone());
        }
        let names = self.catalog.cards().iter().map(|card| card.id.as_str());
        let mut error = refused(ErrorCode::UnknownCard, text, names);
        if let Some((card, _)) = bare {
            error.suggestions.retain(|id| *id != card.id);
            error.suggestions.insert(0, card.id.clone());
        }
        self.refuse(Field::Card, Problem::Refused(error));
        default()
    }

    /// The card of the typed numbers; what is not typed is that of a 24 GB card of today.
    fn custom_card(&self) -> CustomCard {
        CustomCard {
            name: Some(say(self.lang, "app.card.custom", &[])),
            vram_gib: self.number(Field::Vram, Measure::VRAM).unwrap_or(24.0),
            bandwidth_gbs: self.number(Field::Bandwidth, Measure::BANDWIDTH).unwrap_or(900.0),
            tensor_tflops: self.number(Field::Tflops, Measure::TFLOPS).unwrap_or(80.0),
            fp32_tflops: None,
            compute_capability: self.compute_capability(),
            tdp_watts: self.number(Field::Tdp, Measure::BOARD_POWER),
            nvlink_gbs: None,
        }
    }

    fn compute_capability(&self) -> Option<String> {
        self.one_of(Field::ComputeCapability, COMPUTE_CAPABILITIES.iter().map(|(capability, _)| *capability)).map(str::to_owned)
    }
}

fn refused<'a>(code: ErrorCode, given: &str, names: impl Iterator<Item = &'a str>) -> RequestError {
    // Another series is another thing: of an H100 that is misspelt no A100 comes near.
    let word = |text: &str| text.split([' ', '-']).next().unwrap_or_default().to_ascii_lowercase();
    let (alike, others): (Vec<&str>, Vec<&str>) = names.partition(|name| word(name) == word(given));
    RequestError::new(code, "", given, Allowed::Said).suggest(if alike.is_empty() { others } else { alike })
}
