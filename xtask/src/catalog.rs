//! `cargo xtask catalog`: is catalog.json right, and is its schema that of the types?

use crate::command::root;
use anyhow::{Context, Result, bail};
use std::fs;
use whichcard::catalog::{schema, validate::problems};

/// `cargo xtask catalog [--write]`
pub fn run(arguments: &[String]) -> Result<()> {
    let write = match arguments {
        [] => false,
        [only] if only == "--write" => true,
        _ => bail!("catalog takes --write or nothing"),
    };
    let (data, description) = (root().join("catalog.json"), root().join("catalog.schema.json"));
    if write {
        fs::write(&description, schema()).context("catalog.schema.json")?;
        println!("wrote catalog.schema.json");
    }
    let text = fs::read_to_string(data).context("catalog.json")?;
    let found = problems(&text);
    for problem in &found {
        println!("{}: found {}; expected {}", problem.path, problem.found, problem.expected);
    }
    // Line ends differ where git converts them.
    let current = fs::read_to_string(description).unwrap_or_default().replace("\r\n", "\n") == schema();
    if !current {
        println!("catalog.schema.json is not that of the types: run `cargo xtask catalog --write`");
    }
    if !found.is_empty() || !current {
        bail!("{} problems in catalog.json{}", found.len(), if current { "" } else { ", and an outdated schema" });
    }
    println!("catalog.json: no problems in {} kB", text.len() / 1000);
    Ok(())
}
