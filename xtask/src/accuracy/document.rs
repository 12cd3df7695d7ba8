//! The figures of `docs/accuracy.md`, written between two marks, so that they are those of the last fit.

use super::causes::Causes;
use super::measure::Comparison;
use super::missed::Reasons;
use super::record::Kind;
use super::report::{percent, share, signed, width};
use super::{Judged, Outcome, counted, limit, missed, noted, report, targets};
use anyhow::{Context as _, Result};
use std::fmt::Write as _;
use whichcard::estimate::Deviation;
use whichcard::model::Category;

/// The document.
pub const PATH: &str = "docs/accuracy.md";
const BEGIN: &str = "<!-- figures: cargo xtask accuracy --document -->\n";
const END: &str = "<!-- end of figures -->";

/// A row of the table, and what belongs to it.
pub type Row = (&'static str, fn(&Judged) -> bool);

/// The quantities, training by what is trained.
pub const QUANTITIES: [Row; 12] = [
    ("memory, counted by PyTorch's tracker", |one| one.kind == Kind::TorchMemory),
    ("memory on real cards", |one| one.kind == Kind::Memory),
    ("memory, the allocator's peak on real cards", |one| one.kind == Kind::Memory && one.comparison.quantity == "memory allocated"),
    ("memory, `nvidia-smi` on real cards", |one| one.comparison.quantity == "memory in total"),
    ("memory, reserved by the allocator", |one| one.comparison.quantity == "memory reserved"),
    ("training speed, language models", |one| trains(one) && one.category.works_on_text()),
    ("training speed, vision", |one| trains(one) && matches!(one.category, Category::Vision | Category::Diffusion)),
    ("training speed, speech synthesis", |one| trains(one) && one.category == Category::SpeechSynthesis),
    ("decode speed", |one| one.comparison.quantity == "decode speed"),
    ("prefill speed, and other single passes", |one| one.comparison.quantity == "prefill speed"),
    ("image speed", |one| one.comparison.quantity == "image speed"),
    ("matrix products", |one| one.comparison.quantity == "product rate"),
];

/// Published memory and speed by job.
pub const JOBS: [Row; 8] = [
    ("memory, pre-training", |one| one.kind == Kind::Memory && one.job == "pretrain"),
    ("memory, full fine-tuning", |one| one.kind == Kind::Memory && one.job == "full-finetune"),
    ("memory, LoRA", |one| one.kind == Kind::Memory && one.job == "lora"),
    ("memory, QLoRA", |one| one.kind == Kind::Memory && one.job == "qlora"),
    ("memory, running", |one| one.kind == Kind::Memory && one.job == "inference"),
    ("speed, pre-training and full fine-tuning", |one| trains(one) && matches!(one.job.as_str(), "pretrain" | "full-finetune")),
    ("speed, LoRA", |one| trains(one) && one.job == "lora"),
    ("speed, QLoRA", |one| trains(one) && one.job == "qlora"),
];

fn trains(one: &Judged) -> bool {
    one.comparison.quantity == "training speed"
}

const BIASED: &str = "Groups of ten and more readings of one quantity whose bias is beyond 5 %, or beyond 6.7 % where their source is left out. \
                      *Within, but for* names the one source without which the group is not among them.";
const WHY: &str = "Percentages are errors of the estimate: above zero it is too high (more memory, faster).";
const COUNTED: &str =
    "Error of the peak in per cent: median / 95th percentile (runs). Asked for are 1 / 5 in every family and job.";

/// Puts the figures of this outcome into the document.
pub fn write(outcome: &Outcome, date: &str) -> Result<()> {
    let text = std::fs::read_to_string(PATH).with_context(|| format!("cannot read {PATH}"))?;
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("{PATH} has no `{}`", BEGIN.trim()))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{PATH} has no `{END}`"))?;
    std::fs::write(PATH, format!("{before}{BEGIN}\n{}\n{END}{after}", figures(outcome, date)?))
        .with_context(|| format!("cannot write {PATH}"))
}

fn figures(outcome: &Outcome, date: &str) -> Result<String> {
    let mut text = format!("Fit of {date}. {}\n\n{}", limit::sentence(outcome), table("quantity", &QUANTITIES, outcome));
    _ = write!(text, "\n{}\n{}\n", table("job", &JOBS, outcome), report::all_told(outcome));
    _ = write!(text, "\n### Against the targets\n\n{}", targets::table(outcome)?);
    _ = write!(text, "\n### Groups that are off to one side\n\n{BIASED}\n\n{}", missed::table(outcome)?);
    _ = write!(text, "\n### Why\n\n{WHY}\n\n{}", Reasons::read()?.text());
    _ = write!(text, "\n### What PyTorch's tracker counts\n\n{COUNTED}\n\n{}", counted::text()?);
    _ = write!(text, "\n### Notes that are read\n\n{}", noted::table()?);
    _ = write!(text, "\n### Readings more than 40 % away\n\n{}", Causes::of(outcome)?.text());
    Ok(text)
}

fn table(name: &str, rows: &[Row], outcome: &Outcome) -> String {
    let mut text = format!(
        "| {name} | records | median error | 90 % within | bias | in range | range | source left out: records | \
         median | 90 % within | bias | in range | range |\n| --- |{}\n",
        " --: |".repeat(12)
    );
    for (name, belongs) in rows {
        let members: Vec<&Judged> = members(outcome, *belongs);
        _ = writeln!(text, "{}{}", seen(name, &members), unseen(&members));
    }
    text
}

pub fn members(outcome: &Outcome, belongs: fn(&Judged) -> bool) -> Vec<&Judged> {
    outcome.judged.iter().filter(|one| one.comparison.bound.is_none() && !one.distrusted && belongs(one)).collect()
}

/// The columns that the fit to all sources decides.
fn seen(name: &str, members: &[&Judged]) -> String {
    let found: Vec<Comparison> = members.iter().map(|one| one.comparison).collect();
    format!("| {name} | {} |{}", members.len(), columns(&found))
}

/// The columns of the fits that have not seen the source of a record.
fn unseen(members: &[&Judged]) -> String {
    let found: Vec<Comparison> = members.iter().filter_map(|one| one.unseen).collect();
    let count = if found.is_empty() { "-".to_owned() } else { found.len().to_string() };
    format!(" {count} |{}", columns(&found))
}

/// Errors, the share inside the range, and its half-width as a factor.
fn columns(found: &[Comparison]) -> String {
    let Some(of) = Deviation::of(&found.iter().map(Comparison::error).collect::<Vec<_>>()) else {
        return " - | - | - | - | - |".to_owned();
    };
    let inside = share(found.iter().map(Comparison::inside));
    format!(" {} | {} | {} | {inside} | {} |", percent(of.median), percent(of.p90), signed(of.bias), width(found))
}

/// What of the document's figures takes no fit to know, line by line.
#[cfg(test)]
pub fn known(outcome: &Outcome) -> Vec<String> {
    let figures = QUANTITIES.iter().chain(&JOBS).map(|(name, belongs)| seen(name, &members(outcome, *belongs)));
    let figures = figures.chain(targets::lines(outcome).into_iter().map(|line| line.start()));
    let tables = [
        counted::text().expect("the runs are readable"),
        noted::table().expect("the records are readable"),
        Reasons::read().expect("the reasons are readable").text(),
    ];
    let figures = figures.chain(missed::known(outcome));
    figures.chain([limit::sentence(outcome), report::all_told(outcome)]).chain(tables).collect()
}
