//! The machine around the cards: power supply, circuit, slots, lanes, main memory, disk, bill, heat, and renting against buying.

use super::disk::disk;
use crate::card::{Card, Form};
use crate::catalog::Catalog;
use crate::estimate::{Figures, cost, emissions, memory, price_of, socket_power};
use crate::request::{Condition, SYSTEM, Setup};
use crate::units::{Bytes, HOURS_PER_MONTH, Money, Seconds, Watts};
use serde::Serialize;

/// Sizes in which power supplies are sold.
const SUPPLIES: [f64; 17] =
    [300.0, 400.0, 450.0, 500.0, 550.0, 600.0, 650.0, 700.0, 750.0, 850.0, 1000.0, 1200.0, 1250.0, 1300.0, 1500.0, 1600.0, 2000.0];
/// The most that a power supply gives at 100 to 127 V: what a plug of 15 A carries at 120 V (1,800 W) but for what is
/// wasted. Larger ones are rated at 200 to 240 V.
const LOW_VOLTAGE_SUPPLY: f64 = 1600.0;
/// Volts from which larger ones give what they are rated at.
const HIGH_VOLTAGE: u32 = 200;
/// British thermal units an hour in a watt (1 Btu = 1055.06 J).
const BTU_PER_HOUR: f64 = 3.412_14;
/// Months of a year.
const MONTHS: f64 = 12.0;
/// Watts of a machine without its cards, at most.
const REST: f64 = 400.0;
/// What the millisecond peaks of several cards together add.
const PEAKS: f64 = 1.1;
/// Share of what a plug carries that the supply gives on.
const GIVEN_ON: f64 = 0.9;
/// Share of its breaker that a circuit carries for three hours and more (NEC 210.20(A)).
const LASTING: f64 = 0.8;
/// Hours of use a day that renting and buying are compared at.
const HOURS_A_DAY: f64 = 8.0;

/// What a setup asks of the machine and of the room. Assumptions and sources are in `docs/planning.md`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    /// Board power of all cards.
    pub card_watts: Watts,
    /// Average draw at the socket while the job runs.
    pub wall_watts: Watts,
    /// Power supply to buy, in a size that is sold; `None` where the machine brings its own (laptops, server modules) or no single
    /// supply is large enough.
    pub power_supply_watts: Option<Watts>,
    /// What the cards need of a supply before it is rounded up; `None` where the machine brings its own.
    pub power_supply_least_watts: Option<Watts>,
    /// The smallest household circuit of the country that carries the machine for hours with all cards at their limit, and
    /// that the power supply gives its rating on.
    pub circuit: Option<Circuit>,
    /// Slots that the cards cover; `None` in laptops and of server modules, which take none.
    pub slots: Option<u32>,
    /// PCI Express lanes for full speed, over all cards; `None` where the machine is built with the cards.
    pub lanes: Option<u32>,
    /// Whether a usual desktop processor (24 lanes, of which 20 go to slots) has that many.
    pub desktop_lanes: Option<bool>,
    /// Main memory: what the job keeps there, what loads the model, and what the system takes.
    pub host_memory: Bytes,
    /// Disk: the model, the training data, the checkpoints and the software.
    pub disk: Bytes,
    /// Heat given to the room, in British thermal units an hour, as air conditioners are rated.
    pub heat_btu_per_hour: f64,
    /// Electricity of a month without pause.
    pub monthly_bill: Option<Money>,
    /// Emissions of the job in grams, where a country is known.
    pub co2_grams: Option<f64>,
    /// Renting against buying.
    pub rent_or_buy: Option<RentOrBuy>,
}

/// A circuit of a house and what may be drawn from it for hours.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Circuit {
    /// Volts.
    pub volts: u32,
    /// Amperes of the breaker.
    pub amperes: u32,
    /// Watts that may be drawn for three hours or more: four fifths of what it is rated at (NEC 210.20(A)).
    pub watts: Watts,
}

/// Renting against buying, with what the cards are still worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RentOrBuy {
    /// Hours of use after which buying has cost less than renting, at so many hours a day.
    pub break_even_hours: f64,
    /// The same in months of that use.
    pub break_even_months: f64,
    /// Hours a day that were assumed.
    pub hours_per_day: f64,
}

