//! Megatron-LM: the model's shape and the plan as arguments of its GPT script.

use super::choice::Choice;
use super::saving::Saving;
use super::sheet::{Dialect, Sheet, Value};
use super::{machines, quote, terms};
use crate::model::{BlockStyle, FeedForward, Mixer, Network, Transformer};
use crate::request::{
    AttentionKernel, Checkpointing, JobKind, LossKernel, Offload, Optimizer, OptimizerKernel, Precision, Setup, Sharding,
};

/// Weight of the loss that spreads tokens over experts: the value its help starts from.
const AUXILIARY_LOSS: f64 = 0.01;

/// A decoder as the script's arguments can say it.
struct Shape<'a> {
    stack: &'a Transformer,
    layers: u64,
    heads: u64,
    kv_heads: u64,
    head_dim: u64,
    /// Inner width of the dense layers; of an expert where there are none.
    inner: u64,
    experts: Option<Experts>,
}

/// Routed experts, alike in all layers but the first few.
struct Experts {
    dense_layers: u64,
    count: u64,
    active: u64,
    inner: u64,
    /// Inner width of what every token passes besides; zero without.
    shared: u64,
}

impl<'a> Shape<'a> {
    /// The shape of a setup's model; `None` for what is not one stack of equal layers with ordinary attention. A few dense layers may
    /// come before those with experts; as many as these would be layers that take turns, of which the script is not told.
    fn of(setup: &'a Setup) -> Option<Self> {
        let Network::Transformer(stack) = &setup.model.network else { return None };
        let (dense, group) = match stack.layers.as_slice() {
            [group] => (None, group),
            [dense, group] if dense.count.saturating_mul(2) < group.count && dense.mixer == group.mixer => (Some(dense), group),
            _ => return None,
        };
        let known = matches!(stack.style, BlockStyle::Llama | BlockStyle::Gpt2);
        let Mixer::Attention { heads, kv_heads, head_dim, window: None } = group.mixer else { return None };
        let (inner, experts) = match (dense.map(|dense| dense.feed_forward), group.feed_forward) {
            (None, FeedForward::Dense { ffn, .. }) => (ffn, None),
            (first, FeedForward::Experts { experts, active, expert_ffn, shared_ffn, .. }) => {
                let inner = match first {
                    Some(FeedForward::Dense { ffn, .. }) => ffn,
                    None => expert_ffn,
                    _ => return None,
                };
                let dense_layers = dense.map_or(0, |dense| dense.count);
                (inner, Some(Experts { dense_layers, count: experts, active, inner: expert_ffn, shared: shared_ffn }))
            }
            _ => return None,
        };
        let layers = stack.layers.iter().map(|group| group.count).sum();
        known.then_some(Self { stack, layers, heads, kv_heads, head_dim, inner, experts })
    }
}

/// Whether the script has arguments for this model and this kind of training.
pub(super) fn applies(setup: &Setup) -> bool {
    setup.trains() && !setup.adapters_only() && Shape::of(setup).is_some()
}

/// Writes the command.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    let tunes = setup.job.kind == JobKind::FullFinetune;
    sheet.note(
        "placeholders",
        &[("names", if tunes { "DATA, TOKENIZER, PRETRAINED, CHECKPOINT" } else { "DATA, TOKENIZER, CHECKPOINT" })],
    );
    sheet.raw(format!("TOKENIZER={}", quote::shell(&terms::placeholder(setup))));
    // What tools/preprocess_data.py has made, without .bin and .idx.
    sheet.raw("DATA='path/to/data_text_document'");
    if tunes {
        sheet.raw("PRETRAINED='path/to/the/model/as/a/checkpoint'");
    }
    sheet.raw("CHECKPOINT='path/to/checkpoints'");
    machines::variables(&mut sheet);
    sheet.raw("");
    let launch = machines::torchrun(&sheet);
    let queue = if needs_one_queue(setup) { "CUDA_DEVICE_MAX_CONNECTIONS=1 " } else { "" };
    sheet.open(format!("{queue}torchrun {launch} pretrain_gpt.py"), "");
    shape(&mut sheet);
    training(&mut sheet);
    numbers(&mut sheet);
    recomputation(&mut sheet);
    sharing(&mut sheet);
    sheet.set("tokenizer-type", "HuggingFaceTokenizer");
    sheet.set("tokenizer-model", Value::Code("\"$TOKENIZER\""));
    sheet.set("data-path", Value::Code("\"$DATA\""));
    sheet.set("save", Value::Code("\"$CHECKPOINT\""));
    saved(&mut sheet);
    sheet.close();
    sheet.finish(Dialect::Shell)
}

