//! What PyTorch counts in transformers and PEFT: peaks by family and job, and operations of a step.

use super::case::Case;
use super::{FILES, Read, read};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use whichcard::estimate::{memory, operations, quantile};

/// Errors by group.
type Errors = BTreeMap<String, Vec<f64>>;

/// What operations are held to.
const OPERATIONS: f64 = 0.02;

/// The runs, and how many are left out.
fn traced() -> Result<(Vec<Case>, usize)> {
    let Read { cases, skipped, .. } = read(&[FILES[0]])?;
    Ok((cases, skipped.len()))
}

/// Relative errors of the peak by group.
fn peaks(cases: &[Case], group: impl Fn(&Case) -> String) -> Errors {
    let mut errors = Errors::new();
    for case in cases {
        let Some(counted) = case.record.reading() else { continue };
        let error = memory(&case.setup).allocated.get() / counted - 1.0;
        errors.entry(group(case)).or_default().push(error.abs());
    }
    errors
}

/// Relative errors of the operations of the forward pass and of the whole step, with what is computed again. Left out are experts,
/// whose grouped products are not in the counter's list, and the step of wav2vec 2.0: the counter takes the weight gradient of a
/// convolution in 16 groups for that of one without groups, 16 times the work (142 of 1,007 GFLOPs).
fn worked(cases: &[Case]) -> Errors {
    let mut errors = Errors::new();
    for case in cases.iter().filter(|case| case.setup.model.experts().is_none()) {
        let found = operations(&case.setup);
        for (field, estimated) in [("flops_forward", found.forward), ("flops_step", found.all())] {
            let Some(counted) = case.record.number(field).filter(|count| *count > 0.0) else { continue };
            if field == "flops_step" && family(case) == "wav2vec2" {
                continue;
            }
            let error = estimated.get() / counted - 1.0;
            errors.entry([job(case), field.to_owned()].join(" ")).or_default().push(error.abs());
        }
    }
    errors
}

fn family(case: &Case) -> String {
    case.record.text("arch").to_owned()
}

fn job(case: &Case) -> String {
    case.record.text("task").to_owned()
}

/// Both as tables.
pub fn text() -> Result<String> {
    let (cases, _) = traced()?;
    let jobs: BTreeSet<String> = cases.iter().map(job).collect();
    let mut text = String::from("| family |");
    let names: Vec<String> = jobs.iter().map(|job| job.replace('_', " ")).chain(["all".to_owned()]).collect();
    _ = writeln!(text, " {} |\n| --- |{}", names.join(" | "), " --: |".repeat(names.len()));
    let cells = peaks(&cases, |case| [family(case), job(case)].join(" "));
    for (name, all) in peaks(&cases, family) {
        let jobs = jobs.iter().map(|job| cells.get(&format!("{name} {job}")));
        _ = writeln!(text, "| {name} | {} |", jobs.chain([Some(&all)]).map(cell).collect::<Vec<_>>().join(" | "));
    }
    let by_job = peaks(&cases, job);
    let all = peaks(&cases, |_| String::new());
    let last = jobs.iter().map(|job| by_job.get(job)).chain([all.values().next()]);
    _ = writeln!(text, "| all | {} |", last.map(cell).collect::<Vec<_>>().join(" | "));
    text.push_str(
        "\n| operations | target | runs | median error | 95 % within | largest | |\n| --- | --: | --: | --: | --: | --: | --- |\n",
    );
    for (name, field) in [("of the forward pass", "flops_forward"), ("of the whole step", "flops_step")] {
        let errors: Vec<f64> =
            worked(&cases).into_iter().filter(|(key, _)| key.ends_with(field)).flat_map(|(_, errors)| errors).collect();
        let at = |share| quantile(&errors, share).unwrap_or_default();
        let verdict = if at(1.0) <= OPERATIONS { "met" } else { "**missed**" };
        let figures = [0.5, 0.95, 1.0].map(|share| format!("{:.2} %", at(share) * 100.0)).join(" | ");
        _ = writeln!(text, "| {name} | {:.0} % | {} | {figures} | {verdict} |", OPERATIONS * 100.0, errors.len());
    }
    Ok(text)
}

