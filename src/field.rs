//! What a visitor may set: its key in links, the part of the form it stands in, how it is set there, what it and its values are
//! called, and what it stands for in a request. Form, links, reset and refusals follow this table.

/// A part of the form, or of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// How the page looks, and what of it is seen.
    Page,
    /// The task to start from.
    Task,
    /// What is to be done with which model.
    Job,
    /// The cards, and what they have free.
    Rig,
    /// The machine around them.
    Machine,
    /// How the job is run.
    Recipe,
    /// What a rig has to keep to.
    Limits,
    /// Currency, electricity and exchange rates.
    Money,
    /// What one card costs.
    Price,
    /// What else is compared.
    Compared,
}

/// How a field is set, which says what becomes of it in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    /// Not asked, only looked at: no step, and nothing to take back.
    Look,
    /// Likewise, but another table is a step that Back undoes.
    Tab,
    /// Picked: each pick is a step.
    Choice,
    /// Typed: its letters are one change together.
    Typed,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $part:ident, $set:ident, $label:literal
        $(, names $list:literal)? $(, at $($path:literal)+)?;)+) => {
        /// Something the visitor may set.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($(#[$doc])* $name,)+
        }

        impl Field {
            /// All fields, in the order they are written.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The key in links, which is also the id of the input on the page.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$name => $key,)+
                }
            }

            /// Where it stands in the form.
            #[must_use]
            pub const fn part(self) -> Part {
                match self {
                    $(Self::$name => Part::$part,)+
                }
            }

            const fn set(self) -> Set {
                match self {
                    $(Self::$name => Set::$set,)+
                }
            }

            /// Key of its label.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$name => $label,)+
                }
            }

            /// The list below `app.value` that its values have their names in; empty where they have none.
            #[must_use]
            pub const fn names(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($list)?),)+
                }
            }

            /// What it stands for in a request: paths of fields, which hold what is below them.
            #[must_use]
            pub const fn paths(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($($path),+)?],)+
                }
            }
        }
    };
}

