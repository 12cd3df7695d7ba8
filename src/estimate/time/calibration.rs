//! Measured efficiency factors: the `time` section of `calibration.json`, typed.

use super::class::CardClass;
use super::spread::{Spread, WorkKind};
use crate::document::record;
use crate::estimate::factor::{Each, Factor};

/// What a card sustains of its data sheet.
#[derive(Clone, Debug, Default)]
pub struct Sustained {
    /// Tensor-core peak reached by large products while power does not limit, as a share.
    pub tensor: Each<CardClass>,
    /// The same for CUDA cores.
    pub cuda: Each<CardClass>,
    /// Board watts one tensor TFLOPS takes: below peak times this, power limits.
    pub watts_per_teraflops: Each<CardClass>,
    /// Watts one CUDA-core TFLOPS takes over those of a 16-bit tensor one.
    pub cuda_watts: Factor,
    /// Share of the FP32 rate left when BF16 is emulated.
    pub emulated: Factor,
    /// Rate of tensor-core products whose rows are not whole pieces of 16 bytes, over the FP32 peak of multiprocessors with 128
    /// units.
    pub ragged: Factor,
    /// The same before Ampere, where libraries of the time left them to CUDA cores.
    pub ragged_before_ampere: Factor,
    /// Share of data-sheet bandwidth that streaming kernels reach.
    pub bandwidth: Each<CardClass>,
    /// Time of launching on the hosts that a class of card is found in, over that of hosts of their time.
    pub host: Each<CardClass>,
    /// Share of board power a training job draws when nothing limits it.
    pub unlimited_draw: Factor,
    /// Speed falls with (limit / draw) to this power.
    pub limit_exponent: Factor,
}

/// How a family of training software uses a card.
#[derive(Clone, Debug, Default)]
pub struct TrainingProfile {
    /// Products inside a model against large square ones, as a share.
    pub products: Factor,
    /// Element-wise traffic over what the kernels of its kind have to move (`elementwise.rs`).
    pub traffic: Factor,
    /// Adapter traffic over one read of each input and one write of each output.
    pub adapters: Factor,
    /// Seconds of launching per layer for forward and backward.
    pub layer_seconds: Factor,
    /// Flash attention against large products, as a share.
    pub flash: Factor,
}

/// Training factors that do not depend on the family.
#[derive(Clone, Debug, Default)]
pub struct Training {
    /// Hugging Face transformers, PEFT, TRL, DeepSpeed.
    pub eager: TrainingProfile,
    /// Plain loops with `torch.compile` or vendor-fused kernels.
    pub compiled: TrainingProfile,
    /// Patched transformers with fused norms, rotary, loss and adapters.
    pub fused: TrainingProfile,
    /// Pre-training frameworks.
    pub tuned: TrainingProfile,
    /// Model products against large square ones, by class, over all families.
    pub class: Each<CardClass>,
    /// Reads and writes of each score in eager attention, forward.
    pub score_passes: Factor,
    /// Memory-efficient attention against large products, as a share.
    pub memory_efficient: Factor,
    /// Bytes moved per logit for the whole loss, standard.
    pub logit_bytes: Factor,
    /// Bytes moved per logit for the whole loss, in chunks.
    pub chunked_logit_bytes: Factor,
    /// Optimizer traffic of one kernel per operation over that of a fused step.
    pub foreach: Factor,
    /// Bytes written and read again per 4-bit weight unpacked.
    pub unpack_bytes: Factor,
    /// Launches of a layer whose linear parts all carry adapters, on top of those without, as a share.
    pub adapter_launches: Factor,
    /// Launches that gather and free one unit of sharded weights, as a share of those of a layer.
    pub sharded_launches: Factor,
    /// Launches that unpack the weights of a layer, as a share of the others.
    pub unpack_launches: Factor,
    /// Seconds of launching per layer for an unfused optimizer step.
    pub step_layer_seconds: Factor,
    /// Launches of a fused optimizer step over those of one kernel per operation.
    pub fused_step_launches: Factor,
    /// Share of hidden communication by which it slows the arithmetic it hides behind.
    pub interference: Factor,
    /// FP8 products inside a model against 16-bit ones at twice the rate: scaling and casting take the rest.
    pub fp8: Factor,
    /// TF32 products inside a model against large ones.
    pub tf32: Factor,
    /// Share of communication hidden behind arithmetic.
    pub overlap: Factor,
}

