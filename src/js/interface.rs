//! JSON Schema of every document that goes in or comes out, from which the TypeScript types are made.

use super::files::{FileTerms, Files};
use super::questions::UpgradeRequest;
use super::summary::{CatalogSummary, ModelSummary, UpgradeSummary};
use crate::detect::{Guess, Observation};
use crate::error::ErrorCode;
use crate::estimate::Estimate;
use crate::plan::written::{Ability, Change, Outcome};
use crate::plan::{Advice, FromScratch, Goal, Machine, Path};
use crate::request::{Request, RigRequest};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

/// Everything that goes in.
#[derive(JsonSchema)]
#[schemars(rename = "Questions")]
#[expect(dead_code, reason = "described, never made")]
struct Questions {
    request: Request,
    goal: Goal,
    rig: RigRequest,
    upgrades: UpgradeRequest,
    scratch: FromScratch,
    observation: Observation,
    files: FileTerms,
}

/// Everything that comes out.
#[derive(JsonSchema)]
#[schemars(rename = "Answers")]
#[expect(dead_code, reason = "described, never made")]
struct Answers {
    estimate: Estimate,
    outcome: Outcome<'static>,
    advice: Advice,
    abilities: Abilities,
    changes: Changes,
    upgrades: Upgrades,
    path: Path,
    machine: Machine,
    files: Files,
    catalog: CatalogSummary<'static>,
    guess: Guess,
    model: ModelSummary<'static>,
    error_code: ErrorCode,
}

/// What a rig can do, by kind of job.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, never made")]
struct Abilities(Vec<Ability<'static>>);

/// The changes that make a setup fit, the cheapest first.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, never made")]
struct Changes(Vec<Change<'static>>);

/// Rigs that do more than the present one.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, never made")]
struct Upgrades(Vec<UpgradeSummary<'static>>);

/// The schemas of what goes in and of what comes out, as JSON text.
#[must_use]
pub fn schemas() -> (String, String) {
    let text = |schema| serde_json::to_string_pretty(&schema).unwrap_or_default();
    (
        text(SchemaSettings::draft07().for_deserialize().into_generator().into_root_schema_for::<Questions>()),
        text(SchemaSettings::draft07().for_serialize().into_generator().into_root_schema_for::<Answers>()),
    )
}
