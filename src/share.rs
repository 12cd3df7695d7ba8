//! The page's whole state as a short readable query string, and back.
//!
//! A [`Link`] holds what the visitor typed, as text, field by field: reading it as numbers and names comes later, so that a link
//! with a mistake in it still opens with everything in place. What is absent has its default. Both directions are total:
//! [`Link::read`] accepts any text, and reading what [`Link::write`] wrote gives the same link back.

mod packed;

use crate::document::{Keyword, keyword};
use std::fmt::Write;

/// Version of the spelling below; raised when a key changes its meaning.
const VERSION: u32 = 1;

keyword! {
    /// Which question the visitor asks; the name is that in links.
    #[derive(Default)]
    View {
        /// Which card do I need?
        #[default]
        Advise = "advise",
        /// What can my card do?
        Card = "card",
        /// Will this setup work?
        Inspect = "inspect",
        /// What does a model take from nothing to serving?
        Scratch = "scratch",
        /// How do cards differ?
        Compare = "compare",
        /// What does the catalogue know of cards and models?
        Catalogue = "catalogue",
        /// How near do estimates come to measurements?
        Accuracy = "accuracy",
        /// What is this, and who stands behind its figures?
        About = "about",
        /// How did the generations of cards grow?
        Generations = "generations",
        /// How does an answer get into an article?
        Embed = "embed",
    }
}

impl View {
    /// Questions a visitor comes with, in the order of the page's entrances.
    pub const QUESTIONS: &'static [Self] = &[Self::Advise, Self::Card, Self::Inspect, Self::Scratch];
    /// Views to look things up in.
    pub const REFERENCE: &'static [Self] = &[Self::Compare, Self::Catalogue, Self::Accuracy, Self::About];
    /// Views that have a compact form for the column of an article.
    pub const WIDGETS: &'static [Self] = &[Self::Advise, Self::Inspect, Self::Card, Self::Compare, Self::Generations];
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)+) => {
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
        }
    };
}

