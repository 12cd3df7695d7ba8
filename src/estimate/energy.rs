//! Energy of the job: what the cards draw, and what the socket gives.

use super::working::step;
use super::{Energy, Spent, Step, Time, calibration};
use crate::card::{Card, Form};
use crate::catalog::Catalog;
use crate::request::Setup;
use crate::units::{Joules, Watts, real};

/// Energy of the cards and at the wall.
///
/// What a card does and what it waits for each has its draw: `joules = sum of watts x seconds`, over all cards;
/// `wall = (cards + host) / supply efficiency x PUE`. Emissions need the catalogue: see [`emissions`].
#[must_use]
pub fn energy(setup: &Setup, time: &Time) -> Energy {
    let joules = cards_energy(setup, &time.spent);
    let average_watts = joules / time.total;
    Energy { average_watts, joules, wall_joules: wall_energy(setup, &time.spent), co2_grams: None }
}

/// Grams of CO2 equivalent: energy at the wall times what the country's grid emits per kilowatt-hour. Needs a country.
#[must_use]
pub fn emissions(catalog: &Catalog, setup: &Setup, energy: &Energy) -> Option<f64> {
    let grid = catalog.grid(setup.money.country.as_deref()?)?;
    Some(energy.wall_joules.as_kwh() * grid.grams_per_kwh)
}

/// What one card draws while it works and while it waits.
///
/// Generating for one request streams weights at about two thirds of board power; many requests raise it towards the draw of
/// arithmetic, in proportion to how much of the peak they use.
#[derive(Clone, Copy, Debug)]
struct Draws {
    computing: Watts,
    streaming: Watts,
    serving: Watts,
    links: Watts,
    host: Watts,
    idle: Watts,
}

impl Draws {
    /// Shares of the board power, never above the power limit.
    fn of(setup: &Setup) -> Self {
        let power = &calibration().time.power;
        let drawn = |share: f64| {
            let drawn = setup.rig.card.tdp * share;
            setup.rig.power_limit.map_or(drawn, |limit| drawn.min(limit))
        };
        Self {
            computing: drawn(power.compute.get()),
            streaming: drawn(power.memory.get()),
            serving: drawn(power.serving.get()),
            links: drawn(power.communication.get()),
            host: drawn(power.overhead.get()),
            idle: drawn(power.idle.get()),
        }
    }
}

/// Cards with nothing to do: replicas beyond the requests there are.
fn idle_cards(setup: &Setup) -> f64 {
    let replicas = u64::from(setup.recipe.parallel.data.max(1));
    if setup.trains() {
        return 0.0;
    }
    let busy = setup.job.concurrency.max(1).div_ceil(setup.requests_per_replica());
    real(replicas - busy) * f64::from(setup.rig.count.max(1)) / real(replicas)
}

/// Energy of all cards. A better card, which spends no more on any part of the work, takes no more.
fn cards_energy(setup: &Setup, spent: &Spent) -> Joules {
    let (draws, idle) = (Draws::of(setup), idle_cards(setup));
    let each = draws.computing * spent.computing
        + draws.streaming * spent.streaming
        + draws.serving * spent.serving
        + draws.links * spent.links
        + draws.host * spent.host;
    each * (f64::from(setup.rig.count.max(1)) - idle) + draws.idle * spent.total() * idle
}

/// Energy at the wall of a job that spends its time so.
pub(crate) fn wall_energy(setup: &Setup, spent: &Spent) -> Joules {
    (cards_energy(setup, spent) + host_power(&setup.rig.card, setup.rig.count) * spent.total()) * losses(setup.money.pue)
}

/// Draw at the socket of a machine whose cards draw so much together, in a room of this PUE.
pub(crate) fn socket_power(card: &Card, count: u32, cards: Watts, pue: f64) -> Watts {
    (cards + host_power(card, count)) * losses(pue)
}

/// What the socket gives over what the machine draws: the power supply's losses, and what the room adds.
fn losses(pue: f64) -> f64 {
    pue.max(1.0) / calibration().time.power.supply.get().clamp(0.5, 1.0)
}

/// Draw of a laptop without its card, in watts: a processor that feeds it, well below the 45 W that H-class processors are rated for, a panel of
/// 10 W, and the rest (an assumption).
const LAPTOP: f64 = 45.0;

/// Draw of the machine without its cards. Server modules share fans, switches and processors with each other, which draw more for each.
fn host_power(card: &Card, count: u32) -> Watts {
    let power = &calibration().time.power;
    if card.form == Form::Sxm {
        return Watts::new(power.host_per_module.get() * f64::from(count.max(1)));
    }
    if card.form == Form::Laptop {
        return Watts::new(LAPTOP);
    }
    Watts::new(power.host.get() + power.host_per_card.get() * f64::from(count.saturating_sub(1)))
}

/// Each figure with its formula, inputs and source.
#[must_use]
pub fn energy_steps(setup: &Setup, time: &Time, energy: &Energy) -> Vec<Step> {
    const SOURCE: &str = "docs/energy-and-money.md#power";
    let idle = idle_cards(setup);
    let cards = f64::from(setup.rig.count.max(1));
    let watts = ("W", energy.average_watts.get());
    let seconds = ("t", time.total.get());
    let (spent, draws) = (&time.spent, Draws::of(setup));
    let parts = [
        ("W_c", draws.computing, "t_c", spent.computing),
        ("W_m", draws.streaming, "t_m", spent.streaming),
        ("W_k", draws.serving, "t_k", spent.serving),
        ("W_x", draws.links, "t_w", spent.links),
        ("W_l", draws.host, "t_z", spent.host),
    ];
    let (mut formula, mut drawn) = (Vec::new(), vec![("N", cards), seconds]);
    for (draw, watts, part, length) in parts.into_iter().filter(|(.., length)| length.get() > 0.0) {
        formula.push(format!("{draw} · {part}"));
        drawn.extend([(draw, watts.get()), (part, length.get())]);
    }
    let mut average = format!("N · ({}) / t", formula.join(" + "));
    if idle > 0.0 {
        average = format!("(N − N_u) · ({}) / t + N_u · W_u", formula.join(" + "));
        drawn.extend([("N_u", idle), ("W_u", draws.idle.get())]);
    }
    let supply = ("η_s", calibration().time.power.supply.get().clamp(0.5, 1.0));
    let wall =
        [watts, ("W_h", host_power(&setup.rig.card, setup.rig.count).get()), supply, ("PUE", setup.money.pue.max(1.0)), seconds];
    let mut steps = vec![
        step("energy.averageWatts", &average, &drawn, energy.average_watts.get(), SOURCE),
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
