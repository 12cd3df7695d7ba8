//! Records of the catalogue that are used as they are written: sources, tasks, tariffs, grids.

use super::note::Note;
use crate::catalog::Catalog;
use crate::document::{keyword, record};
use crate::model::Model;
use crate::request::JobRequest;
use crate::units::Currency;
use serde::Serialize;

keyword!(
    /// How well a group of figures is known.
    #[derive(Default)]
    Checked {
        /// Read in the source named.
        #[default]
        Seen = "seen",
        /// Calculated from figures that were read.
        Derived = "derived",
        /// Estimated by the source named.
        Estimated = "estimated",
        /// From memory; to be confirmed.
        Recalled = "recalled",
        /// No more than this, by an amount that nobody has published.
        Bound = "bound",
    }
);

/// Where figures come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Source {
    /// Short name other entries refer to.
    pub id: String,
    /// Title a reader can look for.
    pub title: String,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// ISO date of the edition or of reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// Something visitors do with models.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Task {
    /// Id; its name is the sentence `app.task.<id>`.
    pub id: String,
    /// Models that stand for the task, smallest first.
    pub models: Vec<String>,
    /// The model to start with, one of `models`.
    pub model: String,
    /// The job to start with.
    pub job: JobRequest,
}

impl Task {
    /// Whether a model is of the kind that the task is about.
    #[must_use]
    pub fn suits(&self, catalog: &Catalog, model: &Model) -> bool {
        let mut categories = self.models.iter().filter_map(|id| Some(catalog.model(id)?.category));
        categories.any(|known| known.does_same_as(model.category))
    }
}

keyword!(
    /// Who pays for electricity.
    #[derive(Default)]
    TariffUse {
        /// At home.
        #[default]
        Household = "household",
        /// In a company.
        Business = "business",
    }
);

/// Price of a kilowatt-hour.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tariff {
    /// ISO 3166 alpha-2 country, `EU`, or a UN M49 region (`001` the world, `150` Europe).
    pub country: String,
    /// Who pays it.
    #[serde(rename = "use")]
    pub paid_by: TariffUse,
    /// Price per kilowatt-hour.
    pub amount: f64,
    /// Currency of `amount`.
    pub currency: Currency,
    /// ISO date.
    pub date: String,
    /// Source id.
    pub source: String,
    /// How well it is known.
    #[serde(default)]
    pub checked: Checked,
}

/// Emissions of a country's electricity.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Grid {
    /// ISO 3166 alpha-2 country, `EU`, or a UN M49 region.
    pub country: String,
    /// Grams of CO2 equivalent per kilowatt-hour.
    pub grams_per_kwh: f64,
    /// Year or ISO date the figure describes.
    pub date: String,
    /// Source id.
    pub source: String,
    /// How well it is known.
    #[serde(default)]
    pub checked: Checked,
}

/// An export rule: cards that list this country in `restrictedIn` may not be sold to it new. A default the visitor may override.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Restriction {
    /// ISO 3166 alpha-2 country.
    pub country: String,
    /// ISO date it came into force.
    pub since: String,
    /// Source id.
    pub source: String,
}

/// How well a card's figures are known, and where they come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Cores, clocks, memory, power, interfaces, dates.
    pub specs: Checked,
    /// Tensor peaks; `None` where the card has none.
    pub tensor: Option<Checked>,
    /// Recommended power supply.
    pub psu: Option<Checked>,
    /// Launch price in yuan.
    pub cny: Option<Checked>,
    /// Source ids.
    pub sources: Vec<String>,
    /// What differs between sources or versions of the card.
    pub notes: Option<Note>,
}

/// What is known of a model besides its shape, and how well its size is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Year of publication.
    pub year: Option<u32>,
    /// Licence of the weights.
    pub licence: Option<String>,
    /// The weights were never given away: nobody runs or tunes the model.
    pub closed: bool,
    /// The number of parameters.
    pub checked: Checked,
    /// Source ids; `arXiv:1706.03762` stands for itself.
    pub sources: Vec<String>,
}

/// Ways in which a number of parameters was found (`paramsBasis`).
pub(super) const BASES: &[(&str, Checked)] = &[
    ("published", Checked::Seen),
    ("published = computed", Checked::Seen),
    ("checkpoint", Checked::Seen),
    ("paper", Checked::Seen),
    ("keras-hub", Checked::Seen),
    ("computed", Checked::Derived),
    ("computed = published", Checked::Derived),
    ("computed, equals keras-hub", Checked::Derived),
    ("rounded", Checked::Estimated),
    ("upper bound from default hash tables", Checked::Estimated),
    ("paper, recalled", Checked::Recalled),
    ("checkpoint, recalled", Checked::Recalled),
    ("recalled", Checked::Recalled),
];

impl Origin {
    /// How well a number of parameters is known that was found in this way: for the worst, where nothing known is said.
    pub(super) fn checked(basis: &str) -> Checked {
        BASES.iter().find(|(name, _)| *name == basis).map_or(Checked::Recalled, |(_, checked)| *checked)
    }
}

record!(
    Source {
        id, title, url, date,
    }
    Task {
        id, models, model, job,
    }
    Tariff {
        country, paid_by as "use", amount, currency, date, source, checked: optional,
    }
    Grid {
        country, grams_per_kwh, date, source, checked: optional,
    }
    Restriction {
        country, since, source,
    }
);
