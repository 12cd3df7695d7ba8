//! Reads one goal or an array of goals from standard input and prints the advice for each as JSON, in the same order.
//!
//! A bad goal has an error object in its place. `docs/planning.md` describes a goal.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::process::ExitCode;
use whichcard::catalog::Catalog;
use whichcard::error::RequestError;
use whichcard::plan::{Goal, advise};

/// The catalogue as it was when the example was built.
const CATALOG: &str = include_str!("../catalog.json");

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let catalog = Catalog::from_json(CATALOG)?;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let answer = match whichcard::document::parse(&text) {
        Ok(Value::Array(goals)) => Value::Array(goals.iter().map(|goal| answer(&catalog, goal)).collect()),
        Ok(goal) => answer(&catalog, &goal),
        Err(error) => refusal(&RequestError::of_json(&error)),
    };
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &answer)?;
    writeln!(out)?;
    Ok(())
}

fn answer(catalog: &Catalog, goal: &Value) -> Value {
    match Goal::from_value(goal).and_then(|goal| advise(catalog, &goal)) {
        Ok(advice) => serde_json::to_value(advice).unwrap_or_else(|error| json!({"error": {"message": error.to_string()}})),
        Err(error) => refusal(&error),
    }
}

fn refusal(error: &RequestError) -> Value {
    json!({ "error": error })
}
