//! Reads one request or an array of requests from standard input and prints the answer, or the answers in the same order.
//!
//! `cargo run --release --example estimate < requests.json`

use std::io::Read;
use whichcard::catalog::Catalog;
use whichcard::error::RequestError;
use whichcard::estimate::{Answer, estimate};
use whichcard::request::Request;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalog = Catalog::from_json(include_str!("../catalog.json"))?;
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let answer_to = |value| match Request::from_value(value).and_then(|request| estimate(&catalog, &request)) {
        Ok(estimate) => Answer::Estimate(Box::new(estimate)),
        Err(error) => Answer::Refused { error },
    };
    let out = std::io::stdout().lock();
    match whichcard::document::parse(&input) {
        Ok(serde_json::Value::Array(requests)) => {
            serde_json::to_writer_pretty(out, &requests.into_iter().map(answer_to).collect::<Vec<_>>())?;
        }
        Ok(request) => serde_json::to_writer_pretty(out, &answer_to(request))?,
        Err(error) => {
            let error = RequestError::of_json(&error);
            serde_json::to_writer_pretty(out, &Answer::Refused { error })?;
        }
    }
    println!();
    Ok(())
}
