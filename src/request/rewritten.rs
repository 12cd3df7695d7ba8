//! From a complete recipe back to the form a person would write: for links, configurations and answers.

use super::*;
use crate::units::real;

impl From<&Recipe> for RecipeRequest {
    fn from(recipe: &Recipe) -> Self {
        Self {
            precision: Some(recipe.precision),
            optimizer: Some(recipe.optimizer),
            optimizer_kernel: Some(recipe.optimizer_kernel),
            micro_batch: Some(real(recipe.micro_batch)),
            gradient_accumulation: Some(real(recipe.gradient_accumulation)),
            checkpointing: Some(recipe.checkpointing),
            attention: Some(recipe.attention),
            loss: Some(recipe.loss),
            stack: Some(recipe.stack),
            lora: Some(LoraRequest::from(&recipe.lora)),
            weights: Some(recipe.weights),
            kv_cache: Some(recipe.kv_cache),
            parallel: Some(ParallelRequest::from(&recipe.parallel)),
            offload: Some(recipe.offload),
        }
    }
}

impl From<&Lora> for LoraRequest {
    fn from(lora: &Lora) -> Self {
        Self {
            rank: Some(real(lora.rank)),
            targets: Some(lora.targets.clone()),
            dropout: Some(lora.dropout),
            fp32_adapters: Some(lora.fp32_adapters),
            upcast: Some(lora.upcast),
        }
    }
}

impl From<&Parallel> for ParallelRequest {
    fn from(parallel: &Parallel) -> Self {
        let degree = |count: u32| Some(f64::from(count));
        Self {
            sharding: Some(parallel.sharding),
            data: degree(parallel.data),
            tensor: degree(parallel.tensor),
            pipeline: degree(parallel.pipeline),
            expert: degree(parallel.expert),
            context: degree(parallel.context),
        }
    }
}
