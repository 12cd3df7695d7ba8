//! The choices of a plan, by the names the request gives them.

use super::{count, kept_in_main_memory, many};
use crate::field::Field;
use crate::model::Network;
use crate::request::{Keyword, LoraTargets, RecipeRequest, Setup, keyword};
use crate::text::{Lang, say};

keyword!(
    /// Something the plan decides.
    Choice {
        /// Number formats.
        Precision = "recipe.precision",
        /// Optimizer.
        Optimizer = "recipe.optimizer",
        /// How its step is executed.
        OptimizerKernel = "recipe.optimizerKernel",
        /// Sequences per pass and card.
        MicroBatch = "recipe.microBatch",
        /// Passes per step.
        Accumulation = "recipe.gradientAccumulation",
        /// Activation checkpointing.
        Checkpointing = "recipe.checkpointing",
        /// Attention kernel.
        Attention = "recipe.attention",
        /// Loss kernel.
        Loss = "recipe.loss",
        /// Adapter rank.
        LoraRank = "recipe.lora.rank",
        /// Adapter layers.
        LoraTargets = "recipe.lora.targets",
        /// Adapter dropout.
        LoraDropout = "recipe.lora.dropout",
        /// Adapter precision.
        LoraPrecision = "recipe.lora.fp32Adapters",
        /// Norms and head in FP32.
        LoraUpcast = "recipe.lora.upcast",
        /// Embedding and output layer trained besides.
        LoraEmbeddings = "recipe.lora.trainEmbeddings",
        /// Storage of weights.
        Weights = "recipe.weights",
        /// Storage of the cache.
        KvCache = "recipe.kvCache",
        /// Decoding of images.
        VaeTiling = "recipe.vaeTiling",
        /// Sharding of replicas.
        Sharding = "recipe.parallel.sharding",
        /// Replicas.
        Data = "recipe.parallel.data",
        /// Tensor parallelism.
        Tensor = "recipe.parallel.tensor",
        /// Pipeline stages.
        Pipeline = "recipe.parallel.pipeline",
        /// Expert parallelism.
        Expert = "recipe.parallel.expert",
        /// Context parallelism.
        Context = "recipe.parallel.context",
        /// Offload.
        Offload = "recipe.offload",
        /// Tokens per sequence.
        Sequence = "job.sequenceLength",
        /// Tokens the decoder of a model that reads and writes is to give.
        TargetLength = "job.targetLength",
        /// Padding or packing.
        Padding = "job.padded",
        /// Training tokens.
        Tokens = "job.tokens",
        /// Prompt tokens.
        Prompt = "job.prompt",
        /// Generated tokens.
        Output = "job.output",
        /// Requests at once.
        Concurrency = "job.concurrency",
        /// Texts that a beam search keeps.
        Beams = "job.beams",
        /// Scores of the whole prompt.
        AllLogits = "job.allLogits",
    }
);

impl Choice {
    /// What a training script says, and no file about how cards share the work.
    pub(crate) const OF_SCRIPT: [Self; 15] = [
        Self::OptimizerKernel,
        Self::Checkpointing,
        Self::Attention,
        Self::Loss,
        Self::LoraRank,
        Self::LoraTargets,
        Self::LoraDropout,
        Self::LoraPrecision,
        Self::LoraUpcast,
        Self::LoraEmbeddings,
        Self::Weights,
        Self::Sequence,
        Self::TargetLength,
        Self::Padding,
        Self::Tokens,
    ];

    /// Whether the job has this choice at all; a degree of one, an offload of nothing and the like ask for nothing.
    pub(crate) fn matters(self, setup: &Setup) -> bool {
        let (trains, parallel, recipe) = (setup.trains(), setup.recipe.parallel, RecipeRequest::relevant(setup));
        match self {
            Self::Precision => recipe.precision.is_some(),
            Self::Optimizer => recipe.optimizer.is_some(),
            Self::OptimizerKernel => recipe.optimizer_kernel.is_some(),
            Self::MicroBatch => recipe.micro_batch.is_some(),
            Self::Accumulation => recipe.gradient_accumulation.is_some(),
            Self::Checkpointing => recipe.checkpointing.is_some(),
            Self::Attention => recipe.attention.is_some(),
            Self::Loss => recipe.loss.is_some(),
            Self::Weights => recipe.weights.is_some(),
            Self::KvCache => recipe.kv_cache.is_some(),
            Self::LoraRank | Self::LoraTargets | Self::LoraPrecision => recipe.lora.is_some(),
            Self::LoraDropout => recipe.lora.is_some() && setup.recipe.lora.dropout > 0.0,
            Self::LoraUpcast => recipe.lora.is_some() && setup.recipe.lora.upcast,
            Self::LoraEmbeddings => setup.trains_embeddings(),
            Self::VaeTiling => setup.tiles().is_some(),
            Self::Sharding => trains && parallel.data > 1,
            Self::Data => parallel.data > 1,
            Self::Tensor => parallel.tensor > 1,
            Self::Pipeline => parallel.pipeline > 1,
            Self::Expert => parallel.expert > 1,
            Self::Context => parallel.context > 1,
            Self::Offload => setup.recipe.offload != crate::request::Offload::None,
            Self::Sequence | Self::Padding | Self::Tokens => trains,
            Self::TargetLength => trains && matches!(setup.model.network, Network::EncoderDecoder { .. }),
            Self::Prompt | Self::Output | Self::Concurrency => !trains,
            Self::Beams => setup.job.beams > 1 && !trains,
            Self::AllLogits => setup.job.all_logits && !trains,
        }
    }

