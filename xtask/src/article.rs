//! The guide in `docs/article/`, published with the site. Its figures are not typed but taken from the catalogue and the estimator.
//!
//! Marks: `{{card ID FIGURE}}` with memory, bandwidth, power, tensor, cores, launched, dollars or yuan; `{{model ID}}` for its
//! parameters, `{{weights ID}}` for what they take in 16 bits, `{{times ID ID}}` for how many times larger the first is;
//! `{{memory MODEL JOB CARD}}` for what the usual recipe needs, `{{least MODEL JOB CARD}}` for what the one found for the card needs,
//! `{{speed MODEL JOB CARD}}`, `{{hours MODEL JOB CARD}}`, `{{rented MODEL JOB CARD}}` and `{{worn MODEL JOB CARD}}` for what that one does, takes and costs on a rented card
//! and on one's own;
//! `{{rent CARD}}` for what an hour of it costs; `{{served MODEL PROGRAM CARD}}` for tokens written to one reader; `{{year CARD COUNTRY}}` for the electricity of a year under full
//! load; `{{slowed MODEL JOB CARD WATTS}}` for the speed that a power limit takes; `{{adapter MODEL}}` for the usual adapter's file;
//! `{{life}}` for the hours over which a card loses its price; `{{date}}` of the catalogue; `{{contents}}` for a list of the chapters;
//! `{{cards ID ...}}` for a table; `{{widget HEIGHTS VERDICT QUERY TITLE}}` for a live answer, with what it takes in the columns of phones
//! that are 320, 360 and 390 pixels wide and in the whole column, and the verdict its text is written for: tests in the browser read them off
//! the answer.

mod figures;
mod price;
mod rows;

use crate::address;
use crate::command::root;
use crate::hosting;
use crate::languages;
use crate::stamp::with_hashes;
use anyhow::{Context, Result, bail, ensure};
use pulldown_cmark::{Options, Parser, html};
use rows::Rows;
use std::path::Path;
use whichcard::catalog::Catalog;
use whichcard::export::snippet::{Embedding, Room, element};
use whichcard::share::{Field, Link};
use whichcard::text::Lang;

const FRAME: &str = include_str!("article.html");
const INDEX: &str = include_str!("article-index.html");
/// What the headline of an answer may say of itself (`data-verdict`).
const VERDICTS: [&str; 6] = ["fits", "tight", "no", "card", "compare", "generations"];

/// Writes `article/<language>.html` for every language that has a guide, and the page that chooses between them.
pub fn publish(folder: &Path, address: Option<&str>) -> Result<()> {
    let catalog = &hosting::catalog(folder)?;
    let target = folder.join("article");
    std::fs::create_dir_all(&target)?;
    let mut ways = String::new();
    let file = |tag: &str| format!("docs/article/{tag}.md");
    for lang in languages::guided(|tag| root().join(file(tag)).is_file())? {
        let name = file(lang.tag());
        let text = std::fs::read_to_string(root().join(&name)).with_context(|| name.clone())?;
        let page = page(catalog, lang, &text).and_then(|page| placed(&page, lang, address)).with_context(|| name.clone())?;
        std::fs::write(target.join(format!("{}.html", lang.tag())), page)?;
        let title = title(&text).with_context(|| name)?;
        ways.push_str(&format!("<li><a href=\"{tag}.html\" lang=\"{tag}\">{title}</a></li>\n", tag = lang.tag()));
    }
    let index = INDEX.replace("\r\n", "\n").replace("{{ways}}", ways.trim_end());
    let index = index.replace(languages::TAGS_MARK, &languages::by_tag(&languages::ways(Lang::guide))?);
    Ok(std::fs::write(target.join("index.html"), with_hashes(&index))?)
}

fn title(markdown: &str) -> Result<&str> {
    markdown.lines().find_map(|line| line.strip_prefix("# ")).context("no title")
}

/// What the guide is about, to those who show a link to it: its first sentence.
fn description(markdown: &str) -> Result<&str> {
    let first = markdown.lines().find(|line| !line.is_empty() && !line.starts_with('#')).context("no text")?;
    let end = [". ", "。"].iter().filter_map(|stop| Some(first.find(stop)? + stop.trim_end().len())).min();
    let sentence = first.get(..end.context("the first line ends no sentence")?).unwrap_or_default();
    ensure!(!sentence.contains(['"', '<', '&']), "the first sentence stands in an attribute: {sentence}");
    Ok(sentence)
}