/// What the machine of a setup has to be.
#[must_use]
pub fn machine(catalog: &Catalog, setup: &Setup, figures: &Figures) -> Machine {
    let (card, count) = (&setup.rig.card, f64::from(setup.rig.count.max(1)));
    let limit = |card: &Card| setup.rig.power_limit.map_or(card.tdp, |limit| limit.min(card.tdp));
    let card_watts = limit(card) * count;
    // Laptops and servers of modules are built around their cards: there is no supply, slot or lane to choose.
    let loose = !matches!(card.form, Form::Laptop | Form::Sxm);
    let least = loose.then(|| supply_least(card_watts, count));
    let power_supply_watts = least.and_then(|least| next_size(least, card, count));
    let wall_watts =
        Watts::new(figures.energy.wall_joules.get() / figures.time.total.get().max(1e-9)) * (1.0 / setup.money.pue.max(1.0));
    let lanes = loose.then(|| u32::from(card.pcie.lanes).saturating_mul(setup.rig.count));
    let bill = cost(catalog, setup, &figures.time, &figures.energy);
    let per_kwh = bill.electricity.as_ref().map(|price| price.unit_price);
    let month = |price: f64| wall_watts.get() * setup.money.pue.max(1.0) / 1000.0 * HOURS_PER_MONTH * price;
    Machine {
        card_watts,
        wall_watts,
        power_supply_watts,
        power_supply_least_watts: least,
        // Server modules stand in machine rooms, on supplies of their own.
        circuit: circuit(setup.money.country.as_deref(), socket_power(card, setup.rig.count, card_watts, 1.0), power_supply_watts)
            .filter(|_| card.form != Form::Sxm),
        slots: card.slots.filter(|_| loose).map(|slots| u32::from(slots).saturating_mul(setup.rig.count)),
        lanes,
        desktop_lanes: lanes.map(|lanes| lanes <= 20),
        host_memory: host_memory(setup, figures),
        disk: disk(setup),
        heat_btu_per_hour: wall_watts.get() * BTU_PER_HOUR,
        monthly_bill: per_kwh.map(|price| Money { amount: month(price), currency: setup.money.currency }),
        co2_grams: emissions(catalog, setup, &figures.energy),
        rent_or_buy: rent_or_buy(catalog, setup, figures),
    }
}

/// `board power + 400 W` for one card, `1.1 x (all board power + 400 W)` for several.
///
/// Rounded up to a size that is sold, the first reproduces 29 of the 41 supplies that NVIDIA recommends for GeForce 20 to 50
/// exactly and falls below three by 50 W; the tenth covers the millisecond peaks of several cards together.
pub(super) fn supply_least(cards: Watts, count: f64) -> Watts {
    let plain = cards + Watts::new(REST);
    if count > 1.0 { plain * PEAKS } else { plain }
}

/// The smallest size on sale that is enough, and never below the maker's own advice for one card.
fn next_size(least: Watts, card: &Card, count: f64) -> Option<Watts> {
    let least = if count > 1.0 { least } else { card.psu.map_or(least, |advice| least.max(advice)) };
    SUPPLIES.iter().copied().find(|size| *size >= least.get()).map(Watts::new)
}

/// Volts and amperes of the circuits of a country's houses, smallest first. Where no country is asked, those of several.
fn circuits(country: Option<&str>) -> &'static [(u32, u32)] {
    match country {
        Some("US" | "CA") => &[(120, 15), (120, 20), (240, 30)],
        Some("TW") => &[(110, 15), (110, 20), (220, 20)],
        Some("JP") => &[(100, 15), (100, 20), (200, 20)],
        Some("CN") => &[(220, 10), (220, 16)],
        // Plugs of BS 1363 have a fuse of 13 A at most.
        Some("GB" | "IE" | "HK" | "SG" | "MY" | "AE") => &[(230, 13)],
        None | Some("001" | "021" | "005" | "142" | "BR") => &[(120, 15), (120, 20), (230, 16), (240, 30)],
        Some(_) => &[(230, 16)],
    }
}

fn circuit(country: Option<&str>, drawn: Watts, supply: Option<Watts>) -> Option<Circuit> {
    circuits(country)
        .iter()
        .map(|&(volts, amperes)| Circuit { volts, amperes, watts: Watts::new(f64::from(volts) * f64::from(amperes) * LASTING) })
        .find(|circuit| circuit.watts >= drawn && supply.is_none_or(|supply| circuit.feeds(supply)))
}

