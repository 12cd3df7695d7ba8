//! How and on what, as typed.

use super::{Problem, Reader};
use crate::number::Measure;
use whichcard::request::*;
use whichcard::share::Field;

/// What becomes of embedding and output layer beside adapters.
pub const EMBEDDINGS: [&str; 2] = ["frozen", TRAINED];
/// They are trained in full.
pub const TRAINED: &str = "trained";

impl Reader<'_> {
    pub(super) fn recipe(&self) -> RecipeRequest {
        let lora = LoraRequest {
            rank: self.number(Field::Rank, Measure::RANK),
            targets: self.word(Field::Targets).map(LoraTargets::Set),
            dropout: self.number(Field::Dropout, Measure::DROPOUT),
            train_embeddings: self.one_of(Field::Embeddings, EMBEDDINGS).map(|chosen| chosen == TRAINED),
            ..LoraRequest::default()
        };
        let cards = |field| self.number(field, Measure::CARDS);
        let parallel = ParallelRequest {
            sharding: self.word(Field::Sharding),
            tensor: cards(Field::Tensor),
            pipeline: cards(Field::Pipeline),
            expert: cards(Field::Expert),
            context: cards(Field::ContextParallel),
            ..ParallelRequest::default()
        };
        RecipeRequest {
            precision: self.word(Field::Precision),
            optimizer: self.word(Field::Optimizer),
            optimizer_kernel: self.word(Field::OptimizerKernel),
            micro_batch: self.number(Field::MicroBatch, Measure::BATCH),
            gradient_accumulation: self.number(Field::Accumulation, Measure::BATCH),
            checkpointing: self.word(Field::Checkpointing),
            attention: self.word(Field::Attention),
            loss: self.word(Field::Loss),
            stack: self.word(Field::Stack),
            lora: (lora != LoraRequest::default()).then_some(lora),
            weights: self.word(Field::Weights),
            kv_cache: self.word(Field::KvCache),
            vae_tiling: self.word(Field::VaeTiling),
            parallel: (parallel != ParallelRequest::default()).then_some(parallel),
            offload: self.offload(),
        }
    }

    fn offload(&self) -> Option<Offload> {
        let text = self.text(Field::Offload)?;
        let found = Offload::from_name(text);
        if found.is_none() {
            self.refuse(Field::Offload, Problem::choice(text, Offload::NAMES));
        }
        found
    }

    pub(super) fn rig(&self) -> RigRequest {
        RigRequest {
            card: self.card(),
            count: self.number(Field::Count, Measure::CARDS),
            machine: MachineRequest {
                link: self.word(Field::Link),
                reserved_bytes: self.number(Field::Reserved, Measure::RESERVED),
                power_limit_watts: self.number(Field::PowerLimit, Measure::POWER_LIMIT),
                network_gbps: self.number(Field::Network, Measure::NETWORK),
                host_memory: self.number(Field::MainMemory, Measure::HOST_MEMORY),
                host_memory_gbs: self.number(Field::HostMemory, Measure::BANDWIDTH),
            },
        }
    }
}
