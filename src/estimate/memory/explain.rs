//! The working behind each part of memory.
//!
//! Symbols are listed in `estimate/working.rs`. Averages over unlike layers (bytes kept per token and layer, bytes cached per
//! token) are stated as such; the closed forms they come from are in the documents the steps point to.

use super::companions;
use super::forward::{trained_tables, training_pass};
use super::run::Run;
use super::states::{state_widths, table_widths};
use super::weights::stored;
use crate::estimate::working::step;
use crate::estimate::{Memory, Step, calibration};
use crate::model::{Network, Transformer};
use crate::request::{Checkpointing, Setup, Sharding};
use crate::units::{Bytes, real};

/// Closed forms counted tensor by tensor in the code of the libraries.
const PARTS: &str = "docs/memory.md#weights-gradients-optimizer-weightsrs-statesrs-widthsrs";
const ACTIVATIONS: &str = "docs/memory.md#activations-activations";
const LOGITS: &str = "docs/memory.md#logits-logitsrs";
const INFERENCE: &str = "docs/memory.md#inference-inferencers-cachers";
const RUNTIME: &str = "docs/memory.md#beside-the-allocator-runtimers-calibrationjson";
const PEAK: &str = "docs/memory.md#moment-of-the-peak-trainingrs";
const ACCURACY: &str = "docs/accuracy.md";

/// One step for every part of an answer that takes any memory, in the order of the answer.
#[must_use]
pub fn memory_steps(setup: &Setup, memory: &Memory) -> Vec<Step> {
    let run = Run::new(setup);
    let mut steps = vec![weights(&run, memory)];
    if setup.trains() {
        steps.extend(states(&run, memory));
    }
    steps.push(activations(&run, memory));
    steps.push(cache(&run, memory));
    steps.push(logits(&run, memory));
    steps.extend(runtime(&run, memory));
    steps.retain(|step| step.value > 0.0);
    steps.extend(sums(setup, memory));
    steps
}

/// `value / base`, or nothing of it where there is no base.
fn per(value: Bytes, base: f64) -> f64 {
    let ratio = value.get() / base;
    if ratio.is_finite() { ratio } else { 0.0 }
}

fn part(id: &str, formula: &str, inputs: &[(&str, f64)], value: Bytes, source: &str) -> Step {
    step(&format!("memory.{id}"), formula, inputs, value.get(), source)
}

fn weights(run: &Run, memory: &Memory) -> Step {
    let on_card = run.on_card.total();
    let sharing = run.split.weights();
    let (mut formula, mut inputs) = if run.trains_base() && run.setup.trains() {
        ("P_c · w / N_w".to_owned(), vec![("P_c", on_card), ("w", run.widths.trained), ("N_w", sharing)])
    } else {
        let stored = stored(run);
        let on_card = on_card + companions::values(run);
        let width = per(stored.card * sharing + stored.host, on_card);
        ("P_f · w_f / N_w".to_owned(), vec![("P_f", on_card), ("w_f", width), ("N_w", sharing)])
    };
    if run.setup.adapters_only() {
        formula = "(P_f · w_f + P_a · w_a) / N_w".to_owned();
        let (trained, width) = beside_frozen(run);
        inputs.extend([("P_a", trained), ("w_a", width)]);
    }
    let of = |symbol: &str| inputs.iter().find(|(known, _)| *known == symbol).map_or(0.0, |(_, number)| *number);
    let all = (of("P_c") * of("w") + of("P_f") * of("w_f") + of("P_a") * of("w_a")) / sharing;
    let stays = per(memory.weights, all);
    if (stays - 1.0).abs() > 1e-6 {
        formula.push_str(" · k_c");
        inputs.push(("k_c", stays));
    }
    part("weights", &formula, &inputs, memory.weights, PARTS)
}

/// What is trained beside frozen weights on one card, and the bytes of one value: adapters, and perhaps embedding and output layer.
fn beside_frozen(run: &Run) -> (f64, f64) {
    let (adapters, tables) = (run.adapter_parameters, trained_tables(run));
    let bytes = adapters * run.widths.trained + tables * table_widths(run).gradient;
    let all = adapters + tables;
    (all, if all > 0.0 { bytes / all } else { run.widths.trained })
}

fn states(run: &Run, memory: &Memory) -> [Step; 2] {
    let (trained, width) = if run.trains_base() { (run.on_card.total(), state_widths(run).gradient) } else { beside_frozen(run) };
    let (sharing_gradients, sharing_states) = (run.split.gradients(), run.split.optimizer());
    let alive = per(memory.gradients, trained * width / sharing_gradients);
    let gradients = [("P_t", trained), ("g", width), ("N_g", sharing_gradients), ("k_g", alive)];
    let optimizer = [("P_t", trained), ("o", per(memory.optimizer * sharing_states, trained)), ("N_o", sharing_states)];
    [
        part("gradients", "P_t · g / N_g · k_g", &gradients, memory.gradients, PEAK),
        part("optimizer", "P_t · o / N_o", &optimizer, memory.optimizer, PARTS),
    ]
}

/// The stack whose sizes stand in the formulas.
fn stack<'a>(run: &Run<'a>) -> Option<&'a Transformer> {
    match &run.setup.model.network {
        Network::Transformer(stack) | Network::EncoderDecoder { decoder: stack, .. } => Some(stack),
        Network::Opaque(_) => None,
    }
}

