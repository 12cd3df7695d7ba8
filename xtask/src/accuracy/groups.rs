//! What comparisons have in common: quantity, job, generation, software, source and size.

use super::record::Kind;
use super::{Judged, Outcome, Skip};
use std::collections::BTreeMap;

/// What a comparison or a record that was left out is grouped under.
pub type Label = for<'a> fn(&Described<'a>) -> &'a str;

/// What comparisons and records that were left out have in common.
pub struct Described<'a> {
    kind: &'static str,
    quantity: &'a str,
    job: &'a str,
    generation: &'a str,
    stack: &'a str,
    source: &'a str,
    size: &'a str,
}

impl<'a> From<&'a Judged> for Described<'a> {
    fn from(judged: &'a Judged) -> Self {
        let Judged { job, generation, stack, source, size, .. } = judged;
        Self { kind: judged.kind.name(), quantity: judged.comparison.quantity, job, generation, stack, source, size }
    }
}

impl<'a> From<&'a Skip> for Described<'a> {
    fn from(skip: &'a Skip) -> Self {
        let Skip { job, generation, stack, source, size, .. } = skip;
        Self { kind: skip.kind.name(), quantity: "left out", job, generation, stack, source, size }
    }
}

/// Ways to group comparisons.
pub const VIEWS: [(&str, Label); 6] = [
    ("quantity", |one| one.quantity),
    ("job", |one| one.job),
    ("generation", |one| one.generation),
    ("framework", |one| one.stack),
    ("source", |one| one.source),
    ("model size", |one| one.size),
];

/// Comparisons with a measured value, not only a limit, that their collector trusts.
pub fn measured(outcome: &Outcome) -> Vec<&Judged> {
    outcome.judged.iter().filter(|judged| judged.comparison.bound.is_none() && !judged.distrusted).collect()
}

/// What is said of one group.
#[derive(Default)]
pub struct Group<'a> {
    pub members: Vec<&'a Judged>,
    pub skipped: Vec<&'a Skip>,
}

/// Comparisons and records that were left out, by label.
pub fn groups<'a>(outcome: &'a Outcome, key: Label) -> BTreeMap<String, Group<'a>> {
    let label = |one: Described| format!("{}: {}", one.kind, key(&one));
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for judged in measured(outcome) {
        groups.entry(label(judged.into())).or_default().members.push(judged);
    }
    for skip in &outcome.skipped {
        groups.entry(label(skip.into())).or_default().skipped.push(skip);
    }
    groups
}

/// A property that comparisons are told apart by.
type Property = fn(&Judged) -> &str;

/// The properties whose groups have to be free of bias, the one that explains most first.
const PROPERTIES: [(&str, Property); 5] = [
    ("source", |one| &one.source),
    ("job", |one| &one.job),
    ("framework", |one| one.stack),
    ("generation", |one| &one.generation),
    ("size", |one| one.size),
];

/// Comparisons of one quantity that share a property, or several where the same ones share them.
pub struct Kin<'a> {
    /// "decode speed, source llmfit_community".
    pub name: String,
    pub members: Vec<&'a Judged>,
}

/// Groups of published readings by property and quantity, each set of readings once.
pub fn kin(outcome: &Outcome) -> Vec<Kin<'_>> {
    let mut all: Vec<Kin> = Vec::new();
    for (property, of) in PROPERTIES {
        let mut found: BTreeMap<(&str, &str), Vec<&Judged>> = BTreeMap::new();
        for judged in measured(outcome).into_iter().filter(|one| one.kind != Kind::TorchMemory) {
            found.entry((judged.comparison.quantity, of(judged))).or_default().push(judged);
        }
        for ((quantity, value), members) in found {
            let same = |known: &&mut Kin| {
                known.members.len() == members.len()
                    && known.members.iter().zip(&members).all(|(one, other)| std::ptr::eq(*one, *other))
            };
            match all.iter_mut().find(same) {
                Some(known) => known.name.push_str(&format!(", {property} {value}")),
                None => all.push(Kin { name: format!("{quantity}, {property} {value}"), members }),
            }
        }
    }
    all
}
