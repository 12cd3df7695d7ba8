//! What estimates are held to, line by line: errors, bias, and how many readings lie inside the range.

use super::Outcome;
use super::document::{JOBS, QUANTITIES, Row, members};
use super::measure::Comparison;
use super::missed::Reasons;
use super::report::{percent, signed};
use anyhow::Result;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use whichcard::estimate::{Deviation, quantile};

/// Half of the errors, and a share of them, have to stay below these; the middle one of the signed errors within [`BIAS`].
pub struct Target {
    lines: &'static [&'static str],
    median: f64,
    most: Option<Most>,
    /// The share of readings inside the range is held as well, where the estimate has one.
    range: bool,
}

/// A share of the errors and what it has to stay below.
struct Most {
    share: f64,
    within: f64,
}

const fn most(share: f64, within: f64) -> Option<Most> {
    Some(Most { share, within })
}

/// Largest bias of a group.
pub const BIAS: f64 = 0.05;
/// What may be missed where the source is left out, over what may be missed on records the fit has seen.
pub const UNSEEN: f64 = 4.0 / 3.0;
/// Four readings in five belong inside the range: fewer and it promises too much, more and it is wider than needed.
const INSIDE: RangeInclusive<f64> = 0.75..=0.9;

const TARGETS: &[Target] = &[
    Target { lines: &["memory, counted by PyTorch's tracker"], median: 0.01, most: most(0.95, 0.05), range: false },
    Target {
        lines: &[
            "memory on real cards",
            "memory, the allocator's peak on real cards",
            "memory, `nvidia-smi` on real cards",
            "memory, reserved by the allocator",
        ],
        median: 0.08,
        most: most(0.9, 0.25),
        range: true,
    },
    Target {
        lines: &["memory, pre-training", "memory, full fine-tuning", "memory, LoRA", "memory, QLoRA", "memory, running"],
        median: 0.12,
        most: None,
        range: false,
    },
    Target { lines: &["training speed, language models"], median: 0.15, most: most(0.9, 0.4), range: true },
    Target { lines: &["training speed, vision", "training speed, speech synthesis"], median: 0.2, most: None, range: true },
    Target { lines: &["decode speed"], median: 0.12, most: most(0.9, 0.3), range: true },
    Target { lines: &["prefill speed, and other single passes", "image speed"], median: 0.2, most: None, range: true },
];

/// A line with its target, and what is reached on records the fit has seen and on sources it has not.
pub struct Line {
    pub name: &'static str,
    pub seen: Held,
    /// None where nothing is fitted.
    pub unseen: Option<Held>,
}

/// What is asked, what was reached, and what of it is not enough.
#[derive(Default)]
pub struct Held {
    target: String,
    reached: String,
    /// "errors" or "range", and in words.
    pub missed: Vec<(&'static str, String)>,
}

/// All lines.
pub fn lines(outcome: &Outcome) -> Vec<Line> {
    let rows = || QUANTITIES.iter().chain(&JOBS);
    let each = TARGETS.iter().flat_map(|target| target.lines.iter().map(move |line| (*line, target)));
    each.filter_map(|(line, target)| {
        let (name, belongs): &Row = rows().find(|(name, _)| *name == line)?;
        let members = members(outcome, *belongs);
        let seen: Vec<Comparison> = members.iter().map(|one| one.comparison).collect();
        let unseen: Vec<Comparison> = members.iter().filter_map(|one| one.unseen).collect();
        Some(Line { name, seen: target.held(&seen, 1.0)?, unseen: target.held(&unseen, UNSEEN) })
    })
    .collect()
}

/// What is missed, as [`Reasons`] are kept for it.
#[cfg(test)]
pub fn missed(outcome: &Outcome) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in lines(outcome) {
        for (what, _) in line.seen.missed.iter().chain(line.unseen.iter().flat_map(|held| &held.missed)) {
            names.push(key(line.name, what));
        }
    }
    names.sort();
    names.dedup();
    names
}

