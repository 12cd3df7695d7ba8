//! Why some targets are missed (`missed.json`), held against what is: lines of the table of targets, and
//! groups of readings that are off to one side.

use super::groups::{Kin, kin};
use super::report::signed;
#[cfg(test)]
use super::targets;
use super::targets::{BIAS, UNSEEN};
use super::{Judged, Outcome};
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use whichcard::estimate::quantile;

const TEXT: &str = include_str!("missed.json");
/// Fewest readings that tell a bias.
const ENOUGH: usize = 10;

/// A reason and what it explains: a line with what of it is missed ("image speed: errors"), or a group by name.
#[derive(Deserialize)]
struct Reason {
    why: String,
    of: Vec<String>,
}

/// All reasons, numbered from one.
pub struct Reasons(Vec<Reason>);

impl Reasons {
    pub fn read() -> Result<Self> {
        serde_json::from_str(TEXT).map(Self).context("missed.json is not a list of reasons")
    }

    /// The number of the reason for this.
    pub fn number(&self, missed: &str) -> Option<usize> {
        self.0.iter().position(|reason| reason.of.iter().any(|one| one == missed)).map(|place| place + 1)
    }

    /// As a numbered list.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (place, reason) in self.0.iter().enumerate() {
            _ = writeln!(text, "{}. {}", place + 1, reason.why);
        }
        text
    }

    /// What is missed without a reason, and reasons for what is not missed.
    #[cfg(test)]
    pub fn wrong(&self, outcome: &Outcome) -> Vec<String> {
        let biased = biased(outcome).into_iter().map(|group| group.name);
        let missed: Vec<String> = targets::missed(outcome).into_iter().chain(biased).collect();
        let explained = || self.0.iter().flat_map(|reason| &reason.of);
        let unexplained = missed.iter().filter_map(|one| {
            let reasons = explained().filter(|known| *known == one).count();
            (reasons != 1).then(|| format!("{one}: {reasons} reasons"))
        });
        unexplained.chain(explained().filter(|known| !missed.contains(known)).map(|known| format!("{known}: not missed"))).collect()
    }
}

/// Groups of [`ENOUGH`] readings whose bias is beyond what is wanted, seen or with the source left out.
fn biased(outcome: &Outcome) -> Vec<Kin<'_>> {
    kin(outcome).into_iter().filter(|group| group.members.len() >= ENOUGH && !fine(&group.members)).collect()
}

fn fine(members: &[&Judged]) -> bool {
    let within = |bias: Option<f64>, most: f64| bias.is_none_or(|bias| bias.abs() <= most);
    let (seen, unseen) = biases(members);
    within(seen, BIAS) && within(unseen, BIAS * UNSEEN)
}

fn biases(members: &[&Judged]) -> (Option<f64>, Option<f64>) {
    let seen: Vec<f64> = members.iter().map(|one| one.error()).collect();
    let unseen: Vec<f64> = members.iter().filter_map(|one| Some(one.unseen?.error())).collect();
    (quantile(&seen, 0.5), quantile(&unseen, 0.5))
}

/// The groups that are off to one side, with the number of the reason.
pub fn table(outcome: &Outcome) -> Result<String> {
    let reasons = Reasons::read()?;
    let mut text = String::from(
        "| group | records | bias | source left out: bias | within, but for | why |\n| --- | --: | --: | --: | --- | --: |\n",
    );
    for group in biased(outcome) {
        let why = reasons.number(&group.name).map_or_else(|| "**not explained**".to_owned(), |number| number.to_string());
        let unseen = shown(biases(&group.members).1);
        let but = but_for(&group.members).unwrap_or_default();
        _ = writeln!(text, "{} {unseen} | {but} | {why} |", start(&group));
    }
    Ok(text)
}

/// The columns that the fit to all sources decides.
fn start(Kin { name, members }: &Kin) -> String {
    format!("| {name} | {} | {} |", members.len(), shown(biases(members).0))
}

fn shown(bias: Option<f64>) -> String {
    bias.map_or_else(|| "-".to_owned(), signed)
}

/// What of the table takes no fit to know, line by line.
#[cfg(test)]
pub fn known(outcome: &Outcome) -> Vec<String> {
    biased(outcome).iter().map(start).collect()
}

/// The one source without which a group of several has no bias.
fn but_for(members: &[&Judged]) -> Option<String> {
    let mut sources: BTreeMap<&str, usize> = BTreeMap::new();
    for one in members {
        *sources.entry(&one.source).or_default() += 1;
    }
    let mut largest: Vec<(&str, usize)> = sources.into_iter().collect();
    largest.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    largest.into_iter().find_map(|(source, count)| {
        let rest: Vec<&Judged> = members.iter().copied().filter(|one| one.source != source).collect();
        (rest.len() >= ENOUGH / 2 && fine(&rest)).then(|| format!("{source} ({count})"))
    })
}
