//! The range of a time: by kind of work, size of model, and how near to it others measured.
//!
//! What is known of a measurement when its source is left out says which part of the range has to hold it: where other sources
//! measured the same class of card, software, job and kind of work, the spread of the kind; where they measured all but the class,
//! what `calibrated` adds; elsewhere what `extrapolated` adds.

use super::off::Work;
use super::{INSIDE, Off, SHRINKAGE, counted, put};
use crate::calibrate::file::Calibration;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use whichcard::estimate::{Confidence, RANGE_DEVIATIONS, WorkKind};
use whichcard::request::Keyword as _;

/// What `calibrated` and `extrapolated` add where nothing tells.
const ASSUMED: [f64; 2] = [0.12, 0.25];

/// Turns in which parts of a range that depend on each other are read from what the others leave over.
const TURNS: u32 = 6;

/// A measurement of a job, and how near to it other sources measured.
struct Known<'a> {
    off: &'a Off,
    work: &'a Work,
    support: Confidence,
}

/// The widths of ranges, as standard deviations.
struct Widths {
    kinds: BTreeMap<WorkKind, f64>,
    /// What small and large language models have, over their kind.
    sizes: [f64; 2],
    calibrated: f64,
    extrapolated: f64,
}

/// Writes the spread of each kind of work, how it goes with the size of language models and with what was measured, and what was.
pub fn write(table: &mut Calibration, off: &[Off]) {
    let known = known(off);
    let plain = Widths::of(&known, [1.0; 2]);
    let sizes = [true, false].map(|small| plain.size(&known, small));
    let widths = Widths::of(&known, sizes);
    let mut factor = |name: &str, value: f64, belongs: &dyn Fn(&Known) -> bool| {
        let behind: Vec<&Off> = known.iter().filter(|one| belongs(one)).map(|one| one.off).collect();
        put(table, &format!("/time/spread/{name}"), value, &behind);
    };
    factor("small", sizes[0], &|one| one.work.small == Some(true));
    factor("large", sizes[1], &|one| one.work.small == Some(false));
    factor("calibrated", widths.calibrated, &|one| one.support == Confidence::Calibrated);
    factor("extrapolated", widths.extrapolated, &|one| one.support == Confidence::Extrapolated);
    for (kind, width) in &widths.kinds {
        factor(&format!("kinds/{}", kind.name()), *width, &|one| one.work.kind == *kind);
    }
    table.whole["time"]["covered"] = covered(off);
}

/// How near to each measurement of a job others measured.
fn known(off: &[Off]) -> Vec<Known<'_>> {
    let jobs: Vec<(&Off, &Work)> = off.iter().filter_map(|one| Some((one, one.work.as_ref()?))).collect();
    let support = |of: &Off, work: &Work| {
        let mut support = Confidence::Extrapolated;
        for (other, at) in &jobs {
            if other.source != of.source && (at.stack, at.job, at.kind) == (work.stack, work.job, work.kind) {
                if at.class == work.class {
                    return Confidence::MeasuredNearby;
                }
                support = Confidence::Calibrated;
            }
        }
        support
    };
    jobs.iter().map(|(off, work)| Known { off, work, support: support(off, work) }).collect()
}

impl Known<'_> {
    /// The standard deviation of which it is the end of the range.
    fn deviation(&self) -> f64 {
        self.off.residual.abs() / RANGE_DEVIATIONS
    }
}

impl Widths {
    /// What the distance to what was measured adds is read from what kinds of work leave over, and they from what it leaves over.
    fn of(known: &[Known], sizes: [f64; 2]) -> Self {
        let mut widths = Self { kinds: BTreeMap::new(), sizes, calibrated: ASSUMED[0], extrapolated: ASSUMED[1] };
        for _ in 0..TURNS {
            widths.kinds = widths.of_kinds(known);
            let added = |support: Confidence, assumed: f64| {
                let own: Vec<&Known> = known.iter().filter(|one| one.support == support).collect();
                drawn(&own, |one| beyond(one.deviation(), widths.base(one.work)), assumed)
            };
            let (calibrated, extrapolated) =
                (added(Confidence::Calibrated, ASSUMED[0]), added(Confidence::Extrapolated, ASSUMED[1]));
            (widths.calibrated, widths.extrapolated) = (calibrated, extrapolated.max(calibrated));
        }
        widths
    }