/// Checkpoints spread over the training, and the newest; from that it goes on when it is started again. While there is none, tuning
/// begins with the model, which has a place of its own: there it is not among those that are deleted.
fn saved(sheet: &mut Sheet) {
    let saving = Saving::of(sheet.setup);
    sheet.set("save-interval", saving.every);
    sheet.set("save-retain-interval", saving.retained());
    saving.note(sheet);
    sheet.set("load", Value::Code("\"$CHECKPOINT\""));
    if sheet.setup.job.kind == JobKind::FullFinetune {
        sheet.set("pretrained-checkpoint", Value::Code("\"$PRETRAINED\""));
    }
}

/// Slices and context parallelism want kernels in one queue, so that exchanges start in time; FSDP wants more than one.
const fn needs_one_queue(setup: &Setup) -> bool {
    let plan = setup.recipe.parallel;
    let fsdp = matches!(plan.sharding, Sharding::Zero2 | Sharding::Zero3) && has_fsdp(setup);
    (plan.tensor > 1 || plan.context > 1) && !fsdp
}

fn shape(sheet: &mut Sheet) {
    let Some(shape) = Shape::of(sheet.setup) else { return };
    sheet.set("num-layers", shape.layers);
    sheet.set("hidden-size", shape.stack.hidden);
    sheet.set("ffn-hidden-size", shape.inner);
    sheet.set("num-attention-heads", shape.heads);
    sheet.set("kv-channels", shape.head_dim);
    if shape.kv_heads < shape.heads {
        sheet.set("group-query-attention", Value::Bare);
        sheet.set("num-query-groups", shape.kv_heads);
    }
    if shape.stack.style == BlockStyle::Llama {
        sheet.set("swiglu", Value::Bare);
        sheet.set("normalization", "RMSNorm");
        sheet.set("position-embedding-type", "rope");
        sheet.set("disable-bias-linear", Value::Bare);
        sheet.note("megatron-shape", &[]);
    }
    if !shape.stack.tied_embeddings {
        sheet.set("untie-embeddings-and-output-weights", Value::Bare);
    }
    if let Some(experts) = &shape.experts {
        routed(sheet, experts, shape.layers);
    }
}

/// Experts: how many, how wide, in which layers. Exchanges go from card to card (`alltoall`), and one product works on all experts of
/// a card.
fn routed(sheet: &mut Sheet, experts: &Experts, layers: u64) {
    sheet.set("num-experts", experts.count);
    sheet.set("moe-ffn-hidden-size", experts.inner);
    sheet.set("moe-router-topk", experts.active);
    if experts.dense_layers > 0 {
        let with = layers.saturating_sub(experts.dense_layers);
        sheet.set("moe-layer-freq", format!("([0]*{}+[1]*{with})", experts.dense_layers));
    }
    if experts.shared > 0 {
        sheet.set("moe-shared-expert-intermediate-size", experts.shared);
    }
    if sheet.setup.rig.card.features().bf16 {
        // Its kernels need a card of compute capability 8.0.
        sheet.set("moe-grouped-gemm", Value::Bare);
    }
    sheet.set("moe-token-dispatcher-type", "alltoall");
    sheet.set("moe-router-load-balancing-type", "aux_loss");
    sheet.set("moe-aux-loss-coeff", AUXILIARY_LOSS);
    sheet.note("starting-point", &[("settings", &format!("moe-aux-loss-coeff {AUXILIARY_LOSS}"))]);
    sheet.note("megatron-experts", &[]);
    let plan = sheet.setup.recipe.parallel;
    if plan.expert > 1 && plan.tensor > 1 {
        // The degree counts the cards of a stage that share the experts, each of which is on one of them whole.
        sheet.set("expert-tensor-parallel-size", 1_u64);
    }
}

