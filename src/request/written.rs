//! The request as people and programs write it: only `model`, `job.kind` and `rig.card` are needed.

mod rig;

pub use rig::*;

use super::kind::JobKind;
use super::recipe::*;
pub use crate::model::DescribedModel;
use crate::units::Currency;
use serde::Serialize;

/// A request as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// Catalogue id, or a model described in place.
    pub model: ModelChoice,
    /// What is to be done.
    pub job: JobRequest,
    /// How; what is left out has a documented default.
    #[serde(default)]
    pub recipe: RecipeRequest,
    /// On what.
    pub rig: RigRequest,
    /// Prices.
    #[serde(default)]
    pub money: MoneyRequest,
}

/// A model of the catalogue or a described one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ModelChoice {
    /// Catalogue id.
    Id(String),
    /// Described in place.
    Described(DescribedModel),
}

/// The job as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobRequest {
    /// What kind of work.
    pub kind: JobKind,
    /// Tokens per training sequence. Default: 2048, or the model's own input size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence_length: Option<f64>,
    /// Decoder tokens of encoder-decoder models. Default: a quarter of the input, at least 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_length: Option<f64>,
    /// Batches carry padding. Default: false (packed or equal lengths).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub padded: Option<bool>,
    /// Training tokens in all. Default: 20 per parameter for `pretrain`, else 10 million.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<f64>,
    /// Training samples; with `epochs` instead of `tokens`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<f64>,
    /// Passes over the samples. Default: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epochs: Option<f64>,
    /// Sequences per optimizer step over all cards. Default: micro-batch x accumulation x data-parallel replicas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_batch: Option<f64>,
    /// Inference: prompt tokens. Default: 1024.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<f64>,
    /// Inference: generated tokens, or denoising steps of a diffusion model. Default: 256 tokens, as many steps as the pipeline of the model takes by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<f64>,
    /// Inference: requests at once. Default: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<f64>,
    /// Inference: texts that a beam search keeps of each request. Default: 1, greedy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beams: Option<f64>,
    /// Inference: keep the logits of every prompt token (scoring, perplexity). Default: false, only the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_logits: Option<bool>,
}

/// The recipe as written: what is left out gets a default that depends on the job and the card (see [`super::resolve`]).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RecipeRequest {
    /// Number formats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// Optimizer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optimizer: Option<Optimizer>,
    /// How its step is executed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optimizer_kernel: Option<OptimizerKernel>,
    /// Sequences per forward pass and card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub micro_batch: Option<f64>,
    /// Passes per optimizer step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gradient_accumulation: Option<f64>,
    /// Activation checkpointing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpointing: Option<Checkpointing>,
    /// Attention kernel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attention: Option<AttentionKernel>,
    /// Loss kernel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<LossKernel>,
    /// Software.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack: Option<Stack>,
    /// Adapters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lora: Option<LoraRequest>,
    /// Storage of frozen or served weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<WeightFormat>,
    /// Storage of the key/value cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kv_cache: Option<CacheFormat>,
    /// Decoding of images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vae_tiling: Option<VaeTiling>,
    /// Parallel plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel: Option<ParallelRequest>,
    /// `none`, `optimizer`, `optimizer-and-weights`, `layers:N`, `experts:N` or `companions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offload: Option<Offload>,
}

/// Adapter settings as written.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LoraRequest {
    /// Rank. Default: 16.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<f64>,
    /// Layers. Default: `all-linear`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub targets: Option<LoraTargets>,
    /// Dropout. Default: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropout: Option<f64>,
    /// Adapters in FP32 (PEFT's default). Default: true under autocast and in FP32, else false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fp32_adapters: Option<bool>,
    /// Norms, embeddings and output layer in FP32 (PEFT's `prepare_model_for_kbit_training`). Default: false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upcast: Option<bool>,
    /// Token embedding and output layer are trained in full besides (PEFT's `modules_to_save`). Default: false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub train_embeddings: Option<bool>,
}

/// Parallel plan as written. Default: all cards as data-parallel replicas, DDP.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ParallelRequest {
    /// How data-parallel replicas share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sharding: Option<Sharding>,
    /// Data-parallel replicas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<f64>,
    /// Tensor parallelism.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tensor: Option<f64>,
    /// Pipeline stages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<f64>,
    /// Expert parallelism.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expert: Option<f64>,
    /// Context parallelism.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<f64>,
}

/// Prices as written; `null` or absent takes the catalogue's.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MoneyRequest {
    /// Currency of every amount. Default: USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Price of one card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_price: Option<f64>,
    /// Rent of one card for an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rent_per_hour: Option<f64>,
    /// Electricity per kWh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tariff_per_kwh: Option<f64>,
    /// Country (ISO 3166 alpha-2) for tariff and grid carbon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Power usage effectiveness. Default: 1.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pue: Option<f64>,
    /// Share of the price lost when a card is sold at once. Default: 0.25.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_loss: Option<f64>,
    /// Share of the price lost in each year of use. Default: 0.15.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yearly_loss: Option<f64>,
}

impl Request {
    /// A request for a catalogue model and card, everything else by default.
    #[must_use]
    pub fn new(model: &str, kind: JobKind, card: &str) -> Self {
        Self {
            model: ModelChoice::Id(model.to_owned()),
            job: JobRequest::new(kind),
            recipe: RecipeRequest::default(),
            rig: RigRequest::new(card),
            money: MoneyRequest::default(),
        }
    }
}

impl JobRequest {
    /// A job with everything but its kind by default.
    #[must_use]
    pub const fn new(kind: JobKind) -> Self {
        Self {
            kind,
            sequence_length: None,
            target_length: None,
            padded: None,
            tokens: None,
            samples: None,
            epochs: None,
            global_batch: None,
            prompt: None,
            output: None,
            concurrency: None,
            beams: None,
            all_logits: None,
        }
    }
}
