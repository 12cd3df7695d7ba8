//! (model, job, recipe, rig) to memory, time, energy and money.
//!
//! [`evaluate`] gives bare numbers and is cheap: the planner calls it thousands of times. [`estimate`] adds money, the warnings and
//! the working behind each number.

mod adapters;
mod age;
mod answer;
mod arithmetic;
mod calibration;
mod cost;
mod deviation;
mod energy;
mod factor;
mod formula;
mod memory;
mod price;
mod projection;
mod serving;
mod spread;
mod time;
mod warnings;
mod working;

pub use adapters::{parts_of_module, trained_parameters};
pub(crate) use age::is_aged;
pub use answer::*;
pub use arithmetic::{Arithmetic, ArithmeticPath};
pub use calibration::calibration;
pub(crate) mod market;
pub use cost::{cost, cost_steps};
pub use deviation::{Deviation, quantile};
pub use energy::{emissions, energy, energy_steps};
pub(crate) use energy::{socket_power, wall_energy};
pub use formula::value_of;
pub(crate) use memory::{Era, capacity, has_room_to_load, passing_through, rehoused, whole_copy};
pub use memory::{MemoryCalibration, block_style, kept_for_backward, memory, memory_confidence, memory_steps, memory_with};
pub use price::card_price_of;
pub(crate) use price::{price_of, rates};
pub(crate) use serving::unit_step;
pub use serving::{Serving, ServingUnit, UnitCost};
pub use spread::Spread;
pub use time::{
    CardClass, Operations, RANGE_DEVIATIONS, SMALL, SustainedRates, TimeCalibration, WorkKind, host_rate, operations,
    sustained_rates, time, time_steps, time_with, work_kind,
};
pub(crate) use time::{Numerics, Rates, cache_spares, spent, spent_at};
pub use warnings::WarningCode;
pub(crate) use warnings::beyond_context;
pub use working::{Unit, publication, unit_of};

use crate::catalog::Catalog;
use crate::error::RequestError;
use crate::request::{Request, Setup, resolve};

/// Bare numbers for a complete setup.
#[must_use]
pub fn evaluate(setup: &Setup) -> Figures {
    let memory = memory(setup);
    let (time, confidence) = time(setup, &memory);
    let energy = energy(setup, &time);
    Figures { memory, time, energy, confidence }
}

/// The whole answer to a request.
///
/// # Errors
/// Whatever [`resolve`] refuses.
pub fn estimate(catalog: &Catalog, request: &Request) -> Result<Estimate, RequestError> {
    let setup = resolve(catalog, request)?;
    let figures = evaluate(&setup);
    let mut warnings = warnings::warnings(&setup, &figures);
    warnings.extend(warnings::electricity(catalog, &setup));
    let Figures { memory, time, mut energy, confidence } = figures;
    energy.co2_grams = emissions(catalog, &setup, &energy);
    let cost = cost(catalog, &setup, &time, &energy);
    let mut explain = memory_steps(&setup, &memory);
    explain.extend(time_steps(&setup, &time));
    explain.extend(energy_steps(&setup, &time, &energy));
    explain.extend(cost_steps(&setup, &time, &energy, &cost));
    let memory_confidence = memory_confidence(&setup);
    Ok(Estimate { memory, time, energy, cost, confidence, memory_confidence, warnings, explain })
}
