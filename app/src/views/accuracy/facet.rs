//! What comparisons are filtered and grouped by.

use super::data::{Comparison, Data};
use crate::context::Env;
use whichcard::card::Generation;
use whichcard::request::{JobKind, Keyword};
use whichcard::share::Field;

/// A property of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    Quantity,
    Job,
    Generation,
    Size,
    Source,
}

/// A kind of quantities: what can stand in one picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Memory,
    Training,
    Decode,
    Prefill,
    Images,
    Arithmetic,
}

impl Kind {
    pub const ALL: [Self; 6] = [Self::Memory, Self::Training, Self::Decode, Self::Prefill, Self::Images, Self::Arithmetic];

    /// Its name in links and keys.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Training => "training",
            Self::Decode => "decode",
            Self::Prefill => "prefill",
            Self::Images => "images",
            Self::Arithmetic => "arithmetic",
        }
    }

    /// The kind of a quantity.
    pub fn of(quantity: &str) -> Self {
        match quantity {
            "training speed" => Self::Training,
            "decode speed" => Self::Decode,
            "prefill speed" => Self::Prefill,
            "image speed" => Self::Images,
            memory if memory.starts_with("memory") => Self::Memory,
            _ => Self::Arithmetic,
        }
    }
}

/// Classes of size, by the number of parameters they begin with.
const SIZES: [(&str, u64); 6] = [
    ("none", 0),
    ("tiny", 1),
    ("small", 500_000_000),
    ("middle", 4_000_000_000),
    ("large", 10_000_000_000),
    ("huge", 40_000_000_000),
];

impl Facet {
    /// Those that there is a filter for.
    pub const FILTERS: [Self; 4] = [Self::Job, Self::Generation, Self::Size, Self::Source];
    /// Those that there is a table for.
    pub const GROUPS: [Self; 5] = [Self::Quantity, Self::Job, Self::Generation, Self::Size, Self::Source];

    /// The field of its filter; quantities are chosen by kind.
    pub const fn field(self) -> Field {
        match self {
            Self::Quantity => Field::Kind,
            Self::Job => Field::Measured,
            Self::Generation => Field::Generation,
            Self::Size => Field::Size,
            Self::Source => Field::Source,
        }
    }

    /// Its name in links and keys.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Quantity => "quantity",
            Self::Job => "job",
            Self::Generation => "generation",
            Self::Size => "size",
            Self::Source => "source",
        }
    }

    /// What a comparison is in this respect.
    pub fn of<'a>(self, env: &Env, data: &'a Data, one: &Comparison) -> &'a str {
        let found = match self {
            Self::Quantity => data.quantities.get(one.quantity).map(|(name, _)| name.as_str()),
            Self::Job => data.jobs.get(one.job).map(String::as_str),
            Self::Generation => {
                let card = data.cards.get(one.card).and_then(|id| env.catalog.card(id));
                card.map(|card| card.generation.name())
            }
            Self::Size => data.models.get(one.model).map(|(_, parameters)| size(*parameters)),
            Self::Source => data.sources.get(one.source).map(|(title, _)| title.as_str()),
        };
        found.unwrap_or_default()
    }

    /// Whether its groups stand in the order of their keys, not of their first comparison.
    pub fn rank(self, value: &str) -> usize {
        let order: &[&str] = match self {
            // From what asks least of a card to what asks most.
            Self::Job => return JobKind::NAMES.iter().rev().position(|known| *known == value).unwrap_or(JobKind::NAMES.len()),
            Self::Generation => Generation::NAMES,
            Self::Size => return SIZES.iter().position(|(name, _)| *name == value).unwrap_or_default(),
            Self::Quantity | Self::Source => &[],
        };
        order.iter().position(|known| *known == value).unwrap_or(order.len())
    }

    /// What a value is called.
    pub fn name(self, env: &Env, value: &str) -> String {
        match self {
            Self::Quantity => env.say(&format!("app.accuracy.quantity.{}", value.replace(' ', "-"))),
            Self::Job if value == "microbenchmark" => env.say("app.accuracy.single-operations"),
            Self::Job => env.name("job", value),
            Self::Generation if value.is_empty() => env.say("app.accuracy.other"),
            Self::Generation => env.say(&format!("app.generation.{value}")),
            Self::Size => env.say(&format!("app.accuracy.size.{value}")),
            Self::Source => value.to_owned(),
        }
    }
}

fn size(parameters: u64) -> &'static str {
    SIZES.iter().rev().find(|(_, from)| parameters >= *from).map_or("none", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quantity_has_a_kind() {
        let known = [("memory in total", Kind::Memory), ("image speed", Kind::Images), ("bandwidth", Kind::Arithmetic)];
        for (quantity, expected) in known {
            assert_eq!(Kind::of(quantity), expected);
        }
    }

    #[test]
    fn sizes_begin_where_they_say() {
        let classes = [0, 1, 499_999_999, 500_000_000, 8_030_261_248, 13_000_000_000, 405_853_388_800].map(size);
        assert_eq!(classes, ["none", "tiny", "tiny", "small", "middle", "large", "huge"]);
    }
}
