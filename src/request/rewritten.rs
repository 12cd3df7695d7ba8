//! From a complete recipe back to the form a person would write: for links, configurations and answers.

use super::*;
use crate::units::real;

impl Request {
    /// The request for exactly this setup, which some of a setup of this request was changed for: recipe, cards and what of the job differs from what
    /// is written here. A price that is written here is one of the cards here.
    #[must_use]
    pub fn changed_to(&self, setup: &Setup) -> Self {
        let rig = &setup.rig;
        let (mut rig_written, mut money) = (self.rig.clone(), self.money.clone());
        if !self.rig.card.is(&rig.card) {
            rig_written.card = CardChoice::Id(rig.card.id.clone());
            (money.card_price, money.rent_per_hour) = (None, None);
        }
        rig_written.count = Some(f64::from(rig.count));
        rig_written.machine.host_memory = rig.main_memory.map(Bytes::as_gib);
        let (model, recipe) = (self.model.clone(), RecipeRequest::relevant(setup));
        Self { model, job: self.job.changed_to(setup), recipe, rig: rig_written, money }
    }
}

impl JobRequest {
    /// The job of a setup, which some of this was changed for: what of it would else turn out otherwise is written.
    fn changed_to(&self, setup: &Setup) -> Self {
        let (job, mut written) = (&setup.job, self.clone());
        written.kind = job.kind;
        if setup.trains() {
            written.global_batch = Some(real(job.global_batch));
        }
        let resolved = |written: &Self| resolve::job(written, &setup.recipe, &setup.model).ok();
        let Some(open) = resolved(&written) else { return written };
        for (field, is, ought) in [
            (&mut written.sequence_length, open.sequence_length, job.sequence_length),
            (&mut written.prompt, open.prompt, job.prompt),
            (&mut written.concurrency, open.concurrency, job.concurrency),
        ] {
            if is != ought {
                *field = Some(real(ought));
            }
        }
        // How long the rest is follows from the length of the sequences, and from the kind of work.
        let Some(open) = resolved(&written) else { return written };
        if open.target_length != job.target_length {
            written.target_length = Some(real(job.target_length));
        }
        if setup.trains() && open.tokens != job.tokens {
            (written.tokens, written.samples, written.epochs) = (Some(job.tokens.get()), None, None);
        }
        written
    }
}

impl CardChoice {
    /// Whether this card is meant.
    pub(crate) fn is(&self, card: &Card) -> bool {
        match self {
            Self::Id(id) => *id == card.id,
            Self::Custom(own) => resolve::custom_card(own).is_ok_and(|own| own == *card),
        }
    }
}

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