fields! {
    /// Language of the page.
    Lang = "lang", Page, Look, "app.nav.language";
    /// Light, dark or the system's choice.
    Theme = "theme", Page, Look, "app.nav.theme";
    /// Inside another page.
    Embed = "embed", Page, Look, "app.form.answer";
    /// `0` for the whole page inside another one, where only the answer and what it asks would be shown.
    Compact = "compact", Page, Look, "app.form.answer";
    /// Task of the catalogue.
    Task = "task", Task, Choice, "app.field.task";
    /// Catalogue model, a size such as `13B`, or `config`.
    Model = "model", Job, Choice, "app.field.model", at "model";
    /// Pasted Hugging Face configuration.
    Config = "config", Job, Typed, "app.field.config", at "model.hfConfig";
    /// Kind of job.
    Job = "job", Job, Choice, "app.field.job", names "job", at "job";
    /// Tokens per training sequence.
    Sequence = "seq", Job, Typed, "app.field.sequence", at "job.sequenceLength";
    /// Tokens the decoder writes for a training sequence.
    TargetLength = "target", Job, Typed, "app.field.target", at "job.targetLength";
    /// Training samples.
    Samples = "samples", Job, Typed, "app.field.samples", at "job.samples";
    /// Passes over the samples.
    Epochs = "epochs", Job, Typed, "app.field.epochs", at "job.epochs";
    /// Training tokens.
    Tokens = "tokens", Job, Typed, "app.field.tokens", at "job.tokens";
    /// Sequences per optimizer step.
    Batch = "batch", Job, Typed, "app.field.batch", at "job.globalBatch";
    /// Prompt tokens.
    Prompt = "prompt", Job, Typed, "app.field.prompt", at "job.prompt";
    /// Generated tokens.
    Output = "out", Job, Typed, "app.field.output", at "job.output";
    /// Requests at once.
    Users = "users", Job, Typed, "app.field.users", at "job.concurrency";
    /// Catalogue card, or `custom`.
    Card = "card", Rig, Choice, "app.field.card", at "rig.card" "rig";
    /// Cards in the machine.
    Count = "n", Rig, Typed, "app.field.count", at "recipe.parallel" "rig.count";
    /// Link between them.
    Link = "link", Machine, Choice, "app.field.link", names "link", at "rig.link";
    /// Memory of a custom card.
    Vram = "vram", Rig, Typed, "app.field.vram", at "rig.card.vramGib";
    /// Bandwidth of a custom card.
    Bandwidth = "bw", Rig, Typed, "app.field.bandwidth", at "rig.card.bandwidthGbs";
    /// Tensor peak of a custom card.
    Tflops = "tflops", Rig, Typed, "app.field.tflops", at "rig.card.tensorTflops";
    /// Compute capability of a custom card.
    ComputeCapability = "cc", Rig, Choice, "app.field.capability", at "rig.card.computeCapability";
    /// Board power of a custom card.
    Tdp = "tdp", Rig, Typed, "app.field.tdp", at "rig.card.tdpWatts";
    /// Memory taken by the display and other programs.
    Reserved = "reserved", Rig, Typed, "app.field.reserved", at "rig.reservedBytes";
    /// Power limit per card.
    PowerLimit = "limit", Machine, Typed, "app.field.power-limit", at "rig.powerLimitWatts";
    /// What one machine sends to others.
    Network = "net", Machine, Typed, "app.field.network", at "rig.networkGbps";
    /// Main memory of a machine.
    MainMemory = "mem", Machine, Typed, "app.field.main-memory", at "rig.hostMemory";
    /// What the processor reads from main memory.
    HostMemory = "ram", Machine, Typed, "app.field.host-memory", at "rig.hostMemoryGbs";
    /// Storage of weights.
    Weights = "weights", Recipe, Choice, "app.field.weights", names "weights", at "recipe.weights";
    /// Number formats.
    Precision = "prec", Recipe, Choice, "app.field.precision", names "precision", at "recipe.precision";
    /// Optimizer.
    Optimizer = "opt", Recipe, Choice, "app.field.optimizer", names "optimizer", at "recipe.optimizer";
    /// How the optimizer's step is executed.
    OptimizerKernel = "step", Recipe, Choice, "app.field.step", names "step", at "recipe.optimizerKernel";
    /// Sequences per pass.
    MicroBatch = "mb", Recipe, Typed, "app.field.micro-batch", at "recipe.microBatch";
    /// Passes per optimizer step.
    Accumulation = "ga", Recipe, Typed, "app.field.accumulation", at "recipe.gradientAccumulation";
    /// Activation checkpointing.
    Checkpointing = "ckpt", Recipe, Choice, "app.field.checkpointing", names "checkpointing", at "recipe.checkpointing";
    /// Attention kernel.
    Attention = "attn", Recipe, Choice, "app.field.attention", names "attention", at "recipe.attention";
    /// Loss kernel.
    Loss = "loss", Recipe, Choice, "app.field.loss", names "loss", at "recipe.loss";
    /// Software.
    Stack = "stack", Recipe, Choice, "app.field.stack", names "stack", at "recipe.stack";
    /// Adapter rank.
    Rank = "rank", Recipe, Typed, "app.field.rank", at "recipe.lora.rank";
    /// Adapter layers.
    Targets = "targets", Recipe, Choice, "app.field.targets", names "targets", at "recipe.lora.targets" "recipe.lora";
    /// Share of adapter inputs that is dropped.
    Dropout = "drop", Recipe, Typed, "app.field.dropout", at "recipe.lora.dropout";
    /// Embedding and output layer beside adapters, frozen or trained.
    Embeddings = "emb", Recipe, Choice, "app.field.embeddings", names "embeddings", at "recipe.lora.trainEmbeddings";
    /// Storage of the key/value cache.
    KvCache = "kv", Recipe, Choice, "app.field.kv-cache", names "kv", at "recipe.kvCache";
    /// Decoding of images.
    VaeTiling = "vae", Recipe, Choice, "app.field.vae-tiling", names "vae-tiling", at "recipe.vaeTiling";
    /// Sharding of replicas.
    Sharding = "shard", Recipe, Choice, "app.field.sharding", names "sharding", at "recipe.parallel.sharding";
    /// Tensor parallelism.
    Tensor = "tp", Recipe, Typed, "app.field.tensor", at "recipe.parallel.tensor";
    /// Pipeline stages.
    Pipeline = "pp", Recipe, Typed, "app.field.pipeline", at "recipe.parallel.pipeline";
    /// Cards that share the experts of a layer.
    Expert = "ep", Recipe, Typed, "app.field.expert", at "recipe.parallel.expert";
    /// Cards that share a sequence.
    ContextParallel = "cp", Recipe, Typed, "app.field.context-parallel", at "recipe.parallel.context";
    /// What is kept in host memory.
    Offload = "offload", Recipe, Choice, "app.field.offload", names "offload", at "recipe.offload";
    /// What the ranking is for.
    Objective = "goal", Limits, Choice, "app.field.objective", names "objective";
    /// Currency of every amount.
    Currency = "cur", Money, Choice, "app.field.currency", names "currency", at "money.currency";
    /// Money there is.
    Budget = "budget", Limits, Typed, "app.field.budget", at "rig.budget";
    /// Time there is.
    Deadline = "by", Limits, Typed, "app.field.deadline", at "rig.deadlineHours";
    /// Power there is.
    Watts = "watts", Limits, Typed, "app.field.watts", at "rig.maxWatts";
    /// Most power at the wall.
    Wall = "wall", Limits, Typed, "app.field.wall", at "rig.wallWatts";
    /// The power supply that is there.
    Supply = "psu", Limits, Typed, "app.field.supply", at "rig.powerSupplyWatts";
    /// Slots that are free.
    Slots = "slots", Limits, Typed, "app.field.slots", at "rig.slots";
    /// New or used cards.
    Condition = "cond", Limits, Choice, "app.field.condition", names "condition", at "rig.condition";
    /// Desktop, laptop or server.
    Form = "form", Limits, Choice, "app.field.form", names "form", at "rig.formFactors";
    /// Most cards in one machine.
    MostCards = "most", Limits, Typed, "app.field.most-cards";
    /// Country, for prices of electricity and for what may be sold there.
    Country = "country", Money, Choice, "app.field.country", names "country", at "money.country" "rig.country";
    /// Price of one card.
    Price = "price", Price, Typed, "app.field.price", at "money.cardPrice";
    /// Rent of one card for an hour.
    Rent = "rent", Price, Typed, "app.field.rent", at "money.rentPerHour";
    /// Price of electricity.
    Tariff = "kwh", Money, Typed, "app.field.tariff", at "money.tariffPerKwh";
    /// Power usage effectiveness.
    Pue = "pue", Money, Typed, "app.field.pue", at "money.pue";
    /// Share of the price lost when a card is sold at once.
    EntryLoss = "resale", Price, Typed, "app.field.entry-loss", at "money.entryLoss";
    /// Share of the price lost in each year of use.
    YearlyLoss = "wear", Price, Typed, "app.field.yearly-loss", at "money.yearlyLoss";
    /// Yuan for one unit of the catalogue's base currency.
    RateCny = "cny", Money, Typed, "app.form.money";
    /// Euros for one unit of it.
    RateEur = "eur", Money, Typed, "app.form.money";
    /// Dollars for one unit of it, where it is not the dollar.
    RateUsd = "usd", Money, Typed, "app.form.money";
    /// Cards that are compared, their ids between commas.
    Cards = "cards", Compared, Choice, "app.compare.cards";
    /// Setups that are compared, each packed ([`Link::pack`]), between slashes.
    Setups = "setups", Compared, Choice, "app.compare.setups";
    /// Figure of the cards that is charted.
    Figure = "figure", Page, Look, "app.embed.figure";
    /// View that is to be embedded.
    Widget = "widget", Page, Look, "app.embed.widget";
    /// Which table of the catalogue is shown.
    List = "list", Page, Tab, "app.nav.catalogue";
    /// Words that rows are searched for.
    Find = "find", Page, Look, "app.ledger.find";
    /// Column that rows are sorted by; with a hyphen before it, downwards.
    Sort = "sort", Page, Look, "app.ledger.sort";
    /// Generation of cards that is shown.
    Generation = "gen", Page, Look, "app.accuracy.by.generation";
    /// Kind of models that is shown.
    Category = "cat", Page, Look, "app.ledger.category";
    /// Kind of measurements that is shown.
    Kind = "kind", Page, Tab, "app.accuracy.kind.title";
    /// Kind of job whose measurements are shown.
    Measured = "measured", Page, Look, "app.accuracy.by.job";
    /// Size of models whose measurements are shown.
    Size = "size", Page, Look, "app.accuracy.by.size";
    /// Source whose measurements are shown.
    Source = "source", Page, Look, "app.accuracy.by.source";
    /// What measurements are grouped by.
    By = "group", Page, Look, "app.accuracy.by.title";
    /// The result that is opened.
    Open = "open", Page, Look, "app.form.answer";
}

impl Field {
    /// The field of that key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.key() == key)
    }

    /// The field that stands for a path of a request, or for the nearest that holds it.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let holds = |whole: &&str| path.strip_prefix(*whole).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        let nearest = |field: Self| field.paths().iter().filter(|whole| holds(whole)).map(|whole| whole.len()).max();
        let held = Self::ALL.iter().filter_map(|field| Some((nearest(*field)?, *field)));
        held.max_by_key(|(length, _)| *length).map(|(_, field)| field)
    }

    /// Whether it says how the page looks, not what it answers.
    #[must_use]
    pub const fn is_look(self) -> bool {
        matches!(self.set(), Set::Look | Set::Tab)
    }

    /// Whether it is picked from a list: each pick is a step that Back undoes, where the letters of a number are not.
    #[must_use]
    pub const fn is_choice(self) -> bool {
        matches!(self.set(), Set::Choice | Set::Tab)
    }
}