    /// The choice and what was chosen, as the form says it.
    pub(crate) fn sentence(self, lang: Lang, setup: &Setup) -> String {
        let words = self.words(lang, setup);
        match self.label() {
            None => words,
            Some(label) => say(lang, "export.choice.is", &[("choice", &say(lang, label, &[])), ("value", &words)]),
        }
    }

    /// Key of the label in the form; none where the words say all.
    pub(crate) fn label(self) -> Option<&'static str> {
        match self {
            Self::LoraPrecision | Self::LoraUpcast | Self::LoraEmbeddings | Self::Padding | Self::AllLogits => None,
            Self::Data => Some("export.choice.replicas"),
            Self::Beams => Some("export.choice.beams"),
            Self::Tokens => Some("app.field.training-tokens"),
            _ => Field::of_path(self.name()).map(Field::label),
        }
    }

    /// What was chosen, as the form says it.
    pub(crate) fn words(self, lang: Lang, setup: &Setup) -> String {
        let (job, recipe) = (&setup.job, &setup.recipe);
        let (lora, parallel) = (&recipe.lora, recipe.parallel);
        let names = Field::of_path(self.name()).map_or("", Field::names);
        let name = |value: &str| super::name(lang, names, value);
        let phrase = |key: &str| say(lang, &format!("export.choice.{key}"), &[]);
        match self {
            Self::Precision => name(recipe.precision.name()),
            Self::Optimizer => name(recipe.optimizer.name()),
            Self::OptimizerKernel => name(recipe.optimizer_kernel.name()),
            Self::MicroBatch => count(recipe.micro_batch),
            Self::Accumulation => count(setup.accumulation()),
            Self::Checkpointing => name(recipe.checkpointing.name()),
            Self::Attention => name(recipe.attention.name()),
            Self::Loss => name(recipe.loss.name()),
            Self::LoraRank => count(lora.rank),
            Self::LoraTargets => match &lora.targets {
                LoraTargets::Set(set) => name(set.name()),
                LoraTargets::Modules(modules) => modules.join(" "),
            },
            Self::LoraDropout => lora.dropout.to_string(),
            Self::LoraPrecision => phrase(if lora.fp32_adapters { "fp32-adapters" } else { "half-adapters" }),
            Self::LoraUpcast => phrase("upcast"),
            Self::LoraEmbeddings => phrase("embeddings"),
            Self::Weights => name(recipe.weights.name()),
            Self::KvCache => name(recipe.kv_cache.name()),
            Self::VaeTiling => name(recipe.vae_tiling.name()),
            Self::Sharding => name(parallel.sharding.name()),
            Self::Data => parallel.data.to_string(),
            Self::Tensor => parallel.tensor.to_string(),
            Self::Pipeline => parallel.pipeline.to_string(),
            Self::Expert => parallel.expert.to_string(),
            Self::Context => parallel.context.to_string(),
            Self::Offload => name(&kept_in_main_memory(recipe.offload, setup.trains())),
            Self::Sequence => count(job.sequence_length),
            Self::TargetLength => count(job.target_length),
            Self::Padding => phrase(if job.padded { "padded" } else { "packed" }),
            Self::Tokens => many(lang, job.tokens.get()),
            Self::Prompt => count(job.prompt),
            Self::Output => count(job.output),
            Self::Concurrency => count(job.concurrency),
            Self::Beams => count(job.beams),
            Self::AllLogits => phrase("all-logits"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Allowed;
    use crate::request::Request;
    use serde_json::json;

    /// A recipe without a choice of its own here would be left out of every file without a word.
    #[test]
    fn every_field_of_a_recipe_is_a_choice() {
        for part in ["", "lora", "parallel"] {
            let (inner, whole) = if part.is_empty() {
                (json!({ "nonsense": 1 }), "recipe".to_owned())
            } else {
                (json!({ part: { "nonsense": 1 } }), format!("recipe.{part}"))
            };
            let request = json!({ "model": "any", "job": { "kind": "lora" }, "recipe": inner, "rig": { "card": "any" } });
            let refusal = Request::from_value(request).unwrap_err();
            let Allowed::Choices(fields) = &refusal.allowed else { panic!("{refusal}") };
            // Software is what the file is for; the other two have fields of their own.
            for field in fields.iter().filter(|field| !["stack", "lora", "parallel"].contains(&field.as_str())) {
                let name = format!("{whole}.{field}");
                assert!(Choice::from_name(&name).is_some(), "{name}");
            }
        }
    }
}