    /// Each kind drawn towards all kinds of the same phase, those towards all there are.
    fn of_kinds(&self, known: &[Known]) -> BTreeMap<WorkKind, f64> {
        let scaled = |one: &Known| beyond(one.deviation(), self.added(one)) / self.of_size(one.work);
        let every: Vec<&Known> = known.iter().collect();
        let all = reach(&every, scaled).unwrap_or(ASSUMED[1]);
        let width = |kind: WorkKind| {
            let alike: Vec<&Known> = every.iter().copied().filter(|one| phase(one.work.kind) == phase(kind)).collect();
            let own: Vec<&Known> = alike.iter().copied().filter(|one| one.work.kind == kind).collect();
            drawn(&own, scaled, drawn(&alike, scaled, all))
        };
        known.iter().map(|one| (one.work.kind, width(one.work.kind))).collect()
    }

    fn of_size(&self, work: &Work) -> f64 {
        work.small.map_or(1.0, |small| if small { self.sizes[0] } else { self.sizes[1] })
    }

    fn base(&self, work: &Work) -> f64 {
        self.kinds.get(&work.kind).copied().unwrap_or(ASSUMED[1]) * self.of_size(work)
    }

    fn added(&self, one: &Known) -> f64 {
        let distance = match one.support {
            Confidence::MeasuredNearby => 0.0,
            Confidence::Calibrated => self.calibrated,
            Confidence::Extrapolated => self.extrapolated,
        };
        distance.hypot(if one.work.laptop { self.calibrated } else { 0.0 })
    }

    /// What the widths of small (or large) language models have to be multiplied with.
    fn size(&self, known: &[Known], small: bool) -> f64 {
        let own: Vec<&Known> = known.iter().filter(|one| one.work.small == Some(small)).collect();
        drawn(&own, |one| one.deviation() / self.base(one.work).hypot(self.added(one)), 1.0)
    }
}

/// What is left of a spread when another is taken out of it.
fn beyond(whole: f64, part: f64) -> f64 {
    (whole.powi(2) - part.powi(2)).max(0.0).sqrt()
}

/// `training`, `decode`, or `prefill`, to which denoising belongs: one pass after another over all there is.
fn phase(kind: WorkKind) -> &'static str {
    let key = kind.name();
    if kind == WorkKind::Images { "prefill" } else { key.split(|letter: char| letter.is_uppercase()).next().unwrap_or(key) }
}

/// What the wanted share of some measurements stays below, drawn towards what is expected where they are few.
fn drawn(of: &[&Known], value: impl Fn(&Known) -> f64, expected: f64) -> f64 {
    let n = of.len() as f64;
    reach(of, value).map_or(expected, |own| (n * own + SHRINKAGE * expected) / (n + SHRINKAGE))
}

/// The value that the wanted share stays below. A source counts by the root of its
/// measurements, so that no large sweep owns a width.
fn reach(of: &[&Known], value: impl Fn(&Known) -> f64) -> Option<f64> {
    let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
    for one in of {
        *sizes.entry(&one.off.source).or_default() += 1.0;
    }
    let weight = |one: &Known| sizes.get(one.off.source.as_str()).map_or(0.0, |size| 1.0 / size.sqrt());
    let mut found: Vec<(f64, f64)> = of.iter().map(|one| (value(one), weight(one))).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let wanted = INSIDE * found.iter().map(|(_, weight)| weight).sum::<f64>();
    let mut below = 0.0;
    found
        .iter()
        .find(|(_, weight)| {
            below += weight;
            below >= wanted
        })
        .or(found.last())
        .map(|(value, _)| *value)
}

/// Which kinds of work were measured on which class of card, with which software and for which job.
fn covered(off: &[Off]) -> Value {
    let row =
        |work: &Work| json!({"class": work.class, "stack": work.stack.name(), "job": work.job.name(), "kind": work.kind.name()});
    counted(off.iter().filter_map(|one| one.work.as_ref()).map(row))
}
