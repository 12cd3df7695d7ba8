//! The working behind the machine around the cards: each figure with its formula, its inputs and where it is explained.
//!
//! The constants of `machine` stand in the formulas as numbers; a test holds each formula to its value.

use super::disk::{SOFTWARE_GIB, each, training_data};
use super::machine::{Circuit, Machine, Use};
use crate::catalog::Catalog;
use crate::estimate::{Figures, Step, Unit, cost};
use crate::request::{SYSTEM, Setup};
use crate::units::{Bytes, real};

const SOURCE: &str = "docs/planning.md#the-machine-around-the-card";

fn step(id: &str, formula: &str, inputs: &[(&str, f64)], value: f64, unit: Unit) -> Step {
    planned(format!("machine.{id}"), formula, inputs, value, unit, SOURCE)
}

/// A step of what is planned, not estimated.
pub(super) fn planned(id: String, formula: &str, inputs: &[(&str, f64)], value: f64, unit: Unit, source: &str) -> Step {
    Step {
        id,
        formula: formula.to_owned(),
        inputs: inputs.iter().map(|(symbol, value)| ((*symbol).to_owned(), *value)).collect(),
        value,
        unit,
        source: source.to_owned(),
    }
}

/// The steps of a machine, by the names of its fields.
#[must_use]
pub fn machine_steps(catalog: &Catalog, setup: &Setup, figures: &Figures, machine: &Machine) -> Vec<Step> {
    let cards = f64::from(setup.rig.count.max(1));
    let mut steps: Vec<Step> = supply(machine, cards).into_iter().collect();
    steps.extend(machine.circuit.map(circuit));
    steps.push(host_memory(machine));
    steps.push(disk(setup, machine));
    steps.push(heat(machine));
    steps.extend(bill(catalog, setup, figures, machine));
    steps.extend(rent_or_buy(catalog, setup, figures, machine));
    steps
}

/// What the supply has to give before it is rounded up to a size that is sold, where there is one to buy.
fn supply(machine: &Machine, cards: f64) -> Option<Step> {
    let least = machine.power_supply_least_watts?;
    let formula = if cards > 1.0 { "1.1 · (N · W_b + 400)" } else { "N · W_b + 400" };
    let inputs = [("N", cards), ("W_b", machine.card_watts.get() / cards)];
    Some(step("powerSupply", formula, &inputs, least.get(), Unit::Watts))
}

fn circuit(circuit: Circuit) -> Step {
    let inputs = [("U", f64::from(circuit.volts)), ("I", f64::from(circuit.amperes))];
    step("circuit", "U · I · 0.8", &inputs, circuit.watts.get(), Unit::Watts)
}

fn host_memory(machine: &Machine) -> Step {
    let inputs = [("M_j", (machine.host_memory - SYSTEM).get()), ("M_y", SYSTEM.get())];
    step("hostMemory", "M_j + M_y", &inputs, machine.host_memory.get(), Unit::Bytes)
}

fn disk(setup: &Setup, machine: &Machine) -> Step {
    let software = Bytes::gib(SOFTWARE_GIB).get();
    let inputs = [("P", real(setup.model.parameters)), ("d", each(setup)), ("D_t", training_data(setup).get()), ("D_s", software)];
    step("disk", "P · d + D_t + D_s", &inputs, machine.disk.get(), Unit::Bytes)
}

fn heat(machine: &Machine) -> Step {
    let inputs = [("W_w", machine.wall_watts.get())];
    step("heat", "W_w · 3.41214", &inputs, machine.heat_btu_per_hour, Unit::BtuPerHour)
}

fn bill(catalog: &Catalog, setup: &Setup, figures: &Figures, machine: &Machine) -> Option<Step> {
    let price = cost(catalog, setup, &figures.time, &figures.energy).electricity?.unit_price;
    let inputs = [("W_w", machine.wall_watts.get()), ("PUE", setup.money.pue.max(1.0)), ("p_E", price)];
    let value = machine.monthly_bill?.amount;
    Some(step("monthlyBill", "W_w · PUE / 1000 · 730.5 · p_E", &inputs, value, Unit::Money))
}

/// Hours until what buying loses is less than what rent would have cost.
fn rent_or_buy(catalog: &Catalog, setup: &Setup, figures: &Figures, machine: &Machine) -> Option<Step> {
    let answer = machine.rent_or_buy?;
    let of = Use::of(catalog, setup, figures)?;
    let mut inputs = vec![("K", of.price), ("N", of.cards), ("p_h", of.rent), ("c_E", of.power), ("τ_m", of.hours_a_month)];
    let formula = if of.resold() {
        inputs.extend([("λ_e", of.entry_loss), ("λ_m", of.monthly_loss)]);
        "λ_e · K / ((N · p_h − c_E) · τ_m − λ_m · K) · τ_m"
    } else {
        "K / ((N · p_h − c_E) · τ_m) · τ_m"
    };
    Some(step("rentOrBuy", formula, &inputs, answer.break_even_hours, Unit::Hours))
}
