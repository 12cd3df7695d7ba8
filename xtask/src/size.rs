//! `cargo xtask size`: what a first visit downloads.

use crate::command::root;
use crate::hosting::gzip;
use crate::site::{self, Build};
use anyhow::{Result, ensure};
use std::path::Path;

/// What may be downloaded, in kilobytes (1,000 bytes) after gzip: a little above what it is, lowered when it shrinks. The aim for a first
/// visit is 200.
const BUDGETS: [Budget; 3] = [
    Budget { what: "a first visit", most: 520, counts: on_first_visit },
    Budget { what: "the second half", most: 280, counts: |name| name.starts_with("later-") },
    Budget { what: "embed.js", most: 3, counts: |name| name == "embed.js" },
];

/// A limit for some of the files together.
struct Budget {
    what: &'static str,
    most: usize,
    counts: fn(&str) -> bool,
}

/// `cargo xtask size`
pub fn run(_: &[String]) -> Result<()> {
    site::build(Build::Small)?;
    let files = files(&root().join("dist"))?;
    println!("{:>10} {:>10}  file", "bytes", "gzip");
    for file in &files {
        let remark = if on_first_visit(&file.name) { "" } else { "  (not on a first visit)" };
        println!("{:>10} {:>10}  {}{remark}", file.bytes, file.small, file.name);
    }
    for budget in &BUDGETS {
        println!("{:>10} {:>10}  {} (budget {} kB)", "", budget.spent(&files), budget.what, budget.most);
    }
    held(&files)
}

/// Fails where the built site is over a budget.
pub fn check(folder: &Path) -> Result<()> {
    held(&files(folder)?)
}

fn held(files: &[File]) -> Result<()> {
    let over: Vec<String> = BUDGETS
        .iter()
        .filter(|budget| budget.spent(files) > budget.most * 1000)
        .map(|budget| format!("{} takes {} bytes of {} kB", budget.what, budget.spent(files), budget.most))
        .collect();
    ensure!(over.is_empty(), "over budget: {}", over.join("; "));
    Ok(())
}

impl Budget {
    fn spent(&self, files: &[File]) -> usize {
        files.iter().filter(|file| (self.counts)(&file.name)).map(|file| file.small).sum()
    }
}

/// A file as it is and as a web server sends it.
struct File {
    name: String,
    bytes: usize,
    small: usize,
}

fn files(folder: &Path) -> Result<Vec<File>> {
    let mut paths = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    // Folders hold the article; the compressed copies are counted as what they are copies of.
    paths.retain(|path| path.is_file() && !path.extension().is_some_and(|extension| extension == "gz" || extension == "br"));
    let read = |path: &Path| {
        let content = std::fs::read(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(File { name, bytes: content.len(), small: gzip(&content)?.len() })
    };
    paths.iter().map(|path| read(path)).collect()
}

fn on_first_visit(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    // A visitor reads one language; the other's sentences take about the same.
    let later = matches!(name, "404.html" | "accuracy.json") || name.starts_with("later-") || name.starts_with("texts-en-");
    !later && matches!(extension, "html" | "wasm" | "json" | "css" | "svg") || (extension == "js" && name != "embed.js")
}
