//! The machine around the cards: what has to be bought, wired and paid besides, each figure opened to its working.

use super::worked::Worked;
use super::working;
use crate::browser;
use crate::context::Env;
use crate::format;
use crate::reading::concerns;
use whichcard::card::Form;
use whichcard::estimate::Step;
use whichcard::plan::{Circuit, Machine, machine, machine_steps, takes_high_voltage};
use whichcard::share::Field;
use whichcard::units::Seconds;
use yew::prelude::*;

/// One figure of the machine.
struct Row {
    /// Name in keys and tests.
    name: &'static str,
    value: String,
    /// What qualifies it.
    note: String,
    /// Id of its working.
    step: &'static str,
    /// Fields that change it.
    fields: &'static [Field],
}

/// The figures of the machine around a setup.
pub fn around(env: &Env, worked: &Worked) -> Html {
    let figures = worked.figures();
    let machine = machine(&env.catalog, &worked.setup, &figures);
    let mut steps = machine_steps(&env.catalog, &worked.setup, &figures, &machine);
    steps.extend(worked.estimate.explain.iter().filter(|step| step.id == "energy.co2Grams").cloned());
    let rows = rows(env, worked, &machine);
    html! {
        <section class="machine" id="machine" aria-label={env.say("app.machine.title")}>
            <h2>{ env.say("app.machine.title") }</h2>
            <div class="working">{ for rows.iter().map(|row| show(env, row, &steps)) }</div>
        </section>
    }
}

fn rows(env: &Env, worked: &Worked, machine: &Machine) -> Vec<Row> {
    let wall = format::watts(machine.wall_watts);
    let form = worked.setup.rig.card.form;
    let mut rows = vec![supply(env, machine, form)];
    // Server modules stand in machine rooms.
    rows.extend((form != Form::Sxm).then(|| circuit(env, machine)));
    rows.extend(machine.lanes.map(|lanes| slots(env, machine, lanes)));
    rows.extend([
        Row {
            name: "hostMemory",
            value: format::memory(machine.host_memory),
            note: String::new(),
            step: "machine.hostMemory",
            fields: &[Field::Offload],
        },
        Row { name: "disk", value: format::memory(machine.disk), note: String::new(), step: "machine.disk", fields: &[] },
        Row {
            name: "heat",
            value: format!("{wall} · {}\u{a0}Btu/h", format::decimal(machine.heat_btu_per_hour, 0)),
            note: env.fill("app.machine.heat-note", &[("watts", &wall)]),
            step: "machine.heat",
            fields: &[Field::PowerLimit],
        },
    ]);
    rows.extend(machine.monthly_bill.map(|bill| Row {
        name: "monthlyBill",
        value: env.fill("app.machine.a-month", &[("amount", &format::bill(bill))]),
        note: env.fill("app.machine.bill-note", &[("watts", &wall)]),
        step: "machine.monthlyBill",
        fields: &[Field::Tariff, Field::Pue],
    }));
    rows.extend(machine.co2_grams.map(|grams| Row {
        name: "co2",
        value: format::mass(grams),
        note: env.say("app.machine.co2-note"),
        step: "energy.co2Grams",
        fields: &[Field::Country],
    }));
    rows.extend(machine.rent_or_buy.map(|answer| Row {
        name: "rentOrBuy",
        value: env.fill("app.machine.break-even", &[("n", &format::few(answer.break_even_months.max(0.1)))]),
        note: env.fill(
            "app.machine.break-even-note",
            &[("hours", &format::decimal(answer.hours_per_day, 0)), ("time", &hours(env, answer.break_even_hours))],
        ),
        step: "machine.rentOrBuy",
        fields: &[Field::Price, Field::Rent, Field::EntryLoss, Field::YearlyLoss],
    }));
    rows
}

fn hours(env: &Env, hours: f64) -> String {
    env.fill("app.unit.hours", &[("n", &format::short(Seconds::new(hours * 3600.0).as_hours().round()))])
}

fn supply(env: &Env, machine: &Machine, form: Form) -> Row {
    let least = machine.power_supply_least_watts.map(format::watts);
    let (value, note) = match (machine.power_supply_watts, least) {
        (Some(watts), least) => {
            let note = if takes_high_voltage(watts) { "app.machine.supply-high-note" } else { "app.machine.supply-note" };
            (format::watts(watts), env.fill(note, &[("least", &least.unwrap_or_default())]))
        }
        (None, Some(least)) => (least, env.say("app.machine.supply-several")),
        (None, None) => {
            let note = if form == Form::Laptop { "app.machine.supply-laptop" } else { "app.machine.supply-server" };
            (env.say("app.machine.supply-own"), env.say(note))
        }
    };
    let fields: &[Field] = if machine.power_supply_least_watts.is_some() { &[Field::PowerLimit] } else { &[] };
    Row { name: "powerSupply", value, note, step: "machine.powerSupply", fields }
}

fn slots(env: &Env, machine: &Machine, lanes: u32) -> Row {
    let lanes = lanes.to_string();
    Row {
        name: "slots",
        value: match machine.slots {
            Some(slots) => env.fill("app.machine.slots-value", &[("slots", &slots.to_string()), ("lanes", &lanes)]),
            None => env.fill("app.machine.lanes-value", &[("lanes", &lanes)]),
        },
        note: env.say(match machine.desktop_lanes {
            Some(true) => "app.machine.lanes-desktop",
            _ => "app.machine.lanes-workstation",
        }),
        step: "",
        fields: &[Field::Count],
    }
}

fn circuit(env: &Env, machine: &Machine) -> Row {
    let (value, note) = match machine.circuit {
        Some(Circuit { volts, amperes, watts }) => (
            format!("{volts}\u{a0}V · {amperes}\u{a0}A"),
            env.fill("app.machine.circuit-note", &[("watts", &format::watts(watts))]),
        ),
        None => (env.say("app.machine.circuit-none"), env.say("app.machine.circuit-none-note")),
    };
    Row { name: "circuit", value, note, step: "machine.circuit", fields: &[] }
}

/// A figure that opens to its working and to the fields that change it.
fn show(env: &Env, row: &Row, steps: &[Step]) -> Html {
    let step = steps.iter().find(|step| step.id == row.step);
    let fields = row.fields.iter().filter(|field| concerns(env.link.view(), **field));
    html! {
        <details key={row.name} data-machine={row.name}>
            <summary>
                <span>{ env.say(&format!("app.machine.{}", row.name)) }</span>
                <b>{ &row.value }</b>
            </summary>
            <p hidden={row.note.is_empty()}>{ &row.note }</p>
            <div>{ for step.map(|step| working::inside(env, step)) }</div>
            <p class="row">
                { for fields.map(|field| {
                    let id = field.key();
                    let onclick = Callback::from(move |_: MouseEvent| browser::focus_field(&format!("#{id}")));
                    html! {
                        <button key={id} type="button" class="small" data-edit={id} {onclick}>
                            { env.fill("app.machine.change", &[("field", &env.say(field.label()))]) }
                        </button>
                    }
                }) }
            </p>
        </details>
    }
}