/// "0.02 / 0.41 (12)": median, 95th percentile, runs.
fn cell(errors: Option<&Vec<f64>>) -> String {
    let figures = errors.and_then(|errors| Some((quantile(errors, 0.5)?, quantile(errors, 0.95)?, errors.len())));
    figures.map_or_else(|| "-".to_owned(), |(median, most, runs)| format!("{:.2} / {:.2} ({runs})", median * 100.0, most * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use whichcard::estimate::kept_for_backward;

    /// What is asked for: half of a group within 1 %, 95 % of it within 5 %.
    const ASKED: (f64, f64) = (0.01, 0.05);

    /// Families that are held to something else than [`BOUND`], median and 95th percentile: a little above what is reached.
    const FAMILIES: [(&str, (f64, f64)); 2] = [
        // Above the median asked for: of two runs one is exact, and in the other, with mixed precision, the forward pass holds 86
        // MB more than is left at its end; what these are the record does not say.
        ("wav2vec2", (0.011, 0.022)),
        ("t5", (0.01, 0.02)),
    ];

    /// Every other family and job.
    const BOUND: (f64, f64) = (0.007, 0.012);

    fn runs() -> Vec<Case> {
        std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).expect("the workspace folder exists");
        let (cases, left_out) = traced().expect("the record file is readable");
        assert_eq!(left_out, 0);
        cases
    }

    fn hold(name: &str, errors: &[f64], bound: (f64, f64)) {
        let at = |share| quantile(errors, share).expect("a group has members");
        let (median, most) = (at(0.5), at(0.95));
        println!("{name:28} {:4} median {median:.4}  95 % within {most:.4}  all {:.4}", errors.len(), at(1.0));
        assert!(median <= bound.0 && most <= bound.1, "{name}: median {median:.4}, 95 % within {most:.4}; the bound is {bound:?}");
    }

    fn bound(family: &str) -> (f64, f64) {
        FAMILIES.iter().find(|(name, _)| *name == family).map_or(BOUND, |(_, bound)| *bound)
    }

    #[test]
    fn peaks_agree_in_every_family_and_job() {
        let cases = runs();
        for (name, errors) in peaks(&cases, |case| [family(case), job(case)].join(" ")) {
            hold(&name, &errors, bound(name.split(' ').next().unwrap_or_default()));
        }
        for (family, errors) in peaks(&cases, family) {
            hold(&family, &errors, bound(&family));
        }
    }

    #[test]
    fn peaks_agree_for_every_job_and_number_format() {
        for (name, errors) in peaks(&runs(), |case| [case.record.text("task"), case.record.text("dtype_policy")].join(" ")) {
            hold(&name, &errors, (0.005, 0.016));
        }
    }

    /// The bounds above are no looser than what is asked for, but for the one median that says why.
    #[test]
    fn bounds_are_those_asked_for() {
        for (name, (median, most)) in FAMILIES.into_iter().chain([("others", BOUND)]) {
            assert!(name == "wav2vec2" || median <= ASKED.0, "{name}");
            assert!(most <= ASKED.1, "{name}");
        }
    }

    #[test]
    fn what_forward_keeps_agrees() {
        let mut errors = Vec::new();
        for case in runs() {
            let Some(saved) = case.record.number("activation_bytes_saved") else { continue };
            let error = kept_for_backward(&case.setup).get() / saved - 1.0;
            errors.push(error.abs());
        }
        hold("kept for backward", &errors, (0.002, 0.01));
    }

    #[test]
    fn operations_of_the_step_agree() {
        let errors = worked(&runs());
        assert_eq!(errors.values().map(Vec::len).sum::<usize>(), 364);
        for (name, errors) in errors {
            hold(&name, &errors, (0.001, 0.012));
            assert!(errors.iter().all(|error| *error < OPERATIONS), "{name}: {errors:?}");
        }
    }
}
