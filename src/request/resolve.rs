//! From a request as written to a complete [`Setup`]: look-ups, defaults, ranges.

pub(crate) use super::custom_card::custom_card;
pub(crate) use super::job::job;
use super::limits::{self, checked, large_count, small_count};
use super::*;
use crate::catalog::{Catalog, is_place};
use crate::error::{Allowed, ErrorCode, Limit, RequestError};
use crate::model::{Model, facts, hf_config};

/// Fills in a request.
///
/// # Errors
/// Names the first field that is unknown, out of range or in conflict.
pub fn resolve(catalog: &Catalog, request: &Request) -> Result<Setup, RequestError> {
    let model = model(catalog, &request.model).map_err(|error| error.under("model"))?;
    check_suits(&model, request.job.kind).map_err(|error| error.under("job"))?;
    let rig = rig(catalog, &request.rig).map_err(|error| error.under("rig"))?;
    let money = money(catalog, &request.money).map_err(|error| error.under("money"))?;
    let recipe = recipe(&request.recipe, request.job.kind, &model, &rig).map_err(|error| error.under("recipe"))?;
    check_offload(&recipe, request.job.kind, &rig).map_err(|error| error.under("recipe"))?;
    let job = job(&request.job, &recipe, &model).map_err(|error| error.under("job"))?;
    Ok(Setup { model, job, recipe, rig, money })
}

/// The model of a choice.
pub(crate) fn model(catalog: &Catalog, choice: &ModelChoice) -> Result<Arc<Model>, RequestError> {
    match choice {
        ModelChoice::Id(id) => match catalog.built_model(id) {
            Some(built) => built.cloned().map_err(Clone::clone),
            None => {
                Err(RequestError::new(ErrorCode::UnknownModel, "", id, Allowed::phrase("model-id")).suggest(catalog.model_ids()))
            }
        },
        ModelChoice::Described(described) => {
            let model = match described {
                DescribedModel::HfConfig(config) => hf_config::read(config).map_err(|error| error.under("hfConfig")),
                DescribedModel::Architecture(value) => facts::read(value).map_err(|error| error.under("architecture")),
                DescribedModel::ParametersB(billions) => facts::of_size(*billions).map_err(|error| error.under("parametersB")),
            };
            model.map(|model| Arc::new(Model { described: Some(described.clone()), ..model }))
        }
    }
}

pub(crate) fn rig(catalog: &Catalog, written: &RigRequest) -> Result<Rig, RequestError> {
    let card = card(catalog, &written.card).map_err(|error| error.under("card"))?;
    machine(&written.machine, card, small_count("count", written.count, 1, limits::CARDS)?)
}

/// A machine with so many of a card in it.
pub(crate) fn machine(written: &MachineRequest, card: Arc<Card>, count: u32) -> Result<Rig, RequestError> {
    let within = |field: &str, value: Option<f64>, limit| value.map(|v| checked(field, v, limit)).transpose();
    Ok(Rig {
        link: written.link.unwrap_or(LinkKind::Auto),
        reserved: within("reservedBytes", written.reserved_bytes, limits::RESERVED)?.map_or(Bytes::ZERO, Bytes::new),
        power_limit: within("powerLimitWatts", written.power_limit_watts, limits::POWER_LIMIT)?.map(Watts::new),
        network: within("networkGbps", written.network_gbps, limits::NETWORK)?.map(BytesPerSecond::gigabits),
        host_memory: within("hostMemoryGbs", written.host_memory_gbs, limits::BANDWIDTH)?.map(BytesPerSecond::giga),
        main_memory: within("hostMemory", written.host_memory, limits::HOST_MEMORY)?.map(Bytes::gib),
        ..Rig::new(card, count)
    })
}

/// The card of a choice.
pub(crate) fn card(catalog: &Catalog, choice: &CardChoice) -> Result<Arc<Card>, RequestError> {
    match choice {
        CardChoice::Id(id) => catalog.card(id).cloned().ok_or_else(|| {
            RequestError::new(ErrorCode::UnknownCard, "", id, Allowed::phrase("card-id"))
                .suggest(catalog.cards().iter().map(|card| card.id.as_str()))
        }),
        CardChoice::Custom(custom) => custom_card(custom).map(Arc::new),
    }
}

/// The code of a country in capitals.
pub(crate) fn country(catalog: &Catalog, written: &str) -> Result<String, RequestError> {
    let code = written.trim().to_ascii_uppercase();
    if is_place(&code) {
        return Ok(code);
    }
    Err(RequestError::new(ErrorCode::InvalidValue, "country", written, Allowed::phrase("country")).suggest(catalog.countries()))
}

