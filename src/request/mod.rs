//! The public request: as written ([`Request`]), and resolved ([`Setup`]).
//!
//! One shape serves the library, the JavaScript API, the examples, the tests and (flattened) the share link. It is documented in
//! `docs/request.md`.

mod board;
mod custom_card;
mod dataset;
pub(crate) mod defaults;
mod job;
mod json;
mod kind;
pub(crate) mod layout;
pub mod limits;
mod loading;
mod obstacle;
mod recipe;
pub(crate) mod resolve;
mod rewritten;
mod software;
mod storage;
mod suits;
mod written;

pub use crate::document::Keyword;
pub(crate) use crate::document::keyword;
pub use board::{Board, SYSTEM};
pub use dataset::{COMPUTE_OPTIMAL, MASKED, MASKED_BATCH, MASKED_LENGTH, MASKED_STEPS};
pub(crate) use dataset::{distinct_tokens, suited_tokens};
pub use job::Job;
#[cfg(feature = "js")]
pub(crate) use json::parsed;
pub(crate) use json::{read_text, read_value};
pub use kind::JobKind;
pub use obstacle::Obstacle;
pub(crate) use obstacle::{lacking, obstacles};
pub use recipe::*;
pub use resolve::resolve;
#[cfg(any(feature = "js", feature = "schema"))]
pub(crate) use resolve::rig;
pub use storage::{Storage, StorageKind, TrainedWidths};
pub(crate) use suits::{check_format, check_software, check_suits, runs};
pub use written::*;

use crate::card::{Card, Form};
use crate::model::{Model, Network, tiled};
use crate::units::{Bytes, BytesPerSecond, Currency, Watts, real};
use std::sync::Arc;

/// A request with everything filled in: what the estimator works on.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The model.
    pub model: Arc<Model>,
    /// The job.
    pub job: Job,
    /// The recipe.
    pub recipe: Recipe,
    /// The machine.
    pub rig: Rig,
    /// Prices.
    pub money: MoneyTerms,
}

/// Cards in one machine.
#[derive(Clone, Debug)]
pub struct Rig {
    /// The card; all are equal.
    pub card: Arc<Card>,
    /// How many.
    pub count: u32,
    /// Link between them.
    pub link: LinkKind,
    /// Memory per card taken by the display and other programs.
    pub reserved: Bytes,
    /// Power limit per card, if lower than the board power.
    pub power_limit: Option<Watts>,
    /// What one machine sends to the others, all its ports together; `None` takes what such machines usually have.
    pub network: Option<BytesPerSecond>,
    /// What the processor reads from main memory; `None` takes what such a board usually has.
    pub host_memory: Option<BytesPerSecond>,
    /// Main memory of each machine; `None` takes as much as the job needs, on the board that has it.
    pub main_memory: Option<Bytes>,
}

impl Rig {
    /// Cards that share one machine and its links.
    pub const CARDS_PER_MACHINE: u32 = 8;

    /// So many of a card, linked as usual, with nothing else running and no limits.
    #[must_use]
    pub const fn new(card: Arc<Card>, count: u32) -> Self {
        Self {
            card,
            count,
            link: LinkKind::Auto,
            reserved: Bytes::ZERO,
            power_limit: None,
            network: None,
            host_memory: None,
            main_memory: None,
        }
    }

    /// The same machine with so many of this card in it instead.
    #[must_use]
    pub fn holding(&self, card: &Arc<Card>, count: u32) -> Self {
        Self { card: Arc::clone(card), count, ..self.clone() }
    }

    /// Machines that so many cards fill.
    #[must_use]
    pub const fn machines(&self) -> u32 {
        let machines = self.count.div_ceil(Self::CARDS_PER_MACHINE);
        if machines == 0 { 1 } else { machines }
    }

    /// What one machine sends to the others, all its ports together.
    ///
    /// Servers of modules have a port for each of eight cards: 400 Gb/s in DGX H100, H200 and B200 (NVIDIA DGX BasePOD, core
    /// components), 200 Gb/s in DGX A100 and the A100 clusters behind the measurements (llm-foundry's benchmarks name 1,600 Gb/s).
    /// Other machines have the fastest port that workstation boards come with, 10 Gb/s (10GBASE-T).
    #[must_use]
    pub fn network_rate(&self) -> BytesPerSecond {
        let usual = match self.card.form {
            Form::Sxm if self.card.compute_capability >= (9, 0) => 3_200.0,
            Form::Sxm => 1_600.0,
            Form::Desktop | Form::Laptop | Form::Pcie => 10.0,
        };
        self.network.unwrap_or_else(|| BytesPerSecond::gigabits(usual))
    }
}

/// Prices the visitor set; `None` takes the catalogue's.
#[derive(Clone, Debug, PartialEq)]
pub struct MoneyTerms {
    /// Currency of every amount here and in the answer.
    pub currency: Currency,
    /// Price of one card.
    pub card_price: Option<f64>,
    /// Rent of one card for an hour.
    pub rent_per_hour: Option<f64>,
    /// Electricity per kilowatt-hour.
    pub tariff_per_kwh: Option<f64>,
    /// Country (ISO 3166 alpha-2) whose tariff and grid carbon apply when none is given.
    pub country: Option<String>,
    /// Power usage effectiveness of the room: 1.0 at home.
    pub pue: f64,
    /// Share of the price lost when a card is sold at once.
    pub entry_loss: f64,
    /// Share of the price lost in each year of use.
    pub yearly_loss: f64,
}

