//! What the number fields measure: units, limits, an example.

use whichcard::error::{Limit, Unit};
use whichcard::request::limits;
use whichcard::text::{Lang, say, words};
use whichcard::units::HOURS_PER_MONTH;

/// What a typed number measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// Units of this measure and what they multiply by.
    units: &'static [(&'static str, f64)],
    /// The same as words of the languages.
    words: &'static [(&'static str, f64)],
    /// What a number without a unit multiplies by; `None` where the unit must be written.
    bare: Option<f64>,
    /// What the library accepts.
    pub limit: Limit,
    /// Name of the example in the locale files.
    pub name: &'static str,
}

/// Multiples that any number may have, besides words of the languages.
const MULTIPLES: &[(&str, f64)] = &[("k", 1e3), ("m", 1e6), ("b", 1e9), ("g", 1e9), ("t", 1e12)];
/// Context lengths come in powers of two: 8k is 8,192.
const LENGTH: &[(&str, f64)] = &[("k", 1024.0), ("m", 1_048_576.0)];
const GIB: &[(&str, f64)] = &[
    ("gib", 1.0),
    ("gb", 1.0),
    ("g", 1.0),
    ("tib", 1024.0),
    ("tb", 1024.0),
    ("t", 1024.0),
    ("mib", 1.0 / 1024.0),
    ("mb", 1.0 / 1024.0),
    ("m", 1.0 / 1024.0),
];
const BYTES: &[(&str, f64)] = &[
    ("gib", 1_073_741_824.0),
    ("gb", 1_073_741_824.0),
    ("g", 1_073_741_824.0),
    ("mib", 1_048_576.0),
    ("mb", 1_048_576.0),
    ("m", 1_048_576.0),
];
const GBS: &[(&str, f64)] = &[("gb/s", 1.0), ("gbs", 1.0), ("tb/s", 1e3), ("g", 1.0), ("t", 1e3)];
const TFLOPS: &[(&str, f64)] = &[("tflops", 1.0), ("pflops", 1e3), ("t", 1.0), ("p", 1e3)];
const GBITS: &[(&str, f64)] =
    &[("gb/s", 1.0), ("gbps", 1.0), ("gbit/s", 1.0), ("g", 1.0), ("tb/s", 1e3), ("tbps", 1e3), ("t", 1e3)];
const WATTS: &[(&str, f64)] = &[("w", 1.0), ("kw", 1e3)];
const HOURS: &[(&str, f64)] =
    &[("min", 1.0 / 60.0), ("m", 1.0 / 60.0), ("h", 1.0), ("d", 24.0), ("w", 168.0), ("y", 12.0 * HOURS_PER_MONTH)];
const PERCENT: &[(&str, f64)] = &[("%", 0.01)];
const BILLIONS: &[(&str, f64)] = &[("b", 1.0), ("m", 1e-3), ("t", 1e3)];

impl Measure {
    const fn plain(name: &'static str, limit: Limit) -> Self {
        Self::with(name, &[], limit)
    }