/// Whether a line may be held to no more than this: its target is no stricter, it has none, or a reason says why it is missed.
#[cfg(test)]
pub fn allows(line: &str, median: f64, most: f64, bias: f64, ease: f64) -> Result<bool> {
    let Some(target) = TARGETS.iter().find(|target| target.lines.contains(&line)) else { return Ok(true) };
    let within = target.most.as_ref().map_or(f64::INFINITY, |most| most.within * ease);
    let strict = median <= target.median * ease && most <= within && bias <= BIAS * ease;
    Ok(strict || Reasons::read()?.number(&key(line, "errors")).is_some())
}

fn key(line: &str, what: &str) -> String {
    format!("{line}: {what}")
}

/// The lines as a table, with the number of the reason where one is missed.
pub fn table(outcome: &Outcome) -> Result<String> {
    let reasons = Reasons::read()?;
    let mut text = String::from(
        "| line | target | reached | | source left out: target | reached | | why |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for line in lines(outcome) {
        let whats = ["errors", "range"].map(|what| reasons.number(&key(line.name, what)));
        let whys: Vec<String> = whats.into_iter().flatten().map(|number| number.to_string()).collect();
        let unseen = line.unseen.as_ref().map_or_else(|| " - | - | - |".to_owned(), Held::cells);
        _ = writeln!(text, "{}{unseen} {} |", line.start(), whys.join(", "));
    }
    Ok(text)
}

impl Line {
    /// The columns that the fit to all sources decides.
    pub fn start(&self) -> String {
        format!("| {} |{}", self.name, self.seen.cells())
    }
}

impl Held {
    fn cells(&self) -> String {
        let missed: Vec<&str> = self.missed.iter().map(|(_, words)| words.as_str()).collect();
        let verdict = if missed.is_empty() { "met".to_owned() } else { format!("**missed**: {}", missed.join(", ")) };
        format!(" {} | {} | {verdict} |", self.target, self.reached)
    }

    /// Adds one figure, and what to say if it is not enough.
    fn add(&mut self, target: String, reached: String, missed: Option<(&'static str, &str)>) {
        for (list, one) in [(&mut self.target, target), (&mut self.reached, reached)] {
            if !list.is_empty() {
                list.push_str(", ");
            }
            list.push_str(&one);
        }
        self.missed.extend(missed.map(|(what, words)| (what, words.to_owned())));
    }
}

impl Target {
    /// Whether these are good enough; none of nothing.
    fn held(&self, found: &[Comparison], ease: f64) -> Option<Held> {
        let errors: Vec<f64> = found.iter().map(Comparison::error).collect();
        let of = Deviation::of(&errors)?;
        let mut held = Held::default();
        let median = self.median * ease;
        held.add(format!("median {}", whole(median)), percent(of.median), (of.median > median).then_some(("errors", "median")));
        if let Some(most) = &self.most {
            let sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
            let (share, within) = (quantile(&sizes, most.share)?, most.within * ease);
            let name = format!("{:.0} % within", most.share * 100.0);
            held.add(format!("{name} {}", whole(within)), percent(share), (share > within).then_some(("errors", &name)));
        }
        let bias = BIAS * ease;
        held.add(format!("bias {}", whole(bias)), signed(of.bias), (of.bias.abs() > bias).then_some(("errors", "bias")));
        if let Some(inside) = inside(found).filter(|_| self.range) {
            let (low, high) = (INSIDE.start() * 100.0, INSIDE.end() * 100.0);
            let words = if inside < *INSIDE.start() { "too few in range" } else { "range wider than needed" };
            let missed = (!INSIDE.contains(&inside)).then_some(("range", words));
            held.add(format!("{low:.0} to {high:.0} % in range"), format!("{:.0} %", inside * 100.0), missed);
        }
        Some(held)
    }
}

/// Share of readings inside the range of their estimate.
pub fn inside(found: &[Comparison]) -> Option<f64> {
    let verdicts: Vec<bool> = found.iter().filter_map(Comparison::inside).collect();
    (!verdicts.is_empty()).then(|| verdicts.iter().filter(|inside| **inside).count() as f64 / verdicts.len() as f64)
}

fn whole(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    format!("{} %", text.trim_end_matches(".0"))
}
