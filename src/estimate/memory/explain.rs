//! The working behind each part of memory.

use super::forward::{adapter_parameters, training_pass};
use super::run::Run;
use super::states::state_widths;
use super::weights::Inventory;
use crate::estimate::{Memory, Step};
use crate::model::{Network, Transformer};
use crate::request::Setup;
use crate::units::{Bytes, real};
use std::collections::BTreeMap;

/// Where the closed forms come from.
const REFERENCE: &str = "transformers, PEFT and bitsandbytes code counted tensor by tensor; docs/memory.md";
/// Where the runtime constants come from.
const MEASURED: &str = "published nvidia-smi and allocator readings; src/estimate/calibration.json";

/// One step for every part of an answer, in the order of the answer.
#[must_use]
pub fn memory_steps(setup: &Setup, memory: &Memory) -> Vec<Step> {
    let run = Run::new(setup);
    let inventory = Inventory::of(&setup.model);
    let mut steps = vec![weights(&run, &inventory, memory)];
    if setup.trains() {
        steps.extend(states(&run, &inventory, memory));
        steps.push(activations(&run, memory));
    } else {
        steps.push(inference(&run, memory));
        steps.push(cache(&run, memory));
    }
    steps.push(logits(&run, memory));
    steps.extend(runtime(&run, memory));
    steps.push(total(memory));
    steps
}

fn step(id: &str, formula: &str, inputs: &[(&str, f64)], value: Bytes, source: &str) -> Step {
    Step {
        id: format!("memory.{id}"),
        formula: formula.to_owned(),
        inputs: inputs.iter().map(|(symbol, number)| ((*symbol).to_owned(), *number)).collect::<BTreeMap<_, _>>(),
        value: value.get(),
        source: source.to_owned(),
    }
}

fn weights(run: &Run, inventory: &Inventory, memory: &Memory) -> Step {
    let (linear, rest) = (inventory.linear + inventory.experts, inventory.embedding + inventory.head + inventory.rest);
    let split = run.split.weights() * run.split.tensor * run.split.pipeline;
    if run.setup.trains() && run.trains_base() {
        let inputs = [("P", inventory.total()), ("w", run.widths.trained), ("N", split)];
        return step("weights", "P w / N", &inputs, memory.weights, REFERENCE);
    }
    let inputs = [
        ("P_linear", linear),
        ("w_format", run.setup.recipe.weights.block_bytes()),
        ("P_rest", rest),
        ("P_adapters", adapter_parameters(run)),
        ("w", run.widths.trained),
        ("N", split),
    ];
    let formula = "(P_linear w_format + P_rest w_rest + P_adapters w) / N";
    step("weights", formula, &inputs, memory.weights, "storage formats of bitsandbytes, GPTQ, AWQ and GGUF; docs/memory.md")
}

fn states(run: &Run, inventory: &Inventory, memory: &Memory) -> [Step; 2] {
    let trained = if run.trains_base() { inventory.on_card(run).total() } else { adapter_parameters(run) };
    let widths = state_widths(run);
    let gradients = [("P_trained", trained), ("g", widths.gradient), ("N", run.split.gradients())];
    let optimizer = [("P_trained", trained), ("o", widths.states), ("o_step", widths.step), ("N", run.split.optimizer())];
    [
        step("gradients", "gradients of P_trained g / N that exist at the peak", &gradients, memory.gradients, REFERENCE),
        step("optimizer", "P_trained (o [+ o_step at the step]) / N", &optimizer, memory.optimizer, REFERENCE),
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
    let mut inputs = vec![("B", pass.batch), ("S", pass.length), ("e", run.widths.linear), ("s", run.widths.stream)];
    if let Some(stack) = stack(run) {
        let layers: u64 = stack.layers.iter().map(|group| group.count).sum();
        inputs.extend([("h", real(stack.hidden)), ("L", real(layers))]);
    }
    let formula = if run.checkpoints() { "B S (L s h + one recomputed layer)" } else { "B S L (bytes one layer keeps per token)" };
    step("activations", formula, &inputs, memory.activations, REFERENCE)
}

fn inference(run: &Run, memory: &Memory) -> Step {
    let inputs = [("B", run.batch), ("S", real(run.setup.job.prompt)), ("e", run.widths.linear)];
    step(
        "activations",
        "largest of feed-forward part, attention and output layer, for B S tokens",
        &inputs,
        memory.activations,
        REFERENCE,
    )
}

fn cache(run: &Run, memory: &Memory) -> Step {
    let length = run.setup.job.prompt.saturating_add(run.setup.job.output);
    let inputs = [("B", run.batch), ("S", real(length))];
    let formula = "B x sum over layers of 2 kv_heads head_dim min(S, window) x bytes per value";
    step("kvCache", formula, &inputs, memory.kv_cache, REFERENCE)
}

fn logits(run: &Run, memory: &Memory) -> Step {
    let decoder = matches!(run.setup.model.network, Network::EncoderDecoder { .. });
    let pass = training_pass(run, decoder);
    let vocab = stack(run).map_or(0.0, |stack| real(stack.vocab));
    let inputs = [("V", vocab), ("B", pass.batch), ("S", pass.length)];
    step(
        "logits",
        "V B S x bytes per logit (12 in transformers, if this is the moment of the peak)",
        &inputs,
        memory.logits,
        REFERENCE,
    )
}

fn runtime(run: &Run, memory: &Memory) -> [Step; 3] {
    let cards = f64::from(run.setup.rig.count);
    [
        step(
            "workspace",
            "library workspace + reserve x what a step allocates and frees",
            &[("cards", cards)],
            memory.workspace,
            MEASURED,
        ),
        step("communication", "gradient buckets, or gathered layers", &[("N", run.split.data)], memory.communication, REFERENCE),
        step("context", "CUDA context of the card's generation", &[], memory.context, MEASURED),
    ]
}

fn total(memory: &Memory) -> Step {
    let inputs = [("allocated", memory.allocated.get()), ("workspace", memory.workspace.get()), ("context", memory.context.get())];
    step("total", "allocated + workspace + context", &inputs, memory.total, MEASURED)
}
