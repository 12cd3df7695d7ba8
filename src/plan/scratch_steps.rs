//! The working behind "From scratch": what is not an estimate of a stage, with its formula, its inputs and where it is explained.
//!
//! The constants of `scratch` stand in the formulas as numbers; a test holds each formula to its value.

use super::machine_steps::planned;
use super::scratch::{Path, Preparation, Stage};
use crate::estimate::{Step, Unit};
use crate::request::{COMPUTE_OPTIMAL, Keyword, MASKED_BATCH, MASKED_LENGTH, MASKED_STEPS};
use crate::units::{Bytes, Seconds, real};

const SOURCE: &str = "docs/planning.md#from-scratch";

fn step(id: &str, formula: &str, inputs: &[(&str, f64)], value: f64, unit: Unit) -> Step {
    planned(format!("scratch.{id}"), formula, inputs, value, unit, SOURCE)
}

/// The steps of a path, by the names of its fields; what each stage leaves by its kind.
#[must_use]
pub fn scratch_steps(path: &Path) -> Vec<Step> {
    let mut steps = Vec::new();
    if path.preparation.tokens.get() > 0.0 {
        steps.push(suited(path));
        steps.extend(preparing(&path.preparation));
    }
    steps.extend(path.stages.iter().filter_map(files));
    steps.extend(together(path));
    let (data, left) =
        (path.preparation.text + path.preparation.token_files, path.stages.iter().map(|stage| stage.files).sum::<Bytes>());
    steps.push(step("disk", "D_t + D_f", &[("D_t", data.get()), ("D_f", left.get())], path.disk.get(), Unit::Bytes));
    steps
}

/// Tokens that suit a model: by the law of compute, or of an encoder as many as BERT read.
fn suited(path: &Path) -> Step {
    let tokens = path.optimal_tokens.get();
    let weights = tokens / COMPUTE_OPTIMAL;
    let law = [("P_u", weights)];
    let read = [("n", MASKED_STEPS), ("B", MASKED_BATCH), ("S", MASKED_LENGTH)];
    let (formula, inputs) = if path.is_masked() { ("n · B · S", &read[..]) } else { ("20 · P_u", &law[..]) };
    step("optimalTokens", formula, inputs, tokens, Unit::Count)
}

fn preparing(data: &Preparation) -> Vec<Step> {
    let tokens = data.tokens.get();
    let system = Bytes::gib(8.0);
    let memory = [("M_j", (data.host_memory - system).get()), ("M_y", system.get())];
    vec![
        step("time", "n_U / (500000 · 8)", &[("n_U", tokens)], data.time.get(), Unit::Seconds),
        step("text", "n_U · 4", &[("n_U", tokens)], data.text.get(), Unit::Bytes),
        step(
            "tokenFiles",
            "n_U · d_t",
            &[("n_U", tokens), ("d_t", data.token_files.get() / tokens)],
            data.token_files.get(),
            Unit::Bytes,
        ),
        step("hostMemory", "M_j + M_y", &memory, data.host_memory.get(), Unit::Bytes),
    ]
}

fn files(stage: &Stage) -> Option<Step> {
    let parameters = real(stage.here.as_ref().or(stage.better.as_ref())?.plan.setup.model.parameters);
    let inputs = [("P", parameters), ("d", stage.files.get() / parameters)];
    (parameters > 0.0).then(|| step(&format!("files.{}", stage.kind.name()), "P · d", &inputs, stage.files.get(), Unit::Bytes))
}

/// Time and money of preparation and training, where every stage can be done.
fn together(path: &Path) -> Vec<Step> {
    let trained = || path.stages.iter().filter(|stage| stage.kind.trains()).filter_map(|stage| stage.here.as_ref());
    let time = path.total.map(|total| {
        let training: Seconds = trained().map(|one| one.time).sum();
        step("total", "t_y + t_g", &[("t_y", path.preparation.time.get()), ("t_g", training.get())], total.get(), Unit::Seconds)
    });
    let own = path.preparation.cost.map_or(0.0, |own| own.amount);
    let electricity = path.electricity.map(|bill| {
        let training: f64 = trained().filter_map(|one| Some(one.electricity?.amount)).sum();
        step("electricity", "K_y + K_g", &[("K_y", own), ("K_g", training)], bill.amount, Unit::Money)
    });
    let rent = path.rent.map(|rent| {
        let training: f64 = trained().filter_map(|one| Some(one.rent?.amount)).sum();
        step("rent", "K_y + K_r", &[("K_y", own), ("K_r", training)], rent.amount, Unit::Money)
    });
    time.into_iter().chain(electricity).chain(rent).collect()
}
