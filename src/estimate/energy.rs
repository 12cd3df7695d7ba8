//! Energy of the job: what the cards draw, and what the socket gives.

use super::working::step;
use super::{BoundBy, Energy, Phase, PhaseTime, Step, Time, calibration};
use crate::catalog::Catalog;
use crate::request::Setup;
use crate::units::{Joules, Seconds, Watts};

/// Energy of the cards and at the wall.
///
/// `joules = watts x seconds` over all cards; `wall = (cards + host) / supply efficiency x PUE`. Emissions need the catalogue: see
/// [`emissions`].
#[must_use]
pub fn energy(setup: &Setup, time: &Time) -> Energy {
    let cards = f64::from(setup.rig.count.max(1));
    let joules =
        phases(time).into_iter().flatten().map(|(phase, length)| card_power(setup, &phase) * cards * length).sum::<Joules>();
    let average_watts = joules / time.total;
    let wall = wall_power(setup, average_watts);
    Energy { average_watts, joules, wall_joules: wall * time.total, co2_grams: None }
}

/// Grams of CO2 equivalent: energy at the wall times what the country's grid emits per kilowatt-hour. Needs a country.
#[must_use]
pub fn emissions(catalog: &Catalog, setup: &Setup, energy: &Energy) -> Option<f64> {
    let grid = catalog.grid(setup.money.country.as_deref()?)?;
    Some(energy.wall_joules.as_kwh() * grid.grams_per_kwh)
}

/// Each phase and how long it lasts.
fn phases(time: &Time) -> [Option<(PhaseTime, Seconds)>; 2] {
    let Some(decode) = time.decode else { return [Some((time.main, time.total)), None] };
    let prefill = time.prefill.map(|prefill| (prefill, prefill.seconds_per_step.min(time.total)));
    let rest = time.total - prefill.map_or(Seconds::ZERO, |(_, length)| length);
    [prefill, Some((decode, rest))]
}

/// Average draw of one card in a phase: a share of its board power by what the phase waits for, never above the power limit.
///
/// Generating for one request streams weights at about two thirds of board power; many requests raise it towards the draw of
/// arithmetic, in proportion to how much of the peak they use.
pub(super) fn card_power(setup: &Setup, phase: &PhaseTime) -> Watts {
    let power = &calibration().time.power;
    let share = match phase.bound_by {
        BoundBy::Compute => power.compute.get(),
        BoundBy::Overhead => power.overhead.get(),
        BoundBy::Communication => power.communication.get(),
        BoundBy::Memory if phase.phase == Phase::Decode => {
            let busy = (phase.model_flops_utilisation / power.saturation.get()).clamp(0.0, 1.0);
            power.memory.get() + (power.serving.get() - power.memory.get()) * busy
        }
        BoundBy::Memory => power.compute.get(),
    };
    let board = setup.rig.card.tdp;
    let drawn = board * share;
    setup.rig.power_limit.map_or(drawn, |limit| drawn.min(limit))
}

/// No recipe on this rig that takes so long takes less energy at the wall.
pub(crate) fn least_energy(setup: &Setup, time: Seconds) -> Joules {
    let power = &calibration().time.power;
    let shares = [&power.compute, &power.overhead, &power.communication, &power.memory, &power.serving];
    let least = shares.into_iter().map(|share| share.get()).fold(1.0, f64::min);
    let drawn = setup.rig.card.tdp * least;
    let each = setup.rig.power_limit.map_or(drawn, |limit| drawn.min(limit));
    wall_power(setup, each * f64::from(setup.rig.count.max(1))) * time
}

/// Draw at the socket: cards and the rest of the machine over the power supply's efficiency, times what the room adds.
pub(super) fn wall_power(setup: &Setup, cards: Watts) -> Watts {
    socket_power(setup.rig.count, cards, setup.money.pue)
}

/// Draw at the socket of a machine whose cards draw so much together, in a room of this PUE.
pub(crate) fn socket_power(count: u32, cards: Watts, pue: f64) -> Watts {
    (cards + host_power(count)) * (pue.max(1.0) / calibration().time.power.supply.get().clamp(0.5, 1.0))
}

/// Draw of the machine without its cards.
fn host_power(count: u32) -> Watts {
    let power = &calibration().time.power;
    Watts::new(power.host.get() + power.host_per_card.get() * f64::from(count.saturating_sub(1)))
}

/// Each figure with its formula, inputs and source.
#[must_use]
pub fn energy_steps(setup: &Setup, time: &Time, energy: &Energy) -> Vec<Step> {
    const SOURCE: &str = "docs/energy-and-money.md#power";
    let cards = f64::from(setup.rig.count.max(1));
    let board = setup.rig.card.tdp;
    let watts = ("W", energy.average_watts.get());
    let seconds = ("t", time.total.get());
    let drawn = [("N", cards), ("W_b", board.get()), ("u_W", energy.average_watts / (board * cards))];
    let supply = ("η_s", calibration().time.power.supply.get().clamp(0.5, 1.0));
    let wall = [watts, ("W_h", host_power(setup.rig.count).get()), supply, ("PUE", setup.money.pue.max(1.0)), seconds];
    let mut steps = vec![
        step("energy.averageWatts", "N · W_b · u_W", &drawn, energy.average_watts.get(), SOURCE),
        step("energy.joules", "W · t", &[watts, seconds], energy.joules.get(), SOURCE),
        step("energy.wallJoules", "(W + W_h) / η_s · PUE · t", &wall, energy.wall_joules.get(), SOURCE),
    ];
    if let Some(grams) = energy.co2_grams {
        let kilowatt_hours = energy.wall_joules.as_kwh();
        let each = if kilowatt_hours > 0.0 { grams / kilowatt_hours } else { 0.0 };
        let inputs = [("E", kilowatt_hours), ("γ", each)];
        let source = "docs/energy-and-money.md#emissions";
        steps.push(step("energy.co2Grams", "E · γ", &inputs, grams, source));
    }
    steps
}
