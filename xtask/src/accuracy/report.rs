//! The tables: by kind, quantity, job, generation, source, size, and the worst.

use super::groups::{Group, VIEWS, groups, measured};
use super::measure::Comparison;
use super::{Judged, Outcome, framework, limit, targets};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use whichcard::estimate::{Deviation, quantile};

/// The report as Markdown.
pub fn markdown(outcome: &Outcome) -> String {
    let mut text = String::from("# Estimates against measurements\n\n");
    skips(&mut text, outcome);
    let all = measured(outcome);
    let unseen = all.iter().any(|judged| judged.unseen.is_some());
    for (name, key) in VIEWS {
        _ = write!(
            text,
            "\n## By {name}\n\n| {name} | n | skipped | groups | median error | 90 % within | bias | median over groups | in range |"
        );
        text.push_str(if unseen { " unseen: median | 90 % within | bias | in range | range |" } else { "" });
        text.push_str("\n|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        text.push_str(if unseen { "--:|--:|--:|--:|--:|\n" } else { "\n" });
        for (label, group) in groups(outcome, key) {
            row(&mut text, &label, &group, unseen);
        }
    }
    against_targets(&mut text, outcome);
    worst(&mut text, &all);
    worst_by_group(&mut text, outcome);
    distrusted(&mut text, outcome);
    rules(&mut text);
    limits(&mut text, outcome);
    text
}

/// The lines that something of these records belongs to.
fn against_targets(text: &mut String, outcome: &Outcome) {
    _ = writeln!(text, "\n## Against the targets\n\n| line | target | reached | |\n|---|---|---|---|");
    for line in targets::lines(outcome) {
        _ = writeln!(text, "{}", line.start());
    }
}

fn row(text: &mut String, label: &str, Group { members, skipped }: &Group, unseen: bool) {
    let errors: Vec<f64> = members.iter().map(|judged| judged.error()).collect();
    let medians = group_medians(members);
    let (Some(summary), Some(groups)) = (Deviation::of(&errors), Deviation::of(&medians)) else {
        _ = writeln!(text, "| {label} | 0 | {} |{}", skipped.len(), " - |".repeat(if unseen { 11 } else { 6 }));
        return;
    };
    let inside = share(members.iter().map(|judged| judged.inside()));
    let columns = [percent(summary.median), percent(summary.p90), signed(summary.bias), percent(groups.median), inside].join(" | ");
    _ = write!(text, "| {label} | {} | {} | {} | {columns} |", summary.count, skipped.len(), groups.count);
    text.push_str(&if unseen { unseen_columns(members) } else { "\n".to_owned() });
}

/// The ten members of a group that are furthest off.
pub fn furthest<'a>(members: &[&'a Judged]) -> Vec<&'a Judged> {
    let mut sorted = members.to_vec();
    sorted.sort_by(|a, b| b.error().abs().total_cmp(&a.error().abs()));
    sorted.truncate(10);
    sorted
}

/// One line for each group of each view.
fn worst_by_group(text: &mut String, outcome: &Outcome) {
    for (name, key) in VIEWS.into_iter().skip(1) {
        _ = writeln!(text, "\n## Worst ten by {name}\n\n| {name} | records |\n|---|---|");
        for (label, group) in groups(outcome, key) {
            let worst = furthest(&group.members);
            let named: Vec<String> = worst.iter().map(|one| format!("{} {:+.0} %", one.id, one.error() * 100.0)).collect();
            _ = writeln!(text, "| {label} | {} |", named.join(", "));
        }
    }
}

/// Readings that are shown and count for nothing.
fn distrusted(text: &mut String, outcome: &Outcome) {
    let found: Vec<&Judged> = outcome.judged.iter().filter(|judged| judged.distrusted).collect();
    if found.is_empty() {
        return;
    }
    _ = writeln!(
        text,
        "\n## Readings that their collector calls wrong\n\nEstimated and shown, in none of the tables above. {}\n",
        all_told(outcome)
    );
    text.push_str("| record | what | measured | estimated | error |\n|---|---|--:|--:|--:|\n");
    for judged in found {
        line(text, judged);
    }
}

/// The figures of the quantities that have such readings, with all of them counted.
pub fn all_told(outcome: &Outcome) -> String {
    let mut quantities: BTreeMap<&str, (Vec<f64>, usize)> = BTreeMap::new();
    for judged in outcome.judged.iter().filter(|judged| judged.comparison.bound.is_none()) {
        let (errors, distrusted) = quantities.entry(judged.comparison.quantity).or_default();
        errors.push(judged.error());
        *distrusted += usize::from(judged.distrusted);
    }
    let figures =
        quantities.iter().filter(|(_, (_, distrusted))| *distrusted > 0).filter_map(|(quantity, (errors, distrusted))| {
            let of = Deviation::of(errors)?;
            Some(format!("{quantity} ({distrusted} more): median {}, 90 % within {}", percent(of.median), percent(of.p90)))
        });
    let figures: Vec<String> = figures.collect();
    if figures.is_empty() {
        return String::new();
    }
    format!("With the readings counted that their collector calls wrong: {}.", figures.join("; "))
}

