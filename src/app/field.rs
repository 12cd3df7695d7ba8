//! Fields of the page: their labels, the lists they choose from, and the fields of the request they stand for.

use super::context::Env;
use whichcard::request::Keyword;
use whichcard::share::{Field, View};

/// Key of the label of a field.
pub const fn label(field: Field) -> &'static str {
    use Field::*;
    match field {
        Lang => "app.nav.language",
        Theme => "app.nav.theme",
        Embed | Compact | Open => "app.form.answer",
        Task => "app.field.task",
        Model => "app.field.model",
        Config => "app.field.config",
        Job => "app.field.job",
        Sequence => "app.field.sequence",
        TargetLength => "app.field.target",
        Samples => "app.field.samples",
        Epochs => "app.field.epochs",
        Tokens => "app.field.tokens",
        Batch => "app.field.batch",
        Prompt => "app.field.prompt",
        Output => "app.field.output",
        Users => "app.field.users",
        Card => "app.field.card",
        Count => "app.field.count",
        Link => "app.field.link",
        Vram => "app.field.vram",
        Bandwidth => "app.field.bandwidth",
        Tflops => "app.field.tflops",
        Capability => "app.field.capability",
        Tdp => "app.field.tdp",
        Reserved => "app.field.reserved",
        PowerLimit => "app.field.power-limit",
        Network => "app.field.network",
        MainMemory => "app.field.main-memory",
        HostMemory => "app.field.host-memory",
        Weights => "app.field.weights",
        Precision => "app.field.precision",
        Optimizer => "app.field.optimizer",
        OptimizerKernel => "app.field.step",
        MicroBatch => "app.field.micro-batch",
        Accumulation => "app.field.accumulation",
        Checkpointing => "app.field.checkpointing",
        Attention => "app.field.attention",
        Loss => "app.field.loss",
        Stack => "app.field.stack",
        Rank => "app.field.rank",
        Targets => "app.field.targets",
        Dropout => "app.field.dropout",
        Embeddings => "app.field.embeddings",
        KvCache => "app.field.kv-cache",
        VaeTiling => "app.field.vae-tiling",
        Sharding => "app.field.sharding",
        Tensor => "app.field.tensor",
        Pipeline => "app.field.pipeline",
        Expert => "app.field.expert",
        ContextParallel => "app.field.context-parallel",
        Offload => "app.field.offload",
        Objective => "app.field.objective",
        Currency => "app.field.currency",
        Budget => "app.field.budget",
        Deadline => "app.field.deadline",
        Watts => "app.field.watts",
        Wall => "app.field.wall",
        Supply => "app.field.supply",
        Slots => "app.field.slots",
        Condition => "app.field.condition",
        Form => "app.field.form",
        MostCards => "app.field.most-cards",
        Country => "app.field.country",
        Price => "app.field.price",
        Rent => "app.field.rent",
        Tariff => "app.field.tariff",
        Pue => "app.field.pue",
        Cards => "app.compare.cards",
        Setups => "app.compare.setups",
        Figure => "app.embed.figure",
        Widget => "app.embed.widget",
        List => "app.nav.catalogue",
        Find => "app.ledger.find",
        Sort => "app.ledger.sort",
        Generation => "app.accuracy.by.generation",
        Category => "app.ledger.category",
        Kind => "app.accuracy.kind.title",
        Measured => "app.accuracy.by.job",
        Size => "app.accuracy.by.size",
        Source => "app.accuracy.by.source",
        By => "app.accuracy.by.title",
        RateCny | RateEur | RateUsd => "app.form.money",
    }
}

/// Key of the label of a field for the model at hand: a length is the side of an image where images have one, and so on.
pub fn named(env: &Env, field: Field) -> &'static str {
    let Some(model) = env.reading.held().map(|setup| &setup.model) else { return label(field) };
    match field {
        Field::Sequence if model.sized_by_side() => "app.field.image-side",
        Field::Output if model.denoising.is_some() => "app.field.denoising-steps",
        Field::Tokens if matches!(env.link.view(), View::Scratch | View::Compare) => "app.field.training-tokens",
        Field::Users => whichcard::wording::at_once(model),
        Field::Samples => whichcard::wording::samples(model),
        _ => label(field),
    }
}

/// What one of the values of a list is called.
pub fn choice(env: &Env, field: Field, value: &str) -> String {
    match field {
        Field::Task => {
            let key = format!("app.task.{value}");
            if whichcard::text::knows(env.lang, &key) { env.say(&key) } else { value.to_owned() }
        }
        Field::Card | Field::Model => env.title_of(field, value),
        _ => env.name(list(field), value),
    }
}

