//! `cargo xtask size`: what a first visit downloads.

use crate::command::root;
use crate::site::{self, Build};
use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::path::Path;

/// `cargo xtask size`
pub fn run(_: &[String]) -> Result<()> {
    site::build(Build::Small)?;
    report(&root().join("dist"))
}

/// Prints each file's size, as it is and as a web server sends it, and the sum of a first visit.
fn report(folder: &Path) -> Result<()> {
    println!("{:>10} {:>10}  file", "bytes", "gzip");
    let mut total = 0;
    let mut paths = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    // Folders hold the article; the compressed copies are counted as what they are copies of.
    paths.retain(|path| path.is_file() && !path.extension().is_some_and(|extension| extension == "gz" || extension == "br"));
    for path in paths {
        let content = std::fs::read(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let small = gzip(&content)?;
        let first = on_first_visit(&name);
        total += if first { small } else { 0 };
        println!("{:>10} {small:>10}  {name}{}", content.len(), if first { "" } else { "  (not on a first visit)" });
    }
    println!("{:>10} {total:>10}  a first visit", "");
    Ok(())
}

fn on_first_visit(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let later = matches!(name, "404.html" | "accuracy.json") || name.starts_with("later-");
    !later && matches!(extension, "html" | "wasm" | "json" | "css" | "svg")
        || (extension == "js" && name != "embed.js")
}

/// How long a web server makes it.
pub fn gzip(content: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.len())
}
