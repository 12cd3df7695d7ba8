//! What PyTorch counts in transformers and PEFT, group by group: the bounds that the estimate is held to.

use super::case::Case;
use super::{FILES, Read, read};
use std::collections::BTreeMap;
use whichcard::estimate::{kept_for_backward, memory, operations, quantile};

/// What is asked for: half of a group within 1 %, 95 % of it within 5 %.
const ASKED: (f64, f64) = (0.01, 0.05);

/// Families that are held to something else than [`BOUND`], median and 95th percentile: a little above what is reached.
const FAMILIES: [(&str, (f64, f64)); 2] = [
    // Above the median asked for: of two runs one is exact, and in the other, with mixed precision, the forward pass holds 86 MB more
    // than is left at its end; what these are the record does not say.
    ("wav2vec2", (0.011, 0.022)),
    ("t5", (0.01, 0.02)),
];

/// Every other family and job.
const BOUND: (f64, f64) = (0.007, 0.012);

fn traced() -> Vec<Case> {
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).expect("the workspace folder exists");
    let Read { cases, skipped, .. } = read(&[FILES[0]]).expect("the record file is readable");
    assert!(skipped.is_empty(), "{} runs are left out", skipped.len());
    cases
}

/// Relative errors of the peak by group.
fn errors(cases: &[Case], group: impl Fn(&Case) -> String) -> BTreeMap<String, Vec<f64>> {
    let mut errors: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for case in cases {
        let counted = case.record.number("peak_bytes_total").expect("a run has a peak");
        let error = memory(&case.setup).allocated.get() / counted - 1.0;
        errors.entry(group(case)).or_default().push(error.abs());
    }
    errors
}

fn summary(name: &str, errors: &[f64]) -> (f64, f64) {
    let at = |share| quantile(errors, share).expect("a group has members");
    println!(
        "{name:28} {:4} median {:5.2} %  95 % within {:5.2} %  all {:5.2} %",
        errors.len(),
        at(0.5) * 100.0,
        at(0.95) * 100.0,
        at(1.0) * 100.0
    );
    (at(0.5), at(0.95))
}

fn hold(name: &str, errors: &[f64], bound: (f64, f64)) {
    let (median, most) = summary(name, errors);
    assert!(median <= bound.0 && most <= bound.1, "{name}: median {median:.4}, 95 % within {most:.4}; the bound is {bound:?}");
}

fn bound(family: &str) -> (f64, f64) {
    FAMILIES.iter().find(|(name, _)| *name == family).map_or(BOUND, |(_, bound)| *bound)
}

#[test]
fn peaks_agree_in_every_family_and_job() {
    let cases = traced();
    for (name, errors) in errors(&cases, |case| [case.record.text("arch"), case.record.text("task")].join(" ")) {
        let family = name.split(' ').next().unwrap_or_default();
        hold(&name, &errors, bound(family));
    }
    for (family, errors) in errors(&cases, |case| case.record.text("arch").to_owned()) {
        hold(&family, &errors, bound(&family));
    }
}

#[test]
fn peaks_agree_for_every_job_and_number_format() {
    for (name, errors) in errors(&traced(), |case| [case.record.text("task"), case.record.text("dtype_policy")].join(" ")) {
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
    for case in traced() {
        let Some(saved) = case.record.number("activation_bytes_saved") else { continue };
        let error = kept_for_backward(&case.setup).get() / saved - 1.0;
        errors.push(error.abs());
    }
    hold("kept for backward", &errors, (0.002, 0.01));
}

/// Operations of the forward pass and of the whole step, with what is computed again, within 2 %. Left out are experts, whose grouped
/// products are not in the counter's list, and the step of wav2vec 2.0: the counter takes the weight gradient of a convolution in 16
/// groups for that of one without groups, 16 times the work (142 of 1,007 GFLOPs).
#[test]
fn operations_of_the_step_agree() {
    let mut errors: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for case in traced().iter().filter(|case| case.setup.model.experts().is_none()) {
        let found = operations(&case.setup);
        for (field, estimated) in [("flops_forward", found.forward), ("flops_step", found.all())] {
            let Some(counted) = case.record.number(field).filter(|count| *count > 0.0) else { continue };
            if field == "flops_step" && case.record.text("arch") == "wav2vec2" {
                continue;
            }
            let error = estimated.get() / counted - 1.0;
            assert!(error.abs() < 0.02, "{} {field}: {error:+.4}", case.record.text("id"));
            errors.entry([case.record.text("task"), field].join(" ")).or_default().push(error.abs());
        }
    }
    assert_eq!(errors.values().map(Vec::len).sum::<usize>(), 364);
    for (name, errors) in errors {
        hold(&name, &errors, (0.001, 0.012));
    }
}
