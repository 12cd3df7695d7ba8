//! What lies beside the page: the tables, and what a file server needs: a page for wrong addresses, and each file compressed.

use crate::command::root;
use crate::stamp::{escaped, with_hashes};
use crate::tables;
use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::path::Path;
use whichcard::catalog::Catalog;
use whichcard::text::{Lang, say};

/// Formats that are compressed already.
const DENSE: &[&str] = &["png", "jpg", "gz", "br"];

/// Completes a folder that has been stamped.
pub fn finish(folder: &Path) -> Result<()> {
    // GitHub Pages would run Jekyll otherwise, which leaves out some names.
    std::fs::write(folder.join(".nojekyll"), "")?;
    std::fs::write(folder.join("404.html"), not_found()?)?;
    compress(folder)
}

/// Writes the catalogue as tables, which the page offers offline as well.
pub fn tables(folder: &Path) -> Result<()> {
    let catalog = catalog(folder)?;
    std::fs::write(folder.join("cards.csv"), tables::cards(&catalog)?)?;
    std::fs::write(folder.join("prices.csv"), tables::prices(&catalog)?)?;
    Ok(std::fs::write(folder.join("models.csv"), tables::models(&catalog)?)?)
}

/// The catalogue as it is published.
pub fn catalog(folder: &Path) -> Result<Catalog> {
    Ok(Catalog::from_json(&std::fs::read_to_string(folder.join("catalog.json")).context("catalog.json of the build")?)?)
}

fn not_found() -> Result<String> {
    let html = std::fs::read_to_string(root().join("web").join("404.html")).context("web/404.html")?;
    ensure!(html.contains("{{sentences}}"), "web/404.html has lost its sentences");
    let link = |lang: Lang| format!("<a href=\"./\">{}</a>", escaped(&say(lang, "shell.go", &[])));
    let sentence = |lang: Lang| escaped(&say(lang, "shell.not-found", &[])).replace("%{link}", &link(lang));
    let sentences: Vec<String> =
        Lang::ALL.iter().map(|lang| format!("<p lang=\"{}\">{}</p>", lang.tag(), sentence(*lang))).collect();
    Ok(with_hashes(&html.replace("\r\n", "\n").replace("{{sentences}}", &sentences.join("\n      "))))
}

/// Writes `name.gz` and `name.br` beside each file that becomes smaller, for hosts that send them.
fn compress(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            compress(&path)?;
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || DENSE.contains(&extension.as_str()) {
            continue;
        }
        let content = std::fs::read(&path)?;
        for (suffix, small) in [("gz", gzip(&content)?), ("br", brotli(&content)?)] {
            if small.len() < content.len() {
                std::fs::write(path.with_file_name(format!("{name}.{suffix}")), small)?;
            }
        }
    }
    Ok(())
}

pub fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut small = Vec::new();
    let quality = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut small, &quality)?;
    Ok(small)
}
