//! The page as it opens, put into the built index.html: the application's own components draw it here, so that the first answer is
//! read before the application has come.

use crate::command::{cargo, output};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use whichcard::text::Lang;

/// Where the opening page of the first language stands, the heads of the others, and the rest of those.
const MARKS: [&str; 3] = ["{{opening}}", "{{heads}}", "{{openings}}"];
/// Where what is shown while it is read begins.
const BEGINNING: &str = "data-read>";

/// Fills in the marks of a site that Trunk has just built.
pub fn fill(folder: &Path) -> Result<()> {
    let index = folder.join("index.html");
    let html = std::fs::read_to_string(&index).context("index.html of the build")?;
    let pages = draw(&folder.join("catalog.json"))?;
    Ok(std::fs::write(&index, filled(&html, Lang::default().tag(), &pages)?)?)
}

/// The document with its opening pages: the first language's where it is read, the others' each in templates for the scripts that
/// know the reader's language, the head (`web/head.js`) before the rest (`web/opening.js`). What `index.html` has before the first
/// page comes between its head and what is asked, so that the head shows while that is still coming.
fn filled(html: &str, first: &str, pages: &BTreeMap<String, String>) -> Result<String> {
    let [one, heads, others] = MARKS;
    ensure!(MARKS.iter().all(|mark| html.contains(mark)), "index.html has no place for the opening pages");
    let (head, rest) = beheaded(pages.get(first).with_context(|| format!("no opening page in {first}"))?)?;
    let (before, after) = html.split_once(one).context("index.html has lost its opening page")?;
    let (before, needed) = before.rsplit_once(BEGINNING).context("the opening page stands nowhere")?;
    let (skip, main) = rest.split_once("<main>").context("the opening page has no <main>")?;
    let html = format!("{before}{BEGINNING}{skip}{head}<main>{}{main}{after}", needed.trim());
    let (mut above, mut below) = (Vec::new(), Vec::new());
    for (tag, page) in pages.iter().filter(|(tag, _)| *tag != first) {
        let (head, rest) = beheaded(page)?;
        above.push(format!("<template lang=\"{tag}\">{head}</template>"));
        below.push(format!("<template id=\"opening-{tag}\">{rest}</template>"));
    }
    Ok(html.replace(heads, &above.concat()).replace(others, &below.concat()))
}

/// The head of an opening page, which stands before its `<main>`, and the page without it.
fn beheaded(page: &str) -> Result<(String, String)> {
    let (before, rest) = page.split_once("<header").context("an opening page has no head")?;
    let (head, after) = rest.split_once("</header>").context("the head of an opening page has no end")?;
    Ok((format!("<header{head}</header>"), format!("{before}{after}")))
}

/// The opening page of each language.
fn draw(catalog: &Path) -> Result<BTreeMap<String, String>> {
    println!("Drawing the page a first visit opens with.");
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "whichcard-app", "--features", "prerender"]);
    let catalog = File::open(catalog).context("catalog.json of the build")?;
    serde_json::from_str(&output(command.stdin(catalog))?).context("the opening page as drawn")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_opening_page() {
        let page = |text: &str| format!("<p></p><header>{text}?</header><main>{text}!<header></header></main>");
        let pages = [("en", "Which"), ("de", "Welche"), ("zh-CN", "哪张")];
        let pages = pages.map(|(tag, text)| (tag.to_owned(), page(text))).into();
        assert_eq!(
            filled("<div data-read>{{heads}}<style></style> {{opening}}</div>{{openings}}<p>", "en", &pages).unwrap(),
            r#"<div data-read><p></p><header>Which?</header><main><template lang="de"><header>Welche?</header></template><template lang="zh-CN"><header>哪张?</header></template><style></style>Which!<header></header></main></div><template id="opening-de"><p></p><main>Welche!<header></header></main></template><template id="opening-zh-CN"><p></p><main>哪张!<header></header></main></template><p>"#
        );
        assert!(filled("<div data-read>{{heads}}{{opening}}", "en", &pages).is_err());
        assert!(filled("<div data-read>{{heads}}{{opening}}{{openings}}", "fr", &pages).is_err());
        assert!(filled("{{heads}}{{opening}}{{openings}}", "en", &pages).is_err());
    }
}
