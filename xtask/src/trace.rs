//! `cargo xtask trace`: has a browser use the opening page, and lists for the site's division which functions wait for what.

use crate::command::{output, root};
use crate::site::{self, Build, LATER, WHOLE};
use crate::{browser, divide, test};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What each list has.
const ABOUT: [&str; 2] =
    ["draws question and answer or is called by a first change, and not by the opening page before", "neither calls"];

/// Functions by their numbers (`tests/e2e/trace.mjs`).
#[derive(Deserialize)]
struct Called {
    opening: BTreeSet<u32>,
    changed: BTreeSet<u32>,
}

pub fn run(_: &[String]) -> Result<()> {
    site::build(Build::Small)?;
    let target = root().join("target");
    let whole = std::fs::read(target.join(WHOLE).with_extension("wasm")).context("the site's module before it was divided")?;
    let noted = target.join("noted.wasm");
    std::fs::write(&noted, divide::noted(&whole)?)?;
    let mut node = test::node(&browser::prepare()?)?;
    node.arg("trace.mjs").env("NOTED_MODULE", &noted).env("NOTED_SCRIPT", target.join(WHOLE).with_extension("js"));
    let Called { opening, changed } = serde_json::from_str(&output(&mut node)?).context("numbers of functions")?;
    let (first, soon) = (|function: u32| opening.contains(&function), |function: u32| changed.contains(&function));
    let lists = [
        divide::lines(&whole, |function| soon(function) && !first(function), first)?,
        divide::lines(&whole, |function| !soon(function) && !first(function), |function| soon(function) || first(function))?,
    ];
    for ((name, about), lines) in LATER.iter().zip(ABOUT).zip(lists) {
        let head = "by their names in the module. `cargo xtask trace` writes this (xtask/src/divide/ says what a line covers).";
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(site::listed(name), format!("# Functions that {about}, {head}\n{text}"))?;
    }
    println!("{} functions are called by the opening page, and {} with a first change.", opening.len(), changed.len());
    Ok(())
}