fn training(sheet: &mut Sheet) {
    let setup = sheet.setup;
    sheet.choose(Choice::Sequence, "seq-length", setup.job.sequence_length);
    sheet.set("max-position-embeddings", setup.job.sequence_length);
    if !setup.job.padded {
        sheet.covers(Choice::Padding);
    }
    sheet.choose(Choice::MicroBatch, "micro-batch-size", setup.recipe.micro_batch);
    sheet.choose(Choice::Accumulation, "global-batch-size", terms::step(setup));
    sheet.choose(Choice::Tokens, "train-iters", terms::steps(setup));
    let rate = terms::learning_rate(setup.job.kind);
    sheet.set("lr", rate);
    sheet.note("starting-point", &[("settings", &format!("lr {rate}"))]);
    match setup.recipe.optimizer {
        Optimizer::Adamw => sheet.choose(Choice::Optimizer, "optimizer", "adam"),
        Optimizer::Sgd => {
            sheet.choose(Choice::Optimizer, "optimizer", "sgd");
            // Its momentum is 0.9 unless told otherwise.
            sheet.set("sgd-momentum", 0.0);
        }
        Optimizer::SgdMomentum => sheet.choose(Choice::Optimizer, "optimizer", "sgd"),
        Optimizer::Lion => sheet.choose(Choice::Optimizer, "optimizer", "lion"),
        Optimizer::Muon => sheet.choose(Choice::Optimizer, "optimizer", "muon"),
        Optimizer::Adamw8bit | Optimizer::PagedAdamw8bit | Optimizer::Adafactor => {}
    }
    if setup.recipe.optimizer_kernel == OptimizerKernel::Fused {
        sheet.covers(Choice::OptimizerKernel);
    }
}

/// `bf16` keeps 16-bit weights with FP32 copies; what it cannot do is listed as not set.
fn numbers(sheet: &mut Sheet) {
    let recipe = &sheet.setup.recipe;
    match recipe.precision {
        Precision::Fp32 => sheet.covers(Choice::Precision),
        Precision::Fp16Autocast => sheet.choose(Choice::Precision, "fp16", Value::Bare),
        Precision::Bf16Master => sheet.choose(Choice::Precision, "bf16", Value::Bare),
        Precision::Fp8 => {
            sheet.choose(Choice::Precision, "fp8-format", "hybrid");
            sheet.set("bf16", Value::Bare);
        }
        _ => sheet.set("bf16", Value::Bare),
    }
    let backend = match recipe.attention {
        AttentionKernel::Flash => "flash",
        AttentionKernel::MemoryEfficient => "fused",
        AttentionKernel::Eager | AttentionKernel::Math => "unfused",
    };
    sheet.choose(Choice::Attention, "attention-backend", backend);
    match recipe.loss {
        LossKernel::Standard => sheet.covers(Choice::Loss),
        LossKernel::Fused => sheet.choose(Choice::Loss, "cross-entropy-loss-fusion", Value::Bare),
        LossKernel::Chunked => {}
    }
}

fn recomputation(sheet: &mut Sheet) {
    match sheet.setup.recipe.checkpointing {
        Checkpointing::None => sheet.covers(Choice::Checkpointing),
        Checkpointing::Selective => sheet.choose(Choice::Checkpointing, "recompute-granularity", "selective"),
        Checkpointing::Full | Checkpointing::Host => {
            sheet.choose(Choice::Checkpointing, "recompute-granularity", "full");
            sheet.set("recompute-method", "uniform");
            sheet.set("recompute-num-layers", 1_u64);
            if sheet.setup.recipe.checkpointing == Checkpointing::Host {
                sheet.note("kept-on-card", &[]);
            }
        }
    }
}