/// How a family of inference software uses a card.
#[derive(Clone, Debug, Default)]
pub struct ServingProfile {
    /// Seconds per layer and generated token that nothing hides.
    pub layer_seconds: Factor,
    /// Seconds per layer below which no step can be (launching).
    pub floor_seconds: Factor,
    /// Share of data-sheet bandwidth when weights are read, GDDR cards.
    pub bandwidth: Factor,
    /// Share of data-sheet bandwidth when weights are read, HBM cards.
    pub bandwidth_hbm: Factor,
    /// Share of data-sheet bandwidth when the cache is read.
    pub cache_bandwidth: Factor,
    /// Prompt products against large square ones, GDDR cards.
    pub products: Factor,
    /// Prompt products against large square ones, HBM cards.
    pub products_hbm: Factor,
    /// Prompt products against large square ones, CUDA cores.
    pub products_cuda: Factor,
    /// Attention kernels that store no scores against large products, as a share.
    pub flash: Factor,
    /// Seconds per request and step (sampling, scheduling).
    pub request_seconds: Factor,
    /// Element-wise traffic over what the kernels of its kind have to move (`elementwise.rs`).
    pub traffic: Factor,
}

/// Inference factors.
#[derive(Clone, Debug, Default)]
pub struct Serving {
    /// transformers, LitGPT and other eager loops.
    pub eager: ServingProfile,
    /// vLLM, TensorRT-LLM: CUDA graphs and paged attention.
    pub graphs: ServingProfile,
    /// llama.cpp.
    pub llama_cpp: ServingProfile,
    /// ExLlama.
    pub exllama: ServingProfile,
    /// CUDA-core operations to unpack one weight of 8 bits.
    pub unpack_8bit: Factor,
    /// CUDA-core operations to unpack one weight of 3 to 6 bits.
    pub unpack_4bit: Factor,
    /// CUDA-core operations to unpack one weight of 1 or 2 bits.
    pub unpack_1bit: Factor,
    /// Cost of unpacking before Volta over later cards, which have integer units of their own beside the floating-point ones.
    pub unpack_pascal: Factor,
    /// Launches of a layer with NF4 weights over one with 16-bit weights, where kernels are not fused.
    pub launches_nf4: Factor,
    /// The same for LLM.int8.
    pub launches_int8: Factor,
    /// Time of products of many tokens with the 8-bit weights of bitsandbytes over those with 16-bit ones:
    /// activations are scaled and rounded, outliers multiplied apart, and the results scaled back, each by kernels
    /// of its own (LLM.int8, arXiv 2208.07339).
    pub int8_products: Factor,
    /// The same for AWQ, 8-bit GPTQ and other formats.
    pub launches_quantised: Factor,
    /// Time of reading an FP8 cache over one of 16 bits, on cards that multiply FP8.
    pub cache_fp8: Factor,
    /// The same of a cache of integers in vLLM, which Triton's kernel alone reads.
    pub cache_triton: Factor,
    /// The same of a quantised cache in ExLlama.
    pub cache_exllama: Factor,
    /// Share of data-sheet bandwidth at which query heads read a quantised cache in llama.cpp, each for itself.
    pub cache_by_head: Factor,
}

/// Networks known by their work and size only.
#[derive(Clone, Debug, Default)]
pub struct Opaque {
    /// Convolutions against large square products, tensor cores.
    pub tensor: Factor,
    /// Convolutions against large square products, CUDA cores.
    pub cuda: Factor,
    /// Convolutions along one dimension against those over images.
    pub sound: Factor,
    /// Denoisers, which attend between their convolutions, against convolutions alone.
    pub denoiser: Factor,
    /// Reads and writes of each value that a denoiser would keep, forward.
    pub denoiser_traffic: Factor,
    /// Share of tensor cores grows with multiply-adds per kept value to this power.
    pub width_tensor: Factor,
    /// The same on CUDA cores.
    pub width_cuda: Factor,
    /// Reads and writes of each kept value, forward and backward.
    pub traffic: Factor,
    /// Reads and writes of each kept value when only run.
    pub inference_traffic: Factor,
    /// Seconds per sequential step of autoregressive networks.
    pub step_seconds: Factor,
    /// Seconds of launching per layer and pass.
    pub layer_seconds: Factor,
}

