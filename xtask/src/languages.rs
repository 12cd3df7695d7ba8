//! What follows from the languages there are, for files of the site that no program writes: tags, styles, links. Written of any list of
//! languages, of which those of the program are one.

use crate::stamp::replaced;
use anyhow::{Result, ensure};
use whichcard::text::Lang;

/// Where a script has the languages by the tags that a browser may send.
pub const TAGS_MARK: &str = "__LANGUAGES__";
/// A text in a language that is not the reader's, as the stylesheet has it before it knows the languages.
const OTHER_MARK: &str = "[data-text]:lang(other)";
/// Languages without spaces between words. They are read in characters that fill their squares, and take room and weight of their own.
const UNSPACED_MARK: &str = ":lang(unspaced)";

/// The languages of the program with what they lead to.
pub fn ways(to: fn(Lang) -> Lang) -> Vec<(&'static str, &'static str)> {
    Lang::ALL.iter().map(|lang| (lang.tag(), to(*lang).tag())).collect()
}

/// What each tag leads to, as pairs in JSON: the tags themselves, in lower case, and what they begin with for all others of the
/// family, of which the first speaks.
pub fn by_tag(ways: &[(&str, &str)]) -> Result<String> {
    let mut known: Vec<(String, &str)> = ways.iter().map(|(tag, to)| (tag.to_ascii_lowercase(), *to)).collect();
    for (tag, to) in ways {
        let family = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        if known.iter().all(|(tag, _)| *tag != family) {
            known.push((family, to));
        }
    }
    Ok(serde_json::to_string(&known)?)
}

/// The page with what its scripts and styles say of languages.
pub fn told(html: &str) -> Result<String> {
    let html = replaced(html, TAGS_MARK, &by_tag(&ways(|lang| lang))?)?;
    let tags: Vec<&str> = Lang::ALL.iter().map(|lang| lang.tag()).collect();
    let unspaced: Vec<&str> = Lang::ALL.iter().filter(|lang| !lang.spaced()).map(|lang| lang.tag()).collect();
    styled(&html, &tags, &unspaced)
}

fn styled(html: &str, tags: &[&str], unspaced: &[&str]) -> Result<String> {
    let html = replaced(html, OTHER_MARK, &any(tags, |tag| format!("html[lang={tag}] [data-text]:not([lang={tag}])")))?;
    let of_tag = |tag: &str| format!("[lang={tag}]");
    replaced(&html, UNSPACED_MARK, &if unspaced.is_empty() { ":not(*)".to_owned() } else { any(unspaced, of_tag) })
}

/// One selector for all.
fn any(tags: &[&str], one: impl Fn(&str) -> String) -> String {
    match tags {
        [tag] => one(tag),
        tags => format!(":is({})", tags.iter().map(|tag| one(tag)).collect::<Vec<_>>().join(",")),
    }
}

/// Links from one language of a text to the others, each in its own words, for readers and for search engines.
pub fn links(languages: &[(&str, &str)]) -> (String, String) {
    let link = |(tag, name): &(&str, &str)| format!("<a href=\"{tag}.html\" lang=\"{tag}\">{name}</a>");
    let told = |(tag, _): &(&str, &str)| format!("<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{tag}.html\">");
    let all = |one: &dyn Fn(&(&str, &str)) -> String, between: &str| languages.iter().map(one).collect::<Vec<_>>().join(between);
    (all(&link, " · "), all(&told, "\n"))
}

/// A file of each language, or the first language's where a language has none of its own.
pub fn own_or_first(tag: &str, is_there: impl Fn(&str) -> bool) -> Result<&str> {
    if is_there(tag) {
        return Ok(tag);
    }
    let first = Lang::default().tag();
    ensure!(is_there(first), "not even {first} has one");
    Ok(first)
}

/// Whose guide readers get, of those that are written: a language with a guide shows its own.
pub fn guided(is_written: impl Fn(&str) -> bool) -> Result<Vec<Lang>> {
    agree(Lang::ALL.iter().map(|lang| (lang.tag(), lang.guide().tag())), is_written)?;
    Ok(Lang::ALL.iter().copied().filter(|lang| lang.guide() == *lang).collect())
}

