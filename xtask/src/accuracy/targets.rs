//! What estimates are held to, line by line, and the groups that are off to one side.

use super::document::{JOBS, QUANTITIES, Row, members};
use super::report::{self, percent, signed};
use super::{Judged, Outcome};
use std::fmt::Write as _;
use whichcard::estimate::{Deviation, quantile};

/// Half of the errors, and a share of them, have to stay below these; the middle one of the signed errors within [`BIAS`].
struct Target {
    lines: &'static [&'static str],
    median: f64,
    most: Option<Most>,
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
const BIAS: f64 = 0.05;
/// What may be missed where the source is left out, over what may be missed on records the fit has seen.
const UNSEEN: f64 = 4.0 / 3.0;
/// Fewest records that tell a bias.
const ENOUGH: usize = 10;

const TARGETS: &[Target] = &[
    Target { lines: &["memory, counted by PyTorch's tracker"], median: 0.01, most: most(0.95, 0.05) },
    Target {
        lines: &[
            "memory, the allocator's peak on real cards",
            "memory, `nvidia-smi` on real cards",
            "memory, reserved by the allocator",
        ],
        median: 0.08,
        most: most(0.9, 0.25),
    },
    Target {
        lines: &["memory, pre-training", "memory, full fine-tuning", "memory, LoRA", "memory, QLoRA", "memory, running"],
        median: 0.12,
        most: None,
    },
    Target { lines: &["training speed, language models"], median: 0.15, most: most(0.9, 0.4) },
    Target { lines: &["training speed, vision", "training speed, speech synthesis"], median: 0.2, most: None },
    Target { lines: &["decode speed"], median: 0.12, most: most(0.9, 0.3) },
    Target { lines: &["prefill speed, and other single passes", "image speed"], median: 0.2, most: None },
];

/// Each line with its target, what the fit reaches, and what it reaches without the source.
pub fn table(outcome: &Outcome) -> String {
    let mut text = String::from(
        "| line | target | reached | | source left out: target | reached | |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (seen, unseen) in lines(outcome) {
        _ = writeln!(text, "{seen}{unseen}");
    }
    text
}

/// The lines, each in what the fit to all sources decides and the rest.
pub fn lines(outcome: &Outcome) -> Vec<(String, String)> {
    let rows = || QUANTITIES.iter().chain(&JOBS);
    let each = TARGETS.iter().flat_map(|target| target.lines.iter().map(move |line| (*line, target)));
    each.filter_map(|(line, target)| {
        let (name, belongs): &Row = rows().find(|(name, _)| *name == line)?;
        let members = members(outcome, *belongs);
        let seen: Vec<f64> = members.iter().map(|one| one.error()).collect();
        let unseen: Vec<f64> = members.iter().filter_map(|one| Some(one.unseen?.error())).collect();
        Some((format!("| {name} |{}", target.held(&seen, 1.0)), target.held(&unseen, UNSEEN)))
    })
    .collect()
}

impl Target {
    /// Target, what was reached, and whether it is enough.
    fn held(&self, errors: &[f64], ease: f64) -> String {
        let Some(of) = Deviation::of(errors) else { return " - | - | - |".to_owned() };
        let mut target = format!("median {}", whole(self.median * ease));
        let mut reached = percent(of.median);
        let mut met = of.median <= self.median * ease && of.bias.abs() <= BIAS * ease;
        if let Some(most) = &self.most {
            let sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
            let share = quantile(&sizes, most.share).unwrap_or_default();
            _ = write!(target, ", {:.0} % within {}", most.share * 100.0, whole(most.within * ease));
            _ = write!(reached, ", {}", percent(share));
            met &= share <= most.within * ease;
        }
        _ = write!(target, ", bias {}", whole(BIAS * ease));
        _ = write!(reached, ", {}", signed(of.bias));
        format!(" {target} | {reached} | {} |", if met { "met" } else { "**missed**" })
    }
}

fn whole(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    format!("{} %", text.trim_end_matches(".0"))
}

/// Groups by job, generation, software and size whose bias is beyond what is wanted, seen or with the source left out.
pub fn biased(outcome: &Outcome) -> String {
    let mut text = String::from("| group | records | bias | source left out: bias |\n| --- | --: | --: | --: |\n");
    for (label, members) in report::groups_of_kind(outcome) {
        let (seen, unseen) = biases(&members);
        let beyond = |bias: Option<f64>, most: f64| bias.is_some_and(|bias| bias.abs() > most);
        if members.len() >= ENOUGH && (beyond(seen, BIAS) || beyond(unseen, BIAS * UNSEEN)) {
            let shown = |bias: Option<f64>| bias.map_or_else(|| "-".to_owned(), signed);
            _ = writeln!(text, "| {label} | {} | {} | {} |", members.len(), shown(seen), shown(unseen));
        }
    }
    text
}

fn biases(members: &[&Judged]) -> (Option<f64>, Option<f64>) {
    let seen: Vec<f64> = members.iter().map(|one| one.error()).collect();
    let unseen: Vec<f64> = members.iter().filter_map(|one| Some(one.unseen?.error())).collect();
    (quantile(&seen, 0.5), quantile(&unseen, 0.5))
}
