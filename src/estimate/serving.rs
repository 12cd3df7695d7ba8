//! What serving is counted in, and what it costs so counted: one batch of requests costs a fraction of a cent on every card.

use super::{Cost, PricedAmount, Step, Time, working::step};
use crate::document::keyword;
use crate::model::{Category, Model};
use crate::request::Setup;
use crate::units::{Money, real};
use serde::Serialize;

keyword!(
    /// What prices of serving are stated for, as those who sell it state them.
    ServingUnit {
        /// A million tokens written; reading the prompts is in it.
        MillionOutputTokens = "million-output-tokens",
        /// A million tokens read, where none is written.
        MillionInputTokens = "million-input-tokens",
        /// A thousand images, made or looked at.
        ThousandImages = "thousand-images",
        /// A thousand clips of video or of speech that is made.
        ThousandClips = "thousand-clips",
        /// A thousand frames.
        ThousandFrames = "thousand-frames",
        /// An hour of audio that is listened to.
        AudioHour = "audio-hour",
    }
);

impl ServingUnit {
    /// How many tokens, images, clips, frames or seconds it is.
    const fn size(self) -> f64 {
        match self {
            Self::MillionOutputTokens | Self::MillionInputTokens => 1e6,
            Self::ThousandImages | Self::ThousandClips | Self::ThousandFrames => 1e3,
            Self::AudioHour => 3600.0,
        }
    }
}

/// What one unit of serving costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitCost {
    /// The amount.
    #[serde(flatten)]
    pub money: Money,
    /// For what.
    pub per: ServingUnit,
}

/// Money of running a model, for one unit of what it serves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Serving {
    /// The unit.
    pub per: ServingUnit,
    /// How many jobs, that is batches of requests, serve one unit.
    pub jobs: f64,
    /// Renting the cards meanwhile.
    pub rent: Option<Money>,
    /// Electricity meanwhile.
    pub electricity: Option<Money>,
}

impl Serving {
    /// What a unit costs where one job costs so much.
    #[must_use]
    pub fn of_job(&self, job: Money) -> UnitCost {
        UnitCost { money: self.times(job), per: self.per }
    }

    fn times(&self, job: Money) -> Money {
        let amount = job.amount * self.jobs;
        Money { amount: if amount.is_finite() { amount } else { 0.0 }, ..job }
    }
}

/// What of a job's money one unit takes; nothing of training, where the whole job is what is paid for.
pub(super) fn serving(
    setup: &Setup,
    time: &Time,
    rent: Option<&PricedAmount>,
    electricity: Option<&PricedAmount>,
) -> Option<Serving> {
    let (per, served) = served(setup, time)?;
    let whole = Serving { per, jobs: per.size() / served, rent: None, electricity: None };
    let of = |amount: Option<&PricedAmount>| amount.map(|amount| whole.times(amount.money));
    Some(Serving { rent: of(rent), electricity: of(electricity), ..whole })
}

/// What one job serves: the one rule what serving is counted in, and how many of these a batch of requests is.
fn served(setup: &Setup, time: &Time) -> Option<(ServingUnit, f64)> {
    let (model, job) = (&setup.model, &setup.job);
    if setup.trains() {
        return None;
    }
    let requests = real(job.concurrency.max(1));
    let (per, each) = match model.clip(job.sequence_length) {
        Some(clip) => (ServingUnit::AudioHour, clip.get()),
        // What speaks writes tokens of sound, which nobody counts.
        None if !model.reads_text() || model.speaks() => (sample(model), 1.0),
        None if time.decode.is_some() => (ServingUnit::MillionOutputTokens, real(job.output)),
        None => (ServingUnit::MillionInputTokens, real(setup.input_length())),
    };
    Some((per, (requests * each).max(f64::MIN_POSITIVE)))
}

/// What models are counted by that neither read text nor listen.
const fn sample(model: &Model) -> ServingUnit {
    match model.category {
        Category::SceneReconstruction | Category::Driving => ServingUnit::ThousandFrames,
        Category::SpeechSynthesis | Category::SpeechRecognition => ServingUnit::ThousandClips,
        Category::Diffusion if model.makes_video() => ServingUnit::ThousandClips,
        _ => ServingUnit::ThousandImages,
    }
}

/// The working of each amount for one unit.
pub(super) fn serving_steps(cost: &Cost) -> Vec<Step> {
    let Some(serving) = cost.serving else { return Vec::new() };
    let of = |id: &str, job: Option<&PricedAmount>| job.map(|job| unit_step(id, serving, job.money));
    [of("cost.serving.rent", cost.rent.as_ref()), of("cost.serving.electricity", cost.electricity.as_ref())]
        .into_iter()
        .flatten()
        .collect()
}

/// How what a unit costs follows from what a job costs.
pub(crate) fn unit_step(id: &str, serving: Serving, job: Money) -> Step {
    let size = serving.per.size();
    let inputs = [("K_j", job.amount), ("q_v", size), ("q_j", size / serving.jobs)];
    step(id, "K_j · q_v / q_j", &inputs, serving.times(job).amount, "docs/energy-and-money.md#serving")
}