fields! {
    /// Language of the page.
    Lang = "lang",
    /// Light, dark or the system's choice.
    Theme = "theme",
    /// Inside another page.
    Embed = "embed",
    /// `0` for the whole page inside another one, where only the answer and what it asks would be shown.
    Compact = "compact",
    /// Task of the catalogue.
    Task = "task",
    /// Catalogue model, a size such as `13B`, or `config`.
    Model = "model",
    /// Pasted Hugging Face configuration.
    Config = "config",
    /// Kind of job.
    Job = "job",
    /// Tokens per training sequence.
    Sequence = "seq",
    /// Tokens the decoder writes for a training sequence.
    TargetLength = "target",
    /// Training samples.
    Samples = "samples",
    /// Passes over the samples.
    Epochs = "epochs",
    /// Training tokens.
    Tokens = "tokens",
    /// Sequences per optimizer step.
    Batch = "batch",
    /// Prompt tokens.
    Prompt = "prompt",
    /// Generated tokens.
    Output = "out",
    /// Requests at once.
    Users = "users",
    /// Catalogue card, or `custom`.
    Card = "card",
    /// Cards in the machine.
    Count = "n",
    /// Link between them.
    Link = "link",
    /// Memory of a custom card.
    Vram = "vram",
    /// Bandwidth of a custom card.
    Bandwidth = "bw",
    /// Tensor peak of a custom card.
    Tflops = "tflops",
    /// Compute capability of a custom card.
    Capability = "cc",
    /// Board power of a custom card.
    Tdp = "tdp",
    /// Memory taken by the display and other programs.
    Reserved = "reserved",
    /// Power limit per card.
    PowerLimit = "limit",
    /// What one machine sends to others.
    Network = "net",
    /// Main memory of a machine.
    MainMemory = "mem",
    /// What the processor reads from main memory.
    HostMemory = "ram",
    /// Storage of weights.
    Weights = "weights",
    /// Number formats.
    Precision = "prec",
    /// Optimizer.
    Optimizer = "opt",
    /// How the optimizer's step is executed.
    OptimizerKernel = "step",
    /// Sequences per pass.
    MicroBatch = "mb",
    /// Passes per optimizer step.
    Accumulation = "ga",
    /// Activation checkpointing.
    Checkpointing = "ckpt",
    /// Attention kernel.
    Attention = "attn",
    /// Loss kernel.
    Loss = "loss",
    /// Software.
    Stack = "stack",
    /// Adapter rank.
    Rank = "rank",
    /// Adapter layers.
    Targets = "targets",
    /// Share of adapter inputs that is dropped.
    Dropout = "drop",
    /// Embedding and output layer beside adapters, frozen or trained.
    Embeddings = "emb",
    /// Storage of the key/value cache.
    KvCache = "kv",
    /// Decoding of images.
    VaeTiling = "vae",
    /// Sharding of replicas.
    Sharding = "shard",
    /// Tensor parallelism.
    Tensor = "tp",
    /// Pipeline stages.
    Pipeline = "pp",
    /// Cards that share the experts of a layer.
    Expert = "ep",
    /// Cards that share a sequence.
    ContextParallel = "cp",
    /// What is kept in host memory.
    Offload = "offload",
    /// What the ranking is for.
    Objective = "goal",
    /// Currency of every amount.
    Currency = "cur",
    /// Money there is.
    Budget = "budget",
    /// Time there is.
    Deadline = "by",
    /// Power there is.
    Watts = "watts",
    /// Most power at the wall.
    Wall = "wall",
    /// The power supply that is there.
    Supply = "psu",
    /// Slots that are free.
    Slots = "slots",
    /// New or used cards.
    Condition = "cond",
    /// Desktop, laptop or server.
    Form = "form",
    /// Most cards in one machine.
    MostCards = "most",
    /// Country, for prices of electricity and for what may be sold there.
    Country = "country",
    /// Price of one card.
    Price = "price",
    /// Rent of one card for an hour.
    Rent = "rent",
    /// Price of electricity.
    Tariff = "kwh",
    /// Power usage effectiveness.
    Pue = "pue",
    /// Yuan for one unit of the catalogue's base currency.
    RateCny = "cny",
    /// Euros for one unit of it.
    RateEur = "eur",
    /// Dollars for one unit of it, where it is not the dollar.
    RateUsd = "usd",
    /// Cards that are compared, their ids between commas.
    Cards = "cards",
    /// Setups that are compared, each packed ([`Link::pack`]), between slashes.
    Setups = "setups",
    /// Figure of the cards that is charted.
    Figure = "figure",
    /// View that is to be embedded.
    Widget = "widget",
    /// Which table of the catalogue is shown.
    List = "list",
    /// Words that rows are searched for.
    Find = "find",
    /// Column that rows are sorted by; with a hyphen before it, downwards.
    Sort = "sort",
    /// Generation of cards that is shown.
    Generation = "gen",
    /// Kind of models that is shown.
    Category = "cat",
    /// Kind of measurements that is shown.
    Kind = "kind",
    /// Kind of job whose measurements are shown.
    Measured = "measured",
    /// Size of models whose measurements are shown.
    Size = "size",
    /// Source whose measurements are shown.
    Source = "source",
    /// What measurements are grouped by.
    By = "group",
    /// The result that is opened.
    Open = "open",
}

impl Field {
    /// The field of that key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.key() == key)
    }
}

/// What a link says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    view: View,
    values: Vec<(Field, String)>,
    foreign: Vec<(String, String)>,
}

impl Link {
    /// A link to a view, everything else by default.
    #[must_use]
    pub const fn to(view: View) -> Self {
        Self { view, values: Vec::new(), foreign: Vec::new() }
    }

    /// The question it asks.
    #[must_use]
    pub const fn view(&self) -> View {
        self.view
    }