fn page(catalog: &Catalog, lang: Lang, markdown: &str) -> Result<String> {
    let markdown = markdown.replace("\r\n", "\n").replace("{{contents}}", &contents(markdown)?);
    let markdown = filled(catalog, lang, &markdown)?;
    let (title, about) = (title(&markdown)?, description(&markdown)?);
    let mut body = String::new();
    let mut rows = Rows::default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    html::push_html(&mut body, Parser::new_ext(&markdown, options).map(|event| rows.labelled(event)));
    let guides: Vec<(&str, &str)> =
        Lang::ALL.iter().filter(|lang| lang.guide() == **lang).map(|lang| (lang.tag(), lang.own_name().1)).collect();
    let (links, alternates) = languages::links(&guides);
    let page = FRAME.replace("\r\n", "\n").replace("{{languages}}", &links).replace("{{alternates}}", &alternates);
    let page = page.replace("{{tag}}", lang.tag()).replace("{{title}}", title).replace("{{about}}", about);
    Ok(with_hashes(&page.replace("{{body}}", &body)))
}

/// A list of the chapters; each is written with the name that links lead to: `## Title {#name}`.
fn contents(markdown: &str) -> Result<String> {
    let chapters = markdown.lines().filter_map(|line| line.strip_prefix("## "));
    chapters
        .map(|chapter| {
            let named = chapter.split_once(" {#").and_then(|(title, name)| Some((title, name.trim_end().strip_suffix('}')?)));
            let (title, name) = named.with_context(|| format!("the chapter {chapter:?} has no name"))?;
            Ok(format!("- [{title}](#{name})\n"))
        })
        .collect()
}

/// The page with what takes a whole address: its picture beside a link, and where it is to be found. Without an address the picture's
/// stays relative, which some readers of links still follow, and the place is not told.
fn placed(page: &str, lang: Lang, address: Option<&str>) -> Result<String> {
    let Some(address) = address else { return Ok(page.to_owned()) };
    let whole = address::told_from(page, "../", Some(address))?;
    let canonical = format!("<link rel=\"canonical\" href=\"{address}article/{}.html\">\n</head>", lang.tag());
    Ok(whole.replacen("</head>", &canonical, 1))
}

/// Puts figures in the place of marks.
fn filled(catalog: &Catalog, lang: Lang, text: &str) -> Result<String> {
    let mut pieces = text.split("{{");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (mark, after) = piece.split_once("}}").context("an unclosed {{")?;
        out.push_str(&figure(catalog, lang, mark).with_context(|| format!("{{{{{mark}}}}}"))?);
        out.push_str(after);
    }
    Ok(out)
}

fn figure(catalog: &Catalog, lang: Lang, mark: &str) -> Result<String> {
    let words: Vec<&str> = mark.split_whitespace().collect();
    match words.as_slice() {
        ["widget", heights, verdict, query, title @ ..] => {
            ensure!(VERDICTS.contains(verdict), "no answer says {verdict:?} of itself, only one of {VERDICTS:?}");
            widget(lang, room(heights)?, query, &title.join(" "))
        }
        words => figures::figure(catalog, lang, words),
    }
}

/// Four heights, from the narrowest column to the widest.
fn room(heights: &str) -> Result<Room> {
    let heights = heights.split('-').map(|height| height.parse().context("a height")).collect::<Result<Vec<u32>>>()?;
    let [narrowest, narrower, narrow, wide] = heights.as_slice() else { bail!("four heights, such as 660-620-590-470") };
    // Of columns between, nothing is written.
    Ok(Room::measured([*wide, *wide.max(narrow), *narrow, *narrower, *narrowest]))
}