/// Slices, stages and replicas; the distributed optimizer shares its states among replicas,
/// Megatron-FSDP gradients and weights too.
fn sharing(sheet: &mut Sheet) {
    let plan = sheet.setup.recipe.parallel;
    for (choice, key, degree) in [
        (Choice::Tensor, "tensor-model-parallel-size", plan.tensor),
        (Choice::Pipeline, "pipeline-model-parallel-size", plan.pipeline),
        (Choice::Context, "context-parallel-size", plan.context),
        (Choice::Expert, "expert-model-parallel-size", plan.expert),
    ] {
        if degree > 1 {
            sheet.choose(choice, key, degree);
        }
    }
    if let Some(uneven) = Shape::of(sheet.setup).and_then(|shape| uneven_stages(shape.layers, plan.pipeline)) {
        sheet.set("pipeline-model-parallel-layout", uneven);
    }
    if plan.tensor > 1 {
        sheet.set("sequence-parallel", Value::Bare);
    }
    sheet.covers(Choice::Data);
    match plan.sharding {
        Sharding::Zero1 => sheet.choose(Choice::Sharding, "use-distributed-optimizer", Value::Bare),
        Sharding::Ddp => sheet.covers(Choice::Sharding),
        Sharding::Zero2 | Sharding::Zero3 if !has_fsdp(sheet.setup) => {}
        Sharding::Zero2 => fsdp(sheet, "optim_grads"),
        Sharding::Zero3 => fsdp(sheet, "optim_grads_params"),
    }
    offload(sheet);
}

/// What each stage holds, where the layers do not divide into stages of as many, which is all that Megatron does by itself. The stages that
/// hold the embedding and the loss are the first that have a layer less.
fn uneven_stages(layers: u64, stages: u32) -> Option<String> {
    let stages = u64::from(stages.max(1));
    let (fullest, spared) = (layers.div_ceil(stages), (stages - layers % stages) % stages);
    let last = stages - 1;
    // The last stage, the first, then those before the last.
    let is_spared = |stage: u64| match stage {
        _ if stage == last => spared >= 1,
        0 => spared >= 2,
        _ => stage + spared > last + 1,
    };
    let held = |stage: u64| {
        let begins = if stage == 0 { "E" } else { "" };
        let ends = if stage == last { "L" } else { "" };
        format!("{begins}t*{}{ends}", fullest - u64::from(is_spared(stage)))
    };
    (spared > 0 && stages <= layers).then(|| (0..stages).map(held).collect::<Vec<_>>().join("|"))
}

/// The optimizer in host memory belongs to the distributed one.
fn offload(sheet: &mut Sheet) {
    let recipe = &sheet.setup.recipe;
    if recipe.offload == Offload::Optimizer && has_fsdp(sheet.setup) {
        sheet.choose(Choice::Offload, "optimizer-cpu-offload", Value::Bare);
        sheet.set("use-precision-aware-optimizer", Value::Bare);
        if recipe.parallel.sharding == Sharding::Ddp {
            sheet.set("use-distributed-optimizer", Value::Bare);
        }
    }
}

/// Megatron-FSDP and offload take Adam and SGD.
pub(super) const fn has_fsdp(setup: &Setup) -> bool {
    matches!(setup.recipe.optimizer, Optimizer::Adamw | Optimizer::Sgd | Optimizer::SgdMomentum)
}

fn fsdp(sheet: &mut Sheet, strategy: &'static str) {
    sheet.set("use-megatron-fsdp", Value::Bare);
    sheet.choose(Choice::Sharding, "data-parallel-sharding-strategy", strategy);
    sheet.set("use-distributed-optimizer", Value::Bare);
    sheet.set("ckpt-format", "fsdp_dtensor");
    sheet.set("no-gradient-accumulation-fusion", Value::Bare);
}
