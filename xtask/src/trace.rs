//! `cargo xtask trace`: has a browser use the opening page, and lists for the site's division which functions wait for what.

use crate::command::{output, root};
use crate::site::{self, Build, LATER, WHOLE};
use crate::{browser, divide, test};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What each list has.
const ABOUT: [&str; LATER.len()] = [
    "draw question and answer or are called by a first change, and not by the opening page before",
    "draw what links lead to and articles show, and are called by none of these",
    "nothing of all that calls",
];

/// Functions by their numbers (`tests/e2e/trace.mjs`).
#[derive(Deserialize)]
struct Called {
    opening: BTreeSet<u32>,
    changed: BTreeSet<u32>,
    linked: BTreeSet<u32>,
}

pub fn run(arguments: &[String]) -> Result<()> {
    ensure!(arguments.is_empty(), "trace takes no {}", arguments.join(" "));
    site::build(Build::Small)?;
    let target = root().join("target");
    let whole = std::fs::read(target.join(WHOLE).with_extension("wasm")).context("the site's module before it was divided")?;
    let noted = target.join("noted.wasm");
    std::fs::write(&noted, divide::noted(&whole)?)?;
    let mut node = test::node(&browser::prepare()?)?;
    node.arg("trace.mjs").env("NOTED_MODULE", &noted).env("NOTED_SCRIPT", target.join(WHOLE).with_extension("js"));
    let Called { opening, changed, linked } = serde_json::from_str(&output(&mut node)?).context("numbers of functions")?;
    let needs = [&opening, &changed, &linked];
    let part_of = |function: u32| needs.iter().position(|called| called.contains(&function)).unwrap_or(needs.len());
    for ((part, name), about) in (1..).zip(LATER).zip(ABOUT) {
        let lines = divide::lines(&whole, |function| part_of(function) == part, |function| part_of(function) < part)?;
        let head = "by their names in the module. `cargo xtask trace` writes this (xtask/src/divide/ says what a line covers).";
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(site::listed(name), format!("# Functions that {about}, {head}\n{text}"))?;
    }
    let [first, soon, links] = [1, 2, 3].map(|parts| needs.iter().take(parts).copied().flatten().collect::<BTreeSet<_>>().len());
    println!("{first} functions are called by the opening page, {soon} with a first change, and {links} with what links lead to.");
    Ok(())
}
