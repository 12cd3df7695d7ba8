//! The tables: by kind, quantity, job, generation, source, size, and the worst.

use super::measure::Comparison;
use super::{Judged, Outcome, framework};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use whichcard::estimate::{Deviation, quantile};

/// The label a comparison is grouped under.
type Label = fn(&Judged) -> String;

/// Ways to group comparisons.
const VIEWS: [(&str, Label); 6] = [
    ("quantity", |judged| format!("{}: {}", judged.kind.name(), judged.comparison.quantity)),
    ("job", |judged| format!("{}: {}", judged.kind.name(), judged.job)),
    ("generation", |judged| format!("{}: {}", judged.kind.name(), judged.generation)),
    ("framework", |judged| format!("{}: {}", judged.kind.name(), judged.stack)),
    ("source", |judged| format!("{}: {}", judged.kind.name(), judged.source)),
    ("model size", |judged| format!("{}: {}", judged.kind.name(), judged.size)),
];

/// Comparisons with a measured value, not only a limit.
fn measured(outcome: &Outcome) -> Vec<&Judged> {
    outcome.judged.iter().filter(|judged| judged.comparison.bound.is_none()).collect()
}

/// The report as Markdown.
pub fn markdown(outcome: &Outcome) -> String {
    let mut text = String::from("# Estimates against measurements\n\n");
    skips(&mut text, outcome);
    let all = measured(outcome);
    let unseen = all.iter().any(|judged| judged.unseen.is_some());
    for (name, key) in VIEWS {
        _ = write!(
            text,
            "\n## By {name}\n\n| {name} | n | groups | median error | 90 % within | bias | median over groups | in range |"
        );
        text.push_str(if unseen { " unseen: median | 90 % within | bias | in range | range |" } else { "" });
        text.push_str("\n|---|--:|--:|--:|--:|--:|--:|--:|");
        text.push_str(if unseen { "--:|--:|--:|--:|--:|\n" } else { "\n" });
        for (label, members) in labelled(&all, key) {
            let errors: Vec<f64> = members.iter().map(|judged| judged.error()).collect();
            let medians = group_medians(&members);
            let (Some(summary), Some(groups)) = (Deviation::of(&errors), Deviation::of(&medians)) else { continue };
            let inside = share(members.iter().map(|judged| judged.inside()));
            let columns =
                [percent(summary.median), percent(summary.p90), signed(summary.bias), percent(groups.median), inside].join(" | ");
            _ = write!(text, "| {label} | {} | {} | {columns} |", summary.count, groups.count);
            text.push_str(&if unseen { unseen_columns(&members) } else { "\n".to_owned() });
        }
    }
    worst(&mut text, &all);
    rules(&mut text);
    limits(&mut text, outcome);
    text
}

/// Comparisons by label.
fn labelled<'a>(all: &[&'a Judged], key: Label) -> BTreeMap<String, Vec<&'a Judged>> {
    let mut by_label: BTreeMap<String, Vec<&Judged>> = BTreeMap::new();
    for judged in all {
        by_label.entry(key(judged)).or_default().push(judged);
    }
    by_label
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
    let widths: Vec<f64> = unseen.iter().filter_map(|one| one.range).map(|(low, high)| (high / low).sqrt().ln()).collect();
    let width = if widths.is_empty() {
        "-".to_owned()
    } else {
        format!("x/ {:.2}", (widths.iter().sum::<f64>() / widths.len() as f64).exp())
    };
    format!(" {} | {} | {} | {inside} | {width} |\n", percent(summary.median), percent(summary.p90), signed(summary.bias))
}

/// Share of measured values inside the estimates' own ranges.
fn share(verdicts: impl Iterator<Item = Option<bool>>) -> String {
    let verdicts: Vec<bool> = verdicts.flatten().collect();
    if verdicts.is_empty() {
        return "-".to_owned();
    }
    format!("{:.0} %", 100.0 * verdicts.iter().filter(|inside| **inside).count() as f64 / verdicts.len() as f64)
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn signed(share: f64) -> String {
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
        let mut of_quantity: Vec<&&Judged> = all.iter().filter(|judged| judged.comparison.quantity == quantity).collect();
        of_quantity.sort_by(|a, b| b.error().abs().total_cmp(&a.error().abs()));
        _ = writeln!(text, "\n## Worst ten: {quantity}\n\n| record | what | measured | estimated | error |\n|---|---|--:|--:|--:|");
        for judged in of_quantity.into_iter().take(10) {
            let Comparison { measured, estimated, .. } = judged.comparison;
            let (measured, estimated) = (figure(quantity, measured), figure(quantity, estimated));
            _ = writeln!(text, "| {} | {} | {measured} | {estimated} | {:+.0} % |", judged.id, judged.what, judged.error() * 100.0);
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
    let bounds: Vec<&Judged> = outcome.judged.iter().filter(|judged| judged.comparison.bound.is_some()).collect();
    let right = bounds.iter().filter(|judged| judged.comparison.bound == Some(true)).count();
    _ = writeln!(text, "\n## Limits\n\n{right} of {} published limits (fits, does not fit) are met.", bounds.len());
}

/// Every comparison, for other programs.
pub fn rows(outcome: &Outcome) -> Value {
    let row = |judged: &Judged| {
        json!({"id": judged.id, "kind": judged.kind.name(), "job": judged.job, "generation": judged.generation,
            "source": judged.source, "stack": judged.stack, "size": judged.size, "group": judged.group, "what": judged.what,
            "quantity": judged.comparison.quantity, "measured": judged.comparison.measured,
            "estimated": judged.comparison.estimated, "error": judged.error(), "bound": judged.comparison.bound,
            "unseen": judged.unseen.map(|unseen| unseen.estimated), "range": judged.comparison.range})
    };
    let skip = |skip: &super::Skip| json!({"id": skip.id, "kind": skip.kind.name(), "reason": skip.reason});
    json!({"compared": outcome.judged.iter().map(row).collect::<Vec<_>>(),
        "skipped": outcome.skipped.iter().map(skip).collect::<Vec<_>>()})
}