impl MoneyTerms {
    /// What dealers and buyers take off at once: selling straight away loses a quarter (an assumption).
    pub const ENTRY_LOSS: f64 = 0.25;
    /// The rest goes evenly in five years, the life servers are written off in (an assumption, on the careful side for cards that sell
    /// well second hand).
    pub const YEARLY_LOSS: f64 = 0.15;
}

impl Default for MoneyTerms {
    fn default() -> Self {
        Self {
            currency: Currency::default(),
            card_price: None,
            rent_per_hour: None,
            tariff_per_kwh: None,
            country: None,
            pue: 1.0,
            entry_loss: Self::ENTRY_LOSS,
            yearly_loss: Self::YEARLY_LOSS,
        }
    }
}

impl Setup {
    /// Whether a known autoencoder turns what it makes into pixels.
    #[must_use]
    pub fn decodes_images(&self) -> bool {
        !self.trains() && self.model.denoising.is_some_and(|denoising| denoising.decoder.is_some())
    }

    /// Where images are decoded in tiles, the share of an image that is one of them, and their work over that of the whole.
    #[must_use]
    pub fn tiles(&self) -> Option<(f64, f64)> {
        let asked = self.recipe.vae_tiling == VaeTiling::Tiles && self.decodes_images();
        asked.then(|| self.model.image_side(self.job.sequence_length)).flatten().map(|side| tiled(real(side)))
    }

    /// Whether weights are trained or updated in any way.
    #[must_use]
    pub const fn trains(&self) -> bool {
        self.job.kind.trains()
    }

    /// Whether the recipe has main memory hold a part of what would be on the cards.
    #[must_use]
    pub const fn offloads(&self) -> bool {
        !matches!(self.recipe.offload, Offload::None | Offload::Layers(0) | Offload::Experts(0))
    }

    /// Share of a decoder's cache that lies in main memory, of so many layers. Those that llama.cpp leaves there take theirs along; other
    /// software brings weights to the card for each pass, where the cache stays (`--cpu-offload-gb` of vLLM, hooks of Accelerate).
    #[must_use]
    pub fn hosted_cache(&self, layers: f64) -> f64 {
        match (self.recipe.offload, self.recipe.stack, &self.model.network) {
            (Offload::Layers(count), Stack::LlamaCpp, Network::Transformer(_)) => Offload::part(count, layers),
            _ => 0.0,
        }
    }

    /// Requests that one replica answers at once: they are divided as evenly as can be, and the fullest replica is the last to end.
    #[must_use]
    pub fn requests_per_replica(&self) -> u64 {
        self.job.concurrency.div_ceil(u64::from(self.recipe.parallel.data.max(1))).max(1)
    }

    /// Batches that the stages of one replica work on at the same time. A batch is filled with prompts up to the tokens of a pass before the next one
    /// is begun, so few short prompts are one batch, for which all stages but one wait (vllm-project/vllm issues 28270 and 41682).
    #[must_use]
    pub fn batches_under_way(&self) -> u64 {
        let pieces = self.recipe.stack.tokens_at_once().filter(|_| self.recipe.stack.fills_stages() && !self.trains());
        let requests = self.requests_per_replica();
        let batches = pieces.map_or(1, |tokens| requests.saturating_mul(self.input_length()).div_ceil(tokens));
        batches.min(requests).min(u64::from(self.recipe.parallel.pipeline)).max(1)
    }

    /// Replicas among which the experts of a layer are divided. vLLM divides them over all, with `--enable-expert-parallel` whole ones and
    /// without it slices (its guide to data-parallel deployment).
    #[must_use]
    pub fn expert_sharers(&self) -> u32 {
        let plan = self.recipe.parallel;
        if !self.trains() && self.recipe.stack == Stack::Vllm { plan.replicas() } else { plan.experts_across_replicas() }
    }

    /// Length of one input: the prompt where a text model runs, else the sequence (patches, frames, the side of an image).
    #[must_use]
    pub fn input_length(&self) -> u64 {
        if self.trains() || !self.model.reads_text() { self.job.sequence_length } else { self.job.prompt }
    }

    /// Whether embedding and output layer are trained in full beside adapters.
    #[must_use]
    pub const fn trains_embeddings(&self) -> bool {
        self.adapters_only() && self.recipe.lora.train_embeddings
    }

    /// Passes per optimizer step: what the batch of a step leaves each card.
    #[must_use]
    pub fn accumulation(&self) -> u64 {
        let per_pass = self.recipe.micro_batch.saturating_mul(u64::from(self.recipe.parallel.data));
        self.job.global_batch.div_ceil(per_pass.max(1)).max(1)
    }

    /// Whether only adapters are trained.
    #[must_use]
    pub const fn adapters_only(&self) -> bool {
        self.job.kind.adapts()
    }

    /// Whether weights lie in the format of the recipe: frozen or served ones do, those that are all trained have the precision's.
    #[must_use]
    pub const fn stores_weights(&self) -> bool {
        self.adapters_only() || !self.trains()
    }

    /// Whether adapters are trained on weights that are unpacked before they are used: the format says so, whatever the job is called.
    #[must_use]
    pub const fn quantised_base(&self) -> bool {
        matches!(self.method(), JobKind::Qlora)
    }

    /// The kind of job it is by what it does, under which measurements of it stand.
    #[must_use]
    pub const fn method(&self) -> JobKind {
        match self.job.kind {
            JobKind::Lora | JobKind::Qlora if self.recipe.weights.is_quantised() => JobKind::Qlora,
            JobKind::Lora | JobKind::Qlora => JobKind::Lora,
            kind => kind,
        }
    }
}
