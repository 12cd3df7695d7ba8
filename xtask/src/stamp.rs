//! What only a finished build can say: the service worker's list of files, the build's version, the hashes of inline scripts.

use crate::command::root;
use crate::{address, glue, languages, texts};
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256, Sha384};
use std::fmt::Write as _;
use std::path::Path;
use whichcard::text::{Lang, knows, say};

/// Files that the page does not need to run offline.
const NOT_PRECACHED: &[&str] = &["sw.js", "icon-192.png", "icon-512.png", "icon-maskable-512.png", "social.png"];

const TEXTS_MARK: &str = "__TEXTS__";
const VERSION_MARK: &str = "__VERSION__";
const FILES_MARK: &str = "\"__FILES__\"";
/// Where the hashes of a page's inline scripts belong.
const SCRIPTS_MARK: &str = "'__SCRIPT_HASHES__'";

/// Fills in the marks of a site that Trunk has just built.
pub fn finish(folder: &Path, address: Option<&str>) -> Result<()> {
    let index = folder.join("index.html");
    let html = spoken(&std::fs::read_to_string(&index).context("index.html of the build")?.replace("\r\n", "\n"))?;
    let html = languages::told(&address::told(&without_remarks(&html)?, address)?)?;
    let html = replaced(&html, TEXTS_MARK, &texts::write(folder)?)?;
    std::fs::write(&index, &html)?;
    manifests(folder)?;
    let files = precached(folder)?;
    let version = version(folder, &files)?;
    // The hashes come last: they are taken of the scripts as the browser will read them.
    let html = replaced(&html, VERSION_MARK, &version)?;
    let html = with_integrity(folder, &html)?;
    ensure!(html.contains(SCRIPTS_MARK), "the build has lost its mark {SCRIPTS_MARK}");
    std::fs::write(&index, with_hashes(&html))?;

    let worker = folder.join("sw.js");
    let script = std::fs::read_to_string(&worker).context("sw.js of the build")?;
    let list = files.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let script = replaced(&script, FILES_MARK, &list)?;
    let script = replaced(&script, VERSION_MARK, &version)?;
    std::fs::write(&worker, script)?;
    Ok(())
}

/// The page whose script that watches over the start has no remarks and no indentation: Trunk makes the other scripts smaller, and leaves
/// this one as it is written.
fn without_remarks(html: &str) -> Result<String> {
    let script = std::fs::read_to_string(root().join("web/watch.js")).context("web/watch.js")?.replace("\r\n", "\n");
    replaced(html, script.trim(), glue::bare(&script).trim())
}

/// A byte string in hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// One manifest per language; the first has the plain name. A language without pictures of its own shows those of the first.
fn manifests(folder: &Path) -> Result<()> {
    let plain = folder.join("manifest.webmanifest");
    let template = std::fs::read_to_string(&plain).context("the manifest of the build")?;
    for lang in Lang::ALL {
        let has_pictures = |tag: &str| folder.join("screenshots").join(format!("{tag}-wide.jpg")).is_file();
        let shown = languages::own_or_first(lang.tag(), has_pictures).context("pictures for the manifest")?;
        let text = template.replace("{{shown}}", shown).replace("{{tag}}", lang.tag());
        let text = text.replace("{{", &format!("{{{{{} ", lang.tag()));
        let path =
            if *lang == Lang::default() { plain.clone() } else { folder.join(format!("manifest.{}.webmanifest", lang.tag())) };
        std::fs::write(path, spoken(&text)?)?;
    }
    Ok(())
}

/// Names of the files to keep for offline use: `./`, which is the page itself, what it needs, and the article, whose widgets need
/// `embed.js`.
fn precached(folder: &Path) -> Result<Vec<String>> {
    let needed = files(folder)?.into_iter().filter(|name| name != "index.html" && !NOT_PRECACHED.contains(&name.as_str()));
    let article = files(&folder.join("article"))?.into_iter().map(|name| format!("article/{name}"));
    Ok(std::iter::once("./".to_owned()).chain(needed).chain(article).collect())
}