/// Links.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// Share of NVLink's one-direction bandwidth collectives reach.
    pub nvlink: Factor,
    /// Share of PCI Express bandwidth collectives reach with peer-to-peer.
    pub pcie: Factor,
    /// Share of PCI Express bandwidth through host memory.
    pub staged: Factor,
    /// Share of PCI Express bandwidth that long copies from main memory reach.
    pub host: Factor,
    /// Bytes per second that the processor of most machines reads from main memory.
    pub host_memory: Factor,
    /// Bytes per second of copies from and to main memory that is not pinned, which the host makes twice.
    pub pageable: Factor,
    /// Bytes per second and card between machines.
    pub network: Factor,
    /// Seconds one collective takes at least.
    pub latency: Factor,
}

/// Shares of board power drawn.
#[derive(Clone, Debug, Default)]
pub struct Power {
    /// Waiting for the host.
    pub overhead: Factor,
    /// Waiting for links.
    pub communication: Factor,
    /// Nothing to do at all.
    pub idle: Factor,
    /// Streaming weights for one request.
    pub memory: Factor,
    /// Arithmetic.
    pub compute: Factor,
    /// Generating for many requests at once.
    pub serving: Factor,
    /// Utilisation at which generating draws that.
    pub saturation: Factor,
    /// The machine without its cards, in watts.
    pub host: Factor,
    /// Each card's share of that in machines of many cards, in watts.
    pub host_per_card: Factor,
    /// The machine without its cards for each server module (SXM), in watts.
    pub host_per_module: Factor,
    /// Power-supply efficiency.
    pub supply: Factor,
}

/// A combination that measurements cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Class of card.
    pub class: CardClass,
    /// Software.
    pub stack: crate::request::Stack,
    /// Job.
    pub job: crate::request::JobKind,
    /// Kind of work.
    pub kind: WorkKind,
    /// Measurements.
    pub n: u32,
}

/// Efficiency factors by class of card, kernel path, software and size.
#[derive(Clone, Debug, Default)]
pub struct TimeCalibration {
    /// What a card sustains.
    pub sustained: Sustained,
    /// Training.
    pub training: Training,
    /// Inference of language models.
    pub serving: Serving,
    /// Networks known by work and size.
    pub opaque: Opaque,
    /// Links.
    pub links: Links,
    /// Power.
    pub power: Power,
    /// Residuals.
    pub spread: Spread,
    /// Combinations with measurements.
    pub covered: Vec<Covered>,
}

impl TimeCalibration {
    /// Another table than the built-in one, in the shape of the `time` section of `calibration.json`.
    ///
    /// # Errors
    /// Names the factor that is missing.
    pub fn read(table: &serde_json::Value) -> Result<Self, String> {
        crate::document::read(table).map_err(|error| format!("{error:?}"))
    }
}

record!(
    Sustained {
        tensor, cuda, watts_per_teraflops, cuda_watts, emulated, ragged, ragged_before_ampere, bandwidth, host, unlimited_draw, limit_exponent,
    }
    TrainingProfile {
        products, traffic, adapters, layer_seconds, flash,
    }
    Training {
        eager, compiled, fused, tuned, class, score_passes, memory_efficient, logit_bytes, chunked_logit_bytes, foreach,
        unpack_bytes, step_layer_seconds, fused_step_launches, interference, fp8, tf32, overlap, adapter_launches, sharded_launches, unpack_launches,
    }
    ServingProfile {
        layer_seconds, floor_seconds, bandwidth, bandwidth_hbm, cache_bandwidth, products, products_hbm, products_cuda, flash,
        request_seconds, traffic,
    }
    Serving {
        eager, graphs, llama_cpp, exllama, unpack_8bit, unpack_4bit, unpack_1bit, launches_nf4, launches_int8, int8_products,
        launches_quantised, unpack_pascal, cache_fp8, cache_triton, cache_exllama, cache_by_head,
    }
    Opaque {
        tensor, cuda, sound, denoiser, denoiser_traffic, width_tensor, width_cuda, traffic, inference_traffic, step_seconds, layer_seconds,
    }
    Links {
        nvlink, pcie, staged, host, host_memory, pageable, network, latency,
    }
    Power {
        overhead, communication, idle, memory, compute, serving, saturation, host, host_per_card, host_per_module, supply,
    }
    Covered {
        class, stack, job, kind, n,
    }
    TimeCalibration {
        sustained, training, serving, opaque, links, power, spread, covered,
    }
);
