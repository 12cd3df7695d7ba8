//! Which kinds of job make sense for which kind of model, and which software runs which format on which card.

use super::{JobKind, Keyword, Stack, WeightFormat};
use crate::card::Card;
use crate::error::{Allowed, ErrorCode, RequestError};
use crate::model::{Category, Model, Network};

impl Model {
    /// Whether a kind of job makes sense for this model.
    ///
    /// - Every model can be trained from random weights and run.
    /// - A neural scene is fitted anew to every place, so there are no trained weights to tune.
    /// - Adapters attach to the linear layers of transformer blocks (arXiv 2106.09685). Networks that the catalogue knows by their
    ///   work only (convolutional networks, vocoders, detectors) have none; of those only the U-Nets of diffusion models do, whose
    ///   attention layers are what everybody tunes with LoRA.
    /// - Quantised frozen weights (arXiv 2305.14314) exist for linear layers, so QLoRA asks for a transformer.
    #[must_use]
    pub const fn supports(&self, kind: JobKind) -> bool {
        let known_by_work = matches!(self.network, Network::Opaque(_));
        match (kind, self.category) {
            (JobKind::Pretrain | JobKind::Inference, _) => true,
            (_, Category::SceneReconstruction) => false,
            (JobKind::FullFinetune, _) | (JobKind::Lora, Category::Diffusion) => true,
            (JobKind::Lora | JobKind::Qlora, _) => !known_by_work,
        }
    }

    /// Whether its weights come in a format. llama.cpp's files are of layers; networks known by their work only have none to
    /// quantise.
    #[must_use]
    pub const fn comes_in(&self, format: WeightFormat) -> bool {
        !(format.is_gguf() && matches!(self.network, Network::Opaque(_)))
    }

    /// The kinds of job that make sense, in the order of [`JobKind::ALL`].
    pub fn kinds(&self) -> impl Iterator<Item = JobKind> + '_ {
        JobKind::ALL.iter().copied().filter(|kind| self.supports(*kind))
    }

    /// The kind itself where it makes sense, else the one that comes nearest to it: QLoRA falls back to LoRA, LoRA to full
    /// fine-tuning, that to training from scratch.
    #[must_use]
    pub fn nearest(&self, kind: JobKind) -> JobKind {
        let fallbacks: &[JobKind] = match kind {
            JobKind::Qlora => &[JobKind::Qlora, JobKind::Lora, JobKind::FullFinetune],
            JobKind::Lora => &[JobKind::Lora, JobKind::FullFinetune],
            _ => &[],
        };
        let fallback = if matches!(kind, JobKind::Inference) { JobKind::Inference } else { JobKind::Pretrain };
        [kind].iter().chain(fallbacks).copied().find(|kind| self.supports(*kind)).unwrap_or(fallback)
    }
}

impl WeightFormat {
    /// Whether weights of this format can be what a kind of job needs of them: no software trains adapters on llama.cpp's files.
    #[must_use]
    pub const fn suits(self, kind: JobKind) -> bool {
        !(self.is_gguf() && kind.adapts())
    }
}

/// Refuses software, and a format of weights, that is not for the kind of job; the usual ones are suggested.
pub(crate) fn check_software(stack: Stack, weights: WeightFormat, kind: JobKind) -> Result<(), RequestError> {
    let refused = |field, given: &str, why, usual: &[&str]| {
        let mut error = RequestError::new(ErrorCode::Conflict, field, given, Allowed::phrase(why));
        error.suggestions.extend(usual.iter().map(|name| (*name).to_owned()));
        Err(error)
    };
    match (weights.suits(kind), stack.suits(kind), kind) {
        (false, ..) => refused("weights", weights.name(), "weights-trained", &["nf4", "bf16"]),
        (true, true, _) => Ok(()),
        (true, false, JobKind::Inference) => refused("stack", stack.name(), "stack-serves", &["llama.cpp", "vllm", "transformers"]),
        (true, false, _) => refused("stack", stack.name(), "stack-trains", &["transformers", "unsloth", "torchtune"]),
    }
}

/// Refuses a kind of job that makes no sense for a model; the nearest that does is suggested.
pub(crate) fn check_suits(model: &Model, kind: JobKind) -> Result<(), RequestError> {
    if model.supports(kind) {
        return Ok(());
    }
    let allowed = Allowed::one_of(model.kinds().map(Keyword::name));
    let mut error = RequestError::new(ErrorCode::UnsuitedMethod, "kind", kind.name(), allowed);
    error.suggestions.push(model.nearest(kind).name().to_owned());
    Err(error)
}

/// Refuses a format that weights of a model do not come in.
pub(crate) fn check_format(model: &Model, format: WeightFormat) -> Result<(), RequestError> {
    if model.comes_in(format) {
        return Ok(());
    }
    let allowed = WeightFormat::ALL.iter().filter(|other| model.comes_in(**other)).map(|other| other.name());
    Err(RequestError::new(ErrorCode::Conflict, "weights", format.name(), Allowed::one_of(allowed)))
}

/// Whether a software runs a format on a card. llama.cpp has kernels for MXFP4 on every card (its pull request 15091) and has
/// experts of 4-bit integers as `Q4_0`; vLLM runs those of Marlin, transformers its own in Triton. NVFP4 is multiplied as it is from
/// Blackwell on; before, vLLM unpacks the weights with Marlin's kernels (llm-compressor's `quantization_w4a4_fp4`).
pub(crate) fn runs(format: WeightFormat, stack: Stack, card: &Card) -> bool {
    use WeightFormat::{Fp8, Int8, Nf4, Nf4Double, Nvfp4};
    let can = card.features();
    match (stack, format) {
        (Stack::Vllm, Nvfp4) => can.fp4 || can.marlin,
        (Stack::TensorRt, Nvfp4) => can.fp4,
        (_, Nvfp4) => false,
        (Stack::LlamaCpp | Stack::Exllama, _) => true,
        (Stack::Vllm | Stack::TensorRt, _) if format.is_of_experts() => can.marlin,
        (Stack::Vllm | Stack::TensorRt, _) => can.vllm,
        _ if format.is_of_experts() => can.mxfp4,
        (_, Nf4 | Nf4Double) => can.nf4,
        (_, Int8) => can.llm_int8,
        (_, Fp8) => can.current_pytorch,
        _ => true,
    }
}