/// Names of the files right in a folder, but hidden ones.
fn files(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("{} of the build", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A version that changes when any byte of the page's files does.
fn version(folder: &Path, files: &[String]) -> Result<String> {
    let mut digest = Sha256::new();
    for name in files {
        let file = if name == "./" { "index.html" } else { name };
        digest.update(name.as_bytes());
        digest.update(std::fs::read(folder.join(file)).with_context(|| format!("{file} of the build"))?);
    }
    Ok(hexadecimal(&digest.finalize()).chars().take(12).collect())
}

/// Puts sentences in the place of their keys: `{{key}}` becomes one element per language, of which the style sheet shows one;
/// `{{tag key}}` becomes the plain text in one language, `{{every key}}` that in all, one after the other.
fn spoken(html: &str) -> Result<String> {
    let mut pieces = html.split("{{");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (mark, after) = piece.split_once("}}").context("an unclosed {{")?;
        text.push_str(&sentences(mark.trim())?);
        text.push_str(after);
    }
    Ok(text)
}

fn sentences(mark: &str) -> Result<String> {
    if let Some(("every", key)) = mark.split_once(' ') {
        return Ok(Lang::ALL.iter().map(|lang| sentence(*lang, key)).collect::<Result<Vec<_>>>()?.join(" "));
    }
    if let Some((tag, key)) = mark.split_once(' ') {
        let lang = Lang::from_tag(tag).with_context(|| format!("there is no language {tag}"))?;
        return sentence(lang, key);
    }
    Lang::ALL.iter().map(|lang| Ok(format!("<span data-text lang=\"{}\">{}</span>", lang.tag(), sentence(*lang, mark)?))).collect()
}

fn sentence(lang: Lang, key: &str) -> Result<String> {
    ensure!(knows(lang, key), "{key} is asked for, which has no sentence in {}", lang.tag());
    Ok(escaped(&say(lang, key, &[])))
}

/// A sentence as it stands in HTML.
pub fn escaped(sentence: &str) -> String {
    sentence.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// A text with this in the place of a mark.
pub fn replaced(text: &str, mark: &str, value: &str) -> Result<String> {
    ensure!(text.contains(mark), "the build has lost its mark {mark}");
    Ok(text.replace(mark, value))
}

/// Says what the script and the modules must be, so that a half-done deployment cannot mix versions.
fn with_integrity(folder: &Path, html: &str) -> Result<String> {
    let sum = |name: &str| -> Result<String> {
        let content = std::fs::read(folder.join(name)).with_context(|| format!("{name} of the build"))?;
        Ok(integrity(&content))
    };
    let (_, rest) = html.split_once("import(\"./").context("the build has lost its start")?;
    let (script, rest) = rest.split_once('"').context("the name of the script")?;
    let script_sum = sum(script)?;
    let known = format!("<script type=\"importmap\">{{\"integrity\":{{\"./{script}\":\"{script_sum}\"}}}}</script><title>");
    let mut html = replaced(html, "<title>", &known)?;
    let (modules, _) = rest.split_once('}').context("the modules of the start")?;
    for name in modules.split("[\"./").skip(1).filter_map(|module| module.split('"').next()) {
        html = replaced(&html, &format!("\"./{name}\", \"\""), &format!("\"./{name}\", \"{}\"", sum(name)?))?;
    }
    Ok(html)
}

/// The checksum by which a browser knows a file.
pub fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(content)))
}

/// A page whose policy allows its own inline scripts.
pub fn with_hashes(html: &str) -> String {
    html.replace(SCRIPTS_MARK, &inline_scripts(html).map(script_hash).collect::<Vec<_>>().join(" "))
}

/// The contents of scripts that have no `src`.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (tag, after) = rest.split_once('>')?;
        let (body, _) = after.split_once("</script>")?;
        (!tag.contains("src=")).then_some(body)
    })
}

/// A source expression for a content security policy.
fn script_hash(script: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_inline_scripts_only() {
        let html = "<script src=\"a.js\"></script><script>one</script><p></p><script type=\"module\">two</script>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn hashes_as_browsers_do() {
        // The example in the Content Security Policy standard, section 8.4.
        assert_eq!(script_hash("alert('Hello, world.');"), "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
    }

    #[test]
    fn speaks_every_language() {
        let html = spoken("<p>{{shell.loading}}</p>").unwrap();
        assert!(html.starts_with("<p><span data-text lang=\"en\">") && html.contains("<span data-text lang=\"zh-CN\">"), "{html}");
        let all = spoken("{{every shell.loading}}").unwrap();
        assert!(Lang::ALL.iter().all(|lang| all.contains(&say(*lang, "shell.loading", &[]))) && !all.contains('<'), "{all}");
        assert!(spoken("{{shell.nonsense}}").is_err() && spoken("{{shell.loading").is_err());
    }

    #[test]
    fn keeps_the_page_and_the_article() {
        let folder = std::env::temp_dir().join(format!("whichcard-stamp-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("article")).unwrap();
        for name in ["index.html", "sw.js", "b.js", ".nojekyll", "a.json", "article/en.html"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
        let names = precached(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(names.unwrap(), ["./", "a.json", "b.js", "article/en.html"]);
    }

    #[test]
    fn a_lost_mark_is_an_error() {
        assert!(replaced("const FILES = [];", FILES_MARK, "").is_err());
    }
}