/// The prices of a request.
pub(crate) fn money(catalog: &Catalog, written: &MoneyRequest) -> Result<MoneyTerms, RequestError> {
    let amount = |field: &str, value: Option<f64>, limit| value.map(|v| checked(field, v, limit)).transpose();
    Ok(MoneyTerms {
        currency: written.currency.unwrap_or_default(),
        card_price: amount("cardPrice", written.card_price, limits::PRICE)?,
        rent_per_hour: amount("rentPerHour", written.rent_per_hour, limits::RENT)?,
        tariff_per_kwh: amount("tariffPerKwh", written.tariff_per_kwh, limits::TARIFF)?,
        country: written.country.as_deref().map(|code| country(catalog, code)).transpose()?,
        pue: checked("pue", written.pue.unwrap_or(1.0), limits::PUE)?,
        entry_loss: checked("entryLoss", written.entry_loss.unwrap_or(MoneyTerms::ENTRY_LOSS), limits::LOSS)?,
        yearly_loss: checked("yearlyLoss", written.yearly_loss.unwrap_or(MoneyTerms::YEARLY_LOSS), limits::LOSS)?,
    })
}

/// Defaults that depend on job, model and card, in the order they depend on each other:
///
/// - `weights`: NF4 for QLoRA; a model that runs as it is released, where the software can; else 16 bits.
/// - `stack`: llama.cpp for GGUF weights and for running MXFP4, else transformers.
/// - `precision`: what the card can do. LoRA and QLoRA compute in BF16 (FP16 before Ampere); full training is autocast over FP32
///   weights below 2 billion parameters and pure 16-bit above where BF16 exists; Pascal and GTX 16 train in FP32, and so are scenes.
/// - `attention`: flash from Ampere on, memory-efficient before; eager for soft-capped scores, and for training
///   attention sinks with software that has no other kernel for them.
/// - `checkpointing`: full for language-model training from 1 billion parameters, else none.
pub(crate) fn recipe(written: &RecipeRequest, kind: JobKind, model: &Model, rig: &Rig) -> Result<Recipe, RequestError> {
    let weights = written.weights.unwrap_or_else(|| defaults::weights(written, kind, model, rig));
    check_format(model, weights)?;
    let stack = written.stack.unwrap_or_else(|| defaults::stack(weights, kind));
    check_software(stack, weights, kind)?;
    let mut parallel = match layout::by_software(written.parallel.as_ref(), kind, model, stack, rig.count) {
        Some(layout) => layout,
        None => parallel(written.parallel.as_ref(), rig.count, model).map_err(|error| error.under("parallel"))?,
    };
    let open = written.parallel.as_ref().is_none_or(|plan| plan.sharding.is_none());
    if open && written.offload == Some(Offload::OptimizerAndWeights) && only_under_fsdp(weights, kind) {
        parallel.sharding = Sharding::Zero3;
    }
    let precision = written.precision.unwrap_or_else(|| defaults::precision(kind, model, rig));
    let attention =
        written.attention.unwrap_or_else(|| defaults::attention(model, &rig.card, precision, kind.trains().then_some(stack)));
    let large_language_model = model.category.is_language_model() && model.parameters >= 1_000_000_000;
    let checkpointing = written.checkpointing.unwrap_or(if kind.trains() && large_language_model {
        Checkpointing::Full
    } else {
        Checkpointing::None
    });
    let optimizer = written.optimizer.unwrap_or(Optimizer::Adamw);
    let loss = match stack {
        Stack::Unsloth => LossKernel::Chunked,
        Stack::Torchtune => LossKernel::Fused,
        _ => LossKernel::Standard,
    };
    Ok(Recipe {
        precision,
        optimizer,
        optimizer_kernel: written.optimizer_kernel.unwrap_or(defaults::optimizer_kernel(stack, optimizer)),
        micro_batch: large_count("microBatch", written.micro_batch, defaults::micro_batch(model, kind), limits::BATCH)?,
        gradient_accumulation: large_count("gradientAccumulation", written.gradient_accumulation, 1, limits::BATCH)?,
        checkpointing,
        attention,
        loss: written.loss.unwrap_or(loss),
        stack,
        lora: lora(written.lora.as_ref(), precision).map_err(|error| error.under("lora"))?,
        weights,
        kv_cache: written.kv_cache.unwrap_or(CacheFormat::Fp16),
        vae_tiling: written.vae_tiling.unwrap_or(VaeTiling::None),
        parallel,
        offload: offload(written.offload.unwrap_or_default(), kind, model)?,
    })
}

/// Only routed experts can be kept apart from the rest of their layers, and only several networks can take turns; neither where
/// something is trained. Of layers no more can be moved than there are.
fn offload(written: Offload, kind: JobKind, model: &Model) -> Result<Offload, RequestError> {
    let runs = !kind.trains();
    let refused = |needs| Err(RequestError::new(ErrorCode::Conflict, "offload", written, Allowed::phrase(needs)));
    let (asked, there, of): (_, _, fn(u32) -> Offload) = match written {
        Offload::Experts(_) if !(runs && model.expert_layers() > 0) => return refused("offload-experts"),
        Offload::Companions if !(runs && model.has_companions()) => return refused("offload-companions"),
        Offload::Experts(asked) => (asked, model.expert_layers(), Offload::Experts),
        Offload::Layers(asked) => (asked, model.layers(), Offload::Layers),
        _ => return Ok(written),
    };
    let most = u32::try_from(there).unwrap_or(u32::MAX).max(1);
    if (1..=most).contains(&asked) {
        return Ok(written);
    }
    let mut error = RequestError::new(ErrorCode::OutOfRange, "offload", written, Limit::counts(1, most.into()));
    error.suggestions.push(of(asked.clamp(1, most)).to_string());
    Err(error)
}

