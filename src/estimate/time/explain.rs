//! The working behind the times.

use super::device::Device;
use super::{Phases, RANGE_DEVIATIONS, Work, host_rate};
use crate::estimate::factor::Factor;
use crate::estimate::working::step;
use crate::estimate::{ArithmeticPath, Phase, Step, Time, calibration};
use crate::request::Setup;
use crate::units::{Seconds, real};

/// Each main number of the time with its formula, inputs and source.
#[must_use]
pub fn time_steps(setup: &Setup, time: &Time) -> Vec<Step> {
    let table = &calibration().time;
    let phases = Phases::of(table, setup);
    let mut steps = rates(&phases.device, setup);
    for work in std::iter::once(&phases.first).chain(&phases.decode) {
        phase_steps(work, setup, &mut steps);
    }
    let spread = if time.total > Seconds::ZERO { (time.high / time.total).ln() / RANGE_DEVIATIONS } else { 0.0 };
    let (formula, parts) = match &phases.decode {
        None if phases.first.once > Seconds::ZERO => ("n · t_s + t_1", whole(&phases.first)),
        None => ("n · t_s", vec![("n", phases.first.steps), ("t_s", phases.first.parts.total().get())]),
        Some(decode) => {
            ("t_q + n · t_s", vec![("t_q", phases.first.total().get()), ("n", decode.steps), ("t_s", decode.parts.total().get())])
        }
    };
    steps.push(step("time.total", formula, &parts, time.total.get(), "docs/time.md"));
    // What listens is measured against the time it takes to speak.
    if let Some(clip) = setup.model.clip(setup.job.sequence_length).filter(|_| !setup.trains() && time.total > Seconds::ZERO) {
        let clips = real(setup.job.concurrency);
        let heard = [("n_s", clips), ("t_n", clip.get()), ("t", time.total.get())];
        steps.push(step("time.realTime", "n_s · t_n / t", &heard, clip * clips / time.total, "docs/time.md"));
    }
    let range = [("t", time.total.get()), ("σ", spread)];
    steps.push(step("time.low", "t · exp(−1.28 · σ)", &range, time.low.get(), "docs/time.md#ranges-and-confidence"));
    steps.push(step("time.high", "t · exp(1.28 · σ)", &range, time.high.get(), "docs/time.md#ranges-and-confidence"));
    steps
}

/// Steps, the time of one, and what comes once.
fn whole(work: &Work) -> Vec<(&'static str, f64)> {
    vec![("n", work.steps), ("t_s", work.parts.total().get()), ("t_1", work.once.get())]
}

/// Names the measurements behind a factor.
fn measured(factor: &Factor) -> String {
    if factor.evidence.sources.is_empty() {
        return "docs/time.md#assumptions".to_owned();
    }
    format!("measured: {} (n = {})", factor.evidence.sources.join(", "), factor.evidence.n)
}

/// The rates a card sustains: what its kernels reach, bent down where board power limits, and a share of the bandwidth.
fn rates(device: &Device, setup: &Setup) -> Vec<Step> {
    let table = &calibration().time.sustained;
    let (peak, rate) = (device.arithmetic.peak.get(), device.products.get());
    let board = setup.rig.card.tdp.get();
    let share = table.tensor.of(device.class);
    let watts = table.watts_per_teraflops.of(device.class).get() * (device.arithmetic.operand_bytes / 2.0) / 1e12;
    let bent = device.arithmetic.path == ArithmeticPath::TensorCores && watts > 0.0 && board > 0.0;
    let kernel = peak * share.get();
    let square = (kernel * watts / board).powi(2);
    let limited = kernel / (1.0 + square * square).sqrt().sqrt();
    let products = if bent && limited > 0.0 {
        let left = rate / limited;
        let mut inputs = vec![("F", peak), ("η_F", share.get()), ("ω", watts), ("W_b", board)];
        let mut formula = "F · η_F / (1 + (F · η_F · ω / W_b)^4)^(1/4)".to_owned();
        if (left - 1.0).abs() > 1e-9 {
            formula.push_str(" · k_p");
            inputs.push(("k_p", left));
        }
        step("time.products", &formula, &inputs, rate, &measured(share))
    } else {
        let inputs = [("F", peak), ("η_F", if peak > 0.0 { rate / peak } else { 0.0 })];
        step("time.products", "F · η_F", &inputs, rate, &measured(table.cuda.of(device.class)))
    };
    let share = table.bandwidth.of(device.class);
    let bandwidth = [("β", device.nominal_bandwidth.get()), ("η_β", device.bandwidth / device.nominal_bandwidth)];
    vec![products, step("time.bandwidth", "β · η_β", &bandwidth, device.bandwidth.get(), &measured(share))]
}

