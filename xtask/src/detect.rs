//! `cargo xtask detect [FILE]`: scores the card detection on a file of renderer strings.

#[path = "../../tests/scoring/mod.rs"]
mod scoring;

use anyhow::{Context as _, Result, anyhow, bail};

/// Prints the scores of a file; fails if any reading is wrong.
pub fn run(arguments: &[String]) -> Result<()> {
    let path = arguments.first().map_or("tests/reference/renderers.json", String::as_str);
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    let score = scoring::score(&text).map_err(|error| anyhow!("{path}: {error}"))?;
    print!("{}", score.report);
    for (id, name) in &score.fields {
        println!("{id}: {name} differs");
    }
    println!("outcome                 exact  contains  missed  wrong");
    for (name, [exact, contains, missed, wrong]) in [("all records", score.all), ("card can be named", score.nameable)] {
        println!("{name:<22} {exact:>6}  {contains:>8}  {missed:>6}  {wrong:>5}");
    }
    println!("exact where the card can be named: {:.1} %", 100.0 * score.exact_share());
    match score.all {
        [.., 0] => Ok(()),
        [.., wrong] => bail!("{wrong} wrong"),
    }
}