/// Whether languages name the guides that are written.
fn agree<'a>(guides: impl IntoIterator<Item = (&'a str, &'a str)>, is_written: impl Fn(&str) -> bool) -> Result<()> {
    for (tag, guide) in guides {
        ensure!(is_written(guide), "language.guide of locales/{tag}.yml is {guide}, but there is no docs/article/{guide}.md");
        ensure!(
            tag == guide || !is_written(tag),
            "there is a docs/article/{tag}.md: language.guide of locales/{tag}.yml should be {tag}"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::root;

    #[test]
    fn a_tag_leads_to_its_language_and_a_family_to_its_first() {
        let ways = [("en", "en"), ("de", "en"), ("zh-CN", "zh-CN"), ("zh-TW", "zh-TW")];
        let expected = r#"[["en","en"],["de","en"],["zh-cn","zh-CN"],["zh-tw","zh-TW"],["zh","zh-CN"]]"#;
        assert_eq!(by_tag(&ways).unwrap(), expected);
    }

    #[test]
    fn styles_show_one_language_of_any_number() {
        let styles = "[data-text]:lang(other):not(.a *){}:root:lang(unspaced) h1{}:root:lang(unspaced) b{}";
        let both = styled(styles, &["en", "de", "ja"], &["ja"]).unwrap();
        assert_eq!(
            both,
            ":is(html[lang=en] [data-text]:not([lang=en]),html[lang=de] [data-text]:not([lang=de]),html[lang=ja] [data-text]:not([lang=ja])):not(.a *){}:root[lang=ja] h1{}:root[lang=ja] b{}"
        );
        assert!(
            styled(styles, &["en", "zh-CN", "ja"], &["zh-CN", "ja"]).unwrap().contains(":root:is([lang=zh-CN],[lang=ja]) h1{}")
        );
        assert!(styled(styles, &["en"], &[]).unwrap().contains(":root:not(*) h1{}"));
        assert!(styled("", &["en"], &["ja"]).is_err());
    }

    #[test]
    fn the_guide_links_to_all_its_languages() {
        let (links, told) = links(&[("en", "English"), ("de", "Deutsch")]);
        assert_eq!(links, r#"<a href="en.html" lang="en">English</a> · <a href="de.html" lang="de">Deutsch</a>"#);
        assert!(told.lines().any(|line| line == r#"<link rel="alternate" hreflang="de" href="de.html">"#), "{told}");
    }

    #[test]
    fn what_a_language_lacks_is_the_firsts() {
        let there = |tag: &str| matches!(tag, "en" | "zh-CN");
        assert_eq!(["en", "zh-CN", "de"].map(|tag| own_or_first(tag, there).unwrap()), ["en", "zh-CN", "en"]);
        assert!(own_or_first("de", |_| false).is_err());
    }

    #[test]
    fn a_language_names_the_guide_that_its_readers_get() {
        let guides = [("en", "en"), ("zh-CN", "zh-CN"), ("de", "en")];
        assert!(agree(guides, |tag| tag != "de").is_ok());
        assert!(agree(guides, |_| true).unwrap_err().to_string().contains("docs/article/de.md"));
        assert!(agree(guides, |tag| tag == "en").unwrap_err().to_string().contains("docs/article/zh-CN.md"));
    }

    #[test]
    fn no_language_but_the_first_is_named_in_what_the_site_is_made_from() {
        let written = ["web", "web/style", "xtask/src"].iter().flat_map(|folder| std::fs::read_dir(root().join(folder)).unwrap());
        let mut files: Vec<_> = written.map(|file| file.unwrap().path()).collect();
        files.push(root().join("index.html"));
        let text = |ending: &std::ffi::OsStr| ["html", "css", "js", "webmanifest"].iter().any(|known| ending == *known);
        files.retain(|path| path.extension().is_some_and(text));
        assert!(files.len() > 10, "{files:?}");
        for path in files {
            let said = std::fs::read_to_string(&path).unwrap();
            for lang in Lang::ALL.iter().skip(1) {
                assert!(!said.contains(lang.tag()), "{} names {}", path.display(), lang.tag());
            }
        }
    }
}
