//! The working behind the times.

use super::calibration::Factor;
use super::device::Device;
use super::{Phases, Work};
use crate::estimate::{Phase, Step, Time, calibration};
use crate::request::Setup;
use crate::units::Seconds;

/// Each main number of the time with its formula, inputs and source.
#[must_use]
pub fn time_steps(setup: &Setup, time: &Time) -> Vec<Step> {
    let table = &calibration().time;
    let phases = Phases::of(table, setup);
    let mut steps = rates(&phases.device, setup);
    for work in std::iter::once(&phases.first).chain(&phases.decode) {
        phase_steps(work, setup, &mut steps);
    }
    let spread = if time.total > Seconds::ZERO { (time.high / time.total).ln() / 1.28 } else { 0.0 };
    let parts: Vec<(&str, f64)> = match &phases.decode {
        None => vec![("steps", phases.first.steps), ("secondsPerStep", phases.first.parts.total().get())],
        Some(decode) => vec![
            ("prefillSeconds", (phases.first.parts.total() * phases.first.steps).get()),
            ("steps", decode.steps),
            ("secondsPerStep", decode.parts.total().get()),
        ],
    };
    let formula = if phases.decode.is_some() { "prefillSeconds + steps * secondsPerStep" } else { "steps * secondsPerStep" };
    steps.push(step("time.total", formula, &parts, time.total.get(), "docs/time.md"));
    let range = [("total", time.total.get()), ("sigma", spread)];
    steps.push(step("time.low", "total / exp(1.28 * sigma)", &range, time.low.get(), "docs/time.md#ranges"));
    steps.push(step("time.high", "total * exp(1.28 * sigma)", &range, time.high.get(), "docs/time.md#ranges"));
    steps
}

/// A step of the working.
pub(in crate::estimate) fn step(id: &str, formula: &str, inputs: &[(&str, f64)], value: f64, source: &str) -> Step {
    Step {
        id: id.to_owned(),
        formula: formula.to_owned(),
        inputs: inputs.iter().map(|(symbol, value)| ((*symbol).to_owned(), *value)).collect(),
        value,
        source: source.to_owned(),
    }
}

/// Names the measurements behind a factor.
fn measured(factor: &Factor) -> String {
    if factor.evidence.sources.is_empty() {
        return "docs/time.md#assumptions".to_owned();
    }
    format!("{} (n = {})", factor.evidence.sources.join(", "), factor.evidence.n)
}

/// The rates a card sustains.
fn rates(device: &Device, setup: &Setup) -> Vec<Step> {
    let table = &calibration().time.sustained;
    let card = &*setup.rig.card;
    let peak = [
        ("peak", device.arithmetic.peak.get()),
        ("kernelShare", table.tensor.of(device.class).get()),
        ("boardWatts", card.tdp.get()),
        ("wattsPerTeraflops", table.watts_per_teraflops.of(device.class).get()),
    ];
    let formula = "peak * kernelShare, bent down where boardWatts / wattsPerTeraflops or a power limit is lower";
    let bandwidth = [("bandwidth", card.bandwidth.get()), ("share", table.bandwidth.of(device.class).get())];
    vec![
        step("time.products", formula, &peak, device.products.get(), &measured(table.tensor.of(device.class))),
        step(
            "time.bandwidth",
            "bandwidth * share",
            &bandwidth,
            device.bandwidth.get(),
            &measured(table.bandwidth.of(device.class)),
        ),
    ]
}

/// What one step of a phase is spent on, and the speed that follows.
fn phase_steps(work: &Work, setup: &Setup, steps: &mut Vec<Step>) {
    let name = match work.phase {
        Phase::Train => "train",
        Phase::Prefill => "prefill",
        Phase::Decode => "decode",
    };
    let parts = &work.parts;
    let all: [(&str, Seconds); 10] = [
        ("products", parts.products),
        ("attention", parts.attention),
        ("elementwise", parts.elementwise),
        ("adapters", parts.adapters),
        ("unpacking", parts.unpacking),
        ("optimizer", parts.optimizer),
        ("streaming", parts.streaming),
        ("launching", parts.launching),
        ("communication", parts.communication),
        ("overhead", parts.overhead),
    ];
    let inputs: Vec<(&str, f64)> =
        all.iter().filter(|(_, time)| time.get() > 0.0).map(|(name, time)| (*name, time.get())).collect();
    let formula = "(work^4 + launching^4)^(1/4) + communication + overhead, work = the other parts";
    let source = source_of(work.phase, setup);
    let seconds = parts.total();
    steps.push(step(&format!("time.{name}.secondsPerStep"), formula, &inputs, seconds.get(), &source));
    let speed = [("tokens", work.tokens), ("secondsPerStep", seconds.get())];
    let tokens_per_second = if seconds.get() > 0.0 { work.tokens / seconds.get() } else { 0.0 };
    steps.push(step(&format!("time.{name}.tokensPerSecond"), "tokens / secondsPerStep", &speed, tokens_per_second, "docs/time.md"));
}

fn source_of(phase: Phase, setup: &Setup) -> String {
    let table = &calibration().time;
    match phase {
        Phase::Train => measured(&super::train::profile(&table.training, setup.recipe.stack).products),
        Phase::Prefill => measured(&super::serve::profile(&table.serving, setup.recipe.stack).products),
        Phase::Decode => measured(&super::serve::profile(&table.serving, setup.recipe.stack).bandwidth),
    }
}