/// The list of names a field chooses from.
const fn list(field: Field) -> &'static str {
    match field {
        Field::Job => "job",
        Field::Objective => "objective",
        Field::Currency => "currency",
        Field::Country => "country",
        Field::Form => "form",
        Field::Condition => "condition",
        Field::Weights => "weights",
        Field::Precision => "precision",
        Field::Optimizer => "optimizer",
        Field::OptimizerKernel => "step",
        Field::Checkpointing => "checkpointing",
        Field::Attention => "attention",
        Field::Loss => "loss",
        Field::Stack => "stack",
        Field::Targets => "targets",
        Field::Embeddings => "embeddings",
        Field::KvCache => "kv",
        Field::VaeTiling => "vae-tiling",
        Field::Sharding => "sharding",
        Field::Link => "link",
        Field::Offload => "offload",
        _ => "none",
    }
}

/// The unit of an amount of money; empty for everything else.
pub fn money_unit(env: &Env, field: Field) -> String {
    let code = env.reading.request.money.currency.unwrap_or_default().name();
    match field {
        Field::Budget | Field::Price => code.to_owned(),
        Field::Rent => format!("{code}/h"),
        Field::Tariff => format!("{code}/kWh"),
        _ => String::new(),
    }
}

/// The field of the page a refused field of the request belongs to.
pub fn of_path(path: &str) -> Field {
    let within = |whole: &str| path.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    PATHS.iter().find(|(whole, _)| within(whole)).map_or(Field::Model, |(_, field)| *field)
}

/// What a field stands for in the request; of two that hold a path, the first.
const PATHS: &[(&str, Field)] = &[
    ("job.sequenceLength", Field::Sequence),
    ("job.targetLength", Field::TargetLength),
    ("job.tokens", Field::Tokens),
    ("job.samples", Field::Samples),
    ("job.epochs", Field::Epochs),
    ("job.globalBatch", Field::Batch),
    ("job.prompt", Field::Prompt),
    ("job.output", Field::Output),
    ("job.concurrency", Field::Users),
    ("job", Field::Job),
    ("rig.card.vramGib", Field::Vram),
    ("rig.card.bandwidthGbs", Field::Bandwidth),
    ("rig.card.tensorTflops", Field::Tflops),
    ("rig.card.computeCapability", Field::Capability),
    ("rig.card.tdpWatts", Field::Tdp),
    ("rig.card", Field::Card),
    ("rig.count", Field::Count),
    ("rig.link", Field::Link),
    ("rig.reservedBytes", Field::Reserved),
    ("rig.powerLimitWatts", Field::PowerLimit),
    ("rig.networkGbps", Field::Network),
    ("rig.hostMemoryGbs", Field::HostMemory),
    ("rig.hostMemory", Field::MainMemory),
    ("rig.budget", Field::Budget),
    ("rig.deadlineHours", Field::Deadline),
    ("rig.maxWatts", Field::Watts),
    ("rig.wallWatts", Field::Wall),
    ("rig.powerSupplyWatts", Field::Supply),
    ("rig.slots", Field::Slots),
    ("rig.condition", Field::Condition),
    ("rig.formFactors", Field::Form),
    ("rig.country", Field::Country),
    ("rig", Field::Card),
    ("recipe.precision", Field::Precision),
    ("recipe.optimizer", Field::Optimizer),
    ("recipe.optimizerKernel", Field::OptimizerKernel),
    ("recipe.microBatch", Field::MicroBatch),
    ("recipe.gradientAccumulation", Field::Accumulation),
    ("recipe.checkpointing", Field::Checkpointing),
    ("recipe.attention", Field::Attention),
    ("recipe.loss", Field::Loss),
    ("recipe.stack", Field::Stack),
    ("recipe.lora.rank", Field::Rank),
    ("recipe.lora.dropout", Field::Dropout),
    ("recipe.lora.trainEmbeddings", Field::Embeddings),
    ("recipe.lora", Field::Targets),
    ("recipe.weights", Field::Weights),
    ("recipe.kvCache", Field::KvCache),
    ("recipe.vaeTiling", Field::VaeTiling),
    ("recipe.parallel.sharding", Field::Sharding),
    ("recipe.parallel.tensor", Field::Tensor),
    ("recipe.parallel.pipeline", Field::Pipeline),
    ("recipe.parallel.expert", Field::Expert),
    ("recipe.parallel.context", Field::ContextParallel),
    ("recipe.parallel", Field::Count),
    ("recipe.offload", Field::Offload),
    ("money.currency", Field::Currency),
    ("money.cardPrice", Field::Price),
    ("money.rentPerHour", Field::Rent),
    ("money.tariffPerKwh", Field::Tariff),
    ("money.country", Field::Country),
    ("money.pue", Field::Pue),
    ("model.hfConfig", Field::Config),
    ("model", Field::Model),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_leads_to_its_own_field() {
        for (path, field) in PATHS {
            assert_eq!(of_path(path), *field, "{path}");
        }
        assert_eq!(of_path("recipe.parallel.pipeline"), Field::Pipeline);
        assert_eq!(of_path("rig.card.name"), Field::Card, "what has no field of its own belongs to what holds it");
        assert_eq!(of_path("rig.formFactors[1]"), Field::Form);
    }
}
