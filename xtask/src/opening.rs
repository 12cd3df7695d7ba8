//! The page as it opens, put into the built index.html: the application's own components draw it here, so that the first answer is
//! read before the application has come.

use crate::command::{cargo, output};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

/// Fills in the marks `{{opening <language>}}` of a site that Trunk has just built.
pub fn fill(folder: &Path) -> Result<()> {
    let index = folder.join("index.html");
    let mut html = std::fs::read_to_string(&index).context("index.html of the build")?;
    for (tag, page) in draw(&folder.join("catalog.json"))? {
        let mark = format!("{{{{opening {tag}}}}}");
        ensure!(html.contains(&mark), "index.html has no place for the opening page in {tag}");
        html = html.replace(&mark, &page);
    }
    Ok(std::fs::write(&index, html)?)
}

/// The opening page of each language.
fn draw(catalog: &Path) -> Result<BTreeMap<String, String>> {
    println!("Drawing the page a first visit opens with.");
    let mut command = cargo();
    command.args(["run", "--quiet", "--features", "prerender", "--bin", "whichcard"]);
    let catalog = File::open(catalog).context("catalog.json of the build")?;
    serde_json::from_str(&output(command.stdin(catalog))?).context("the opening page as drawn")
}
