//! What the report says, for other programs: an answer to every record, and the groups.
//!
//! ```text
//! {"records": [{"id", "kind", "status": "estimated" or "skipped", "reason": null or why it was skipped,
//!               "quantity", "unit", "measured", "estimated", "error", "bound", ..., "also": [further quantities of the record]}],
//!  "groups": {"job": {"published speed: lora": {"seen": {"count", "median", "p90", "bias"}, "unseen", "skipped", "worst"}}}}
//! ```
//!
//! `measured` and `estimated` are in the unit of the source; `error` is estimate over measurement less one, for durations of their
//! inverse, so that above zero always means more memory or more speed. `bound` is true or false where only a limit is known.

use super::groups::{Group, VIEWS, groups};
use super::measure::Comparison;
use super::record::Kind;
use super::report::furthest;
use super::{Judged, Outcome, Skip};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use whichcard::estimate::Deviation;

/// The whole outcome.
pub fn rows(outcome: &Outcome) -> Value {
    let mut records: BTreeMap<usize, Value> = outcome.skipped.iter().map(|skip| (skip.place, skipped(skip))).collect();
    for judged in &outcome.judged {
        match records.get_mut(&judged.place).and_then(|record| record.get_mut("also")).and_then(Value::as_array_mut) {
            Some(also) => also.push(Value::Object(compared(judged))),
            None => _ = records.insert(judged.place, estimated(judged)),
        }
    }
    let views: Map<String, Value> = VIEWS
        .into_iter()
        .map(|(name, key)| {
            (name.to_owned(), groups(outcome, key).iter().map(|(label, group)| (label.clone(), summary(group))).collect())
        })
        .collect();
    json!({"records": records.into_values().collect::<Vec<_>>(), "groups": views})
}

fn skipped(skip: &Skip) -> Value {
    json!({"id": skip.id, "kind": skip.kind.name(), "status": "skipped", "reason": skip.reason, "job": skip.job,
        "generation": skip.generation, "source": skip.source, "stack": skip.stack, "size": skip.size})
}

fn estimated(judged: &Judged) -> Value {
    let mut record = compared(judged);
    let Value::Object(rest) = json!({"id": judged.id, "kind": judged.kind.name(), "status": "estimated", "reason": null,
        "job": judged.job, "generation": judged.generation, "source": judged.source, "stack": judged.stack, "size": judged.size,
        "group": judged.group, "what": judged.what, "distrusted": judged.distrusted, "also": []})
    else {
        return Value::Object(record);
    };
    record.extend(rest);
    Value::Object(record)
}

/// One quantity, in the unit of the source.
fn compared(judged: &Judged) -> Map<String, Value> {
    let one = &judged.comparison;
    let scale = Scale::of(judged);
    let range = |found: &Comparison| found.range.map(|(low, high)| scale.ends(low, high));
    let mut fields = Map::new();
    for (name, value) in [
        ("quantity", json!(one.quantity)),
        ("unit", json!(scale.unit)),
        ("measured", json!(scale.of_source(one.measured))),
        ("estimated", json!(scale.of_source(one.estimated))),
        ("range", json!(range(one))),
        ("error", json!(one.error())),
        ("bound", json!(one.bound)),
        ("unseen", json!(judged.unseen.map(|unseen| scale.of_source(unseen.estimated)))),
        ("unseenRange", json!(judged.unseen.as_ref().and_then(range))),
    ] {
        fields.insert(name.to_owned(), value);
    }
    fields
}

/// How a source writes what is compared.
struct Scale<'a> {
    unit: &'a str,
    /// What the source writes for one of the compared unit.
    factor: f64,
    /// The source writes a duration, and a rate is compared.
    inverse: bool,
}

impl<'a> Scale<'a> {
    /// What a limit or a second reading of a record is written in, only the first of a record tells: these stay in bytes.
    fn of(judged: &'a Judged) -> Self {
        let one = &judged.comparison;
        let bytes = Self { unit: "bytes", factor: 1.0, inverse: false };
        let memory = judged.kind != Kind::Speed;
        match judged.stated.filter(|stated| *stated > 0.0 && one.bound.is_none()) {
            None => bytes,
            Some(_) if judged.kind == Kind::TorchMemory => bytes,
            Some(stated) if memory => Self { unit: &judged.unit, factor: stated / one.measured, inverse: false },
            Some(stated) => {
                let written = judged.unit.trim().to_lowercase();
                let inverse = ["s_per", "ms_per", "s/", "ms/", "hours"].iter().any(|word| written.starts_with(word));
                let factor = if inverse { stated * one.measured } else { stated / one.measured };
                Self { unit: &judged.unit, factor, inverse }
            }
        }
    }

    fn of_source(&self, value: f64) -> f64 {
        self.factor * if self.inverse { 1.0 / value } else { value }
    }

