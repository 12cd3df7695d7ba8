//! A recipe as a short list.

use super::choice::Choice;
use super::name;
use crate::field::Field;
use crate::model::Category;
use crate::request::{Keyword, Offload, OptimizerKernel, Precision, Setup, WeightFormat};
use crate::text::Lang;

/// What comes before the software.
const STORED_AND_COMPUTED: [Choice; 3] = [Choice::Weights, Choice::Precision, Choice::Attention];
/// What comes behind it.
const DONE: [Choice; 15] = [
    Choice::Checkpointing,
    Choice::Optimizer,
    Choice::OptimizerKernel,
    Choice::Loss,
    Choice::KvCache,
    Choice::VaeTiling,
    Choice::Sharding,
    Choice::Offload,
    Choice::MicroBatch,
    Choice::Accumulation,
    Choice::LoraRank,
    Choice::Tensor,
    Choice::Pipeline,
    Choice::Expert,
    Choice::Context,
];

/// The choices of a recipe that matter for its job, in words, with the keys of their labels.
#[must_use]
pub fn recipe(lang: Lang, setup: &Setup) -> Vec<(&'static str, String)> {
    let listed = |choice: &Choice| is_listed(*choice, setup);
    let said = |choice: &Choice| Some((choice.label()?, words(*choice, lang, setup)));
    let mut rows: Vec<_> = STORED_AND_COMPUTED.iter().filter(|choice| listed(choice)).filter_map(said).collect();
    // What makes and sees pictures has no choice of software.
    if setup.model.reads_text() || setup.model.category == Category::SpeechRecognition {
        rows.push((Field::Stack.label(), name(lang, Field::Stack.names(), setup.recipe.stack.name())));
    }
    rows.extend(DONE.iter().filter(|choice| listed(choice)).filter_map(said));
    rows
}

fn is_listed(choice: Choice, setup: &Setup) -> bool {
    match choice {
        // Those that are all trained lie in some format, too.
        Choice::Weights => true,
        Choice::OptimizerKernel => setup.trains() && setup.recipe.optimizer_kernel == OptimizerKernel::InBackward,
        _ => choice.matters(setup),
    }
}

fn words(choice: Choice, lang: Lang, setup: &Setup) -> String {
    let format = |format: WeightFormat| name(lang, Field::Weights.names(), format.name());
    match (choice, setup.recipe.precision) {
        (Choice::Weights, _) => format(stored(setup)),
        // Running a model has nothing to mix, so "pure" goes without saying.
        (Choice::Precision, Precision::Bf16Pure) if !setup.trains() => format(WeightFormat::Bf16),
        (Choice::Precision, Precision::Fp16Pure) if !setup.trains() => format(WeightFormat::Fp16),
        _ => choice.words(lang, setup),
    }
}

/// What is offloaded, as the list of names has it: nothing that only runs has an optimizer.
#[must_use]
pub fn kept_in_main_memory(offload: Offload, trains: bool) -> String {
    match offload {
        Offload::OptimizerAndWeights if !trains => "weights".to_owned(),
        _ => offload.to_string(),
    }
}

/// How the weights lie in memory: trained ones as the precision keeps them, frozen and served ones in their storage format.
fn stored(setup: &Setup) -> WeightFormat {
    if setup.stores_weights() {
        return setup.recipe.weights;
    }
    match setup.recipe.precision {
        Precision::Fp32 | Precision::Tf32 | Precision::Fp16Autocast | Precision::Bf16Autocast => WeightFormat::Fp32,
        Precision::Fp16Pure => WeightFormat::Fp16,
        Precision::Bf16Pure | Precision::Bf16Master | Precision::Fp8 => WeightFormat::Bf16,
    }
}
