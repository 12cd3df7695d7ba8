//! The choices of a plan, by the names the request gives them.

use crate::request::{JobKind, Keyword, LoraTargets, Setup, keyword};

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
        /// Scores of the whole prompt.
        AllLogits = "job.allLogits",
    }
);

impl Choice {
    /// Whether the job has this choice at all; a degree of one and an offload of nothing ask for nothing.
    pub(super) fn applies(self, setup: &Setup) -> bool {
        let (trains, parallel) = (setup.trains(), setup.recipe.parallel);
        match self {
            Self::Optimizer
            | Self::OptimizerKernel
            | Self::MicroBatch
            | Self::Accumulation
            | Self::Checkpointing
            | Self::Loss
            | Self::Sequence
            | Self::Padding
            | Self::Tokens => trains,
            Self::LoraRank | Self::LoraTargets | Self::LoraDropout | Self::LoraPrecision | Self::LoraUpcast => {
                setup.adapters_only()
            }
            Self::LoraEmbeddings => setup.trains_embeddings(),
            Self::Weights => setup.adapters_only() || !trains,
            Self::Sharding => trains && parallel.data > 1,
            Self::KvCache | Self::Prompt | Self::Output | Self::Concurrency => setup.job.kind == JobKind::Inference,
            Self::Data => parallel.data > 1,
            Self::Tensor => parallel.tensor > 1,
            Self::Pipeline => parallel.pipeline > 1,
            Self::Expert => parallel.expert > 1,
            Self::Context => parallel.context > 1,
            Self::Offload => setup.recipe.offload != crate::request::Offload::None,
            Self::AllLogits => setup.job.all_logits && !trains,
            Self::Precision | Self::Attention => true,
        }
    }

    /// What was chosen, as the request writes it.
    pub(super) fn value(self, setup: &Setup) -> String {
        let (job, recipe) = (&setup.job, &setup.recipe);
        let (lora, parallel) = (&recipe.lora, recipe.parallel);
        match self {
            Self::Precision => recipe.precision.name().to_owned(),
            Self::Optimizer => recipe.optimizer.name().to_owned(),
            Self::OptimizerKernel => recipe.optimizer_kernel.name().to_owned(),
            Self::MicroBatch => recipe.micro_batch.to_string(),
            Self::Accumulation => super::terms::accumulation(setup).to_string(),
            Self::Checkpointing => recipe.checkpointing.name().to_owned(),
            Self::Attention => recipe.attention.name().to_owned(),
            Self::Loss => recipe.loss.name().to_owned(),
            Self::LoraRank => lora.rank.to_string(),
            Self::LoraTargets => match &lora.targets {
                LoraTargets::Set(set) => set.name().to_owned(),
                LoraTargets::Modules(modules) => modules.join(" "),
            },
            Self::LoraDropout => lora.dropout.to_string(),
            Self::LoraPrecision => lora.fp32_adapters.to_string(),
            Self::LoraUpcast => lora.upcast.to_string(),
            Self::LoraEmbeddings => lora.train_embeddings.to_string(),
            Self::Weights => recipe.weights.name().to_owned(),
            Self::KvCache => recipe.kv_cache.name().to_owned(),
            Self::Sharding => parallel.sharding.name().to_owned(),
            Self::Data => parallel.data.to_string(),
            Self::Tensor => parallel.tensor.to_string(),
            Self::Pipeline => parallel.pipeline.to_string(),
            Self::Expert => parallel.expert.to_string(),
            Self::Context => parallel.context.to_string(),
            Self::Offload => recipe.offload.to_string(),
            Self::Sequence => job.sequence_length.to_string(),
            Self::Padding => job.padded.to_string(),
            Self::Tokens => format!("{:.0}", job.tokens.get()),
            Self::Prompt => job.prompt.to_string(),
            Self::Output => job.output.to_string(),
            Self::Concurrency => job.concurrency.to_string(),
            Self::AllLogits => job.all_logits.to_string(),
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