    fn ends(&self, low: f64, high: f64) -> [f64; 2] {
        let (low, high) = if self.inverse { (high, low) } else { (low, high) };
        [self.of_source(low), self.of_source(high)]
    }
}

fn summary(Group { members, skipped }: &Group) -> Value {
    let deviation = |errors: Vec<f64>| {
        Deviation::of(&errors).map(|of| json!({"count": of.count, "median": of.median, "p90": of.p90, "bias": of.bias}))
    };
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for skip in skipped {
        *reasons.entry(&skip.reason).or_default() += 1;
    }
    json!({"seen": deviation(members.iter().map(|judged| judged.error()).collect()),
        "unseen": deviation(members.iter().filter_map(|judged| Some(judged.unseen?.error())).collect()),
        "skipped": reasons,
        "worst": furthest(members).iter().map(|judged| json!({"id": judged.id, "error": judged.error()})).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::super::{FILES, outcome, records, tables};
    use super::*;

    fn in_workspace() {
        std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).expect("the workspace folder exists");
    }

    /// What a source writes, whatever its format calls it.
    fn published(record: &Value) -> Option<f64> {
        ["peak_bytes_total", "measured_gb", "measured"].iter().find_map(|field| record[*field].as_f64())
    }

    #[test]
    fn every_record_is_answered_in_the_unit_of_its_source() {
        in_workspace();
        let written: Vec<Value> = FILES.iter().flat_map(|path| records(path).expect("the file is readable")).collect();
        let found = rows(&outcome(&FILES, &tables().expect("the table is readable")).expect("the files are readable"));
        let answers = found["records"].as_array().expect("there are answers");
        assert_eq!(answers.len(), written.len());
        for (answer, record) in answers.iter().zip(&written) {
            assert_eq!(answer["id"], record["id"]);
            if answer["status"] == "skipped" {
                assert!(answer["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{answer}");
            } else if answer["bound"].is_null() {
                let [measured, estimated, error] =
                    ["measured", "estimated", "error"].map(|field| answer[field].as_f64().expect("a number"));
                let published = published(record).expect("a reading");
                assert!((measured / published - 1.0).abs() < 1e-9, "{measured} {published}: {answer}");
                let ratio = estimated / measured;
                assert!((ratio - 1.0 - error).abs() < 1e-6 || (1.0 / ratio - 1.0 - error).abs() < 1e-6, "{answer}");
            }
        }
    }

    /// Records of all formats as others might send them: renamed, robbed of fields, with nonsense in them, or no records at all.
    #[test]
    fn a_file_from_elsewhere_gets_an_answer_to_every_record() {
        in_workspace();
        let nonsense =
            [Value::Null, json!(""), json!(0), json!(-1), json!(1e308), json!("４"), json!([null]), json!({"a": 1}), json!(true)];
        let mut sent =
            vec![json!(null), json!(5), json!({}), json!({"id": 7, "measured": 3}), json!({"id": "same"}), json!({"id": "same"})];
        for path in FILES {
            let written = records(path).expect("the file is readable");
            for (place, mut record) in written.into_iter().step_by(9).enumerate() {
                let fields = record.as_object_mut().expect("a record");
                fields.insert("model".to_owned(), json!(["Nameless-7B", "vit_base_patch0_224", "模型-13B", "8x7B", ""][place % 5]));
                let names: Vec<String> = fields.keys().cloned().collect();
                fields.remove(&names[place % names.len()]);
                fields.insert(names[place * 7 % names.len()].clone(), nonsense[place % nonsense.len()].clone());
                sent.push(record);
            }
        }
        let folder = std::env::temp_dir();
        let paths = ["listed", "bare"].map(|name| folder.join(format!("whichcard-foreign-{}-{name}.json", std::process::id())));
        for (path, file) in paths.iter().zip([json!({"records": sent}), json!(sent)]) {
            std::fs::write(path, file.to_string()).expect("the file is writable");
        }
        let names = paths.each_ref().map(|path| path.to_str().expect("a name in UTF-8"));
        let found = outcome(&names, &tables().expect("the table is readable")).expect("the files are readable");
        for path in &paths {
            std::fs::remove_file(path).expect("the file is there");
        }
        assert!(super::super::report::markdown(&found).contains("Worst ten"));
        let found = rows(&found);
        let answers = found["records"].as_array().expect("there are answers");
        assert_eq!(answers.len(), 2 * sent.len());
        let estimated = answers.iter().filter(|answer| answer["status"] == "estimated").count();
        assert!(estimated * 3 > answers.len(), "{estimated} of {}", answers.len());
        for answer in answers {
            assert!(answer["id"].as_str().is_some_and(|id| !id.is_empty()), "{answer}");
            match answer["status"].as_str() {
                Some("estimated") => assert!(answer["estimated"].is_number() && answer["error"].is_number(), "{answer}"),
                _ => assert!(answer["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{answer}"),
            }
        }
    }
}
