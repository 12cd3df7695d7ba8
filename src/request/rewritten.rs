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
            vae_tiling: Some(recipe.vae_tiling),
            parallel: Some(ParallelRequest::from(&recipe.parallel)),
            offload: Some(recipe.offload),
        }
    }
}

impl RecipeRequest {
    /// The recipe of a setup with only what its job and model have: no attention kernel without attention, no loss kernel without a
    /// vocabulary, no optimizer in inference, no adapters where none are trained, no cache in training. What is absent has no
    /// influence.
    #[must_use]
    pub fn relevant(setup: &Setup) -> Self {
        let mut recipe = Self::from(&setup.recipe);
        if !setup.model.has_blocks() {
            recipe.attention = None;
        }
        if setup.trains() {
            recipe.kv_cache = None;
            recipe.loss = recipe.loss.filter(|_| setup.model.has_vocabulary());
        } else {
            recipe.kv_cache = recipe.kv_cache.filter(|_| setup.model.has_vocabulary());
            (recipe.optimizer, recipe.optimizer_kernel, recipe.loss, recipe.checkpointing) = (None, None, None, None);
            (recipe.micro_batch, recipe.gradient_accumulation) = (None, None);
        }
        if !setup.adapters_only() {
            recipe.lora = None;
            recipe.weights = recipe.weights.filter(|_| !setup.trains());
        }
        recipe.vae_tiling = recipe.vae_tiling.filter(|_| setup.decodes_images());
        recipe.parallel = recipe.parallel.filter(|_| setup.rig.count > 1);
        recipe
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
            train_embeddings: Some(lora.train_embeddings),
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
