//! What the documents list for people who add data is what there is.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use whichcard::error::Allowed;
use whichcard::plan::Goal;
use whichcard::request::Request;

fn read(name: &str) -> String {
    let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn json(name: &str) -> Value {
    serde_json::from_str(&read(name)).unwrap()
}

/// Every name in backquotes.
fn named(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_fact_of_a_model_is_listed() {
    let (schema, text) = (json("catalog.schema.json"), read("docs/models.md"));
    let (_, list) = text.split_once("## Every fact").unwrap();
    let rows: BTreeSet<&str> = list.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let facts = schema["$defs"]["ModelFacts"]["properties"].as_object().unwrap();
    assert!(facts.len() > 100, "only {}", facts.len());
    let facts: BTreeSet<&str> = facts.keys().map(String::as_str).collect();
    assert_eq!(rows, facts, "docs/models.md lists the facts of src/model/facts/written.rs");
}

#[test]
fn every_field_of_the_catalogue_is_listed() {
    let (schema, text) = (json("catalog.schema.json"), read("docs/catalog.md"));
    let rows = text.lines().filter(|line| line.starts_with("| ")).collect::<Vec<_>>().join("\n");
    let words: BTreeSet<&str> = named(&rows).into_iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric())).collect();
    let parts = [
        "WrittenCard",
        "WrittenChecks",
        "WrittenPeaks",
        "WrittenPrice",
        "Source",
        "Task",
        "Tariff",
        "Grid",
        "Exchange",
        "Restriction",
    ];
    for part in parts {
        for field in schema["$defs"][part]["properties"].as_object().unwrap().keys() {
            assert!(words.contains(field.as_str()), "docs/catalog.md does not say what {field} of {part} is");
        }
    }
}

/// The fields of a part of a request, by what a request refuses beside them.
fn fields_below(path: &str) -> Vec<String> {
    let mut request = json!({ "model": "any", "job": { "kind": "lora" }, "rig": { "card": "any" } });
    let within = path.split('.').filter(|part| !part.is_empty()).fold(&mut request, |held, part| &mut held[part]);
    if !within.is_object() {
        *within = json!({});
    }
    within["nonsense"] = json!(1);
    let refusal = Request::from_value(request).unwrap_err();
    let Allowed::Choices(fields) = &refusal.allowed else { panic!("{path}: {refusal}") };
    fields.clone()
}

#[test]
fn every_field_of_a_request_is_listed() {
    let text = read("docs/request.md");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| `")).collect();
    for part in ["", "job", "recipe", "recipe.lora", "recipe.parallel", "rig", "rig.card", "money"] {
        let of_part: Vec<&&str> = rows.iter().filter(|row| row.starts_with(&format!("| `{part}"))).collect();
        for field in fields_below(part) {
            let said = of_part.iter().any(|row| row.split(|c: char| !c.is_alphanumeric()).any(|word| word == field));
            assert!(said, "docs/request.md does not say what {field} of {part:?} is");
        }
    }
}

#[test]
fn every_field_of_a_goal_is_listed() {
    let text = read("docs/planning.md");
    for part in ["", "rig"] {
        let mut goal = json!({ "model": "any", "job": { "kind": "lora" }, "rig": {} });
        let within = if part.is_empty() { &mut goal } else { &mut goal[part] };
        within["nonsense"] = json!(1);
        let Allowed::Choices(fields) = Goal::from_value(&goal).unwrap_err().allowed.clone() else { panic!("{part}") };
        for field in fields {
            assert!(text.contains(&format!("\"{field}\":")), "docs/planning.md does not say what {field} of {part:?} is");
        }
    }
}

#[test]
fn the_sample_of_a_model_is_its_line() {
    let text = read("docs/models.md");
    let (_, rest) = text.split_once("```json\n{\"id\"").unwrap();
    let sample: Value = serde_json::from_str(&format!("{{\"id\"{}", rest.split("```").next().unwrap())).unwrap();
    let catalog = json("catalog.json");
    let mut line = catalog["models"].as_array().unwrap().iter().find(|model| model["id"] == sample["id"]).unwrap().clone();
    line.as_object_mut().unwrap().remove("aliases");
    assert_eq!(sample, line);
}

#[test]
fn the_sample_of_a_measurement_is_its_record() {
    let text = read("tests/reference/README.md");
    let (_, rest) = text.split_once("```json\n").unwrap();
    let sample: Value = serde_json::from_str(rest.split("```").next().unwrap()).unwrap();
    let records = json("tests/reference/published_memory.json");
    assert!(records["records"].as_array().unwrap().contains(&sample));
}

#[test]
fn every_usual_field_of_a_measurement_is_listed() {
    let text = read("tests/reference/README.md");
    let listed = named(&text);
    for name in ["memory", "speed"] {
        let file = json(&format!("tests/reference/published_{name}.json"));
        let records = file["records"].as_array().unwrap();
        for field in
            records[0].as_object().unwrap().keys().filter(|field| records.iter().all(|record| record.get(field.as_str()).is_some()))
        {
            assert!(listed.contains(field.as_str()), "{name}: {field}");
        }
        let needed: &[&str] = if name == "memory" { &["measured_gb", "what_was_measured"] } else { &["measured", "unit", "phase"] };
        for field in ["source", "task", "model", "gpu"].iter().chain(needed) {
            assert!(text.contains(&format!("**`{field}`**")), "{name} needs {field}");
        }
    }
}