impl Circuit {
    /// Whether a supply gives its rating on it: at 100 V less than at 120.
    fn feeds(&self, supply: Watts) -> bool {
        let plug = self.watts * (GIVEN_ON / LASTING);
        self.volts >= HIGH_VOLTAGE || !takes_high_voltage(supply) && supply <= plug
    }
}

/// Whether a supply gives its rating at 200 to 240 V only.
#[must_use]
pub fn takes_high_voltage(supply: Watts) -> bool {
    supply > Watts::new(LOW_VOLTAGE_SUPPLY)
}

/// What is offloaded, or once the stored weights while they are loaded, and 8 GiB for the system and the data loaders.
fn host_memory(setup: &Setup, figures: &Figures) -> Bytes {
    let shards = if setup.rig.count > 1 { f64::from(setup.rig.count) } else { 1.0 };
    let loading = memory(setup).weights * if setup.trains() { 1.0 } else { shards };
    figures.memory.host.max(loading) + SYSTEM
}

/// When what the cards have lost in value falls below what renting would have cost beyond electricity.
///
/// `price - value(t) = (rent - electricity) x hours(t)`, with `value(t) = 0.75 x price x (1 - t / 5 years)`: reselling takes off a
/// quarter at once, and the rest goes evenly.
fn rent_or_buy(catalog: &Catalog, setup: &Setup, figures: &Figures) -> Option<RentOrBuy> {
    let use_of = Use::of(catalog, setup, figures)?;
    let months = use_of.months();
    let pays = use_of.saved_a_month() > 0.0 && months.is_finite() && months >= 0.0;
    pays.then_some(RentOrBuy {
        break_even_hours: months * use_of.hours_a_month,
        break_even_months: months,
        hours_per_day: HOURS_A_DAY,
    })
}

/// What using the cards costs, bought or rented.
pub(super) struct Use {
    /// Price of the cards.
    pub price: f64,
    /// Rent of one card for an hour.
    pub rent: f64,
    /// How many cards.
    pub cards: f64,
    /// Electricity for an hour.
    pub power: f64,
    /// Hours of use in a month.
    pub hours_a_month: f64,
    /// Share of the price that selling at once loses.
    pub entry_loss: f64,
    /// Share of the price that a month of use loses.
    pub monthly_loss: f64,
}

impl Use {
    /// Of a setup; `None` where the price or the rent is not known.
    pub(super) fn of(catalog: &Catalog, setup: &Setup, figures: &Figures) -> Option<Self> {
        let bill = cost(catalog, setup, &figures.time, &figures.energy);
        Some(Self {
            price: price_of(catalog, &setup.rig.card, setup.rig.count, &setup.money, Condition::Any)?.money.amount,
            rent: bill.rent?.unit_price,
            cards: f64::from(setup.rig.count),
            power: bill.electricity.map_or(0.0, |bill| bill.money.amount / figures.time.total.as_hours().max(1e-9)),
            hours_a_month: HOURS_A_DAY * HOURS_PER_MONTH / 24.0,
            entry_loss: setup.money.entry_loss,
            monthly_loss: setup.money.yearly_loss / MONTHS,
        })
    }

    fn saved_a_month(&self) -> f64 {
        (self.rent * self.cards - self.power) * self.hours_a_month
    }

    /// Value the cards lose in a month once they are used.
    fn lost_a_month(&self) -> f64 {
        self.price * self.monthly_loss
    }

    /// Whether the cards are still worth something when buying has paid; else their whole price has to be saved.
    pub(super) fn resold(&self) -> bool {
        let keeps = self.entry_loss + self.months_until_resold() * self.monthly_loss < 1.0;
        keeps && self.saved_a_month() > self.lost_a_month()
    }

    /// Months after which what selling loses has been saved.
    fn months_until_resold(&self) -> f64 {
        self.price * self.entry_loss / (self.saved_a_month() - self.lost_a_month())
    }

    fn months(&self) -> f64 {
        if self.resold() { self.months_until_resold() } else { self.price / self.saved_a_month() }
    }
}

/// How long a stage keeps a machine busy.
pub(super) const fn days(time: Seconds) -> f64 {
    time.get() / 86_400.0
}