/// What one step of a phase is spent on, and the speed that follows.
fn phase_steps(work: &Work, setup: &Setup, steps: &mut Vec<Step>) {
    // What is not read or written token by token is counted in images, clips or scenes.
    let words = super::in_tokens(setup, work.phase);
    let name = match work.phase {
        Phase::Train => "time.train",
        Phase::Prefill if words => "time.prefill",
        Phase::Prefill => "time",
        Phase::Decode => "time.decode",
    };
    let parts = &work.parts;
    let all: [(&str, Seconds); 7] = [
        ("t_p", parts.products),
        ("t_a", parts.attention),
        ("t_e", parts.elementwise),
        ("t_d", parts.adapters),
        ("t_u", parts.unpacking),
        ("t_o", parts.optimizer),
        ("t_r", parts.streaming),
    ];
    // A processor that generates waits for its memory: for the weights and cache of layers that lie there.
    let (reads, hosted) = if work.phase == Phase::Train { (Seconds::ZERO, parts.hosted) } else { (parts.hosted, Seconds::ZERO) };
    let around = [("t_x", parts.communication), ("t_v", parts.overhead), ("t_h", hosted), ("t_b", parts.idle)];
    let spent = |parts: &[(&'static str, Seconds)]| -> Vec<(&'static str, f64)> {
        parts.iter().filter(|(_, time)| time.get() > 0.0).map(|(symbol, time)| (*symbol, time.get())).collect()
    };
    let (mut inputs, around) = (spent(&all), spent(&around));
    let sum = |parts: &[(&str, f64)]| parts.iter().map(|(symbol, _)| *symbol).collect::<Vec<_>>().join(" + ");
    let mut formula = sum(&inputs);
    if parts.launching > Seconds::ZERO {
        formula = match inputs.len() {
            0 => "t_l".to_owned(),
            1 => format!("({formula}^4 + t_l^4)^(1/4)"),
            _ => format!("(({formula})^4 + t_l^4)^(1/4)"),
        };
        inputs.push(("t_l", parts.launching.get()));
    }
    if !around.is_empty() {
        let more = sum(&around);
        formula = if formula.is_empty() { more } else { format!("{formula} + {more}") };
        inputs.extend(around);
    }
    if reads > Seconds::ZERO {
        let rate = host_rate(setup);
        formula = if formula.is_empty() { "D_h / β_h".to_owned() } else { format!("{formula} + D_h / β_h") };
        inputs.extend([("D_h", (rate * reads).get()), ("β_h", rate.get())]);
    }
    let seconds = parts.total();
    steps.push(step(&format!("{name}.secondsPerStep"), &formula, &inputs, seconds.get(), &source_of(work.phase, setup)));
    let (unit, symbol, count) = if words { ("tokens", "T", work.tokens) } else { ("samples", "n_s", work.samples) };
    let id = format!("{name}.{unit}PerSecond");
    if work.once > Seconds::ZERO {
        let images = count * work.steps;
        let inputs = [vec![("N_i", images)], whole(work)].concat();
        steps.push(step(&id, "N_i / (n · t_s + t_1)", &inputs, images / work.total().get(), "docs/time.md#images"));
        return;
    }
    let inputs = [(symbol, count), ("t_s", seconds.get())];
    let rate = if seconds.get() > 0.0 { count / seconds.get() } else { 0.0 };
    steps.push(step(&id, &format!("{symbol} / t_s"), &inputs, rate, "docs/time.md"));
}

fn source_of(phase: Phase, setup: &Setup) -> String {
    let table = &calibration().time;
    match phase {
        Phase::Train => measured(&super::train::profile(&table.training, setup.recipe.stack).products),
        Phase::Prefill => measured(&super::serve::profile(&table.serving, setup.recipe.stack).products),
        Phase::Decode => measured(&super::serve::profile(&table.serving, setup.recipe.stack).bandwidth),
    }
}