/// Whether frozen weights of a format can wait in main memory on so many cards. Accelerate refuses to train quantised weights of
/// bitsandbytes that a device map has put there; FSDP fetches them, but shards over two cards and more (Answer.AI's FSDP-QLoRA).
pub(crate) const fn offloads_weights(frozen: WeightFormat, cards: u32) -> bool {
    !frozen.is_quantised() || cards > 1
}

/// Whether weights that wait in main memory come back through FSDP alone: frozen ones that are quantised.
pub(crate) const fn only_under_fsdp(frozen: WeightFormat, kind: JobKind) -> bool {
    kind.adapts() && frozen.is_quantised()
}

/// Refuses an offload that no software does on this rig.
pub(crate) fn check_offload(recipe: &Recipe, kind: JobKind, rig: &Rig) -> Result<(), RequestError> {
    let moves = recipe.offload == Offload::OptimizerAndWeights && only_under_fsdp(recipe.weights, kind);
    let sharded = recipe.parallel.sharding == Sharding::Zero3 && recipe.parallel.data > 1;
    if !moves || offloads_weights(recipe.weights, rig.count) && sharded {
        return Ok(());
    }
    Err(RequestError::new(ErrorCode::Conflict, "offload", recipe.offload, Allowed::phrase("offload-quantised")))
}

impl Setup {
    /// Whether a request for this setup is taken, so that nothing else is proposed.
    pub(crate) fn can_be_asked(&self) -> bool {
        let (model, recipe, kind) = (&self.model, &self.recipe, self.job.kind);
        let plan = &recipe.parallel;
        let cards = [plan.tensor, plan.pipeline, plan.context, plan.data].into_iter().map(u64::from).product::<u64>();
        cards == u64::from(self.rig.count)
            && check_suits(model, kind).is_ok()
            && check_format(model, recipe.weights).is_ok()
            && check_software(recipe.stack, recipe.weights, kind).is_ok()
            && check_offload(recipe, kind, &self.rig).is_ok()
            && experts_divide(model, plan.expert, self.rig.count / plan.pipeline.max(1)).is_ok()
    }
}

fn lora(written: Option<&LoraRequest>, precision: Precision) -> Result<Lora, RequestError> {
    let none = LoraRequest::default();
    let written = written.unwrap_or(&none);
    Ok(Lora {
        rank: large_count("rank", written.rank, 16, limits::RANK)?,
        targets: written.targets.clone().unwrap_or(LoraTargets::Set(LoraTargetSet::AllLinear)),
        dropout: checked("dropout", written.dropout.unwrap_or(0.0), limits::DROPOUT)?,
        fp32_adapters: written.fp32_adapters.unwrap_or(precision.trained_widths().weight >= 4.0),
        upcast: written.upcast.unwrap_or(false),
        train_embeddings: written.train_embeddings.unwrap_or(false),
    })
}

fn parallel(written: Option<&ParallelRequest>, count: u32, model: &Model) -> Result<Parallel, RequestError> {
    let none = ParallelRequest::default();
    let written = written.unwrap_or(&none);
    let degree = |field: &str, value| small_count(field, value, 1, limits::CARDS);
    let (tensor, pipeline) = (degree("tensor", written.tensor)?, degree("pipeline", written.pipeline)?);
    let (expert, context) = (degree("expert", written.expert)?, degree("context", written.context)?);
    let others = u64::from(tensor) * u64::from(pipeline) * u64::from(context);
    let data = match written.data {
        Some(_) => degree("data", written.data)?,
        None => u32::try_from((u64::from(count) / others.max(1)).max(1)).unwrap_or(1),
    };
    if others.saturating_mul(u64::from(data)) != u64::from(count) {
        let given = format!("{data} × {tensor} × {pipeline} × {context}");
        return Err(RequestError::new(ErrorCode::Conflict, "", given, Allowed::Phrase("product", vec![("n", count.to_string())])));
    }
    experts_divide(model, expert, count / pipeline.max(1))?;
    Ok(Parallel { sharding: written.sharding.unwrap_or(Sharding::Ddp), data, tensor, pipeline, expert, context })
}

/// Experts are spread over the cards of one pipeline stage: their degree has to divide those cards and the experts of the model.
fn experts_divide(model: &Model, degree: u32, cards: u32) -> Result<(), RequestError> {
    let experts = model.experts().unwrap_or(1);
    if degree <= 1 || cards.is_multiple_of(degree) && experts.is_multiple_of(u64::from(degree)) {
        return Ok(());
    }
    let allowed = Allowed::Phrase("expert-degree", vec![("experts", experts.to_string()), ("n", cards.to_string())]);
    Err(RequestError::new(ErrorCode::Conflict, "expert", degree, allowed))
}
