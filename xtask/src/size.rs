//! `cargo xtask size`: what a first visit downloads, and what the first use of the page brings.

use crate::command::root;
use crate::hosting::gzip;
use crate::site::{self, Build};
use anyhow::{Result, ensure};
use std::path::Path;
use whichcard::text::Lang;

/// What may be downloaded, in kilobytes (1,000 bytes) after gzip: a little above what it is, lowered when it shrinks.
const BUDGETS: [Budget; 7] = [
    // Its opening page in each language is 13 of it.
    Budget { what: "a first visit: the page with its answer", most: 29 + 13 * Lang::ALL.len(), counts: on_first_visit },
    Budget { what: "the first use: the application", most: 125, counts: on_first_use },
    Budget { what: "what draws question and answer, and the catalogue", most: 335, counts: |name, _| on_first_change(name) },
    Budget {
        what: "both: until a changed question is answered",
        most: 460,
        counts: |name, lang| on_first_use(name, lang) || on_first_change(name),
    },
    Budget { what: "what links lead to and articles show", most: 214, counts: on_link },
    Budget { what: "the rest", most: 318, counts: with_the_rest },
    Budget { what: "embed.js", most: 3, counts: |name, _| name == "embed.js" },
];

/// A limit for some of the files together.
struct Budget {
    what: &'static str,
    most: usize,
    /// Whether a visitor who reads this language downloads a file of this name.
    counts: fn(&str, Lang) -> bool,
}

/// `cargo xtask size`
pub fn run(arguments: &[String]) -> Result<()> {
    ensure!(arguments.is_empty(), "size takes no {}", arguments.join(" "));
    site::build(Build::Small)?;
    let files = files(&root().join("dist"))?;
    println!("{:>10} {:>10}  file", "bytes", "gzip");
    for file in &files {
        let first = if Lang::ALL.iter().any(|lang| on_first_visit(&file.name, *lang)) { "  (first visit)" } else { "" };
        let used = if Lang::ALL.iter().any(|lang| on_first_use(&file.name, *lang)) { "  (first use)" } else { "" };
        println!("{:>10} {:>10}  {}{first}{used}", file.bytes, file.small, file.name);
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
    ensure!(
        over.is_empty(),
        "over budget: {}. A Rust other than the one in Cargo.toml, or one without its source (rustup component add rust-src), builds a larger site.",
        over.join("; ")
    );
    Ok(())
}

impl Budget {
    /// A visitor reads one language: that with the longest sentences counts.
    fn spent(&self, files: &[File]) -> usize {
        let spent = |lang: &Lang| files.iter().filter(|file| (self.counts)(&file.name, *lang)).map(|file| file.small).sum();
        Lang::ALL.iter().map(spent).max().unwrap_or_default()
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

/// What the browser asks for before the visitor does anything. It may begin with the first manifest before the page names its own.
fn on_first_visit(name: &str, lang: Lang) -> bool {
    matches!(name, "index.html" | "icon.svg" | "manifest.webmanifest") || name == format!("manifest.{}.webmanifest", lang.tag())
}

/// What answers the first thing a visitor does.
fn on_first_use(name: &str, lang: Lang) -> bool {
    let hashed = name.starts_with("whichcard-") && (is(name, "js") || is(name, "wasm"));
    hashed || name.starts_with(&format!("texts-{}-", lang.tag()))
}

/// What comes with it, and is waited for by what was changed.
fn on_first_change(name: &str) -> bool {
    name.starts_with("soon-") || name == "catalog.json"
}

/// What a link to one setup, one card or an opened plan waits for besides, with all sentences.
fn on_link(name: &str, lang: Lang) -> bool {
    name.starts_with("linked-") || name.starts_with(&format!("later-{}-", lang.tag()))
}

/// What follows it.
fn with_the_rest(name: &str, _: Lang) -> bool {
    name.starts_with("later-") && is(name, "wasm")
}

fn is(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}
