//! Optimizer steps inside the backward pass, which no name of transformers stands for: a class of the script, which the Trainer takes for an
//! optimizer. A loss falls as with the ordinary one, to the last bit with PyTorch's AdamW, and states are saved and loaded again.

use super::choice::Choice;
use super::sheet::Sheet;
use super::{Format, terms};
use crate::request::{Optimizer, OptimizerKernel, Precision, Setup};

/// The methods of the class, below the one that makes an optimizer for each weight.
const METHODS: &str = r#"        for weight in weights:
            weight.register_post_accumulate_grad_hook(self.update)

    def update(self, weight):
        self.own[weight].param_groups[0]["lr"] = self.param_groups[0]["lr"]
        self.own[weight].step()
        weight.grad = None

    def step(self, closure=None):
        pass

    def state_dict(self):
        return {**super().state_dict(), "own": [own.state_dict() for own in self.own.values()]}

    def load_state_dict(self, saved):
        for own, state in zip(self.own.values(), saved["own"]):
            own.load_state_dict(state)
        super().load_state_dict({name: saved[name] for name in ("state", "param_groups")})
"#;

/// An optimizer: its module, its class, and what it is told besides the learning rate, as the Trainer tells it.
fn class(optimizer: Optimizer) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match optimizer {
        Optimizer::Adamw => ("torch.optim", "AdamW", ", weight_decay=0.0, fused=True"),
        Optimizer::Adamw8bit => ("bitsandbytes.optim", "AdamW8bit", ", weight_decay=0.0"),
        Optimizer::PagedAdamw8bit => ("bitsandbytes.optim", "PagedAdamW8bit", ", weight_decay=0.0"),
        Optimizer::Adafactor => ("transformers.optimization", "Adafactor", ", scale_parameter=False, relative_step=False"),
        Optimizer::Sgd => ("torch.optim", "SGD", ""),
        Optimizer::SgdMomentum => ("torch.optim", "SGD", ", momentum=0.9"),
        Optimizer::Lion => ("bitsandbytes.optim", "Lion", ", weight_decay=0.0"),
        // Some weights are another optimizer's.
        Optimizer::Muon => return None,
    })
}

/// Whether the file of a format has such a class for the plan: for all weights on one card, with no batches to add up, and no scale of
/// the loss that would have to be known before.
pub(super) fn written(format: Format, setup: &Setup) -> bool {
    let recipe = &setup.recipe;
    let planned = recipe.optimizer_kernel == OptimizerKernel::InBackward && class(recipe.optimizer).is_some();
    let whole = setup.trains() && !setup.adapters_only() && setup.rig.count == 1 && setup.accumulation() == 1;
    let by_hand = matches!(format, Format::Trl | Format::Transformers);
    by_hand && planned && whole && !terms::uses_deepspeed(setup) && recipe.precision != Precision::Fp16Autocast
}

/// Whether the sheet has it.
pub(super) fn of(sheet: &Sheet) -> bool {
    written(sheet.format, sheet.setup)
}

/// Its line among the imports.
pub(super) fn import(setup: &Setup) -> Option<String> {
    class(setup.recipe.optimizer).map(|(module, name, _)| format!("from {module} import {name}"))
}

/// The class.
pub(super) fn define(sheet: &mut Sheet) {
    let Some((_, name, told)) = class(sheet.setup.recipe.optimizer) else { return };
    sheet.raw("class StepsInBackward(torch.optim.Optimizer):");
    sheet.raw("    def __init__(self, model, lr):");
    sheet.raw("        weights = [weight for weight in model.parameters() if weight.requires_grad]");
    sheet.raw("        super().__init__(weights, {\"lr\": lr})");
    sheet.raw(format!("        self.own = {{weight: {name}([weight], lr=lr{told}) for weight in weights}}"));
    for line in METHODS.lines() {
        sheet.raw(line);
    }
    sheet.raw("");
    for choice in [Choice::Optimizer, Choice::OptimizerKernel] {
        sheet.covers(choice);
    }
    sheet.note("in-backward", &[]);
}

/// What the Trainer is given in place of the name of an optimizer.
pub(super) fn given(sheet: &mut Sheet) -> String {
    let rate = terms::learning_rate(sheet.setup.job.kind);
    sheet.note("starting-point", &[("settings", &format!("lr {rate}"))]);
    format!("optimizers=(StepsInBackward(model, lr={rate}), None),")
}
