//! The page as it opens, put into the built index.html: the application's own components draw it here, so that the first answer is
//! read before the application has come.

use crate::command::{cargo, output};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use whichcard::text::Lang;

/// Where the opening page of the first language stands, and those of the others.
const MARKS: [&str; 2] = ["{{opening}}", "{{openings}}"];

/// Fills in the marks of a site that Trunk has just built.
pub fn fill(folder: &Path) -> Result<()> {
    let index = folder.join("index.html");
    let html = std::fs::read_to_string(&index).context("index.html of the build")?;
    let pages = draw(&folder.join("catalog.json"))?;
    Ok(std::fs::write(&index, filled(&html, Lang::default().tag(), &pages)?)?)
}

/// The document with its opening pages: the first language's where it is read, the others' each in a template for the script that
/// knows the reader's language (`web/opening.js`).
fn filled(html: &str, first: &str, pages: &BTreeMap<String, String>) -> Result<String> {
    let [one, others] = MARKS;
    ensure!(MARKS.iter().all(|mark| html.contains(mark)), "index.html has no place for the opening pages");
    let page = pages.get(first).with_context(|| format!("no opening page in {first}"))?;
    let template = |(tag, page): (&String, &String)| format!("<template id=\"opening-{tag}\">{page}</template>");
    let templates: Vec<String> = pages.iter().filter(|(tag, _)| *tag != first).map(template).collect();
    Ok(html.replace(one, page).replace(others, &templates.concat()))
}

/// The opening page of each language.
fn draw(catalog: &Path) -> Result<BTreeMap<String, String>> {
    println!("Drawing the page a first visit opens with.");
    let mut command = cargo();
    command.args(["run", "--quiet", "--features", "prerender", "--bin", "whichcard"]);
    let catalog = File::open(catalog).context("catalog.json of the build")?;
    serde_json::from_str(&output(command.stdin(catalog))?).context("the opening page as drawn")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_opening_page() {
        let pages = [("en", "Which card?"), ("de", "Welche Karte?"), ("zh-CN", "哪张卡？")];
        let pages = pages.map(|(tag, page)| (tag.to_owned(), page.to_owned())).into();
        assert_eq!(
            filled("<div>{{opening}}</div>{{openings}}<p>", "en", &pages).unwrap(),
            r#"<div>Which card?</div><template id="opening-de">Welche Karte?</template><template id="opening-zh-CN">哪张卡？</template><p>"#
        );
        assert!(filled("{{opening}}", "en", &pages).is_err() && filled("{{opening}}{{openings}}", "fr", &pages).is_err());
    }
}