    /// What was typed into a field; `None` where it has its default.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == field).map(|(_, text)| text.as_str())
    }

    /// All fields that are set, in the order of [`Field::ALL`].
    pub fn values(&self) -> impl Iterator<Item = (Field, &str)> {
        self.values.iter().map(|(field, text)| (*field, text.as_str()))
    }

    /// Keys nobody reads, repeated keys, and values of `view` and `v` that mean nothing here: shown to the visitor, kept in the link.
    #[must_use]
    pub fn foreign(&self) -> &[(String, String)] {
        &self.foreign
    }

    /// The version of a link that a newer page wrote: its keys may have meant something else there.
    #[must_use]
    pub fn newer(&self) -> Option<u32> {
        let versions = self.foreign.iter().filter(|(key, _)| key == "v").filter_map(|(_, text)| text.parse::<u32>().ok());
        versions.filter(|version| *version > VERSION).max()
    }

    /// The same with another view.
    #[must_use]
    pub fn at(mut self, view: View) -> Self {
        self.view = view;
        self
    }

    /// The same with a field set.
    #[must_use]
    pub fn with(mut self, field: Field, text: impl Into<String>) -> Self {
        self = self.without(field);
        let place = self.values.partition_point(|(known, _)| *known < field);
        self.values.insert(place, (field, text.into()));
        self
    }

    /// The same with a field back at its default.
    #[must_use]
    pub fn without(mut self, field: Field) -> Self {
        self.values.retain(|(known, _)| *known != field);
        self.foreign.retain(|(key, _)| key != field.key());
        self
    }

    /// The same without what nobody reads.
    #[must_use]
    pub fn without_foreign(mut self) -> Self {
        self.foreign.clear();
        self
    }

    /// Reads a query string, with or without its `?`. The first value of a key counts.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let mut link = Self::default();
        let (mut viewed, mut versioned) = (false, false);
        for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (key, value) = (decode(key), decode(value));
            match (key.as_str(), View::from_name(&value), Field::from_key(&key)) {
                ("v", _, _) if !versioned && value.parse() == Ok(VERSION) => versioned = true,
                ("view", Some(view), _) if !viewed => {
                    link.view = view;
                    viewed = true;
                }
                (_, _, Some(field)) if link.get(field).is_none() => link = link.with(field, value),
                _ if is_tracking(&key, &value) => {}
                _ => link.foreign.push((key, value)),
            }
        }
        link
    }

    /// Writes the query string, without a `?`.
    #[must_use]
    pub fn write(&self) -> String {
        let mut query = format!("v={VERSION}&view={}", self.view.name());
        let known = self.values.iter().map(|(field, text)| (field.key(), text));
        let foreign = self.foreign.iter().map(|(key, text)| (key.as_str(), text));
        for (key, text) in known.chain(foreign) {
            query.push('&');
            encode(key, &mut query);
            query.push('=');
            encode(text, &mut query);
        }
        query
    }
}

/// Whether a part of a link says only where its reader comes from: other sites and their applications add it when a link is passed on,
/// nobody meant it, and it is not passed on from here. `web/early.js` knows the same.
#[must_use]
pub fn is_tracking(key: &str, value: &str) -> bool {
    match key {
        "from" => ["timeline", "singlemessage", "groupmessage"].contains(&value),
        "fbclid" | "gclid" | "gbraid" | "wbraid" | "msclkid" | "twclid" | "ttclid" | "yclid" | "igshid" | "igsh" | "mc_cid"
        | "mc_eid" | "isappinstalled" | "share_token" | "spm" | "ref_src" | "ref_url" => true,
        _ => key.starts_with("utm_"),
    }
}

/// Letters, digits and a few signs that need no escape in a query stay readable; a space is `+`.
fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' | b',' | b'/' => into.push(char::from(byte)),
            b' ' => into.push('+'),
            // Writing to a String cannot fail.
            _ => drop(write!(into, "%{byte:02X}")),
        }
    }
}

/// Undoes [`encode`]; a `%` without two hexadecimal digits stands for itself, and bytes that are not UTF-8 become U+FFFD.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let pair = (byte == b'%').then(|| Some((hex(ahead.next()?)?, hex(ahead.next()?)?))).flatten();
        match (byte, pair) {
            (_, Some((high, low))) => {
                bytes.push(high << 4 | low);
                rest = ahead;
            }
            (b'+', None) => bytes.push(b' '),
            (byte, None) => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