    const fn with(name: &'static str, units: &'static [(&'static str, f64)], limit: Limit) -> Self {
        Self::worded(name, units, &[], limit)
    }

    const fn worded(
        name: &'static str,
        units: &'static [(&'static str, f64)],
        words: &'static [(&'static str, f64)],
        limit: Limit,
    ) -> Self {
        Self { units, words, bare: Some(1.0), limit, name }
    }

    /// Tokens of one sequence or prompt.
    pub const LENGTH: Self = Self::with("length", LENGTH, limits::LENGTH);
    /// Tokens of an output, which may be none.
    pub const OUTPUT: Self = Self::with("output", LENGTH, limits::OUTPUT);
    /// Side of an image, or its width and height.
    pub const SIDE: Self = Self::plain("side", limits::IMAGE_SIDE);
    /// Steps of denoising.
    pub const STEPS: Self = Self::plain("steps", limits::STEPS);
    /// Tokens in all.
    pub const TOKENS: Self = Self::plain("tokens", limits::TOKENS);
    /// Samples in all.
    pub const SAMPLES: Self = Self::plain("samples", limits::SAMPLES);
    /// Passes over the data.
    pub const EPOCHS: Self = Self::plain("epochs", limits::EPOCHS);
    /// Sequences per optimizer step.
    pub const GLOBAL_BATCH: Self = Self::plain("batch", limits::GLOBAL_BATCH);
    /// Sequences per pass, or passes per step.
    pub const BATCH: Self = Self::plain("batch", limits::BATCH);
    /// Requests at once.
    pub const USERS: Self = Self::plain("users", limits::CONCURRENCY);
    /// Cards, or a degree of parallelism.
    pub const CARDS: Self = Self::plain("cards", limits::CARDS);
    /// Slots of a machine.
    pub const SLOTS: Self = Self::plain("cards", limits::SLOTS);
    /// Share of what adapters read that is dropped.
    pub const DROPOUT: Self = Self::plain("dropout", limits::DROPOUT);
    /// Rank of adapters.
    pub const RANK: Self = Self::plain("rank", limits::RANK);
    /// Money there is.
    pub const BUDGET: Self = Self::plain("budget", limits::BUDGET);
    /// Price of a card.
    pub const PRICE: Self = Self::plain("price", limits::PRICE);
    /// Rent of a card for an hour.
    pub const RENT: Self = Self::plain("rent", limits::RENT);
    /// Price of electricity.
    pub const TARIFF: Self = Self::plain("tariff", limits::TARIFF);
    /// What a unit of one currency buys of another.
    pub const RATE: Self = Self::plain("rate", limits::EXCHANGE_RATE);
    /// Power usage effectiveness.
    pub const PUE: Self = Self::plain("pue", limits::PUE);
    /// Share of its price that a card loses.
    pub const LOSS: Self = Self::with("loss", PERCENT, limits::LOSS);
    /// A length of time, in hours.
    pub const HOURS: Self = Self::worded("hours", HOURS, words::TIME, limits::DEADLINE);
    /// Power of all cards.
    pub const POWER: Self = Self::worded("power", WATTS, words::POWER, limits::POWER);
    /// Power limit of one card.
    pub const POWER_LIMIT: Self = Self::worded("board-power", WATTS, words::POWER, limits::POWER_LIMIT);
    /// Board power of a card.
    pub const BOARD_POWER: Self = Self::worded("board-power", WATTS, words::POWER, limits::BOARD_POWER);
    /// Memory of a card, in GiB.
    pub const VRAM: Self = Self::with("vram", GIB, limits::VRAM);
    /// Main memory of a machine, in GiB.
    pub const HOST_MEMORY: Self = Self::with("vram", GIB, limits::HOST_MEMORY);
    /// Memory that is taken, in bytes; a number alone is GiB.
    pub const RESERVED: Self = Self { units: BYTES, bare: Some(Unit::Bytes.scale()), ..Self::plain("reserved", limits::RESERVED) };
    /// Memory bandwidth, in GB/s.
    pub const BANDWIDTH: Self = Self::with("bandwidth", GBS, limits::BANDWIDTH);
    /// What a machine sends to others, in Gb/s.
    pub const NETWORK: Self = Self::with("network", GBITS, limits::NETWORK);
    /// Arithmetic peak, in TFLOPS.
    pub const TFLOPS: Self = Self::with("tflops", TFLOPS, limits::TENSOR_PEAK);
    /// Model size, in billions of parameters; the unit must be written.
    pub const BILLIONS: Self = Self { units: BILLIONS, bare: None, ..Self::plain("billions", limits::SIZE) };

    /// All measures, for tests of what holds for each.
    #[cfg(test)]
    pub const ALL: &'static [Self] = &[
        Self::LENGTH,
        Self::OUTPUT,
        Self::SIDE,
        Self::STEPS,
        Self::TOKENS,
        Self::SAMPLES,
        Self::EPOCHS,
        Self::GLOBAL_BATCH,
        Self::BATCH,
        Self::USERS,
        Self::CARDS,
        Self::SLOTS,
        Self::DROPOUT,
        Self::RANK,
        Self::BUDGET,
        Self::PRICE,
        Self::RENT,
        Self::TARIFF,
        Self::RATE,
        Self::PUE,
        Self::LOSS,
        Self::HOURS,
        Self::POWER,
        Self::POWER_LIMIT,
        Self::BOARD_POWER,
        Self::VRAM,
        Self::HOST_MEMORY,
        Self::RESERVED,
        Self::BANDWIDTH,
        Self::NETWORK,
        Self::TFLOPS,
        Self::BILLIONS,
    ];

    /// Something valid, to show in a message.
    pub fn example(&self, lang: Lang) -> String {
        say(lang, &format!("app.example.{}", self.name), &[])
    }

    /// Whether it is an amount of money, or a price of one in another.
    pub(super) fn is_money(&self) -> bool {
        matches!(self.name, "budget" | "price" | "rent" | "tariff" | "rate")
    }

    /// What a suffix multiplies by: a unit, a multiple, or a multiple in words before a unit ("1.5万瓦").
    pub(super) fn factor(&self, suffix: &str) -> Option<f64> {
        let known = |list: &[(&str, f64)], text: &str| list.iter().find(|(name, _)| *name == text).map(|(_, factor)| *factor);
        let unit = |text: &str| {
            if text.is_empty() { self.bare } else { known(self.units, text).or_else(|| known(self.words, text)) }
        };
        if let Some(factor) = unit(suffix) {
            return Some(factor);
        }
        if let Some(factor) = known(MULTIPLES, suffix) {
            return self.bare.map(|bare| bare * factor);
        }
        if let Some(factor) = known(words::NUMBERS, suffix) {
            // A size is in billions, and none is in thousands.
            return self.bare.map(|bare| bare * factor).or_else(|| (factor >= 1e6).then_some(factor / 1e9));
        }
        let counted = words::NUMBERS.iter().filter(|(name, _)| suffix.len() > name.len());
        counted.filter_map(|(name, factor)| Some(unit(suffix.strip_prefix(name)?)? * factor)).next()
    }
}