fn line(text: &mut String, judged: &Judged) {
    let Comparison { quantity, measured, estimated, .. } = judged.comparison;
    let (measured, estimated) = (figure(quantity, measured), figure(quantity, estimated));
    _ = writeln!(text, "| {} | {} | {measured} | {estimated} | {:+.0} % |", judged.id, judged.what, judged.error() * 100.0);
}

/// Median error of every group of one sweep.
fn group_medians(members: &[&Judged]) -> Vec<f64> {
    let mut groups: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for judged in members {
        groups.entry(&judged.group).or_default().push(judged.error());
    }
    groups.values().filter_map(|errors| quantile(errors, 0.5)).collect()
}

/// The same figures by factors that have not seen the source, and the mean width of the range around them.
fn unseen_columns(members: &[&Judged]) -> String {
    let unseen: Vec<Comparison> = members.iter().filter_map(|judged| judged.unseen).collect();
    let Some(summary) = Deviation::of(&unseen.iter().map(Comparison::error).collect::<Vec<_>>()) else {
        return " - | - | - | - | - |\n".to_owned();
    };
    let inside = share(unseen.iter().map(Comparison::inside));
    let columns = [percent(summary.median), percent(summary.p90), signed(summary.bias), inside, width(&unseen)].join(" | ");
    format!(" {columns} |\n")
}

/// Mean half-width of the ranges as a factor.
pub fn width(found: &[Comparison]) -> String {
    let widths: Vec<f64> = found.iter().filter_map(|one| one.range).map(|(low, high)| (high / low).sqrt().ln()).collect();
    if widths.is_empty() {
        return "-".to_owned();
    }
    format!("x/ {:.2}", (widths.iter().sum::<f64>() / widths.len() as f64).exp())
}

/// Share of measured values inside the estimates' own ranges.
pub fn share(verdicts: impl Iterator<Item = Option<bool>>) -> String {
    let verdicts: Vec<bool> = verdicts.flatten().collect();
    if verdicts.is_empty() {
        return "-".to_owned();
    }
    format!("{:.0} %", 100.0 * verdicts.iter().filter(|inside| **inside).count() as f64 / verdicts.len() as f64)
}

pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

pub fn signed(share: f64) -> String {
    format!("{:+.1} %", share * 100.0)
}

fn skips(text: &mut String, outcome: &Outcome) {
    for (kind, (records, skipped)) in &outcome.counts {
        let share = 100.0 * *skipped as f64 / (*records).max(1) as f64;
        _ = writeln!(text, "- {}: {records} records, {skipped} skipped ({share:.1} %)", kind.name());
    }
    let mut reasons: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for skip in &outcome.skipped {
        *reasons.entry((skip.kind.name(), &skip.reason)).or_default() += 1;
    }
    text.push_str("\n| skipped | why | n |\n|---|---|--:|\n");
    for ((kind, reason), count) in reasons {
        _ = writeln!(text, "| {kind} | {reason} | {count} |");
    }
}

fn worst(text: &mut String, all: &[&Judged]) {
    let mut quantities: Vec<&str> = all.iter().map(|judged| judged.comparison.quantity).collect();
    quantities.sort_unstable();
    quantities.dedup();
    for quantity in quantities {
        let of_quantity: Vec<&Judged> = all.iter().copied().filter(|judged| judged.comparison.quantity == quantity).collect();
        _ = writeln!(text, "\n## Worst ten: {quantity}\n\n| record | what | measured | estimated | error |\n|---|---|--:|--:|--:|");
        for judged in furthest(&of_quantity) {
            line(text, judged);
        }
    }
}

fn rules(text: &mut String) {
    text.push_str("\n## Defaults of each framework\n\n");
    for rule in framework::rules() {
        _ = writeln!(text, "- {rule}");
    }
}

fn figure(quantity: &str, value: f64) -> String {
    if quantity.starts_with("memory") { format!("{:.2} GiB", value / 1_073_741_824.0) } else { format!("{value:.3}") }
}

fn limits(text: &mut String, outcome: &Outcome) {
    _ = writeln!(text, "\n## Limits\n\n{}\n", limit::sentence(outcome));
    for judged in outcome.judged.iter().filter(|judged| judged.comparison.bound == Some(false)) {
        let Comparison { quantity, measured, estimated, .. } = judged.comparison;
        let (capacity, need) = (figure("memory", measured), figure("memory", estimated));
        _ = writeln!(text, "- wrong: {} ({}), {quantity}: {need} of {capacity}", judged.id, judged.what);
    }
}