/// A live answer, as anybody would embed it; its question must be one.
fn widget(lang: Lang, room: Room, query: &str, title: &str) -> Result<String> {
    let link = Link::read(query);
    ensure!(link.foreign().is_empty(), "{:?} means nothing in a link", link.foreign());
    let link = link.with(Field::Lang, lang.tag());
    let one = Embedding { site: "../".to_owned(), link, compact: true, title: title.to_owned(), room, picture: String::new() };
    Ok(element(&one))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        Catalog::from_json(&std::fs::read_to_string(root().join("catalog.json")).unwrap()).unwrap()
    }

    #[test]
    fn figures_come_from_the_catalogue() {
        let text = filled(&catalog(), Lang::En, "# A\n\n{{card a40 memory}}, {{model gpt3-175b}}").unwrap();
        assert!(text.ends_with("48 GiB, 174.6B") || text.ends_with("48 GiB, 175.0B"), "{text}");
        assert!(filled(&catalog(), Lang::En, "{{card rtx-1080 memory}}").is_err());
        assert!(filled(&catalog(), Lang::En, "{{card a40").is_err());
        assert!(filled(&catalog(), Lang::En, "{{widget 550-500-450-400 fits view=inspect&colour=red A title}}").is_err());
        assert!(filled(&catalog(), Lang::En, "{{widget 550-500-450-400 perhaps view=inspect A title}}").is_err());
        assert!(filled(&catalog(), Lang::En, "{{widget 500-450-400 fits view=inspect A title}}").is_err());
        let live = filled(&catalog(), Lang::ZhCn, "{{widget 400-400-400-400 card view=card&card=a40 A40 能做什么}}").unwrap();
        assert!(
            live.contains(r#"<which-card view="card" lang="zh-CN" card="a40" height="400" title="A40 能做什么" style="display:flow-root;width:100%;min-height:400px">"#),
            "{live}"
        );
        assert_eq!(filled(&catalog(), Lang::En, "{{times gpt3-175b glm-4-9b}} {{weights gpt3-175b}}").unwrap(), "19 325 GiB");
    }

    /// What the live answers of a page are asked for, but in which language, country and money.
    fn questions(page: &str) -> Vec<Vec<String>> {
        let own = ["lang=", "cur=", "country=", "budget=", "height=", "title=", "style="];
        let asked = |element: &str| {
            let attributes = element.split("\" ").filter(|one| !own.iter().any(|own| one.starts_with(own)));
            attributes.map(str::to_owned).collect()
        };
        page.split("<which-card ").skip(1).filter_map(|rest| rest.split('>').next()).map(asked).collect()
    }

    #[test]
    fn both_languages_ask_the_same_live_questions() {
        let widgets = |lang: Lang| {
            let text = std::fs::read_to_string(root().join(format!("docs/article/{}.md", lang.tag()))).unwrap();
            let page = page(&catalog(), lang, &text).unwrap();
            assert!(!page.contains("{{"), "{page}");
            questions(&page)
        };
        let asked = widgets(Lang::En);
        assert_eq!(asked, widgets(Lang::ZhCn));
        assert!(asked.len() >= 8, "{asked:?}");
    }

    #[test]
    fn every_chapter_is_in_the_list_and_can_be_linked_to() {
        let page =
            page(&catalog(), Lang::En, "# A\n\nOne. Two.\n\n{{contents}}\n\n## By size {#size}\n\n## By task {#task}\n").unwrap();
        for name in ["size", "task"] {
            assert!(page.contains(&format!("<a href=\"#{name}\">")) && page.contains(&format!("<h2 id=\"{name}\">")), "{page}");
        }
        assert!(contents("## Nameless\n").is_err());
    }

    #[test]
    fn a_card_that_is_not_sold_new_is_marked_where_that_matters() {
        let rows = |lang: Lang| filled(&catalog(), lang, "{{cards rtx-4090 a40}}").unwrap();
        assert!(rows(Lang::ZhCn).contains("| GeForce RTX 4090（") && rows(Lang::ZhCn).contains("| A40 |"), "{}", rows(Lang::ZhCn));
        assert!(rows(Lang::En).contains("| GeForce RTX 4090 |"), "{}", rows(Lang::En));
    }

    #[test]
    fn a_link_to_the_guide_says_what_it_is_about() {
        let page = page(&catalog(), Lang::En, "# Cards\n\nThe first sentence. The second.").unwrap();
        assert!(page.contains(r#"<meta name="description" content="The first sentence.">"#), "{page}");
        let here = placed(&page, Lang::En, Some("https://example.org/whichcard/")).unwrap();
        assert!(here.contains(r#"<meta property="og:image" content="https://example.org/whichcard/social.png">"#), "{here}");
        assert!(here.contains(r#"<link rel="canonical" href="https://example.org/whichcard/article/en.html">"#), "{here}");
        let anywhere = placed(&page, Lang::En, None).unwrap();
        assert!(!anywhere.contains("canonical") && anywhere.contains(r#"content="../social.png""#), "{anywhere}");
    }
}
