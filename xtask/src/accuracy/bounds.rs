//! Bounds on the errors against published measurements: what is asked for, and what the test holds, a little above what the last fit
//! reached.

use super::record::Kind;
use super::tests::whole;
use super::{Judged, Outcome, page};
use serde_json::Value;
use whichcard::estimate::Deviation;
use whichcard::model::Category;

/// Median and 90th percentile of the absolute error.
type Errors = (f64, f64);

/// A bound on a group of comparisons.
struct Bound {
    name: &'static str,
    belongs: fn(&Judged) -> bool,
    /// What the test holds.
    held: Errors,
    /// What is asked for; nothing where nothing is.
    asked: Errors,
}

/// Where nothing is asked for.
const ANY: f64 = f64::INFINITY;

/// By quantity and job, as fitted to all sources.
const SEEN: [Bound; 14] = [
    Bound { name: "published memory", belongs: memory, held: (0.055, 0.22), asked: (0.08, 0.25) },
    Bound { name: "memory, pre-training", belongs: |one| of_job(one, "pretrain"), held: (0.105, 0.25), asked: (0.12, ANY) },
    Bound { name: "memory, full fine-tuning", belongs: |one| of_job(one, "full-finetune"), held: (0.06, 0.19), asked: (0.12, ANY) },
    Bound { name: "memory, LoRA", belongs: |one| of_job(one, "lora"), held: (0.05, 0.20), asked: (0.12, ANY) },
    Bound { name: "memory, QLoRA", belongs: |one| of_job(one, "qlora"), held: (0.065, 0.25), asked: (0.12, ANY) },
    Bound { name: "memory, running", belongs: |one| of_job(one, "inference"), held: (0.02, 0.09), asked: (0.12, ANY) },
    Bound {
        name: "training, language models",
        belongs: |one| trains(one) && language(one),
        held: (0.09, 0.40),
        asked: (0.15, 0.40),
    },
    Bound { name: "training, vision", belongs: |one| trains(one) && vision(one), held: (0.115, 0.30), asked: (0.20, ANY) },
    Bound { name: "training, speech", belongs: |one| trains(one) && speech(one), held: (0.19, 0.65), asked: (0.20, ANY) },
    // All together, speech synthesis among them.
    Bound { name: "training", belongs: trains, held: (0.10, 0.40), asked: (0.15, 0.40) },
    Bound { name: "decode", belongs: |one| is(one, "decode speed"), held: (0.09, 0.28), asked: (0.12, 0.30) },
    Bound { name: "prefill", belongs: |one| is(one, "prefill speed"), held: (0.13, 0.42), asked: (0.20, ANY) },
    Bound { name: "images", belongs: |one| is(one, "image speed"), held: (0.13, 0.55), asked: (ANY, ANY) },
    Bound { name: "products", belongs: |one| is(one, "product rate"), held: (0.06, 0.20), asked: (ANY, ANY) },
];

fn is(one: &Judged, quantity: &str) -> bool {
    one.comparison.quantity == quantity
}

fn memory(one: &Judged) -> bool {
    one.kind == Kind::Memory
}

fn of_job(one: &Judged, job: &str) -> bool {
    memory(one) && one.job == job
}

fn trains(one: &Judged) -> bool {
    is(one, "training speed")
}

fn language(one: &Judged) -> bool {
    one.category.is_language()
}

fn vision(one: &Judged) -> bool {
    matches!(one.category, Category::Vision | Category::Diffusion)
}

fn speech(one: &Judged) -> bool {
    matches!(one.category, Category::SpeechRecognition | Category::SpeechSynthesis)
}

/// By quantity, each source judged by factors fitted without it: asked for is a third more than of those seen.
const UNSEEN: [(&str, Errors, Errors); 6] = [
    ("memory in total", (0.08, 0.24), (0.107, 0.334)),
    ("memory reserved", (0.10, 0.334), (0.107, 0.334)),
    ("training speed", (0.15, 0.533), (0.20, 0.533)),
    ("decode speed", (0.11, 0.32), (0.16, 0.40)),
    ("prefill speed", (0.19, 0.44), (0.267, ANY)),
    ("product rate", (0.06, 0.20), (ANY, ANY)),
];

/// The bias asked for.
const BIAS: f64 = 0.05;
/// What the bias of speech synthesis is held to: it misses what is asked for, and the document says so.
const SPEECH_BIAS: f64 = 0.07;

fn hold(name: &str, errors: &[f64], held: Errors) -> Deviation {
    let found = Deviation::of(errors).expect("there are records");
    println!(
        "{name:28} {:4}: median {:.3}, 90 % within {:.3}, bias {:+.3}; held to {held:?}",
        found.count, found.median, found.p90, found.bias
    );
    assert!(found.count > 15, "{name}: {} records", found.count);
    assert!(found.median <= held.0 && found.p90 <= held.1, "{name}: {found:?}, held to {held:?}");
    found
}

fn errors(outcome: &Outcome, belongs: fn(&Judged) -> bool) -> Vec<f64> {
    let measured = outcome.judged.iter().filter(|one| one.comparison.bound.is_none() && !one.distrusted && belongs(one));
    measured.map(Judged::error).collect()
}

#[test]
fn errors_stay_within_bounds() {
    let outcome = whole();
    for Bound { name, belongs, held, asked } in SEEN {
        let found = hold(name, &errors(&outcome, belongs), held);
        let most = if name == "training, speech" { SPEECH_BIAS } else { BIAS };
        assert!(found.bias.abs() <= most, "{name}: {found:?}");
        assert!(held.0 <= asked.0 && held.1 <= asked.1, "{name}: held to {held:?}, {asked:?} is asked for");
    }
}

/// The page's data hold what factors say that have not seen a source; fitting them takes a minute, reading them none.
#[test]
fn errors_on_sources_left_out_stay_within_bounds() {
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).expect("the workspace folder exists");
    let text = std::fs::read_to_string(page::PATH).expect("the page's data exist");
    let data: Value = serde_json::from_str(&text).expect("the page's data are JSON");
    for (quantity, held, asked) in UNSEEN {
        let of_quantity = |point: &&Value| {
            let place = point[0].as_u64().and_then(|place| usize::try_from(place).ok()).expect("a point names its quantity");
            data["quantities"][place][0] == quantity
        };
        let points = data["points"].as_array().expect("there are points").iter().filter(of_quantity);
        let errors: Vec<f64> = points.filter_map(|point| Some(point[9].as_f64()? / point[6].as_f64()? - 1.0)).collect();
        hold(quantity, &errors, held);
        assert!(held.0 <= asked.0 && held.1 <= asked.1, "{quantity}: held to {held:?}, {asked:?} is asked for");
    }
}

/// Of the published limits; those that are missed lie mostly at the edge of the card.
#[test]
fn limits_are_judged_right() {
    let verdicts: Vec<bool> = whole().judged.iter().filter_map(|one| one.comparison.bound).collect();
    let right = verdicts.iter().filter(|right| **right).count();
    assert!(verdicts.len() > 30 && right * 5 >= verdicts.len() * 3, "{right} of {}", verdicts.len());
}