fn activations(run: &Run, memory: &Memory) -> Step {
    let pass = training_pass(run, false);
    let (batch, length) = if run.setup.trains() { (pass.batch, pass.length) } else { (run.batch, real(run.setup.job.prompt)) };
    let value = memory.activations;
    let source = if run.setup.trains() { ACTIVATIONS } else { INFERENCE };
    let each = |formula: &str, inputs: &[(&str, f64)]| part("activations", formula, inputs, value, source);
    let Some(stack) = stack(run).filter(|_| batch * length > 0.0) else {
        return each("B · a_x", &[("B", batch), ("a_x", per(value, batch))]);
    };
    let tokens = batch * length;
    if !run.setup.trains() {
        return each("B · S · a_t", &[("B", batch), ("S", length), ("a_t", per(value, tokens))]);
    }
    let layers = real(stack.layers.iter().map(|group| group.count).sum());
    let (stream, hidden) = (run.widths.stream, real(stack.hidden));
    let recomputed = per(value, tokens) - layers * stream * hidden;
    let shape = [("B", batch), ("S", length), ("L", layers)];
    if run.setup.recipe.checkpointing == Checkpointing::Full && recomputed > 0.0 {
        let more = [("s", stream), ("h", hidden), ("a_r", recomputed)];
        return each("B · S · (L · s · h + a_r)", &[shape.as_slice(), &more].concat());
    }
    each("B · S · L · a", &[shape.as_slice(), &[("a", per(value, tokens * layers))]].concat())
}

fn cache(run: &Run, memory: &Memory) -> Step {
    let length = real(run.setup.job.prompt.saturating_add(run.setup.job.output));
    let inputs = [("B", run.batch), ("S", length), ("c", per(memory.kv_cache, run.batch * length))];
    part("kvCache", "B · S · c", &inputs, memory.kv_cache, INFERENCE)
}

fn logits(run: &Run, memory: &Memory) -> Step {
    let vocab = stack(run).map_or(0.0, |stack| real(stack.vocab));
    if !run.setup.trains() {
        let inputs = [("V", vocab), ("B", run.batch), ("b", per(memory.logits, vocab * run.batch))];
        return part("logits", "V · B · b", &inputs, memory.logits, LOGITS);
    }
    let pass = training_pass(run, matches!(run.setup.model.network, Network::EncoderDecoder { .. }));
    let inputs = [("V", vocab), ("B", pass.batch), ("S", pass.length), ("b", per(memory.logits, vocab * pass.tokens()))];
    part("logits", "V · B · S · b", &inputs, memory.logits, LOGITS)
}

fn runtime(run: &Run, memory: &Memory) -> [Step; 3] {
    let changing = memory.activations + memory.logits + memory.gradients;
    let reserve = [("M_t", changing.get()), ("r", per(memory.workspace, changing.get()))];
    let reduces_gradients = run.setup.trains() && matches!(run.split.sharding, Sharding::Ddp | Sharding::Zero1);
    let width = if reduces_gradients { state_widths(run).gradient } else { run.widths.linear };
    let sent = [("P_x", per(memory.communication, width)), ("e", width)];
    let context = [("M_c", memory.context.get())];
    let workspace = if changing > Bytes::ZERO {
        part("workspace", "M_t · r", &reserve, memory.workspace, RUNTIME)
    } else {
        part("workspace", "M_s", &[("M_s", memory.workspace.get())], memory.workspace, RUNTIME)
    };
    [
        workspace,
        part("communication", "P_x · e", &sent, memory.communication, RUNTIME),
        part("context", "M_c", &context, memory.context, RUNTIME),
    ]
}

/// What it comes to, how sure that is, and what it is held against.
fn sums(setup: &Setup, memory: &Memory) -> Vec<Step> {
    let parts = [
        ("M_w", memory.weights),
        ("M_g", memory.gradients),
        ("M_o", memory.optimizer),
        ("M_a", memory.activations),
        ("M_l", memory.logits),
        ("M_k", memory.kv_cache),
        ("M_s", memory.workspace),
        ("M_x", memory.communication),
        ("M_c", memory.context),
    ];
    let parts: Vec<(&str, f64)> =
        parts.into_iter().filter(|(_, bytes)| bytes.get() > 0.0).map(|(symbol, bytes)| (symbol, bytes.get())).collect();
    let sum = parts.iter().map(|(symbol, _)| *symbol).collect::<Vec<_>>().join(" + ");
    let end = |symbol, bytes: Bytes| [("M", memory.total.get()), (symbol, per(bytes, memory.total.get()))];
    let (card, reserved) = (setup.rig.card.vram.get(), setup.rig.reserved.get());
    let offered = [("M_v", card), ("u", calibration().memory.usable_share.get()), ("M_r", reserved)];
    let count = f64::from(setup.rig.count.max(1));
    let host = [("N", count), ("M_h", memory.host.get() / count)];
    let mut steps = vec![
        part("total", &sum, &parts, memory.total, PEAK),
        part("low", "M · k_lo", &end("k_lo", memory.low), memory.low, ACCURACY),
        part("high", "M · k_hi", &end("k_hi", memory.high), memory.high, ACCURACY),
        part("capacity", "M_v · u − M_r", &offered, memory.capacity, RUNTIME),
    ];
    if memory.capacity <= Bytes::ZERO {
        steps.pop();
    }
    if memory.host > Bytes::ZERO {
        steps.push(part("host", "N · M_h", &host, memory.host, PEAK));
    }
    steps
}
